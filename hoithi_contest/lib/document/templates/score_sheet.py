"""Phiếu chấm điểm, and as its second form phiếu biểu quyết."""

from . import blocks as b


def _sheet() -> list[b.Xml]:
    facts = (
        ("Thành viên chấm", "{{ member.name }} - {{ member.role }}"),
        ("Mã hồ sơ", "{{ entry.code }}"),
        ("Tên giải pháp", "{{ entry.title }}"),
        ("Lĩnh vực dự thi", "{{ entry.field }}"),
    )
    blocks = [b.labelled(f"{label}:", text, "Field") for label, text in facts]
    blocks += [b.paragraph("Caption", "KẾT QUẢ CHẤM ĐIỂM")]
    blocks += b.list_table(
        "row in criteria",
        (
            b.Column("STT", 11, "{{ row.number }}", "CellCentre"),
            b.Column("Tiêu chí", 62, "{{ row.name }}"),
            b.Column("Điểm tối đa", 18, "{{ row.max }}", "CellCentre"),
            b.Column("Điểm chấm", 18, "{{ row.score }}", "CellCentre"),
            b.Column("Nhận xét", 56, "{{ row.comment }}"),
        ),
        ("", "Tổng điểm", "{{ max_total }}", "{{ total }}", ""),
    )
    for label, name in (
        ("Ưu điểm", "strengths"),
        ("Hạn chế", "weaknesses"),
        ("Nhận xét chung", "comment"),
    ):
        blocks += b.when(
            name,
            b.paragraph(
                "Field", b.run(f"{label}:", bold=True), before=6, keep_next=True
            ),
            *b.texts(name, style="Field"),
        )
    blocks.append(
        b.paragraph(
            "Field",
            b.run("Đề nghị: ", bold=True),
            "{{ recommendation }}",
            before=6,
            keep_next=True,
        )
    )
    blocks += b.when(
        "submitted_on",
        b.paragraph("Note", "Phiếu được gửi lúc {{ submitted_on }}.", before=6),
    )
    return blocks + b.single_signature()


def _ballot() -> list[b.Xml]:
    return [
        *b.body("Dùng tại {{ session }} của {{ council }}."),
        *b.body(
            "Đánh dấu X vào một trong hai ô của mỗi giải pháp. Phiếu không đánh dấu "
            "hoặc "
            "đánh dấu cả hai ô ở giải pháp nào thì không hợp lệ đối với giải pháp đó."
        ),
        *b.when(
            "items",
            *b.list_table(
                "row in items",
                (
                    b.NUMBER,
                    b.Column("Mã hồ sơ", 22, "{{ row.code }}", "CellCentre"),
                    b.Column("Tên giải pháp", 76, "{{ row.title }}"),
                    b.Column("Đồng ý", 26, "", "CellCentre"),
                    b.Column("Không đồng ý", 30, "", "CellCentre"),
                ),
            ),
        ),
        *b.when(
            "scopes",
            *b.body("Nội dung chọn phạm vi nhân rộng, đánh dấu X vào một ô:"),
            *b.list_table(
                "row in scopes",
                (
                    b.NUMBER,
                    b.Column("Mã hồ sơ", 20, "{{ row.code }}", "CellCentre"),
                    b.Column("Tên giải pháp", 45, "{{ row.title }}"),
                    b.Column("Toàn quốc", 18, "", "CellCentre"),
                    b.Column("Tỉnh", 15, "", "CellCentre"),
                    b.Column("Ngành", 16, "", "CellCentre"),
                    b.Column("Cơ quan", 17, "", "CellCentre"),
                    b.Column("Không nhân rộng", 23, "", "CellCentre"),
                ),
            ),
        ),
        *b.when(
            "is_secret",
            b.paragraph(
                "Note",
                "Phiếu kín: người bỏ phiếu không ghi tên, không ký tên.",
                before=8,
            ),
        ),
    ]


def build() -> bytes:
    """Return the template."""
    return b.make(
        b.PORTRAIT,
        b.head(is_form=True),
        b.title(),
        b.when("is_ballot", *_ballot(), otherwise=_sheet()),
    )
