import { Interaction } from "@web/public/interaction";
import { browser } from "@web/core/browser/browser";
import {
    beginAnswer,
    getSender,
    getText,
    makeBanner,
    makeButton,
    setSaver,
} from "./entry_page";
import { formatHour, formatMoment, readCopy, writeCopy } from "./entry_copy";

/** How long between two saves of what somebody types on and on (ms). */
const EVERY = 30000;
/** How soon the copy on this device follows what is typed (ms). */
const SOON = 500;
/** How long until a save that found no server is tried again (ms). */
const AGAIN = 10000;
/** What belongs to a page, and is nothing that somebody typed. */
const OF_THE_PAGE = /^(csrf_token|version|shown_\w+|replace_id)$/;

/**
 * Saves a form by itself: on leaving a field, every half minute, and on leaving the page.
 * What can't be sent is kept on this device, and offered again.
 */
export class HoithiSaver extends Interaction {
    dynamicContent = {
        _window: {
            "t-on-beforeunload": this.onBeforeUnload,
            "t-on-pagehide": this.onPageHide,
            "t-on-pageshow": this.onPageShow,
            "t-on-online": () => this.save(),
            "t-on-focus": this.onWindowFocus,
        },
        ".o_hoithi_saved": {
            "t-att-class": () => ({
                o_hoithi_is_saved: this.state === "saved",
                o_hoithi_is_partly: ["partly", "unnamed"].includes(this.state),
                o_hoithi_is_unsaved: ["retry", "offline", "expired", "closed"].includes(this.state),
            }),
        },
        ".o_hoithi_saved .fa": {
            "t-att-class": () => ({
                "fa-check": this.state === "saved",
                "fa-clock-o": ["saving", "typing"].includes(this.state),
                "fa-exclamation-triangle": !["", "saved", "saving", "typing"].includes(this.state),
            }),
        },
        ".o_hoithi_saved span": {
            "t-out": () => this.stateText,
        },
    };

    setup() {
        this.form = this.getForm();
        this.told = this.el.querySelector(".o_hoithi_told");
        this.copyKey = this.el.dataset.copy;
        this.state = "";
        this.values = {};
        // counts what is typed, so that a save knows what came after it
        this.typed = 0;
        this.saved = 0;
        this.saving = null;
        this.isLeaving = false;
        // whether the last save found no server, or no session
        this.isAway = false;
        // whether this device holds what the server doesn't
        this.isKept = true;
        setSaver(this.el, this);
        this.copySoon = this.debounced(() => {
            this.keepCopy();
            this.updateContent();
        }, SOON);
    }

    start() {
        if (this.form.dataset.typed !== "1") {
            this.offerCopy();
        }
        if (this.form.dataset.typed === "1") {
            this.touch();
        } else if (this.isChanged()) {
            // typed before the script was there, or put back by the browser with the page
            this.touch();
            this.save();
        }
        const timer = setInterval(() => this.isDirty && this.save(), EVERY);
        this.registerCleanup(() => clearInterval(timer));
    }

    // HOOKS

    /** Return the form that is saved. */
    getForm() {
        throw new Error("a saver has a form");
    }

    /** Return the address that what was typed is sent to. */
    get url() {
        throw new Error("a saver has an address");
    }

    /** Return {name of a field: digest of the text that was typed upon}. */
    readVersion() {
        return {};
    }

    writeVersion() {}

    /** Show what came of a save; return whether all that was typed is saved. */
    onAnswer() {
        return true;
    }

    /** Show how much is missing now, where the page tells. */
    takeCount() {}

    // TYPED

    get isDirty() {
        return this.typed > this.saved;
    }

    get stateText() {
        const isUnkept = this.state === "offline" && !this.isKept;
        return this.state ? getText(isUnkept ? "unkept" : this.state, this.values) : "";
    }

    isChanged() {
        return [...this.form.elements].some((el) => {
            if (el.type === "checkbox" || el.type === "radio") {
                return el.checked !== el.defaultChecked;
            }
            if (el.tagName === "SELECT") {
                const chosen = [...el.options].find((option) => option.defaultSelected);
                return el.value !== (chosen || el.options[0]).value;
            }
            return el.type !== "hidden" && "defaultValue" in el && el.value !== el.defaultValue;
        });
    }

    setState(state, values = {}) {
        this.state = state;
        this.values = values;
        this.updateContent();
    }

    touch() {
        this.typed += 1;
        if (!this.saving && !["offline", "expired", "retry", "closed"].includes(this.state)) {
            this.setState("typing");
        }
        this.copySoon();
    }

    onInput(ev) {
        if (this.isTyped(ev.target)) {
            this.touch();
        }
    }

    onChange(ev) {
        if (this.isTyped(ev.target)) {
            this.touch();
            this.save();
        }
    }

