from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.service.model import call_kw
from odoo.tests import tagged
from odoo.tools import mute_logger

from .test_hoithi_contest_unit import UnitCase


@tagged("post_install", "-at_install")
class TestHoithiAcknowledgement(UnitCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._launch()
        cls.row = cls._row(cls.unit)

    def _read(self, *users):
        for user in users:
            self.contest.with_user(user).action_acknowledge()

    def _all(self):
        return self.env["hoithi.acknowledgement"].search(
            [("contest_id", "=", self.contest.id)]
        )

    def test_one_click_and_again(self):
        contest = self.contest.with_user(self.staff)
        self.assertTrue(contest.can_acknowledge)
        self.assertFalse(contest.is_acknowledged)
        contest.action_acknowledge()
        contest.invalidate_recordset()
        self.assertTrue(contest.is_acknowledged)
        self.assertFalse(contest.can_acknowledge)
        moment = self._all().acknowledged_on
        contest.action_acknowledge()
        fact = self._all()
        self.assertEqual(len(fact), 1)
        self.assertEqual(fact.acknowledged_on, moment)
        self.assertEqual(
            (fact.employee_id, fact.user_id), (self.employees[self.staff], self.staff)
        )
        self.assertFalse(
            self.contest.with_user(self.coauthor).is_acknowledged, "one's own alone"
        )

    def test_two_clicks_at_once(self):
        """The second finds nothing yet, comes too late, and says the same."""
        self._read(self.staff)
        model = type(self.env["hoithi.acknowledgement"])
        with (
            mute_logger("odoo.sql_db"),
            patch.object(model, "search_count", lambda *args, **kwargs: 0),
        ):
            self._read(self.staff)
        self.assertEqual(len(self._all()), 1)

    def test_nobody_reads_for_another(self):
        """By RPC neither: only the method makes a fact, and only for the caller."""
        values = {
            "contest_id": self.contest.id,
            "employee_id": self.employees[self.coauthor].id,
            "user_id": self.coauthor.id,
        }
        for user in (
            self.staff,
            self.internal,
            self.head,
            self.leader,
            self.secretary,
            self.admin,
        ):
            model = self.env["hoithi.acknowledgement"].with_user(user)
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                call_kw(model, "create", [values], {})
        self._read(self.coauthor)
        fact = self._all()
        for user in (self.coauthor, self.head, self.secretary, self.leader):
            for call in (
                lambda record: record.write({"acknowledged_on": "2020-01-01"}),
                lambda record: record.unlink(),
            ):
                with self.subTest(user=user.login), self.assertRaises(AccessError):
                    call(fact.with_user(user))
        with self.assertRaises(AccessError):
            call_kw(
                self.env["hoithi.acknowledgement"].with_user(self.staff),
                "_record",
                [self.contest.id],
                {},
            )

    def test_who_sees_who_has_read(self):
        self._read(self.staff, self.coauthor, self.internal)
        for user, count in (
            (self.secretary, 3),
            (self.leader, 3),
            (self.staff, 1),
            (self.internal, 1),
            (self.head, 0),
            (self.admin, 0),
        ):
            with self.subTest(user=user.login):
                found = self.env["hoithi.acknowledgement"].with_user(user).search([])
                self.assertEqual(len(found), count)

    def test_only_staff_of_a_running_contest(self):
        with self.assertRaisesRegex(UserError, "employee record"):
            self._read(self.stranger)
        self.contest.is_published = True
        self.assertFalse(self.contest.with_user(self.stranger).can_acknowledge)
        draft = self._create_contest(name="Dự thảo")
        with self.assertRaises(AccessError):
            draft.with_user(self.staff).action_acknowledge()
        self.contest.with_user(self.secretary).action_cancel(reason="Hoãn")
        self.assertFalse(self.contest.with_user(self.staff).can_acknowledge)
        with self.assertRaisesRegex(UserError, "nothing to mark"):
            self._read(self.staff)

    def test_rate_counts_who_is_employed(self):
        """Who left counts neither above nor below the line; who came, below it."""
        self._read(self.staff, self.coauthor, self.internal)
        self.row.action_refresh()
        self.assertEqual((self.row.acknowledged_count, self.row.headcount), (2, 3))
        self.assertAlmostEqual(self.row.acknowledged_rate, 66.7, places=2)
        self.employees[self.staff].write(
            {"departure_date": self.today - timedelta(days=1), "active": False}
        )
        self.row.action_refresh()
        self.assertEqual((self.row.acknowledged_count, self.row.headcount), (1, 2))
        self._hire(self.unit, self.today)
        self._hire(self.unit, self.today)
        self.row.action_refresh()
        self.assertEqual((self.row.acknowledged_count, self.row.headcount), (1, 4))
        self.assertEqual(self.row.acknowledged_rate, 25)

    def test_who_moves_takes_the_fact_along(self):
        self._read(self.coauthor)
        self.employees[self.coauthor].department_id = self.other_unit
        self.row.action_refresh()
        self.assertEqual(self.row.acknowledged_count, 0)
        self.assertEqual(self._row(self.other_unit).acknowledged_count, 1)

    def test_reading_wakes_the_count(self):
        cron = self.env.ref("hoithi_contest.cron_refresh_units")
        before = self.env["ir.cron.trigger"].search_count([("cron_id", "=", cron.id)])
        self._read(self.staff)
        self.assertGreater(
            self.env["ir.cron.trigger"].search_count([("cron_id", "=", cron.id)]),
            before,
        )
        self._run_cron("cron_refresh_units")
        self.assertEqual(self.row.acknowledged_count, 1)

    def test_reader_fields_cost_the_same_for_all_contests(self):
        def count():
            contests = self.env["hoithi.contest"].with_user(self.staff).search([])
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            contests.mapped("can_acknowledge")
            return self.cr.sql_log_count - before

        count()
        few = count()
        for number in range(10):
            self._launch(self._create_contest(name=f"Hội thi số {number}"))
        self.assertEqual(count(), few)
