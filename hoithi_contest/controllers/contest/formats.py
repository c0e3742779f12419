"""How the pages of the contest write moments and days, and inputs their numbers."""

from ...lib.guard import moments

format_day = moments.write_day


def format_moment(moment, contest):
    """Write a moment (UTC) as the clocks at the contest show it."""
    return contest._format_moment(moment)


def write_number(number):
    """Write a number as an input shows it and takes it back, whatever the language."""
    return f"{number or 0:.2f}".rstrip("0").rstrip(".")


def write_amount(amount):
    """Write an amount of money as an input shows it, with its thousands apart."""
    if amount % 1:
        return write_number(amount)
    return f"{amount:,.0f}".replace(",", ".")


def get_html_data(env):
    """Name the language of a page, which the portal's own layout leaves out."""
    return {"lang": (env.lang or "en_US").replace("_", "-")}
