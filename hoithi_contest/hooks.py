import logging

from .tools import VIETNAMESE

_logger = logging.getLogger(__name__)


def pre_init_hook(env):
    """Make Vietnamese available, which papers and letters of the contest are made in.

    Before the addon's data, so that its translations load with it. Uninstalling leaves
    the language there: others may use it by then.
    """
    activate_vietnamese(env)


def activate_vietnamese(env):
    """Activate Vietnamese with the translations of all installed modules."""
    if not env["res.lang"]._get_data(code=VIETNAMESE):
        env["res.lang"]._activate_and_install_lang(VIETNAMESE)
        _logger.info("Vietnamese was activated: papers of the contest are made in it.")
