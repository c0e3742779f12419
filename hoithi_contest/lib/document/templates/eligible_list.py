"""Thông báo: which entries take part."""

from . import blocks as b


def build() -> bytes:
    """Return the template."""
    return b.make(
        b.PORTRAIT,
        b.head(),
        b.title(),
        b.body(
            "{{ agency.name }} đã tiếp nhận {{ totals.received }} hồ sơ đăng ký dự thi "
            "{{ contest.full_name }}. Qua kiểm tra, có {{ totals.eligible }} hồ sơ đủ "
            "điều kiện, {{ totals.ineligible }} hồ sơ không đủ điều kiện, "
            "{{ totals.withdrawn }} hồ sơ do tác giả rút."
        ),
        b.when(
            "entries",
            *b.body("Danh sách hồ sơ đủ điều kiện dự thi:", keep_next=True),
            *b.list_table(
                "row in entries",
                (
                    b.NUMBER,
                    b.Column("Mã hồ sơ", 20, "{{ row.code }}", "CellCentre"),
                    b.Column("Tên giải pháp", 52, "{{ row.title }}"),
                    b.Column("Tác giả", 30, "{{ row.authors }}"),
                    b.Column("Phòng, đơn vị", 28, "{{ row.unit }}", optional=True),
                    b.Column("Lĩnh vực", 24, "{{ row.field }}", optional=True),
                ),
            ),
        ),
        b.when("next_step", b.paragraph("Body", "{{ next_step }}", before=6)),
        [
            b.paragraph(
                "Body",
                "{{ agency.name }} thông báo để các phòng, đơn vị và các tác giả "
                "biết./.",
                before=6,
                after=10,
                keep_next=True,
            )
        ],
        b.signature(),
    )
