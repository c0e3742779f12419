import string
from datetime import date, datetime

import pytest

from ...council.voting import Majority
from ...document import wording


def test_dates_and_none():
    assert wording.day_words(date(2021, 8, 5)) == "ngày 05 tháng 8 năm 2021"
    assert (
        wording.moment_words(datetime(2021, 2, 25, 8, 5))
        == "08 giờ 05 phút, ngày 25 tháng 02 năm 2021"
    )
    assert wording.short_day(date(2021, 8, 5)) == "05/8/2021"
    assert (wording.day_words(None), wording.moment_words(None)) == ("", "")
    assert wording.short_day(None) == ""


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        (
            date(2020, 11, 1),
            date(2021, 9, 30),
            "Từ tháng 11 năm 2020 đến hết tháng 9 năm 2021",
        ),
        (date(2021, 3, 5), None, "Từ ngày 05 tháng 3 năm 2021"),
        (None, date(2021, 3, 5), "Đến hết ngày 05 tháng 3 năm 2021"),
        (None, None, ""),
    ],
)
def test_periods(start, end, words):
    assert wording.period_words(start, end) == words


def test_short_period():
    assert (
        wording.short_period(date(2020, 11, 1), date(2021, 9, 30)) == "11/2020 - 9/2021"
    )
    assert wording.short_period(None, None) == ""


def test_shares_and_money():
    assert wording.share(4, 5) == "80%"
    assert wording.share(2, 3) == "66,7%"
    assert wording.share(0, 0) == ""
    assert wording.money(1500000) == "1.500.000 đồng"
    assert wording.money(1500000, "") == "1.500.000"
    assert wording.money(0) == ""
    assert wording.prize_money(1500000, "VND") == "1.500.000"
    assert wording.prize_money(500, "USD") == "500 USD"
    assert wording.prize_total({"VND": 4500000, "USD": 500}) == "4.500.000; 500 USD"
    assert wording.prize_total({"VND": 0}) == ""
    assert (wording.currency("VND"), wording.currency("USD")) == ("đồng", "USD")


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (10, "1 KB"),
        (360_000, "352 KB"),
        (2**20 - 1, "1024 KB"),
        (2**20, "1,0 MB"),
        (1_300_000, "1,2 MB"),
        (100 * 2**20, "100,0 MB"),
    ],
)
def test_sizes(number, text):
    assert wording.size(number) == text


def test_joined():
    assert wording.joined([]) == ""
    assert wording.joined(["a", "", None]) == "a"
    assert wording.joined(["a", "b", "c"]) == "a, b và c"


def test_sentences():
    assert wording.sentence(" phát động ") == "Phát động."
    assert wording.sentence("Ở các lĩnh vực sau:") == "Ở các lĩnh vực sau:"
    assert wording.sentence("") == ""


def test_units():
    assert (
        wording.units_sentence(["Hội đồng", "Văn phòng"], ["các đơn vị"])
        == "Hội đồng và Văn phòng chủ trì, phối hợp với các đơn vị"
    )
    assert wording.units_sentence(["Văn phòng"], [None]) == "Văn phòng"
    assert wording.units_sentence([], ["a", "b"]) == "a và b"


def test_quorum():
    reached = wording.quorum_basis(4, 5, 2 / 3)
    assert "4/5 thành viên" in reached
    assert "đạt tỷ lệ tối thiểu 2/3; phiên họp hợp lệ" in reached
    assert "chưa đạt" in wording.quorum_basis(3, 5, 2 / 3)
    assert wording.quorum_basis(0, 0, 2 / 3) == ""


def test_majority():
    assert "2/3 số thành viên có mặt đồng ý" in wording.approval_basis(
        Majority(2 / 3, "present")
    )
    assert wording.approval_basis(Majority(0)) == ""
    approved = wording.vote_basis(4, 5, Majority(2 / 3))
    assert approved.startswith("4/5 thành viên có quyền biểu quyết đồng ý (80%), đạt")
    assert "chưa đạt" in wording.vote_basis(3, 5, Majority(2 / 3))
    assert wording.vote_basis(0, 0, Majority(2 / 3)) == ""
    rule = wording.quorum_rule(2 / 3, Majority(1 / 2))
    assert "ít nhất 2/3 số thành viên" in rule
    assert "ít nhất 1/2 số thành viên có quyền biểu quyết" in rule


def test_more_than_half_of_all_members():
    half = Majority(1 / 2, "all_members", more_than=True)
    basis = wording.approval_basis(half)
    assert "khi có trên 1/2 số thành viên Hội đồng đồng ý" in basis
    assert basis.endswith("không tham gia và vẫn tính vào mẫu số.")
    assert "chưa đạt tỷ lệ trên 1/2" in wording.vote_basis(3, 6, half)
    assert ", đạt tỷ lệ trên 1/2" in wording.vote_basis(4, 6, half)
    assert "có trên 1/2 số thành viên Hội đồng" in wording.quorum_rule(2 / 3, half)


def test_names():
    assert wording.session_name("", 2) == "phiên họp thứ 2"
    assert wording.session_name("Phiên toàn thể", 2) == "Phiên toàn thể"
    assert (
        wording.decision_line("77/QĐ-STNMT", date(2021, 8, 20))
        == "Quyết định số 77/QĐ-STNMT ngày 20 tháng 8 năm 2021"
    )
    assert wording.decision_line("", date(2021, 8, 20)) == ""


def test_every_blank_is_named():
    """Sentences are filled by name, so that their words may change places."""
    for name, text in vars(wording).items():
        if name.isupper() and isinstance(text, str):
            for _before, blank, _format, _conversion in string.Formatter().parse(text):
                assert blank is None or blank.isidentifier(), name
