"""Screens as they fit: a phone, whole headings at a desk, a way on where nothing is."""

import re

import pytest
from playwright.sync_api import expect

DESK = {"width": 1366, "height": 768}
PHONE = {"width": 360, "height": 740}
#: Who looks where, and what shows that it is there.
ON_A_PHONE = {
    "board": ("thuky", "hoithi-entries", ".o_kanban_record"),
    "contests": ("thuky", "hoithi-contests", ".o_kanban_group"),
    "documents": ("thuky", "hoithi-documents", ".o_kanban_record"),
    "home": ("thuky", "hoithi", ".o_hoithi_home"),
    "sheets": ("uyvien1", "hoithi-my-reviews", ".o_kanban_record"),
    "set-up": ("quantri", "hoithi-setup", ".o_hoithi_setup"),
    "ballot": ("uyvien1", "hoithi-ballot", ".o_hoithi_ballot_page"),
}
FORMS = ["hoithi-contests", "hoithi-entries", "hoithi-sessions", "hoithi-councils"]
#: Headings of columns, and names of groups, that are cut.
CUT = """() => [
    ...document.querySelectorAll(
        ".o_list_table thead th .text-truncate, .o_list_table .o_group_name > div"
    ),
]
    .filter((head) => head.offsetParent && head.scrollWidth > head.clientWidth + 1)
    .map((head) => head.textContent.trim())"""

#: Columns that lie outside of the list's place.
OUTSIDE = """() => {
    const place = document.querySelector(".o_list_renderer").getBoundingClientRect();
    return [...document.querySelectorAll(".o_list_table thead th[data-name]")]
        .filter((head) => head.getBoundingClientRect().right > place.right + 1)
        .map((head) => head.dataset.name);
}"""
FITS = "document.documentElement.scrollWidth <= innerWidth"


def fits(page):
    return page.evaluate(FITS)


@pytest.mark.parametrize("name", ON_A_PHONE)
def test_screens_fit_a_phone(page_for, screenshot, name):
    login, path, shown = ON_A_PHONE[name]
    page = page_for(login, viewport=PHONE, has_touch=True, is_mobile=True)
    page.goto(f"/odoo/{path}")
    expect(page.locator(shown).first).to_be_visible()
    assert fits(page)
    screenshot(page, f"phone-{name}")
    if name in ("board", "contests"):
        # not at drafts that are folded away or none: where there is something to do
        expect(page.locator(".o_kanban_record").first).to_be_in_viewport()


@pytest.mark.parametrize("path", FORMS)
def test_headings_in_forms_are_whole(page_for, path):
    page = page_for("thuky", viewport=DESK)
    # pictures in letters have the address that the server is known by
    page.expected_errors = "ERR_NAME_NOT_RESOLVED"
    page.goto(f"/odoo/{path}/1")
    notebook = page.locator(".o_form_view .o_notebook").first
    expect(notebook).to_be_visible()
    for tab in notebook.locator(".o_notebook_headers a").all():
        tab.click()
        expect(tab).to_have_class(re.compile(r"\bactive\b"))
        assert not page.evaluate(CUT), tab.inner_text()


def test_a_role_is_named_once(page_for):
    page = page_for("quantri", viewport=DESK)
    page.goto("/odoo/hoithi-role-changes")
    tags = page.locator(".o_data_row .o_tag")
    expect(tags.first).to_be_visible()
    for name in tags.all_inner_texts():
        assert "/" not in name


def test_a_member_goes_on_where_no_session_is(page_for):
    page = page_for("uyvien1", viewport=PHONE)
    # whatever sessions other walks have planned
    page.route(
        "**/hoithi.session/get_running*",
        lambda route: route.fulfill(json={"jsonrpc": "2.0", "result": False}),
    )
    page.goto("/odoo/hoithi-ballot")
    page.locator(".o_hoithi_to_sessions").click()
    expect(page.locator(".o_list_view, .o_kanban_view")).to_be_visible()
    page.goto("/odoo/hoithi-ballot")
    page.locator(".o_hoithi_to_home").click()
    expect(page.locator(".o_hoithi_home")).to_be_visible()


def test_the_app_has_the_department_s_colours(page_for):
    page = page_for("thuky", viewport=DESK)
    page.goto("/odoo/hoithi")
    bar = page.locator(".o_main_navbar")
    expect(bar).to_be_visible()
    brand = page.evaluate(
        """() => {
            const one = document.createElement("i");
            one.style.color = "var(--hoithi-brand)";
            document.body.append(one);
            return getComputedStyle(one).color;
        }"""
    )
    expect(bar).to_have_css("background-color", brand)
    # other apps keep Odoo's
    page.goto("/odoo/discuss")
    expect(page.locator(".o-mail-Discuss")).to_be_visible()
    expect(page.locator("body.o_hoithi_app")).to_have_count(0)


def test_a_screen_without_a_menu_has_those_of_the_app(page_for):
    page = page_for("thuky", viewport=DESK)
    page.goto("/odoo/hoithi-plan")
    page.locator(".o_control_panel button", has_text="Dòng thời gian").click()
    expect(page.locator(".o_hoithi_timeline")).to_be_visible()
    menus = page.locator(".o_menu_sections > *")
    expect(menus).not_to_have_count(0)
    count = menus.count()
    # opened by its address as well
    page.goto("/odoo/hoithi-plan-timeline")
    expect(page.locator(".o_hoithi_timeline")).to_be_visible()
    expect(menus).to_have_count(count)


