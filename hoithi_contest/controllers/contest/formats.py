"""How the pages of the contest write moments and days."""

from datetime import timedelta

from odoo import fields

from ...lib.guard import moments

URGENT = timedelta(days=2)
SOON = timedelta(days=7)

format_day = moments.write_day


def format_moment(moment, contest):
    """Write a moment (UTC) as the clocks at the contest show it."""
    return contest._format_moment(moment)


def describe_deadline(contest, moment):
    """Return a deadline of a contest as people read it; None where there is none.

    :return: a dict: `text`, the moment; `count` and `unit` of the time left, and a
        phrase of it, `left`; `kind`, how urgent it is, as the badges name it; and
        whether it `is_over`
    """
    if not moment:
        return None
    now = fields.Datetime.now()
    left = moment - now
    count, unit = moments.measure_left(moment, now, contest.tz)
    kind = "error" if left < URGENT else "warn" if left < SOON else "info"
    return {
        "text": format_moment(moment, contest),
        "count": count,
        "unit": unit,
        "left": contest._write_left(count, unit),
        "kind": kind if count else "",
        "is_over": not count,
    }


def get_html_data(env):
    """Name the language of a page, which the portal's own layout leaves out."""
    return {"lang": (env.lang or "en_US").replace("_", "-")}
