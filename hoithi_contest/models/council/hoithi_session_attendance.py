from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..guard.hoithi_guard_mixin import EVERYTHING


class HoithiSessionAttendance(models.Model):
    """A member's line on the roll of a session."""

    _name = "hoithi.session.attendance"
    _inherit = ["hoithi.guard.mixin"]
    _description = "Attendance at a Session"
    _order = "session_id, sequence, id"

    _given_fields = {"session_id", "member_id"}
    _fixed_fields = {"is_closed": EVERYTHING}
    _fixed_rows = ("is_opened",)

    session_id = fields.Many2one(
        "hoithi.session", required=True, ondelete="cascade", index=True
    )
    session_state = fields.Selection(related="session_id.state")
    is_opened = fields.Boolean(related="session_id.is_opened")
    is_closed = fields.Boolean(related="session_id.is_closed")
    company_id = fields.Many2one(related="session_id.company_id", store=True)
    member_id = fields.Many2one(
        "hoithi.council.member", required=True, ondelete="restrict", index=True
    )
    sequence = fields.Integer(related="member_id.sequence", store=True)
    role = fields.Selection(
        "_get_roles",
        compute="_compute_identity",
        store=True,
        help="As the council has it when the session opens.",
    )
    member_name = fields.Char(
        compute="_compute_identity",
        store=True,
        help="As the member was called when the session opened.",
    )
    member_position = fields.Char(
        compute="_compute_identity",
        store=True,
        help="The member's post when the session opened.",
    )
    member_organisation = fields.Char(
        compute="_compute_identity",
        store=True,
        help="The member's house when the session opened.",
    )
    present = fields.Boolean()
    reason = fields.Char(
        string="Reason of absence", help="Needed of who is absent at the opening."
    )
    can_vote = fields.Boolean(
        readonly=True, help="As the council has it when the session opens."
    )

    _unique_member = models.Constraint(
        "UNIQUE (session_id, member_id)", "A member is on the roll once."
    )

    @api.model
    def _get_roles(self):
        roles = self.env["hoithi.council.member"]._fields["role"]
        return roles._description_selection(self.env)

    @api.depends(
        "member_id.role",
        "member_id.user_id.name",
        "member_id.position",
        "member_id.organisation",
    )
    def _compute_identity(self):
        """Follow the council until the session opens; from then on they are facts."""
        for line in self:
            seat = line.member_id
            present = {
                "role": seat.role,
                "member_name": seat.user_id.name,
                "member_position": seat.position,
                "member_organisation": seat.organisation,
            }
            fixed = line.session_id.state != "planned" and line.role
            for name, value in present.items():
                line[name] = line[name] if fixed else value

    @api.depends("member_name")
    def _compute_display_name(self):
        for line in self:
            line.display_name = line.member_name

    @api.constrains("member_id", "session_id")
    def _check_seat(self):
        for line in self:
            if line.member_id.council_id != line.session_id.council_id:
                raise ValidationError(
                    self.env._(
                        "%s doesn't sit on the council of this contest.",
                        line.member_id.display_name,
                    )
                )

    # CRUD

    @api.model_create_multi
    def create(self, vals_list):
        """Add members to the roll; one who is on it already is brought up to date."""
        vals_list = self._check_given(vals_list)
        sessions = self.env["hoithi.session"].browse(
            {vals["session_id"] for vals in vals_list if vals.get("session_id")}
        )
        if not self._is_data_load():
            sessions._check_not_closed()
        members = self.env["hoithi.council.member"]
        lines, new = self.browse(), []
        known = {
            (line.session_id.id, line.member_id.id): line
            for line in sessions.attendance_ids
        }
        for vals in vals_list:
            line = known.get((vals.get("session_id"), vals.get("member_id")))
            if line:
                line.write(
                    {k: v for k, v in vals.items() if k in ("present", "reason")}
                )
                lines |= line
                continue
            if any(session.state == "open" for session in sessions):
                raise UserError(self.env._("The roll is fixed when the session opens."))
            member = members.browse(vals.get("member_id"))
            new.append({**vals, "can_vote": member.can_vote})
        made = super(HoithiSessionAttendance, self._open_door()).create(new)
        lines |= made.with_env(self.env)
        lines.session_id._tell_board()
        return lines

    def write(self, vals):
        if self._is_data_load():
            return super().write(vals)
        self.session_id._check_not_closed()
        if "present" in vals and not vals["present"]:
            self._check_absence()
        result = super().write(vals)
        self.session_id._log_presiding()
        self.session_id._tell_board()
        return result

    # GUARD

    def _get_fixed_hint(self):
        return self.env._("The roll of an opened session stays: mark the absent.")

    # BUSINESS

    def _check_absence(self):
        """Let nobody who competes send others out of a session that is under way.

        Who is absent gets no ballot.

        :raises UserError: telling who does it
        """
        sent_out = self.filtered(
            lambda line: line.present and line.session_state == "open"
        )
        for line in sent_out:
            if not line.member_id._filter_own():
                line.session_id.contest_id._check_not_competing()

    def _fix_vote(self):
        """Take over who may vote, for the last time before the session opens."""
        for line in self:
            if line.can_vote != line.member_id.can_vote:
                line.can_vote = line.member_id.can_vote
