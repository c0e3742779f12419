from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from ...guard.working_days import (
    WorkingDays,
    find_due,
    fit_window,
    get_moment,
    get_vietnamese_days,
)

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
OFFICE = WorkingDays()


def at(text, zone=HANOI):
    return datetime.fromisoformat(text).replace(tzinfo=zone)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2026-11-24", True),
        ("2026-11-21", False),  # a Saturday
        ("2026-02-16", False),  # the eve of Tết
        ("2026-02-20", False),  # the fourth day of Tết
        ("2026-02-23", True),
        ("2026-04-30", False),
        ("2026-05-01", False),
        ("2026-09-02", False),
        ("2024-04-29", False),  # a Monday, given in lieu
        ("2024-05-04", True),  # the Saturday worked for it
        # decided in one year for the next
        ("2018-12-31", False),
        ("2019-01-05", True),
    ],
)
def test_vietnams_days(day, works):
    assert OFFICE.is_working(date.fromisoformat(day)) is works


def test_an_offices_own_days():
    office = WorkingDays(
        weekdays=frozenset(range(6)), closed={date(2026, 11, 24)}, vietnam=False
    )
    assert office.is_working(date(2026, 11, 21)), "Saturdays are worked"
    assert not office.is_working(date(2026, 11, 24))
    assert office.is_working(date(2026, 2, 17)), "no country's holidays"
    both = WorkingDays(closed={date(2024, 5, 4)})
    assert not both.is_working(date(2024, 5, 4)), "the office's own calendar wins"


def test_years_are_asked_for_once():
    get_vietnamese_days.cache_clear()
    for _repeat in range(50):
        OFFICE.is_working(date(2026, 2, 17))
    assert get_vietnamese_days.cache_info().misses == 1


def test_previous_and_following():
    tet = date(2026, 2, 18)
    assert OFFICE.get_previous(tet) == date(2026, 2, 13), "the Friday before"
    assert OFFICE.get_following(tet) == date(2026, 2, 23), "the Monday after"
    tuesday = date(2026, 11, 24)
    assert OFFICE.get_previous(tuesday) == tuesday == OFFICE.get_following(tuesday)


def test_counting_working_days():
    assert OFFICE.add(date(2026, 2, 12), 1) == date(2026, 2, 13)
    assert OFFICE.add(date(2026, 2, 12), 2) == date(2026, 2, 23), "Tết doesn't count"
    assert OFFICE.add(date(2026, 11, 21), 0) == date(2026, 11, 21)


def test_a_calendar_without_working_days_is_a_mistake_and_moves_nothing():
    never = WorkingDays(weekdays=frozenset(), vietnam=False)
    assert never.get_previous(date(2026, 11, 24)) == date(2026, 11, 24)
    assert never.add(date(2026, 11, 24), 2) == date(2026, 11, 26)


def test_moments_keep_the_clock_on_the_wall():
    deadline = at("2026-02-23T17:00")
    assert get_moment(deadline, 7, False, HANOI) == at("2026-02-16T17:00")
    assert get_moment(deadline, 0, False, HANOI) == at("2026-02-23T05:00")
    assert get_moment(deadline, 3, True, HANOI) == at("2026-02-26T17:00")
    # Tết moves what comes before to an earlier day, what comes after to a later one
    assert get_moment(deadline, 7, False, HANOI, OFFICE) == at("2026-02-13T17:00")
    assert get_moment(at("2026-02-13T17:00"), 3, True, HANOI, OFFICE) == at(
        "2026-02-23T17:00"
    )
    # a deadline stored in UTC falls on the local day
    utc = datetime(2026, 11, 27, 18, 0, tzinfo=UTC)  # Saturday 01:00 in Hà Nội
    assert get_moment(utc, 7, False, HANOI, OFFICE) == at("2026-11-20T01:00")
    paris = ZoneInfo("Europe/Paris")
    summer = at("2026-03-30T09:00", paris)
    assert get_moment(summer, 3, False, paris) == at("2026-03-27T09:00", paris)


def test_the_latest_reminder_alone():
    deadline = at("2026-11-27T17:00")

    def due(**before):
        return find_due(
            deadline, deadline - timedelta(**before), (7, 2, 0), False, HANOI
        )

    assert due(days=7, seconds=1) is None
    assert due(days=7) == 7
    assert due(days=3) == 7
    assert due(days=2) == due(days=1) == 2
    assert due(hours=12) == due(hours=1) == 0
    assert due() is None, "the door is shut"
    assert due(days=-1) is None


