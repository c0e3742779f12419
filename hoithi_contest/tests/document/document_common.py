from io import BytesIO
from pathlib import Path

import docx
import openpyxl
from docx.oxml.ns import qn

from ...lib.document import holding, kinds
from ...lib.tests.document.layout_checks import check_layout

#: Where papers of the tests are left, to be drawn and looked at.
SEEN = Path(__file__).parents[3] / "build" / "documents"
#: What stands for a sign in a Word file.
SIGNS = {qn("w:br"): "\n", qn("w:noBreakHyphen"): "-"}
READ = (qn("w:t"), *SIGNS)


def read_docx(content):
    """Return the lines of a Word file: paragraphs and cells in their order."""
    lines = []
    for element in docx.Document(BytesIO(content)).element.body.iter(qn("w:p")):
        text = holding.let_go(
            "".join(
                SIGNS.get(node.tag) or node.text or "" for node in element.iter(*READ)
            )
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

    def _leave(self, document, variant):
        """Leave a paper beside those of `lib`, to be drawn and looked at.

        :param variant: what it was made from, after its form where it has several
        """
        SEEN.mkdir(parents=True, exist_ok=True)
        # a copy is more than its Word file
        name = "pdf_id" if document.kind == "copy" else "docx_id"
        suffix = ".pdf" if document.kind == "copy" else document._get_extension()
        path = SEEN / f"{document.kind}-{variant}{suffix}"
        path.write_bytes(document.sudo()[name].raw)

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
