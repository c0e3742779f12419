from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Places among results go by the order of kinds of prizes, not by a fixed list."""
    entries = api.Environment(cr, SUPERUSER_ID, {})["hoithi.entry"]
    entries = entries.with_context(active_test=False)
    merits = entries._fields["result_merit"]
    entries.env.add_to_compute(merits, entries.search([("result_merit", ">", 0)]))
    entries.flush_model(["result_merit"])