DAY = (7, 17)


@pytest.mark.parametrize(
    ("deadline", "days", "moment"),
    [
        # half a day before the end of work is five in the morning
        ("2026-11-27T17:00", 0, "2026-11-27T07:00"),
        ("2026-11-27T12:00", 0, "2026-11-27T07:00"),
        # by day it stays
        ("2026-11-27T23:59", 0, "2026-11-27T11:59"),
        ("2026-11-27T14:00", 2, "2026-11-25T14:00"),
        # the morning after would be too late, or further away
        ("2026-11-27T08:30", 0, "2026-11-26T16:00"),
        ("2026-11-27T06:00", 0, "2026-11-26T16:00"),
        ("2026-11-27T17:00", 2, "2026-11-25T16:00"),
        ("2026-11-27T23:59", 1, "2026-11-27T07:00"),
        ("2026-11-27T02:00", 1, "2026-11-26T07:00"),
    ],
)
def test_a_reminder_keeps_the_hours_and_never_misses_its_deadline(
    deadline, days, moment
):
    assert get_moment(at(deadline), days, False, HANOI, None, DAY) == at(moment)
    due = at(moment)
    for now, expected in ((due, days), (due - timedelta(minutes=1), None)):
        found = find_due(at(deadline), now, [days], False, HANOI, hours=DAY)
        assert found == expected, now


def test_hours_and_working_days_together():
    monday = at("2026-11-30T08:00")
    assert get_moment(monday, 0, False, HANOI, OFFICE, DAY) == at("2026-11-27T16:00")
    # after a date it comes later
    friday = at("2026-11-27T17:00")
    assert get_moment(friday, 0, True, HANOI, OFFICE, DAY) == at("2026-11-30T07:00")


def test_reminders_after_a_deadline():
    deadline = at("2026-11-20T17:00")  # a Friday

    def due(office=None, **later):
        moment = deadline + timedelta(**later)
        return find_due(deadline, moment, (1, 5), True, HANOI, office)

    assert due(hours=1) is None
    assert due(days=1) == 1
    assert due(OFFICE, days=1) is None, "Saturday waits for Monday"
    assert due(OFFICE, days=3) == 1
    assert due(days=5) == due(days=18) == 5
    assert due(days=20) is None, "nobody is reminded of what is long past"


def test_two_reminders_on_one_working_day_are_one():
    deadline = at("2026-02-23T17:00")
    for days in (7, 6, 5):
        assert (
            find_due(deadline, at("2026-02-15T09:00"), (7, 6, 5), False, HANOI, OFFICE)
            == 5
        ), days


def test_hours_in_which_messages_go_out():
    assert fit_window(at("2026-11-24T03:00"), 0, 0) == at("2026-11-24T03:00")
    assert fit_window(at("2026-11-24T03:00"), 7.5, 17) == at("2026-11-24T07:30")
    assert fit_window(at("2026-11-24T07:29"), 7.5, 17) == at("2026-11-24T07:30")
    assert fit_window(at("2026-11-24T07:31"), 7.5, 17) == at("2026-11-24T07:31")
    assert fit_window(at("2026-11-24T12:00"), 7.5, 17) == at("2026-11-24T12:00")
    assert fit_window(at("2026-11-24T16:29"), 7.5, 16.5) == at("2026-11-24T16:29")
    assert fit_window(at("2026-11-24T16:30"), 7.5, 16.5) == at("2026-11-25T07:30")
    assert fit_window(at("2026-11-24T17:00"), 7.5, 17) == at("2026-11-25T07:30")
    friday = at("2026-11-27T18:00")
    assert fit_window(friday, 7.5, 17) == at("2026-11-28T07:30")
    assert fit_window(friday, 7.5, 17, OFFICE) == at("2026-11-30T07:30")
    assert fit_window(at("2026-11-28T10:00"), 0, 0, OFFICE) == at("2026-11-30T00:00")
    assert fit_window(at("2026-11-28T10:00"), 7.5, 17, OFFICE) == at("2026-11-30T07:30")


