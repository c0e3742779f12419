from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..guard.hoithi_states import NOT_ENTERED, RUNNING


class HoithiCouncilMember(models.Model):
    _name = "hoithi.council.member"
    _inherit = ["hoithi.guard.mixin"]
    _description = "Council Member"
    _order = "council_id, sequence, id"

    council_id = fields.Many2one(
        "hoithi.council", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="council_id.company_id", store=True)
    sequence = fields.Integer(default=10)
    user_id = fields.Many2one(
        "res.users",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('share', '=', False)]",
    )
    employee_id = fields.Many2one(
        "hr.employee",
        compute="_compute_employee_id",
        store=True,
        readonly=False,
        index=True,
    )
    role = fields.Selection(
        [
            ("chair", "Chair"),
            ("vice_chair", "Vice chair"),
            ("secretary", "Secretary"),
            ("member", "Member"),
        ],
        required=True,
        default="member",
    )
    position = fields.Char(help="Position in the house, printed in documents.")
    organisation = fields.Char()
    can_score = fields.Boolean(
        compute="_compute_can_score",
        store=True,
        readonly=False,
        help="Off for the secretary, who sees the authors while screening.",
    )
    can_vote = fields.Boolean(default=True)
    max_load = fields.Integer(
        string="Most entries", help="Entries to score at most; 0 sets no limit."
    )
    field_ids = fields.Many2many("hoithi.field", string="Expertise")

    _unique_user = models.Constraint(
        "UNIQUE (council_id, user_id)", "A person sits on a council only once."
    )

    @api.depends("user_id")
    def _compute_employee_id(self):
        # who decides on a council needn't have rights on HR records
        for member in self:
            employees_sudo = member.user_id.sudo().employee_ids
            company = member.council_id.company_id or self.env.company
            member.employee_id = employees_sudo.filtered(
                lambda employee, company=company: employee.company_id == company
            )[:1]

    @api.depends("role")
    def _compute_can_score(self):
        for member in self:
            member.can_score = member.role != "secretary"

    @api.depends("user_id")
    def _compute_display_name(self):
        for member in self:
            # a name on the council is no secret to who reads the council
            member.display_name = member.user_id.sudo().name

    @api.constrains("max_load")
    def _check_max_load(self):
        if any(member.max_load < 0 for member in self):
            raise ValidationError(self.env._("A limit of entries can't be negative."))

    @api.model_create_multi
    def create(self, vals_list):
        members = super().create(vals_list)
        members._get_running_entries()._detect_conflicts()
        return members

    def write(self, vals):
        if {"user_id", "council_id"} & set(vals):
            self._check_no_sheets(vals)
        result = super().write(vals)
        if {"user_id", "employee_id"} & set(vals):
            self._get_running_entries()._detect_conflicts()
        return result

    def _check_no_sheets(self, vals):
        """Keep a seat with its person: the sheets of one must not become another's.

        :raises UserError: where the seat has sheets
        """
        changed = self.filtered(
            lambda member: any(
                member[name].id != vals[name]
                for name in ("user_id", "council_id")
                if name in vals
            )
        )
        # also sheets that a conflict hides
        review_sudo = (
            self.env["hoithi.review"]
            .sudo()
            .search([("member_id", "in", changed.ids)], limit=1)
        )
        if review_sudo:
            raise UserError(
                self.env._(
                    "%s has sheets already: add the other person as a new member.",
                    review_sudo.member_id.display_name,
                )
            )

    def _get_running_entries(self):
        """Return the entries of running contests that these members may decide on."""
        # conflicts must be found whether or not the one who edits the council may
        # read the entries
        return (
            self.env["hoithi.entry"]
            .sudo()
            .search(
                [
                    ("contest_id.council_id", "in", self.council_id.ids),
                    (
                        "contest_id.state",
                        "in",
                        RUNNING,
                    ),
                    ("state", "not in", NOT_ENTERED),
                ]
            )
        )
