from odoo import models


class HoithiNomination(models.Model):
    _name = "hoithi.nomination"
    _inherit = ["hoithi.nomination", "hoithi.document.source"]
