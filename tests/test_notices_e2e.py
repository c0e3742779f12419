"""Each person gets each notice once, whatever runs twice, together, or dies halfway."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import requests
from icalendar import Calendar

RUN = Path(__file__).with_name("notice_run.py")
RULE = "hoithi_notice_rule_no_entry"


class Run:
    """A process that is ready to run the scheduled action."""

    def __init__(self, limit=1000, die_after=None):
        arguments = [os.environ["HOITHI_DATABASE"], str(limit)]
        if die_after:
            arguments.append(str(die_after))
        self.process = subprocess.Popen(
            [sys.executable, RUN, *arguments],
            env={**os.environ, "PYTHONPATH": os.environ["HOITHI_ODOO_HOME"]},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout.readline() == "ready\n", self.process.stderr.read()

    def start(self):
        self.process.stdin.write("\n")
        self.process.stdin.flush()

    def finish(self):
        """Return how the process ended, after checking that its log is clean."""
        _output, log = self.process.communicate(timeout=300)
        assert " ERROR " not in log and "Traceback" not in log, log
        return self.process.returncode


@pytest.fixture
def staff(rpc, sql):
    """Remind all staff without an entry at once; give who is to get a letter."""
    [rule] = sql(
        "SELECT res_id FROM ir_model_data"
        " WHERE module = 'hoithi_contest' AND name = %s",
        RULE,
    )
    rule_id = rule["res_id"]
    kept = rpc("admin", "hoithi.notice.rule", "read", [rule_id], ["days"])[0]["days"]

    def forget():
        sql(
            "DELETE FROM mail_message WHERE model = 'hoithi.notice' AND res_id IN"
            " (SELECT id FROM hoithi_notice WHERE rule_id = %s)",
            rule_id,
        )
        sql("DELETE FROM hoithi_notice WHERE rule_id = %s", rule_id)

    # what waits otherwise isn't this test's
    sql("UPDATE hoithi_notice SET state = 'held' WHERE state = 'pending'")
    rpc(
        "admin",
        "hoithi.notice.rule",
        "write",
        [rule_id],
        {
            "active": True,
            "days": "300",
            "working_days": False,
            "hour_from": 0,
            "hour_to": 0,
        },
    )
    yield rule_id
    rpc(
        "admin",
        "hoithi.notice.rule",
        "write",
        [rule_id],
        {"active": False, "days": kept},
    )
    forget()


def count_letters(sql, rule_id):
    """Return the notices by state, and the e-mails of each notice."""
    states = {
        row["state"]: row["count"]
        for row in sql(
            "SELECT state, COUNT(*) FROM hoithi_notice WHERE rule_id = %s"
            " GROUP BY state",
            rule_id,
        )
    }
    mails = sql(
        "SELECT notice.id, notice.partner_id, COUNT(mail.id) FROM hoithi_notice notice"
        " LEFT JOIN mail_message message ON message.model = 'hoithi.notice'"
        " AND message.res_id = notice.id"
        " LEFT JOIN mail_mail mail ON mail.mail_message_id = message.id"
        " WHERE notice.rule_id = %s AND notice.state = 'sent'"
        " GROUP BY notice.id, notice.partner_id",
        rule_id,
    )
    assert len({row["partner_id"] for row in mails}) == len(mails)
    return states, {row["count"] for row in mails}


def test_two_runs_at_once_then_a_third(staff, sql):
    runs = [Run(), Run()]
    for run in runs:
        run.start()
    assert [run.finish() for run in runs] == [0, 0]
    states, mails = count_letters(sql, staff)
    assert states["sent"] > 15, "the demo has staff enough"
    assert set(states) <= {"sent", "failed"}, "nothing waits; some have no address"
    assert mails == {1}
    last = Run()
    last.start()
    assert last.finish() == 0
    assert count_letters(sql, staff) == (states, {1})


def test_a_run_that_is_killed_and_two_that_go_on(staff, sql):
    killed = Run(die_after=7)
    killed.start()
    assert killed.finish() == -signal.SIGKILL
    states, mails = count_letters(sql, staff)
    assert states["sent"] == 6, "the seventh was rolled back with its e-mail"
    assert mails == {1}
    assert states["pending"] > 10
    total = sum(states.values())
    runs = [Run(), Run(limit=5)]
    for run in runs:
        run.start()
    assert [run.finish() for run in runs] == [0, 0]
    states, mails = count_letters(sql, staff)
    assert sum(states.values()) == total
    assert set(states) <= {"sent", "failed"}
    assert mails == {1}


def test_the_secretary_looks_at_a_letter_first(staff, rpc, sql, page_for, screenshot):
    rpc("admin", "hoithi.notice.rule", "write", [staff], {"hold": True})
    run = Run()
    run.start()
    assert run.finish() == 0
    states, _mails = count_letters(sql, staff)
    assert set(states) == {"held"}
    page = page_for("thuky")
    page.goto("/odoo/hoithi-outbox")
    page.locator(".o_data_row", has=page.locator("td[name=kind]")).first.wait_for()
    screenshot(page, "outbox")
    [held] = sql(
        "SELECT MIN(id) AS id FROM hoithi_notice WHERE rule_id = %s AND state = 'held'",
        staff,
    )
    page.goto(f"/odoo/hoithi-outbox/{held['id']}")
    page.locator("button[name=action_edit]").click()
    dialog = page.locator(".modal")
    dialog.locator("div[name=subject] input").fill("Mời đồng chí dự thi")
    screenshot(page, "outbox-edit")
    dialog.locator("button[name=action_apply]").click()
    dialog.wait_for(state="detached")
    page.locator("div[name=preview_subject]", has_text="Mời đồng chí dự thi").wait_for()
    page.locator("button[name=action_release]").click()
    page.locator("button[name=action_hold]").wait_for()
    screenshot(page, "outbox-letter")
    run = Run()
    run.start()
    assert run.finish() == 0
    sent = sql(
        "SELECT subject FROM mail_message"
        " WHERE model = 'hoithi.notice' AND res_id = %s",
        held["id"],
    )
    assert [row["subject"] for row in sent] == ["Mời đồng chí dự thi"]
    assert count_letters(sql, staff)[0]["held"] == states["held"] - 1
    page.goto("/odoo/hoithi-outbox")
    page.locator(".o_switch_view.o_pivot").click()
    page.locator(".o_pivot table").wait_for()
    screenshot(page, "delivery-report")
    rpc("admin", "hoithi.notice.rule", "write", [staff], {"hold": False})


def test_own_calendar_on_a_phone_without_javascript(no_js_page_for, screenshot):
    page = no_js_page_for("canbo1", viewport={"width": 390, "height": 844})
    page.goto("/my/hoithi")
    page.locator("a.o_hoithi_calendar_link").click()
    page.locator("form[action$='/new'] button").click()
    address = page.locator("#hoithi_feed_url").input_value()
    screenshot(page, "calendar-phone")
    answer = requests.get(address, timeout=60)
    assert answer.headers["Content-Type"].startswith("text/calendar")
    events = Calendar.from_ical(answer.content).walk("VEVENT")
    assert any("registration" in str(event["uid"]) for event in events)
    fresh = requests.get(
        address, headers={"If-None-Match": answer.headers["ETag"]}, timeout=60
    )
    assert fresh.status_code == 304
    page.reload()
    assert not page.locator("#hoithi_feed_url").count(), "it is shown once"
    page.locator("form[action$='/revoke'] button").click()
    assert requests.get(address, timeout=60).status_code == 404
