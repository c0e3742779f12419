from odoo import models


class HoithiContest(models.Model):
    _name = "hoithi.contest"
    _inherit = ["hoithi.contest", "hoithi.document.source"]
