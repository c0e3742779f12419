import { expect, test } from "@odoo/hoot";
import { click, edit } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { defineModels, fields, models, mountView, onRpc } from "@web/../tests/web_test_helpers";

class Field extends models.Model {
    _name = "hoithi.seen";

    name = fields.Char();
    day = fields.Date();
    other_id = fields.Many2one({ relation: "hoithi.seen" });
    _records = [
        { id: 1, name: "Cũ", day: "2026-03-05", other_id: 2 },
        { id: 2, name: "Khác", day: false, other_id: false },
    ];
}

class Stranger extends models.Model {
    _name = "stranger";

    name = fields.Char();
    _records = [{ id: 1, name: "Cũ" }];
}

defineMailModels();
defineModels([Field, Stranger]);

async function mountSeen(resModel, resId) {
    onRpc(resModel, "web_save", ({ kwargs }) => {
        expect.step(kwargs.context.hoithi_seen || "nothing");
    });
    const more = resModel === "stranger" ? "" : `<field name="day"/><field name="other_id"/>`;
    await mountView({
        type: "form",
        resModel,
        resId,
        arch: `<form><field name="name"/>${more}</form>`,
    });
}

async function rename(name) {
    await click("[name=name] input");
    await edit(name, { confirm: "blur" });
    await click(".o_form_button_save");
    await animationFrame();
}

test("a save says what stood in the fields that it changes", async () => {
    await mountSeen("hoithi.seen", 1);
    await rename("Mới");
    expect.verifySteps([{ name: "Cũ" }]);
    // what was saved is what stands there now
    await rename("Mới hơn");
    expect.verifySteps([{ name: "Mới" }]);
});

test("a new record has nothing to say, nor have records of other addons", async () => {
    await mountSeen("hoithi.seen");
    await rename("Mới");
    expect.verifySteps(["nothing"]);
});

test("records of other addons are left alone", async () => {
    await mountSeen("stranger", 1);
    await rename("Mới");
    expect.verifySteps(["nothing"]);
});
