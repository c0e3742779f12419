"""What visitors see of a contest, how staff ask, and how results are released."""

import re
import subprocess

import pytest
import requests
from playwright.sync_api import expect

PHONE = {"width": 360, "height": 740}
DESKTOP = {"width": 1366, "height": 768}
#: At which widths the pages fit as well.
OTHER_WIDTHS = (320, 768, 1024, 1920)
SUBJECT = "Ảnh chụp có phải bản gốc không?"
PRIVATE = "Máy ảnh của anh Ba ở Tổ Quan trắc bị hỏng"
PUBLIC = "Ảnh minh họa có cần là ảnh gốc không?"


@pytest.fixture
def contest_id(sql):
    """contest_id(name): the contest of the demo by the name of its data."""

    def contest_id(name):
        [row] = sql(
            "SELECT res_id FROM ir_model_data"
            " WHERE module = 'hoithi_contest' AND name = %s",
            name,
        )
        return row["res_id"]

    return contest_id


def assert_fits(page):
    """Nothing sticks out of a phone's screen, and pictures and styles are there."""
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def assert_years_hold(page, least=0):
    """Years as in “(2026 - 2027)” stand on one line, wherever they are read."""
    found, torn = page.evaluate(
        r"""() => {
            const texts = document.createTreeWalker(document.body, 4);
            const torn = [];
            let found = 0;
            for (let text; (text = texts.nextNode()); ) {
                for (const years of text.data.matchAll(/\d{4} ?[-–] ?\d{4}/g)) {
                    const range = document.createRange();
                    range.setStart(text, years.index);
                    range.setEnd(text, years.index + years[0].length);
                    const lines = [...range.getClientRects()].map((box) => box.bottom);
                    found += lines.length > 0;
                    // nor apart from their name, as a column of its own
                    const around = text.parentElement.parentElement;
                    const isColumn =
                        text.parentElement.style.whiteSpace === "nowrap" &&
                        /flex|grid/.test(getComputedStyle(around).display);
                    if (new Set(lines).size > 1 || isColumn) {
                        torn.push(text.data);
                    }
                }
            }
            return [found, torn];
        }"""
    )
    assert not torn
    assert found >= least


def assert_reads(page):
    """A screen reader meets the parts of the page in their order, each with a name."""
    order = page.evaluate(
        """[...document.querySelectorAll("body > header, main, body > footer, h1, h2")]
           .map(part => part.localName)"""
    )
    assert order[0] == "header"
    assert order[1:3] == ["main", "h1"]
    assert order.count("h1") == 1
    assert order[-1] == "footer"
    nameless = page.evaluate(
        """[...document.querySelectorAll("a, button, summary, input, select")]
           .filter(part => part.checkVisibility()
               && !(part.labels?.length || part.ariaLabel || part.textContent.trim()))
           .map(part => part.outerHTML)"""
    )
    assert not nameless


