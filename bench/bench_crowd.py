"""Measure many who submit at once, at a real server, beside Odoo's own portal post.

    bin/odoo -d mine -i hoithi_contest,project --stop-after-init
    bin/odoo shell -d mine --no-http < bench/bench_crowd.py

BENCH_ENTRIES (60) is how many entries the contest has before, BENCH_WORKERS (2,8) how
many workers the server has, BENCH_PORT (8172) where it listens. Each run makes contests
of its own, which stay in the database.

At each number of workers, and each time all at once: 24 members submit a sheet each,
50 entries are submitted by who wrote them, 50 tasks get a post of one of these. Counted
are seconds, answers that were no success, and how often Odoo tried again (from the
server's log). That author's pages are opened one after the other; of 15 times the
fastest counts. At the end receipts are compared: each given once, none left out.
"""

import importlib.util
import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Barrier, Semaphore

from odoo import http

SIZE = int(os.environ.get("BENCH_ENTRIES", "60"))
WORKERS = [int(n) for n in os.environ.get("BENCH_WORKERS", "2,8").split(",")]
PORT = int(os.environ.get("BENCH_PORT", "8172"))
MEMBERS, AUTHORS = 24, 50
#: Nobody has more than 10 drafts in a contest.
DRAFTS = 9
PAGES, PAGE_ROUNDS = ("/my", "/my/hoithi"), 15

sys.path.insert(0, "bench")
import bench_head

spec = importlib.util.spec_from_file_location(
    "bench_generate", Path("bench/generate.py").resolve()
)
bench_generate = importlib.util.module_from_spec(spec)
spec.loader.exec_module(bench_generate)

env = env  # noqa: F821, PLW0127, the shell's own, or that of who takes this module


