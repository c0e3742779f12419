from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..guard.hoithi_guard_mixin import EVERYTHING


class HoithiCriterionLevel(models.Model):
    _name = "hoithi.criterion.level"
    _inherit = ["hoithi.catalogue.mixin", "hoithi.rule.mixin"]
    _catalogue_path = "criterion_id.set_id"
    _description = "Level of a Criterion"
    _order = "criterion_id, score_from desc, id"
    _rule_fields = {
        "name": "name",
        "description": "description",
        "from": "score_from",
        "to": "score_to",
    }

    _fixed_fields = {"set_locked": EVERYTHING}
    _fixed_rows = ("set_locked",)

    criterion_id = fields.Many2one(
        "hoithi.criterion", required=True, ondelete="cascade", index=True
    )
    set_locked = fields.Boolean(related="criterion_id.set_locked")
    name = fields.Char(required=True, translate=True)
    description = fields.Char(translate=True)
    score_from = fields.Float(digits=(6, 2))
    score_to = fields.Float(digits=(6, 2), required=True)

    @api.constrains("score_from", "score_to", "criterion_id")
    def _check_range(self):
        for level in self:
            if (
                not 0
                <= level.score_from
                <= level.score_to
                <= (level.criterion_id.max_score)
            ):
                raise ValidationError(
                    self.env._(
                        "Level “%(level)s” must lie between 0 and %(highest)s points.",
                        level=level.name,
                        highest=level.criterion_id.max_score,
                    )
                )

    def _get_fixed_hint(self):
        return self.criterion_id._get_fixed_hint()
