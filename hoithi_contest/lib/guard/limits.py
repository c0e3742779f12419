"""How often something may be done, as somebody writes it down."""

import re

_LIMIT = re.compile(r"\s*(\d{1,6})\s*/\s*(\d{1,5})\s*")


def read_limits(text: str | None) -> list[tuple[int, int]]:
    """Return (most, minutes) of each limit in a text as “20/15, 60/1440”.

    :return: nothing for a text that isn't wholly made of such limits, or allows none
    """
    limits = []
    for part in (text or "").split(","):
        match = _LIMIT.fullmatch(part)
        if not match or not int(match[1]) or not int(match[2]):
            return []
        limits.append((int(match[1]), int(match[2])))
    return limits
