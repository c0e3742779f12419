"""A form on paper: each of its tabs, and nothing of the screen around it."""

import subprocess

import pytest
from playwright.sync_api import expect

#: How many tabs the secretary sees at least.
FORMS = {"contest": 5, "entry": 8, "session": 3, "document": 2}
PATHS = {
    "contest": "hoithi-contests",
    "entry": "hoithi-entries",
    "session": "hoithi-sessions",
    "document": "hoithi-documents",
}
TITLES = "els => els.map(el => el.textContent.trim()).filter(Boolean)"


@pytest.mark.parametrize("name", FORMS)
def test_a_form_is_printed_with_all_of_its_tabs(page_for, rpc, tmp_path, name):
    model = f"hoithi.{name}"
    [record] = rpc("thuky", model, "search", [], order="id", limit=1)
    page = page_for("thuky", viewport={"width": 1366, "height": 768})
    # pictures in letters have the address that the server is known by
    page.expected_errors = "ERR_NAME_NOT_RESOLVED"
    page.add_init_script("window.print = () => (window.printed = true)")
    page.goto(f"/odoo/{PATHS[name]}/{record}")
    notebook = page.locator(".o_form_view .o_notebook")
    expect(notebook).to_be_visible()
    titles = notebook.locator(".o_notebook_headers a").evaluate_all(TITLES)
    assert len(titles) >= FORMS[name]

    # as people print, and by the gear
    if name == "entry":
        page.keyboard.press("Control+p")
    else:
        page.locator(".o_cp_action_menus button").first.click()
        page.locator(".o_hoithi_print_tabs").click()
    page.wait_for_function("window.printed")
    printed = page.locator(".o_hoithi_printed_page > h2")
    assert printed.evaluate_all(TITLES) == titles
    file = tmp_path / "form.pdf"
    page.pdf(path=file, format="A4")
    text = subprocess.run(
        ["pdftotext", "-layout", file, "-"], check=True, capture_output=True, text=True
    ).stdout
    places = [text.index(title) for title in titles]
    assert places == sorted(places), "one below another, in their order"
    # what is clicked isn't printed
    for menu in page.locator(".o_menu_sections > *").all_inner_texts():
        assert f"\n{menu}\n" not in text

    # the form is as before
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    expect(printed).to_have_count(0)
    expect(notebook.locator(".o_notebook_headers a.active")).to_have_count(1)
