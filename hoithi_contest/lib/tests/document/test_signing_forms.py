"""Every kind signed in every form: what stands above the name, and where."""

import io

import pypdfium2
import pytest
from docx import Document
from docx.oxml.ns import qn

from ...document import docx_template, nd30
from ...guard import pdf
from .cases import WORD_KINDS, template
from .contexts import FORMS, VARIANTS, signed
from .layout_checks import check_layout
from .test_templates_pdf import OUTPUT, TAKES_PICTURES

#: Whose signature is a person's, whatever the form: author, member, tally team.
_BY_PERSONS = ("registration", "receipt", "score_sheet", "tally_minutes")
OFFICIAL = [kind for kind in WORD_KINDS if kind.key not in _BY_PERSONS]
_SIGNS = ("Sign", "SignName", "CertificateName")


def filled(kind, form, variant):
    context = VARIANTS[variant](kind, kind.samples()[next(iter(kind.samples()))])
    context["signature"] = signed(form, is_long=variant == "hostile")
    if "chair" in context:
        context["chair"] = context["signature"]["name"]
    assert kind.problems(context) == []
    return context, docx_template.render(template(kind), context)


def read_signatures(data):
    """Return the lines of each signature: those of its authority, position and name."""
    found = []
    for cell in Document(io.BytesIO(data)).element.body.iter(qn("w:tc")):
        lines, is_signature = [], False
        for paragraph in cell.findall(qn("w:p")):
            style = paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
            if style is None or style.get(qn("w:val")) not in _SIGNS:
                continue
            is_signature = is_signature or style.get(qn("w:val")) != "Sign"
            text = "".join(
                "\n" if node.tag == qn("w:br") else node.text or ""
                for node in paragraph.iter(qn("w:t"), qn("w:br"))
            )
            lines += text.splitlines()
        if is_signature:
            found.append(lines)
    return found


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("kind", OFFICIAL, ids=lambda kind: kind.key)
def test_signed(kind, form):
    for variant in ("usual", "hostile"):
        context, data = filled(kind, form, variant)
        assert check_layout(data, kind) == [], variant
        told = context["signature"]
        *above, name = read_signatures(data)[-1]
        assert name == told["name"]
        # whole and in their order: for whom, in place of whom, the position
        expected = f"{told['authority']} {told['position']}".split()
        assert " ".join(above).split() == expected
        # each begins a line of its own
        for text in (*told["authority"].splitlines(), told["position"]):
            assert any(text.startswith(line) for line in above), (text, above)
        marks = [
            line for line in above if line.startswith(("TM.", "KT.", "TL.", "TUQ."))
        ]
        assert len(marks) == len(told["authority"].splitlines())
        # none wraps by itself, and none is torn inside a word of several syllables
        for line in above:
            assert nd30.text_width(line, 14, bold=True) <= 88
        for whole in ("GIÁM ĐỐC", "CHỦ TỊCH", "ỦY BAN", "NHÂN DÂN", "HỘI ĐỒNG"):
            assert "\n".join(above).count(whole) == " ".join(above).count(whole), whole


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("key", ["minutes", "score_matrix"])
def test_positions_side_by_side_are_at_one_height(key, form):
    """However many lines stand above the one of them."""
    (kind,) = (kind for kind in WORD_KINDS if kind.key == key)
    context, data = filled(kind, form, "usual")
    row = [
        row
        for row in Document(io.BytesIO(data)).element.body.iter(qn("w:tr"))
        if "THƯ KÝ" in "".join(node.text or "" for node in row.iter(qn("w:t")))
    ][-1]
    first = row.find(f"{qn('w:tc')}/{qn('w:p')}")
    spacing = first.find(f"{qn('w:pPr')}/{qn('w:spacing')}")
    lines = len(context["signature"]["authority"].splitlines())
    lines += key == "score_matrix"  # place and date
    before = 0 if spacing is None else int(spacing.get(qn("w:before"))) / 20
    assert lines * 15 <= before <= lines * 16.5


@pytest.fixture(scope="module")
def pages():
    """A kind of each layout in every form as PDF, with pictures of its last page where
    these are asked for."""
    kinds = {kind.layout: kind for kind in reversed(OFFICIAL)}
    OUTPUT.mkdir(parents=True, exist_ok=True)
    cases = {
        (kind.key, form): filled(kind, form, "hostile")
        for kind in kinds.values()
        for form in FORMS
    }
    made = pdf.convert({key: data for key, (_c, data) in cases.items()}, timeout=600)
    result = {}
    for (key, form), content in made.items():
        with pypdfium2.PdfDocument(content) as document:
            last = document[len(document) - 1]
            if TAKES_PICTURES:
                picture = last.render(scale=60 / 72).to_pil()
                picture.save(OUTPUT / f"{key}-signed-{form}.png")
            text = last.get_textpage().get_text_range()
        result[key, form] = cases[key, form][0]["signature"], text
    return result


@pytest.mark.conversion
@pytest.mark.parametrize("form", FORMS)
def test_a_signature_is_whole_on_the_last_page(pages, form):
    found = {key: page for (key, its_form), page in pages.items() if its_form == form}
    assert len(found) > 3
    for key, (told, text) in found.items():
        flat = " ".join(text.split())
        for part in (*told["authority"].splitlines(), told["position"], told["name"]):
            assert part in flat, (key, part)
