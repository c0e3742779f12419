from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

LEADER = "hoithi_contest.group_leader"
#: Who may take the chair of who has left.
SUCCESSORS = ("vice_chair", "member")


class HoithiCouncilMember(models.Model):
    """Who takes the chair of somebody who has left the house."""

    _inherit = "hoithi.council.member"

    _reason_methods = ("action_take_chair",)

    can_take_chair = fields.Boolean(compute="_compute_can_take_chair")

    # COMPUTE

    @api.depends("role", "user_id.active", "council_id.member_ids.role")
    def _compute_can_take_chair(self):
        for member in self:
            member.can_take_chair = bool(
                member._origin
                and member.active
                and member.role in SUCCESSORS
                and member._can_preside()
                and not member.council_id._get_acting_chair()
            )

    # ACTION

    def action_ask_take_chair(self):
        """Open the dialog that asks for what `action_take_chair` needs."""
        return self._ask_reason("action_take_chair", self.env._("Take the Chair"))

    def action_take_chair(self, reason=None):
        """Make a member the chair, where who was it has left the house.

        Who has left stays on the council as a member: the number of seats that quorum
        and majority are taken of is fixed with the rules. While these are in force it
        is a leader who decides, as on any change of them.

        :param reason: by which decision; recorded in ledger and log, and told to the
            council
        :raises AccessError: for others than the secretary, or a leader while the rules
            are fixed
        :raises UserError: where the chair has a login, a session is open, or the member
            can't preside; for the own seat while a contest goes by it
        """
        self.ensure_one()
        self.check_access("read")
        self._check_decides_chair()
        self._check_not_own_seat()
        reason = self._clean_reason(reason)
        self._check_no_session()
        acting = self.council_id._get_acting_chair()
        if acting:
            raise UserError(
                self.env._(
                    "%(chair)s is the chair of “%(council)s”, and has a login: where "
                    "another is to be, reopen the rules and change the roles.",
                    chair=acting.display_name,
                    council=self.council_id.name,
                )
            )
        if not self.can_take_chair:
            raise UserError(
                self.env._(
                    "%s can't take the chair: choose a deputy or a member with an "
                    "internal login.",
                    self.display_name,
                )
            )
        # who decides may write nothing of a council but this
        council_sudo = self.council_id.sudo()
        gone_sudo = council_sudo._get_members("chair")
        for seat in gone_sudo:
            # what the seat may do doesn't follow its role anew
            seat._open_door().write({"role": "member", "can_score": seat.can_score})
        own_sudo = self.sudo()
        own_sudo._open_door().write({"role": "chair", "can_score": self.can_score})
        for contest in self._get_running_contests():
            self.env["hoithi.ledger"]._append(
                contest,
                "seat.chair",
                self,
                {"before": gone_sudo.ids, "reason": reason},
            )
        council_sudo._message_act(
            body=self.env._(
                "%(name)s chairs the council from now on: %(reason)s",
                name=self.display_name,
                reason=reason,
            )
        )
        told = council_sudo.member_ids.user_id
        told |= self._get_running_contests().secretary_ids
        self.env["hoithi.notice"]._announce(
            "chair_changed",
            {own_sudo: told.filtered("active").partner_id},
            occasion=fields.Datetime.to_string(fields.Datetime.now()),
        )
        return True

    # BUSINESS

    def _can_preside(self):
        """Tell whether there is a login by which the member can preside."""
        self.ensure_one()
        # what kind of login it is, is no secret to who reads the council
        user_sudo = self.user_id.sudo()
        return user_sudo.active and not user_sudo.share

    def _check_decides_chair(self):
        """Refuse to decide who chairs, but to a leader while the rules are fixed."""
        if self.env.su or (not self.council_in_force and self.has_access("write")):
            return
        if not self.env.user.has_group(LEADER):
            raise AccessError(
                self.env._(
                    "While a contest is reviewed or decided, a leader of the "
                    "department says who takes the chair; before that, the secretary."
                )
            )
