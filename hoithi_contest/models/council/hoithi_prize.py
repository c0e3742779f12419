from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..guard.hoithi_guard_mixin import EVERYTHING
from .hoithi_award import RANKS, get_currency


class HoithiPrize(models.Model):
    """A line of the prize structure: so many prizes of a rank, from so many points.

    Prizes that no entry reaches stay empty, as regulations allow.
    """

    _name = "hoithi.prize"
    _inherit = ["hoithi.guard.mixin", "hoithi.rule.mixin"]
    _description = "Prize"
    _order = "contest_id, field_id, sequence, id"
    _number_ranges = {"slots": (None, 10_000)}
    _rule_fields = {
        "rank": "rank",
        "slots": "slots",
        "min_score": "min_score",
        "amount": "amount",
    }
    _rule_links = {"field": "field_id", "currency": "currency_id"}

    _fixed_fields = {"rules_fixed": EVERYTHING}
    _fixed_rows = ("rules_fixed",)

    contest_id = fields.Many2one(
        "hoithi.contest", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="contest_id.company_id", store=True)
    rules_fixed = fields.Boolean(related="contest_id.rules_fixed")
    sequence = fields.Integer(default=10)
    field_id = fields.Many2one(
        "hoithi.field", help="Leave empty for prizes over all fields."
    )
    rank = fields.Selection(RANKS, required=True)
    slots = fields.Integer(string="Number of prizes", default=1, required=True)
    min_score = fields.Float(
        string="From points", digits=(6, 2), help="A prize below stays empty."
    )
    amount = fields.Monetary(string="Prize money")
    currency_id = fields.Many2one("res.currency", default=get_currency)

    _check_numbers = models.Constraint(
        "CHECK (slots > 0 AND min_score >= 0 AND amount >= 0)",
        "A prize needs a number above 0; points and money aren't negative.",
    )

    @api.depends("rank", "field_id")
    def _compute_display_name(self):
        for prize in self:
            rank = dict(self._fields["rank"]._description_selection(self.env)).get(
                prize.rank, ""
            )
            prize.display_name = " – ".join(
                filter(None, [rank, prize.field_id.display_name])
            )

    @api.constrains("field_id", "contest_id")
    def _check_field(self):
        for prize in self:
            if prize.field_id and prize.field_id not in prize.contest_id.field_ids:
                raise ValidationError(
                    self.env._(
                        "“%s” isn't a field of this contest.",
                        prize.field_id.display_name,
                    )
                )

    # GUARD

    def _get_fixed_hint(self):
        return self.env._(
            "Prizes and tie-breaks are declared before the review; until the contest "
            "is closed the chair may reopen the rules for a change."
        )

    # RULES

    def _to_rule(self):
        return super()._to_rule() | {
            "field": self.field_id._get_rule_name(),
            "currency": self.currency_id.name or "VND",
        }
