from odoo import models


class HoithiEntry(models.Model):
    """Whether the body that confirms has confirmed what the council selected."""

    _inherit = "hoithi.entry"

    def _get_unratified(self):
        """Return those of these entries that still wait for a confirmation."""
        return self.filtered(
            lambda entry: (
                entry.contest_id.confirming_council_id and not entry._is_confirmed()
            )
        )

    def _is_confirmed(self):
        self.ensure_one()
        # the last vote counts, whoever may read its session
        last_sudo = self.sudo()._get_standing_votes()[-1:]
        return (
            last_sudo.session_id.is_confirming
            and last_sudo.session_state == "closed"
            and last_sudo.outcome == "approved"
        )