    isTyped(el) {
        return el.type !== "file" && !OF_THE_PAGE.test(el.name);
    }

    /** Whoever comes back from a login in another tab needn't do anything more. */
    onWindowFocus() {
        if (this.state === "expired" || this.state === "offline") {
            this.save();
        }
    }

    go(url) {
        browser.location.assign(url);
    }

    onBeforeUnload(ev) {
        const isUnsaved = this.isDirty || (this.state === "partly" && !this.isKept);
        if (!isUnsaved || this.isLeaving) {
            return;
        }
        this.keepCopy();
        // the copy stays on this device; nothing else knows of it
        const isAtRisk = ["offline", "expired", "retry", "closed", "unnamed"].includes(this.state);
        if (isAtRisk || !this.isKept) {
            ev.preventDefault();
        }
    }

    /** The browser may show a page again as it was left. */
    onPageShow() {
        this.isLeaving = false;
        this.isGoing = false;
    }

    onPageHide() {
        if (this.isDirty && !this.isLeaving) {
            this.keepCopy();
            browser.navigator.sendBeacon?.(this.url, this.getBody());
        }
    }

    /**
     * Save what was typed, one save after the other.
     *
     * @param {boolean} [options.isAsked] whether somebody pressed a button for it
     * @returns {Promise<boolean>} whether all of it is saved
     */
    async save({ isAsked = false } = {}) {
        // of two that wait for one save, the second waits for the first one's too
        while (this.saving) {
            await this.saving;
        }
        if (this.isDestroyed) {
            return false;
        }
        // what found no server is asked again, though nothing more was typed: a file waits
        if (!this.isDirty && !isAsked && !this.isAway) {
            return !["partly", "closed"].includes(this.state);
        }
        const end = beginAnswer(this.el);
        this.saving = this.send(isAsked);
        const isSaved = await this.saving;
        this.saving = null;
        end();
        return isSaved;
    }

    /** Return what is sent: what was typed, while files go their own way. */
    getBody() {
        const body = new FormData(this.form);
        for (const [name, value] of [...body]) {
            if (typeof value !== "string") {
                body.delete(name);
            }
        }
        return body;
    }

    /** Return what is sent now; by it an answer knows what was typed since. */
    getSent() {
        return { typed: this.typed, body: this.getBody() };
    }

    /** Whether a field holds something else by now than what was sent of it. */
    isTypedSince(name, sent) {
        const read = (body) => JSON.stringify(body.getAll(name));
        return read(this.getBody()) !== read(sent.body);
    }

    async send(isAsked, isSecond = false) {
        const sent = this.getSent();
        this.setState("saving");
        const response = await fetch(this.url, {
            method: "POST",
            headers: { Accept: "application/json" },
            body: sent.body,
        }).catch(() => null);
        const answer = response && (await response.json().catch(() => null));
        if (this.isDestroyed) {
            return false;
        }
        if (answer?.is_late) {
            if (answer.csrf_token && !isSecond) {
                this.setToken(answer.csrf_token);
                return this.send(isAsked, true);
            }
            return this.onLate(answer);
        }
        if (!answer) {
            return this.onNoServer();
        }
        if (answer.refused) {
            this.keepCopy();
            this.setState("closed");
            this.tell("refused", {
                kind: "error",
                icon: "fa-clock-o",
                title: answer.refused,
            });
            return false;
        }
        this.tell("late");
        this.tell("refused");
        if (this.isAway) {
            this.isAway = false;
            this.el.dispatchEvent(new CustomEvent("hoithi-back"));
        }
        return this.onAnswer(answer, sent, isAsked);
    }

    setToken(token) {
        for (const input of document.querySelectorAll("[name=csrf_token]")) {
            input.value = token;
        }
    }

    onLate(answer) {
        this.isAway = true;
        this.keepCopy();
        this.setState("expired");
        const login = document.createElement("a");
        login.className = "btn btn-outline-primary";
        login.href = answer.login;
        login.target = "_blank";
        login.textContent = getText("login");
        this.tell("late", {
            kind: "warn",
            icon: "fa-lock",
            title: getText("expired"),
            more: getText("expired_more"),
            acts: [login],
        });
        return false;
    }

    onNoServer() {
        this.isAway = true;
        this.keepCopy();
        const isOffline = browser.navigator.onLine === false;
        this.setState(isOffline ? "offline" : "retry", { seconds: AGAIN / 1000 });
        this.tell("late", {
            kind: "warn",
            icon: "fa-exclamation-triangle",
            title: getText("offline"),
            more: this.isKept
                ? getText("offline_more", { time: formatHour(new Date()) })
                : getText("unkept_more"),
        });
        clearTimeout(this.again);
        this.again = setTimeout(() => this.isDestroyed || this.save(), AGAIN);
        return false;
    }

