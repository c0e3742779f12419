import { expect, test } from "@odoo/hoot";
import { click, edit } from "@odoo/hoot-dom";
import { advanceTime, animationFrame } from "@odoo/hoot-mock";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import {
    MockServer,
    defineModels,
    fields,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";
import { mockBus } from "./bus";

class Run extends models.Model {
    _name = "run";

    name = fields.Char();
    _records = [
        { id: 1, name: "Giấy mời" },
        { id: 2, name: "Phiếu chấm" },
    ];
}

class Contest extends models.Model {
    _name = "contest";

    review_start_run_id = fields.Many2one({ relation: "run" });
    _records = [
        { id: 1, review_start_run_id: 2 },
        { id: 2, review_start_run_id: false },
    ];
}

defineMailModels();
defineModels([Run, Contest]);

async function mountRuns(type) {
    const bus = mockBus();
    onRpc("run", "web_read", () => expect.step("read"));
    onRpc("run", "web_search_read", () => expect.step("read"));
    await mountView({
        type,
        resModel: "run",
        resId: type === "form" ? 1 : undefined,
        arch: `<${type} js_class="hoithi_run_${type}"><field name="name"/></${type}>`,
    });
    return bus;
}

async function tell(bus, id, model = "run") {
    bus.send("hoithi.run/changed", { model, id });
    await advanceTime(2000);
}

test("a form reads its run anew when that moves, and no other", async () => {
    const bus = await mountRuns("form");
    expect.verifySteps(["read", "join hoithi.run:run,1"]);
    await tell(bus, 2);
    await tell(bus, 1, "another.model");
    expect.verifySteps([]);
    await tell(bus, 1);
    expect.verifySteps(["read"]);
});

test("a form that is being edited is left alone", async () => {
    const bus = await mountRuns("form");
    expect.verifySteps(["read", "join hoithi.run:run,1"]);
    await click("[name=name] input");
    await edit("Tên khác");
    await animationFrame();
    await tell(bus, 1);
    expect.verifySteps([]);
    expect("[name=name] input").toHaveValue("Tên khác");
});

test("a list follows each run that it shows, also after an outage", async () => {
    const bus = await mountRuns("list");
    expect.verifySteps(["read", "join hoithi.run:run,1", "join hoithi.run:run,2"]);
    await tell(bus, 3);
    expect.verifySteps([]);
    await tell(bus, 2);
    expect.verifySteps(["read"]);
    bus.reconnect();
    await advanceTime(2000);
    expect.verifySteps(["read"]);
});

test("a contest follows the start of its review, as long as there is one", async () => {
    const bus = mockBus();
    const start = "hoithi.review.start.run";
    onRpc("contest", "web_read", () => expect.step("read"));
    await mountView({
        type: "form",
        resModel: "contest",
        resId: 1,
        arch: `<form js_class="hoithi_contest_form"><field name="review_start_run_id"/></form>`,
    });
    expect.verifySteps(["read", `join hoithi.run:${start},2`]);
    await tell(bus, 1, start);
    await tell(bus, 2);
    expect.verifySteps([]);
    MockServer.env.contest.write([1], { review_start_run_id: false });
    await tell(bus, 2, start);
    expect.verifySteps(["read"]);
    expect(bus.left).toEqual([`hoithi.run:${start},2`]);
});
