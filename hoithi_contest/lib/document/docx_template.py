"""Word templates with placeholders: check what was uploaded, fill it in.

Templates are made by ``templates`` and may be replaced by ones that were edited in
Word, so whatever comes in is untrusted: ``template_file`` refuses files that could run
or fetch something, ``template_language`` what isn't understood or known.
"""

import base64
import binascii
import difflib
import hashlib
import io
import re
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from xml.sax.saxutils import quoteattr

from docx.oxml.ns import qn
from docx.shared import Mm
from docxtpl import InlineImage
from jinja2 import TemplateError
from lxml import etree

from . import fitting
from .kind import IMAGE_KEYS, Field, Kind
from .kinds import clean
from .template_file import (
    BRACES,
    CONSTRUCT,
    MISSING,
    STRAY,
    SYNTAX,
    TRACKED,
    UNKNOWN,
    BadTemplate,
    Problem,
    WordTemplate,
    open_template,
)
from .template_language import EXCERPT, WORDS, Environment, walk
from .templates import ooxml

MAX_PICTURE = 5 * 1024 * 1024


# A name in one pair of braces, in those of another alphabet, in brackets as other
# programs have them, or behind a brace that isn't closed: printed as it stands.
_NAME = r"[“”\"']?([a-z_]+(?:\.[a-z_]+)*)[“”\"']?"
_SINGLE = (
    re.compile(rf"(?:(?<!\{{)\{{|[\uff5b\u2774]+)\s*{_NAME}\s*[}}\uff5d\u2775]+"),
    re.compile(rf"(?:\[\[?|<<?|[«‹]+)\s*{_NAME}\s*(?:\]\]?|>>?|[»›]+)"),
    re.compile(rf"(?<!\{{)\{{\s*{_NAME}(?![\w.]|\s*[“”\"'}}|(])"),
)
#: How much a name that was mistyped is like one of the kind.
_LIKE = 0.8
#: A whole tag; where one ends that never began, or a brace stands beside a tag, it is
#: printed. One that never ends can't be read at all.
_WHOLE = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}")
_TAG = "\0"
_STRAY = re.compile(rf"[}}%#]\}}|\{{\s?{_TAG}|{_TAG}\s?\}}")
#: What stands in it is printed with its braces.
_RAW = re.compile(r"\{%-?\s*raw\b")
#: Of a name that isn't known, as the template language tells it.
_UNDEFINED = re.compile(r"'([^']*)' is undefined|attribute '([^']*)'")
#: It begins at no blank within others: of many it would look at each.
_EMPTY_LINES = re.compile(r"(?<![ \t])[ \t]*\n[ \t\r\n]*\n")
_BLANKS, _INDENTS = re.compile(" {2,}"), re.compile(" ?\n ?")
_CHANGES = (
    *("w:ins", "w:del", "w:moveFrom", "w:moveTo"),
    *("w:rPrChange", "w:pPrChange", "w:numberingChange"),
    # of the layout: of sections and tables, of their rows and cells
    *("w:sectPrChange", "w:tblPrChange", "w:tblPrExChange", "w:tblGridChange"),
    *("w:trPrChange", "w:tcPrChange", "w:cellIns", "w:cellDel", "w:cellMerge"),
)
#: Where Word keeps more of a file's properties.
_APP = "docProps/app.xml"
#: What python-docx enters as author.
_PROGRAM = "python-docx"
#: What a paper must bear, where the addon's own template of its kind does.
_OBLIGATORY = ("number_line", "place_date", "subject", "signature.name")


def _lines_of(root: etree._Element) -> Iterator[str]:
    for paragraph in root.iter(qn("w:p")):
        yield "".join(node.text or "" for node in paragraph.iter(qn("w:t")))


def _get_parts(template: WordTemplate) -> Iterator[tuple[str, etree._Element]]:
    """Yield what of a template is printed, by the name of its part."""
    yield "body", template.docx.element.body
    for part in template.docx.part.package.parts:
        kind = re.search(
            r"\.(header|footer|footnotes|endnotes)\+xml$", part.content_type
        )
        if kind:
            name = "footnotes" if kind[1] == "endnotes" else kind[1]
            yield name, etree.fromstring(part.blob)


