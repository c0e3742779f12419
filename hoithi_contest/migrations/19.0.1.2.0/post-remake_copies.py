"""Have reviewers' copies made anew: the former ones were only cleaned."""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    # it is worked out from the copies now
    cr.execute("ALTER TABLE hoithi_review DROP COLUMN IF EXISTS withheld_files")
    env = api.Environment(cr, SUPERUSER_ID, {})
    reviews = env["hoithi.review"].search(
        [
            ("state", "not in", ("void", "recused")),
            ("contest_id.state", "in", ("open", "screening", "review")),
        ]
    )
    # made by the scheduled action, which then takes away the former ones
    env["hoithi.review.copy"]._queue(reviews.entry_id)
