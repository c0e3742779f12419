from odoo import fields, models


class HoithiSettingsMixin(models.AbstractModel):
    _inherit = "hoithi.settings.mixin"

    hoithi_criteria_set_id = fields.Many2one(
        related="company_id.hoithi_criteria_set_id", readonly=False
    )
    hoithi_anchor_partner_id = fields.Many2one(
        related="company_id.hoithi_anchor_partner_id", readonly=False
    )
