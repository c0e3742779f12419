from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from ...models.guard.hoithi_guard_mixin import Load
from ..common import HoithiCommon
from .session_common import SessionCommon


@tagged("post_install", "-at_install")
class TestContestCancellation(SessionCommon):
    """Cancelled means stopped, at every door, and undone with a reason."""

    def _contest(self):
        return self.contest.with_user(self.secretary)

    def _get_chairs_acts(self):
        home = self.env["hoithi.home"].with_user(self.chair)
        acts = home._get_acts(self.contest.with_user(self.chair))
        return [act.title for act in acts]

    def test_votes_end_with_the_contest(self):
        session = self._open_session()
        item = session.item_ids[0]
        item.action_start_vote()
        self._contest().action_cancel(reason="Hoãn theo chỉ đạo của tỉnh")
        self.assertEqual(session.state, "closed")
        self.assertEqual(item.state, "pending")
        for act in ("action_start_vote", "action_count"):
            with self.subTest(act=act), self.assertRaises(UserError):
                getattr(item, act)()
        with self.assertRaises(UserError):
            session.with_user(self.voters[0]).action_cast(item.id, "agree")
        self.assertFalse(self.env["hoithi.ledger"]._verify(self.contest))

    def test_entries_of_a_session_that_was_cut_short_are_voted_on_in_another(self):
        first = self._open_session(one_by_one=True)
        first.item_ids[0].action_start_vote()
        contest = self._contest()
        contest.action_cancel(reason="Hoãn")
        contest.action_undo_cancel(reason="Làm tiếp")
        second = self._create_session()
        second.action_build_agenda()
        self.assertEqual(second.item_ids.entry_id, first.item_ids.entry_id)
        with self.assertRaisesRegex(UserError, "hasn't voted"):
            self.entries[0].with_user(self.secretary).action_select()
        second.action_open()
        for item in second.item_ids:
            self._vote(item, ["agree"] * 6)
        second.action_close()
        self.assertEqual(set(second.item_ids.entry_id.mapped("state")), {"selected"})
        self.assertFalse(self.env["hoithi.ledger"]._verify(self.contest))

    def _get_concerned(self):
        """Who takes part, decides, leads, or was called upon by the launch."""
        users = (
            self.council.member_ids.user_id
            | self.committee.member_ids.user_id
            | self.secretary
            | self.leader
            | self.head
            | self.task_head
        )
        return self.contest.entry_ids.author_ids.partner_id | users.partner_id

    def _form_committee_and_task(self):
        """A committee of somebody else, and a task of a unit that has no own row."""
        [user] = self._create_voters(1, login="committee")
        self.committee = self.council.create(
            {
                "name": "Ban Tổ chức",
                "company_id": self.company.id,
                "member_ids": [Command.create({"user_id": user.id, "role": "chair"})],
            }
        )
        loading = self.contest.with_context(hoithi_door=Load())
        loading.confirming_council_id = self.committee
        self.task_head = self.internal
        self.sub_unit.manager_id = self.employees[self.internal]
        return self.env["hoithi.plan.task"].create(
            {
                "contest_id": self.contest.id,
                "name": "Vận động tham gia",
                "lead_department_id": self.sub_unit.id,
            }
        )

    def test_letters_wait_no_more_and_everybody_is_told(self):
        self._form_committee_and_task()
        notices = self.env["hoithi.notice"]
        waiting = notices.search(
            [("contest_id", "=", self.contest.id), ("state", "=", "pending")]
        )
        self.assertTrue(waiting)
        self._contest().action_cancel(reason="Hoãn")
        self.assertEqual(set(waiting.mapped("state")), {"cancelled"})
        told = notices.search(
            [("kind", "=", "contest_cancelled"), ("res_id", "=", self.contest.id)]
        )
        self.assertFalse(self._get_concerned() - told.partner_id)
        self.assertEqual(set(told.mapped("state")), {"pending"})
        # what is recorded later is moot
        entry = self.contest.entry_ids[0]
        late = notices._announce("eligible", {entry: self.staff.partner_id}, "later")
        late.sudo()._send()
        self.assertEqual(late.state, "cancelled")
        told[0].sudo()._send()
        self.assertEqual(told[0].state, "sent")
        self._contest().action_undo_cancel(reason="Làm tiếp")
        told = notices.search([("kind", "=", "contest_resumed")])
        self.assertFalse(self._get_concerned() - told.partner_id)

    def test_what_is_planned_ends_with_it(self):
        """On whatever stands on a list of somebody, until the contest goes on."""
        task = self._form_committee_and_task()
        question = self.env["hoithi.question"].create(
            {"contest_id": self.contest.id, "subject": "Nộp ở đâu?", "body": "Hỏi"}
        )
        paper = self.env["hoithi.document"].create(
            {"contest_id": self.contest.id, "kind": "plan"}
        )
        self.entries[0].with_user(self.secretary).action_select()
        nomination = self._contest().action_create_nomination()["res_id"]
        records = [
            *(self.contest, self.entries[0], task, question, paper),
            self.env["hoithi.nomination"].browse(nomination),
            self.env["hoithi.review"].search(
                [("contest_id", "=", self.contest.id)], limit=1
            ),
        ]
        activities = self.env["mail.activity"].union(
            *(
                record.sudo().activity_schedule(
                    "mail.mail_activity_data_todo", user_id=self.secretary.id
                )
                for record in records
            )
        )
        of_head = task.activity_ids - activities
        self.assertEqual(of_head.user_id, self.task_head)
        self._contest().action_cancel(reason="Hoãn")
        self.assertFalse((activities | of_head).filtered("active"))
        self._contest().action_undo_cancel(reason="Làm tiếp")
        self.assertEqual(
            (activities | of_head).filtered("active"), activities | of_head
        )

    def test_whatever_has_activities_is_known(self):
        """Whoever adds a model that has activities tells what ends with a contest."""
        known = {"hoithi.contest", *self.contest._get_activity_models()}
        activities = self.registry["mail.activity.mixin"]
        having = {
            name
            for name, model in self.registry.items()
            if issubclass(model, activities) and name.startswith("hoithi.")
        }
        # of a contest that is closed, which isn't called off any more
        self.assertEqual(known, having - {"hoithi.reopening"})

    def test_to_undo_it_is_no_way_round_the_chair(self):
        """What is fixed for the council isn't changed while nothing is fixed."""
        contest = self._contest()
        council = self.council.with_user(self.secretary)
        quorum = council.quorum_ratio
        with self.assertRaises(UserError):
            council.quorum_ratio = 0.01
        contest.action_cancel(reason="Hoãn")
        council.quorum_ratio = 0.01
        extra = council.member_ids.create(
            {"council_id": council.id, "user_id": self.head.id}
        )
        for words in ("Quorum", "Members"):
            with self.assertRaises(UserError) as refusal:
                contest.action_undo_cancel(reason="Làm tiếp")
            self.assertIn(words, str(refusal.exception))
            council.quorum_ratio = quorum
        extra.unlink()
        contest.action_undo_cancel(reason="Làm tiếp")
        self.assertEqual(contest.state, "council")
        # with the chair's decision they change, also over a cancellation
        self.contest.with_user(self.chair).action_reopen_rules(reason="Đổi tỷ lệ")
        council.quorum_ratio = 0.8
        self.assertIn("Fix the rules again", self._get_chairs_acts())
        contest.action_cancel(reason="Hoãn")
        # nothing to fix then: it would only be refused
        self.assertNotIn("Fix the rules again", self._get_chairs_acts())
        council.quorum_ratio = 0.75
        contest.action_undo_cancel(reason="Làm tiếp")
        self.contest.with_user(self.chair).action_fix_rules()
        self.assertFalse(self.env["hoithi.ledger"]._verify(self.contest))

    def test_the_seats_of_the_committee_are_rules(self):
        """Of what confirms as of what chooses: told when they change, by either way."""
        self._form_committee_and_task()
        contest = self._contest()
        seats = self.committee.with_user(self.secretary).member_ids
        contest.action_cancel(reason="Hoãn")
        extra = seats.create({"council_id": self.committee.id, "user_id": self.head.id})
        with self.assertRaises(UserError) as refusal:
            contest.action_undo_cancel(reason="Làm tiếp")
        self.assertIn("Members of the organising committee", str(refusal.exception))
        extra.unlink()
        contest.action_undo_cancel(reason="Làm tiếp")
        led = self.contest.with_user(self.chair)
        led.action_reopen_rules(reason="Bổ sung thành viên")
        seats.create({"council_id": self.committee.id, "user_id": self.head.id})
        led.action_fix_rules()
        [(_moment, _reason, changes)] = contest._get_rule_changes()
        self.assertIn(self.head.name, changes)
        self.assertNotIn("Nothing was changed", changes)

    def test_it_is_undone_with_a_reason_and_within_a_time(self):
        contest = self._contest()
        before = contest.state
        entry = self.entries[0].with_user(self.secretary)
        planned, done = [
            entry.activity_schedule("mail.mail_activity_data_todo", summary=summary)
            for summary in ("Gọi tác giả", "Đã gọi")
        ]
        done.action_done()
        contest.action_cancel(reason="Nhầm")
        with self.assertRaises(UserError):
            contest.action_undo_cancel()
        with self.assertRaises(UserError):
            contest.state = before
        with self.assertRaises(AccessError):
            self.contest.with_user(self.leader).action_undo_cancel(reason="Bấm nhầm")
        with freeze_time(fields.Datetime.now() + timedelta(days=30)):
            self.env.invalidate_all()
            with self.assertRaises(UserError):
                contest.action_undo_cancel(reason="Bấm nhầm")
        self.env.invalidate_all()
        self.assertFalse(planned.active)
        contest.action_undo_cancel(reason="Bấm nhầm")
        self.assertEqual(contest.state, before)
        self.assertFalse(contest.cancel_reason)
        self.assertTrue(planned.active, "what was planned is to be done again")
        self.assertFalse(done.active, "what was done stays done")
        stopped = self.env["hoithi.notice"].search(
            [("contest_id", "=", self.contest.id), ("state", "=", "cancelled")]
        )
        self.assertFalse(stopped.filtered("stopped"))
        self.assertTrue(
            self.env["hoithi.notice"].search([("kind", "=", "contest_resumed")])
        )


