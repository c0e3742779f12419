import { describe, expect, mockFetch, test } from "@odoo/hoot";
import {
    click,
    edit,
    manuallyDispatchProgrammaticEvent,
    press,
    queryAll,
    queryAllTexts,
    queryOne,
} from "@odoo/hoot-dom";
import { advanceTime, animationFrame } from "@odoo/hoot-mock";
import { setupInteractionWhiteList, startInteractions } from "@web/../tests/public/helpers";

setupInteractionWhiteList("hoithi_contest.entry_form");
describe.current.tags("interaction_dev");

const author = ({ index, name = "", percent = "", fixed = false }) => `
    <fieldset class="o_hoithi_author">
        <input type="hidden" name="author_id" value=""/>
        <label for="hoithi_author_name_${index}">Name</label>
        <input type="text" name="author_name" id="hoithi_author_name_${index}"
               value="${name}" ${fixed ? "readonly" : ""}/>
        <input type="text" name="author_percent" value="${percent}"/>
        <div class="o_hoithi_author_remove">
            ${name && !fixed ? `<input type="checkbox" name="author_delete" value="${index}"/>` : ""}
        </div>
        ${
            fixed
                ? `<input type="hidden" name="author_choice" value=""/>`
                : `<div class="o_hoithi_offers"></div>
                   <span class="d-none o_hoithi_offers_none">Nobody found</span>
                   <div class="d-none o_hoithi_offers_outsider">Add “{name}”</div>
                   <select name="author_choice">
                       <option value="">?</option>
                       <option value="outsider">Elsewhere</option>
                   </select>
                   <div class="o_hoithi_author_workplace">
                       <input type="text" name="author_workplace" value=""/>
                   </div>
                   <button type="submit" class="o_hoithi_author_find">Find</button>`
        }
    </fieldset>`;

const page = ({ group = true } = {}) => `
    <div id="wrap">
        <form class="o_hoithi_entry_form" action="/save" method="post"
              data-colleagues="/colleagues">
            <button type="submit" class="o_hoithi_enter">Enter</button>
            <input type="text" name="name" value="Máy đo"/>
            <input type="radio" name="participant_type" value="individual" ${group ? "" : "checked"}/>
            <input type="radio" name="participant_type" value="group" ${group ? "checked" : ""}/>
            <div class="o_hoithi_author_rows">
                ${author({ index: 0, name: "Hà Thị Tác Giả", percent: "60", fixed: true })}
                ${author({ index: 1, name: "Lý Văn Đồng", percent: "39,5" })}
            </div>
            <details class="o_hoithi_author_more">
                ${author({ index: 2 })}
                ${author({ index: 3 })}
            </details>
            <button type="button" class="o_hoithi_author_add">Add</button>
            <div class="o_hoithi_share_sum"><strong class="o_hoithi_share_total"></strong></div>
            <button type="button" class="d-none o_hoithi_author_drop_model">Remove</button>
            <button type="submit" class="o_hoithi_save">Save</button>
        </form>
    </div>`;

const names = () => queryAll("[name=author_name]").map((input) => input.value);

describe("shares", () => {
    test("are summed as they are typed, with comma or point; blank rows fold away", async () => {
        await startInteractions(page());
        expect(names()).toEqual(["Hà Thị Tác Giả", "Lý Văn Đồng"]);
        expect(".o_hoithi_share_total").toHaveText(/^99[.,]5$/);
        expect(".o_hoithi_share_sum").toHaveClass("o_hoithi_badge_warn");
        await click("[name=author_percent]:eq(1)");
        await edit("40.0");
        await animationFrame();
        expect(".o_hoithi_share_total").toHaveText("100");
        expect(".o_hoithi_share_sum").toHaveClass("o_hoithi_badge_ok");
    });

    test("of a line to be removed don't count", async () => {
        await startInteractions(page());
        await click("[name=author_delete]");
        await animationFrame();
        expect(".o_hoithi_share_total").toHaveText("60");
    });

    test("are no matter of a single author", async () => {
        await startInteractions(page({ group: false }));
        expect(".o_hoithi_share_sum").toHaveClass("d-none");
        expect(".o_hoithi_author_add").toHaveClass("d-none");
        await click("[name=participant_type][value=group]");
        await animationFrame();
        expect(".o_hoithi_share_sum").not.toHaveClass("d-none");
        expect(".o_hoithi_author_add").not.toHaveClass("d-none");
    });
});

describe("authors", () => {
    test("a row is added with labels of its own, and goes again", async () => {
        await startInteractions(page());
        queryOne(".o_hoithi_entry_form").addEventListener("change", () =>
            expect.step("change")
        );
        await click(".o_hoithi_author_add");
        await animationFrame();
        await click(".o_hoithi_author_add");
        await animationFrame();
        expect(names()).toEqual(["Hà Thị Tác Giả", "Lý Văn Đồng", "", ""]);
        const ids = queryAll("[name=author_name]").map((input) => input.id);
        expect(new Set(ids).size).toBe(4);
        for (const row of queryAll(".o_hoithi_author")) {
            expect(row.querySelector("label").htmlFor).toBe(
                row.querySelector("[name=author_name]").id
            );
        }
        await click(".o_hoithi_author:last .o_hoithi_author_remove button");
        await animationFrame();
        expect(names()).toEqual(["Hà Thị Tác Giả", "Lý Văn Đồng", ""]);
        // focus isn't lost with the row, and those who save the form are told
        expect("[name=author_name]:last").toBeFocused();
        expect.verifySteps(["change"]);
    });

    test("the workplace is asked of those from outside alone", async () => {
        await startInteractions(page());
        expect(".o_hoithi_author_workplace").toHaveClass("d-none");
        const select = queryOne("select[name=author_choice]");
        select.value = "outsider";
        await manuallyDispatchProgrammaticEvent(select, "change");
        await animationFrame();
        expect(".o_hoithi_author_workplace").not.toHaveClass("d-none");
    });
});

