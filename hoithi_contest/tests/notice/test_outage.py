from datetime import timedelta

from odoo.tests import freeze_time, tagged

from ..common import HoithiCommon

CRONS = (
    "cron_advance_phases",
    "cron_send_notices",
    "cron_refresh_units",
    "cron_work_runs",
    "cron_check_invariants",
)


@tagged("post_install", "-at_install")
class TestOutage(HoithiCommon):
    """Nothing scheduled ran for days, or the server's clock went the wrong way."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._launch()
        cls.draft = cls._create_entry(cls.internal)
        cls.entry = cls._submit_entry()
        cls.closes = cls.contest.registration_closes_at
        # as the commit of a request does
        cls.env["hoithi.ledger"]._settle()
        # what happened was told before
        cls.env["hoithi.notice"].search([])._open_door().write({"state": "sent"})

    def _run_all(self, moment, crons=CRONS):
        with freeze_time(moment):
            for name in crons:
                self._run_cron(name)
        self.env.invalidate_all()

    def _get_facts(self):
        return sorted(
            (notice.kind, notice.res_id, notice.partner_id.id, notice.occasion)
            for notice in self.env["hoithi.notice"].search([])
        )

    def _get_sent(self, since):
        return self.env["hoithi.notice"].search([("sent_on", ">=", since)])

    def _catch_up(self, crons):
        """The door is closed, nobody is reminded too late, and once is enough."""
        late = self.closes + timedelta(days=3)
        self._run_all(late, crons)
        self.assertEqual(self.contest.state, "screening")
        self.assertNotIn("deadline", self._get_sent(late).mapped("kind"))
        facts = self._get_facts()
        self._run_all(late + timedelta(minutes=10), crons)
        self.assertEqual(self._get_facts(), facts, "a second run has nothing more")
        self._assert_clean()

    def test_three_days_are_caught_up_with(self):
        self._catch_up(CRONS)

    def test_three_days_are_caught_up_with_in_any_order(self):
        self._catch_up(CRONS[::-1])

    def test_of_missed_reminders_the_last_alone_is_sent(self):
        """Seven, two and no days before: after three days without a run it is one."""
        start = self.contest.registration_deadline - timedelta(hours=1)
        self._run_all(start)
        reminders = self._get_sent(start).filtered(
            lambda notice: notice.kind == "deadline" and notice.res_id == self.draft.id
        )
        self.assertEqual(len(reminders), 1)
        self._assert_clean()

    def test_a_clock_that_goes_back_undoes_and_repeats_nothing(self):
        late = self.closes + timedelta(days=3)
        for _round in range(2):
            self._run_all(late)
        facts, sent = self._get_facts(), len(self._get_sent(self.closes))
        for moment in (
            late - timedelta(hours=5),
            self.closes - timedelta(days=2),
            late - timedelta(days=200),
            late + timedelta(minutes=1),
        ):
            self._run_all(moment)
            self.assertEqual(self.contest.state, "screening", moment)
            self.assertEqual(self._get_facts(), facts, moment)
        self.assertEqual(len(self._get_sent(self.closes)), sent)
        # what is done meanwhile is written down in its order, whatever the clock says
        with freeze_time(late - timedelta(days=1)):
            self.entry.with_user(self.secretary).action_mark_eligible()
        self._assert_clean()
