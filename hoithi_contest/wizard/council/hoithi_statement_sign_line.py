from odoo import api, fields, models
from odoo.exceptions import AccessError


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
    # told to whoever may read the sheet
    field_id = fields.Many2one(related="review_id.field_id", related_sudo=False)
    kind = fields.Selection(
        [("kinship", "Kinship"), ("other", "Other interest")], string="Interest"
    )
    note = fields.Char(string="Explanation")

    @api.constrains("review_id")
    def _check_own_sheet(self):
        for line in self:
            # whose sheet it is, is compared and shown to nobody
            if line.review_id.sudo().user_id != self.env.user:
                raise AccessError(
                    self.env._("You sign for the sheets that were given to you.")
                )
