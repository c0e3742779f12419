import { beforeEach, describe, expect, mockFetch, mockSendBeacon, test } from "@odoo/hoot";
import {
    click,
    edit,
    manuallyDispatchProgrammaticEvent,
    press,
    queryAll,
    queryAllTexts,
    queryOne,
    setInputFiles,
} from "@odoo/hoot-dom";
import { advanceTime, animationFrame, tick } from "@odoo/hoot-mock";
import { browser } from "@web/core/browser/browser";
import { patchWithCleanup } from "@web/../tests/web_test_helpers";
import { setupInteractionWhiteList, startInteractions } from "@web/../tests/public/helpers";
import { HoithiEntryAutosave } from "@hoithi_contest/interactions/entry_autosave";
import { HoithiEntryFiles } from "@hoithi_contest/interactions/entry_files";

setupInteractionWhiteList([
    "hoithi_contest.entry_steps",
    "hoithi_contest.entry_autosave",
    "hoithi_contest.entry_files",
    "hoithi_contest.entry_copy",
    "hoithi_contest.old_copies",
]);
describe.current.tags("interaction_dev");

const COPY = "hoithi.7.entry.5";
const TEXTS = {
    saving: "Saving",
    saved: "Saved at {time}",
    partly: "Partly saved at {time}",
    unnamed: "Name it",
    typing: "Not saved yet",
    retry: "Again in {seconds}",
    offline: "Offline",
    offline_more: "Kept at {time}",
    expired: "Session over",
    login: "Log in",
    copy: "Unsent of {time}",
    copy_more: "Differs: {fields}",
    restore: "Put back",
    forget: "Drop",
    mine: "Mine",
    theirs: "Theirs",
    changed: "Changed: {fields}",
    over: "{count} too many:",
    sending: "{percent} %",
    unsent: "Connection lost",
    again: "Again",
    cancel: "Cancel",
    large: "{name} is too large",
    larger: "{name} is too large",
    kind: "{name}: only {kinds}",
    unsent_files: "A file isn't there",
    sending_files: "On their way",
    unkept: "Offline, not kept",
    unkept_more: "Leave it open",
    held: "Waits for the draft",
    wrong: "To mend:",
    close: "Close",
};

const slot = (id, size, kinds) => `
    <li class="o_hoithi_slot" data-type-id="${id}" data-max-size="${size}" data-accept="${kinds}">
        <h4 id="hoithi_slot_${id}" tabindex="-1">Slot ${id}</h4>
        <ul class="o_hoithi_sent"></ul>
        <form class="o_hoithi_upload" action="/my/hoithi/entries/5/files" method="post">
            <input type="hidden" name="type_id" value="${id}"/>
            <input type="file" name="file" class="slot_${id}" multiple/>
        </form>
    </li>`;

const author = (id, name, percent) => `
    <fieldset class="o_hoithi_author">
        <input type="hidden" name="author_id" value="${id}"/>
        <input type="text" name="author_name" value="${name}"/>
        <input type="email" name="author_email" value=""/>
        <input type="text" name="author_percent" value="${percent}"/>
        <input type="text" name="author_choice" value="outsider"/>
        <input type="text" name="author_workplace" value=""/>
        <div class="o_hoithi_error"></div>
    </fieldset>`;

const page = ({ isNew = false, attributes = "", authors = "" } = {}) => `
    <div id="wrap">
        <div class="o_hoithi_form_page" data-copy="${isNew ? "hoithi.7.contest.3" : COPY}"
             ${isNew ? "" : 'data-entry-url="/my/hoithi/entries/5"'}>
            <nav class="o_hoithi_rail" id="hoithi_rail">
                <a href="#hoithi_step_solution" data-step="solution">1</a>
                <a href="#hoithi_step_description" data-step="description">2</a>
            </nav>
            <div class="o_hoithi_steps">
                <div class="o_hoithi_told"></div>
                <form class="o_hoithi_entry_form" method="post" ${attributes}
                      action="${isNew ? "/my/hoithi/3/new" : "/my/hoithi/entries/5/save"}">
                    <button type="submit" class="o_hoithi_enter">Enter</button>
                    <input type="hidden" name="csrf_token" value="old"/>
                    <input type="hidden" name="version" value='{"name": "n1", "novelty": "v1"}'/>
                    <section class="o_hoithi_form_step" id="hoithi_step_solution" data-step="solution">
                        <h2 tabindex="-1">Solution</h2>
                        <label for="hoithi_name"><span>Title</span></label>
                        <input type="text" name="name" id="hoithi_name" value="${isNew ? "" : "Máy đo"}"/>
                        <div id="hoithi_name_error"></div>
                        <div id="hoithi_name_count" data-words="3">
                            <span><i></i></span><span class="o_hoithi_count_now">2</span>
                        </div>
                    </section>
                    <section class="o_hoithi_form_step" id="hoithi_step_description" data-step="description">
                        <h2 tabindex="-1">Description</h2>
                        <label for="hoithi_novelty"><span>Novelty</span></label>
                        <div><textarea name="novelty" id="hoithi_novelty">Cũ</textarea>
                        <div id="hoithi_novelty_error"></div></div>
                        <div><input type="text" name="benefit_amount" id="hoithi_benefit_amount" value=""/>
                        <div id="hoithi_benefit_amount_error"></div>
                        <div id="hoithi_benefit_amount_understood"></div></div>
                    </section>
                    ${authors}
                    <button type="submit" class="o_hoithi_save">Save</button>
                    <button type="submit" class="o_hoithi_check" name="preview" value="1">Check</button>
                </form>
                <div class="o_hoithi_files" id="hoithi_files">
                    <div class="o_hoithi_drop"><input type="file" class="o_hoithi_drop_input" multiple/></div>
                    <div class="o_hoithi_file_told"></div>
                    <ul>${slot(1, 10, ".pdf")}${slot(2, 20, ".pdf,.png")}</ul>
                </div>
            </div>
            <aside class="o_hoithi_panel">
                <button type="button" class="o_hoithi_panel_toggle"><i></i><span class="o_hoithi_panel_count"></span></button>
                <p class="o_hoithi_saved"><i class="fa"></i> <span></span></p>
                <div id="hoithi_missing"><h2>Missing: 2</h2></div>
            </aside>
        </div>
        <div class="o_hoithi_form_texts">
            ${Object.entries(TEXTS)
                .map(([name, text]) => `<span data-text="${name}">${text}</span>`)
                .join("")}
        </div>
    </div>`;

