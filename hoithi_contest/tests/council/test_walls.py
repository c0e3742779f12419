from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from ...models.guard.hoithi_guard_mixin import Load
from ..common import HoithiCommon
from .session_common import SessionCommon


@tagged("post_install", "-at_install")
class TestWalls(HoithiCommon):
    """Side doors to what a role may not know, each beside what it may."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._launch()

    def _put_state(self, state):
        """As in a contest that has come so far."""
        self.contest.with_context(hoithi_door=Load()).state = state

    def _in_conflict(self, entry, user):
        return self.env["hoithi.conflict"].create(
            {
                "entry_id": entry.id,
                "member_id": self.seats[user].id,
                "kind": "kinship",
                "note": "Em ruột",
            }
        )

    def test_notices_tell_a_secretary_in_conflict_of_no_reviewer(self):
        near, far = self._eligible_entry(), self._eligible_entry(name="Bản đồ đất")
        self._start_review()
        for entry in (near, far):
            self._assign(entry, self.member1)
        notices = self.env["hoithi.notice"].with_user(self.secretary)
        of_sheets = [("res_model", "=", "hoithi.review")]
        told = notices.search(of_sheets)
        self.assertEqual(told.entry_id, near | far)
        self._in_conflict(near, self.secretary)
        self.env.invalidate_all()
        told = notices.search(of_sheets)
        self.assertEqual(told.entry_id, far)
        self.assertEqual(
            notices.search_count(of_sheets + [("partner_id", "!=", False)]), len(told)
        )
        groups = notices._read_group(
            [("partner_id", "=", self.member1.partner_id.id)], ["kind"], ["__count"]
        )
        self.assertEqual(dict(groups)["review_assigned"], 1)
        hidden = self.env["hoithi.notice"].search([("entry_id", "=", near.id)])
        with self.assertRaises(AccessError):
            hidden.with_user(self.secretary).read(["kind"])

    def test_a_head_on_the_council_counts_no_entries(self):
        self.council.member_ids = [Command.create({"user_id": self.head.id})]
        self._create_entry()
        self._eligible_entry()
        rows = self.env["hoithi.contest.unit"]
        rows._make_for(self.contest)
        row = rows.search(
            [
                ("contest_id", "=", self.contest.id),
                ("department_id", "=", self.unit.id),
            ]
        )
        own = row.with_user(self.head)
        self.assertTrue(own.name, "the head still records for the unit")
        self.assertFalse(own.shows_entries or own.shown_begun or own.shown_received)
        self.assertNotIn(own.stage, ("registered", "submitted"))
        for name in ("registered_count", "submitted_count", "competing_count"):
            with self.subTest(name=name):
                with self.assertRaises(AccessError):
                    own.read([name])
                with self.assertRaises(AccessError):
                    own.search_count([(name, ">", 0)])
                with self.assertRaises(AccessError):
                    own._read_group([], [], [f"{name}:sum"])
        self.assertEqual(row.with_user(self.secretary).submitted_count, 1)
        # a head who doesn't sit there reads of the own unit
        other = rows.search(
            [
                ("contest_id", "=", self.contest.id),
                ("department_id", "=", self.other_unit.id),
            ]
        ).with_user(self.other_head)
        self.assertTrue(other.shows_entries)
        # and once the authors are open
        self._put_state("council")
        self.env.invalidate_all()
        self.assertEqual((own.shown_begun, own.shown_received), (2, 1))

    def test_an_author_reads_no_award_before_the_results(self):
        entry = self._eligible_entry()
        award = self.env["hoithi.award"].create(
            {"entry_id": entry.id, "rank": "first", "level": "unit"}
        )
        awards = self.env["hoithi.award"].with_user(self.staff)
        for state in ("review", "council"):
            self._put_state(state)
            self.env.invalidate_all()
            self.assertFalse(awards.search_count([]))
            self.assertFalse(entry.with_user(self.staff).award_ids)
        self._put_state("closed")
        self.env.invalidate_all()
        self.assertEqual(awards.search([]), award)

    def test_a_leader_who_scores_reads_no_averages(self):
        contest = self._create_contest(edition_number=10, blind=False)
        self._launch(contest)
        entry = self._create_entry(contest=contest)
        entry.action_submit()
        entry.with_user(self.secretary).action_mark_eligible()
        self.council.member_ids = [Command.create({"user_id": self.leader.id})]
        self.leader.group_ids += self.env.ref("hoithi_contest.group_member")
        seats = {seat.user_id: seat for seat in self.council.member_ids}
        self._start_review(contest)
        reviews = self.env["hoithi.review"].create(
            [
                {"entry_id": entry.id, "member_id": seats[user].id}
                for user in (self.member1, self.leader)
            ]
        )
        self._score(reviews[0].with_user(self.member1), 30, 40)
        entries = self.env["hoithi.entry"].with_user(self.leader)
        of_contest = [("contest_id", "=", contest.id)]
        self.assertFalse(entries.search(of_contest))
        self.assertFalse(entries.search_count(of_contest + [("average_score", ">", 0)]))
        with self.assertRaises(AccessError):
            entry.with_user(self.leader).read(["average_score"])
        self.assertTrue(reviews[1].with_user(self.leader).entry_name, "the own sheet")
        # another leader reads on, and this one once the sheets are in
        seats[self.leader].can_score = False
        self.env.invalidate_all()
        self.assertTrue(entry.with_user(self.leader).average_score)
        seats[self.leader].can_score = True
        self._score(reviews[1].with_user(self.leader), 30, 40)
        contest.with_user(self.secretary).action_start_council()
        self.env.invalidate_all()
        self.assertTrue(entry.with_user(self.leader).average_score)

    def test_what_a_closed_contest_says_stays(self):
        contest = self.contest.with_user(self.secretary)
        basis = contest.legal_basis_ids[:1]
        task = self.env["hoithi.plan.task"].with_user(self.secretary)
        task = task.create({"contest_id": contest.id, "name": "Quán triệt"})
        acts = (
            lambda: contest.write({"description": "<p>Khác</p>"}),
            lambda: contest.write({"plan_purpose": "Khác"}),
            lambda: basis.write({"number": "99/QĐ-UBND"}),
            lambda: basis.copy(),
            lambda: contest.write(
                {"legal_basis_ids": [Command.create({"number": "1", "subject": "x"})]}
            ),
            lambda: task.write({"name": "Khác"}),
            lambda: task.copy(),
            basis.unlink,
            task.unlink,
        )
        self._put_state("closed")
        for number, act in enumerate(acts):
            self.env.invalidate_all()
            with self.subTest(act=number), self.assertRaises(UserError):
                act()
        basis.publish_text = not basis.publish_text
        self._put_state("open")
        self.env.invalidate_all()
        for number, act in enumerate(acts):
            with self.subTest(act=number):
                act()

    def test_the_council_logs_its_term(self):
        council = self.council.with_user(self.secretary)
        council.with_context(tracking_disable=True).write(
            {"date_to": "2090-01-31", "decision_date": "2026-01-02"}
        )
        self.env.flush_all()
        self.env.cr.precommit.run()
        changed = council.message_ids.sudo().tracking_value_ids.field_id
        self.assertLessEqual({"date_to", "decision_date"}, set(changed.mapped("name")))


@tagged("post_install", "-at_install")
class TestTermOfOffice(SessionCommon):
    def test_a_council_whose_time_is_over_takes_no_votes(self):
        session = self._open_session()
        item = session.item_ids[0]
        self._cast(item, self.voters[0], "agree")
        today = self.contest._get_today()
        office = self.council.with_user(self.secretary)
        office.date_to = today - timedelta(days=1)
        with self.assertRaises(UserError) as refusal:
            self._cast(item, self.voters[1], "agree")
        self.assertIn("prolongs it", str(refusal.exception))
        with self.assertRaises(UserError):
            session.item_ids[1].action_start_vote()
        with self.assertRaises(UserError):
            self._create_session().action_open()
        # its last day counts, and a decision may prolong it
        for last in (today, today + timedelta(days=30), False):
            office.date_to = last
            with self.env.cr.savepoint() as savepoint:
                self._cast(item, self.voters[1], "agree")
                savepoint.rollback()
