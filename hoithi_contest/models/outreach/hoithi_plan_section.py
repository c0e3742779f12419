from odoo import fields, models

from ..guard.hoithi_guard_mixin import EVERYTHING


class HoithiPlanSection(models.Model):
    """A further section of the plan as a paper, as funding: a heading and its lines."""

    _name = "hoithi.plan.section"
    _inherit = ["hoithi.guard.mixin", "hoithi.rule.mixin"]
    _description = "Further Section of the Plan"
    _order = "contest_id, sequence, id"

    _rule_fields = {"name": "name", "content": "content"}

    _fixed_fields = {"contest_is_over": EVERYTHING}
    _fixed_rows = ("contest_is_over",)

    contest_id = fields.Many2one(
        "hoithi.contest", required=True, ondelete="cascade", index=True
    )
    contest_is_over = fields.Boolean(related="contest_id.is_over")
    company_id = fields.Many2one(related="contest_id.company_id", store=True)
    sequence = fields.Integer(default=10)
    name = fields.Char(
        string="Heading", required=True, help="Printed in capitals, as “Kinh phí”."
    )
    content = fields.Text(
        required=True, help="A paragraph a line; several are numbered."
    )
