import { describe, expect, test } from "@odoo/hoot";
import { click, edit, press, queryAllAttributes } from "@odoo/hoot-dom";
import { advanceTime, animationFrame, Deferred, tick } from "@odoo/hoot-mock";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import {
    defineModels,
    fields,
    mockService,
    models,
    mountView,
    mountWithCleanup,
    onRpc,
} from "@web/../tests/web_test_helpers";
import { ConnectionLostError } from "@web/core/network/rpc";
import { Component, reactive, useState, xml } from "@odoo/owl";
import { mockBus as mockAnyBus } from "./bus";
import { RESEND, SessionBallot } from "@hoithi_contest/session/session_ballot";
import { SessionBoard } from "@hoithi_contest/session/session_board";
import { SessionDesk } from "@hoithi_contest/session/session_desk";
import { atMostOnce } from "@hoithi_contest/run/at_most_once";

class Session extends models.Model {
    _name = "hoithi.session";

    name = fields.Char();
    _records = [{ id: 5, name: "Phiên 1" }];
}

defineMailModels();
defineModels([Session]);

const ITEM = {
    code: "ST-01",
    field: "Nước",
    state: "voting",
    mode: "secret",
    choices: [
        { key: "agree", label: "Agree" },
        { key: "disagree", label: "Disagree" },
        { key: "blank", label: "Blank ballot" },
    ],
    outcome: false,
    current: false,
};
const SESSION = {
    id: 5,
    name: "Phiên 1",
    contest: "Hội thi",
    state: "open",
    state_label: "Đang họp",
    ballot_mode: "secret",
    seated: true,
};

function makeProps(context = { active_id: 5 }) {
    return {
        action: { context, params: {} },
        actionId: 1,
        updateActionState: (state) => expect.step(`state ${state.active_id}`),
    };
}

function mockBus() {
    const bus = mockAnyBus();
    const send = (id) => bus.send("hoithi.session/changed", { session_id: id });
    return { ...bus, send };
}

function mockBallot(items) {
    const data = { ...SESSION, items };
    onRpc("hoithi.session", "get_ballot_data", ({ args }) => {
        expect.step(`read ${args[0]}`);
        return data;
    });
    return data;
}

describe("atMostOnce", () => {
    test("runs once at a time, and once more for all that came meanwhile", async () => {
        const answers = [];
        const load = atMostOnce(() => {
            const answer = new Deferred();
            answers.push(answer);
            return answer;
        }, 300);
        load();
        load();
        load();
        expect(answers).toHaveLength(1);
        answers[0].resolve();
        await tick();
        expect(answers).toHaveLength(1, { message: "not before the pause is over" });
        await advanceTime(300);
        expect(answers).toHaveLength(2);
        answers[1].resolve();
        await advanceTime(1000);
        expect(answers).toHaveLength(2);
    });

    test("runs again after a failure", async () => {
        let runs = 0;
        const load = atMostOnce(async () => {
            runs += 1;
            if (runs === 1) {
                throw new Error("offline");
            }
        }, 300);
        await expect(load()).rejects.toThrow("offline");
        await load();
        expect(runs).toBe(2);
    });
});

