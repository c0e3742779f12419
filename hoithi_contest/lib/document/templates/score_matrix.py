"""Bảng tổng hợp điểm: entries by members, on landscape paper."""

from . import blocks as b
from .ooxml import LANDSCAPE


def build() -> bytes:
    """Return the template."""
    return b.make(
        LANDSCAPE,
        b.head(LANDSCAPE, is_form=True),
        b.title(),
        b.loop(
            "part in parts",
            *b.when(
                "parts|length != 1",
                b.paragraph("Caption", "Bảng {{ loop.index }}/{{ parts|length }}"),
            ),
            *b.matrix_table(
                before=(
                    b.Column("STT", 11, "{{ row.number }}", "CellCentre"),
                    b.Column("Mã hồ sơ", 20.5, "{{ row.code }}", "CellCentre"),
                    b.Column("Tên giải pháp", 39.5, "{{ row.title }}"),
                ),
                after=(
                    b.Column("Điểm chung", 16, "{{ row.mean }}", "CellCentre"),
                    b.Column("Chênh lệch", 15, "{{ row.spread }}", "CellCentre"),
                    b.Column("Xếp hạng", 12, "{{ row.rank }}", "CellCentre"),
                ),
                width=LANDSCAPE.text_width,
            ),
        ),
        b.when("not parts", *b.body("(Chưa có điểm)")),
        b.loop(
            "text in formulas",
            *b.when(
                "loop.first",
                b.paragraph("Body", "{{ text }}", before=6),
                otherwise=b.body("{{ text }}"),
            ),
        ),
        b.when("rule", b.paragraph("Note", "{{ rule }}", before=6, keep_next=True)),
        b.signatures(
            b.Signer("THƯ KÝ", "{{ secretary }}"),
            b.Signer("{{ signature.position }}", "{{ chair }}", is_official=True),
            page=LANDSCAPE,
            dated=True,
        ),
    )
