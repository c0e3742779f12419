"""Take the guides' pictures anew, and those of the addon's page.

Of the demo as `bin/serve --fresh` makes it, in Vietnamese:

    .hoithi/venv/bin/python docs/images/take.py [http://127.0.0.1:8069 [NAME…]]
"""

import io
import os
import re
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

HERE = Path(__file__).parent
PAGE = HERE.parent.parent / "hoithi_contest" / "static" / "description"
#: The desk of the Office, wide and high enough for what a guide speaks of.
DESK = (1366, 768)
#: Name of the picture: login (also its password), page, what shows that it is there,
#: width and height, what is clicked before.
PICTURES = {
    "portal": ("canbo1", "/my/hoithi", ".o_hoithi_entries", (1280, 860)),
    "portal-phone": ("canbo1", "/my/hoithi", ".o_hoithi_entries", (390, 844)),
    "public": (None, "/hoithi/results", "footer", (1280, 1000)),
    "settings": ("quantri", "/odoo/hoithi-settings", ".o_form_view", (1400, 860)),
    "home": ("thuky", "/odoo/hoithi", ".o_hoithi_home", DESK),
    "board": ("thuky", "/odoo/hoithi-entries", ".o_kanban_record", DESK),
    "unit-board": ("thuky", "/odoo/hoithi-units", ".o_kanban_record", DESK),
    "timeline": (
        "thuky",
        "/odoo/hoithi-plan-timeline",
        ".o_hoithi_timeline, .o_view_controller",
        DESK,
    ),
    "review": (
        "uyvien1",
        "/odoo/hoithi-my-reviews",
        ".o_hoithi_score_ws",
        DESK,
        ".o_kanban_record:has-text('HS00023')",
    ),
    "document": (
        "thuky",
        "/odoo/hoithi-documents/1",
        ".o_form_view .o_pdfview_iframe, .o_form_view",
        DESK,
    ),
    "session": ("thuky", "/odoo/hoithi-sessions/1", ".o_form_view", DESK),
    "setup": (
        "thuky",
        "/odoo/hoithi-setup",
        ".o_view_controller, .o_hoithi_setup",
        DESK,
    ),
    "outbox": (
        "thuky",
        "/odoo/hoithi-outbox",
        ".o_form_view",
        DESK,
        ".o_data_row .o_data_cell",
    ),
}
#: Which of them the addon's page shows.
SHOWN = ("home", "board", "review")
#: Colours that a picture of a page does with.
COLOURS = 256


def log_in(page, base, login):
    page.goto(f"{base}/web/login")
    page.locator("input[name=login]").fill(login)
    page.locator("input[name=password]").fill(login)
    page.locator("form.oe_login_form button[type=submit]").click()
    page.wait_for_url(re.compile(r"/(my|odoo)\b"))


def main(base, *names):
    chromium = os.environ.get("HOITHI_CHROMIUM", "/usr/bin/chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox"]
        )
        for name in names or PICTURES:
            login, path, shown, (width, height), *clicks = PICTURES[name]
            context = browser.new_context(
                locale="vi-VN", viewport={"width": width, "height": height}
            )
            page = context.new_page()
            if login:
                log_in(page, base, login)
            page.goto(f"{base}{path}")
            for place in clicks:
                page.locator(place).first.click()
                page.wait_for_timeout(1000)
            page.locator(shown).first.wait_for()
            # what moves has come to rest
            page.wait_for_timeout(3000)
            with Image.open(io.BytesIO(page.screenshot())) as picture:
                small = picture.convert("RGB").quantize(COLOURS)
                for folder in (HERE, PAGE) if name in SHOWN else (HERE,):
                    small.save(folder / f"{name}.png", optimize=True)
            context.close()
        browser.close()


if __name__ == "__main__":
    main(*(sys.argv[1:] or ["http://127.0.0.1:8069"]))
