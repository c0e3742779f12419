from odoo import fields, models


class HoithiCouncil(models.Model):
    _inherit = "hoithi.council"

    symbol = fields.Char(
        string="Document symbol",
        help="The part of the number of the council's papers after their kind, as HĐ "
        "in BB-HĐ. They have a series of their own.",
    )
