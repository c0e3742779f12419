"""What official documents are put together from, with the decree's layout.

Functions return lists of OOXML blocks; names in double braces are those of the kind's
context (``kind.py``).
"""

from collections.abc import Sequence
from typing import NamedTuple

from .. import nd30
from .ooxml import (
    FIT_CAPTION,
    FITTED_WIDTH,
    OPTIONAL_CAPTION,
    PORTRAIT,
    Page,
    Style,
    Xml,
    cell,
    document,
    line_below,
    line_under,
    paragraph,
    row,
    run,
    table,
)

_INDENT = 12.7
# The agency's column is as wide as leaves the national name on one line.
_LEFT = 75.5
_RIGHT = PORTRAIT.text_width - _LEFT
# By so much the boundary between number and date is further left: a long place's name
# needs more room than the national name. An indent as wide keeps what is short in the
# middle below agency and national name; what is long loses it (``fitting``).
_STEP = 10.5
_DATED = 100.0
# The frame around a mark of urgency is as wide as the longest, and a little more.
_URGENT = (_LEFT - 2 * _STEP - nd30.text_width("THƯỢNG KHẨN", 14, bold=True) - 6) / 2
_MIDDLE = {"align": "center"}
_BODY = {"align": "both", "first_line": _INDENT, "after": 6, "line": 1.1}
# The certificate's text stands in the middle of the paper, not of the margins.
_CERTIFICATE_RIGHT = 10
# Several addressees have their dashes in one line below the colon (Decree 30/2020,
# annex I, part II, 9a); what goes on in a further line stands behind the dash.
_DASH = nd30.text_width("- ", 14)
_ADDRESSEES = 30 + nd30.text_width("Kính gửi", 14) + _DASH
_CERTIFICATE = _MIDDLE | {"right": _CERTIFICATE_RIGHT, "keep_next": True}

