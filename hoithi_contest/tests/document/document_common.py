from io import BytesIO

import docx
import openpyxl
from docx.oxml.ns import qn

from ...lib.document import kinds
from ...lib.tests.document.layout_checks import check_layout


def read_docx(content):
    """Return the lines of a Word file: paragraphs and cells in their order."""
    lines = []
    for element in docx.Document(BytesIO(content)).element.body.iter(qn("w:p")):
        text = "".join(
            "\n" if node.tag == qn("w:br") else node.text or ""
            for node in element.iter(qn("w:t"), qn("w:br"))
        )
        if text.strip():
            lines.append(text.strip())
    return lines


def read_xlsx(content):
    """Return the filled cells of a workbook as texts."""
    workbook = openpyxl.load_workbook(BytesIO(content))
    return [
        str(cell.value)
        for sheet in workbook
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    ]


class DocumentMixin:
    """Making documents in tests, and reading them back."""

    def _make(self, kind, source, user=None, **vals):
        """Return a document of `kind` about `source`, made by `user`."""
        document = (
            self.env["hoithi.document"]
            .with_user(user or self.secretary)
            .create(
                {"kind": kind, "res_model": source._name, "res_id": source.id, **vals}
            )
        )
        document._check_drafter()
        document._generate(with_pdf=False)
        return document

    def _read(self, document):
        """Return the text of a document's file."""
        content = document.sudo().docx_id.raw
        if kinds.KINDS[document.kind].layout == "workbook":
            return "\n".join(read_xlsx(content))
        return "\n".join(read_docx(content))

    def _read_flat(self, document):
        """Return the text without its line breaks, as a reader takes it in."""
        return " ".join(self._read(document).split())

    def _get_faults(self, document):
        """Return what is wrong with the context or the layout of a document."""
        kind = kinds.KINDS[document.kind]
        faults = kind.problems(document.sudo().context_json)
        if kind.layout != "workbook":
            faults += check_layout(document.sudo().docx_id.raw, kind)
        return faults
