from datetime import date

import pytest

from ...contest.writing import (
    Day,
    parse_amount,
    parse_day,
    write_amount,
)


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1.234.567,5", 1_234_567.5),
        ("1,234,567.5", 1_234_567.5),
        ("1.500.000", 1_500_000),
        ("1,500,000", 1_500_000),
        ("1 500 000 đ", 1_500_000),
        ("1\u00a0500\u00a0000", 1_500_000),
        ("150000", 150_000),
        ("1.500", 1_500),
        ("1,500", 1_500),
        ("+500", 500),
        ("12,5", 12.5),
        ("0", 0),
        ("1,5 tỷ", 1_500_000_000),
        ("1.5 tỉ đồng", 1_500_000_000),
        ("1,500 tỷ", 1_500_000_000),
        ("1.500 tỷ", 1_500_000_000_000),
        ("1.234,5 triệu", 1_234_500_000),
        ("480 triệu", 480_000_000),
        ("480 TRIỆU ĐỒNG", 480_000_000),
        ("480tr", 480_000_000),
        ("480 triê\u0323u", 480_000_000),
        ("1 tỷ 200 triệu", 1_200_000_000),
        ("1 tỷ và 200 triệu đồng", 1_200_000_000),
        ("1 tỷ rưỡi", 1_500_000_000),
        ("2 triệu 500 nghìn", 2_500_000),
        ("350k", 350_000),
        ("350 ngàn", 350_000),
        ("１．５００．０００", 1_500_000),
        ("1500000 VND", 1_500_000),
        ("1.500.000₫", 1_500_000),
        ("1.500.000đ.", 1_500_000),
        ("1.500.000,-", 1_500_000),
        ("VNĐ 1.500.000", 1_500_000),
        ("1 triệu đồng chẵn", 1_000_000),
        ("khoảng 480 triệu đồng", 480_000_000),
        ("~480tr", 480_000_000),
        ("1tr5", 1_500_000),
        ("1 tỷ 2", 1_200_000_000),
        ("1 tỷ 200", 1_200_000_000),
        ("1 tỷ 050", 1_050_000_000),
        ("nửa tỷ", 500_000_000),
        ("5 trăm triệu", 500_000_000),
        ("1 tỷ 2 trăm triệu", 1_200_000_000),
        ("3 chục triệu", 30_000_000),
        ("15 vạn", 150_000),
        ("150 tr.đ", 150_000_000),
        ("150 trđ", 150_000_000),
        ("đ 1.500.000", 1_500_000),
        ("₫1.500.000", 1_500_000),
        ("500.000.000 đồng./.", 500_000_000),
        ("1,2 tỷ đồng/năm", 1_200_000_000),
        ("1.200.000 đ / 1 năm", 1_200_000),
        ("500 triệu đồng một năm", 500_000_000),
        ("500 triệu đồng mỗi năm", 500_000_000),
        ("gần 1 tỷ", 1_000_000_000),
        ("khoảng hơn 500 triệu", 500_000_000),
        ("ước đạt 1,5 tỷ đồng", 1_500_000_000),
        ("xấp xỉ 300 triệu", 300_000_000),
        (">= 100 triệu", 100_000_000),
        ("1.500.000.000 đồng (Một tỷ năm trăm triệu đồng)", 1_500_000_000),
        ("một tỷ rưỡi", 1_500_000_000),
        ("một tỷ hai", 1_200_000_000),
        ("một trăm triệu đồng", 100_000_000),
        ("năm trăm năm mươi lăm triệu", 555_000_000),
        ("một trăm linh tư nghìn", 104_000),
        ("mười lăm triệu", 15_000_000),
        ("hai mươi mốt triệu đồng một năm", 21_000_000),
        ("một tỷ hai trăm triệu ba trăm nghìn đồng", 1_200_300_000),
        ("1 tỷ hai trăm triệu", 1_200_000_000),
        ("1.050.000 (bằng chữ: một triệu không trăm năm mươi nghìn đồng)", 1_050_000),
        ("1.005.000đ (một triệu không trăm linh năm nghìn đồng chẵn)", 1_005_000),
        ("500 triệu (đồng)", 500_000_000),
        ("500 triệu (năm trăm triệu đồng)", 500_000_000),
        ("500 triệu đồng (làm lợi cho công ty)", 500_000_000),
        ("500 triệu đồng (dự kiến)", 500_000_000),
    ],
)
def test_amounts_in_every_usual_writing(text, amount):
    assert parse_amount(text) == amount