STYLES = {
    style.key: style
    for style in (
        # head
        Style("Superior", 12, **_MIDDLE),
        Style("Issuer", 12, bold=True, **_MIDDLE),
        Style("Nation", 12, bold=True, **_MIDDLE),
        Style("Motto", 13, bold=True, **_MIDDLE),
        Style("Number", 13, before=4, left=_STEP, **_MIDDLE),
        Style("LetterSubject", 12, before=2, left=_STEP, **_MIDDLE),
        # in a frame (Decree 30/2020, annex I, part II, 9b)
        Style(
            "Urgency",
            14,
            bold=True,
            before=8,
            left=_STEP + _URGENT,
            right=_URGENT,
            framed=True,
            **_MIDDLE,
        ),
        Style("PlaceDate", 13, italic=True, before=4, left=_STEP, **_MIDDLE),
        Style("CopyLine", 2, after=6, keep_next=True, line_above=True),
        # title
        Style("Title", 14, bold=True, before=16, keep_next=True, **_MIDDLE),
        Style("Subject", 14, bold=True, after=12, **_MIDDLE),
        Style("IssuedBy", 14, bold=True, after=8, keep_next=True, **_MIDDLE),
        Style("Decides", 14, bold=True, before=6, after=6, keep_next=True, **_MIDDLE),
        Style("Addressee", 14, left=30, after=2),
        Style("AddresseeLine", 14, left=_ADDRESSEES, first_line=-_DASH, after=2),
        # body
        Style("Basis", 14, italic=True, **_BODY),
        Style("Body", 14, **_BODY),
        Style("Section", 14, bold=True, keep_next=True, outline=0, **_BODY),
        Style("Subsection", 14, bold=True, keep_next=True, outline=1, **_BODY),
        Style("Field", 13, align="both", after=3, line=1.1),
        Style("Note", 12, italic=True, align="both", after=6, keep_next=True),
        Style("Digest", 10, before=4, after=8),
        # tables
        Style("CellHead", 12, bold=True, before=2, after=2, **_MIDDLE),
        Style("CellHeadSmall", 10, bold=True, before=2, after=2, **_MIDDLE),
        Style("Cell", 12, before=2, after=2),
        Style("CellCentre", 12, before=2, after=2, **_MIDDLE),
        Style("CellRight", 12, before=2, after=2, align="right"),
        Style("CellScore", 9, before=2, after=2, **_MIDDLE),
        Style("CellSmall", 9, before=2, after=2),
        Style("SignCell", 12, before=14, after=14),
        Style("Photo", 11, italic=True, before=62, after=62, **_MIDDLE),
        Style("Portrait", 11, after=4),
        Style("Caption", 13, bold=True, before=6, after=4, keep_next=True, **_MIDDLE),
        # picture and caption are one paragraph, as they stand on one page
        Style(
            "Picture", 12, italic=True, before=4, after=8, keep_lines=True, **_MIDDLE
        ),
        # end
        Style("SignDate", 13, italic=True, keep_next=True, **_MIDDLE),
        Style("Sign", 14, bold=True, keep_next=True, **_MIDDLE),
        Style("SignNote", 12, italic=True, keep_next=True, **_MIDDLE),
        Style("SignText", 12, align="both", right=8, after=4, keep_next=True),
        Style("SignName", 14, bold=True, before=62, **_MIDDLE),
        Style("RecipientsHead", 12, bold=True, italic=True),
        Style("RecipientsGroup", 11, italic=True),
        Style("Recipient", 11),
        Style("Check", 8, before=6),
        Style("PageNumber", 14, **_MIDDLE),
        # annexes
        Style("AnnexTitle", 14, bold=True, keep_next=True, **_MIDDLE),
        Style("AnnexSubject", 14, bold=True, keep_next=True, **_MIDDLE),
        Style("AnnexLine", 14, italic=True, after=10, keep_next=True, **_MIDDLE),
        Style("SectionEnd", 1),
        # certificate
        Style("CertificateNation", 14, bold=True, **_CERTIFICATE),
        Style("CertificateMotto", 14, bold=True, after=10, **_CERTIFICATE),
        Style("CertificateIssuer", 15, bold=True, **_CERTIFICATE),
        Style("CertificateTitle", 32, bold=True, before=4, after=6, **_CERTIFICATE),
        Style("CertificateText", 15, after=4, **_CERTIFICATE),
        Style("CertificateHolder", 20, bold=True, after=5, **_CERTIFICATE),
        Style("CertificatePrize", 22, bold=True, after=5, **_CERTIFICATE),
        Style("CertificateName", 14, bold=True, before=54, **_MIDDLE),
        Style("CertificateNote", 12, italic=True),
    )
}

# The paper of a certificate has a border and no page number.
CERTIFICATE = Page(width=297, height=210, right=20, border=True, numbered=False)
_SHARE = 0.4


def make(page: Page, *parts: Sequence[Xml]) -> bytes:
    """Return the Word file of blocks that the functions here returned."""
    return document(page, (block for part in parts for block in part), STYLES.values())


# Control


def control(tag: str) -> Xml:
    """Return a paragraph that is only a tag; nothing is left of it in a document."""
    return paragraph("Body", f"{{%p {tag} %}}")


def loop(each: str, *blocks: Xml) -> list[Xml]:
    """Return `blocks` for each element, e.g. of ``text in purposes``."""
    return [control(f"for {each}"), *blocks, control("endfor")]


def when(condition: str, *blocks: Xml, otherwise: Sequence[Xml] = ()) -> list[Xml]:
    """Return `blocks` where `condition` holds, else `otherwise`."""
    middle = [control("else"), *otherwise] if otherwise else []
    return [control(f"if {condition}"), *blocks, *middle, control("endif")]


# Head


def _nation() -> list[Xml]:
    motto = STYLES["Motto"]
    return [
        paragraph("Nation", nd30.NATION),
        paragraph(
            "Motto", nd30.MOTTO, line_under(nd30.MOTTO, motto.size, 1, bold=True)
        ),
    ]


def _issuer() -> list[Xml]:
    return [
        *when(
            "head.superior",
            paragraph("Superior", '{{ head.superior|lines("superior") }}'),
        ),
        paragraph(
            "Issuer", '{{ head.issuer|lines("issuer") }}', line_below(28, _SHARE)
        ),
    ]


