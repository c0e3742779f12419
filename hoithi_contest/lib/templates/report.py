"""Báo cáo: the summary of the contest, with tables and charts."""

from . import blocks as b

_COUNTS = (
    ("Đăng ký", "registered"),
    ("Đủ điều kiện", "eligible"),
    ("Được chấm", "scored"),
    ("Được chọn", "selected"),
    ("Đề cử", "nominated"),
    ("Đạt giải", "awarded"),
)


def _counts(caption: str, heading: str, name: str) -> list[b.Xml]:
    return b.when(
        name,
        b.paragraph("Caption", caption),
        *b.list_table(
            f"row in {name}",
            (
                b.Column("STT", 11, "{{ loop.index }}", "CellCentre"),
                b.Column(heading, 58, "{{ row.name }}"),
                *(
                    b.Column(label, 16, f"{{{{ row.{count} }}}}", "CellCentre")
                    for label, count in _COUNTS
                ),
            ),
        ),
    )


def _entries(heading: str, name: str, last: tuple[str, str]) -> list[b.Xml]:
    return b.when(
        name,
        b.paragraph("Caption", heading),
        *b.list_table(
            f"row in {name}",
            (
                b.NUMBER,
                b.Column("Tên giải pháp", 54, "{{ row.title }}"),
                b.Column("Tác giả", 32, "{{ row.authors }}"),
                b.Column("Phòng, đơn vị", 30, "{{ row.unit }}"),
                b.Column("Điểm", 14, "{{ row.score }}", "CellCentre"),
                b.Column(last[0], 24, f"{{{{ row.{last[1]} }}}}"),
            ),
        ),
    )


def build() -> bytes:
    """Return the template."""
    return b.make(
        b.PORTRAIT,
        b.head(),
        b.title(),
        b.bases(),
        b.texts("opening"),
        b.section("I. CÔNG TÁC CHỈ ĐẠO, PHÁT ĐỘNG, TUYÊN TRUYỀN"),
        b.texts("launch"),
        b.when(
            "outreach",
            b.paragraph("Caption", "Hoạt động tuyên truyền của các phòng, đơn vị"),
            *b.list_table(
                "row in outreach",
                (
                    b.NUMBER,
                    b.Column("Phòng, đơn vị", 94, "{{ row.unit }}"),
                    b.Column("Số hoạt động", 30, "{{ row.activities }}", "CellCentre"),
                    b.Column("Số người tiếp cận", 30, "{{ row.reach }}", "CellCentre"),
                ),
            ),
        ),
        b.when(
            "tasks",
            b.paragraph("Caption", "Kết quả thực hiện các nhiệm vụ của Kế hoạch"),
            *b.list_table(
                "row in tasks",
                (
                    b.Column("Mục", 13, "{{ row.number }}", "CellCentre"),
                    b.Column("Nhiệm vụ", 58, "{{ row.text }}"),
                    b.Column("Thời gian", 28, "{{ row.period }}", "CellCentre"),
                    b.Column("Đơn vị thực hiện", 40, "{{ row.units }}"),
                    b.Column("Tình trạng", 26, "{{ row.state }}", "CellCentre"),
                ),
            ),
        ),
        [b.paragraph("Section", "II. KẾT QUẢ", before=10)],
        b.texts("results"),
        b.when(
            "figures",
            b.paragraph("Caption", "Số liệu chính"),
            *b.list_table(
                "row in figures",
                (
                    b.Column("STT", 11, "{{ loop.index }}", "CellCentre"),
                    b.Column("Chỉ tiêu", 94, "{{ row.name }}"),
                    b.Column("Số liệu", 60, "{{ row.value }}", "CellRight"),
                ),
            ),
        ),
        _counts("Hồ sơ theo phòng, đơn vị", "Phòng, đơn vị", "by_unit"),
        _counts("Hồ sơ theo lĩnh vực", "Lĩnh vực", "by_field"),
        _counts("Hồ sơ theo loại giải pháp", "Loại giải pháp", "by_type"),
        b.loop(
            "chart in charts",
            b.paragraph("Picture", "{{ chart.image }}"),
            b.paragraph(
                "PictureCaption", "Biểu đồ {{ loop.index }}. {{ chart.title }}"
            ),
        ),
        _entries("Các giải pháp được chọn", "selected", ("Kết quả", "rank")),
        _entries("Các giải pháp không được chọn", "rejected", ("Lý do", "reason")),
        [b.paragraph("Section", "III. KHÓ KHĂN, TỒN TẠI VÀ NGUYÊN NHÂN", before=10)],
        b.when(
            "difficulties", *b.texts("difficulties", "- "), otherwise=b.body("Không.")
        ),
        b.when(
            "lessons",
            *b.section("IV. BÀI HỌC KINH NGHIỆM"),
            *b.texts("lessons", "- "),
        ),
        [b.paragraph("Section", "{{ 'V' if lessons else 'IV' }}. ĐỀ XUẤT, KIẾN NGHỊ")],
        b.when("proposals", *b.texts("proposals", "- "), otherwise=b.body("Không.")),
        b.closing("{{ closing }}"),
        b.signature(),
    )
