from odoo import SUPERUSER_ID, api

from odoo.addons.hoithi_contest.models.guard.hoithi_states import DROPPED, RUNNING


def migrate(cr, version):
    """Sheets that their members gave back, or lost with the seat, have no copies.

    Whoever stepped back from an entry, or was found in a conflict with it, went on
    reading what was given to judge it by. In contests that are over, all stays as it
    was.
    """
    env = api.Environment(cr, SUPERUSER_ID, {})
    sheets = env["hoithi.review"].search(
        [
            ("contest_id.state", "in", RUNNING),
            *("|", ("state", "in", DROPPED), ("member_id.active", "=", False)),
        ]
    )
    given = sheets.filtered("file_ids")
    for sheet in given:
        sheet._give_files({})
    # while an addon is loaded nothing is attested by itself
    env["hoithi.ledger"]._queue(given, "copies.given")
    env["hoithi.ledger"]._settle()
