"""Staff register a solution from the portal, with a script and without one."""

import base64
import hashlib
import re
from contextlib import contextmanager
from datetime import date

import pytest
from playwright.sync_api import TimeoutError as NothingYet
from playwright.sync_api import expect

PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 300]>>endobj\n"
    b"trailer<</Root 1 0 R>>\n%%EOF\n"
)
PHONE = {"width": 390, "height": 844}
#: At which pages are looked at, the one first that a step is walked in.
WIDTHS = (360, 1366)
#: In which a solution was applied that may be entered now.
YEAR = date.today().year - 1
COAUTHOR_EMAIL = "ngocntb@snnmt.example.com"  # of canbo2
KNOWN = "Cán bộ đọc thước bằng mắt mỗi ngày hai lần.\nBan đêm không có số liệu."


@pytest.fixture
def description_slot(sql):
    """The slot of the dossier that every entry needs."""
    [row] = sql(
        "SELECT res_id FROM ir_model_data"
        " WHERE module = 'hoithi_contest' AND name = 'hoithi_dossier_type_description'"
    )
    return f".o_hoithi_slot[data-type-id='{row['res_id']}']"


@pytest.fixture
def entry_of(sql):
    """entry_of(title): the entry as it lies in the database, with authors and files."""

    def entry_of(title):
        [entry] = sql(
            "SELECT * FROM hoithi_entry WHERE name = %s ORDER BY id DESC LIMIT 1", title
        )
        entry["authors"] = sql(
            "SELECT * FROM hoithi_entry_author WHERE entry_id = %s"
            " ORDER BY is_representative IS TRUE DESC, id",
            entry["id"],
        )
        entry["files"] = sql(
            "SELECT * FROM hoithi_dossier_item WHERE entry_id = %s ORDER BY id",
            entry["id"],
        )
        return entry

    return entry_of


def open_new_entry(page):
    page.goto("/my")
    page.locator(".o_portal_index_card a[href$='/my/hoithi']").click()
    page.locator(".o_hoithi_register").first.click()
    expect(page.locator(".o_hoithi_entry_form")).to_be_visible()


def show(page, step):
    """Go to a step of the form by the rail; without a script all are shown."""
    page.locator(f".o_hoithi_rail a[data-step={step}]").click()
    expect(page.locator(f"#hoithi_step_{step}")).to_be_visible()


def fill_form(page, title):
    page.locator("[name=name]").fill(title)
    page.locator("[name=field_id]").first.check()
    page.locator("[name=first_applied_date]").fill(f"3/{YEAR}")
    page.locator("[name=application_place]").fill("Phường Bắc Kạn")
    show(page, "authors")
    page.locator("[name=participant_type][value=group]").check()
    show(page, "description")
    page.locator("[name=known_solution]").fill(KNOWN)
    page.locator("[name=solution_content]").fill("Trạm đo gửi số liệu 15 phút một lần.")
    page.locator("[name=benefit_amount]").fill("150 triệu")
    page.locator("[name=benefit_amount]").press("Tab")


def open_preview(page):
    show(page, "check")
    page.locator(".o_hoithi_preview").click()
    page.wait_for_url("**/preview")


def is_saved(page):
    return expect(page.locator(".o_hoithi_saved.o_hoithi_is_saved")).to_be_visible()


def is_kept(page, entry_of, title, **values):
    """Wait until the server has what was typed; one field is saved before the next."""
    for _turn in range(60):
        entry = entry_of(title)
        if all(entry[name] == value for name, value in values.items()):
            break
        page.wait_for_timeout(500)
    assert {name: entry[name] for name in values} == values


def no_sideways_scrolling(page):
    # asked again where the page is just being left for another
    return page.wait_for_function("document.documentElement?.scrollWidth <= innerWidth")


def submitted_with_one_file(entry, names, shares, filename="Bản mô tả.pdf"):
    assert entry["state"] == "submitted"
    assert entry["submitted_on"]
    assert entry["known_solution"] == KNOWN
    assert entry["benefit_amount"] == 150_000_000
    assert [author["full_name"] for author in entry["authors"]] == names
    assert [author["contribution_percent"] for author in entry["authors"]] == shares
    [file] = entry["files"]
    assert file["filename"] == filename
    assert file["sha256"] == hashlib.sha256(PDF).hexdigest()


