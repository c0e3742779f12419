"""Every tab, button and column of every form can be reached, on each screen.

The browser is asked which element lies at the middle of each of them.
"""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent
SCRIPT = ROOT / "reachable.js"
MODELS = ROOT.parent / "hoithi_contest" / "models"
#: The narrowest of each way in which forms are drawn, and the widest.
DESKTOPS = [{"width": 1280, "height": 720}, {"width": 1920, "height": 1080}]
PHONE = {"width": 360, "height": 740}
#: Who sees most comes first: of the others only what differs is looked at.
ROLES = (
    "thuky",
    "chutich",
    "phochutich",
    "uyvien1",
    "lanhdao",
    "truongphong",
    "nhanvien1",
    "dangtin",
    "quantri",
)
APP = "hoithi_contest.hoithi_menu_root"
#: What builds the action of a dialog for others.
ASKS = re.compile(r"\b_ask_(reason|act|step)\(|\b_open_dialog\(")


def find_dialogs():
    """The methods that open a dialog and change nothing, by model."""
    dialogs = {}
    for path in MODELS.rglob("*.py"):
        for node in ast.parse(path.read_text()).body:
            if not isinstance(node, ast.ClassDef):
                continue
            named = {
                target.id: statement.value
                for statement in node.body
                if isinstance(statement, ast.Assign)
                for target in statement.targets
                if isinstance(target, ast.Name)
            }
            # a model that another room extends is named by what it inherits
            model = getattr(named.get("_name") or named.get("_inherit"), "value", "")
            for method in node.body:
                if isinstance(method, ast.FunctionDef) and method.name[0] != "_":
                    code = ast.unparse(method)
                    if ASKS.search(code) or (
                        "'target': 'new'" in code and "act_window" in code
                    ):
                        dialogs.setdefault(model, []).append(method.name)
    return dialogs


def resize(page, screen):
    """Look at the page on another screen, once it is drawn for it."""
    before = page.viewport_size
    if before != screen:
        page.set_viewport_size(screen)
        # the web client draws a form anew, after a while, where another size begins
        is_other_size = (before["width"] < 1400) != (screen["width"] < 1400)
        page.evaluate("hoithiReachable.settle", 250 if is_other_size else 0)


def probe(page, selector, screens, place):
    """What can't be reached on each of the screens."""
    found = []
    for screen in screens:
        resize(page, screen)
        found += [
            f"{place} at {screen['width']}: {text}"
            for text in page.evaluate("hoithiReachable.probe", selector)
        ]
    return found


class Walk:
    """One look at all forms: what was seen of them isn't looked at again."""

    def __init__(self):
        self.found = []
        self.seen = set()
        self.dialogs = find_dialogs()

    def is_new(self, *sight):
        """Tell whether this is seen for the first time."""
        is_new = sight not in self.seen
        self.seen.add(sight)
        return is_new

    def look(self, page, login):
        forms = page.evaluate("hoithiReachable.listForms", APP)
        assert forms, login
        for form in forms:
            for record in form["records"]:
                self.look_on_desktops(page, login, form, record)
        page.set_viewport_size(PHONE)
        page.evaluate("hoithiReachable.settle", 250)
        for form in forms:
            if self.is_new("phone", form["key"], form["digest"]):
                self.open(page, login, form, form["records"][0], [PHONE])

    def look_on_desktops(self, page, login, form, record):
        if not self.is_new(form["key"], form["digest"], record["state"]):
            return
        # of other states, and of what another role has shown, the narrowest is enough
        screens = DESKTOPS if self.is_new(form["key"]) else DESKTOPS[:1]
        self.open(page, login, form, record, screens)
        names = [
            name
            for name in self.dialogs.get(form["model"], ())
            if (form["model"], name) not in self.seen
        ]
        if not names:
            return
        resize(page, DESKTOPS[0])
        for name in page.evaluate("hoithiReachable.listButtons", names):
            opened = page.evaluate("hoithiReachable.openDialog", name)
            if not opened:
                continue
            self.seen.add((form["model"], name))
            place = f"{login}, {name} of {form['model']}"
            if opened == "nothing":
                self.found.append(f"{place}: no dialog opened")
                continue
            self.found += probe(page, ".modal", [DESKTOPS[0], PHONE], place)
            page.evaluate("hoithiReachable.close")
            resize(page, DESKTOPS[0])

    def open(self, page, login, form, record, screens):
        """Open a form and look at it; a dialog is closed again."""
        page.set_viewport_size(screens[0])
        page.evaluate(
            "([form, id]) => hoithiReachable.open(form, id)", [form, record["id"]]
        )
        is_dialog = form["target"] == "new"
        selector = ".modal" if is_dialog else ".o_action_manager"
        place = f"{login}, {form['model']} {record['state']}"
        self.found += probe(page, selector, screens, place)
        if is_dialog:
            page.evaluate("hoithiReachable.close")


def test_forms_of_each_role(page_for):
    walk = Walk()
    for login in ROLES:
        page = page_for(login, viewport=DESKTOPS[0])
        page.add_init_script(path=SCRIPT)
        page.goto("/odoo/hoithi-contests", wait_until="commit", timeout=90_000)
        page.wait_for_selector(".o_action_manager .o_view_controller")
        walk.look(page, login)
        page.context.close()
    assert not walk.found, "\n".join(walk.found)
    opened = {
        sight for sight in walk.seen if sight[-1] in walk.dialogs.get(sight[0], ())
    }
    assert len(opened) > 15, opened


@pytest.mark.parametrize("login", ["canbo1", "canbo2", "truongphong"])
def test_pages_of_the_portal(page_for, login):
    page = page_for(login, viewport=DESKTOPS[0])
    page.add_init_script(path=SCRIPT)
    found, seen, paths = [], set(), ["/my/hoithi"]
    while paths:
        path = paths.pop(0)
        page.goto(path)
        found += probe(page, "main", [DESKTOPS[0], PHONE], path)
        # a page of each kind, among those that lead on from here (an export is a file)
        links = page.locator("main a[href^='/my/hoithi/']:not([href$='/export'])")
        for link in links.evaluate_all("all => all.map(a => a.pathname)"):
            kind = re.sub(r"\d+", "#", link)
            if kind not in seen and "." not in kind:
                seen.add(kind)
                paths.append(link)
    assert not found, "\n".join(found)
