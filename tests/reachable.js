// What a person can reach on a page: scrolled to by the means that a person has, and not
// under something else. Tests load it into the page.
window.hoithiReachable = (() => {
    const TARGETS = {
        tab: ".o_notebook_headers .nav-link",
        button: "button, a.btn, [role=button], input[type=submit]",
        column: ".o_field_x2many th[data-name]",
        // of the portal
        field: "main input:not([type=hidden]), main select, main textarea",
    };

    // of one form so many states are looked at
    const MAX_STATES = 9;

    const settle = (milliseconds = 0) =>
        new Promise((resolve) =>
            setTimeout(
                () => requestAnimationFrame(() => requestAnimationFrame(resolve)),
                milliseconds
            )
        );

    function isShown(element) {
        const { width, height } = element.getBoundingClientRect();
        return (
            width > 1 &&
            height > 1 &&
            element.checkVisibility({ visibilityProperty: true }) &&
            getComputedStyle(element).pointerEvents !== "none"
        );
    }

    function describe(element) {
        if (!element) {
            return "nothing: outside of the screen";
        }
        const classes = [...element.classList].slice(0, 4).map((name) => `.${name}`);
        return element.tagName.toLowerCase() + classes.join("");
    }

    function getName(element) {
        const text = element.innerText || element.value || "";
        return (
            text.trim().replace(/\s+/g, " ").slice(0, 40) ||
            element.title ||
            element.ariaLabel ||
            element.name ||
            describe(element)
        );
    }

    // scrollIntoView also scrolls what clips its contents, which a person can't. A mouse
    // has no wheel for a strip of tabs, so that these must be in sight where no finger is.
    function scrollTo(kind, element) {
        const isStrip = kind === "tab" && window.innerWidth >= 768;
        const clipping = [];
        for (let box = element.parentElement; box; box = box.parentElement) {
            const { overflowX, overflowY } = getComputedStyle(box);
            const root = box === document.documentElement || box === document.body;
            if (!root && (overflowX !== "visible" || overflowY !== "visible")) {
                clipping.push([box, box.scrollLeft, box.scrollTop, overflowX, overflowY]);
            }
        }
        element.scrollIntoView({ block: "center", inline: "center", behavior: "instant" });
        for (const [box, left, top, overflowX, overflowY] of clipping) {
            if (isStrip || overflowX === "hidden" || overflowX === "clip") {
                box.scrollLeft = isStrip ? 0 : left;
            }
            if (overflowY === "hidden" || overflowY === "clip") {
                box.scrollTop = top;
            }
        }
    }

    function findCovered(kind, root) {
        const found = [];
        for (const element of root.querySelectorAll(TARGETS[kind])) {
            if (!isShown(element)) {
                continue;
            }
            scrollTo(kind, element);
            const { left, top, width, height } = element.getBoundingClientRect();
            const hit = document.elementFromPoint(left + width / 2, top + height / 2);
            if (!element.contains(hit) && !hit?.matches("label[for]")) {
                found.push(`${kind} “${getName(element)}” under ${describe(hit)}`);
            }
        }
        return found;
    }

    // All that can't be reached, with each tab opened in turn.
    async function probe(selector) {
        const root = document.querySelector(selector);
        // on a phone the control panel hides while one scrolls down
        for (const box of document.querySelectorAll(".o_content, .o_action_manager *")) {
            box.scrollTop = 0;
        }
        await settle();
        const found = new Set(
            Object.keys(TARGETS).flatMap((kind) => findCovered(kind, root))
        );
        for (const tab of root.querySelectorAll(TARGETS.tab)) {
            if (tab.classList.contains("active") || !isShown(tab)) {
                continue;
            }
            const name = getName(tab);
            tab.click();
            await settle();
            for (const pane of root.querySelectorAll(".tab-pane.active")) {
                for (const kind of ["button", "column"]) {
                    for (const text of findCovered(kind, pane)) {
                        found.add(`in “${name}”: ${text}`);
                    }
                }
            }
        }
        return [...found];
    }

    function hash(text) {
        let value = 7;
        for (let i = 0; i < text.length; i++) {
            value = (value * 31 + text.charCodeAt(i)) | 0;
        }
        return `${text.length}.${value}`;
    }

    // The form behind an action of the web client, with a record in each of some states;
    // a dialog has none. The digest tells what of the form this user is given.
    async function findForm(actionId) {
        const { action, orm, view } = odoo.__WOWL_DEBUG__.root.env.services;
        const loaded = await action.loadAction(actionId);
        const [viewId] = loaded.views.find(([, type]) => type === "form") || [];
        const { res_model: model, target } = loaded;
        if (viewId === undefined) {
            return [];
        }
        const { fields, views } = await view.loadViews({
            context: {},
            resModel: model,
            views: [[viewId, "form"]],
        });
        const key = `${model},${views.form.id}`;
        const form = { key, digest: hash(views.form.arch), actionId, model, target };
        if (target === "new" || model.endsWith("settings")) {
            return [{ ...form, records: [{ id: false, state: "" }] }];
        }
        const names = fields.state?.type === "selection" ? ["state"] : [];
        const found = await orm.searchRead(model, loaded.domain || [], names, {
            limit: names.length ? 200 : 1,
        });
        const first = new Map(
            found.reverse().map(({ id, state = "" }) => [state, { id, state }])
        );
        const records = [...first.values()].reverse().slice(0, MAX_STATES);
        return records.length ? [{ ...form, records }] : [];
    }

    // What opens from above the lists and boards of an action.
    async function findBeside(actionId) {
        const { action, view } = odoo.__WOWL_DEBUG__.root.env.services;
        const { res_model: resModel, views: all } = await action.loadAction(actionId);
        const wanted = all.filter(([, type]) => ["list", "kanban"].includes(type));
        if (!wanted.length) {
            return [];
        }
        const { views } = await view.loadViews({ context: {}, resModel, views: wanted });
        return wanted.flatMap(([, type]) => {
            const arch = new DOMParser().parseFromString(views[type].arch, "text/xml");
            const buttons = arch.querySelectorAll(":root > header > button[type=action]");
            return [...buttons].map((button) => Number(button.getAttribute("name")));
        });
    }

    // What opens from the user's menu and from the home, besides the menus of the app.
    const ELSEWHERE = [
        "hoithi_contest.hoithi_launch_action",
        "hoithi_contest.hoithi_contest_action",
    ];

    // The same for every menu of an app, each form once.
    async function listForms(appXmlId) {
        const { menu } = odoo.__WOWL_DEBUG__.root.env.services;
        const actionIds = new Set(ELSEWHERE);
        const walk = ({ actionID, actionModel, childrenTree }) => {
            if (actionID && actionModel === "ir.actions.act_window") {
                actionIds.add(actionID);
            }
            childrenTree.forEach(walk);
        };
        const app = menu.getApps().find(({ xmlid }) => xmlid === appXmlId);
        // staff without a role have no app
        if (app) {
            walk(menu.getMenuAsTree(app.id));
        }
        for (const found of await Promise.all([...actionIds].map(findBeside))) {
            found.forEach((actionId) => actionIds.add(actionId));
        }
        const forms = await Promise.all([...actionIds].map(findForm));
        return [...new Map(forms.flat().map((form) => [form.key, form])).values()];
    }

    async function until(find, milliseconds = 4000) {
        const end = Date.now() + milliseconds;
        while (!find() && Date.now() < end) {
            await settle(20);
        }
        return find();
    }

    // Which of some buttons the form has, also among those that are folded away.
    async function listButtons(names) {
        const find = (place) =>
            names.filter((name) =>
                [...document.querySelectorAll(`${place} button[name="${name}"]`)].some(
                    isShown
                )
            );
        const found = find(".o_form_view");
        const folded = document.querySelector(".o_form_view .o_hoithi_more");
        if (!folded) {
            return found;
        }
        folded.click();
        await settle();
        found.push(...find(".o-dropdown--menu"));
        folded.click();
        await settle();
        return [...new Set(found)];
    }

    // A button of the form, also among those that are folded away.
    async function findButton(name) {
        const find = (place) =>
            [...document.querySelectorAll(`${place} button[name="${name}"]`)].find(isShown);
        const button = find(".o_form_view");
        const folded = document.querySelector(".o_form_view .o_hoithi_more");
        if (button || !folded) {
            return button;
        }
        folded.click();
        await settle();
        const unfolded = find(".o-dropdown--menu");
        if (!unfolded) {
            folded.click();
            await settle();
        }
        return unfolded;
    }

    // Click on a button that opens a dialog; tell whether it is there and did.
    async function openDialog(name) {
        const button = await findButton(name);
        if (!button) {
            return "";
        }
        scrollTo("button", button);
        button.click();
        const opened = await until(() => document.querySelector(".modal .modal-body"));
        await settle();
        if (document.querySelector(".o_error_dialog")) {
            // it says what keeps the act
            await close();
            return "";
        }
        return opened ? "opened" : "nothing";
    }

    async function open({ actionId, target }, resId) {
        const { action } = odoo.__WOWL_DEBUG__.root.env.services;
        const options =
            target === "new"
                ? {}
                : { viewType: "form", clearBreadcrumbs: true, props: { resId } };
        await action.doAction(actionId, options);
        await settle(50);
    }

    async function close() {
        document.querySelector(".modal .btn-close, .modal .o_form_button_cancel")?.click();
        await until(() => !document.querySelector(".modal"));
        await settle();
    }

    return { close, listButtons, listForms, open, openDialog, probe, settle };
})();