def test_group_registers_with_files_and_submits(
    page_for, entry_of, description_slot, screenshot
):
    title = "Trạm đo mực nước tự động cho phường, xã"
    page = page_for("canbo1", viewport={"width": 1366, "height": 768})
    open_new_entry(page)
    fill_form(page, title)
    screenshot(page, "portal-form-description")
    # leaving a field has made the draft; the page stayed
    page.wait_for_url("**/entries/*")
    is_saved(page)
    assert entry_of(title)["state"] == "draft"

    show(page, "authors")
    page.locator(".o_hoithi_author_add").click()
    # one box: a colleague is found by parts of the name, in any order, without accents
    row = page.locator(".o_hoithi_author").nth(1)
    box = row.get_by_role(
        "combobox", name=re.compile("Find a colleague|Tìm đồng nghiệp")
    )
    for name in ("email", "choice", "workplace"):
        expect(row.locator(f"[name=author_{name}]")).to_be_hidden()
    # oneself is in the list already
    offers = row.get_by_role("option")
    box.press_sequentially(page.locator("[name=author_name]").first.input_value())
    expect(offers.first).to_contain_text(re.compile("No other|nào khác"))
    expect(offers).to_have_count(2)
    box.fill("")
    box.press_sequentially("ngoc nong")
    expect(offers).to_have_count(2)
    expect(offers.first).to_contain_text("Nông Thị Bích Ngọc")
    expect(offers.last).to_contain_text("ngoc nong")
    expect(page.locator("body")).not_to_contain_text(COAUTHOR_EMAIL)
    screenshot(page, "portal-colleagues")
    # by keyboard alone
    box.press("ArrowUp")
    expect(offers.last).to_have_attribute("aria-selected", "true")
    box.press("ArrowDown")
    expect(offers.first).to_have_attribute("aria-selected", "true")
    box.press("Enter")
    expect(row.locator("[name=author_name]")).to_have_value("Nông Thị Bích Ngọc")
    page.locator("[name=author_percent]").nth(1).fill("40")
    expect(page.locator(".o_hoithi_share_sum")).to_have_class(re.compile("badge_warn"))
    page.locator("[name=author_percent]").nth(0).fill("60")
    expect(page.locator(".o_hoithi_share_total")).to_have_text("100")
    expect(page.locator(".o_hoithi_share_sum")).to_have_class(re.compile("badge_ok"))
    screenshot(page, "portal-form-authors")
    page.locator(".o_hoithi_save").click()
    is_saved(page)
    # the row knows the colleague from now on
    expect(row.locator("[name=author_name]")).to_have_attribute("readonly", "")
    [_own, coauthor] = entry_of(title)["authors"]
    assert coauthor["contribution_percent"] == 40

    # what isn't there yet is said, and leads back to its place
    slot_id = re.search(r"\d+", description_slot)[0]
    expect(page.locator(".o_hoithi_missing a")).to_have_count(1)
    open_preview(page)
    expect(page.locator(".o_hoithi_submit")).to_have_count(0)
    screenshot(page, "portal-preview-missing")
    page.locator(f".o_hoithi_preview_missing a[href$='#hoithi_slot_{slot_id}']").click()
    page.wait_for_url("**#hoithi_slot_*")
    slot = page.locator(description_slot)
    expect(slot).to_be_in_viewport()
    open_preview(page)
    page.locator(".o_hoithi_preview_empties summary").click()
    page.locator(".o_hoithi_preview_empties a[href$='#hoithi_novelty']").click()
    page.wait_for_url("**#hoithi_novelty")
    expect(page.locator("[name=novelty]")).to_be_focused()

    # an upload leaves the page where it is, with all that was typed
    page.locator("[name=novelty]").fill("Lần đầu dùng ở cấp xã.")
    show(page, "files")
    url = page.url
    page.locator(".o_hoithi_drop_input").set_input_files(
        [
            {"name": "Bản mô tả.pdf", "mimeType": "application/pdf", "buffer": PDF},
            {"name": "chep.pdf", "mimeType": "application/pdf", "buffer": PDF},
        ]
    )
    expect(slot.locator(".o_hoithi_file_name")).to_have_count(1)
    expect(page.locator(".o_hoithi_file_told .o_hoithi_banner")).to_be_visible()
    expect(page.locator("[name=novelty]")).to_have_value("Lần đầu dùng ở cấp xã.")
    screenshot(page, "portal-form-files")
    name = slot.locator(".o_hoithi_file_name").inner_text()
    slot.locator(".o_hoithi_view").click()
    expect(page.locator("dialog.o_hoithi_viewer")).to_be_visible()
    page.keyboard.press("Escape")
    expect(slot.locator(".o_hoithi_view")).to_be_focused()
    # taken out, put back
    slot.locator(".o_hoithi_remove button").click()
    expect(slot.locator(".o_hoithi_removed")).to_contain_text(name)
    slot.locator(".o_hoithi_undo button").click()
    expect(slot.locator(".o_hoithi_file_name")).to_have_text(name)
    assert page.url == url
    expect(page.locator(".o_hoithi_missing a")).to_have_count(0)

    open_preview(page)
    screenshot(page, "portal-preview")
    # without the tick the browser itself holds the page; Enter on it submits nothing
    page.locator(".o_hoithi_submit").click()
    page.locator("[name=commitment]").check()
    page.locator("[name=commitment]").press("Enter")
    page.wait_for_url("**/submit")
    expect(page.locator("[name=commitment]")).to_be_checked()
    assert entry_of(title)["state"] == "draft"
    page.locator(".o_hoithi_submit").click()
    expect(page.locator(".o_hoithi_receipt_number")).to_be_visible()
    expect(page.locator(".o_hoithi_entry_form")).to_have_count(0)
    screenshot(page, "portal-receipt")
    entry = entry_of(title)
    submitted_with_one_file(
        entry, ["Lý Minh Đạo", "Nông Thị Bích Ngọc"], [60, 40], name
    )
    assert entry["novelty"] == "Lần đầu dùng ở cấp xã."

    coauthor = page_for("canbo2", viewport=PHONE)
    coauthor.goto("/my/hoithi")
    assert no_sideways_scrolling(coauthor)
    coauthor.locator(".o_hoithi_waiting", has_text=title).first.locator("a").click()
    coauthor.wait_for_url("**/entries/*")
    assert no_sideways_scrolling(coauthor)
    screenshot(coauthor, "portal-confirm-phone")
    coauthor.locator(".o_hoithi_confirm button").click()
    expect(coauthor.locator(".o_hoithi_confirmed")).to_be_visible()
    assert entry_of(title)["authors"][1]["confirmed_on"]


