"""The Office invites staff: look first, write after that, watch it come about."""

import re

import pytest
from playwright.sync_api import expect

UNIT = "Phòng Lưu trữ tư liệu"


@pytest.fixture
def newcomers(rpc, sql):
    """Two people of a unit whom HR has just hired: one has no e-mail address yet."""
    [unit] = sql("SELECT id FROM hr_department WHERE name->>'en_US' = %s", UNIT)
    values = [
        {"name": "Hoàng Văn Thử", "work_email": "thuhv@snnmt.example.com"},
        {"name": "Bế Thị Thiếu", "work_email": False},
    ]
    return rpc(
        "admin",
        "hr.employee",
        "create",
        [{**vals, "department_id": unit["id"]} for vals in values],
    )


@pytest.fixture
def run_invitations(rpc, sql):
    """Let the scheduled action come: the tests' server has none by itself."""

    def run():
        [cron] = sql(
            "SELECT res_id FROM ir_model_data WHERE module = 'hoithi_contest'"
            " AND name = 'cron_work_runs'"
        )
        rpc("admin", "ir.cron", "method_direct_trigger", [cron["res_id"]])

    return run


def test_dry_run_then_invitation(page_for, sql, newcomers, run_invitations, screenshot):
    def logins():
        return sql(
            "SELECT u.id FROM res_users u WHERE u.login = 'thuhv@snnmt.example.com'"
        )

    page = page_for("thuky")
    page.goto("/odoo/hoithi-staff-invitations")
    page.locator(".o_hoithi_invite_open").click()
    dialog = page.locator(".modal-dialog")
    units = dialog.locator("div[name=department_ids] input")
    units.fill(UNIT)
    page.locator(".o-autocomplete--dropdown-item", has_text=UNIT).first.click()
    expect(dialog.locator("div[name=department_ids] .o_tag")).to_have_count(1)
    dialog.locator(".o_hoithi_invite_check_button").click()

    rows = dialog.locator(".o_data_row")
    expect(rows.filter(has_text="Hoàng Văn Thử")).to_contain_text("Sẽ được mời")
    expect(rows.filter(has_text="Bế Thị Thiếu")).to_contain_text("thư điện tử")
    expect(dialog.locator("div[name=problem_count]")).to_have_text("1")
    screenshot(page, "staff-invite-check")
    assert not logins()

    dialog.locator(".o_hoithi_invite_confirm").click()
    expect(dialog).to_have_count(0)
    form = page.locator(".o_hoithi_invite_run_form")
    expect(form).to_be_visible()
    expect(form.locator("div[name=waiting_count]")).to_have_text("1")
    run_invitations()
    # the bus may have told the page already, and then its button is gone
    page.reload()
    expect(form.locator("div[name=waiting_count]")).to_have_text("0")
    expect(form.locator("div[name=failed_count]")).to_have_text("0")
    row = form.locator(".o_data_row", has_text="Hoàng Văn Thử")
    expect(row).to_have_count(1)
    screenshot(page, "staff-invite-run")
    assert len(logins()) == 1

    # asked again, nobody is invited twice
    page.goto("/odoo/hoithi-staff-invitations")
    page.locator(".o_hoithi_invite_open").click()
    dialog.locator(".o_hoithi_invite_check_button").click()
    again = dialog.locator(".o_data_row", has_text="Hoàng Văn Thử")
    expect(again).to_have_count(1)
    expect(again).not_to_contain_text(re.compile("Sẽ được mời"))
    assert len(logins()) == 1
