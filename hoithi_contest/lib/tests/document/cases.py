"""Every kind of document that Word prints, in every variant."""

from ...document import docx_template
from ...document.kind import Kind
from ...document.kinds import KINDS
from ...document.templates.build import FOLDER
from .contexts import VARIANTS

WORD_KINDS = [kind for kind in KINDS.values() if kind.layout != "workbook"]
#: By the case's name the kind, the form of its sample and the variant.
CASES = {
    "-".join(filter(None, (kind.key, form, variant))): (kind, form, variant)
    for kind in WORD_KINDS
    for form in kind.samples()
    for variant in VARIANTS
}


def template(kind: Kind) -> bytes:
    return (FOLDER / f"{kind.key}.docx").read_bytes()


def context(name: str) -> dict:
    kind, form, variant = CASES[name]
    return VARIANTS[variant](kind, kind.samples()[form])


def render(name: str) -> bytes:
    kind, _, _ = CASES[name]
    assert kind.problems(context(name)) == []
    return docx_template.render(template(kind), context(name))
