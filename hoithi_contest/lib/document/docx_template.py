"""Word templates with placeholders: check what was uploaded, fill it in.

Templates are made by ``templates`` and may be replaced by ones that were edited in
Word, so whatever comes in is untrusted: files that could run or fetch something are
refused, placeholders may only name what the kind's context holds, and of the template
language only loops, conditions and a few filters are understood.
"""

import base64
import binascii
import html
import io
import re
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple
from xml.sax.saxutils import quoteattr

from docx.oxml.ns import qn
from docx.shared import Mm
from docxtpl import DocxTemplate, InlineImage
from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment
from lxml import etree

from . import nd30, wording
from .kinds import IMAGE_KEYS, Field, Kind, clean
from .templates import blocks, ooxml

MAX_SIZE = 10 * 1024 * 1024
MAX_UNPACKED = 60 * 1024 * 1024
MAX_XML = 8 * 1024 * 1024
MAX_FILES = 500
MAX_PICTURE = 5 * 1024 * 1024

# Why a template is refused.
UNKNOWN = "unknown"  # a placeholder that the kind's context doesn't hold
NOT_TEXT = "not_text"  # a list or a group where a text must stand, or the reverse
SYNTAX = "syntax"  # a tag that isn't closed, or isn't understood
CONSTRUCT = "construct"  # something of the template language that isn't allowed
NOT_WORD = "not_word"  # not a Word document (.docx), or a damaged one
TOO_LARGE = "too_large"
ACTIVE = "active"  # macros, controls, embedded objects
EXTERNAL = "external"  # a link by which opening the file would fetch something
FIELD = "field"  # a field that runs or fetches something
MISSING = "missing"  # what every paper of the kind must print isn't there
BRACES = "braces"  # a name of the context that stands in one pair of braces
TRACKED = "tracked"  # changes that are tracked, or comments

# Width in mm, size and boldness by which the filter ``lines`` breaks a text.
LINE_ROLES = {
    "superior": (72, 12, False),
    "issuer": (72, 12, True),
    "subject": (142, 14, True),
    "letter": (54, 12, False),
    "annex": (150, 14, False),
    "certificate": (220, 15, True),
}


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


# The file

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
    unpacked = sum(info.file_size for info in infos)
    is_bomb = any(
        info.file_size > 1024 * 1024
        and info.file_size > _RATIO * max(1, info.compress_size)
        for info in infos
    )
    is_long = any(
        info.filename.endswith(".xml") and info.file_size > MAX_XML for info in infos
    )
    if len(infos) > MAX_FILES or unpacked > MAX_UNPACKED or is_bomb or is_long:
        return [Problem(_too_large(unpacked, MAX_UNPACKED), "", TOO_LARGE)]
    return []


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


class _Template(DocxTemplate):
    """Where tags tear elements apart, nothing is guessed."""

    def fix_tables(self, xml: str) -> etree._Element:
        etree.fromstring(xml)
        return super().fix_tables(xml)


def _open(data: bytes) -> _Template:
    problems = _file_problems(data)
    if problems:
        raise BadTemplate(problems)
    template = _Template(io.BytesIO(data))
    try:
        template.render_init()
    except Exception as error:
        # python-docx raises whatever its code stumbles over in a damaged package.
        problem = Problem(str(error) or type(error).__name__, "", NOT_WORD)
        raise BadTemplate([problem]) from error
    return template


# The template language


class _Environment(ImmutableSandboxedEnvironment):
    """Names of a context come before Python's; nothing undefined passes."""

    def __init__(self):
        super().__init__(autoescape=True, undefined=StrictUndefined)
        self.globals.clear()
        self.filters = {name: self.filters[name] for name in _FILTERS}
        self.filters["lines"] = _lines
        self.filters["total"] = _total

    def getattr(self, obj: Any, attribute: str) -> Any:
        if isinstance(obj, Mapping):
            if attribute in obj:
                return obj[attribute]
            return self.undefined(obj=obj, name=attribute)
        return super().getattr(obj, attribute)


def _total(rows: Iterable[Mapping[str, Any]], name: str) -> str:
    """Return the sum of a column of figures as printed; nothing where there are none.

    Shares and what is no figure aren't added up.
    """
    texts = [str(row.get(name, "")).strip() for row in rows]
    figures = [text.replace(".", "").replace(",", ".") for text in texts if text]
    if not figures or not all(re.fullmatch(r"\d+(\.\d+)?", text) for text in figures):
        return ""
    return nd30.decimal(sum(map(Decimal, figures)))


