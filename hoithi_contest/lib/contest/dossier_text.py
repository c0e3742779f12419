"""The text of a file, for comparing it with that of others.

Another process reads it, within limits: a file made to cost much ends there. What holds
no text, as a scan, gives an empty one.
"""

import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from time import monotonic

from ..guard import apart, foreign, old_workbook, plain_text, scratch
from ..guard.pdf import ConversionError, EngineMissing

#: What LibreOffice makes of kinds from before the archives; what is an archive with
#: another ending.
_OLDER = {"doc": "docx", "dot": "docx", "rtf": "docx", "ppt": "pptx"}
_SAME = {"docm": "docx", "dotx": "docx", "ods": "odt", "odp": "odt"}
#: How files of these kinds begin, also those that are saved under another's name.
_STARTS = (old_workbook.MAGIC, b"{\\rtf", b"PK\x03\x04")
#: Extensions whose text is read, lower case without a dot.
READABLE = (
    *("pdf", "docx", "pptx", "xlsx", "odt", "txt", "xls"),
    *_OLDER,
    *_SAME,
)
#: Characters kept of a file: some hundred pages.
MOST = 300_000
#: Pages, slides or sheets that are read of a file.
MOST_PARTS = 300
#: Bytes that a part of an archive may have unpacked.
MOST_UNPACKED = 60 * 1024**2
#: Bytes of address space of LibreOffice, which maps much that it never uses.
OFFICE_MEMORY = 4 * 1024**3
_SOURCE, _TEXT = "source", "text.txt"
#: Where the archives of office programs keep text, and what ends a paragraph there.
_PARTS = {
    "docx": ("word/document.xml", "word/footnotes.xml", "word/endnotes.xml"),
    "pptx": ("ppt/slides/slide",),
    "xlsx": ("xl/sharedStrings.xml", "xl/worksheets/sheet"),
    "odt": ("content.xml",),
}
_ENDS = {"p", "si", "is", "br", "tab"}
#: What stands for white space in an OpenDocument text.
_SPACES = {"s", "tab", "line-break"}


def read(content: bytes, extension: str, timeout: float = apart.SECONDS) -> str:
    """Return the text of a file.

    :param extension: lower case without a dot, one of :data:`READABLE`
    :param timeout: seconds
    :raises Failed: where there is none to be had
    """
    if extension not in READABLE:
        raise apart.Failed(extension)
    ends = monotonic() + timeout
    if extension in _OLDER or extension == "xls":
        content, extension = _modernize(content, extension, timeout)
    extension = _SAME.get(extension, extension)
    task = ("lib.contest.dossier_text", f"{_SOURCE}.{extension}", content, _TEXT)
    with apart.work(*task, max(ends - monotonic(), 0), extension) as text:
        return text.read_text(encoding="utf-8")


def _modernize(content: bytes, extension: str, timeout: float) -> tuple[bytes, str]:
    """Return an older file as one of today, and its extension."""
    if extension == "xls":
        return old_workbook.modernize(content, timeout), "xlsx"
    if not content.startswith(_STARTS):
        # LibreOffice takes anything for a text
        raise apart.Failed(extension)
    with scratch.folder() as folder:
        source = folder / f"{_SOURCE}.{extension}"
        source.write_bytes(content)
        place = folder / "older"
        place.mkdir()
        try:
            result = foreign.convert(
                source, place, _OLDER[extension], timeout, OFFICE_MEMORY
            )
        except (EngineMissing, ConversionError) as error:
            raise apart.Failed(str(error)) from error
        return result.read_bytes(), _OLDER[extension]


def _read_pdf(path: Path) -> str:
    # heavy, and needed here alone
    import pypdfium2

    document = pypdfium2.PdfDocument(path)
    pages, size = [], 0
    for number in range(min(len(document), MOST_PARTS)):
        pages.append(document[number].get_textpage().get_text_range())
        size += len(pages[-1])
        if size > MOST:
            break
    return "\n".join(pages)


def _read_archive(path: Path, extension: str) -> str:
    from lxml import etree

    chunks, size = [], 0
    with zipfile.ZipFile(path) as archive:
        members = [
            member
            for member in archive.infolist()
            if member.filename.startswith(_PARTS[extension])
            and member.filename.endswith(".xml")
        ]
        for member in members[:MOST_PARTS]:
            if member.file_size > MOST_UNPACKED:
                raise ValueError("too large")
            with archive.open(member) as source:
                events = etree.iterparse(
                    source,
                    events=("start", "end"),
                    remove_comments=True,
                    remove_pis=True,
                    resolve_entities=False,
                    no_network=True,
                    load_dtd=False,
                )
                iter_texts = _iter_paragraphs if extension == "odt" else _iter_runs
                for text in iter_texts(events):
                    chunks.append(text)
                    size += len(text)
                    if size > MOST:
                        break
    return "".join(chunks)


def _iter_runs(events) -> Iterator[str]:
    """Yield the text of an Office Open XML part: runs hold all of it."""
    for event, element in events:
        if event != "end" or not isinstance(element.tag, str):
            continue
        name = element.tag.rpartition("}")[2]
        if name == "t" and element.text:
            yield element.text
        if name in _ENDS:
            yield "\n"


def _iter_paragraphs(events) -> Iterator[str]:
    """Yield the paragraphs of an OpenDocument text: any element may hold text there.

    Paragraphs within one, as in its notes, are lines of it; comments beside it are no
    part of the text.
    """
    depth = 0
    for event, element in events:
        if not isinstance(element.tag, str):
            continue
        name = element.tag.rpartition("}")[2]
        is_paragraph = name in ("p", "h")
        if event == "start":
            depth += is_paragraph
        elif is_paragraph:
            depth -= 1
            element.append(element.makeelement("end"))
            element[-1].text = "\n"
            if not depth:
                yield "".join(element.itertext(with_tail=True))
        elif name in _SPACES:
            element.text = " "
        elif name in ("note-body", "text-box"):
            element.text = "\n" + (element.text or "")
        elif name == "annotation":
            element.clear(keep_tail=True)


def make(folder: Path, extension: str) -> None:
    """Read the file that lies in `folder`, and put its text beside it."""
    path = folder / f"{_SOURCE}.{extension}"
    if extension == "pdf":
        text = _read_pdf(path)
    elif extension == "txt":
        text = path.read_bytes()[: 4 * MOST].decode("utf-8-sig", errors="replace")
    else:
        text = _read_archive(path, extension)
    part = folder / f"{_TEXT}.part"
    part.write_text(plain_text.clean(text)[:MOST], encoding="utf-8")
    part.rename(folder / _TEXT)


def main(folder: Path, extension: str) -> None:
    apart.limit()
    make(folder, extension)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
