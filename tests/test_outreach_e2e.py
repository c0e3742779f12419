"""Heads record the outreach of their units, staff read the launch, the leader looks."""

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
UNIT = "Phòng Quản lý đất đai"
YOUTH = "Đoàn Thanh niên Sở"
TASK = "Rà soát giải pháp về chỉnh lý hồ sơ địa chính có thể dự thi"


@pytest.fixture
def contest_id(sql):
    """The demo's contest that takes registrations."""
    [row] = sql(
        "SELECT res_id FROM ir_model_data"
        " WHERE module = 'hoithi_contest' AND name = 'hoithi_contest_now'"
    )
    return row["res_id"]


@pytest.fixture
def unit_row(sql, contest_id):
    """unit_row(name): the row of a body on the contest's board."""

    def unit_row(name):
        [row] = sql(
            "SELECT * FROM hoithi_contest_unit WHERE contest_id = %s AND name = %s",
            contest_id,
            name,
        )
        return row

    return unit_row


def no_sideways_scrolling(page):
    # asked again where the page is just being left for another
    return page.wait_for_function("document.documentElement?.scrollWidth <= innerWidth")


def upload(name, content=PDF):
    return {"name": name, "mimeType": "application/pdf", "buffer": content}


def test_head_records_a_meeting_on_the_phone(page_for, unit_row, sql, screenshot):
    page = page_for("truongphong", viewport=PHONE)
    page.goto("/my/hoithi")
    page.locator(".o_hoithi_my_units").click()
    assert no_sideways_scrolling(page)
    screenshot(page, "units-phone")
    row = unit_row(UNIT)
    page.locator(f".o_hoithi_unit[data-unit-id='{row['id']}'] h2 a").click()
    assert no_sideways_scrolling(page)

    page.locator(".o_hoithi_receive").click()
    expect(page.locator(".o_hoithi_notice[role=status]")).to_be_visible()
    expect(page.locator(".o_hoithi_receive")).to_have_count(0)
    assert unit_row(UNIT)["received_on"]

    # a slip is told, and what was typed is kept
    page.locator("[name=note]").fill("Họp phòng, quán triệt thể lệ.")
    page.locator("[name=reach]").fill("sáu")
    page.locator(".o_hoithi_outreach_form [name=file]").set_input_files(
        upload("Biên bản.pdf")
    )
    page.locator(".o_hoithi_record").click()
    expect(page.locator(".o_hoithi_notice[role=alert]")).to_contain_text("sáu")
    expect(page.locator("[name=note]")).to_have_value("Họp phòng, quán triệt thể lệ.")

    page.locator("[name=reach]").fill("6")
    page.locator(".o_hoithi_outreach_form [name=file]").set_input_files(
        upload("Biên bản.pdf")
    )
    page.locator(".o_hoithi_record").click()
    expect(page.locator(".o_hoithi_notice[role=status]")).to_be_visible()
    act = page.locator(".o_hoithi_activity", has_text="Họp phòng, quán triệt thể lệ.")
    expect(act.locator(".o_hoithi_evidence a")).to_have_text("Biên bản.pdf")
    with page.expect_download() as download:
        act.locator(".o_hoithi_evidence a").click()
    assert download.value.path().read_bytes() == PDF
    assert no_sideways_scrolling(page)
    screenshot(page, "unit-phone")
    row = unit_row(UNIT)
    assert (row["reached_count"], row["headcount"]) == (6, 6)

    # the task that the unit leads is brought up to date
    task = page.locator(".o_hoithi_task", has_text=TASK)
    task.locator("select").select_option("done")
    task.locator("button[type=submit]").click()
    expect(page.locator(".o_hoithi_notice[role=status]")).to_be_visible()
    [done] = sql(
        "SELECT progress, date_done FROM hoithi_plan_task WHERE name = %s", TASK
    )
    assert done["progress"] == "done"
    assert done["date_done"]


