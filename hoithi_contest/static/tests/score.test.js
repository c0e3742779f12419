import { describe, expect, test } from "@odoo/hoot";
import { advanceTime, animationFrame } from "@odoo/hoot-mock";
import { browser } from "@web/core/browser/browser";
import { ConnectionLostError } from "@web/core/network/rpc";
import { user } from "@web/core/user";
import { sendKeptSheets } from "@hoithi_contest/score/kept_sheets_service";
import {
    findProblem,
    getPrefix,
    moveScore,
    readScore,
    SheetStore,
} from "@hoithi_contest/score/sheet_store";

describe.current.tags("headless");

const KEY = "hoithi.sheet.7.3";
const SCALE = { lowest: 0, highest: 30, step: 0.5 };

function makeSheet(values = {}) {
    return {
        criteria: [
            { line: 1, ...SCALE },
            { line: 2, ...SCALE },
        ],
        values: {
            "score:1": false,
            "comment:1": "",
            "score:2": false,
            "comment:2": "",
            strengths: "",
            recommendation: false,
            ...values,
        },
        saved_on: "14:30:00",
        locked: "",
    };
}

/** A server that keeps what it is sent, and answers as `save_sheet` does. */
function makeStore(values, answer) {
    const sent = [];
    const standing = { ...makeSheet(values).values };
    async function send(changes) {
        sent.push(changes);
        if (answer) {
            const given = await answer(changes);
            if (given) {
                return given;
            }
        }
        for (const [place, [, value]] of Object.entries(changes)) {
            standing[place] = value;
        }
        const places = Object.keys(changes).map((place) => [place, standing[place]]);
        return {
            values: Object.fromEntries(places),
            clashes: {},
            refused: {},
            state: "in_progress",
            saved_on: "14:32:08",
        };
    }
    return { store: new SheetStore(makeSheet(values), KEY, send, () => "14:31:00"), sent };
}

test("a score is read with a comma or a point, and nothing else is one", () => {
    expect(readScore(" 24,5 ")).toBe(24.5);
    expect(readScore("24.5")).toBe(24.5);
    expect(readScore("0")).toBe(0);
    expect(readScore("  ")).toBe(false);
    for (const text of ["-1", "2e3", "24,5,1", "hai", "∞"]) {
        expect(readScore(text)).toBe(NaN);
    }
});

test("a score is judged by its scale, exact to the step", () => {
    expect(findProblem(SCALE, false)).toBe("");
    expect(findProblem(SCALE, 0)).toBe("");
    expect(findProblem(SCALE, 30.5)).toBe("range");
    expect(findProblem(SCALE, 10.3)).toBe("step");
    expect(findProblem(SCALE, NaN)).toBe("number");
    expect(findProblem({ lowest: 0.1, highest: 1, step: 0.1 }, 0.7)).toBe("");
    expect(findProblem({ lowest: 0, highest: 30, step: 0 }, 3.33)).toBe("");
    expect(moveScore(SCALE, false, 1)).toBe(0);
    expect(moveScore(SCALE, 22, 1)).toBe(22.5);
    expect(moveScore(SCALE, 30, 1)).toBe(30);
});

test("a sheet is saved a second after the last key, and the total runs along", async () => {
    const { store, sent } = makeStore();
    store.type("score:1", 2);
    await advanceTime(900);
    store.type("score:1", 24.5);
    expect(store.total).toBe(24.5);
    expect(sent).toHaveLength(0);
    expect(browser.localStorage.getItem(KEY)).toInclude("24.5");
    await advanceTime(1000);
    expect(sent).toEqual([{ "score:1": [false, 24.5] }]);
    expect(store.isSaved).toBe(true);
    expect(store.savedOn).toBe("14:32:08");
    expect(browser.localStorage.getItem(KEY)).toBe(null);
});

