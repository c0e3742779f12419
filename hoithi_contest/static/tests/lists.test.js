import { expect, test } from "@odoo/hoot";
import { click, queryAllTexts } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { defineModels, fields, models, mountView } from "@web/../tests/web_test_helpers";

const NAMES = ["Trần Văn Ân", "Lê Thị Bình", "Ăn Văn Đạt", "Cao Duy", "Ma Văn Áo"];
const PLACES = ["Thôn Đình", false, "Thôn Dọc", false, "Thôn Ao"];
const SORTED = ["Ma Văn Áo", "Trần Văn Ân", "Lê Thị Bình", "Cao Duy", "Ăn Văn Đạt"];

class Seat extends models.Model {
    _name = "hoithi.seat";

    body_id = fields.Many2one({ relation: "hoithi.body" });
    person_id = fields.Many2one({ relation: "hr.employee" });
    note = fields.Char();
    place = fields.Char();
    _records = NAMES.map((name, index) => ({
        id: index + 1,
        body_id: 1,
        person_id: index + 1,
        note: name,
        place: PLACES[index],
    }));
}

class Body extends models.Model {
    _name = "hoithi.body";

    seat_ids = fields.One2many({ relation: "hoithi.seat", relation_field: "body_id" });
    _records = [{ id: 1, seat_ids: [1, 2, 3, 4, 5] }];
}

class Employee extends models.Model {
    _name = "hr.employee";

    name = fields.Char();
    _records = NAMES.map((name, index) => ({ id: index + 1, name }));
}

defineMailModels();
defineModels([Body, Seat, Employee]);

test("a list inside of a form sorts persons by the given name, in the Vietnamese alphabet", async () => {
    await mountView({
        type: "form",
        resModel: "hoithi.body",
        resId: 1,
        arch: `<form><field name="seat_ids">
            <list><field name="person_id"/><field name="note"/></list>
        </field></form>`,
    });
    const read = (name) => queryAllTexts(`.o_data_row [name=${name}]`);
    expect(read("person_id")).toEqual(NAMES);
    await click("th[data-name=person_id]");
    await animationFrame();
    expect(read("person_id")).toEqual(SORTED);
    await click("th[data-name=person_id]");
    await animationFrame();
    expect(read("person_id")).toEqual(SORTED.toReversed());
    // a text is no person's name
    await click("th[data-name=note]");
    await animationFrame();
    expect(read("note")[0]).toBe("Ăn Văn Đạt");
    expect(read("note")[4]).toBe("Trần Văn Ân");
});

test("what is empty comes before every text", async () => {
    await mountView({
        type: "form",
        resModel: "hoithi.body",
        resId: 1,
        arch: `<form><field name="seat_ids"><list><field name="place"/></list></field></form>`,
    });
    await click("th[data-name=place]");
    await animationFrame();
    const read = () => queryAllTexts(".o_data_row [name=place]");
    expect(read()).toEqual(["", "", "Thôn Ao", "Thôn Dọc", "Thôn Đình"]);
    await click("th[data-name=place]");
    await animationFrame();
    expect(read()).toEqual(["Thôn Đình", "Thôn Dọc", "Thôn Ao", "", ""]);
});
