import { rpc } from "@web/core/network/rpc";
import { user } from "@web/core/user";
import { useService } from "@web/core/utils/hooks";

/**
 * Return a function that goes where a check or an act leads: to an action, a record, a
 * field of the contest's form, or through a method of the contest.
 *
 * @param {Object} options
 * @param {() => Promise<boolean>} [options.before] saves what was typed; false stops
 * @param {() => void} [options.after] shows what has changed
 * @param {boolean} [options.onForm] whether the contest's form is the screen
 */
export function useFollow({ before, after, onForm } = {}) {
    const action = useService("action");

    return async function follow(contest, target) {
        if (before && (await before()) === false) {
            return;
        }
        const options = { onClose: () => after?.() };
        if (target.method) {
            // as a button of a form, so that an action comes ready to be opened
            const model = "hoithi.contest";
            const result = await rpc(`/web/dataset/call_button/${model}/${target.method}`, {
                model,
                method: target.method,
                args: [[contest], ...(target.args || [])],
                kwargs: { context: user.context },
            });
            if (result?.type) {
                await action.doAction(result, options);
                if (result.type === "ir.actions.act_url" || result.tag === "display_notification") {
                    after?.();
                }
            } else {
                after?.();
            }
        } else if (target.xmlid) {
            const additionalContext = target.context || {};
            await action.doAction(target.xmlid, { ...options, additionalContext });
        } else if (target.page !== undefined || target.field) {
            if (onForm) {
                showField(target);
            } else {
                await openRecord(action, "hoithi.contest", contest);
                showField(target);
            }
        } else {
            await openRecord(action, target.model, target.id);
        }
    };
}

function openRecord(action, model, id) {
    return action.doAction({
        type: "ir.actions.act_window",
        res_model: model,
        res_id: id,
        views: [[false, "form"]],
    });
}

/** Open the page of the form that holds a field, and put the cursor there. */
function showField({ page, field }) {
    const form = document.querySelector(".o_hoithi_contest_form");
    if (page) {
        form?.querySelector(`.o_notebook_headers [name="${page}"]`)?.click();
    }
    // the page is drawn by then
    window.requestAnimationFrame(() =>
        window.requestAnimationFrame(() => {
            const widget = field && form?.querySelector(`.o_field_widget[name="${field}"]`);
            widget?.scrollIntoView({ block: "center" });
            widget?.querySelector("input, textarea, select, button, a")?.focus();
        })
    );
}
