import warnings
from datetime import date
from io import BytesIO

import pytest
from matplotlib import _pylab_helpers
from PIL import Image

from ...document import charts

PNG = b"\x89PNG\r\n\x1a\n"
ROWS = [("Văn phòng Sở", 3), ("Chi cục Bảo vệ môi trường", 0), ("Phòng Đất đai", 12)]


def _size(picture):
    with Image.open(BytesIO(picture)) as image:
        return image.size


def _draw_all():
    return {
        "bars": charts.draw_bars("Hồ sơ theo đơn vị", ROWS),
        "timeline": charts.draw_timeline(
            "Tiến độ nộp hồ sơ",
            [(date(2021, 1, 1), 2), (date(2021, 2, 1), 0), (date(2021, 3, 1), 5)],
            "Trong tháng",
            "Lũy kế",
        ),
        "distribution": charts.draw_distribution(
            "Phân bố điểm", [50, 72.5, 100, 0], 100, "Điểm", "Hồ sơ", ("Sàn", 50)
        ),
    }


def test_pictures_of_the_page_width():
    for picture in _draw_all().values():
        assert picture.startswith(PNG)
        assert _size(picture)[0] == round(charts.WIDTH * charts.DPI)


def test_same_data_same_bytes():
    assert _draw_all() == _draw_all()


def test_every_letter_has_a_glyph():
    letters = "ăâđêôơư ẮẰẲẴẶ ấầẩẫậ ếềểễệ ốồổỗộ ớờởỡợ ứừửữự ỳỷỹỵ íìỉĩị áàảãạ"
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        charts.draw_bars(letters, [(letters[:30], 1), (letters[30:], 2)])


@pytest.mark.parametrize("rows", [[], [("Không có", 0)], [("A", 1)] * 60])
def test_any_number_of_rows(rows):
    assert charts.draw_bars("Tiêu đề", rows).startswith(PNG)


def test_more_rows_make_a_taller_picture():
    assert (
        _size(charts.draw_bars("", ROWS * 5))[1] > _size(charts.draw_bars("", ROWS))[1]
    )


def test_empty_timeline_and_distribution():
    assert charts.draw_timeline("", [], "a", "b").startswith(PNG)
    assert charts.draw_distribution("", [], 0, "", "").startswith(PNG)


def test_no_figure_is_kept():
    """Nothing is registered with pyplot, so that memory stays as it was."""
    for _turn in range(3):
        _draw_all()
    assert not _pylab_helpers.Gcf.get_all_fig_managers()


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (7, "7"), (72.5, "72,5"), (66.666, "66,67"), (12500, "12.500")],
)
def test_numbers_in_vietnamese(value, text):
    assert charts._number(value) == text


def test_long_names_leave_room():
    lines = charts._shorten("Chi cục " * 20).splitlines()
    assert len(lines) == 2
    assert all(len(line) <= charts.LABEL_LENGTH for line in lines)
    assert lines[1].endswith("…")
    assert charts._shorten("Văn phòng") == "Văn phòng"
