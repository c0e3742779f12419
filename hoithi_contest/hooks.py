from .tools import activate_vietnamese


def pre_init_hook(env):
    """Make Vietnamese available, which papers and letters of the contest are made in.

    Before the addon's data, so that its translations load with it. Uninstalling leaves
    the language there: others may use it by then.
    """
    activate_vietnamese(env)
