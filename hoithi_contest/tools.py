from odoo.api import Environment
from odoo.exceptions import UserError
from odoo.tools import get_lang

VIETNAMESE = "vi_VN"
MEGABYTE = 1024 * 1024
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


def format_number(env: Environment, value: float, digits: int = 6) -> str:
    """Return `value` as the reader's language writes it, without idle zeros.

    So numbers stand in pages and in sentences, where “26.50” and a foreign decimal
    point read oddly; papers are Vietnamese and write theirs by `lib.document.nd30`.
    """
    lang = get_lang(env)
    whole, _point, rest = f"{value or 0:,.{digits}f}".partition(".")
    rest = rest.rstrip("0")
    whole = whole.replace(",", lang.thousands_sep or "")
    return f"{whole}{lang.decimal_point}{rest}" if rest else whole


def format_size(env: Environment, size: int) -> str:
    """Return the size of a file in bytes for people."""
    if size >= MEGABYTE:
        return f"{format_number(env, size / MEGABYTE, 1)} MB"
    return f"{format_number(env, max(round(size / 1024), 1))} KB"
