import { browser } from "@web/core/browser/browser";
import { ConnectionLostError } from "@web/core/network/rpc";

/** Milliseconds after the last key until what was typed is saved. */
export const PAUSE = 1000;
/** Milliseconds until what couldn't be sent is sent again. */
export const RETRY = 5000;

/** How sheets of a user are named on this machine. */
export const getPrefix = (userId) => `hoithi.sheet.${userId}.`;

/** Keys of the sheets that are open in this window, and so look after themselves. */
export const openKeys = new Set();

const SESSION_EXPIRED = "odoo.http.SessionExpiredException";

/**
 * Read a score as people type it, with a comma or a point.
 *
 * @returns {number|false} false for none yet, NaN for what is no score
 */
export function readScore(text) {
    const typed = text.trim();
    if (!typed) {
        return false;
    }
    return /^\d{1,4}([.,]\d{1,4})?$/.test(typed) ? Number(typed.replace(",", ".")) : NaN;
}

/**
 * Tell what is wrong with a score.
 *
 * @returns {""|"number"|"range"|"step"}
 */
export function findProblem({ lowest, highest, step }, score) {
    if (score === false) {
        return "";
    }
    if (Number.isNaN(score)) {
        return "number";
    }
    if (score < lowest || score > highest) {
        return "range";
    }
    const steps = step > 0 ? (score - lowest) / step : 0;
    return Math.abs(steps - Math.round(steps)) < 1e-6 ? "" : "step";
}

/** The score after one step up or down, kept on the scale. */
export function moveScore({ lowest, highest, step }, score, direction) {
    if (score === false || Number.isNaN(score)) {
        return lowest;
    }
    const moved = score + direction * (step || 1);
    return Math.round(Math.min(highest, Math.max(lowest, moved)) * 100) / 100;
}

/**
 * What a member types on a sheet, until the server has it.
 *
 * Each place knows what it was typed over, so that the server sees where another window
 * saved something else. What isn't saved yet lies on this machine as well.
 */
export class SheetStore {
    /**
     * @param {Object} sheet of `get_workspace`
     * @param {string} key of this user's sheet on this machine
     * @param {(changes: Object) => Promise<Object>} send `save_sheet`
     * @param {() => string} getHour
     */
    constructor(sheet, key, send, getHour) {
        this.key = key;
        openKeys.add(key);
        this.send = send;
        this.getHour = getHour;
        this.scales = {};
        for (const criterion of sheet.criteria) {
            this.scales[`score:${criterion.line}`] = criterion;
        }
        this.places = {};
        for (const [place, value] of Object.entries(sheet.values)) {
            this.places[place] = { base: value, value, clash: "", refused: "" };
        }
        this.locked = Boolean(sheet.locked);
        this.savedOn = sheet.saved_on;
        this.keptOn = "";
        this.lostSince = "";
        this.expired = false;
        this.refusal = "";
        this.timer = null;
        this.sending = null;
        this.restore();
    }

    // WHAT STANDS

    getValue(place) {
        return this.places[place].value;
    }

    isDirty(place) {
        const { base, value } = this.places[place];
        return !Object.is(base, value);
    }

    /** Whether a place waits for the server, and not for the member. */
    isReady(place) {
        const { clash, value } = this.places[place];
        const scale = this.scales[place];
        return this.isDirty(place) && !clash && !(scale && findProblem(scale, value));
    }

    getProblem(place) {
        const scale = this.scales[place];
        return scale ? findProblem(scale, this.places[place].value) : "";
    }

    get names() {
        return Object.keys(this.places);
    }

    get dirty() {
        return this.names.filter((place) => this.isDirty(place));
    }

    get clashes() {
        return this.names.filter((place) => this.places[place].clash);
    }

    get wrong() {
        return this.names.filter((place) => this.getProblem(place));
    }

