"""The same request, sent twice at once: a double click, or again after a lost answer.

Two workers take them, each with its view of the data from before the other.
"""

import re
import secrets
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
import requests
from lxml import html
from scene import PDF, SECRETARY, make_contest, make_council, make_drafts

LOGIN, OTHER = "canbo1", "nhanvien1"


def log_in(base_url, passwords, login=LOGIN):
    browser = requests.Session()
    page = browser.get(f"{base_url}/web/login", timeout=120)
    [token] = html.fromstring(page.content).xpath("//input[@name='csrf_token']/@value")
    browser.post(
        f"{base_url}/web/login",
        {"csrf_token": token, "login": login, "password": passwords[login]},
        timeout=120,
    )
    return browser


ENTRY = "//form[contains(@class, 'o_hoithi_entry_form')]"
PREVIEW = "//*[contains(@class, 'o_hoithi_preview_submission')]//form"


def read_form(browser, url, where=ENTRY):
    """Return the address and the values of a form of a page."""
    page = html.fromstring(browser.get(url, timeout=120).content)
    page.make_links_absolute(url)
    [form] = page.xpath(where)
    return form.action, dict(form.form_values())


def send_at_once(posts, **options):
    """Send posts, (browser, address, values) each, at one instant."""
    barrier = Barrier(len(posts))

    def send(post):
        browser, url, data = post
        barrier.wait(60)
        # each its own connection; the session may be one
        return requests.post(url, data, cookies=browser.cookies, timeout=120, **options)

    with ThreadPoolExecutor(len(posts)) as pool:
        return list(pool.map(send, posts))


def send_twice(browser, url, data, **options):
    return send_at_once([(browser, url, data)] * 2, **options)


def test_a_new_entry_and_its_file_are_made_once(base_url, passwords, sql):
    browser = log_in(base_url, passwords)
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


@pytest.fixture
def contest(rpc, sql):
    """A new contest that is called off in the end, and its field."""
    council, _seats = make_council(rpc, sql)
    [field] = rpc(SECRETARY, "hoithi.field", "search", [], limit=1)
    contest = make_contest(rpc, council, [field])
    yield contest, field
    rpc(SECRETARY, "hoithi.contest", "action_cancel", [contest], reason="Thử nghiệm")


@pytest.mark.parametrize("counted", [True, False], ids=["launched", "uncounted"])
def test_receipts_count_on_without_a_gap(
    base_url, passwords, rpc, sql, contest, counted
):
    """Two authors are the first at one instant; then one presses twice at once.

    A contest whose launch the addon didn't see, as the demo's, has no count yet.
    """
    contest, field = contest
    if not counted:
        sql(
            "UPDATE hoithi_contest SET receipt_sequence_id = NULL WHERE id = %s",
            contest,
        )
    mark = secrets.token_hex(4)
    browsers = {login: log_in(base_url, passwords, login) for login in (LOGIN, OTHER)}

    def prepare(login, title):
        titles = [(f"{title} {mark}", field)]
        [entry] = make_drafts(rpc, sql, login, contest, titles)
        url = f"{base_url}/my/hoithi/entries/{entry}"
        action, values = read_form(browsers[login], f"{url}/preview", PREVIEW)
        return entry, (browsers[login], action, values | {"commitment": "1"})

    def read_receipts():
        rows = sql(
            "SELECT id, receipt_number FROM hoithi_entry WHERE contest_id = %s", contest
        )
        return {row["id"]: row["receipt_number"] for row in rows}

    def check(entry, answer, receipt):
        assert answer.status_code == 200
        assert answer.url == f"{base_url}/my/hoithi/entries/{entry}"
        shown = html.fromstring(answer.content).xpath(
            "//*[contains(@class, 'o_hoithi_receipt_number')]"
        )
        assert [one.text_content().strip() for one in shown] == [receipt]

    def get_order(receipts):
        return sorted(int(receipt.rpartition("/")[2]) for receipt in receipts.values())

    firsts = dict(prepare(login, f"Nộp đầu tiên {login}") for login in browsers)
    answers = send_at_once(list(firsts.values()))
    receipts = read_receipts()
    assert get_order(receipts) == [1, 2]
    for entry, answer in zip(firsts, answers, strict=True):
        check(entry, answer, receipts[entry])

    entry, post = prepare(LOGIN, "Nộp hai lần")
    answers = send_at_once([post] * 2)
    receipts = read_receipts()
    assert get_order(receipts) == [1, 2, 3]
    for answer in answers:
        check(entry, answer, receipts[entry])
    [told] = sql(
        "SELECT COUNT(*) AS letters FROM hoithi_notice"
        " WHERE kind = 'receipt' AND res_model = 'hoithi.entry' AND res_id = %s",
        entry,
    )
    assert told["letters"] == 1

    last, post = prepare(OTHER, "Nộp sau cùng")
    [answer] = send_at_once([post])
    receipts = read_receipts()
    assert get_order(receipts) == [1, 2, 3, 4]
    check(last, answer, receipts[last])
