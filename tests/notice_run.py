"""One run of the scheduled action that sends notices, in a process of its own.

    python notice_run.py DATABASE LIMIT [DIE_AFTER]

It says when it is ready and starts at the next line of its input, so that two begin
together. With DIE_AFTER it is killed while it makes that e-mail, as by a power cut: its
transaction is neither committed nor rolled back by itself.
"""

import os
import signal
import sys

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tools import config


def die_after(env, count):
    template_class = type(env["mail.template"])
    send_mail = template_class.send_mail
    sent = []

    def send_then_die(template, *args, **kwargs):
        result = send_mail(template, *args, **kwargs)
        env.flush_all()
        sent.append(result)
        if len(sent) == count:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    template_class.send_mail = send_then_die


def main(database, limit, count=None):
    config.parse_config(["-d", database, "--no-http", "--max-cron-threads", "0"])
    with Registry(database).cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        if count:
            die_after(env, int(count))
        print("ready", flush=True)
        sys.stdin.readline()
        env["hoithi.notice"]._cron_send_notices(limit=int(limit))


if __name__ == "__main__":
    main(*sys.argv[1:])
