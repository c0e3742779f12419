"""Staff register a solution from the portal, with a script and without one."""

import base64
import hashlib
import re

import pytest
from playwright.sync_api import expect

PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 300]>>endobj\n"
    b"trailer<</Root 1 0 R>>\n%%EOF\n"
)
PHONE = {"width": 390, "height": 844}
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


def fill_form(page, title):
    page.locator("[name=name]").fill(title)
    page.locator("[name=field_id]").select_option(index=1)
    page.locator("[name=solution_type]").select_option("technical")
    page.locator("[name=known_solution]").fill(KNOWN)
    page.locator("[name=solution_content]").fill("Trạm đo gửi số liệu 15 phút một lần.")
    page.locator("[name=first_applied_date]").fill("2025-03-15")
    page.locator("[name=application_place]").fill("Phường Bắc Kạn")
    page.locator("[name=benefit_amount]").fill("150.000.000")
    page.locator("[name=participant_type][value=group]").check()


def open_preview(page):
    page.locator(".o_hoithi_check").click()
    page.wait_for_url("**/preview")


def no_sideways_scrolling(page):
    # asked again where the page is just being left for another
    return page.wait_for_function("document.documentElement?.scrollWidth <= innerWidth")


def submitted_with_one_file(entry, names, shares):
    assert entry["state"] == "submitted"
    assert entry["submitted_on"]
    assert entry["known_solution"] == KNOWN
    assert entry["benefit_amount"] == 150_000_000
    assert [author["full_name"] for author in entry["authors"]] == names
    assert [author["contribution_percent"] for author in entry["authors"]] == shares
    [file] = entry["files"]
    assert file["filename"] == "Bản mô tả.pdf"
    assert file["sha256"] == hashlib.sha256(PDF).hexdigest()


def test_group_registers_with_files_and_submits(
    page_for, entry_of, description_slot, screenshot
):
    title = "Trạm đo mực nước tự động cho phường, xã"
    page = page_for("canbo1", viewport={"width": 1366, "height": 768})
    open_new_entry(page)
    fill_form(page, title)

    page.locator(".o_hoithi_author_add").click()
    # a colleague is found by parts of the name, in any order and without accents
    row = page.locator(".o_hoithi_author").nth(1)
    row.locator("[name=author_name]").press_sequentially("ngoc nong")
    offer = row.locator(".o_hoithi_offers button")
    expect(offer).to_contain_text("Nông Thị Bích Ngọc")
    expect(page.locator("body")).not_to_contain_text(COAUTHOR_EMAIL)
    screenshot(page, "portal-colleagues")
    offer.click()
    expect(row.locator("[name=author_name]")).to_have_value("Nông Thị Bích Ngọc")
    expect(row.locator(".o_hoithi_author_workplace")).to_be_hidden()
    page.locator("[name=author_percent]").nth(1).fill("40")
    expect(page.locator(".o_hoithi_share_sum")).to_have_class(re.compile("text-danger"))
    page.locator("[name=author_percent]").nth(0).fill("60")
    expect(page.locator(".o_hoithi_share_total")).to_have_text("100")
    expect(page.locator(".o_hoithi_share_sum")).to_have_class(
        re.compile("text-success")
    )
    expect(page.locator(".o_hoithi_unsaved")).to_be_visible()
    screenshot(page, "portal-new-entry")
    page.locator(".o_hoithi_save").click()

    expect(page.locator(".o_hoithi_notice[role=status]")).to_be_visible()
    expect(page.locator(".o_hoithi_not_submitted")).to_be_visible()
    expect(page.locator(".o_hoithi_unsaved")).to_be_hidden()
    assert entry_of(title)["state"] == "draft"
    screenshot(page, "portal-draft")

    # what isn't there yet is said, and leads back to its place
    open_preview(page)
    expect(page.locator(".o_hoithi_submit")).to_have_count(0)
    screenshot(page, "portal-preview-missing")
    slot_id = re.search(r"\d+", description_slot)[0]
    page.locator(f".o_hoithi_preview_missing a[href$='#hoithi_slot_{slot_id}']").click()
    page.wait_for_url("**#hoithi_slot_*")
    expect(page.locator(description_slot)).to_be_in_viewport()
    open_preview(page)
    expect(page.locator(".o_hoithi_preview_missing a")).to_have_count(1)
    page.locator(".o_hoithi_preview_empties a[href$='#hoithi_novelty']").click()
    page.wait_for_url("**#hoithi_novelty")
    expect(page.locator("[name=novelty]")).to_be_focused()
    assert entry_of(title)["state"] == "draft"

    # an upload saves what was typed before it
    page.locator("[name=novelty]").fill("Lần đầu dùng ở cấp xã.")
    expect(page.locator(".o_hoithi_unsaved")).to_be_visible()
    slot = page.locator(description_slot)
    slot.locator("input[type=file]").set_input_files(
        {"name": "Bản mô tả.pdf", "mimeType": "application/pdf", "buffer": PDF}
    )
    slot.locator(".o_hoithi_upload button").click()
    expect(slot.locator(".o_hoithi_file a")).to_have_text("Bản mô tả.pdf")
    expect(page.locator("[name=novelty]")).to_have_value("Lần đầu dùng ở cấp xã.")

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
    expect(page.locator(".o_hoithi_commitment")).to_be_visible()
    expect(page.locator(".o_hoithi_entry_form")).to_have_count(0)
    screenshot(page, "portal-receipt")
    entry = entry_of(title)
    submitted_with_one_file(entry, ["Lý Minh Đạo", "Nông Thị Bích Ngọc"], [60, 40])
    assert entry["novelty"] == "Lần đầu dùng ở cấp xã."
    assert (
        page.locator(".o_hoithi_receipt_number").inner_text()
        == (entry["receipt_number"])
    )

    coauthor = page_for("canbo2", viewport=PHONE)
    coauthor.goto("/my/hoithi")
    assert no_sideways_scrolling(coauthor)
    coauthor.locator(".o_hoithi_todo", has_text=title).first.locator("a").click()
    coauthor.wait_for_url("**/entries/*")
    assert no_sideways_scrolling(coauthor)
    screenshot(coauthor, "portal-confirm-phone")
    coauthor.locator(".o_hoithi_confirm button").click()
    expect(coauthor.locator(".o_hoithi_confirmed")).to_be_visible()
    assert entry_of(title)["authors"][1]["confirmed_on"]


