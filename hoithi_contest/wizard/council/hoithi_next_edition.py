from odoo import fields, models


class HoithiNextEdition(models.TransientModel):
    """Whether the council judges the next edition as well."""

    _inherit = "hoithi.next.edition"

    keep_council = fields.Boolean(
        string="The same council",
        help="Otherwise the decision on a new one is entered before the review.",
    )

    def _get_values(self):
        values = super()._get_values()
        if self.keep_council:
            values["council_id"] = self.contest_id.council_id.id
        return values