def _stray_problems(template: WordTemplate, known: set[str]) -> Iterator[Problem]:
    """Yield what is printed of tags that aren't written right, and yet can be read.

    :param known: where others are told already
    """
    for part, root in _get_parts(template):
        for line in _lines_of(root):
            place = " ".join(line.split())[:EXCERPT]
            if place in known:
                continue
            if _RAW.search(line):
                yield Problem("raw", place, CONSTRUCT, part)
            elif found := _STRAY.search(_WHOLE.sub(_TAG, line)):
                name = found[0].replace(_TAG, "").strip()
                yield Problem(name, place, STRAY, part)


def _draft_problems(template: WordTemplate, fields: Sequence[Field]) -> list[Problem]:
    """Return what a template holds that no issued paper may."""
    names = {field.name for field in fields}
    problems = []
    has_comment = False
    for part, root in _get_parts(template):
        problems += [
            Problem(match[0], line[:EXCERPT], BRACES, part)
            for line in _lines_of(root)
            for pattern in _SINGLE
            for match in pattern.finditer(line)
            if difflib.get_close_matches(match[1].partition(".")[0], names, 1, _LIKE)
        ]
        changed = next(root.iter(*map(qn, _CHANGES)), None)
        if changed is not None:
            place = "".join(node.text or "" for node in changed.iter(qn("w:t")))
            tracked = changed.get(qn("w:author")) or etree.QName(changed).localname
            problems.append(Problem(tracked, place[:EXCERPT], TRACKED, part))
        has_comment |= next(root.iter(qn("w:commentReference")), None) is not None
    if has_comment:
        problems.append(Problem("comments.xml", "", TRACKED))
    return problems


def find_pages(data: bytes, problems: Sequence[Problem]) -> list[int]:
    """Return the pages on which problems stand, 0 where that isn't known.

    Word notes where it broke pages; a file that it never saved tells nothing.

    :param problems: of the file, by :func:`check`
    """
    unknown = [0] * len(problems)
    try:
        body = open_template(data).docx.element.body
    except BadTemplate:
        return unknown
    texts, page = [], 1
    mark, paragraph = qn("w:lastRenderedPageBreak"), qn("w:p")
    if next(body.iter(mark), None) is None:
        return unknown
    for node in body.iter(paragraph, mark):
        if node.tag == mark:
            page += 1
        else:
            line = "".join(text.text or "" for text in node.iter(qn("w:t")))
            # what follows a break in the same paragraph stands after it
            begins = next(node.iter(qn("w:t"), mark), None)
            starts_after = begins is not None and begins.tag == mark
            texts.append((" ".join(line.split()), page + starts_after))

    def find(problem: Problem) -> int:
        if problem.part not in ("body", "table"):
            return 0
        place = problem.place.rstrip("…")
        wanted = [" ".join(text.split()) for text in (place, problem.name) if text]
        return next(
            (its for text in wanted for line, its in texts if text and text in line), 0
        )

    return [find(problem) for problem in problems]


def persons(data: bytes) -> list[str]:
    """Return the names of people in a Word file's properties: who wrote or saved it.

    :raises BadTemplate: the file can't be opened or may do harm
    """
    properties = open_template(data).docx.core_properties
    names = [properties.author, properties.last_modified_by]
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if _APP in archive.namelist():
            root = etree.fromstring(archive.read(_APP))
            names += [node.text or "" for node in root.iter("{*}Manager")]
    # what a program writes of itself, and what is filled in, is nobody's name
    return list(
        dict.fromkeys(
            name.strip()
            for name in names
            if name and name.strip() and "{{" not in name and name != _PROGRAM
        )
    )


def placeholders(data: bytes, kind: Kind) -> set[str]:
    """Return the names that a template uses, as written, loop variables included.

    :raises BadTemplate: the file can't be opened or may do harm
    """
    return walk(open_template(data), kind.all_fields)[0]


def check(data: bytes, kind: Kind, shipped: bytes = b"") -> list[Problem]:
    """Return why a template can't be used for `kind`: all of it, nothing if it can.

    :param shipped: the addon's own template of the kind, for what it must print
    """
    try:
        template = open_template(data)
        names, problems = walk(template, kind.all_fields)
        problems = [*problems, *_draft_problems(template, kind.all_fields)]
        known = {problem.place.rstrip("…") for problem in problems}
        problems += _stray_problems(template, known)
        if shipped:
            own = placeholders(shipped, kind)
            problems += [
                Problem(name, "", MISSING)
                for name in _OBLIGATORY
                if name in own and name not in names
            ]
        if not problems:
            # What tears elements apart shows only in use, with and without elements.
            for sample in kind.samples().values():
                render(data, sample)
                render(data, {key: _emptied(value) for key, value in sample.items()})
    except BadTemplate as error:
        return error.problems
    return problems


