"""Kế hoạch: the plan that launches the contest in the agency."""

from . import blocks as b


def build() -> bytes:
    """Return the template."""
    details = (
        ("Thời gian thực hiện", "task.period"),
        ("Đơn vị thực hiện", "task.units"),
        ("Kết quả hoạt động hoặc sản phẩm", "task.output"),
    )
    task = [
        b.paragraph(
            "Body", '{{ task.number ~ ". " if task.number else "- " }}{{ task.text }}'
        ),
        *b.loop(
            "point in task.points",
            b.paragraph(
                "Body", "{{ point.letter }}) {{ point.name }}: {{ point.text }}"
            ),
        ),
    ]
    for label, name in details:
        task += b.when(name, b.paragraph("Body", f"- {label}: {{{{ {name} }}}}"))
    return b.make(
        b.PORTRAIT,
        b.head(),
        b.title(),
        b.bases(),
        b.texts("opening"),
        b.section("I. MỤC ĐÍCH, YÊU CẦU"),
        b.texts("purposes", "{{ loop.index }}. "),
        b.section("II. {{ content_heading }}"),
        b.loop(
            "part in sections",
            b.paragraph("Subsection", "{{ part.number }}. {{ part.title }}:"),
            *b.texts("part.paragraphs", "- "),
            *b.loop("task in part.tasks", *task),
        ),
        b.loop(
            "part in further",
            b.paragraph("Section", "{{ part.number }}. {{ part.title }}"),
            *b.loop(
                "text in part.paragraphs",
                b.paragraph(
                    "Body",
                    "{{ loop.index ~ '. ' if loop.length > 1 else '' }}"
                    "{{ text|item if loop.length > 1 else text }}",
                ),
            ),
        ),
        b.section("{{ organisation_number or 'III' }}. TỔ CHỨC THỰC HIỆN"),
        b.texts("organisation", "{{ loop.index }}. "),
        b.closing("{{ closing }}"),
        b.signature(),
    )
