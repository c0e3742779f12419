from odoo import api, fields, models

SECRETARY = "hoithi_contest.group_secretary"


class HoithiReason(models.TransientModel):
    """The solution that has won before, beside by what it is known."""

    _inherit = "hoithi.reason"

    needs_won = fields.Boolean(readonly=True)
    won_past_id = fields.Many2one(
        "hoithi.past.solution",
        string="Solution from before this system",
        domain="['|', ('award', '!=', False), ('recognised', '!=', False)]",
        groups=SECRETARY,
    )
    won_entry_id = fields.Many2one(
        "hoithi.entry",
        string="Entry of an earlier contest",
        domain="[('contest_id.is_over', '=', True)]",
        index="btree_not_null",
        groups=SECRETARY,
    )

    @api.constrains("won_past_id", "won_entry_id")
    def _check_may_read_won(self):
        """Tell the title of no solution that its user may not read."""
        self.won_past_id.check_access("read")
        self.won_entry_id.check_access("read")

    def _get_values(self, records):
        values = super()._get_values(records)
        if self.needs_won:
            values |= {"entry": self.won_entry_id, "past": self.won_past_id}
        return values
