from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError

from ..contest.hoithi_preview_mixin import Preview
from ..guard.hoithi_states import COMPETING, CONVENED, DECIDED, RANKABLE
from .hoithi_entry_objection import DECIDING_ROLES

SECRETARY = "hoithi_contest.group_secretary"


class HoithiContest(models.Model):
    """For how long the results are open to objections, and those that came."""

    _inherit = "hoithi.contest"
    _number_ranges = {"objection_days": (0, 365)}

    _reason_methods = ("action_extend_objections",)
    _previews = {"action_open_objections": "_preview_objections"}
    _fixed_fields = {"objections_from": {"objection_days"}}

    objection_days = fields.Integer(
        string="Days for objections",
        help="For so many days from the announcement of the results, or from the end "
        "of the contest, authors and heads of units may object to a result. 0 takes no "
        "objections.",
    )
    objections_from = fields.Datetime(
        string="Open to objections since", readonly=True, copy=False
    )
    objections_until = fields.Datetime(
        string="Open to objections until", readonly=True, copy=False
    )
    objection_ids = fields.One2many(
        "hoithi.objection", "contest_id", groups="hoithi_contest.group_secretary"
    )

    # ACTION

    def action_open_objections(self):
        """Announce the results of the department, and take objections from now on.

        The authors are told until when. A contest that closes does it by itself.

        :raises AccessError: for anyone but a secretary
        :raises UserError: where the contest takes none, an entry isn't decided, or
            they are open already
        """
        self.check_access("write")
        for contest in self:
            problem = contest._get_objections_problem()
            if problem:
                raise UserError(problem)
            contest._open_objections()
        return True

    def action_ask_open_objections(self):
        """Show who is told until when they may object and what keeps it, then ask."""
        self.ensure_one()
        self.check_access("write")
        return self._ask_act("action_open_objections", self.env._("Open to Objections"))

    def action_ask_extend_objections(self):
        """Open the dialog that asks for what `action_extend_objections` needs."""
        self.ensure_one()
        return self._ask_reason(
            "action_extend_objections",
            self.env._("More Time for Objections"),
            needs_due=True,
        )

    def action_extend_objections(self, reason=None, due_date=None):
        """Take objections for longer, also where their time has just run out.

        :param reason: recorded in the contest's log
        :param due_date: moment (UTC) until which they are taken, or a day until whose
            end of work; the day in a week where none is given
        :raises AccessError: for anyone but a secretary
        :raises UserError: where the results were never open to objections, for a time
            that isn't later, and for whoever could object to the own result
        """
        self.check_access("write")
        reason = self._clean_reason(reason)
        now = fields.Datetime.now()
        for contest in self:
            contest._check_objects_not()
            if not contest.objections_from or contest.state not in CONVENED:
                raise UserError(
                    self.env._(
                        "The results of “%s” aren't open to objections.", contest.name
                    )
                )
            until = fields.Datetime.to_datetime(contest._read_deadline(due_date))
            until = until or contest._get_work_end(
                contest._get_today() + timedelta(days=7)
            )
            if until <= max(now, contest.objections_until):
                raise UserError(
                    self.env._(
                        "Objections are taken until %s already: give a later time that "
                        "is to come.",
                        contest._format_moment(contest.objections_until),
                    )
                )
            contest._open_door().objections_until = until
            contest._message_act(
                body=self.env._(
                    "Objections are taken until %(moment)s: %(reason)s",
                    moment=contest._format_moment(until),
                    reason=reason,
                )
            )
            contest._get_objectionable()._announce_authors("objections_extended")
        return True

    def action_view_objections(self):
        """Open the objections to results of this contest."""
        return self._get_related_action("hoithi_contest.hoithi_objection_action")

    def action_close(self):
        """Close the contest; where it takes objections, these begin now."""
        result = super().action_close()
        for contest in self:
            if not contest._get_objections_problem():
                contest._open_objections()
        return result

    # BUSINESS

    def _get_objections_problem(self):
        """Return why results can't be opened to objections now, or an empty text."""
        self.ensure_one()
        if not self.objection_days:
            return self.env._(
                "“%s” takes no objections: enter the days for them first.", self.name
            )
        if self.objections_from:
            return self.env._(
                "The results of “%(contest)s” are open to objections since "
                "%(moment)s already.",
                contest=self.name,
                moment=self._format_moment(self.objections_from),
            )
        if self.state not in CONVENED:
            return self.env._("“%s” has no results yet.", self.name)
        # how many aren't decided is no secret, which they are may be
        waiting = (
            self.env["hoithi.entry"]
            .sudo()
            .search_count(
                [
                    ("contest_id", "=", self.id),
                    ("state", "in", tuple(set(COMPETING) - set(DECIDED))),
                ]
            )
        )
        if waiting:
            return self.env._(
                "%(number)s entries of “%(contest)s” aren't decided yet.",
                number=waiting,
                contest=self.name,
            )
        return ""

    def _preview_objections(self):
        """Return what opening the results to objections now does."""
        self.ensure_one()
        self.check_access("write")
        until = self._get_objections_end()
        return Preview(
            [
                self.env._(
                    "tells the authors of %s entries how they ended",
                    len(self._get_objectionable()),
                ),
                self.env._("takes objections until %s", self._format_moment(until)),
            ],
            (self._get_objections_problem(),),
        )

    def _check_objects_not(self):
        """Refuse more time to object to whoever would have it for the own result.

        :raises UserError: naming the own entry, and who does it instead
        """
        self.ensure_one()
        own_sudo = not self.env.su and self._get_own_competing(DECIDED)
        if own_sudo:
            raise UserError(
                self.env._(
                    "“%s” is your own, and you may object to its result yourself: "
                    "another secretary gives more time. Where there is none, the "
                    "administrator gives somebody the role.",
                    own_sudo[0].display_name,
                )
            )

    def _get_objections_end(self):
        return self._get_work_end(
            self._get_today() + timedelta(days=self.objection_days)
        )

    def _open_objections(self):
        self.ensure_one()
        until = self._get_objections_end()
        self._open_door().write(
            {"objections_from": fields.Datetime.now(), "objections_until": until}
        )
        self._get_objectionable()._announce_authors("objections_opened")

    def _get_objectionable(self):
        """Return the entries whose authors are told how they may object."""
        self.ensure_one()
        # authors hear of it also where a conflict hides the entry
        entries_sudo = self.env["hoithi.entry"].sudo()
        return entries_sudo.search(
            [("contest_id", "=", self.id), ("state", "in", DECIDED)]
        )

    # BUSINESS: WHO DECIDES

    def _get_gaining_seats(self, roles=DECIDING_ROLES):
        """Return the seats that decide, and whose own place moves with that of others.

        By whichever login; with superuser rights.

        :param roles: of these seats; None for all
        """
        self.ensure_one()
        # who wrote what is compared, and shown to nobody
        seats_sudo = self.sudo().council_id.member_ids.filtered(
            lambda seat: roles is None or seat.role in roles
        )
        persons = self.env["hoithi.person"]
        contacts = {seat: persons._get_contacts(seat.user_id) for seat in seats_sudo}
        # as above
        lines_sudo = self.env["hoithi.entry.author"].sudo()
        authors = lines_sudo.search(
            [
                ("entry_id.contest_id", "=", self.id),
                ("entry_id.state", "in", RANKABLE),
                ("partner_id", "in", [p.id for own in contacts.values() for p in own]),
            ]
        ).partner_id
        return [seat for seat, own in contacts.items() if own & authors]
