from odoo import models


class HoithiEntry(models.Model):
    """What reviewers were given of files that are about persons."""

    _inherit = "hoithi.entry"

    def _forget_persons(self):
        """Delete the copies of such files with them; their checksums stay."""
        result = super()._forget_persons()
        # decided by the rule of retention, whoever may read copies and sheets
        copies_sudo = self.env["hoithi.review.copy"].sudo()
        copies_sudo = copies_sudo.with_context(active_test=False).search(
            [("entry_id", "in", self.ids), ("item_id.type_id.personal", "=", True)]
        )
        made = copies_sudo.attachment_id
        checksums = set(made.mapped("kept_sha256"))
        given = self.sudo().review_ids.file_ids.filtered(
            lambda file: file.kept_sha256 in checksums
        )
        (made | given)._forget()
        return result
