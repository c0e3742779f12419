"""What people do to a page without meaning harm: twice, back, reloaded, cut off."""

import json
import re
from urllib.parse import unquote

import pytest
from playwright.sync_api import expect
from test_portal_e2e import (
    PDF,
    YEAR,
    fill_form,
    is_saved,
    leave_field,
    open_new_entry,
    open_preview,
    show,
)

PHONE = {"width": 390, "height": 844}
#: How a network is that a country road has: bytes a second.
SLOW = {"offline": False, "latency": 50, "downloadThroughput": 200_000}


@pytest.fixture
def count_of(sql):
    """count_of(title): how many entries there are of this title."""
    query = "SELECT count(*) AS n FROM hoithi_entry WHERE name = %s"
    return lambda title: sql(query, title)[0]["n"]


def file(name, content=PDF):
    return {"name": name, "mimeType": "application/pdf", "buffer": content}


def begin(page, title):
    """A draft of the title, saved by itself."""
    open_new_entry(page)
    page.locator("[name=name]").fill(title)
    leave_field(page, "first_applied_date", f"3/{YEAR}")
    is_saved(page)
    page.wait_for_url("**/entries/*")


def test_pressed_twice(page_for, sql, count_of, screenshot):
    """One entry, one submission and one receipt, and no page of errors."""
    title = "Nút bấm hai lần"
    page = page_for("canbo1")
    open_new_entry(page)
    fill_form(page, title)
    page.locator(".o_hoithi_save").dblclick()
    is_saved(page)
    page.wait_for_url("**/entries/*")
    assert count_of(title) == 1
    show(page, "description")
    for name in ("novelty", "applicability", "technical_benefit"):
        leave_field(page, name, "Mỗi tuần bớt được một giờ.")
    show(page, "authors")
    page.locator("[name=participant_type][value=individual]").check()
    show(page, "files")
    page.locator(".o_hoithi_drop_input").set_input_files(file("mo-ta.pdf"))
    expect(page.locator(".o_hoithi_file_name")).to_have_count(1)
    open_preview(page)
    preview = page.url
    page.locator("[name=commitment]").check()
    page.locator(".o_hoithi_submit").dblclick()
    expect(page.locator(".o_hoithi_receipt_number")).to_be_visible()
    assert count_of(title) == 1
    [entry] = sql("SELECT * FROM hoithi_entry WHERE name = %s", title)
    assert entry["state"] == "submitted"
    receipts = sql(
        "SELECT 1 FROM hoithi_notice WHERE kind = 'receipt' AND res_id = %s",
        entry["id"],
    )
    assert len(receipts) == 1
    # the way back leads to what it is now, and submits nothing again
    page.go_back()
    page.wait_for_load_state()
    page.goto(preview)
    expect(page.locator(".o_hoithi_submit")).to_have_count(0)
    expect(page.locator(".o_hoithi_receipt_number")).to_be_visible()
    screenshot(page, "trial-back-after-submission")
    [again] = sql("SELECT * FROM hoithi_entry WHERE id = %s", entry["id"])
    assert again["submitted_on"] == entry["submitted_on"]


def test_reloaded_in_mid_upload(page_for, sql, screenshot):
    """What was typed is there; a file is there whole or not at all."""
    title = "Tải lại giữa chừng"
    page = page_for("canbo1")
    page.expected_errors = "ERR_ABORTED|net::ERR"
    begin(page, title)
    show(page, "files")
    slow = page.context.new_cdp_session(page)
    slow.send("Network.enable")
    slow.send("Network.emulateNetworkConditions", {**SLOW, "uploadThroughput": 100_000})
    page.locator(".o_hoithi_drop_input").set_input_files(
        file("lon.pdf", PDF + b"%" * 1_000_000)
    )
    progress = page.locator(".o_hoithi_sending_state")
    expect(progress).to_contain_text(re.compile(r"\d+\s%"))
    screenshot(page, "trial-upload-under-way")
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    slow.send(
        "Network.emulateNetworkConditions",
        {**SLOW, "downloadThroughput": -1, "uploadThroughput": -1, "latency": 0},
    )
    expect(page.locator("[name=name]")).to_have_value(title)
    [entry] = sql("SELECT id FROM hoithi_entry WHERE name = %s", title)
    sizes = "SELECT file_size FROM hoithi_dossier_item WHERE entry_id = %s"
    assert sql(sizes, entry["id"]) == []
    show(page, "files")
    page.locator(".o_hoithi_drop_input").set_input_files(
        file("lon.pdf", PDF + b"%" * 1_000_000)
    )
    expect(page.locator(".o_hoithi_file_name")).to_have_count(1)
    assert sql(sizes, entry["id"]) == [{"file_size": len(PDF) + 1_000_000}]


