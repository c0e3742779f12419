"""The public pages where Odoo Website is installed, in a database of its own."""

import os
import re
import socket
import subprocess
import sys
import time

import psycopg2
import psycopg2.sql
import pytest
import requests
from playwright.sync_api import expect

WIDTHS = (1366, 390)
#: What the website's own theme draws around every page.
OF_THE_WEBSITE = ("#wrapwrap > header", "#footer", ".o_footer_copyright")
DATABASE = f"hoithi_website_{os.getpid()}"
SCENE = """
from datetime import timedelta
from odoo import fields
from odoo.addons.hoithi_contest.models.guard.hoithi_guard_mixin import Load
now = fields.Datetime.now()
contest = env["hoithi.contest"].with_context(hoithi_door=Load()).create({
    "name": "Hội thi có trang web", "edition_number": 3, "state": "open",
    "date_start": now - timedelta(days=30), "date_end": now + timedelta(days=90),
    "registration_deadline": now + timedelta(days=30),
    "description": "<p>Phát huy sáng kiến.</p>",
})
contest.action_publish()
env["website"].search([]).domain = "https://hoithi.example.com"
env["hoithi.contest"].create({"name": "Hội thi còn ẩn", "edition_number": 4})
other = env["res.company"].create({"name": "Sở có trang riêng"})
env["website"].create({"name": "Trang riêng", "company_id": other.id})
theirs = env["hoithi.contest"].with_context(hoithi_door=Load()).create({
    "name": "Hội thi của Sở khác", "edition_number": 1, "state": "open",
    "company_id": other.id, "date_start": "2026-01-01", "date_end": "2026-12-31",
    "registration_deadline": "2026-10-01 10:00:00",
})
theirs.with_company(other).action_publish()
assert theirs.id == contest.id + 2
# somebody of the department, with a draft, and a contest that is over
env.company.write({
    "hoithi_contact_name": "Văn phòng Sở", "hoithi_contact_phone": "0208 000 0000",
    "hoithi_privacy_url": "https://so.example.gov.vn/du-lieu",
})
staff = env["res.users"].with_context(no_reset_password=True).create({
    "name": "Nguyễn Thị Thảo", "login": "thao", "password": "thao",
    "email": "thao@so.example.vn", "lang": "vi_VN",
    "group_ids": [(6, 0, [env.ref("base.group_portal").id])],
})
env["hr.employee"].create({"name": staff.name, "user_id": staff.id})
past = env["hoithi.contest"].with_context(hoithi_door=Load()).create({
    "name": "Hội thi đã qua", "edition_number": 2, "state": "closed",
    "date_start": "2025-01-01", "date_end": "2025-12-31",
})
field = env["hoithi.field"].search([], limit=1)
def enter(contest, state, title, **values):
    return env["hoithi.entry"].with_context(hoithi_door=Load()).create({
        "name": title, "contest_id": contest.id, "state": state,
        "field_id": field.id, "consent_publish": True,
        "public_summary": "Đo mực nước mỗi giờ, báo về điện thoại.",
        "author_ids": [(0, 0, {
            "partner_id": staff.partner_id.id, "full_name": staff.name,
            "is_representative": True, "contribution_percent": 100,
            "consent_publish": True,
        })],
        **values,
    })
draft = enter(contest, "draft", "Bản nháp của tôi")
handed_in = {"submitted_on": "2025-06-01 02:00:00", "receipt_number": "II-2025/001"}
handed_in["commitment_on"] = handed_in["submitted_on"]
won = enter(past, "selected", "Trạm đo mực nước", **handed_in)
past.action_publish()
past.action_publish_results()
env.cr.commit()
print(f"past={past.id} draft={draft.id} won={won.id}")
print(f"contest={contest.id}")
"""


def odoo(*arguments):
    return [sys.executable, os.environ["HOITHI_ODOO_SCRIPT"], *arguments]


@pytest.fixture(scope="module")
def environment():
    return {**os.environ, "PYTHONPATH": os.environ["HOITHI_ODOO_HOME"]}


