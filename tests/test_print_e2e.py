"""A form on paper: each of its tabs, and nothing of the screen around it."""

import subprocess

import pytest
from playwright.sync_api import expect

#: Where forms have tabs, and how many the secretary sees at least.
FORMS = {
    "contest": ("hoithi-contests", 5),
    "entry": ("hoithi-entries", 8),
    "session": ("hoithi-sessions", 3),
    "document": ("hoithi-documents", 2),
    "council": ("hoithi-councils", 1),
    "nomination": ("hoithi-nominations", 2),
    "criteria.set": ("hoithi-criteria-sets", 2),
}
TITLES = "els => els.map(el => el.textContent.trim()).filter(Boolean)"


def read_print(page, path):
    page.pdf(path=path, format="A4")
    return subprocess.run(
        ["pdftotext", "-layout", path, "-"], check=True, capture_output=True, text=True
    ).stdout


def test_an_entry_is_printed_by_its_author(page_for, sql, tmp_path):
    """Whose it is, what is folded away, and nothing that is clicked."""
    [entry] = sql(
        "SELECT e.id, e.receipt_number, c.year_end FROM hoithi_entry e"
        " JOIN hoithi_contest c ON c.id = e.contest_id"
        " JOIN hoithi_entry_author a ON a.entry_id = e.id"
        " JOIN res_users u ON u.partner_id = a.partner_id"
        " WHERE u.login = 'canbo1' AND e.state = 'submitted' ORDER BY e.id LIMIT 1"
    )
    page = page_for("canbo1", viewport={"width": 1366, "height": 768})
    page.goto(f"/my/hoithi/entries/{entry['id']}")
    expect(page.locator(".o_hoithi_receipt_number")).to_be_visible()
    text = read_print(page, tmp_path / "entry.pdf")
    assert "Sở Nông nghiệp và Môi trường" in text[:200]
    assert entry["receipt_number"] in text
    assert f"{entry['year_end']};" in " ".join(text.split()), "what it is made of"
    assert "SHA-256" in text, "the list of files is folded on the screen"
    for button in page.locator("main .btn:visible").all_inner_texts():
        assert button.strip() not in [line.strip() for line in text.splitlines()]
    assert "Việc cần làm" not in text[:300], "no menu"


def test_a_draft_is_printed_as_the_dossier_that_the_council_gets(
    page_for, sql, tmp_path
):
    """Before it is handed in: the sheet, without what is still to be done beside it."""
    [entry] = sql(
        "SELECT e.id, e.name FROM hoithi_entry e"
        " JOIN hoithi_entry_author a ON a.entry_id = e.id"
        " JOIN res_users u ON u.partner_id = a.partner_id"
        " WHERE u.login = 'canbo1' AND e.state = 'draft' ORDER BY e.id LIMIT 1"
    )
    page = page_for("canbo1", viewport={"width": 1366, "height": 768})
    page.goto(f"/my/hoithi/entries/{entry['id']}/preview")
    sheet = page.locator(".o_hoithi_preview_sheet")
    titles = sheet.locator("section > h2").evaluate_all(TITLES)
    text = read_print(page, tmp_path / "preview.pdf")
    words = " ".join(text.split())
    assert "Sở Nông nghiệp và Môi trường" in text[:200]
    place = words.index(" ".join(entry["name"].split()))
    for title in titles:
        place = words.index(" ".join(title.split()), place)
    for part in (".o_hoithi_preview_submission", ".o_hoithi_preview_missing"):
        for heading in page.locator(f"{part} h2:visible").all_inner_texts():
            assert heading not in words, heading


@pytest.mark.parametrize("name", FORMS)
def test_a_form_is_printed_with_all_of_its_tabs(page_for, rpc, tmp_path, name):
    model = f"hoithi.{name}"
    [record] = rpc("thuky", model, "search", [], order="id", limit=1)
    page = page_for("thuky", viewport={"width": 1366, "height": 768})
    # pictures in letters have the address that the server is known by
    page.expected_errors = "ERR_NAME_NOT_RESOLVED"
    page.add_init_script("window.print = () => (window.printed = true)")
    path, tabs = FORMS[name]
    page.goto(f"/odoo/{path}/{record}")
    notebook = page.locator(".o_form_view .o_notebook")
    expect(notebook).to_be_visible()
    titles = notebook.locator(".o_notebook_headers a").evaluate_all(TITLES)
    assert len(titles) >= tabs

    # as people print, and by the gear
    if name == "entry":
        page.keyboard.press("Control+p")
    else:
        page.locator(".o_cp_action_menus button").first.click()
        page.locator(".o_hoithi_print_tabs").click()
    page.wait_for_function("window.printed")
    printed = page.locator(".o_hoithi_printed_page > h2")
    assert printed.evaluate_all(TITLES) == titles
    text = read_print(page, tmp_path / "form.pdf")
    places = [text.index(title) for title in titles]
    assert places == sorted(places), "one below another, in their order"
    # what is clicked isn't printed
    for menu in page.locator(".o_menu_sections > *").all_inner_texts():
        if menu not in titles:
            assert f"\n{menu}\n" not in text

    # the form is as before
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    expect(printed).to_have_count(0)
    expect(notebook.locator(".o_notebook_headers a.active")).to_have_count(1)
