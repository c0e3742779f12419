"""Quyết định: the decision that establishes or renews the council."""

from . import blocks as b


def build() -> bytes:
    """Return the template."""
    return b.make(
        b.PORTRAIT,
        b.head(),
        b.title(),
        [b.paragraph("IssuedBy", '{{ issued_by|lines("subject") }}')],
        b.bases(),
        [b.paragraph("Decides", "QUYẾT ĐỊNH:")],
        [
            b.labelled(
                "Điều 1.",
                "{{ act|capitalize }} {{ council }} gồm các ông (bà) có tên sau:",
            )
        ],
        b.list_or_none(
            "members",
            "row",
            (
                b.NUMBER,
                b.Column("Họ và tên", 48, "{{ row.name }}"),
                b.Column("Chức vụ, đơn vị công tác", 64, "{{ row.position }}"),
                b.Column("Chức danh trong Hội đồng", 42, "{{ row.role }}"),
            ),
            "(Chưa có thành viên)",
        ),
        [
            b.paragraph(
                "Body", b.run("Điều 2. ", bold=True), "Nhiệm vụ của Hội đồng:", before=6
            )
        ],
        b.texts("duties", "{{ loop.index }}. "),
        b.when("quorum_rule", b.paragraph("Body", "{{ quorum_rule }}")),
        [
            b.labelled(
                "Điều 3.",
                "Quyết định này có hiệu lực kể từ ngày ký"
                "{{ ' và thay thế ' ~ replaces if replaces else '' }}.",
            ),
        ],
        b.closing("{{ executors }} chịu trách nhiệm thi hành Quyết định này"),
        b.signature(below=b.when("digest", b.ledger_digest())),
    )
