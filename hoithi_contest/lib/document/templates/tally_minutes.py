"""Biên bản kiểm phiếu: the tally team's minutes of the votes."""

from . import blocks as b


def build() -> bytes:
    """Return the template."""
    counts = (
        ("Phát ra", 13.5, "issued"),
        ("Thu về", 13.5, "collected"),
        ("Hợp lệ", 13.5, "valid"),
        ("Không hợp lệ", 13.5, "invalid"),
        ("Đồng ý", 13.5, "agree"),
        ("Không đồng ý", 13.5, "disagree"),
        ("Không có ý kiến", 13.5, "abstain"),
        ("Tỷ lệ", 14, "ratio"),
    )
    return b.make(
        b.PORTRAIT,
        b.head(),
        b.title(),
        [
            b.labelled("Thời gian:", "{{ session.start }}."),
            b.labelled("Địa điểm:", "{{ session.place }}."),
            b.labelled("Phiên họp:", "{{ session.name }} của {{ council }}."),
            b.labelled("Chủ trì:", "{{ session.chair }}."),
        ],
        b.section("I. BAN KIỂM PHIẾU"),
        b.loop(
            "person in team",
            b.paragraph(
                "Body", "{{ loop.index }}. {{ person.name }} - {{ person.role }}"
            ),
        ),
        b.section("II. KẾT QUẢ KIỂM PHIẾU"),
        b.body("Hình thức: {{ session.ballot_mode }}."),
        b.body(
            "Số thành viên có quyền biểu quyết: {{ voting_count }}; có mặt: "
            "{{ present_count }}."
        ),
        b.body("{{ session.approval_basis }}"),
        b.list_or_none(
            "items",
            "row",
            (
                b.Column("STT", 11, "{{ row.number }}", "CellCentre"),
                b.Column("Giải pháp", 29.5, "{{ row.code }} - {{ row.title }}"),
                *(
                    b.Column(
                        label,
                        width,
                        f"{{{{ row.{name} }}}}",
                        "CellCentre",
                        "CellHeadSmall",
                        # where nobody may abstain, nothing is said of it
                        optional=name == "abstain",
                    )
                    for label, width, name in counts
                ),
                b.Column("Kết quả", 16, "{{ row.outcome }}", "CellCentre"),
            ),
            "(Không có giải pháp nào được bỏ phiếu)",
        ),
        b.loop(
            "row in items",
            *b.when(
                "row.recused",
                b.paragraph(
                    "Note",
                    "Hồ sơ {{ row.code }}: không bỏ phiếu do có xung đột lợi ích: "
                    "{{ row.recused }}.",
                    before=4,
                ),
            ),
        ),
        b.when("note", b.paragraph("Body", "{{ note }}", before=6)),
        [
            b.paragraph(
                "Body",
                "Biên bản được lập xong"
                "{{ ' lúc ' ~ session.end if session.end else '' }}, đã đọc lại cho "
                "các "
                "thành viên Ban kiểm phiếu cùng nghe và thống nhất./.",
                before=6,
                after=10,
                keep_next=True,
            )
        ],
        b.team_signatures(),
    )
