"""After the submission: staff do what waits, and undo what they didn't mean."""

import base64

from playwright.sync_api import expect
from submission import submit_entries
from test_portal_e2e import PDF, YEAR, no_sideways_scrolling

PHONE = {"width": 360, "height": 740}


def make_entry(rpc, sql, login, title):
    """Return a submitted entry of `login`, and the slot of its one file."""
    ids = {
        row["name"]: row["res_id"]
        for row in sql(
            "SELECT name, res_id FROM ir_model_data WHERE module = 'hoithi_contest'"
            " AND name IN ('hoithi_contest_now', 'hoithi_field_environment',"
            " 'hoithi_dossier_type_description', 'hoithi_dossier_type_form')"
        )
    }
    slot = ids["hoithi_dossier_type_description"]
    text = "Đã áp dụng tại phòng từ đầu năm, tiết kiệm thời gian."
    [entry_id] = rpc(
        login,
        "hoithi.entry",
        "create",
        [
            {
                "name": title,
                "contest_id": ids["hoithi_contest_now"],
                "field_id": ids["hoithi_field_environment"],
                "first_applied_date": f"{YEAR}-01-05",
                **dict.fromkeys(
                    (
                        "known_solution",
                        "solution_content",
                        "novelty",
                        "applicability",
                        "technical_benefit",
                        "economic_benefit",
                        "social_benefit",
                    ),
                    text,
                ),
            }
        ],
    )
    required = sql("SELECT id, name FROM hoithi_dossier_type WHERE required")
    for dossier_type in required:
        rpc(
            login,
            "hoithi.dossier.item",
            "create",
            [
                {
                    "entry_id": entry_id,
                    "type_id": dossier_type["id"],
                    "filename": "Bản đầu.pdf",
                    "datas": base64.b64encode(PDF).decode(),
                }
            ],
        )
    submit_entries(rpc, login, [entry_id])
    return entry_id, slot