_FILTERS = ("upper", "lower", "capitalize", "trim", "length", "join")


def _lines(text: str, role: str) -> str:
    width, size, bold = LINE_ROLES[role]
    return "\n".join(nd30.balanced(str(text), width, size, bold=bold))


_ANY = Field("", "", "any")
_LOOP = Field(
    "loop",
    "",
    "group",
    tuple(
        Field(name, "", "number")
        for name in ("index", "index0", "first", "last", "length", "revindex")
    ),
)
_TEXTS = {"text", "number", "bool", "date", "image", "any"}
_LISTS = {"list", "paragraphs", "any"}


class _Checker:
    """Walk a parsed template: what it names, and what of it isn't allowed.

    Of a field of the type ``any`` nothing more is known than that it is there.
    """

    def __init__(self, fields: Iterable[Field]):
        self.fields = {field.name: field for field in fields}
        self.names: set[str] = set()
        self.found: list[tuple[str, str, int]] = []

    def _add(self, name: str, reason: str, node: nodes.Node) -> Field:
        self.found.append((name, reason, node.lineno))
        return _ANY

    def body(self, body: Iterable[nodes.Node], scope: dict) -> None:
        for node in body:
            if isinstance(node, nodes.Output):
                self._output(node, scope)
            elif isinstance(node, nodes.For):
                self._for(node, scope)
            elif isinstance(node, nodes.If):
                self.expression(node.test, scope)
                self.body(node.body, scope)
                self.body(node.elif_, scope)
                self.body(node.else_, scope)
            else:
                self._add(type(node).__name__.lower(), CONSTRUCT, node)

    def _output(self, node: nodes.Output, scope: dict) -> None:
        for child in node.nodes:
            if isinstance(child, nodes.TemplateData):
                continue
            if isinstance(child, nodes.Const) and child.value in self.fields:
                # Word's quotation marks around a name: the name would be printed
                self._add(f"{{{{ “{child.value}” }}}}", SYNTAX, child)
                continue
            if self.expression(child, scope).type not in _TEXTS:
                self._add(_source(child), NOT_TEXT, child)

    def _for(self, node: nodes.For, scope: dict) -> None:
        source = self.expression(node.iter, scope)
        if source.type not in _LISTS:
            self._add(_source(node.iter), NOT_TEXT, node)
            source = _ANY
        if not isinstance(node.target, nodes.Name) or node.recursive or node.test:
            self._add("for", CONSTRUCT, node)
            return
        # Lists of the context inside each other would multiply.
        if "loop" in scope and _root(node.iter) not in scope:
            self._add(_source(node.iter), CONSTRUCT, node)
            return
        element = _ANY
        if source.type != "any":
            kind = "group" if source.children else "text"
            element = Field(source.name, "", kind, source.children)
        inner = scope | {node.target.name: element, "loop": _LOOP}
        self.body(node.body, inner)
        self.body(node.else_, scope)

    def expression(self, node: nodes.Node, scope: dict) -> Field:
        """Return what `node` is, noting what is wrong with it."""
        if isinstance(node, nodes.Name | nodes.Getattr):
            return self._path(node, scope)
        if isinstance(node, nodes.Const):
            return Field("", "", "text")
        if isinstance(node, nodes.Getitem):
            return self._item(node, scope)
        if isinstance(node, nodes.Filter):
            return self._filter(node, scope)
        children = _OPERANDS.get(type(node))
        if children is None:
            return self._add(type(node).__name__.lower(), CONSTRUCT, node)
        results = [self.expression(child, scope) for child in children(node)]
        # "a or b" and "x if c else y" are what their last operand is.
        return results[-1] if isinstance(node, nodes.Or | nodes.CondExpr) else _ANY

    def _path(self, node: nodes.Name | nodes.Getattr, scope: dict) -> Field:
        if isinstance(node, nodes.Name):
            if node.name in scope:
                return scope[node.name]
            self.names.add(node.name)
            field = self.fields.get(node.name)
            return field or self._add(node.name, UNKNOWN, node)
        parent = self.expression(node.node, scope)
        if parent.type == "any":
            return _ANY
        for child in parent.children if parent.type == "group" else ():
            if child.name == node.attr:
                if parent is not _LOOP:
                    self.names.add(_source(node))
                return child
        return self._add(_source(node), UNKNOWN, node)

    def _item(self, node: nodes.Getitem, scope: dict) -> Field:
        parent = self.expression(node.node, scope)
        is_index = isinstance(node.arg, nodes.Const) and isinstance(node.arg.value, int)
        if not is_index or parent.type not in _LISTS:
            return self._add(_source(node), CONSTRUCT, node)
        kind = "group" if parent.children else "text"
        return Field(parent.name, "", kind, parent.children)

    def _filter(self, node: nodes.Filter, scope: dict) -> Field:
        source = self.expression(node.node, scope)
        if node.name not in (*_FILTERS, "lines", "total"):
            return self._add(node.name, CONSTRUCT, node)
        simple = all(isinstance(argument, nodes.Const) for argument in node.args)
        if not simple or node.kwargs or node.dyn_args or node.dyn_kwargs:
            return self._add(node.name, CONSTRUCT, node)
        if node.name == "lines":
            roles = [argument.value for argument in node.args]
            if len(roles) != 1 or roles[0] not in LINE_ROLES:
                return self._add("lines", CONSTRUCT, node)
        if node.name == "total":
            names = [argument.value for argument in node.args]
            columns = {child.name for child in source.children}
            if source.type not in _LISTS or len(names) != 1:
                return self._add("total", CONSTRUCT, node)
            if source.type != "any" and names[0] not in columns:
                return self._add(f"{_source(node.node)}.{names[0]}", UNKNOWN, node)
        return Field("", "", "text")


