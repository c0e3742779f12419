from psycopg2.errors import SerializationFailure

from odoo import fields, models


class HoithiReviewStartRunLine(models.Model):
    """A copy to be made before the review begins, and what came of it."""

    _name = "hoithi.review.start.run.line"
    _inherit = ["hoithi.run.line.mixin"]
    _description = "Copy for the Start of the Review"
    _order = "run_id, id"
    _rec_name = "entry_code"

    run_id = fields.Many2one(
        "hoithi.review.start.run", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="run_id.company_id", store=True)
    copy_id = fields.Many2one(
        "hoithi.review.copy", required=True, ondelete="cascade", index=True
    )
    # the code alone, which tells nobody who wrote it
    entry_code = fields.Char(related="copy_id.entry_id.code", string="Entry")
    state = fields.Selection(
        [
            ("waiting", "Waiting"),
            ("done", "Made"),
            ("failed", "Can't be made"),
        ],
        required=True,
        default="waiting",
    )
    note = fields.Text()

    _run_state_idx = models.Index("(run_id, state, attempts, id)")

    def _make(self):
        """Make the copy, unless it is made by now; note why there is none."""
        self.ensure_one()
        try:
            with self.env.cr.savepoint():
                self.env["hoithi.contest"]._lock_rows(self.copy_id)
        except SerializationFailure:
            # another worker was at it: the next step sees what came of it
            self._open_door().attempts = 0
            return
        copies = self.env["hoithi.review.copy"]
        domain = copies._get_waiting_domain(self.copy_id.entry_id)
        for copy in self.copy_id.filtered_domain(domain):
            copy._make()
        if self.copy_id.state == "failed":
            self._fail(self.copy_id._get_failure())
        else:
            self._open_door().write({"state": "done", "note": False})
