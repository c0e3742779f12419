from odoo.tools import SQL

from .models.guard.hoithi_turn import drop_lines
from .tools import activate_vietnamese


def pre_init_hook(env):
    """Make Vietnamese available, which papers and letters of the contest are made in.

    Before the addon's data, so that its translations load with it. Uninstalling leaves
    the language there: others may use it by then.
    """
    activate_vietnamese(env)


def uninstall_hook(env):
    """Take away what Odoo doesn't know to be the addon's.

    The files of anchors (`data_dir/hoithi_ledger`) stay: by them what was exported can
    be checked for ever.
    """
    env["ir.sequence"].browse(
        env["hoithi.contest"].search([]).receipt_sequence_id.ids
    ).unlink()
    env["ir.config_parameter"].search([("key", "=like", "hoithi_contest.%")]).unlink()
    # Odoo deletes what came with the addon before it drops the tables, in an order that
    # their references refuse
    env.cr.execute(
        """SELECT conrelid::regclass::text, conname FROM pg_constraint
            WHERE contype = 'f' AND conrelid::regclass::text LIKE 'hoithi%'"""
    )
    for table, name in env.cr.fetchall():
        env.cr.execute(
            SQL(
                "ALTER TABLE %s DROP CONSTRAINT %s",
                SQL.identifier(table),
                SQL.identifier(name),
            )
        )
    # with the guards of the ledger, which goes next
    env.cr.execute("DROP FUNCTION IF EXISTS hoithi_ledger_refuse() CASCADE")
    drop_lines(env.cr)
