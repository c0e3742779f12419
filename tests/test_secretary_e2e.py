"""The secretary screens entries on the board and in their forms, and selects."""

import base64
import re
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import expect
from submission import submit_entries

SECRETARY = "thuky"
PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 300]>>endobj\n"
    b"trailer<</Root 1 0 R>>\n%%EOF\n"
)


@pytest.fixture
def contest(rpc, sql):
    """A contest of its own that only nominates, launched, with three paper dossiers."""

    def call(model, method, *args, **kwargs):
        return rpc(SECRETARY, f"hoithi.{model}", method, *args, **kwargs)

    [model] = sql(
        "SELECT id, company_id, council_id FROM hoithi_contest"
        " WHERE state = 'open' AND council_id IS NOT NULL ORDER BY id LIMIT 1"
    )
    [field] = sql(
        "SELECT hoithi_field_id AS id FROM hoithi_contest_hoithi_field_rel"
        " WHERE hoithi_contest_id = %s LIMIT 1",
        model["id"],
    )
    employees = sql(
        "SELECT id FROM hr_employee"
        " WHERE company_id = %s AND active AND id NOT IN"
        " (SELECT employee_id FROM hoithi_council_member"
        "   WHERE employee_id IS NOT NULL)"
        " ORDER BY id LIMIT 3",
        model["company_id"],
    )
    [slot] = sql(
        "SELECT res_id AS id FROM ir_model_data WHERE module = 'hoithi_contest'"
        " AND name = 'hoithi_dossier_type_description'"
    )
    now = datetime.now()
    deadline = now + timedelta(days=20)
    [contest_id] = call(
        "contest",
        "create",
        [
            {
                "name": "Hội thi thử nghiệm sơ duyệt",
                "edition_number": 1,
                "mode": "nominate_only",
                "date_start": f"{now:%Y-%m-%d}",
                "date_end": f"{now + timedelta(days=90):%Y-%m-%d}",
                "registration_deadline": f"{deadline:%Y-%m-%d %H:%M:%S}",
                "field_ids": [(6, 0, [field["id"]])],
                "dossier_type_ids": [(6, 0, [slot["id"]])],
                "council_id": model["council_id"],
                "legal_basis_ids": [
                    (0, 0, {"number": "1/KH-SNNMT", "subject": "về tổ chức Hội thi"})
                ],
            }
        ],
    )
    call("contest", "action_launch", [contest_id])
    entry_ids = call(
        "entry",
        "create",
        [
            {
                "contest_id": contest_id,
                "field_id": field["id"],
                "name": f"Giải pháp nộp giấy số {number}",
                "solution_content": "Nội dung giải pháp.",
                "first_applied_date": f"{now - timedelta(days=200):%Y-%m-%d}",
                "author_ids": [
                    (
                        0,
                        0,
                        {
                            "employee_id": employee["id"],
                            "contribution_percent": 100,
                            "is_representative": True,
                        },
                    )
                ],
                "dossier_ids": [
                    (
                        0,
                        0,
                        {
                            "type_id": slot["id"],
                            "filename": "mo-ta.pdf",
                            "datas": base64.b64encode(PDF).decode(),
                        },
                    )
                ],
            }
            for number, employee in enumerate(employees, start=1)
        ],
    )
    submit_entries(rpc, SECRETARY, entry_ids)
    yield {"id": contest_id, "entry_ids": entry_ids}
    call("contest", "action_cancel", [contest_id], reason="Chạy thử xong.")


@pytest.fixture
def entry_now(sql):
    """entry_now(id): the entry as it lies in the database."""

    def entry_now(entry_id):
        [row] = sql("SELECT * FROM hoithi_entry WHERE id = %s", entry_id)
        return row

    return entry_now


def expect_state(page, state):
    expect(
        page.locator(".o_statusbar_status .o_arrow_button_current")
    ).to_have_attribute("data-value", state)


def open_entry(page, entry_id):
    page.goto(f"/odoo/hoithi-entries/{entry_id}")
    expect(page.locator(".o_hoithi_entry_form")).to_be_visible()


def drag(page, card, column, taken=None):
    """Drag as a hand does: press, move in steps, let go.

    :param taken: called while the card hangs over the column
    """
    card.hover()
    page.mouse.down()
    box = column.bounding_box()
    start = card.bounding_box()
    page.mouse.move(start["x"] + start["width"] / 2 + 10, start["y"] + 15, steps=5)
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 120, steps=20)
    # the columns have shown which of them take the card
    expect(page.locator(".o_kanban_group[data-move]").first).to_be_visible()
    if taken:
        taken()
    page.mouse.up()
    expect(page.locator(".o_kanban_group[data-move]")).to_have_count(0)


def get_column(page, state):
    """The board's column of a state; columns come in the order of the states."""
    states = ["draft", "submitted", "supplement", "eligible", "ineligible"]
    return page.locator(".o_hoithi_entry_kanban .o_kanban_group").nth(
        states.index(state)
    )


