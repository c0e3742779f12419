from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from ..common import HoithiCommon


@tagged("post_install", "-at_install")
class TestRepeats(HoithiCommon):
    """An act that is asked for again as its answer was lost: done once, and told."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._launch()

    def test_a_submission_answers_with_its_receipt(self):
        entry = self._submit_entry()
        before = entry.sudo().read(["receipt_number", "submitted_on", "code"])
        with (
            freeze_time(fields.Datetime.now() + timedelta(hours=1)),
            self.assertRaisesRegex(UserError, entry.receipt_number),
        ):
            entry.action_submit()
        self.assertEqual(
            entry.sudo().read(["receipt_number", "submitted_on", "code"]), before
        )
        receipts = [("kind", "=", "receipt"), ("res_id", "=", entry.id)]
        self.assertEqual(self.env["hoithi.notice"].search_count(receipts), 1)

    def test_a_sheet_answers_with_its_moment(self):
        entry = self._eligible_entry()
        self._start_review()
        review, _other = self._assign(entry, self.member1, self.member2)
        self._score(review, 20, 30)
        rows = [("res_model", "=", review._name), ("res_id", "=", review.id)]
        before = self.env["hoithi.ledger"].search_count(rows)
        moment = self.contest._format_moment(review.submitted_on)
        with self.assertRaisesRegex(UserError, f"submitted already: {moment}"):
            review.action_submit()
        self.assertEqual(self.env["hoithi.ledger"].search_count(rows), before)
        with self.assertRaises(UserError) as refusal:
            review.with_user(self.member2).action_submit()
        self.assertNotIn(moment, str(refusal.exception), "not theirs to know")

    def test_a_share_stays_confirmed_since_the_first_time(self):
        entry = self._create_entry(
            self.internal,
            participant_type="group",
            author_ids=[
                Command.create(
                    {
                        "partner_id": self.coauthor.partner_id.id,
                        "contribution_percent": 30,
                    }
                )
            ],
        ).with_user(self.coauthor)
        with freeze_time(fields.Datetime.now() + timedelta(hours=1)):
            entry.action_confirm()
        line = entry.sudo().author_ids.filtered(
            lambda one: one.partner_id == self.coauthor.partner_id
        )
        first = line.confirmed_on
        self.assertTrue(first)
        with freeze_time(fields.Datetime.now() + timedelta(hours=2)):
            entry.action_confirm()
            line.with_user(self.coauthor).action_confirm()
        self.assertEqual(line.confirmed_on, first)
        with self.assertRaises(AccessError):
            line.with_user(self.internal).action_confirm()

    def test_a_step_of_the_contest_says_that_it_is_taken(self):
        with self.assertRaisesRegex(UserError, "already; nothing was done twice"):
            self.contest.with_user(self.secretary).action_launch()
