"""What axe hears of the screens of each role, and of the pages around the portal."""

import re

import pytest
from playwright.sync_api import expect

#: Screens: who looks, where, and what shows that it is there.
SCREENS = {
    "home": ("thuky", "/odoo/hoithi", ".o_hoithi_home .o_hoithi_next"),
    "board": ("thuky", "/odoo/hoithi-entries", ".o_kanban_record"),
    "entry": ("thuky", "/odoo/hoithi-entries", ".o_form_view .o_notebook"),
    "sheets": ("uyvien1", "/odoo/hoithi-my-reviews", ".o_kanban_record, .o_data_row"),
    "sheet": ("uyvien1", "/odoo/hoithi-my-reviews", ".o_hoithi_score_ws"),
    "sessions": ("thuky", "/odoo/hoithi-sessions", ".o_data_row, .o_kanban_record"),
}
#: The other screens of the council and the Office, one after another.
WALKS = {
    "thuky": [
        "hoithi-contests",
        "hoithi-reviews",
        "hoithi-ranking",
        "hoithi-councils",
        "hoithi-criteria-sets",
        "hoithi-conflicts",
        "hoithi-statements",
        "hoithi-adjudications",
        "hoithi-awards",
        "hoithi-nominations",
        "hoithi-ledger",
        "hoithi-documents",
        "hoithi-session-board",
        "hoithi-figures-reviews",
    ],
    "uyvien1": ["hoithi-ballot", "hoithi-sessions", "hoithi-statements"],
    "lanhdao": ["hoithi", "hoithi-ranking"],
    "quantri": ["hoithi-setup", "hoithi-role-changes", "hoithi-settings"],
}
#: A view, or one of the screens that are no view.
SHOWN = ".o_action, .o_hoithi_board, .o_hoithi_ballot, .o_hoithi_home"
#: Records whose forms are looked at too.
FORMS = {"hoithi-contests", "hoithi-councils", "hoithi-sessions", "hoithi-documents"}
PAGES = ["/my", "/my/account", "/my/security"]


@pytest.mark.parametrize("name", SCREENS)
def test_screens(page_for, screenshot, assert_nothing_serious, name):
    login, path, shown = SCREENS[name]
    page = page_for(login, viewport={"width": 1366, "height": 768})
    page.goto(path)
    if name in ("entry", "sheet"):
        page.locator(".o_kanban_record:not(.o_kanban_ghost), .o_data_row").first.click()
    expect(page.locator(shown).first).to_be_visible()
    assert page.locator("html").get_attribute("lang") == "vi-VN"
    screenshot(page, f"access-{name}")
    assert_nothing_serious(page)


@pytest.mark.parametrize("width", [360, 1366])
def test_pages_around_the_portal(
    page_for, new_page, screenshot, assert_nothing_serious, width
):
    size = {"width": width, "height": 768}
    page = page_for("canbo1", viewport=size)
    for path in PAGES:
        page.goto(path)
        assert_nothing_serious(page, around=())
        screenshot(page, f"access{path.replace('/', '-')}-{width}")
    visitor = new_page(viewport=size)
    for path in ("/web/login", "/web/reset_password"):
        visitor.goto(path)
        assert_nothing_serious(visitor, around=())
        screenshot(visitor, f"access{path.replace('/', '-')}-{width}")


@pytest.mark.parametrize("login", WALKS)
def test_screens_of_the_council(page_for, assert_nothing_serious, login):
    page = page_for(login, viewport={"width": 1366, "height": 768})
    for path in WALKS[login]:
        page.goto(f"/odoo/{path}")
        expect(page.locator(SHOWN).first).to_be_visible()
        expect(page.locator(".o_loading_indicator, .o_blockUI")).to_have_count(0)
        assert_nothing_serious(page)
        if path in FORMS:
            page.goto(f"/odoo/{path}/1")
            expect(page.locator(".o_form_view .o_form_sheet").first).to_be_visible()
            assert_nothing_serious(page)


#: What a screen reader announces with a name.
NAMELESS = re.compile(
    r"^\s*- (?:textbox|searchbox|combobox|checkbox|radio|button|link)(?! \")",
    re.MULTILINE,
)


def read_out(page):
    """The page as a screen reader goes through it, a line a thing."""
    page.wait_for_function(
        "document.querySelector('.o_hoithi_form_page:not(.o_hoithi_stepped)') === null"
    )
    return page.locator("body").aria_snapshot()


def stand_in_order(text, *things):
    places = [text.index(thing) for thing in things]
    assert places == sorted(places), things


def test_pages_are_read_out_in_their_order(page_for, new_page, sql):
    [draft] = sql(
        "SELECT e.id FROM hoithi_entry e"
        " JOIN hoithi_entry_author a ON a.entry_id = e.id"
        " JOIN res_users u ON u.partner_id = a.partner_id"
        " WHERE u.login = 'canbo1' AND e.state = 'draft' ORDER BY e.id LIMIT 1"
    )
    page = page_for("canbo1", viewport={"width": 1366, "height": 768})
    page.goto(f"/my/hoithi/entries/{draft['id']}")
    form = read_out(page)
    assert not NAMELESS.search(form), NAMELESS.search(form)[0]
    stand_in_order(
        form,
        'link "Bỏ qua',
        'navigation "Chính"',
        "[level=1]",
        'navigation "Các bước"',
        'region "Giải pháp"',
        'textbox "Tên giải pháp bắt buộc"',
        'group "Lĩnh vực dự thi bắt buộc"',
        'textbox "Ngày áp dụng lần đầu bắt buộc"',
    )
    page.goto("/my/hoithi")
    home = read_out(page)
    assert not NAMELESS.search(home), NAMELESS.search(home)[0]
    way = re.search('navigation "(?:Đường dẫn trang|Breadcrumb)"', home)[0]
    stand_in_order(
        home, 'navigation "Chính"', way, "[level=1]", "[level=2]", "Điền tiếp"
    )

    visitor = new_page(viewport={"width": 360, "height": 768})
    visitor.goto("/hoithi")
    public = read_out(visitor)
    assert not NAMELESS.search(public), NAMELESS.search(public)[0]
    stand_in_order(
        public, "- banner", "- main", "[level=1]", "[level=2]", "contentinfo"
    )