_OPERANDS = {
    nodes.Compare: lambda node: [node.expr, *(op.expr for op in node.ops)],
    nodes.And: lambda node: [node.left, node.right],
    nodes.Or: lambda node: [node.left, node.right],
    nodes.Not: lambda node: [node.node],
    nodes.Concat: lambda node: node.nodes,
    nodes.CondExpr: lambda node: [
        node.test,
        *([node.expr2] if node.expr2 else []),
        node.expr1,
    ],
}


def _root(node: nodes.Node) -> str:
    """Return the name that a path begins with."""
    while isinstance(node, nodes.Getattr | nodes.Getitem):
        node = node.node
    return node.name if isinstance(node, nodes.Name) else ""


def _source(node: nodes.Node) -> str:
    """Return how a name was written, for a message."""
    if isinstance(node, nodes.Name):
        return node.name
    if isinstance(node, nodes.Getattr):
        return f"{_source(node.node)}.{node.attr}"
    if isinstance(node, nodes.Getitem):
        return f"{_source(node.node)}[…]"
    if isinstance(node, nodes.Filter):
        return f"{_source(node.node)}|{node.name}"
    return type(node).__name__.lower()


# Where a problem is

_TAGS = re.compile(r"<[^>]+>")
_EXCERPT = 100
_FOOTNOTES = (
    "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
)


def _sources(template: _Template) -> Iterator[tuple[str, str]]:
    """Yield (part, XML that is ready for the template language)."""
    yield "body", template.patch_xml(template.get_xml())
    for part, uri in (
        ("header", template.HEADER_URI),
        ("footer", template.FOOTER_URI),
    ):
        for _, target in template.get_headers_footers(uri):
            yield part, template.patch_xml(template.get_part_xml(target))
    for part in template.docx.part.package.parts:
        if part.content_type == _FOOTNOTES:
            yield "footnotes", template.patch_xml(part.blob.decode())
    properties = template.docx.core_properties
    for name in ("author", "comments", "identifier", "language", "subject", "title"):
        yield "file", getattr(properties, name)


def _numbered(xml: str) -> str:
    """Return `xml` with paragraphs, and tags between them, on lines of their own."""
    xml = xml.replace("\n", " ")
    return re.sub(r"(?=<w:p[ >])|(?<=</w:p>)", "\n", xml)


