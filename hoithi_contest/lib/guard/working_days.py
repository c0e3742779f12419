"""Days on which an office works, and what moves when it doesn't. No database.

Vietnam's public holidays with Tết come from the library `holidays`, with days off in
lieu and the Saturdays worked for them, as far as it knows the year's decision.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

#: Monday to Friday, as `date.weekday` counts them.
OFFICE_WEEK = frozenset(range(5))
#: Days without a single working day after which a calendar is taken for a mistake.
HORIZON = 60
#: A reminder “on the day” goes out half a day before, not as the door shuts.
SAME_DAY = timedelta(hours=12)
#: Nearer than this before its deadline, a reminder comes too late to act on.
MARGIN = timedelta(hours=2)


@lru_cache(maxsize=64)
def get_vietnamese_days(year: int) -> tuple[frozenset[date], frozenset[date]]:
    """Return Vietnam's public holidays of a year, and the weekend days worked."""
    import holidays

    known = holidays.country_holidays("VN", years=year)
    return frozenset(known), frozenset(known.weekend_workdays)


@dataclass(frozen=True)
class WorkingDays:
    """The working days of one office.

    :param weekdays: days of the week that are worked, Monday is 0
    :param closed: further days off, as public holidays
    :param vietnam: whether Vietnam's public holidays are days off too
    """

    weekdays: frozenset[int] = OFFICE_WEEK
    closed: Collection[date] = field(default_factory=frozenset)
    vietnam: bool = True

    def is_working(self, day: date) -> bool:
        """Tell whether the office works on `day`."""
        if day in self.closed:
            return False
        if self.vietnam:
            days_off, worked = get_vietnamese_days(day.year)
            if day in worked:
                return True
            if day in days_off:
                return False
        return day.weekday() in self.weekdays

    def get_previous(self, day: date) -> date:
        """Return `day`, or the last working day before it."""
        return self._seek(day, -1)

    def get_following(self, day: date) -> date:
        """Return `day`, or the first working day after it."""
        return self._seek(day, 1)

    def add(self, day: date, count: int) -> date:
        """Return the working day that comes `count` working days after `day`."""
        for _step in range(count):
            day = self._seek(day + timedelta(days=1), 1)
        return day

    def _seek(self, day: date, step: int) -> date:
        for distance in range(HORIZON):
            other = day + timedelta(days=step * distance)
            if self.is_working(other):
                return other
        return day


def get_moment(
    anchor: datetime,
    days: int,
    after: bool,
    zone: ZoneInfo,
    office: WorkingDays | None = None,
    hours: tuple[float, float] = (0, 0),
) -> datetime:
    """Return the moment of a reminder (aware, in `zone`).

    :param anchor: the deadline, an aware moment
    :param days: days before it, or after it
    :param office: moves a reminder off a day on which nobody works: one before the
        deadline to an earlier day, one after it to a later day
    :param hours: from when until when messages may go out: one at night moves to the
        nearest of these hours, but one before a deadline never to its last moments
    """
    local = anchor.astimezone(zone)
    if after:
        moment = _shift(local, days)
    elif days:
        moment = _shift(local, -days)
    else:
        moment = (anchor - SAME_DAY).astimezone(zone)
    if office:
        seek = office.get_following if after else office.get_previous
        moment = _shift(moment, (seek(moment.date()) - moment.date()).days)
    later = fit_window(moment, *hours, office)
    if later == moment or after:
        return later
    earlier = _fit_before(moment, *hours, office)
    if later - moment <= moment - earlier and later <= anchor - MARGIN:
        return later
    return earlier


def _shift(local: datetime, days: int) -> datetime:
    """Move by whole days on the clock on the wall, whatever summer time does."""
    return datetime.combine(
        local.date() + timedelta(days=days), local.time(), local.tzinfo
    )


def find_due(
    anchor: datetime,
    now: datetime,
    days: Iterable[int],
    after: bool,
    zone: ZoneInfo,
    office: WorkingDays | None = None,
    patience: timedelta = timedelta(days=14),
    hours: tuple[float, float] = (0, 0),
) -> int | None:
    """Return the days of the one reminder that is due at `now`, or None.

    After an outage that is the latest alone. One before a deadline is never sent when
    the deadline has passed, one after it not when it is older than `patience`.
    """
    if not after and now >= anchor:
        return None
    due = [
        (moment, number)
        for number in days
        if (moment := get_moment(anchor, number, after, zone, office, hours)) <= now
    ]
    if not due:
        return None
    # two that fall on one working day are one: that nearer to the deadline counts
    latest = max(moment for moment, _number in due)
    if after and now - latest > patience:
        return None
    return min(number for moment, number in due if moment == latest)


def fit_window(
    moment: datetime, start: float, end: float, office: WorkingDays | None = None
) -> datetime:
    """Return `moment`, or the next one in the hours in which messages may go out.

    :param moment: aware; its zone is that of the hours
    :param start: hour of the day from which, 7.5 is half past seven
    :param end: hour until which; not later than `start` sets no window
    :param office: go out on its working days only
    """
    day = moment.date()
    if office:
        day = office.get_following(day)
    if end <= start:
        return (
            moment
            if day == moment.date()
            else datetime.combine(day, time(), moment.tzinfo)
        )
    if day == moment.date():
        hour = moment.hour + moment.minute / 60
        if hour >= end:
            day += timedelta(days=1)
            day = office.get_following(day) if office else day
        elif hour >= start:
            return moment
    minutes = round(start * 60)
    return datetime.combine(day, time(minutes // 60 % 24, minutes % 60), moment.tzinfo)


def _fit_before(
    moment: datetime, start: float, end: float, office: WorkingDays | None
) -> datetime:
    """Return the last moment before `moment` at which a message may go out.

    An hour before the end, as who sends them looks once an hour.
    """
    last = max(start, end - 1)
    day = moment.date()
    if moment.hour + moment.minute / 60 < last:
        day -= timedelta(days=1)
    day = office.get_previous(day) if office else day
    minutes = round(last * 60)
    return datetime.combine(day, time(minutes // 60, minutes % 60), moment.tzinfo)
