"""Take the guides' pictures of portal, public pages and settings anew.

Of the demo as `bin/serve` makes it, in Vietnamese:

    .hoithi/venv/bin/python docs/images/take.py [http://127.0.0.1:8069]
"""

import io
import os
import re
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

HERE = Path(__file__).parent
#: Name of the picture: login (also its password), page, what shows that it is there,
#: width and height.
PICTURES = {
    "portal": ("canbo1", "/my/hoithi", ".o_hoithi_entries", (1280, 860)),
    "portal-phone": ("canbo1", "/my/hoithi", ".o_hoithi_entries", (390, 844)),
    "public": (None, "/hoithi/results", "footer", (1280, 1000)),
    "settings": ("quantri", "/odoo/hoithi-settings", ".o_form_view", (1400, 860)),
}
#: Colours that a picture of a page does with.
COLOURS = 256


def log_in(page, base, login):
    page.goto(f"{base}/web/login")
    page.locator("input[name=login]").fill(login)
    page.locator("input[name=password]").fill(login)
    page.locator("form.oe_login_form button[type=submit]").click()
    page.wait_for_url(re.compile(r"/(my|odoo)\b"))


def main(base):
    chromium = os.environ.get("HOITHI_CHROMIUM", "/usr/bin/chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox"]
        )
        for name, (login, path, shown, (width, height)) in PICTURES.items():
            context = browser.new_context(
                locale="vi-VN", viewport={"width": width, "height": height}
            )
            page = context.new_page()
            if login:
                log_in(page, base, login)
            page.goto(f"{base}{path}")
            page.locator(shown).first.wait_for()
            # what moves has come to rest
            page.wait_for_timeout(3000)
            with Image.open(io.BytesIO(page.screenshot())) as picture:
                small = picture.convert("RGB").quantize(COLOURS)
                small.save(HERE / f"{name}.png", optimize=True)
            context.close()
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8069")
