import { expect, test } from "@odoo/hoot";
import { click, queryAllAttributes, queryAllTexts } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { getService, mountWithCleanup, onRpc } from "@web/../tests/web_test_helpers";
import { registry } from "@web/core/registry";
import { WebClient } from "@web/webclient/webclient";
import "@hoithi_contest/home/home";
import { launchItem, myEntriesItem } from "@hoithi_contest/user_menu/staff_items";

defineMailModels();

const contest = { id: 7, name: "Hội thi IX", label: "Lần thứ IX", state: "open", state_label: "Đăng ký" };

function makeHome(changes = {}) {
    return {
        contests: [contest],
        contest,
        now: "08:00 29/11/2026",
        phases: [
            { state: "draft", label: "Chuẩn bị", place: "done", when: "", days: null, days_text: "" },
            { state: "open", label: "Đăng ký", place: "now", when: "đến 12/01/2027", days: 6, days_text: "còn 6 ngày" },
        ],
        way: {
            contest: 7,
            state: "open",
            act: { rank: 10, title: "Sơ duyệt 6 hồ sơ", text: "", action: "Mở bảng", target: { method: "action_x" } },
            gate: {
                title: "Đóng đăng ký",
                note: "",
                ask: "action_ask_close_registration",
                early: true,
                checks: [
                    { severity: "block", text: "một việc vướng", action: "Sửa", target: { method: "action_mend" }, note: "", key: "" },
                    { severity: "done", text: "một việc xong", action: "", target: null, note: "", key: "" },
                ],
            },
            nothing: "",
        },
        waiting: [{ number: 3, text: "Câu hỏi", note: "", target: { method: "action_y" } }],
        cards: [
            {
                key: "late",
                kind: "late",
                title: "Ai đang chậm",
                rank: 20,
                span: 6,
                lines: [{ key: "draft_authors", text: "7 bản nháp", note: "", is_late: false, reminded: "chưa nhắc", can_remind: true }],
            },
        ],
        ...changes,
    };
}

async function mountHome(home, calls = []) {
    onRpc("hoithi.home", "get_home", () => home);
    onRpc("hoithi.contest", "*", ({ method, args }) => {
        calls.push([method, ...args.slice(1)]);
        return true;
    });
    await mountWithCleanup(WebClient);
    await getService("action").doAction({ type: "ir.actions.client", tag: "hoithi_home" });
    return calls;
}

test("there is one primary button, and it does the next act", async () => {
    const calls = await mountHome(makeHome());
    expect(".btn-primary").toHaveCount(1);
    expect(".btn-primary").toHaveText("Mở bảng");
    await click(".btn-primary");
    await animationFrame();
    expect(calls).toEqual([["action_x"]]);
});

test("what blocks is told with its mend, and the current phase is named", async () => {
    const calls = await mountHome(makeHome());
    expect("[aria-current=step]").toHaveText(/Đăng ký/);
    expect(queryAllTexts(".o_hoithi_checks [data-severity]").length).toBe(2);
    await click("[data-severity=block] button");
    await animationFrame();
    expect(calls).toEqual([["action_mend"]]);
    expect("[data-severity=done] button").toHaveCount(0);
});

test("each check is told in words, and a system that fails isn't in the way", async () => {
    const severities = ["block", "warn", "done"];
    const health = {
        key: "health",
        kind: "health",
        title: "Hệ thống",
        rank: 30,
        span: 6,
        lines: severities.map((severity) => ({ key: severity, text: severity, note: "", severity })),
        empty: "",
    };
    const way = makeHome().way;
    way.gate.checks = [...severities, "waived"].map((severity) => ({
        severity,
        text: severity,
        action: "",
        target: null,
        note: "",
        key: "",
    }));
    await mountHome(makeHome({ way, cards: [health] }));
    const words = (place) => queryAllAttributes(`${place} [data-severity] i[role=img]`, "aria-label");
    expect(words(".o_hoithi_health")).toEqual(["Out of order", "To be looked at", "In order"]);
    expect(words(".o_hoithi_checks")).toEqual(["In the way", "To be looked at", "In order", "Waived"]);
    expect(".o_hoithi_checks [data-severity=waived] i").toHaveClass("fa-minus-circle");
    expect(".o_hoithi_health [data-severity=block] i").toHaveClass("fa-times-circle");
});

test("the step opens its dialog, it isn't done by itself", async () => {
    const calls = await mountHome(makeHome());
    await click(".o_hoithi_step");
    await animationFrame();
    expect(calls).toEqual([["action_ask_close_registration"]]);
});

test("who is late is reminded through the server", async () => {
    const calls = await mountHome(makeHome());
    await click("[data-card=late] .o_hoithi_remind");
    await animationFrame();
    expect(calls).toEqual([["action_remind", "draft_authors"]]);
});

test("where nothing waits it says so, without a button", async () => {
    await mountHome(
        makeHome({
            way: { contest: 7, act: null, gate: null, nothing: "Không có việc nào" },
            waiting: [],
            cards: [],
            phases: [],
        })
    );
    expect(".o_hoithi_next").toHaveText(/Không có việc nào/);
    expect(".btn-primary").toHaveCount(0);
});

test("launch and own entries stand in the user's menu", () => {
    const items = registry.category("user_menuitems");
    expect(items.get("hoithi_launch")).toBe(launchItem);
    expect(items.get("hoithi_my_entries")).toBe(myEntriesItem);
    expect(myEntriesItem().href).toBe("/my/hoithi");
});
