import itertools
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


@pytest.fixture(scope="module")
def drawn():
    return _draw_all()


def test_pictures_of_the_page_width(drawn):
    for picture in drawn.values():
        assert picture.startswith(PNG)
        assert _size(picture)[0] == round(charts.WIDTH * charts.DPI)


def test_same_data_same_bytes(drawn):
    assert drawn == _draw_all()


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


# WHAT THE PICTURES SHOW


@pytest.fixture
def figures(monkeypatch):
    """The figures of the pictures that a test draws, not yet pictures."""
    drawn = []

    def keep(figure, title):
        # lays the figure out, as for its picture
        figure.canvas.draw()
        drawn.append(figure)
        return b""

    monkeypatch.setattr(charts, "_finish", keep)
    return drawn


def _axes(figures):
    [axes] = figures.pop().axes
    return axes


def _texts(axes):
    return [text.get_text() for text in axes.texts]


def _labels(axis):
    return [label.get_text() for label in axis.get_ticklabels()]


def _is_below_the_data(axes):
    return axes.get_axisbelow() is True


def test_bars_are_in_order_with_their_values(figures):
    charts.draw_bars("Hồ sơ", [("Một", 3), ("Hai", 0), ("Ba", 12.5)], "%")
    axes = _axes(figures)
    assert not axes.get_title(), "the report prints it below"
    assert _labels(axes.yaxis) == ["Một", "Hai", "Ba"]
    assert [bar.get_width() for bar in axes.patches] == [3, 0, 12.5]
    assert _texts(axes) == ["3%", "0%", "12,5%"]
    middles = [bar.get_y() + bar.get_height() / 2 for bar in axes.patches]
    assert middles == pytest.approx([0, 1, 2]), "each beside its name"
    assert 0.5 <= axes.patches[0].get_height() < 1, "bars don't touch"
    bottom, top = axes.get_ylim()
    assert bottom > 2, "the last is below"
    assert top < 0, "the first is on top"
    left, right = axes.get_xlim()
    assert left == 0
    assert 12.5 * 1.05 < right < 12.5 * 1.3, "room for the value behind the longest"
    assert _is_below_the_data(axes)
    assert not axes.spines["top"].get_visible()
    assert not axes.spines["right"].get_visible()
    assert not axes.yaxis.get_gridlines()[0].get_visible()
    assert axes.xaxis.get_gridlines()[0].get_visible()


def test_no_text_lies_on_another(figures):
    """As many rows as a department has units."""
    rows = [(f"Chi cục số {number} của Sở Nông nghiệp", 100) for number in range(30)]
    charts.draw_bars("Hồ sơ", rows)
    figure = figures[-1]
    axes = _axes(figures)
    names = [label.get_window_extent() for label in axes.get_yticklabels()]
    for one, other in itertools.pairwise(names):
        assert one.ymin >= other.ymax
    values = [text.get_window_extent() for text in axes.texts]
    bars = [bar.get_window_extent() for bar in axes.patches]
    for value, bar in zip(values, bars, strict=True):
        assert 0 < value.xmin - bar.xmax < 10 * figure.dpi / 72
        assert value.xmax <= figure.bbox.xmax
        assert abs((value.ymin + value.ymax) - (bar.ymin + bar.ymax)) < bar.height


def test_ticks_are_whole_and_few(figures):
    for highest in (1, 3, 30, 12_500):
        charts.draw_bars("", [("A", highest)])
        axes = _axes(figures)
        ticks = [tick for tick in axes.get_xticks() if tick <= axes.get_xlim()[1]]
        assert all(tick == int(tick) for tick in ticks)
        assert 2 <= len(ticks) <= 7
    assert "10.000" in _labels(axes.xaxis)


def test_bars_of_nothing_have_a_scale(figures):
    charts.draw_bars("", [("A", 0)])
    assert _axes(figures).get_xlim() == (0, 1)
    charts.draw_bars("", [])
    assert _axes(figures).get_xlim() == (0, 1)


