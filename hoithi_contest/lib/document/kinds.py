"""The kinds of official documents and what their templates may print.

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
``paragraphs`` a list of strings, each a paragraph; see :func:`paragraphs`
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

from ..guard import plain_text

IMAGE_KEYS = ("png", "width_mm", "text")
_SAMPLES = Path(__file__).with_name("kind_samples.json")
# More members than this make the score matrix go on in a further table.
MEMBERS_PER_PART = 15


class Field(NamedTuple):
    """A name that a template may use; `text` says what is printed for it."""

    name: str
    text: str
    type: str = "text"
    children: tuple["Field", ...] = ()


def _lt(text: str) -> str:
    """Mark a term for translation: readers see meanings in their own language."""
    return text


def _text(name: str, text: str) -> Field:
    return Field(name, text)


def _number(name: str, text: str) -> Field:
    return Field(name, text, "number")


def _bool(name: str, text: str) -> Field:
    return Field(name, text, "bool")


def _paragraphs(name: str, text: str) -> Field:
    return Field(name, text, "paragraphs")


def _list(name: str, text: str, *children: Field) -> Field:
    return Field(name, text, "list", children)


def _group(name: str, text: str, *children: Field) -> Field:
    return Field(name, text, "group", children)


COMMON: tuple[Field, ...] = (
    _group(
        "head",
        _lt("Top left of the first page, in capitals"),
        _text("superior", _lt("Parent agency; for a paper of the council, the agency")),
        _text("issuer", _lt("Who issues: the agency or its council")),
    ),
    _group(
        "agency",
        _lt("The agency as it was named at the date of the document"),
        _text("name", _lt("Name, e.g. Sở Tài nguyên và Môi trường")),
        _text("full_name", _lt("Name with the province")),
        _text("parent", _lt("Parent agency, e.g. Ủy ban nhân dân tỉnh Bắc Kạn")),
        _text("province", _lt("Province with its type, e.g. tỉnh Bắc Kạn")),
        _text("head_title", _lt("Title of the head, e.g. Giám đốc")),
        _text("own", _lt("What it calls itself, e.g. Sở")),
        _text("office", _lt("Who drafts its papers, e.g. Văn phòng Sở")),
        _text("office_head", _lt("Who is at the head of that office")),
        _text("head", _lt("The head as in running text, e.g. Giám đốc Sở")),
        _text("units", _lt("Its units, e.g. các phòng chuyên môn …")),
        _text("unit_heads", _lt("The heads of its units, starts a sentence")),
    ),
    _text("number_line", _lt("nd30.number_line; empty for kinds that carry no number")),
    _text("place_date", _lt("nd30.place_date")),
    _text("title", _lt("Name of the type in capitals; empty for letters")),
    _text("subject", _lt("Trích yếu; of letters without the leading V/v")),
    _list("bases", _lt("Legal bases, one a line, by nd30.basis_lines")),
    _group(
        "signature",
        _lt("Who signs"),
        _text("authority", _lt("E.g. KT. GIÁM ĐỐC or TM. HỘI ĐỒNG; empty for none")),
        _text("position", _lt("E.g. PHÓ GIÁM ĐỐC")),
        _text("name", _lt("By nd30.plain_name")),
    ),
    _list(
        "recipients",
        _lt("Nơi nhận, by nd30.recipient_lines"),
        _text(
            "text", _lt("Line as printed, with its dash, suffix and sign at the end")
        ),
        _bool("is_heading", _lt("A group's heading, e.g. Gửi bản điện tử:")),
    ),
    _group(
        "contest",
        _lt("The contest"),
        _text("name", _lt("Name, e.g. Hội thi sáng tạo kỹ thuật tỉnh Bắc Kạn")),
        _text("full_name", _lt("Name with edition and years")),
        _number("edition_number", _lt("Edition")),
        _text("edition_roman", _lt("Edition in roman capitals")),
        _text("years", _lt("E.g. 2020 - 2021")),
        _text("place", _lt("Where solutions must be applied, e.g. tỉnh Bắc Kạn")),
        _number("eligible_from_year", _lt("Earliest year of first application")),
    ),
    _text("council", _lt("Name of the council as in running text; may be empty")),
    _text("urgency", _lt("HỎA TỐC, THƯỢNG KHẨN or KHẨN; may be empty")),
    _group(
        "check",
        _lt("How anybody checks an official paper; empty for forms"),
        Field("image", _lt("QR code of the page that tells if it stands"), "image"),
        _text("text", _lt("What the code leads to; may be empty")),
    ),
)

_ENTRY = (
    _text("code", _lt("Code of the entry")),
    _text("title", _lt("Title of the solution")),
    _text("authors", _lt("Names of the authors, the representative first")),
    _text("unit", _lt("Unit")),
    _text("field", _lt("Field of the contest")),
)
_ROW = (_number("number", _lt("Number of the row")), *_ENTRY)
_SESSION = _group(
    "session",
    _lt("Session of the council"),
    _text("name", _lt("E.g. phiên họp thứ 1")),
    _text(
        "start", _lt("Moment in words, e.g. 14 giờ 00 phút, ngày 05 tháng 8 năm 2021")
    ),
    _text("end", _lt("Moment in words; empty before the session is closed")),
    _text("place", _lt("Where")),
    _text("chair", _lt("Name and role of who presides, and of who did from when")),
    _text("secretary", _lt("Name of the secretary, if present")),
    _text("ballot_mode", _lt("bỏ phiếu kín or biểu quyết công khai")),
    _bool("is_secret", _lt("By ballot papers; otherwise an open vote")),
    _text(
        "quorum_basis", _lt("Sentence: required and present members, with the ratio")
    ),
    _text("approval_basis", _lt("Sentence: ratio and of whom a proposal must have")),
)
_VOTES = (
    _text("issued", _lt("Ballots given out; empty for an open vote")),
    _text("collected", _lt("Ballots collected; empty for an open vote")),
    _text("valid", _lt("Valid ballots; empty for an open vote")),
    _text("invalid", _lt("Invalid ballots; empty for an open vote")),
    _text("agree", _lt("Votes in favour")),
    _text("disagree", _lt("Votes against")),
    _text("abstain", _lt("Abstentions of an open vote")),
    _text("votes", _lt("How the vote went, in words; of ballots for a secret one")),
    _text("base", _lt("Members that the share is taken of, recused ones left out")),
    _text("ratio", _lt("Share in favour in per cent")),
    _text("outcome", _lt("Đạt or Không đạt")),
)
_ANNEX = _text(
    "annex_line", _lt("(Kèm theo …): nd30.annex_line of this document's own number")
)
_COUNTS = (
    _text("name", _lt("Row's name")),
    _text("registered", _lt("Entries registered")),
    _text("eligible", _lt("Eligible")),
    _text("scored", _lt("Scored")),
    _text("selected", _lt("Selected")),
    _text("nominated", _lt("Nominated to the province")),
    _text("awarded", _lt("Awarded")),
)


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
    entries, whatever their role, don't read the scores.
    """

    readers: tuple[str, ...] = ()
    lists_entries: bool = True
    opens_once_issued: bool = False
    names_authors: bool = True
    holds_scores: bool = True

    def __post_init__(self) -> None:
        if unknown := set(self.readers) - set(READERS):
            raise ValueError(f"no readers of documents: {sorted(unknown)}")
        told = self.lists_entries or self.names_authors or self.holds_scores
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

        There is the form ``""`` of each kind, and ``"ballot"`` of score sheets.
        """
        result = {"": self.sample()}
        if self.key == "score_sheet":
            samples = json.loads(_SAMPLES.read_bytes())
            result["ballot"] = result[""] | samples["ballot"]
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


def clean(text: str) -> str:
    """Return `text` without what a Word file can't hold; tabs become blanks."""
    return plain_text.clean(text).replace("\t", " ")


