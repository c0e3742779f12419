import datetime
import unicodedata
from itertools import accumulate, pairwise
from pathlib import Path

import pytest

from ...document import nd30
from ...document.nd30 import Recipient

DATE = datetime.date(2021, 8, 5)


def test_padded():
    assert [nd30.padded(n) for n in (0, 1, 9, 10, 123)] == [
        "0",
        "01",
        "09",
        "10",
        "123",
    ]


def test_letters_are_those_of_the_vietnamese_alphabet():
    letters = [nd30.letter(n) for n in range(1, 24)]
    assert letters[:7] == ["a", "b", "c", "d", "đ", "e", "g"]
    assert letters[-1] == "y"
    assert len(set(letters)) == 23
    # a contest may have as many fields
    assert [nd30.letter(n) for n in (24, 46, 47)] == ["aa", "yy", "aaa"]
    for position in (0, -1):
        with pytest.raises(ValueError, match="no point number"):
            nd30.letter(position)


@pytest.mark.parametrize(
    ("value", "digits", "expected"),
    [
        (85.25, None, "85,25"),
        (85.0, None, "85"),
        (82.5, 2, "82,50"),
        (1234567.5, 1, "1.234.567,5"),
        (0.005, 2, "0,01"),
        (2.675, 2, "2,68"),
        (-0.001, 2, "0,00"),
        (-1234.5, None, "-1.234,5"),
        (0, None, "0"),
        (1 / 3, None, "0,333333"),
    ],
)
def test_decimal(value, digits, expected):
    assert nd30.decimal(value, digits) == expected


def test_money_and_percent():
    assert nd30.money(1500000) == "1.500.000 đồng"
    assert nd30.money(999.5, "") == "1.000"
    assert nd30.percent(0.8) == "80%"
    assert nd30.percent(2 / 3) == "66,67%"
    assert nd30.percent(0.285, 1) == "28,5%"


@pytest.mark.parametrize(
    ("number", "symbol", "expected"),
    [
        (5, "KH-STNMT", "Số: 05/KH-STNMT"),
        ("15", "QĐ-STNMT", "Số: 15/QĐ-STNMT"),
        ("05a", "TB-STNMT", "Số: 05a/TB-STNMT"),
        ("9đ", "TB-STNMT", "Số: 09đ/TB-STNMT"),
        ("007", "TB-STNMT", "Số: 07/TB-STNMT"),
        (1601, "QĐ-UBND", "Số: 1601/QĐ-UBND"),
        (None, "KH-STNMT", "Số: \xa0\xa0\xa0\xa0\xa0/KH-STNMT"),
        ("", "KH-STNMT", "Số: \xa0\xa0\xa0\xa0\xa0/KH-STNMT"),
        (7, "", "Số: 07"),
    ],
)
def test_number_line(number, symbol, expected):
    assert nd30.number_line(number, symbol) == expected


def test_symbol():
    assert nd30.symbol("KH", "STNMT") == "KH-STNMT"
    assert nd30.symbol("", "STNMT", "VP") == "STNMT-VP"


@pytest.mark.parametrize(
    ("symbols", "expected"),
    [
        (("KH-STNMT",), "KH-STNMT"),
        (("QyĐ-STNMT ",), "QyĐ-STNMT"),
        (("BB-HĐSK",), "BB-HĐSK"),
        (("SY-STNMT", "SL-STNMT", "TrS-STNMT"), "SY-STNMT"),
        (("STNMT", "STNMT-VP", "STNMT-QLĐĐ", "STNMT-QLĐĐ-HC"), "STNMT"),
        (("TRS-A",), "TRS"),
        (("SY",), "SY"),
        (("",), ""),
    ],
)
def test_series(symbols, expected):
    assert {nd30.series(symbol) for symbol in symbols} == {expected}


def test_dates():
    assert nd30.date_words(DATE) == "ngày 05 tháng 8 năm 2021"
    assert nd30.date_words(DATE, pad_all_months=True) == "ngày 05 tháng 08 năm 2021"
    january = datetime.date(2021, 1, 31)
    assert nd30.date_words(january) == "ngày 31 tháng 01 năm 2021"
    assert nd30.short_date(DATE) == "05/8/2021"
    assert nd30.short_date(datetime.date(2020, 2, 9)) == "09/02/2020"
    assert nd30.month_words(DATE) == "tháng 8 năm 2021"
    moment = datetime.datetime(2021, 8, 5, 14, 5)
    assert nd30.moment_words(moment) == "14 giờ 05 phút, ngày 05 tháng 8 năm 2021"


