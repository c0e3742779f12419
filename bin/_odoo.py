"""Odoo, for bin/serve: it ends when one of its threads for scheduled actions dies.

A restart of PostgreSQL kills them, and Odoo makes no new ones: the pages would go on to
answer, and nothing scheduled would ever run again. The watcher starts all of it afresh.
"""

import os
import signal
import threading

import odoo.cli
from odoo.service import server

show = threading.excepthook


def end_with_cron(args):
    show(args)
    # in a server that ends or reloads they die in order
    if (
        args.thread
        and args.thread.name.startswith("odoo.service.cron.")
        and not server.server.quit_signals_received
    ):
        os.kill(os.getpid(), signal.SIGTERM)


threading.excepthook = end_with_cron
odoo.cli.main()
