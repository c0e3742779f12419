"""Công văn: asks an author to complete the dossier."""

from . import blocks as b


def build() -> bytes:
    """Return the template."""
    return b.make(
        b.PORTRAIT,
        b.head(is_letter=True),
        b.addressees(),
        b.body(
            "{{ agency.name }} đã nhận hồ sơ mã số {{ entry.code }}"
            "{{ ' (nộp ' ~ entry.submitted_on ~ ')' if entry.submitted_on else '' }}, "
            "giải pháp “{{ entry.title }}” của {{ entry.authors }} dự thi "
            "{{ contest.full_name }}."
        ),
        b.when(
            "reasons",
            *b.body(
                "Qua xem xét, đề nghị tác giả bổ sung, hoàn thiện các nội dung sau:",
                keep_next=True,
            ),
            *b.texts("reasons", "{{ loop.index }}. "),
        ),
        b.when(
            "missing",
            *b.body("Các thành phần hồ sơ còn thiếu:", keep_next=True),
            *b.texts("missing", "- "),
        ),
        b.body("Thời hạn bổ sung: trước {{ due }}."),
        b.body(
            "Hết thời hạn nêu trên mà hồ sơ chưa được bổ sung, hồ sơ được xem xét theo "
            "những tài liệu đã nộp."
        ),
        b.when("contact", b.paragraph("Body", "{{ contact }}")),
        b.closing("{{ agency.name }} đề nghị tác giả phối hợp thực hiện đúng thời hạn"),
        b.signature(),
    )
