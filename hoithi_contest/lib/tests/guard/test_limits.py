import pytest

from ...guard.limits import read_limits


def test_limits_are_read_as_they_are_written():
    assert read_limits("20/15") == [(20, 15)]
    assert read_limits(" 20/15 ,60 / 1440") == [(20, 15), (60, 1440)]


@pytest.mark.parametrize(
    "text", [None, "", "x", "20", "0/15", "5/0", "20/15, x", "-1/5"]
)
def test_what_is_no_limit_is_none(text):
    assert read_limits(text) == []
