"""The curve of what is submitted against the deadline, ready to be drawn as SVG."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

WIDTH, HEIGHT = 640, 200
LEFT, RIGHT, TOP, BOTTOM = 44, 528, 18, 168
#: Days before the deadline that the picture shows at most.
MOST_DAYS = 90


def cumulate(
    days: Iterable[tuple[date | datetime, int]], last_day: date
) -> list[tuple[int, int]]:
    """Return (days before the last day, sum by then) for each day with a submission.

    What comes after the last day counts on it. All days are of one clock.
    """
    counts: dict[int, int] = {}
    for moment, number in days:
        day = moment.date() if isinstance(moment, datetime) else moment
        left = max((last_day - day).days, 0)
        counts[left] = counts.get(left, 0) + number
    total, points = 0, []
    for left in sorted(counts, reverse=True):
        total += counts[left]
        points.append((left, total))
    return points


def step(top: int) -> int:
    """Return the distance of the lines of a scale up to `top`: 1, 2 or 5 times 10^n."""
    size = 1
    while True:
        for factor in (1, 2, 5):
            if factor * size * 5 >= top:
                return factor * size
        size *= 10


def draw(editions: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the lines of a picture: scale, and a polyline for each edition.

    :param editions: `label`, `points` as :func:`cumulate` gives them, `is_last` for the
        edition before, and `days_left` of the one that runs
    """
    points = [point for one in editions for point in one["points"]]
    most = max([count for _left, count in points], default=0)
    span = min(max([left for left, _count in points], default=0), MOST_DAYS) or 30
    distance = step(max(most, 5))
    top = distance * -(-max(most, 5) // distance)

    def at(left: float, count: float) -> tuple[float, float]:
        x = RIGHT - (RIGHT - LEFT) * min(left, span) / span
        y = BOTTOM - (BOTTOM - TOP) * count / top
        return round(x, 1), round(y, 1)

    lines = []
    for one in editions:
        # until today, as there is nothing to tell of tomorrow
        until = 0 if one["is_last"] else min(max(one["days_left"] or 0, 0), span)
        path, last = [at(span, 0)], 0
        for left, count in one["points"]:
            path += [at(left, last), at(left, count)]
            last = count
        path.append(at(until, last))
        lines.append(
            {
                "label": one["label"],
                "is_last": one["is_last"],
                "total": last,
                "points": " ".join(f"{x},{y}" for x, y in path),
                "end": path[-1],
            }
        )
    return {
        "width": WIDTH,
        "height": HEIGHT,
        "left": LEFT,
        "right": RIGHT,
        "top": TOP,
        "bottom": BOTTOM,
        "lines": lines,
        "scale": [
            {"count": count, "y": at(0, count)[1]}
            for count in range(0, top + 1, distance)
        ],
        "days": [
            {"left": left, "x": at(left, 0)[0]} for left in sorted({span, span // 2})
        ],
    }
