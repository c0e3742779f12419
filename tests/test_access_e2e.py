"""What axe hears of the screens of each role, and of the pages around the portal."""

import re
from functools import partial
from pathlib import Path
from runpy import run_path

import pytest
from playwright.sync_api import expect

ROOT = Path(__file__).parent.parent
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
#: Who has pages on the portal: of each is another state of an entry.
PORTAL_LOGINS = {
    *("canbo1", "canbo2", "canbo6", "nhanvien1", "nhanvien2"),
    *("canbomoi", "dangtin", "truongphong", "uyvien1"),
}
WIDTHS = (1366, 360)
#: At which pages fit as well.
OTHER_WIDTHS = (768, 1024, 1920)
#: What is looked at in English too: each template once, each with the longest texts.
ENGLISH = {
    None: (
        "public-home",
        "public-contest-open",
        "public-results",
        "public-solution",
        "public-404",
        "login",
    ),
    "canbo1": (
        "portal-home",
        "portal-list",
        "portal-form-solution",
        "portal-form-files",
        "portal-preview",
        "portal-submitted",
        "portal-questions",
        "portal-data",
    ),
    "canbo2": ("portal-supplement",),
    "dangtin": ("portal-result",),
    "truongphong": ("portal-unit",),
    "uyvien1": ("portal-sheet",),
}
#: Odoo's pages, which the addon mends where it can.
OF_ODOO = {"portal-account", "portal-security", "reset-password", "signup"}
#: What tests/test_public_e2e.py looks at.
LOOKED_AT = {
    *("public-home", "public-contest-open", "public-contest-closed"),
    *("public-results", "public-solution", "public-404"),
}


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


@pytest.fixture(scope="module")
def gallery():
    """What `docs/images/gallery.py` takes pictures of."""
    return run_path(str(ROOT / "docs" / "images" / "gallery.py"))


@pytest.mark.parametrize("login", [None, *sorted(PORTAL_LOGINS)])
def test_pages_of_staff_and_visitors(
    request,
    page_for,
    new_page,
    rpc,
    passwords,
    gallery,
    screenshot,
    assert_accessible,
    assert_nothing_serious,
    login,
):
    """Each page and state of the portal, and the pages of Odoo's around it."""
    names = gallery["find_names"](partial(rpc, "thuky"))
    pages = dict(gallery["PAGES"])
    if login is None:
        pages["share-link"] = (None, request.getfixturevalue("share_link"))
    elif login == "dangtin":
        request.getfixturevalue("open_objections")
    passwords.setdefault(login, login)
    page = page_for(login) if login else new_page()
    page.expected_errors = r"status of 4\d\d"
    for name, (who, path) in pages.items():
        if who != login or name in LOOKED_AT:
            continue
        first, *steps = path.format(**names).split(" > ")
        page.set_viewport_size({"width": WIDTHS[0], "height": 768})
        page.goto(first)
        for step in steps:
            gallery["act"](page, step)
        expect(page.locator("h1, h2, form").first).to_be_visible()
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 768})
            if name in OF_ODOO:
                assert_nothing_serious(page, around=())
            else:
                assert_accessible(page)
            assert_fits(page)
            screenshot(page, f"access-{name}-{width}")
        for width in OTHER_WIDTHS:
            page.set_viewport_size({"width": width, "height": 768})
            assert_fits(page)


def assert_fits(page):
    """Nothing sticks out of the screen."""
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0, f"{page.url} at {page.viewport_size['width']} px: {wide} px"


@pytest.mark.parametrize("login", ENGLISH)
def test_pages_in_english(
    page_for, new_page, base_url, rpc, gallery, screenshot, assert_accessible, login
):
    """The other language: as long as it is, as accessible, and named throughout."""
    names = gallery["find_names"](partial(rpc, "thuky"))
    page = page_for(login) if login else new_page()
    page.expected_errors = r"status of 4\d\d"
    page.context.add_cookies(
        [{"name": "frontend_lang", "value": "en_US", "url": base_url}]
    )
    for name in ENGLISH[login]:
        who, path = gallery["PAGES"][name]
        assert who == login
        first, *steps = path.format(**names).split(" > ")
        page.set_viewport_size({"width": WIDTHS[0], "height": 768})
        page.goto(first)
        for step in steps:
            gallery["act"](page, step)
        expect(page.locator("html")).to_have_attribute("lang", "en-US")
        read = read_out(page)
        assert not NAMELESS.search(read), f"{name}: {NAMELESS.search(read)[0]}"
        for width in (*OTHER_WIDTHS, *WIDTHS):
            page.set_viewport_size({"width": width, "height": 768})
            assert_fits(page)
            if width in WIDTHS:
                assert_accessible(page)
                screenshot(page, f"access-en-{name}-{width}")


def test_every_login_of_the_portal_is_walked(gallery):
    assert {who for who, _path in gallery["PAGES"].values() if who} == PORTAL_LOGINS


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
