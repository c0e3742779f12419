from datetime import timedelta

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from ...models.guard.hoithi_guard_mixin import Load
from ..common import HoithiCommon

EQUAL = ((30, 50),)
TRIED = "test_by_"


@tagged("post_install", "-at_install")
class TestTieBreak(HoithiCommon):
    """Each kind of tie-break tells two entries apart that have one average."""

    def _compete(
        self,
        kind,
        worse=EQUAL,
        better=EQUAL,
        values=None,
        prepare=None,
        differ=True,
        **step,
    ):
        """Let two entries of one average compete by a tie-break.

        :param worse: the scores of each sheet of the entry that comes second
        :param better: those of the entry that wins, though it came in later
        :param values: what the winner's entry says besides
        :param prepare: what else is done once all sheets are in, given both entries
        :param differ: whether `lib` tells them apart as well
        :param step: further values of the tie-break
        """
        self.contest.reviews_per_entry = len(worse)
        self.contest.tie_break_ids = [Command.create({"kind": kind, **step})]
        self._launch()
        entries = [
            self._eligible_entry(self.staff, name="Giải pháp quan trắc"),
            self._eligible_entry(self.internal, name="Bản đồ số", **(values or {})),
        ]
        if kind == "earlier":
            winner = entries[1].sudo().with_context(hoithi_door=Load())
            winner.submitted_on -= timedelta(hours=1)
        self._start_review()
        for entry, sheets in zip(entries, (worse, better), strict=True):
            for member, scores in zip(
                (self.member1, self.member2)[: len(sheets)], sheets, strict=True
            ):
                [review] = self._assign(entry, member)
                self._score(review, *scores)
        if prepare:
            prepare(*(entry.sudo() for entry in entries))
        averages = {entry.sudo().average_score for entry in entries}
        self.assertEqual(averages, {80})
        self.assertEqual([entry.sudo().rank for entry in entries], [2, 1])
        merits = self.env["hoithi.entry"].sudo().union(*entries)._get_merits()
        if differ:
            self.assertLess(*(merits[entry.sudo()] for entry in entries))

    def test_by_criterion(self):
        novelty = self.criteria_set.criterion_ids[0]
        self._compete("criterion", better=[(35, 45)], criterion_id=novelty.id)

    def test_by_spread(self):
        self._compete("spread", worse=[(20, 40), (40, 60)], better=EQUAL * 2)

    def test_by_benefit(self):
        self._compete("benefit", values={"benefit_amount": 5})

    def test_by_earlier(self):
        self._compete("earlier")

    def test_by_women(self):
        self.contest.ask_gender = True

        def prepare(_worse, better):
            author = better.author_ids.with_context(hoithi_door=Load())
            author.gender = "female"

        self._compete("women", prepare=prepare)
        other = self._create_contest(name="Không hỏi giới tính")
        self._launch(other)
        with self.assertRaisesRegex(ValidationError, "doesn't ask for the gender"):
            other.tie_break_ids = [Command.create({"kind": "women"})]

    def test_by_last_round(self):
        _first, final = self.contest.round_ids = self.env["hoithi.round"].create(
            [
                {
                    "contest_id": self.contest.id,
                    "sequence": number,
                    "name": f"Vòng {number}",
                    "advance_by": "all",
                    "reviews_per_entry": 1,
                    "weight": 50,
                }
                for number in (1, 2)
            ]
        )

        def prepare(worse, better):
            final.with_user(self.secretary).action_open()
            for entry, scores in ((worse, (20, 50)), (better, (35, 55))):
                [review] = self._assign(entry, self.member1)
                self._score(review, *scores)

        self._compete("last_round", [(35, 55)], [(20, 50)], prepare=prepare)

    def test_by_component(self):
        bonus = self.env["hoithi.component"].create(
            {"contest_id": self.contest.id, "name": "Điểm cộng", "kind": "bonus"}
        )
        other = bonus.copy(
            {"contest_id": self._create_contest(name="Khác").id, "name": "Khác"}
        )
        with self.assertRaises(ValidationError):
            self.contest.tie_break_ids = [
                Command.create({"kind": "component", "component_id": other.id})
            ]

        source = self._create_contest(name="Kỳ trước")
        source.component_ids = [Command.create({"name": "Cộng", "kind": "bonus"})]
        source.tie_break_ids = [
            Command.create(
                {"kind": "component", "component_id": source.component_ids.id}
            )
        ]
        edition = source.copy({"name": "Kỳ này"})
        self.assertEqual(edition.tie_break_ids.component_id, edition.component_ids)

        def prepare(_worse, better):
            bonus.score_ids.browse().with_context(hoithi_door=Load()).create(
                {"component_id": bonus.id, "entry_id": better.id, "points": 10}
            )

        self._compete(
            "component", better=[(25, 45)], prepare=prepare, component_id=bonus.id
        )

    def _vote_on(self, entries, agreeing, base="all_voting", **values):
        """A session of all entries, of each as many agree as `agreeing` tells."""
        sessions = self.env["hoithi.session"].with_context(hoithi_door=Load())
        session = sessions.create({"contest_id": entries[0].contest_id.id, **values})
        for entry, agree in zip(entries, agreeing, strict=True):
            session.item_ids.create(
                {
                    "session_id": session.id,
                    "entry_id": entry.id,
                    "state": "counted",
                    "outcome": "approved",
                    "approval_base": base,
                    **dict.fromkeys(("issued", "collected", "valid"), 4),
                    "agree": agree,
                    "disagree": 4 - agree,
                }
            )
        entries[0].union(*entries)._touch_ranks()
        return session.item_ids

    def test_by_votes(self):
        self._compete("votes", prepare=lambda *entries: self._vote_on(entries, (3, 4)))

    def test_votes_of_the_council_alone(self):
        """What the organising committee votes tells no entries of the council apart."""

        def prepare(*entries):
            self._vote_on(entries, (3, 4))
            committee = self.council.create({"name": "Ban Tổ chức"})
            contest = self.contest.with_context(hoithi_door=Load())
            contest.confirming_council_id = committee
            items = self._vote_on(entries, (4, 3), is_confirming=True)
            self.assertEqual(items.session_id.council_id, committee)

        self._compete("votes", prepare=prepare)

    def test_votes_that_count(self):
        """A vote that was taken by mistake tells none apart any more."""

        def prepare(worse, better):
            mistaken = self._vote_on((worse, better), (4, 3))
            better.with_context(hoithi_door=Load()).put_again_item_id = mistaken[1]
            worse.with_context(hoithi_door=Load()).put_again_item_id = mistaken[0]
            (worse | better)._touch_ranks()
            self.assertEqual((worse.rank, better.rank), (1, 1))
            self._vote_on((better,), (3,))

        self._compete("votes", prepare=prepare)

    def test_votes_in_the_room(self):
        """Where those present decide, what absent members wrote counts for nothing."""

        def prepare(worse, better):
            items = self._vote_on((worse, better), (2, 3), base="present")
            items.with_context(hoithi_door=Load()).write(
                {"written": 2, "written_agree": 2}
            )
            items[1].with_context(hoithi_door=Load()).written_agree = 0
            (worse | better)._touch_ranks()

        self._compete("votes", prepare=prepare)

    def test_by_chair(self):
        """The chair's place tells them apart; nothing else does before."""

        def prepare(worse, better):
            self.assertEqual((worse.rank, better.rank), (1, 1))
            better.with_context(hoithi_door=Load()).rank_override = 1
            merits = (worse | better)._get_merits()
            self.assertEqual(merits[worse], merits[better])

        self._compete("chair", prepare=prepare, differ=False)
        with self.assertRaisesRegex(ValidationError, "nothing comes after"):
            self._create_contest(name="Khác").tie_break_ids = [
                Command.create({"kind": kind}) for kind in ("chair", "spread")
            ]

    def test_by_lot(self):
        """As the minutes of the drawing have it, which the chair names."""
        self.contest.prize_ids = [Command.create({"rank": "first"})]

        def prepare(_worse, better):
            office = self.contest.with_user(self.secretary)
            office.action_start_council()
            with self._refused("Lots are drawn"):
                office.action_award_prizes()
            own = better.with_user(self.chair)
            with self.assertRaises(UserError):
                own.action_override_rank(1, reason=" ")
            own.action_override_rank(1, reason="Bốc thăm, Biên bản số 05/BB-HĐ")
            office.action_award_prizes()
            self.assertIn("05/BB-HĐ", better.award_ids.override_reason)

        self._compete("lot", prepare=prepare, differ=False)
        with self._refused("nothing comes after"):
            self._create_contest(name="Khác").tie_break_ids = [
                Command.create({"kind": kind}) for kind in ("lot", "spread")
            ]

    def test_by_criterion_of_another_round(self):
        """A criterion of the final's own set may be named, as all are scored by it."""
        final_set = self.criteria_set.copy({"name": "Chung khảo"})
        final_set.criterion_ids[0].name = "Trình bày"
        self.contest.round_ids = self.env["hoithi.round"].create(
            [
                {"contest_id": self.contest.id, "sequence": 1, "name": "Sơ khảo"},
                {
                    "contest_id": self.contest.id,
                    "sequence": 2,
                    "name": "Chung khảo",
                    "criteria_set_id": final_set.id,
                },
            ]
        )
        self.contest.tie_break_ids = [
            Command.create(
                {"kind": "criterion", "criterion_id": final_set.criterion_ids[0].id}
            )
        ]
        self.assertEqual(self.contest.tie_break_ids.criteria_set_ids[-1], final_set)

    def test_every_kind_is_tried(self):
        """Whoever adds a kind says here which of two entries wins by it."""
        tried = {
            name.removeprefix(TRIED) for name in dir(self) if name.startswith(TRIED)
        }
        kinds = self.env["hoithi.tie.break"]._fields["kind"].get_values(self.env)
        self.assertEqual(tried - {"criterion_of_another_round"}, set(kinds))