def _place(xml: str, line: int, part: str) -> tuple[str, str]:
    lines = xml.splitlines()
    index = min(max(line, 1), len(lines)) - 1
    text = " ".join(_TAGS.sub("", lines[index]).split())
    before = "".join(lines[: index + 1])
    opened = len(re.findall(r"<w:tbl[ >]", before)) - before.count("</w:tbl>")
    if part == "body" and opened > 0:
        part = "table"
    return (text[:_EXCERPT] + "…" if len(text) > _EXCERPT else text), part


def _walk(
    template: _Template, fields: Sequence[Field]
) -> tuple[set[str], list[Problem]]:
    environment = _Environment()
    names: set[str] = set()
    problems: list[Problem] = []
    for part, source in _sources(template):
        xml = _numbered(source)
        checker = _Checker(fields)
        try:
            checker.body(environment.parse(xml).body, {})
        except TemplateSyntaxError as error:
            found = _misspelt(environment, xml, part)
            place, where = _place(xml, error.lineno, part)
            problems += found or [Problem(_first_tag(place), place, SYNTAX, where)]
            continue
        names |= checker.names
        for name, reason, line in checker.found:
            place, where = _place(xml, line, part)
            problems.append(Problem(name, place, reason, where))
    return names, list(dict.fromkeys(problems))


_TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}")


def _first_tag(text: str) -> str:
    tag = _TAG.search(text)
    return tag[0] if tag else "{"


def _misspelt(environment: _Environment, xml: str, part: str) -> list[Problem]:
    """Return all placeholders that can't be read, where the first would hide others."""
    found = []
    for number, line in enumerate(xml.splitlines(), 1):
        for tag in re.findall(r"\{\{.*?\}\}", line):
            try:
                environment.parse(tag)
            except TemplateSyntaxError:
                place, where = _place(xml, number, part)
                shown = " ".join(_TAGS.sub("", tag).split())
                found.append(Problem(html.unescape(shown), place, SYNTAX, where))
    return found


# A name in one pair of braces: printed as it stands.
_SINGLE = re.compile(
    r"(?<![{%])\{\s*[“”\"']?([a-z_]+(?:\.[a-z_]+)*)[“”\"']?\s*\}(?!\})"
)
_CHANGES = ("w:ins", "w:del", "w:moveFrom", "w:moveTo", "w:rPrChange", "w:pPrChange")
#: What a paper must bear, where the addon's own template of its kind does.
_OBLIGATORY = ("number_line", "place_date", "subject", "signature.name")


def _lines_of(root: etree._Element) -> Iterator[str]:
    for paragraph in root.iter(qn("w:p")):
        yield "".join(node.text or "" for node in paragraph.iter(qn("w:t")))


def _draft_problems(template: _Template, fields: Sequence[Field]) -> list[Problem]:
    """Return what a template holds that no issued paper may."""
    names = {field.name for field in fields}
    body = template.docx.element.body
    problems = [
        Problem(match[0], line[:_EXCERPT], BRACES, "body")
        for line in _lines_of(body)
        for match in _SINGLE.finditer(line)
        if match[1].partition(".")[0] in names
    ]
    changed = next(body.iter(*map(qn, _CHANGES)), None)
    if changed is not None:
        place = "".join(node.text or "" for node in changed.iter(qn("w:t")))
        tracked = changed.get(qn("w:author")) or etree.QName(changed).localname
        problems.append(Problem(tracked, place[:_EXCERPT], TRACKED, "body"))
    if next(body.iter(qn("w:commentReference")), None) is not None:
        problems.append(Problem("comments.xml", "", TRACKED))
    return problems


def placeholders(data: bytes, kind: Kind) -> set[str]:
    """Return the names that a template uses, as written, loop variables included.

    :raises BadTemplate: the file can't be opened or may do harm
    """
    return _walk(_open(data), kind.all_fields)[0]


def check(data: bytes, kind: Kind, shipped: bytes = b"") -> list[Problem]:
    """Return why a template can't be used for `kind`: all of it, nothing if it can.

    :param shipped: the addon's own template of the kind, for what it must print
    """
    try:
        template = _open(data)
        names, problems = _walk(template, kind.all_fields)
        problems = [*problems, *_draft_problems(template, kind.all_fields)]
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

    def __init__(self, template: _Template, value: Mapping[str, Any]):
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


