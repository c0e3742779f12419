from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..guard.hoithi_states import COMPETING

#: Who decides beside the sessions, the first of them that isn't concerned.
DECIDING_ROLES = ("chair", "vice_chair")


class HoithiEntry(models.Model):
    """What its authors and the head of its unit hold against the entry's result."""

    _inherit = "hoithi.entry"

    _reason_methods = ("action_object",)

    can_object = fields.Boolean(compute="_compute_can_object")

    # COMPUTE

    @api.depends("state", "contest_id.objections_until", "author_ids.partner_id")
    @api.depends_context("uid")
    def _compute_can_object(self):
        for entry in self:
            entry.can_object = bool(
                not entry._get_objection_problem() and entry._get_objecting_role()
            )

    # ACTION

    def action_ask_object(self):
        """Open the dialog that asks for what `action_object` needs."""
        self.ensure_one()
        return self._ask_reason("action_object", self.env._("Object to the Result"))

    def action_object(self, reason=None):
        """Object to the result of an own entry, or of one of the own unit.

        :param reason: what is wrong, for the Office and the chair to read
        :return: the id of the objection
        :raises AccessError: for whoever is neither its author nor heads its unit
        :raises UserError: outside the days for objections, without a reason, while an
            earlier objection of the same person waits for its answer, and after the
            answer unless another decision came since
        """
        self.ensure_one()
        self.check_access("read")
        role = self._get_objecting_role()
        if not role:
            raise AccessError(
                self.env._(
                    "Only its authors and the head of its unit object to the result "
                    "of “%s”.",
                    self.display_name,
                )
            )
        problem = self._get_objection_problem()
        if problem:
            raise UserError(problem)
        reason = self._clean_reason(reason)
        partner = self.env.user.partner_id
        # nobody makes an objection but by this act
        objections_sudo = self.env["hoithi.objection"].sudo()
        if objections_sudo.search_count(
            [
                ("entry_id", "=", self.id),
                ("partner_id", "=", partner.id),
                ("is_open", "=", True),
            ]
        ):
            raise UserError(
                self.env._(
                    "Your earlier objection to this result hasn't been answered yet."
                )
            )
        self._check_not_answered(partner)
        # filed and taken back, each is a task of the Office
        self.env["hoithi.rate"]._count("objection", self.env.uid)
        objection_sudo = (
            objections_sudo.with_context(mail_create_nosubscribe=True)
            ._open_door()
            .create(
                {
                    "entry_id": self.id,
                    "partner_id": partner.id,
                    "filed_as": role,
                    "filed_on": fields.Datetime.now(),
                    "reason": reason,
                }
            )
        )
        objection_sudo._remind_secretaries()
        return objection_sudo.id

    # BUSINESS

    def _get_objecting_role(self):
        """Return as what the caller may object: ``author``, ``head``, or nothing."""
        self.ensure_one()
        if any(not line.declined_on for line in self._get_own_lines()):
            return "author"
        headed = self.env["hr.department"]._get_headed_by(self.env.user)
        # staff have no right on units; whether one is the own is the caller's to know
        return "head" if self.sudo().department_id in headed else ""

    def _check_not_answered(self, partner):
        """Refuse an objection to what was answered and stands since.

        :raises UserError: naming what there is to do instead
        """
        # the answer is the person's own; what was reopened is told by its letter
        answered_sudo = (
            self.env["hoithi.objection"]
            .sudo()
            .search(
                [
                    ("entry_id", "=", self.id),
                    ("partner_id", "=", partner.id),
                    ("state", "=", "answered"),
                ],
                order="answered_on desc",
                limit=1,
            )
        )
        if answered_sudo and not self.sudo()._has_changed_since(
            answered_sudo.answered_on
        ):
            raise UserError(
                self.env._(
                    "Your objection to the result of “%s” was answered. Another is "
                    "taken once a later decision has changed the result.",
                    self.display_name,
                )
            )

    def _has_changed_since(self, moment):
        """Tell whether a decision gave the entry its result after `moment`.

        Asked with superuser rights: who decided what, and when, isn't for authors.
        """
        self.ensure_one()
        decided = self.decided_on, self.screened_on, self.disqualified_on
        if any(day and day > moment for day in decided):
            return True
        reopenings = self.env["hoithi.reopening"].search(
            [
                ("entry_id", "=", self.id),
                ("state", "=", "done"),
                ("closed_on", ">=", moment),
            ]
        )
        return any(reopening.before != reopening.after for reopening in reopenings)

    def _get_objection_problem(self):
        """Return why no objection is taken to the entry's result now, or nothing."""
        self.ensure_one()
        contest = self.contest_id
        if self.state not in COMPETING:
            return self.env._("“%s” has no result.", self.display_name)
        if not contest.objections_until or contest.state == "cancelled":
            return self.env._(
                "The results of “%s” aren't open to objections.", contest.name
            )
        if fields.Datetime.now() > contest.objections_until:
            return self.env._(
                "Objections to the results of “%(contest)s” were taken until "
                "%(moment)s.",
                contest=contest.name,
                moment=contest._format_moment(contest.objections_until),
            )
        return ""

    def _get_barred_seats(self):
        """Return the seats that a conflict keeps from deciding on the entry.

        Asked with superuser rights: who is in a conflict is shown to nobody.
        """
        self.ensure_one()
        return self.conflict_ids.filtered(
            lambda conflict: conflict.hard and conflict.state != "lifted"
        ).member_id

    def _get_deciding_seats(self, concerned, absent=()):
        """Return the seats of the council that decide: of the chair, else the deputies.

        As `_get_barred_seats`, with superuser rights.

        :param concerned: contacts that don't decide
        :param absent: seats that don't
        """
        self.ensure_one()
        council = self.contest_id.council_id
        # a seat may be named by a set of records with other rights
        out_ids = {*self._get_barred_seats().ids, *(seat.id for seat in absent)}
        for role in DECIDING_ROLES:
            seats = council._get_members(role).filtered(
                lambda seat: (
                    seat.id not in out_ids
                    # who has left the house decides on nothing
                    and seat.user_id.active
                    and seat.user_id.partner_id not in concerned
                )
            )
            if seats:
                return seats
        return council.member_ids.browse()

    def _get_shown_objections(self):
        """Return the objections to the entry's result that the caller reads."""
        self.ensure_one()
        return self.env["hoithi.objection"].search([("entry_id", "=", self.id)])
