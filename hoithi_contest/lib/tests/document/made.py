"""Templates made for a test."""

import io
import zipfile

from docx import Document

from ...document.docx_template import check
from ...document.kinds import KINDS
from ...document.templates import blocks as b
from ...document.templates import ooxml

NOTICE = KINDS["notice"]
RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
UNITS = [
    {"number": 1, "name": "A", "registered": "1.200", "drafts": "0", "note": ""},
    {"number": 2, "name": "B", "registered": "3", "drafts": "2", "note": ""},
]


def made(*texts):
    """A template with a paragraph of each text."""
    return b.make(b.PORTRAIT, [b.paragraph("Body", text) for text in texts])


def changed(data, name, change):
    """The file with a part changed; `change` gets and returns bytes."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {info.filename: archive.read(info) for info in archive.infolist()}
    parts[name] = change(parts.get(name, b""))
    return ooxml.package(parts.items())


def related(kind, target, mode=""):
    """A template whose document is related to something."""
    line = f'<Relationship Id="rId99" Type="{RELATIONSHIPS}/{kind}" Target="{target}"'
    line += f' TargetMode="{mode}"/>' if mode else "/>"
    return changed(
        made("x"),
        "word/_rels/document.xml.rels",
        lambda xml: xml.replace(b"</Rel", line.encode() + b"</Rel", 1),
    )


def texts(data):
    document = Document(io.BytesIO(data))
    return [paragraph.text for paragraph in document.paragraphs]


def context(**own):
    return NOTICE.sample() | own


def listed(columns, total=(), rows="units"):
    data = b.make(b.PORTRAIT, b.list_table(f"row in {rows}", columns, total))
    assert check(data, NOTICE) == []
    return data


def cells(data):
    (table,) = Document(io.BytesIO(data)).tables
    return [[cell.text for cell in row.cells] for row in table.rows]