    /** Say that what was typed until then is saved, except what is wrong. */
    settle(answer, sent) {
        const isWrong = Object.keys(answer.labels).length > 0;
        this.saved = Math.max(this.saved, sent.typed);
        if (isWrong) {
            this.keepCopy(true);
            this.setState("partly", { time: answer.saved_at });
        } else {
            if (!this.isDirty) {
                this.dropCopy();
            }
            this.setState(this.isDirty ? "typing" : "saved", { time: answer.saved_at });
        }
        return !isWrong;
    }

    // FILES

    /** Wait until the files are sent; tell which aren't there, and return whether all are. */
    async sendFiles() {
        const sender = getSender(this.el);
        this.tell("files", sender.isBusy && {
            kind: "warn",
            icon: "fa-clock-o",
            title: getText("sending_files"),
        });
        const isThere = await sender.whenSent();
        this.tell("files");
        this.tellUnsent(sender.unsent);
        return isThere;
    }

    /** Lead whoever wanted to go on to the rows of files that aren't there. */
    tellUnsent(rows) {
        const problems = rows.map((row) => ({
            text: row.querySelector(".o_hoithi_sending_name").textContent,
            anchor: row.id,
        }));
        this.tellList("files", getText("unsent_files"), problems, true);
    }

    // CHANGED MEANWHILE

    /** What is still mine alone keeps the version that it was typed upon. */
    takeVersion(answer, sent) {
        const old = this.readVersion();
        const version = { ...answer.version };
        const mine = [
            ...Object.keys(answer.labels),
            ...Object.keys(answer.changed).filter((name) => this.isTypedSince(name, sent)),
        ];
        for (const name of mine) {
            if (name in answer.conflicts) {
                this.offerVersions(name, answer.conflicts[name], version[name]);
            }
            if (name !== "author_ids" && old[name]) {
                version[name] = old[name];
            }
        }
        this.writeVersion(version);
    }

    /** Let somebody choose between the own text and the one that came meanwhile. */
    offerVersions(name, text, digest) {
        const place = this.el.querySelector(`#hoithi_${name}_error`);
        place.parentElement.querySelector(".o_hoithi_theirs")?.remove();
        const box = document.createElement("div");
        box.className = "o_hoithi_theirs";
        const lines = document.createElement("div");
        lines.className = "o_hoithi_lines text-break";
        lines.textContent = text;
        const settle = (isMine) => {
            this.writeVersion({ ...this.readVersion(), [name]: digest });
            if (!isMine) {
                this.setValue(name, text);
            }
            box.remove();
            this.showError(name, "");
            this.touch();
            this.save();
            this.getInput(name)?.focus();
        };
        box.append(
            lines,
            makeButton(getText("mine"), "btn-sm btn-outline-primary me-2", () => settle(true)),
            makeButton(getText("theirs"), "btn-sm btn-outline-primary", () => settle(false))
        );
        place.after(box);
    }

    getInput(name) {
        const found = this.form.elements[name];
        return found instanceof RadioNodeList ? found[0] : found;
    }

    setValue(name, text) {
        const found = this.form.elements[name];
        if (!found) {
            return;
        }
        found.value = text;
        this.el.dispatchEvent(new CustomEvent("hoithi-value", { detail: name }));
    }

    /**
     * Take over what changed meanwhile in fields that nobody typed in here. What was
     * typed while the save was under way stays, and the next one tells of both.
     */
    takeChanges(answer, sent) {
        const labels = [];
        for (const [name, { text, label }] of Object.entries(answer.changed)) {
            if (this.isTypedSince(name, sent)) {
                continue;
            }
            if (name !== "author_ids") {
                this.setValue(name, text);
            }
            labels.push(label);
        }
        this.tell("changed", labels.length && {
            kind: "warn",
            icon: "fa-users",
            title: getText("changed", { fields: labels.join(", ") }),
        });
    }

    // ERRORS

    getAnchor(name) {
        return `hoithi_${name}`;
    }

    showError(name, text) {
        const place = this.el.querySelector(`#hoithi_${name}_error`);
        if (!place) {
            return;
        }
        place.textContent = text;
        const input = this.getInput(name);
        if (input?.matches("input:not([type=radio]), select, textarea")) {
            input.classList.toggle("is-invalid", Boolean(text));
            if (text) {
                input.setAttribute("aria-invalid", "true");
            } else {
                input.removeAttribute("aria-invalid");
            }
        }
    }

    /** Lead to a field that is wrong. */
    lead(name) {
        const anchor = this.getAnchor(name);
        if (window.location.hash === `#${anchor}`) {
            this.getInput(name)?.focus();
        } else {
            browser.location.hash = anchor;
        }
    }

