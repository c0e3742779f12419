"""How the pages of the contest write moments, days, numbers and sizes."""

from ...lib.guard import moments

MEGABYTE = 1024 * 1024

format_day = moments.write_day


def format_moment(moment, contest):
    """Write a moment (UTC) as the clocks at the contest show it."""
    return contest._format_moment(moment)


def format_number(number):
    """Write a number without a tail of zeros, as an input shows it."""
    return f"{number or 0:.2f}".rstrip("0").rstrip(".")


def format_amount(amount):
    """Write an amount of money with its thousands apart, as an input shows it."""
    if amount % 1:
        return format_number(amount)
    return f"{amount:,.0f}".replace(",", ".")


def format_size(size):
    """Write the size of a file in bytes for people."""
    if size >= MEGABYTE:
        return f"{size / MEGABYTE:.1f} MB"
    return f"{max(round(size / 1024), 1)} KB"


def get_html_data(env):
    """Name the language of a page, which the portal's own layout leaves out."""
    return {"lang": (env.lang or "en_US").replace("_", "-")}
