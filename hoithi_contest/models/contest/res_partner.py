from odoo import fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    hoithi_is_of_letters = fields.Boolean(
        string="Made for letters of a contest",
        readonly=True,
        copy=False,
        help="Of an author from outside; the address goes with that of the entry.",
    )
