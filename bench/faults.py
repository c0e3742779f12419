"""Kill servers at random moments, and look afterwards whether anything is broken.

    bin/odoo -d faults -i hoithi_contest --with-demo --stop-after-init --no-http
    bin/odoo python bench/faults.py --database faults --kills 20 --restarts 10

For each act (submission, assignment, sheet, ballot, count, run, package, invitations,
notices, check, issue) two processes work through what there is to do, as workers of
the server do: each request in a transaction that is tried again where another one was
first, and scheduled actions as the server's own process runs them. They are killed
(SIGKILL) at a random moment and begun anew, as often as --kills says. In the end they
are left alone to finish. Where two do the same, as two who give out the next number,
one may be refused, by a sentence.

With --restarts PostgreSQL ends at once (`pg_ctl restart -m immediate`), as often as it
says, while one process submits and another one scores, in contests of their own; what
people were told goes wrong they do again. That is for the project's own cluster alone,
and refused while anybody else uses it.

Afterwards what must hold is looked at:

- the nightly check finds nothing, and the ledger is whole, in both directions;
- receipts count from 1 without a gap, and each is of one entry; what was said to be
  submitted is;
- each letter that was sent has one e-mail, and each e-mail its letter;
- each ballot handed in is in its box, and the counts are those of the votes;
- each review is assigned once, and each person invited once;
- each number of a paper is given once, and what is issued has its number and file;
- each file of the database is whole on the disk;
- no process and no folder of a conversion is left (folders once swept).

The database is left with what was made: take one that can be dropped. --seed repeats
the moments as far as a machine does the same twice. It ends with 1 where something is
broken.
"""

import argparse
import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from datetime import timedelta
from pathlib import Path

import bench_head
import psycopg2
from psycopg2.errors import SerializationFailure

import odoo.sql_db
from odoo import SUPERUSER_ID, fields
from odoo.api import Environment
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tools import SQL, config

VOTERS = 6
AUTHORS = ("staff", "internal", "head", "other_head")
CONTEXT = {"tracking_disable": True}


