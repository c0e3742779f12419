"""Which Word files are opened as templates: none that could run or fetch something.

Whatever comes in is untrusted: a template may have been edited in Word, or elsewhere.
"""

import functools
import io
import re
import zipfile
from collections.abc import Iterator
from typing import NamedTuple

from docx.oxml.ns import qn
from docxtpl import DocxTemplate
from lxml import etree

from . import wording

MAX_SIZE = 10 * 1024 * 1024
MAX_UNPACKED = 60 * 1024 * 1024
MAX_XML = 8 * 1024 * 1024
MAX_FILES = 500
#: Letters of a text that is kept ready to be filled in; shipped ones have some 50,000.
KEPT_LENGTH = 300_000

# Why a template is refused.
UNKNOWN = "unknown"  # a placeholder that the kind's context doesn't hold
NOT_TEXT = "not_text"  # a list or a group where a text must stand, or the reverse
SYNTAX = "syntax"  # a tag that isn't closed, or isn't understood
CONSTRUCT = "construct"  # something of the template language that isn't allowed
NOT_WORD = "not_word"  # not a Word document (.docx), or a damaged one
TOO_LARGE = "too_large"
LONG_PART = "long_part"  # a part whose text is too long
MANY_PARTS = "many_parts"
PACKED = "packed"  # a part that unpacks to far more than is in the file
ACTIVE = "active"  # macros, controls, embedded objects
EXTERNAL = "external"  # a link by which opening the file would fetch something
FIELD = "field"  # a field that runs or fetches something
MISSING = "missing"  # what every paper of the kind must print isn't there
BRACES = "braces"  # a name of the context, or nearly one, in other than two braces
STRAY = "stray"  # braces beside a tag, or of one that never began
TRACKED = "tracked"  # changes that are tracked, or comments


class Problem(NamedTuple):
    """Why a template is refused, and where.

    :ivar name: the placeholder, tag, part of the file or message of the parser
    :ivar place: text that stands around it, or the part's name
    :ivar reason: one of the constants above
    :ivar part: ``body``, ``table``, ``header``, ``footer``, ``footnotes``, ``file``
    """

    name: str
    place: str
    reason: str
    part: str = "file"


class BadTemplate(Exception):
    """The template can't be used; `problems` says why."""

    def __init__(self, problems: list[Problem]):
        self.problems = problems
        super().__init__(
            "; ".join(f"{p.reason}: {p.name} ({p.part}: {p.place})" for p in problems)
        )


_ACTIVE_PARTS = re.compile(
    r"vba|macros?/|activex|embeddings/|oleobject|\.bin$|\.exe$|customui", re.IGNORECASE
)
_ACTIVE_TYPES = ("oleObject", "vbaProject", "control", "aFChunk", "attachedToolbars")
_SAFE_LINK = re.compile(r"(https?://|mailto:)", re.IGNORECASE)
_BAD_FIELD = re.compile(
    r"\b(INCLUDEPICTURE|INCLUDETEXT|INCLUDE|IMPORT|LINK|DDE|DDEAUTO|DATABASE|"
    r"MACROBUTTON|RD)\b",
    re.IGNORECASE,
)
_RATIO = 200


def _parse_xml(content: bytes) -> etree._Element:
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise ValueError("A document type isn't allowed.")
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    return etree.fromstring(content, parser)


def _too_large(size: int, limit: int) -> str:
    return f"{wording.size(size)} > {wording.size(limit)}"


def _size_problems(archive: zipfile.ZipFile) -> list[Problem]:
    infos = archive.infolist()
    if len(infos) > MAX_FILES:
        return [Problem(f"{len(infos)} > {MAX_FILES}", "", MANY_PARTS)]
    problems = []
    unpacked = sum(info.file_size for info in infos)
    if unpacked > MAX_UNPACKED:
        problems.append(Problem(_too_large(unpacked, MAX_UNPACKED), "", TOO_LARGE))
    for info in infos:
        size, name = info.file_size, info.filename
        if size > 1024 * 1024 and size > _RATIO * max(1, info.compress_size):
            problems.append(Problem(wording.size(size), name, PACKED))
        elif name.endswith(".xml") and size > MAX_XML:
            problems.append(Problem(_too_large(size, MAX_XML), name, LONG_PART))
    return problems