def test_half_a_minute_without_a_line(page_for, sql, screenshot):
    """Text and file go out by themselves once the line is back."""
    title = "Mất mạng nửa phút"
    page = page_for("canbo1")
    page.expected_errors = "ERR_INTERNET_DISCONNECTED"
    begin(page, title)
    context = page.context
    context.set_offline(True)
    leave_field(page, "application_place", "Xã vùng cao")
    expect(page.locator(".o_hoithi_told [data-name=late]")).to_be_visible()
    show(page, "files")
    page.locator(".o_hoithi_drop_input").set_input_files(file("giua-duong.pdf"))
    expect(page.locator(".o_hoithi_again")).to_be_visible()
    screenshot(page, "trial-offline")
    # longer than what is tried again by itself meanwhile
    page.wait_for_timeout(30_000)
    expect(page.locator(".o_hoithi_again")).to_be_visible()
    context.set_offline(False)
    expect(page.locator(".o_hoithi_file_name")).to_have_count(1)
    expect(page.locator(".o_hoithi_told [data-name=late]")).to_have_count(0)
    is_saved(page)
    [entry] = sql("SELECT * FROM hoithi_entry WHERE name = %s", title)
    assert entry["application_place"] == "Xã vùng cao"


def test_a_server_that_answers_nothing_of_ours(page_for, sql):
    """As a proxy while the server starts again: tried until it is there."""
    title = "Máy chủ khởi động lại"
    page = page_for("canbo1")
    page.expected_errors = "status of 502"
    begin(page, title)
    page.route(
        "**/autosave", lambda route: route.fulfill(status=502, body="<h1>Bad</h1>")
    )
    leave_field(page, "application_place", "Trạm bơm")
    expect(page.locator(".o_hoithi_told [data-name=late]")).to_be_visible()
    page.unroute("**/autosave")
    is_saved(page)
    [entry] = sql("SELECT * FROM hoithi_entry WHERE name = %s", title)
    assert entry["application_place"] == "Trạm bơm"


def test_a_file_that_failed_is_not_left_behind(
    page_for, sql, screenshot, assert_accessible
):
    """Neither by going on to the preview, nor by leaving the page."""
    title = "Ảnh thứ hai không gửi được"
    page = page_for("canbo2", viewport=PHONE)
    page.expected_errors = "ERR_FAILED"
    begin(page, title)
    show(page, "files")
    page.locator(".o_hoithi_drop_input").set_input_files(file("mo-ta.pdf"))
    expect(page.locator(".o_hoithi_file_name")).to_have_count(1)
    page.route("**/files", lambda route: route.abort())
    page.locator(".o_hoithi_drop_input").set_input_files(
        file("anh-thu-hai.pdf", PDF + b"%2")
    )
    expect(page.locator(".o_hoithi_again")).to_be_visible()
    show(page, "check")
    page.locator(".o_hoithi_preview").click()
    told = page.locator(".o_hoithi_told [data-name=files]")
    expect(told).to_be_focused()
    expect(told.locator("a")).to_have_text("anh-thu-hai.pdf")
    assert_accessible(page)
    screenshot(page, "portal-file-not-sent")
    told.locator("a").click()
    expect(page.locator(".o_hoithi_sending")).to_be_focused()
    expect(page.locator(".o_hoithi_again")).to_be_in_viewport()
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.evaluate("location.assign('/my')")
    page.wait_for_timeout(500)
    assert asked == ["beforeunload"]
    page.unroute("**/files")
    page.locator(".o_hoithi_again").click()
    expect(page.locator(".o_hoithi_file_name")).to_have_count(2)
    open_preview(page)
    names = "SELECT filename FROM hoithi_dossier_item JOIN hoithi_entry e"
    rows = sql(f"{names} ON entry_id = e.id WHERE e.name = %s", title)
    assert len(rows) == 2


def test_what_no_part_takes_is_told_before_it_is_sent(page_for, sql, screenshot):
    page = page_for("canbo2", viewport=PHONE)
    begin(page, "Đoạn phim không được nhận")
    sent = []
    page.on("request", lambda request: sent.append(request.url))
    show(page, "files")
    page.locator(".o_hoithi_drop_input").set_input_files(file("phim.mov", b"x" * 99))
    expect(page.locator(".o_hoithi_sending .o_hoithi_error")).to_contain_text(".pdf")
    screenshot(page, "portal-file-of-no-kind")
    assert not [url for url in sent if url.endswith("/files")]


