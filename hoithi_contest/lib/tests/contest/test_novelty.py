"""What novelty looks at, measured on pairs of solutions that were labelled by hand."""

from pathlib import Path
from typing import NamedTuple

import pytest

from ...contest import novelty
from ...guard.texts import fold, strip_marks

PAIRS = Path(__file__).parent / "data" / "novelty_pairs.txt"
RECALL, PRECISION = 0.9, 0.8


class Pair(NamedTuple):
    """Two solutions as (title, summary), and whether they are the same."""

    first: tuple[str, str]
    second: tuple[str, str]
    is_same: bool
    field: int


def read_pairs():
    """Return the labelled pairs; the head of the file tells how it is read."""
    pairs, fields = [], []
    for line in PAIRS.read_text(encoding="utf-8").splitlines():
        if line.startswith("##"):
            continue
        if line.startswith("# "):
            fields.append([])
            continue
        kind, title, summary = line.split("|")
        text = (title, summary)
        if kind == "B":
            fields[-1].append(text)
        else:
            pairs.append(Pair(fields[-1][-1], text, kind == "P", len(fields)))
    for number, texts in enumerate(fields, start=1):
        for place in (0, 2, 4):
            pairs.append(Pair(texts[place], texts[place + 1], False, number))
    return pairs


def is_alike(pair):
    likeness = novelty.get_likeness(
        novelty.get_words(*pair.first), novelty.get_words(*pair.second)
    )
    return likeness >= novelty.LIKENESS


def measure(pairs):
    """Return (recall, precision) of what is told of pairs."""
    told = [pair for pair in pairs if is_alike(pair)]
    right = sum(pair.is_same for pair in told)
    return right / sum(pair.is_same for pair in pairs), right / len(told)


def test_there_are_200_pairs_and_each_text_is_another():
    pairs = read_pairs()
    assert len(pairs) == 200
    assert sum(pair.is_same for pair in pairs) == 100
    texts = {text for pair in pairs for text in (pair.first, pair.second)}
    assert len(texts) == 240
    assert len({fold(summary) for _title, summary in texts}) == 240
    assert len({pair.field for pair in pairs}) == 10


def test_recall_and_precision():
    recall, precision = measure(read_pairs())
    assert recall >= RECALL
    assert precision >= PRECISION


@pytest.mark.parametrize("half", [0, 1])
def test_no_field_carries_the_others(half):
    """Half of the fields, which the threshold wasn't set by, are found as well."""
    recall, precision = measure([p for p in read_pairs() if p.field % 2 == half])
    assert recall >= RECALL - 0.05
    assert precision >= PRECISION - 0.05


def test_the_threshold_stands_on_a_plain():
    """A little more or less of it changes little."""
    pairs = read_pairs()
    for shift in (-2, 2):
        told = [
            pair
            for pair in pairs
            if novelty.get_likeness(
                novelty.get_words(*pair.first), novelty.get_words(*pair.second)
            )
            >= novelty.LIKENESS + shift
        ]
        assert sum(pair.is_same for pair in told) / 100 >= RECALL
        assert sum(pair.is_same for pair in told) / len(told) >= PRECISION


def test_accents_case_and_order_dont_matter():
    title, summary = read_pairs()[0].first
    words = novelty.get_words(title, summary)
    assert novelty.get_words(strip_marks(title).upper(), strip_marks(summary)) == words
    turned = " ".join(reversed(fold(summary).split(" ")))
    assert novelty.get_likeness(words, novelty.get_words(title, turned)) > 80


def test_stock_says_nothing():
    assert not novelty.get_words("Một số giải pháp nâng cao hiệu quả", "Hiện nay")
    assert novelty.get_likeness(novelty.get_words("Giải pháp", ""), {"nuoc"}) == 0
    # a phrase inside other words is no phrase
    assert "su" in novelty.get_words("Nâng cao su tự nhiên", "")


def test_a_long_text_isnt_like_everything():
    long = " ".join(
        summary for pair in read_pairs() for summary in (pair.first[1], pair.second[1])
    )
    words = novelty.get_words("Bản tổng hợp", long)
    assert len(words) <= novelty.SUMMARY_WORDS + 4


WALL = (
    "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\n"
    "Tên giải pháp:\nMô tả giải pháp kỹ thuật đã biết\n"
)
COPIED = (
    "Trạm đo đặt ở cửa cống gửi số liệu độ mặn về máy chủ mỗi mười lăm phút, khi vượt "
    "ngưỡng hệ thống tự nhắn tin cho tổ thủy nông để đóng cống kịp thời và lấy nước dự "
    "trữ cho cả khu vực phía trong đê bao đã khép kín từ năm trước"
)
OWN = (
    "Nhóm chúng tôi dựng khung tre quanh ao rồi phủ lưới, thả vịt con từ tuần thứ ba, "
    "tính ra mỗi lứa lãi thêm hai triệu đồng so với nuôi nhốt trong chuồng cũ của nhà"
)


def find_passages(first, second):
    return novelty.find_passages(novelty.split(first, "<"), novelty.split(second, ">"))


def test_what_is_copied_is_told_whatever_stands_around():
    first = novelty.get_text(f"{WALL}{OWN}.\n{COPIED}.")
    second = novelty.get_text(f"{WALL}Lời nói đầu. {strip_marks(COPIED).upper()}")
    prints = novelty.get_prints(first), novelty.get_prints(second)
    assert 40 < novelty.get_copied(*prints) < 75
    [passage] = find_passages(first, second)
    assert fold(first[slice(*passage.first)]) == fold(COPIED)
    assert fold(second[slice(*passage.second)]) == fold(COPIED)
    # the head of a form is nobody's
    others = novelty.get_text(WALL + OWN)
    assert not find_passages(others, second)
    assert novelty.get_copied(novelty.get_prints(others), prints[1]) == 0


def test_what_stands_in_many_texts_isnt_copied():
    prints = novelty.get_prints(COPIED)
    assert novelty.get_copied(prints, prints) == 100
    assert novelty.get_copied(prints, prints, prints) == 0


def test_fingerprints_fit_the_database_and_are_few():
    prints = novelty.get_prints(" ".join(f"chữ{n} số{n * 7}" for n in range(20_000)))
    assert len(prints) == novelty.MOST_PRINTS
    assert all(-(2**31) <= number < 2**31 for number in prints)


def test_passages_of_decomposed_letters_and_wide_gaps():
    import unicodedata

    first = novelty.get_text(unicodedata.normalize("NFD", COPIED))
    second = novelty.get_text("A.  " + COPIED.replace(" ", " \u00a0 "))
    [passage] = find_passages(first, second)
    assert passage.words == len(fold(COPIED).split())


def test_a_text_of_one_word_costs_no_time():
    assert find_passages("nước " * 3000, "nước " * 3000)


def test_a_long_passage_is_cut_between_words():
    text = "nước " * 500
    shown = novelty.cut(text, 0, len(text))
    assert len(shown) <= novelty.PASSAGE_LETTERS and shown.endswith("nước …")
    assert novelty.cut(text, 0, 4) == "nước"


def test_words_are_marked_where_they_stand():
    assert novelty.mark("Đo độ mặn, rồi báo.", {"man", "bao"}) == [
        ("Đo độ ", False),
        ("mặn", True),
        (", rồi ", False),
        ("báo", True),
        (".", False),
    ]
