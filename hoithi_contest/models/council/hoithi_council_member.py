from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command, Domain

from ..guard.hoithi_states import NOT_ENTERED, PENDING, RUNNING


class HoithiCouncilMember(models.Model):
    _name = "hoithi.council.member"
    _inherit = ["hoithi.guard.mixin", "hoithi.reason.mixin", "hoithi.clock.mixin"]
    _description = "Council Member"
    _order = "council_id, sequence, id"
    _number_ranges = {"max_load": (0, 10_000)}
    _person_path = ("user_id", "partner_id", "name")

    _reason_methods = ("action_end", "action_resume")
    _clock_path = ""

    # Who sits here with which rights.
    _seat_fields = {
        "council_id",
        "user_id",
        "employee_id",
        "role",
        "can_score",
        "can_vote",
    }

    # What is proposed to whom.
    _load_fields = {"max_load", "field_ids"}

    _fixed_fields = {"council_in_force": _seat_fields | _load_fields}
    _fixed_rows = ("council_in_force",)

    council_id = fields.Many2one(
        "hoithi.council", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="council_id.company_id", store=True)
    council_in_force = fields.Boolean(
        compute="_compute_council_in_force",
        help="A contest is reviewed or decided by the council's seats and ratios.",
    )
    sequence = fields.Integer(default=10)
    user_id = fields.Many2one(
        "res.users",
        required=True,
        index=True,
        ondelete="restrict",
        help="Experts from outside may sit with a portal login: they score and vote "
        "there.",
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
    active = fields.Boolean(default=True, readonly=True, copy=False)
    ended_on = fields.Datetime(readonly=True, copy=False)
    end_reason = fields.Text(readonly=True, copy=False)
    max_load = fields.Integer(
        string="Most entries", help="Entries to score at most; 0 sets no limit."
    )
    field_ids = fields.Many2many("hoithi.field", string="Expertise")

    _unique_user = models.Constraint(
        "UNIQUE (council_id, user_id)",
        "A person sits on a council only once. A seat that has ended is taken up again "
        "from the list of former members.",
    )

    @api.depends("user_id")
    def _compute_employee_id(self):
        for member, records in self._find_records().items():
            member.employee_id = records[:1]

    @api.depends("role")
    def _compute_can_score(self):
        for member in self:
            member.can_score = member.role != "secretary"

    @api.depends("user_id")
    def _compute_display_name(self):
        for member in self:
            # a name on the council is no secret to who reads the council
            member.display_name = member.user_id.sudo().name

    def _compute_council_in_force(self):
        for member in self:
            member.council_in_force = member.council_id._is_in_force()

    @api.constrains("user_id", "role", "council_id")
    def _check_portal_seat(self):
        for member in self:
            # what kind of login it is, is no secret to who seats it
            user_sudo = member.user_id.sudo()
            if not user_sudo.share:
                continue
            company = member.council_id.company_id
            if company and company not in user_sudo.company_ids:
                raise ValidationError(
                    self.env._(
                        "The portal login of %s isn't of this department: have the "
                        "administrator add the department to the login first.",
                        member.display_name,
                    )
                )
            if member.role != "member":
                raise ValidationError(
                    self.env._(
                        "%s has a portal login, by which a member scores and votes. "
                        "Chair, deputies and secretary need an internal one.",
                        member.display_name,
                    )
                )

    @api.constrains("max_load")
    def _check_max_load(self):
        if any(member.max_load < 0 for member in self):
            raise ValidationError(self.env._("A limit of entries can't be negative."))

    @api.constrains("role", "council_id")
    def _check_one_chair(self):
        self.council_id._check_one_chair()

    @api.constrains("employee_id", "user_id")
    def _check_employee(self):
        """Keep the record by which conflicts are found with its person."""
        for member, records in self._find_records().items():
            if records and member.employee_id not in records:
                raise ValidationError(
                    self.env._(
                        "%s has an employee record, by which conflicts of interest are "
                        "found: it stays with the seat.",
                        member.display_name,
                    )
                )

    # CRUD

    @api.model_create_multi
    def create(self, vals_list):
        members = super().create(vals_list)
        members._let_in_by_portal()
        members._get_running_entries()._detect_conflicts()
        return members

    def copy_data(self, default=None):
        # who has left doesn't sit on the copy of a council
        return [
            vals if member.active else {}
            for member, vals in zip(
                self, super().copy_data(default=default), strict=True
            )
        ]

    def write(self, vals):
        if {"user_id", "employee_id", "council_id"} & set(vals):
            self._check_same_person(vals)
        result = super().write(vals)
        if {"user_id", "employee_id"} & set(vals):
            self._let_in_by_portal()
            self._get_running_entries()._detect_conflicts()
        return result

    def unlink(self):
        self._check_unused()
        self._check_not_fixed()
        # warnings that HR gave by itself, and what it has taken back
        conflicts_sudo = self.env["hoithi.conflict"].sudo()
        conflicts_sudo.search([("member_id", "in", self.ids)]).unlink()
        return super().unlink()

    # GUARD

    def _get_fixed_hint(self):
        return self.council_id._get_fixed_hint()

    def _let_in_by_portal(self):
        """Give experts with a portal login what their seat is for, and no more."""
        # who decides on a council gives no groups; this one comes with the seat
        experts_sudo = self.user_id.sudo().filtered("share")
        # as above
        group_sudo = self.env.ref("hoithi_contest.group_expert").sudo()
        (experts_sudo - group_sudo.all_user_ids).write(
            {"group_ids": [Command.link(group_sudo.id)]}
        )

    # ACTION

    def action_ask_end(self):
        """Open the dialog that asks for what `action_end` needs."""
        return self._ask_reason("action_end", self.env._("End the Seat"))

    def action_end(self, reason=None):
        """End seats whose members leave; what they did and their conflicts stay.

        Open sheets become void, so that they can be given to others.

        :param reason: kept with the seat, and recorded in ledger and log
        :raises UserError: while the rules are fixed or a session is open, and for
            whoever competes with an entry that a sheet would be taken from
        """
        reason = self._clean_reason(reason)
        self._check_endable()
        for member in self:
            member._set_ended(reason)
            # sheets are the members' own, and some may be hidden by a conflict
            reviews_sudo = self.env["hoithi.review"].sudo()
            pending_sudo = reviews_sudo.search(
                [
                    ("member_id", "=", member.id),
                    ("state", "in", PENDING),
                ]
            )
            # to leave is everybody's own
            if not member._filter_own():
                pending_sudo.entry_id.with_env(self.env)._check_no_rivals()
            for review in pending_sudo:
                review._void(self.env._("The seat has ended: %s", reason))
        return True

    def action_ask_resume(self):
        """Open the dialog that asks for what `action_resume` needs."""
        return self._ask_reason("action_resume", self.env._("Take the Seat Up"))

    def action_resume(self, reason=None):
        """Take ended seats up again, with all that is on record of them.

        :param reason: recorded in ledger and log
        :raises UserError: while the rules are fixed or a session is open, and for the
            own seat while a contest goes by it
        """
        reason = self._clean_reason(reason)
        self._check_endable()
        self._check_not_own_seat()
        for member in self:
            member._set_ended(reason, resumed=True)
        self.council_id._check_one_chair()
        self._get_running_entries()._detect_conflicts()
        return True

    # BUSINESS

    def _find_records(self):
        """Return {member: employee records}: the department's, else those of branches.

        The records come with superuser rights.
        """
        # who decides on a council needn't have rights on HR records
        staff_sudo = self.env["hr.employee"].sudo()
        of_users = staff_sudo.search([("user_id", "in", self.user_id.ids)]).grouped(
            "user_id"
        )
        found = {}
        for member in self:
            company = member.council_id.company_id or self.env.company
            records = of_users.get(member.user_id, staff_sudo).filtered(
                lambda one, company=company: company in one.company_id.parent_ids
            )
            here = records.filtered(
                lambda one, company=company: one.company_id == company
            )
            found[member] = here or records
        return found

    def _fill_records(self):
        """Give seats the employee record that there wasn't when they were filled.

        By it conflicts of interest are found; also a seat that is fixed or has ended
        gets it.
        """
        lacking = self.filtered(lambda member: not member.employee_id)
        for member, records in lacking._find_records().items():
            if records:
                member._open_door().employee_id = records[:1]

    def _check_endable(self):
        self.check_access("write")
        self._check_not_fixed()
        self._check_no_session()

    def _check_no_session(self):
        # sessions of all contests that sit with the council
        sessions_sudo = self.env["hoithi.session"].sudo()
        running_sudo = sessions_sudo.search(
            [("council_id", "in", self.council_id.ids), ("state", "=", "open")], limit=1
        )
        if running_sudo:
            raise UserError(
                self.env._(
                    "“%s” is open: mark who has left as absent, and close it first.",
                    running_sudo.display_name,
                )
            )

    def _set_ended(self, reason, resumed=False):
        self.ensure_one()
        if self.active == resumed:
            raise UserError(
                self.env._(
                    "The seat of %s has ended already, or is in office.",
                    self.display_name,
                )
            )
        self._open_door().write(
            {
                "active": resumed,
                "ended_on": not resumed and fields.Datetime.now(),
                "end_reason": not resumed and reason,
            }
        )
        contests = self._get_running_contests()
        # some sheets may be hidden by a conflict
        sheets_sudo = self.env["hoithi.review"].sudo()
        sheets_sudo = sheets_sudo.search(
            [("member_id", "=", self.id), ("contest_id", "in", contests.ids)]
        )
        self.env["hoithi.review.copy"]._hand_out(sheets_sudo.entry_id)
        for contest in contests:
            self.env["hoithi.ledger"]._append(
                contest,
                "seat.resumed" if resumed else "seat.ended",
                self,
                {"reason": reason},
            )
        names = {"name": self.display_name, "reason": reason}
        self.council_id._message_act(
            body=self.env._("%(name)s sits on the council again: %(reason)s", **names)
            if resumed
            else self.env._("The seat of %(name)s has ended: %(reason)s", **names)
        )

    def _get_used(self):
        """Return the seats on which something hangs."""
        used = self.browse()
        # that HR warns of somebody is nothing that the seat was used for
        counting = (
            Domain("hard", "=", True)
            | Domain("source", "=", "declared")
            | Domain("pinned", "=", True)
        )
        for model, domain in (
            ("hoithi.review", Domain.TRUE),
            ("hoithi.conflict", counting),
            ("hoithi.statement", Domain.TRUE),
            ("hoithi.session.attendance", Domain.TRUE),
            ("hoithi.session.voter", Domain.TRUE),
        ):
            # also what a conflict hides
            records_sudo = self.env[model].sudo()
            domain &= Domain("member_id", "in", self.ids)
            used |= records_sudo.search(domain).member_id
        return used.with_env(self.env)

    def _check_unused(self):
        """Keep a seat that was ever used.

        :raises UserError: telling that it is ended instead
        """
        used = self._get_used()
        for member in self:
            if member in used:
                raise UserError(
                    self.env._(
                        "%s has taken part already (sheets, conflicts, statement or "
                        "sessions): end the seat with a reason instead of deleting it.",
                        member.display_name,
                    )
                )

    def _check_same_person(self, vals):
        """Keep a seat with its person: what is on record of one isn't another's.

        :raises UserError: where sheets, conflicts or the like hang on the seat
        """
        self.check_access("write")
        changed = self.filtered(
            lambda member: any(
                member[name].id != vals[name]
                # a record that was missing may be given
                and (name != "employee_id" or member.employee_id)
                for name in ("user_id", "council_id", "employee_id")
                if name in vals
            )
        )
        used = changed._get_used()
        for member in changed:
            if member in used:
                raise UserError(
                    self.env._(
                        "%s has taken part already (sheets, conflicts, statement or "
                        "sessions): end the seat, and add the other person as a new "
                        "member.",
                        member.display_name,
                    )
                )

    def _get_running_contests(self):
        """Return the contests that these members decide in, on whichever body."""
        # the ledger of each is added to, whoever may read the contest
        contests_sudo = self.env["hoithi.contest"].sudo()
        return contests_sudo.search(
            self.council_id._get_contests_domain() & Domain("state", "in", RUNNING)
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
                    ("contest_id", "in", self._get_running_contests().ids),
                    ("state", "not in", NOT_ENTERED),
                ]
            )
        )