test("what is off the scale waits, and the rest is saved", async () => {
    const { store, sent } = makeStore();
    store.type("score:1", 31);
    store.type("comment:1", "Mới");
    await advanceTime(1000);
    expect(sent).toEqual([{ "comment:1": ["", "Mới"] }]);
    expect(store.wrong).toEqual(["score:1"]);
    expect(store.isSaved).toBe(false);
    expect(store.total).toBe(0);
});

test("a clash keeps both values until the member chooses", async () => {
    let first = true;
    const { store, sent } = makeStore({}, () => {
        if (first) {
            first = false;
            return {
                values: { "score:1": 20 },
                clashes: { "score:1": "14:30:10" },
                refused: {},
                saved_on: "14:32:00",
            };
        }
    });
    store.type("score:1", 22);
    await advanceTime(1000);
    expect(store.clashes).toEqual(["score:1"]);
    expect(store.places["score:1"].base).toBe(20);
    expect(store.getValue("score:1")).toBe(22);
    await advanceTime(10000);
    expect(sent).toHaveLength(1);
    await store.settle("score:1", true);
    expect(sent[1]).toEqual({ "score:1": [20, 22] });
    expect(store.isSaved).toBe(true);
});

test("a clash settled for the other window sends nothing", async () => {
    const { store, sent } = makeStore({}, () => ({
        values: { "score:1": 20 },
        clashes: { "score:1": "14:30:10" },
        refused: {},
        saved_on: "14:32:00",
    }));
    store.type("score:1", 22);
    await advanceTime(1000);
    await store.settle("score:1", false);
    expect(store.getValue("score:1")).toBe(20);
    expect(sent).toHaveLength(1);
    expect(browser.localStorage.getItem(KEY)).toBe(null);
});

test("without a network it is kept here, sent again by itself, and told since when", async () => {
    let online = false;
    const { store, sent } = makeStore({}, () => {
        if (!online) {
            throw new ConnectionLostError("/web/dataset/call_kw");
        }
    });
    store.type("score:1", 12);
    await advanceTime(1000);
    expect(store.lostSince).toBe("14:31:00");
    expect(store.isSaved).toBe(false);
    expect(JSON.parse(browser.localStorage.getItem(KEY))).toEqual({ "score:1": [false, 12] });
    // another page load on this machine takes it up
    const { store: later } = makeStore();
    expect(later.getValue("score:1")).toBe(12);
    online = true;
    await advanceTime(5000);
    await animationFrame();
    expect(sent.at(-1)).toEqual({ "score:1": [false, 12] });
    expect(store.lostSince).toBe("");
    expect(store.isSaved).toBe(true);
    expect(browser.localStorage.getItem(KEY)).toBe(null);
});

test("what a closed sheet never sent is sent later, and only what isn't taken stays", async () => {
    const left = `${getPrefix(user.userId)}8`;
    const clashing = `${getPrefix(user.userId)}9`;
    browser.localStorage.setItem(left, JSON.stringify({ "score:1": [false, 12] }));
    browser.localStorage.setItem(clashing, JSON.stringify({ "score:1": [false, 13] }));
    const sent = [];
    const orm = {
        silent: {
            call: async (model, method, [[id], changes]) => {
                sent.push([id, changes]);
                return { clashes: id === 9 ? { "score:1": "14:30:00" } : {}, refused: {} };
            },
        },
    };
    expect(await sendKeptSheets(orm)).toBe(1);
    expect(sent).toHaveLength(2);
    expect(browser.localStorage.getItem(left)).toBe(null);
    expect(browser.localStorage.getItem(clashing)).toInclude("13");
});

test("what the server refuses is said, and kept", async () => {
    const { store } = makeStore({}, () => {
        throw Object.assign(new Error("x"), { data: { message: "This sheet was due." } });
    });
    store.type("strengths", "Rẻ");
    await advanceTime(1000);
    expect(store.refusal).toBe("This sheet was due.");
    expect(store.isSaved).toBe(false);
    expect(browser.localStorage.getItem(KEY)).toInclude("Rẻ");
});
