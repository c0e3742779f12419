"""Papers in a browser: the plan up to the public page, the form that authors print."""

import base64
import json
import re
import subprocess
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import pytest
import requests
from playwright.sync_api import expect

from hoithi_contest.lib.tests.document.authority import Authority


@pytest.fixture
def plan(rpc, sql):
    """A further plan of the past contest, a draft beside the one that was issued."""
    [contest] = sql(
        "SELECT res_id AS id FROM ir_model_data"
        " WHERE model = 'hoithi.contest' AND name = 'hoithi_contest_vi'"
    )
    values = {"kind": "plan", "contest_id": contest["id"]}
    [paper] = rpc("thuky", "hoithi.document", "create", [values])
    return {"id": paper, "contest_id": contest["id"]}


def open_form(page, plan):
    page.goto(f"/odoo/hoithi-documents/{plan['id']}")
    expect(page.locator(".o_form_view .o_form_statusbar").first).to_be_visible()


@pytest.fixture
def one_contest(rpc, plan):
    """The secretary's lists show one contest, as everybody's do at first."""
    rpc("thuky", "hoithi.home", "choose_contest", plan["contest_id"])
    yield plan["contest_id"]
    rpc("thuky", "hoithi.home", "choose_contest", False)


def test_a_notice_is_made_from_the_list_of_one_contest(page_for, sql, one_contest):
    before = {row["id"] for row in sql("SELECT id FROM hoithi_document")}
    page = page_for("thuky")
    page.goto("/odoo/hoithi-documents?view_type=list")
    expect(page.locator(".o_list_view")).to_be_visible()
    page.locator(".o_list_button_add").first.click()
    contest = page.locator("div[name=contest_id] input").first
    expect(contest).not_to_have_value("")
    page.locator("div[name=kind] input").click()
    label = re.compile(r"^\s*Thông báo đôn đốc\s*$")
    page.locator(".o_select_menu_item", has_text=label).click()
    page.locator(".o_form_button_save").click()
    expect(page.locator(".o_form_statusbar").first).to_be_visible()
    expect(page.locator("button[name=action_generate]").first).to_be_visible()
    [made] = [
        row
        for row in sql("SELECT id, contest_id, kind FROM hoithi_document")
        if row["id"] not in before
    ]
    assert (made["contest_id"], made["kind"]) == (one_contest, "notice")
    recipients = sql(
        "SELECT contest_id FROM hoithi_document_recipient WHERE document_id = %s",
        made["id"],
    )
    assert recipients
    assert {row["contest_id"] for row in recipients} == {None}


def test_plan_from_draft_to_public_page(
    page_for, new_page, plan, base_url, tmp_path, screenshot
):
    secretary = page_for("thuky")
    open_form(secretary, plan)
    secretary.locator("button[name=action_generate]").click()
    download = secretary.locator("button[name=action_download_pdf]")
    expect(download).to_be_visible(timeout=60_000)
    expect(secretary.locator(".o_hoithi_awaits_approval")).to_be_visible()
    screenshot(secretary, "document-draft")

    leader = page_for("lanhdao")
    open_form(leader, plan)
    expect(leader.locator("button[name=action_ask_issue]")).to_have_count(0)
    expect(leader.locator(".o_hoithi_awaits_approval")).to_have_count(0)
    leader.locator("button[name=action_approve]").click()
    expect(leader.locator("button[name=action_approve]")).to_have_count(0)

    open_form(secretary, plan)
    secretary.locator("button[name=action_ask_issue]").click()
    dialog = secretary.locator(".modal-dialog")
    dialog.locator("div[name=number] input").fill("5")
    date = dialog.locator("div[name=date]")
    # the date is a button until it is edited
    date.locator("button, input").first.click()
    field = date.locator("input")
    field.fill("20/11/2020")
    field.press("Enter")
    dialog.locator("footer button[name=action_issue]").click()
    expect(dialog).to_have_count(0, timeout=60_000)
    expect(secretary.locator("button[name=action_ask_dispatch]")).to_be_visible()
    expect(secretary.locator("button[name=action_generate]:visible")).to_have_count(0)
    screenshot(secretary, "document-issued")

    with secretary.expect_download() as file:
        secretary.locator("button[name=action_download_pdf]").click()
    path = tmp_path / "plan.pdf"
    file.value.save_as(path)
    text = read_pdf(path)
    assert "Số: 05/KH-STNMT" in text
    assert "Bắc Kạn, ngày 20 tháng 11 năm 2020" in text
    assert "KT. GIÁM ĐỐC" in text

    visitor = new_page()
    visitor.goto(f"/hoithi/{plan['contest_id']}")
    expect(visitor.locator(f"a[href*='/documents/{plan['id']}/']")).to_have_count(0)

    publisher = page_for("dangtin")
    open_form(publisher, plan)
    publisher.locator("button[name=action_ask_publish]").click()
    # nobody has signed it: that is told first
    expect(
        publisher.locator(".modal .o_hoithi_checks [data-severity=warn]")
    ).to_be_visible()
    publisher.locator(".modal .o_hoithi_preview_apply").click()
    expect(publisher.locator("button[name=action_unpublish]")).to_be_visible()

    visitor.reload()
    link = visitor.locator(f"a[href*='/documents/{plan['id']}/pdf']").first
    expect(link).to_be_visible()
    answer = visitor.request.get(base_url + link.get_attribute("href"))
    assert answer.status == 200
    public = tmp_path / "public.pdf"
    public.write_bytes(answer.body())
    assert read_pdf(public) == text
    screenshot(visitor, "public-document")


