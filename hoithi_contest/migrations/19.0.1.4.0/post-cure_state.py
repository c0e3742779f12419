from odoo import SUPERUSER_ID, api


def migrate(cr, _version):
    """Papers whose recall was recalled before that meant something stand again."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    recalled = env["hoithi.document"].search([("cure_state", "!=", False)])
    env.add_to_compute(recalled._fields["cure_state"], recalled)