@pytest.fixture(scope="module")
def scene(environment):
    """Contests in a database with Odoo Website: ids by name."""
    connection = psycopg2.connect(dbname="postgres")
    connection.autocommit = True
    name = psycopg2.sql.Identifier(DATABASE)
    template = psycopg2.sql.Identifier(os.environ["HOITHI_TEMPLATE"])
    cursor = connection.cursor()
    cursor.execute(
        psycopg2.sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(name, template)
    )
    try:
        modules = "hoithi_contest,website"
        log = subprocess.run(
            odoo("-d", DATABASE, "-i", modules, "--stop-after-init", "--no-http"),
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=True,
        )
        assert " ERROR " not in log.stderr, log.stderr[-4000:]
        shell = subprocess.run(
            odoo("shell", "-d", DATABASE, "--no-http"),
            env=environment,
            input=SCENE,
            capture_output=True,
            text=True,
            check=False,
        )
        found = dict(re.findall(r"(\w+)=(\d+)", shell.stdout))
        assert "won" in found, shell.stderr[-4000:]
        yield {name: int(value) for name, value in found.items()}
    finally:
        cursor.execute(psycopg2.sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))
        connection.close()


@pytest.fixture(scope="module")
def contest_id(scene):
    return scene["contest"]


@pytest.fixture(scope="module")
def website_url(scene, environment, tmp_path_factory):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = tmp_path_factory.mktemp("website") / "server.log"
    server = subprocess.Popen(
        odoo(
            *("-d", DATABASE, "--db-filter", f"^{DATABASE}$", "--workers", "0"),
            *("--http-port", str(port), "--max-cron-threads", "0"),
            *("--logfile", str(log)),
        ),
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        until = time.monotonic() + 120
        while True:
            try:
                requests.get(f"{url}/web/login", timeout=60)
                break
            except requests.ConnectionError:
                assert server.poll() is None, log.read_text()[-4000:]
                assert time.monotonic() < until, log.read_text()[-4000:]
                time.sleep(0.3)
        yield url
    finally:
        server.terminate()
        server.wait(30)
    assert " ERROR " not in log.read_text(), log.read_text()[-4000:]


@pytest.fixture
def visit(website_url, new_page):
    """visit(**options): a page of the website."""

    def visit(**options):
        page = new_page(base_url=website_url, **options)
        # the website's own fonts come from the internet
        page.expected_errors = "ERR_NAME_NOT_RESOLVED|fonts.googleapis|status of 404"
        return page

    return visit


@pytest.fixture
def look(screenshot, assert_nothing_serious):
    """look(page, name): nothing of ours sticks out or is out of reach."""

    def look(page, name):
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 844})
            wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert wide <= 0, f"{name} at {width} px: {wide} px"
            assert_nothing_serious(page, around=OF_THE_WEBSITE)
            screenshot(page, f"website-{name}-{width}")

    return look


def assert_whom_to_ask(page):
    foot = page.locator(".o_hoithi_foot_line")
    expect(foot).to_contain_text("Văn phòng Sở")
    expect(foot.locator("a[href='tel:02080000000']")).to_be_visible()
    expect(foot.locator("a[href='https://so.example.gov.vn/du-lieu']")).to_be_visible()


def test_public_pages_have_the_websites_frame(visit, scene, look):
    page = visit()
    for name, path, title in (
        ("contests", "/hoithi", None),
        ("contest", f"/hoithi/{scene['contest']}", "Hội thi có trang web"),
        ("results", f"/hoithi/{scene['past']}/results", None),
        (
            "solution",
            f"/hoithi/{scene['past']}/results/{scene['won']}",
            "Trạm đo mực nước",
        ),
        ("lost", "/hoithi/999999", None),
    ):
        page.goto(path)
        assert page.locator("html").get_attribute("data-website-id")
        assert page.locator("h1").count() == 1
        if title:
            expect(page.locator("h1")).to_have_text(title)
        if name != "lost":
            assert_whom_to_ask(page)
        look(page, name)


@pytest.fixture
def signed_in(visit, log_in):
    """signed_in(**options): a page of who has logged in to the portal."""
    page = visit()
    log_in(page, "thao", "thao")
    state = page.context.storage_state()
    return lambda **options: visit(storage_state=state, **options)