def test_a_phone_opens_a_pdf_by_itself(page_for):
    """Its browser draws none within a page."""
    page = page_for("canbo2", viewport=PHONE)
    page.add_init_script(
        "Object.defineProperty(navigator, 'pdfViewerEnabled', {get: () => false})"
    )
    begin(page, "Xem tệp trên điện thoại")
    show(page, "files")
    page.locator(".o_hoithi_drop_input").set_input_files(file("mo-ta.pdf"))
    link = page.locator(".o_hoithi_view")
    with page.context.expect_page():
        link.click()
    expect(page.locator("dialog")).to_have_count(0)
    expect(link).to_be_visible()


def test_words_of_a_question_outlive_a_closed_tab(
    page_for, sql, screenshot, assert_accessible
):
    """And a line that was lost while they were sent; once sent they go."""
    [contest] = sql(
        "SELECT res_id FROM ir_model_data"
        " WHERE module = 'hoithi_contest' AND name = 'hoithi_contest_now'"
    )
    url = f"/my/hoithi/{contest['res_id']}/questions"
    page = page_for("canbo2", viewport=PHONE)
    page.expected_errors = "ERR_INTERNET_DISCONNECTED"
    page.goto(url)
    page.locator("[name=subject]").fill("Nộp bản giấy ở đâu?")
    page.locator("[name=body]").fill("Phòng tôi ở xã.\nCó gửi bưu điện được không?")
    # at once: the script is just there
    page.wait_for_function("Object.keys(localStorage).some(k => k.includes('.words.'))")
    page.goto("/my")
    page.goto(url)
    expect(page.locator("[name=subject]")).to_have_value("Nộp bản giấy ở đâu?")
    kept = page.locator(".o_hoithi_kept")
    expect(kept).to_be_visible()
    assert_accessible(page)
    screenshot(page, "portal-question-kept")
    page.context.set_offline(True)
    page.locator(".o_hoithi_ask_form button.btn-primary").click()
    page.wait_for_timeout(1000)
    page.context.set_offline(False)
    page.goto(url)
    expect(page.locator("[name=body]")).to_have_value(re.compile("bưu điện"))
    page.locator(".o_hoithi_ask_form button.btn-primary").click()
    expect(page.locator(".o_hoithi_notice[role=status]")).to_be_visible()
    expect(page.locator("[name=subject]")).to_have_value("")
    page.wait_for_function(
        "!Object.keys(localStorage).some(k => k.includes('.words.'))"
    )
    page.goto(url)
    page.wait_for_load_state("networkidle")
    expect(page.locator("[name=subject]")).to_have_value("")
    expect(kept).to_be_hidden()


def test_names_of_files_come_back(page_for, base_url):
    """By the real browser, which writes some signs of a name otherwise."""
    page = page_for("canbo1")
    begin(page, "Tên tệp đủ kiểu")
    show(page, "files")
    names = [
        'Bản "nháp" số 2.pdf',
        "Bản mô tả (đã sửa) [v2] {cuối}.pdf",
        "50% = 1/2?; a&b + c#d, e'f.pdf".replace("/", "∕"),
        "Ảnh 😀 – “một”… ~ `x` ^ |.pdf",
        "Ba\u0309n mo\u0302 ta\u0309.pdf",  # as a Mac writes accents
        "%41%20.pdf",
        ".pdf.pdf",
    ]
    page.locator(".o_hoithi_drop_input").set_input_files(
        [file(name, PDF + name.encode()) for name in names]
    )
    links = page.locator(".o_hoithi_file_name")
    expect(links).to_have_count(len(names))
    shown = set(links.all_inner_texts())
    for link in links.all():
        answer = page.request.get(base_url + link.get_attribute("href"))
        header = answer.headers["content-disposition"]
        extended = re.search(r"filename\*=UTF-8''([^;]+)", header)
        plain = re.search(r'filename="?([^"]+?)"?$', header)
        name = unquote(extended[1]) if extended else plain[1]
        assert name == link.inner_text(), json.dumps(header)
    bare = {name for name in names if name.isascii()} - {"%41%20.pdf"}
    assert bare <= shown
    assert 'Bản "nháp" số 2.pdf' in shown
