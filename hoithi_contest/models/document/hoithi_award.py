from odoo import models


class HoithiAward(models.Model):
    _name = "hoithi.award"
    _inherit = ["hoithi.award", "hoithi.document.source"]
