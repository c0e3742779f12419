from datetime import date, datetime, time, timedelta

import pytest

from ...guard.moments import (
    count_days,
    get_day_end,
    get_moment,
    get_work_end,
    measure_left,
    read,
    shift,
    write_day,
    write_moment,
    write_month,
)

HANOI = "Asia/Ho_Chi_Minh"
PARIS = "Europe/Paris"


def test_one_notation():
    assert write_moment(datetime(2026, 7, 30, 10), HANOI) == "17:00 30/07/2026"
    assert write_moment(datetime(2026, 12, 31, 17, 5, 59), HANOI) == "00:05 01/01/2027"
    assert write_moment(datetime(2026, 3, 1, 17), HANOI) == "00:00 02/03/2026"
    assert write_moment(datetime(2026, 7, 30, 10), PARIS) == "12:00 30/07/2026"
    assert write_moment(datetime(2026, 1, 30, 10), PARIS) == "11:00 30/01/2026"
    assert write_day(date(2026, 7, 3)) == "03/07/2026"
    assert write_month(date(2026, 7, 3)) == "07/2026"
    assert (write_moment(None, HANOI), write_day(None)) == ("", "")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2026-07-30", (date(2026, 7, 30), None)),
        (" 30/07/2026 ", (date(2026, 7, 30), None)),
        ("3/7/2026", (date(2026, 7, 3), None)),
        ("30/07/2026 16:30", (date(2026, 7, 30), time(16, 30))),
        ("30/07/2026 00:00", (date(2026, 7, 30), time(0))),
        ("16:30 30/07/2026", (date(2026, 7, 30), time(16, 30))),
        (" 8:05  3/7/2026", (date(2026, 7, 3), time(8, 5))),
        ("16:30 30/07/2026 17:00", None),
        ("2026-07-30 10:00:00", None),
        ("30.07.2026", None),
        ("soon", None),
        ("", None),
    ],
)
def test_reading_what_people_write(text, found):
    assert read(text) == found


@pytest.mark.parametrize(
    "text", ["31/02/2026", "2026-13-01", "30/07/2026 25:00", "17:60 30/07/2026"]
)
def test_no_such_day_or_hour(text):
    with pytest.raises(ValueError):
        read(text)


def test_what_is_written_is_read():
    moment = datetime(2026, 7, 30, 10)
    day, clock = read(write_moment(moment, PARIS))
    assert get_moment(day, clock, PARIS) == moment


def test_a_day_ends_at_midnight_of_its_zone():
    day = date(2026, 9, 30)
    assert get_day_end(day, HANOI) == datetime(2026, 9, 30, 16, 59, 59)
    assert get_day_end(day, "UTC") == datetime(2026, 9, 30, 23, 59, 59)
    # summer time ends on that Sunday, which has 25 hours
    sunday = date(2026, 10, 25)
    length = get_day_end(sunday, PARIS) - get_day_end(sunday - timedelta(1), PARIS)
    assert length == timedelta(hours=25)


@pytest.mark.parametrize(
    ("hour", "moment"),
    [
        (17, datetime(2026, 7, 30, 10)),
        (16.5, datetime(2026, 7, 30, 9, 30)),
        (0.25, datetime(2026, 7, 29, 17, 15)),
        (23, datetime(2026, 7, 30, 16)),
        (23.75, datetime(2026, 7, 30, 16, 45)),
        (24, datetime(2026, 7, 30, 16, 59, 59)),
        (24.5, datetime(2026, 7, 30, 16, 59, 59)),
        (23.999, datetime(2026, 7, 30, 16, 59, 59)),
    ],
)
def test_the_end_of_work(hour, moment):
    assert get_work_end(date(2026, 7, 30), hour, HANOI) == moment


def test_days_are_moved_on_the_clock_on_the_wall():
    before = datetime(2026, 3, 26, 16)  # 17:00 of winter
    assert write_moment(shift(before, 10, PARIS), PARIS) == "17:00 05/04/2026"


def test_days_are_counted_by_the_calendar():
    late = datetime(2026, 7, 28, 16, 30)  # 23:30 in Hà Nội
    assert count_days(datetime(2026, 7, 28, 16, 59), late, HANOI) == 0
    assert count_days(datetime(2026, 7, 28, 17, 1), late, HANOI) == 1
    assert count_days(datetime(2026, 7, 31, 10), late, HANOI) == 3
    assert count_days(datetime(2026, 7, 31, 10), late, "America/New_York") == 3
    assert count_days(datetime(2026, 7, 27, 10), late, HANOI) == -1


@pytest.mark.parametrize(
    ("left", "found"),
    [
        # from Hanoi's noon on
        (timedelta(days=7), (7, "days")),
        (timedelta(hours=36, minutes=1), (2, "days")),
        (timedelta(hours=24), (1, "days")),
        (timedelta(hours=23, minutes=59), (23, "hours")),
        (timedelta(hours=2), (2, "hours")),
        (timedelta(hours=1, minutes=59, seconds=59), (119, "minutes")),
        (timedelta(minutes=5), (5, "minutes")),
        (timedelta(seconds=2), (1, "minutes")),
        (timedelta(), (0, "minutes")),
        (timedelta(days=-3), (0, "minutes")),
    ],
)
def test_time_left_is_counted_as_people_do(left, found):
    now = datetime(2026, 7, 30, 5)
    assert measure_left(now + left, now, HANOI) == found