    /** Sum of what is given and on its scale, each times its coefficient. */
    get total() {
        const scores = Object.keys(this.scales)
            .filter((place) => this.getValue(place) && !this.getProblem(place))
            .map((place) => this.getValue(place) * (this.scales[place].weight ?? 1));
        const total = scores.reduce((sum, score) => sum + score, 0);
        // as the server rounds: binary fractions may lie a hair below a half
        return Math.round(Number((total * 100).toFixed(6))) / 100;
    }

    get isSaved() {
        return !this.dirty.length;
    }

    // TYPING

    type(place, value) {
        Object.assign(this.places[place], { value, refused: "" });
        this.refusal = "";
        this.keep();
        this.schedule(PAUSE);
    }

    /** Answer a clash: keep what was typed here, or take what the other window saved. */
    settle(place, keeps) {
        const found = this.places[place];
        found.clash = "";
        if (!keeps) {
            found.value = found.base;
        }
        this.keep();
        return this.flush();
    }

    // THIS MACHINE

    keep() {
        const waiting = Object.fromEntries(
            this.dirty.map((place) => [place, [this.places[place].base, this.getValue(place)]])
        );
        try {
            if (Object.keys(waiting).length) {
                // JSON knows no NaN: what is no score isn't kept as one
                browser.localStorage.setItem(this.key, JSON.stringify(waiting));
                this.keptOn = this.getHour();
            } else {
                this.forget();
            }
        } catch {
            // a browser that keeps nothing still saves
            this.keptOn = "";
        }
    }

    forget() {
        browser.localStorage.removeItem(this.key);
        this.keptOn = "";
    }

    /** Take up what was typed here before and never reached the server. */
    restore() {
        let waiting = {};
        try {
            waiting = JSON.parse(browser.localStorage.getItem(this.key) || "{}");
        } catch {
            waiting = {};
        }
        for (const [place, [base, value]] of Object.entries(waiting)) {
            const found = this.places[place];
            if (found && value !== null && !Object.is(found.value, value)) {
                Object.assign(found, { base, value });
            }
        }
    }

    // SAVING

    schedule(delay) {
        browser.clearTimeout(this.timer);
        this.timer = browser.setTimeout(() => this.flush(), delay);
    }

    stop() {
        browser.clearTimeout(this.timer);
        openKeys.delete(this.key);
    }

    /** Save now what can be saved; resolves once the server has answered, or hasn't. */
    async flush() {
        browser.clearTimeout(this.timer);
        while (this.sending) {
            await this.sending;
        }
        const ready = this.locked ? [] : this.names.filter((place) => this.isReady(place));
        if (ready.length) {
            this.sending = this.save(ready);
            await this.sending;
        } else {
            this.keep();
        }
    }

    async save(ready) {
        const typed = Object.fromEntries(ready.map((place) => [place, this.getValue(place)]));
        try {
            const answer = await this.send(
                Object.fromEntries(
                    ready.map((place) => [place, [this.places[place].base, typed[place]]])
                )
            );
            this.take(answer, typed);
        } catch (error) {
            this.fail(error);
        } finally {
            this.sending = null;
        }
        this.keep();
    }

    take(answer, typed) {
        for (const [place, value] of Object.entries(typed)) {
            const found = this.places[place];
            found.clash = answer.clashes[place] || "";
            found.refused = answer.refused[place] || "";
            if (!found.refused) {
                found.base = answer.values[place];
            }
            if (!found.clash && !found.refused && Object.is(found.value, value)) {
                // as the server has it, without spaces at the end
                found.value = found.base;
            }
        }
        this.lostSince = "";
        this.expired = false;
        this.refusal = "";
        this.savedOn = answer.saved_on;
        if (this.names.some((place) => this.isReady(place) && !this.places[place].refused)) {
            this.schedule(PAUSE);
        }
    }

    fail(error) {
        this.expired = error.exceptionName === SESSION_EXPIRED;
        if (error instanceof ConnectionLostError || this.expired) {
            this.lostSince ||= this.getHour();
            this.schedule(RETRY);
        } else {
            this.refusal = (error.data && error.data.message) || error.message;
        }
    }
}
