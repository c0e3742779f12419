from odoo import models


class HoithiSession(models.Model):
    _name = "hoithi.session"
    _inherit = ["hoithi.session", "hoithi.document.source"]