def _emptied(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _emptied(child) for key, child in value.items()}
    return type(value)()


# Filling in


class _Picture(InlineImage):
    """A picture with a text for those who don't see it."""

    def __init__(self, template: WordTemplate, value: Mapping[str, Any]):
        try:
            content = base64.b64decode(value["png"], validate=True)
        except (binascii.Error, ValueError) as error:
            raise ValueError("A picture isn't base64.") from error
        if not content.startswith(b"\x89PNG\r\n\x1a\n") or len(content) > MAX_PICTURE:
            raise ValueError("A picture isn't a PNG file of a bearable size.")
        super().__init__(template, io.BytesIO(content), width=Mm(value["width_mm"]))
        self.text = clean(value["text"])

    def _insert_image(self) -> str:
        xml = super()._insert_image()
        return xml.replace("<wp:docPr ", f"<wp:docPr descr={quoteattr(self.text)} ", 1)


def _prepared(template: WordTemplate, value: Any) -> Any:
    if isinstance(value, str):
        # space comes from styles, never from empty lines and blanks in a row
        text = _BLANKS.sub(" ", unicodedata.normalize("NFC", clean(value)))
        return _EMPTY_LINES.sub("\n", _INDENTS.sub("\n", text))
    if isinstance(value, Mapping):
        if set(value) == set(IMAGE_KEYS):
            is_none = not value["png"] and not value["width_mm"]
            return "" if is_none else _Picture(template, value)
        return {key: _prepared(template, child) for key, child in value.items()}
    if isinstance(value, list | tuple):
        return [_prepared(template, child) for child in value]
    return value


def _describe(template: WordTemplate, values: Mapping[str, Any]) -> None:
    """Name the document and its issuer in the file's properties, as readers show."""
    properties = template.docx.core_properties
    names = [values.get("title", ""), values.get("subject", "")]
    # The properties' own limit is 255 letters.
    properties.title = " ".join(" ".join(names).split())[:255]
    properties.author = values.get("agency", {}).get("full_name", "")[:255]
    # who last saved the template, and for whom, has no part in the paper
    properties.last_modified_by = properties.author
    for part in template.docx.part.package.parts:
        if str(part.partname) == f"/{_APP}":
            part._blob = re.sub(
                rb"<((?:\w+:)?Manager)>.*?</\1>", b"", part.blob, flags=re.DOTALL
            )


def _repacked(data: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return ooxml.package(
            (info.filename, archive.read(info)) for info in archive.infolist()
        )


_environment = Environment()
#: What was looked at and may be filled in: checksum, and the names that fill it.
_walked: set[tuple[bytes, frozenset[str]]] = set()
_WALKED = 256


def _look_through(data: bytes, template: WordTemplate, names: frozenset[str]) -> None:
    """Refuse a template that names anything else, or does what it may not.

    :raises BadTemplate: with all that is wrong
    """
    key = (hashlib.sha256(data).digest(), names)
    if key in _walked:
        return
    problems = walk(template, [Field(name, "", "any") for name in names])[1]
    if problems:
        raise BadTemplate(problems)
    if len(_walked) >= _WALKED:
        _walked.clear()
    _walked.add(key)


def render(data: bytes, context: Mapping[str, Any], words: Iterable[str] = ()) -> bytes:
    """Return a template filled in; the same bytes for the same context.

    :param context: as the kind's fields have it (:meth:`kind.Kind.problems`)
    :param words: that headings aren't broken inside, beside those of the language
    :raises BadTemplate: the template may do harm, or names what isn't in `context`
    :raises ValueError: a picture of the context is none
    """
    template = open_template(data)
    _look_through(data, template, frozenset(context))
    values = {key: _prepared(template, value) for key, value in context.items()}
    try:
        template.render({**values, WORDS: tuple(words)}, _environment)
    except TemplateError as error:
        # of what the program says in its own words, the name is told
        found = _UNDEFINED.search(error.message or "")
        name = (found[1] or found[2]) if found else "{{ }}"
        raise BadTemplate([Problem(name, "", UNKNOWN, "body")]) from error
    except etree.XMLSyntaxError as error:
        raise BadTemplate([Problem("{% %}", "", SYNTAX, "body")]) from error
    _describe(template, values)
    fitting.fit(template.docx.element.body)
    buffer = io.BytesIO()
    template.save(buffer)
    return _repacked(buffer.getvalue())
