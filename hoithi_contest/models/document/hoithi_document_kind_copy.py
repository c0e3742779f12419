from odoo import api, models
from odoo.exceptions import UserError

from ...lib.document import kinds, wording


class HoithiDocumentKindCopy(models.AbstractModel):
    _name = "hoithi.document.kind.copy"
    _description = "Copy of a Document"
    _inherit = "hoithi.document.kind"

    _texts = ("content",)

    @api.model
    def _get_content_day(self, source):
        return source.date

    @api.model
    def _get_sources(self, contest):
        # made of an issued document, one by one
        return self.env["hoithi.document"]

    @api.model
    def _get_defaults(self, source):
        form = "again" if source.kind == "copy" else "whole"
        return {"subject": self._propose_subject(source, form)}

    @api.model
    def _propose_subject(self, source, form):
        """Return the first wording of the subject of a copy of `source`."""
        return wording.COPY_SUBJECT.format(
            title=wording.COPIES[form][0].capitalize(), paper=source._get_reference()
        )

    @api.model
    def _check_ready(self, document):
        super()._check_ready(document)
        if document.copy_form == "part" and not document._get_text("content").strip():
            raise UserError(
                self.env._(
                    "Enter under Texts what is copied of “%s”, word for word.",
                    document.original_id.name,
                )
            )

    @api.model
    def _get_own_context(self, document):
        original = document.original_id
        excerpt = document._get_text("content") if document.copy_form == "part" else ""
        return {
            "title": wording.COPIES[document.copy_form][0],
            "original": original._get_kind_model()._get_reference(
                original, is_full=True
            ),
            "excerpt": kinds.paragraphs(excerpt),
        }