def head(
    page: Page = PORTRAIT, *, is_letter: bool = False, is_form: bool = False
) -> list[Xml]:
    """Return agency, national name and motto, and below number, place and date.

    Forms have no number, and their date stands above the signature; letters have what
    they are about under the number.
    """
    # What landscape paper has more goes to both columns alike.
    more = (page.text_width - PORTRAIT.text_width) / 2
    left, right = _LEFT + more, _RIGHT + more
    number_width = left - _STEP
    rows = [row(cell(left, *_issuer(), span=2), cell(right, *_nation()))]
    if not is_form:
        number = [paragraph("Number", "{{ number_line }}")]
        if is_letter:
            text = '{{ ("V/v " ~ subject)|lines("letter") }}'
            number.append(paragraph("LetterSubject", text))
        number += when("urgency", paragraph("Urgency", "{{ urgency }}"))
        date = paragraph("PlaceDate", "{{ place_date }}")
        rows.append(row(cell(number_width, *number), cell(right + _STEP, date, span=2)))
    return [table((number_width, _STEP, right), rows, borders=False)]


def copy_head() -> list[Xml]:
    """Return the head of a copy, below a line as wide as the text: no national name."""
    issuer = paragraph(
        "Issuer", '{{ head.issuer|lines("issuer") }}', line_below(28, _SHARE)
    )
    number = [
        paragraph("Number", "{{ number_line }}", after=12),
        *when("urgency", paragraph("Urgency", "{{ urgency }}", after=12)),
    ]
    date = paragraph("PlaceDate", "{{ place_date }}", after=12)
    rows = [
        row(
            cell(_LEFT, issuer, span=2),
            cell(_RIGHT, paragraph("Title", "{{ title }}", before=0)),
        ),
        row(cell(_LEFT - _STEP, *number), cell(_RIGHT + _STEP, date, span=2)),
    ]
    return [
        paragraph("CopyLine", "\N{NO-BREAK SPACE}"),
        table((_LEFT - _STEP, _STEP, _RIGHT), rows, borders=False),
    ]


def form_head() -> list[Xml]:
    """Return the head of a form that a person issues: national name and motto."""
    return _nation()


def photo() -> list[Xml]:
    """Return the photograph of 4 × 6 cm on the left, or the frame to glue it into."""
    text = paragraph("Photo", "{{ photo }}")
    frame = row(cell(40, text, vertical="center"), header=True)
    return when(
        "portrait",
        paragraph("Portrait", "{{ portrait }}"),
        otherwise=when("photo", table((40,), [frame], borders=True)),
    )


def title() -> list[Xml]:
    """Return the type's name, the subject and the line below it."""
    return [
        paragraph("Title", "{{ title }}"),
        paragraph("Subject", '{{ subject|lines("subject") }}', line_below(60, _SHARE)),
    ]


def addressees() -> list[Xml]:
    """Return "Kính gửi": on its line if there is one addressee, else a list."""
    return [
        *when(
            "addressees|length == 1",
            paragraph(
                "Addressee", "Kính gửi: {{ addressees[0] }}.", before=12, after=10
            ),
            otherwise=[
                paragraph("Addressee", "Kính gửi:", before=12),
                *loop(
                    "line in addressees",
                    *when(
                        "loop.last",
                        paragraph("AddresseeLine", "- {{ line }}.", after=10),
                        otherwise=[paragraph("AddresseeLine", "- {{ line }};")],
                    ),
                ),
            ],
        ),
    ]


def bases() -> list[Xml]:
    """Return the legal bases, one a line."""
    return loop("basis in bases", paragraph("Basis", "{{ basis }}"))


def body(text: str, **options: float) -> list[Xml]:
    """Return a paragraph of the body."""
    return [paragraph("Body", text, **options)]


def texts(name: str, prefix: str = "", style: str = "Body") -> list[Xml]:
    """Return each text of the list `name` as a paragraph of the body.

    :param prefix: e.g. ``{{ loop.index }}. `` or ``- ``
    """
    text = "{{ text|item }}" if prefix else "{{ text }}"
    return loop(f"text in {name}", paragraph(style, f"{prefix}{text}"))