def test_visitor_reads_the_pages(new_page, contest_id, screenshot, assert_accessible):
    page = new_page(viewport=DESKTOP)

    def look(name):
        for width in OTHER_WIDTHS:
            page.set_viewport_size({**DESKTOP, "width": width})
            assert_fits(page)
            assert_years_hold(page)
        for device, viewport in (("phone", PHONE), ("pc", DESKTOP)):
            page.set_viewport_size(viewport)
            assert_fits(page)
            assert_years_hold(page, least=name != "public-lost")
            assert_accessible(page)
            assert_reads(page)
            screenshot(page, f"{name}-{device}")

    page.goto("/hoithi")
    expect(page.locator(".o_hoithi_due .o_hoithi_days b")).to_be_visible()
    expect(page.locator(".o_hoithi_how li")).to_have_count(3)
    expect(page.locator(".o_hoithi_result")).to_have_count(3)
    assert not page.evaluate("document.scripts.length"), "these pages need no script"
    look("public-contests")
    past = contest_id("hoithi_contest_vi")
    page.locator(f".o_hoithi_contest[data-contest-id='{past}'] a").click()
    expect(page.locator("h1")).to_contain_text("lần thứ VI")
    expect(page.locator(".o_hoithi_result")).to_have_count(5)
    expect(page.locator(".o_hoithi_step_done")).to_have_count(5)
    look("public-past")

    page.locator(f".o_hoithi_results a[href='/hoithi/{past}/results']").click()
    expect(page.locator(".o_hoithi_result")).to_have_count(5)
    look("public-results")
    page.locator("#hoithi_result_q").fill("tram do muc nuoc")
    page.locator("#hoithi_result_q").press("Enter")
    expect(page.locator(".o_hoithi_result")).to_have_count(1)
    # the whole card leads on
    page.locator(".o_hoithi_result img").click(force=True)
    expect(page.locator("h1")).to_contain_text("Trạm đo mực nước")
    expect(page.locator(".o_hoithi_authors li").first).to_be_visible()
    assert "Kết quả: Hội thi" in page.locator(".o_hoithi_crumbs").inner_text()
    look("public-solution")

    page.goto(f"/hoithi/{contest_id('hoithi_contest_now')}")
    expect(page.locator(".o_hoithi_step_current")).to_have_count(1)
    page.locator(".o_hoithi_task summary").first.click()
    page.locator("#hoithi_q").fill("dong tac gia")
    page.locator("#hoithi_q").press("Enter")
    expect(page.locator("#questions .o_hoithi_question")).to_have_count(1)
    look("public-contest")
    page.emulate_media(media="print")
    assert not page.locator(".o_hoithi_foot").is_visible()
    screenshot(page, "public-print")
    page.emulate_media(media="screen")

    page.expected_errors = "404"
    page.goto("/hoithi/0")
    page.locator("#hoithi_error_q").fill("lo dot")
    look("public-lost")
    page.locator("#hoithi_error_q").press("Enter")
    expect(page.locator(".o_hoithi_result")).to_have_count(1)


#: What a page weighs at most on its first visit, without its pictures (bytes).
MOST_BYTES = 100_000
#: Of what was loaded, by kind; the page itself among it.
WEIGHT = """() => {
    const loaded = performance.getEntriesByType("resource");
    const weight = {page: performance.getEntriesByType("navigation")[0].transferSize};
    for (const {initiatorType, transferSize} of loaded) {
        weight[initiatorType] = (weight[initiatorType] || 0) + transferSize;
    }
    return weight;
}"""


def weigh(page, path):
    """Return what a first visit loads, by kind (bytes)."""
    page.goto(path)
    page.evaluate("document.fonts.ready")
    page.wait_for_load_state("networkidle")
    return page.evaluate(WEIGHT)


def test_a_first_visit_is_light(new_page, contest_id):
    """Within a bound, and less than half of what Odoo's own frame of a page loads."""
    past = contest_id("hoithi_contest_vi")
    framed = sum(weigh(new_page(viewport=PHONE), "/web/login").values())
    for path in ("/hoithi", f"/hoithi/{past}", f"/hoithi/{past}/results"):
        weight = weigh(new_page(viewport=PHONE), path)
        assert not weight.get("script"), weight
        assert sum(weight.values()) - weight.get("img", 0) < MOST_BYTES, weight
        assert 2 * sum(weight.values()) < framed, (weight, framed)


def read_print(page, path):
    """Print the page as people do, and return (its words in their order, its pages)."""
    page.pdf(path=path, format="A4", prefer_css_page_size=True)
    text = subprocess.run(
        ["pdftotext", "-raw", path, "-"], check=True, capture_output=True, text=True
    ).stdout
    return " ".join(text.split()), text.count("\f")