def _prepared(template: _Template, value: Any) -> Any:
    if isinstance(value, str):
        return unicodedata.normalize("NFC", clean(value))
    if isinstance(value, Mapping):
        if set(value) == set(IMAGE_KEYS):
            is_none = not value["png"] and not value["width_mm"]
            return "" if is_none else _Picture(template, value)
        return {key: _prepared(template, child) for key, child in value.items()}
    if isinstance(value, list | tuple):
        return [_prepared(template, child) for child in value]
    return value


def _text_before(drawing_run: etree._Element) -> list[str]:
    """Return the lines of a paragraph before the run of a drawn line."""
    lines = [""]
    for node in reversed(list(drawing_run.itersiblings(preceding=True))):
        for child in node.iter(qn("w:t"), qn("w:br")):
            if child.tag == qn("w:br"):
                lines.append("")
            else:
                lines[-1] += child.text or ""
    return [line for line in lines if line.strip()]


def _available(paragraph: etree._Element) -> float:
    for cell in paragraph.iterancestors(qn("w:tc")):
        width = cell.find(f"{qn('w:tcPr')}/{qn('w:tcW')}")
        if width is not None:
            return int(width.get(qn("w:w"))) * 25.4 / 1440
    return ooxml.PORTRAIT.text_width


def _draw_lines(body: etree._Element) -> None:
    """Give the drawn lines their lengths; a line under no text goes."""
    for inline in list(body.iter(qn("wp:inline"))):
        name = inline.find(qn("wp:docPr")).get("name", "")
        share = re.fullmatch(rf"{ooxml.LINE_NAME} (\d(?:\.\d+)?)", name)
        if not share:
            continue
        drawing_run = next(inline.iterancestors(qn("w:r")))
        paragraph = next(inline.iterancestors(qn("w:p")))
        style = paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
        key = "Subject" if style is None else style.get(qn("w:val"))
        style = blocks.STYLES.get(key, blocks.STYLES["Subject"])
        width = _available(paragraph)
        lines = [
            line
            for text in _text_before(drawing_run)
            for line in nd30.wrapped(text, width, style.size, bold=style.bold)
        ]
        if not lines:
            paragraph.getparent().remove(paragraph)
            continue
        length = nd30.line_length(lines, style.size, float(share[1]), bold=style.bold)
        for extent in (*inline.iter(qn("wp:extent")), *inline.iter(qn("a:ext"))):
            if extent.get("cx"):
                extent.set("cx", str(ooxml.emu(length)))


def _free_long_lines(body: etree._Element) -> None:
    """Take the indent from number or date where it would break the line."""
    for paragraph in body.iter(qn("w:p")):
        node = paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
        key = "" if node is None else node.get(qn("w:val"))
        if key not in ("Number", "PlaceDate"):
            continue
        style = blocks.STYLES[key]
        text = "".join(run.text or "" for run in paragraph.iter(qn("w:t")))
        width = nd30.text_width(text, style.size, italic=style.italic)
        if width > _available(paragraph) - style.left:
            indent = etree.Element(qn("w:ind"))
            indent.set(qn("w:left"), "0")
            node.addnext(indent)


# Columns of figures, which need no more than they have.
_NARROW = ooxml.twips(24)
_MIN_FLAT = 17.0
_MAX_FITTED = 22.0
# Where there is room, members' columns have letters as large as the others.
_ROOMY = {"CellScore": "CellCentre", "CellHeadSmall": "CellHead"}


def _fit_columns(body: etree._Element) -> None:
    """Give the columns whose number varies what the others leave of the width."""
    fitted = ooxml.twips(ooxml.FITTED_WIDTH)
    for table in body.iter(qn("w:tbl")):
        caption = table.find(f"{qn('w:tblPr')}/{qn('w:tblCaption')}")
        text = "" if caption is None else caption.get(qn("w:val"), "")
        total = re.fullmatch(rf"{ooxml.FIT_CAPTION} (\d+(?:\.\d+)?)", text)
        if not total:
            continue
        rows = table.findall(qn("w:tr"))
        widths = [int(node.get(qn("w:w"))) for node in rows[0].iter(qn("w:tcW"))]
        varying = [index for index, width in enumerate(widths) if width == fitted]
        rest = ooxml.twips(float(total[1])) - sum(widths) + fitted * len(varying)
        each = rest // len(varying) if varying else 0
        each = min(each, ooxml.twips(_MAX_FITTED))
        for index in varying:
            widths[index] = each
        widths[widths.index(max(widths))] += rest - each * len(varying)
        _set_widths(table, widths)
        if each >= ooxml.twips(_MIN_FLAT) or not varying:
            for node in list(rows[0].iter(qn("w:textDirection"), qn("w:trHeight"))):
                node.getparent().remove(node)
            for node in table.iter(qn("w:pStyle")):
                style = node.get(qn("w:val"))
                node.set(qn("w:val"), _ROOMY.get(style, style))


