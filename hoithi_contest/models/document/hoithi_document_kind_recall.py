from odoo import api, models

from ...lib.document import kinds, wording


class HoithiDocumentRecall(models.AbstractModel):
    _name = "hoithi.document.kind.recall"
    _description = "Recall"
    _inherit = "hoithi.document.kind"

    _texts = ("content",)
    _subject = wording.RECALL_SUBJECT
    _closing = wording.RECALL_CLOSING

    @api.model
    def _get_content_day(self, source):
        return source.date

    @api.model
    def _get_sources(self, contest):
        # drafted from the document that is wrong, one by one
        return self.env["hoithi.document"]

    @api.model
    def _get_defaults(self, source):
        return {"subject": self._subject.format(paper=source._get_reference())}

    @api.model
    def _get_own_context(self, document):
        cured = document.cures_id
        agency = self._get_agency_context(document)
        return {
            "cured": cured._get_kind_model()._get_reference(cured, is_full=True),
            "reasons": kinds.paragraphs(document._get_text("content")),
            "closing": self._closing.format(name=agency["name"]),
        }
