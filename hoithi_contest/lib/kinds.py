"""The eighteen kinds of official documents and what their templates may print.

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
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

LAYOUTS = ("named", "letter", "minutes", "form", "certificate", "workbook")
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
        "Top left of the first page, in capitals",
        _text("superior", "Parent agency; for a paper of the council, the agency"),
        _text("issuer", "Who issues: the agency or its council"),
    ),
    _group(
        "agency",
        "The agency as it was named at the date of the document",
        _text("name", "Name, e.g. Sở Tài nguyên và Môi trường"),
        _text("full_name", "Name with the province"),
        _text("parent", "Parent agency, e.g. Ủy ban nhân dân tỉnh Bắc Kạn"),
        _text("province", "Province with its type, e.g. tỉnh Bắc Kạn"),
        _text("head_title", "Title of the head, e.g. Giám đốc"),
    ),
    _text("number_line", "nd30.number_line; empty for kinds that carry no number"),
    _text("place_date", "nd30.place_date"),
    _text("title", "Name of the type in capitals; empty for letters"),
    _text("subject", "Trích yếu; of letters without the leading V/v"),
    _list("bases", "Legal bases, one a line, by nd30.basis_lines"),
    _group(
        "signature",
        "Who signs",
        _text("authority", "E.g. KT. GIÁM ĐỐC or TM. HỘI ĐỒNG; empty for none"),
        _text("position", "E.g. PHÓ GIÁM ĐỐC"),
        _text("name", "By nd30.plain_name"),
    ),
    _list(
        "recipients",
        "Nơi nhận, by nd30.recipient_lines",
        _text("text", "Line as printed, with its dash, suffix and sign at the end"),
        _bool("is_heading", "A group's heading, e.g. Gửi bản điện tử:"),
    ),
    _group(
        "contest",
        "The contest",
        _text("name", "Name, e.g. Hội thi sáng tạo kỹ thuật tỉnh Bắc Kạn"),
        _text("full_name", "Name with edition and years"),
        _number("edition_number", "Edition"),
        _text("edition_roman", "Edition in roman capitals"),
        _text("years", "E.g. 2020 - 2021"),
        _text("place", "Where solutions must be applied, e.g. tỉnh Bắc Kạn"),
        _number("eligible_from_year", "Earliest year of first application"),
    ),
    _text("council", "Name of the council as in running text; may be empty"),
)

_ENTRY = (
    _text("code", "Code of the entry"),
    _text("title", "Title of the solution"),
    _text("authors", "Names of the authors, the representative first"),
    _text("unit", "Unit"),
    _text("field", "Field of the contest"),
)
_ROW = (_number("number", "Number of the row"), *_ENTRY)
_SESSION = _group(
    "session",
    "Session of the council",
    _text("name", "E.g. phiên họp thứ 1"),
    _text("start", "Moment in words, e.g. 14 giờ 00 phút, ngày 05 tháng 8 năm 2021"),
    _text("end", "Moment in words; empty before the session is closed"),
    _text("place", "Where"),
    _text("chair", "Name and role of who chairs"),
    _text("secretary", "Name of the secretary"),
    _text("ballot_mode", "bỏ phiếu kín or biểu quyết công khai"),
    _text("quorum_basis", "Sentence: required and present members, with the ratio"),
    _text("approval_basis", "Sentence: ratio and of whom a proposal must have"),
)
_VOTES = (
    _text("issued", "Ballots given out"),
    _text("collected", "Ballots collected"),
    _text("valid", "Valid ballots"),
    _text("invalid", "Invalid ballots"),
    _text("agree", "Votes in favour"),
    _text("disagree", "Votes against"),
    _text("base", "Members that the share is taken of, recused ones left out"),
    _text("ratio", "Share in favour in per cent"),
    _text("outcome", "Đạt or Không đạt"),
)
_ANNEX = _text(
    "annex_line", "(Kèm theo …): nd30.annex_line of this document's own number"
)
_COUNTS = (
    _text("name", "Row's name"),
    _text("registered", "Entries registered"),
    _text("eligible", "Eligible"),
    _text("scored", "Scored"),
    _text("selected", "Selected"),
    _text("nominated", "Nominated to the province"),
    _text("awarded", "Awarded"),
)


@dataclass(frozen=True)
class Kind:
    """A kind of document.

    ``abbreviation`` stands in the symbol (KH, QĐ …) and is empty for letters and for
    forms without an official number; ``numbered`` tells whether the clerk gives number
    and date; ``source`` is the model of what one document of the kind is about.
    """

    key: str
    title: str
    abbreviation: str
    layout: str
    source: str
    fields: tuple[Field, ...]
    numbered: bool = True
    landscape: bool = False

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

    def problems(self, context: Mapping[str, Any]) -> list[str]:
        """Return what is missing, unknown or of the wrong type in `context`."""
        return _problems(self.all_fields, context, "")


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


_ILLEGAL = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff\ud800-\udfff]")


def clean(text: str) -> str:
    """Return `text` without what a Word file can't hold; tabs become blanks."""
    return _ILLEGAL.sub("", text.replace("\r\n", "\n").replace("\t", " "))


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


