import itertools
import json
from datetime import timedelta
from unittest.mock import patch

import psycopg2
from psycopg2.errors import SerializationFailure

from odoo import SUPERUSER_ID, fields
from odoo.exceptions import AccessError, UserError
from odoo.modules.module import load_script
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from ...lib.council import evidence
from ...lib.council.anchor_file import AnchorFile
from ...models.contest import hoithi_check
from ...models.guard.hoithi_guard_mixin import Load
from ..common import HoithiCommon, KilledError


@tagged("post_install", "-at_install")
class TestLedger(HoithiCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._launch()
        cls.entry = cls._eligible_entry()
        cls._start_review()
        cls.first, cls.second = cls._assign(cls.entry, cls.member1, cls.chair)
        cls._score(cls.first, 30, 40)
        cls.ledger = cls.env["hoithi.ledger"]

    def _rows(self):
        # as at the end of the transaction
        self.ledger._settle()
        return self.ledger.search([("contest_id", "=", self.contest.id)])

    def _problems(self):
        return self.ledger._verify(self.contest)

    def test_every_act_that_counts_is_chained(self):
        self._score(self.second, 31, 41)
        self.first.with_user(self.secretary).action_reopen(reason="Nhầm hồ sơ")
        self._score(self.first, 29, 39)
        self.contest.with_user(self.secretary).action_start_council()
        self.entry.with_user(self.secretary).action_not_select(
            reason="Chưa đủ minh chứng"
        )
        self._close()
        rows = self._rows()
        self.assertEqual(
            rows.mapped("event"),
            [
                "entry.submitted",
                "copies.given",
                "copies.given",
                "review.submitted",
                "review.submitted",
                "review.reopened",
                "review.submitted",
                "entry.not_selected",
                "contest.sealed",
            ],
        )
        self.assertEqual(rows.mapped("position"), list(range(1, 10)))
        self.assertEqual(rows[3].user_id, self.member1)
        for before, after in itertools.pairwise(rows):
            self.assertEqual(after.previous_hash, before.hash)
        self.assertEqual(self.contest.ledger_digest, rows[-1].hash)
        self.assertFalse(self._problems())
        for row in rows.filtered(lambda row: row.event == "review.submitted"):
            self.assertEqual(
                list(json.loads(row.payload)), ["facts"], "it doesn't tell scores"
            )

    def test_a_sealed_ledger_takes_no_more(self):
        self._score(self.second, 31, 41)
        self.contest.with_user(self.secretary).action_start_council()
        self.entry.with_user(self.secretary).action_not_select(reason="Không chọn")
        self._close()
        with self.assertRaises(UserError):
            self.ledger._append(self.contest, "review.voided", self.first, {})

    def test_a_recusal_and_a_void_review_are_recorded(self):
        self.second.action_recuse(reason="Họ hàng với tác giả")
        self.first.with_user(self.secretary).action_void(reason="Sai hội đồng")
        self.assertEqual(
            self._rows().mapped("event")[-5:],
            [
                *("review.submitted", "review.recused", "review.voided"),
                # they go with the sheets
                *("copies.given", "copies.given"),
            ],
        )

    def test_nobody_changes_it_through_odoo(self):
        row = self._rows()[-1]
        for user in (self.secretary, self.leader):
            self.assertTrue(row.with_user(user).event)
            with self.assertRaises(AccessError):
                row.with_user(user).check_access("write")
            with self.assertRaises(AccessError):
                row.with_user(user).check_access("unlink")
            with self.assertRaises(AccessError):
                self.ledger.with_user(user).check_access("create")
            with self.assertRaises(UserError):
                row.with_user(user).write({"event": "x"})
        with self.assertRaises(UserError):
            row.write({"event": "x"})
        with self.assertRaises(UserError):
            row.unlink()
        for user in (
            self.staff,
            self.internal,
            self.member1,
            self.publisher,
            self.admin,
        ):
            with self.assertRaises(AccessError):
                row.with_user(user).read(["event"])

    @mute_logger("odoo.sql_db")
    def test_nobody_changes_it_through_sql(self):
        row = self._rows()[-1]
        self.env.flush_all()
        for statement in (
            "UPDATE hoithi_ledger SET payload = '{}' WHERE id = %s",
            "DELETE FROM hoithi_ledger WHERE id = %s",
            "TRUNCATE hoithi_ledger",
        ):
            with self.assertRaises(psycopg2.IntegrityError), self.env.cr.savepoint():
                self.env.cr.execute(statement, (row.id,) if "%s" in statement else None)
        self.assertFalse(self._problems())

    def _tamper(self, statement, *parameters):
        """Do what only an owner of the database can: take the trigger away."""
        self.env.flush_all()
        self.env.cr.execute("ALTER TABLE hoithi_ledger DISABLE TRIGGER USER")
        self.env.cr.execute(statement, parameters)
        self.env.cr.execute("ALTER TABLE hoithi_ledger ENABLE TRIGGER USER")
        self.env.invalidate_all()

    def test_a_changed_row_is_found(self):
        self._tamper(
            "UPDATE hoithi_ledger SET user_id = %s WHERE contest_id = %s",
            self.chair.id,
            self.contest.id,
        )
        self.assertEqual(len(self._problems()), len(self._rows()))

    def test_a_missing_row_is_found(self):
        self._score(self.second, 31, 41)
        self.assertFalse(self._problems())
        first, *_rest, last = self._rows()
        self._tamper("DELETE FROM hoithi_ledger WHERE id = %s", last.id)
        self.assertTrue(self._problems(), "also the last one")
        self._tamper("DELETE FROM hoithi_ledger WHERE id = %s", first.id)
        self.assertTrue(self._problems())

    def test_a_changed_score_is_found(self):
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE hoithi_review_line SET score = 40 WHERE id = %s",
            (self.first.line_ids[0].id,),
        )
        self.env.invalidate_all()
        self.assertEqual(len(self._problems()), 1)
        self.assertIn(str(self.first.id), self._problems()[0])
        with mute_logger("odoo.addons.hoithi_contest.models.contest.hoithi_check"):
            broken = self.env["hoithi.entry"]._cron_check_invariants()
        self.assertIn(self.contest.id, [contest for _rule, contest in broken])

    def test_a_changed_place_is_found(self):
        self._score(self.second, 31, 41)
        self.assertEqual(self.entry.sudo().rank, 1)
        entries = self.env["hoithi.entry"]
        self.assertNotIn(("rank", self.entry.id), entries._get_broken_invariants())
        self.env.cr.execute(
            "UPDATE hoithi_entry SET rank = 2 WHERE id = %s", (self.entry.id,)
        )
        self.assertIn(("rank", self.entry.id), entries._get_broken_invariants())

    def test_the_button_tells(self):
        good = self.contest.with_user(self.secretary).action_verify_ledger()
        self.assertEqual(good["params"]["type"], "success")
        self._tamper(
            "UPDATE hoithi_ledger SET payload = '{}' WHERE contest_id = %s",
            self.contest.id,
        )
        bad = self.contest.with_user(self.secretary).action_verify_ledger()
        self.assertEqual(bad["params"]["type"], "danger")
        with self.assertRaises(AccessError):
            self.contest.with_user(self.internal).action_verify_ledger()
        elsewhere = self.env["res.company"].create({"name": "Sở Nội vụ"})
        stranger = self.leader.copy(
            {
                "login": "t_leader_elsewhere",
                "company_id": elsewhere.id,
                "company_ids": [(6, 0, elsewhere.ids)],
            }
        )
        with self.assertRaises(AccessError):
            self.contest.with_user(stranger).action_verify_ledger()

    def test_a_conflict_hides_the_rows_of_the_entry(self):
        self.assertTrue(self._rows()[-1].with_user(self.leader).event)
        self.env["hoithi.entry.author"].create(
            {
                "entry_id": self.entry.id,
                "partner_id": self.leader.partner_id.id,
                "contribution_percent": 0,
            }
        )
        rows = self._rows().filtered("entry_id")
        with self.assertRaises(AccessError):
            rows.with_user(self.leader).read(["event"])

    def test_a_dossier_on_paper_by_people_without_address_breaks_no_rule(self):
        contest = self._create_contest(edition_number=10)
        self._launch(contest)
        entry = self._create_entry(
            self.secretary,
            contest=contest,
            author_ids=[
                (
                    0,
                    0,
                    {
                        "full_name": "Triệu Thị Xa",
                        "is_outsider": True,
                        "workplace": "Trường THPT Chợ Mới",
                        "is_representative": True,
                        "contribution_percent": 100,
                    },
                )
            ],
        )
        entry.action_submit()
        self._rows()
        self.assertFalse(entry.sudo().author_ids.partner_id)
        broken = self.env["hoithi.entry"]._get_broken_invariants()
        self.assertNotIn(("receipt", entry.id), broken)
        notice = self.env["hoithi.notice"].search(
            [("kind", "=", "receipt"), ("res_id", "=", self.entry.id)]
        )
        notice.with_user(SUPERUSER_ID).unlink()
        broken = self.env["hoithi.entry"]._get_broken_invariants()
        self.assertIn(("receipt", self.entry.id), broken)

    def test_a_conflict_hides_the_seal_with_the_places(self):
        self._score(self.second, 31, 41)
        contest = self.contest.with_user(self.secretary)
        contest.action_start_council()
        self.entry.with_user(self.secretary).action_not_select(reason="Chưa đủ")
        self._close()
        seal = self._rows()[-1].with_user(self.secretary)
        self.assertIn("results", seal.payload)
        self.env["hoithi.entry.author"].create(
            {
                "entry_id": self.entry.id,
                "partner_id": self.secretary.partner_id.id,
                "contribution_percent": 0,
            }
        )
        self.env.invalidate_all()
        rows = self.ledger.with_user(self.secretary).search([])
        self.assertFalse(rows & seal)
        with self.assertRaises(AccessError):
            seal.read(["payload"])
        path = contest.action_export_evidence()
        self.assertTrue(path)
        self.assertFalse(self._problems(), "the check is the server's")

    def test_who_may_not_know_sees_that_there_is_a_row(self):
        row = self._rows()[-1]
        own = row.with_user(self.leader)
        self.assertEqual(own.event, "review.submitted")
        self.assertTrue(own.hash)
        for name in ("res_id", "entry_id", "user_id", "payload", "salt"):
            with self.subTest(field=name), self.assertRaises(AccessError):
                own.read([name])
        self.assertEqual(row.with_user(self.secretary).user_id, self.member1)
        with self.assertRaises(AccessError):
            row.with_user(self.secretary).read(["salt"])

    def test_a_row_without_a_salt_is_the_secretarys_alone(self):
        row = self._rows()[-1]
        self._tamper(
            "UPDATE hoithi_ledger SET version = 1, salt = NULL WHERE id = %s", row.id
        )
        ledger = self.ledger.with_user(self.leader)
        own = ledger.search([("contest_id", "=", self.contest.id)])
        self.assertNotIn(row, own)
        self.assertEqual(len(own), len(self._rows()) - 1, "those with a salt stay")
        with self.assertRaises(AccessError):
            row.with_user(self.leader).read(["hash"])
        self.assertEqual(row.with_user(self.secretary).version, 1)

    def test_a_score_isnt_found_by_trying(self):
        """Without the salt the same sheet has another fingerprint each time."""
        row = self._rows()[-1]
        [(kind, record_id, digest)] = json.loads(row.payload)["facts"]
        self.assertEqual((kind, record_id), ("sheet", self.first.id))
        sheet = self.first.sudo()._get_sheet()
        self.assertNotEqual(digest, evidence.fingerprint(sheet))
        self.assertEqual(digest, evidence.fact_digest(row.sudo().salt, sheet))

    def test_who_may_read_a_fact_can_prove_it(self):
        """A member takes the own sheet and the row's salt, and needs nobody."""
        ledger = self.ledger.with_user(self.member1)
        [opening] = ledger.get_openings("hoithi.review", self.first.id)
        self.assertEqual(evidence.commitment(opening), opening["commitment"])
        self.assertEqual(evidence.row_hash(opening), opening["hash"])
        [(_kind, _id, salt, digest)] = evidence.attested(opening)
        sheet = self.first.sudo()._get_sheet()
        self.assertEqual(evidence.fact_digest(salt, sheet), digest)
        for user in (self.leader, self.staff, self.chair, self.admin):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.ledger.with_user(user).get_openings("hoithi.review", self.first.id)
        [opening] = self.ledger.with_user(self.staff).get_openings(
            "hoithi.entry", self.entry.id
        )
        self.assertEqual(opening["event"], "entry.submitted")
        with self.assertRaises(UserError):
            ledger.get_openings("res.users", self.member1.id)

    def test_many_rows_cost_as_one(self):
        def append(count):
            events = [("review.voided", self.first, {}, None)] * count
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self.ledger._append_all(self.contest, events)
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        append(1)
        self.assertEqual(append(2), append(60))

    def _count_reading(self, model, contest):
        """Return how many facts a contest has, and how many queries they take."""
        self._make_copies()
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        facts = [
            (kind, content, [file._get_sha256() for file in files])
            for kind, _record, content, files in self.env[model]._iter_ledger_facts(
                contest
            )
        ]
        return len(facts), self.env.cr.sql_log_count - before

    def test_facts_of_many_cost_as_those_of_few(self):
        contest = self._create_contest(edition_number=10)
        self._launch(contest)
        for user in (self.staff, self.internal):
            first = self._eligible_entry(user, contest=contest)
        self._assign(first, self.member1)
        entries, few = self._count_reading("hoithi.entry", contest)
        sheets, some = self._count_reading("hoithi.review", contest)
        for user in (self.head, self.coauthor):
            entry = self._eligible_entry(user, contest=contest)
            self._assign(entry, self.member1, self.member2)
        self.assertEqual(
            self._count_reading("hoithi.entry", contest), (entries + 4, few)
        )
        self.assertEqual(
            self._count_reading("hoithi.review", contest), (sheets + 4, some)
        )

    def test_rows_of_the_first_version_are_read(self):
        """As they stand in a database that comes from an earlier release."""
        sheet = evidence.fingerprint(self.first.sudo()._get_sheet())
        row = {
            "version": 1,
            "contest_id": self.contest.id,
            "position": 1,
            "event": "review.submitted",
            "res_model": "hoithi.review",
            "res_id": self.first.id,
            "user_id": self.member1.id,
            "entry_id": self.entry.id,
            "recorded_on": "2026-01-02 03:04:05",
            "payload": evidence.canonical({"sheet": sheet}),
            "previous_hash": evidence.GENESIS,
        }
        values = {
            **row,
            "hash": evidence.row_hash(row),
            "company_id": self.company.id,
        }
        self._rows()
        self._tamper("DELETE FROM hoithi_ledger")
        names = SQL(", ").join(map(SQL.identifier, values))
        self.env.cr.execute(
            SQL(
                "INSERT INTO hoithi_ledger (%s) VALUES %s",
                names,
                tuple(values.values()),
            )
        )
        self.env.cr.execute(
            "UPDATE hoithi_contest SET ledger_length = 1 WHERE id = %s",
            (self.contest.id,),
        )
        self.env.invalidate_all()
        codes = [problem.code for problem in self.ledger._get_problems(self.contest)]
        self.assertEqual(set(codes), {"fact_without_row"}, "it held sheets alone")
        load_script(
            "hoithi_contest/migrations/19.0.1.2.0/post-stock_ledger.py", "stock"
        ).migrate(self.cr, "19.0.1.1.0")
        self.env.invalidate_all()
        self.assertEqual(self._rows().mapped("version"), [1, 2])
        self.assertFalse(self._problems())
        self._score(self.second, 31, 41)
        self.assertFalse(self._problems())
        self.env.cr.execute(
            "UPDATE hoithi_review_line SET score = 40 WHERE id = %s",
            (self.first.line_ids[0].id,),
        )
        self.env.invalidate_all()
        self.assertEqual(len(self._problems()), 1)

    # ANCHORS

    def test_the_end_of_the_chain_is_noted_outside(self):
        keeper = self.env["res.partner"].create(
            {"name": "Thanh tra", "email": "thanhtra@example.vn"}
        )
        self.company.hoithi_anchor_partner_id = keeper
        head = self._rows()[-1]
        anchors = self.env["hoithi.ledger.anchor"]
        anchors._cron_anchor()
        lines = list(anchors._get_file().read_lines())
        self.assertEqual(
            [(line["position"], line["hash"]) for line in lines],
            [(head.position, head.hash)],
        )
        key = self.anchors / "anchor.key"
        self.assertEqual(key.stat().st_mode & 0o777, 0o600)
        notices = self.env["hoithi.notice"].search([("kind", "=", "ledger_anchor")])
        told = notices.partner_id
        self.assertIn(keeper, told)
        self.assertLessEqual(self.chair.partner_id | self.secretary.partner_id, told)
        letter = notices.filtered(lambda notice: notice.partner_id == keeper)._compose()
        self.assertIn(head.hash, letter["body_html"])
        anchors._cron_anchor()
        self.assertEqual(len(list(anchors._get_file().read_lines())), 1)
        self._score(self.second, 31, 41)
        anchors._cron_anchor()
        self.assertEqual(len(list(anchors._get_file().read_lines())), 2)
        self.assertFalse(self._problems())

    def test_a_copied_database_says_that_it_is_one(self):
        anchors = self.env["hoithi.ledger.anchor"]
        anchors._cron_anchor()
        original = anchors._get_file().path
        # as Odoo does when a database is copied or restored as a copy
        self.env["ir.config_parameter"].set_param("database.uuid", "another")
        [problem] = self._problems()
        self.assertIn("is a copy", problem)
        self.assertIn(original.stem, problem)
        anchors._cron_anchor()
        self.assertNotEqual(anchors._get_file().path, original)
        self.assertFalse(self._problems(), "from the next day on it has its own")
        # beside the original, what was noted there goes on counting
        original.write_text(original.read_text().replace('"hash":"', '"hash":"0'))
        self.assertTrue(self._problems())
        original.unlink()
        anchors._get_file().path.unlink()
        self.assertIn("is a copy", self._problems()[0])

    def test_a_file_of_anchors_that_is_gone_is_told(self):
        anchors = self.env["hoithi.ledger.anchor"]
        anchors._cron_anchor()
        anchors._get_file().path.unlink()
        self.assertEqual(self._problems(), ["The file of anchors is gone, or its key."])


