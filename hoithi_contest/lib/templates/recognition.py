"""Quyết định: recognises the results, with the list of entries as its annex."""

from . import blocks as b


def build() -> bytes:
    """Return the template."""
    return b.make(
        b.PORTRAIT,
        b.head(),
        b.title(),
        [b.paragraph("IssuedBy", '{{ issued_by|lines("subject") }}')],
        b.bases(),
        [
            b.paragraph("Decides", "QUYẾT ĐỊNH:"),
            b.labelled(
                "Điều 1.",
                "Công nhận {{ entry_count }} giải pháp của các tác giả, nhóm tác giả "
                "trong {{ contest.full_name }} tại {{ agency.name }} (có danh sách kèm "
                "theo).",
            ),
        ],
        b.when(
            "reward",
            b.labelled("Điều 2.", "{{ reward }}"),
            otherwise=[
                b.labelled(
                    "Điều 2.",
                    "Các phòng, đơn vị tạo điều kiện để các giải pháp được áp dụng, "
                    "phổ "
                    "biến và nhân rộng.",
                )
            ],
        ),
        [b.labelled("Điều 3.", "Quyết định này có hiệu lực kể từ ngày ký.")],
        b.closing("{{ executors }} chịu trách nhiệm thi hành Quyết định này"),
        b.signature(),
        b.annex("CÁC GIẢI PHÁP ĐƯỢC CÔNG NHẬN"),
        b.list_or_none(
            "entries",
            "row",
            (
                b.NUMBER,
                b.Column("Tên giải pháp", 44, "{{ row.title }}"),
                b.Column("Tác giả", 30, "{{ row.authors }}"),
                b.Column("Phòng, đơn vị", 27, "{{ row.unit }}"),
                b.Column("Điểm", 13, "{{ row.score }}", "CellCentre"),
                b.Column("Xếp giải", 14, "{{ row.rank }}", "CellCentre"),
                b.Column("Mức thưởng (đồng)", 26, "{{ row.amount }}", "CellRight"),
            ),
            "(Không có giải pháp nào)",
            (
                "",
                "Tổng cộng: {{ entry_count }} giải pháp",
                "",
                "",
                "",
                "",
                "{{ amount_total }}",
            ),
        ),
    )