def test_the_line_of_a_timeline_is_the_sum(figures):
    days = [date(2021 + month // 12, month % 12 + 1, 1) for month in range(14)]
    charts.draw_timeline("Tiến độ", [(day, 1 + day.month) for day in days], "a", "b")
    axes = _axes(figures)
    counts = [1 + day.month for day in days]
    sums = list(itertools.accumulate(counts))
    assert not axes.get_title(), "the report prints it below"
    assert [bar.get_height() for bar in axes.patches] == counts
    assert [bar.get_x() + bar.get_width() / 2 for bar in axes.patches] == pytest.approx(
        range(14)
    )
    [line] = axes.lines
    assert (list(line.get_xdata()), list(line.get_ydata())) == (list(range(14)), sums)
    assert _texts(axes) == [charts._number(value) for value in sums]
    assert [text.xy for text in axes.texts] == list(enumerate(sums))
    assert all(text.xyann[1] > 0 for text in axes.texts), "above its point"
    assert {text.get_ha() for text in axes.texts} == {"center"}
    # of more than a year every second month is named
    assert _labels(axes.xaxis) == [f"{day:%m/%Y}" for day in days[::2]]
    bottom, top = axes.get_ylim()
    assert bottom == 0
    assert sums[-1] * 1.1 < top < sums[-1] * 1.3
    assert {text.get_text() for text in axes.get_legend().get_texts()} == {"a", "b"}
    assert (axes.containers[0].get_label(), line.get_label()) == ("a", "b")
    assert axes.get_legend().get_frame_on() is False
    assert _is_below_the_data(axes)
    assert all(tick == int(tick) for tick in axes.get_yticks())
    assert len(axes.get_yticks()) <= 8
    assert line.get_color() != axes.patches[0].get_facecolor()


def test_every_month_of_a_year_is_named(figures):
    days = [date(2021, month, 1) for month in range(1, 13)]
    charts.draw_timeline("", [(day, 0) for day in days], "a", "b")
    axes = _axes(figures)
    assert _labels(axes.xaxis) == [f"{day:%m/%Y}" for day in days]
    assert axes.get_ylim() == (0, 1)


def test_scores_are_counted_by_tenths_of_the_scale(figures):
    values = [0, 4.9, 5, 25, 49.9, 50, 50.1, -3, 60]
    charts.draw_distribution("Phân bố", values, 50, "Điểm", "Hồ sơ", ("Sàn", 25))
    axes = _axes(figures)
    assert not axes.get_title(), "the report prints it below"
    assert [bar.get_height() for bar in axes.patches] == [3, 1, 0, 0, 0, 1, 0, 0, 0, 4]
    assert [bar.get_x() for bar in axes.patches] == list(range(0, 50, 5))
    assert all(4 < bar.get_width() < 5 for bar in axes.patches)
    assert _texts(axes) == ["3", "1", "", "", "", "1", "", "", "", "4"]
    assert list(axes.get_xticks()) == list(range(0, 51, 5))
    assert _labels(axes.xaxis) == [str(value) for value in range(0, 51, 5)]
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("Điểm", "Hồ sơ")
    [line] = axes.lines
    assert set(line.get_xdata()) == {25}
    [name] = axes.get_legend().get_texts()
    assert name.get_text() == "Sàn"
    bottom, top = axes.get_ylim()
    assert bottom == 0
    legend, column = axes.get_legend(), axes.patches[-1]
    assert legend.get_window_extent().ymin > column.get_window_extent().ymax
    assert top < 4 * 2
    assert _is_below_the_data(axes)
    assert all(tick == int(tick) for tick in axes.get_yticks())


def test_a_distribution_without_a_mark_has_no_legend(figures):
    charts.draw_distribution("", [], 0, "", "")
    axes = _axes(figures)
    assert axes.get_legend() is None
    assert axes.get_ylim() == (0, 1)
    assert list(axes.get_xticks()) == list(range(11))


@pytest.mark.parametrize("count", [1, 12])
def test_pictures_are_as_high_as_their_rows(count):
    rows = [("Phòng", 1)] * count
    inches = _size(charts.draw_bars("", rows))[1] / charts.DPI
    assert 0.3 * count < inches - 0.8 < 0.45 * count + 0.2
    assert (
        _size(charts.draw_bars("", []))[1] == _size(charts.draw_bars("", rows[:1]))[1]
    )


def test_pictures_are_sharp_in_print():
    assert 140 <= charts.DPI <= 160
    assert charts.WIDTH * 25.4 == pytest.approx(160, abs=1), "A4 less its margins"


def test_a_picture_tells_nothing_of_the_server(drawn):
    with Image.open(BytesIO(drawn["bars"])) as image:
        assert "Software" not in image.info