class Scene:
    """The contest that is worked on, made once by the makers of the addon's tests."""

    def __init__(self, database, rng, entries):
        self.database = database
        self.rng = rng
        self.entries = entries
        self.registry = Registry(database)
        self.ids = {}
        #: entries that their author was told are in
        self.told = []
        #: whether the database goes away under the work
        self.is_shaken = False

    # PROCESSES

    def fork(self, function, *arguments):
        """Start a process that runs a function; return its id and its answer's pipe."""
        odoo.sql_db.close_all()
        reader, writer = os.pipe()
        pid = os.fork()
        if pid:
            os.close(writer)
            return pid, reader
        code = 1
        try:
            os.close(reader)
            os.setpgid(0, 0)
            answer = function(*arguments)
            with os.fdopen(writer, "w") as pipe:
                json.dump(answer, pipe)
            code = 0
        except BaseException:  # noqa: BLE001 - it ends the process
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)

    def finish(self, process):
        """Wait for a process and return its answer; end the bench where it failed."""
        pid, reader = process
        with os.fdopen(reader) as pipe:
            answer = pipe.read()
        _pid, status = os.waitpid(pid, 0)
        if status:
            raise SystemExit(f"A process ended with {status}.")
        return json.loads(answer)

    def kill(self, process):
        """Kill a process as a power cut does; tell whether it was still at work."""
        pid, reader = process
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        _pid, status = os.waitpid(pid, 0)
        os.close(reader)
        if os.WIFEXITED(status) and os.WEXITSTATUS(status):
            raise SystemExit("A process failed by itself: see above.")
        return os.WIFSIGNALED(status)

    def ask(self, function, *arguments):
        return self.finish(self.fork(function, *arguments))

    # TRANSACTIONS

    def transact(self, login, act):
        """Run an act as a request of a person (None: the server's own) does."""
        while True:
            try:
                return self.request(login, act)
            except (psycopg2.OperationalError, psycopg2.InterfaceError):
                if not self.is_shaken:
                    raise
            # who is told that something went wrong does it again
            odoo.sql_db.close_all()
            time.sleep(0.2)

    def request(self, login, act):
        with self.registry.cursor() as cr:
            uid = SUPERUSER_ID
            if login:
                cr.execute("SELECT id FROM res_users WHERE login = %s", [f"t_{login}"])
                [uid] = cr.fetchone()
            env = Environment(cr, uid, dict(CONTEXT))
            result = retrying(lambda: act(env), env)
            cr.commit()
            return result

    def attempt(self, login, act):
        """Run an act that another process may have done; tell how it was refused."""
        try:
            self.transact(login, act)
        except UserError as error:
            return str(error)
        return ""

    # MAKING

    def make(self):
        """Make persons, council and contest, with entries whose sheets are open."""
        from odoo.addons.hoithi_contest.tests.council.session_common import (
            SessionCommon,
        )

        SessionCommon._keep_scenario(self.registry)

        def act(env):
            maker = type("Maker", (SessionCommon,), {"env": env})
            maker.registry = self.registry
            maker.company = env.ref("base.main_company")
            maker._find_scenario()
            maker.dossier_type = env.ref(
                "hoithi_contest.hoithi_dossier_type_description"
            )
            stamp = f"{time.time_ns()}"[-9:]
            # nobody is slowed down: what is tried here is another thing
            maker.company.hoithi_max_drafts = 200
            env["ir.config_parameter"].set_param(
                "hoithi_contest.rate_upload", "100000/60"
            )
            voters = maker._create_voters(VOTERS, f"faults{stamp}_")
            council = maker.council.copy({"name": f"Hội đồng {stamp}"})
            members = [maker.chair, maker.secretary, maker.member1, maker.member2]
            council.member_ids.unlink()
            council.write(
                {
                    "quorum_ratio": 0.6667,
                    "approval_ratio": 2 / 3,
                    "member_ids": [
                        *(
                            Command.create(
                                {"user_id": user.id, "role": role, "can_vote": False}
                            )
                            for user, role in zip(
                                members,
                                ("chair", "secretary", "member", "member"),
                                strict=True,
                            )
                        ),
                        *(
                            Command.create({"user_id": user.id, "can_score": False})
                            for user in voters
                        ),
                    ],
                }
            )
            maker.council = council
            maker.seats = {seat.user_id: seat for seat in council.member_ids}
            maker.contest = maker._create_contest(
                name=f"Hội thi thử lỗi {stamp}", edition_number=int(stamp) % 800 + 100
            )
            if not env["hoithi.agency"]._get_at(maker.company, fields.Date.today()):
                env["hoithi.agency"].create(
                    {
                        "name": "Sở Tài nguyên và Môi trường tỉnh Bắc Kạn",
                        "parent_name": "Ủy ban nhân dân tỉnh Bắc Kạn",
                        "symbol": "STNMT",
                        "place_name": "Bắc Kạn",
                        "province_name": "Bắc Kạn",
                        "head_title": "Giám đốc",
                        "company_id": maker.company.id,
                    }
                )
            maker._launch()
            return {"contest": maker.contest.id, "voters": [v.login for v in voters]}

        with self.registry.cursor() as cr:
            found = act(Environment(cr, SUPERUSER_ID, dict(CONTEXT)))
            cr.commit()
        return found

    def get_contest(self, env):
        return env["hoithi.contest"].browse(self.ids["contest"])

    # SUBMISSION

    def submit(self, number):
        """Hand in entries, as authors do on the portal: a draft, a file, the rest."""
        from odoo.addons.hoithi_contest.tests import common

        def hand_in(env, entry_id):
            entry = env["hoithi.entry"].browse(entry_id)
            # after an answer that was lost its page shows the receipt
            if not (self.is_shaken and entry.state == "submitted"):
                entry.action_submit()
            return entry_id

        told = []
        for count in range(self.entries):
            login = AUTHORS[(count + number) % len(AUTHORS)]
            mark = f"{os.getpid()}-{count}"

            def draft(env, mark=mark):
                entry = env["hoithi.entry"].create(
                    {
                        **common.ENTRY_VALUES,
                        "name": f"Giải pháp thử lỗi {mark}",
                        "contest_id": self.ids["contest"],
                        "field_id": self.get_contest(env).field_ids[:1].id,
                        "first_applied_date": fields.Date.today() - timedelta(days=400),
                    }
                )
                maker = type("Maker", (common.HoithiCommon,), {"env": env})
                maker.dossier_type = env.ref(
                    "hoithi_contest.hoithi_dossier_type_description"
                )
                maker._add_file(entry, common.PDF + f"% {mark}".encode())
                return entry.id

            entry_id = self.transact(login, draft)
            told.append(
                self.transact(login, lambda env, key=entry_id: hand_in(env, key))
            )
        return told

    # SHEETS

    def prepare_assignment(self):
        """Begin the review of what was submitted, and have two sheets made for each."""
        from odoo.addons.hoithi_contest.wizard.council import hoithi_review_assign

        def screen(env):
            contest = self.get_contest(env)
            entries = contest.entry_ids.filtered(lambda e: e.state == "submitted")
            entries.action_mark_eligible()
            contest.action_close_registration()
            contest.action_start_review()

        def assign(env):
            contest = self.get_contest(env)
            seats = contest.council_id.member_ids.filtered(
                lambda seat: seat.user_id.login in ("t_member1", "t_member2")
            )
            wizard = env["hoithi.review.assign"].create(
                {
                    "contest_id": contest.id,
                    "mode": "pick",
                    "entry_ids": [
                        Command.set(
                            contest.entry_ids.filtered(
                                lambda entry: entry.state in ("eligible", "reviewing")
                            ).ids
                        )
                    ],
                    "member_ids": [Command.set(seats.ids)],
                }
            )
            wizard.action_assign()

        self.transact("secretary", screen)
        self.work_runs()
        # also few of them in the background
        hoithi_review_assign.LARGE = 0
        self.transact("secretary", assign)
        return True

    def score(self, number):
        """Fill in and submit what is left of a member's sheets."""
        login = f"member{number + 1}"

        def find(env):
            return (
                env["hoithi.review"]
                .search(
                    [
                        ("contest_id", "=", self.ids["contest"]),
                        ("user_id", "=", env.uid),
                        ("state", "in", ("assigned", "in_progress")),
                    ],
                    order="id",
                )
                .ids
            )

        def score(env, review_id):
            review = env["hoithi.review"].browse(review_id)
            if review.state != "submitted":
                for line, score in zip(review.line_ids, (30, 40 + number), strict=True):
                    line.score = score

        def hand_in(env, review_id):
            review = env["hoithi.review"].browse(review_id)
            if not (self.is_shaken and review.state == "submitted"):
                review.action_submit()

        for review_id in self.transact(login, find):
            self.transact(login, lambda env, key=review_id: score(env, key))
            self.transact(login, lambda env, key=review_id: hand_in(env, key))
        return True

    # BALLOTS

    def prepare_session(self):
        """Open a session with a secret vote on each entry."""
        from odoo.addons.hoithi_contest.tests.council.session_common import PASSPHRASE

        def convene(env):
            contest = self.get_contest(env)
            contest.action_start_council()
            session = env["hoithi.session"].create(
                {"contest_id": contest.id, "ballot_mode": "secret"}
            )
            session.attendance_ids.write({"present": True})
            session.action_build_agenda()
            return session.id, session.tally_member_ids.user_id.mapped("login")

        session_id, tellers = self.transact("secretary", convene)
        self.ids["session"] = session_id
        for login in tellers:
            self.transact(
                login.removeprefix("t_"),
                lambda env, login=login: (
                    env["hoithi.session"]
                    .browse(session_id)
                    .action_make_teller_key(PASSPHRASE.format(login))
                ),
            )

        def begin(env):
            session = env["hoithi.session"].browse(session_id)
            session.action_open()
            for item in session.item_ids:
                item.action_start_vote()

        self.transact("secretary", begin)
        return {"session": session_id, "tellers": tellers}

    def vote(self, number):
        """Cast the votes that are left; the second process begins with the last."""

        def cast(env, item_id, choice):
            session = env["hoithi.session"].browse(self.ids["session"])
            if env["hoithi.session.item"].browse(item_id).my_vote == "to_vote":
                session.action_cast(item_id, choice)

        order = -1 if number else 1
        for place, item_id in enumerate(self.transact("secretary", self.get_items)):
            for rank, login in list(enumerate(self.ids["voters"]))[::order]:
                choice = "disagree" if rank == place % VOTERS else "agree"
                self.attempt(
                    login.removeprefix("t_"),
                    lambda env, key=item_id, choice=choice: cast(env, key, choice),
                )
        return True

    def get_items(self, env):
        return env["hoithi.session"].browse(self.ids["session"]).item_ids.ids

    def count(self, number):
        """Open what boxes are left by two tellers, who sit at two servers."""
        from odoo.addons.hoithi_contest.tests.council.session_common import PASSPHRASE

        def open_box(env, item_id, passphrase):
            item = env["hoithi.session.item"].browse(item_id)
            if item.state == "voting" and item.can_count:
                item.action_count(passphrase)

        order = -1 if number else 1
        for item_id in self.transact("secretary", self.get_items):
            for login in self.ids["tellers"][:2][::order]:
                self.attempt(
                    login.removeprefix("t_"),
                    lambda env, key=item_id, login=login: open_box(
                        env, key, PASSPHRASE.format(login)
                    ),
                )
        return True

    # BACKGROUND

    def prepare_run(self):
        """Begin a run of documents: a score sheet for each sheet."""
        self.transact(
            "secretary",
            lambda env: bool(self.get_contest(env).action_make_score_sheets()),
        )
        return True

    def prepare_package(self):
        """Close the session, and have the dossiers of who was selected packed."""

        def close(env):
            env["hoithi.session"].browse(self.ids["session"]).action_close()

        def pack(env):
            contest = self.get_contest(env)
            contest.action_create_nomination()
            contest.nomination_ids[:1].action_make_package()

        self.transact("secretary", close)
        self.transact("secretary", pack)
        return True

    def prepare_invitations(self):
        """Invite a new unit of staff to the portal."""

        def engage(env):
            unit = env["hr.department"].create(
                {"name": "Chi cục thử lỗi", "company_id": env.company.id}
            )
            env["hr.employee"].create(
                [
                    {
                        "name": f"Người được mời {number}",
                        "work_email": f"moi{unit.id}.{number}@faults.example.vn",
                        "department_id": unit.id,
                    }
                    for number in range(10 * self.entries)
                ]
            )
            return unit.id

        unit_id = self.transact(None, engage)

        def invite(env):
            env["hoithi.staff.invite"].create(
                {
                    "company_id": env.company.id,
                    "department_ids": [Command.set([unit_id])],
                }
            ).action_confirm()

        self.transact("secretary", invite)
        return True

    # PAPERS

    def prepare_issue(self):
        """Have papers approved that wait for their number."""

        def draft(env):
            today = self.get_contest(env)._get_today()
            documents = env["hoithi.document"].create(
                [
                    {
                        "kind": "notice",
                        "contest_id": self.ids["contest"],
                        "res_model": "hoithi.contest",
                        "res_id": self.ids["contest"],
                        "planned_on": today,
                    }
                    for _number in range(3 * self.entries)
                ]
            )
            for document in documents:
                document._generate(with_pdf=False)
            return documents.ids

        papers = self.transact("secretary", draft)

        def find(env):
            leader = env["res.users"].search([("login", "=", "t_leader")])
            documents = env["hoithi.document"].browse(papers)
            # who signs approves
            documents.signer_id.user_id = leader

        self.transact(None, find)
        self.transact(
            "leader",
            lambda env: env["hoithi.document"].browse(papers).action_approve(),
        )
        return {"papers": papers}

    def issue(self, number):
        """Issue what papers are left, each by the next number that is free."""

        def find(env):
            papers = env["hoithi.document"].browse(self.ids["papers"])
            return papers.filtered(lambda paper: paper.state == "approved").ids

        def issue(env, paper_id):
            paper = env["hoithi.document"].browse(paper_id)
            today = paper.contest_id._get_today()
            paper.action_issue(paper._get_next_number(today), today, "Thử lỗi")

        refusals = []
        for _round in range(20):
            papers = self.transact("secretary", find)
            # each has its own half; when it is done, it helps the other
            for paper_id in papers[number::2] or papers:
                refusals.append(
                    self.attempt("secretary", lambda env, key=paper_id: issue(env, key))
                )
            if not papers:
                break
        return list(filter(None, refusals))

    def work_runs(self, _number=0):
        return self.work("cron_work_runs")

    def send(self, _number):
        return self.work("cron_send_notices")

    def check(self, _number):
        return self.work("cron_check_invariants")

    def work(self, name):
        """Run a scheduled action as the server does, until nothing is left."""
        for _round in range(3):
            with self.registry.cursor() as cr:
                env = Environment(cr, SUPERUSER_ID, {})
                # Another process may be at it, or have just let go of it, and does
                # what is left. Of an action that was killed three times on end Odoo
                # says once that it timed out, and its button stumbles over the
                # traceback that this has not; the next time it is run.
                with contextlib.suppress(UserError, TypeError, SerializationFailure):
                    env.ref(f"hoithi_contest.{name}").method_direct_trigger()
                cr.commit()
        return True

    # KILLING

    def torment(self, work, kills, workers=2):
        """Have a work done by processes that are killed; return how many were.

        Where the work is done before it was killed as often, that is all.
        """
        begun = time.monotonic()
        killed, length = 0, 2.0
        for _try in range(kills):
            processes = [self.fork(work, number) for number in range(workers)]
            time.sleep(self.rng.uniform(0, length))
            hit = [self.kill(process) for process in processes]
            killed += sum(hit)
            if not any(hit):
                # it was done: the next are struck sooner
                length = max(length * 0.7, 0.2)
            else:
                length = min(length * 1.15, 20)
        for process in [self.fork(work, number) for number in range(workers)]:
            self.finish(process)
        return killed, time.monotonic() - begun

    # RESTARTING

    def shake(self, works, restarts):
        """Restart PostgreSQL at random moments under works; return how often it was.

        :param works: (scene, its method, its number) of each process
        :return: restarts under the work, seconds, and what the works answered
        """
        restart = find_restart(self.database)
        begun, done = time.monotonic(), 0
        processes = [scene.fork(work, number) for scene, work, number in works]
        while done < restarts:
            time.sleep(self.rng.uniform(0.3, 4))
            ended = [os.waitid(os.P_PID, pid, WAITING) for pid, _r in processes]
            if all(ended):
                break
            subprocess.run(restart, check=True, cwd="/", stdout=subprocess.DEVNULL)
            done += 1
        answers = [self.finish(process) for process in processes]
        return done, time.monotonic() - begun, answers

    # LOOKING

    def look(self):
        """Return what is broken, in sentences."""
        with self.registry.cursor() as cr:
            env = Environment(cr, SUPERUSER_ID, {})
            problems = [
                f"nightly check: {rule} of {record_id}"
                for rule, record_id in env["hoithi.check"]._run()
            ]
            contest = self.get_contest(env)
            problems += [
                f"ledger: {line}" for line in env["hoithi.ledger"]._verify(contest)
            ]
            problems += self.look_at_receipts(contest)
            problems += self.look_at_letters(env)
            problems += self.look_at_files(env)
            problems += self.look_at_votes(env)
            problems += self.look_at_doubles(env)
            problems += self.look_at_papers(env)
        problems += self.look_at_leftovers()
        return problems

    def look_at_receipts(self, contest):
        numbers = sorted(
            int(number.rpartition("/")[2])
            for number in contest.entry_ids.mapped("receipt_number")
            if number
        )
        if numbers != list(range(1, len(numbers) + 1)):
            yield f"receipts: {numbers}"
        lost = contest.entry_ids.filtered(
            lambda entry: bool(entry.submitted_on) != bool(entry.receipt_number)
        )
        if lost:
            yield f"entries submitted by half: {lost.ids}"
        told = contest.entry_ids.browse(self.told)
        if missing := told.filtered(lambda entry: not entry.submitted_on):
            yield f"entries said to be in that aren't: {missing.ids}"

    def look_at_letters(self, env):
        env.cr.execute(
            """SELECT notice.id, COUNT(mail.id) FROM hoithi_notice notice
                 LEFT JOIN mail_message message
                   ON message.message_id = notice.mail_reference
                 LEFT JOIN mail_mail mail ON mail.mail_message_id = message.id
                WHERE notice.state = 'sent' AND notice.mail_id IS NOT NULL
                GROUP BY notice.id HAVING COUNT(mail.id) <> 1"""
        )
        yield from (f"letters of notice {key}: {count}" for key, count in cr_rows(env))
        env.cr.execute(
            """SELECT mail.id FROM mail_mail mail
                 JOIN mail_message message ON message.id = mail.mail_message_id
                WHERE message.model LIKE 'hoithi.%%' AND mail.state = 'outgoing'
                  AND message.email_from IS NOT NULL
                  AND NOT EXISTS (SELECT 1 FROM hoithi_notice notice
                                   WHERE notice.mail_id = mail.id)
                  AND message.message_type = 'email'"""
        )
        yield from (f"an e-mail of no notice: {key}" for (key,) in cr_rows(env))

    def look_at_files(self, env):
        files = env["ir.attachment"].search(
            [("store_fname", "!=", False), ("res_model", "=like", "hoithi.%")]
        )
        for file in files:
            path = Path(file._full_path(file.store_fname))
            if not path.is_file() or not file._is_whole(path):
                yield f"file {file.id} ({file.name}) isn't whole"

    def look_at_votes(self, env):
        if "session" not in self.ids:
            return
        for item in env["hoithi.session"].browse(self.ids["session"]).item_ids:
            ballots = env["hoithi.ballot"].search_count([("item_id", "=", item.id)])
            voted = item.voter_ids.filtered("voted")
            if ballots != len(voted):
                yield f"item {item.id}: {len(voted)} voted, {ballots} ballots"
            if item.state == "counted" and item.agree + item.disagree != len(voted):
                yield f"item {item.id}: the count isn't that of the votes"

    def look_at_doubles(self, env):
        env.cr.execute(
            """SELECT entry_id, member_id FROM hoithi_review
                WHERE contest_id = %s AND state NOT IN ('void', 'recused')
                GROUP BY entry_id, member_id HAVING COUNT(*) > 1""",
            [self.ids["contest"]],
        )
        yield from (f"assigned twice: {pair}" for pair in cr_rows(env))
        env.cr.execute(
            """SELECT line.email, COUNT(users.id)
                 FROM hoithi_staff_invite_run_line line
                 LEFT JOIN res_users users ON users.login = line.email
                WHERE line.email LIKE '%%@faults.example.vn' AND line.state = 'done'
                GROUP BY line.id HAVING COUNT(users.id) <> 1"""
        )
        yield from (f"invited, logins: {line}" for line in cr_rows(env))

    def look_at_papers(self, env):
        env.cr.execute(
            """SELECT series, number_year, number_key FROM hoithi_document
                WHERE number_key IS NOT NULL
                GROUP BY company_id, series, number_year, number_key
               HAVING COUNT(*) > 1"""
        )
        yield from (f"a number given twice: {row}" for row in cr_rows(env))
        for paper in env["hoithi.document"].browse(self.ids.get("papers", ())):
            marks = {
                paper.state == "issued",
                *map(bool, (paper.number, paper.issued_on)),
            }
            if len(marks) > 1 or not paper.docx_id:
                yield f"paper {paper.id} is issued by half"

    def look_at_leftovers(self):
        from odoo.addons.hoithi_contest.lib.guard import scratch

        # whoever watches LibreOffice sees within moments that its server is gone
        time.sleep(2)
        own = tempfile.gettempdir().encode()
        for path in Path("/proc").glob("[0-9]*/cmdline"):
            with contextlib.suppress(OSError):
                words = path.read_bytes().split(b"\0")
                if any(own in word for word in words):
                    yield f"process {path.parent.name} is left: {words[:4]}"
        scratch.sweep(age=0)
        left = list(Path(tempfile.gettempdir()).iterdir())
        if left:
            yield f"is left: {left}"


