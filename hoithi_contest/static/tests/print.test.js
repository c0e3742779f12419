import { expect, test } from "@odoo/hoot";
import { press, queryAllTexts, waitFor, waitForNone } from "@odoo/hoot-dom";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import {
    defineModels,
    fields,
    models,
    mountView,
    patchWithCleanup,
} from "@web/../tests/web_test_helpers";

class Session extends models.Model {
    _name = "hoithi.session";

    name = fields.Char();
    item_ids = fields.One2many({ relation: "item" });
    _records = [{ id: 5, name: "Phiên 1", item_ids: [1, 2, 3] }];
}

class Item extends models.Model {
    _name = "item";

    name = fields.Char();
    _records = [
        { id: 1, name: "Một" },
        { id: 2, name: "Hai" },
        { id: 3, name: "Ba" },
    ];
}

defineMailModels();
defineModels([Session, Item]);

test("a form is printed with the rows of all pages of its lists", async () => {
    patchWithCleanup(window, {
        print() {
            expect.step(queryAllTexts(".o_data_row"));
            window.dispatchEvent(new Event("afterprint"));
        },
    });
    await mountView({
        type: "form",
        resModel: "hoithi.session",
        resId: 5,
        arch: `<form><notebook>
            <page name="items" string="Items">
                <field name="item_ids"><list limit="2"><field name="name"/></list></field>
            </page>
            <page name="other" string="Other"><field name="name"/></page>
        </notebook></form>`,
    });
    expect(".o_data_row").toHaveCount(2);
    await press(["control", "p"]);
    await waitFor(".o_hoithi_printed_page");
    await waitForNone(".o_hoithi_printed_page");
    await waitForNone(".o_data_row:eq(2)");
    expect.verifySteps([["Một", "Hai", "Ba"]]);
    expect(".o_data_row").toHaveCount(2);
});
