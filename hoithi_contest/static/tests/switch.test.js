import { expect, test } from "@odoo/hoot";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import {
    contains,
    defineActions,
    defineModels,
    fields,
    getService,
    models,
    mountWithCleanup,
    onRpc,
} from "@web/../tests/web_test_helpers";
import { WebClient } from "@web/webclient/webclient";

class Contest extends models.Model {
    _name = "contest";

    name = fields.Char();
    _records = [
        { id: 1, name: "Hội thi A" },
        { id: 2, name: "Hội thi B" },
    ];
}

const ARCHS = {
    list: `<list><field name="name"/></list>`,
    form: `<form><field name="name"/><field name="contest_id"/></form>`,
    search: `<search><field name="contest_id"/></search>`,
};

class Task extends models.Model {
    _name = "task";

    name = fields.Char();
    contest_id = fields.Many2one({ relation: "contest", required: true });
    _records = [
        { id: 1, name: "Việc A", contest_id: 1 },
        { id: 2, name: "Việc B", contest_id: 2 },
    ];
    _views = ARCHS;
}

class Letter extends models.Model {
    _name = "letter";

    name = fields.Char();
    contest_id = fields.Many2one({ relation: "contest" });
    _records = [
        { id: 1, name: "Thư A", contest_id: 1 },
        { id: 2, name: "Thư B", contest_id: 2 },
        { id: 3, name: "Thư không thuộc hội thi nào" },
    ];
    _views = ARCHS;
}

defineMailModels();
defineModels([Contest, Task, Letter]);
defineActions(
    ["task", "letter"].map((model, index) => ({
        id: index + 1,
        name: model,
        res_model: model,
        type: "ir.actions.act_window",
        context: { hoithi_contest_switch: true },
        views: [
            [false, "list"],
            [false, "form"],
        ],
    }))
);

/** Contest A is chosen. */
async function open(action, additionalContext = {}) {
    onRpc("hoithi.home", "get_switch", () => ({
        contests: [
            { id: 1, name: "Hội thi A" },
            { id: 2, name: "Hội thi B" },
        ],
        current: 1,
    }));
    onRpc("hoithi.home", "choose_contest", () => true);
    await mountWithCleanup(WebClient);
    await getService("action").doAction(action, { additionalContext });
}

test("back from a record the list shows the contest that it showed", async () => {
    await open(1);
    expect(".o_data_row .o_data_cell").toHaveText("Việc A");
    await contains(".o_data_cell").click();
    expect(".o_form_view").toHaveCount(1);
    await contains(".o_back_button").click();
    expect(".o_data_row .o_data_cell").toHaveText("Việc A");
});

test("what is begun from the list of another contest is of that", async () => {
    onRpc("task", "onchange", ({ kwargs }) => {
        expect.step(kwargs.context.hoithi_contest_shown);
    });
    await open(1, { search_default_contest_id: 2 });
    expect(".o_data_row .o_data_cell").toHaveText("Việc B");
    await contains(".o_list_button_add").click();
    expect.verifySteps([2]);
});

test("letters of no contest stay with those of each", async () => {
    await open(2);
    expect(".o_data_row").toHaveCount(2);
    expect(".o_data_row:last .o_data_cell").toHaveText("Thư không thuộc hội thi nào");
});
