from odoo import fields, models


class HoithiReason(models.TransientModel):
    """Who decided what the Office does out of the ordinary, beside why."""

    _inherit = "hoithi.reason"

    needs_decider = fields.Boolean(readonly=True)
    decided_by = fields.Char(string="Who decided that")

    def _get_values(self, records):
        values = super()._get_values(records)
        if self.needs_decider:
            values["decided_by"] = self.decided_by
        return values
