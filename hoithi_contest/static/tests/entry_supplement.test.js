import { beforeEach, describe, expect, mockFetch, mockSendBeacon, test } from "@odoo/hoot";
import { click, edit, press, queryAllTexts, queryOne, setInputFiles } from "@odoo/hoot-dom";
import { animationFrame, tick } from "@odoo/hoot-mock";
import { browser } from "@web/core/browser/browser";
import { patchWithCleanup } from "@web/../tests/web_test_helpers";
import { setupInteractionWhiteList, startInteractions } from "@web/../tests/public/helpers";
import { HoithiSupplement } from "@hoithi_contest/interactions/entry_supplement";

setupInteractionWhiteList(["hoithi_contest.entry_supplement", "hoithi_contest.entry_files"]);
describe.current.tags("interaction_dev");

const COPY = "hoithi.7.supplement.5";
const URL = "/my/hoithi/entries/5";
const TEXTS = {
    typing: "Not saved yet",
    saved: "Saved at {time}",
    partly: "Partly saved at {time}",
    retry: "Again in {seconds}",
    offline: "Offline",
    wrong: "To mend:",
    unready: "Not sent:",
    unsent: "Connection lost",
    unsent_files: "A file isn't there",
    mine: "Mine",
    theirs: "Theirs",
    changed: "Changed: {fields}",
    copy: "Unsent of {time}",
    copy_more: "Differs: {fields}",
    restore: "Put back",
    forget: "Drop",
    again: "Again",
    close: "Close",
};

const files = `
    <div class="o_hoithi_file_told"></div>
    <div class="o_hoithi_slot" data-type-id="3" data-max-size="100">
        <h3 id="hoithi_slot_3" tabindex="-1">Signed form</h3>
        <ul><li class="o_hoithi_file" data-item-id="9">
            <button type="submit" name="delete_id" value="9">Remove</button>
            <input type="checkbox" name="replace_id" value="9" checked="checked"/>
        </li></ul>
        <ul class="o_hoithi_sent"></ul>
        <div class="o_hoithi_drop"><input type="file" name="file_3" class="choose" multiple/></div>
    </div>`;

const card = `
    <div id="wrap">
        <form class="o_hoithi_supplement_form" method="post" action="${URL}/supplement"
              data-entry-url="${URL}" data-copy="${COPY}" data-page="supplement">
            <input type="hidden" name="csrf_token" value="t"/>
            <div class="o_hoithi_told"></div>
            <div class="o_hoithi_files" id="hoithi_supplement_files">${files}</div>
            <label for="hoithi_novelty"><span>Novelty</span></label>
            <div><textarea name="novelty" id="hoithi_novelty">Cũ</textarea>
            <div id="hoithi_novelty_error"></div></div>
            <input type="hidden" name="shown_novelty" value="v1"/>
            <label for="hoithi_note"><span>What?</span></label>
            <div><textarea name="note" id="hoithi_note"></textarea>
            <div id="hoithi_note_error"></div></div>
            <input type="hidden" name="shown_note" value="w1"/>
            <button type="submit" name="send" value="1" class="send">Send</button>
            <button type="submit" name="keep" value="1" class="keep">Keep</button>
            <p class="o_hoithi_saved"><i class="fa"></i> <span></span></p>
        </form>
        <div class="o_hoithi_form_texts">
            ${Object.entries(TEXTS)
                .map(([name, text]) => `<span data-text="${name}">${text}</span>`)
                .join("")}
        </div>
    </div>`;

const answer = (values = {}) => ({
    saved_at: "09:42",
    version: { novelty: "v2", note: "w2" },
    errors: {},
    labels: {},
    conflicts: {},
    changed: {},
    ...values,
});

let replies = [];

beforeEach(() => {
    replies = [];
    browser.localStorage.clear();
    window.location.hash = "";
    mockSendBeacon(() => expect.step("beacon"));
    patchWithCleanup(HoithiSupplement.prototype, { go: (url) => expect.step(`to ${url}`) });
});

async function start() {
    await startInteractions(card);
    mockFetch((url, { body } = {}) => {
        const path = `${url}`.replace(/^https?:\/\/[^/]+/, "");
        if (!path.startsWith("/my/hoithi")) {
            return JSON.stringify({ jsonrpc: "2.0", id: 0, result: {} });
        }
        const told = [...body]
            .filter(([name]) => !/^(csrf_token|shown_\w+|file_\d+)$/.test(name))
            .map(([name, value]) => `${name}=${value.name ?? value}`);
        expect.step(`${path.slice(URL.length)} ${told.join(" ")}`);
        const reply = replies.shift() ?? answer();
        if (reply === "lost") {
            throw new TypeError("Failed to fetch");
        }
        return JSON.stringify(reply);
    });
}

async function type(selector, text) {
    await click(selector);
    await edit(text, { confirm: false });
    await animationFrame();
}