def test_youth_union_records_without_javascript(no_js_page_for, unit_row, screenshot):
    """Its head has a portal login and no group at all."""
    page = no_js_page_for("canbo2", viewport=PHONE)
    page.goto("/my/hoithi/units")
    before = unit_row(YOUTH)
    page.locator(f".o_hoithi_unit[data-unit-id='{before['id']}'] h2 a").click()
    page.locator("[name=kind]").select_option("drive")
    page.locator("[name=reach]").fill("40")
    page.locator("[name=note]").fill("Ra quân hướng dẫn đoàn viên.")
    page.locator(".o_hoithi_outreach_form [name=file]").set_input_files(
        upload("ảnh.pdf", b"no")
    )
    page.locator(".o_hoithi_record").click()
    expect(page.locator(".o_hoithi_notice[role=alert]")).to_contain_text("ảnh.pdf")
    page.locator(".o_hoithi_outreach_form [name=file]").set_input_files(
        upload("ảnh.pdf")
    )
    page.locator(".o_hoithi_record").click()
    expect(page.locator(".o_hoithi_notice[role=status]")).to_be_visible()
    act = page.locator(".o_hoithi_activity", has_text="Ra quân hướng dẫn đoàn viên.")
    expect(act.locator(".o_hoithi_badge")).to_be_visible()
    assert no_sideways_scrolling(page)
    screenshot(page, "unit-youth-phone-no-javascript")
    row = unit_row(YOUTH)
    assert row["outreach_count"] == before["outreach_count"] + 1
    assert row["reached_member_count"] == row["member_count"] == 12


@pytest.mark.parametrize("login", ["canbo1", "truongphong"])
def test_staff_mark_the_launch_as_read(login, page_for, contest_id, sql, screenshot):
    """With a portal login and with an internal one; read twice is read once."""

    def count():
        [row] = sql(
            "SELECT count(*) AS number FROM hoithi_acknowledgement a"
            " JOIN res_users u ON u.id = a.user_id"
            " WHERE a.contest_id = %s AND u.login = %s",
            contest_id,
            login,
        )
        return row["number"]

    page = page_for(login, viewport=PHONE)
    if login == "canbo1":
        page.goto("/my/hoithi")
        link = page.locator(f".o_hoithi_launch a[href$='/{contest_id}/launch']")
        expect(link).to_be_visible()
        screenshot(page, "launch-banner-phone")
        link.click()
        page.wait_for_url(f"**/{contest_id}/launch")
    else:
        page.goto(f"/my/hoithi/{contest_id}/launch")
    assert no_sideways_scrolling(page)
    screenshot(page, f"launch-{login}-phone")
    if not count():
        page.locator(".o_hoithi_acknowledge").click()
    expect(page.locator(".o_hoithi_acknowledged")).to_be_visible()
    assert count() == 1
    page.goto("/my/hoithi")
    expect(
        page.locator(f".o_hoithi_launch a[href$='/{contest_id}/launch']")
    ).to_have_count(0)
    page.goto(f"/my/hoithi/{contest_id}/launch")
    expect(page.locator(".o_hoithi_acknowledge")).to_have_count(0)


def test_internal_staff_read_it_in_the_backend(page_for, contest_id, sql, screenshot):
    sql(
        "DELETE FROM hoithi_acknowledgement a USING res_users u"
        " WHERE u.id = a.user_id AND u.login = 'nhanvien1' AND a.contest_id = %s",
        contest_id,
    )
    page = page_for("nhanvien1")
    page.goto("/odoo/hoithi-launch")
    button = page.locator(".o_kanban_record button[name=action_acknowledge]")
    expect(button).to_have_count(1)
    screenshot(page, "launch-backend")
    button.click()
    expect(button).to_have_count(0)
    page.locator(".o_kanban_record", has_text="(").first.click()
    expect(page.locator(".o_hoithi_launch_form .alert-success")).to_be_visible()
    screenshot(page, "launch-backend-form")


def test_leader_looks_at_board_and_timeline(page_for, screenshot):
    page = page_for("lanhdao", viewport={"width": 1920, "height": 1080})
    page.goto("/odoo/hoithi-units")
    card = page.locator(".o_kanban_record", has_text=UNIT).first
    expect(card).to_be_visible()
    expect(page.locator(".o_kanban_group")).to_have_count(5)
    page.locator(".o_control_panel button[name=action_refresh]").click()
    expect(card).to_be_visible()
    screenshot(page, "unit-board")
    # nobody moves a card: where it stands is counted
    expect(page.locator(".o_kanban_record.o_draggable")).to_have_count(0)
    page.locator(".o_switch_view.o_graph").click()
    expect(page.locator(".o_graph_renderer canvas")).to_be_visible()
    screenshot(page, "unit-graph")

    page.goto("/odoo/hoithi-plan-timeline")
    bars = page.locator(".o_hoithi_timeline_bar")
    expect(bars.first).to_be_visible()
    screenshot(page, "plan-timeline")
    # one bar is reached by Tab, the others from there by the arrows
    expect(page.locator(".o_hoithi_timeline_bar[tabindex='0']")).to_have_count(1)
    bars.first.focus()
    page.keyboard.press("ArrowDown")
    expect(bars.nth(1)).to_be_focused()
    page.keyboard.press("End")
    expect(bars.last).to_be_focused()
    page.keyboard.press("Home")
    expect(bars.first).to_be_focused()
    name = bars.first.get_attribute("aria-label").split(",")[0]
    page.keyboard.press("Enter")
    expect(page.locator(".o_hoithi_plan_task_form")).to_be_visible()
    expect(page.locator(".o_last_breadcrumb_item")).to_contain_text(name)