describe("ballot", () => {
    test("offers what waits for a vote, the entry under discussion first", async () => {
        mockBus();
        mockBallot([
            { ...ITEM, id: 1, name: "Một", mine: "to_vote" },
            { ...ITEM, id: 2, name: "Hai", mine: "to_vote", current: true },
            { ...ITEM, id: 3, name: "Ba", mine: "voted" },
        ]);
        await mountWithCleanup(SessionBallot, { props: makeProps() });
        expect(queryAllAttributes("article[data-mine=to_vote]", "data-item")).toEqual(["2", "1"]);
        expect("article button").toHaveCount(6);
        expect("details li").toHaveCount(1);
        expect.verifySteps(["read 5", "join hoithi.session_5", "state 5"]);
    });

    test("begins at the entry whose ballot was asked for", async () => {
        mockBus();
        mockBallot([
            { ...ITEM, id: 1, name: "Một", mine: "to_vote", current: true },
            { ...ITEM, id: 2, name: "Hai", mine: "to_vote" },
        ]);
        const props = makeProps();
        props.action.params = { item_id: 2 };
        await mountWithCleanup(SessionBallot, { props });
        expect(queryAllAttributes("article[data-mine=to_vote]", "data-item")).toEqual(["2", "1"]);
        expect.verifySteps(["read 5", "join hoithi.session_5", "state 5"]);
    });

    test("without a session says what comes, and finds one that was planned meanwhile", async () => {
        mockBus();
        mockBallot([{ ...ITEM, id: 1, name: "Một", mine: "to_vote" }]);
        let running = false;
        onRpc("hoithi.session", "get_running", () => running);
        await mountWithCleanup(SessionBallot, { props: makeProps({}) });
        expect("h1").toHaveText("No session is planned or open");
        expect(".o_hoithi_to_sessions").toHaveCount(1);
        expect(".o_hoithi_to_home").toHaveCount(1);
        expect.verifySteps([]);
        running = 5;
        await click(".o_hoithi_look_again");
        await advanceTime(300);
        await animationFrame();
        expect("article button").toHaveCount(3);
        expect.verifySteps(["read 5", "join hoithi.session_5", "state 5"]);
    });

    test("a vote is cast once it is confirmed", async () => {
        mockBus();
        const data = mockBallot([{ ...ITEM, id: 2, name: "Hai", mine: "to_vote", current: true }]);
        onRpc("hoithi.session", "action_cast", ({ args }) => {
            expect.step(["cast", ...args]);
            data.items[0].mine = "voted";
            return true;
        });
        await mountWithCleanup(SessionBallot, { props: makeProps() });
        expect.verifySteps(["read 5", "join hoithi.session_5", "state 5"]);
        await click(".o_hoithi_vote_disagree");
        await animationFrame();
        expect("[data-vote=confirm]").toHaveCount(1);
        await click(".o_hoithi_vote_back");
        await animationFrame();
        expect.verifySteps([]);

        await click(".o_hoithi_vote_agree");
        await animationFrame();
        await click(".o_hoithi_vote_send");
        await animationFrame();
        expect.verifySteps([["cast", [5], 2, "agree"], "read 5"]);
        await animationFrame();
        expect("article button").toHaveCount(0);
        expect("article[data-mine=voted]").toHaveCount(1);
    });

    /** Vote “agree” while the network is down. */
    async function voteOffline(net, item = {}) {
        mockBus();
        const data = mockBallot([
            { ...ITEM, id: 2, name: "Hai", mine: "to_vote", current: true, ...item },
        ]);
        async function answer(request) {
            if (!net.up) {
                // what isn't JSON comes from no server of Odoo's
                return new Response("no network");
            }
            const { params } = await request.json();
            expect.step(["cast", ...params.args]);
            data.items[0].mine = "voted";
            return { jsonrpc: "2.0", result: true };
        }
        onRpc("/web/dataset/call_kw/hoithi.session/action_cast", answer, { pure: true });
        await mountWithCleanup(SessionBallot, { props: makeProps() });
        await click(".o_hoithi_vote_agree");
        await animationFrame();
        await click(".o_hoithi_vote_send");
        await animationFrame();
        expect("[data-vote=lost]").toHaveCount(1);
        expect(".o_hoithi_choice").toHaveText("Not sent yet");
        expect.verifySteps(["read 5", "join hoithi.session_5", "state 5"]);
        return data;
    }

    test("a vote that didn't get through is sent again, once", async () => {
        const net = { up: false };
        await voteOffline(net);
        net.up = true;
        await advanceTime(RESEND);
        await advanceTime(1000);
        expect.verifySteps(["read 5", ["cast", [5], 2, "agree"], "read 5"]);
        expect("[data-vote]").toHaveCount(0);
        expect("article[data-mine=voted]").toHaveCount(1);
    });

    test("a vote whose answer got lost isn't sent twice", async () => {
        const net = { up: false };
        const data = await voteOffline(net);
        data.items[0].mine = "voted";
        net.up = true;
        await advanceTime(RESEND);
        await advanceTime(1000);
        expect.verifySteps(["read 5"]);
        expect("article[data-mine=voted]").toHaveCount(1);
    });

    test("a vote that comes too late is refused aloud", async () => {
        const net = { up: false };
        const data = await voteOffline(net);
        Object.assign(data.items[0], { mine: "absent", state: "counted" });
        net.up = true;
        await advanceTime(RESEND);
        await advanceTime(1000);
        expect("[data-vote=refused]").toHaveText(/counted before yours arrived/);
        expect.verifySteps(["read 5", "read 5"]);
        await click(".o_hoithi_vote_back");
        await animationFrame();
        expect("[data-vote]").toHaveCount(0);
    });

    test("an open vote and a secret one say what becomes of the choice", async () => {
        mockBus();
        mockBallot([
            { ...ITEM, id: 1, name: "Một", mine: "to_vote", mode: "open" },
            { ...ITEM, id: 2, name: "Hai", mine: "to_vote" },
        ]);
        await mountWithCleanup(SessionBallot, { props: makeProps() });
        expect("[data-item='2'] .o_hoithi_vote_blank").toHaveText("Blank ballot");
        expect("[data-item='1'] .o_hoithi_ballot_mode").toHaveText(/with your name/);
        expect("[data-item='2'] .o_hoithi_ballot_mode").toHaveText(/nobody can tell/);
        expect.verifySteps(["read 5", "join hoithi.session_5", "state 5"]);
    });

    test("a vote on a scope offers each, and sends the one that was chosen", async () => {
        mockBus();
        const choices = [
            { key: "province", label: "Province" },
            { key: "sector", label: "Sector" },
            ...ITEM.choices.slice(1),
        ];
        mockBallot([{ ...ITEM, id: 2, name: "Hai", mine: "to_vote", choices }]);
        onRpc("hoithi.session", "action_cast", ({ args }) => {
            expect.step(["cast", ...args]);
            return true;
        });
        await mountWithCleanup(SessionBallot, { props: makeProps() });
        expect(queryAllAttributes("article button", "data-choice")).toEqual([
            "province",
            "sector",
            "disagree",
            "blank",
        ]);
        await click("[data-choice=sector]");
        await animationFrame();
        await click(".o_hoithi_vote_send");
        await animationFrame();
        expect.verifySteps([
            "read 5",
            "join hoithi.session_5",
            "state 5",
            ["cast", [5], 2, "sector"],
            "read 5",
        ]);
    });

    test("a conflict of interest and a missing seat offer no vote", async () => {
        mockBus();
        const data = mockBallot([{ ...ITEM, id: 2, name: "Hai", mine: "recused", current: true }]);
        data.seated = false;
        await mountWithCleanup(SessionBallot, { props: makeProps() });
        expect("article[data-mine=recused]").toHaveText(/leave the room/);
        expect("article button").toHaveCount(0);
        expect(".o_hoithi_ballot_hint:first").toHaveText("You don't sit on this council.");
        expect.verifySteps(["read 5", "join hoithi.session_5", "state 5"]);
    });

    test("follows its own session alone, and reads anew after an outage", async () => {
        const bus = mockBus();
        mockBallot([]);
        await mountWithCleanup(SessionBallot, { props: makeProps() });
        expect.verifySteps(["read 5", "join hoithi.session_5", "state 5"]);
        bus.send(6);
        await advanceTime(1000);
        expect.verifySteps([]);
        bus.send(5);
        await advanceTime(1000);
        expect.verifySteps(["read 5"]);
        bus.reconnect();
        await advanceTime(1000);
        expect.verifySteps(["read 5"]);
    });

    test("leaves the session's channel when the screen closes", async () => {
        const bus = mockBus();
        mockBallot([]);
        class Room extends Component {
            static components = { SessionBallot };
            static props = ["*"];
            static template = xml`<SessionBallot t-if="state.open" t-props="props.ballot"/>`;
            setup() {
                this.state = useState({ open: true });
            }
        }
        const room = await mountWithCleanup(Room, { props: { ballot: makeProps() } });
        expect(bus.left).not.toInclude("hoithi.session_5");
        room.state.open = false;
        await animationFrame();
        expect(bus.left).toInclude("hoithi.session_5");
        expect.verifySteps(["read 5", "join hoithi.session_5", "state 5"]);
    });

    test("without a session asks which one runs, and says when none does", async () => {
        mockBus();
        onRpc("hoithi.session", "get_running", () => {
            expect.step("running?");
            return false;
        });
        await mountWithCleanup(SessionBallot, { props: makeProps({}) });
        expect("h1").toHaveText("No session is planned or open");
        expect.verifySteps(["running?"]);
    });
});

