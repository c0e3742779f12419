from datetime import timedelta

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.modules.module import load_script
from odoo.tests import tagged
from odoo.tools import mute_logger

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
        _shown, obstacles = self._show(self.office, "action_ask_award_prizes")
        self.assertIn("council phase", obstacles[0])
        self._council()
        for ask in ("action_award_prizes", "action_ask_award_prizes"):
            with self.assertRaises(AccessError):
                getattr(self.contest.with_user(self.chair), ask)()
        shown, obstacles = self._show(self.office, "action_ask_award_prizes")
        self.assertEqual(obstacles, [])
        codes = [entry.code for entry in self.entries]
        second, third = shown.effects
        self.assertRegex(second, f"1 × .*{codes[0]}")
        self.assertRegex(third, f"2 × .*{codes[1]} · {codes[2]}")
        self.assertEqual(self._awards(), [[], [], [], []], "nothing is done by looking")
        told = shown.action_apply()
        self.assertIn("3 prizes were given", told["params"]["message"])
        shown, _obstacles = self._show(self.office, "action_ask_award_prizes")
        self.assertIn("replaces the 3 prizes", shown.effects[-1])
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

    def test_what_no_vote_counts_for_has_no_prize(self):
        self._council()
        voted, ended, *others = self.env["hoithi.entry"].concat(*self.entries)
        session = self.env["hoithi.session"].create({"contest_id": self.contest.id})
        items = self.env["hoithi.session.item"].with_context(hoithi_door=Load())
        items.create(
            [
                {
                    "session_id": session.id,
                    "entry_id": voted.id,
                    "state": "counted",
                    "outcome": "approved",
                },
                {"session_id": session.id, "entry_id": ended.id},
            ]
        )
        entries = voted.browse(entry.id for entry in self.entries)
        self.assertEqual(entries._get_unvoted().ids, [other.id for other in others])
        # as where it ended without them
        session.with_context(hoithi_door=Load()).state = "closed"
        self.assertEqual(entries._get_unvoted(), entries - voted)

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
        # as prizes from before that name none
        self.contest.prize_ids[1].currency_id = False
        self._council()
        self.office.action_award_prizes()
        first, third = (entry.sudo().award_ids for entry in self.entries[:2])
        self.assertEqual((first.currency_id, first.amount), (dollar, 500))
        self.assertEqual(third.currency_id.name, "VND")
        self.assertEqual(first._get_ledger_facts()["award"]["currency"], "USD")
        self.assertNotIn("currency", third._get_ledger_facts()["award"])
        [rule, _other] = self.contest._get_rules()["pack"]["prizes"]
        self.assertEqual((rule["amount"], rule["currency"]), (500, "USD"))

    def _classes(self, **first):
        return [
            Command.clear(),
            Command.create({"rank": "class_a", "slots": 0, "min_score": 80, **first}),
            Command.create({"rank": "class_b", "slots": 0, "min_score": 55}),
        ]

    def test_classes_take_all_who_reach_their_points(self):
        novelty = {"criterion_id": self.novelty.id, "min_score": 31}
        other = self.env.ref("hoithi_contest.hoithi_criterion_novelty").id
        for floor in ({"min_score": 41}, {"criterion_id": other}):
            with self.assertRaises(ValidationError):
                self.contest.prize_ids = self._classes(
                    floor_ids=[Command.create({**novelty, **floor})]
                )
        self.contest.prize_ids = self._classes(floor_ids=[Command.create(novelty)])
        self._council()
        self.office.action_award_prizes()
        self.assertEqual(
            self._awards(),
            [["class_a"], ["class_b"], ["class_a"], ["class_b"]],
            "of two with 80 points the one of novelty is better",
        )
        [rule, _other] = self.contest._get_rules()["pack"]["prizes"]
        self.assertEqual((rule["slots"], rule["criteria"][0]["min"]), (0, 31))
        copy = self.contest.copy({"name": "Kỳ sau"})
        self.assertEqual(copy.prize_ids.floor_ids.min_score, 31)

    def test_prizes_are_at_most_a_share_of_the_entries(self):
        """Of four entries a half is two, and a fifth is none."""
        self._prizes(("first", 1, 50), ("class_b", 0, 50))
        others = self.contest.prize_ids[1]
        others.slots_share = 50
        self._council()
        self.office.action_award_prizes()
        self.assertEqual(
            self._awards(), [["first"], ["class_b"], ["class_b"], []], "not all"
        )
        loaded = self.contest.prize_ids.with_context(hoithi_door=Load())
        loaded[0].slots_share = 20
        with self.assertRaises(UserError):
            # two of 90, 80 and 80: equals aren't parted
            self.office.action_award_prizes()
        loaded[1].slots_share = 75
        self.office.action_award_prizes()
        self.assertEqual(self._awards(), [["class_b"], ["class_b"], ["class_b"], []])
        with self.assertRaisesRegex(ValidationError, "go by place"):
            loaded[0].rank = "youngest"

    def _limit(self, **values):
        """One limit of several prizes, by default of all."""
        self.contest.prize_limit_ids = [
            Command.clear(),
            Command.create({"name": "Mọi giải", **values}),
        ]
        return self.contest.prize_limit_ids

    def test_all_prizes_together_are_at_most_a_share_of_the_scored(self):
        self._prizes(("first", 1, 0), ("third", 3, 0))
        limit = self._limit(slots_share=50, share_of="scored")
        self._council()
        with self._refused("are equal"):
            # of four entries two, and the second and third are equal
            self.office.action_award_prizes()
        self.contest.with_context(hoithi_door=Load()).tie_break_ids = [
            Command.create({"kind": "criterion", "criterion_id": self.novelty.id})
        ]
        shown, obstacles = self._show(self.office, "action_ask_award_prizes")
        self.assertEqual(obstacles, [])
        self.assertIn("2 of at most 2 prizes", str(shown.checks))
        self.assertIn("at most 50 % of: entries scored", str(shown.checks))
        shown.action_apply()
        self.assertEqual(self._awards(), [["first"], [], ["third"], []])
        limit.with_context(hoithi_door=Load()).write(
            {"slots_share": 30, "slots": 0, "share_of": "eligible"}
        )
        self.assertIn("at most 1", " ".join(c.text for c in self._get_blocking()))
        self.office.action_award_prizes()
        self.assertEqual(self._awards(), [["first"], [], [], []])
        self.assertFalse(self._get_blocking())

    def _get_blocking(self):
        return self.office._get_limit_checks()

    def test_no_prize_goes_past_a_limit_by_hand(self):
        self._prizes(("first", 1, 0), ("second", 1, 0))
        self.contest.prize_ids[0].amount = 30
        self._limit(slots=2, amount=50)
        self._council()
        awards = self.env["hoithi.award"].with_user(self.secretary)
        by_hand = {"entry_id": self.entries[3].id, "level": "unit", "rank": "chosen"}
        chosen = awards.create({**by_hand, "amount": 20})
        shown, _obstacles = self._show(self.office, "action_ask_award_prizes")
        self.assertIn("2 of at most 2 prizes; 50", str(shown.checks))
        self.office.action_award_prizes()
        self.assertEqual(
            self._awards(), [["first"], [], [], ["chosen"]], "one was left"
        )
        with self._refused("at most 50"):
            chosen.amount = 21
        with self._refused("at most 2 .*not 3"):
            awards.create({**by_hand, "entry_id": self.entries[1].id})
        # what the province gives is none of the department's
        awards.create(
            {"entry_id": self.entries[1].id, "level": "province", "rank": "first"}
        )
        dollar = self.env.ref("base.USD")
        with self._refused("in one currency"):
            chosen.currency_id = dollar
        with self.assertRaises(AccessError):
            chosen.with_user(self.leader).action_take_back(reason="Ghi nhầm")
        with self._refused("reason"):
            chosen.action_take_back(reason=" ")
        given = self.entries[0].sudo().award_ids.with_user(self.secretary)
        with self._refused("given by the rules"):
            given.action_take_back(reason="Ghi nhầm")
        chosen.action_take_back(reason="Ghi nhầm hồ sơ")
        self.assertIn(
            "Ghi nhầm hồ sơ", str(self.entries[3].sudo().message_ids.mapped("body"))
        )
        self.assertEqual(self._awards(), [["first"], ["first"], [], []])
        with self._refused("are equal"):
            # its place is free again, and two compete for it
            self.office.action_award_prizes()
        with self.assertRaises(UserError):
            self.office.prize_limit_ids.slots = 3

    def test_what_goes_by_another_rule_keeps_its_part_of_a_limit(self):
        self.contest.prize_ids = [
            Command.create({"rank": "first"}),
            Command.create({"rank": "class_b", "slots": 0}),
            Command.create({"rank": "women"}),
            Command.create({"rank": "most_entries"}),
        ]
        self._limit(slots=5)
        self._tell(1, gender="female")
        self._council()
        self.office.action_award_prizes()
        self.assertEqual(
            [sorted(ranks) for ranks in self._awards()],
            [["first"], ["class_b", "women"], ["class_b"], []],
            "three of five go by place",
        )
        limit = self.contest.prize_limit_ids.with_context(hoithi_door=Load())
        limit.slots = 6
        self.office.action_award_prizes()
        self.assertEqual(self._awards()[3], ["class_b"])

    def test_what_the_rules_gave_goes_to_nobody_else_by_hand(self):
        self._prizes(("first", 1, 0))
        self._council()
        self.office.action_award_prizes()
        award = self.entries[0].sudo().award_ids.with_user(self.secretary)
        other = self.entries[3]
        for values in ({"entry_id": other.id}, {"rank": "special"}):
            with self._refused("given by the rules"):
                award.write(values)
        # what comes back as it is, and what a decision says of it
        award.write({"rank": "first", "decision_number": "5/QĐ-STNMT", "amount": 3})
        chosen = self.env["hoithi.award"].with_user(self.secretary)
        chosen = chosen.create(
            {"entry_id": other.id, "level": "unit", "rank": "chosen"}
        )
        chosen.entry_id = self.entries[2]
        self.assertEqual(self._awards(), [["first"], [], ["chosen"], []])

    def test_money_past_its_limit_is_told_before_anything_is_given(self):
        self._prizes(("first", 1, 0), ("third", 2, 0))
        self.contest.prize_ids.amount = 30
        self._limit(amount=80, basis="Điều 9 Thể lệ")
        self._council()
        _shown, obstacles = self._show(self.office, "action_ask_award_prizes")
        self.assertRegex(obstacles[0], "at most 80.*, not 90.*Reopen the rules")
        with self.assertRaises(UserError):
            self.office.action_award_prizes()
        self.assertEqual(self._awards(), [[], [], [], []])
        self.contest.with_user(self.chair).action_reopen_rules(reason="Giảm mức tiền")
        self.contest.prize_ids.with_user(self.secretary)[1].amount = 25
        self.contest.with_user(self.chair).action_fix_rules()
        self.office.action_award_prizes()
        self.assertEqual(self._awards(), [["first"], ["third"], ["third"], []])

    def test_a_limit_of_some_kinds_and_one_of_a_field(self):
        self._prizes(("first", 1, 0), ("class_b", 0, 0))
        kinds = self.env["hoithi.prize.kind"]
        self._limit(slots=3, kind_ids=[Command.set(kinds._find("class_b").ids)])
        self.contest.prize_limit_ids = [
            Command.create(
                {"name": "Của lĩnh vực", "slots": 9, "field_id": self.field.id}
            )
        ]
        self._council()
        self.office.action_award_prizes()
        self.assertEqual(
            self._awards(), [["first"], ["class_b"], ["class_b"], ["class_b"]]
        )
        own = self.contest.prize_limit_ids.with_context(hoithi_door=Load())
        own[1].slots = 3
        self.assertRegex(self._get_blocking()[0].text, "Của lĩnh vực.*at most 3")
        # over two ladders no place says who is left out: it's told, and none is cut
        with self._refused("Của lĩnh vực.*at most 3"):
            self.office.action_award_prizes()
        with self.assertRaises(ValidationError):
            self._limit(
                slots=1, field_id=self.env["hoithi.field"].create({"name": "Y"}).id
            )

    def test_money_has_a_ceiling_with_its_basis(self):
        line = {"rank": "first", "amount": 5, "amount_ceiling": 5}
        basis = "Thông tư số 27/2018/TT-BTC"
        for wrong in (line, {**line, "amount": 6, "ceiling_basis": basis}):
            with self.assertRaises(ValidationError):
                self.contest.prize_ids = [Command.create(wrong)]
        self.contest.prize_ids = [Command.create({**line, "ceiling_basis": basis})]
        self._council()
        self.office.action_award_prizes()
        award = self.entries[0].award_ids.with_user(self.secretary)
        with self.assertRaisesRegex(ValidationError, "27/2018"):
            award.amount = 6

    def _side_prizes(self):
        """Let the second solution be a woman's and of the youngest, the last's old."""
        self.contest.prize_ids = [Command.clear()] + [
            Command.create({"rank": rank, "amount": 100})
            for rank in ("first", "youngest", "oldest", "women", "most_entries")
        ]
        self._tell(1, birth_date="2000-05-06", gender="female")
        self._tell(3, self.internal, birth_date="1960-01-02", gender="male")
        self._council()
        return self.office.action_award_prizes()["params"]["message"]

    def _tell(self, number, user=None, **told):
        """Let the author of a solution tell something, and be `user`."""
        if user:
            told |= {"partner_id": user.partner_id.id, "full_name": user.name}
            told["employee_id"] = False
        author = self.entries[number].sudo().author_ids
        author.with_context(hoithi_door=Load()).write(told)
        return author

    def test_prizes_of_persons_of_women_and_of_units(self):
        told = self._side_prizes()
        self.assertIn("2 authors gave no date of birth", told)
        self.assertEqual(
            [sorted(ranks) for ranks in self._awards()],
            [["first"], ["women", "youngest"], [], ["oldest"]],
        )
        awards = self.env["hoithi.award"].with_user(self.secretary)
        unit = awards.search([("rank", "=", "most_entries")])
        self.assertEqual(unit.department_id, self.entries[0].sudo().department_id)
        self.assertEqual(unit.contest_id, self.contest)
        self.assertIn(unit.department_id.name, unit.display_name)
        facts = unit.sudo()._get_ledger_facts()["award"]
        self.assertEqual(facts["unit"], unit.department_id.id)
        entry = {"entry_id": self.entries[2].id, "level": "unit"}
        for wrong in (
            {**entry, "rank": "youngest"},
            {
                **entry,
                "rank": "oldest",
                "author_id": self.entries[0].sudo().author_ids.id,
            },
            {**entry, "rank": "unit_movement", "department_id": self.unit.id},
            {**entry, "rank": "chosen", "department_id": self.unit.id},
            {"contest_id": self.contest.id, "rank": "chosen", "level": "unit"},
        ):
            with self.assertRaises(ValidationError):
                awards.create(wrong)
        awards.create({**entry, "rank": "chosen"})
        self.office.action_award_prizes()
        self.assertEqual(self._awards()[2], ["chosen"], "by hand, so it stays")
        self._tell(0, birth_date="2000-05-06")
        self.office.action_award_prizes()
        self.assertEqual(
            [sorted(ranks) for ranks in self._awards()],
            [["first", "youngest"], ["women"], ["chosen"], ["oldest"]],
            "one person, whose better entry counts",
        )
        self._tell(0, self.head, birth_date="2000-05-06")
        with self.assertRaisesRegex(UserError, "2 are equal"):
            self.office.action_award_prizes()

    def test_what_a_prize_goes_by_is_asked(self):
        draft = self._create_contest(name="Hội thi sau").with_user(self.secretary)
        draft.prize_ids = [Command.create({"rank": r}) for r in ("youngest", "women")]
        fields = {check.target["field"] for check in draft._get_launch_gaps()}
        self.assertLessEqual({"ask_birth_date", "ask_gender"}, fields)
        self.assertEqual(len(draft._get_detail_uses()), 2, "authors are told of both")
        self.assertFalse(self.contest._get_detail_uses())
        draft.write({"ask_birth_date": True, "ask_gender": True})
        fields = {check.target["field"] for check in draft._get_launch_gaps()}
        self.assertFalse({"ask_birth_date", "ask_gender"} & fields)

    def test_an_award_is_held_and_released(self):
        self._side_prizes()
        self._tell(0, gender="female")
        self.office.action_award_prizes()
        award, women = self._get_two_awards()
        with self.assertRaises(UserError):
            award.action_hold(reason=" ")
        with self.assertRaises(UserError):
            award.action_release(reason="Chưa giữ")
        for user in (self.chair, self.leader, self.staff):
            with self.assertRaises(AccessError):
                award.with_user(user).action_hold(reason="Không phải việc của mình")
        with self.assertRaises(UserError):
            award.is_held = True
        award.action_hold(reason="Đang xem xét kỷ luật")
        # each act is attested at the end of its own transaction
        self.env.cr.precommit.run()
        women.action_hold(reason="Có đơn")
        self.env.cr.precommit.run()
        women.action_release(reason="Đơn nặc danh")
        self.env.cr.precommit.run()
        self.office.action_award_prizes()
        award, women = self._get_two_awards()
        self.assertTrue(award.is_held, "given anew it stays held")
        self.assertFalse(women.is_held, "and no other one of its winner")
        self.assertEqual(
            (women.held_reason, women.release_reason), ("Có đơn", "Đơn nặc danh")
        )
        self.assertEqual(award.held_reason, "Đang xem xét kỷ luật")
        [check] = self.office._get_hold_checks()
        self.assertEqual(check.severity, "warn")
        self.contest.sudo().with_context(hoithi_door=Load()).state = "closed"
        own = award.with_user(self.staff)
        self.assertFalse(own.has_access("read"), "whoever won isn't told")
        other = self.entries[3].sudo().award_ids
        self.assertTrue(other.with_user(self.internal).rank)
        self.env.cr.precommit.run()
        award.action_release(reason="Kết luận không vi phạm")
        self.assertTrue(own.has_access("read"))
        self.assertFalse(self.office._get_hold_checks())
        self.env.cr.precommit.run()
        events = self.env["hoithi.ledger"].search(
            [("contest_id", "=", self.contest.id)]
        )
        self.assertLessEqual(
            {"award.held", "award.released"}, set(events.mapped("event"))
        )

    def _get_two_awards(self):
        """Return what the best solution won by its place, and besides."""
        awards = self.entries[0].sudo().award_ids.with_user(self.secretary)
        return awards.sorted(lambda award: not award.is_place)

    def test_prizes_that_the_council_chooses(self):
        basis = {"amount_ceiling": 5, "ceiling_basis": "Nghị quyết số 27"}
        self.contest.prize_ids = [Command.create({"rank": "chosen", **basis})]
        self._council()
        for entry in self.entries:
            entry.with_user(self.secretary).action_not_select(reason="Không đề cử")

        def is_given():
            checks = self.office._get_closing_gaps()
            return {check.key: check.severity for check in checks}["prizes"] == "done"

        self.assertFalse(is_given())
        self.assertNotIn("Give the prizes", str(self.office._get_next_acts()))
        awards = self.env["hoithi.award"].with_user(self.secretary)
        last, other = (
            {"entry_id": self.entries[number].id, "level": "unit", "rank": "chosen"}
            for number in (3, 2)
        )
        with self.assertRaises(ValidationError) as refusal:
            awards.create({**last, "amount": 6})
        self.assertIn("Nghị quyết số 27", str(refusal.exception))
        award = awards.create({**last, "amount": 5})
        self.assertEqual(award.prize_id, self.contest.prize_ids)
        self.assertTrue(is_given())
        with self.assertRaises(ValidationError) as refusal:
            awards.create(other)
        self.assertIn("no more than 1", str(refusal.exception))
        self.contest.prize_ids = [Command.create({"rank": "first"})]
        self.assertFalse(is_given(), "others go by a rule")
        self.assertIn("Give the prizes", str(self.office._get_next_acts()))
        self.office.action_award_prizes()
        self.assertEqual(self._awards(), [["first"], [], [], ["chosen"]])
        self.assertTrue(is_given())
        self.assertNotIn("Give the prizes", str(self.office._get_next_acts()))
        award.rank = "women"
        self.assertFalse(award.prize_id)
        self.assertTrue(awards.create(other).prize_id, "one is left again")

    def test_awards_from_before_there_were_kinds(self):
        award = self.env["hoithi.award"].create(
            {"entry_id": self.entries[3].id, "level": "unit", "rank": "third"}
        )
        entry = self.entries[3].sudo()
        merit = entry.result_merit
        self.env.flush_all()
        self.cr.execute("UPDATE hoithi_award SET rank_order = 0, is_place = FALSE")
        self.cr.execute(
            "UPDATE hoithi_entry SET result_merit = 1 WHERE id = %s", [entry.id]
        )
        self.env.invalidate_all()
        load_script(
            "hoithi_contest/migrations/19.0.1.4.0/post-result_merit.py", "merit"
        ).migrate(self.cr, "19.0.1.3.0")
        self.env.invalidate_all()
        self.assertEqual((award.rank_order, award.is_place), (30, True))
        self.assertEqual(entry.result_merit, merit)
        self.env["hoithi.prize.kind"]._find("third").sequence = 12
        self.assertEqual(award.rank_order, 12)
        self.assertLess(entry.result_merit, merit, "results keep the order of kinds")

    def test_a_department_has_kinds_of_its_own(self):
        kinds = self.env["hoithi.prize.kind"].with_user(self.secretary)
        kind = {"code": "green", "name": "Giải Xanh", "rule": "hand"}
        for wrong in (
            {**kind, "code": "Giải Xanh"},
            {**kind, "code": "none"},
            {**kind, "rule": "oldest"},
        ):
            with self.assertRaises(ValidationError):
                kinds.create(wrong)
        green = kinds.create({**kind, "sequence": 90})
        award = self.env["hoithi.award"].create(
            {"entry_id": self.entries[3].id, "level": "national", "rank": "green"}
        )
        self.assertIn("Giải Xanh", award.display_name)
        with self.assertRaises(UserError):
            green.rule = "place"
        with self.assertRaises(UserError):
            green.with_user(self.admin).unlink()
        with self.assertRaises(UserError):
            award.rank = "blue"
        # one that a limit alone names: without it, the limit would be of all prizes
        blue = kinds.create({**kind, "code": "blue", "name": "Giải Lam"})
        self._limit(slots=1, kind_ids=[Command.set(blue.ids)])
        with self.assertRaisesRegex(UserError, "a limit of prizes names it"):
            blue.with_user(self.admin).unlink()
        with self.assertRaises(UserError):
            blue.rule = "place"
        self.contest.prize_limit_ids = [Command.clear()]
        blue.with_user(self.admin).unlink()
        self.assertFalse(blue.exists())
        green.name = "Giải Môi trường"
        self.assertIn(("green", "Giải Môi trường"), kinds._get_ranks())

    def test_a_unit_of_a_branch_gets_a_prize(self):
        branch, other = self.env["res.company"].create(
            [{"name": "Chi cục", "parent_id": self.company.id}, {"name": "Sở Khác"}]
        )
        ours, theirs = self.env["hr.department"].create(
            [{"name": "Phòng Biển", "company_id": one.id} for one in (branch, other)]
        )
        award = {
            "contest_id": self.contest.id,
            "level": "national",
            "rank": "unit_movement",
        }
        awards = self.env["hoithi.award"]
        self.assertTrue(awards.create({**award, "department_id": ours.id}))
        with self._refused("of another department"):
            awards.create({**award, "department_id": theirs.id})

    def test_the_kinds_of_another_department_are_not_for_this_one(self):
        other = self.env["res.company"].create({"name": "Sở Khác"})
        kinds = self.env["hoithi.prize.kind"]
        green = {"code": "green", "name": "Giải Xanh", "rule": "hand", "sequence": 90}
        theirs = kinds.create({**green, "company_id": other.id})
        prizes = self.env["hoithi.prize"].with_user(self.secretary)
        awards = self.env["hoithi.award"].with_user(self.secretary)

        def offered(records, name="rank"):
            return dict(records.fields_get([name])[name]["selection"])

        for records in (prizes, awards):
            self.assertNotIn("green", offered(records))
        lines = self.env["hoithi.nomination.line"].with_user(self.secretary)
        self.assertNotIn("green", offered(lines, "result_rank"))
        self.assertIn("none", offered(lines, "result_rank"))
        with self._refused("isn't a kind of prize"):
            self._prizes(("green", 1, 0))
        award = {"entry_id": self.entries[3].id, "level": "national", "rank": "green"}
        with self._refused("isn't a kind of prize"):
            self.env["hoithi.award"].create(award)
        with self.assertRaises(UserError):
            self._limit(slots=1, kind_ids=[Command.set(theirs.ids)])
        # the own one means what this department says, by the same code
        own = kinds.create(
            {**green, "name": "Giải Lá", "sequence": 7, "company_id": self.company.id}
        )
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            kinds.create({**green, "company_id": other.id})
        for wrong in (
            {**green, "company_id": False},
            {**green, "code": "first", "company_id": other.id},
        ):
            with self._refused("has this code"):
                kinds.create(wrong)
        self.assertEqual(offered(prizes)["green"], "Giải Lá")
        award = self.env["hoithi.award"].create(award)
        self.assertIn("Giải Lá", award.display_name)
        self.assertEqual(award.rank_order, 7)
        theirs.write({"name": "Giải Khác", "sequence": 3})
        self.assertEqual((award.rank_order, award.target), (7, "entry"))
        self.assertIn("Giải Lá", award.display_name)
        self.assertEqual((theirs.is_used, own.is_used), (False, True))
        # while something names it, it stays whose it is
        with self.assertRaises(UserError):
            own.with_user(self.secretary).company_id = False
        theirs.unlink()

    def test_the_kinds_of_the_company_above_are_its_branches_as_well(self):
        branch = self.env["res.company"].create(
            {"name": "Chi cục", "parent_id": self.company.id}
        )
        staff, stranger = self._create_logins(
            [
                {
                    "login": f"t_of_branch_{number}",
                    "name": f"Nông Văn Chi Cục {number}",
                    "email": f"branch{number}@bien.example.vn",
                    "company_id": branch.id,
                    "company_ids": [Command.set(branch.ids)],
                    "group_ids": [Command.set(self.env.ref("base.group_user").ids)],
                }
                for number in range(2)
            ]
        )
        self.env["hr.employee"].create(
            {"name": staff.name, "user_id": staff.id, "company_id": branch.id}
        )
        kinds = self.env["hoithi.prize.kind"]
        green = {"code": "green", "name": "Giải Xanh", "rule": "hand", "sequence": 90}
        kinds.create({**green, "company_id": self.company.id})
        self._prizes(("green", 1, 0))

        def offered(user):
            prizes = self.env["hoithi.prize"].with_user(user)
            return dict(prizes.fields_get(["rank"])["rank"]["selection"])

        self.assertTrue(self.contest.prize_ids.with_user(staff).has_access("read"))
        self.assertEqual(offered(staff)["green"], "Giải Xanh")
        self.assertNotIn("green", offered(stranger))
        # by the same code each of both departments means its own
        kinds.create({**green, "name": "Giải Lá", "company_id": branch.id})
        self.assertEqual(offered(staff)["green"], "Giải Xanh / Giải Lá")
        self.assertEqual(offered(stranger)["green"], "Giải Lá")

    def test_an_update_gives_kinds_and_is_asked_at_once(self):
        other = self.env["res.company"].create({"name": "Sở Khác"})
        kinds = self.env["hoithi.prize.kind"]
        green = {"code": "green", "name": "Giải Xanh", "rule": "hand", "sequence": 90}
        own, _theirs = kinds.create(
            [{**green, "company_id": one.id} for one in (self.company, other)]
        )
        self._prizes(("green", 1, 0))
        self.env.flush_all()
        # as it could be before: the others' code, and none of the own
        self.cr.execute("DELETE FROM hoithi_prize_kind WHERE id = %s", [own.id])
        self.env.invalidate_all()
        self.env.registry.clear_cache()
        self.assertFalse(kinds._find("green", self.company))
        load_script(
            "hoithi_contest/migrations/19.0.1.5.0/post-prize_kinds.py", "prize_kinds"
        ).migrate(self.cr, "19.0.1.4.0")
        found = kinds._find("green", self.company)
        self.assertEqual((found.name, found.company_id), ("Giải Xanh", self.company))

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

    def test_a_chair_who_enters_sets_no_places(self):
        """Neither the own one, nor those of the others, by which the own one moves."""
        self._council()
        self.seats[self.member2].with_context(hoithi_door=Load()).role = "vice_chair"
        authors = self.entries[3].sudo().author_ids.with_context(hoithi_door=Load())
        authors.write(
            {
                "partner_id": self.chair.partner_id.id,
                "employee_id": self.chair.employee_ids[:1].id,
            }
        )
        self.env.invalidate_all()
        for entry in self.entries:
            with self.subTest(entry=entry.id), self.assertRaises(AccessError):
                entry.with_user(self.chair).action_override_rank(1, reason="Hay hơn")
        self.assertEqual(self._ranks(), [1, 2, 2, 4])
        third = self.entries[2].with_user(self.member2)
        third.action_override_rank(3, reason="Hội đồng thống nhất")
        self.assertEqual(self._ranks(), [1, 2, 3, 4])
        # who gains nothing by it any more decides again
        self.entries[3].with_user(self.secretary).action_disqualify(reason="Sao chép")
        first = self.entries[0].with_user(self.chair)
        first.action_override_rank(1, reason="Hội đồng thống nhất")
        self.assertEqual(first.sudo().rank_override, 1)

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
            *(
                Command.create({"rank": "most_entries", "field_id": field.id})
                for field in (other, self.field, self.field)
            ),
        ]
        self._council()
        self.office.action_award_prizes()
        self.assertEqual(self._awards(), [["first"], [], [], ["first"]])
        units = self.contest.prize_ids.filtered(lambda p: p.rank == "most_entries")
        awards = self.env["hoithi.award"].search([("prize_id", "in", units.ids)])
        self.assertEqual(awards.department_id, self.entries[0].sudo().department_id)
        fields = awards.mapped(lambda award: award.prize_id.field_id.id)
        self.assertEqual(sorted(fields), sorted([self.field.id, other.id]))
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
