"""Quyết định: recognises the results, with the list of entries as its annex."""

from . import blocks as b


def _table(
    widths: tuple[float, ...],
    more: tuple[b.Column, ...] = (),
    total: tuple[str, ...] = (),
) -> list[b.Xml]:
    """Return the list of entries.

    :param widths: of title, authors, unit, score, prize and scope
    :param more: columns after these, with their `total`
    """
    title, authors, unit, score, prize, scope = widths
    count = "Tổng cộng: {{ entry_count }} giải pháp"
    return b.list_or_none(
        "entries",
        "row",
        (
            b.NUMBER,
            b.Column("Tên giải pháp", title, "{{ row.title }}"),
            b.Column("Tác giả", authors, "{{ row.authors }}"),
            b.Column("Phòng, đơn vị", unit, "{{ row.unit }}", optional=True),
            b.Column("Điểm", score, "{{ row.score }}", "CellCentre", optional=True),
            b.Column("Xếp giải", prize, "{{ row.rank }}", "CellCentre", optional=True),
            b.Column(
                "Phạm vi nhân rộng",
                scope,
                "{{ row.scope }}",
                "CellCentre",
                optional=True,
            ),
            *more,
        ),
        "(Không có giải pháp nào)",
        ("", count, "", "", "", "", "", *total),
    )


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
                "trong {{ contest.full_name }} tại {{ agency.name }} (danh sách tại "
                "Phụ lục kèm theo).",
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
        b.annex("DANH SÁCH CÁC GIẢI PHÁP ĐƯỢC CÔNG NHẬN"),
        b.when(
            "amount_total",
            *_table(
                (36, 27, 24, 12, 13, 18),
                (b.Column("Mức thưởng (đồng)", 24, "{{ row.amount }}", "CellRight"),),
                ("{{ amount_total }}",),
            ),
            otherwise=_table((48, 31, 28, 13, 15, 19)),
        ),
        b.when(
            "side_awards",
            *b.body("Giải thưởng cho cá nhân, đơn vị:", before=6, keep_next=True),
            *b.list_table(
                "row in side_awards",
                (
                    b.NUMBER,
                    b.Column("Giải thưởng", 42, "{{ row.prize }}"),
                    b.Column("Cá nhân, đơn vị", 46, "{{ row.holder }}"),
                    b.Column("Phòng, đơn vị", 40, "{{ row.unit }}", optional=True),
                    b.Column(
                        "Mức thưởng (đồng)",
                        26,
                        "{{ row.amount }}",
                        "CellRight",
                        optional=True,
                    ),
                ),
            ),
        ),
        b.when("digest", b.ledger_digest()),
    )
