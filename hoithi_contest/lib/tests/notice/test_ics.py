from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar

from ...notice.ics import Item, build, get_etag

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
CREATED = datetime(2026, 6, 1, 8, 0, tzinfo=UTC)
DEADLINE = Item(
    uid="contest-1-registration@so.example",
    summary="Hết hạn đăng ký, nộp hồ sơ; Hội thi lần thứ IX",
    start=datetime(2026, 6, 30, 10, 0, tzinfo=UTC),
    created=CREATED,
    modified=CREATED + timedelta(minutes=90),
    description="Dòng một\nDòng hai",
    url="https://so.example/hoithi/1",
    alarms=(timedelta(days=1), timedelta(hours=2)),
)
SESSION = Item(
    uid="session-2@so.example",
    summary="Phiên họp Hội đồng",
    start=datetime(2026, 7, 10, 1, 0, tzinfo=UTC),
    end=datetime(2026, 7, 10, 4, 0, tzinfo=UTC),
    created=CREATED,
    modified=CREATED,
    location="Phòng họp số 2, tầng 3",
)
TASK = Item(
    uid="task-3@so.example",
    summary="Phổ biến Kế hoạch",
    start=date(2026, 6, 15),
    created=CREATED,
    modified=CREATED,
    cancelled=True,
    alarms=(timedelta(days=1),),
)


def parse(*items):
    return Calendar.from_ical(build("Hội thi", items, HANOI, "vi-VN"))


def by_uid(calendar):
    return {str(event["uid"]): event for event in calendar.walk("VEVENT")}


def test_read_back():
    calendar = parse(TASK, SESSION, DEADLINE)
    assert calendar["x-wr-calname"] == "Hội thi"
    assert calendar["method"] == "PUBLISH"
    events = by_uid(calendar)
    assert set(events) == {DEADLINE.uid, SESSION.uid, TASK.uid}
    event = events[DEADLINE.uid]
    assert event["summary"] == DEADLINE.summary, "commas and semicolons are escaped"
    assert event["summary"].params["LANGUAGE"] == "vi-VN"
    assert event["description"] == "Dòng một\nDòng hai"
    assert event["dtstart"].dt == DEADLINE.start
    assert event["dtstart"].params["TZID"] == "Asia/Ho_Chi_Minh"
    assert event["dtstart"].dt.hour == 17
    assert "dtend" not in event
    assert event["transp"] == "TRANSPARENT", "a deadline blocks nobody's day"
    assert event["sequence"] == 90
    assert event["last-modified"].dt == DEADLINE.modified
    assert event["dtstamp"].dt == DEADLINE.modified
    assert event["url"] == DEADLINE.url
    alarms = event.walk("VALARM")
    assert {alarm["trigger"].dt for alarm in alarms} == {
        timedelta(days=-1),
        timedelta(hours=-2),
    }
    session = events[SESSION.uid]
    assert session["location"] == SESSION.location
    assert session["dtend"].dt - session["dtstart"].dt == timedelta(hours=3)
    assert session["transp"] == "OPAQUE"


def test_days_and_what_is_cancelled():
    event = by_uid(parse(TASK))[TASK.uid]
    assert (event["dtstart"].dt, event["dtend"].dt) == (
        date(2026, 6, 15),
        date(2026, 6, 16),
    )
    assert event["status"] == "CANCELLED"
    assert event["transp"] == "TRANSPARENT", "a task of the plan blocks nobody's day"
    assert not event.walk("VALARM")


def test_programs_look_again_in_the_same_day():
    """Said twice, as some programs read the one name and some the other."""
    calendar = parse(DEADLINE)
    assert calendar["refresh-interval"].dt == timedelta(hours=4)
    assert calendar["x-published-ttl"] == "PT4H"


def test_the_zone_is_described():
    [zone] = parse(DEADLINE).walk("VTIMEZONE")
    assert zone["tzid"] == "Asia/Ho_Chi_Minh"
    content = build("Hội thi", [DEADLINE], HANOI, "vi-VN")
    assert b"TZOFFSETTO:+0700" in content


def test_the_same_dates_give_the_same_bytes():
    content = build("Hội thi", [DEADLINE, SESSION], HANOI, "vi-VN")
    assert build("Hội thi", [SESSION, DEADLINE], HANOI, "vi-VN") == content
    changed = build("Hội thi", [DEADLINE], HANOI, "vi-VN")
    assert get_etag(content) != get_etag(changed)
    assert get_etag(content) == get_etag(content)
    assert len(get_etag(content)) == 32


def test_lines_are_folded_in_whole_letters():
    long = Item(
        uid="x",
        summary="ế" * 200,
        start=date(2026, 1, 1),
        created=CREATED,
        modified=CREATED,
    )
    content = build("Hội thi", [long], HANOI, "vi-VN")
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    assert by_uid(Calendar.from_ical(content))["x"]["summary"] == "ế" * 200


def test_an_empty_calendar_is_a_calendar():
    assert not parse().walk("VEVENT")


def test_a_change_counts_by_whole_minutes():
    """A sequence is a whole number (RFC 5545, 3.8.7.4)."""
    changed = replace(SESSION, modified=CREATED + timedelta(seconds=150))
    assert by_uid(parse(changed))[SESSION.uid].to_ical().count(b"SEQUENCE:2\r\n") == 1


def test_a_clock_set_back_gives_no_negative_sequence():
    item = Item(
        uid="x",
        summary="x",
        start=date(2026, 1, 1),
        created=CREATED,
        modified=CREATED - timedelta(days=1),
    )
    assert item.sequence == 0