def test_blank_dates():
    blank = nd30.blank_date_words(2020, 11)
    assert " ".join(blank.split()) == "ngày tháng 11 năm 2020"
    assert " ".join(nd30.blank_date_words(2020).split()) == "ngày tháng năm 2020"
    assert nd30.place_date("Bắc Kạn", blank).startswith("Bắc Kạn, ngày ")
    assert nd30.place_date("", nd30.date_words(DATE)).startswith("Ngày 05")
    for place in ("Bắc Kạn", ""):
        assert nd30.read_date(nd30.place_date(place, nd30.date_words(DATE))) == DATE
        assert nd30.read_date(nd30.place_date(place, blank)) is None


def test_periods():
    start = datetime.date(2020, 11, 1)
    whole = nd30.period_words(start, datetime.date(2021, 9, 30))
    assert whole == "Từ tháng 11 năm 2020 đến hết tháng 9 năm 2021"
    part = nd30.period_words(start, datetime.date(2021, 9, 29))
    assert part == "Từ ngày 01 tháng 11 năm 2020 đến hết ngày 29 tháng 9 năm 2021"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("PGS.TS. Nguyễn Văn A", "Nguyễn Văn A"),
        ("PGS. TS Nguyễn Văn A", "Nguyễn Văn A"),
        ("ThS. Ma Thị Thu", "Ma Thị Thu"),
        ("Ma Thị Thu, ThS.", "Ma Thị Thu"),
        ("Tiến sĩ  Ma Thị  Thu", "Ma Thị Thu"),
        ("Ông Ích Khiêm", "Ông Ích Khiêm"),
        ("Tsai Văn B", "Tsai Văn B"),
        ("", ""),
    ],
)
def test_plain_name(name, expected):
    assert nd30.plain_name(name) == expected


@pytest.mark.parametrize(
    ("prefix", "position", "behalf", "expected"),
    [
        ("KT.", "Phó Giám đốc", "Giám đốc", ("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC")),
        ("TL.", "Chánh Văn phòng", "Giám đốc", ("TL. GIÁM ĐỐC", "CHÁNH VĂN PHÒNG")),
        ("TUQ.", "Trưởng phòng", "Giám đốc", ("TUQ. GIÁM ĐỐC", "TRƯỞNG PHÒNG")),
        ("TM.", "Chủ tịch", "Hội đồng", ("TM. HỘI ĐỒNG", "CHỦ TỊCH")),
        ("Q.", "Giám đốc", "", ("", "Q. GIÁM ĐỐC")),
        ("", "Giám đốc", "", ("", "GIÁM ĐỐC")),
    ],
)
def test_signature(prefix, position, behalf, expected):
    signature = nd30.signature(prefix, position, "ThS. Ma Thị Thu", behalf)
    assert signature == (*expected, "Ma Thị Thu")


def test_a_deputy_signs_for_the_head_of_a_body_or_an_office():
    name = "Ma Thị Thu"
    for prefix, position, behalf, head, authority in (
        (
            *("TM.", "Phó Chủ tịch", "Ủy ban nhân dân", "Chủ tịch"),
            "TM. ỦY BAN NHÂN DÂN\nKT. CHỦ TỊCH",
        ),
        (
            *("TL.", "Phó Chánh Văn phòng", "Giám đốc", "Chánh Văn phòng"),
            "TL. GIÁM ĐỐC\nKT. CHÁNH VĂN PHÒNG",
        ),
        ("TM.", "Phó Chủ tịch", "Hội đồng", " ", "TM. HỘI ĐỒNG"),
    ):
        signature = nd30.signature(prefix, position, name, behalf, head)
        assert signature == (authority, position.upper(), name)


def test_signature_refuses_what_it_cannot_write():
    with pytest.raises(ValueError, match="no authority"):
        nd30.signature("PP.", "Phó Giám đốc", "A", "Giám đốc")
    with pytest.raises(ValueError, match="for whom"):
        nd30.signature("KT.", "Phó Giám đốc", "A")


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("1601/QĐ-UBND", "Quyết định"),
        ("13/2012/NĐ-CP", "Nghị định"),
        ("18/2013/TT-BKHCN", "Thông tư"),
        ("6704/BTCHT-LHH", "Văn bản"),
        ("91/2025/QH15", "Luật"),
        ("42", "Văn bản"),
    ],
)
def test_type_name(number, expected):
    assert nd30.type_name(number) == expected