describe("colleagues", () => {
    const COLLEAGUES = [
        { name: "Đỗ Thị Hoa", unit: "Phòng Nước", offer: "a1" },
        { name: "Đỗ Văn Hùng", unit: "", offer: "b2" },
    ];

    async function startWithColleagues() {
        await startInteractions(page());
        mockFetch((input) => {
            if (`${input}`.includes("/colleagues")) {
                const query = new URL(input, location.origin).searchParams;
                expect.step([query.get("q"), ...query.getAll("taken")].join(" "));
            }
            return { colleagues: COLLEAGUES, is_whole: true };
        });
    }

    async function type(text) {
        await click("[name=author_name]:eq(1)");
        await edit(text);
        await advanceTime(700);
        await animationFrame();
    }

    test("are offered once the typing stops, and narrowed without asking again", async () => {
        await startWithColleagues();
        await type("do");
        expect(queryAllTexts(".o_hoithi_offers button")).toEqual([
            "Đỗ Thị Hoa – Phòng Nước",
            "Đỗ Văn Hùng",
        ]);
        expect.verifySteps(["do"]);
        await type("đỗ hoa");
        expect(queryAllTexts(".o_hoithi_offers button")).toEqual(["Đỗ Thị Hoa – Phòng Nước"]);
        expect.verifySteps([]);
    });

    test("one letter asks nobody", async () => {
        await startWithColleagues();
        await type("d");
        expect(".o_hoithi_offers button").toHaveCount(0);
        expect.verifySteps([]);
    });

    test("who is chosen stands in the choice, until another name is typed", async () => {
        await startWithColleagues();
        await type("do");
        await click(".o_hoithi_offers button:first");
        await animationFrame();
        expect("select[name=author_choice]").toHaveValue("a1");
        expect("[name=author_name]:eq(1)").toHaveValue("Đỗ Thị Hoa");
        expect(".o_hoithi_offers button").toHaveCount(0);
        await type("do van");
        expect("select[name=author_choice]").toHaveValue("");
        expect.verifySteps(["do"]);
    });

    test("who is in the list already is told, and isn't offered again", async () => {
        await startWithColleagues();
        queryAll("[name=author_id]")[0].value = "0";
        await type("do");
        expect.verifySteps(["do 0"]);
        await click(".o_hoithi_author_add");
        await animationFrame();
        await edit("hoa");
        await advanceTime(700);
        await animationFrame();
        expect.verifySteps(["hoa 0"]);
        // somebody is chosen in another row: that answer is out of date
        await click(".o_hoithi_offers:first button");
        await click("[name=author_name]:eq(2)");
        await edit("hoa t");
        await advanceTime(700);
        await animationFrame();
        expect.verifySteps(["hoa t 0 a1"]);
    });

    test("a new author is looked for in one box, also by unit and by keyboard", async () => {
        await startWithColleagues();
        await click(".o_hoithi_author_add");
        await animationFrame();
        const row = queryAll(".o_hoithi_author").at(-1);
        expect(row).toHaveClass("o_hoithi_author_search");
        const box = row.querySelector("[name=author_name]");
        expect(box).toHaveAttribute("role", "combobox");
        await edit("do nuoc");
        await advanceTime(700);
        await animationFrame();
        const marked = () => box.getAttribute("aria-activedescendant");
        expect(box).toHaveAttribute("aria-expanded", "true");
        expect(marked()).toBe(null);
        await press("ArrowDown");
        expect(row.querySelector(".active")).toHaveText("Đỗ Thị Hoa – Phòng Nước");
        expect(marked()).toBe(row.querySelector(".active").id);
        await press("Escape");
        expect(row.querySelector(".o_hoithi_offers")).toHaveText("");
        expect(box).toHaveAttribute("aria-expanded", "false");
        // somebody from outside is the last choice, and is asked for the workplace
        await edit("Lò Thị Ngoài");
        await advanceTime(700);
        await animationFrame();
        await press("ArrowUp");
        expect(row.querySelector(".active")).toHaveText("Add “Lò Thị Ngoài”");
        await press("Enter");
        await animationFrame();
        expect(row).not.toHaveClass("o_hoithi_author_search");
        expect(row.querySelector("select")).toHaveValue("outsider");
        expect(row.querySelector("[name=author_workplace]")).toBeFocused();
        expect.verifySteps(["do nuoc", "Lò Thị Ngoài"]);
    });

    test("nobody found is said", async () => {
        await startWithColleagues();
        await type("do");
        await type("đỗ xuân");
        expect(".o_hoithi_offers").toHaveText("Nobody found");
        expect.verifySteps(["do"]);
    });
});
