import { Component, reactive, useState } from "@odoo/owl";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { useHotkey } from "@web/core/hotkeys/hotkey_hook";
import { Notebook } from "@web/core/notebook/notebook";
import { registry } from "@web/core/registry";
import { patch } from "@web/core/utils/patch";
import { STATIC_ACTIONS_GROUP_NUMBER } from "@web/search/action_menus/action_menus";
import { StaticList } from "@web/model/relational_model/static_list";
import { FormController } from "@web/views/form/form_controller";

/** Tabs of the form on the screen: Odoo draws the open one alone. */
const TABS = ".o_form_view .o_notebook";
/** How long tabs may take to be drawn, before what is there is printed (ms). */
const PATIENCE = 5000;

/** Whether notebooks show all of their tabs, one below another. */
export const printing = reactive({ isOn: false });

const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));

/** Whether each tab is drawn, and what is in them has stopped growing. */
async function areTabsDrawn() {
    const end = Date.now() + PATIENCE;
    let length = -1;
    while (Date.now() < end) {
        await frame();
        await frame();
        const pages = document.querySelectorAll(".o_hoithi_printed_page");
        const drawn = [...pages].map((page) => page.innerHTML.length);
        const total = drawn.reduce((sum, one) => sum + one, 0);
        if (pages.length && total === length) {
            return true;
        }
        length = total;
    }
    return false;
}

/**
 * Load the rows of lists that go on over several pages.
 *
 * @param {Object} record of the form
 * @returns {Promise<Function>} shows the pages as they were
 */
async function loadAllRows(record) {
    const lists = Object.values(record.data)
        .filter((value) => value instanceof StaticList && value.count > value.limit)
        .map((list) => ({ list, limit: list.limit, offset: list.offset }));
    await Promise.all(
        lists.map(({ list }) => list.load({ limit: list.count, offset: 0 }))
    );
    return () =>
        Promise.all(lists.map(({ list, limit, offset }) => list.load({ limit, offset })));
}

/**
 * Print the form with all of its tabs, then show the open one again.
 *
 * @param {Object} record of the form
 */
export async function printForm(record) {
    if (printing.isOn) {
        return;
    }
    if (!document.querySelector(TABS)) {
        window.print();
        return;
    }
    printing.isOn = true;
    let showPages = () => {};
    document.body.classList.add("o_hoithi_printing");
    try {
        showPages = await loadAllRows(record);
        await areTabsDrawn();
        const isOver = new Promise((resolve) =>
            window.addEventListener("afterprint", resolve, { once: true })
        );
        window.print();
        await isOver;
    } finally {
        document.body.classList.remove("o_hoithi_printing");
        printing.isOn = false;
        await showPages();
    }
}

patch(Notebook.prototype, {
    setup() {
        super.setup();
        this.printing = useState(printing);
    },
    /** Tabs with their place; the open one is on the page already. */
    get printedPages() {
        return this.navItems.map(([id, page], index) => ({
            id,
            page,
            index,
            isOpen: id === this.state.currentPage,
        }));
    },
});

patch(FormController.prototype, {
    setup() {
        super.setup();
        if (this.props.resModel?.startsWith("hoithi.") && !this.env.inDialog) {
            useHotkey("control+p", () => printForm(this.model.root), {
                bypassEditableProtection: true,
                isAvailable: () => Boolean(document.querySelector(TABS)),
            });
        }
    },
});

/** The gear's entry. */
export class PrintForm extends Component {
    static template = "hoithi_contest.PrintForm";
    static components = { DropdownItem };
    static props = {};

    onSelected() {
        // once the menu is gone
        setTimeout(() => printForm(this.env.model.root));
    }
}

registry.category("cogMenu").add(
    "hoithi_print_form",
    {
        Component: PrintForm,
        groupNumber: STATIC_ACTIONS_GROUP_NUMBER,
        isDisplayed: (env) =>
            env.config.viewType === "form" &&
            env.model?.root.resModel.startsWith("hoithi.") &&
            Boolean(env.config.viewArch?.querySelector("notebook")),
    },
    { sequence: 20 }
);
