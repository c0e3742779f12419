from odoo import api, fields, models


class HoithiReason(models.TransientModel):
    """The field of competition that an entry is moved to, beside why."""

    _inherit = "hoithi.reason"

    needs_field = fields.Boolean(readonly=True)
    allowed_field_ids = fields.Many2many(
        "hoithi.field", compute="_compute_allowed_field_ids"
    )
    field_id = fields.Many2one(
        "hoithi.field",
        index="btree_not_null",
        domain="[('id', 'in', allowed_field_ids)]",
    )

    @api.depends("needs_field")
    def _compute_allowed_field_ids(self):
        for wizard in self:
            wizard.allowed_field_ids = wizard.allowed_field_ids.browse()
            if wizard.needs_field:
                wizard.allowed_field_ids = wizard._get_entries().contest_id.field_ids

    def _get_values(self, records):
        values = super()._get_values(records)
        if self.needs_field:
            values["field"] = self.field_id
        return values