def test_basis():
    assert nd30.basis(
        "1601/QĐ-UBND",
        datetime.date(2020, 9, 4),
        "Ủy ban nhân dân tỉnh Bắc Kạn",
        "Ban hành Kế hoạch tổ chức Hội thi;",
        "Thực hiện",
    ) == (
        "Thực hiện Quyết định số 1601/QĐ-UBND ngày 04 tháng 9 năm 2020 của Ủy ban nhân "
        "dân tỉnh Bắc Kạn về việc ban hành Kế hoạch tổ chức Hội thi"
    )
    decree = nd30.basis(
        "13/2012/NĐ-CP", None, "Chính phủ", "Ban hành Điều lệ Sáng kiến"
    )
    assert decree == (
        "Căn cứ Nghị định số 13/2012/NĐ-CP của Chính phủ ban hành Điều lệ Sáng kiến"
    )
    letter = nd30.basis("6704/BTCHT-LHH", None, "", "Về việc phát động Hội thi")
    assert letter.endswith("số 6704/BTCHT-LHH về việc phát động Hội thi")
    assert nd30.basis("1/QĐ-A", None, "", "") == "Căn cứ Quyết định số 1/QĐ-A"


@pytest.mark.parametrize(
    ("number", "subject", "expected"),
    [
        (
            "72/2025/QH15",
            "Tổ chức chính quyền địa phương",
            "Căn cứ Luật Tổ chức chính quyền địa phương {day}",
        ),
        (
            "72/2025/QH15",
            "Luật Tổ chức chính quyền địa phương;",
            "Căn cứ Luật Tổ chức chính quyền địa phương {day}",
        ),
        (
            "01/2025/UBTVQH15",
            "Chi phí tố tụng",
            "Căn cứ Pháp lệnh Chi phí tố tụng {day}",
        ),
        (
            "152/2025/NĐ-CP",
            "Về việc quy định phân cấp",
            "Căn cứ Nghị định số 152/2025/NĐ-CP {day} của X quy định phân cấp",
        ),
        (
            "43/NQ-QH15",
            "Chính sách hỗ trợ",
            "Căn cứ Nghị quyết số 43/NQ-QH15 {day} của X về việc chính sách hỗ trợ",
        ),
        (
            "",
            "chức năng, nhiệm vụ của Sở",
            "Căn cứ chức năng, nhiệm vụ của Sở",
        ),
    ],
)
def test_a_text_is_cited_by_what_it_is(number, subject, expected):
    """Decree 30/2020, annex I, part II, 6: laws and ordinances by name."""
    day = datetime.date(2025, 6, 16)
    expected = expected.format(day="ngày 16 tháng 6 năm 2025")
    assert nd30.basis(number, day, "X", subject) == expected


@pytest.mark.parametrize(
    ("kind", "number", "expected"),
    [
        ("Bộ luật", "91/2015/QH13", "Căn cứ Bộ luật Mẫu {day}"),
        ("Thể lệ", "", "Căn cứ Thể lệ {day} của X về việc mẫu"),
        ("Thông tư", "1/A", "Căn cứ Thông tư số 1/A {day} của X về việc mẫu"),
        (nd30.AS_WORDED, "1/A", "Căn cứ Mẫu"),
    ],
)
def test_a_text_is_cited_by_the_kind_that_is_given(kind, number, expected):
    day = datetime.date(2025, 6, 16)
    expected = expected.format(day="ngày 16 tháng 6 năm 2025")
    assert nd30.basis(number, day, "X", "Mẫu", kind=kind) == expected


def test_reference():
    day = "ngày 05 tháng 8 năm 2021"
    assert nd30.reference("KẾ HOẠCH", "05/KH-A", day) == f"Kế hoạch số 05/KH-A {day}"
    assert nd30.reference("", "7/A-VP", day, "Sở A", "Mời họp") == (
        f"Công văn số 7/A-VP {day} của Sở A về việc mời họp"
    )
    assert nd30.reference("GIẤY CHỨNG NHẬN", "", day) == f"Giấy chứng nhận {day}"
    # what is a name, or is abbreviated, isn't made small
    for subject in ("Hội thi sáng tạo", "Sở Nội vụ mới", "UBND xã", "Hội đồng xét"):
        told = nd30.reference("THÔNG BÁO", "7/TB-A", day, "", subject)
        assert told == f"Thông báo số 7/TB-A {day} về việc {subject}"
    told = nd30.reference("THÔNG BÁO", "7/TB-A", day, "", "Sở hữu trí tuệ")
    assert told.endswith("về việc sở hữu trí tuệ")


def test_basis_lines():
    assert nd30.basis_lines(["Căn cứ A,", " ", "Căn cứ B.", "Theo đề nghị C"]) == [
        "Căn cứ A;",
        "Căn cứ B;",
        "Theo đề nghị C.",
    ]
    assert nd30.basis_lines([]) == []


