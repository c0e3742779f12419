import { markup } from "@odoo/owl";
import { isMacOS } from "@web/core/browser/feature_detection";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import "@web/webclient/user_menu/user_menu_items";

const items = registry.category("user_menuitems");

/**
 * Say an entry of Odoo's in our words, as long as Odoo has none in the reader's language.
 *
 * @param {string} key of the entry
 * @param {string} source what Odoo says in English
 * @param {() => string} say the same in our words
 */
function translate(key, source, say) {
    const make = items.get(key);
    const entry = (env) => {
        const item = make(env);
        const isSource = String(item.description).includes(source);
        return isSource ? { ...item, description: say() } : item;
    };
    items.add(key, entry, { force: true });
}

translate("preferences", "My Preferences", () => _t("My Preferences"));
translate("odoo_account", "My Odoo.com Account", () => _t("My Odoo.com Account"));
translate("shortcuts", "Shortcuts", () => {
    const key = isMacOS() ? "CMD" : "CTRL";
    return markup`<div class="d-flex align-items-center justify-content-between p-0 w-100"><span>${_t("Shortcuts")}</span><span class="fw-bold">${key}+K</span></div>`;
});
