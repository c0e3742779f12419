from odoo import fields, models


class HoithiStatementSignLine(models.TransientModel):
    _name = "hoithi.statement.sign.line"
    _inherit = ["hoithi.text.mixin"]
    _description = "Entry in the Statement of Interests"

    wizard_id = fields.Many2one(
        "hoithi.statement.sign", required=True, ondelete="cascade"
    )
    review_id = fields.Many2one(
        "hoithi.review", required=True, readonly=True, index=True
    )
    field_id = fields.Many2one(related="review_id.field_id")
    kind = fields.Selection(
        [("kinship", "Kinship"), ("other", "Other interest")], string="Interest"
    )
    note = fields.Char(string="Explanation")
