import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { getPrefix, openKeys } from "./sheet_store";

/**
 * Sends what was typed on a sheet and never reached the server, once there is a network,
 * though the sheet isn't open any more. What the server doesn't take stays kept, and is
 * shown where the sheet is opened.
 *
 * @returns {Promise<number>} how many sheets were saved
 */
export async function sendKeptSheets(orm) {
    const prefix = getPrefix(user.userId);
    const { localStorage } = browser;
    const keys = Array.from({ length: localStorage.length }, (_key, at) => localStorage.key(at))
        .filter((key) => key.startsWith(prefix) && !openKeys.has(key));
    let saved = 0;
    for (const key of keys) {
        try {
            const changes = JSON.parse(browser.localStorage.getItem(key));
            const id = Number(key.slice(prefix.length));
            const answer = await orm.silent.call("hoithi.review", "save_sheet", [[id], changes]);
            const isTaken = ![answer.clashes, answer.refused].some(
                (places) => Object.keys(places).length
            );
            if (isTaken && !openKeys.has(key)) {
                browser.localStorage.removeItem(key);
                saved++;
            }
        } catch {
            // no network yet, or a sheet that is closed: it says so where it is opened
        }
    }
    return saved;
}

export const keptSheetsService = {
    dependencies: ["orm", "notification"],
    start(env, { orm, notification }) {
        async function send() {
            const saved = await sendKeptSheets(orm);
            if (saved) {
                notification.add(
                    _t("What you typed without a network is saved now: %s sheets.", saved),
                    { type: "success" }
                );
            }
        }
        browser.addEventListener("online", send);
        send();
    },
};

registry.category("services").add("hoithi_kept_sheets", keptSheetsService);