def paragraphs(text: str | None) -> list[str]:
    """Return the paragraphs of `text`, one for each of its lines that isn't blank."""
    lines = (line.strip() for line in clean(text or "").splitlines())
    return [line for line in lines if line]


def score_parts(
    members: list[dict], entries: list[dict], size: int = MEMBERS_PER_PART
) -> list[dict]:
    """Return the tables of the score matrix, of at most `size` members each.

    :param members: dictionaries as in the field ``parts.members``
    :param entries: dictionaries as in ``parts.entries``, their ``scores`` in the order
        of `members`
    """
    count = max(1, -(-len(members) // size))
    # Parts of about the same width look better than a full one and a rest.
    size = max(1, -(-len(members) // count))
    return [
        {
            "members": members[start : start + size],
            "entries": [
                {**entry, "scores": entry["scores"][start : start + size]}
                for entry in entries
            ],
        }
        for start in range(0, count * size, size)
    ]


_ISSUED_BY = _text("issued_by", _lt("E.g. GIÁM ĐỐC SỞ TÀI NGUYÊN VÀ MÔI TRƯỜNG"))
_DIGEST = _text(
    "digest", _lt("End of the score ledger, as row:hexadecimal; may be empty")
)
_ADDRESSEES = _list("addressees", _lt("Kính gửi: one line each, without dash and sign"))
_CURED = (
    _text("cured", _lt("The issued document, e.g. Kế hoạch số … ngày … về việc …")),
    _paragraphs("reasons", _lt("What is wrong, and what holds instead")),
    _text("closing", _lt("Last sentence, without sign at the end")),
)

KINDS: dict[str, Kind] = {
    kind.key: kind
    for kind in (
        Kind(
            "plan",
            _lt("Plan"),
            "KẾ HOẠCH",
            "KH",
            "named",
            "hoithi.contest",
            (
                _paragraphs("opening", _lt("Sentence that leads to the contents")),
                _paragraphs("purposes", _lt("I: purpose and requirements, unnumbered")),
                _text(
                    "content_heading", _lt("Heading of II in capitals, without number")
                ),
                _list(
                    "sections",
                    _lt("II: sections in order"),
                    _text("number", _lt("E.g. 1")),
                    _text("title", _lt("Title, without sign at the end")),
                    _paragraphs("paragraphs", _lt("Lines of a section without tasks")),
                    _list(
                        "tasks",
                        _lt("Tasks of the section"),
                        _text("number", _lt("E.g. 1.1; empty for an unnumbered one")),
                        _text("text", _lt("What is to be done")),
                        _list(
                            "points",
                            _lt("Fields that are promoted, if the task names them"),
                            _text("letter", _lt("a, b, c …")),
                            _text("name", _lt("Name of the field")),
                            _text("text", _lt("Its description")),
                        ),
                        _text(
                            "period",
                            _lt("With its sign at the end, e.g. Từ … đến hết …."),
                        ),
                        _text(
                            "units",
                            _lt("Who does it with whom, with its sign at the end"),
                        ),
                        _text(
                            "output", _lt("Expected result, with its sign at the end")
                        ),
                    ),
                ),
                _list(
                    "further",
                    _lt("III and on: further sections, as funding; may be none"),
                    _text("number", _lt("Roman, e.g. III")),
                    _text("title", _lt("Heading in capitals, without number")),
                    _paragraphs("paragraphs", _lt("Its text, unnumbered")),
                ),
                _text(
                    "organisation_number",
                    _lt("Roman number of the last section, e.g. III"),
                ),
                _paragraphs(
                    "organisation", _lt("Last section: organisation, unnumbered")
                ),
                _text("closing", _lt("Last sentence, without sign at the end")),
            ),
            reach=Reach(
                readers=("leader", "publisher"),
                lists_entries=False,
                names_authors=False,
                holds_scores=False,
            ),
        ),
        Kind(
            "decision",
            _lt("Decision on the council"),
            "QUYẾT ĐỊNH",
            "QĐ",
            "named",
            "hoithi.contest",
            (
                _ISSUED_BY,
                _text("act", _lt("thành lập or kiện toàn")),
                _list(
                    "members",
                    _lt("Members in order"),
                    _number("number", _lt("Number of the row")),
                    _text("name", _lt("Name without academic titles")),
                    _text("position", _lt("Position and unit")),
                    _text("role", _lt("Role in the council")),
                ),
                _paragraphs(
                    "duties", _lt("Duties of the council (Điều 2), unnumbered")
                ),
                _text(
                    "quorum_rule", _lt("Sentence: quorum and majority; may be empty")
                ),
                _text(
                    "replaces",
                    _lt("Decision that ends, e.g. Quyết định số …; or empty"),
                ),
                _text(
                    "executors", _lt("Who carries it out (Điều 3), starts the sentence")
                ),
                _DIGEST,
            ),
            reach=Reach(
                readers=("leader", "publisher"),
                lists_entries=False,
                names_authors=False,
                holds_scores=False,
            ),
        ),
        Kind(
            "notice",
            _lt("Reminder notice"),
            "THÔNG BÁO",
            "TB",
            "named",
            "hoithi.contest",
            (
                _paragraphs("opening", _lt("Occasion and state of registration")),
                _list(
                    "deadlines",
                    _lt("Coming deadlines"),
                    _text("name", _lt("What is due")),
                    _text("moment", _lt("When, in words")),
                ),
                _list(
                    "units",
                    _lt("Units with their number of entries; may be empty"),
                    _number("number", _lt("Number of the row")),
                    _text("name", _lt("Unit")),
                    _text("registered", _lt("Entries registered")),
                    _text("drafts", _lt("Entries begun")),
                    _text("note", _lt("E.g. Chưa có hồ sơ đăng ký")),
                ),
                _paragraphs("requests", _lt("What units are asked to do, unnumbered")),
                _text(
                    "contact", _lt("Who answers questions, one sentence; may be empty")
                ),
                _text("closing", _lt("Last sentence, without sign at the end")),
            ),
            reach=Reach(
                readers=("leader", "publisher"),
                lists_entries=False,
                names_authors=False,
                holds_scores=False,
            ),
        ),
        Kind(
            "registration",
            _lt("Registration form"),
            "PHIẾU ĐĂNG KÝ DỰ THI",
            "",
            "form",
            "hoithi.entry",
            (
                _ADDRESSEES,
                _group(
                    "entry",
                    _lt("The entry"),
                    *_ENTRY,
                    _text("short_title", _lt("Short title; may be empty")),
                    _text("participant", _lt("Cá nhân or Tập thể")),
                    _text("type", _lt("Kind of solution")),
                    _text("investor", _lt("Investor, if not the author; may be empty")),
                    _text("trial_applied", _lt("Date; may be empty")),
                    _text("first_applied", _lt("Date; may be empty")),
                    _text("place", _lt("Where it is applied")),
                    _text("novelty_level", _lt("E.g. Mới trong tỉnh; may be empty")),
                    _text("benefit", _lt("Benefit in money with unit; may be empty")),
                    _text("protection", _lt("State of legal protection; may be empty")),
                    _text(
                        "confidential", _lt("What is to be kept secret; may be empty")
                    ),
                    _text("ai_use", _lt("Use of AI, as declared; may be empty")),
                ),
                _list(
                    "authors",
                    _lt("Authors, the representative first"),
                    _number("number", _lt("Number of the row")),
                    _text("name", _lt("Full name")),
                    _text(
                        "birth_date",
                        _lt("Date of birth; dots where it is written in; may be empty"),
                    ),
                    _text("gender", _lt("Nam or Nữ; may be empty")),
                    _text("position", _lt("Position and place of work")),
                    _text("qualification", _lt("Qualification")),
                    _text("share", _lt("Share in per cent")),
                    _bool("is_representative", _lt("Speaks for the group")),
                ),
                _text("photo", _lt("Place of the photograph; may be empty")),
                _text("contact", _lt("Telephone and e-mail of the representative")),
                _list(
                    "description",
                    _lt("Description of the solution, in the order of the form"),
                    _text("number", _lt("E.g. 1 or I")),
                    _text("heading", _lt("Heading")),
                    _paragraphs("paragraphs", _lt("Its text")),
                ),
                _list(
                    "dossier",
                    _lt("Files of the dossier"),
                    _number("number", _lt("Number of the row")),
                    _text("name", _lt("Part of the dossier")),
                    _text("file", _lt("File name; empty if missing")),
                ),
                _text("commitment", _lt("What the authors declare")),
                _text("representative", _lt("Name of the author who signs")),
                _group(
                    "confirmation",
                    _lt("Confirmation by the unit"),
                    _text(
                        "text", _lt("What is confirmed; empty to be filled in by hand")
                    ),
                    _text("position", _lt("Title of the head of the unit in capitals")),
                    _text("name", _lt("Name; may be empty")),
                ),
            ),
            numbered=False,
            reach=Reach(
                readers=("leader", "author"), lists_entries=False, holds_scores=False
            ),
        ),
        Kind(
            "receipt",
            _lt("Receipt of the dossier"),
            "GIẤY BIÊN NHẬN",
            "",
            "form",
            "hoithi.entry",
            (
                _text("receipt_number", _lt("Number of the receipt")),
                _text("received_on", _lt("Moment of receipt in words")),
                _group(
                    "entry",
                    _lt("The entry"),
                    *_ENTRY,
                    _text("representative", _lt("Who handed it in")),
                ),
                _list(
                    "files",
                    _lt("What was received"),
                    _number("number", _lt("Number of the row")),
                    _text("name", _lt("Part of the dossier")),
                    _text("file", _lt("File name")),
                    _text("size", _lt("Size with unit")),
                    _text("sha256", _lt("SHA-256 checksum, 64 hexadecimal digits")),
                ),
                _text("missing", _lt("Required parts that are missing; empty if none")),
                _text("answer_due", _lt("When the result will be told, in words")),
                _text("receiver", _lt("Who received it")),
            ),
            numbered=False,
            reach=Reach(
                readers=("leader", "author"), lists_entries=False, holds_scores=False
            ),
        ),
        Kind(
            "supplement",
            _lt("Request for a supplement"),
            "",
            "",
            "letter",
            "hoithi.entry",
            (
                _ADDRESSEES,
                _group(
                    "entry",
                    _lt("The entry"),
                    *_ENTRY,
                    _text("submitted_on", _lt("Moment")),
                ),
                _paragraphs("reasons", _lt("What is to be supplemented and why")),
                _list("missing", _lt("Required parts that are missing; may be empty")),
                _text("due", _lt("Until when, in words")),
                _text(
                    "contact", _lt("Who answers questions, one sentence; may be empty")
                ),
            ),
            reach=Reach(
                readers=("leader", "author"), lists_entries=False, holds_scores=False
            ),
        ),
        Kind(
            "eligible_list",
            _lt("List of eligible entries"),
            "THÔNG BÁO",
            "TB",
            "named",
            "hoithi.contest",
            (
                _group(
                    "totals",
                    _lt("Number of entries"),
                    _text("received", _lt("Received")),
                    _text("eligible", _lt("Eligible")),
                    _text("ineligible", _lt("Refused")),
                    _text("withdrawn", _lt("Withdrawn")),
                ),
                _list("entries", _lt("Eligible entries"), *_ROW),
                _text("next_step", _lt("What comes next, one sentence; may be empty")),
            ),
            heavy=True,
            reach=Reach(
                readers=("leader",), opens_once_issued=True, holds_scores=False
            ),
        ),
        Kind(
            "invitation",
            _lt("Invitation"),
            "GIẤY MỜI",
            "GM",
            "named",
            "hoithi.session",
            (
                _list("guests", _lt("Who is invited, one line each")),
                _SESSION,
                _list("agenda", _lt("Points of the agenda, unnumbered")),
                _list("entries", _lt("Entries on the agenda; may be empty"), *_ROW),
                _text("note", _lt("E.g. what to prepare, one sentence; may be empty")),
            ),
            reach=Reach(readers=("leader",), lists_entries=False, holds_scores=False),
        ),
        Kind(
            "score_sheet",
            _lt("Score sheet"),
            "PHIẾU CHẤM ĐIỂM",
            "",
            "form",
            "hoithi.review",
            (
                _bool("is_ballot", _lt("Print a ballot paper (no member, no scores)")),
                _group(
                    "member",
                    _lt("Who scores; empty texts on a ballot paper"),
                    _text("name", _lt("Name")),
                    _text("role", _lt("Role in the council")),
                ),
                _group(
                    "entry",
                    _lt(
                        "The entry, without its authors; empty texts on a ballot paper"
                    ),
                    _text("code", _lt("Code")),
                    _text("title", _lt("Title")),
                    _text("field", _lt("Field")),
                ),
                _list(
                    "criteria",
                    _lt("Criteria in order; empty on a ballot paper"),
                    _text("number", _lt("E.g. 1")),
                    _text("name", _lt("Criterion")),
                    _text("max", _lt("Highest score")),
                    _text("score", _lt("Score given; empty on a blank sheet")),
                    _text("comment", _lt("Comment; may be empty")),
                ),
                _text("max_total", _lt("Sum of the highest scores")),
                _text("total", _lt("Total; empty on a blank sheet")),
                _paragraphs("strengths", _lt("Strong points")),
                _paragraphs("weaknesses", _lt("Limits")),
                _paragraphs("comment", _lt("General comment")),
                _text("recommendation", _lt("Proposal of the member; may be empty")),
                _text(
                    "submitted_on", _lt("Moment of submission; empty on a blank sheet")
                ),
                _text("session", _lt("Session that votes; empty on a score sheet")),
                _list("items", _lt("Entries voted on; empty on a score sheet"), *_ROW),
                _bool("is_secret", _lt("A ballot paper of a secret vote")),
            ),
            numbered=False,
            reach=Reach(lists_entries=False),
        ),
        Kind(
            "score_matrix",
            _lt("Score matrix"),
            "BẢNG TỔNG HỢP ĐIỂM",
            "",
            "minutes",
            "hoithi.contest",
            (
                _list(
                    "parts",
                    _lt("Tables, by kinds.score_parts"),
                    _list(
                        "members",
                        _lt("Members, a column each"),
                        _text("name", _lt("Name")),
                    ),
                    _list(
                        "entries",
                        _lt("Entries, a row each"),
                        *_ROW,
                        _list(
                            "scores", _lt("Scores, one of each member; – where none")
                        ),
                        _text("mean", _lt("Official score")),
                        _text("spread", _lt("Spread of the scores")),
                        _text("rank", _lt("Rank; may be empty")),
                    ),
                ),
                _text("rule", _lt("How the official score is computed, one sentence")),
                _text("secretary", _lt("Name of the secretary")),
                _text("chair", _lt("Name of who presides")),
            ),
            numbered=False,
            landscape=True,
            heavy=True,
            reach=Reach(),
        ),
        Kind(
            "tally_minutes",
            _lt("Tally minutes"),
            "BIÊN BẢN",
            "BB",
            "minutes",
            "hoithi.session",
            (
                _SESSION,
                _list(
                    "team",
                    _lt("Tally team, its head first"),
                    _text("name", _lt("Name")),
                    _text("role", _lt("Trưởng ban or Thành viên")),
                ),
                _text("voting_count", _lt("Voting members")),
                _text("present_count", _lt("Voting members who were present")),
                _list(
                    "items",
                    _lt("Votes in order"),
                    *_ROW,
                    *_VOTES,
                    _text(
                        "recused",
                        _lt("Members who didn't vote for a conflict; or empty"),
                    ),
                ),
                _text("note", _lt("E.g. ballots that were made void; may be empty")),
            ),
            reach=Reach(
                readers=("leader", "member"), lists_entries=False, holds_scores=False
            ),
        ),
        Kind(
            "minutes",
            _lt("Minutes of the session"),
            "BIÊN BẢN",
            "BB",
            "minutes",
            "hoithi.session",
            (
                _SESSION,
                _list(
                    "present",
                    _lt("Members who were present"),
                    _text("name", _lt("Name")),
                    _text("position", _lt("Position and unit; may be empty")),
                    _text("role", _lt("Role in the council")),
                ),
                _list(
                    "absent",
                    _lt("Members who were absent"),
                    _text("name", _lt("Name")),
                    _text("role", _lt("Role in the council")),
                    _text("reason", _lt("Reason; may be empty")),
                ),
                _list("guests", _lt("Guests, one line each")),
                _list(
                    "recusals",
                    _lt("Conflicts of interest"),
                    _text("member", _lt("Name")),
                    _text("entry", _lt("Code and title")),
                    _text("reason", _lt("Kind of conflict")),
                ),
                _paragraphs("report", _lt("What the secretary reported")),
                _paragraphs(
                    "discussion", _lt("Discussion of no single entry; may be empty")
                ),
                _list(
                    "items",
                    _lt("Entries in order"),
                    *_ROW,
                    *_VOTES,
                    _text("score", _lt("Official score; may be empty")),
                    _text(
                        "score_note",
                        _lt("Why there is no score; empty if there is one"),
                    ),
                    _paragraphs("discussion", _lt("Discussion; may be empty")),
                    _text(
                        "recused",
                        _lt("Members who didn't vote for a conflict; or empty"),
                    ),
                    _text(
                        "basis", _lt("Sentence: how the outcome follows from the votes")
                    ),
                    _text("restart", _lt("Why the vote was taken again; may be empty")),
                    _text("early", _lt("Why it was counted early; may be empty")),
                    _paragraphs(
                        "conclusion", _lt("Conclusion on the entry; may be empty")
                    ),
                ),
                _paragraphs("conclusion", _lt("General conclusion of the chair")),
                _text("digest", _lt("Digest of the ledger, hexadecimal; may be empty")),
            ),
            reach=Reach(
                readers=("leader", "member"), lists_entries=False, holds_scores=False
            ),
        ),
        Kind(
            "result_notice",
            _lt("Notice of the result"),
            "THÔNG BÁO",
            "TB",
            "named",
            "hoithi.entry",
            (
                _ADDRESSEES,
                _bool("is_accepted", _lt("Selected; otherwise a refusal with reasons")),
                _bool(
                    "is_ineligible", _lt("Refused by the screening, before any vote")
                ),
                _group("entry", _lt("The entry"), *_ENTRY),
                _text("score", _lt("Official score; may be empty")),
                _text("rank", _lt("Rank or prize; may be empty")),
                _paragraphs("reasons", _lt("Reasons of a refusal")),
                _list("feedback", _lt("Comments of the council for the author")),
                _text("next_step", _lt("What comes next, one sentence; may be empty")),
                _text(
                    "objection_due", _lt("Until when to object, in words; may be empty")
                ),
            ),
            reach=Reach(
                readers=("leader", "author"), lists_entries=False, holds_scores=False
            ),
        ),
        Kind(
            "recognition",
            _lt("Decision on recognition"),
            "QUYẾT ĐỊNH",
            "QĐ",
            "named",
            "hoithi.contest",
            (
                _ISSUED_BY,
                _text("entry_count", _lt("Number of entries in words, e.g. 03")),
                _text("reward", _lt("Sentence on rewards; may be empty")),
                _text(
                    "executors", _lt("Who carries it out (Điều 3), starts the sentence")
                ),
                _ANNEX,
                _list(
                    "entries",
                    _lt("Recognised entries"),
                    *_ROW,
                    _text("score", _lt("Official score; may be empty")),
                    _text("rank", _lt("Prize; may be empty")),
                    _text("amount", _lt("Prize money; may be empty")),
                ),
                _text("amount_total", _lt("Sum of the prize money; may be empty")),
                _DIGEST,
            ),
            reach=Reach(
                readers=("leader",), opens_once_issued=True, holds_scores=False
            ),
        ),
        Kind(
            "nomination",
            _lt("Nomination letter"),
            "TỜ TRÌNH",
            "TTr",
            "named",
            "hoithi.nomination",
            (
                _ADDRESSEES,
                _paragraphs("opening", _lt("What was done, until the proposal")),
                _text("entry_count", _lt("Number of entries, e.g. 03")),
                _list("enclosures", _lt("Papers sent along, one line each")),
                _ANNEX,
                _list(
                    "entries",
                    _lt("Nominated entries in order of rank"),
                    *_ROW,
                    _text("positions", _lt("Positions of the authors; may be empty")),
                    _text("first_applied", _lt("Date and place of first application")),
                    _text("score", _lt("Official score; may be empty")),
                    _text("rank", _lt("Rank or prize; may be empty")),
                    _text("reason", _lt("Why it is nominated; may be empty")),
                ),
            ),
            reach=Reach(readers=("leader",), holds_scores=False),
        ),
        Kind(
            "certificate",
            _lt("Certificate"),
            "GIẤY CHỨNG NHẬN",
            "",
            "certificate",
            "hoithi.award",
            (
                _list(
                    "copies",
                    _lt("Certificates: of the group, then of each of its authors"),
                    _text("kind", _lt("Tác giả or Nhóm tác giả")),
                    _text("holders", _lt("Names of the authors")),
                    _text("unit", _lt("Unit; may be empty")),
                    _text(
                        "register_number", _lt("Number in the register; may be empty")
                    ),
                ),
                _text("holders", _lt("Names of all authors")),
                _text("holder_kind", _lt("Tác giả or Nhóm tác giả")),
                _text("holder_unit", _lt("Unit")),
                _text("prize", _lt("In capitals, e.g. GIẢI NHẤT")),
                _text("entry_title", _lt("Title of the solution")),
                _text("decision_line", _lt("Quyết định số … ngày …")),
                _text("register_number", _lt("Number in the register; may be empty")),
            ),
            numbered=False,
            landscape=True,
            reach=Reach(
                readers=("leader", "author"), lists_entries=False, holds_scores=False
            ),
        ),
        Kind(
            "report",
            _lt("Summary report"),
            "BÁO CÁO",
            "BC",
            "named",
            "hoithi.contest",
            (
                _paragraphs("opening", _lt("Occasion of the report")),
                _paragraphs("launch", _lt("Launch, direction and propaganda")),
                _list(
                    "outreach",
                    _lt("Propaganda of the units; may be empty"),
                    _number("number", _lt("Number of the row")),
                    _text("unit", _lt("Unit")),
                    _text("activities", _lt("Number of activities")),
                    _text("reach", _lt("People reached")),
                ),
                _list(
                    "tasks",
                    _lt("State of the plan's tasks; may be empty"),
                    _text("number", _lt("Number in the plan")),
                    _text("text", _lt("Task")),
                    _text("period", _lt("Period")),
                    _text("units", _lt("Who does it")),
                    _text("state", _lt("State")),
                ),
                _list(
                    "figures",
                    _lt("Main figures"),
                    _text("name", _lt("What is counted")),
                    _text("value", _lt("Number with unit")),
                ),
                _list("by_unit", _lt("Entries by unit"), *_COUNTS),
                _list("by_field", _lt("Entries by field"), *_COUNTS),
                _list("by_type", _lt("Entries by kind of solution"), *_COUNTS),
                _list(
                    "charts",
                    _lt("Charts; may be empty"),
                    _text("title", _lt("Caption, without number")),
                    Field("image", _lt("Picture"), "image"),
                ),
                _paragraphs(
                    "results", _lt("Results of the council and of the province")
                ),
                _list(
                    "selected",
                    _lt("Selected entries"),
                    *_ROW,
                    _text("score", _lt("Official score; may be empty")),
                    _text("rank", _lt("Prize or result; may be empty")),
                ),
                _list(
                    "rejected",
                    _lt("Entries that weren't selected"),
                    *_ROW,
                    _text("score", _lt("Official score; may be empty")),
                    _text("reason", _lt("Reason")),
                ),
                _paragraphs("difficulties", _lt("Difficulties and causes")),
                _paragraphs("lessons", _lt("Lessons; may be empty")),
                _paragraphs("proposals", _lt("Proposals")),
                _text("closing", _lt("Last sentence, without sign at the end")),
            ),
            heavy=True,
            reach=Reach(readers=("leader",), holds_scores=False),
        ),
        Kind(
            "register",
            _lt("Intake register"),
            "SỔ TIẾP NHẬN HỒ SƠ DỰ THI",
            "",
            "workbook",
            "hoithi.contest",
            (
                _list(
                    "rows",
                    _lt("Entries in order of receipt"),
                    *_ROW,
                    _text("receipt_number", _lt("Number of the receipt")),
                    Field("received_on", _lt("Day of receipt"), "date"),
                    _text("type", _lt("Kind of solution")),
                    _text("participant", _lt("Cá nhân or Tập thể")),
                    _number("file_count", _lt("Files received")),
                    _text("state", _lt("State of the entry")),
                    Field("answer_due", _lt("When the result will be told"), "date"),
                    _text("receiver", _lt("Who received it; may be empty")),
                    _text("note", _lt("Remark; may be empty")),
                ),
                _text("printed_on", _lt("Moment of printing, in words")),
            ),
            numbered=False,
            landscape=True,
            heavy=True,
            reach=Reach(readers=("leader",), holds_scores=False),
        ),
        Kind(
            "correction",
            _lt("Correction"),
            "",
            "",
            "letter",
            "hoithi.document",
            (_ADDRESSEES, *_CURED),
            follows=True,
        ),
        Kind(
            "recall",
            _lt("Recall"),
            "THÔNG BÁO",
            "TB",
            "named",
            "hoithi.document",
            _CURED,
            follows=True,
        ),
    )
}


def get_reach(key: str) -> Reach:
    """Return who reads papers of a kind; of one that isn't known, the secretary."""
    return KINDS[key].reach if key in KINDS else Reach()
