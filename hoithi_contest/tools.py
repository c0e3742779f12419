import logging

from odoo.api import Environment
from odoo.exceptions import UserError
from odoo.tools import config, get_lang

_logger = logging.getLogger(__name__)

VIETNAMESE = "vi_VN"
MEGABYTE = 1024 * 1024
#: Between a number and its unit: a space that ends no line.
NO_BREAK = "\N{NO-BREAK SPACE}"
#: What stands around every letter of the contest.
LAYOUT = "hoithi_contest.mail_layout"
#: What a notice leads to: the screen behind it is read anew, or its dialog is closed.
RELOAD = {"type": "ir.actions.client", "tag": "soft_reload"}
CLOSE = {"type": "ir.actions.act_window_close"}


def tell(message, kind="success", sticky=False, then=None):
    """Return the action that tells what an act has done.

    :param message: in the reader's language
    :param kind: ``success``, ``warning``, ``danger`` or ``info``
    :param sticky: whether it stays until somebody closes it
    :param then: an action that follows, as `RELOAD` or `CLOSE`
    """
    params = {"type": kind, "message": message, "sticky": sticky}
    return {
        "type": "ir.actions.client",
        "tag": "display_notification",
        "params": {**params, "next": then} if then else params,
    }


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
                    "Activate it: Settings → Innovation Contest → Check → “Activate "
                    "Vietnamese”. Nothing was made."
                )
            )
        raise UserError(
            env._(
                "Papers are made in Vietnamese, and that language is not active. Ask "
                "the administrator of the system to press “Activate Vietnamese” under "
                "Settings → Innovation Contest → Check. Nothing was made."
            )
        )
    return records.with_context(lang=VIETNAMESE)


def get_worker_seconds(most: float, part: float) -> float:
    """Return how long a program outside may take in one act, in seconds.

    Odoo kills a worker that takes longer than its limit: the act is lost, and what it
    died over waits as before.

    :param most: where nothing else limits it
    :param part: of what Odoo leaves a worker; the rest is for what else there is to do
    """
    limits = [config["limit_time_real"], config["limit_time_real_cron"]]
    return min([most, *(limit * part for limit in limits if limit > 0)])


def activate_vietnamese(env: Environment) -> None:
    """Activate Vietnamese with the translations of all installed modules.

    Also where somebody has deleted the language, which Odoo then can't activate.
    """
    languages = env["res.lang"].with_context(active_test=False)
    if env["res.lang"]._get_data(code=VIETNAMESE):
        return
    if not languages.search([("code", "=", VIETNAMESE)]):
        # as the module base has it
        languages.create(
            {
                "name": "Vietnamese / Tiếng Việt",
                "code": VIETNAMESE,
                "iso_code": "vi",
                "url_code": "vi",
                "active": False,
                "grouping": "[3,0]",
                "decimal_point": ",",
                "thousands_sep": ".",
                "date_format": "%d/%m/%Y",
                "time_format": "%H:%M:%S",
                "week_start": "1",
            }
        )
    languages._activate_and_install_lang(VIETNAMESE)
    _logger.info("Vietnamese was activated: papers of the contest are made in it.")


def format_number(env: Environment, value: float, digits: int = 6) -> str:
    """Return `value` as the reader's language writes it, without idle zeros.

    So numbers stand in pages and in sentences, where “26.50” and a foreign decimal
    point read oddly; papers are Vietnamese and write theirs by `lib.document.nd30`.
    """
    lang = env["res.lang"].browse(get_lang(env).id)
    text = lang.format(f"%.{digits}f", value or 0, grouping=True)
    return text.rstrip("0").removesuffix(lang.decimal_point) if digits else text


def format_money(env: Environment, amount: float, currency) -> str:
    """Return an amount with the sign of its currency.

    :param currency: a record of `res.currency`
    """
    sign = currency.symbol or currency.name or ""
    return f"{format_number(env, amount, 2)}{NO_BREAK}{sign}".rstrip()


def format_size(env: Environment, size: int) -> str:
    """Return the size of a file in bytes for people."""
    if size >= 1024 * MEGABYTE:
        return f"{format_number(env, size / MEGABYTE / 1024, 1)}{NO_BREAK}GB"
    if size >= MEGABYTE:
        return f"{format_number(env, size / MEGABYTE, 1)}{NO_BREAK}MB"
    return f"{format_number(env, max(round(size / 1024), 1))}{NO_BREAK}KB"