@pytest.mark.parametrize("lang", ["vi_VN", "en_US"])
def test_no_menu_is_folded_at_a_small_desk(page_for, rpc, screenshot, lang):
    [user] = rpc("thuky", "res.users", "search", [("login", "=", "thuky")])
    rpc("thuky", "res.users", "write", [user], {"lang": lang})
    try:
        page = page_for("thuky", viewport=DESK)
        page.goto("/odoo/hoithi")
        expect(page.locator(".o_hoithi_home")).to_be_visible()
        expect(page.locator(".o_menu_sections > *")).to_have_count(7)
        expect(page.locator(".o_menu_sections_more")).to_have_count(0)
        screenshot(page, f"menus-{lang}-1366")
    finally:
        rpc("thuky", "res.users", "write", [user], {"lang": "vi_VN"})


@pytest.fixture
def in_language(rpc):
    """in_language(login, lang): from now on, until the test ends."""
    changed = []

    def change(login, lang):
        [user] = rpc(login, "res.users", "search", [("login", "=", login)])
        changed.append((login, user))
        rpc(login, "res.users", "write", [user], {"lang": lang})

    yield change
    for login, user in changed:
        rpc(login, "res.users", "write", [user], {"lang": "vi_VN"})


def expect_apart(page, path):
    """The pill of the contest, the search and the pager don't lie on each other."""
    boxes = [
        page.locator(f".o_control_panel {css}").first.bounding_box()
        for css in (
            ".o_control_panel_breadcrumbs",
            ".o_hoithi_switch",
            ".o_searchview",
            ".o_control_panel_navigation > *:visible",
        )
        if page.locator(f".o_control_panel {css}").count()
    ]
    below = page.locator(".o_content").first.bounding_box()
    for number, one in enumerate(boxes):
        assert one["y"] + one["height"] <= below["y"] + 1, path
        for other in boxes[number + 1 :]:
            assert (
                one["x"] + one["width"] <= other["x"] + 1
                or other["x"] + other["width"] <= one["x"] + 1
                or one["y"] + one["height"] <= other["y"] + 1
                or other["y"] + other["height"] <= one["y"] + 1
            ), f"{path}: {one} lies on {other}"


#: What the Office works with most, lists and boards with buttons above among them.
OFFICE = [
    "hoithi",
    "hoithi-setup",
    "hoithi-contests",
    "hoithi-contests/1",
    "hoithi-entries",
    "hoithi-entries?view_type=list",
    "hoithi-entries/1",
    "hoithi-units?view_type=list",
    "hoithi-reviews",
    "hoithi-conflicts",
    "hoithi-sessions/1",
    "hoithi-documents?view_type=list",
    "hoithi-outbox",
]


@pytest.mark.parametrize("lang", ["vi_VN", "en_US"])
def test_the_office_works_on_a_tablet(page_for, in_language, screenshot, lang):
    """Upright and across, and at a small desk: all is there, and nothing is cut."""
    in_language("thuky", lang)
    page = page_for("thuky", viewport=DESK, has_touch=True)
    # pictures in letters have the address that the server is known by
    page.expected_errors = "ERR_NAME_NOT_RESOLVED"
    found = []
    for path in OFFICE:
        page.set_viewport_size({"width": 1280, "height": 800})
        page.goto(f"/odoo/{path}")
        expect(page.locator(".o_action_manager > .o_action")).to_be_visible()
        for width in (1280, 1180, 1024, 768):
            page.set_viewport_size({"width": width, "height": 800})
            # a list takes its new width after a moment
            page.wait_for_function(FITS)
            place = f"{path} at {width}"
            found += [f"{place}: {head} is cut" for head in page.evaluate(CUT)]
            if page.locator(".o_searchview:visible").count():
                expect_apart(page, place)
            if width == 1280:
                expect(page.locator(".o_menu_sections_more")).to_have_count(0)
                assert page.locator(".o_menu_sections > *").count() <= 7
        screenshot(page, f"tablet-{path}-{lang}")
    assert not found, "\n".join(found)


def test_a_list_on_a_tablet_shows_its_state(page_for):
    """Columns that have no room are left out, until somebody chooses them."""
    page = page_for("thuky", viewport={"width": 768, "height": 1024}, has_touch=True)
    heads = page.locator(".o_list_table thead th")
    for path, state in (
        ("hoithi-entries", "state"),
        ("hoithi-reviews", "state"),
        ("hoithi-conflicts", "state"),
        ("hoithi-documents", "state"),
        ("hoithi-sessions", "state"),
        ("hoithi-units", "stage"),
    ):
        page.goto(f"/odoo/{path}?view_type=list")
        for width in (768, 1024):
            page.set_viewport_size({"width": width, "height": 1024})
            expect(page.locator(f"thead th[data-name={state}]")).to_be_in_viewport(
                ratio=1
            )
            page.wait_for_function(FITS)
            assert not page.evaluate(OUTSIDE), path
        page.set_viewport_size({"width": 768, "height": 1024})
    # what was left out is chosen as any other column
    page.set_viewport_size({"width": 1920, "height": 1024})
    page.goto("/odoo/hoithi-entries?view_type=list")
    score = page.locator("thead th[data-name=average_score]")
    expect(score).to_have_count(1)
    named = page.locator("thead th[data-name]")
    wide = named.evaluate_all("heads => heads.map((head) => head.dataset.name)")
    page.set_viewport_size({"width": 768, "height": 1024})
    page.goto("/odoo/hoithi-entries?view_type=list")
    expect(heads.first).to_be_visible()
    expect(score).to_have_count(0)
    page.locator(".o_optional_columns_dropdown button").click()
    page.locator(".o-dropdown--menu input[name=average_score]").click()
    expect(score).to_have_count(1)
    page.reload()
    expect(score).to_have_count(1)
    # and the others, which merely had no room, stay chosen
    page.set_viewport_size({"width": 1920, "height": 1024})
    expect(named).to_have_count(len(wide))