@tagged("post_install", "-at_install")
class TestReviewCancellation(HoithiCommon):
    """The same while sheets are out."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._launch()
        cls.entry = cls._eligible_entry()
        cls._start_review()
        cls.reviews = cls._assign(cls.entry, cls.member1, cls.member2)

    def test_sheets_end_and_come_back(self):
        begun, untouched = self.reviews
        self._score(begun, 20, 30, submit=False)
        contest = self.contest.with_user(self.secretary)
        contest.action_cancel(reason="Hoãn")
        for review in self.reviews:
            self.assertEqual(review.state, "void")
            with self.assertRaises(UserError):
                review.line_ids[0].score = 1
        contest.action_undo_cancel(reason="Bấm nhầm")
        self.assertEqual(begun.state, "in_progress")
        self.assertEqual(untouched.state, "assigned")
        self.assertEqual(begun.line_ids.mapped("score"), [20, 30])
        begun.action_submit()
        self.assertEqual(begun.state, "submitted")
        self.assertFalse(self.env["hoithi.ledger"]._verify(self.contest))


@tagged("post_install", "-at_install")
class TestDeadlineMoved(HoithiCommon):
    """An extended deadline reaches the sheets that are out, and their members."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._launch()
        cls.draft = cls._create_entry(cls.internal, name="Còn là bản nháp")
        cls.entry = cls._eligible_entry()

    def _told(self):
        return self.env["hoithi.notice"].search([("kind", "=", "deadline_moved")])

    def test_registration(self):
        contest = self.contest.with_user(self.secretary)
        contest.registration_deadline += timedelta(days=3)
        heads = (self.head | self.other_head).partner_id
        self.assertEqual(self._told().partner_id, self.internal.partner_id | heads)
        contest.name = "Tên khác"
        self.assertEqual(len(self._told()), 3)

    def test_registration_that_is_reopened(self):
        gone = self._submit_entry()
        gone.action_withdraw(reason="Chuyển công tác")
        contest = self.contest.with_user(self.secretary)
        contest.action_close_registration()
        contest.action_reopen_registration(reason="Mưa lũ")
        told = self.env["hoithi.notice"].search(
            [("kind", "=", "registration_reopened")]
        )
        people = self.staff | self.internal | self.head | self.secretary
        self.assertLessEqual(people.partner_id, told.partner_id)
        self.assertNotIn(self.stranger.partner_id, told.partner_id)
        told[0].sudo()._send()
        self.assertIn("Mưa lũ", told[0].sudo().mail_id.body_html)

    def test_sheets(self):
        contest = self.contest.with_user(self.secretary)
        contest.review_deadline = fields.Datetime.now() + timedelta(days=60)
        self._start_review()
        common, own = self._assign(self.entry, self.member1, self.member2)
        own.with_user(self.secretary).due_date = fields.Datetime.now() + timedelta(1)
        kept = own.due_date
        later = contest.review_deadline + timedelta(days=5)
        contest.review_deadline = later
        self.assertEqual(common.due_date, later)
        self.assertEqual(own.due_date, kept)
        # whom it goes to tells nobody who has which sheets
        scoring = self.council.member_ids.filtered("can_score").user_id
        self.assertGreater(scoring, self.member1 | self.member2)
        self.assertEqual(self._told().partner_id, scoring.partner_id)

    def test_letters_that_wait_tell_no_reader_of_the_contest_whom_they_are_to(self):
        """The whole house reads the contest; who has drafts isn't theirs to know."""
        contest = self.contest.with_user(self.secretary)
        contest.registration_deadline += timedelta(days=3)
        told = self._told()
        self.assertTrue(told)
        self._run_cron("cron_send_notices")
        self.assertEqual(set(told.mapped("state")), {"sent"})
        letter = self.env["mail.mail"].search(
            [("recipient_ids", "in", told.partner_id.ids)]
        )
        letter = letter.filtered(lambda mail: self.internal.name in mail.body)
        self.assertTrue(letter, "it waits for the mail server")
        for user in (self.member1, self.head, self.leader, self.stranger):
            messages = self.env["mail.message"].with_user(user)
            with self.subTest(user=user.login):
                self.assertFalse(
                    messages.search([("id", "in", letter.mail_message_id.ids)])
                )
                with self.assertRaises(AccessError):
                    messages.browse(letter.mail_message_id.ids).read(["body"])
        office = self.env["mail.message"].with_user(self.secretary)
        self.assertTrue(
            office.search([("id", "in", letter.mail_message_id.ids)]),
            "who keeps the outbox reads it there",
        )

    def test_who_is_told_is_the_same_whoever_has_sheets(self):
        contest = self.contest.with_user(self.secretary)
        contest.review_deadline = fields.Datetime.now() + timedelta(days=60)
        self._start_review()
        told = []
        for members in ((), (self.member1,), (self.member2, self.chair)):
            with self.env.cr.savepoint() as savepoint:
                if members:
                    self._assign(self.entry, *members)
                contest.review_deadline += timedelta(days=5)
                told.append(set(self._told().partner_id.ids))
                savepoint.rollback()
            self.env.invalidate_all()
        self.assertTrue(told[0])
        self.assertEqual(told, [told[0]] * 3)

    def test_who_stands_in_after_the_deadline_has_time(self):
        contest = self.contest.with_user(self.secretary)
        contest.review_deadline = fields.Datetime.now() + timedelta(days=60)
        self._start_review()
        with freeze_time(contest.review_deadline + timedelta(days=1)):
            [late] = self._assign(self.entry, self.member1)
            self.assertGreater(late.due_date, fields.Datetime.now())
            self._score(late, 20, 30)
        self.assertEqual(late.state, "submitted")
