from odoo import api, fields, models
from odoo.exceptions import ValidationError


class HoithiCriterionLevel(models.Model):
    _name = "hoithi.criterion.level"
    _inherit = ["hoithi.catalogue.mixin"]
    _catalogue_path = "criterion_id.set_id"
    _description = "Level of a Criterion"
    _order = "criterion_id, score_from desc, id"

    criterion_id = fields.Many2one(
        "hoithi.criterion", required=True, ondelete="cascade", index=True
    )
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

    @api.model_create_multi
    def create(self, vals_list):
        levels = super().create(vals_list)
        levels.criterion_id.set_id._check_unlocked()
        return levels

    def write(self, vals):
        self.criterion_id.set_id._check_unlocked()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_locked(self):
        self.criterion_id.set_id._check_unlocked()