def section(text: str) -> list[Xml]:
    """Return a heading, e.g. of part I."""
    return [paragraph("Section", text)]


def labelled(label: str, text: str, style: str = "Body") -> Xml:
    """Return a paragraph that begins with a bold label."""
    return paragraph(style, run(f"{label} ", bold=True), text)


def closing(text: str) -> list[Xml]:
    """Return the last sentence; it stays with the signature."""
    return [paragraph("Body", f"{text}./.", after=10, keep_next=True)]


def ledger_digest() -> Xml:
    """Return the line that lets a reader check the score ledger later."""
    return paragraph("Digest", "Mã kiểm tra của sổ điểm: {{ digest }}")


# Tables


class Column(NamedTuple):
    """A table's column: heading, width in mm, text of a row, style of its cells.

    One that is ``optional`` is left out where no row says anything in it.
    """

    heading: str
    width: float
    text: str
    style: str = "Cell"
    head_style: str = "CellHead"
    optional: bool = False


def list_table(
    each: str, columns: Sequence[Column], total: Sequence[str] = ()
) -> list[Xml]:
    """Return a table with a row for each element, its header on every page.

    :param total: texts of a last row, one a column
    """
    widths = [column.width for column in columns]
    count = len(columns)
    width = sum(widths)

    def tag(text: str) -> Xml:
        return row(cell(width, paragraph("Cell", f"{{%tr {text} %}}"), span=count))

    rows = [
        row(
            *(
                cell(
                    column.width,
                    paragraph(column.head_style, column.heading),
                    vertical="center",
                )
                for column in columns
            ),
            header=True,
        ),
        tag(f"for {each}"),
        row(
            *(
                cell(column.width, paragraph(column.style, column.text))
                for column in columns
            )
        ),
        tag("endfor"),
    ]
    if total:
        rows.append(
            row(
                *(
                    cell(column.width, paragraph(column.style, run(text, bold=True)))
                    for column, text in zip(columns, total, strict=True)
                )
            )
        )
    optional = [str(index) for index, col in enumerate(columns) if col.optional]
    caption = f"{OPTIONAL_CAPTION} {','.join(optional)}{' total' if total else ''}"
    return [table(widths, rows, borders=True, caption=caption if optional else "")]


def list_or_none(
    name: str,
    variable: str,
    columns: Sequence[Column],
    none: str,
    total: Sequence[str] = (),
) -> list[Xml]:
    """Return a table of the list `name`, or the sentence `none` if it is empty."""
    return when(
        name,
        *list_table(f"{variable} in {name}", columns, total),
        otherwise=body(none),
    )


NUMBER = Column("STT", 11, "{{ row.number }}", "CellCentre")


# End


def _authority() -> list[Xml]:
    text = '{{ signature.authority|lines("sign") }}'
    return when("signature.authority", paragraph("Sign", text))


def _position() -> Xml:
    return paragraph("Sign", '{{ signature.position|lines("sign") }}')


def _signature(is_form: bool, name_style: str = "SignName") -> list[Xml]:
    date = [paragraph("SignDate", "{{ place_date }}")] if is_form else []
    return [
        *date,
        *_authority(),
        *when("signature.position", _position()),
        *when("signature.name", paragraph(name_style, "{{ signature.name }}")),
    ]


def signature(page: Page = PORTRAIT, below: Sequence[Xml] = ()) -> list[Xml]:
    """Return recipients on the left and the signature on the right, on one page.

    :param below: what stands below the recipients
    """
    left = page.text_width / 2 - 6
    right = page.text_width - left
    recipients = cell(left, *_recipients(), *below)
    rows = [row(recipients, cell(right, *_signature(is_form=False)))]
    return [table((left, right), rows, borders=False)]


class Signer(NamedTuple):
    """A signature of a form or of minutes.

    :ivar note: below the position, e.g. ``(Ký, ghi rõ họ tên)``
    :ivar is_official: the position is the official signature's, with its authority
    """

    position: str
    name: str
    note: str = "(Ký, ghi rõ họ tên)"
    is_official: bool = False


