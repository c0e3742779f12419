import pytest

from ...guard import office_list
from ...guard.office_list import Line
from ...guard.workbook import LAST_ROW, BadWorkbook


def make_lines(count):
    return [Line(number, ["An"] + [None] * 39) for number in range(1, count + 1)]


def test_merged_cells_say_it_of_each_row():
    lines = [Line(1, ["An", "B"]), Line(2, [None, "C"]), Line(3, ["Chi", None])]
    sheet = office_list._dress(lines, {(1, 1): (LAST_ROW, 1)})
    assert [line.values[0] for line in sheet.lines] == ["An", "An", "Chi"]


def test_merged_cells_that_overlap_cost_little():
    spans = {(row, 1): (LAST_ROW, 1) for row in range(1, 1_001)}
    assert office_list._dress(make_lines(1_000), spans)
    spans = {(row, 1): (LAST_ROW, 1) for row in range(1, 3_001)}
    with pytest.raises(BadWorkbook, match="unpacked"):
        office_list._dress(make_lines(3_000), spans)
