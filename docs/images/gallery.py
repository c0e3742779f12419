"""Take every page of staff, public and Office, in both languages, to look through.

Of the demo as `bin/serve` makes it; what is taken lies in `build/gallery`: a picture of
each page, `<page>-<language>-<width>.png`, and sheets with a page's widths side by
side. A page that scrolls sideways is told. `--office` takes the screens of the Office.

    .hoithi/venv/bin/python docs/images/gallery.py [--base http://127.0.0.1:8069]
        [--only part-of-a-name …] [--lang vi|en] [--width 360 …] [--no-script]
        [--office]
"""

import argparse
import os
import re
from pathlib import Path

from PIL import Image, ImageDraw
from playwright.sync_api import Error, sync_playwright

ROOT = Path(__file__).parents[2]
TARGET = ROOT / "build" / "gallery"
WIDTHS = (360, 768, 1366, 1920)
#: The Office's: a tablet upright, by touch, and the desks.
OFFICE_WIDTHS = (768, 1280, 1366, 1920)
HEIGHTS = {360: 740, 768: 1024, 1280: 720, 1366: 768, 1920: 1080}
LANGUAGES = {"vi": "vi_VN", "en": "en_US"}
#: No picture is higher (px).
HEIGHT = 6000
#: Contests of the demo, found by what their names hold.
CONTESTS = {"now": "lần thứ IX", "house": "ngành Nông nghiệp", "past": "Bắc Kạn"}

#: Who looks, at which page; `{draft}` and the like are found in the demo. What stands
#: behind ` > ` is clicked or filled first.
PAGES = {
    # everybody
    "public-home": (None, "/hoithi"),
    "public-contest-open": (None, "/hoithi/{now}"),
    "public-contest-review": (None, "/hoithi/{house}"),
    "public-contest-closed": (None, "/hoithi/{past}"),
    "public-results": (None, "/hoithi/{past}/results"),
    "public-results-all": (None, "/hoithi/results"),
    "public-results-none": (None, "/hoithi/results?q=khongcogi"),
    "public-solution": (None, "/hoithi/{past}/results > main a[href*='/results/']"),
    "public-404": (None, "/hoithi/0"),
    "public-404-elsewhere": (None, "/khong-co-trang-nay"),
    "public-paper-unknown": (None, "/hoithi/paper/khongco"),
    "login": (None, "/web/login"),
    "login-refused": (
        None,
        "/web/login > [name=login]=canbo1 > [name=password]=sai > [type=submit]",
    ),
    "reset-password": (None, "/web/reset_password"),
    "signup": (None, "/web/signup"),
    # staff
    "portal-home": ("canbo1", "/my"),
    "portal-account": ("canbo1", "/my/account"),
    "portal-security": ("canbo1", "/my/security"),
    "portal-list": ("canbo1", "/my/hoithi"),
    "portal-new": ("canbo1", "/my/hoithi/{now}/new"),
    "portal-form-solution": ("canbo1", "/my/hoithi/entries/{draft}"),
    "portal-form-authors": (
        "canbo1",
        "/my/hoithi/entries/{draft} > .o_hoithi_rail a[href$=step_authors]",
    ),
    "portal-form-description": (
        "canbo1",
        "/my/hoithi/entries/{draft} > .o_hoithi_rail a[href$=step_description]",
    ),
    "portal-form-files": (
        "canbo1",
        "/my/hoithi/entries/{draft} > .o_hoithi_rail a[href$=step_files]",
    ),
    "portal-form-check": (
        "canbo1",
        "/my/hoithi/entries/{draft} > .o_hoithi_rail a[href$=step_check]",
    ),
    "portal-form-errors": (
        "canbo1",
        "/my/hoithi/entries/{draft} > [name=first_applied_date]=qua > .o_hoithi_save",
    ),
    "portal-form-delete": (
        "canbo1",
        "/my/hoithi/entries/{draft} > .o_hoithi_delete summary",
    ),
    "portal-preview": ("canbo1", "/my/hoithi/entries/{draft}/preview"),
    "portal-submitted": ("canbo1", "/my/hoithi/entries/{submitted}"),
    "portal-withdraw": (
        "nhanvien1",
        "/my/hoithi/entries/{internal} > .o_hoithi_withdraw summary",
    ),
    "portal-withdrawn": ("canbo6", "/my/hoithi/entries/{withdrawn}"),
    "portal-result": ("dangtin", "/my/hoithi/entries/{nominated}"),
    "portal-not-selected": ("nhanvien2", "/my/hoithi/entries/{unselected}"),
    "portal-data": ("canbo1", "/my/hoithi/data"),
    "portal-reviews": ("uyvien1", "/my/hoithi/reviews"),
    "portal-sheet": ("uyvien1", "/my/hoithi/reviews > .o_hoithi_sheet_row a"),
    "portal-statement": ("uyvien1", "/my/hoithi/reviews/statement/{house}"),
    "portal-reviewing": ("canbo1", "/my/hoithi/entries/{reviewing}"),
    "portal-supplement": ("canbo2", "/my/hoithi/entries/{supplement}"),
    "portal-ineligible": ("canbo2", "/my/hoithi/entries/{ineligible}"),
    "portal-internal": ("nhanvien1", "/my/hoithi"),
    "portal-internal-entry": ("nhanvien1", "/my/hoithi/entries/{internal}"),
    "portal-stranger": ("canbomoi", "/my/hoithi"),
    "portal-stranger-home": ("canbomoi", "/my"),
    "portal-stranger-new": ("canbomoi", "/my/hoithi/{now}/new"),
    "portal-404": ("canbo1", "/my/hoithi/entries/999999"),
    "portal-calendar": ("canbo1", "/my/hoithi/calendar"),
    "portal-launch": ("canbo1", "/my/hoithi/{now}/launch"),
    "portal-questions": ("canbo1", "/my/hoithi/{now}/questions"),
    "portal-units": ("truongphong", "/my/hoithi/units"),
    "portal-unit": ("truongphong", "/my/hoithi/units > main a[href*='/units/']"),
    "portal-head-home": ("truongphong", "/my"),
}

