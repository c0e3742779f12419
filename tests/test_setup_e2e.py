"""The first hour: the set-up of a department that is empty, and who is shown around."""

import re

import pytest
from playwright.sync_api import expect

LOGIN = "nguoimoi"
PASSWORD = "Mat-khau-thu-2026"


@pytest.fixture
def newcomer(rpc):
    """Somebody who runs the contest of a department of which nothing is known yet."""
    [company] = rpc("admin", "res.company", "create", [{"name": "Sở Mới"}])
    groups = [
        rpc("admin", "ir.model.data", "check_object_reference", "hoithi_contest", name)[
            1
        ]
        for name in ("group_secretary", "group_admin")
    ]
    [user] = rpc(
        "admin",
        "res.users",
        "create",
        [
            {
                "name": "Người Mới",
                "login": LOGIN,
                "email": f"{LOGIN}@example.com",
                "password": PASSWORD,
                "lang": "vi_VN",
                "company_id": company,
                "company_ids": [(6, 0, [company])],
                "group_ids": [(4, group) for group in groups],
            }
        ],
    )
    yield user
    rpc("admin", "res.users", "write", [user], {"active": False})


def test_set_up(new_page, log_in, newcomer, screenshot):
    page = new_page(viewport={"width": 1366, "height": 768})
    log_in(page, LOGIN, PASSWORD)
    page.goto("/odoo")
    # the home leads there
    home = page.locator(".o_hoithi_home")
    expect(home.locator("[data-card=setup]")).to_be_visible()
    screenshot(page, "setup-home-1366")
    home.locator(".o_hoithi_next_button").click()
    expect(page).to_have_url(re.compile(r"hoithi-setup"))
    steps = page.locator(".o_hoithi_setup_steps > li")
    expect(steps).to_have_count(9)
    expect(page.locator(".o_hoithi_setup_steps > li.done")).to_have_count(1)
    # a system that nobody has looked at is looked at
    health = page.locator("[aria-labelledby=o_hoithi_setup_health] li[data-key]")
    expect(health.first).to_be_visible()
    screenshot(page, "setup-empty-1366")

    # each step opens just what it is about, and is ticked once that is there
    step = page.locator(".o_hoithi_next[data-step=agency]")
    expect(step.locator("[data-severity=block]")).to_have_count(4)
    step.locator(".o_hoithi_setup_open").click()
    form = page.locator(".o_form_view")
    for name, value in {
        "name": "SỞ MỚI TỈNH THÁI NGUYÊN",
        "parent_name": "ỦY BAN NHÂN DÂN TỈNH THÁI NGUYÊN",
        "symbol": "SM",
        "place_name": "Thái Nguyên",
        "province_name": "Thái Nguyên",
        "head_title": "Giám đốc",
    }.items():
        form.locator(f"[name={name}] input, [name={name}] textarea").first.fill(value)
    form.locator(".o_form_button_save").click()
    expect(form.locator(".o_form_button_save")).not_to_be_visible()
    page.locator(".breadcrumb-item a").last.click()
    expect(page.locator("li[data-step=agency]")).to_have_class(re.compile("done"))
    expect(page.locator("li[data-step=agency]")).to_contain_text("SỞ MỚI")
    page.locator("li[data-step=signers] button").click()
    step = page.locator(".o_hoithi_next[data-step=signers]")
    expect(step.locator("[data-severity=block]")).to_have_count(1)
    screenshot(page, "setup-signers-1366")

    # the letter can't leave here, and that is said
    page.locator("li[data-step=mail] button").click()
    step = page.locator(".o_hoithi_next[data-step=mail]")
    expect(step.locator(".o_hoithi_test_mail")).to_be_enabled()
    page.set_viewport_size({"width": 1024, "height": 768})
    wide = page.evaluate(
        "() => document.documentElement.scrollWidth - window.innerWidth"
    )
    assert wide <= 0
    screenshot(page, "setup-mail-1024")


@pytest.mark.parametrize(
    ("login", "tour", "start"),
    [
        ("thuky", "hoithi_secretary", "/odoo/hoithi"),
        ("uyvien1", "hoithi_member", "/odoo/hoithi"),
        ("canbo1", "hoithi_staff", "/my/hoithi"),
    ],
)
def test_tour(page_for, login, tour, start):
    """Each tour leads through to its end, by what is on the screens."""
    page = page_for(login, viewport={"width": 1366, "height": 768})
    page.goto(start)
    expect(page.locator(".o_hoithi_tour").first).to_be_visible()
    with page.expect_console_message(
        lambda message: "tour succeeded" in message.text or "FAILED" in message.text,
        timeout=60_000,
    ) as told:
        page.evaluate(
            "(tour) => odoo.startTour(tour, { mode: 'auto', redirect: false })", tour
        )
    assert "succeeded" in told.value.text, told.value.text
