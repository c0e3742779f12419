import base64
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.http import Request
from odoo.tests import HttpCase, tagged

from ..common import HoithiCommon


@tagged("post_install", "-at_install")
class TestComponent(HoithiCommon, HttpCase):
    """A vote of the public, and a bonus, beside the sheets."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contest.reviews_per_entry = 1
        cls.office = cls.contest.with_user(cls.secretary)
        cls.vote, cls.bonus = (
            cls.env["hoithi.component"]
            .with_user(cls.secretary)
            .create(
                [
                    {
                        "contest_id": cls.contest.id,
                        "name": "Bình chọn",
                        "kind": "community",
                        "most": 20,
                        "sequence": 1,
                    },
                    {
                        "contest_id": cls.contest.id,
                        "name": "Điểm cộng",
                        "kind": "bonus",
                        "most": 2,
                        "least": -5,
                        "sequence": 2,
                    },
                ]
            )
        )
        cls._launch()
        cls.first, cls.second = (
            cls._eligible_entry(name=f"Giải pháp số {number}").sudo()
            for number in (1, 2)
        )
        cls._start_review()
        for entry, scores in ((cls.first, (30, 40)), (cls.second, (20, 40))):
            [review] = cls._assign(entry, cls.member1)
            cls._score(review, *scores)

    def _open(self):
        now = fields.Datetime.now()
        self.vote.write(
            {
                "vote_start": now - timedelta(hours=1),
                "vote_end": now + timedelta(hours=1),
            }
        )

    def _close(self):
        now = fields.Datetime.now()
        self.vote.vote_end = now - timedelta(seconds=1)

    def _vote(self, entry, *users):
        for user in users:
            self.vote.with_user(user).action_vote(entry.id)

    def test_votes_are_shared_out_and_added(self):
        self._open()
        self._vote(self.second, self.head, self.internal, self.member2)
        self._vote(self.first, self.leader)
        self.assertEqual(self.vote.vote_count, 4)
        self.assertEqual(self.second.average_score, 60, "not before they are counted")
        with self.assertRaisesRegex(UserError, "once its time is over"):
            self.vote.action_count_votes()
        self._close()
        self.vote.action_count_votes()
        self.assertEqual(self.second.average_score, 80)
        self.assertEqual(self.first.average_score, 76.67, "70 + 20 × 1/3")
        self.assertEqual((self.second.rank, self.first.rank), (1, 2))
        self.assertIn("20 × 1 / 3", self.first.score_formula)
        self.assertFalse(self.env["hoithi.entry"]._get_broken_invariants())
        self.assertFalse(self.env["hoithi.component"]._find_broken_votes())
        self.assertFalse(self.env["hoithi.ledger"]._verify(self.contest))
        with self.assertRaises(UserError):
            self.vote.action_count_votes()

    def test_one_vote_a_person(self):
        with self.assertRaisesRegex(UserError, "No votes are taken"):
            self._vote(self.first, self.head)
        self._open()
        self._vote(self.first, self.head)
        with self.assertRaisesRegex(UserError, "voted already"):
            self._vote(self.second, self.head)
        with self.assertRaisesRegex(UserError, "own entry"):
            self._vote(self.first, self.staff)
        with self.assertRaisesRegex(UserError, "Choose one"):
            self.vote.with_user(self.leader).action_vote(0)
        with self.assertRaises(AccessError):
            self.vote.with_user(self.leader).action_count_votes()
        self._close()
        with self.assertRaisesRegex(UserError, "No votes are taken"):
            self._vote(self.first, self.leader)

    def test_nobody_reads_who_voted_for_what(self):
        self._open()
        self._vote(self.first, self.head)
        voter = self.env["hoithi.component.voter"].search([])
        self.assertEqual(set(voter._fields) & {"entry_id", "create_date"}, set())
        for user in (self.secretary, self.leader, self.chair):
            with self.assertRaises(AccessError):
                voter.with_user(user).read(["key"])
            with self.assertRaises(AccessError):
                self.vote.score_ids.with_user(user).read(["votes"])

    def test_votes_by_codes(self):
        self.contest.with_user(self.chair).action_reopen_rules(reason="Phiếu mã")
        self.vote.voters = "code"
        self.contest.with_user(self.chair).action_fix_rules()
        self._open()
        wizard = self.env["hoithi.component.code"].with_user(self.secretary)
        wizard = wizard.browse(self.vote.action_ask_codes()["res_id"])
        wizard.number = 3
        wizard.action_make()
        codes = base64.b64decode(wizard.file).decode("utf-8-sig").splitlines()[1:]
        self.assertEqual(len(set(codes)), 3)
        voters = self.vote.with_user(self.internal)
        voters.action_vote(self.first.id, code=f"  {codes[0].lower()} ")
        with self.assertRaisesRegex(UserError, "voted already"):
            voters.action_vote(self.first.id, code=codes[0])
        with self.assertRaisesRegex(UserError, "isn't known"):
            voters.action_vote(self.first.id, code="KHONGCO")
        voters.action_vote(self.second.id, code=codes[1])
        self.assertEqual(self.vote.vote_count, 2)
        with self.assertRaises(AccessError):
            self.vote.with_user(self.leader)._make_codes(1)

    def test_bonus_and_penalty_have_a_reason(self):
        self.bonus.action_give(self.second.id, 1.5, reason="Đã áp dụng ở đơn vị khác")
        self.assertEqual(self.second.average_score, 61.5)
        self.assertIn("Đã áp dụng", self.second.score_formula)
        self.bonus.action_give(self.second.id, -5, reason="Nộp thiếu")
        self.assertEqual(self.second.average_score, 55)
        for points, reason in ((1, " "), (2.5, "x"), (-6, "x")):
            with self.assertRaises(UserError):
                self.bonus.action_give(self.second.id, points, reason=reason)
        with self.assertRaises(AccessError):
            self.bonus.with_user(self.leader).action_give(self.second.id, 1, reason="x")
        self.assertFalse(self.env["hoithi.entry"]._get_broken_invariants())

    def test_the_council_waits_for_the_count(self):
        with self.assertRaisesRegex(UserError, "hasn't been counted"):
            self.office.action_start_council()
        self._open()
        self._close()
        self.vote.action_count_votes()
        self.office.action_start_council()
        self.assertEqual(self.office.state, "council")
        self.assertEqual(self.first.average_score, 70, "nobody voted")

    def test_what_counts_is_declared_before_the_review(self):
        with self.assertRaises(UserError):
            self.vote.most = 30
        with self.assertRaises(UserError):
            self.bonus.unlink()
        now = fields.Datetime.now()
        with self.assertRaises(ValidationError):
            self.vote.write({"vote_start": now, "vote_end": now - timedelta(days=1)})

    def test_the_page_of_the_vote(self):
        self._open()
        path = f"/hoithi/{self.contest.id}/vote"
        self.assertIn("/web/login", self.url_open(path).url)
        self.authenticate(self.internal.login, self.internal.login)
        page = self.url_open(path).text
        self.assertIn(self.first.name, page)
        self.assertNotIn(self.first.author_ids[0].full_name, page)
        posted = {
            "entry": str(self.first.id),
            "csrf_token": Request.csrf_token(self),
        }
        page = self.url_open(path, data=posted).text
        self.assertIn("Your vote is counted", page)
        self.env.invalidate_all()
        self.assertEqual(self.vote.vote_count, 1)
        self.assertIn("voted already", self.url_open(path, data=posted).text)
