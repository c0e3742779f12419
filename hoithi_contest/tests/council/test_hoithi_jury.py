import base64
import io

from openpyxl import load_workbook

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from ...lib.contest import rules
from ...models.guard.hoithi_guard_mixin import Load
from ..common import HoithiCommon


@tagged("post_install", "-at_install")
class TestJury(HoithiCommon):
    """Fields that have a jury and criteria of their own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.land = cls.env["hoithi.field"].create({"name": "Đất đai"})
        cls.small_set = cls.env["hoithi.criteria.set"].create(
            {
                "name": "Tiêu chí đất đai",
                "min_total": 10,
                "criterion_ids": [
                    Command.create({"name": "Tính mới", "max_score": 20}),
                    Command.create({"name": "Trình bày", "max_score": 30}),
                ],
            }
        )
        cls.contest.write(
            {
                "reviews_per_entry": 1,
                "field_ids": [Command.link(cls.land.id)],
                "field_ranking": "percent",
            }
        )
        cls.office = cls.contest.with_user(cls.secretary)
        cls.jury = (
            cls.env["hoithi.jury"]
            .with_user(cls.secretary)
            .create(
                {
                    "contest_id": cls.contest.id,
                    "name": "Tổ Đất đai",
                    "field_ids": [Command.set(cls.land.ids)],
                    "member_ids": [Command.set(cls.seats[cls.member2].ids)],
                    "criteria_set_id": cls.small_set.id,
                }
            )
        )

    def _review(self, *scores):
        """Entries of both fields, scored: (field, scores) each; return the entries."""
        self._launch()
        entries = self.env["hoithi.entry"].union(
            *(
                self._eligible_entry(name=f"Giải pháp số {number}", field_id=field.id)
                for number, (field, _scores) in enumerate(scores, 1)
            )
        )
        self._start_review()
        for entry, (field, given) in zip(entries, scores, strict=True):
            user = self.member2 if field == self.land else self.member1
            [review] = self._assign(entry, user)
            self._score(review, *given)
        return entries.sudo()

    def test_a_sheet_has_the_criteria_of_its_jury(self):
        water, land = self._review((self.field, (30, 50)), (self.land, (18, 22)))
        self.assertEqual(water.criteria_set_id, self.criteria_set)
        self.assertEqual(land.criteria_set_id, self.small_set)
        self.assertEqual(land.jury_id, self.jury.sudo())
        self.assertFalse(water.jury_id)
        sheet = land.review_ids.with_user(self.member2)
        self.assertEqual(
            sheet.line_ids.criterion_id, self.small_set.criterion_ids, "not the others"
        )
        self.assertEqual((sheet.total, sheet.max_total), (40, 50))
        self.assertTrue(self.small_set.locked)
        self.assertEqual((water.average_score, land.average_score), (80, 40))
        self.assertFalse(self.env["hoithi.entry"]._get_broken_invariants())

    def test_an_offline_sheet_asks_each_entry_by_its_own_criteria(self):
        """Who scores by two sets types into no cell that would lead nowhere."""
        self._launch()
        entries = [
            self._eligible_entry(name=f"Giải pháp về {field.name}", field_id=field.id)
            for field in (self.field, self.land)
        ]
        self._start_review()
        for entry in entries:
            self._assign(entry, self.member2)
        wizard = self.env["hoithi.score.sheet"].with_user(self.member2)
        wizard = wizard.create({"contest_id": self.contest.id})
        wizard.action_download()
        book = load_workbook(io.BytesIO(base64.b64decode(wizard.file)))
        first, second = (
            {cell.column for cell in row if cell.protection.locked}
            for row in book.worksheets[0].iter_rows(min_row=4)
        )
        self.assertEqual(first & second, {1, 2, 12}, "code, title and total")
        self.assertEqual(first | second, {*range(1, 11), 12})
        self.assertEqual(len(first), len(second))

    def test_the_jury_alone_reviews(self):
        self._launch()
        entry = self._eligible_entry(field_id=self.land.id)
        self._start_review()
        with self.assertRaises(UserError) as refusal:
            self._assign(entry, self.member1)
        self.assertIn("Tổ Đất đai", str(refusal.exception))
        wizard = self.env["hoithi.review.assign"].with_user(self.secretary)
        wizard = wizard.create({"contest_id": self.contest.id, "mode": "fill"})
        wizard.action_propose()
        self.assertEqual(wizard.line_ids.member_id, self.seats[self.member2])
        by_hand = wizard.create(
            {
                "contest_id": self.contest.id,
                "mode": "pick",
                "entry_ids": [Command.set(entry.ids)],
                "member_ids": [Command.set(self.council.member_ids.ids)],
            }
        )
        self.assertIn("not of the jury", by_hand.preview)
        self.assertEqual(by_hand.line_count, 1)

    def test_a_conflict_holds_within_a_jury(self):
        self._launch()
        entry = self._eligible_entry(field_id=self.land.id)
        self._start_review()
        self.env["hoithi.conflict"].create(
            {
                "entry_id": entry.id,
                "member_id": self.seats[self.member2].id,
                "kind": "kinship",
                "note": "Em ruột",
                "hard": True,
            }
        )
        with self.assertRaises(UserError) as refusal:
            self._assign(entry, self.member2)
        self.assertIn("Conflict of interest", str(refusal.exception))
        wizard = self.env["hoithi.review.assign"].with_user(self.secretary)
        wizard = wizard.create({"contest_id": self.contest.id, "mode": "fill"})
        wizard.action_propose()
        self.assertFalse(wizard.line_ids)
        self.assertIn("jury", wizard.shortage)

    def test_fields_are_ranked_by_percentage(self):
        """40 of 50 comes before 75 of 100, and after 85."""
        entries = self._review(
            (self.field, (35, 50)), (self.land, (18, 22)), (self.field, (25, 50))
        )
        self.assertEqual(entries.mapped("rank"), [1, 2, 3])
        self.assertEqual(
            entries._get_merits()[entries[1]][0], 80, "code ranks as the database does"
        )
        self.contest.prize_ids = [Command.create({"rank": "first", "min_score": 80})]
        self.office.action_start_council()
        self.office.action_award_prizes()
        self.assertEqual(entries.award_ids.entry_id, entries[0])
        self.assertFalse(self.env["hoithi.entry"]._get_broken_invariants())

    def test_sums_are_ranked_by_what_their_sheets_could_give(self):
        """40 of 50 with a coefficient comes before 150 of 2 × 100."""
        self.small_set.criterion_ids[0].weight = 2
        self.small_set.criterion_ids[0].max_score = 10
        self.criteria_set.aggregate = "sum"
        entries = self._review((self.land, (9, 22)), (self.field, (35, 40)))
        self.assertEqual(entries.mapped("average_score"), [40, 75])
        self.assertEqual(entries.mapped("rank"), [1, 2])
        self.assertEqual(entries._get_merits()[entries[0]][0], 80)
        [review] = self._assign(entries[1].sudo(False), self.chair)
        self._score(review, 40, 60)
        self.assertEqual(entries[1].average_score, 175)
        self.assertEqual(entries.mapped("rank"), [2, 1])
        self.assertEqual(entries._get_merits()[entries[1]][0], 87.5)

    def test_fields_are_ranked_apart(self):
        self.contest.write({"field_ranking": "apart", "nomination_slots": 1})
        entries = self._review(
            (self.field, (35, 50)),
            (self.land, (18, 22)),
            (self.field, (25, 50)),
            (self.land, (5, 4)),
        )
        self.assertEqual(entries.mapped("rank"), [1, 1, 2, 2])
        self.assertEqual(
            entries.mapped("above_cutoff"), [True, True, False, False], "one a field"
        )
        self.assertEqual(
            entries.filtered("is_first_below_cutoff"), entries[2] + entries[3]
        )
        self.assertIn(
            "below the pass mark 10", " ".join(entries[3]._get_selection_problems())
        )
        with self.assertRaises(UserError):
            self.contest.prize_ids = [Command.create({"rank": "first"})]
        with self.assertRaises(UserError):
            self.contest.prize_ids = [
                Command.create({"rank": "most_entries", "min_score": 10})
            ]
        self.assertFalse(self.env["hoithi.entry"]._get_broken_invariants())

    def test_a_prize_over_fields_that_are_ranked_apart(self):
        """It says how it compares them, and goes to the best of all by that."""
        self.contest.write({"field_ranking": "apart", "ask_gender": True})
        prize = {"rank": "special", "min_score": 85}
        for across, told in ((False, "how it compares"), ("points", "by percentage")):
            with self._refused(told):
                self.contest.prize_ids = [Command.create({**prize, "across": across})]
        self.contest.prize_ids = [
            Command.create({**prize, "across": "percent"}),
            *(
                Command.create({"rank": "first", "field_id": field.id})
                for field in (self.field, self.land)
            ),
            Command.create({"rank": "women", "across": "percent", "min_score": 70}),
        ]
        with self._refused("other points are added"):
            self.contest.component_ids = [
                Command.create({"name": "Điểm cộng", "kind": "bonus", "most": 5})
            ]
        water, other, land, weak = self._review(
            (self.field, (35, 50)),
            (self.field, (30, 50)),
            (self.land, (18, 27)),
            (self.land, (10, 20)),
        )
        authors = (other | weak).author_ids.with_context(hoithi_door=Load())
        authors.gender = "female"
        self.office.action_start_council()
        self.office.action_award_prizes()
        self.assertEqual(
            [entry.award_ids.mapped("rank") for entry in (water, other, land, weak)],
            [["first"], ["women"], ["special"], ["first"]],
            "45 of 50 are more than 85 of 100, 30 of 50 less than 80",
        )

    def test_prizes_across_are_given_kind_by_kind(self):
        """The consolation prize of all fields comes after the first of each."""
        self.contest.field_ranking = "apart"
        across = {"across": "percent"}
        self.contest.prize_ids = [
            Command.create({"rank": "consolation", "slots": 2, **across}),
            *(
                Command.create({"rank": "first", "field_id": field.id})
                for field in (self.field, self.land)
            ),
            Command.create({"rank": "special", **across}),
        ]
        kinds = self.env["hoithi.prize.kind"]
        most = {"name": "Giải chung", "slots": 3}
        most["kind_ids"] = [
            Command.set((kinds._find("special") + kinds._find("consolation")).ids)
        ]
        self.contest.prize_limit_ids = [Command.create(most)]
        entries = self._review(
            (self.field, (35, 50)),
            (self.field, (30, 50)),
            (self.field, (25, 40)),
            (self.land, (18, 27)),
            (self.land, (15, 20)),
        )
        self.office.action_start_council()
        self.office.action_award_prizes()

        def get_ranks():
            return [
                rank for entry in entries for rank in entry.award_ids.mapped("rank")
            ]

        ranks = ["first", "consolation", "consolation", "special", "first"]
        self.assertEqual(get_ranks(), ranks)
        limit = self.contest.prize_limit_ids.with_context(hoithi_door=Load())
        limit.slots = 2
        self.office.action_award_prizes()
        ranks.pop(2)
        self.assertEqual(get_ranks(), ranks, "one is left of two after the special")
        limit.slots = 1
        self.office.action_award_prizes()
        self.assertEqual(get_ranks(), ["first", "special", "first"])

    def test_equals_of_several_fields_are_told(self):
        self.contest.field_ranking = "apart"
        special = {"rank": "special", "across": "percent"}
        self.contest.prize_ids = [Command.create(special)]
        entries = self._review((self.field, (35, 55)), (self.land, (18, 27)))
        self.office.action_start_council()
        with self._refused("several fields are equal"):
            self.office.action_award_prizes()
        self.contest.with_user(self.chair).action_reopen_rules(reason="Hai giải")
        self.contest.prize_ids.with_user(self.secretary).slots = 2
        self.contest.with_user(self.chair).action_fix_rules()
        self.office.action_award_prizes()
        self.assertEqual(entries.award_ids.mapped("rank"), ["special", "special"])

    def test_a_place_set_by_the_chair_moves_its_own_field(self):
        self.contest.field_ranking = "apart"
        entries = self._review(
            (self.field, (35, 50)),
            (self.land, (18, 22)),
            (self.field, (25, 50)),
        )
        entries[2]._open_door().write(
            {"rank_override": 1, "rank_override_reason": "Theo kết luận"}
        )
        self.env.invalidate_all()
        self.assertEqual(entries.mapped("rank"), [2, 1, 1])

    def test_what_differs_is_not_ranked_by_points(self):
        with self.assertRaises(ValidationError) as refusal:
            self.office.field_ranking = "together"
        self.assertIn("different totals", str(refusal.exception))
        with self.assertRaises(ValidationError):
            # 40 points there, 20 here
            self.office.tie_break_ids = [
                Command.create({"criterion_id": self.criteria_set.criterion_ids[0].id})
            ]
        with self.assertRaises(ValidationError) as refusal:
            self.office.write(
                {
                    "field_ranking": "apart",
                    "prize_ids": [Command.create({"rank": "first"})],
                }
            )
        self.assertIn("choose the field", str(refusal.exception))

    def test_no_review_begins_with_what_is_measured_differently(self):
        """What a jury gives up is scored by the contest's set, up to its total."""
        self.jury.field_ids = [Command.link(self.field.id)]
        self.office.field_ranking = "together"
        health = self.env["hoithi.field"].create({"name": "Y tế"})
        with self.assertRaises(ValidationError) as refusal:
            self.office.field_ids = [Command.link(health.id)]
        self.assertIn("different totals", str(refusal.exception))
        self.jury.field_ids = [Command.unlink(self.field.id)]
        self._launch()
        self._eligible_entry(field_id=self.field.id)
        with self.assertRaises(ValidationError) as refusal:
            self._start_review()
        self.assertIn("different totals", str(refusal.exception))
        self.office.field_ranking = "percent"
        self._start_review()
        self.assertEqual(self.contest.state, "review")

    def test_a_criterion_breaks_ties_by_its_name_in_each_set(self):
        self.contest.field_ranking = "apart"
        self.office.tie_break_ids = [
            Command.create({"criterion_id": self.criteria_set.criterion_ids[0].id})
        ]
        entries = self._review((self.land, (15, 22)), (self.land, (18, 19)))
        self.assertEqual(entries.mapped("rank"), [2, 1])
        merits = entries._get_merits()
        self.assertLess(merits[entries[0]], merits[entries[1]])

    def test_who_sits_on_a_jury(self):
        juries = self.env["hoithi.jury"].with_user(self.secretary)
        values = {"contest_id": self.contest.id, "name": "Tổ khác"}
        for wrong, text in (
            ({"field_ids": [Command.set(self.land.ids)]}, "another jury already"),
            ({}, "Choose the fields"),
            (
                {
                    "field_ids": [Command.set(self.field.ids)],
                    "member_ids": [Command.set(self.seats[self.secretary].ids)],
                },
                "doesn't score",
            ),
        ):
            with self.assertRaises(ValidationError) as refusal:
                juries.create({**values, **wrong})
            self.assertIn(text, str(refusal.exception))
        with self.assertRaises(ValidationError):
            self.office.field_ids = [Command.unlink(self.land.id)]
        other = self.council.copy({"name": "Hội đồng khác"})
        with self.assertRaises(ValidationError):
            self.office.council_id = other
        self.office.reviews_per_entry = 2
        with self.assertRaises(UserError) as refusal:
            self.office.action_launch()
        self.assertIn("Tổ Đất đai", str(refusal.exception))

    def test_rights(self):
        for user in (self.staff, self.internal, self.head):
            with self.assertRaises(AccessError):
                self.jury.with_user(user).read(["name"])
            with self.assertRaises(AccessError):
                self.contest.with_user(user).read(["jury_ids"])
        for user in (self.chair, self.leader, self.admin):
            self.assertEqual(self.jury.with_user(user).name, "Tổ Đất đai")
            with self.assertRaises(AccessError):
                self.jury.with_user(user).name = "Khác"

    def test_juries_are_fixed_with_the_rules(self):
        self._review((self.land, (18, 22)))
        for values in (
            {"criteria_set_id": False},
            {"field_ids": [Command.link(self.field.id)]},
            {"member_ids": [Command.link(self.seats[self.member1].id)]},
        ):
            with self.assertRaises(UserError):
                self.jury.write(values)
        with self.assertRaises(UserError):
            self.jury.unlink()
        with self.assertRaises(UserError):
            self.office.field_ranking = "apart"
        self.contest.with_user(self.chair).action_reopen_rules(reason="Ủy viên ốm")
        self.jury.member_ids = [Command.link(self.seats[self.member1].id)]
        with self.assertRaises(UserError):
            self.jury.criteria_set_id = False
        self.contest.with_user(self.chair).action_fix_rules()
        [(_moment, _reason, changes)] = self.contest._get_rule_changes()
        self.assertIn("Ủy Viên Một", changes)

    def test_an_entry_with_sheets_stays_with_its_jury(self):
        [entry] = self._review((self.land, (18, 22)))
        with self.assertRaises(UserError) as refusal:
            entry.with_user(self.secretary).action_change_field(
                self.field.id, reason="Nhầm lĩnh vực"
            )
        self.assertIn("another jury", str(refusal.exception))

    def test_juries_go_out_and_in(self):
        """A file has the juries without their members: those are of a council."""
        pack = self.env["hoithi.rule.pack"].with_user(self.secretary)

        def export(contest):
            action = contest.with_user(self.secretary).action_export_rules()
            own = pack.browse(int(action["url"].split("/")[4]))
            return base64.b64decode(own.exported)

        text = export(self.contest)
        data = rules.read(text).rules
        self.assertEqual(
            data["juries"],
            [
                {
                    "name": "Tổ Đất đai",
                    "round": "",
                    "fields": ["Đất đai"],
                    "criteria_set": "Tiêu chí đất đai",
                }
            ],
        )
        self.assertEqual(data["judging"]["field_ranking"], "percent")
        other = self._create_contest(name="Hội thi sau", field_ids=False)
        pack.create(
            {"contest_id": other.id, "file": base64.b64encode(text)}
        ).action_import()
        self.assertEqual(rules.read(export(other)).rules, data)
        self.assertEqual(other.jury_ids.criteria_set_id, self.small_set)
        self.assertFalse(other.jury_ids.member_ids)
        # into the same contest: who sits on the jury stays
        pack.create(
            {
                "contest_id": self.contest.id,
                "file": base64.b64encode(
                    text.replace(b"ranking: percent", b"ranking: apart")
                ),
            }
        ).action_import()
        self.assertEqual(self.contest.field_ranking, "apart")
        self.assertEqual(self.contest.jury_ids.member_ids, self.seats[self.member2])
        wrong = text.replace(b"ranking: percent", b"ranking: together")
        wizard = pack.create({"contest_id": other.id, "file": base64.b64encode(wrong)})
        wizard.action_preview()
        self.assertIn("different totals", wizard.problems)

    def test_prizes_follow_the_ranking_of_a_file(self):
        """Prizes over all fields make way for those of each, in one file."""
        self.jury.unlink()
        self.office.write(
            {
                "field_ranking": "together",
                "prize_ids": [Command.create({"rank": "first"})],
            }
        )
        text = (
            "format: 1\nname: Riêng từng lĩnh vực\njudging: {field_ranking: apart}\n"
            "prizes: [{rank: first, field: Đất đai}]\n"
        )
        pack = self.env["hoithi.rule.pack"].with_user(self.secretary)
        pack.create(
            {
                "contest_id": self.contest.id,
                "file": base64.b64encode(text.encode()),
            }
        ).action_import()
        self.assertEqual(self.contest.prize_ids.field_id, self.land)
        self.assertEqual(self.contest.field_ranking, "apart")

    def test_the_analysis_says_what_it_does_not_compare(self):
        self._review((self.field, (30, 50)), (self.land, (18, 22)))
        with self.assertRaises(UserError) as refusal:
            self.office.action_view_analysis()
        self.assertIn("one set of criteria", str(refusal.exception))

    def test_the_next_edition_has_juries_without_members(self):
        edition = self.contest.with_user(self.secretary).copy()
        self.assertEqual(edition.jury_ids.name, "Tổ Đất đai")
        self.assertEqual(edition.jury_ids.criteria_set_id, self.small_set)
        self.assertFalse(edition.jury_ids.member_ids)

    def test_fields_go_from_one_jury_to_another_in_one_save(self):
        water = self.env["hoithi.field"].create({"name": "Nước"})
        self.office.field_ids = [Command.link(water.id)]
        second = self.jury.create(
            {
                "contest_id": self.contest.id,
                "name": "Tổ Nước",
                "field_ids": [Command.set(water.ids)],
            }
        )
        for juries in ((self.jury, second), (second, self.jury)):
            before = {jury: jury.field_ids for jury in juries}
            first, other = juries
            self.office.jury_ids = [
                Command.update(
                    first.id, {"field_ids": [Command.set(before[other].ids)]}
                ),
                Command.update(
                    other.id, {"field_ids": [Command.set(before[first].ids)]}
                ),
            ]
            self.assertEqual(first.field_ids, before[other])
            self.assertEqual(other.field_ids, before[first])
        # what one field ends up in twice is refused as ever
        with self.assertRaisesRegex(ValidationError, "another jury"):
            self.office.jury_ids = [
                Command.update(second.id, {"field_ids": [Command.link(self.land.id)]})
            ]
        with self.assertRaisesRegex(ValidationError, "another jury"):
            second.with_context(hoithi_juries_together=True).field_ids = [
                Command.link(self.land.id)
            ]

    def test_a_contest_needs_no_criteria_that_no_field_goes_by(self):
        rest = self.contest.field_ids - self.land
        self.office.criteria_set_id = False
        with self.assertRaisesRegex(UserError, "criteria set with criteria"):
            self.office.action_launch()
        self.jury.create(
            {
                "contest_id": self.contest.id,
                "name": "Tổ còn lại",
                "field_ids": [Command.set(rest.ids)],
                "criteria_set_id": self.criteria_set.id,
            }
        )
        self.office.action_launch()
        self._eligible_entry(field_id=self.land.id)
        self._start_review()
        self.assertEqual(self.contest.state, "review")
