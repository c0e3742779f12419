"""Deadlines as a calendar that phones and mail programs subscribe to (RFC 5545).

Pure: the same dates give the same bytes, so that an unchanged calendar keeps its ETag.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from icalendar import Event

PRODUCT = "-//hoithi_contest//Innovation Contest//EN"
#: How often a program should look again.
REFRESH = timedelta(hours=4)


@dataclass(frozen=True)
class Item:
    """One date of a calendar.

    :param uid: stable over the life of what it stands for
    :param start: an aware moment, or a day for one that fills it
    :param end: an aware moment, or the last day; nothing for a deadline
    :param created: when what it stands for was recorded (UTC)
    :param modified: when that was last changed (UTC)
    :param alarms: times before the start at which to ring
    """

    uid: str
    summary: str
    start: datetime | date
    created: datetime
    modified: datetime
    end: datetime | date | None = None
    description: str = ""
    location: str = ""
    url: str = ""
    alarms: Sequence[timedelta] = ()
    cancelled: bool = False

    @property
    def sequence(self) -> int:
        """Grow with each change; there is no counter to keep in step."""
        return max(int((self.modified - self.created).total_seconds()) // 60, 0)


def build(name: str, items: Iterable[Item], zone: ZoneInfo, lang: str) -> bytes:
    """Return the calendar as UTF-8 text.

    :param name: shown as the calendar's name
    :param zone: the zone in which moments are written, with its VTIMEZONE
    :param lang: language of the texts, as ``vi-VN``
    """
    # imported where used, as few of Odoo's processes ever write a calendar
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("x-wr-calname", name)
    calendar.add("x-wr-timezone", str(zone))
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", f"PT{REFRESH.seconds // 3600}H")
    for item in sorted(items, key=lambda item: item.uid):
        calendar.add_component(_make_event(item, zone, lang))
    calendar.add_missing_timezones()
    return calendar.to_ical()


def _make_event(item: Item, zone: ZoneInfo, lang: str) -> Event:
    from icalendar import Alarm, Event

    event = Event()
    event.add("uid", item.uid)
    # not the time of the request: an unchanged calendar stays the same
    event.add("dtstamp", item.modified.astimezone(UTC))
    event.add("created", item.created.astimezone(UTC))
    event.add("last-modified", item.modified.astimezone(UTC))
    event.add("sequence", item.sequence)
    event.add("status", "CANCELLED" if item.cancelled else "CONFIRMED")
    language = {"LANGUAGE": lang}
    event.add("summary", item.summary, parameters=language)
    if item.description:
        event.add("description", item.description, parameters=language)
    if item.location:
        event.add("location", item.location)
    if item.url:
        event.add("url", item.url)
    if isinstance(item.start, datetime):
        start = item.start.astimezone(zone)
        event.add("dtstart", start)
        # a deadline has no length; its end must not equal its start
        if item.end:
            event.add("dtend", item.end.astimezone(zone))
        busy = bool(item.end)
    else:
        event.add("dtstart", item.start)
        # the end of a day's event is the day after it
        event.add("dtend", (item.end or item.start) + timedelta(days=1))
        busy = False
    event.add("transp", "OPAQUE" if busy else "TRANSPARENT")
    for before in () if item.cancelled else item.alarms:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", item.summary, parameters=language)
        alarm.add("trigger", -before)
        event.add_component(alarm)
    return event


def get_etag(content: bytes) -> str:
    """Return the strong validator of a calendar."""
    return sha256(content).hexdigest()[:32]