def signatures(
    *signers: Signer, page: Page = PORTRAIT, dated: bool = False
) -> list[Xml]:
    """Return signatures side by side, the most important on the right.

    :param dated: place and date stand above the last one
    """
    last = max(_DATED, page.text_width / 2) if dated else page.text_width / 2
    others = (page.text_width - last) / (len(signers) - 1)
    widths = [others] * (len(signers) - 1) + [last]
    cells = []
    for number, (signer, width) in enumerate(zip(signers, widths, strict=True), 1):
        blocks = []
        if dated and number == len(signers):
            blocks.append(paragraph("SignDate", "{{ place_date }}"))
        if signer.is_official:
            blocks += [*_authority(), _position()]
        else:
            blocks.append(paragraph("Sign", signer.position))
        if signer.note:
            blocks.append(paragraph("SignNote", signer.note))
        variable = signer.name.strip("{} ")
        blocks += when(variable, paragraph("SignName", signer.name))
        cells.append(cell(width, *blocks))
    return [table(widths, [row(*cells)], borders=False)]


def single_signature() -> list[Xml]:
    """Return the one signature of a form, on the right, below place and date."""
    only = row(cell(_DATED, *_signature(is_form=True)))
    indent = PORTRAIT.text_width - _DATED
    return [table((_DATED,), [only], borders=False, indent=indent)]


def _recipients(before: float = 0) -> list[Xml]:
    return [
        paragraph("RecipientsHead", "Nơi nhận:", before=before),
        control("for line in recipients"),
        *when(
            "line.is_heading",
            paragraph("RecipientsGroup", "{{ line.text }}"),
            otherwise=[paragraph("Recipient", "{{ line.text }}")],
        ),
        control("endfor"),
        *check(),
    ]


def check() -> list[Xml]:
    """Return the code by which anybody checks an official paper."""
    return when(
        "check.text",
        paragraph("Check", "{{ check.image }}"),
        paragraph("Check", "{{ check.text }}", before=0),
    )


def minutes_signatures() -> list[Xml]:
    """Return secretary and who presided, and the recipients of the minutes."""
    # as wide as the signature of other papers
    left = PORTRAIT.text_width / 2 - 6
    right = PORTRAIT.text_width - left
    note = paragraph("SignNote", "(Ký, ghi rõ họ tên)")
    secretary = [
        paragraph("Sign", "THƯ KÝ"),
        note,
        *when("session.secretary", paragraph("SignName", "{{ session.secretary }}")),
        # In the same row: they would stand on a page alone else.
        *when("recipients", *_recipients(before=12), otherwise=check()),
    ]
    chair = [
        *_authority(),
        _position(),
        note,
        *when("signature.name", paragraph("SignName", "{{ signature.name }}")),
    ]
    rows = [row(cell(left, *secretary), cell(right, *chair))]
    return [table((left, right), rows, borders=False)]


def team_signatures() -> list[Xml]:
    """Return the signatures of the tally team, its head on the right."""
    half = PORTRAIT.text_width / 2
    note = paragraph("SignNote", "(Ký, ghi rõ họ tên)")

    def names(condition: str) -> list[Xml]:
        name = paragraph("SignName", "{{ person.name }}")
        return loop("person in team", *when(condition, name))

    members = [
        paragraph("Sign", "THÀNH VIÊN"),
        note,
        *names("not loop.first"),
        *check(),
    ]
    leader = [paragraph("Sign", "TRƯỞNG BAN KIỂM PHIẾU"), note, *names("loop.first")]
    rows = [row(cell(half, *members), cell(half, *leader))]
    return [table((half, half), rows, borders=False)]


