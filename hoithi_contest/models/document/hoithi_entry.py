from odoo import models
from odoo.exceptions import AccessError, UserError


class HoithiEntry(models.Model):
    _name = "hoithi.entry"
    _inherit = ["hoithi.entry", "hoithi.document.source"]

    def _get_papers_for_authors(self):
        """Return the issued papers about the entry that are for its authors."""
        return self.env["hoithi.document"].search(
            [
                ("entry_id", "in", self.ids),
                ("is_for_authors", "=", True),
                ("state", "=", "issued"),
            ],
            order="issued_on desc, id desc",
        )

    def _make_own_form(self, kind, extension):
        """Return the name and content of a form that an author prints.

        :param kind: "registration", to sign it on paper (domain c2), or "receipt"
        :param extension: of the file, "docx" or "pdf"
        :raises AccessError: for whoever isn't an author of the entry
        :raises UserError: before there is anything to receipt, where the department
            isn't set up for it, or while the same author has another form made
        """
        self.ensure_one()
        line = self._get_own_lines()
        if not line:
            raise AccessError(self.env._("Only the authors print this form."))
        # one form at a time, as making a PDF keeps the server busy; authors can't lock
        # a line that they may no longer write
        if not line.sudo().try_lock_for_update(allow_referencing=True):
            raise UserError(
                self.env._("Your form is being made: try again in a few seconds.")
            )
        return self.env["hoithi.document"]._make_form(kind, self, extension)