def leave_field(page, name, text):
    """Type in a field, and go on to the next one by Tab."""
    page.locator(f"[name={name}]").fill(text)
    page.keyboard.press("Tab")


def test_nothing_typed_is_lost(page_for, entry_of, screenshot, assert_accessible):
    """Two tabs in one field, a page that went with the session, the way back."""
    title = "Phao báo lũ chạy bằng năng lượng mặt trời"
    page = page_for("canbo1", viewport={"width": 1366, "height": 768})
    page.expected_errors = "status of 40"
    open_new_entry(page)
    page.locator("[name=name]").fill(title)
    leave_field(page, "first_applied_date", f"tháng 3 năm {YEAR}")
    is_saved(page)
    expect(page.locator("#hoithi_first_applied_date_understood")).to_contain_text(
        f"03/{YEAR}"
    )
    leave_field(page, "first_applied_date", "15/08/2010")
    expect(page.locator("[name=first_applied_date]")).to_have_attribute(
        "aria-invalid", "true"
    )
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 768})
        assert_accessible(page)
        screenshot(page, f"portal-form-date-out-of-range-{width}")
    leave_field(page, "first_applied_date", f"01-03-{YEAR}")
    expect(page.locator("#hoithi_first_applied_date_error")).to_be_empty()

    # a second tab: the second save tells what changed, and both texts are there
    context = page.context
    show(page, "description")
    other = context.new_page()
    other.goto(page.url.partition("#")[0] + "#hoithi_novelty")
    other.locator("[name=solution_content]").fill("Nội dung của thẻ hai")
    leave_field(other, "novelty", "Của thẻ hai")
    is_kept(
        other,
        entry_of,
        title,
        novelty="Của thẻ hai",
        solution_content="Nội dung của thẻ hai",
    )
    leave_field(page, "novelty", "Của thẻ một")
    theirs = page.locator(".o_hoithi_theirs")
    expect(theirs).to_contain_text("Của thẻ hai")
    expect(page.locator("[name=novelty]")).to_have_value("Của thẻ một")
    expect(page.locator("[name=solution_content]")).to_have_value(
        "Nội dung của thẻ hai"
    )
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 768})
        assert_accessible(page)
        screenshot(page, f"portal-form-two-tabs-{width}")
    assert entry_of(title)["novelty"] == "Của thẻ hai"
    theirs.locator("button").first.click()
    expect(theirs).to_have_count(0)
    is_kept(page, entry_of, title, novelty="Của thẻ một")
    is_saved(page)
    other.close()

    # gone with the session, what was typed is offered after the next login
    cookies = context.cookies()
    context.clear_cookies()
    leave_field(page, "novelty", "Gõ sau khi hết phiên")
    late = page.locator(".o_hoithi_told [data-name=late]")
    expect(late.locator("a[target=_blank]")).to_be_visible()
    page.on("dialog", lambda dialog: dialog.accept())
    url = page.url
    page.goto("/hoithi")
    context.add_cookies(cookies)
    page.goto(url)
    expect(page.locator(".o_hoithi_told [data-name=copy]")).to_be_visible()
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 768})
        assert_accessible(page)
        screenshot(page, f"portal-form-copy-offered-{width}")
    page.locator(".o_hoithi_told [data-name=copy] button").first.click()
    expect(page.locator("[name=novelty]")).to_have_value("Gõ sau khi hết phiên")
    is_kept(page, entry_of, title, novelty="Gõ sau khi hết phiên")
    is_saved(page)

    # the way back goes from step to step; leaving saves what nobody saved
    show(page, "files")
    page.go_back()
    expect(page.locator("#hoithi_step_description")).to_be_visible()
    page.locator("[name=novelty]").press_sequentially("!")
    page.locator(".breadcrumb a[href$='/my/hoithi']").click()
    page.wait_for_url("**/my/hoithi")
    page.goto(url)
    expect(page.locator("[name=novelty]")).to_have_value("Gõ sau khi hết phiên!")


