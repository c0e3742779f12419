"""Play the last minutes before a deadline at a real server, and look what came of them.

    bin/odoo -d mine -i hoithi_contest,project --stop-after-init
    bin/odoo shell -d mine --no-http < bench/bench_deadline.py

BENCH_VISITORS (300) people each have a whole draft and a session of their own. Over
BENCH_SECONDS (30) each submits once, at a moment of its own; the deadline passes at two
thirds of that. Half of them do it on the portal, as staff do: they open the preview,
post its form, with its token, and read the page that follows; of these one in ten never
gets the answer, and posts again. The others call the act itself. One in ten presses
twice at once, one in twenty sends a file before and breaks off in the middle of it.
BENCH_WORKERS (2) is how many workers the server has, BENCH_PORT (8172) where it
listens. The contest stays in the database.

Told are how long answers took, and what must hold afterwards: receipts count from 1
without a gap, each is of one entry, and its author is told of it by one notice; nothing
was submitted after the deadline; who was told that it is in has it in, and who was
refused still has the draft, whole; there is no entry and no file more than before; the
ledger is whole. It ends with 1 where something of it doesn't hold.

Afterwards the same people post to a task of their own each, by Odoo's own way, at the
same moments and as often.
"""

import importlib.util
import os
import random
import re
import socket
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Semaphore

from lxml import html

from odoo import fields
from odoo.tools import SQL

sys.path.insert(0, "bench")
import bench_head

spec = importlib.util.spec_from_file_location(
    "bench_crowd", Path("bench/bench_crowd.py").resolve()
)
bench_crowd = importlib.util.module_from_spec(spec)
bench_crowd.env = env  # noqa: F821, the shell's own
spec.loader.exec_module(bench_crowd)

env = env  # noqa: F821, PLW0127, the shell's own

VISITORS = int(os.environ.get("BENCH_VISITORS", "300"))
SECONDS = float(os.environ.get("BENCH_SECONDS", "30"))
WORKERS = int(os.environ.get("BENCH_WORKERS", "2").split(",")[0])
TWICE, BROKEN_OFF = 0.1, 0.05
BOUNDARY = "bench-deadline"


def break_off(visitor, entry_id):
    """Begin to send a file, and hang up in the middle of it."""
    body = (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="files"; '
        'filename="half.pdf"\r\nContent-Type: application/pdf\r\n\r\n%PDF-1.7 half'
    )
    head = (
        f"POST /my/hoithi/entries/{entry_id}/files HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        f"Cookie: {visitor.cookie}\r\nContent-Length: {len(body) + 10**6}\r\n"
        f"Content-Type: multipart/form-data; boundary={BOUNDARY}\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", bench_crowd.PORT), 30) as line:
        line.sendall((head + body).encode())
        time.sleep(0.2)


def is_on_portal(entry_id):
    return entry_id % 2 == 0


def loses_answer(entry_id):
    return is_on_portal(entry_id) and entry_id // 2 % 10 == 0


def submit(visitor, entry_id):
    if is_on_portal(entry_id):
        submit_on_portal(visitor, entry_id)
    else:
        visitor.press("hoithi.entry", [entry_id], "action_submit")


def submit_on_portal(visitor, entry_id):
    """Look the entry through, post the form, and read what the page says.

    :raises RuntimeError: with what the page says instead of the receipt
    """
    path = f"/my/hoithi/entries/{entry_id}"
    page = ask_page(visitor, f"{path}/preview")
    for form in find(page, "form", "/submit", "action")[:1]:
        values = urllib.parse.urlencode(
            {**dict(form.form_values()), "commitment": "1"}
        ).encode()
        if loses_answer(entry_id):
            hang_up(visitor, f"{path}/submit", values)
        page = ask_page(visitor, f"{path}/submit", values)
    if not find(page, "*", "o_hoithi_receipt_number"):
        said = find(page, "*", "o_hoithi_notice") or find(page, "*", "alert")
        text = " ".join(" ".join(one.text_content() for one in said).split())
        raise RuntimeError(text or "the page has no form any more, and no receipt")


def find(page, tag, text, attribute="class"):
    return page.xpath(f"//{tag}[contains(@{attribute}, '{text}')]")


