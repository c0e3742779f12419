import { describe, expect, test } from "@odoo/hoot";
import { click, edit, press } from "@odoo/hoot-dom";
import { animationFrame, mockTimeZone } from "@odoo/hoot-mock";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { defineModels, fields, models, mountView, onRpc } from "@web/../tests/web_test_helpers";
import {
    formatMoment,
    fromWall,
    getWorkEnd,
    namesHour,
    orderTyped,
    toWall,
} from "@hoithi_contest/moments/moments";

const { DateTime } = luxon;
const HANOI = "Asia/Ho_Chi_Minh";

class Deadline extends models.Model {
    _name = "deadline";

    day = fields.Date();
    moment = fields.Datetime();
    clock_tz = fields.Char();
    clock_day_end = fields.Float();
    _records = [
        {
            id: 1,
            day: "2026-03-05",
            moment: "2026-03-05 10:00:00",
            clock_tz: HANOI,
            clock_day_end: 16.5,
        },
        { id: 2, day: false, moment: false, clock_tz: HANOI, clock_day_end: 16.5 },
    ];
}

defineMailModels();
defineModels([Deadline]);

async function mountDeadline(resId, widget = "hoithi_deadline") {
    await mountView({
        type: "form",
        resModel: "deadline",
        resId,
        arch: `<form><field name="moment" widget="${widget}"/></form>`,
    });
}

function stepSaved() {
    onRpc("deadline", "web_save", ({ args }) => {
        expect.step(args[1].moment);
    });
}

async function type(text) {
    await click(".o_field_widget[name=moment] button, .o_field_widget[name=moment] input");
    await animationFrame();
    await edit(text, { confirm: "enter" });
    await animationFrame();
    await press("escape");
    await animationFrame();
    await click(".o_form_button_save");
    await animationFrame();
}

describe("clock", () => {
    test("a moment is shown as the clocks at the contest show it, and read back", () => {
        mockTimeZone(+2);
        const moment = DateTime.fromISO("2026-03-05T10:00:00Z").setZone("default");
        const wall = toWall(moment, HANOI);
        expect(wall.toFormat("HH:mm")).toBe("17:00");
        expect(fromWall(wall, HANOI).toMillis()).toBe(moment.toMillis());
        expect(formatMoment(wall)).toBe("17:00 05/03/2026");
        expect(formatMoment(wall, false)).toBe("05/03/2026");
    });

    test("no moment stays none", () => {
        expect(toWall(false, HANOI)).toBe(false);
        expect(fromWall(null, HANOI)).toBe(null);
    });

    test("work ends at the department's hour; 24 is the day's last minute", () => {
        const day = DateTime.fromISO("2026-03-05T08:12:13");
        expect(getWorkEnd(day, 16.5).toFormat("HH:mm:ss")).toBe("16:30:00");
        expect(getWorkEnd(day, 24).toFormat("dd HH:mm:ss")).toBe("05 23:59:59");
    });

    test("an hour is told from a day alone", () => {
        for (const text of ["17:00 05/03/2026", "05/03/2026 17:00", "05/03/2026 17", "+3H", "now", "050320261700"]) {
            expect(namesHour(text)).toBe(true, { message: text });
        }
        for (const text of ["05/03/2026", "5/3", "05032026", "+3d", ""]) {
            expect(namesHour(text)).toBe(false, { message: text });
        }
    });
});

describe("typed", () => {
    test("the day may come first, and alone", () => {
        for (const [text, ordered] of [
            ["5/3/2026", "00:00 05/03/2026"],
            ["05-03-2026 8:15", "08:15 05/03/2026"],
            ["05/03/2026 17", "17:00 05/03/2026"],
            ["05032026", "00:00 05/03/2026"],
            ["050320261705", "17:05 05/03/2026"],
            ["17:00 05/03/2026", "17:00 05/03/2026"],
            ["+3d", "+3d"],
            ["", ""],
        ]) {
            expect(orderTyped(text)).toBe(ordered, { message: text });
        }
        expect(orderTyped("5/3")).toBe(`00:00 05/03/${DateTime.now().year}`);
    });
});

describe("field", () => {
    test("shows the contest's hour and names its zone in a browser elsewhere", async () => {
        mockTimeZone(+2);
        await mountDeadline(1);
        expect(".o_field_widget[name=moment]").toHaveText(/Asia\/Ho_Chi_Minh/);
        expect(".o_field_widget[name=moment] button").toHaveValue("17:00 05/03/2026");
    });

    test("names no zone in a browser on the same clock", async () => {
        mockTimeZone(+7);
        await mountDeadline(1);
        expect(".o_field_widget[name=moment]").not.toHaveText(/Asia/);
        expect(".o_field_widget[name=moment] button").toHaveValue("17:00 05/03/2026");
    });

    test("a deadline typed as a day means the end of work there", async () => {
        mockTimeZone(+2);
        stepSaved();
        await mountDeadline(2);
        await type("06/03/2026");
        expect.verifySteps(["2026-03-06 09:30:00"]);
    });

    test("a deadline typed with its hour keeps it", async () => {
        mockTimeZone(+2);
        stepSaved();
        await mountDeadline(2);
        await type("06/03/2026 08:15");
        expect.verifySteps(["2026-03-06 01:15:00"]);
    });

    test("a deadline typed hour first, as it is written, keeps it", async () => {
        mockTimeZone(+2);
        stepSaved();
        await mountDeadline(2);
        await type("8:15 06/03/2026");
        expect.verifySteps(["2026-03-06 01:15:00"]);
    });

    test("a moment that is no deadline is no end of work", async () => {
        mockTimeZone(+7);
        stepSaved();
        await mountDeadline(2, "hoithi_moment");
        await type("06/03/2026");
        expect.verifySteps(["2026-03-05 17:00:00"]);
    });
});
