import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";

const URL = "/my/hoithi/calendar";

/** The way to the own calendar for staff who work in the backend. */
export function contestCalendarItem() {
    return {
        type: "item",
        id: "hoithi_calendar",
        description: _t("Deadlines in My Calendar"),
        href: URL,
        callback: () => browser.open(URL, "_blank"),
        sequence: 45,
    };
}

registry.category("user_menuitems").add("hoithi_calendar", contestCalendarItem);
