from odoo import models


class HoithiReview(models.Model):
    _name = "hoithi.review"
    _inherit = ["hoithi.review", "hoithi.document.source"]
