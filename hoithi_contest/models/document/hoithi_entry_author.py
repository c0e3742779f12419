from odoo import models

from ..guard.hoithi_states import UNISSUED
from .hoithi_entry_retention import DETAILS
from .hoithi_entry_retention import PERSONAL as KINDS


class HoithiEntryAuthor(models.Model):
    """What was taken back doesn't come out in a form that is issued later."""

    _inherit = "hoithi.entry.author"

    def _forget_details(self, *args, **kwargs):
        given = self.filtered(lambda line: any(line[name] for name in DETAILS))
        result = super()._forget_details(*args, **kwargs)
        # whoever takes it back need not read the papers
        documents_sudo = self.env["hoithi.document"].sudo()
        documents_sudo = documents_sudo.search(
            [
                ("entry_id", "in", given.entry_id.ids),
                ("kind", "in", KINDS),
                ("state", "in", UNISSUED),
            ]
        )
        approved_sudo = documents_sudo.filtered(lambda d: d.state == "approved")
        if approved_sudo:
            approved_sudo.action_send_back(
                reason=self.env._(
                    "An author took back details that the form prints: make it anew."
                )
            )
        documents_sudo._mark_outdated()
        return result
