from odoo import models

from .hoithi_reopening import OUTCOMES


class HoithiEntry(models.Model):
    """Whether the body that confirms has confirmed what the council selected."""

    _inherit = "hoithi.entry"

    def _get_unratified(self):
        """Return those of these entries that still wait for a confirmation."""
        waiting = self.filtered(
            lambda entry: (
                entry.contest_id.confirming_council_id and not entry._is_confirmed()
            )
        )
        return waiting - waiting._get_selected_by_decision()

    def _is_confirmed(self):
        self.ensure_one()
        # the last vote counts, whoever may read its session
        last_sudo = self.sudo()._get_standing_votes()[-1:]
        return (
            last_sudo.session_id.is_confirming
            and last_sudo.session_state == "closed"
            and last_sudo.outcome == "approved"
        )

    def _get_selected_by_decision(self):
        """Return those that a decision on the closed contest selected after all votes.

        No body meets on these any more: the decision stands in place of its vote.
        """
        # a decision binds whoever may read it
        decisions_sudo = (
            self.env["hoithi.reopening"]
            .sudo()
            .search(
                [
                    ("entry_id", "in", self.ids),
                    ("kind", "in", [*OUTCOMES]),
                    ("state", "=", "done"),
                    ("new_outcome", "=", "selected"),
                ]
            )
        )
        return decisions_sudo.filtered(
            lambda decision: all(
                closed_on <= decision.closed_on
                for closed_on in decision.entry_id._get_standing_votes().mapped(
                    "session_id.closed_on"
                )
                if closed_on
            )
        ).entry_id.with_env(self.env)
