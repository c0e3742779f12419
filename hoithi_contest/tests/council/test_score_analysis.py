import numpy as np

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from ...models.guard.hoithi_guard_mixin import Load
from ..common import HoithiCommon


@tagged("post_install", "-at_install")
class TestScoreAnalysis(HoithiCommon):
    """The chair's view of the sheets: advice, and blind for who is in conflict."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.vice = new_test_user(
            cls.env, "t_vice", groups="hoithi_contest.group_member", name="Phó Chủ Tịch"
        )
        cls.council.member_ids = [
            Command.create({"user_id": cls.vice.id, "role": "vice_chair"})
        ]
        cls.seats = {seat.user_id: seat for seat in cls.council.member_ids}
        cls.second_field = cls.env["hoithi.field"].create({"name": "Công nghệ"})
        cls.contest.field_ids |= cls.second_field
        cls.contest.prize_ids = [
            Command.create({"rank": "first", "slots": 1, "min_score": 50}),
            Command.create({"rank": "second", "slots": 1, "min_score": 50}),
        ]
        cls._launch()
        cls.entries = [
            cls._eligible_entry(
                cls.staff if number < 4 else cls.coauthor,
                name=f"Giải pháp quan trắc {number}",
                field_id=(cls.field if number < 3 else cls.second_field).id,
            )
            for number in range(1, 5)
        ]
        cls._start_review()
        # totals by (member1, member2, chair): the mean puts the second first by the
        # chair's 99, the median the first
        cls.totals = [(80, 80, 80), (75, 75, 99), (70, 60, 65), (50, 52, 54)]
        for entry, totals in zip(cls.entries, cls.totals, strict=True):
            reviews = cls._assign(entry, cls.member1, cls.member2, cls.chair)
            for review, total in zip(reviews, totals, strict=True):
                cls._score(
                    review, total - 60 if total > 90 else 30, min(total - 30, 60)
                )
        cls.office = cls.contest.with_user(cls.secretary)

    def _open(self, user=None):
        action = self.contest.with_user(user or self.secretary).action_view_analysis()
        return (
            self.env[action["res_model"]]
            .with_user(user or self.secretary)
            .browse(action["res_id"])
        )

    def _line(self, analysis, number):
        code = self.entries[number - 1].code
        return analysis.line_ids.filtered(lambda line: line.code == code)

    def test_numbers_of_the_entries(self):
        analysis = self._open()
        self.assertRecordValues(
            self._line(analysis, 1) + self._line(analysis, 2),
            [
                {
                    "mean": 80,
                    "median": 80,
                    "trimmed_mean": 80,
                    "adjusted": 80,
                    "spread": 0,
                    "rank": 2,
                    "sheet_count": 3,
                },
                {
                    "mean": 83,
                    "median": 75,
                    "trimmed_mean": 83,
                    # all three scored everything, so that severity cancels out
                    "adjusted": 83,
                    "spread": 24,
                    "rank": 1,
                    "sheet_count": 3,
                },
            ],
        )
        self.assertIn("Ủy Viên Một: 75", self._line(analysis, 2).sheets)
        self.assertEqual((analysis.entry_count, analysis.sheet_count), (4, 12))
        self.assertEqual(analysis.official, "Mean")
        self.assertFalse(analysis.warnings)

    def test_prizes_that_hang_on_the_method_or_on_one_member(self):
        analysis = self._open()
        first, second = self._line(analysis, 1), self._line(analysis, 2)
        self.assertEqual((first.result, second.result), ("Second prize", "First prize"))
        self.assertIn("Median: First", first.sensitivity)
        self.assertIn("Median: Second", second.sensitivity)
        self.assertIn("Without Chủ Tịch: First", first.sensitivity)
        self.assertNotIn("Without Ủy Viên", first.sensitivity)
        self.assertEqual(analysis.sensitive_count, 2)
        self.assertFalse(self._line(analysis, 3).is_sensitive)
        scenarios = {row.name: row.count for row in analysis.scenario_ids}
        self.assertEqual(scenarios["Median"], 2)
        self.assertEqual(scenarios["Without Chủ Tịch"], 2)
        self.assertEqual(scenarios["Trimmed mean"], 0)
        self.assertEqual(scenarios["Without Ủy Viên Một"], 0)

    def test_cut_off_line_and_tie(self):
        self.contest.sudo().write(
            {"prize_ids": [Command.clear()], "nomination_slots": 1}
        )
        analysis = self._open()
        self.assertEqual(self._line(analysis, 2).result, "Above the line")
        self.assertIn("Median: Above the line", self._line(analysis, 1).sensitivity)
        self.contest.sudo().write(
            {
                "nomination_slots": 0,
                "prize_ids": [
                    Command.create({"rank": "first", "slots": 1, "min_score": 50})
                ],
            }
        )
        model = self.env["hoithi.score.analysis"].sudo()
        entries = self.entries[0].sudo() + self.entries[1].sudo()
        outcome = model._get_outcome(self.contest.sudo(), entries)
        tied = model._get_results(outcome, np.array([8000, 8000]))
        self.assertEqual(
            {model._get_result_label(result) for result in tied.values()},
            {"Tie for a prize"},
        )
        self.assertEqual(model._get_result_label(None), "")
        self.assertEqual(model._get_result_label((None, False)), "Below the line")

    def test_sheets_that_are_added_up(self):
        """Floors are of the sum; the other ways are shown for as many sheets."""
        self.criteria_set.with_context(hoithi_door=Load()).aggregate = "sum"
        self.contest.sudo().write(
            {
                "prize_ids": [
                    Command.clear(),
                    Command.create({"rank": "first", "slots": 1, "min_score": 240}),
                ]
            }
        )
        analysis = self._open()
        self.assertEqual((analysis.official, analysis.summed_sheets), ("Sum", 3))
        first, second = self._line(analysis, 1), self._line(analysis, 2)
        self.assertRecordValues(
            first + second,
            [
                {"sum": 240, "mean": 240, "median": 240, "result": "Above the line"},
                {"sum": 249, "mean": 249, "median": 225, "result": "First prize"},
            ],
        )
        self.assertIn("Median: First", first.sensitivity)
        # two sheets, counted as three: without the chair the first keeps its 240
        self.assertIn("Without Chủ Tịch: First", first.sensitivity)
        scenarios = {row.name: row.count for row in analysis.scenario_ids}
        self.assertEqual(scenarios["Mean"], 0)
        self.assertEqual(scenarios["Without Ủy Viên Một"], 0)

    def test_official_result_is_untouched(self):
        before = [(e.sudo().average_score, e.sudo().rank) for e in self.entries]
        self._open()
        after = [(e.sudo().average_score, e.sudo().rank) for e in self.entries]
        self.assertEqual(before, after)
        self.assertEqual(after[1], (83, 1))

    def test_agreement_by_criterion_and_field(self):
        analysis = self._open()
        rows = {(r.name, r.field_id.name or ""): r for r in analysis.agreement_ids}
        self.assertEqual(len(rows), 3 * 3, "total and two criteria, all and two fields")
        total = rows["Total", ""]
        self.assertTrue(total.is_defined)
        # by hand: 1 − 11 · Σ within / Σ all, over 12 paired totals
        values = [list(map(float, totals)) for totals in self.totals]
        every = [value for totals in values for value in totals]
        observed = sum((a - b) ** 2 / 2 for t in values for a in t for b in t) / 12
        expected = sum((a - b) ** 2 for a in every for b in every) / (12 * 11)
        self.assertAlmostEqual(total.value, 1 - observed / expected, 3)
        self.assertEqual(total.count, 4)
        self.assertEqual(rows["Total", "Công nghệ"].count, 2)
        self.assertEqual(total.note, "Too few entries to tell")
        self.assertEqual(analysis._get_alpha_note(0.9, 5), "Good")
        self.assertEqual(analysis._get_alpha_note(0.7, 5), "Tentative")
        self.assertIn("Low", analysis._get_alpha_note(0.5, 5))
        self.assertIn("Not defined", analysis._get_alpha_note(None, 5))

    def test_severity_of_members(self):
        analysis = self._open()
        rows = {row.name: row.value for row in analysis.severity_ids}
        self.assertEqual(next(iter(rows)), "Ủy Viên Hai", "the most severe first")
        self.assertAlmostEqual(sum(rows.values()), 0, 1)
        # residuals of the chair: 0, 16, 0, 2; four sheets and two of average severity
        self.assertAlmostEqual(rows["Chủ Tịch"], 18 / 6, 2)

    def test_disconnected_groups_and_missing_sheets_are_told(self):
        for entry, out in ((0, "t_chair"), (1, "t_chair"), (2, "t_member1")):
            self.entries[entry].sudo().review_ids.filtered(
                lambda r, out=out: r.user_id.login == out
            )._void("Thử")
        self._assign(self.entries[3], self.vice)
        self.assertIn("Sheets are still missing", self._open().warnings)
        for entry, keep in (
            (0, "t_member1"),
            (1, "t_member1"),
            (2, "t_chair"),
            (3, "t_chair"),
        ):
            self.entries[entry].sudo().review_ids.filtered(
                lambda r, keep=keep: r.user_id.login != keep and r.state == "submitted"
            )._void("Thử")
        self.assertIn("No member connects", self._open().warnings)

    def test_flags(self):
        self.contest.sudo().divergence_limit = 20
        self.entries[1].sudo()._follow_reviews()
        line = self._line(self._open(), 2)
        self.assertTrue(line.diverges)
        self.assertTrue(line.needs_adjudication)
        self.assertFalse(self._line(self._open(), 1).diverges)

    # WHO MAY

    def test_who_may_when(self):
        for user in (self.chair, self.vice, self.member1, self.publisher, self.head):
            self.assertFalse(self.contest.with_user(user).can_analyse)
            with self.assertRaises(AccessError):
                self.contest.with_user(user).action_view_analysis()
        self.assertTrue(self.office.can_analyse)
        self.office.action_start_council()
        for user in (self.chair, self.vice):
            self.assertTrue(self.contest.with_user(user).can_analyse)
            self.assertEqual(len(self._open(user).line_ids), 4)
        for user in (self.member1, self.admin, self.internal):
            with self.assertRaises(AccessError):
                self.contest.with_user(user).action_view_analysis()

    def test_leader_sees_totals_without_names(self):
        analysis = self._open(self.leader)
        self.assertEqual(analysis.scope, "totals")
        self.assertFalse(analysis.severity_ids)
        self.assertFalse(any(analysis.line_ids.mapped("sheets")))
        text = str(analysis.line_ids.read() + analysis.figure_ids.read())
        for name in ("Ủy Viên Một", "Chủ Tịch", "Ủy Viên Hai"):
            self.assertNotIn(name, text)
        self.assertIn("Without one member: First", self._line(analysis, 1).sensitivity)

    def test_leader_on_the_council_waits_for_the_council(self):
        self.leader.group_ids |= self.env.ref("hoithi_contest.group_member")
        self.council.member_ids = [
            Command.create({"user_id": self.leader.id, "role": "member"})
        ]
        with self.assertRaises(AccessError):
            self.contest.with_user(self.leader).action_view_analysis()

    def test_conflict_hides_the_entry_and_all_that_comes_of_it(self):
        whole = self._open()
        self.env["hoithi.conflict"].create(
            {
                "entry_id": self.entries[1].id,
                "member_id": self.seats[self.secretary].id,
                "kind": "kinship",
            }
        )
        self.env.invalidate_all()
        self.assertFalse(self._line(whole, 2), "also in an analysis made before")
        analysis = self._open()
        self.assertEqual((analysis.entry_count, analysis.sheet_count), (3, 9))
        text = str(
            analysis.read() + analysis.line_ids.read() + analysis.figure_ids.read()
        )
        self.assertNotIn(self.entries[1].code, text)
        self.assertNotIn("quan trắc 2", text)

    def test_the_own_entry_by_another_login_is_none_of_it(self):
        self.assertEqual(self._open(self.leader).entry_count, 4)
        self.employees[self.coauthor].user_id = self.leader
        self.env.invalidate_all()
        analysis = self._open(self.leader)
        self.assertEqual(analysis.entry_count, 3)
        text = str(analysis.line_ids.read() + analysis.figure_ids.read())
        self.assertNotIn(self.entries[3].code, text)

    def test_no_author_in_it(self):
        self.office.action_start_council()
        analysis = self._open(self.chair)
        text = str(
            analysis.read() + analysis.line_ids.read() + analysis.figure_ids.read()
        )
        self.assertNotIn("Hà Thị Tác Giả", text)
        self.assertIn("Hà Thị Tác Giả", self.entries[0].author_names)

    def test_an_analysis_is_its_readers_alone(self):
        analysis = self._open()
        for user in (self.leader, self.chair):
            with self.assertRaises(AccessError):
                analysis.with_user(user).read(["entry_count"])
            with self.assertRaises(AccessError):
                analysis.line_ids.with_user(user).read(["code"])
            with self.assertRaises(AccessError):
                analysis.figure_ids.with_user(user).read(["name"])
        for model in ("", ".line", ".figure"):
            with self.assertRaises(AccessError):
                self.env[f"hoithi.score.analysis{model}"].with_user(
                    self.secretary
                ).create({})

    def test_nothing_to_analyse(self):
        other = self._create_contest(name="Hội thi khác", edition_number=10)
        with self.assertRaisesRegex(UserError, "No sheet"):
            other.with_user(self.secretary).action_view_analysis()
