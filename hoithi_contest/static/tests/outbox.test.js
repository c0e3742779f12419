import { expect, test } from "@odoo/hoot";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { defineModels, fields, models, mountView, onRpc } from "@web/../tests/web_test_helpers";
import { registry } from "@web/core/registry";
import { contestCalendarItem } from "@hoithi_contest/user_menu/calendar_item";

class Letter extends models.Model {
    _name = "letter";

    name = fields.Char();
    _records = [{ id: 1, name: "Biên nhận" }];
}

defineMailModels();
defineModels([Letter]);

const ARCHS = {
    list: `<list js_class="hoithi_outbox_list"><field name="name"/></list>`,
    kanban: `<kanban js_class="hoithi_outbox_kanban">
        <templates><t t-name="card"><field name="name"/></t></templates>
    </kanban>`,
};

for (const [type, arch] of Object.entries(ARCHS)) {
    test(`${type}: why letters don't leave stands above them`, async () => {
        onRpc("res.company", "hoithi_get_mail_problems", () => ["Chưa có máy chủ thư"]);
        await mountView({ type, resModel: "letter", arch });
        expect(".alert").toHaveText(/Chưa có máy chủ thư/);
    });

    test(`${type}: nothing is said where letters leave`, async () => {
        onRpc("res.company", "hoithi_get_mail_problems", () => []);
        await mountView({ type, resModel: "letter", arch });
        expect(".alert").toHaveCount(0);
    });
}

test("the own calendar is reached from the user's menu", () => {
    const item = contestCalendarItem();
    expect(item.href).toBe("/my/hoithi/calendar");
    expect(registry.category("user_menuitems").get("hoithi_calendar")).toBe(contestCalendarItem);
});