    /** List what is wrong, each a link to its place, in a message that takes the focus. */
    tellList(name, title, problems, isAsked) {
        const list = document.createElement("ul");
        list.className = "o_hoithi_problems mb-0 mt-1";
        for (const { text, anchor, lead } of problems) {
            const link = document.createElement("a");
            link.href = `#${anchor}`;
            link.textContent = text;
            if (lead) {
                link.addEventListener("click", (ev) => {
                    ev.preventDefault();
                    lead();
                });
            }
            const item = document.createElement("li");
            item.append(link);
            list.append(item);
        }
        this.tell(name, problems.length && {
            kind: "error",
            icon: "fa-exclamation-triangle",
            title,
            acts: [list],
        });
        if (isAsked && problems.length) {
            const banner = this.told.querySelector(`[data-name=${name}]`);
            banner.tabIndex = -1;
            banner.focus();
        }
    }

    /**
     * Show a message above the step, one of each name. What somebody types in stays
     * where it is on the screen.
     */
    tell(name, message) {
        const active = document.activeElement;
        const isTyping = this.form.contains(active);
        const { top } = active.getBoundingClientRect();
        this.told.querySelector(`[data-name=${name}]`)?.remove();
        if (message) {
            const banner = makeBanner(message);
            banner.dataset.name = name;
            this.told.append(banner);
        }
        if (isTyping) {
            const moved = active.getBoundingClientRect().top - top;
            window.scrollBy({ top: moved, behavior: "instant" });
        }
    }

    // COPY ON THIS DEVICE

    getPairs() {
        return [...new FormData(this.form)].filter(
            ([name, value]) =>
                typeof value === "string" && !OF_THE_PAGE.test(name)
        );
    }

    keepCopy(isNeeded = this.isDirty || this.state === "partly") {
        if (!isNeeded) {
            return;
        }
        const copy = { at: Date.now(), pairs: this.getPairs(), version: this.readVersion() };
        this.isKept = writeCopy(this.copyKey, copy);
    }

    dropCopy() {
        browser.localStorage.removeItem(this.copyKey);
    }

    /** Offer what was typed once on this device and never got to the server. */
    offerCopy() {
        const copy = readCopy(this.copyKey);
        if (!copy) {
            return;
        }
        const now = JSON.stringify(this.getPairs());
        if (now === JSON.stringify(copy.pairs)) {
            this.dropCopy();
            return;
        }
        const differs = this.getDifferences(copy.pairs);
        if (!differs.length) {
            this.dropCopy();
            return;
        }
        const time = formatMoment(copy.at);
        this.tell("copy", {
            icon: "fa-undo",
            title: getText("copy", { time }),
            more: getText("copy_more", { fields: differs.join(", ") }),
            acts: [
                makeButton(getText("restore"), "btn-outline-primary", () => this.restore(copy)),
                makeButton(getText("forget"), "btn-link", () => {
                    this.dropCopy();
                    this.tell("copy");
                }),
            ],
        });
    }

    getDifferences(pairs) {
        const group = (all) =>
            all.reduce((map, [name, value]) => {
                const key = name.startsWith("author_") ? "author" : name;
                return map.set(key, `${map.get(key) || ""}\n${value}`);
            }, new Map());
        const [mine, kept] = [group(this.getPairs()), group(pairs)];
        const labels = [];
        for (const [name, text] of kept) {
            // blank rows of further authors come and go
            if ((mine.get(name) || "").trimEnd() === text.trimEnd()) {
                continue;
            }
            const label =
                name === "author"
                    ? this.el.querySelector("#hoithi_step_authors h2")
                    : this.el.querySelector(
                          `[for=hoithi_${name}] > span, #hoithi_${name} > legend > span`
                      );
            labels.push(label?.textContent.trim() || name);
        }
        return labels;
    }

    /**
     * Put a copy back as one upon what it was typed upon: what somebody else changed
     * since then is told, and not written over.
     */
    restore({ pairs, version }) {
        if (version) {
            this.writeVersion({ ...this.readVersion(), ...version });
        }
        this.fill(pairs);
        this.tell("copy");
        this.form.dispatchEvent(new CustomEvent("hoithi-rows"));
        this.touch();
        this.save();
    }

    fill(pairs) {
        const seen = {};
        for (const [name, value] of pairs) {
            const inputs = [...this.form.querySelectorAll(`[name="${name}"]`)];
            const index = seen[name] || 0;
            seen[name] = index + 1;
            if (inputs[0]?.type === "radio") {
                inputs.forEach((input) => (input.checked = input.value === value));
            } else if (inputs[index]) {
                inputs[index].value = value;
                inputs[index].dispatchEvent(new Event("input", { bubbles: true }));
            }
        }
    }
}
