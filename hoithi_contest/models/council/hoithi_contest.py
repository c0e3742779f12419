from odoo import models

from .hoithi_ledger import SEAL


class HoithiContest(models.Model):
    _inherit = "hoithi.contest"

    def action_close(self):
        result = super().action_close()
        for contest in self:
            entries = contest._get_decidable_entries().sorted("id")
            self.env["hoithi.ledger"]._append(
                contest,
                SEAL,
                contest,
                {"results": [[e.id, e.state, e.rank] for e in entries]},
            )
        return result