def ask_page(visitor, path, values=None):
    """Return a page that a browser gets in the end, whatever its status."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{bench_crowd.PORT}{path}",
        values,
        {"Cookie": visitor.cookie},
    )
    try:
        with urllib.request.urlopen(request, timeout=120) as response:
            return html.fromstring(response.read())
    except urllib.error.HTTPError as error:
        return html.fromstring(error.read())


def hang_up(visitor, path, values):
    """Post a form, and never read the answer."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {visitor.cookie}\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\n"
        f"Content-Length: {len(values)}\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", bench_crowd.PORT), 30) as line:
        line.sendall(head.encode() + values)
        time.sleep(0.2)


def post(visitor, task_id):
    visitor.ask(
        "/mail/message/post",
        {
            "thread_model": "project.task",
            "thread_id": task_id,
            "post_data": {
                "body": "A word",
                "message_type": "comment",
                "subtype_xmlid": "mail.mt_comment",
            },
        },
    )


def play(visits, chance, act, break_off=None):
    """Let all act; return (id, seconds, what went wrong) of each press.

    :param visits: pairs of a visitor and the id of what is acted on
    """
    proxy = Semaphore(6 * WORKERS)
    begun = time.monotonic()

    def press(visitor, record_id):
        start = time.monotonic()
        try:
            with proxy:
                act(visitor, record_id)
        except (RuntimeError, OSError) as error:
            return record_id, time.monotonic() - start, str(error)
        return record_id, time.monotonic() - start, None

    def visit(visitor, record_id, moment, breaks_off):
        time.sleep(max(0, begun + moment - time.monotonic()))
        if breaks_off and break_off:
            break_off(visitor, record_id)
        return press(visitor, record_id)

    presses = []
    for visitor, record_id in visits:
        moment = chance.uniform(0, SECONDS)
        breaks_off = chance.random() < BROKEN_OFF
        presses += [(visitor, record_id, moment, breaks_off)] * (
            2 if chance.random() < TWICE else 1
        )
    # Odoo bounds the memory of its shell, and three hundred stacks of 8 MiB go beyond
    threading.stack_size(1 << 20)
    with ThreadPoolExecutor(len(presses)) as pool:
        return list(pool.map(lambda one: visit(*one), presses))


def make_tasks(logins):
    """Return the ids of tasks that these people can post to, one each."""
    project = env["project.project"].create(
        {"name": "Deadline", "privacy_visibility": "portal"}
    )
    tasks = env["project.task"].create(
        [{"name": login, "project_id": project.id} for login in logins]
    )
    for login, task in zip(logins, tasks, strict=True):
        user = env["res.users"].search([("login", "=", login)])
        task.message_subscribe(user.partner_id.ids)
    return tasks.ids


def report(name, outcome, retries):
    people = len({record_id for record_id, _took, _wrong in outcome})
    seconds = sorted(took for _id, took, _wrong in outcome)
    done = sum(wrong is None for _id, _took, wrong in outcome)
    print(
        f"| {name} | {people} | {len(outcome)} | {done} |"
        f" {seconds[len(seconds) // 2]:.2f} s |"
        f" {seconds[int(0.95 * len(seconds))]:.2f} s | {seconds[-1]:.2f} s |"
        f" {retries} |"
    )


def set_deadline(contest, moment):
    """Let the deadline be near, which nobody could announce so late."""
    env.cr.execute(
        SQL(
            """UPDATE hoithi_contest SET grace_minutes = 0, registration_deadline = %s,
                      registration_closes_at = %s WHERE id = %s""",
            moment,
            moment,
            contest.id,
        )
    )
    env.cr.commit()
    env.invalidate_all()


def read_whole(entries):
    """Return {entry id: what its author wrote and handed in}."""
    return {
        entry.id: (
            entry.name,
            entry.solution_content,
            sorted(entry.dossier_ids.attachment_id.mapped("checksum")),
        )
        for entry in entries
    }


