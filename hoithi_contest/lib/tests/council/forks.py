"""Reviewers' copies made in forks: a program of its own takes a tenth of a second."""

import os
import signal
import sys

from ...council.copies import work
from ...guard import apart, watch


class Forks:
    """Stands for `lib.guard.apart`, of which copies use `run_module` alone."""

    @staticmethod
    def run_module(module, folder, timeout):
        """Do what `apart.run_module` does, of the module that makes a copy."""
        assert work.__name__.endswith(module)
        child = os.fork()
        if not child:
            signal.setitimer(signal.ITIMER_REAL, timeout)
            # the tests hold more memory than the program may
            apart.limit = lambda *limits: None
            try:
                work.main(folder)
            finally:
                # whatever went wrong: it must not go on with the tests
                os._exit(sys.exc_info()[0] is not None)
        status = os.waitpid(child, 0)[1]
        if not os.WIFSIGNALED(status):
            return "", os.waitstatus_to_exitcode(status)
        ended = os.WTERMSIG(status)
        return "", watch.OVERRUN if ended == signal.SIGALRM else 128 + ended
