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

DATABASE = f"hoithi_website_{os.getpid()}"
SCENE = """
from odoo.addons.hoithi_contest.models.guard.hoithi_guard_mixin import Load
contest = env["hoithi.contest"].with_context(hoithi_door=Load()).create({
    "name": "Hội thi có trang web", "edition_number": 3, "state": "open",
    "date_start": "2026-01-01", "date_end": "2026-12-31",
    "registration_deadline": "2026-10-01 10:00:00",
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
env.cr.commit()
assert theirs.id == contest.id + 2
print(f"contest={contest.id}")
"""


def odoo(*arguments):
    return [sys.executable, os.environ["HOITHI_ODOO_SCRIPT"], *arguments]


@pytest.fixture(scope="module")
def environment():
    return {**os.environ, "PYTHONPATH": os.environ["HOITHI_ODOO_HOME"]}


@pytest.fixture(scope="module")
def contest_id(environment, tmp_path_factory):
    """A contest in a database with Odoo Website."""
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
            check=True,
        )
        yield int(re.search(r"contest=(\d+)", shell.stdout).group(1))
    finally:
        cursor.execute(psycopg2.sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))
        connection.close()


@pytest.fixture(scope="module")
def website_url(contest_id, environment, tmp_path_factory):
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


def test_page_has_the_websites_frame(website_url, contest_id, new_page, screenshot):
    page = new_page(base_url=website_url, viewport={"width": 390, "height": 844})
    # the website's own fonts come from the internet
    page.expected_errors = "ERR_NAME_NOT_RESOLVED"
    page.goto(f"/hoithi/{contest_id}")
    assert page.locator("html").get_attribute("data-website-id")
    assert page.locator("h1").text_content() == "Hội thi có trang web"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    screenshot(page, "public-website-phone")


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


def test_sitemap_of_the_website_names_public_pages(website_url, contest_id):
    sitemap = requests.get(f"{website_url}/sitemap.xml", timeout=60).text
    assert f"/hoithi/{contest_id}</loc>" in sitemap
    assert "/hoithi</loc>" in sitemap
    assert len(re.findall(r"/hoithi/\d+</loc>", sitemap)) == 1
    assert requests.get(f"{website_url}/robots.txt", timeout=60).status_code == 200
