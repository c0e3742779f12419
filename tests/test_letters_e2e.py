"""Each kind of letter on a phone, in both languages: as its reader sees it."""

import os
import re
import subprocess
import sys
from pathlib import Path

import polib
import pytest

ROOT = Path(__file__).parent.parent
LETTERS = ROOT / "docs" / "images" / "letters.py"
PHONE = {"width": 360, "height": 740}
LANGUAGES = ("vi", "en")
#: A word alone may be the same in both languages.
WORDS = 3


@pytest.fixture(scope="module")
def letters(tmp_path_factory):
    """{(kind, language): the file of the letter}, made of the demo and kept nowhere."""
    folder = tmp_path_factory.mktemp("letters")
    shell = subprocess.run(
        [
            *(sys.executable, os.environ["HOITHI_ODOO_SCRIPT"], "shell", "--no-http"),
            *("-d", os.environ["HOITHI_DATABASE"], "--log-level=warn"),
        ],
        env={**os.environ, "PYTHONPATH": os.environ["HOITHI_ODOO_HOME"]},
        input=LETTERS.read_text(),
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in shell.stderr, shell.stderr[-4000:]
    assert "no letter" not in shell.stdout, shell.stdout[-4000:]
    made = {tuple(file.stem.rsplit("-", 1)): file for file in folder.rglob("*.html")}
    assert made, shell.stderr[-4000:]
    return made


@pytest.fixture(scope="module")
def vietnamese():
    """What letters say in Vietnamese, by the translation; phrases without values."""
    phrases = set()
    for entry in polib.pofile(str(ROOT / "hoithi_contest" / "i18n" / "vi.po")):
        places = " ".join(place for place, _line in entry.occurrences)
        if entry.msgstr != entry.msgid and re.search(r"mail\.template|mail_l", places):
            text = re.sub(r"<[^>]*>|\{\{.*?\}\}|%\(\w+\)s|%s", "\n", entry.msgstr)
            phrases.update(
                " ".join(part.split())
                for part in text.split("\n")
                if len(part.split()) >= WORDS
            )
    assert len(phrases) > 100
    return phrases


@pytest.mark.parametrize("lang", LANGUAGES)
def test_letters_are_read_on_a_phone(new_page, letters, vietnamese, screenshot, lang):
    page = new_page(viewport=PHONE)
    # a letter's pictures lie on the server that sent it
    page.expected_errors = "ERR_|status of 4"
    kinds = sorted(kind for kind, language in letters if language == lang)
    assert len(kinds) > 40
    wrong = []
    for kind in kinds:
        page.goto(letters[kind, lang].as_uri())
        text = " ".join(page.locator("body").inner_text().split())
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        if wide > 0:
            wrong.append(f"{kind}: scrolls sideways by {wide} px")
        if page.locator("html").get_attribute("lang") != lang:
            wrong.append(f"{kind}: another language than {lang}")
        if not page.title().strip() or "{{" in page.title() + text:
            wrong.append(f"{kind}: a gap in “{page.title()}”")
        if lang == "en":
            wrong += [f"{kind}: “{words}”" for words in vietnamese if words in text]
    for kind in ("supplement", "deadline"):
        page.goto(letters[kind, lang].as_uri())
        screenshot(page, f"letter-{kind}-{lang}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_reminder_says_how_long_there_is(new_page, letters, lang):
    page = new_page(viewport=PHONE)
    page.expected_errors = "ERR_|status of 4"
    page.goto(letters["deadline", lang].as_uri())
    told = page.locator(".ht-deadline")
    assert re.search(r"17:00.*·.*\d+", " ".join(told.inner_text().split()))