def test_timeline_of_sixty_tasks_on_a_phone(page_for, rpc, contest_id, screenshot):
    [copy_id] = rpc("thuky", "hoithi.contest", "copy", [contest_id])
    rpc(
        "thuky",
        "hoithi.plan.task",
        "create",
        [
            {
                "contest_id": copy_id,
                "code": f"{number}",
                "name": f"Nhiệm vụ số {number} của kế hoạch phát động",
                "date_start": f"20{28 + number // 24}-{1 + number % 12:02}-01",
                "date_end": f"20{28 + number // 24}-{1 + number % 12:02}-20",
            }
            for number in range(60)
        ],
    )
    page = page_for("thuky", viewport=PHONE)
    page.goto(f"/odoo/hoithi-contests/{copy_id}/hoithi-plan-timeline")
    expect(
        page.locator(".o_hoithi_timeline_row", has_text=re.compile("Nhiệm vụ số 59"))
    ).to_be_attached()
    assert no_sideways_scrolling(page)
    screenshot(page, "plan-timeline-phone")
    rpc("thuky", "hoithi.contest", "unlink", [copy_id])


def test_only_those_in_charge_drag_a_task(page_for, rpc, sql, contest_id):
    [task] = sql(
        "SELECT id, progress FROM hoithi_plan_task"
        " WHERE contest_id = %s AND progress = 'todo' ORDER BY sequence LIMIT 1",
        contest_id,
    )

    def drag(page, name):
        page.goto("/odoo/hoithi-plan")
        card = page.locator(".o_kanban_record", has_text=name).first
        expect(card).to_be_visible()
        target = page.locator(".o_kanban_group").nth(1)
        start, end = card.bounding_box(), target.bounding_box()
        page.mouse.move(start["x"] + 60, start["y"] + 15)
        page.mouse.down()
        page.mouse.move(start["x"] + 90, start["y"] + 30, steps=5)
        page.mouse.move(end["x"] + 80, end["y"] + 120, steps=10)
        with page.expect_response(re.compile("hoithi.plan.task/web_save")):
            page.mouse.up()

    [row] = sql("SELECT name FROM hoithi_plan_task WHERE id = %s", task["id"])
    leader = page_for("lanhdao")
    leader.expected_errors = r"RPC_ERROR|AccessError|Odoo Server Error|403"
    drag(leader, row["name"])
    expect(leader.get_by_role("dialog")).to_be_visible()
    secretary = page_for("thuky")
    drag(secretary, row["name"])
    expect(
        secretary.locator(".o_kanban_group")
        .nth(1)
        .locator(".o_kanban_record", has_text=row["name"])
    ).to_be_visible()
    rpc("thuky", "hoithi.plan.task", "write", [task["id"]], {"progress": "todo"})

    # the head of the lead unit; where the card lies in the plan isn't moved by it
    [own] = sql("SELECT id, sequence FROM hoithi_plan_task WHERE name = %s", TASK)
    rpc("thuky", "hoithi.plan.task", "write", [own["id"]], {"progress": "todo"})
    head = page_for("truongphong")
    drag(head, TASK)
    expect(
        head.locator(".o_kanban_group")
        .nth(1)
        .locator(".o_kanban_record", has_text=TASK)
    ).to_be_visible()
    [moved] = sql(
        "SELECT progress, sequence FROM hoithi_plan_task WHERE id = %s", own["id"]
    )
    assert (moved["progress"], moved["sequence"]) == ("doing", own["sequence"])
    expect(head.get_by_role("dialog")).to_have_count(0)
