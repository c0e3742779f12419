"""The contest's clock: one notation for moments, one end for days. No database.

Moments are kept as Odoo keeps them, naive in UTC; people read and write them on the
clock of the contest, in whatever language: ``17:00 30/07/2026``.
"""

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DEFAULT_TZ = "Asia/Ho_Chi_Minh"

#: The last second of a day: what lasts until a day lasts until 24:00 of it.
LAST = time(23, 59, 59)

_ISO_DAY = re.compile(r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)")
_HOUR = r"(?P<hour>\d{1,2}):(?P<minute>\d\d)"
_DAY = r"(?P<day>\d{1,2})/(?P<month>\d{1,2})/(?P<year>\d{4})"
_WRITTEN = re.compile(rf"(?:{_HOUR}\s+)?{_DAY}")
_DAY_FIRST = re.compile(rf"{_DAY}\s+{_HOUR}")


def write_day(day: date | None) -> str:
    """Return a day as ``30/07/2026``; an empty text for none."""
    return f"{day.day:02}/{day.month:02}/{day.year:04}" if day else ""


def write_month(day: date) -> str:
    """Return the month of a day as ``07/2026``."""
    return f"{day.month:02}/{day.year:04}"


def write_moment(moment: datetime | None, zone: str) -> str:
    """Return a moment as ``17:00 30/07/2026`` on the clock of `zone`."""
    if not moment:
        return ""
    local = get_local(moment, zone)
    return f"{local.hour:02}:{local.minute:02} {write_day(local)}"


def read(text: str) -> tuple[date, time | None] | None:
    """Return the day and, where there is one, the hour that people wrote.

    The hour may also come after the day, and days are read as ``2026-07-30`` too. What
    is written otherwise, as a moment in UTC of the server, gives None.

    :raises ValueError: for a day or an hour that no calendar and no clock has
    """
    text = text.strip()
    forms = (_ISO_DAY, _WRITTEN, _DAY_FIRST)
    found = next(filter(None, (form.fullmatch(text) for form in forms)), None)
    if not found:
        return None
    parts = {name: int(part) for name, part in found.groupdict().items() if part}
    day = date(parts["year"], parts["month"], parts["day"])
    return day, time(parts["hour"], parts["minute"]) if "hour" in parts else None


def get_local(moment: datetime, zone: str) -> datetime:
    """Return a moment on the clock of `zone`, aware."""
    return moment.replace(tzinfo=UTC).astimezone(ZoneInfo(zone))


def get_moment(day: date, clock: time, zone: str) -> datetime:
    """Return the moment at which the clocks of `zone` show `clock` on `day`."""
    local = datetime.combine(day, clock, ZoneInfo(zone))
    return local.astimezone(UTC).replace(tzinfo=None)


def get_day_end(day: date, zone: str) -> datetime:
    """Return the last moment that still belongs to `day` in `zone`."""
    return get_moment(day, LAST, zone)


def get_work_end(day: date, hour: float, zone: str) -> datetime:
    """Return the moment at which work ends on `day`.

    :param hour: 16.5 is half past four; 24 is the end of the day
    """
    minutes = round(hour * 60)
    if minutes >= 24 * 60:
        return get_day_end(day, zone)
    return get_moment(day, time(*divmod(minutes, 60)), zone)


def shift(moment: datetime, days: int, zone: str) -> datetime:
    """Move by whole days on the clock on the wall, whatever summer time does."""
    local = get_local(moment, zone)
    return get_moment(local.date() + timedelta(days=days), local.time(), zone)


def measure_left(moment: datetime, now: datetime, zone: str) -> tuple[int, str]:
    """Return how long it is until a moment, as people count it.

    Midnights of `zone` while a whole day is left, as an hour after midnight is no day
    away; then hours, and minutes once an hour more or less matters.

    :return: how many ``days``, ``hours`` or ``minutes``; 0 once the moment has passed
    """
    left = moment - now
    if left <= timedelta():
        return 0, "minutes"
    if left >= timedelta(days=1):
        return count_days(moment, now, zone), "days"
    minutes = int(left.total_seconds()) // 60
    return (minutes // 60, "hours") if minutes >= 120 else (max(minutes, 1), "minutes")


def count_days(moment: datetime, now: datetime, zone: str) -> int:
    """Return how many midnights of `zone` lie between now and a moment."""
    return (get_local(moment, zone).date() - get_local(now, zone).date()).days
