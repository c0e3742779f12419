import { expect, test } from "@odoo/hoot";
import { click } from "@odoo/hoot-dom";
import { advanceTime, animationFrame } from "@odoo/hoot-mock";
import { PATIENCE } from "@hoithi_contest/documents/plugin_sign";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { AssetsLoadingError, assets } from "@web/core/assets";
import {
    defineModels,
    fields,
    mockService,
    models,
    mountView,
    onRpc,
    patchWithCleanup,
} from "@web/../tests/web_test_helpers";

const NAME = "vgca_sign_approved";

class Sign extends models.Model {
    _name = "hoithi.document.sign";

    what = fields.Char();
    script_url = fields.Char();
    _records = [
        { id: 1, what: "approved", script_url: "/script.js" },
        { id: 2, what: "approved", script_url: false },
    ];
}

defineMailModels();
defineModels([Sign]);

/** Open the dialog; `run` is what the script defines, by default nothing. */
async function mountDialog({ run, resId = 1, loads = true, name = NAME } = {}) {
    patchWithCleanup(window, { [NAME]: undefined });
    patchWithCleanup(assets, {
        loadJS(address) {
            expect.step(address);
            if (!loads) {
                throw new AssetsLoadingError();
            }
            window[NAME] = run;
        },
    });
    mockService("action", { doAction: (act) => expect.step(act.tag || act.type) });
    onRpc("get_plugin_call", () => ({ function: name, text: "{}" }));
    await mountView({
        type: "form",
        resModel: "hoithi.document.sign",
        resId,
        arch: `<form><field name="what"/><field name="script_url" invisible="1"/><widget name="hoithi_plugin_sign"/></form>`,
    });
}

async function press() {
    await click(".o_hoithi_plugin_sign");
    await animationFrame();
}

test("the script is loaded with the dialog, and its program signs", async () => {
    await mountDialog({ run: (text, answer) => answer('{"Status": 0}') });
    expect.verifySteps(["/script.js"]);
    await press();
    expect.verifySteps(["ir.actions.act_window_close", "soft_reload"]);
});

test("without a script the dialog tells who uploads one", async () => {
    await mountDialog({ resId: 2 });
    expect.verifySteps([]);
    expect(".o_hoithi_no_plugin").toHaveText(/administrator of the system/);
});

test("a script that doesn't load or defines nothing leaves the other way", async () => {
    await mountDialog({ loads: false });
    expect.verifySteps(["/script.js"]);
    expect(".o_hoithi_no_plugin").toHaveCount(1);
    expect("[role=alert]").toHaveText(/couldn't be loaded/);
});

test("a kind of signature that the program doesn't know is refused", async () => {
    await mountDialog({ run: () => {}, name: "vgca_sign_copy" });
    await press();
    expect("[role=alert]").toHaveText(/this kind of signature/);
    expect(".o_hoithi_plugin_sign").toBeEnabled();
    expect.verifySteps(["/script.js"]);
});

test("a program that doesn't answer lets go, and is heard later", async () => {
    let answer;
    await mountDialog({
        run: (text, resolve) => {
            answer = resolve;
        },
    });
    await press();
    expect(".o_hoithi_plugin_sign").not.toBeEnabled();
    await advanceTime(PATIENCE);
    await animationFrame();
    expect("[role=alert]").toHaveText(/doesn't answer/);
    expect(".o_hoithi_plugin_sign").toBeEnabled();
    expect.verifySteps(["/script.js"]);
    answer({ Status: 0 });
    await animationFrame();
    expect.verifySteps(["ir.actions.act_window_close", "soft_reload"]);
});

test("what went wrong in the program is told", async () => {
    await mountDialog({
        run: () => {
            throw new Error("không có thiết bị");
        },
    });
    await press();
    expect("[role=alert]").toHaveText("không có thiết bị");
    expect.verifySteps(["/script.js"]);
});
