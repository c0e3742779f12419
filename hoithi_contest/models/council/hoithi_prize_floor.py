from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...lib.council import scoring
from ..guard.hoithi_guard_mixin import EVERYTHING


class HoithiPrizeFloor(models.Model):
    """What a prize asks of one criterion, as class A of 30 points for novelty."""

    _name = "hoithi.prize.floor"
    _inherit = ["hoithi.guard.mixin", "hoithi.rule.mixin"]
    _description = "Points of a Criterion for a Prize"
    _order = "prize_id, id"
    _rec_name = "criterion_id"
    _rule_fields = {"min": "min_score"}
    _rule_links = {"criterion": "criterion_id"}

    _fixed_fields = {"rules_fixed": EVERYTHING}
    _fixed_rows = ("rules_fixed",)

    prize_id = fields.Many2one(
        "hoithi.prize", required=True, ondelete="cascade", index=True
    )
    contest_id = fields.Many2one(related="prize_id.contest_id")
    company_id = fields.Many2one(related="prize_id.company_id", store=True)
    rules_fixed = fields.Boolean(related="prize_id.rules_fixed")
    criterion_id = fields.Many2one(
        "hoithi.criterion",
        required=True,
        ondelete="restrict",
        index=True,
        domain="[('set_id', 'in', criteria_set_ids)]",
    )
    criteria_set_ids = fields.Many2many(
        "hoithi.criteria.set", compute="_compute_criteria_set_ids"
    )
    min_score = fields.Float(string="From points", digits=(6, 2), required=True)

    _unique_criterion = models.Constraint(
        "UNIQUE (prize_id, criterion_id)", "A prize asks once of a criterion."
    )

    @api.depends("prize_id.contest_id")
    def _compute_criteria_set_ids(self):
        for floor in self:
            floor.criteria_set_ids = floor.contest_id._get_criteria_sets()

    @api.constrains("criterion_id", "min_score", "prize_id")
    def _check_criterion(self):
        for floor in self:
            criterion = floor.criterion_id
            if criterion.set_id not in floor.contest_id._get_criteria_sets():
                raise ValidationError(
                    self.env._(
                        "“%s” isn't a criterion that the contest scores by.",
                        criterion.name,
                    )
                )
            if not 0 <= floor.min_score <= criterion.max_score:
                raise ValidationError(
                    self.env._(
                        "“%(criterion)s” has at most %(most)s points: a prize asks for "
                        "no more.",
                        criterion=criterion.name,
                        most=f"{criterion.max_score:g}",
                    )
                )

    def _get_reaching(self, entries):
        """Return those of these entries that reach all these points.

        A criterion of the same name in the set of another jury counts as this one. Who
        isn't scored by any of them has nothing to reach.
        """
        averages = entries._get_criterion_averages()
        twins = {
            floor: floor.contest_id._get_twins(floor.criterion_id) for floor in self
        }
        return entries.filtered(
            lambda entry: all(
                average >= scoring.to_decimal(floor.min_score)
                for floor in self
                for criterion, average in averages[entry].items()
                if criterion in twins[floor]
            )
        )

    def _get_fixed_hint(self):
        return self.prize_id._get_fixed_hint()

    # RULES

    def _to_rule(self):
        return super()._to_rule() | {"criterion": self.criterion_id._get_rule_name()}