#: Counts what is pressed with a mouse or a finger, in all pages of a tab.
COUNT_CLICKS = """addEventListener("pointerdown", () => {
    sessionStorage.clicks = Number(sessionStorage.clicks || 0) + 1;
}, true)"""


@contextmanager
def stays_in_place(page):
    """What somebody types in stays where it is on the screen."""
    place = "document.activeElement.getBoundingClientRect().top"
    before = page.evaluate(place)
    yield
    after = page.evaluate(place)
    assert abs(after - before) < 2, f"moved by {after - before} px"


def test_registers_and_submits_with_six_clicks(
    page_for, log_in, entry_of, screenshot, assert_accessible
):
    """Who has never seen it: all is typed, and six times something is pressed.

    Meanwhile the line is lost, a second tab writes, and the session ends: no letter is
    lost to any of them, and the page neither jumps nor is loaded anew.
    """
    title = "Mẫu phiếu hẹn trả kết quả có mã vạch"
    page = page_for("nhanvien1", viewport={"width": 1366, "height": 768})
    page.expected_errors = "ERR_INTERNET_DISCONNECTED|status of 401"
    page.add_init_script(COUNT_CLICKS)
    loaded = []
    page.on("load", lambda: loaded.append(page.url))
    context = page.context

    def look(name):
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 768})
            assert_accessible(page)
            screenshot(page, f"{name}-{width}")
        page.set_viewport_size({"width": 1366, "height": 768})
        # as before, in sight
        page.evaluate("document.activeElement.scrollIntoView({block: 'center'})")

    page.goto("/my/hoithi")
    page.locator(".o_hoithi_register").first.click()  # 1
    page.locator("[name=name]").fill(title)
    page.locator(".o_hoithi_option").first.click()  # 2
    page.locator("[name=first_applied_date]").fill(f"1.3.{YEAR}")
    leave_field(page, "application_place", "Văn phòng Sở")
    is_saved(page)
    page.locator(".o_hoithi_rail a[data-step=description]").click()  # 3
    texts = {
        name: f"Mỗi hồ sơ bớt được năm phút ({name}).\nNgười dân đỡ phải chờ."
        for name in (
            "known_solution",
            "solution_content",
            "novelty",
            "applicability",
            "economic_benefit",
        )
    }
    rest = iter(texts)

    def type_next():
        name = next(rest)
        leave_field(page, name, texts[name])

    late = page.locator(".o_hoithi_told [data-name=late]")
    # a lost line: what is typed stays on this device, and goes out by itself
    context.set_offline(True)
    type_next()
    with stays_in_place(page):
        expect(late).to_be_visible()
    type_next()
    look("portal-form-offline")
    with stays_in_place(page):
        context.set_offline(False)
        is_saved(page)
        expect(late).to_have_count(0)
    # a second tab writes: neither goes over the other
    other = context.new_page()
    other.goto(page.url.partition("#")[0])
    leave_field(other, "application_place", "Văn phòng Sở, tầng hai")
    is_kept(other, entry_of, title, application_place="Văn phòng Sở, tầng hai")
    page.bring_to_front()
    type_next()
    with stays_in_place(page):
        expect(page.locator(".o_hoithi_told [data-name=changed]")).to_be_visible()
    expect(page.locator("[name=application_place]")).to_have_value(
        "Văn phòng Sở, tầng hai"
    )
    look("portal-form-changed-meanwhile")
    # the session is over: a login in the other tab, and it goes on
    context.clear_cookies()
    type_next()
    with stays_in_place(page):
        expect(late.locator("a[target=_blank]")).to_be_visible()
    look("portal-form-session-over")
    log_in(other, "nhanvien1")
    other.close()
    page.bring_to_front()
    with stays_in_place(page):
        page.evaluate("window.dispatchEvent(new Event('focus'))")
        expect(late).to_have_count(0)
    type_next()
    page.locator("[name=benefit_amount]").fill("1 tỷ rưỡi")
    page.locator(".o_hoithi_rail a[data-step=files]").click()  # 4
    expect(page.locator("#hoithi_benefit_amount_understood")).to_contain_text(
        "1.500.000.000"
    )
    # dropped, as a person does
    with stays_in_place(page):
        page.evaluate(
            """([bytes]) => {
                const data = new DataTransfer();
                data.items.add(new File([new Uint8Array(bytes)], "ban-mo-ta.pdf"));
                const options = {dataTransfer: data, bubbles: true, cancelable: true};
                const zone = document.querySelector(".o_hoithi_drop");
                zone.dispatchEvent(new DragEvent("drop", options));
            }""",
            [list(PDF)],
        )
        expect(page.locator(".o_hoithi_file_name")).to_have_count(1)
    expect(page.locator(".o_hoithi_missing a")).to_have_count(0)
    expect(page.locator(".o_hoithi_progress")).to_contain_text("100 %")
    for width in (768, 1920):
        page.set_viewport_size({"width": width, "height": 800})
        assert no_sideways_scrolling(page)
    look("portal-form-ready")
    page.locator(".o_hoithi_check").click()  # 5
    page.wait_for_url("**/preview")
    look("portal-preview-ready")
    page.locator("[name=commitment]").press("Space")
    page.locator(".o_hoithi_submit").click()  # 6
    expect(page.locator(".o_hoithi_receipt_number")).to_be_visible()
    look("portal-receipt-ready")
    assert page.evaluate("sessionStorage.clicks") == "6"
    assert len(loaded) == 4, f"list, form, preview and receipt: {loaded}"
    entry = entry_of(title)
    assert {name: entry[name] for name in texts} == texts
    assert entry["application_place"] == "Văn phòng Sở, tầng hai"
    assert (entry["state"], entry["benefit_amount"]) == ("submitted", 1_500_000_000)