describe("board", () => {
    test("tells how many of the issued ballots are cast, and who is absent", async () => {
        mockBus();
        const data = {
            ...SESSION,
            issued: 9,
            cast: 9,
            members: [
                { id: 1, name: "Có mặt", present: true },
                { id: 2, name: "Vắng", present: false },
            ],
            items: 12,
            next: [{ id: 3, code: "ST-03", name: "Ba" }],
            current: {
                id: 2,
                code: "ST-02",
                name: "Hai",
                state: "voting",
                recused: ["Bà Ngoài"],
                cast: 2,
                issued: 3,
            },
        };
        onRpc("hoithi.session", "get_board_data", () => data);
        const board = await mountWithCleanup(SessionBoard, { props: makeProps() });
        expect(".o_hoithi_cast").toHaveText("2");
        expect(".o_hoithi_issued").toHaveText("/3");
        expect(".o_hoithi_board_recused").toHaveText(/Bà Ngoài/);
        expect(board.percentCast).toBe(67);
        expect(board.absent.map((member) => member.name)).toEqual(["Vắng"]);
        expect.verifySteps(["join hoithi.session_5", "state 5"]);
    });
});

describe("form", () => {
    async function mountForm() {
        const bus = mockBus();
        onRpc("hoithi.session", "web_read", () => expect.step("read"));
        await mountView({
            type: "form",
            resModel: "hoithi.session",
            resId: 5,
            arch: `<form js_class="hoithi_session_form"><field name="name"/></form>`,
        });
        expect.verifySteps(["read", "join hoithi.session_5"]);
        return bus;
    }

    test("follows its own session while others vote", async () => {
        const bus = await mountForm();
        bus.send(6);
        await advanceTime(2000);
        expect.verifySteps([]);
        bus.send(5);
        await advanceTime(2000);
        expect.verifySteps(["read"]);
    });

    test("keeps what is being typed", async () => {
        const bus = await mountForm();
        await click("[name=name] input");
        await edit("Phiên một");
        await animationFrame();
        bus.send(5);
        await advanceTime(2000);
        expect.verifySteps([]);
        expect("[name=name] input").toHaveValue("Phiên một");
    });
});

