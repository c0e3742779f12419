from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..common import HoithiCommon


@tagged("post_install", "-at_install")
class TestEntryDisqualification(HoithiCommon):
    """An entry that turns out to be copied leaves, and the others go on."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._launch()
        cls.copied = cls._eligible_entry(cls.staff)
        cls.other = cls._eligible_entry(cls.internal, name="Một giải pháp khác hẳn")
        cls.contest.reviews_per_entry = 2
        cls._start_review()
        cls.reviews = {
            entry: cls._assign(entry, cls.member1, cls.member2)
            for entry in (cls.copied, cls.other)
        }

    def _office(self, entry):
        return entry.with_user(self.secretary)

    def test_open_sheets_end_and_places_follow(self):
        done, open_sheet = self.reviews[self.copied]
        self._score(done, 30, 40)
        office = self._office(self.copied)
        for user in (self.staff, self.member1):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.copied.with_user(user).action_disqualify(reason="Sao chép")
        with self.assertRaises(UserError):
            office.action_disqualify()
        with self.assertRaises(UserError):
            office.state = "disqualified"
        office.action_disqualify(reason="Sao chép giải pháp đã công bố")
        self.assertEqual(office.state, "disqualified")
        self.assertEqual(done.state, "submitted")
        self.assertEqual(open_sheet.state, "void")
        self.assertNotIn("Sao chép", open_sheet.sudo().void_reason)
        for review in self.reviews[self.other]:
            self._score(review, 20, 30)
        self.assertEqual(self._office(self.other).rank, 1)
        self.assertFalse(office.rank)
        notice = self.env["hoithi.notice"].search([("kind", "=", "disqualified")])
        self.assertEqual(notice.partner_id, self.staff.partner_id)
        rows = (
            self.env["hoithi.ledger"]
            .sudo()
            .search([("event", "=", "entry.disqualified")])
        )
        self.assertEqual(len(rows), 1)
        # it keeps nobody from going on
        self.contest.with_user(self.secretary).action_start_council()
        with self.assertRaises(UserError):
            office.action_reinstate(reason="Quyết định lại")

    def test_it_comes_back_in_the_same_phase(self):
        office = self._office(self.copied)
        office.action_disqualify(reason="Sao chép")
        with self.assertRaises(AccessError):
            self.copied.action_reinstate(reason="Không sao chép")
        office.action_reinstate(reason="Xác minh lại: không sao chép")
        self.assertEqual(office.state, "reviewing")
        for review in self.reviews[self.copied]:
            self.assertEqual(review.state, "assigned")
            self._score(review, 20, 30)
        self.assertEqual(office.state, "reviewed")
        self.assertFalse(self.env["hoithi.ledger"]._verify(self.contest))

    def test_not_while_something_else_stands_against_it(self):
        for reviews in self.reviews.values():
            for review in reviews:
                self._score(review, 20, 30)
        self.contest.with_user(self.secretary).action_start_council()
        office = self._office(self.other)
        award = self.env["hoithi.award"].with_user(self.secretary)
        award = award.create({"entry_id": self.other.id, "rank": "first"})
        award.write({"decision_number": "12/QĐ-SNNMT"})
        with self.assertRaises(UserError):
            office.action_disqualify(reason="Sao chép")
        award.write({"decision_number": False})
        office.action_disqualify(reason="Sao chép")
        self.assertEqual(office.state, "disqualified")
        self.assertFalse(award.exists())
        self.assertFalse(self.env["hoithi.ledger"]._verify(self.contest))
