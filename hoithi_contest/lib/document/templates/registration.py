"""Phiếu đăng ký dự thi: an entry's registration form with its description."""

from . import blocks as b


def build() -> bytes:
    """Return the template."""
    facts = (
        ("Mã hồ sơ", "entry.code", True),
        ("Tên giải pháp", "entry.title", False),
        ("Tên ngắn gọn", "entry.short_title", True),
        ("Lĩnh vực dự thi", "entry.field", False),
        ("Loại giải pháp", "entry.type", False),
        ("Hình thức dự thi", "entry.participant", False),
        ("Phòng, đơn vị", "entry.unit", False),
        ("Chủ đầu tư tạo ra giải pháp", "entry.investor", True),
        ("Ngày áp dụng thử", "entry.trial_applied", True),
        ("Ngày áp dụng lần đầu", "entry.first_applied", False),
        ("Nơi áp dụng", "entry.place", False),
        ("Mức độ mới", "entry.novelty_level", True),
        ("Hiệu quả tính được bằng tiền", "entry.benefit", True),
        ("Tình trạng bảo hộ sở hữu trí tuệ", "entry.protection", True),
        ("Thông tin cần được bảo mật", "entry.confidential", True),
        ("Khai báo việc sử dụng trí tuệ nhân tạo", "entry.ai_use", True),
        ("Liên hệ", "contact", True),
    )
    lines = []
    for label, name, is_optional in facts:
        line = b.labelled(f"{label}:", f"{{{{ {name} }}}}", "Field")
        lines += b.when(name, line) if is_optional else [line]
    return b.make(
        b.PORTRAIT,
        b.form_head(),
        b.photo(),
        b.title(),
        b.addressees(),
        b.section("I. THÔNG TIN CHUNG"),
        lines,
        [b.paragraph("Caption", "TÁC GIẢ, NHÓM TÁC GIẢ")],
        b.list_or_none(
            "authors",
            "row",
            (
                b.NUMBER,
                b.Column(
                    "Họ và tên",
                    38,
                    "{{ row.name }}"
                    "{{ ' (đại diện)' if row.is_representative else '' }}",
                ),
                b.Column(
                    "Ngày sinh", 23, "{{ row.birth_date }}", "CellCentre", optional=True
                ),
                b.Column(
                    "Giới tính", 14, "{{ row.gender }}", "CellCentre", optional=True
                ),
                b.Column("Chức vụ, nơi công tác", 37, "{{ row.position }}"),
                b.Column("Trình độ", 22, "{{ row.qualification }}", optional=True),
                b.Column("Tỷ lệ đóng góp", 20, "{{ row.share }}", "CellCentre"),
            ),
            "(Chưa có tác giả)",
        ),
        [b.paragraph("Section", "II. MÔ TẢ GIẢI PHÁP", before=10)],
        b.loop(
            "part in description",
            b.paragraph("Subsection", "{{ part.number }}. {{ part.heading }}"),
            *b.texts("part.paragraphs"),
        ),
        [b.paragraph("Section", "III. THÀNH PHẦN HỒ SƠ")],
        b.list_or_none(
            "dossier",
            "row",
            (
                b.NUMBER,
                b.Column("Thành phần", 80, "{{ row.name }}"),
                b.Column("Tệp đính kèm", 74, "{{ row.file or '(chưa có)' }}"),
            ),
            "(Không có tệp đính kèm)",
        ),
        [
            b.paragraph("Section", "IV. CAM ĐOAN", before=10),
            b.paragraph(
                "Body",
                "{{ commitment }}",
                after=10,
                keep_next=True,
            ),
        ],
        b.confirmation_signatures(),
        b.when(
            "authors|length > 1",
            b.paragraph("Caption", "CHỮ KÝ CỦA CÁC TÁC GIẢ", before=18),
            *b.list_table(
                "row in authors",
                (
                    b.NUMBER,
                    b.Column("Họ và tên", 84, "{{ row.name }}"),
                    b.Column("Chữ ký", 70, "", "SignCell"),
                ),
            ),
        ),
    )
