from odoo.api import Environment
from odoo.exceptions import UserError
from odoo.tools import get_lang

VIETNAMESE = "vi_VN"
#: What stands around every letter of the contest.
LAYOUT = "hoithi_contest.mail_layout"


def in_vietnamese(records):
    """Return `records` in the language of papers.

    :raises UserError: where Vietnamese isn't active, with what to do about it
    """
    env = records.env
    if not env["res.lang"]._get_data(code=VIETNAMESE):
        if env.user.has_group("base.group_system"):
            raise UserError(
                env._(
                    "Papers are made in Vietnamese, and that language is not active. "
                    "Activate it: Settings → Translations → Languages, Vietnamese, "
                    "Activate. Nothing was made."
                )
            )
        raise UserError(
            env._(
                "Papers are made in Vietnamese, and that language is not active. Ask "
                "the administrator of the system to activate Vietnamese under "
                "Settings → Translations → Languages. Nothing was made."
            )
        )
    return records.with_context(lang=VIETNAMESE)


def format_points(env: Environment, value: float) -> str:
    """Return `value` as the reader's language writes it, without idle zeros.

    Scores stand in sentences, where “26.50” and a foreign decimal point read oddly.
    """
    return f"{float(value):g}".replace(".", get_lang(env).decimal_point)