def confirmation_signatures() -> list[Xml]:
    """Return the unit's confirmation on the left, the author's signature right."""
    left = PORTRAIT.text_width - _DATED
    unit = [
        paragraph("Sign", "XÁC NHẬN CỦA ĐƠN VỊ"),
        *when("confirmation.text", paragraph("SignText", "{{ confirmation.text }}")),
        paragraph("Sign", "{{ confirmation.position }}"),
        *when("confirmation.name", paragraph("SignName", "{{ confirmation.name }}")),
    ]
    author = [
        paragraph("SignDate", "{{ place_date }}"),
        paragraph("Sign", "TÁC GIẢ (NHÓM TÁC GIẢ)"),
        paragraph("SignNote", "(Ký, ghi rõ họ tên)"),
        *when("representative", paragraph("SignName", "{{ representative }}")),
    ]
    rows = [row(cell(left, *unit), cell(_DATED, *author))]
    return [table((left, _DATED), rows, borders=False)]


def matrix_table(
    before: Sequence[Column], after: Sequence[Column], width: float
) -> list[Xml]:
    """Return the table of a part of the score matrix, with a column a member.

    The members' columns get their width when the document is made: what the others
    leave of `width`, within reason.
    """

    def tag(kind: str, text: str) -> Xml:
        content = paragraph("Cell", f"{{%{kind} {text} %}}")
        return cell(FITTED_WIDTH, content, span=span if kind == "tr" else 1)

    def around(cells: list[Xml], each: str) -> list[Xml]:
        return [tag("tc", f"for {each}"), *cells, tag("tc", "endfor")]

    def heads(columns: Sequence[Column]) -> list[Xml]:
        return [
            cell(column.width, paragraph("CellHead", column.heading), vertical="center")
            for column in columns
        ]

    def texts_of(columns: Sequence[Column]) -> list[Xml]:
        return [
            cell(column.width, paragraph(column.style, column.text))
            for column in columns
        ]

    span = len(before) + len(after) + 3
    name = cell(
        FITTED_WIDTH,
        paragraph("CellHeadSmall", "{{ member.name }}"),
        vertical="center",
        upright=True,
        tight=True,
    )
    score = cell(FITTED_WIDTH, paragraph("CellScore", "{{ score }}"), tight=True)
    rows = [
        row(
            *heads(before),
            *around([name], "member in part.members"),
            *heads(after),
            header=True,
            height=38,
        ),
        row(tag("tr", "for row in part.entries")),
        row(
            *texts_of(before),
            *around([score], "score in row.scores"),
            *texts_of(after),
        ),
        row(tag("tr", "endfor")),
    ]
    widths = [column.width for column in before]
    widths += [FITTED_WIDTH] * 3
    widths += [column.width for column in after]
    return [table(widths, rows, borders=True, caption=f"{FIT_CAPTION} {width:g}")]


def certificate_head() -> list[Xml]:
    """Return national name and motto in the middle of a certificate, on a new page."""
    motto = STYLES["CertificateMotto"]
    return [
        *when(
            "loop.first",
            paragraph("CertificateNation", nd30.NATION),
            otherwise=[paragraph("CertificateNation", nd30.NATION, new_page=True)],
        ),
        paragraph(
            "CertificateMotto",
            nd30.MOTTO,
            line_under(nd30.MOTTO, motto.size, 1, bold=True),
        ),
    ]


def certificate_end() -> list[Xml]:
    """Return decision and register number on the left, the signature on the right."""
    half = (CERTIFICATE.text_width - _CERTIFICATE_RIGHT) / 2
    notes = [
        paragraph("CertificateNote", "{{ decision_line }}", before=18),
        *when(
            "copy.register_number",
            paragraph("CertificateNote", "Số vào sổ: {{ copy.register_number }}"),
        ),
        *check(),
    ]
    signed = _signature(is_form=True, name_style="CertificateName")
    rows = [row(cell(half, *notes), cell(half, *signed))]
    return [table((half, half), rows, borders=False)]


def annex(title_text: str, page: Page = PORTRAIT) -> list[Xml]:
    """Return the end of the document proper and the head of its annex.

    The annex is a section of its own, with page numbers of its own.

    :param page: of the document proper
    """
    return [
        paragraph("SectionEnd", section=page.section()),
        paragraph("AnnexTitle", "Phụ lục"),
        paragraph("AnnexSubject", title_text),
        paragraph(
            "AnnexLine", '{{ annex_line|lines("annex") }}', line_below(60, _SHARE)
        ),
    ]
