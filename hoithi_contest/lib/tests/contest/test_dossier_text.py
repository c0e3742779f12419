import io
import zipfile

import pytest
import xlwt
from docx import Document
from openpyxl import Workbook

from ...contest import dossier_text
from ...guard import apart, foreign

WORDS = "Trạm đo độ mặn ở cửa cống"


def save(document):
    output = io.BytesIO()
    document.save(output)
    return output.getvalue()


def make_pdf():
    canvas = pytest.importorskip("reportlab.pdfgen.canvas")
    output = io.BytesIO()
    page = canvas.Canvas(output)
    page.drawString(72, 700, "Tram do do man o cua cong")
    page.showPage()
    page.drawString(72, 700, "Trang hai")
    page.save()
    return output.getvalue()


def make_docx():
    document = Document()
    document.add_paragraph(WORDS)
    table = document.add_table(1, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "Ô trái", "Ô phải"
    return save(document)


def make_xlsx():
    workbook = Workbook()
    workbook.active.append([WORDS, 5])
    return save(workbook)


def make_xls():
    workbook = xlwt.Workbook()
    workbook.add_sheet("Trang").write(0, 0, WORDS)
    return save(workbook)


def make_zip(**members):
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name.replace("__", "/") + ".xml", data)
    return output.getvalue()


def test_word_with_its_tables():
    text = dossier_text.read(make_docx(), "docx")
    assert text.split("\n")[:3] == [WORDS, "Ô trái", "Ô phải"]


def test_all_pages_of_a_pdf():
    lines = dossier_text.read(make_pdf(), "pdf").split()
    assert " ".join(lines) == "Tram do do man o cua cong Trang hai"


@pytest.mark.parametrize(
    ("content", "extension"),
    [
        (make_xlsx(), "xlsx"),
        (
            make_zip(ppt__slides__slide1=f"<p><a><t>{WORDS}</t></a></p>".encode()),
            "pptx",
        ),
        (make_xls(), "xls"),
        (make_docx(), "docm"),
        *(
            (make_zip(content=f"<o><p>{WORDS}</p></o>".encode()), extension)
            for extension in ("odt", "ods", "odp")
        ),
        (WORDS.encode("utf-8-sig"), "txt"),
    ],
)
def test_other_kinds(content, extension):
    assert WORDS in dossier_text.read(content, extension)


@pytest.mark.conversion
def test_older_kinds_of_word(tmp_path):
    source = tmp_path / "ban.docx"
    source.write_bytes(make_docx())
    for extension in ("doc", "rtf"):
        folder = tmp_path / extension
        folder.mkdir()
        older = foreign.convert(
            source, folder, extension, 60, dossier_text.OFFICE_MEMORY
        )
        text = dossier_text.read(older.read_bytes(), extension, timeout=60)
        assert WORDS in text
        assert "Ô phải" in text


def test_without_libreoffice_it_is_told(monkeypatch):
    monkeypatch.setattr(foreign, "engine", lambda: None)
    with pytest.raises(apart.Failed):
        dossier_text.read(b"{\\rtf1 x}", "rtf")


def test_a_paragraph_is_read_in_its_order():
    content = make_zip(
        content=(
            "<o><h>Đầu <span>mục<!-- x --> một</span></h><p>Trạm <span>đo <a>độ</a>"
            "<s/>mặn</span><tab/>ở<line-break/>cửa"
            "<annotation><creator>Hà Thị</creator><p>Lời bên</p></annotation> cống"
            "<note-body><p>Chú thích</p></note-body></p>\n<p>Hết</p></o>"
        ).encode()
    )
    text = dossier_text.read(content, "odt")
    assert [line for line in text.split("\n") if line] == [
        "Đầu mục một",
        "Trạm đo độ mặn ở cửa cống",
        "Chú thích",
        "Hết",
    ]


@pytest.mark.parametrize(
    ("content", "extension"),
    [
        (b"", "pdf"),
        (b"%PDF-1.4 and then nothing", "pdf"),
        (b"PK no archive", "docx"),
        (make_docx()[:900], "docx"),
        (b"\xd0\xcf\x11\xe0", "doc"),
        (make_zip(word__document=b"<w><t>half"), "docx"),
    ],
)
def test_what_cant_be_read(content, extension):
    with pytest.raises(apart.Failed):
        dossier_text.read(content, extension)


def test_declared_entities_grow_to_nothing():
    bomb = (
        b'<!DOCTYPE w [<!ENTITY a "' + b"x" * 1000 + b'">'
        b'<!ENTITY b "' + b"&a;" * 1000 + b'"><!ENTITY c "' + b"&b;" * 1000 + b'">]>'
        b"<w><p><t>&c;</t></p></w>"
    )
    try:
        text = dossier_text.read(make_zip(word__document=bomb), "docx")
    except apart.Failed:
        text = ""
    assert len(text) < 2000


def test_a_long_text_is_cut_and_time_runs_out():
    line = f"<p><t>{WORDS} </t></p>" * 40_000
    content = make_zip(word__document=f"<w>{line}</w>".encode())
    assert len(dossier_text.read(content, "docx")) <= dossier_text.MOST
    with pytest.raises(apart.Failed):
        dossier_text.read(content, "docx", timeout=0)