# What a page of certificates has, in points, and how small its letters may become.
_CERTIFICATE_HEIGHT = (
    (blocks.CERTIFICATE.height - blocks.CERTIFICATE.top - blocks.CERTIFICATE.bottom)
    * 72
    / 25.4
)
_LINE_HEIGHT = 1.16
_SMALLEST = 0.4
# What the law has the size of.
_AS_EVER = ("CertificateNation", "CertificateMotto")


def _paragraph_style(paragraph: etree._Element) -> ooxml.Style | None:
    node = paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
    return None if node is None else blocks.STYLES.get(node.get(qn("w:val")))


def _paragraph_height(paragraph: etree._Element, width: float, scale: float) -> float:
    style = _paragraph_style(paragraph)
    if style is None:
        return 0
    lines = [""]
    for node in paragraph.iter(qn("w:t"), qn("w:br")):
        if node.tag == qn("w:br"):
            lines.append("")
        else:
            lines[-1] += node.text or ""
    size = style.size * scale
    wrapped = [
        line
        for text in lines
        for line in nd30.wrapped(text, width - style.right, size, bold=style.bold)
        or [""]
    ]
    spacing = (style.before + style.after) * scale
    return len(wrapped) * size * style.line * _LINE_HEIGHT + spacing


def _page_height(page: Sequence[etree._Element], scale: float) -> float:
    """Return how high a certificate is, its signature as large as ever."""
    total = 0.0
    for element in page:
        if element.tag == qn("w:p"):
            width = blocks.CERTIFICATE.text_width
            style = _paragraph_style(element)
            is_kept = style is not None and style.key in _AS_EVER
            total += _paragraph_height(element, width, 1 if is_kept else scale)
            continue
        total += max(
            sum(
                _paragraph_height(paragraph, width, 1)
                for paragraph in cell.iter(qn("w:p"))
            )
            for cell in element.iter(qn("w:tc"))
            for width in [_available(cell[-1])]
        )
    return total


def _fit_certificates(body: etree._Element) -> None:
    """Make the letters of a certificate as small as keeps it on its page."""
    pages: list[list[etree._Element]] = []
    for element in body:
        style = _paragraph_style(element) if element.tag == qn("w:p") else None
        if style is not None and style.key == "CertificateNation":
            pages.append([])
        if pages and element.tag in (qn("w:p"), qn("w:tbl")):
            pages[-1].append(element)
    for page in pages:
        scale = 1.0
        while scale > _SMALLEST and _page_height(page, scale) > _CERTIFICATE_HEIGHT:
            scale -= 0.04
        if scale < 1:
            for paragraph in page:
                style = _paragraph_style(paragraph)
                if style is not None and style.key not in _AS_EVER:
                    _scale(paragraph, style, scale)


def _scale(paragraph: etree._Element, style: ooxml.Style, scale: float) -> None:
    properties = paragraph.find(qn("w:pPr"))
    spacing = properties.find(qn("w:spacing"))
    if spacing is None:
        spacing = etree.SubElement(properties, qn("w:spacing"))
    for name in ("before", "after"):
        points = getattr(style, name)
        spacing.set(qn(f"w:{name}"), str(round(points * scale * 20)))
    half = str(round(style.size * scale * 2))
    for run in paragraph.iter(qn("w:r")):
        marks = run.find(qn("w:rPr"))
        if marks is None:
            marks = etree.Element(qn("w:rPr"))
            run.insert(0, marks)
        if marks.find(qn("w:sz")) is not None:
            continue
        for tag in ("w:sz", "w:szCs"):
            etree.SubElement(marks, qn(tag)).set(qn("w:val"), half)


def _is_blank(cell: etree._Element) -> bool:
    return not "".join(node.text or "" for node in cell.iter(qn("w:t"))).strip() and (
        cell.find(f".//{qn('w:drawing')}") is None
    )


