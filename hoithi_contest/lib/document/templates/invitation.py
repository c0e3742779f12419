"""Giấy mời: invites to a session of the council."""

from . import blocks as b


def build() -> bytes:
    """Return the template."""
    return b.make(
        b.PORTRAIT,
        b.head(),
        b.title(),
        b.when(
            "guests|length == 1",
            *b.body("{{ agency.name }} trân trọng kính mời: {{ guests[0] }}"),
            otherwise=[
                *b.body("{{ agency.name }} trân trọng kính mời:", keep_next=True),
                *b.loop(
                    "guest in guests",
                    b.paragraph("Body", "- {{ guest }}{{ '.' if loop.last else ';' }}"),
                ),
            ],
        ),
        b.body("Tới dự {{ session.name }} của {{ council }}."),
        [
            b.labelled("Chủ trì:", "{{ session.chair }}."),
            b.labelled("Thời gian:", "{{ session.start }}."),
            b.labelled("Địa điểm:", "{{ session.place }}."),
        ],
        b.when(
            "agenda",
            b.paragraph("Body", b.run("Nội dung:", bold=True), keep_next=True),
            *b.texts("agenda", "{{ loop.index }}. "),
        ),
        b.when(
            "entries",
            *b.body("Các giải pháp được xem xét:", keep_next=True),
            *b.list_table(
                "row in entries",
                (
                    b.NUMBER,
                    b.Column("Mã hồ sơ", 24, "{{ row.code }}", "CellCentre"),
                    b.Column("Tên giải pháp", 86, "{{ row.title }}"),
                    b.Column("Lĩnh vực", 44, "{{ row.field }}", optional=True),
                ),
            ),
        ),
        b.when("note", b.paragraph("Body", "{{ note }}", before=6)),
        [
            b.paragraph(
                "Body",
                "{{ agency.name }} rất mong sự có mặt đầy đủ, đúng thời gian của các "
                "đại "
                "biểu./.",
                before=6,
                after=10,
                keep_next=True,
            )
        ],
        b.signature(),
    )
