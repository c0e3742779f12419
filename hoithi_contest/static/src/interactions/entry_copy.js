import { Interaction } from "@web/public/interaction";
import { browser } from "@web/core/browser/browser";
import { registry } from "@web/core/registry";

/** How long a copy of what nobody saved may lie on a device (ms). */
const KEPT = 14 * 24 * 60 * 60 * 1000;
const KEY = /^hoithi\.\d+\.((entry|contest|supplement)\.\d+$|words\.)/;

export const formatHour = (moment) =>
    moment.toLocaleTimeString("vi-VN", { hour: "2-digit", minute: "2-digit" });

/** Return a moment (ms) as people read it. */
export function formatMoment(at) {
    const moment = new Date(at);
    const day = moment.toLocaleDateString("vi-VN", {
        day: "2-digit",
        month: "2-digit",
        year: "numeric",
    });
    return `${formatHour(moment)} ${day}`;
}

/**
 * Return what was typed once on this device and never got to the server.
 *
 * @param {string} key of the form that it was typed in
 * @returns {{at: number, pairs: string[][]} | null}
 */
export function readCopy(key) {
    try {
        const copy = JSON.parse(browser.localStorage.getItem(key));
        return Array.isArray(copy?.pairs) ? copy : null;
    } catch {
        // something else lies there
        return null;
    }
}

/**
 * Keep on this device what isn't at the server.
 *
 * @param {string} key of the form that it was typed in
 * @param {{at: number, pairs: string[][]}} copy
 * @returns {boolean} whether it outlives the page: the device may be full, or a browser
 *      forbid it, for which Odoo puts a storage that goes with the page
 */
export function writeCopy(key, copy) {
    const text = JSON.stringify(copy);
    try {
        browser.localStorage.setItem(key, text);
        return window.localStorage.getItem(key) === text;
    } catch {
        return false;
    }
}

/**
 * Drops copies that are too old, whoever made them: an entry isn't to lie on a device that
 * many people use, long after the login.
 */
export class HoithiOldCopies extends Interaction {
    static selector = "#wrapwrap";

    start() {
        for (const key of Object.keys(browser.localStorage)) {
            if (KEY.test(key) && !(readCopy(key)?.at > Date.now() - KEPT)) {
                browser.localStorage.removeItem(key);
            }
        }
    }
}

/**
 * What becomes of a copy on the page of an entry that has no form any more: it goes with
 * the submission, and of a draft that is closed it is shown, to be read and copied.
 */
export class HoithiEntryCopy extends Interaction {
    static selector = ".o_hoithi_copy";
    dynamicContent = {
        ".o_hoithi_copy_drop": { "t-on-click": this.drop },
    };

    start() {
        const { copy: key, isSubmitted } = this.el.dataset;
        if (isSubmitted) {
            browser.localStorage.removeItem(key);
            browser.localStorage.removeItem(key.replace(".entry.", ".supplement."));
            return;
        }
        const copy = readCopy(key);
        const typed = new Map(copy?.pairs);
        let isShown = false;
        for (const part of this.el.querySelectorAll("[data-name]")) {
            const text = (typed.get(part.dataset.name) || "").trim();
            const isNew = Boolean(text) && text !== (part.dataset.kept || "").trim();
            part.hidden = !isNew;
            part.querySelector("p").textContent = text;
            isShown ||= isNew;
        }
        if (isShown) {
            this.el.querySelector(".o_hoithi_copy_time").textContent = formatMoment(copy.at);
            this.el.hidden = false;
        }
    }

    drop() {
        browser.localStorage.removeItem(this.el.dataset.copy);
        this.el.hidden = true;
    }
}

registry.category("public.interactions").add("hoithi_contest.old_copies", HoithiOldCopies);
registry.category("public.interactions").add("hoithi_contest.entry_copy", HoithiEntryCopy);
