import itertools
import json

import psycopg2

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import HoithiCommon


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
        self.contest.with_user(self.secretary).action_close()
        rows = self._rows()
        self.assertEqual(
            rows.mapped("event"),
            [
                "review.submitted",
                "review.submitted",
                "review.reopened",
                "review.submitted",
                "entry.not_selected",
                "contest.sealed",
            ],
        )
        self.assertEqual(rows.mapped("position"), [1, 2, 3, 4, 5, 6])
        self.assertEqual(rows[0].user_id, self.member1)
        for before, after in itertools.pairwise(rows):
            self.assertEqual(after.previous_hash, before.hash)
        self.assertEqual(self.contest.ledger_digest, rows[-1].hash)
        self.assertFalse(self._problems())
        for row in rows.filtered(lambda row: row.event == "review.submitted"):
            self.assertEqual(
                list(json.loads(row.payload)), ["sheet"], "it doesn't tell scores"
            )

    def test_a_sealed_ledger_takes_no_more(self):
        self._score(self.second, 31, 41)
        self.contest.with_user(self.secretary).action_start_council()
        self.entry.with_user(self.secretary).action_not_select(reason="Không chọn")
        self.contest.with_user(self.secretary).action_close()
        with self.assertRaises(UserError):
            self.ledger._append(self.contest, "review.voided", self.first, {})

    def test_a_recusal_and_a_void_review_are_recorded(self):
        self.second.action_recuse(reason="Họ hàng với tác giả")
        self.first.with_user(self.secretary).action_void(reason="Sai hội đồng")
        self.assertEqual(
            self._rows().mapped("event"),
            ["review.submitted", "review.recused", "review.voided"],
        )

    def test_nobody_changes_it_through_odoo(self):
        row = self._rows()
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
        row = self._rows()
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
        self.assertEqual(len(self._problems()), 1)

    def test_a_missing_row_is_found(self):
        self._score(self.second, 31, 41)
        self.assertFalse(self._problems())
        first, last = self._rows()
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
        with mute_logger("odoo.addons.hoithi_contest.models.contest.hoithi_entry"):
            broken = self.env["hoithi.entry"]._cron_check_invariants()
        self.assertIn(self.contest.id, [contest for _rule, contest in broken])

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

    def test_a_conflict_hides_the_rows_of_the_entry(self):
        self.assertTrue(self._rows().with_user(self.leader).event)
        self.env["hoithi.entry.author"].create(
            {
                "entry_id": self.entry.id,
                "partner_id": self.leader.partner_id.id,
                "contribution_percent": 0,
            }
        )
        with self.assertRaises(AccessError):
            self._rows().with_user(self.leader).read(["event"])
