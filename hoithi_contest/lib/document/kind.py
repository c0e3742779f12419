"""What a kind of official document is, and what its templates may print.

A kind's context is a dictionary of strings that are ready to print, lists of these,
numbers and truth values: nothing in it but JSON, so that the context of an issued
document can be kept with it. :data:`COMMON` is part of every context; what a kind adds
is in its own ``fields``. Texts are Vietnamese, as the law wants the documents.

Types of fields

=============  ====================================================================
``text``       a string, ``""`` where there is nothing to print; a line break in it is
               printed as one
``number``     an ``int`` or ``float``
``date``       an ISO date string, ``""`` if there is none (workbooks only; in other
               documents dates are texts in words)
``bool``       a truth value, for conditions
``paragraphs`` a list of strings, each a paragraph; see :func:`kinds.paragraphs`
``list``       a list of dictionaries with the ``children`` as keys; a list of plain
               strings if the field has no children
``group``      a dictionary with the ``children`` as keys
``image``      a dictionary ``{"png": base64 string, "width_mm": number,
               "text": alternative text}``
=============  ====================================================================
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

IMAGE_KEYS = ("png", "width_mm", "text")
_SAMPLES = Path(__file__).with_name("kind_samples.json")


class Field(NamedTuple):
    """A name that a template may use; `text` says what is printed for it."""

    name: str
    text: str
    type: str = "text"
    children: tuple["Field", ...] = ()


def _lt(text: str) -> str:
    """Mark a term for translation: readers see meanings in their own language."""
    return text


def text(name: str, text: str) -> Field:
    return Field(name, text)


def number(name: str, text: str) -> Field:
    return Field(name, text, "number")


def boolean(name: str, text: str) -> Field:
    return Field(name, text, "bool")


def paragraphs(name: str, text: str) -> Field:
    return Field(name, text, "paragraphs")


def rows(name: str, text: str, *children: Field) -> Field:
    return Field(name, text, "list", children)


def group(name: str, text: str, *children: Field) -> Field:
    return Field(name, text, "group", children)


COMMON: tuple[Field, ...] = (
    group(
        "head",
        _lt("Top left of the first page, in capitals"),
        text("superior", _lt("Parent agency; for a paper of the council, the agency")),
        text("issuer", _lt("Who issues: the agency or its council")),
    ),
    group(
        "agency",
        _lt("The agency as it was named at the date of the document"),
        text("name", _lt("Name, e.g. Sở Tài nguyên và Môi trường")),
        text("full_name", _lt("Name with the province")),
        text("parent", _lt("Parent agency, e.g. Ủy ban nhân dân tỉnh Bắc Kạn")),
        text("province", _lt("Province with its type, e.g. tỉnh Bắc Kạn")),
        text("head_title", _lt("Title of the head, e.g. Giám đốc")),
        text("own", _lt("What it calls itself, e.g. Sở")),
        text("office", _lt("Who drafts its papers, e.g. Văn phòng Sở")),
        text("office_head", _lt("Who is at the head of that office")),
        text("head", _lt("The head as in running text, e.g. Giám đốc Sở")),
        text("units", _lt("Its units, e.g. các phòng chuyên môn …")),
        text("unit_heads", _lt("The heads of its units, starts a sentence")),
    ),
    text("number_line", _lt("nd30.number_line; empty for kinds that carry no number")),
    text("place_date", _lt("nd30.place_date")),
    text("title", _lt("Name of the type in capitals; empty for letters")),
    text("subject", _lt("Trích yếu; of letters without the leading V/v")),
    rows("bases", _lt("Legal bases, one a line, by nd30.basis_lines")),
    group(
        "signature",
        _lt("Who signs"),
        text("authority", _lt("E.g. KT. GIÁM ĐỐC or TM. HỘI ĐỒNG; empty for none")),
        text("position", _lt("E.g. PHÓ GIÁM ĐỐC")),
        text("name", _lt("By nd30.plain_name")),
    ),
    rows(
        "recipients",
        _lt("Nơi nhận, by nd30.recipient_lines"),
        text("text", _lt("Line as printed, with its dash, suffix and sign at the end")),
        boolean("is_heading", _lt("A group's heading, e.g. Gửi bản điện tử:")),
    ),
    group(
        "contest",
        _lt("The contest"),
        text("name", _lt("Name, e.g. Hội thi sáng tạo kỹ thuật tỉnh Bắc Kạn")),
        text("full_name", _lt("Name with edition and years")),
        number("edition_number", _lt("Edition")),
        text("edition_roman", _lt("Edition in roman capitals")),
        text("years", _lt("E.g. 2020 - 2021")),
        text("place", _lt("Where solutions must be applied, e.g. tỉnh Bắc Kạn")),
        number("eligible_from_year", _lt("Earliest year of first application")),
    ),
    text("council", _lt("Name of the council as in running text; may be empty")),
    text("urgency", _lt("HỎA TỐC, THƯỢNG KHẨN or KHẨN; may be empty")),
    group(
        "check",
        _lt("How anybody checks an official paper; empty for forms"),
        Field("image", _lt("QR code of the page that tells if it stands"), "image"),
        text("text", _lt("What the code leads to; may be empty")),
    ),
)

ENTRY = (
    text("code", _lt("Code of the entry")),
    text("title", _lt("Title of the solution")),
    text("authors", _lt("Names of the authors, the representative first")),
    text("unit", _lt("Unit")),
    text("field", _lt("Field of the contest")),
)
ROW = (number("number", _lt("Number of the row")), *ENTRY)
ANNEX = text(
    "annex_line", _lt("(Kèm theo …): nd30.annex_line of this document's own number")
)
ISSUED_BY = text("issued_by", _lt("E.g. GIÁM ĐỐC SỞ TÀI NGUYÊN VÀ MÔI TRƯỜNG"))
DIGEST = text(
    "digest", _lt("End of the score ledger, as row:hexadecimal; may be empty")
)
ADDRESSEES = rows("addressees", _lt("Kính gửi: one line each, without dash and sign"))

#: Who may read papers of a kind, besides the secretary.
READERS = ("leader", "publisher", "member", "author")


@dataclass(frozen=True)
class Reach:
    """Who reads papers of a kind, and what they tell.

    Closed by default: a kind that says nothing is for the secretary alone, and holds
    whatever may weigh on a decision.

    ``readers`` are from :data:`READERS`: leaders; publishers, of what may stand on the
    public page; members, of what their council issued; authors, of what was issued
    about their entry. ``lists_entries``: it tells of all entries, so that who is kept
    from one reads none of it, unless it ``opens_once_issued``. ``names_authors`` and
    ``holds_scores`` of single members: then it is never published, and authors of the
    entries, whatever their role, don't read the scores. ``tells_standing``, as a score,
    a place or a prize: then authors of the Office don't read it while the contest runs,
    unless it was issued for all or for them.
    """

    readers: tuple[str, ...] = ()
    lists_entries: bool = True
    opens_once_issued: bool = False
    names_authors: bool = True
    holds_scores: bool = True
    tells_standing: bool = True

    def __post_init__(self) -> None:
        if unknown := set(self.readers) - set(READERS):
            raise ValueError(f"no readers of documents: {sorted(unknown)}")
        told = (
            self.lists_entries
            or self.names_authors
            or self.holds_scores
            or self.tells_standing
        )
        if "publisher" in self.readers and told:
            raise ValueError("what is published names no authors, entries or scores")
        if "author" in self.readers and self.holds_scores:
            raise ValueError("authors read no scores of single members")


@dataclass(frozen=True)
class Kind:
    """A kind of document.

    ``label`` is what screens call it, ``title`` what is printed.
    ``abbreviation`` stands in the symbol (KH, QĐ …) and is empty for letters and for
    forms without an official number; ``numbered`` tells whether the clerk gives number
    and date; ``source`` is the model of what one document of the kind is about.
    ``heavy``: it is made of all entries, so that a large contest's takes long.
    ``follows``: it is about another document, and whoever reads that one reads it.
    """

    key: str
    label: str
    title: str
    abbreviation: str
    layout: str
    source: str
    fields: tuple[Field, ...]
    numbered: bool = True
    landscape: bool = False
    heavy: bool = False
    follows: bool = False
    reach: Reach = Reach()

    @property
    def all_fields(self) -> tuple[Field, ...]:
        """The common fields and the kind's own."""
        return COMMON + self.fields

    def sample(self) -> dict[str, Any]:
        """Return a complete context with invented persons, a new one each time."""
        samples = json.loads(_SAMPLES.read_bytes())
        return samples["common"] | samples[self.key]

    def samples(self) -> dict[str, dict[str, Any]]:
        """Return a sample of every form that the kind is printed in, by form.

        There is the form ``""`` of each kind, ``"ballot"`` of score sheets and
        ``"excerpt"`` of copies.
        """
        result = {"": self.sample()}
        if self.key == "score_sheet":
            samples = json.loads(_SAMPLES.read_bytes())
            result["ballot"] = result[""] | samples["ballot"]
        if self.key == "copy":
            samples = json.loads(_SAMPLES.read_bytes())
            result["excerpt"] = result[""] | samples["excerpt"]
        return result

    def completed(self, context: Mapping[str, Any]) -> dict[str, Any]:
        """Return a kept context with what later versions print besides, left empty."""
        return _completed(self.all_fields, context)

    def problems(self, context: Mapping[str, Any]) -> list[str]:
        """Return what is missing, unknown or of the wrong type in `context`."""
        return _problems(self.all_fields, context, "")