#: Where the focus is: what it is on, and whether all of it is to be seen, with nothing
#: that sticks to an edge of the screen above it.
FOCUS = """() => {
    const el = document.activeElement;
    const isLabelled = el.matches("[type=file], [type=radio], [type=checkbox]");
    const shown = isLabelled && el.labels.length ? el.labels[0] : el;
    const {left, top, width, height} = shown.getBoundingClientRect();
    const y = height > innerHeight / 2 ? top + 10 : top + height / 2;
    const above = document.elementFromPoint(left + Math.min(width, innerWidth) / 2, y);
    return {
        name: el.getAttribute("name") || "",
        type: el.type || "",
        words: (el.innerText || "").trim(),
        kind: el.className?.toString() || "",
        isSeen: Boolean(above) && (shown.contains(above) || above.contains(shown)),
        html: el.outerHTML.slice(0, 150),
    };
}"""


def test_registers_by_the_keyboard_alone(page_for, entry_of, screenshot):
    """On a phone's screen, from the list to the receipt, with the focus in sight."""
    title = "Bảng nhắc lịch lấy mẫu bằng màu"
    page = page_for("canbo2", viewport={"width": 360, "height": 740})
    page.goto("/my/hoithi")
    texts = {
        "name": title,
        "first_applied_date": f"3/{YEAR}",
        "application_place": "Trạm quan trắc",
        **dict.fromkeys(
            (
                "known_solution",
                "solution_content",
                "novelty",
                "applicability",
                "technical_benefit",
            ),
            "Mỗi tuần bớt được một giờ.",
        ),
    }
    walked = []

    def walk_to(fits, most=120):
        """Press Tab until the focus is there; fill in what is met on the way."""
        for _step in range(most):
            page.keyboard.press("Tab")
            at = page.evaluate(FOCUS)
            walked.append(at["html"])
            assert at["isSeen"], f"hidden: {at['html']}"
            if fits(at):
                return
            if at["name"] in texts:
                page.keyboard.type(texts.pop(at["name"]))
            elif at["name"] == "field_id":
                page.keyboard.press("Space")
        raise AssertionError(f"never reached: {walked[-most:]}")

    walk_to(lambda at: "o_hoithi_register" in at["kind"])
    page.keyboard.press("Enter")
    expect(page.locator(".o_hoithi_stepped")).to_be_visible()
    for step in ("authors", "description", "files"):
        walk_to(lambda at: "o_hoithi_step_after" in at["kind"])
        page.keyboard.press("Enter")
        expect(page.locator(f"#hoithi_step_{step} h2")).to_be_focused()
    assert not texts, f"passed by: {texts}"
    walk_to(lambda at: at["type"] == "file")
    # the page may be saving just then: whoever sees nothing open presses again
    for _press in range(3):
        try:
            with page.expect_file_chooser(timeout=10_000) as chooser:
                page.keyboard.press("Enter")
        except NothingYet:
            continue
        break
    chooser.value.set_files(
        {"name": "ban-mo-ta.pdf", "mimeType": "application/pdf", "buffer": PDF}
    )
    expect(page.locator(".o_hoithi_file_name")).to_have_count(1)
    walk_to(lambda at: "o_hoithi_step_after" in at["kind"])
    page.keyboard.press("Enter")
    expect(page.locator("#hoithi_step_check h2")).to_be_focused()
    walk_to(lambda at: "o_hoithi_preview" in at["kind"])
    page.keyboard.press("Enter")
    page.wait_for_url("**/preview")
    walk_to(lambda at: at["name"] == "commitment")
    page.keyboard.press("Space")
    walk_to(lambda at: "o_hoithi_submit" in at["kind"])
    screenshot(page, "portal-keyboard-submit")
    page.keyboard.press("Enter")
    expect(page.locator(".o_hoithi_receipt_number")).to_be_visible()
    assert entry_of(title)["state"] == "submitted"


