from odoo import SUPERUSER_ID, api


def migrate(cr, _version):
    """Members whose record is a branch's, or came after their seat, get it on the seat.

    By it conflicts of interest are found; those of running contests are found now.
    """
    env = api.Environment(cr, SUPERUSER_ID, {})
    seats = env["hoithi.council.member"].with_context(active_test=False)
    seats.search([("employee_id", "=", False)])._fill_records()