class Visitor:
    """A person with a session at the server."""

    def __init__(self, login):
        user = env["res.users"].search([("login", "=", login)])
        store = http.root.session_store
        session = store.new()
        session.update(http.get_default_session(), db=env.cr.dbname)
        session.update(login=login, uid=user.id, context={"lang": "en_US"})
        # logging in would take longer than what is measured
        session.session_token = user._compute_session_token(session.sid)
        store.save(session)
        self.cookie = f"session_id={session.sid}"

    def ask(self, path, params):
        """Return the answer to a call, or raise what it says went wrong."""
        call = {"jsonrpc": "2.0", "method": "call", "params": params}
        request = urllib.request.Request(
            f"http://127.0.0.1:{PORT}{path}",
            json.dumps(call).encode(),
            {"Content-Type": "application/json", "Cookie": self.cookie},
        )
        with urllib.request.urlopen(request, timeout=120) as response:
            answer = json.load(response)
        if "error" in answer:
            raise RuntimeError(answer["error"]["data"]["message"])
        return answer["result"]

    def open(self, path):
        """Read a page."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{PORT}{path}", headers={"Cookie": self.cookie}
        )
        with urllib.request.urlopen(request, timeout=120) as response:
            return response.read()

    def press(self, model, ids, method):
        """Press a button of a form."""
        return self.ask(
            f"/web/dataset/call_button/{model}/{method}",
            {"model": model, "method": method, "args": [ids], "kwargs": {}},
        )


def run_at_once(acts, workers):
    """Return (seconds, each one's seconds, what went wrong) of acts begun together.

    Odoo takes eight connections for a worker; a proxy keeps the others waiting.
    """
    barrier, proxy = Barrier(len(acts) + 1), Semaphore(6 * workers)

    def run(act):
        barrier.wait()
        begun = time.perf_counter()
        try:
            with proxy:
                act()
        except (RuntimeError, OSError) as error:
            return time.perf_counter() - begun, str(error)
        return time.perf_counter() - begun, None

    with ThreadPoolExecutor(len(acts)) as pool:
        found = [pool.submit(run, act) for act in acts]
        barrier.wait()
        begun = time.perf_counter()
        results = [future.result() for future in found]
        seconds = time.perf_counter() - begun
    return seconds, [s for s, _e in results], [e for _s, e in results if e]


class Server:
    """Odoo with some workers, and what its log says."""

    def __init__(self, workers, folder):
        self.log = Path(folder) / f"server{workers}.log"
        self.process = subprocess.Popen(
            [
                *("bin/odoo", "-d", env.cr.dbname, "--workers", str(workers)),
                *("--http-port", str(PORT), "--gevent-port", str(PORT + 1)),
                *("--max-cron-threads", "0", "--logfile", str(self.log)),
            ],
            start_new_session=True,
            stderr=subprocess.DEVNULL,
        )
        for _n in range(240):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{PORT}/web/health", timeout=2)
                return
            except OSError:
                time.sleep(0.5)
        raise RuntimeError("The server didn't start.")

    def count_retries(self):
        return len(re.findall("tries left, try again", self.log.read_text()))

    def stop(self):
        os.killpg(self.process.pid, signal.SIGTERM)
        self.process.wait(60)


def make_sheets(number):
    """Return [(login, sheet id)] of members who can submit a sheet each."""
    contest, people = bench_generate.generate(env, number, members=30)
    sheets = env["hoithi.review"].sudo()
    sheets = sheets.search(
        [("contest_id", "=", contest.id), ("state", "=", "in_progress")]
    )
    found = {}
    for sheet in sheets:
        found.setdefault(sheet.user_id.login, sheet.id)
    return people, list(found.items())


def make_author(house, people, number, n):
    user = house["res.users"].create(
        {
            "name": f"Crowd {number} {n}",
            "login": f"crowd{n}@bench{number}.example.com",
            "company_id": people["company"].id,
            "company_ids": [(6, 0, people["company"].ids)],
            "group_ids": [(6, 0, house.ref("base.group_portal").ids)],
        }
    )
    house["hr.employee"].create(
        {
            "name": user.name,
            "work_contact_id": user.partner_id.id,
            "work_email": user.email,
            "department_id": people["units"][n % len(people["units"])].id,
            "company_id": people["company"].id,
        }
    )
    return user


def make_drafts(people, number, count):
    """Return (contest, [(login, entry id)]) of entries to submit."""
    house = env(
        context={**env.context, "allowed_company_ids": people["company"].ids},
        user=1,
        su=True,
    )
    contest = bench_generate.make_contest(house, people, f"{number} open")
    contest.with_user(people["secretary"]).action_launch()
    found = []
    for n in range(count):
        if n % DRAFTS == 0:
            user = make_author(house, people, number, n)
            own = house(user=user.id, su=False)
        entry = own["hoithi.entry"].create(
            {
                "name": f"Solution {number} of unit {n}",
                "contest_id": contest.id,
                "field_id": contest.sudo().field_ids[0].id,
                "solution_content": "What it does",
                "first_applied_date": date.today() - timedelta(days=30),
            }
        )
        for kind in contest.sudo().asked_dossier_type_ids.filtered("required"):
            own["hoithi.dossier.item"].create(
                {
                    "entry_id": entry.id,
                    "type_id": kind.id,
                    "filename": "entry.pdf",
                    "datas": bench_generate.base64.b64encode(bench_generate.PDF),
                }
            )
        found.append((user.login, entry.id))
    return contest, found


def make_tasks(login, count):
    """Return [(task id, token)] of tasks that a portal user can post to."""
    partner = env["res.users"].search([("login", "=", login)]).partner_id
    project = env["project.project"].create(
        {"name": f"Crowd {login}", "privacy_visibility": "portal"}
    )
    project.message_subscribe(partner.ids)
    tasks = env["project.task"].create(
        [{"name": f"Task {n}", "project_id": project.id} for n in range(count)]
    )
    tasks.message_subscribe(partner.ids)
    return tasks.ids


def report(name, workers, outcome, retries):
    seconds, each, wrong = outcome
    each = sorted(each)
    rate = len(each) / seconds
    print(
        f"| {name} | {workers} | {len(each)} | {rate:.1f} |"
        f" {each[len(each) // 2]:.2f} s | {each[-1]:.2f} s | {retries} |"
        f" {len(wrong)} |",
        flush=True,
    )
    for text in sorted(set(wrong)):
        print("    went wrong:", text)
    return rate


def main():
    prepared = []
    for workers in WORKERS:
        # a number of its own: logins and companies are named for it
        number = SIZE
        while env["res.company"].search_count([("name", "=", f"Bench {number}")]):
            number += 1
        people, sheets = make_sheets(number)
        contest, drafts = make_drafts(people, number, AUTHORS + 1)
        tasks = make_tasks(drafts[0][0], AUTHORS)
        prepared.append((workers, sheets, contest, drafts, tasks))
    env.cr.commit()
    print(bench_head.describe(env), end="\n\n")
    print(
        "| all at once | workers | of them | a second | half within | all within |",
        end="",
    )
    print(" tried again | not answered |\n" + "|---" * 8 + "|")
    with TemporaryDirectory() as folder:
        for workers, sheets, contest, drafts, tasks in prepared:
            server = Server(workers, folder)
            try:
                measure(server, workers, sheets, drafts, tasks)
            finally:
                server.stop()
            env.cr.rollback()
            env.invalidate_all()
            entries = env["hoithi.entry"].sudo()
            entries = entries.search(
                [("contest_id", "=", contest.id), ("receipt_number", "!=", False)]
            )
            numbers = sorted(
                int(re.search(r"\d+$", text)[0])
                for text in entries.mapped("receipt_number")
            )
            gapless = numbers == list(range(1, len(numbers) + 1))
            print(
                f"    receipts: {len(numbers)}, without gaps: {gapless};"
                f" ledger: {env['hoithi.ledger']._verify(contest) or 'whole'}"
            )


def measure(server, workers, sheets, drafts, tasks):
    retries = 0

    def crowd(name, acts):
        nonlocal retries
        outcome = run_at_once(acts, workers)
        again, retries = server.count_retries() - retries, server.count_retries()
        return report(name, workers, outcome, again)

    logins = {login for login, _id in [*sheets[:MEMBERS], *drafts]}
    visitors = {login: Visitor(login) for login in logins}
    # of each the first request is noted, and fills the caches of a worker
    for visitor in [*visitors.values()] * 2:
        visitor.ask("/web/session/get_session_info", {})
    first, entry = drafts[-1]
    visitors[first].press("hoithi.entry", [entry], "action_submit")
    crowd(
        "members submit a sheet",
        [
            lambda v=visitors[login], i=sheet: v.press(
                "hoithi.review", [i], "action_submit"
            )
            for login, sheet in sheets[:MEMBERS]
        ],
    )
    own = crowd(
        "authors submit an entry",
        [
            lambda v=visitors[login], i=entry: v.press(
                "hoithi.entry", [i], "action_submit"
            )
            for login, entry in drafts[:-1]
        ],
    )
    author = visitors[drafts[0][0]]
    odoo = crowd(
        "Odoo: posts of an author",
        [
            lambda i=task: author.ask(
                "/mail/message/post",
                {
                    "thread_model": "project.task",
                    "thread_id": i,
                    "post_data": {
                        "body": "A word",
                        "message_type": "comment",
                        "subtype_xmlid": "mail.mt_comment",
                    },
                },
            )
            for task in tasks
        ],
    )
    print(f"    submissions to Odoo's posts: {own / odoo:.2f}×")
    times = {path: [] for path in PAGES}
    for _n in range(PAGE_ROUNDS):
        for path, found in times.items():
            begun = time.perf_counter()
            author.open(path)
            found.append(time.perf_counter() - begun)
    least = {path: min(found) for path, found in times.items()}
    print("   ", ", ".join(f"{path}: {1000 * t:.0f} ms" for path, t in least.items()))


if __name__ != "bench_crowd":
    main()
