"""What of the template language Word templates may use, and which names.

Loops, conditions and a few filters are understood; placeholders may only name what the
kind's context holds.
"""

import html
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from jinja2 import (
    StrictUndefined,
    Template,
    TemplateSyntaxError,
    nodes,
    pass_context,
)
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

from . import nd30
from .kind import Field
from .template_file import (
    CONSTRUCT,
    KEPT_LENGTH,
    NOT_TEXT,
    SYNTAX,
    UNKNOWN,
    Problem,
    WordTemplate,
)

# Width in mm, size and boldness by which the filter ``lines`` breaks a text.
LINE_ROLES = {
    "superior": (75, 12, False),
    "issuer": (75, 12, True),
    "subject": (142, 14, True),
    "letter": (54, 12, False),
    "annex": (150, 14, False),
    "sign": (88, 14, True),
    "certificate": (220, 15, True),
}


#: Texts of templates that are kept compiled.
_KEPT = 128


class Environment(ImmutableSandboxedEnvironment):
    """Names of a context come before Python's; nothing undefined passes."""

    def __init__(self):
        super().__init__(autoescape=True, undefined=StrictUndefined)
        self._compiled: dict[str, Template] = {}
        self.globals.clear()
        self.filters = {name: self.filters[name] for name in _FILTERS}
        self.filters["lines"] = _lines
        self.filters["total"] = _total
        self.filters["item"] = _item

    def from_string(self, source: Any, *how: Any, **options: Any) -> Template:
        """Return a compiled text: of one template many papers are made."""
        if how or options or len(source) > KEPT_LENGTH:
            return super().from_string(source, *how, **options)
        found = self._compiled.get(source)
        if found is None:
            if len(self._compiled) >= _KEPT:
                self._compiled.clear()
            found = self._compiled[source] = super().from_string(source)
        return found

    def getattr(self, obj: Any, attribute: str) -> Any:
        if isinstance(obj, Mapping):
            if attribute in obj:
                return obj[attribute]
            return self.undefined(obj=obj, name=attribute)
        return super().getattr(obj, attribute)


_MARK = re.compile(r"\s*(?:[-+*•–]|\d{1,2}[.)]|[a-zđ]\))\s+")


def _item(text: str) -> str:
    """Return a text without the mark of a list that it was typed with.

    The template has a mark of its own: “- - …” and “1. 1. …” aren't printed.
    """
    return re.sub(rf"^{_MARK.pattern}", "", str(text))


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
#: Those that take texts, or a list of them.
_OF_TEXTS = {*_FILTERS, "lines", "item"} - {"length"}


#: The name of the words that no line is broken inside; no template can write it.
WORDS = " words"


@pass_context
def _lines(context: Context, text: str, role: str) -> str:
    width, size, bold = LINE_ROLES[role]
    words = context.get(WORDS, ())
    return "\n".join(nd30.balanced(str(text), width, size, bold=bold, words=words))


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
        operands = children(node)
        results = [self.expression(child, scope) for child in operands]
        if isinstance(node, nodes.Concat):
            for child, result in zip(operands, results, strict=True):
                if result.type not in _TEXTS:
                    self._add(_source(child), NOT_TEXT, child)
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
        if node.name not in (*_FILTERS, "lines", "total", "item"):
            return self._add(node.name, CONSTRUCT, node)
        # a list is printed as the program writes it
        is_text = source.type in _TEXTS
        if node.name == "join":
            is_text = source.type in _LISTS and not source.children
        if node.name in _OF_TEXTS and not is_text:
            return self._add(_source(node.node), NOT_TEXT, node)
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
EXCERPT = 100
_FOOTNOTES = (
    "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
)


def _sources(template: WordTemplate) -> Iterator[tuple[str, str]]:
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
    return (text[:EXCERPT] + "…" if len(text) > EXCERPT else text), part


def walk(
    template: WordTemplate, fields: Sequence[Field]
) -> tuple[set[str], list[Problem]]:
    environment = Environment()
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


def _misspelt(environment: Environment, xml: str, part: str) -> list[Problem]:
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