def test_group_registers_without_javascript(
    no_js_page_for, entry_of, description_slot, screenshot
):
    title = "Thước nước có đèn báo, làm từ vật liệu tái chế"
    page = no_js_page_for("canbo2", viewport=PHONE)
    open_new_entry(page)
    assert no_sideways_scrolling(page)
    fill_form(page, title)
    page.locator("[name=author_percent]").nth(0).fill("70")
    page.locator("[name=author_name]").nth(1).fill("Chuyên gia cộng tác")
    page.locator("[name=author_percent]").nth(1).fill("ba mươi")
    page.locator(".o_hoithi_save").click()

    # nothing that was typed is lost on an error
    expect(page.locator(".o_hoithi_notice[role=alert]")).to_contain_text("ba mươi")
    expect(page.locator("[name=name]")).to_have_value(title)
    expect(page.locator("[name=author_name]").nth(1)).to_have_value(
        "Chuyên gia cộng tác"
    )
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
    expect(slot.locator(".o_hoithi_file a")).to_have_text("Bản mô tả.pdf")

    open_preview(page)
    assert no_sideways_scrolling(page)
    screenshot(page, "portal-preview-phone-no-javascript")
    page.locator("[name=commitment]").check()
    page.locator(".o_hoithi_submit").click()
    expect(page.locator(".o_hoithi_receipt_number")).to_be_visible()
    submitted_with_one_file(
        entry_of(title), ["Nông Thị Bích Ngọc", "Chuyên gia cộng tác"], [70, 30]
    )


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_enter_in_a_line_saves(page_for, rpc, entry_of, sql, screenshot, script):
    """Enter in each one-line input of a complete draft, and of a new one."""
    title = f"Phao đo mực nước, phím Enter {script}"
    page = page_for(
        "canbo1", java_script_enabled=script, viewport={"width": 360, "height": 740}
    )
    open_new_entry(page)
    new_url = page.url
    fill_form(page, title)
    page.locator("[name=participant_type][value=individual]").check()
    page.locator("[name=application_place]").press("Enter")
    expect(page.locator(".o_hoithi_not_submitted")).to_be_visible()
    assert page.url != new_url
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
    url = page.url
    page.goto(url)
    lines = page.locator(
        "#hoithi_entry_form input:is([type=text], [type=email], [type=date]):visible"
    )
    count = lines.count()
    assert count > 6
    for number in range(count):
        line = lines.nth(number)
        name = line.get_attribute("name")
        typed = f"Nơi {number}"
        page.locator("[name=application_place]").fill(typed)
        line.press("Enter")
        expect(page.locator(".o_hoithi_notice[role=status]")).to_be_visible()
        entry = entry_of(title)
        assert (entry["state"], entry["application_place"]) == ("draft", typed), name
        assert page.url == url
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


def test_unsaved_changes_are_not_left_by_accident(page_for):
    page = page_for("canbo1")
    page.goto("/my/hoithi")
    page.locator(".o_hoithi_todo a").first.click()
    page.locator("[name=novelty]").fill("Chưa lưu")
    expect(page.locator(".o_hoithi_unsaved")).to_be_visible()
    questions = []

    def stay(dialog):
        questions.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    page.locator(".breadcrumb a[href$='/my/hoithi']").click(no_wait_after=True)
    expect(page.locator("[name=novelty]")).to_have_value("Chưa lưu")
    page.wait_for_timeout(300)
    assert questions == ["beforeunload"]


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
