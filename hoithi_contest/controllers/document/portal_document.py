from functools import partial

from odoo.http import content_disposition, request, route

from ...models.document.hoithi_document_file import DOCX
from ..contest.portal import HoithiPortal

MIMETYPES = {"docx": DOCX, "pdf": "application/pdf"}


class HoithiPortalDocument(HoithiPortal):
    """The forms that authors print; issued papers are files like any other."""

    def _get_hoithi_panel_values(self, entry):
        return {
            **super()._get_hoithi_panel_values(entry),
            "documents": entry._get_papers_for_authors(),
        }

    @route(
        "/my/hoithi/entries/<int:entry_id>"
        "/<any(registration, receipt):kind>.<any(docx, pdf):extension>",
        type="http",
        auth="user",
        website=True,
    )
    def hoithi_entry_form(self, entry_id, kind, extension, **_kw):
        """Send a form of the visitor's own entry as it stands now."""
        entry = self._find_hoithi("hoithi.entry", entry_id)
        if not entry:
            return self._leave_hoithi()
        form, error = self._try_hoithi(partial(entry._make_own_form, kind, extension))
        if error:
            self._set_hoithi_notice("danger", error)
            return request.redirect(self._get_hoithi_url(entry))
        name, content = form
        return request.make_response(
            content,
            [
                ("Content-Type", MIMETYPES[extension]),
                ("Content-Length", len(content)),
                ("Content-Disposition", content_disposition(name)),
                ("Cache-Control", "private, no-store"),
            ],
        )