#: Screens of the Office: who looks, the path below /odoo, what is clicked first.
OFFICE = {
    "home-admin": ("quantri", "hoithi"),
    "setup-admin": ("quantri", "hoithi-setup"),
    "settings": ("quantri", "hoithi-settings"),
    "agencies": ("quantri", "hoithi-agencies > .o_data_row .o_data_cell"),
    "role-changes": ("quantri", "hoithi-role-changes"),
    "purposes": ("quantri", "hoithi-purposes > .o_data_row .o_data_cell"),
    "fields": ("quantri", "hoithi-fields"),
    "criteria-sets": ("quantri", "hoithi-criteria-sets > .o_data_row .o_data_cell"),
    "dossier-types": ("quantri", "hoithi-dossier-types"),
    "legal-texts": ("quantri", "hoithi-legal-texts"),
    "organisations": ("quantri", "hoithi-organisations"),
    "templates": ("quantri", "hoithi-document-templates"),
    "recipients": ("quantri", "hoithi-recipients"),
    "trust-anchors": ("quantri", "hoithi-trust-anchors"),
    "notice-rules": ("quantri", "hoithi-notice-rules"),
    "notice-rule": ("quantri", "hoithi-notice-rules > .o_data_row .o_data_cell"),
    "invitations": ("quantri", "hoithi-staff-invitations"),
    "contests-admin": ("quantri", "hoithi-contests"),
    "home-secretary": ("thuky", "hoithi"),
    "setup": ("thuky", "hoithi-setup"),
    "contests": ("thuky", "hoithi-contests"),
    "contest": ("thuky", "hoithi-contests/{now}"),
    "contest-council": ("thuky", "hoithi-contests/{house}"),
    "contest-closed": ("thuky", "hoithi-contests/{past}"),
    "board": ("thuky", "hoithi-entries"),
    "entries": ("thuky", "hoithi-entries?view_type=list"),
    "entry": ("thuky", "hoithi-entries/{submitted}"),
    "entry-reviewing": ("thuky", "hoithi-entries/{reviewing}"),
    "units": ("thuky", "hoithi-units"),
    "unit": ("thuky", "hoithi-units > .o_kanban_record"),
    "plan": ("thuky", "hoithi-plan"),
    "timeline": ("thuky", "hoithi-plan-timeline"),
    "outreach": ("thuky", "hoithi-outreach"),
    "questions": ("thuky", "hoithi-questions"),
    "reviews": ("thuky", "hoithi-reviews"),
    "copies": ("thuky", "hoithi-copies"),
    "adjudications": ("thuky", "hoithi-adjudications"),
    "conflicts": ("thuky", "hoithi-conflicts"),
    "statements": ("thuky", "hoithi-statements"),
    "councils": ("thuky", "hoithi-councils > .o_data_row .o_data_cell"),
    "sessions": ("thuky", "hoithi-sessions"),
    "session": ("thuky", "hoithi-sessions > .o_data_row .o_data_cell"),
    "ranking": ("thuky", "hoithi-ranking"),
    "awards": ("thuky", "hoithi-awards"),
    "nominations": ("thuky", "hoithi-nominations"),
    "ledger": ("thuky", "hoithi-ledger"),
    "figures": ("thuky", "hoithi-figures-entries"),
    "figures-reviews": ("thuky", "hoithi-figures-reviews"),
    "documents": ("thuky", "hoithi-documents"),
    "document": ("thuky", "hoithi-documents > .o_kanban_record"),
    "register": ("thuky", "hoithi-outgoing-register"),
    "runs": ("thuky", "hoithi-document-runs"),
    "outbox": ("thuky", "hoithi-outbox"),
    "rule-packs": ("thuky", "hoithi-rule-packs"),
    "objections": ("thuky", "hoithi-objections"),
    "reopenings": ("thuky", "hoithi-reopenings"),
    "unit-changes": ("thuky", "hoithi-unit-changes"),
    "earlier-editions": ("thuky", "hoithi-earlier-editions"),
    "figures-outreach": ("thuky", "hoithi-figures-outreach"),
    "rounds": ("thuky", "hoithi-rounds"),
    "components": ("thuky", "hoithi-components"),
    "award": ("thuky", "hoithi-awards > .o_data_row .o_data_cell"),
    "prizes-shown-first": (
        "thuky",
        "hoithi-contests/{house} > .o_hoithi_more > [name=action_ask_award_prizes]",
    ),
    "user-add": ("admin", "hoithi-agencies > [name$=hoithi_user_add_action]"),
    "home-leader": ("lanhdao", "hoithi"),
    "board-leader": ("lanhdao", "hoithi-entries"),
    "ranking-leader": ("lanhdao", "hoithi-ranking"),
    "documents-leader": ("lanhdao", "hoithi-documents"),
    "home-head": ("truongphong", "hoithi"),
    "board-head": ("truongphong", "hoithi-entries"),
    "unit-head": ("truongphong", "hoithi-units"),
    "home-chair": ("chutich", "hoithi"),
    "objections-chair": ("chutich", "hoithi-objections"),
    "home-member": ("uyvien1", "hoithi"),
    "board-member": ("uyvien1", "hoithi-entries"),
    "sessions-member": ("uyvien1", "hoithi-sessions"),
    "documents-publisher": ("dangtin", "hoithi-documents"),
    "contest-publisher": ("dangtin", "hoithi-contests/{past}"),
    "my-reviews": ("uyvien1", "hoithi-my-reviews"),
    "sheet": ("uyvien1", "hoithi-my-reviews > .o_kanban_record"),
    "ballot": ("uyvien1", "hoithi-ballot"),
    "home-publisher": ("dangtin", "hoithi"),
    "user-menu": ("thuky", "hoithi > .o_user_menu button"),
}


