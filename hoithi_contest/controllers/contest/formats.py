"""How the pages of the contest write moments and days."""

from ...lib.guard import moments

format_day = moments.write_day


def format_moment(moment, contest):
    """Write a moment (UTC) as the clocks at the contest show it."""
    return contest._format_moment(moment)


def get_html_data(env):
    """Name the language of a page, which the portal's own layout leaves out."""
    return {"lang": (env.lang or "en_US").replace("_", "-")}
