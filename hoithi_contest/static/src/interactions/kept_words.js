import { Interaction } from "@web/public/interaction";
import { browser } from "@web/core/browser/browser";
import { registry } from "@web/core/registry";
import { makeButton } from "./entry_page";
import { formatMoment, readCopy, writeCopy } from "./entry_copy";

/** How soon the copy on this device follows what is typed (ms). */
const SOON = 500;

/** Return a path without what Odoo Website may put before it: the page's language. */
const getBarePath = (path) => path.replace(/^.*?(?=\/my\/)/, "");

/** Drop the words that reached the server: it says who posted them, and where to. */
function dropSent() {
    const notice = document.querySelector(".o_hoithi_notice[data-of]:not(.alert-danger)");
    if (!notice) {
        return;
    }
    const { by, of } = notice.dataset;
    const sent = `hoithi.${by}.words.${getBarePath(of)}#`;
    for (const key of Object.keys(browser.localStorage)) {
        // of one of several forms that post to one place, the notice says which
        if (`${key}#`.startsWith(sent)) {
            browser.localStorage.removeItem(key);
        }
    }
}

/** Looks at each page, as that of a success needn't have the form any more. */
export class HoithiSentWords extends Interaction {
    static selector = ".o_hoithi_notice[data-of]";

    start() {
        dropSent();
    }
}

/**
 * Keeps the words of a form that is sent as a whole, as a question or a reason, on this
 * device until they are sent: a lost line, a closed tab or a session that is over takes
 * nothing away.
 */
export class HoithiKeptWords extends Interaction {
    static selector = "form[data-keep]";
    dynamicContent = {
        _root: {
            "t-on-input": () => this.keepSoon(),
            "t-on-submit": () => (this.isLeaving = true),
        },
        _window: {
            "t-on-pagehide": this.keep,
            "t-on-pageshow": () => (this.isLeaving = false),
            "t-on-beforeunload": this.onBeforeUnload,
        },
    };

    setup() {
        const fields = [...this.el.querySelectorAll("textarea, input[type=text]")];
        this.fields = fields.filter((field) => !field.matches(":disabled"));
        const path = getBarePath(this.el.getAttribute("action"));
        this.key = `hoithi.${this.el.dataset.keep}.words.${path}#${fields[0]?.id}`;
        this.isLeaving = false;
        this.isKept = true;
        this.keepSoon = this.debounced(this.onTyped, SOON);
    }

    start() {
        dropSent();
        if (!this.fields.length) {
            // nothing can be sent any more
            browser.localStorage.removeItem(this.key);
            return;
        }
        const copy = readCopy(this.key);
        let isPutBack = false;
        for (const [name, value, shown] of copy?.pairs || []) {
            const field = this.fields.find((one) => one.name === name);
            // what stands there instead of what was typed upon is newer
            if (field?.value === shown) {
                field.value = value;
                isPutBack = true;
            }
        }
        if (this.changed.length) {
            // typed before the script was there, or put back
            this.keepSoon();
        }
        if (isPutBack) {
            this.tell(copy.at);
            for (let el = this.el.closest("details"); el; el = el.parentElement.closest("details")) {
                el.open = true;
            }
        }
    }

    /** Say since when the words that were put back lay on this device. */
    tell(at) {
        const told = this.el.querySelector(".o_hoithi_kept");
        told.querySelector("b").textContent = formatMoment(at);
        const word = told.querySelector(".o_hoithi_discard");
        word.replaceWith(makeButton(word.textContent, "btn-link p-0", () => this.discard()));
        told.hidden = false;
    }

    get changed() {
        return this.fields.filter((field) => field.value !== field.defaultValue);
    }

    keep() {
        const pairs = this.changed.map((field) => [field.name, field.value, field.defaultValue]);
        if (pairs.length) {
            this.isKept = writeCopy(this.key, { at: Date.now(), pairs });
        }
    }

    onTyped() {
        if (this.changed.length) {
            this.keep();
        } else {
            browser.localStorage.removeItem(this.key);
        }
    }

    onBeforeUnload(ev) {
        this.keep();
        if (this.changed.length && !this.isKept && !this.isLeaving) {
            ev.preventDefault();
        }
    }

    discard() {
        browser.localStorage.removeItem(this.key);
        for (const field of this.fields) {
            field.value = field.defaultValue;
        }
        this.el.querySelector(".o_hoithi_kept").hidden = true;
        this.fields[0].focus();
    }
}

registry.category("public.interactions").add("hoithi_contest.sent_words", HoithiSentWords);
registry.category("public.interactions").add("hoithi_contest.kept_words", HoithiKeptWords);