def test_results_are_printed(new_page, contest_id, tmp_path):
    """What is told, and nothing that is clicked or typed."""
    past = contest_id("hoithi_contest_vi")
    page = new_page(viewport=DESKTOP)
    page.goto(f"/hoithi/{past}/results")
    titles = page.locator(".o_hoithi_result h3").all_inner_texts()
    text, pages = read_print(page, tmp_path / "results.pdf")
    assert all(" ".join(title.split()) in text for title in titles)
    prize = page.locator(".o_hoithi_result .o_hoithi_badge").first.text_content()
    assert prize.strip() in text
    for clicked in ("Tìm kiếm", "Đăng nhập", "Bỏ qua", "Có dấu hoặc không dấu"):
        assert clicked not in text, clicked
    assert pages <= 4

    page.locator(".o_hoithi_result h3 a").first.click()
    title = page.locator("h1").inner_text()
    author = page.locator(".o_hoithi_author b").first.inner_text()
    text, pages = read_print(page, tmp_path / "solution.pdf")
    assert title in text
    assert author in text
    assert text.index(title) < text.index(author)
    for beside in ("Đăng nhập", "Bỏ qua", "Giải pháp khác của lần thi này"):
        assert beside not in text, beside
    assert pages <= 2


def test_visitor_goes_on_by_the_keyboard(new_page, contest_id):
    page = new_page(viewport=PHONE)
    page.goto(f"/hoithi/{contest_id('hoithi_contest_vi')}/results")
    page.keyboard.press("Tab")
    expect(page.locator(".o_hoithi_skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.locator(".o_hoithi_menu summary").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".o_hoithi_menu nav a").first).to_be_visible()
    page.locator("#hoithi_result_q").focus()
    page.keyboard.type("lo dot")
    page.keyboard.press("Enter")
    expect(page.locator(".o_hoithi_result")).to_have_count(1)
    page.locator(".o_hoithi_result h3 a").focus()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("Lò đốt")


def test_visitor_without_a_script_changes_the_language(new_page, contest_id):
    page = new_page(java_script_enabled=False)
    page.goto(f"/hoithi/{contest_id('hoithi_contest_now')}")
    expect(page.locator("html")).to_have_attribute("lang", "vi-VN")
    page.locator(".o_hoithi_nav a[lang=en-US]").click()
    expect(page.locator("html")).to_have_attribute("lang", "en-US")
    expect(page.locator("h2#hoithi_documents_title")).to_have_text("Documents")
    page.goto("/hoithi")
    expect(page.locator("html")).to_have_attribute("lang", "en-US")
    page.locator(".o_hoithi_nav a[lang=vi-VN]").click()
    expect(page.locator("html")).to_have_attribute("lang", "vi-VN")


def test_staff_ask_and_everybody_learns(
    page_for, no_js_page_for, new_page, contest_id, screenshot
):
    contest = contest_id("hoithi_contest_now")
    asker = no_js_page_for("canbo1", viewport=PHONE)
    asker.goto(f"/hoithi/{contest}")
    asker.locator(".o_hoithi_ask").click()
    asker.locator("input[name=subject]").fill(SUBJECT)
    asker.locator("textarea[name=body]").fill(PRIVATE)
    asker.locator(".o_hoithi_ask_form button.btn").click()
    expect(asker.locator(".o_hoithi_notice[role=status]")).to_be_visible()
    question = asker.locator(".o_hoithi_my_question").filter(has_text=SUBJECT)
    expect(question.locator(".o_hoithi_badge_warn")).to_be_visible()
    screenshot(asker, "portal-question-asked")

    office = page_for("thuky")
    office.goto("/odoo/hoithi-questions")
    screenshot(office, "questions-board")
    office.locator(".o_kanban_record").filter(has_text=SUBJECT).click()
    office.locator("[name=answer] [contenteditable=true]").fill(
        "Ảnh chụp lại cũng được."
    )
    office.locator("button[name=action_answer]").click()
    expect(office.locator("button[name=action_publish]")).to_be_visible()
    office.locator("[name=public_question] textarea").fill(PUBLIC)
    office.locator("[name=public_answer] [contenteditable=true]").fill(
        "Không bắt buộc."
    )
    office.locator("button[name=action_publish]").click()
    expect(office.locator("button[name=action_withdraw]")).to_be_visible()
    screenshot(office, "question-published")

    asker.reload()
    expect(question.locator(".o_hoithi_answer")).to_contain_text("Ảnh chụp lại")
    visitor = new_page()
    visitor.goto(f"/hoithi/{contest}")
    shown = visitor.locator("#questions .o_hoithi_question").filter(has_text=PUBLIC)
    shown.locator("summary").click()
    expect(shown).to_contain_text("Không bắt buộc.")
    for secret in (SUBJECT, PRIVATE, "anh Ba", "Ảnh chụp lại"):
        assert secret not in visitor.content()

    office.locator("button[name=action_withdraw]").click()
    expect(office.locator("button[name=action_publish]")).to_be_visible()
    visitor.reload()
    expect(shown).to_have_count(0)


def test_publisher_withdraws_and_releases_results(
    page_for, new_page, contest_id, base_url, screenshot
):
    contest = contest_id("hoithi_contest_vi")
    address = f"{base_url}/hoithi/{contest}"
    first = requests.get(address, headers={"User-Agent": "bot"}, timeout=60)
    etag = {"If-None-Match": first.headers["ETag"], "User-Agent": "bot"}
    assert requests.get(address, headers=etag, timeout=60).status_code == 304

    publisher = page_for("dangtin")
    publisher.goto(f"/odoo/hoithi-contests/{contest}")
    publisher.locator(".o_hoithi_more").click()
    publisher.locator("button[name=action_ask_withdraw_results]").click()
    publisher.locator(".modal-footer .btn-primary").click()
    release = publisher.locator("button[name=action_ask_publish_results]")
    expect(release).to_be_visible()
    changed = requests.get(address, headers=etag, timeout=60)
    assert changed.status_code == 200
    assert "o_hoithi_result" not in changed.text

    release.click()
    expect(publisher.locator(".modal")).to_be_visible()
    screenshot(publisher, "results-release")
    publisher.locator(".modal-footer .btn-primary").click()
    expect(release).to_have_count(0)
    visitor = new_page(viewport=PHONE)
    visitor.goto(f"/hoithi/{contest}")
    expect(visitor.locator(".o_hoithi_result")).to_have_count(5)


def test_co_author_takes_the_name_back(page_for, new_page, sql, contest_id):
    """A name goes from the page with the next look at it, and may come back."""
    [line] = sql(
        "SELECT author.full_name, author.entry_id, users.login"
        "  FROM hoithi_entry_author author"
        "  JOIN hoithi_entry entry ON entry.id = author.entry_id"
        "  JOIN res_users users ON users.partner_id = author.partner_id"
        " WHERE entry.contest_id = %s AND author.consent_publish AND"
        "       entry.consent_publish AND entry.state = 'nominated'"
        " ORDER BY author.id LIMIT 1",
        contest_id("hoithi_contest_vi"),
    )
    path = f"/hoithi/{contest_id('hoithi_contest_vi')}"
    visitor = new_page()
    visitor.goto(path)
    results = visitor.locator(".o_hoithi_results")
    expect(results).to_contain_text(line["full_name"])
    author = page_for(line["login"])
    author.goto(f"/my/hoithi/entries/{line['entry_id']}")
    author.locator(".o_hoithi_consent button").click()
    expect(author.locator(".o_hoithi_notice[role=status]")).to_be_visible()
    visitor.reload()
    expect(results).not_to_contain_text(line["full_name"])
    author.locator(".o_hoithi_consent button").click()
    expect(author.locator(".o_hoithi_consent input[name=consent]")).to_have_value("0")
    visitor.reload()
    expect(results).to_contain_text(line["full_name"])


def test_unpublished_contests_do_not_exist(base_url, sql):
    [row] = sql("SELECT MAX(id) + 1 AS id FROM hoithi_contest")
    for path in (f"/hoithi/{row['id']}", "/hoithi/0", "/hoithi/99999999999999"):
        answer = requests.get(base_url + path, timeout=60)
        assert answer.status_code == 404, path
        assert not re.search("Traceback|psycopg2", answer.text)