_ISSUED_BY = _text("issued_by", "E.g. GIÁM ĐỐC SỞ TÀI NGUYÊN VÀ MÔI TRƯỜNG")
_ADDRESSEES = _list("addressees", "Kính gửi: one line each, without dash and sign")

KINDS: dict[str, Kind] = {
    kind.key: kind
    for kind in (
        Kind(
            "plan",
            "KẾ HOẠCH",
            "KH",
            "named",
            "hoithi.contest",
            (
                _paragraphs("opening", "Sentence that leads to the contents"),
                _paragraphs("purposes", "I: purpose and requirements, unnumbered"),
                _text("content_heading", "Heading of II in capitals, without number"),
                _list(
                    "sections",
                    "II: sections in order",
                    _text("number", "E.g. 1"),
                    _text("title", "Title, without sign at the end"),
                    _paragraphs("paragraphs", "Lines of a section without tasks"),
                    _list(
                        "tasks",
                        "Tasks of the section",
                        _text("number", "E.g. 1.1; empty for an unnumbered one"),
                        _text("text", "What is to be done"),
                        _list(
                            "points",
                            "Fields that are promoted, if the task names them",
                            _text("letter", "a, b, c …"),
                            _text("name", "Name of the field"),
                            _text("text", "Its description"),
                        ),
                        _text(
                            "period", "With its sign at the end, e.g. Từ … đến hết …."
                        ),
                        _text(
                            "units", "Who does it with whom, with its sign at the end"
                        ),
                        _text("output", "Expected result, with its sign at the end"),
                    ),
                ),
                _paragraphs("organisation", "III: organisation, unnumbered"),
                _text("closing", "Last sentence, without sign at the end"),
            ),
        ),
        Kind(
            "decision",
            "QUYẾT ĐỊNH",
            "QĐ",
            "named",
            "hoithi.contest",
            (
                _ISSUED_BY,
                _text("act", "thành lập or kiện toàn"),
                _list(
                    "members",
                    "Members in order",
                    _number("number", "Number of the row"),
                    _text("name", "Name without academic titles"),
                    _text("position", "Position and unit"),
                    _text("role", "Role in the council"),
                ),
                _paragraphs("duties", "Duties of the council (Điều 2), unnumbered"),
                _text("quorum_rule", "Sentence: quorum and majority; may be empty"),
                _text("replaces", "Decision that ends, e.g. Quyết định số …; or empty"),
                _text("executors", "Who carries it out (Điều 3), starts the sentence"),
            ),
        ),
        Kind(
            "notice",
            "THÔNG BÁO",
            "TB",
            "named",
            "hoithi.contest",
            (
                _paragraphs("opening", "Occasion and state of registration"),
                _list(
                    "deadlines",
                    "Coming deadlines",
                    _text("name", "What is due"),
                    _text("moment", "When, in words"),
                ),
                _list(
                    "units",
                    "Units with their number of entries; may be empty",
                    _number("number", "Number of the row"),
                    _text("name", "Unit"),
                    _text("registered", "Entries registered"),
                    _text("drafts", "Entries begun"),
                    _text("note", "E.g. Chưa có hồ sơ đăng ký"),
                ),
                _paragraphs("requests", "What units are asked to do, unnumbered"),
                _text("contact", "Who answers questions, one sentence; may be empty"),
                _text("closing", "Last sentence, without sign at the end"),
            ),
        ),
        Kind(
            "registration",
            "PHIẾU ĐĂNG KÝ DỰ THI",
            "",
            "form",
            "hoithi.entry",
            (
                _ADDRESSEES,
                _group(
                    "entry",
                    "The entry",
                    *_ENTRY,
                    _text("short_title", "Short title; may be empty"),
                    _text("participant", "Cá nhân or Tập thể"),
                    _text("type", "Kind of solution"),
                    _text("investor", "Investor, if not the author; may be empty"),
                    _text("trial_applied", "Date; may be empty"),
                    _text("first_applied", "Date; may be empty"),
                    _text("place", "Where it is applied"),
                    _text("novelty_level", "E.g. Mới trong tỉnh; may be empty"),
                    _text("benefit", "Benefit in money with unit; may be empty"),
                    _text("protection", "State of legal protection; may be empty"),
                    _text("confidential", "What is to be kept secret; may be empty"),
                ),
                _list(
                    "authors",
                    "Authors, the representative first",
                    _number("number", "Number of the row"),
                    _text("name", "Full name"),
                    _text("birth_date", "Date of birth; empty to be filled in by hand"),
                    _text("position", "Position and place of work"),
                    _text("qualification", "Qualification"),
                    _text("share", "Share in per cent"),
                    _bool("is_representative", "Speaks for the group"),
                ),
                _text("contact", "Telephone and e-mail of the representative"),
                _list(
                    "description",
                    "Description of the solution, in the order of the form",
                    _text("number", "E.g. 1 or I"),
                    _text("heading", "Heading"),
                    _paragraphs("paragraphs", "Its text"),
                ),
                _list(
                    "dossier",
                    "Files of the dossier",
                    _number("number", "Number of the row"),
                    _text("name", "Part of the dossier"),
                    _text("file", "File name; empty if missing"),
                ),
                _text("representative", "Name of the author who signs"),
                _group(
                    "confirmation",
                    "Confirmation by the unit",
                    _text("text", "What is confirmed; empty to be filled in by hand"),
                    _text("position", "Title of the head of the unit in capitals"),
                    _text("name", "Name; may be empty"),
                ),
            ),
            numbered=False,
        ),
        Kind(
            "receipt",
            "GIẤY BIÊN NHẬN",
            "",
            "form",
            "hoithi.entry",
            (
                _text("receipt_number", "Number of the receipt"),
                _text("received_on", "Moment of receipt in words"),
                _group(
                    "entry",
                    "The entry",
                    *_ENTRY,
                    _text("representative", "Who handed it in"),
                ),
                _list(
                    "files",
                    "What was received",
                    _number("number", "Number of the row"),
                    _text("name", "Part of the dossier"),
                    _text("file", "File name"),
                    _text("size", "Size with unit"),
                    _text("sha256", "SHA-256 checksum, 64 hexadecimal digits"),
                ),
                _text("missing", "Required parts that are missing; empty if none"),
                _text("answer_due", "When the result will be told, in words"),
                _text("receiver", "Who received it"),
            ),
            numbered=False,
        ),
        Kind(
            "supplement",
            "",
            "",
            "letter",
            "hoithi.entry",
            (
                _ADDRESSEES,
                _group("entry", "The entry", *_ENTRY, _text("submitted_on", "Moment")),
                _paragraphs("reasons", "What is to be supplemented and why"),
                _list("missing", "Required parts that are missing; may be empty"),
                _text("due", "Until when, in words"),
                _text("contact", "Who answers questions, one sentence; may be empty"),
            ),
        ),
        Kind(
            "eligible_list",
            "THÔNG BÁO",
            "TB",
            "named",
            "hoithi.contest",
            (
                _group(
                    "totals",
                    "Number of entries",
                    _text("received", "Received"),
                    _text("eligible", "Eligible"),
                    _text("ineligible", "Refused"),
                    _text("withdrawn", "Withdrawn"),
                ),
                _list("entries", "Eligible entries", *_ROW),
                _text("next_step", "What comes next, one sentence; may be empty"),
            ),
        ),
        Kind(
            "invitation",
            "GIẤY MỜI",
            "GM",
            "named",
            "hoithi.session",
            (
                _list("guests", "Who is invited, one line each"),
                _SESSION,
                _list("agenda", "Points of the agenda, unnumbered"),
                _list("entries", "Entries on the agenda; may be empty", *_ROW),
                _text("note", "E.g. what to prepare, one sentence; may be empty"),
            ),
        ),
        Kind(
            "score_sheet",
            "PHIẾU CHẤM ĐIỂM",
            "",
            "form",
            "hoithi.review",
            (
                _bool("is_ballot", "Print a ballot paper (no member, no scores)"),
                _group(
                    "member",
                    "Who scores; empty texts on a ballot paper",
                    _text("name", "Name"),
                    _text("role", "Role in the council"),
                ),
                _group(
                    "entry",
                    "The entry, without its authors; empty texts on a ballot paper",
                    _text("code", "Code"),
                    _text("title", "Title"),
                    _text("field", "Field"),
                ),
                _list(
                    "criteria",
                    "Criteria in order; empty on a ballot paper",
                    _text("number", "E.g. 1"),
                    _text("name", "Criterion"),
                    _text("max", "Highest score"),
                    _text("score", "Score given; empty on a blank sheet"),
                    _text("comment", "Comment; may be empty"),
                ),
                _text("max_total", "Sum of the highest scores"),
                _text("total", "Total; empty on a blank sheet"),
                _paragraphs("strengths", "Strong points"),
                _paragraphs("weaknesses", "Limits"),
                _paragraphs("comment", "General comment"),
                _text("recommendation", "Proposal of the member; may be empty"),
                _text("submitted_on", "Moment of submission; empty on a blank sheet"),
                _text("session", "Session that votes; empty on a score sheet"),
                _list("items", "Entries voted on; empty on a score sheet", *_ROW),
            ),
            numbered=False,
        ),
        Kind(
            "score_matrix",
            "BẢNG TỔNG HỢP ĐIỂM",
            "",
            "minutes",
            "hoithi.contest",
            (
                _list(
                    "parts",
                    "Tables, by kinds.score_parts",
                    _list(
                        "members",
                        "Members, a column each",
                        _text("name", "Name"),
                    ),
                    _list(
                        "entries",
                        "Entries, a row each",
                        *_ROW,
                        _list("scores", "Scores, one of each member; – where none"),
                        _text("mean", "Official score"),
                        _text("spread", "Spread of the scores"),
                        _text("rank", "Rank; may be empty"),
                    ),
                ),
                _text("rule", "How the official score is computed, one sentence"),
                _text("secretary", "Name of the secretary"),
                _text("chair", "Name of the chair"),
            ),
            numbered=False,
            landscape=True,
        ),
        Kind(
            "tally_minutes",
            "BIÊN BẢN",
            "BB",
            "minutes",
            "hoithi.session",
            (
                _SESSION,
                _list(
                    "team",
                    "Tally team, its head first",
                    _text("name", "Name"),
                    _text("role", "Trưởng ban or Thành viên"),
                ),
                _text("voting_count", "Voting members"),
                _text("present_count", "Voting members who were present"),
                _list(
                    "items",
                    "Votes in order",
                    *_ROW,
                    *_VOTES,
                    _text(
                        "recused", "Members who didn't vote for a conflict; or empty"
                    ),
                ),
                _text("note", "E.g. ballots that were made void; may be empty"),
            ),
        ),
        Kind(
            "minutes",
            "BIÊN BẢN",
            "BB",
            "minutes",
            "hoithi.session",
            (
                _SESSION,
                _list(
                    "present",
                    "Members who were present",
                    _text("name", "Name"),
                    _text("position", "Position and unit; may be empty"),
                    _text("role", "Role in the council"),
                ),
                _list(
                    "absent",
                    "Members who were absent",
                    _text("name", "Name"),
                    _text("role", "Role in the council"),
                    _text("reason", "Reason; may be empty"),
                ),
                _list("guests", "Guests, one line each"),
                _list(
                    "recusals",
                    "Conflicts of interest",
                    _text("member", "Name"),
                    _text("entry", "Code and title"),
                    _text("reason", "Kind of conflict"),
                ),
                _paragraphs("report", "What the secretary reported"),
                _list(
                    "items",
                    "Entries in order",
                    *_ROW,
                    *_VOTES,
                    _text("score", "Official score; may be empty"),
                    _paragraphs("discussion", "Discussion; may be empty"),
                    _text(
                        "recused", "Members who didn't vote for a conflict; or empty"
                    ),
                    _text("basis", "Sentence: how the outcome follows from the votes"),
                    _text("restart", "Why the vote was taken again; may be empty"),
                    _paragraphs("conclusion", "Conclusion on the entry; may be empty"),
                ),
                _paragraphs("conclusion", "General conclusion of the chair"),
                _text("digest", "Digest of the ledger, hexadecimal; may be empty"),
            ),
        ),
        Kind(
            "result_notice",
            "THÔNG BÁO",
            "TB",
            "named",
            "hoithi.entry",
            (
                _ADDRESSEES,
                _bool("is_accepted", "Selected; otherwise a refusal with reasons"),
                _group("entry", "The entry", *_ENTRY),
                _text("score", "Official score; may be empty"),
                _text("rank", "Rank or prize; may be empty"),
                _paragraphs("reasons", "Reasons of a refusal"),
                _list("feedback", "Comments of the council for the author"),
                _text("next_step", "What comes next, one sentence; may be empty"),
                _text("objection_due", "Until when to object, in words; may be empty"),
            ),
        ),
        Kind(
            "recognition",
            "QUYẾT ĐỊNH",
            "QĐ",
            "named",
            "hoithi.contest",
            (
                _ISSUED_BY,
                _text("entry_count", "Number of entries in words, e.g. 03"),
                _text("reward", "Sentence on rewards; may be empty"),
                _text("executors", "Who carries it out (Điều 3), starts the sentence"),
                _ANNEX,
                _list(
                    "entries",
                    "Recognised entries",
                    *_ROW,
                    _text("score", "Official score; may be empty"),
                    _text("rank", "Prize; may be empty"),
                    _text("amount", "Prize money; may be empty"),
                ),
                _text("amount_total", "Sum of the prize money; may be empty"),
            ),
        ),
        Kind(
            "nomination",
            "TỜ TRÌNH",
            "TTr",
            "named",
            "hoithi.nomination",
            (
                _ADDRESSEES,
                _paragraphs("opening", "What was done, until the proposal"),
                _text("entry_count", "Number of entries, e.g. 03"),
                _list("enclosures", "Papers sent along, one line each"),
                _ANNEX,
                _list(
                    "entries",
                    "Nominated entries in order of rank",
                    *_ROW,
                    _text("positions", "Positions of the authors; may be empty"),
                    _text("first_applied", "Date and place of first application"),
                    _text("score", "Official score; may be empty"),
                    _text("rank", "Rank or prize; may be empty"),
                    _text("reason", "Why it is nominated; may be empty"),
                ),
            ),
        ),
        Kind(
            "certificate",
            "GIẤY CHỨNG NHẬN",
            "",
            "certificate",
            "hoithi.award",
            (
                _text("holders", "Names of the authors"),
                _text("holder_kind", "Tác giả or Nhóm tác giả"),
                _text("holder_unit", "Unit"),
                _text("prize", "In capitals, e.g. GIẢI NHẤT"),
                _text("entry_title", "Title of the solution"),
                _text("decision_line", "Quyết định số … ngày …"),
                _text("register_number", "Number in the register; may be empty"),
            ),
            numbered=False,
            landscape=True,
        ),
        Kind(
            "report",
            "BÁO CÁO",
            "BC",
            "named",
            "hoithi.contest",
            (
                _paragraphs("opening", "Occasion of the report"),
                _paragraphs("launch", "Launch, direction and propaganda"),
                _list(
                    "outreach",
                    "Propaganda of the units; may be empty",
                    _number("number", "Number of the row"),
                    _text("unit", "Unit"),
                    _text("activities", "Number of activities"),
                    _text("reach", "People reached"),
                ),
                _list(
                    "tasks",
                    "State of the plan's tasks; may be empty",
                    _text("number", "Number in the plan"),
                    _text("text", "Task"),
                    _text("period", "Period"),
                    _text("units", "Who does it"),
                    _text("state", "State"),
                ),
                _list(
                    "figures",
                    "Main figures",
                    _text("name", "What is counted"),
                    _text("value", "Number with unit"),
                ),
                _list("by_unit", "Entries by unit", *_COUNTS),
                _list("by_field", "Entries by field", *_COUNTS),
                _list("by_type", "Entries by kind of solution", *_COUNTS),
                _list(
                    "charts",
                    "Charts; may be empty",
                    _text("title", "Caption, without number"),
                    Field("image", "Picture", "image"),
                ),
                _paragraphs("results", "Results of the council and of the province"),
                _list(
                    "selected",
                    "Selected entries",
                    *_ROW,
                    _text("score", "Official score; may be empty"),
                    _text("rank", "Prize or result; may be empty"),
                ),
                _list(
                    "rejected",
                    "Entries that weren't selected",
                    *_ROW,
                    _text("score", "Official score; may be empty"),
                    _text("reason", "Reason"),
                ),
                _paragraphs("difficulties", "Difficulties and causes"),
                _paragraphs("lessons", "Lessons; may be empty"),
                _paragraphs("proposals", "Proposals"),
                _text("closing", "Last sentence, without sign at the end"),
            ),
        ),
        Kind(
            "register",
            "SỔ TIẾP NHẬN HỒ SƠ DỰ THI",
            "",
            "workbook",
            "hoithi.contest",
            (
                _list(
                    "rows",
                    "Entries in order of receipt",
                    *_ROW,
                    _text("receipt_number", "Number of the receipt"),
                    Field("received_on", "Day of receipt", "date"),
                    _text("type", "Kind of solution"),
                    _text("participant", "Cá nhân or Tập thể"),
                    _number("file_count", "Files received"),
                    _text("state", "State of the entry"),
                    Field("answer_due", "When the result will be told", "date"),
                    _text("receiver", "Who received it; may be empty"),
                    _text("note", "Remark; may be empty"),
                ),
                _text("printed_on", "Moment of printing, in words"),
            ),
            numbered=False,
            landscape=True,
        ),
    )
}