class Demo:
    """What the pages of the demo are called, asked over JSON as its secretary."""

    def __init__(self, page):
        self.page = page

    def call(self, model, method, *args, **kwargs):
        answer = self.page.request.post(
            f"/web/dataset/call_kw/{model}/{method}",
            data={
                "jsonrpc": "2.0",
                "params": {
                    "model": model,
                    "method": method,
                    "args": args,
                    "kwargs": kwargs,
                },
            },
        ).json()
        if "error" in answer:
            raise RuntimeError(answer["error"]["data"]["message"])
        return answer["result"]


def find_names(call):
    """Return the ids of what the pages show.

    :param call: function of a model, a method and its arguments, as its secretary
    """
    names = {}
    for name, part in CONTESTS.items():
        [names[name]] = call("hoithi.contest", "search", [("name", "like", part)])
    for name, login, state in (
        ("draft", "canbo1", "draft"),
        ("submitted", "canbo1", "submitted"),
        ("reviewing", "canbo1", "reviewing"),
        ("supplement", "canbo2", "supplement"),
        ("ineligible", "canbo2", "ineligible"),
        ("internal", "nhanvien1", "submitted"),
        ("withdrawn", "canbo6", "withdrawn"),
        ("nominated", "dangtin", "nominated"),
        ("unselected", "nhanvien2", "not_selected"),
    ):
        domain = [
            ("author_ids.partner_id.user_ids.login", "=", login),
            ("state", "=", state),
        ]
        [names[name]] = call("hoithi.entry", "search", domain, limit=1, order="id")
    return names