@pytest.mark.parametrize(
    "text",
    [
        "",
        "abc",
        "đồng",
        "tỷ",
        "nan",
        "inf",
        "1e9",
        "1.2.3",
        "1.500.00",
        "1.500,000.5",
        "9" * 40,
        "12 %",
        "--1",
        "-5",
        "1 tỷ 2 tỷ",
        "200 triệu 1 tỷ",
        "1 tỷ 25",
        "1 tỷ rưỡi 5",
        "1 tỷ 2 tỷ 3",
        "nửa",
        "1 trăm triệu rưỡi",
        "5 trăm triệu 5",
        "500-",
        "khoảng",
        "~-5",
        "10-20 triệu",
        "2 000 000 tỷ",
        "5 usd",
        ",5 tỷ",
        "dưới 500 triệu",
        "500 triệu đồng/tháng",
        "500 triệu (600 triệu)",
        "một trăm hai triệu",
        "hai ba triệu",
        "vài trăm triệu",
        # words whose bare letters are those of a number
        *("từ 100 triệu", "Từ 100 triệu đồng", "tu 100 trieu", "từ, 100 triệu"),
        *("từ.100 triệu", "năm 500 triệu", "làm 200 triệu", "sau 3 tỷ", "bà 1.000"),
        *("100 năm triệu", "1 tỷ năm", "500 triệu năm", "500 triệu 2 năm"),
        *("500 triệu hai năm", "từ trăm triệu", "từ tỷ", "từ mười triệu", "làm tỷ"),
        *("từ một tỷ", "500 triệu từ", "1,2 tỷ năm 2024", "500 triệu từ 2024"),
        # another amount in brackets
        *("500 (triệu)", "500 (triệu đồng)", "1,2 (tỷ đồng)", "500 (đơn vị: triệu)"),
        *("500 (nghìn)", "500 (USD)", "500 triệu (tháng)", "12 (%)", "500 (k)"),
        *("500 triệu (năm tỷ đồng)", "1.500.000 (một triệu đồng)", "500 (tr.đ)"),
    ],
)
def test_what_is_no_amount_is_refused(text):
    with pytest.raises(ValueError):
        parse_amount(text)


def test_an_amount_comes_back_as_it_was_written():
    for amount in (0, 7, 999, 1000, 12.5, 1500.75, 123456789, 10**15):
        assert parse_amount(write_amount(amount)) == amount
    assert write_amount(1_500_000.0) == "1.500.000"
    assert write_amount(1_234_567.5) == "1.234.567,5"


@pytest.mark.parametrize(
    "text",
    [
        "01/03/2025",
        "1/3/2025",
        "01-03-2025",
        "1.3.2025",
        "1 / 3 / 2025",
        "1/3/25",
        "2025-03-01",
        "2025/3/1",
        "0１/0３/２０２５",
        " ngày 1 tháng 3 năm 2025 ",
        "ngày 1/3/2025",
        "01/03/2025.",
        "Ngày 01 tháng 03 năm 2025",
        "1 tháng 3, 2025",
        "1\u20133\u20132025",
        "1- 3 -2025",
        "1,3,2025",
        "1\\3\\2025",
        "01032025",
        "20250301",
        "1/3/2025;",
        "mùng 1 tháng 3 năm 2025",
        "Ngày mồng 1/3/2025",
        "1 tháng ba năm 2025",
        "từ ngày 01/3/2025",
        "Thứ Bảy, ngày 1 tháng 3 năm 2025",
        "thứ 7 1/3/2025",
        "từ 01/3/2025 đến nay",
        "01/03/2025-nay",
        "01/03/2025 – nay.",
        "đưa vào sử dụng từ 1/3/2025",
    ],
)
def test_days_in_every_usual_writing(text):
    assert parse_day(text) == Day(date(2025, 3, 1), is_month=False)


@pytest.mark.parametrize(
    "text",
    [
        "3/2025",
        "03-2025",
        "2025-03",
        "tháng 3 năm 2025",
        "Tháng 3/2025",
        "tháng 3 2025",
        "T3/2025",
        "Th.03/2025",
        "3 / 2025",
        "tháng ba năm 2025",
        "tháng 3, năm 2025",
        "tháng 3/25",
        "từ tháng 3/2025",
        "khoảng tháng 3 năm 2025",
        "đầu tháng 3/2025",
        "từ tháng 3/2025 đến nay",
        "3/2025 đến nay",
        "3/2025 cho tới hiện nay",
        "áp dụng từ 3/2025",
        "Đã được áp dụng từ tháng 3 năm 2025 (đến nay)",
        "bắt đầu áp dụng: 3/2025",
    ],
)
def test_a_month_is_its_first_day(text):
    assert parse_day(text) == Day(date(2025, 3, 1), is_month=True)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2025",
        "năm 2025",
        "đến nay",
        "năm 2025 đến nay",
        "1/3/2025 đến 1/5/2025",
        "chưa áp dụng đến 3/2025",
        "đến tháng 3/2025",
        "2023-02-29",
        "02/29/2024",
        "30/2/2025",
        "13/2025",
        "hôm qua",
        "99999-01-01",
        "1/3/0025",
        "1/3/2025 8:00",
        "1/3",
        "3/25",
        "tháng mười ba năm 2025",
        "tháng giêng năm 2025",
        "cuối năm 2025",
        "quý I/2025",
        "32012025",
        "0103202",
    ],
)
def test_what_is_no_day_is_refused(text):
    with pytest.raises(ValueError):
        parse_day(text)


def test_the_years_that_a_date_may_have():
    assert parse_day("1/1/1900") == Day(date(1900, 1, 1), False)
    assert parse_day("31/12/2100") == Day(date(2100, 12, 31), False)
    for text in ("31/12/1899", "1/1/2101"):
        with pytest.raises(ValueError):
            parse_day(text)