def test_recipients_of_the_plan():
    group = "Gửi bản điện tử"
    lines = nd30.recipient_lines(
        [
            Recipient("Liên hiệp các Hội KH&KT tỉnh", "report", group),
            Recipient("Lãnh đạo Sở", "", group),
            Recipient("Các phòng, đơn vị (t/h);", "implement", group),
            Recipient("Như trên"),
        ],
        "VT, VP (Hành).",
    )
    assert [(line["text"], line["is_heading"]) for line in lines] == [
        ("- Như trên;", False),
        ("Gửi bản điện tử:", True),
        ("- Liên hiệp các Hội KH&KT tỉnh (b/c);", False),
        ("- Lãnh đạo Sở;", False),
        ("- Các phòng, đơn vị (t/h);", False),
        ("- Lưu: VT, VP (Hành).", False),
    ]
    assert nd30.recipient_lines([], "") == [{"text": "- Lưu: VT.", "is_heading": False}]


def test_annex_line():
    number = nd30.full_number(7, "QĐ-STNMT")
    line = nd30.annex_line("QUYẾT ĐỊNH", number, nd30.date_words(DATE), "Sở A")
    assert line == (
        "(Kèm theo Quyết định số 07/QĐ-STNMT ngày 05 tháng 8 năm 2021 của Sở A)"
    )


def test_text_width():
    # As measured in Liberation Serif, which has the metrics of Times New Roman.
    width = nd30.text_width(nd30.NATION, 12, bold=True)
    assert width == pytest.approx(88.3, abs=0.1)
    assert nd30.text_width("ưở", 10) == nd30.text_width("ươ", 10)
    assert nd30.text_width("Ệ", 10) == nd30.text_width("E", 10)
    assert nd30.text_width("\N{GRINNING FACE}", 72) == pytest.approx(25.4)
    assert nd30.text_width("a", 12, italic=True) > nd30.text_width("a", 12)


def test_wrapped_and_balanced():
    text = "Hội đồng xét duyệt đề tài, sáng kiến, giải pháp công tác cấp cơ sở"
    wrapped = nd30.wrapped(text, 64, 12)
    lines = nd30.balanced(text, 64, 12)
    assert " ".join(wrapped) == " ".join(lines) == text
    assert len(lines) == len(wrapped)
    widths = [nd30.text_width(line, 12) for line in lines]
    assert max(widths) <= 64
    assert min(widths) > 0.6 * max(widths)
    assert nd30.wrapped("a" * 100, 10, 12) == ["a" * 100]
    assert nd30.wrapped("a  b", 10, 12) == ["a b"]
    assert nd30.balanced("", 10, 12) == []
    assert nd30.balanced("A\nB", 64, 12) == ["A", "B"]


def test_numbers_stay_beside_what_they_count():
    for width in range(20, 70):
        lines = nd30.balanced("Hội thi lần thứ VI ngày 05 tháng 8 năm 2021", width, 12)
        for line in lines:
            assert not line.endswith(("lần", "thứ", "ngày", "05", "tháng", "8", "năm"))


def test_years_stay_with_their_dash():
    for width in range(30, 70):
        lines = nd30.balanced("Hội thi sáng tạo lần thứ VI (2020 - 2021)", width, 12)
        assert any("2020 - 2021" in line for line in lines), width
    # between names it stays at the end of a line
    assert nd30.balanced("Một - hai", 12, 12) == ["Một -", "hai"]


def test_offices_and_names_stay_whole():
    for width in range(45, 90):
        text = "Phó Giám đốc Chi cục Biến đổi khí hậu, Phó Chủ tịch thường trực"
        joined = " / ".join(nd30.balanced(text, width, 14, bold=True))
        for word in ("Giám đốc", "Chi cục", "khí hậu", "Chủ tịch", "thường trực"):
            assert word in joined, (width, joined)


@pytest.mark.parametrize(
    "word",
    """máy bơm,phân bón,nước thải,bản đồ,thiên tai,lũ quét,không khí,trực tuyến,tra cứu,
    cây trồng,hữu cơ,chế tạo,viễn thám,Na Rì,Ba Bể,Chợ Đồn,Bạch Thông,Ngân Sơn,
    trí tuệ nhân tạo,xử lý nước thải""".replace("\n", "").split(","),
)
def test_common_words_stay_whole(word):
    word = word.strip()
    for text in (f"Giải pháp về {word} ở xã", f"GIẢI PHÁP VỀ {word.upper()} Ở XÃ"):
        for width in range(50, 110, 3):
            joined = " / ".join(nd30.balanced(text, width, 14, bold=True)).lower()
            assert word.lower() in joined, (width, joined)


