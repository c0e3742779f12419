import { browser } from "@web/core/browser/browser";
import { registry } from "@web/core/registry";

/**
 * The app in the department's look, as portal and public pages are: other apps beside it
 * keep Odoo's. The class says whose menus are in the bar.
 */
export const appLookService = {
    dependencies: ["menu"],
    start(env, { menu }) {
        const look = () => {
            const app = menu.getCurrentApp();
            // a screen that was opened by its address may have no menu
            const isOurs = app
                ? app.xmlid?.startsWith("hoithi_contest.")
                : /\/hoithi(-|$|\/)/.test(browser.location.pathname);
            document.body.classList.toggle("o_hoithi_app", Boolean(isOurs));
        };
        env.bus.addEventListener("MENUS:APP-CHANGED", look);
        look();
    },
};

registry.category("services").add("hoithi_app_look", appLookService);
