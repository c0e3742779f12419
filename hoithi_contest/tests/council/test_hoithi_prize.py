from datetime import timedelta

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from ...models.guard.hoithi_guard_mixin import Load
from ..common import HoithiCommon


@tagged("post_install", "-at_install")
class TestPrize(HoithiCommon):
    """Ranking, tie-breaks, prizes and the chair's override."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contest.reviews_per_entry = 1
        cls._launch()
        cls.novelty, cls.benefit = cls.criteria_set.criterion_ids
        cls.entries = [
            cls._eligible_entry(cls.staff, name=f"Giải pháp quan trắc {number}")
            for number in range(1, 5)
        ]
        cls._start_review()
        # averages 90, 80, 80, 55; the third has the greater novelty
        for entry, scores in zip(
            cls.entries, [(35, 55), (30, 50), (35, 45), (20, 35)], strict=True
        ):
            [review] = cls._assign(entry, cls.member1)
            cls._score(review, *scores)
        cls.office = cls.contest.with_user(cls.secretary)

    def _council(self):
        self.office.action_start_council()

    def _ranks(self):
        return [entry.sudo().rank for entry in self.entries]

    def _prizes(self, *prizes):
        self.contest.prize_ids = [Command.clear()] + [
            Command.create({"rank": rank, "slots": slots, "min_score": floor})
            for rank, slots, floor in prizes
        ]

    def _awards(self):
        return [entry.sudo().award_ids.mapped("rank") for entry in self.entries]

    def test_ties_share_a_place(self):
        self.assertEqual(self._ranks(), [1, 2, 2, 4])

    def test_declared_tie_breaks(self):
        self.contest.tie_break_ids = [
            Command.create({"kind": "criterion", "criterion_id": self.novelty.id})
        ]
        self.assertEqual(self._ranks(), [1, 3, 2, 4])
        self.contest.tie_break_ids = [
            Command.clear(),
            Command.create({"kind": "spread"}),
            Command.create({"kind": "benefit"}),
            Command.create({"kind": "earlier"}),
        ]
        self.entries[1].sudo().benefit_amount = 5
        self.assertEqual(self._ranks(), [1, 2, 3, 4])

    def test_who_submitted_earlier_comes_first(self):
        self.contest.tie_break_ids = [Command.create({"kind": "earlier"})]
        sooner = self.entries[2].sudo()
        sooner.with_context(hoithi_door=Load()).submitted_on -= timedelta(hours=1)
        self.assertEqual(self._ranks(), [1, 3, 2, 4])

    def test_a_prize_begins_at_its_floor(self):
        self._prizes(("first", 1, 90.01), ("second", 1, 90), ("third", 2, 80))
        self._council()
        self.office.action_award_prizes()
        self.assertEqual(self._awards(), [["second"], ["third"], ["third"], []])

    def test_a_tie_break_needs_a_criterion_of_the_set(self):
        other = self.env.ref("hoithi_contest.hoithi_criterion_novelty")
        for criterion in (False, other.id):
            with self.assertRaises(ValidationError):
                self.contest.tie_break_ids = [
                    Command.create({"kind": "criterion", "criterion_id": criterion})
                ]

    def test_prizes_top_down_with_floors(self):
        self._prizes(("first", 1, 95), ("second", 1, 70), ("third", 2, 70))
        with self.assertRaises(UserError):
            self.office.action_award_prizes()
        self._council()
        with self.assertRaises(AccessError):
            self.contest.with_user(self.chair).action_award_prizes()
        self.office.action_award_prizes()
        self.assertEqual(self._awards(), [["second"], ["third"], ["third"], []])
        self.office.action_award_prizes()
        self.assertEqual(
            self._awards(), [["second"], ["third"], ["third"], []], "never twice"
        )

    def test_prizes_go_by_merit_not_by_the_nomination(self):
        self._prizes(("first", 1, 0), ("second", 2, 0))
        self.contest.nomination_slots = 1
        self.novelty.sudo().min_pass = 31
        self._council()
        for entry in self.entries[1:]:
            # for want of places at the province, which says nothing of a prize
            entry.with_user(self.secretary).action_not_select(reason="Hết suất")
        told = self.office.action_award_prizes()["params"]["message"]
        self.assertEqual(self._awards(), [["first"], [], ["second"], []])
        self.assertRegex(told, f"{self.entries[1].code} .*is below 31")
        self.assertNotIn(self.entries[3].code, told, "below the last winner")
        self.novelty.sudo().min_pass = 32
        self.assertEqual(self.office._get_award_checks(), [])
        self.novelty.sudo().min_pass = 36
        [gap] = self.office._get_award_checks()
        self.assertIn(self.entries[0].code, gap.text)

    def test_money_keeps_its_currency(self):
        dollar = self.env.ref("base.USD")
        self.contest.prize_ids = [
            Command.create({"rank": "first", "amount": 500, "currency_id": dollar.id}),
            Command.create({"rank": "third", "slots": 2, "amount": 500_000}),
        ]
        self.contest.tie_break_ids = [Command.create({"kind": "benefit"})]
        benefit = {"benefit_amount": 70, "currency_id": dollar.id}
        with self.assertRaisesRegex(ValidationError, "state it in VND"):
            self.entries[0].sudo().write(benefit)
        self.contest.tie_break_ids = [Command.clear()]
        self.entries[0].sudo().write(benefit)
        with self.assertRaisesRegex(ValidationError, "state it in VND"):
            self.contest.tie_break_ids = [Command.create({"kind": "benefit"})]
        self._council()
        self.office.action_award_prizes()
        first, third = (entry.sudo().award_ids for entry in self.entries[:2])
        self.assertEqual((first.currency_id, first.amount), (dollar, 500))
        self.assertEqual(third.currency_id.name, "VND")
        self.assertEqual(first._get_ledger_facts()["award"]["currency"], "USD")
        self.assertNotIn("currency", third._get_ledger_facts()["award"])
        [rule, _other] = self.contest._get_rules()["pack"]["prizes"]
        self.assertEqual((rule["amount"], rule["currency"]), (500, "USD"))

    def test_without_a_structure_there_are_no_prizes(self):
        self._council()
        with self.assertRaises(UserError):
            self.office.action_award_prizes()

    def test_a_cut_tie_is_the_councils(self):
        self._prizes(("first", 1, 0), ("second", 1, 0))
        self._council()
        with self.assertRaises(UserError) as refusal:
            self.office.action_award_prizes()
        self.assertIn("quan trắc 2", str(refusal.exception))
        third = self.entries[2].with_user(self.chair)
        for user in (self.secretary, self.member1, self.leader):
            with self.assertRaises(AccessError):
                third.with_user(user).action_override_rank(2, reason="Sáng tạo hơn")
        with self.assertRaises(UserError):
            third.action_override_rank(2, reason=" ")
        with self.assertRaises(UserError):
            third.action_override_rank(-1, reason="Sai")
        third.action_override_rank(2, reason="Sáng tạo hơn")
        self.assertEqual(self._ranks(), [1, 3, 2, 4])
        self.office.action_award_prizes()
        self.assertEqual(self._awards(), [["first"], [], ["second"], []])
        self.assertEqual(
            self.entries[2].sudo().award_ids.override_reason, "Sáng tạo hơn"
        )
        events = self.env["hoithi.ledger"].search(
            [("contest_id", "=", self.contest.id)]
        )
        self.assertIn("rank.overridden", events.mapped("event"))
        third.action_override_rank(0, reason="Bỏ")
        self.assertEqual(self._ranks(), [1, 2, 2, 4])

    def test_an_override_waits_for_the_council(self):
        self.contest.blind = False
        with self.assertRaises(UserError):
            self.entries[0].with_user(self.chair).action_override_rank(2, reason="Sớm")

    def test_the_dialog_of_the_chair(self):
        self._council()
        entry = self.entries[3].with_user(self.chair)
        action = entry.action_ask_override_rank()
        wizard = self.env["hoithi.reason"].with_user(self.chair)
        wizard = wizard.browse(action["res_id"])
        self.assertTrue(wizard.needs_place)
        wizard.write({"reason": "Hội đồng thống nhất", "place": 1})
        wizard.action_apply()
        self.assertEqual(self._ranks(), [2, 3, 3, 1])

    def test_prizes_of_a_field(self):
        other = self.env["hoithi.field"].create({"name": "Công nghệ thông tin"})
        self.contest.field_ids += other
        self.entries[3].sudo().field_id = other
        self.contest.prize_ids = [
            Command.create({"rank": "first", "field_id": other.id}),
            Command.create({"rank": "first", "field_id": self.field.id}),
        ]
        self._council()
        self.office.action_award_prizes()
        self.assertEqual(self._awards(), [["first"], [], [], ["first"]])
        with self.assertRaises(ValidationError):
            self.contest.prize_ids = [
                Command.create(
                    {
                        "rank": "second",
                        "field_id": self.env["hoithi.field"].create({"name": "Y"}).id,
                    }
                )
            ]

    def test_the_cut_off_line(self):
        self.contest.nomination_slots = 1
        above = [entry.sudo().above_cutoff for entry in self.entries]
        self.assertEqual(above, [True, False, False, False])
        self._council()
        self.entries[0].with_user(self.secretary).action_select()
        with self.assertRaises(UserError) as refusal:
            self.entries[1].with_user(self.secretary).action_select()
        self.assertIn("cut-off", str(refusal.exception))
        self.entries[1].with_user(self.chair).action_override_rank(
            1, reason="Cấp thiết"
        )
        self.entries[1].with_user(self.secretary).action_select()
        self.assertEqual(self.entries[1].state, "selected")

    def test_prizes_of_a_closed_contest_stay(self):
        self._prizes(("first", 1, 0))
        self._council()
        for entry in self.entries:
            entry.with_user(self.secretary).action_not_select(reason="Không chọn")
        self._close()
        for change in (
            {"prize_ids": [Command.clear()]},
            {"tie_break_ids": [Command.create({"kind": "spread"})]},
        ):
            with self.assertRaises(UserError):
                self.office.write(change)