#: A process that has ended is left to be waited for.
WAITING = os.WEXITED | os.WNOHANG | os.WNOWAIT


def cr_rows(env):
    return env.cr.fetchall()


def find_restart(database):
    """Return the command that ends PostgreSQL at once and starts it again.

    :raises SystemExit: where the cluster isn't the project's own, or others use it
    """
    with contextlib.closing(psycopg2.connect(dbname="postgres")) as connection:
        cursor = connection.cursor()
        cursor.execute("SHOW data_directory")
        data = Path(cursor.fetchone()[0])
        cursor.execute(
            "SELECT DISTINCT datname FROM pg_stat_activity"
            " WHERE datname NOT IN ('postgres', %s)",
            [database],
        )
        others = [name for (name,) in cursor.fetchall()]
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    # by which bin/odoo knows the clusters that it made
    if not (data / "made").exists() or not programs:
        raise SystemExit("PostgreSQL is restarted on the project's own cluster alone.")
    if others:
        raise SystemExit(f"PostgreSQL isn't restarted: {others} are in use.")
    as_owner = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    return [
        *(*as_owner, str(programs[-1] / "pg_ctl"), "restart", "-D", str(data)),
        *("-m", "immediate", "-w", "-l", str(data.parent / "postgres.log")),
    ]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--database", required=True)
    parser.add_argument("--kills", type=int, default=20, help="of each act")
    parser.add_argument(
        "--acts", default="", help="the acts to kill, by commas; others are left alone"
    )
    parser.add_argument(
        "--restarts", type=int, default=0, help="of PostgreSQL, on the own cluster"
    )
    parser.add_argument("--entries", type=int, default=6, help="of each author process")
    parser.add_argument("--seed", type=int, default=None)
    options = parser.parse_args()
    seed = options.seed if options.seed is not None else random.randrange(10**6)
    config.parse_config(
        [
            *("-d", options.database, "--no-http", "--max-cron-threads", "0"),
            *("--log-level", "error", "--log-handler", "pikepdf:ERROR"),
            # what another transaction was first with is tried again, and no error
            *("--log-handler", "odoo.sql_db:CRITICAL"),
        ]
    )
    # what is left there is this bench's, and no other server's
    with tempfile.TemporaryDirectory(
        prefix="faults-", ignore_cleanup_errors=True
    ) as own:
        tempfile.tempdir = os.environ["TMPDIR"] = own
        return play(
            Scene(options.database, random.Random(seed), options.entries),
            options.kills,
            options.restarts,
            seed,
            set(filter(None, options.acts.split(","))),
        )


