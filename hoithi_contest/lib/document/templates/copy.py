"""Bản sao: the form that stands below what is copied (Decree 30/2020, annex III)."""

from . import blocks as b


def build() -> bytes:
    """Return the template."""
    return b.make(
        b.PORTRAIT,
        b.when(
            "excerpt",
            *b.body("Trích {{ original }}:", keep_next=True),
            *b.texts("excerpt"),
        ),
        b.copy_head(),
        b.signature(),
    )
