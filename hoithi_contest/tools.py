from odoo.api import Environment
from odoo.tools import get_lang


def format_points(env: Environment, value: float) -> str:
    """Return `value` as the reader's language writes it, without idle zeros.

    Scores stand in sentences, where “26.50” and a foreign decimal point read oddly.
    """
    return f"{float(value):g}".replace(".", get_lang(env).decimal_point)
