"""Deadlines in the back office, in a browser whose clock isn't the contest's."""

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

SECRETARY = "thuky"
HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
YEAR = datetime.now().year + 1


@pytest.fixture
def contest(rpc):
    [contest_id] = rpc(
        SECRETARY, "hoithi.contest", "create", [{"name": "Hội thi theo giờ Việt Nam"}]
    )
    yield contest_id
    rpc(SECRETARY, "hoithi.contest", "unlink", [contest_id])


def get_hanoi(sql, contest_id, name="registration_deadline"):
    [row] = sql(
        f"SELECT {name} AS moment FROM hoithi_contest WHERE id = %s", contest_id
    )
    moment = row["moment"] and row["moment"].replace(tzinfo=UTC).astimezone(HANOI)
    return moment and f"{moment:%H:%M %d/%m/%Y}"


def get_input(page, name="registration_deadline"):
    return page.locator(f"[name={name}] input")


def get_day(page, day):
    cells = page.locator(".o_date_item_cell:not(.o_out_of_range)")
    return cells.filter(has_text=re.compile(f"^{day}$"))


def save(page):
    with page.expect_response(re.compile(r"/web_save\b")):
        page.locator(".o_form_button_save").click()
    expect(page.locator(".o_form_button_save")).to_be_hidden()


@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Ho_Chi_Minh"])
def test_a_typed_and_a_picked_day_end_with_work_at_the_contest(
    page_for, contest, sql, screenshot, zone
):
    page = page_for(SECRETARY, timezone_id=zone)
    page.goto(f"/odoo/hoithi-contests/{contest}")

    # a typed day
    get_input(page).click()
    get_input(page).press_sequentially(f"30/07/{YEAR}")
    get_input(page).press("Enter")
    save(page)
    shown = f"17:00 30/07/{YEAR}"
    assert get_hanoi(sql, contest) == shown
    field = page.locator("[name=registration_deadline]")
    expect(field).to_contain_text(shown)
    # the days until screening are the contest's too
    expect(page.locator("[name=screening_deadline]")).to_contain_text(
        f"17:00 09/08/{YEAR}"
    )
    if zone == "America/New_York":
        expect(field).to_contain_text("Asia/Ho_Chi_Minh")
    else:
        expect(field).not_to_contain_text("Asia/Ho_Chi_Minh")
    screenshot(page, f"deadline-typed-{zone}")

    # a picked day
    get_input(page, "report_deadline").click()
    page.locator(".o_datetime_picker .o_next").click()
    get_day(page, 15).click()
    expect(get_input(page, "report_deadline")).to_have_value(re.compile("^17:00 "))
    get_input(page, "report_deadline").press("Enter")
    save(page)
    assert re.match(r"17:00 15/\d\d/\d{4}", get_hanoi(sql, contest, "report_deadline"))

    # an hour that is named counts, and one that was there stays
    field.locator("button.o_input").click()
    get_input(page).fill(f"31/07/{YEAR} 09:30")
    get_input(page).press("Tab")
    save(page)
    assert get_hanoi(sql, contest) == f"09:30 31/07/{YEAR}"
    expect(field).to_contain_text(f"09:30 31/07/{YEAR}")
    field.locator("button.o_input").click()
    get_day(page, 28).click()
    get_input(page).press("Enter")
    save(page)
    assert get_hanoi(sql, contest) == f"09:30 28/07/{YEAR}"

    # looking changes nothing
    field.locator("button.o_input").click()
    page.keyboard.press("Escape")
    expect(page.locator(".o_form_status_indicator_buttons")).to_have_class(
        re.compile("invisible")
    )

    page.goto("/odoo/hoithi-contests?view_type=list")
    row = page.locator("tr.o_data_row", has_text="Hội thi theo giờ Việt Nam")
    expect(row).to_contain_text(f"09:30 28/07/{YEAR}")
    screenshot(page, f"deadline-list-{zone}")