def _link_problems(name: str, root: etree._Element) -> Iterator[Problem]:
    for link in root:
        kind = link.get("Type", "").rpartition("/")[2]
        target = link.get("Target", "")
        if kind in _ACTIVE_TYPES:
            yield Problem(target, name, ACTIVE)
        elif link.get("TargetMode") == "External" and not (
            kind == "hyperlink" and _SAFE_LINK.match(target)
        ):
            yield Problem(target, name, EXTERNAL)


def _field_problems(name: str, root: etree._Element) -> Iterator[Problem]:
    # Word may cut an instruction into several runs.
    for paragraph in root.iter(qn("w:p")):
        texts = [node.text or "" for node in paragraph.iter(qn("w:instrText"))]
        texts = ["".join(texts)]
        texts += [
            node.get(qn("w:instr"), "") for node in paragraph.iter(qn("w:fldSimple"))
        ]
        for text in texts:
            if _BAD_FIELD.search(text):
                yield Problem(text.strip(), name, FIELD)


def _part_problems(archive: zipfile.ZipFile) -> Iterator[Problem]:
    for info in archive.infolist():
        name = info.filename
        if _ACTIVE_PARTS.search(name):
            yield Problem(name, name, ACTIVE)
            continue
        if not name.endswith((".xml", ".rels")):
            continue
        content = archive.read(info)
        root = _parse_xml(content)
        if name == "[Content_Types].xml" and b"macroEnabled" in content:
            yield Problem("macroEnabled", name, ACTIVE)
        elif name.endswith(".rels"):
            yield from _link_problems(name, root)
        else:
            yield from _field_problems(name, root)


def _file_problems(data: bytes) -> list[Problem]:
    if len(data) > MAX_SIZE:
        return [Problem(_too_large(len(data), MAX_SIZE), "", TOO_LARGE)]
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if "word/document.xml" not in archive.namelist():
                return [Problem("word/document.xml", "", NOT_WORD)]
            return _size_problems(archive) or list(_part_problems(archive))
    except (zipfile.BadZipFile, etree.XMLSyntaxError, ValueError, EOFError) as error:
        return [Problem(str(error), "", NOT_WORD)]
    except (RuntimeError, NotImplementedError) as error:
        # Encrypted, or packed by a method that nothing here unpacks.
        return [Problem(str(error), "", NOT_WORD)]


@functools.lru_cache(maxsize=128)
def _patch(template_class: type[DocxTemplate], source: str) -> str:
    """Return a part's XML made ready: of one template many papers are made."""
    # it looks at nothing but the text
    return template_class.patch_xml(template_class.__new__(template_class), source)


class WordTemplate(DocxTemplate):
    """Where tags tear elements apart, nothing is guessed."""

    def patch_xml(self, src_xml: str) -> str:
        if len(src_xml) > KEPT_LENGTH:
            return super().patch_xml(src_xml)
        return _patch(DocxTemplate, src_xml)

    def fix_tables(self, xml: str) -> etree._Element:
        etree.fromstring(xml)
        return super().fix_tables(xml)


def open_template(data: bytes) -> WordTemplate:
    problems = _file_problems(data)
    if problems:
        raise BadTemplate(problems)
    template = WordTemplate(io.BytesIO(data))
    try:
        template.render_init()
    except Exception as error:
        # python-docx raises whatever its code stumbles over in a damaged package.
        problem = Problem(str(error) or type(error).__name__, "", NOT_WORD)
        raise BadTemplate([problem]) from error
    return template
