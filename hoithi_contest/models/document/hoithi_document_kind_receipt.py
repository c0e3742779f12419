from odoo import api, models
from odoo.exceptions import UserError

from ...lib.document import wording


class HoithiDocumentReceipt(models.AbstractModel):
    _name = "hoithi.document.kind.receipt"
    _description = "Receipt of the Dossier"
    _inherit = "hoithi.document.kind"

    @api.model
    def _get_content_day(self, source):
        return self._get_date(source.contest_id, source.submitted_on)

    @api.model
    def _get_sources(self, contest):
        return self._get_entries(contest, "competing")

    @api.model
    def _get_defaults(self, source):
        return {
            "subject": wording.RECEIPT_SUBJECT.format(contest=source.contest_id.name),
            "date": self._get_content_day(source),
        }

    @api.model
    def _get_own_context(self, document):
        entry = self._get_about(document)
        contest = entry.contest_id
        if not entry.submitted_on:
            raise UserError(
                self.env._(
                    "“%s” wasn't submitted yet: there is nothing to receipt.",
                    entry.display_name,
                )
            )
        receiver = self._get_receiver(contest)
        files = entry.dossier_ids.sorted(lambda item: (item.type_id.sequence, item.id))
        missing = (
            contest.asked_dossier_type_ids.filtered("required") - files.type_id
        ).mapped("name")
        return {
            "receipt_number": entry.receipt_number or "",
            "received_on": self._get_moment(contest, entry.submitted_on),
            "entry": {
                **self._get_entry_texts(entry),
                "representative": entry.representative_id.full_name or "",
            },
            "files": [
                {
                    "number": number,
                    "name": item.type_id.name,
                    "file": item.filename,
                    "size": wording.size(item.file_size),
                    "sha256": item.sha256 or "",
                }
                for number, item in enumerate(files, 1)
            ],
            "missing": ", ".join(missing),
            "answer_due": wording.day_words(
                self._get_date(contest, contest.screening_deadline)
            ),
            "receiver": receiver,
            # what authors take at the portal is kept nowhere: nobody signs it
            "is_signed": bool(document._origin),
            "signature": {
                "authority": "",
                "position": wording.RECEIVER,
                "name": receiver,
            },
        }

    @api.model
    def _get_receiver(self, contest):
        # who receives dossiers is for all to know
        return contest.sudo().secretary_ids[:1].name or ""