@tagged("post_install", "-at_install")
class TestStepsAside(HoithiCommon):
    """What the night looks after gives way to those who work, and comes again."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._launch()
        cls.entry = cls._eligible_entry()
        cls.env.flush_all()

    def test_the_anchors_step_aside_and_are_noted_once(self):
        file = self.env["hoithi.ledger.anchor"]._get_file()

        def get_lines():
            return [
                (line["contest_id"], line["position"])
                for line in file.read_lines()
                if line.get("contest_id") == self.contest.id
            ]

        self.assertTrue(self.contest.ledger_length)
        append = AnchorFile.append
        told = []

        def fail(file, heads):
            # written to the file, and then the database takes it back
            append(file, heads)
            told.append(heads)
            if len(told) == 1:
                raise SerializationFailure("could not serialize access")

        with patch.object(AnchorFile, "append", fail):
            self._run_cron("cron_anchor_ledger")
        self.env.invalidate_all()
        self.assertEqual(self.contest.anchored_length, self.contest.ledger_length)
        lines = get_lines()
        self.assertEqual(len(lines), len(set(lines)))
        self.assertIn((self.contest.id, self.contest.ledger_length), lines)

    def test_the_check_steps_aside_and_goes_on(self):
        check = self.registry["hoithi.check"]
        look, calls = check._check_contest, []

        def fail(self, contest):
            calls.append(contest.id)
            if len(calls) == 1:
                raise SerializationFailure("could not serialize access")
            return look(self, contest)

        with patch.object(check, "_check_contest", fail):
            self._run_cron("cron_check_invariants")
        self.env.invalidate_all()
        self.assertGreater(len(calls), 1)
        self.assertEqual(calls[0], calls[1], "what it stepped aside from comes again")
        self.assertTrue(self.contest.checked_on)

    def test_what_the_check_dies_over_is_left_out(self):
        """Twice; all others are checked, and the health names the one."""
        check = self.registry["hoithi.check"]
        look, begun = check._check_contest, []
        other = self._create_contest(name="Hội thi khác")

        def die(model, contest):
            begun.append(contest.id)
            if contest.id == self.contest.id:
                raise KilledError
            return look(model, contest)

        with patch.object(check, "_check_contest", die):
            for _night in range(2):
                self._run_cron_killed("cron_check_invariants")
            with self.assertLogs(hoithi_check.__name__, "ERROR"):
                self._run_cron("cron_check_invariants")
        self.env.invalidate_all()
        self.assertEqual(begun.count(self.contest.id), 2)
        self.assertEqual(len(begun), len(set(begun)) + 1, "nothing else twice")
        self.assertTrue(other.checked_on)
        self.assertFalse(self.contest.checked_on)

    def test_what_is_over_is_checked_once_a_week(self):
        check = self.env["hoithi.check"].with_context(ir_cron_progress_id=1)
        now = fields.Datetime.now()
        contest = self.contest.with_context(hoithi_door=Load())
        for state, vals, is_chosen in (
            ("council", {"checked_on": now}, True),
            ("closed", {"checked_on": now}, False),
            ("closed", {"checked_on": now, "broken_count": 1}, True),
            ("closed", {"checked_on": now - timedelta(days=7)}, True),
        ):
            contest.write({"state": state, "broken_count": 0, **vals})
            chosen = check._choose_contest(contest.id - 1)
            self.assertEqual(chosen == contest, is_chosen, (state, vals))
        # what was found broken is looked at whole, the rules first
        contest.write({"broken_count": 1, "checked_on": now})
        check._check_rules(self.contest)
        self.assertEqual(check._choose_contest(contest.id - 1), contest)
