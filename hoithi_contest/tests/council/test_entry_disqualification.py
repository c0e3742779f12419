from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ...models.guard.hoithi_guard_mixin import Load
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
        with self.assertRaisesRegex(UserError, "by a decision"):
            office.action_reinstate(reason="Quyết định lại")
        with self.assertRaises(AccessError):
            self.copied.action_readmit(reason="Khiếu nại đúng", decision="77/QĐ")
        with self.assertRaises(UserError):
            office.action_readmit(reason="Khiếu nại đúng", decision=" ")
        office.action_readmit(reason="Khiếu nại đúng", decision="77/QĐ-STNMT")
        self.assertEqual(office.state, "reviewed")
        self.assertFalse(office.disqualified_reason)
        self.assertTrue(office.lacks_sheets, "another reviewer is named")
        self.assertIn("77/QĐ-STNMT", office.message_ids[0].body)
        self.assertFalse(self.env["hoithi.ledger"]._verify(self.contest))
        with self.assertRaisesRegex(UserError, "neither refused"):
            office.action_readmit(reason="Lần nữa", decision="77/QĐ-STNMT")

    def test_a_refused_entry_comes_back_by_a_decision(self):
        office = self._office(self.copied)
        office.sudo()._open_door().with_context(hoithi_door=Load()).write(
            {"state": "ineligible", "ineligible_reason": "Thiếu bản mô tả"}
        )
        with self.assertRaisesRegex(UserError, "Back by a Decision"):
            office.action_reinstate(reason="Khiếu nại đúng")
        office.action_readmit(reason="Khiếu nại đúng", decision="77/QĐ-STNMT")
        self.assertEqual(office.state, "reviewing", "its sheets are out")
        self.assertFalse(office.ineligible_reason)

    def test_it_comes_back_by_a_decision_while_others_are_scored(self):
        done, open_sheet = self.reviews[self.copied]
        self._score(done, 20, 30)
        office = self._office(self.copied)
        back = {"reason": "Khiếu nại đúng", "decision": "77/QĐ-STNMT"}
        office.action_disqualify(reason="Sao chép")
        office.action_readmit(**back)
        self.assertEqual(office.state, "reviewing")
        self.assertEqual(open_sheet.sudo().state, "assigned", "it is the member's")
        self._score(open_sheet, 20, 30)
        self.assertEqual(office.state, "reviewed")
        office.action_disqualify(reason="Sao chép")
        office.action_readmit(**back)
        self.assertEqual(office.state, "reviewed", "nothing more is awaited")
        self.assertEqual(office.rank, 1)
        self.assertFalse(self.env["hoithi.ledger"]._verify(self.contest))

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

    def test_no_sheet_comes_back_to_who_may_not_judge(self):
        """What was found or ended meanwhile holds for sheets that were stopped too."""
        office = self._office(self.copied)
        near, far = self.reviews[self.copied]
        office.action_disqualify(reason="Sao chép")
        self.env["hoithi.conflict"].create(
            {
                "entry_id": self.copied.id,
                "member_id": self.seats[self.member1].id,
                "kind": "kinship",
                "note": "Em ruột",
            }
        )
        office.action_reinstate(reason="Xác minh lại")
        self.assertEqual((near.sudo().state, far.sudo().state), ("void", "assigned"))
        with self.assertRaises(UserError):
            near.save_sheet({"comment": ["", "x"]})
        office.action_disqualify(reason="Sao chép")
        self.contest.with_user(self.leader).action_reopen_rules(reason="Thay người")
        seat = self.seats[self.member2].with_user(self.secretary)
        seat.action_end(reason="Chuyển công tác")
        self.contest.with_user(self.leader).action_fix_rules()
        office.action_reinstate(reason="Xác minh lại")
        self.assertEqual((near.sudo().state, far.sudo().state), ("void", "void"))
        # the other entry is reviewed as before
        self.assertEqual(self.reviews[self.other][0].state, "assigned")
        self.assertFalse(self.env["hoithi.ledger"]._verify(self.contest))

    def test_a_cancellation_that_is_undone_brings_back_no_disqualified_entry(self):
        contest = self.contest.with_user(self.secretary)
        self._office(self.copied).action_disqualify(reason="Sao chép")
        contest.action_cancel(reason="Hoãn")
        contest.action_undo_cancel(reason="Làm tiếp")
        states = {
            entry: set(self.env["hoithi.review"].concat(*reviews).mapped("state"))
            for entry, reviews in self.reviews.items()
        }
        self.assertEqual(states, {self.copied: {"void"}, self.other: {"assigned"}})
        # its sheets still wait for it
        self._office(self.copied).action_reinstate(reason="Xác minh lại")
        self.assertEqual(self.reviews[self.copied][0].sudo().state, "assigned")

    def test_a_conflict_that_hr_tells_of_meanwhile_is_found(self):
        contest = self.contest.with_user(self.secretary)
        contest.action_cancel(reason="Hoãn")
        author = self.employees[self.internal]
        author.parent_id = self.employees[self.member1]
        contest.action_undo_cancel(reason="Làm tiếp")
        first, second = self.reviews[self.other]
        self.assertEqual(
            (first.sudo().state, second.sudo().state), ("void", "assigned")
        )