def _drop_empty_columns(body: etree._Element) -> None:
    """Leave out the columns of lists that no row says anything in.

    Those that may go are named by the caption of their table; what is for the pen
    stays.
    """
    for table in body.iter(qn("w:tbl")):
        caption = table.find(f"{qn('w:tblPr')}/{qn('w:tblCaption')}")
        text = "" if caption is None else caption.get(qn("w:val"), "")
        named = re.fullmatch(rf"{ooxml.OPTIONAL_CAPTION} ([\d,]+)( total)?", text)
        if not named:
            continue
        caption.getparent().remove(caption)
        rows = [row.findall(qn("w:tc")) for row in table.findall(qn("w:tr"))]
        told = rows[1:-1] if named[2] else rows[1:]
        gone = [
            index
            for index in map(int, named[1].split(","))
            if told and all(_is_blank(row[index]) for row in told)
        ]
        if not gone:
            continue
        widths = [int(node.get(qn("w:w"))) for node in table.iter(qn("w:gridCol"))]
        for row in rows:
            for index in gone:
                row[index].getparent().remove(row[index])
        rest = sum(widths[index] for index in gone)
        widths = [width for index, width in enumerate(widths) if index not in gone]
        # to the columns of texts, as much as they have
        wide = [width if width > _NARROW else 0 for width in widths]
        shares = [rest * width // max(1, sum(wide)) for width in wide]
        shares[widths.index(max(widths))] += rest - sum(shares)
        _set_widths(
            table, [width + more for width, more in zip(widths, shares, strict=True)]
        )


def _set_widths(table: etree._Element, widths: list[int]) -> None:
    grid = table.find(qn("w:tblGrid"))
    for column in list(grid):
        grid.remove(column)
    for width in widths:
        etree.SubElement(grid, qn("w:gridCol")).set(qn("w:w"), str(width))
    table.find(f"{qn('w:tblPr')}/{qn('w:tblW')}").set(qn("w:w"), str(sum(widths)))
    for row in table.findall(qn("w:tr")):
        for node, width in zip(row.iter(qn("w:tcW")), widths, strict=True):
            node.set(qn("w:w"), str(width))


def _complete_cells(body: etree._Element) -> None:
    """Give each cell the paragraph that Word demands at its end."""
    for cell in body.iter(qn("w:tc")):
        if len(cell) == 0 or cell[-1].tag != qn("w:p"):
            etree.SubElement(cell, qn("w:p"))


def _describe(template: _Template, values: Mapping[str, Any]) -> None:
    """Name the document and its issuer in the file's properties, as readers show."""
    properties = template.docx.core_properties
    names = [values.get("title", ""), values.get("subject", "")]
    # The properties' own limit is 255 letters.
    properties.title = " ".join(" ".join(names).split())[:255]
    properties.author = values.get("agency", {}).get("full_name", "")[:255]
    # who last saved the template has no part in the paper
    properties.last_modified_by = properties.author


def _repacked(data: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return ooxml.package(
            (info.filename, archive.read(info)) for info in archive.infolist()
        )


def render(data: bytes, context: Mapping[str, Any]) -> bytes:
    """Return a template filled in; the same bytes for the same context.

    :param context: as the kind's fields have it (:meth:`kinds.Kind.problems`)
    :raises BadTemplate: the template may do harm, or names what isn't in `context`
    :raises ValueError: a picture of the context is none
    """
    template = _open(data)
    problems = _walk(template, [Field(name, "", "any") for name in context])[1]
    if problems:
        raise BadTemplate(problems)
    values = {key: _prepared(template, value) for key, value in context.items()}
    try:
        template.render(values, _Environment())
    except TemplateError as error:
        raise BadTemplate(
            [Problem(error.message or "", "", UNKNOWN, "body")]
        ) from error
    except etree.XMLSyntaxError as error:
        raise BadTemplate([Problem(str(error), "", SYNTAX, "body")]) from error
    _describe(template, values)
    body = template.docx.element.body
    _draw_lines(body)
    _free_long_lines(body)
    _fit_columns(body)
    _drop_empty_columns(body)
    _fit_certificates(body)
    _complete_cells(body)
    buffer = io.BytesIO()
    template.save(buffer)
    return _repacked(buffer.getvalue())
