from datetime import timedelta

from odoo.fields import Command
from odoo.tests import tagged

from ...models.guard.hoithi_guard_mixin import Load
from ..common import HoithiCommon

EQUAL = ((30, 50),)
TRIED = "test_by_"


@tagged("post_install", "-at_install")
class TestTieBreak(HoithiCommon):
    """Each kind of tie-break tells two entries apart that have one average."""

    def _compete(self, kind, worse=EQUAL, better=EQUAL, values=None, **step):
        """Let two entries of one average compete by a tie-break.

        :param worse: the scores of each sheet of the entry that comes second
        :param better: those of the entry that wins, though it came in later
        :param values: what the winner's entry says besides
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
        averages = {entry.sudo().average_score for entry in entries}
        self.assertEqual(averages, {80})
        self.assertEqual([entry.sudo().rank for entry in entries], [2, 1])

    def test_by_criterion(self):
        novelty = self.criteria_set.criterion_ids[0]
        self._compete("criterion", better=[(35, 45)], criterion_id=novelty.id)

    def test_by_spread(self):
        self._compete("spread", worse=[(20, 40), (40, 60)], better=EQUAL * 2)

    def test_by_benefit(self):
        self._compete("benefit", values={"benefit_amount": 5})

    def test_by_earlier(self):
        self._compete("earlier")

    def test_every_kind_is_tried(self):
        """Whoever adds a kind says here which of two entries wins by it."""
        tried = {
            name.removeprefix(TRIED) for name in dir(self) if name.startswith(TRIED)
        }
        kinds = self.env["hoithi.tie.break"]._fields["kind"].get_values(self.env)
        self.assertEqual(sorted(tried), sorted(kinds))