def test_the_signing_program_signs(
    page_for, rpc, sql, plan, base_url, screenshot, assert_nothing_serious
):
    """A program of the test stands in for that of the machine, behind its script."""
    [paper] = sql("SELECT * FROM hoithi_document WHERE id = %s", plan["id"])
    rpc("thuky", "hoithi.document", "action_generate", [plan["id"]])
    rpc("lanhdao", "hoithi.document", "action_approve", [plan["id"]])
    rpc("thuky", "hoithi.document", "action_issue", [plan["id"]], "6", "2020-11-20")
    script = b"""
        window.vgca_sign_approved = (text, answer) => {
            window.signingProgram(text).then(answer);
        };
    """
    values = {"hoithi_sign_script": base64.b64encode(script).decode()}
    rpc("admin", "res.company", "write", [paper["company_id"]], values)

    def sign(text):
        call = json.loads(text)
        source, target = (
            base_url + urlsplit(call[name]).path
            for name in ("FileName", "FileUploadHandler")
        )
        given = requests.get(source, timeout=30).content
        # in a thread, as the browser's loop goes on in this one
        with ThreadPoolExecutor(1) as program:
            signed = program.submit(Authority().sign, given, "Ai Khác").result()
        files = {"uploadfile": ("signed.pdf", signed, "application/pdf")}
        answer = requests.post(target, files=files, timeout=30).json()
        status = 0 if answer["Status"] else 1
        return json.dumps({"Status": status, "Message": answer["Message"]})

    leader = page_for("lanhdao")
    leader.expose_function("signingProgram", sign)
    open_form(leader, plan)
    leader.locator("button[name=action_sign]:visible").click()
    button = leader.locator(".modal-dialog .o_hoithi_plugin_sign")
    expect(button).to_be_visible()
    size = leader.viewport_size
    for width in (1366, 360):
        leader.set_viewport_size({"width": width, "height": 768})
        screenshot(leader, f"document-sign-{width}")
        assert_nothing_serious(leader)
    leader.set_viewport_size(size)
    button.click()
    expect(leader.locator(".modal-dialog")).to_have_count(0)
    gaps = leader.locator("div[name=signature_gaps]")
    expect(gaps).to_be_visible()
    screenshot(leader, "document-partly-signed")
    rpc("admin", "res.company", "write", [paper["company_id"]], dict.fromkeys(values))


def test_author_prints_the_form_of_a_draft(page_for, sql, tmp_path, screenshot):
    [entry] = sql(
        "SELECT e.id, e.name FROM hoithi_entry e"
        " JOIN hoithi_entry_author a ON a.entry_id = e.id"
        " JOIN res_users u ON u.partner_id = a.partner_id"
        " WHERE e.state = 'draft' AND u.login = 'canbo1' ORDER BY e.id LIMIT 1"
    )
    author = page_for("canbo1")
    author.set_viewport_size({"width": 390, "height": 844})
    author.goto(f"/my/hoithi/entries/{entry['id']}")
    form = author.locator(".o_hoithi_print_form")
    form.scroll_into_view_if_needed()
    screenshot(author, "print-form")
    with author.expect_download(timeout=60_000) as file:
        form.locator("a[href$='.pdf']").click()
    path = tmp_path / "form.pdf"
    file.value.save_as(path)
    text = " ".join(read_pdf(path).split())
    assert "PHIẾU ĐĂNG KÝ DỰ THI" in text
    assert entry["name"][:40] in text
    assert "(Ký, ghi rõ họ tên)" in text


def read_pdf(path):
    text = subprocess.run(
        ["pdftotext", "-layout", path, "-"], check=True, capture_output=True, text=True
    ).stdout
    return re.sub(r"[ \xa0]+", " ", text)
