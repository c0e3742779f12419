"""The doors open: the login page, the back office, the portal."""

import re

from playwright.sync_api import expect


def test_login_page_is_vietnamese(new_page, screenshot):
    page = new_page()
    page.goto("/web/login")
    expect(page.get_by_label("Mật khẩu", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Đăng nhập")).to_be_visible()
    screenshot(page, "login")


def test_wrong_password_is_refused(new_page):
    page = new_page()
    page.goto("/web/login")
    page.locator("input[name=login]").fill("admin")
    page.locator("input[name=password]").fill("wrong")
    page.locator("form.oe_login_form button[type=submit]").first.click()
    expect(page.locator(".alert-danger")).to_be_visible()


def test_admin_enters_the_back_office(page_for, screenshot):
    page = page_for("admin")
    page.goto("/odoo")
    expect(page.locator(".o_main_navbar")).to_be_visible()
    screenshot(page, "back-office")


def test_portal_home_works_with_and_without_javascript(page_for, no_js_page_for):
    for visit in (page_for, no_js_page_for):
        page = visit("admin")
        page.goto("/my")
        expect(page).to_have_url(re.compile(r"/my"))
        expect(page.locator(".o_portal_my_home, .o_portal")).not_to_have_count(0)


def test_server_answers_from_several_processes(rpc, sql):
    [user] = rpc(
        "admin", "res.users", "search_read", [["login", "=", "admin"]], ["lang"]
    )
    [row] = sql("SELECT login FROM res_users WHERE id = %s", user["id"])
    assert user["lang"] == "vi_VN"
    assert row["login"] == "admin"
