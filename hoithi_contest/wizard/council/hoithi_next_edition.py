from odoo import api, fields, models


class HoithiNextEdition(models.TransientModel):
    """Whether the same bodies decide in the next edition as well."""

    _inherit = "hoithi.next.edition"

    keep_council = fields.Boolean(
        string="The same council",
        help="Otherwise the decision on a new one is entered before the review.",
    )

    has_committee = fields.Boolean(compute="_compute_has_committee")
    keep_committee = fields.Boolean(
        string="The same organising committee",
        help="Otherwise it is chosen before the launch, where the rules ask it.",
    )

    @api.depends("contest_id")
    def _compute_has_committee(self):
        for wizard in self:
            # that there is one is no secret
            contest_sudo = wizard.contest_id.sudo()
            wizard.has_committee = bool(contest_sudo.confirming_council_id)

    def _get_values(self):
        values = super()._get_values()
        if self.keep_council:
            values["council_id"] = self.contest_id.council_id.id
        if self.keep_committee:
            committee = self.contest_id.confirming_council_id
            values["confirming_council_id"] = committee.id
        return values