def test_group_registers_without_javascript(
    no_js_page_for, entry_of, description_slot, screenshot
):
    title = "Thước nước có đèn báo, làm từ vật liệu tái chế"
    page = no_js_page_for("canbo2", viewport=PHONE)
    page.expected_errors = "status of 400"
    open_new_entry(page)
    assert no_sideways_scrolling(page)
    fill_form(page, title)
    page.locator("[name=author_percent]").nth(0).fill("70")
    page.locator("[name=author_name]").nth(1).fill("Chuyên gia cộng tác")
    page.locator("[name=author_percent]").nth(1).fill("ba mươi")
    page.locator(".o_hoithi_save").click()

    # nothing that was typed is lost on an error, which leads to its field
    problem = page.locator(".o_hoithi_notice[role=alert] a")
    expect(problem).to_contain_text("ba mươi")
    expect(page.locator("[name=name]")).to_have_value(title)
    expect(page.locator("[name=author_name]").nth(1)).to_have_value(
        "Chuyên gia cộng tác"
    )
    problem.click()
    expect(page.locator("[name=author_name]").nth(1)).to_be_in_viewport()
    page.locator("[name=author_percent]").nth(1).fill("30")

    # one looks for a colleague, finds none, and tells where the person works
    page.locator(".o_hoithi_author_find").first.click()
    expect(page.locator(".o_hoithi_author_sought")).to_be_visible()
    expect(page.locator("[name=name]")).to_have_value(title)
    page.locator("[name=author_choice]").nth(1).select_option("outsider")
    page.locator("[name=author_workplace]").nth(1).fill("Trường Cao đẳng Bắc Kạn")
    assert no_sideways_scrolling(page)
    screenshot(page, "portal-outsider-phone-no-javascript")
    page.locator(".o_hoithi_save").click()
    expect(page.locator(".o_hoithi_notice[role=status]")).to_be_visible()
    expect(page.locator(".o_hoithi_not_submitted")).to_be_visible()
    assert no_sideways_scrolling(page)
    screenshot(page, "portal-draft-phone-no-javascript")

    slot = page.locator(description_slot)
    upload = {"name": "Bản mô tả.pdf", "mimeType": "application/pdf", "buffer": b"no"}
    slot.locator("input[type=file]").set_input_files(upload)
    slot.locator(".o_hoithi_upload button").click()
    expect(page.locator(".o_hoithi_notice[role=alert]")).to_contain_text(
        "Bản mô tả.pdf"
    )
    slot.locator("input[type=file]").set_input_files({**upload, "buffer": PDF})
    slot.locator(".o_hoithi_upload button").click()
    expect(slot.locator(".o_hoithi_file_name")).to_have_text("Bản mô tả.pdf")

    # the session is over: what was typed is held until the next login
    cookies = page.context.cookies()
    page.locator("[name=novelty]").fill("Gõ trước khi hết phiên")
    page.context.clear_cookies()
    page.locator(".o_hoithi_save").click()
    expect(page.locator(".o_hoithi_late a[target=_blank]")).to_be_visible()
    screenshot(page, "portal-session-over-no-javascript")
    page.context.clear_cookies()
    page.context.add_cookies(cookies)
    page.locator(".o_hoithi_late_form button").click()
    expect(page.locator(".o_hoithi_late a[target=_blank]")).to_have_count(0)
    page.locator(".o_hoithi_late_form button").click()
    expect(page.locator("[name=novelty]")).to_have_value("Gõ trước khi hết phiên")

    open_preview(page)
    assert no_sideways_scrolling(page)
    screenshot(page, "portal-preview-phone-no-javascript")
    page.locator("[name=commitment]").check()
    page.locator(".o_hoithi_submit").click()
    expect(page.locator(".o_hoithi_receipt_number")).to_be_visible()
    entry = entry_of(title)
    submitted_with_one_file(
        entry, ["Nông Thị Bích Ngọc", "Chuyên gia cộng tác"], [70, 30]
    )
    assert entry["novelty"] == "Gõ trước khi hết phiên"