async function settle() {
    await tick();
    await animationFrame();
    await animationFrame();
}

const saved = () => queryOne(".o_hoithi_saved span").textContent;
const KEPT = "/supplement/autosave";

test("a field that is left is saved, with what is said of it", async () => {
    await start();
    await type("[name=note]", "Đã ký");
    await press("Tab");
    await settle();
    expect.verifySteps([`${KEPT} replace_id=9 novelty=Cũ note=Đã ký`]);
    expect(saved()).toBe("Saved at 09:42");
    expect(queryOne("[name=shown_note]").value).toBe("w2");
    expect(browser.localStorage.getItem(COPY)).toBe(null);
});

test("what another tab wrote is shown, and one is chosen", async () => {
    const other = {
        errors: { novelty: "Changed meanwhile" },
        labels: { novelty: "Novelty" },
        conflicts: { novelty: "Của thẻ kia" },
        changed: { note: { text: "Kể", label: "What?" } },
    };
    replies = [answer(other)];
    await start();
    await type("[name=novelty]", "Của tôi");
    await press("Tab");
    await settle();
    expect("[name=note]").toHaveValue("Kể");
    expect(".o_hoithi_theirs .o_hoithi_lines").toHaveText("Của thẻ kia");
    expect(queryOne("[name=shown_novelty]").value).toBe("v1", {
        message: "the next save doesn't go over theirs",
    });
    await click(".o_hoithi_theirs button:first");
    await settle();
    expect(".o_hoithi_theirs").toHaveCount(0);
    expect.verifySteps([
        `${KEPT} replace_id=9 novelty=Của tôi note=`,
        `${KEPT} replace_id=9 novelty=Của tôi note=Kể`,
    ]);
});

test("a file is sent by itself, and takes the place of the one that is ticked", async () => {
    const parts = { hoithi_supplement_files: files.replace(/value="9"/g, 'value="10"') };
    replies = [
        { parts, refused: "", told: "" },
        { parts, refused: "", told: "" },
        { parts, refused: "", told: "" },
    ];
    await start();
    await click(".choose");
    await setInputFiles([new File(["a"], "một.pdf"), new File(["b"], "hai.pdf")]);
    await settle();
    await settle();
    await click("button[name=delete_id]");
    await settle();
    expect.verifySteps([
        "/files page=supplement type_id=3 replace_id=9 file=một.pdf",
        // the second doesn't take the place of the first
        "/files page=supplement type_id=3 file=hai.pdf",
        "/files delete_id=10 page=supplement",
    ]);
});

test("it is sent in place, and what it lacks is told beside it", async () => {
    replies = [
        answer({ problems: [{ text: "The signed form", anchor: "hoithi_slot_3" }] }),
        answer({ url: URL }),
    ];
    await start();
    await click(".send");
    await settle();
    expect(queryAllTexts(".o_hoithi_told [data-name=unready] a")).toEqual(["The signed form"]);
    expect(".o_hoithi_told [data-name=unready]").toBeFocused();
    await click(".send");
    await settle();
    expect.verifySteps([
        `${KEPT} replace_id=9 novelty=Cũ note= send=1`,
        `${KEPT} replace_id=9 novelty=Cũ note= send=1`,
        `to ${URL}`,
    ]);
});

test("it isn't sent without a file that is still to come", async () => {
    replies = ["lost"];
    await start();
    await click(".choose");
    await setInputFiles([new File(["a"], "một.pdf")]);
    await settle();
    await click(".send");
    await settle();
    expect(".o_hoithi_told [data-name=files]").toHaveText("A file isn't there");
    expect(".o_hoithi_sending button:first").toBeFocused();
    expect.verifySteps(["/files page=supplement type_id=3 replace_id=9 file=một.pdf"]);
});

test("a lost line: what was typed stays on this device, and is offered again", async () => {
    replies = ["lost"];
    await start();
    await type("[name=note]", "Gõ lúc mất mạng");
    await press("Tab");
    await settle();
    expect(saved()).toBe("Again in 10");
    expect(browser.localStorage.getItem(COPY)).toInclude("Gõ lúc mất mạng");
    expect.verifySteps([`${KEPT} replace_id=9 novelty=Cũ note=Gõ lúc mất mạng`]);
});

test("what only this device has is put back", async () => {
    const pairs = [["novelty", "Cũ"], ["note", "Chưa từng gửi"]];
    browser.localStorage.setItem(COPY, JSON.stringify({ at: Date.now(), pairs }));
    await start();
    expect(".o_hoithi_told [data-name=copy]").toHaveText(/Differs: What\?/);
    await click(".o_hoithi_told [data-name=copy] button:first");
    await settle();
    expect.verifySteps([`${KEPT} replace_id=9 novelty=Cũ note=Chưa từng gửi`]);
    expect(browser.localStorage.getItem(COPY)).toBe(null);
});
