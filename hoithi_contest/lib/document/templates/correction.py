"""Công văn: corrects what is wrong in the form of an issued document."""

from . import blocks as b


def build() -> bytes:
    """Return the template."""
    return b.make(
        b.PORTRAIT,
        b.head(is_letter=True),
        b.addressees(),
        b.body("{{ agency.name }} đã ban hành {{ cured }}."),
        b.body(
            "Sau khi rà soát, {{ agency.name }} đính chính văn bản nêu trên như sau:",
            keep_next=True,
        ),
        b.texts("reasons"),
        b.closing("{{ closing }}"),
        b.signature(),
    )
