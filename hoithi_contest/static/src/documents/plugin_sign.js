import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

/**
 * Has a document signed by the state's browser plugin, where it is installed: functions
 * of the page that take one JSON text and answer with another.
 */
export class PluginSign extends Component {
    static template = "hoithi_contest.PluginSign";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ problem: "", isBusy: false });
    }

    get isInstalled() {
        return typeof window.vgca_sign_approved === "function";
    }

    async sign() {
        this.state.problem = "";
        this.state.isBusy = true;
        const record = this.props.record;
        try {
            const call = await this.orm.call("hoithi.document.sign", "get_plugin_call", [
                [record.resId],
                record.data.what,
            ]);
            const answer = await new Promise((resolve) =>
                window[call.function](call.text, resolve)
            );
            const { Status, Message } = this.read(answer);
            if (Number(Status) === 0) {
                await this.action.doAction({ type: "ir.actions.act_window_close" });
                await this.action.doAction({
                    type: "ir.actions.client",
                    tag: "soft_reload",
                });
                return;
            }
            this.state.problem = Message || _t("The signing program made no signature.");
        } finally {
            this.state.isBusy = false;
        }
    }

    /** The plugin answers with a JSON text; some releases with the object itself. */
    read(answer) {
        if (typeof answer !== "string") {
            return answer || {};
        }
        try {
            return JSON.parse(answer);
        } catch {
            return { Status: -1, Message: answer };
        }
    }
}

registry.category("view_widgets").add("hoithi_plugin_sign", { component: PluginSign });
