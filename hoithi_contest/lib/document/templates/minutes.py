"""Biên bản họp: the minutes of a session of the council."""

from . import blocks as b


def _item() -> list[b.Xml]:
    return [
        b.paragraph(
            "Subsection", "{{ item.number }}. {{ item.title }} (mã số {{ item.code }})"
        ),
        b.paragraph("Body", "- Đơn vị: {{ item.unit }}. Lĩnh vực: {{ item.field }}."),
        *b.when("item.score", b.paragraph("Body", "- Điểm chung: {{ item.score }}.")),
        *b.when(
            "item.score_note",
            b.paragraph("Body", "- Điểm chung: {{ item.score_note }}."),
        ),
        *b.when(
            "item.recused",
            b.paragraph(
                "Body",
                "- Không tham gia thảo luận, biểu quyết do có xung đột lợi ích: "
                "{{ item.recused }}.",
            ),
        ),
        *b.when(
            "item.discussion",
            b.paragraph("Body", "- Ý kiến thảo luận:", keep_next=True),
            *b.texts("item.discussion", "+ "),
        ),
        *b.when(
            "item.restart",
            b.paragraph("Body", "- Biểu quyết lại, lý do: {{ item.restart }}"),
        ),
        *b.when(
            "item.early",
            b.paragraph("Body", "- Kiểm phiếu khi {{ item.early }}"),
        ),
        b.paragraph(
            "Body",
            "- Kết quả {{ item.votes }}. {{ item.basis }}",
        ),
        b.paragraph("Body", "- Kết luận: ", b.run("{{ item.outcome }}.", bold=True)),
        *b.texts("item.conclusion", "+ "),
    ]


def build() -> bytes:
    """Return the template."""
    return b.make(
        b.PORTRAIT,
        b.head(),
        b.title(),
        b.section("I. THỜI GIAN, ĐỊA ĐIỂM"),
        [
            b.paragraph("Body", "- Phiên họp: {{ session.name }} của {{ council }}."),
            b.paragraph("Body", "- Thời gian bắt đầu: {{ session.start }}."),
            b.paragraph("Body", "- Địa điểm: {{ session.place }}."),
        ],
        b.section("II. THÀNH PHẦN"),
        [
            b.paragraph("Body", "- Chủ trì: {{ session.chair }}."),
        ],
        b.when(
            "session.secretary",
            b.paragraph("Body", "- Thư ký: {{ session.secretary }}."),
        ),
        b.when(
            "present",
            *b.body(
                "- Thành viên có mặt ({{ present|length }} người):", keep_next=True
            ),
            *b.loop(
                "person in present",
                b.paragraph(
                    "Body",
                    "{{ loop.index }}. {{ person.name }}"
                    "{{ ', ' ~ person.position if person.position else '' }} - "
                    "{{ person.role }}",
                ),
            ),
        ),
        b.when(
            "absent",
            *b.body(
                "- Thành viên vắng mặt ({{ absent|length }} người):", keep_next=True
            ),
            *b.loop(
                "person in absent",
                b.paragraph(
                    "Body",
                    "{{ loop.index }}. {{ person.name }} - {{ person.role }}"
                    "{{ ' (' ~ person.reason ~ ')' if person.reason else '' }}",
                ),
            ),
            otherwise=b.body("- Thành viên vắng mặt: không."),
        ),
        b.when(
            "guests",
            *b.body("- Khách mời:", keep_next=True),
            *b.texts("guests", "+ "),
        ),
        b.body("- {{ session.quorum_basis }}"),
        b.when(
            "recusals",
            *b.body("- Xung đột lợi ích:", keep_next=True),
            *b.loop(
                "recusal in recusals",
                b.paragraph(
                    "Body",
                    "+ {{ recusal.member }}: hồ sơ {{ recusal.entry }} "
                    "({{ recusal.reason }}).",
                ),
            ),
        ),
        b.section("III. NỘI DUNG"),
        b.when(
            "report",
            *b.body("Thư ký Hội đồng báo cáo:", keep_next=True),
            *b.texts("report", "- "),
        ),
        b.body(
            "Hội đồng xem xét từng giải pháp, hình thức: {{ session.ballot_mode }}. "
            "{{ session.approval_basis }}"
        ),
        b.when(
            "discussion",
            *b.body("Ý kiến thảo luận chung:", keep_next=True),
            *b.texts("discussion", "+ "),
        ),
        b.loop("item in items", *_item()),
        b.when(
            "items",
            *[b.paragraph("Caption", "TỔNG HỢP KẾT QUẢ BIỂU QUYẾT")],
            *b.list_table(
                "row in items",
                (
                    b.Column("STT", 11, "{{ row.number }}", "CellCentre"),
                    b.Column("Mã hồ sơ", 20, "{{ row.code }}", "CellCentre"),
                    b.Column("Tên giải pháp", 56, "{{ row.title }}"),
                    b.Column(
                        "Điểm", 16, "{{ row.score }}", "CellCentre", optional=True
                    ),
                    b.Column(
                        "Đồng ý", 22, "{{ row.agree }}/{{ row.base }}", "CellCentre"
                    ),
                    b.Column("Tỷ lệ", 18, "{{ row.ratio }}", "CellCentre"),
                    b.Column("Kết quả", 22, "{{ row.outcome }}", "CellCentre"),
                ),
            ),
        ),
        [b.paragraph("Section", "IV. KẾT LUẬN", before=10)],
        b.texts("conclusion"),
        [
            b.paragraph(
                "Body",
                "Phiên họp kết thúc"
                "{{ ' lúc ' ~ session.end if session.end else '' }}. Biên bản đã được "
                "đọc lại cho những người có mặt cùng nghe và thống nhất./.",
                after=10,
                keep_next=True,
            )
        ],
        b.when(
            "digest",
            b.paragraph(
                "Digest",
                "Mã kiểm tra của sổ ghi các phiếu điểm và biểu quyết: {{ digest }}",
                keep_next=True,
            ),
        ),
        b.minutes_signatures(),
    )
