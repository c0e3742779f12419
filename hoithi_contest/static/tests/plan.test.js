import { beforeEach, describe, expect, test } from "@odoo/hoot";
import { press, queryAllAttributes, queryAllTexts, queryFirst } from "@odoo/hoot-dom";
import { animationFrame, mockDate } from "@odoo/hoot-mock";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { contains, defineModels, fields, models, mountView, onRpc } from "@web/../tests/web_test_helpers";

class Task extends models.Model {
    _name = "task";

    code = fields.Char();
    name = fields.Char();
    sequence = fields.Integer();
    date_start = fields.Date();
    date_end = fields.Date();
    date_done = fields.Date();
    is_late = fields.Boolean();
    lead_label = fields.Char();
    clock_tz = fields.Char();
    progress = fields.Selection({
        selection: [
            ["todo", "To Do"],
            ["doing", "Doing"],
            ["done", "Done"],
        ],
    });
    _records = [
        {
            id: 1,
            name: "Ban hành kế hoạch",
            lead_label: "Văn phòng",
            date_start: "2026-01-05",
            date_end: "2026-01-25",
            date_done: "2026-01-20",
            progress: "done",
            clock_tz: "Asia/Ho_Chi_Minh",
        },
        {
            id: 2,
            name: "Tuyên truyền",
            date_start: "2026-02-10",
            date_end: "2026-04-30",
            progress: "doing",
            is_late: true,
            clock_tz: "Asia/Ho_Chi_Minh",
        },
        { id: 3, name: "Chưa hẹn", progress: "todo", clock_tz: "Asia/Ho_Chi_Minh" },
    ];
}

defineMailModels();
defineModels([Task]);

describe("timeline", () => {
    beforeEach(() => mockDate("2026-03-16 03:00:00", +7));

    async function mountTimeline(options = {}) {
        await mountView({
            type: "list",
            resModel: "task",
            arch: `<list js_class="hoithi_timeline" expand="1">
                <field name="code"/><field name="name"/><field name="lead_label"/>
                <field name="date_start"/><field name="date_end"/><field name="date_done"/>
                <field name="is_late"/><field name="progress"/><field name="clock_tz"/>
            </list>`,
            ...options,
        });
    }

    test("bars stand on a scale of whole months, with a line for today", async () => {
        await mountTimeline();
        expect(queryAllTexts(".o_hoithi_timeline_month")).toEqual([
            "01/2026",
            "02/2026",
            "03/2026",
            "04/2026",
        ]);
        expect(".o_hoithi_timeline_bar").toHaveCount(2);
        const [first, second] = queryAllAttributes(".o_hoithi_timeline_bar", "style").map(
            (style) => style.match(/[\d.]+/g).map(Number)
        );
        // of the 120 days from January to April, four are before the 5th of January
        expect(first[0]).toBeCloseTo((100 * 4) / 120, { margin: 0.01 });
        expect(first[1]).toBeCloseTo((100 * 21) / 120, { margin: 0.01 });
        expect(second[0] + second[1]).toBeCloseTo(100, { margin: 0.01 });
        const [today] = queryFirst(".o_hoithi_timeline_today")
            .getAttribute("style")
            .match(/[\d.]+/g);
        expect(Number(today)).toBeCloseTo((100 * 74) / 120, { margin: 0.01 });
    });

    test("a bar says its task, lead, period and progress", async () => {
        await mountTimeline();
        expect(queryAllAttributes(".o_hoithi_timeline_bar", "aria-label")).toEqual([
            "Ban hành kế hoạch, Văn phòng, 05/01/2026 – 25/01/2026, Done 20/01/2026",
            "Tuyên truyền, 10/02/2026 – 30/04/2026, Doing · Late",
        ]);
        expect(".o_hoithi_timeline_bar.text-bg-success").toHaveCount(1);
        expect(".o_hoithi_timeline_bar.text-bg-danger").toHaveCount(1);
    });

    test("a task without a period is there without a bar", async () => {
        await mountTimeline();
        expect(".o_hoithi_timeline_row").toHaveCount(3);
        expect(".o_hoithi_timeline_row:last .btn-link").toHaveText("No period");
    });

    test("one bar is reached by Tab, the others by arrow keys", async () => {
        await mountTimeline();
        expect(queryAllAttributes(".o_hoithi_timeline_bar", "tabindex")).toEqual(["0", "-1"]);
        queryFirst(".o_hoithi_timeline_bar").focus();
        await press("ArrowDown");
        await animationFrame();
        expect(".o_hoithi_timeline_bar:eq(1)").toBeFocused();
        expect(queryAllAttributes(".o_hoithi_timeline_bar", "tabindex")).toEqual(["-1", "0"]);
        await press("ArrowDown");
        await animationFrame();
        expect(".o_hoithi_timeline_bar:eq(1)").toBeFocused();
        await press("Home");
        await animationFrame();
        expect(".o_hoithi_timeline_bar:eq(0)").toBeFocused();
    });

    test("a group has a scale of its own", async () => {
        await mountTimeline({ groupBy: ["progress"] });
        expect(queryAllTexts("section h2")).toEqual(["To Do", "Doing", "Done"]);
        expect(queryAllTexts("section:last .o_hoithi_timeline_month")).toEqual(["01/2026"]);
    });

    test("tells when there is nothing", async () => {
        Task._records = [];
        await mountTimeline({ noContentHelp: "Chưa có nhiệm vụ" });
        expect(".o_view_nocontent").toHaveText("Chưa có nhiệm vụ");
    });
});

describe("board", () => {
    const arch = `<kanban js_class="hoithi_plan_board" default_group_by="progress">
        <field name="sequence" widget="handle"/>
        <templates><t t-name="card"><field name="name"/></t></templates>
    </kanban>`;

    test("a dropped card changes its progress, and not the order of the plan", async () => {
        onRpc("task", "web_save", ({ args }) => expect.step(args));
        onRpc("task", "web_resequence", () => expect.step("resequence"));
        await mountView({ type: "kanban", resModel: "task", arch, groupBy: ["progress"] });
        await contains(".o_kanban_group:contains('To Do') .o_kanban_record").dragAndDrop(
            ".o_kanban_group:contains('Done')"
        );
        expect.verifySteps([[[3], { progress: "done" }]]);
    });
});
