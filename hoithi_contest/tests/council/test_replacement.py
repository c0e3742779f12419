from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.modules.module import load_script
from odoo.tests import tagged

from .session_common import SessionCommon

REASON = "Ủy viên có xung đột lợi ích, phát hiện sau khi chấm"


@tagged("post_install", "-at_install")
class TestReplacement(SessionCommon):
    """A sheet that falls out in the council phase is given by somebody else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contest.with_context(hoithi_door=cls._load()).reviews_per_entry = 2
        cls.entry = cls.entries[0].sudo()
        cls.third = cls._create_voters(1, "third")[0]
        cls.council.with_context(hoithi_door=cls._load()).member_ids = [
            Command.create({"user_id": cls.third.id, "can_vote": False})
        ]
        cls.seats = {seat.user_id: seat for seat in cls.council.member_ids}

    @classmethod
    def _load(cls):
        from ...models.guard.hoithi_guard_mixin import Load

        return Load()

    def _name(self, user=None, **values):
        return self.entry.with_user(user or self.secretary).action_name_reviewer(
            **{"member": self.seats[self.third].id, "reason": REASON, **values}
        )

    def _find_conflict(self):
        self._declare(self.entry, self.member1)
        self.env.invalidate_all()

    def test_a_conflict_found_late_frees_the_entry_for_another(self):
        self._find_conflict()
        self.assertEqual(self.entry.review_done_count, 1, "the sheet is void")
        self.assertEqual(self.entry.state, "reviewed")
        self.assertTrue(self.entry.with_user(self.secretary).lacks_sheets)
        review = self.env["hoithi.review"].browse(self._name())
        self.assertEqual(self.contest.state, "council")
        self.assertGreater(review.due_date, fields.Datetime.now() + timedelta(days=5))
        own = review.with_user(self.third)
        self._score(own, 30, 60)
        self.assertEqual(review.state, "submitted")
        self.assertEqual(self.entry.review_done_count, 2)
        self.assertEqual(
            (self.entry.state, self.contest.state), ("reviewed", "council")
        )
        self.assertFalse(self.entry.with_user(self.secretary).lacks_sheets)
        events = (
            self.env["hoithi.ledger"]
            .search([("contest_id", "=", self.contest.id)])
            .mapped("event")
        )
        self.assertIn("review.named", events)
        review = self.entry.review_ids.filtered("is_replacement")
        self.assertIn(REASON, str(review.message_ids.mapped("body")))
        # an author with an internal login, and heads, read the log of the entry
        log = str(self.entry.message_ids.mapped("body"))
        self.assertNotIn(self.third.name, log)
        self.assertNotIn(REASON, log)

    def test_what_stood_in_the_log_of_the_entry(self):
        """An earlier version wrote it there, as the sheet was given."""
        self._find_conflict()
        other = "Khác"
        self.entry.message_post(body=other)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE mail_message SET create_date = create_date - INTERVAL '1 hour'"
            " WHERE model = 'hoithi.entry' AND res_id = %s",
            [self.entry.id],
        )
        review = self.env["hoithi.review"].browse(self._name())
        before = self.entry.message_ids
        [told] = review.message_ids.filtered(lambda one: REASON in one.body)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE mail_message SET model = 'hoithi.entry', res_id = %s WHERE id = %s",
            [self.entry.id, told.id],
        )
        load_script(
            "hoithi_contest/migrations/19.0.1.4.0/post-replacement_log.py", "log"
        ).migrate(self.env.cr, "19.0.1.3.0")
        self.env.invalidate_all()
        self.assertEqual((told.model, told.res_id), ("hoithi.review", review.id))
        self.assertEqual(self.entry.message_ids, before)

    def test_it_is_told_to_the_member(self):
        self._find_conflict()
        review = self.env["hoithi.review"].browse(self._name())
        notice = self.env["hoithi.notice"].search(
            [("kind", "=", "review_assigned"), ("res_id", "=", review.id)]
        )
        self.assertEqual(notice.partner_id, self.third.partner_id)

    def test_refused(self):
        with self.assertRaises(UserError):
            # nothing fell out
            self._name()
        self._find_conflict()
        for user in (self.leader, self.member2, self.voters[0], self.third):
            with self.assertRaises(AccessError):
                self._name(user)
        for values in (
            {"reason": None},
            {"reason": " - "},
            {"member": None},
            {"member": self.seats[self.member1].id},
            {"member": self.seats[self.member2].id},
            {"member": self.seats[self.voters[0]].id},
            {"due_date": "2020-01-01"},
        ):
            with self.subTest(values), self.assertRaises(UserError):
                self._name(**values)
        # by no other door
        vals = {"entry_id": self.entry.id, "member_id": self.seats[self.third].id}
        reviews = self.env["hoithi.review"].with_user(self.secretary)
        with self.assertRaises(UserError):
            reviews.create(vals)
        with self.assertRaises(AccessError):
            reviews.create({**vals, "is_replacement": True})
        self._name()
        with self.assertRaises(UserError):
            self._name(member=self.seats[self.chair].id)

    def test_the_vote_waits_for_the_sheet(self):
        self._find_conflict()
        review = self.env["hoithi.review"].browse(self._name())
        session = self._open_session()
        item = session.item_ids.filtered(lambda one: one.entry_id == self.entry)
        with self.assertRaises(UserError) as refusal:
            item.action_start_vote()
        self.assertIn(self.third.name, str(refusal.exception))
        review.with_user(self.secretary).action_void(reason="Ủy viên ốm")
        self.assertTrue(self.entry.with_user(self.secretary).lacks_sheets)
        item.action_start_vote()
        with self.assertRaises(UserError):
            self._name()

    def test_others_are_still_closed(self):
        review = self.entry.review_ids[0]
        with self.assertRaises(UserError):
            review.with_user(review.user_id).action_start()
        self._find_conflict()
        review = self.env["hoithi.review"].browse(self._name())
        with self.assertRaises(AccessError):
            review.with_user(self.member2).action_start()
        with (
            freeze_time(review.due_date + timedelta(minutes=1)),
            self.assertRaises(UserError),
        ):
            review.with_user(self.third).action_start()

    def test_the_dialog_offers_who_may(self):
        self._find_conflict()
        action = self.entry.with_user(self.secretary).action_ask_name_reviewer()
        dialog = (
            self.env["hoithi.reason"].with_user(self.secretary).browse(action["res_id"])
        )
        offered = dialog.allowed_member_ids.user_id
        self.assertIn(self.third, offered)
        self.assertFalse(offered & (self.member1 | self.member2 | self.voters[0]))
        dialog.write({"reason": REASON, "member_id": self.seats[self.third].id})
        dialog.action_apply()
        self.assertEqual(
            self.entry.review_ids.filtered("is_replacement").user_id, self.third
        )
