"""Báo cáo: the summary of the contest, with tables and charts."""

from . import blocks as b
from .ooxml import Xml

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
                    b.Column(
                        label,
                        16,
                        f"{{{{ row.{count} }}}}",
                        "CellCentre",
                        optional=count == "scored",
                    )
                    for label, count in _COUNTS
                ),
            ),
            (
                "",
                "Tổng cộng",
                *(f"{{{{ {name}|total('{count}') }}}}" for _, count in _COUNTS),
            ),
        ),
    )


def _entries(
    heading: str, name: str, last: tuple[str, str], widths: tuple[int, int, int, int]
) -> list[b.Xml]:
    """Return a list of entries.

    :param last: heading and field of the last column
    :param widths: of title, authors, unit and the last column, 140 mm in all
    """
    title, authors, unit, rest = widths
    return b.when(
        name,
        b.paragraph("Caption", heading),
        *b.list_table(
            f"row in {name}",
            (
                b.NUMBER,
                b.Column("Tên giải pháp", title, "{{ row.title }}"),
                b.Column("Tác giả", authors, "{{ row.authors }}"),
                b.Column("Phòng, đơn vị", unit, "{{ row.unit }}", optional=True),
                b.Column("Điểm", 14, "{{ row.score }}", "CellCentre", optional=True),
                b.Column(last[0], rest, f"{{{{ row.{last[1]} }}}}", optional=True),
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
            b.paragraph(
                "Caption", "Hoạt động tuyên truyền của các phòng, đơn vị, tổ chức"
            ),
            *b.list_table(
                "row in outreach",
                (
                    b.NUMBER,
                    b.Column("Phòng, đơn vị, tổ chức", 94, "{{ row.unit }}"),
                    b.Column("Số hoạt động", 30, "{{ row.activities }}", "CellCentre"),
                    b.Column("Lượt người", 30, "{{ row.reach }}", "CellCentre"),
                ),
                (
                    "",
                    "Tổng cộng",
                    "{{ outreach|total('activities') }}",
                    "{{ outreach|total('reach') }}",
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
                    b.Column("Nhiệm vụ", 48, "{{ row.text }}"),
                    b.Column(
                        "Thời gian", 24, "{{ row.period }}", "CellCentre", optional=True
                    ),
                    b.Column("Đơn vị thực hiện", 58, "{{ row.units }}", optional=True),
                    b.Column("Tình trạng", 22, "{{ row.state }}", "CellCentre"),
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
            b.paragraph(
                "Picture",
                "{{ chart.image }}",
                Xml("<w:r><w:br/></w:r>"),
                "Biểu đồ {{ loop.index }}. {{ chart.title }}",
            ),
        ),
        _entries(
            "Các giải pháp được chọn",
            "selected",
            ("Kết quả", "rank"),
            (54, 32, 30, 24),
        ),
        _entries(
            "Các giải pháp không được chọn",
            "rejected",
            ("Lý do", "reason"),
            (42, 26, 24, 48),
        ),
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
