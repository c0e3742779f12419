"""Every tab, button and column of every form can be reached, on each screen.

The browser is asked which element lies at the middle of each of them.
"""

import re
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parent / "reachable.js"
#: The narrowest first; forms are drawn anew for phones.
DESKTOPS = [
    {"width": 1280, "height": 720},
    {"width": 1366, "height": 768},
    {"width": 1920, "height": 1080},
]
PHONES = [{"width": 360, "height": 740}, {"width": 390, "height": 844}]
ROLES = ("chutich", "thuky", "lanhdao", "truongphong", "dangtin", "quantri")
APP = "hoithi_contest.hoithi_menu_root"


def probe(page, selector, screens, place):
    """What can't be reached on each of the screens."""
    found = []
    for screen in screens:
        before = page.viewport_size
        if before != screen:
            page.set_viewport_size(screen)
            # the web client draws a form anew, after a while, where another size begins
            is_other_size = (before["width"] < 1400) != (screen["width"] < 1400)
            page.evaluate("hoithiReachable.settle", 250 if is_other_size else 0)
        found += [
            f"{place} at {screen['width']}: {text}"
            for text in page.evaluate("hoithiReachable.probe", selector)
        ]
    return found


def test_forms_of_each_role(page_for):
    found, seen = [], set()
    for login in ROLES:
        page = page_for(login, viewport=DESKTOPS[0])
        page.add_init_script(path=SCRIPT)
        page.goto("/odoo/hoithi-contests", wait_until="commit", timeout=90_000)
        page.wait_for_selector(".o_action_manager .o_view_controller")
        forms = page.evaluate("hoithiReachable.listForms", APP)
        assert forms, login
        for screens in (DESKTOPS, PHONES):
            for form in forms:
                # of what another role has shown, the narrowest screens are enough
                chosen = screens[:1] if form["key"] in seen else screens
                page.set_viewport_size(chosen[0])
                page.evaluate("hoithiReachable.open", form)
                is_dialog = form["target"] == "new"
                selector = ".modal" if is_dialog else ".o_action_manager"
                found += probe(page, selector, chosen, f"{login}, {form['model']}")
                if is_dialog:
                    page.evaluate("hoithiReachable.close")
        seen |= {form["key"] for form in forms}
        page.context.close()
    assert not found, "\n".join(found)


@pytest.mark.parametrize("login", ["canbo1", "truongphong"])
def test_pages_of_the_portal(page_for, login):
    page = page_for(login, viewport=DESKTOPS[1])
    page.add_init_script(path=SCRIPT)
    found, seen, paths = [], set(), ["/my/hoithi"]
    while paths:
        path = paths.pop(0)
        page.goto(path)
        found += probe(page, "main", [DESKTOPS[1], PHONES[0]], path)
        # a page of each kind, among those that lead on from here
        links = page.locator("main a[href^='/my/hoithi/']")
        for link in links.evaluate_all("all => all.map(a => a.pathname)"):
            kind = re.sub(r"\d+", "#", link)
            if kind not in seen and "." not in kind:
                seen.add(kind)
                paths.append(link)
    assert not found, "\n".join(found)