/** What the server answers, by default: all is saved. */
const answer = (values = {}) => ({
    saved_at: "09:42",
    version: { name: "n2", novelty: "v2" },
    errors: {},
    labels: {},
    understood: {},
    conflicts: {},
    changed: {},
    rows: [],
    parts: { hoithi_missing: "<h2>Missing: 1</h2>" },
    url: "/my/hoithi/entries/5",
    missing: 1,
    ...values,
});

let replies = [];

beforeEach(() => {
    replies = [];
    browser.localStorage.clear();
    window.location.hash = "";
    mockSendBeacon(() => expect.step("beacon"));
});

async function start(html) {
    await startInteractions(html);
    mockFetch((url, { body } = {}) => {
        const path = `${url}`.replace(/^https?:\/\/[^/]+/, "");
        if (!path.startsWith("/my/hoithi")) {
            // services of other modules ask for what is theirs
            return JSON.stringify({ jsonrpc: "2.0", id: 0, result: {} });
        }
        expect.step(`${path} ${body?.get("novelty") ?? body?.get("file")?.name ?? ""}`.trim());
        const reply = replies.shift() ?? answer();
        if (reply instanceof Promise) {
            return reply.then((value) => JSON.stringify(value));
        }
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

/** Leave a field, and wait for what follows. */
async function leave() {
    await press("Tab");
    await tick();
    await animationFrame();
    await animationFrame();
}

const saved = () => queryOne(".o_hoithi_saved span").textContent;
const copy = () => browser.localStorage.getItem(COPY);

describe("steps", () => {
    test("one is shown, and the address leads to another and to a field of it", async () => {
        await start(page());
        expect("#hoithi_step_solution").toHaveClass("o_hoithi_current");
        expect("#hoithi_step_description").not.toHaveClass("o_hoithi_current");
        expect(".o_hoithi_rail a:first").toHaveAttribute("aria-current", "step");
        window.location.hash = "hoithi_step_description";
        await manuallyDispatchProgrammaticEvent(window, "hashchange");
        expect("#hoithi_step_description").toHaveClass("o_hoithi_current");
        expect("#hoithi_step_description h2").toBeFocused();
        window.location.hash = "hoithi_name";
        await manuallyDispatchProgrammaticEvent(window, "hashchange");
        expect("#hoithi_step_solution").toHaveClass("o_hoithi_current");
        expect("[name=name]").toBeFocused();
        // another address, as that of a skip link, leaves the step
        window.location.hash = "wrap";
        await manuallyDispatchProgrammaticEvent(window, "hashchange");
        expect("#hoithi_step_solution").toHaveClass("o_hoithi_current");
    });

    test("words are counted; too many are told and stay", async () => {
        await start(page());
        await type("[name=name]", "một hai ba bốn  năm");
        expect(".o_hoithi_count_now").toHaveText("2 too many: 5");
        expect("#hoithi_name_count").toHaveClass("o_hoithi_over");
        expect("[name=name]").toHaveValue("một hai ba bốn  năm");
        await type("[name=name]", "một");
        expect(".o_hoithi_count_now").toHaveText("1");
        expect("#hoithi_name_count").not.toHaveClass("o_hoithi_over");
    });
});

describe("autosave", () => {
    test("saves on leaving a field, says when, and shows what is missing now", async () => {
        await start(page());
        expect(saved()).toBe("");
        await type("[name=novelty]", "Mới");
        expect(saved()).toBe("Not saved yet");
        await leave();
        expect.verifySteps(["/my/hoithi/entries/5/autosave Mới"]);
        expect(saved()).toBe("Saved at 09:42");
        expect(".o_hoithi_panel_count").toHaveText("Missing: 1");
        expect(JSON.parse(queryOne("[name=version]").value)).toEqual({ name: "n2", novelty: "v2" });
        expect(copy()).toBe(null);
    });

    test("saves every half minute what is typed on and on, and nothing else", async () => {
        await start(page());
        await advanceTime(31000);
        expect.verifySteps([]);
        await type("[name=novelty]", "Đang gõ");
        await advanceTime(31000);
        await animationFrame();
        expect.verifySteps(["/my/hoithi/entries/5/autosave Đang gõ"]);
        expect("[name=novelty]").toBeFocused();
    });

    test("a wrong amount is told at its field; the rest is saved", async () => {
        replies = [
            answer({
                errors: { benefit_amount: "No amount" },
                labels: { benefit_amount: "Benefit" },
            }),
            answer({ understood: { benefit_amount: "Understood as 480.000.000" } }),
        ];
        await start(page());
        await type("[name=benefit_amount]", "nhiều");
        await leave();
        expect("#hoithi_benefit_amount_error").toHaveText("No amount");
        expect("[name=benefit_amount]").toHaveAttribute("aria-invalid", "true");
        expect(saved()).toBe("Partly saved at 09:42");
        expect(copy()).not.toBe(null);
        await type("[name=benefit_amount]", "480 triệu");
        await leave();
        expect("#hoithi_benefit_amount_error").toHaveText("");
        expect("[name=benefit_amount]").not.toHaveAttribute("aria-invalid");
        expect("#hoithi_benefit_amount_understood").toHaveText("Understood as 480.000.000");
        expect(saved()).toBe("Saved at 09:42");
        expect.verifySteps([
            "/my/hoithi/entries/5/autosave Cũ",
            "/my/hoithi/entries/5/autosave Cũ",
        ]);
    });

    test("whoever presses a button is told all that is wrong, with the way to it", async () => {
        const labels = { name: "Title", novelty: "Novelty" };
        replies = [
            answer({ errors: { name: "Too long", novelty: "Empty" }, labels }),
            answer({ errors: { novelty: "Empty" }, labels: { novelty: "Novelty" } }),
        ];
        await start(page());
        await click(".o_hoithi_save");
        await animationFrame();
        await animationFrame();
        expect(".o_hoithi_told [data-name=wrong]").toBeFocused();
        expect(queryAllTexts("[data-name=wrong] a")).toEqual(["Title: Too long", "Novelty: Empty"]);
        await click("[data-name=wrong] a:last");
        expect(browser.location.hash).toBe("#hoithi_novelty");
        // what is mended goes from the list, which takes the focus no more
        await type("[name=novelty]", "Mới");
        await leave();
        expect(queryAllTexts("[data-name=wrong] a")).toEqual(["Novelty: Empty"]);
        expect(".o_hoithi_told [data-name=wrong]").not.toBeFocused();
        await type("[name=novelty]", "Mới hơn");
        await leave();
        expect(".o_hoithi_told [data-name=wrong]").toHaveCount(0);
        expect.verifySteps([
            "/my/hoithi/entries/5/autosave Cũ",
            "/my/hoithi/entries/5/autosave Mới",
            "/my/hoithi/entries/5/autosave Mới hơn",
        ]);
    });

    test("a new form becomes the page of the draft that it made", async () => {
        replies = [answer({ url: null, saved_at: null, errors: { name: "Name it" }, labels: { name: "Title" } })];
        await start(page({ isNew: true }));
        await type("[name=novelty]", "Mới");
        await leave();
        expect(saved()).toBe("Name it");
        expect("#hoithi_name_error").toHaveText("", { message: "nobody has left it empty" });
        await type("[name=name]", "Phao");
        await leave();
        expect.verifySteps(["/my/hoithi/3/autosave Mới", "/my/hoithi/3/autosave Mới"]);
        expect(".o_hoithi_entry_form").toHaveAttribute("action", "/my/hoithi/entries/5/save");
        await type("[name=novelty]", "Mới nữa");
        await leave();
        expect.verifySteps(["/my/hoithi/entries/5/autosave Mới nữa"]);
    });

    test("Enter saves in place; the preview is opened once all is saved", async () => {
        patchWithCleanup(HoithiEntryAutosave.prototype, {
            go: (url) => expect.step(`go ${url}`),
        });
        await start(page());
        await click("[name=name]");
        await press("Enter");
        await animationFrame();
        expect.verifySteps(["/my/hoithi/entries/5/autosave Cũ"]);
        replies = [answer({ errors: { name: "Wrong" }, labels: { name: "Title" } })];
        await click(".o_hoithi_check");
        await animationFrame();
        await animationFrame();
        expect.verifySteps(["/my/hoithi/entries/5/autosave Cũ"]);
        await click(".o_hoithi_check");
        await animationFrame();
        await animationFrame();
        expect.verifySteps([
            "/my/hoithi/entries/5/autosave Cũ",
            "go /my/hoithi/entries/5/preview",
        ]);
        // a double click goes there once; back on the page all works as before
        await click(".o_hoithi_check");
        await animationFrame();
        expect.verifySteps([]);
        await manuallyDispatchProgrammaticEvent(window, "pageshow");
        await type("[name=novelty]", "Mới");
        window.dispatchEvent(new Event("pagehide"));
        expect.verifySteps(["beacon"]);
    });
});

describe("nothing is lost", () => {
    test("a lost line: kept on this device, and sent once it is back", async () => {
        replies = ["lost"];
        await start(page());
        await type("[name=novelty]", "Gõ lúc mất mạng");
        await leave();
        expect(saved()).toBe("Again in 10");
        expect(".o_hoithi_told [data-name=late] strong").toHaveText("Offline");
        expect(copy()).toInclude("Gõ lúc mất mạng");
        await advanceTime(10500);
        await animationFrame();
        expect(saved()).toBe("Saved at 09:42");
        expect(".o_hoithi_told [data-name=late]").toHaveCount(0);
        expect(copy()).toBe(null);
        expect.verifySteps([
            "/my/hoithi/entries/5/autosave Gõ lúc mất mạng",
            "/my/hoithi/entries/5/autosave Gõ lúc mất mạng",
        ]);
    });

    test("a session that is over: a link to log in, and it goes on with a new token", async () => {
        replies = [{ is_late: true, login: "/web/login" }];
        await start(page());
        await type("[name=novelty]", "Mới");
        await leave();
        expect(saved()).toBe("Session over");
        expect(".o_hoithi_told a").toHaveAttribute("href", "/web/login");
        expect(".o_hoithi_told a").toHaveAttribute("target", "_blank");
        expect(copy()).toInclude("Mới");
        replies = [{ is_late: true, login: "/web/login", csrf_token: "new" }];
        await manuallyDispatchProgrammaticEvent(window, "focus");
        await animationFrame();
        await animationFrame();
        expect("[name=csrf_token]").toHaveValue("new");
        expect(saved()).toBe("Saved at 09:42");
        expect.verifySteps([
            "/my/hoithi/entries/5/autosave Mới",
            "/my/hoithi/entries/5/autosave Mới",
            "/my/hoithi/entries/5/autosave Mới",
        ]);
    });

    test("what was left on this device is offered, and put back or dropped", async () => {
        const kept = {
            at: Date.now(),
            pairs: [
                ["name", "Máy đo"],
                ["novelty", "Chưa gửi"],
                ["benefit_amount", ""],
            ],
        };
        browser.localStorage.setItem(COPY, JSON.stringify(kept));
        await start(page());
        expect(".o_hoithi_told [data-name=copy]").toHaveText(/Differs: Novelty/);
        await click(".o_hoithi_told [data-name=copy] button:first");
        await tick();
        await animationFrame();
        expect("[name=novelty]").toHaveValue("Chưa gửi");
        expect(".o_hoithi_told [data-name=copy]").toHaveCount(0);
        expect.verifySteps(["/my/hoithi/entries/5/autosave Chưa gửi"]);
        expect(copy()).toBe(null);
    });

    test("what the server has already isn't offered", async () => {
        const pairs = [
            ["name", "Máy đo"],
            ["novelty", "Cũ"],
            ["benefit_amount", ""],
        ];
        browser.localStorage.setItem(COPY, JSON.stringify({ at: 1, pairs }));
        await start(page());
        expect(".o_hoithi_told [data-name=copy]").toHaveCount(0);
        expect(copy()).toBe(null);
    });

    test("copies go after two weeks, whoever made them; nothing else goes", async () => {
        const day = 24 * 60 * 60 * 1000;
        const keep = (key, days) =>
            browser.localStorage.setItem(
                key,
                JSON.stringify({ at: Date.now() - days * day, pairs: [["novelty", "x"]] })
            );
        keep("hoithi.8.entry.4", 15);
        keep("hoithi.8.contest.3", 13);
        keep("hoithi.other", 99);
        await start(`<div id="wrapwrap"><p>Login</p></div>`);
        expect(browser.localStorage.getItem("hoithi.8.entry.4")).toBe(null);
        expect(browser.localStorage.getItem("hoithi.8.contest.3")).not.toBe(null);
        expect(browser.localStorage.getItem("hoithi.other")).not.toBe(null);
    });

    test("a draft that is closed shows what only this device has", async () => {
        const pairs = [
            ["name", "Máy đo"],
            ["novelty", "Chưa gửi"],
        ];
        browser.localStorage.setItem(COPY, JSON.stringify({ at: Date.now(), pairs }));
        const part = (name, kept) =>
            `<div data-name="${name}" data-kept="${kept}" hidden><h3>${name}</h3><p></p></div>`;
        await start(`<section class="o_hoithi_copy" data-copy="${COPY}" hidden>
            <span class="o_hoithi_copy_time"></span>${part("name", "Máy đo")}${part("novelty", "Cũ")}
            <button class="o_hoithi_copy_drop">Drop</button></section>`);
        expect(queryAllTexts(".o_hoithi_copy p:visible")).toEqual(["Chưa gửi"]);
        await click(".o_hoithi_copy_drop");
        expect(copy()).toBe(null);
        expect(".o_hoithi_copy").not.toBeVisible();
    });

    test("a copy goes with the submission", async () => {
        const kept = { at: Date.now(), pairs: [["novelty", "Chưa gửi"]] };
        browser.localStorage.setItem(COPY, JSON.stringify(kept));
        await start(`<div class="o_hoithi_copy" data-copy="${COPY}" data-is-submitted="1" hidden></div>`);
        expect(copy()).toBe(null);
    });

    test("two tabs: both texts are shown, and one is chosen", async () => {
        replies = [
            answer({
                errors: { novelty: "Changed meanwhile" },
                labels: { novelty: "Novelty" },
                conflicts: { novelty: "Của thẻ kia" },
                changed: { name: { text: "Tên của thẻ kia", label: "Title" } },
            }),
        ];
        await start(page());
        await type("[name=novelty]", "Của thẻ này");
        await leave();
        expect("[name=novelty]").toHaveValue("Của thẻ này");
        expect(".o_hoithi_theirs .o_hoithi_lines").toHaveText("Của thẻ kia");
        expect("[name=name]").toHaveValue("Tên của thẻ kia");
        expect(".o_hoithi_told [data-name=changed]").toHaveText(/Title/);
        // until it is chosen, the text is still one upon the old version
        expect(JSON.parse(queryOne("[name=version]").value).novelty).toBe("v1");
        await click(".o_hoithi_theirs button:first");
        await tick();
        await animationFrame();
        expect(".o_hoithi_theirs").toHaveCount(0);
        expect.verifySteps([
            "/my/hoithi/entries/5/autosave Của thẻ này",
            "/my/hoithi/entries/5/autosave Của thẻ này",
        ]);
        expect(saved()).toBe("Saved at 09:42");
    });

    test("what is typed while a save is under way stays, beside what came with it", async () => {
        let arrive;
        const changed = {
            novelty: { text: "Của thẻ kia", label: "Novelty" },
            name: { text: "Tên của thẻ kia", label: "Title" },
        };
        replies = [
            new Promise((resolve) => (arrive = resolve)),
            answer({
                errors: { novelty: "Changed meanwhile" },
                labels: { novelty: "Novelty" },
                conflicts: { novelty: "Của thẻ kia" },
            }),
        ];
        await start(page());
        await type("[name=benefit_amount]", "5");
        await leave();
        await type("[name=novelty]", "Gõ trong khi lưu");
        await leave();
        arrive(answer({ changed }));
        await leave();
        expect("[name=novelty]").toHaveValue("Gõ trong khi lưu");
        expect("[name=name]").toHaveValue("Tên của thẻ kia");
        expect(".o_hoithi_theirs .o_hoithi_lines").toHaveText("Của thẻ kia");
        expect(JSON.parse(queryOne("[name=version]").value).novelty).toBe("v1", {
            message: "the next save doesn't go over theirs",
        });
        expect.verifySteps([
            "/my/hoithi/entries/5/autosave Cũ",
            "/my/hoithi/entries/5/autosave Gõ trong khi lưu",
        ]);
    });

    test("rows of authors follow the other tab, but for those typed in meanwhile", async () => {
        let arrive;
        const row = (index, values) => ({ index, error: "", choice: "outsider", ...values });
        replies = [new Promise((resolve) => (arrive = resolve)), new Promise(() => {})];
        const four = [11, 12, 13, 14].map((id) => author(id, `Tác giả ${id}`, "25"));
        await start(page({ authors: four.join("") }));
        const old = { 11: "a1", 12: "a2", 13: "a3", 14: "a4" };
        queryOne("[name=version]").value = JSON.stringify({ author_ids: old });
        await type("[name=benefit_amount]", "5");
        await leave();
        await type("[name=author_percent]:eq(0)", "30");
        await type("[name=author_percent]:eq(2)", "35");
        arrive(
            answer({
                changed: { author_ids: { text: "", label: "Authors" } },
                version: { author_ids: { 11: "b1", 12: "b2" } },
                rows: [
                    row(0, { id: "11", name: "Tên khác", percent: "10", is_changed: true }),
                    row(1, { id: "12", name: "Tên mới", percent: "20", is_changed: true }),
                    row(2, { id: "", is_taken_out: true }),
                    row(3, { id: "", is_taken_out: true }),
                ],
            })
        );
        await tick();
        await animationFrame();
        const names = queryAll("[name=author_name]").map((input) => input.value);
        expect(names).toEqual(["Tác giả 11", "Tên mới", "Tác giả 13"]);
        const shares = queryAll("[name=author_percent]").map((input) => input.value);
        expect(shares).toEqual(["30", "20", "35"]);
        const { author_ids } = JSON.parse(queryOne("[name=version]").value);
        expect(author_ids).toEqual({ 11: "a1", 12: "b2", 13: "a3" });
        expect.verifySteps([
            "/my/hoithi/entries/5/autosave Cũ",
            "/my/hoithi/entries/5/autosave Cũ",
        ]);
    });

    test("a copy is put back upon what it was typed upon", async () => {
        const kept = {
            at: Date.now(),
            pairs: [
                ["name", "Máy đo cũ"],
                ["novelty", "Chưa gửi"],
                ["author_id", "12"],
                ["author_name", "Tác giả 12"],
                ["author_percent", "70"],
                ["author_id", "11"],
                ["author_name", "Tác giả 11"],
                ["author_percent", "30"],
                // it was saved when the page was left
                ["author_id", ""],
                ["author_name", "Tác giả 13"],
                ["author_percent", "15"],
            ],
            version: { name: "n0", novelty: "v0" },
        };
        browser.localStorage.setItem(COPY, JSON.stringify(kept));
        replies = [
            answer({
                errors: { novelty: "Changed meanwhile" },
                labels: { novelty: "Novelty" },
                conflicts: { novelty: "Của người khác" },
                changed: { name: { text: "Tên mới", label: "Title" } },
            }),
        ];
        const three = [11, 12, 13].map((id) => author(id, `Tác giả ${id}`, "50"));
        await start(page({ authors: three.join("") }));
        await click(".o_hoithi_told [data-name=copy] button:first");
        await tick();
        await animationFrame();
        expect("[name=novelty]").toHaveValue("Chưa gửi");
        expect("[name=name]").toHaveValue("Tên mới");
        expect(".o_hoithi_theirs .o_hoithi_lines").toHaveText("Của người khác");
        expect(JSON.parse(queryOne("[name=version]").value).novelty).toBe("v0");
        const shares = queryAll("[name=author_percent]").map((input) => input.value);
        expect(shares).toEqual(["30", "70", "15"], { message: "each in the own row" });
        expect.verifySteps(["/my/hoithi/entries/5/autosave Chưa gửi"]);
    });

    test("leaving sends what nobody saved, and holds back only who would lose it", async () => {
        const isHeldBack = () => {
            const event = new Event("beforeunload", { cancelable: true });
            window.dispatchEvent(event);
            return event.defaultPrevented;
        };
        await start(page());
        expect(isHeldBack()).toBe(false);
        await type("[name=novelty]", "Mới");
        expect(isHeldBack()).toBe(false);
        window.dispatchEvent(new Event("pagehide"));
        expect.verifySteps(["beacon"]);
        replies = ["lost"];
        await leave();
        expect.verifySteps(["/my/hoithi/entries/5/autosave Mới"]);
        expect(isHeldBack()).toBe(true);
    });

    test("a device that keeps nothing isn't said to, and the page is held", async () => {
        patchWithCleanup(browser.localStorage, {
            setItem(key) {
                if (key === COPY) {
                    throw new Error("full");
                }
                return super.setItem(...arguments);
            },
        });
        const leavePage = () => {
            const event = new Event("beforeunload", { cancelable: true });
            window.dispatchEvent(event);
            return event.defaultPrevented;
        };
        await start(page());
        await type("[name=novelty]", "Mới");
        expect(leavePage()).toBe(true);
        patchWithCleanup(browser.navigator, { onLine: false });
        replies = ["lost"];
        await leave();
        expect(saved()).toBe("Offline, not kept");
        expect(".o_hoithi_told [data-name=late]").toHaveText(/Leave it open/);
        expect(".o_hoithi_told [data-name=late]").not.toHaveText(/Kept at/);
        replies = [answer()];
        await manuallyDispatchProgrammaticEvent(window, "online");
        await animationFrame();
        await animationFrame();
        expect(saved()).toBe("Saved at 09:42");
        expect(leavePage()).toBe(false);
        // what is wrong is nowhere but on the page
        replies = [answer({ errors: { novelty: "Wrong" }, labels: { novelty: "Novelty" } })];
        await type("[name=novelty]", "Sai");
        await leave();
        expect(saved()).toBe("Partly saved at 09:42");
        expect(leavePage()).toBe(true);
        expect.verifySteps([
            "/my/hoithi/entries/5/autosave Mới",
            "/my/hoithi/entries/5/autosave Mới",
            "/my/hoithi/entries/5/autosave Sai",
        ]);
    });

    test("a page that the server sent back unsaved is saved", async () => {
        await start(page({ attributes: 'data-typed="1"' }));
        expect(saved()).toBe("Not saved yet");
    });
});

describe("files", () => {
    const done = (values = {}) => ({
        refused: "",
        told: "",
        done: "x is attached",
        parts: {},
        missing: 0,
        ...values,
    });

    test("several are sent, each by itself, while the page stays", async () => {
        replies = [done(), done({ told: "The very same" })];
        await start(page());
        await click(".slot_1");
        await setInputFiles([new File(["a"], "một.pdf"), new File(["b"], "hai.pdf")]);
        await animationFrame();
        await animationFrame();
        expect.verifySteps([
            "/my/hoithi/entries/5/files một.pdf",
            "/my/hoithi/entries/5/files hai.pdf",
        ]);
        expect(".o_hoithi_sending").toHaveCount(0);
        expect(".o_hoithi_file_told .o_hoithi_banner").toHaveText("The very same");
    });

    test("a save that begins and ends meanwhile isn't drawn over by the file's answer", async () => {
        let arrive, tellAll;
        const parts = (text) => ({ hoithi_missing: `<h2>${text}</h2>` });
        replies = [
            new Promise((resolve) => (arrive = resolve)),
            answer({ order: 20, parts: parts("Missing: 1, by the save") }),
            new Promise((resolve) => (tellAll = resolve)),
        ];
        await start(page());
        await click(".slot_1");
        await setInputFiles([new File(["a"], "một.pdf")]);
        await animationFrame();
        await type("[name=novelty]", "Mới");
        await leave();
        expect("#hoithi_missing h2").toHaveText("Missing: 1, by the save");
        expect(".o_hoithi_sending").toHaveCount(1);
        arrive(done({ order: 10, told: "Stays told", parts: parts("Missing: 2, of before") }));
        await tick();
        expect("#hoithi_missing h2").toHaveText("Missing: 1, by the save");
        expect(".o_hoithi_panel_count").toHaveText("Missing: 1, by the save");
        await animationFrame();
        tellAll(done({ order: 30, parts: parts("Missing: 0, all told") }));
        await animationFrame();
        await animationFrame();
        // neither knew what the other had changed: the page asks once more
        expect("#hoithi_missing h2").toHaveText("Missing: 0, all told");
        expect(".o_hoithi_panel_count").toHaveText("Missing: 0, all told");
        expect(".o_hoithi_file_told .o_hoithi_banner").toHaveText("Stays told");
        expect(".o_hoithi_sending").toHaveCount(0);
        expect.verifySteps([
            "/my/hoithi/entries/5/files một.pdf",
            "/my/hoithi/entries/5/autosave Mới",
            "/my/hoithi/entries/5/parts",
        ]);
    });

    test("of a new form without a title: they wait for the draft, and are sent then", async () => {
        const unnamed = { url: null, errors: { name: "Name it" }, labels: { name: "Title" } };
        replies = [answer(unnamed), answer(), done(), done()];
        await start(page({ isNew: true }));
        await click(".slot_1");
        await setInputFiles([new File(["a"], "một.pdf"), new File(["b"], "hai.pdf")]);
        await animationFrame();
        await animationFrame();
        expect(queryAllTexts(".o_hoithi_sending_state")).toEqual(Array(2).fill("Waits for the draft"));
        const event = new Event("beforeunload", { cancelable: true });
        window.dispatchEvent(event);
        expect(event.defaultPrevented).toBe(true, { message: "files would be lost" });
        await type("[name=name]", "Phao");
        await leave();
        await animationFrame();
        await animationFrame();
        expect(".o_hoithi_sending").toHaveCount(0);
        expect.verifySteps([
            "/my/hoithi/3/autosave Cũ",
            "/my/hoithi/3/autosave Cũ",
            "/my/hoithi/entries/5/files một.pdf",
            "/my/hoithi/entries/5/files hai.pdf",
        ]);
    });

    test("one that waits for the draft can be left out", async () => {
        replies = [answer({ url: null, errors: { name: "Name it" }, labels: { name: "Title" } })];
        await start(page({ isNew: true }));
        await click(".slot_1");
        await setInputFiles([new File(["a"], "một.pdf")]);
        await animationFrame();
        await animationFrame();
        await click(".o_hoithi_sending button:first");
        expect(".o_hoithi_sending").toHaveCount(0);
        await type("[name=name]", "Phao");
        await leave();
        expect.verifySteps(["/my/hoithi/3/autosave Cũ", "/my/hoithi/3/autosave Cũ"]);
    });

    test("one that is too large is told at once, and not sent", async () => {
        await start(page());
        await click(".slot_1");
        await setInputFiles([new File(["x".repeat(11)], "to.pdf")]);
        await animationFrame();
        expect(queryAllTexts(".o_hoithi_sending .o_hoithi_error")).toEqual(["to.pdf is too large"]);
        expect.verifySteps([]);
    });

    test("what its part doesn't take is told at once, wherever it comes from", async () => {
        const drop = async (file) => {
            const event = new Event("drop", { bubbles: true, cancelable: true });
            event.dataTransfer = { files: [file], types: ["Files"] };
            queryOne(".slot_1").dispatchEvent(event);
            await animationFrame();
        };
        await start(page());
        await drop(new File(["a"], "ảnh.PNG"));
        await click(".o_hoithi_drop_input");
        await setInputFiles([
            new File(["x".repeat(15)], "vừa.png"),
            new File(["x".repeat(21)], "to.png"),
            new File(["a"], "phim.mov"),
            new File(["a"], "không"),
        ]);
        await animationFrame();
        await animationFrame();
        expect(queryAllTexts(".o_hoithi_slot[data-type-id='1'] .o_hoithi_error")).toEqual([
            "ảnh.PNG: only .pdf",
        ]);
        expect(queryAllTexts(".o_hoithi_file_told .o_hoithi_error")).toEqual([
            "to.png is too large",
            "phim.mov: only .pdf, .png",
            "không: only .pdf, .png",
        ]);
        expect.verifySteps(["/my/hoithi/entries/5/files vừa.png"]);
    });

    test("one that failed holds the page, and the preview, until it is sent or left out", async () => {
        patchWithCleanup(HoithiEntryAutosave.prototype, {
            go: (url) => expect.step(`go ${url}`),
        });
        const isHeldBack = () => {
            const event = new Event("beforeunload", { cancelable: true });
            window.dispatchEvent(event);
            return event.defaultPrevented;
        };
        replies = ["lost"];
        await start(page());
        await click(".slot_2");
        await setInputFiles([new File(["a"], "một.pdf")]);
        await animationFrame();
        await animationFrame();
        expect(isHeldBack()).toBe(true);
        await click(".o_hoithi_check");
        await animationFrame();
        await animationFrame();
        expect(queryAllTexts(".o_hoithi_told [data-name=files] a")).toEqual(["một.pdf"]);
        expect(".o_hoithi_told [data-name=files]").toBeFocused();
        expect(".o_hoithi_told [data-name=files] a").toHaveAttribute(
            "href",
            `#${queryOne(".o_hoithi_sending").id}`
        );
        expect.verifySteps([
            "/my/hoithi/entries/5/files một.pdf",
            "/my/hoithi/entries/5/autosave Cũ",
        ]);
        // left out
        await click(".o_hoithi_sending button:last");
        expect(isHeldBack()).toBe(false);
        await click(".o_hoithi_check");
        await animationFrame();
        await animationFrame();
        expect(".o_hoithi_told [data-name=files]").toHaveCount(0);
        expect.verifySteps([
            "/my/hoithi/entries/5/autosave Cũ",
            "go /my/hoithi/entries/5/preview",
        ]);
    });

    test("the preview waits for one that is on its way, and takes along what is typed then", async () => {
        patchWithCleanup(HoithiEntryAutosave.prototype, {
            go: (url) => expect.step(`go ${url}`),
        });
        let arrive;
        replies = [new Promise((resolve) => (arrive = resolve))];
        await start(page());
        await click(".slot_2");
        await setInputFiles([new File(["a"], "một.pdf")]);
        await animationFrame();
        await click(".o_hoithi_check");
        await animationFrame();
        await animationFrame();
        expect(".o_hoithi_told [data-name=files]").toHaveText("On their way");
        await type("[name=novelty]", "Gõ lúc chờ");
        expect.verifySteps([
            "/my/hoithi/entries/5/files một.pdf",
            "/my/hoithi/entries/5/autosave Cũ",
        ]);
        replies = [answer(), answer()];
        arrive(done());
        await tick();
        await animationFrame();
        await animationFrame();
        await animationFrame();
        expect(".o_hoithi_told [data-name=files]").toHaveCount(0);
        expect.verifySteps([
            "/my/hoithi/entries/5/parts",
            "/my/hoithi/entries/5/autosave Gõ lúc chờ",
            "/my/hoithi/entries/5/parts",
            "go /my/hoithi/entries/5/preview",
        ]);
    });

    test("a PDF is opened by its link where the browser shows none in a frame", async () => {
        const view = `<a class="o_hoithi_view" href="about:blank#pdf" data-kind="pdf" data-name="một.pdf">View</a>`;
        await start(page());
        queryOne(".o_hoithi_file_told").innerHTML = view;
        let showsPdf = false;
        patchWithCleanup(HoithiEntryFiles.prototype, {
            get showsPdf() {
                return showsPdf;
            },
        });
        await click(".o_hoithi_view");
        expect("dialog.o_hoithi_viewer").toHaveCount(0);
        queryOne(".o_hoithi_view").dataset.kind = "image";
        await click(".o_hoithi_view");
        expect("dialog.o_hoithi_viewer img").toHaveCount(1);
        queryOne("dialog.o_hoithi_viewer").close();
        showsPdf = true;
        queryOne(".o_hoithi_view").dataset.kind = "pdf";
        await click(".o_hoithi_view");
        expect("dialog.o_hoithi_viewer iframe").toHaveCount(1);
    });

    test("a lost line: what wasn't sent goes out by itself once it is back", async () => {
        replies = ["lost", done()];
        await start(page());
        await click(".slot_2");
        await setInputFiles([new File(["a"], "một.pdf")]);
        await animationFrame();
        await animationFrame();
        expect(".o_hoithi_sending .o_hoithi_again").toHaveCount(1);
        await manuallyDispatchProgrammaticEvent(window, "online");
        await animationFrame();
        await animationFrame();
        await animationFrame();
        expect(".o_hoithi_sending").toHaveCount(0);
        expect.verifySteps([
            "/my/hoithi/entries/5/files một.pdf",
            "/my/hoithi/entries/5/files một.pdf",
        ]);
    });

    test("a session that is over: what wasn't sent goes out after the login", async () => {
        const late = { is_late: true, login: "/web/login" };
        replies = [late];
        await start(page());
        await click(".slot_2");
        await setInputFiles([new File(["a"], "một.pdf")]);
        await animationFrame();
        await animationFrame();
        expect(saved()).toBe("Session over");
        // nothing was typed: the page asks all the same whether somebody is back
        replies = [answer(), done()];
        await manuallyDispatchProgrammaticEvent(window, "focus");
        await animationFrame();
        await animationFrame();
        await animationFrame();
        await animationFrame();
        expect(saved()).toBe("Saved at 09:42");
        expect(".o_hoithi_told [data-name=late]").toHaveCount(0);
        expect(".o_hoithi_sending").toHaveCount(0);
        expect.verifySteps([
            "/my/hoithi/entries/5/files một.pdf",
            "/my/hoithi/entries/5/autosave Cũ",
            "/my/hoithi/entries/5/files một.pdf",
        ]);
    });

    test("a server that stopped in the middle: tried again by a click", async () => {
        replies = ["lost", done()];
        await start(page());
        await click(".slot_2");
        await setInputFiles([new File(["a"], "một.pdf")]);
        await animationFrame();
        await animationFrame();
        expect(".o_hoithi_slot[data-type-id='2'] .o_hoithi_error").toHaveText("Connection lost");
        await click(".o_hoithi_sending button:first");
        await animationFrame();
        await animationFrame();
        expect(".o_hoithi_sending").toHaveCount(0);
        expect.verifySteps([
            "/my/hoithi/entries/5/files một.pdf",
            "/my/hoithi/entries/5/files một.pdf",
        ]);
    });
});