def test_words_of_the_house_stay_whole():
    text = "Hạt Kiểm lâm Khau Bang và Trạm quan trắc Nà Pia"
    words = ["Khau Bang", "nà  pia", "Trạm", unicodedata.normalize("NFD", "kiểm lâm")]
    for width in range(40, 90):
        joined = " / ".join(nd30.balanced(text, width, 14, words=words))
        assert "Khau Bang" in joined and "Nà Pia" in joined
    assert any(
        "Khau / Bang" in " / ".join(nd30.balanced(text, width, 14))
        for width in range(40, 90)
    )
    # what doesn't fit a line is broken all the same
    assert len(nd30.balanced(text, 40, 14, words=[text])) > 1


def test_names_in_the_names_of_offices():
    assert nd30.proper_names(
        [
            "Hạt Kiểm lâm Na Rì",
            "Phòng Tài nguyên nước và Khoáng sản",
            "Sở Tài nguyên và Môi trường tỉnh Bắc Kạn",
            "Ban Quản lý Vườn quốc gia Ba Bể - Na Hang và Chợ Đồn",
            "UBND xã Yên Minh Hạ",
        ]
    ) == ["Na Rì", "Bắc Kạn", "Ba Bể", "Na Hang", "Chợ Đồn", "Yên Minh Hạ"]


def test_a_blank_day_stays_with_its_month():
    text = nd30.annex_line(
        "QUYẾT ĐỊNH",
        nd30.full_number(None, "QĐ-STNMT"),
        nd30.blank_date_words(2021, 9),
        "Sở Tài nguyên và Môi trường tỉnh Bắc Kạn",
    )
    lines = nd30.balanced(text, 125, 14)
    assert lines[1].startswith("ngày \xa0")
    assert "tháng 9 năm 2021 của" in lines[1]


def test_line_length():
    lines = ["SỞ TÀI NGUYÊN", "VÀ MÔI TRƯỜNG"]
    widest = max(nd30.text_width(line, 12, bold=True) for line in lines)
    length = nd30.line_length(lines, 12, 0.4, bold=True)
    assert widest / 3 <= length <= widest / 2
    assert nd30.line_length([], 12, 0.4) == 0


TITLES = (
    "Về việc thành lập Hội đồng xét duyệt đề tài, sáng kiến, giải pháp công tác",
    "Phát động Hội thi sáng tạo kỹ thuật tỉnh Bắc Kạn lần thứ VI tại Thái Nguyên",
    "ỦY BAN NHÂN DÂN THÀNH PHỐ HỒ CHÍ MINH",
)


@pytest.mark.parametrize("text", TITLES)
@pytest.mark.parametrize("width", [54, 72, 100, 142])
def test_words_of_several_syllables_stay_whole(text, width):
    lines = nd30.balanced(text, width, 12, bold=True)
    assert " ".join(lines) == text
    ends = {(a.split()[-1] + " " + b.split()[0]).lower() for a, b in pairwise(lines)}
    kept = {"đề tài", "sáng kiến", "giải pháp", "xét duyệt", "công tác", "cơ sở"}
    kept |= {"hội đồng", "sáng tạo", "kỹ thuật", "bắc kạn", "thái nguyên", "lần thứ"}
    kept |= {"môi trường", "tài nguyên", "nhân dân", "chí minh", "hồ chí", "ủy ban"}
    assert not {word.strip(",.") for word in ends} & kept


def read_titles():
    path = Path(__file__).with_name("titles.txt")
    lines = path.read_text("utf-8").splitlines()
    return [line for line in lines if line and line[0] != "#"]


@pytest.mark.parametrize("title", read_titles())
def test_no_title_breaks_inside_what_was_joined_by_hand(title):
    text = title.replace("_", " ")
    ends = set(accumulate(word.count("_") + 1 for word in title.split(" ")))
    names = nd30.proper_names([text])
    # from a narrow head to the whole width of a page
    for width in range(66, 170, 8):
        lines = nd30.balanced(text, width, 14, bold=True, words=names)
        assert " ".join(lines) == text
        assert set(accumulate(len(line.split(" ")) for line in lines)) <= ends, lines


def test_of_a_name_that_is_too_long_the_words_stay_whole():
    lines = nd30.balanced("CÔNG NGHỆ THÔNG TIN", 45, 14, bold=True)
    assert lines == ["CÔNG NGHỆ", "THÔNG TIN"]
