from odoo import api, models

from ...lib.document import portrait
from ..contest.hoithi_entry_author_details import PERSONAL as DETAILS

#: Kinds of document that tell how to reach authors.
PERSONAL = ("registration",)


class HoithiEntry(models.Model):
    """What papers tell of how to reach the authors."""

    _inherit = "hoithi.entry"

    @api.model
    def _forget_contacts(self, records, contacts):
        super()._forget_contacts(records, contacts)
        if records._name == self._name:
            # decided by the rule of retention, whoever may read the papers
            documents_sudo = self.env["hoithi.document"].sudo()
            documents_sudo = documents_sudo.with_context(active_test=False).search(
                [("entry_id", "in", records.ids)]
            )
            self._forget_contacts(documents_sudo, contacts)

    def _forget_persons(self):
        """Delete it from the values of the forms, and the content of their files.

        A form that was issued stays on record with its number, date and checksums.
        Files for download that hold such forms go: they can be made anew.
        """
        result = super()._forget_persons()
        # decided by the rule of retention, whoever may read the papers
        documents_sudo = self.env["hoithi.document"].sudo()
        documents_sudo = documents_sudo.with_context(active_test=False)
        documents_sudo = documents_sudo.search([("entry_id", "in", self.ids)])
        for document in documents_sudo.filtered(lambda d: d.kind in PERSONAL):
            context = document.context_json or {}
            kept = self._without_persons(context)
            if kept != context:
                document._open_door().context_json = kept
            document._get_files()._forget()
        documents_sudo.recipient_ids._open_door().write({"sent_to": False})
        runs_sudo = documents_sudo.env["hoithi.document.run"].search(
            [("contest_id", "in", self.contest_id.ids), ("result_id", "!=", False)]
        )
        runs_sudo.result_id.unlink()
        return result

    @api.model
    def _without_persons(self, context):
        """Return the values of a form without what only its own purpose needed."""
        kept = dict(context)
        if kept.get("contact"):
            kept["contact"] = ""
        if kept.get("portrait"):
            kept["portrait"] = portrait.nothing()
        if kept.get("authors"):
            kept["authors"] = [
                {name: "" if name in DETAILS else told for name, told in row.items()}
                for row in kept["authors"]
            ]
        return kept
