"""All kinds from their templates: what they print, and its layout in Word."""

import io
import zipfile

import pytest
from lxml import etree

from ...document import docx_template
from ...document.templates.build import FOLDER, build_all
from .cases import CASES, WORD_KINDS, render, template
from .layout_checks import check_layout

#: Fields that templates of departments may use, and those of the addon don't any more.
KEPT = {
    "certificate": {"holders", "holder_kind", "holder_unit", "register_number"},
}


def parts(data):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {
            name: etree.tostring(etree.fromstring(archive.read(name)), method="c14n")
            for name in archive.namelist()
        }


def test_committed_templates_are_what_the_code_makes():
    built = build_all()
    assert set(built) == set(FOLDER.glob("*.docx"))
    for path, content in built.items():
        hint = f"{path.name}: run python -m lib.document.templates in hoithi_contest"
        assert parts(path.read_bytes()) == parts(content), hint


def test_templates_are_made_the_same_each_time():
    assert build_all() == build_all()


@pytest.mark.parametrize("kind", WORD_KINDS, ids=lambda kind: kind.key)
def test_templates_name_only_what_their_kind_holds(kind):
    assert docx_template.check(template(kind), kind) == []


@pytest.mark.parametrize("kind", WORD_KINDS, ids=lambda kind: kind.key)
def test_templates_print_all_own_fields(kind):
    names = docx_template.placeholders(template(kind), kind)
    assert {field.name for field in kind.fields} - KEPT.get(kind.key, set()) <= names


@pytest.mark.parametrize("name", CASES)
def test_layout(name):
    kind, _, _ = CASES[name]
    assert check_layout(render(name), kind) == []