def test_screen_on_the_board_and_in_forms(
    page_for, sql, contest, entry_now, screenshot
):
    eligible, dragged, refused = contest["entry_ids"]
    page = page_for(SECRETARY, viewport={"width": 1800, "height": 900})

    open_entry(page, eligible)
    screenshot(page, "secretary-entry")
    page.locator("button[name=action_mark_eligible]").click()
    expect_state(page, "eligible")
    assert entry_now(eligible)["state"] == "eligible"

    open_entry(page, refused)
    page.locator("button[name=action_ask_mark_ineligible]").click()
    dialog = page.locator(".modal .o_hoithi_reason_form")
    expect(dialog).to_be_visible()
    dialog.locator("div[name=reason] textarea").fill("Giải pháp chưa được áp dụng.")
    screenshot(page, "secretary-reason")
    page.locator(".modal .o_hoithi_reason_apply").click()
    expect_state(page, "ineligible")
    saved = entry_now(refused)
    assert saved["state"] == "ineligible"
    assert saved["ineligible_reason"] == "Giải pháp chưa được áp dụng."
    assert sql(
        "SELECT 1 FROM hoithi_notice WHERE kind = 'ineligible'"
        " AND res_model = 'hoithi.entry' AND res_id = %s",
        refused,
    )

    page.goto("/odoo/hoithi-entries")
    expect(page.locator(".o_hoithi_entry_kanban .o_kanban_group")).to_have_count(12)
    code = entry_now(dragged)["code"]
    card = page.locator(".o_hoithi_entry_card", has_text=code)
    column = get_column(page, "eligible")
    drag(page, card, column)
    expect(column.locator(".o_hoithi_entry_card", has_text=code)).to_have_count(1)
    screenshot(page, "secretary-board")
    # the card lies there before the server has answered
    for _ in range(100):
        if entry_now(dragged)["state"] != "submitted":
            break
        page.wait_for_timeout(100)
    assert entry_now(dragged)["state"] == "eligible"


def test_a_dragged_card_asks_for_its_reason(page_for, contest, entry_now, screenshot):
    """Rejecting needs a reason: the drop asks for it, and given up nothing is moved."""
    entry_id = contest["entry_ids"][0]
    code = entry_now(entry_id)["code"]
    page = page_for(SECRETARY, viewport={"width": 1800, "height": 900})
    page.goto("/odoo/hoithi-entries")
    card = page.locator(".o_hoithi_entry_card", has_text=code)
    drag(page, card, get_column(page, "ineligible"))
    dialog = page.locator(".modal .o_hoithi_reason_form")
    expect(dialog).to_be_visible()
    screenshot(page, "secretary-drag-asks")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    assert entry_now(entry_id)["state"] == "submitted"
    card = get_column(page, "submitted").locator(".o_hoithi_entry_card", has_text=code)
    expect(card).to_have_count(1)
    drag(page, card, get_column(page, "ineligible"))
    dialog.locator("div[name=reason] textarea").fill("Ngoài phạm vi Hội thi.")
    page.locator(".modal .o_hoithi_reason_apply").click()
    expect(card).to_have_count(0)
    assert entry_now(entry_id)["state"] == "ineligible"


def test_a_dragged_card_passes_no_closed_door(page_for, contest, entry_now, screenshot):
    """A refused drop leaves the card where it is, and says where it may go."""
    entry_id = contest["entry_ids"][0]
    code = entry_now(entry_id)["code"]
    page = page_for(SECRETARY, viewport={"width": 1800, "height": 900})
    page.goto("/odoo/hoithi-entries")
    card = page.locator(".o_hoithi_entry_card", has_text=code)

    def look():
        expect(get_column(page, "draft")).to_have_attribute("data-move", "refused")
        expect(get_column(page, "eligible")).to_have_attribute("data-move", "done")
        expect(page.locator(".o_hoithi_droptip")).to_be_visible()
        screenshot(page, "secretary-drag-shows")

    drag(page, card, get_column(page, "draft"), look)
    told = page.locator(".o_notification", has_text="Đủ điều kiện")
    expect(told.first).to_be_visible()
    screenshot(page, "secretary-drag-refused")
    expect(
        get_column(page, "submitted").locator(".o_hoithi_entry_card", has_text=code)
    ).to_have_count(1)
    assert entry_now(entry_id)["state"] == "submitted"


