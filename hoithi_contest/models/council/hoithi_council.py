from odoo import api, fields, models
from odoo.exceptions import ValidationError


class HoithiCouncil(models.Model):
    _name = "hoithi.council"
    _description = "Council"
    _inherit = ["mail.thread", "hoithi.guard.mixin", "hoithi.clock.mixin"]
    _clock_path = ""
    _order = "decision_date desc, id desc"

    name = fields.Char(required=True, tracking=True)
    decision_number = fields.Char(tracking=True)
    decision_date = fields.Date()
    date_from = fields.Date(string="In office from")
    date_to = fields.Date(string="In office until")
    member_ids = fields.One2many("hoithi.council.member", "council_id", copy=True)
    quorum_ratio = fields.Float(
        string="Quorum",
        digits=0,
        default=lambda self: self.env.company.hoithi_quorum_ratio,
        help="Share of the members who must be present.",
        tracking=True,
    )
    approval_ratio = fields.Float(
        string="Approval",
        digits=0,
        default=lambda self: self.env.company.hoithi_approval_ratio,
        help="Share of the votes that approves an entry.",
        tracking=True,
    )
    approval_base = fields.Selection(
        [("all_voting", "All voting members"), ("present", "Those present")],
        default=lambda self: self.env.company.hoithi_approval_base,
        required=True,
        tracking=True,
    )
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        string="Department",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )

    @api.constrains("quorum_ratio", "approval_ratio")
    def _check_ratios(self):
        for council in self:
            if not (0 < council.quorum_ratio <= 1 and 0 < council.approval_ratio <= 1):
                raise ValidationError(
                    self.env._("Quorum and approval must be above 0 and at most 100 %.")
                )

    @api.constrains("member_ids")
    def _check_one_chair(self):
        for council in self:
            if len(council._get_members("chair")) > 1:
                raise ValidationError(
                    self.env._(
                        "“%(council)s” has more than one chair.", council=council.name
                    )
                )

    def _get_members(self, role):
        """Return the members with `role`."""
        return self.member_ids.filtered(lambda member: member.role == role)