def test_so_far_a_working_day_is_looked_for():
    start = date(2026, 1, 5)
    closed = {start + timedelta(days=number) for number in range(59)}
    office = WorkingDays(weekdays=frozenset(range(7)), closed=closed, vietnam=False)
    assert office.get_following(start) == start + timedelta(days=59)
    assert office.get_previous(start + timedelta(days=58)) == start - timedelta(days=1)
    longer = WorkingDays(
        weekdays=frozenset(range(7)),
        closed=closed | {start + timedelta(days=59)},
        vietnam=False,
    )
    assert longer.get_following(start) == start, "that calendar is a mistake"


def test_a_reminder_as_far_from_the_morning_as_from_the_afternoon_comes_later():
    # half past eleven at night: the last hour before was at 16:00, the next is 07:00
    assert get_moment(at("2026-11-27T11:30"), 0, False, HANOI, None, DAY) == at(
        "2026-11-27T07:00"
    )
    assert get_moment(at("2026-11-27T11:29"), 0, False, HANOI, None, DAY) == at(
        "2026-11-26T16:00"
    )


def test_two_hours_before_the_deadline_is_the_last_moment_to_act_on():
    late = (10.5, 14)
    assert get_moment(at("2026-11-27T12:30"), 0, False, HANOI, None, late) == at(
        "2026-11-27T10:30"
    )
    assert get_moment(at("2026-11-27T12:29"), 0, False, HANOI, None, late) == at(
        "2026-11-26T13:00"
    )


def test_a_window_shorter_than_an_hour():
    short = (7, 7.5)
    assert get_moment(at("2026-11-27T08:59"), 0, False, HANOI, None, short) == at(
        "2026-11-26T07:00"
    )
    # who is in it stays
    assert get_moment(at("2026-11-27T19:20"), 0, False, HANOI, None, short) == at(
        "2026-11-27T07:20"
    )


def test_the_last_hour_before_the_end_is_taken_where_it_is_not_over():
    # 02:00 at night after a day on which nobody works
    office = WorkingDays(closed={date(2026, 11, 26)}, vietnam=False)
    assert get_moment(at("2026-11-27T08:30"), 0, False, HANOI, office, DAY) == at(
        "2026-11-25T16:00"
    )
    half_past = (7, 17.5)
    assert get_moment(at("2026-11-27T05:00"), 0, False, HANOI, None, half_past) == at(
        "2026-11-26T17:00"
    )
    assert get_moment(at("2026-11-27T08:00"), 0, False, HANOI, None, half_past) == at(
        "2026-11-26T16:30"
    )


def test_hours_are_taken_to_the_minute():
    assert fit_window(at("2026-11-24T03:00"), 7 + 31 / 60, 17) == at("2026-11-24T07:31")
    assert fit_window(at("2026-11-24T03:00"), 7.009, 17) == at("2026-11-24T07:01")
    assert fit_window(at("2026-11-24T07:30"), 7.5, 17) == at("2026-11-24T07:30")
    assert fit_window(at("2026-11-24T03:00"), 7 + 59 / 60, 17) == at("2026-11-24T07:59")
    assert fit_window(at("2026-11-24T16:59"), 7, 17) == at("2026-11-24T16:59")
    assert fit_window(at("2026-11-24T03:00"), 23, 24) == at("2026-11-24T23:00")
    minute_to = (7, 17 + 59 / 60)
    assert get_moment(at("2026-11-27T08:00"), 0, False, HANOI, None, minute_to) == at(
        "2026-11-26T16:59"
    )
    # a window from an hour until the same is none
    assert fit_window(at("2026-11-24T03:00"), 7, 7) == at("2026-11-24T03:00")
    assert fit_window(at("2026-11-24T03:00"), 8, 7) == at("2026-11-24T03:00")
    assert fit_window(at("2026-11-24T10:00"), 0, 0, OFFICE) == at("2026-11-24T10:00")


def test_reminders_after_a_deadline_have_two_weeks():
    deadline = at("2026-11-20T17:00")
    for days, seconds, due in ((15, 0, 1), (15, 1, None)):
        now = deadline + timedelta(days=days, seconds=seconds)
        assert find_due(deadline, now, (1,), True, HANOI) == due
    at_once = deadline + timedelta(days=1)
    assert find_due(deadline, at_once, (1,), True, HANOI, patience=timedelta()) == 1
    assert find_due(deadline, at_once, (), True, HANOI) is None
    assert find_due(deadline, deadline, (0,), True, HANOI) == 0, (
        "at the deadline itself"
    )
