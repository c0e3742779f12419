import { browser } from "@web/core/browser/browser";
import { registry } from "@web/core/registry";

/**
 * The app in the department's look, as portal and public pages are: other apps beside it
 * keep Odoo's. The class says whose menus are in the bar.
 */
export const appLookService = {
    dependencies: ["menu"],
    start(env, { menu }) {
        const isApp = (app) => Boolean(app?.xmlid?.startsWith("hoithi_contest."));
        const isAddress = () => /\/hoithi(-|$|\/)/.test(browser.location.pathname);
        const look = () => {
            const app = menu.getCurrentApp();
            document.body.classList.toggle("o_hoithi_app", app ? isApp(app) : isAddress());
        };
        // a screen without a menu of its own that was opened by its address
        const giveMenus = () => {
            const ours = menu.getApps().find(isApp);
            if (ours && !menu.getCurrentApp() && isAddress()) {
                menu.setCurrentMenu(ours);
            }
        };
        env.bus.addEventListener("MENUS:APP-CHANGED", look);
        env.bus.addEventListener("ACTION_MANAGER:UI-UPDATED", giveMenus);
        look();
    },
};

registry.category("services").add("hoithi_app_look", appLookService);
