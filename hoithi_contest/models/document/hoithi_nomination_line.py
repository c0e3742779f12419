from odoo import models


class HoithiNominationLine(models.Model):
    _inherit = "hoithi.nomination.line"

    def action_make_package(self):
        """Pack the province's dossier of this entry alone in the background."""
        self.ensure_one()
        return self.nomination_id._make_package(self)
