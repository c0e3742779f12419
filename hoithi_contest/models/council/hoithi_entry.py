from odoo import models


class HoithiEntry(models.Model):
    _inherit = "hoithi.entry"

    def _check_deciding(self):
        self.contest_id._check_rules_fixed()
        return super()._check_deciding()

    def action_override_rank(self, place=None, reason=None):
        self.contest_id._check_rules_fixed()
        return super().action_override_rank(place=place, reason=reason)
