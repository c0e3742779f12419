"""Take every page of staff and public, in both languages, to look through.

Of the demo as `bin/serve` makes it; what is taken lies in `build/gallery`: a picture of
each page, `<page>-<language>-<width>.png`, and sheets with a page's four widths side by
side. A page that scrolls sideways is told.

    .hoithi/venv/bin/python docs/images/gallery.py [--base http://127.0.0.1:8069]
        [--only part-of-a-name …] [--lang vi|en] [--width 360 …] [--no-script]
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
    "portal-form-delete": ("canbo1", "/my/hoithi/entries/{draft}/delete"),
    "portal-preview": ("canbo1", "/my/hoithi/entries/{draft}/preview"),
    "portal-submitted": ("canbo1", "/my/hoithi/entries/{submitted}"),
    "portal-withdraw": ("canbo1", "/my/hoithi/entries/{submitted}/withdraw"),
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


class Demo:
    """What the pages of the demo are called, asked over JSON as its secretary."""

    def __init__(self, page):
        self.page = page
        self.names = {}

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

    def find(self):
        for name, part in CONTESTS.items():
            [self.names[name]] = self.call(
                "hoithi.contest", "search", [("name", "like", part)]
            )
        for name, login, state in (
            ("draft", "canbo1", "draft"),
            ("submitted", "canbo1", "submitted"),
            ("reviewing", "canbo1", "reviewing"),
            ("supplement", "canbo2", "supplement"),
            ("ineligible", "canbo2", "ineligible"),
            ("internal", "nhanvien1", "submitted"),
        ):
            domain = [
                ("author_ids.partner_id.user_ids.login", "=", login),
                ("state", "=", state),
            ]
            [self.names[name]] = self.call("hoithi.entry", "search", domain, limit=1)
        return self.names


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


def main(options):
    TARGET.mkdir(parents=True, exist_ok=True)
    chromium = os.environ.get("HOITHI_CHROMIUM", "/usr/bin/chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox"]
        )
        states = {None: None}

        def open_page(login, lang, width):
            context = browser.new_context(
                base_url=options.base,
                locale=LANGUAGES[lang].replace("_", "-"),
                timezone_id="Asia/Ho_Chi_Minh",
                viewport={"width": width, "height": 800},
                storage_state=states[login],
                java_script_enabled=options.script,
            )
            context.add_cookies(
                [
                    {
                        "name": "frontend_lang",
                        "value": LANGUAGES[lang],
                        "url": options.base,
                    }
                ]
            )
            context.set_default_timeout(60_000)
            return context.new_page()

        def know(login):
            if login not in states:
                page = open_page(None, "vi", 1366)
                log_in(page, login)
                states[login] = page.context.storage_state()
                page.context.close()

        know("thuky")
        demo = Demo(open_page("thuky", "vi", 1366))
        names = demo.find()
        for name, (login, path) in PAGES.items():
            if options.only and not any(part in name for part in options.only):
                continue
            login = login and login.format(**names)
            know(login)
            for lang in options.lang:
                page = open_page(login, lang, options.width[0])
                first, *steps = path.format(**names).split(" > ")
                taken = []
                try:
                    page.goto(first)
                    page.wait_for_load_state()
                    for step in steps:
                        act(page, step)
                    for width in options.width:
                        page.set_viewport_size({"width": width, "height": 800})
                        taken.append(take(page, f"{name}-{lang}-{width}"))
                except Error as error:
                    print(f"{name}-{lang}: {error.message.splitlines()[0]}")
                page.context.close()
                if len(taken) > 1:
                    put_together(f"{name}-{lang}", taken)
        browser.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", default="http://127.0.0.1:8069")
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--lang", nargs="*", default=[*LANGUAGES])
    parser.add_argument("--width", nargs="*", type=int, default=WIDTHS)
    parser.add_argument("--no-script", dest="script", action="store_false")
    main(parser.parse_args())
