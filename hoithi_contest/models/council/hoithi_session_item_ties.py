from odoo import models


class HoithiSessionItem(models.Model):
    """Places may go by the votes; then each count, and each vote anew, touches them."""

    _inherit = "hoithi.session.item"

    def write(self, vals):
        result = super().write(vals)
        if "state" in vals:
            # places go by all entries, whoever may read them
            self.sudo().entry_id._get_rankable()._touch_ranks()
        return result
