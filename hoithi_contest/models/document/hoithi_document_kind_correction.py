from odoo import api, models

from ...lib.document import nd30, wording


class HoithiDocumentCorrection(models.AbstractModel):
    _name = "hoithi.document.kind.correction"
    _description = "Correction"
    _inherit = "hoithi.document.kind.recall"

    _subject = wording.CORRECTION_SUBJECT
    _closing = wording.CORRECTION_CLOSING

    @api.model
    def _get_own_context(self, document):
        return {
            "addressees": self._get_cured_addressees(document),
            **super()._get_own_context(document),
        }

    @api.model
    def _get_printed_recipients(self, document, lines):
        """Return those whom the letter is addressed to as one line: “Như trên”."""
        addressees = self._get_cured_addressees(document)
        others = lines.filtered(lambda line: line.name not in addressees)
        printed = super()._get_printed_recipients(document, others)
        if others == lines:
            return printed
        return [nd30.Recipient(wording.TO_ADDRESSEES[0][0]), *printed]

    @api.model
    def _get_cured_addressees(self, document):
        """Return to whom the old paper went, a line each."""
        # the content of the old paper is for the Office, who writes the new one
        context = document.cures_id.sudo().context_json or {}
        if addressees := context.get("addressees"):
            return addressees
        names = document.recipient_ids.filtered(
            lambda line: (
                line.role != "archive" and not line.name.lower().startswith("như ")
            )
        ).mapped("name")
        return names or [self._get_agency_context(document)["full_name"]]
