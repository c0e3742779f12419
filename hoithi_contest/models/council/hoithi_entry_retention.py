from odoo import api, models

#: What is written in an objection and its answer.
TEXTS = ("reason", "answer", "sent_back_reason", "withdraw_reason")


class HoithiEntry(models.Model):
    """What reviewers were given that is about persons, and what objections tell."""

    _inherit = "hoithi.entry"

    @api.model
    def _forget_contacts(self, records, contacts):
        super()._forget_contacts(records, contacts)
        if records._name != self._name:
            return
        # decided by the rule of retention, whoever may read objections
        objections_sudo = self.env["hoithi.objection"].sudo()
        objections_sudo = objections_sudo.search([("entry_id", "in", records.ids)])
        self._forget_contacts(objections_sudo, contacts)
        for objection in objections_sudo:
            told = {name: objection[name] for name in TEXTS if objection[name]}
            kept = {
                name: self._without_contacts(text, contacts)
                for name, text in told.items()
            }
            if kept != told:
                objection._open_door().write(kept)

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
