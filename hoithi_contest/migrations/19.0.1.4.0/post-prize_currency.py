from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Prizes in another currency were shown in that of the entry's benefit."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    awards = env["hoithi.award"].search([("prize_id.currency_id", "!=", False)])
    for award in awards:
        if award.currency_id != award.prize_id.currency_id:
            award._open_door().currency_id = award.prize_id.currency_id
