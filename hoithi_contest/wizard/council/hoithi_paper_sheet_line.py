from odoo import fields, models


class HoithiPaperSheetLine(models.TransientModel):
    """The score of one criterion, as it stands on the paper."""

    _name = "hoithi.paper.sheet.line"
    _inherit = ["hoithi.text.mixin"]
    _description = "Score on a Sheet on Paper"
    _number_ranges = {"score": (0, 10_000)}

    wizard_id = fields.Many2one("hoithi.paper.sheet", required=True, ondelete="cascade")
    criterion_id = fields.Many2one(
        "hoithi.criterion", required=True, readonly=True, ondelete="cascade"
    )
    max_score = fields.Float(related="criterion_id.max_score", digits=(6, 2))
    weight = fields.Float(related="criterion_id.weight", digits=(6, 2))
    score = fields.Float(digits=(6, 2))
    comment = fields.Text()
