from odoo import api, fields, models
from odoo.exceptions import ValidationError


class HoithiTieBreak(models.Model):
    """A step of the declared chain that tells equal averages apart."""

    _name = "hoithi.tie.break"
    _inherit = ["hoithi.guard.mixin"]
    _description = "Tie-break"
    _order = "contest_id, sequence, id"
    _rec_name = "kind"

    contest_id = fields.Many2one(
        "hoithi.contest", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="contest_id.company_id", store=True)
    sequence = fields.Integer(default=10)
    kind = fields.Selection(
        [
            ("criterion", "Higher average of a criterion"),
            ("spread", "Smaller spread"),
            ("benefit", "Larger benefit in money"),
            ("earlier", "Earlier submission"),
        ],
        required=True,
        default="criterion",
    )
    criterion_id = fields.Many2one("hoithi.criterion", ondelete="restrict")

    @api.constrains("kind", "criterion_id", "contest_id")
    def _check_criterion(self):
        for step in self:
            if step.kind == "criterion" and (
                not step.criterion_id
                or step.criterion_id.set_id != step.contest_id.criteria_set_id
            ):
                raise ValidationError(
                    self.env._("Choose a criterion of the contest's set to break ties.")
                )

    @api.model_create_multi
    def create(self, vals_list):
        steps = super().create(vals_list)
        steps.contest_id._check_prizes_changeable()
        return steps

    def write(self, vals):
        self.contest_id._check_prizes_changeable()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_council(self):
        self.contest_id._check_prizes_changeable()
