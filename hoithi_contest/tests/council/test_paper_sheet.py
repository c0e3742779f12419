import base64
from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ..common import PDF, HoithiCommon

SCAN = {"scan": base64.b64encode(PDF), "filename": "phieu-cham.pdf"}
TEXTS = {"comment": "Rõ ràng", "strengths": "Mới", "recommendation": "select"}


@tagged("post_install", "-at_install")
class TestPaperSheet(HoithiCommon):
    """The secretary types in a sheet that a member gave on paper."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._launch()
        cls.entry = cls._eligible_entry()
        cls._start_review()
        [cls.review] = cls._assign(cls.entry, cls.member1)

    def _get_scores(self, *points, comment="Theo phiếu giấy"):
        criteria = self.criteria_set.criterion_ids
        return [
            {"criterion": criterion.id, "score": score, "comment": comment}
            for criterion, score in zip(criteria, points, strict=True)
        ]

    def _type(self, user=None, scores=None, **values):
        return self.review.with_user(user or self.secretary).action_register_paper(
            scores if scores is not None else self._get_scores(30, 45),
            **{"texts": TEXTS, **values},
        )

    def test_a_coefficient_counts_on_paper_as_well(self):
        self.criteria_set.criterion_ids[0].weight = 2
        dialog = self.env["hoithi.paper.sheet"].with_user(self.secretary)
        dialog = dialog.create({"review_id": self.review.id})
        for line, score in zip(dialog.line_ids, (30, 45), strict=True):
            line.score = score
        self.assertEqual((dialog.total, dialog.max_total), (105, 140))
        self._type(**SCAN)
        self.assertEqual(self.review.total, 105)

    def test_with_the_scan_it_is_submitted(self):
        self.assertTrue(self._type(**SCAN))
        review = self.review
        self.assertEqual((review.state, review.total), ("submitted", 75))
        self.assertEqual((review.comment, review.recommendation), ("Rõ ràng", "select"))
        self.assertTrue(review.is_paper and review.paper_scan_url)
        for user, reads in ((self.secretary, True), (self.member1, True)):
            self.assertEqual(bool(review.with_user(user).paper_scan_url), reads)
        self.assertFalse(review.with_user(self.member2).paper_scan_url)
        paper = review.sudo().paper_ids
        self.assertEqual(paper.typed_by, self.secretary)
        self.assertTrue(paper.scan_id.kept_sha256)
        self.assertNotIn(paper.scan_id, review.sudo().file_ids, "no copy to read")
        self.assertEqual(self.entry.sudo().review_done_count, 1)
        told = self.env["mail.message"].search(
            [
                ("partner_ids", "in", self.member1.partner_id.ids),
                ("model", "=", "hoithi.review"),
            ],
            limit=1,
        )
        self.assertIn("signed sheet", told.body)
        events = (
            self.env["hoithi.ledger"]
            .search([("contest_id", "=", self.contest.id)])
            .mapped("event")
        )
        self.assertIn("review.typed", events)
        self.assertIn("review.submitted", events)
        with self.assertRaises(UserError):
            self._type(**SCAN)

    def test_without_the_scan_its_member_submits_it(self):
        self.assertFalse(self._type())
        self.assertEqual(self.review.state, "in_progress")
        self.assertEqual(self.entry.sudo().review_done_count, 0)
        own = self.review.with_user(self.member1)
        self.assertEqual(own.line_ids.mapped("score"), [30, 45])
        own.line_ids[0].score = 31
        own.action_submit()
        self.assertEqual(own.total, 76)

    def test_what_the_mail_server_didnt_take_is_said_while_it_is_true(self):
        def get_message():
            return self.env["mail.message"].search(
                [
                    ("partner_ids", "in", self.member1.partner_id.ids),
                    ("model", "=", "hoithi.review"),
                    ("res_id", "=", self.review.id),
                ],
                limit=1,
            )

        review = self.review.sudo()
        self._type()
        asked = get_message()
        self.assertTrue(review._hoithi_is_still_true(asked))
        now = fields.Datetime.now()
        with freeze_time(now + timedelta(minutes=5)):
            self.review.with_user(self.member1).action_submit()
        self.assertFalse(review._hoithi_is_still_true(asked), "submitted since")
        # reopened, and typed in with the scan: news of what stands
        with freeze_time(now + timedelta(minutes=6)):
            self.review.with_user(self.secretary).action_reopen(reason="Nhầm")
        with freeze_time(now + timedelta(minutes=7)):
            self._type(**SCAN)
            told = get_message()
        self.assertNotEqual(told, asked)
        self.assertTrue(review._hoithi_is_still_true(told))
        self.assertFalse(review._hoithi_is_still_true(asked))
        with patch.object(type(review), "_is_phase_open", lambda _review: False):
            self.assertFalse(review._hoithi_is_still_true(told), "nobody reopens it")
            log = review.message_ids.filtered(lambda m: m not in told | asked)[:1]
            self.assertTrue(review._hoithi_is_still_true(log), "the log stays")

    def test_refused(self):
        for user in (self.member2, self.leader, self.chair, self.staff):
            with self.assertRaises(AccessError):
                self._type(user, **SCAN)
        with self.assertRaises(AccessError):
            self._type(self.member1, **SCAN)
        for scores in (
            [],
            self._get_scores(30, 45)[:1],
            [{"criterion": 0, "score": 1}],
            [*self._get_scores(30, 45), *self._get_scores(30, 45)],
            self._get_scores("30", 45),
            self._get_scores(None, 45),
            "30",
        ):
            with self.subTest(scores), self.assertRaises(UserError):
                self._type(scores=scores, **SCAN)
        with self.assertRaises(ValidationError):
            self._type(scores=self._get_scores(1000, 45), **SCAN)
        with self.assertRaises(UserError):
            # a 0 is explained on paper as well
            self._type(scores=self._get_scores(0, 45, comment=""), **SCAN)
        with self.assertRaises(ValidationError):
            self._type(**{**SCAN, "filename": "phieu.exe"})
        with (
            freeze_time(self.review.due_date + timedelta(minutes=1)),
            self.assertRaises(UserError),
        ):
            self._type(**SCAN)
        self.assertFalse(self.review.is_paper)
        self.assertEqual(self.review.state, "assigned")

    def test_nobody_says_so_by_hand(self):
        papers = self.env["hoithi.review.paper"]
        vals = {"review_id": self.review.id, "typed_by": self.secretary.id}
        for user in (self.secretary, self.member1, self.admin):
            with self.assertRaises(AccessError):
                papers.with_user(user).create(vals)
        self._type(**SCAN)
        paper = self.review.sudo().paper_ids
        for user in (self.secretary, self.member1):
            self.assertTrue(paper.with_user(user).search([]))
            with self.assertRaises(AccessError):
                paper.with_user(user).write({"typed_by": self.member1.id})
            with self.assertRaises(AccessError):
                paper.with_user(user).unlink()
        self.assertFalse(paper.with_user(self.member2).search([]))
        with self.assertRaises(AccessError):
            paper.with_user(self.leader).search([])

    def test_the_dialog_tells_nothing_of_a_barred_sheet(self):
        dialog = (
            self.env["hoithi.paper.sheet"]
            .with_user(self.secretary)
            .create({"review_id": self.review.id})
        )
        self.assertEqual(dialog.user_id, self.member1)
        self.entry.sudo().author_ids.partner_id = self.secretary.partner_id
        self.env.flush_all()
        for name in ("entry_name", "user_id"):
            self.env.invalidate_all()
            with self.subTest(name), self.assertRaises(AccessError):
                dialog.read([name])

    def test_the_dialog_types_in_the_same(self):
        action = self.review.with_user(self.secretary).action_open_paper()
        dialog = (
            self.env[action["res_model"]]
            .with_user(self.secretary)
            .browse(action["res_id"])
        )
        self.assertEqual(dialog.line_ids.criterion_id, self.criteria_set.criterion_ids)
        for line, score in zip(dialog.line_ids, (20, 40), strict=True):
            line.write({"score": score, "comment": "Theo phiếu"})
        dialog.write({"recommendation": "consider", **SCAN})
        self.assertEqual(dialog.total, 60)
        dialog.action_type_in()
        self.assertEqual((self.review.state, self.review.total), ("submitted", 60))
