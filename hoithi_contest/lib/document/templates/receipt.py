"""Giấy biên nhận: what was received of an author, when, and when the answer is due."""

from . import blocks as b


def build() -> bytes:
    """Return the template."""
    facts = (
        ("Số biên nhận", "receipt_number"),
        ("Thời điểm tiếp nhận", "received_on"),
        ("Người nộp hồ sơ", "entry.representative"),
        ("Tác giả, nhóm tác giả", "entry.authors"),
        ("Phòng, đơn vị", "entry.unit"),
        ("Mã hồ sơ", "entry.code"),
        ("Tên giải pháp", "entry.title"),
        ("Lĩnh vực dự thi", "entry.field"),
    )
    return b.make(
        b.PORTRAIT,
        b.head(is_form=True),
        b.title(),
        b.body("{{ agency.name }} đã nhận hồ sơ dự thi với các thông tin sau:"),
        [
            b.labelled(f"{label}:", f"{{{{ {name} }}}}", "Field")
            for label, name in facts
        ],
        [b.paragraph("Caption", "TÀI LIỆU ĐÃ NHẬN")],
        b.list_or_none(
            "files",
            "row",
            (
                b.NUMBER,
                b.Column("Thành phần hồ sơ", 40, "{{ row.name }}"),
                b.Column("Tên tệp", 42, "{{ row.file }}"),
                b.Column("Dung lượng", 20, "{{ row.size }}", "CellRight"),
                b.Column("Mã kiểm tra SHA-256", 52, "{{ row.sha256 }}", "CellSmall"),
            ),
            "(Không có tệp nào)",
        ),
        b.when(
            "missing",
            b.paragraph(
                "Body", b.run("Còn thiếu: ", bold=True), "{{ missing }}.", before=6
            ),
        ),
        [
            b.paragraph(
                "Body",
                b.run("Thời hạn trả lời kết quả: ", bold=True),
                "{{ answer_due }}.",
                before=6,
            ),
        ],
        b.when(
            "is_signed",
            b.paragraph(
                "Body",
                "Giấy biên nhận được lập thành 02 bản, mỗi bên giữ 01 bản.",
                after=10,
                keep_next=True,
            ),
            *b.signatures(
                b.Signer("NGƯỜI NỘP HỒ SƠ", "{{ entry.representative }}"),
                b.Signer("NGƯỜI NHẬN HỒ SƠ", "{{ receiver }}"),
                dated=True,
            ),
            otherwise=(
                b.paragraph(
                    "Body", "Biên nhận điện tử lập từ hồ sơ, không cần chữ ký."
                ),
            ),
        ),
    )
