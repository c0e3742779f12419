import { beforeEach, describe, expect, test } from "@odoo/hoot";
import { click, edit, queryOne } from "@odoo/hoot-dom";
import { advanceTime, animationFrame } from "@odoo/hoot-mock";
import { browser } from "@web/core/browser/browser";
import { patchWithCleanup } from "@web/../tests/web_test_helpers";
import { setupInteractionWhiteList, startInteractions } from "@web/../tests/public/helpers";

setupInteractionWhiteList([
    "hoithi_contest.kept_words",
    "hoithi_contest.sent_words",
    "hoithi_contest.old_copies",
]);
describe.current.tags("interaction_dev");

const PATH = "/my/hoithi/3/questions";
const KEY = `hoithi.7.words.${PATH}#hoithi_subject`;

const page = ({ subject = "", body = "", notice = "", path = PATH, locked = "" } = {}) => `
    <div id="wrapwrap">
        ${notice}
        <details><summary>Ask</summary>
            <form action="${path}" method="post" data-keep="7">
                <input type="hidden" name="csrf_token" value="t"/>
                <fieldset ${locked}>
                    <input type="text" id="hoithi_subject" name="subject" value="${subject}"/>
                    <textarea name="body">${body}</textarea>
                </fieldset>
                <p class="o_hoithi_kept" hidden>Kept at <b></b> <span class="o_hoithi_discard">Drop</span></p>
            </form>
        </details>
    </div>`;

const keep = (pairs, key = KEY) =>
    browser.localStorage.setItem(key, JSON.stringify({ at: Date.now(), pairs }));
const kept = () => JSON.parse(browser.localStorage.getItem(KEY))?.pairs;

beforeEach(() => browser.localStorage.clear());

test("what is typed is kept on this device, and put back when the form is opened again", async () => {
    await startInteractions(page({ subject: "Sửa dữ liệu" }));
    queryOne("details").open = true;
    await click("textarea");
    await edit("Nộp ở đâu?", { confirm: false });
    await advanceTime(600);
    expect(kept()).toEqual([["body", "Nộp ở đâu?", ""]]);
    await click("textarea");
    await edit("", { confirm: false });
    await advanceTime(600);
    expect(kept()).toBe(undefined);
    await click("[name=subject]");
    await edit("Khác", { confirm: false });
    window.dispatchEvent(new Event("pagehide"));
    expect(kept()).toEqual([["subject", "Khác", "Sửa dữ liệu"]]);
});

test("it is put back where nothing stands, and told; it can be discarded", async () => {
    keep([["subject", "Cũ", ""], ["body", "Nộp ở đâu?", ""]]);
    await startInteractions(page({ subject: "Sửa dữ liệu" }));
    expect("details").toHaveAttribute("open");
    expect("[name=subject]").toHaveValue("Sửa dữ liệu");
    expect("textarea").toHaveValue("Nộp ở đâu?");
    expect(".o_hoithi_kept").toBeVisible();
    await click(".o_hoithi_kept button");
    await animationFrame();
    expect("textarea").toHaveValue("");
    expect(".o_hoithi_kept").not.toBeVisible();
    expect("[name=subject]").toBeFocused();
    expect(kept()).toBe(undefined);
});

test("what the server has sent back is newer", async () => {
    keep([["subject", "Cũ", ""], ["body", "Nộp ở đâu?", ""]]);
    await startInteractions(page({ subject: "Mới", body: "Nộp cho ai?" }));
    expect("textarea").toHaveValue("Nộp cho ai?");
    expect(".o_hoithi_kept").not.toBeVisible();
});

const notice = (kind, path = PATH, by = 7) =>
    `<div class="alert alert-${kind} o_hoithi_notice" data-of="${path}" data-by="${by}">Told</div>`;

for (const [name, told] of [
    ["refused", notice("danger")],
    ["said of another form", notice("success", "/my/hoithi/30/questions")],
    ["said of another form that posts there", notice("success", `${PATH}#hoithi_other`)],
    ["said of another login", notice("success", PATH, 8)],
]) {
    test(`it stays where it is ${name}`, async () => {
        keep([["body", "Nộp ở đâu?", ""]]);
        await startInteractions(page({ notice: told }));
        expect("textarea").toHaveValue("Nộp ở đâu?");
    });
}

test("it goes once the server says that it was sent", async () => {
    const other = "hoithi.7.words./my/hoithi/entries/5/withdraw#hoithi_reason";
    keep([["body", "Nộp ở đâu?", ""]]);
    keep([["reason", "Khác", ""]], other);
    await startInteractions(page({ notice: notice("success") }));
    expect("textarea").toHaveValue("");
    expect(browser.localStorage.getItem(KEY)).toBe(null);
    expect(browser.localStorage.getItem(other)).not.toBe(null);
});

test("it goes from one of several forms that post to one place", async () => {
    keep([["body", "Nộp ở đâu?", ""]]);
    await startInteractions(page({ notice: notice("success", `${PATH}#hoithi_subject`) }));
    expect("textarea").toHaveValue("");
    expect(kept()).toBe(undefined);
});

test("a language that Odoo Website puts before the path changes nothing", async () => {
    keep([["body", "Nộp ở đâu?", ""]]);
    await startInteractions(page({ path: `/vi${PATH}` }));
    expect("textarea").toHaveValue("Nộp ở đâu?");
});

test("nor does it once the server says that it was sent", async () => {
    keep([["body", "Nộp ở đâu?", ""]]);
    await startInteractions(page({ path: `/vi${PATH}`, notice: notice("success") }));
    expect("textarea").toHaveValue("");
    expect(kept()).toBe(undefined);
});

test("a form that is locked is as the server has it, and what was kept of it goes", async () => {
    keep([["body", "8,5", ""]]);
    await startInteractions(page({ locked: "disabled" }));
    expect("textarea").toHaveValue("");
    expect(".o_hoithi_kept").not.toBeVisible();
    expect(kept()).toBe(undefined);
});

test("it doesn't lie on a device for long", async () => {
    const old = JSON.stringify({ at: 1, pairs: [["body", "Nộp ở đâu?"]] });
    browser.localStorage.setItem(KEY, old);
    browser.localStorage.setItem("hoithi.8.words./my/hoithi/4/questions#hoithi_subject", old);
    await startInteractions(`<div id="wrapwrap"></div>`);
    const keys = Object.keys(browser.localStorage).filter((key) => key.startsWith("hoithi."));
    expect(keys).toEqual([]);
});

test("a device that keeps nothing holds the page, unless the form is sent", async () => {
    patchWithCleanup(browser.localStorage, {
        setItem(key) {
            if (key === KEY) {
                throw new Error("full");
            }
            return super.setItem(...arguments);
        },
    });
    const isHeldBack = () => {
        const event = new Event("beforeunload", { cancelable: true });
        window.dispatchEvent(event);
        return event.defaultPrevented;
    };
    await startInteractions(page());
    expect(isHeldBack()).toBe(false);
    queryOne("details").open = true;
    await click("textarea");
    await edit("Nộp ở đâu?", { confirm: false });
    expect(isHeldBack()).toBe(true);
    queryOne("form").dispatchEvent(new Event("submit", { cancelable: true }));
    expect(isHeldBack()).toBe(false);
});
