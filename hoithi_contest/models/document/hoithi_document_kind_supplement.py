from odoo import api, models
from odoo.exceptions import UserError

from ...lib.document import kinds, wording


class HoithiDocumentSupplement(models.AbstractModel):
    _name = "hoithi.document.kind.supplement"
    _description = "Request for a Supplement"
    _inherit = "hoithi.document.kind"

    _recipients = wording.TO_ADDRESSEES

    _texts = ("addressees", "content")

    @api.model
    def _get_content_day(self, source):
        return self._get_date(source.contest_id, source.submitted_on)

    @api.model
    def _get_sources(self, contest):
        return self._get_entries(contest, "unscreened").filtered(
            lambda entry: entry._is_supplementing()
        )

    @api.model
    def _get_defaults(self, source):
        return {"subject": wording.SUPPLEMENT_SUBJECT.format(code=source.code)}

    @api.model
    def _get_own_context(self, document):
        entry = self._get_about(document)
        contest = entry.contest_id
        reasons = self._get_words(
            document, "content", *kinds.paragraphs(entry.supplement_reason)
        )
        if not reasons:
            raise UserError(
                self.env._(
                    "Write what “%s” lacks into the passages of the document, or "
                    "request the supplement on the entry first.",
                    entry.display_name,
                )
            )
        required = contest.asked_dossier_type_ids.filtered("required")
        return {
            "addressees": self._get_addressees(document, entry),
            "entry": {
                **self._get_entry_texts(entry),
                "submitted_on": wording.day_words(
                    self._get_date(contest, entry.submitted_on)
                ),
            },
            "reasons": reasons,
            "missing": (required - entry.dossier_ids.type_id).mapped("name"),
            "due": self._get_moment(
                contest, entry.supplement_due or contest.registration_deadline
            ),
            "contact": self._get_contact(document),
        }