def look(contest, before, outcome):
    """Yield what doesn't hold, in sentences."""
    entries = contest.sudo().with_context(active_test=False).entry_ids
    told = {}
    for entry_id, _seconds, wrong in outcome:
        told.setdefault(entry_id, []).append(wrong)
    if read_whole(entries) != before:
        yield "entries or files aren't what they were"
    numbers = sorted(
        int(re.search(r"\d+$", text)[0])
        for text in entries.mapped("receipt_number")
        if text
    )
    if numbers != list(range(1, len(numbers) + 1)):
        yield f"receipts: {numbers}"
    for entry in entries:
        is_in = entry.state == "submitted"
        if is_in != bool(entry.receipt_number) or is_in != bool(entry.submitted_on):
            yield f"entry {entry.id} is submitted by half"
        if is_in and entry.submitted_on > contest.registration_closes_at:
            yield f"entry {entry.id} came in late: {entry.submitted_on}"
        if not is_in and entry.state != "draft":
            yield f"entry {entry.id} is {entry.state}"
        if not is_in and None in told.get(entry.id, ()):
            yield f"entry {entry.id} was said to be in, and isn't"
    letters = dict(
        env["hoithi.notice"]._read_group(
            [
                ("kind", "=", "receipt"),
                ("res_model", "=", "hoithi.entry"),
                ("res_id", "in", entries.ids),
            ],
            ["res_id"],
            ["__count"],
        )
    )
    for entry in entries:
        if letters.get(entry.id, 0) != (entry.state == "submitted"):
            yield f"entry {entry.id}: {letters.get(entry.id, 0)} notices of its receipt"
    for problem in env["hoithi.ledger"]._verify(contest):
        yield f"ledger: {problem}"


def main():
    number = bench_crowd.SIZE
    while env["res.company"].search_count([("name", "=", f"Bench {number}")]):
        number += 1
    bench_crowd.DRAFTS = 1
    _house, people = bench_crowd.bench_generate.make_people(env, number, 3)
    contest, drafts = bench_crowd.make_drafts(people, number, VISITORS)
    before = read_whole(contest.sudo().entry_ids)
    tasks = make_tasks([login for login, _entry_id in drafts])
    env.cr.commit()
    visitors = [(bench_crowd.Visitor(login), entry_id) for login, entry_id in drafts]
    with TemporaryDirectory() as folder:
        server = bench_crowd.Server(WORKERS, folder)
        try:
            # the first requests fill the caches of the workers
            for visitor, _entry_id in visitors[: 4 * WORKERS]:
                visitor.ask("/web/session/get_session_info", {})
            set_deadline(
                contest,
                fields.Datetime.now() + timedelta(seconds=round(SECONDS * 2 / 3)),
            )
            outcome = play(visitors, random.Random(number), submit, break_off)
            retries = server.count_retries()
            posts = play(
                [(v, task) for (v, _id), task in zip(visitors, tasks, strict=True)],
                random.Random(number),
                post,
            )
            post_retries = server.count_retries() - retries
        finally:
            server.stop()
    env.cr.rollback()
    env.invalidate_all()
    problems = list(look(contest, before, outcome))
    print(f"{bench_head.describe(env)}\n")
    print(
        "| act | people | presses | in | half within | 95 of 100 | all | tried again |"
    )
    print("|---" * 8 + "|")
    for name, is_chosen in (
        ("submit an entry on the portal, preview and receipt read", True),
        ("submit an entry, the act alone", False),
    ):
        chosen = [one for one in outcome if is_on_portal(one[0]) == is_chosen]
        report(name, chosen, retries if is_chosen else "with the former")
    report("Odoo: post to a task", posts, post_retries)
    lost = sum(loses_answer(entry_id) for _visitor, entry_id in visitors)
    print(f"    {lost} never read the first answer, and posted again")
    refusals = {}
    for _entry, _took, wrong in outcome:
        if wrong:
            text = re.sub(r"“.*?”|\d[\d:/]*", "…", wrong)
            refusals[text] = refusals.get(text, 0) + 1
    for text, count in sorted(refusals.items()):
        print(f"    {count} were told: {text}")
    print(*problems or ["nothing lost, nothing twice, nothing late"], sep="\n")
    # the shell goes by no exit code of its input
    sys.stdout.flush()
    os._exit(1 if problems else 0)


main()