def test_pages_of_the_portal_have_the_websites_frame(signed_in, scene, look):
    page = signed_in()
    for name, path in (
        ("my", "/my"),
        ("entries", "/my/hoithi"),
        ("form", f"/my/hoithi/entries/{scene['draft']}"),
    ):
        page.goto(path)
        assert page.locator("html").get_attribute("data-website-id")
        assert_whom_to_ask(page)
        expect(page.locator(".o_hoithi_foot_line a[href$='/data']")).to_be_visible()
        if name == "form":
            expect(page.locator(".o_hoithi_entry_form")).to_be_visible()
        look(page, f"portal-{name}")


@pytest.mark.parametrize("width", WIDTHS)
def test_the_way_on_needs_no_script(signed_in, width):
    """The website's own menus open by a script alone."""
    page = signed_in(
        java_script_enabled=False, viewport={"width": width, "height": 844}
    )
    page.goto("/my/hoithi")
    if width == 390:
        page.locator(".o_hoithi_bar_menu summary").click()
    ways = page.locator(".o_hoithi_bar_links:visible, .o_hoithi_bar_menu nav:visible")
    ways.locator("a[href$='/my/hoithi/questions']").click()
    expect(page.locator("h1")).to_be_visible()
    if width == 390:
        page.locator(".o_hoithi_bar_menu summary").click()
    ways.locator(".o_hoithi_logout").click()
    expect(page).to_have_url(re.compile("/hoithi$"))
    page.goto("/my/hoithi")
    expect(page).to_have_url(re.compile("/web/login"))


def test_page_is_described_once(website_url, contest_id):
    answer = requests.get(f"{website_url}/hoithi/{contest_id}", timeout=60)
    assert answer.status_code == 200
    for pattern in (
        r"<title>Hội thi có trang web \|",
        r'<meta name="description" content="Hội thi có trang web',
        r'<link rel="canonical" href="https://hoithi.example.com(/vi)?/hoithi/',
        r'property="og:url" content="https://hoithi.example.com(/vi)?/hoithi/',
        r'property="og:image" content="https://hoithi.example.com/hoithi/\d+/card.png"',
        r'"url": "https://hoithi.example.com(/vi)?/hoithi/',
        r'property="og:title" content="Hội thi có trang web"',
        r"application/ld\+json",
    ):
        assert len(re.findall(pattern, answer.text)) == 1, pattern
    etag = {"If-None-Match": answer.headers["ETag"]}
    again = requests.get(answer.url, headers=etag, timeout=60)
    assert again.status_code == 304


def test_contests_stand_in_the_menu_of_the_website(website_url):
    for path in ("/contactus", "/hoithi"):
        answer = requests.get(website_url + path, timeout=60)
        assert re.search(r'<a[^>]*href="(/vi)?/hoithi"[^>]*>\s*<span>', answer.text), (
            path
        )
    # errors of other pages are the website's own
    lost = requests.get(f"{website_url}/khong-co", timeout=60)
    assert lost.status_code == 404
    assert "o_hoithi_error" not in lost.text
    lost = requests.get(f"{website_url}/hoithi/999999", timeout=60)
    assert lost.status_code == 404
    assert "o_hoithi_error" in lost.text


def test_a_department_with_a_website_is_listed_there_alone(website_url, contest_id):
    listed = requests.get(f"{website_url}/hoithi", timeout=60)
    assert "Hội thi có trang web" in listed.text
    assert "Hội thi của Sở khác" not in listed.text
    # its own page is found by its address
    theirs = requests.get(f"{website_url}/hoithi/{contest_id + 2}", timeout=60)
    assert "Hội thi của Sở khác" in theirs.text


def test_languages_have_addresses(website_url, contest_id):
    for path, lang in (("", "en-US"), ("/vi", "vi-VN")):
        answer = requests.get(
            f"{website_url}{path}/hoithi/{contest_id}",
            headers={"Accept-Language": lang},
            timeout=60,
        )
        assert answer.status_code == 200
        assert f'lang="{lang}"' in answer.text


def test_sitemap_of_the_website_names_public_pages(website_url, contest_id, scene):
    sitemap = requests.get(f"{website_url}/sitemap.xml", timeout=60).text
    assert f"/hoithi/{contest_id}</loc>" in sitemap
    assert "/hoithi</loc>" in sitemap
    assert set(re.findall(r"/hoithi/(\d+)</loc>", sitemap)) == {
        str(scene["contest"]),
        str(scene["past"]),
    }
    assert requests.get(f"{website_url}/robots.txt", timeout=60).status_code == 200
