import { describe, expect, test } from "@odoo/hoot";
import { click, queryAllTexts } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { defineModels, fields, models, mountView, onRpc } from "@web/../tests/web_test_helpers";

class Card extends models.Model {
    _name = "card";

    name = fields.Char();
    state = fields.Selection({
        selection: [
            ["submitted", "Submitted"],
            ["eligible", "Eligible"],
            ["ineligible", "Ineligible"],
        ],
    });
    _records = [
        { id: 1, name: "Một", state: "submitted" },
        { id: 2, name: "Hai", state: "eligible" },
        { id: 3, name: "Ba", state: "ineligible" },
    ];
}

defineMailModels();
defineModels([Card]);

async function openMenu(moves, groupBy = ["state"]) {
    onRpc("card", "get_moves", ({ args }) => {
        expect.step(["moves", ...args[0]]);
        return moves;
    });
    await mountView({
        type: "kanban",
        resModel: "card",
        groupBy,
        arch: `<kanban js_class="hoithi_workflow_board">
            <field name="state"/>
            <templates><t t-name="card"><field name="name"/></t></templates>
        </kanban>`,
    });
}

describe("board", () => {
    test("the menu of a card offers the columns that take it, and moves it there", async () => {
        onRpc("card", "get_move", ({ args }) => {
            expect.step(["move", ...args[0], args[1]]);
            return {};
        });
        await openMenu({ eligible: "done", ineligible: "refused" });
        await click(".o_kanban_record:contains(Một) .o_hoithi_card_menu");
        await animationFrame();
        expect(queryAllTexts("[data-move-to]")).toEqual(["Eligible"]);
        await click("[data-move-to=eligible]");
        await animationFrame();
        expect.verifySteps([
            ["moves", 1],
            ["move", 1, "eligible"],
        ]);
        expect(".o_kanban_group:contains(Eligible):eq(0) .o_kanban_record:contains(Một)").toHaveCount(
            1
        );
    });

    test("a card that goes nowhere says so", async () => {
        await openMenu({ eligible: "refused", ineligible: "refused" });
        await click(".o_kanban_record:contains(Một) .o_hoithi_card_menu");
        await animationFrame();
        expect("[data-move-to]").toHaveCount(0);
        expect(".o-dropdown--kanban-record-menu").toHaveText(/No column takes this card now/);
        expect.verifySteps([["moves", 1]]);
    });

    test("a board of something else than states has no such menu", async () => {
        await openMenu({}, ["name"]);
        expect(".o_kanban_record").toHaveCount(3);
        expect(".o_hoithi_card_menu").toHaveCount(0);
    });
});