def log_in(page, login):
    page.goto("/web/login")
    page.locator("input[name=login]").fill(login)
    page.locator("input[name=password]").fill(login)
    page.locator("form.oe_login_form button[type=submit]").first.click()
    page.wait_for_url(re.compile(r"/(my|odoo)\b"))


def act(page, step):
    """Click what a selector means, or fill it with what stands behind its last `=`."""
    filled = re.fullmatch(r"(\[name=\w+\])=(.*)", step)
    if filled:
        page.locator(filled[1]).first.fill(filled[2])
    else:
        page.locator(step).first.click()
    page.wait_for_load_state()


def take(page, name):
    """Take the whole page, and tell what of it lies beside the screen."""
    # pictures further down are loaded as well
    page.evaluate(
        """async () => {
            for (const one of document.querySelectorAll("img[loading=lazy]")) {
                one.loading = "eager";
                await one.decode().catch(() => {});
            }
            await document.fonts.ready;
        }"""
    )
    page.wait_for_timeout(400)
    path = TARGET / f"{name}.png"
    page.screenshot(path=path, full_page=True, animations="disabled")
    over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    if over > 0:
        print(f"{name}: scrolls sideways by {over} px")
    return path


def put_together(name, paths):
    """Lay the widths of a page side by side, each at two thirds of its size."""
    if len(paths) < 2:
        return
    pictures = [Image.open(path).convert("RGB") for path in paths]
    small = [
        picture.resize((picture.width * 2 // 3, picture.height * 2 // 3)).crop(
            (0, 0, picture.width * 2 // 3, min(picture.height, HEIGHT) * 2 // 3)
        )
        for picture in pictures
    ]
    sheet = Image.new(
        "RGB",
        (sum(one.width + 12 for one in small), max(one.height for one in small) + 24),
        "#888",
    )
    left = 0
    for one, path in zip(small, paths, strict=True):
        ImageDraw.Draw(sheet).text((left + 4, 6), path.stem, fill="#fff")
        sheet.paste(one, (left, 24))
        left += one.width + 12
    sheet.save(TARGET / f"sheet-{name}.png")


class Gallery:
    """One browser, with a context for each page."""

    def __init__(self, browser, options):
        self.browser = browser
        self.options = options
        self.states = {None: None}
        #: The language that a login was given last.
        self.spoken = {}
        self.know("thuky")
        page = self.open_page("thuky", "vi", 1366)
        self.names = find_names(Demo(page).call)
        page.context.close()

    def open_page(self, login, lang, width):
        context = self.browser.new_context(
            base_url=self.options.base,
            locale=LANGUAGES[lang].replace("_", "-"),
            timezone_id="Asia/Ho_Chi_Minh",
            viewport={"width": width, "height": 800},
            storage_state=self.states[login],
            java_script_enabled=self.options.script,
        )
        context.add_cookies(
            [
                {
                    "name": "frontend_lang",
                    "value": LANGUAGES[lang],
                    "url": self.options.base,
                }
            ]
        )
        context.set_default_timeout(60_000)
        return context.new_page()

    def know(self, login):
        if login not in self.states:
            page = self.open_page(None, "vi", 1366)
            log_in(page, login)
            self.states[login] = page.context.storage_state()
            page.context.close()

    def speak(self, page, login, lang):
        """Give a login its language, which screens of the Office go by."""
        if self.spoken.get(login) != lang:
            own = Demo(page)
            [user] = own.call("res.users", "search", [("login", "=", login)])
            own.call("res.users", "write", [user], {"lang": LANGUAGES[lang]})
            self.spoken[login] = lang

    def choose(self, pages):
        only = self.options.only
        return {
            name: page
            for name, page in pages.items()
            if not only or any(part in name for part in only)
        }

    def take_page(self, name, login, path):
        self.know(login)
        widths = self.options.width or WIDTHS
        for lang in self.options.lang:
            page = self.open_page(login, lang, max(widths))
            first, *steps = path.format(**self.names).split(" > ")
            taken = []
            try:
                page.goto(first)
                page.wait_for_load_state()
                for step in steps:
                    act(page, step)
                for width in widths:
                    page.set_viewport_size({"width": width, "height": 800})
                    taken.append(take(page, f"{name}-{lang}-{width}"))
            except Error as error:
                print(f"{name}-{lang}: {error.message.splitlines()[0]}")
            page.context.close()
            put_together(f"{name}-{lang}", taken)

    def take_screen(self, name, login, path):
        self.know(login)
        first, *steps = path.format(**self.names).split(" > ")
        for lang in self.options.lang:
            taken = []
            for width in self.options.width or OFFICE_WIDTHS:
                page = self.open_page(login, lang, width)
                page.set_viewport_size({"width": width, "height": HEIGHTS[width]})
                self.speak(page, login, lang)
                try:
                    page.goto(f"/odoo/{first}")
                    page.locator(".o_action_manager > *").first.wait_for()
                    page.wait_for_timeout(1500)
                    for step in steps:
                        page.locator(step).first.click()
                        page.wait_for_timeout(2000)
                    taken.append(take(page, f"office-{name}-{lang}-{width}"))
                except Error as error:
                    print(f"office-{name}-{lang}: {error.message.splitlines()[0]}")
                page.context.close()
            put_together(f"office-{name}-{lang}", taken)

    def leave(self):
        """Give the logins back the language of the demo."""
        for login in self.spoken:
            page = self.open_page(login, "vi", 1366)
            self.speak(page, login, "vi")
            page.context.close()


def main(options):
    TARGET.mkdir(parents=True, exist_ok=True)
    chromium = os.environ.get("HOITHI_CHROMIUM", "/usr/bin/chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox"]
        )
        gallery = Gallery(browser, options)
        if options.office:
            for name, (login, path) in gallery.choose(OFFICE).items():
                gallery.take_screen(name, login, path)
            gallery.leave()
        else:
            for name, (login, path) in gallery.choose(PAGES).items():
                gallery.take_page(name, login, path)
        browser.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", default="http://127.0.0.1:8069")
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--lang", nargs="*", default=[*LANGUAGES])
    parser.add_argument("--width", nargs="*", type=int, default=())
    parser.add_argument("--office", action="store_true")
    parser.add_argument("--no-script", dest="script", action="store_false")
    main(parser.parse_args())
