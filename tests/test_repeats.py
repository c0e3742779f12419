"""The same request, sent twice at once: a double click, or again after a lost answer.

Two workers take them, each with its view of the data from before the other.
"""

import re
import secrets
from concurrent.futures import ThreadPoolExecutor

import requests
from lxml import html

LOGIN = "canbo1"
PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 300]>>endobj\n"
    b"trailer<</Root 1 0 R>>\n%%EOF\n"
)


def log_in(base_url, password):
    browser = requests.Session()
    page = browser.get(f"{base_url}/web/login", timeout=120)
    [token] = html.fromstring(page.content).xpath("//input[@name='csrf_token']/@value")
    browser.post(
        f"{base_url}/web/login",
        {"csrf_token": token, "login": LOGIN, "password": password},
        timeout=120,
    )
    return browser


def read_form(browser, url):
    """Return the address and the values of the form of an entry, and of its files."""
    page = html.fromstring(browser.get(url, timeout=120).content)
    page.make_links_absolute(url)
    [form] = page.xpath("//form[contains(@class, 'o_hoithi_entry_form')]")
    return form.action, dict(form.form_values())


def send_twice(browser, url, data, **options):
    def send(_number):
        # each its own connection; the session is one
        return requests.post(url, data, cookies=browser.cookies, timeout=120, **options)

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(send, range(2)))


def test_a_new_entry_and_its_file_are_made_once(base_url, passwords, sql):
    browser = log_in(base_url, passwords[LOGIN])
    page = browser.get(f"{base_url}/my/hoithi", timeout=120)
    # the demo's, whichever contests other tests have open
    path = min(
        re.findall(r"/my/hoithi/\d+/new", page.text),
        key=lambda path: int(path.split("/")[3]),
    )
    action, values = read_form(browser, base_url + path)
    name = f"Gửi hai lần {secrets.token_hex(4)}"
    answers = send_twice(browser, action, values | {"name": name})
    entries = sql("SELECT id FROM hoithi_entry WHERE name = %s", name)
    assert len(entries) == 1
    url = f"{base_url}/my/hoithi/entries/{entries[0]['id']}"
    assert [(one.status_code, one.url) for one in answers] == [(200, url)] * 2
    [kind] = sql(
        "SELECT res_id FROM ir_model_data WHERE module = 'hoithi_contest'"
        " AND name = 'hoithi_dossier_type_description'"
    )
    data = {"csrf_token": values["csrf_token"], "type_id": kind["res_id"]}
    content = PDF + f"% {name}".encode()
    answers = send_twice(
        browser,
        f"{url}/files",
        data,
        files={"file": ("mo-ta.pdf", content, "application/pdf")},
        headers={"Accept": "application/json"},
    )
    assert [one.status_code for one in answers] == [200, 200]
    assert [one.json()["refused"] for one in answers] == ["", ""]
    assert sorted(bool(one.json()["told"]) for one in answers) == [False, True]
    files = sql(
        "SELECT id FROM hoithi_dossier_item WHERE entry_id = %s", entries[0]["id"]
    )
    assert len(files) == 1
    sql("DELETE FROM hoithi_dossier_item WHERE entry_id = %s", entries[0]["id"])
    sql("DELETE FROM hoithi_entry WHERE id = %s", entries[0]["id"])