def test_what_waits_is_done_in_one_click(
    page_for, rpc, sql, screenshot, assert_accessible
):
    """From the first page after the login to the supplement that is sent."""
    title = "Bảng tra cứu quy trình đo đạc trên điện thoại"
    entry_id, slot = make_entry(rpc, sql, "canbo1", title)
    [before] = sql("SELECT * FROM hoithi_entry WHERE id = %s", entry_id)
    rpc(
        "thuky",
        "hoithi.entry",
        "action_request_supplement",
        [entry_id],
        reason="Bản mô tả chưa có chữ ký.",
        type_ids=[slot],
    )
    page = page_for("canbo1", viewport={"width": 1366, "height": 768})
    page.expected_errors = "ERR_INTERNET_DISCONNECTED|status of 401"
    page.goto("/my")
    first = page.locator(".o_hoithi_next")
    expect(first).to_contain_text(title)
    screenshot(page, "status-home")
    first.locator("a.o_hoithi_button_primary").click()
    page.wait_for_url(f"**/entries/{entry_id}")
    expect(page.locator(".o_hoithi_supplement")).to_contain_text("chưa có chữ ký")
    expect(page.locator("[aria-current=step]")).to_have_attribute(
        "data-step", "supplement"
    )
    screenshot(page, "status-supplement")
    # a file goes at once, takes the place of the old one, and the page stays
    url = page.url
    file = {"mimeType": "application/pdf", "buffer": PDF + b"%"}
    choose = page.locator(f"[name=file_{slot}]")
    choose.set_input_files({"name": "Bản ký (mới).pdf", **file})
    name = page.locator(".o_hoithi_asked .o_hoithi_file_name")
    expect(name).to_have_text("Bản ký (mới).pdf")
    expect(page.locator(".o_hoithi_versions")).to_be_visible()
    choose.set_input_files({"name": "chép.pdf", **file})
    expect(page.locator(".o_hoithi_file_told .o_hoithi_banner")).to_be_visible()
    page.locator(".o_hoithi_view").click()
    expect(page.locator("dialog.o_hoithi_viewer")).to_be_visible()
    page.keyboard.press("Escape")
    page.locator(".o_hoithi_asked [name=delete_id]").click()
    expect(name).to_have_count(0)
    page.locator(".o_hoithi_asked [name=restore_id]").click()
    expect(name).to_have_text("Bản ký (mới).pdf")
    # what says nothing of what was done isn't sent, and leads there
    page.locator(".o_hoithi_send").click()
    told = page.locator(".o_hoithi_told [data-name=unready]")
    expect(told).to_be_focused()
    for width in (360, 1366):
        page.set_viewport_size({"width": width, "height": 768})
        assert no_sideways_scrolling(page)
        assert_accessible(page)
        screenshot(page, f"status-supplement-told-{width}")
    told.locator("a").click()
    expect(page.locator("[name=note]")).to_be_focused()
    # a lost line and a session that is over take no letter away
    context = page.context
    context.set_offline(True)
    page.locator("[name=note]").fill("Nộp bản")
    page.locator(".o_hoithi_send").click()
    expect(page.locator(".o_hoithi_told [data-name=late]")).to_be_visible()
    context.set_offline(False)
    expect(page.locator(".o_hoithi_saved.o_hoithi_is_saved")).to_be_visible()
    cookies = context.cookies()
    context.clear_cookies()
    page.locator("[name=note]").fill("Nộp bản đã ký.")
    page.locator(".o_hoithi_send").click()
    expect(page.locator(".o_hoithi_told [data-name=late] a")).to_be_visible()
    context.add_cookies(cookies)
    page.reload()
    expect(page.locator(".o_hoithi_told [data-name=copy]")).to_be_visible()
    page.locator(".o_hoithi_told [data-name=copy] button").first.click()
    expect(page.locator("[name=note]")).to_have_value("Nộp bản đã ký.")
    expect(page.locator(".o_hoithi_saved.o_hoithi_is_saved")).to_be_visible()
    assert page.url.partition("#")[0] == url
    page.locator(".o_hoithi_send").click()
    expect(page.locator(".o_hoithi_supplement_note")).to_contain_text("đã ký")
    [after] = sql("SELECT * FROM hoithi_entry WHERE id = %s", entry_id)
    assert after["state"] == "submitted"
    assert after["submitted_on"] == before["submitted_on"]
    assert after["receipt_number"] == before["receipt_number"]

    phone = page_for("canbo1", viewport=PHONE)
    for path in ("/my", "/my/hoithi", f"/my/hoithi/entries/{entry_id}"):
        phone.goto(path)
        assert no_sideways_scrolling(phone)
    screenshot(phone, "status-entry-phone")
    phone.goto("/my/hoithi")
    screenshot(phone, "status-home-phone")


def test_withdrawal_and_login_are_undone_without_javascript(
    new_page, log_in, rpc, sql, screenshot
):
    entry_id, _slot = make_entry(rpc, sql, "canbo2", "Giá phơi mẫu đất gấp gọn")
    # a login of its own, as it ends here
    page = new_page(java_script_enabled=False, viewport=PHONE)
    log_in(page, "canbo2")
    page.goto(f"/my/hoithi/entries/{entry_id}")
    page.locator(".o_hoithi_withdraw summary").click()
    page.locator("[name=withdraw_reason]").fill("Bấm nhầm")
    page.locator("#hoithi_withdraw_sure").check()
    page.locator(".o_hoithi_withdraw button:not([disabled])").click()
    expect(page.locator(".o_hoithi_withdrawn")).to_contain_text("Bấm nhầm")
    assert no_sideways_scrolling(page)
    screenshot(page, "status-withdrawn-phone-no-javascript")
    page.locator("[name=reason]").fill("Rút nhầm hồ sơ")
    page.locator(".o_hoithi_reinstate button").click()
    expect(page.locator(".o_hoithi_state[data-state=submitted]")).to_be_visible()
    [entry] = sql("SELECT state FROM hoithi_entry WHERE id = %s", entry_id)
    assert entry["state"] == "submitted"
    page.locator(".o_hoithi_bar_menu summary").click()
    page.locator(".o_hoithi_bar_menu a.o_hoithi_logout").click()
    page.goto("/my/hoithi")
    expect(page.locator("input[name=login]")).to_be_visible()
