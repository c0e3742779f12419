"""What axe hears of the screens of each role, and of the pages around the portal."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
#: What Odoo draws around every screen of every app, and its own fields: menus with
#: buttons among them, a tag that says it isn't chosen, a tick without a name in a list,
#: a picture that has a role and no name. Ours is what is in the screens.
OF_ODOO = [
    ".o_main_navbar",
    ".o_tag",
    ".o_field_many2one_avatar_user",
    ".o_field_many2one_avatar_employee",
    ".o_searchview",
    ".o_data_row .o-checkbox",
    ".o-mail-Chatter",
]
#: Screens: who looks, where, and what shows that it is there.
SCREENS = {
    "home": ("thuky", "/odoo/hoithi", ".o_hoithi_home .o_hoithi_next"),
    "board": ("thuky", "/odoo/hoithi-entries", ".o_kanban_record"),
    "entry": ("thuky", "/odoo/hoithi-entries", ".o_form_view .o_notebook"),
    "sheets": ("uyvien1", "/odoo/hoithi-my-reviews", ".o_kanban_record, .o_data_row"),
    "sheet": ("uyvien1", "/odoo/hoithi-my-reviews", ".o_hoithi_score_ws"),
    "sessions": ("thuky", "/odoo/hoithi-sessions", ".o_data_row, .o_kanban_record"),
}
#: Nothing moves or fades any more but what does so for ever.
SETTLED = """() => document.getAnimations().every(
    (one) => one.playState !== "running" ||
        one.effect?.getComputedTiming().endTime === Infinity
)"""
PAGES = ["/my", "/my/account", "/my/security"]


def check(page, excluded=()):
    options = {"runOnly": {"type": "tag", "values": TAGS}}
    context = {"exclude": [[css] for css in excluded]} if excluded else None
    found = Axe().run(page, context=context, options=options).response["violations"]
    serious = [
        f"{fault['id']}: {fault['nodes'][0]['html'][:200]}"
        for fault in found
        if fault["impact"] in ("serious", "critical")
    ]
    assert not serious, f"{page.url}: " + "; ".join(serious)


@pytest.mark.parametrize("name", SCREENS)
def test_screens(page_for, screenshot, name):
    login, path, shown = SCREENS[name]
    page = page_for(login, viewport={"width": 1366, "height": 768})
    page.goto(path)
    if name in ("entry", "sheet"):
        page.locator(".o_kanban_record:not(.o_kanban_ghost), .o_data_row").first.click()
    expect(page.locator(shown).first).to_be_visible()
    # what fades in has its colours, also where the machine is slow
    page.wait_for_timeout(1000)
    page.wait_for_function(SETTLED)
    assert page.locator("html").get_attribute("lang") == "vi-VN"
    screenshot(page, f"access-{name}")
    check(page, OF_ODOO)


@pytest.mark.parametrize("width", [360, 1366])
def test_pages_around_the_portal(page_for, new_page, screenshot, width):
    size = {"width": width, "height": 768}
    page = page_for("canbo1", viewport=size)
    for path in PAGES:
        page.goto(path)
        check(page)
        screenshot(page, f"access{path.replace('/', '-')}-{width}")
    visitor = new_page(viewport=size)
    for path in ("/web/login", "/web/reset_password"):
        visitor.goto(path)
        check(visitor)
        screenshot(visitor, f"access{path.replace('/', '-')}-{width}")