describe("SessionDesk", () => {
    test("a conclusion that is kept gives way to the server's later text", async () => {
        const desk = reactive({ item: { id: 7, conclusion: "cũ" } });
        const state = reactive({ typed: { item: 7, text: "mới" }, saved: "" });
        const typed = Object.create(SessionDesk.prototype, {
            desk: { value: desk },
            state: { value: state },
            orm: { value: { write: async (...args) => expect.step(args[2].conclusion) } },
        });
        await typed.keep();
        expect.verifySteps(["mới"]);
        expect(typed.conclusion).toBe("mới");
        desk.item.conclusion = "của người khác";
        expect(typed.conclusion).toBe("của người khác");
        // and isn't written over
        await typed.keep();
        expect.verifySteps([]);
    });

    test("what is typed while the text before it is kept stays", async () => {
        const written = new Deferred();
        const state = reactive({ typed: { item: 7, text: "một" }, saved: "" });
        const typed = Object.create(SessionDesk.prototype, {
            desk: { value: reactive({ item: { id: 7, conclusion: "" } }) },
            state: { value: state },
            orm: { value: { write: () => written } },
        });
        const kept = typed.keep();
        state.typed = { item: 7, text: "một hai" };
        written.resolve();
        await kept;
        expect(typed.conclusion).toBe("một hai");
    });

    test("a refused text holds up no act, one that got lost is sent again", async () => {
        const errors = [new ConnectionLostError("/web/dataset"), new Error("You compete")];
        const typed = Object.create(SessionDesk.prototype, {
            desk: { value: reactive({ item: { id: 7, conclusion: "" } }) },
            state: { value: reactive({ typed: { item: 7, text: "mới" }, saved: "" }) },
            orm: {
                value: {
                    write: async () => {
                        expect.step("write");
                        throw errors.shift();
                    },
                },
            },
        });
        await expect(typed.keep()).rejects.toThrow();
        await expect(typed.keep()).rejects.toThrow("You compete");
        await typed.keep();
        expect.verifySteps(["write", "write"]);
        // it isn't lost
        expect(typed.conclusion).toBe("mới");
    });

    const DESK = {
        session: 5,
        is_run: true,
        quorum: true,
        can_start: true,
        next: 8,
        items: [],
        roll: [],
        may_preside: [],
        item: {
            id: 7,
            state: "pending",
            recused: [],
            totals: [],
            voters: [],
            tellers: [],
            issued: 6,
            cast: 6,
            can_conclude: true,
        },
    };

    async function mountDesk(changes = {}, item = {}) {
        const desk = { ...DESK, ...changes, item: { ...DESK.item, ...item } };
        const record = { data: { desk_data: desk }, save: async () => true, load: async () => {} };
        mockService("action", { doActionButton: ({ name, resId }) => expect.step([name, resId]) });
        await mountWithCleanup(SessionDesk, { props: { record, name: "desk_data" } });
    }

    test("Ctrl+Enter starts a vote and counts it, Alt+N takes the next item", async () => {
        await mountDesk();
        expect(".o_hoithi_desk_start kbd").toHaveText("Ctrl+Enter");
        // also while the conclusion is written
        await click("#o_hoithi_conclusion");
        await press(["control", "enter"]);
        await animationFrame();
        expect.verifySteps([["action_start_vote", 7]]);
        await press(["alt", "n"]);
        await animationFrame();
        // the item isn't decided
        expect.verifySteps([]);
    });

    test("who competes runs the session, and writes no conclusion", async () => {
        await mountDesk({}, { can_conclude: false, conclusion: "Tốt" });
        expect("textarea").toHaveCount(0);
        expect("#o_hoithi_conclusion").toHaveText("Tốt");
        await press(["control", "enter"]);
        await animationFrame();
        expect.verifySteps([["action_start_vote", 7]]);
    });

    test("keys count what all have voted on, and nothing early", async () => {
        await mountDesk({}, { state: "voting", can_count: true });
        await press(["control", "enter"]);
        await animationFrame();
        expect.verifySteps([["action_ask_count", 7]]);
    });

    test("a vote that is under way isn't counted early by keys", async () => {
        await mountDesk({}, { state: "voting", can_count: true, cast: 4 });
        await press(["control", "enter"]);
        await animationFrame();
        expect.verifySteps([]);
    });

    test("after the count the next item comes by keys", async () => {
        await mountDesk({}, { state: "counted" });
        await press(["control", "enter"]);
        await animationFrame();
        expect.verifySteps([]);
        await press(["alt", "n"]);
        await animationFrame();
        expect.verifySteps([["action_present", 8]]);
    });
});
