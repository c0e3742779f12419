import random
from datetime import timedelta

from odoo import fields
from odoo.fields import Command
from odoo.tests import tagged

from ...lib.council import ranking, scoring
from ...models.guard.hoithi_guard_mixin import Load
from ...models.guard.hoithi_states import RANKABLE
from ..common import HoithiCommon


@tagged("post_install", "-at_install")
class TestRanking(HoithiCommon):
    """What the database works out is what `lib.council` does, to the last place."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.loading = cls.env(context={**cls.env.context, "hoithi_door": Load()})
        extra = cls._create_logins(
            [{"login": f"t_rank{n}", "name": f"Ủy Viên Thêm {n}"} for n in range(3, 8)]
        )
        cls.council.member_ids = [
            Command.create({"user_id": user.id}) for user in extra
        ]
        cls.seats = cls.council.member_ids.filtered("can_score")
        cls.criteria_set.criterion_ids.step = 0.25
        cls._launch()
        cls.contest.with_env(cls.loading).state = "council"
        cls.rolls = random.Random(7)
        cls.entries = cls._make_entries(40)

    @classmethod
    def _make_entries(cls, number):
        """Entries with up to seven sheets each, in few enough values to be equal."""
        now = fields.Datetime.now()
        states = (*RANKABLE, *RANKABLE, "reviewing", "eligible", "ineligible")
        entries = cls.env["hoithi.entry"].with_env(cls.loading)
        entries = entries.create(
            [
                {
                    "name": f"Giải pháp {n}",
                    "contest_id": cls.contest.id,
                    "field_id": cls.field.id,
                    "state": cls.rolls.choice(states),
                    "receipt_number": f"R{n}",
                    "submitted_on": now - timedelta(seconds=cls.rolls.randrange(3)),
                    "benefit_amount": cls.rolls.choice((0, 0.1, 5)),
                }
                for n in range(number)
            ]
        )
        benefit = cls.criteria_set.criterion_ids[1]
        for entry in entries:
            for seat in cls.rolls.sample(list(cls.seats), cls.rolls.randrange(8)):
                first, second = (cls.rolls.randrange(6) / 4 for _ in range(2))
                cls.env["hoithi.review"].with_env(cls.loading).create(
                    {
                        "entry_id": entry.id,
                        "member_id": seat.id,
                        "state": cls.rolls.choice(
                            ("submitted", "submitted", "in_progress", "void")
                        ),
                        "submitted_on": now,
                        "total": first + second,
                    }
                ).line_ids.with_env(cls.loading).write({"score": first})
                cls.env["hoithi.review.line"].search(
                    [
                        ("review_id.entry_id", "=", entry.id),
                        ("review_id.member_id", "=", seat.id),
                        ("criterion_id", "=", benefit.id),
                    ]
                ).score = second
        return entries.with_env(cls.env)

    def _get_sheets(self, entry):
        return entry.review_ids.filtered(lambda review: review.state == "submitted")

    def _aggregate(self, values, of_criterion=False):
        rules = self.criteria_set
        method = rules.aggregate
        if of_criterion and method == "sum":
            method = "mean"
        return scoring.aggregate(values, method, rules.rounding, rules._get_drops())

    def _get_places(self):
        """The places by `lib`, from the sheets and nothing that is stored of them."""
        doubts = {
            (conflict.entry_id, conflict.member_id)
            for conflict in self.env["hoithi.conflict"].search(
                [("state", "=", "possible"), ("contest_id", "=", self.contest.id)]
            )
        }
        merits = {}
        for entry in self.entries.sorted("id"):
            sheets = self._get_sheets(entry)
            if entry.state not in RANKABLE or not sheets:
                continue
            if any((entry, sheet.member_id) in doubts for sheet in sheets):
                continue
            facts = {
                "spread": scoring.spread(sheets.mapped("total")),
                "benefit": scoring.to_decimal(entry.benefit_amount),
                "earlier": entry.submitted_on.timestamp(),
            }
            merits[entry] = ranking.merit(
                self._aggregate(sheets.mapped("total")),
                [
                    (
                        step.kind,
                        self._aggregate(
                            sheets.line_ids.filtered(
                                lambda line, step=step: (
                                    line.criterion_id == step.criterion_id
                                )
                            ).mapped("score"),
                            of_criterion=True,
                        )
                        if step.kind == "criterion"
                        else facts[step.kind],
                    )
                    for step in self.contest.tie_break_ids
                ],
            )
        places = ranking.rank_by(
            merits, {e: e.rank_override for e in merits if e.rank_override}
        )
        return [places.get(entry, 0) for entry in self.entries]

    def _draw_rules(self):
        """Another way to count, other tie-breaks, places by hand and doubts."""
        pick = self.rolls.choice
        self.criteria_set.write(
            {
                "aggregate": pick(scoring.METHODS),
                "rounding": pick((0, 1, 2)),
                "drop_high": pick((0, 1, 2)),
                "drop_low": pick((0, 1)),
                "drop_from": pick((4, 5)),
            }
        )
        self.entries.with_env(self.loading)._compute_scores()
        kinds = self.rolls.sample(
            ("criterion", "spread", "benefit", "earlier"), self.rolls.randrange(5)
        )
        self.contest.tie_break_ids = [Command.clear()] + [
            Command.create(
                {
                    "kind": kind,
                    "sequence": n,
                    "criterion_id": kind == "criterion"
                    and pick(self.criteria_set.criterion_ids).id,
                }
            )
            for n, kind in enumerate(kinds)
        ]
        self.entries.with_env(self.loading).rank_override = 0
        for entry in self.rolls.sample(list(self.entries), self.rolls.randrange(4)):
            entry.with_env(self.loading).rank_override = self.rolls.randrange(1, 50)

    def test_the_database_ranks_as_the_rules_say(self):
        for _round in range(25):
            self._draw_rules()
            places = self._get_places()
            self.assertGreater(max(places), 1)
            self.assertEqual(self.entries.mapped("rank"), places)

    def test_averages_are_exact(self):
        for _round in range(6):
            self._draw_rules()
            for entry in self.entries:
                totals = self._get_sheets(entry).mapped("total")
                self.assertEqual(
                    (entry.average_score, entry.score_spread, entry.review_done_count),
                    (
                        float(self._aggregate(totals)),
                        float(scoring.spread(totals)),
                        len(totals),
                    ),
                )

    def test_a_doubt_takes_the_place_until_it_is_decided(self):
        entry = self.entries.search(
            [("contest_id", "=", self.contest.id), ("rank", "=", 1)], limit=1
        )
        seat = self._get_sheets(entry).member_id[:1]
        conflict = self.env["hoithi.conflict"].with_env(self.loading)
        conflict = conflict.create(
            {
                "entry_id": entry.id,
                "member_id": seat.id,
                "kind": "other",
                "state": "possible",
            }
        )
        self.assertEqual(entry.rank, 0)
        self.assertEqual(self.entries.mapped("rank"), self._get_places())
        conflict.write({"state": "lifted", "hard": False})
        self.assertEqual(self.entries.mapped("rank"), self._get_places())
        self.assertEqual(entry.rank, 1)

    def test_a_change_is_seen_by_who_works_the_places_out_meanwhile(self):
        """Of two at once, the database lets the one who comes later try again."""
        entry = self.entries[0]

        def write(act):
            act()
            self.env.flush_all()
            self.env.cr.execute(
                "SELECT ctid, rank_stale FROM hoithi_entry WHERE id = %s", (entry.id,)
            )
            return self.env.cr.fetchone()

        self.contest.tie_break_ids.unlink()
        before, is_stale = write(entry._touch_ranks)
        self.assertTrue(is_stale)
        after, is_stale = write(entry._touch_ranks)
        self.assertTrue(is_stale)
        self.assertNotEqual(before, after, "a mark that is there is set as well")

    def test_a_place_is_right_however_it_is_read(self):
        """A form, a search, an order and a group see what has just changed."""
        last = self.entries.search(
            [("contest_id", "=", self.contest.id), ("rank", ">", 0)],
            order="rank desc",
            limit=1,
        )
        domain = [("contest_id", "=", self.contest.id)]
        for read in (
            lambda: last.rank,
            lambda: last.read(["rank"])[0]["rank"],
            lambda: last.search([*domain, ("rank", "=", 1)]) == last and 1,
            lambda: last.search([*domain, ("rank", ">", 0)], order="rank")[0] == last,
            lambda: last._read_group(
                [*domain, ("id", "=", last.id)], ["rank"], ["__count"]
            )[0][0],
            lambda: (
                last.web_search_read(
                    [*domain, ("rank", "=", 1)], {"rank": {}}, limit=1
                )["records"][0]["id"]
                == last.id
            ),
            lambda: last.above_cutoff or last.rank,
        ):
            last.with_env(self.loading).rank_override = 0
            self.assertGreater(last.rank, 1)
            last.with_env(self.loading).rank_override = 1
            self.assertEqual(read(), 1)

    def test_places_of_a_contest_that_is_over_stay(self):
        before = self.entries.mapped("rank")
        self.contest.with_env(self.loading).state = "closed"
        self.entries.with_env(self.loading).benefit_amount = 77
        self.contest.tie_break_ids.unlink()
        self.entries[0].with_env(self.loading).rank_override = 9
        self.assertEqual(self.entries.mapped("rank"), before)

    def test_places_are_worked_out_before_the_phase_moves(self):
        self.entries.mapped("rank")
        entry = self.entries.filtered(lambda e: e.rank > 1)[:1]
        entry.with_env(self.loading).rank_override = 1
        self.contest.with_env(self.loading).state = "closed"
        self.assertEqual(entry.rank, 1)
