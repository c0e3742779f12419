from odoo import api, models
from odoo.fields import Domain

from ..guard.hoithi_states import OVER


class HoithiEntry(models.Model):
    """How to reach who asked."""

    _inherit = "hoithi.entry"

    @api.model
    def _forget_others(self):
        """Delete the addresses of e-mails on questions; questions and answers stay."""
        super()._forget_others()
        due = Domain.OR(
            [
                [("company_id", "in", group.ids), ("year_end", "<", year)]
                for year, group in self._get_last_years()
            ]
        )
        contests = self.env["hoithi.contest"].search(due & Domain("state", "in", OVER))
        self._forget_addresses(
            self.env["hoithi.question"]
            .with_context(active_test=False)
            .search([("contest_id", "in", contests.ids)])
        )
