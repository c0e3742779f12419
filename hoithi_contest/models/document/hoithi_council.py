from odoo import fields, models

from ...lib.document import wording


class HoithiCouncil(models.Model):
    _inherit = "hoithi.council"

    symbol = fields.Char(
        string="Document symbol",
        help="The part of the number of the council's papers after their kind, as HĐ "
        "in BB-HĐ. They have a series of their own.",
    )

    def _get_symbol(self):
        """Return what the symbol of the council's papers has after their kind."""
        self.ensure_one()
        return self.symbol or wording.COUNCIL_SYMBOL
