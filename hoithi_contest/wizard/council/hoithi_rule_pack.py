from odoo import api, models


class HoithiRulePack(models.TransientModel):
    """Criteria come from the rules that are taken over, not from the last contest."""

    _inherit = "hoithi.rule.pack"

    @api.model
    def _get_new_values(self, name):
        return super()._get_new_values(name) | {"criteria_set_id": False}
