from odoo import api, models
from odoo.fields import Domain

from ..guard.hoithi_states import OVER
from .hoithi_entry_author_consent import WORDS, Shown


class HoithiEntry(models.Model):
    """Taking part ends with the entry."""

    _inherit = "hoithi.entry"

    def _as_shown(self):
        """Return the entries for acts of a page that shows the words of today."""
        return self.with_context(**{WORDS: Shown()})

    def action_withdraw(self, reason=None):
        result = super().action_withdraw(reason=reason)
        self.author_ids._follow_consents()
        return result

    def action_reinstate(self, reason=None):
        result = super().action_reinstate(reason=reason)
        self.author_ids._follow_consents(is_again=True)
        return result

    def action_delete_draft(self):
        result = super().action_delete_draft()
        # of many that were deleted the oldest is gone for good
        self.exists().author_ids._follow_consents()
        return result

    def action_restore_draft(self):
        result = super().action_restore_draft()
        self.author_ids._follow_consents(is_again=True)
        return result

    def unlink(self):
        self.with_context(active_test=False).author_ids._get_open_consents()._end()
        return super().unlink()

    @api.model
    def _forget_others(self):
        """Delete the consents that belong to no entry any more."""
        super()._forget_others()
        due = Domain.OR(
            [
                [("company_id", "in", group.ids), ("year_end", "<", year)]
                for year, group in self._get_last_years()
            ]
        )
        self.env["hoithi.consent"]._forget_orphans(due & Domain("state", "in", OVER))
