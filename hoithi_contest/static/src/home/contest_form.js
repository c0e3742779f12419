import { Dropdown } from "@web/core/dropdown/dropdown";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { registry } from "@web/core/registry";
import { FormCompiler } from "@web/views/form/form_compiler";
import { FormRenderer } from "@web/views/form/form_renderer";
import { formView } from "@web/views/form/form_view";
import { ContestFormController } from "../run/contest_form";
import { StatusBarButtons } from "@web/views/form/status_bar_buttons/status_bar_buttons";

/** Tells the buttons of a header apart: in sight, among the others, or the last. */
class ContestFormCompiler extends FormCompiler {
    compileHeader() {
        const header = super.compileHeader(...arguments);
        for (const slot of header.querySelectorAll("StatusBarButtons > t")) {
            const classes = slot.firstElementChild?.getAttribute("className") || "";
            const place = classes.includes("o_hoithi_upfront")
                ? "front"
                : classes.includes("o_hoithi_last")
                  ? "last"
                  : "more";
            slot.setAttribute("place", `'${place}'`);
        }
        return header;
    }
}

/** The next act stands in its card: what else can be done lies under one button. */
class MoreButtons extends StatusBarButtons {
    static template = "hoithi_contest.MoreButtons";
    static components = { Dropdown, DropdownItem };

    at(place) {
        return this.visibleSlotNames.filter((name) => this.props.slots[name].place === place);
    }
}

class ContestFormRenderer extends FormRenderer {
    static components = { ...FormRenderer.components, StatusBarButtons: MoreButtons };
}

registry.category("views").add("hoithi_contest_form", {
    ...formView,
    Controller: ContestFormController,
    Compiler: ContestFormCompiler,
    Renderer: ContestFormRenderer,
});
