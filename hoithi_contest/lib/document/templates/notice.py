"""Thông báo: reminds the units of registration and deadlines."""

from . import blocks as b


def build() -> bytes:
    """Return the template."""
    return b.make(
        b.PORTRAIT,
        b.head(),
        b.title(),
        b.texts("opening"),
        b.when(
            "units",
            *b.body("Tình hình đăng ký của các phòng, đơn vị như sau:", keep_next=True),
            *b.list_table(
                "row in units",
                (
                    b.NUMBER,
                    b.Column("Phòng, đơn vị", 74, "{{ row.name }}"),
                    b.Column("Đã đăng ký", 20, "{{ row.registered }}", "CellCentre"),
                    b.Column("Đang soạn", 20, "{{ row.drafts }}", "CellCentre"),
                    b.Column("Ghi chú", 40, "{{ row.note }}", optional=True),
                ),
                (
                    "",
                    "Tổng cộng",
                    "{{ units|total('registered') }}",
                    "{{ units|total('drafts') }}",
                    "",
                ),
            ),
        ),
        b.when(
            "deadlines",
            *b.body("Các mốc thời gian:", before=6, keep_next=True),
            *b.loop(
                "deadline in deadlines",
                b.paragraph("Body", "- {{ deadline.name }}: {{ deadline.moment }}."),
            ),
        ),
        b.when(
            "requests",
            *b.body("{{ agency.name }} yêu cầu:", before=6, keep_next=True),
            *b.texts("requests", "{{ loop.index }}. "),
        ),
        b.when("contact", b.paragraph("Body", "{{ contact }}")),
        b.closing("{{ closing }}"),
        b.signature(),
    )