def test_blank_rows_of_authors_do_not_flash(page_for):
    """They are for those without a script; with one they are hidden before it runs."""
    page = page_for("canbo1")
    page.expected_errors = "ERR_FAILED"
    page.goto("/my/hoithi")
    path = page.locator(".o_hoithi_register").first.get_attribute("href")
    page.route("**/web.assets_frontend*.js", lambda route: route.abort())
    page.goto(f"{path}#hoithi_step_authors")
    expect(page.locator("#hoithi_step_authors")).to_be_visible()
    rows = page.locator(".o_hoithi_author_more .o_hoithi_author")
    assert rows.count() == 3
    for row in rows.all():
        expect(row).to_be_hidden()


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_enter_in_a_line_saves(page_for, rpc, entry_of, sql, screenshot, script):
    """Enter in each one-line input of a complete draft, and of a new one."""
    title = f"Phao đo mực nước, phím Enter {script}"
    page = page_for(
        "canbo1", java_script_enabled=script, viewport={"width": 360, "height": 740}
    )
    open_new_entry(page)
    fill_form(page, title)
    show(page, "authors")
    page.locator("[name=participant_type][value=individual]").check()
    show(page, "solution")
    page.locator("[name=application_place]").press("Enter")
    page.wait_for_url("**/entries/*")
    entry = entry_of(title)
    [kind] = sql(
        "SELECT res_id FROM ir_model_data"
        " WHERE module = 'hoithi_contest' AND name = 'hoithi_dossier_type_description'"
    )
    rpc(
        "canbo1",
        "hoithi.dossier.item",
        "create",
        [
            {
                "entry_id": entry["id"],
                "type_id": kind["res_id"],
                "filename": "Bản mô tả.pdf",
                "datas": base64.b64encode(PDF).decode(),
            }
        ],
    )
    url = page.url.partition("#")[0]
    page.goto(url)
    rows = ", .o_hoithi_author_more *" if script else ""
    lines = page.locator(
        f"#hoithi_entry_form input:is([type=text], [type=email]):not([readonly]{rows})"
    )
    count = lines.count()
    assert count > 4
    for number in range(count):
        line = lines.nth(number)
        name = line.get_attribute("name")
        if script:
            step = line.evaluate("el => el.closest('.o_hoithi_form_step').dataset.step")
            show(page, step)
        if not line.is_visible():
            continue
        typed = f"Nơi {number}"
        page.locator("[name=application_place]").evaluate(
            """(el, text) => {
                el.value = text;
                el.dispatchEvent(new Event("input", {bubbles: true}));
            }""",
            typed,
        )
        line.press("Enter")
        if script:
            is_kept(page, entry_of, title, application_place=typed)
            is_saved(page)
        else:
            expect(page.locator(".o_hoithi_notice[role=status]")).to_be_visible()
        entry = entry_of(title)
        assert (entry["state"], entry["application_place"]) == ("draft", typed), name
        assert page.url.partition("#")[0] == url
        page.goto(url)
    open_preview(page)
    expect(page.locator(".o_hoithi_submit")).to_be_visible()
    assert no_sideways_scrolling(page)
    screenshot(page, f"portal-preview-phone-{script}")


