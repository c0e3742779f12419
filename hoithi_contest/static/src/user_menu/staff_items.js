import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";

/** What every member of staff opens for themselves, whatever their role. */
export function launchItem(env) {
    return {
        type: "item",
        id: "hoithi_launch",
        description: _t("Launch of the Contest"),
        callback: () => env.services.action.doAction("hoithi_contest.hoithi_launch_action"),
        sequence: 41,
    };
}

const MY_ENTRIES = "/my/hoithi";

export function myEntriesItem() {
    return {
        type: "item",
        id: "hoithi_my_entries",
        description: _t("My Entries"),
        href: MY_ENTRIES,
        callback: () => browser.open(MY_ENTRIES, "_self"),
        sequence: 42,
    };
}

registry
    .category("user_menuitems")
    .add("hoithi_launch", launchItem)
    .add("hoithi_my_entries", myEntriesItem);