def play(scene, kills, restarts, seed, chosen):
    """Have acts tormented, tell what came of it, and return the exit code."""
    if restarts:
        find_restart(scene.database)
    print(bench_head.describe(), flush=True)
    print(f"seed {seed}, {kills} kills of each act", flush=True)
    scene.ids |= scene.ask(scene.make)
    acts = [
        ("submission", None, scene.submit),
        ("assignment", scene.prepare_assignment, scene.work_runs),
        ("sheet", None, scene.score),
        ("ballot", scene.prepare_session, scene.vote),
        ("count", None, scene.count),
        ("run", scene.prepare_run, scene.work_runs),
        ("package", scene.prepare_package, scene.work_runs),
        ("invitations", scene.prepare_invitations, scene.work_runs),
        ("notices", None, scene.send),
        ("check", None, scene.check),
        ("issue", scene.prepare_issue, scene.issue),
    ]
    if chosen:
        # what follows the last of them is nobody's matter
        while acts and acts[-1][0] not in chosen:
            acts.pop()
    problems, total = [], 0
    for name, prepare, work in acts:
        if prepare:
            found = scene.ask(prepare)
            scene.ids |= found if isinstance(found, dict) else {}
        is_chosen = not chosen or name in chosen
        killed, seconds = scene.torment(work, kills if is_chosen else 0)
        total += killed
        found = scene.ask(scene.look)
        problems += [f"after {name}: {problem}" for problem in found]
        print(
            f"{name:<11} {killed:>3} killed at work, {seconds:6.1f} s, "
            f"{len(found)} broken",
            flush=True,
        )
    if restarts:
        problems += shake(scene, restarts)
    print(*problems, sep="\n")
    print(f"{total} killed, {len(problems)} broken")
    return 1 if problems else 0


