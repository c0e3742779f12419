from contextlib import contextmanager

from odoo import api, models


class HoithiEntryAuthor(models.Model):
    """Conflicts of interest rest on authors; they end by named acts alone.

    Files tell who wrote them by addresses that were corrected since, as well.
    """

    _inherit = "hoithi.entry.author"

    def _keep_contact(self):
        super()._keep_contact()
        self.env["hoithi.review.copy"]._keep_contacts(self.entry_id)

    @api.model
    @contextmanager
    def _watch_interests(self, entries_sudo, ended=None):
        # conflicts are closed to the authors, whose change may take their grounds
        conflicts_sudo = self.env["hoithi.conflict"].sudo()
        grounds = conflicts_sudo._find(entries_sudo)
        with super()._watch_interests(entries_sudo, ended):
            yield
        if ended:
            conflicts_sudo._detect(entries_sudo._get_detectable(), grounds, ended)
        else:
            conflicts_sudo._leave_open(entries_sudo, grounds)
