from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Awards, and places among results, go by the order of kinds of prizes.

    What an award has of its kind was worked out before the kinds were loaded. Until now
    an entry had one award at each level, so that none has two by its place.
    """
    env = api.Environment(cr, SUPERUSER_ID, {})
    env["hoithi.award"].search([]).modified(["rank"])
    entries = env["hoithi.entry"].with_context(active_test=False)
    merits = entries._fields["result_merit"]
    env.add_to_compute(merits, entries.search([("result_merit", ">", 0)]))
    env.flush_all()
