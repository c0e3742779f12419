"""Thông báo: tells an author the result, or the refusal with its reasons."""

from . import blocks as b


def build() -> bytes:
    """Return the template."""
    return b.make(
        b.PORTRAIT,
        b.head(),
        b.title(),
        b.addressees(),
        b.body(
            "{{ agency.name }} thông báo kết quả "
            "{{ 'kiểm tra hồ sơ' if is_ineligible else 'xét duyệt' }} giải pháp "
            "“{{ entry.title }}” "
            "(mã số {{ entry.code }}"
            "{{ ', lĩnh vực ' ~ entry.field if entry.field else '' }}) của "
            "{{ entry.authors }}{{ ', ' ~ entry.unit if entry.unit else '' }} dự thi "
            "{{ contest.full_name }} như sau:"
        ),
        b.when(
            "is_accepted",
            b.labelled("1. Kết quả:", "Giải pháp được chọn."),
            otherwise=[
                b.paragraph(
                    "Body",
                    b.run("1. Kết quả: ", bold=True),
                    "{{ 'Hồ sơ không đủ điều kiện dự thi.' if is_ineligible else "
                    "'Giải pháp không được chọn.' }}",
                )
            ],
        ),
        b.when("score", b.paragraph("Body", "- Điểm chung: {{ score }}.")),
        b.when("rank", b.paragraph("Body", "- Xếp hạng: {{ rank }}.")),
        b.when(
            "reasons",
            b.paragraph(
                "Body",
                b.run(
                    "2. Lý do {{ 'không đủ điều kiện' if is_ineligible else "
                    "'không được chọn' }}:",
                    bold=True,
                ),
                keep_next=True,
            ),
            *b.texts("reasons", "- "),
        ),
        b.when(
            "feedback",
            b.paragraph(
                "Body",
                b.run("{{ '3' if reasons else '2' }}. ", bold=True),
                b.run("Nhận xét của Hội đồng:", bold=True),
                keep_next=True,
            ),
            *b.texts("feedback", "- "),
        ),
        b.when("next_step", b.paragraph("Body", "{{ next_step }}")),
        b.when(
            "objection_due",
            b.paragraph(
                "Body",
                "Nếu không nhất trí với kết quả trên, tác giả gửi ý kiến bằng văn bản "
                "về "
                "{{ agency.name }} trước {{ objection_due }}.",
            ),
        ),
        b.closing("{{ agency.name }} thông báo để tác giả biết"),
        b.signature(),
    )
