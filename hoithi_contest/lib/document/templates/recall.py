"""Thông báo: takes an issued document back."""

from . import blocks as b


def build() -> bytes:
    """Return the template."""
    return b.make(
        b.PORTRAIT,
        b.head(),
        b.title(),
        b.body("{{ agency.name }} thông báo thu hồi {{ cured }}."),
        b.when(
            "reasons", *b.body("Lý do thu hồi:", keep_next=True), *b.texts("reasons")
        ),
        b.body(
            "Văn bản nêu trên không còn giá trị kể từ ngày ký Thông báo này. Cơ quan, "
            "đơn vị, cá nhân đã nhận bản giấy có trách nhiệm gửi lại; đã nhận bản điện "
            "tử thì hủy bỏ trên hệ thống và thông báo qua hệ thống để bên gửi biết."
        ),
        b.closing("{{ closing }}"),
        b.signature(),
    )