def shake(scene, restarts):
    """Restart PostgreSQL while one submits and another one scores; return problems."""
    # one that is open, and one whose sheets wait
    opened, scored = (
        Scene(scene.database, scene.rng, 4 * scene.entries) for _n in range(2)
    )
    for one in (opened, scored):
        one.ids |= one.ask(one.make)
    scored.ask(scored.submit, 0)
    scored.ask(scored.prepare_assignment)
    scored.ask(scored.work_runs)
    # the project's cluster doesn't wait for the disk: here an answer is a promise
    with scene.registry.cursor() as cr:
        cr.execute(
            SQL(
                "ALTER DATABASE %s SET synchronous_commit = on",
                SQL.identifier(scene.database),
            )
        )
        cr.commit()
        # Where PostgreSQL ends before its next checkpoint, the sequences of a database
        # that was copied from a template go back to the template's.
        cr.execute("CHECKPOINT")
        cr.commit()
    opened.is_shaken = scored.is_shaken = True
    done, seconds, (told, _scored) = scene.shake(
        [(opened, opened.submit, 0), (scored, scored.score, 0)], restarts
    )
    opened.told = told
    problems = [
        f"after restart: {problem}"
        for one in (opened, scored)
        for problem in one.ask(one.look)
    ]
    print(
        f"{'restart':<11} {done:>3} times under the work, {seconds:6.1f} s, "
        f"{len(problems)} broken",
        flush=True,
    )
    return problems


if __name__ == "__main__":
    sys.exit(main())