def _empty(field: Field) -> Any:
    if field.type == "group":
        return {child.name: _empty(child) for child in field.children}
    if field.type == "image":
        return {"png": "", "width_mm": 0, "text": ""}
    empty = {"number": 0, "bool": False, "list": [], "paragraphs": []}
    return empty.get(field.type, "")


def _completed(fields: Iterable[Field], context: Mapping[str, Any]) -> dict[str, Any]:
    result = dict(context)
    for field in fields:
        value = context.get(field.name)
        if field.name not in context:
            result[field.name] = _empty(field)
        elif field.type == "group" and isinstance(value, Mapping):
            result[field.name] = _completed(field.children, value)
        elif field.type == "list" and field.children:
            result[field.name] = [_completed(field.children, row) for row in value]
    return result


def _is_plain(value: Any, types: type | tuple[type, ...]) -> bool:
    return isinstance(value, types) and (types is bool or not isinstance(value, bool))


def _value_problems(field: Field, value: Any, path: str) -> list[str]:
    if field.type == "group":
        if not isinstance(value, Mapping):
            return [f"{path}: not a dictionary"]
        return _problems(field.children, value, f"{path}.")
    if field.type in ("list", "paragraphs"):
        if not isinstance(value, list | tuple):
            return [f"{path}: not a list"]
        item = Field(field.name, "", "group" if field.children else "text")
        item = item._replace(children=field.children)
        return [
            problem
            for index, element in enumerate(value)
            for problem in _value_problems(item, element, f"{path}[{index}]")
        ]
    if field.type == "image":
        wrong = not isinstance(value, Mapping) or set(value) != set(IMAGE_KEYS)
        return [f"{path}: not an image"] if wrong else []
    types = {"number": (int, float), "bool": bool}.get(field.type, str)
    return [] if _is_plain(value, types) else [f"{path}: not a {field.type}"]


def _problems(
    fields: Iterable[Field], context: Mapping[str, Any], prefix: str
) -> list[str]:
    known = {field.name: field for field in fields}
    result = [f"{prefix}{name}: unknown" for name in context if name not in known]
    for name, field in known.items():
        if name not in context:
            result.append(f"{prefix}{name}: missing")
        else:
            result += _value_problems(field, context[name], prefix + name)
    return result