def test_login_works_without_javascript(new_page, passwords):
    page = new_page(java_script_enabled=False)
    page.goto("/my/hoithi")
    page.locator("input[name=login]").fill("canbo1")
    page.locator("input[name=password]").fill(passwords["canbo1"])
    page.locator("form.oe_login_form button[type=submit]").first.click()
    expect(page.locator(".o_hoithi_entries")).to_be_visible()


def test_visitor_reads_published_contests(new_page, screenshot):
    page = new_page()
    page.goto("/hoithi")
    page.locator(".o_hoithi_contest a").first.click()
    expect(page.locator("h1")).to_be_visible()
    expect(page.locator(".o_hoithi_legal_bases li").first).to_be_visible()
    screenshot(page, "public-contest")


def test_person_without_staff_record_is_told(page_for):
    page = page_for("canbomoi")
    page.goto("/my/hoithi")
    expect(page.locator(".o_hoithi_no_employee[role=alert]")).to_be_visible()
    expect(page.locator(".o_hoithi_register")).to_have_count(0)


def test_a_refused_address_counts_as_a_query(rpc, sql):
    """The refusal tells that the address is somebody's; nothing else of it stays."""
    [contest] = sql(
        "SELECT id FROM hoithi_contest WHERE state = 'open' ORDER BY id LIMIT 1"
    )
    entry = rpc(
        "canbo1",
        "hoithi.entry",
        "create",
        [{"name": "Thử đoán địa chỉ", "contest_id": contest["id"]}],
    )[0]
    notes = "SELECT COUNT(*) AS count FROM hoithi_person_query"
    [before] = sql(notes)
    line = {
        "entry_id": entry,
        "full_name": "Không Phải Tên Ấy",
        "email": "chauhtm@snnmt.example.com",
    }
    with pytest.raises(Exception, match="ValidationError"):
        rpc("canbo1", "hoithi.entry.author", "create", [line])
    [after] = sql(notes)
    assert after["count"] == before["count"] + 1
