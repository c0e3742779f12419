from odoo import api, fields, models


class HoithiOrganisation(models.Model):
    """A body beside the units, as the trade union or the youth union."""

    _name = "hoithi.organisation"
    _inherit = ["hoithi.guard.mixin"]
    _description = "Organisation"
    _order = "sequence, name, id"
    _number_ranges = {"member_count": (None, 1_000_000)}
    _check_company_auto = True

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    kind = fields.Selection(
        [
            ("trade_union", "Trade union"),
            ("youth_union", "Youth union"),
            ("other", "Other"),
        ],
        required=True,
        default="other",
    )
    company_id = fields.Many2one(
        "res.company",
        string="Department",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    head_id = fields.Many2one(
        "hr.employee",
        check_company=True,
        help="Acknowledges the plan and records outreach for the organisation.",
    )
    member_count = fields.Integer(
        string="Union members",
        help="HR doesn't know who is a member, so the number is entered by hand; 0 "
        "where it isn't known.",
    )
    active = fields.Boolean(default=True)
    is_headed = fields.Boolean(
        string="Headed by the Reader",
        compute="_compute_is_headed",
        search="_search_is_headed",
        export_string_translation=False,
    )

    _check_member_count = models.Constraint(
        "CHECK (member_count >= 0)", "The number of members can't be negative."
    )
    _unique_name = models.Constraint(
        "UNIQUE (company_id, name)", "There is an organisation of this name already."
    )

    @api.depends_context("uid")
    @api.depends("head_id")
    def _compute_is_headed(self):
        # as in the search below
        headed = self.sudo().search([("id", "in", self.ids), ("is_headed", "=", True)])
        for organisation in self:
            organisation.is_headed = organisation in headed

    @api.model
    def _search_is_headed(self, operator, value):
        # evaluated in SQL, since record rules are cached for each user
        if operator != "in":
            return NotImplemented
        return [
            "|",
            ("head_id.user_id", "=", self.env.uid),
            ("head_id.work_contact_id", "=", self.env.user.partner_id.id),
        ]
