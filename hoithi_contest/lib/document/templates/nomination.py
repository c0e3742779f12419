"""Tờ trình: nominates entries to the province, with their list as an annex."""

from . import blocks as b
from .ooxml import LANDSCAPE


def build() -> bytes:
    """Return the template."""
    return b.make(
        LANDSCAPE,
        b.head(),
        b.title(),
        b.addressees(),
        b.texts("opening"),
        b.body(
            "{{ agency.name }} trân trọng đề cử {{ entry_count }} giải pháp dự thi "
            "{{ contest.full_name }} (danh sách trích ngang tại Phụ lục kèm theo)."
        ),
        b.when(
            "enclosures",
            *b.body("Hồ sơ gửi kèm gồm:", keep_next=True),
            *b.loop(
                "line in enclosures",
                b.paragraph(
                    "Body",
                    "{{ loop.index }}. {{ line }}{{ '.' if loop.last else ';' }}",
                ),
            ),
        ),
        b.closing("{{ agency.name }} kính đề nghị quý cơ quan xem xét, tiếp nhận"),
        b.signature(),
        b.annex("DANH SÁCH TRÍCH NGANG CÁC GIẢI PHÁP ĐỀ CỬ DỰ THI"),
        b.list_or_none(
            "entries",
            "row",
            (
                b.NUMBER,
                b.Column("Tên giải pháp", 50, "{{ row.title }}"),
                b.Column("Tác giả", 32, "{{ row.authors }}"),
                b.Column(
                    "Chức vụ, phòng, đơn vị",
                    42,
                    "{{ row.positions ~ '; ' if row.positions else '' }}{{ row.unit }}",
                    optional=True,
                ),
                b.Column("Lĩnh vực", 26, "{{ row.field }}", optional=True),
                b.Column(
                    "Ngày, nơi áp dụng lần đầu",
                    30,
                    "{{ row.first_applied }}",
                    optional=True,
                ),
                b.Column(
                    "Kết quả cấp cơ sở",
                    21,
                    "{{ row.rank }}"
                    "{{ ' (' ~ row.score ~ ' điểm)' if row.score else '' }}",
                    optional=True,
                ),
                b.Column("Lý do đề cử", 40, "{{ row.reason }}", optional=True),
            ),
            "(Không có giải pháp nào)",
        ),
        b.loop(
            "text in formulas",
            *b.when(
                "loop.first",
                b.paragraph("Body", "{{ text }}", before=6),
                otherwise=b.body("{{ text }}"),
            ),
        ),
    )