def test_a_card_is_moved_by_its_menu(page_for, contest, entry_now, screenshot):
    """By keys alone, and by a finger: all that dragging does."""
    entry_id = contest["entry_ids"][0]
    code = entry_now(entry_id)["code"]
    page = page_for(SECRETARY, viewport={"width": 1366, "height": 768})
    page.goto("/odoo/hoithi-entries")
    card = page.locator(".o_kanban_record", has_text=code)
    menu = page.locator(".o-dropdown--kanban-record-menu")
    card.focus()
    # behind the star and the plan of what to do
    focused = "() => document.activeElement.matches('.o_hoithi_card_menu')"
    for _ in range(9):
        page.keyboard.press("Tab")
        if page.evaluate(focused):
            break
    expect(card.locator(".o_hoithi_card_menu")).to_be_focused()
    page.keyboard.press("Enter")
    expect(menu.locator("[data-move-to=eligible]")).to_be_visible()
    # what the step doesn't allow isn't offered
    expect(menu.locator("[data-move-to=draft]")).to_have_count(0)
    screenshot(page, "secretary-card-menu")
    menu.locator("[data-move-to=ineligible]").press("Enter")
    dialog = page.locator(".modal .o_hoithi_reason_form")
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    assert entry_now(entry_id)["state"] == "submitted"
    page.context.close()

    page = page_for(
        SECRETARY,
        viewport={"width": 1024, "height": 768},
        has_touch=True,
        is_mobile=True,
    )
    page.goto("/odoo/hoithi-entries")
    card = page.locator(".o_kanban_record", has_text=code)
    button = card.locator(".o_hoithi_card_menu")
    expect(button).to_be_visible()
    screenshot(page, "secretary-card-touch")
    button.tap()
    menu = page.locator(".o-dropdown--kanban-record-menu")
    screenshot(page, "secretary-card-menu-touch")
    menu.locator("[data-move-to=eligible]").tap()
    expect(
        get_column(page, "eligible").locator(".o_hoithi_entry_card", has_text=code)
    ).to_have_count(1)
    for _ in range(100):
        if entry_now(entry_id)["state"] != "submitted":
            break
        page.wait_for_timeout(100)
    assert entry_now(entry_id)["state"] == "eligible"


def test_a_dragged_paper_asks_for_its_reason(page_for, rpc, sql, contest, screenshot):
    """The board of papers asks as that of entries does."""
    [paper] = rpc(
        SECRETARY,
        "hoithi.document",
        "create",
        [{"kind": "plan", "contest_id": contest["id"], "subject": "Bản kéo thả"}],
    )
    page = page_for(SECRETARY, viewport={"width": 1800, "height": 900})
    page.goto("/odoo/hoithi-documents")
    card = page.locator(".o_kanban_record", has_text="Bản kéo thả")
    columns = page.locator(".o_hoithi_document_kanban .o_kanban_group")
    expect(columns).to_have_count(4)
    drag(page, card, columns.last)
    dialog = page.locator(".modal .o_hoithi_reason_form")
    expect(dialog).to_be_visible()
    screenshot(page, "secretary-drag-paper")
    dialog.locator("div[name=reason] textarea").fill("Lập nhầm.")
    page.locator(".modal .o_hoithi_reason_apply").click()
    expect(dialog).to_have_count(0)
    [row] = sql("SELECT state FROM hoithi_document WHERE id = %s", paper)
    assert row["state"] == "cancelled"


def test_select_and_nominate(page_for, rpc, sql, contest, entry_now, screenshot):
    selected, second, refused = contest["entry_ids"]
    rpc(SECRETARY, "hoithi.entry", "action_mark_eligible", [selected, second])
    rpc(
        SECRETARY,
        "hoithi.entry",
        "action_mark_ineligible",
        [refused],
        reason="Trùng với giải pháp đã công nhận.",
    )
    page = page_for(SECRETARY)
    page.goto(f"/odoo/hoithi-contests/{contest['id']}")
    for button, state in (
        ("action_ask_close_registration", "screening"),
        ("action_ask_start_council", "council"),
    ):
        page.locator(f".o_hoithi_step[name={button}]").click()
        # before the announced date
        page.locator(".modal div[name=reason] textarea").fill("Đã nhận đủ hồ sơ.")
        page.locator(".modal .o_hoithi_step_apply").click()
        expect_state(page, state)
    [row] = sql("SELECT state FROM hoithi_contest WHERE id = %s", contest["id"])
    assert row["state"] == "council"

    open_entry(page, selected)
    page.locator("button[name=action_select]").click()
    expect_state(page, "selected")
    assert entry_now(selected)["state"] == "selected"

    open_entry(page, second)
    page.locator("button[name=action_ask_not_select]").click()
    page.locator(".modal div[name=reason] textarea").fill("Chưa đủ sức lan tỏa.")
    page.locator(".modal .o_hoithi_reason_apply").click()
    expect_state(page, "not_selected")
    assert entry_now(second)["not_selected_reason"] == "Chưa đủ sức lan tỏa."

    page.goto(f"/odoo/hoithi-contests/{contest['id']}")
    page.locator(".o_hoithi_next_button[name=action_create_nomination]").click()
    form = page.locator(".o_hoithi_nomination_form")
    expect(form).to_be_visible()
    expect(form.locator(".o_hoithi_nomination_lines .o_data_row")).to_have_count(1)
    form.locator("div[name=dispatch_number] input").fill("15/SNNMT-VP")
    page.locator("button[name=action_ask_send]").click()
    page.locator(".modal-footer .btn-primary").click()
    expect_state(page, "sent")
    screenshot(page, "secretary-nomination")
    [nomination] = sql(
        "SELECT * FROM hoithi_nomination WHERE contest_id = %s", contest["id"]
    )
    assert nomination["state"] == "sent"
    assert nomination["dispatch_number"] == "15/SNNMT-VP"
    assert entry_now(selected)["state"] == "nominated"
    assert re.search("15/SNNMT-VP", nomination["name"])
