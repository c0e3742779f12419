from odoo import api, models


class HoithiLoginUnion(models.Model):
    _inherit = "hoithi.login.union"

    @api.model
    def _get_partner_fields(self):
        return [
            *super()._get_partner_fields(),
            ("hoithi.document.recipient", "partner_id"),
        ]
