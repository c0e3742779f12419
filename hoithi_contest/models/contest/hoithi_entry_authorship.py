from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command, Domain

from ..guard.hoithi_states import LEFT, NOT_ENTERED


class HoithiEntry(models.Model):
    """Whose an entry is: its authors, who acts for it, and what they agree to."""

    _inherit = "hoithi.entry"

    _fixed_fields = {
        "is_content_fixed": {"author_ids", "consent_publish", "department_id"},
    }

    author_ids = fields.One2many("hoithi.entry.author", "entry_id", string="Authors")
    representative_id = fields.Many2one(
        "hoithi.entry.author", compute="_compute_representative_id"
    )
    author_names = fields.Char(
        string="Authors' names",
        compute="_compute_author_names",
        search="_search_author_names",
    )
    unreached_names = fields.Char(
        string="No letter reaches",
        compute="_compute_unreached_names",
        groups="hoithi_contest.group_secretary",
        help="Authors without an e-mail address: they are told by post or by phone.",
    )
    unconfirmed_count = fields.Integer(
        string="Shares to confirm", compute="_compute_unconfirmed_count"
    )
    department_id = fields.Many2one(
        "hr.department",
        string="Unit",
        index=True,
        tracking=True,
        help="Unit of the representative author at the time of registration.",
    )
    kept_unit_name = fields.Char(
        string="Unit as it was called",
        readonly=True,
        copy=False,
        help="In a contest that was over when the unit got another name.",
    )
    consent_publish = fields.Boolean(
        string="Agrees to publication",
        help="Title, authors, unit and result may be shown on the public page.",
    )
    consent_on = fields.Datetime(readonly=True, copy=False)
    unit_confirmed_by = fields.Many2one("res.users", readonly=True, copy=False)
    unit_confirmed_on = fields.Datetime(
        string="Application confirmed on", readonly=True, copy=False
    )
    unit_confirm_note = fields.Text(readonly=True, copy=False)

    # what the reader may do
    is_mine = fields.Boolean(compute="_compute_is_mine")
    can_confirm = fields.Boolean(
        compute="_compute_can_confirm",
        help="The reader's own share isn't confirmed yet.",
    )
    can_decline = fields.Boolean(
        compute="_compute_can_confirm",
        help="The reader was named as a co-author and may say that this isn't so.",
    )
    can_confirm_application = fields.Boolean(compute="_compute_can_confirm_application")

    # COMPUTE

    @api.depends(
        "author_ids.partner_id.email", "author_ids.email", "author_ids.declined_on"
    )
    def _compute_unreached_names(self):
        for entry in self:
            # the address of a colleague's login is no secret of whom letters reach
            unreached = entry._get_authors().filtered(
                lambda line: not (line.partner_id.sudo().email or line.email)
            )
            entry.unreached_names = ", ".join(
                name for name in unreached.mapped("full_name") if name
            )

    @api.depends("author_ids.is_representative")
    def _compute_representative_id(self):
        for entry in self:
            entry.representative_id = entry.author_ids.filtered("is_representative")[:1]

    @api.depends("author_ids.full_name", "author_ids.declined_on")
    def _compute_author_names(self):
        for entry in self:
            entry.author_names = ", ".join(
                filter(None, entry._get_authors().mapped("full_name"))
            )

    @api.depends("author_ids.confirmed_on")
    def _compute_unconfirmed_count(self):
        for entry in self:
            entry.unconfirmed_count = len(
                entry.author_ids.filtered(lambda line: not line.confirmed_on)
            )

    @api.model
    def _search_author_names(self, operator, value):
        if operator in Domain.NEGATIVE_OPERATORS:
            return NotImplemented
        return [("author_ids.full_name", operator, value)]

    @api.model
    def _get_own_domain(self):
        """Return which entries the caller is an author of.

        Whose entries these are is the caller's to know: the rules on authors needn't be
        asked again within those on entries, which takes longer to plan than all else.
        """
        partner = self.env.user.partner_id
        return Domain("author_ids", "any!", [("partner_id", "=", partner.id)])

    @api.depends_context("uid")
    @api.depends("author_ids.partner_id")
    def _compute_is_mine(self):
        for entry in self:
            entry.is_mine = self.env.user.partner_id in entry.author_ids.partner_id

    @api.depends_context("uid")
    @api.depends(
        "state",
        "author_ids.confirmed_on",
        "author_ids.is_representative",
        "author_ids.partner_id",
    )
    def _compute_can_confirm(self):
        for entry in self:
            unconfirmed = entry._get_own_lines().filtered(
                lambda line: not line.confirmed_on
            )
            entry.can_confirm = bool(unconfirmed) and (entry.state not in LEFT)
            entry.can_decline = any(not line.is_representative for line in unconfirmed)

    @api.depends_context("uid")
    @api.depends("state", "department_id", "unit_confirmed_on")
    def _compute_can_confirm_application(self):
        headed = self.department_id.filtered("hoithi_is_headed")
        for entry in self:
            entry.can_confirm_application = (
                entry.department_id in headed
                and not entry.unit_confirmed_on
                and entry.state not in NOT_ENTERED
                and not entry.is_mine
            )

    # ACTION: AUTHORS

    def action_ask_decline(self):
        """Open the dialog that asks for what `action_decline` needs."""
        return self._get_named_lines().action_ask_decline()

    def action_decline(self, reason=None):
        """Say, as somebody named as a co-author, that one isn't.

        :param reason: told to the representative
        :raises UserError: where the caller isn't an author, or confirmed the share
        """
        return self._get_named_lines().action_decline(reason=reason)

    def _get_named_lines(self):
        """Return the lines in which the caller is named as an author.

        :raises UserError: where there is none
        """
        lines = self._get_own_lines()
        if not lines:
            raise UserError(self.env._("You aren't named as an author here."))
        return lines

    def action_confirm(self):
        """Confirm the caller's own share as an author.

        :raises UserError: where the caller isn't an author
        """
        for entry in self:
            lines = entry._get_own_lines()
            if not lines:
                raise UserError(
                    self.env._(
                        "You aren't an author of “%s”: there is no share of yours to "
                        "confirm.",
                        entry.display_name,
                    )
                )
            lines.action_confirm()
        return True

    # ACTION: UNIT HEAD

    def action_confirm_application(self, note=None):
        """Confirm, as head of the authors' unit, that the solution is applied there.

        :param note: an optional remark
        :raises AccessError: for anyone but a head of the unit or a unit above it
        :raises UserError: for an own entry, a draft or a withdrawn one
        """
        self.check_access("read")
        for entry in self:
            if not entry.department_id.hoithi_is_headed:
                # a refusal names the unit also to who may not read units
                raise AccessError(
                    self.env._(
                        "Only the head of the unit “%s” confirms the application.",
                        entry.department_id.sudo().display_name or "–",
                    )
                )
            if entry._get_lines_of_person():
                raise UserError(
                    self.env._(
                        "You are an author of “%s”: the head of the unit above "
                        "confirms it.",
                        entry.display_name,
                    )
                )
            if entry.state in NOT_ENTERED:
                raise UserError(
                    self.env._("“%s” hasn't been submitted.", entry.display_name)
                )
        # the head reads the entry and may change nothing of it but this
        self.sudo()._open_door().write(
            {
                "unit_confirmed_by": self.env.uid,
                "unit_confirmed_on": fields.Datetime.now(),
                "unit_confirm_note": note or False,
            }
        )
        return True

    # BUSINESS

    @api.model
    def _get_my_employee(self, company):
        """Return the caller's employee record in `company`, found by user or contact.

        Staff with a portal login have no right on HR records, so the record comes with
        superuser rights: read from it the name, unit and job, nothing else.
        """
        # staff find their own record, and only that
        employees_sudo = self.env["hr.employee"].sudo()
        return employees_sudo.search(
            self._get_my_employee_domain(company), order="user_id", limit=1
        )

    @api.model
    def _get_my_companies(self, companies):
        """Return those of `companies` in which the caller has an employee record."""
        # as above
        employees_sudo = self.env["hr.employee"].sudo()
        domain = self._get_my_employee_domain(companies)
        own_sudo = employees_sudo.search_fetch(domain, ["company_id"]).company_id
        return companies & own_sudo.parent_ids.with_env(self.env)

    @api.model
    def _get_my_employee_domain(self, companies):
        user = self.env.user
        return [
            # branches take part in what their department holds
            ("company_id", "child_of", companies.ids),
            "|",
            ("user_id", "=", user.id),
            ("work_contact_id", "=", user.partner_id.id),
        ]

    def _create_authors(self, commands):
        """Create the authors of a new entry; without a representative, the caller.

        :raises UserError: for staff without an employee record
        """
        self.ensure_one()
        if any(
            command[0] in (Command.UPDATE, Command.DELETE, Command.UNLINK, Command.LINK)
            or (command[0] == Command.SET and command[2])
            for command in commands
        ):
            raise UserError(self.env._("An author line stays with its entry."))
        lines = [dict(command[2]) for command in commands if command[0] == 0]
        self.env["hoithi.entry.author"]._check_shapes(lines)
        by_secretary = self.env.user.has_group("hoithi_contest.group_secretary")
        if not any(line.get("is_representative") for line in lines):
            employee = self._get_my_employee(self.company_id)
            if employee:
                own = next(
                    (line for line in lines if self._is_line_of(line, employee)), None
                )
                if own is None:
                    shared = sum(
                        line.get("contribution_percent") or 0 for line in lines
                    )
                    own = {
                        "employee_id": employee.id,
                        "contribution_percent": max(100 - shared, 0),
                    }
                    lines.insert(0, own)
                own["is_representative"] = True
            elif not by_secretary and not self.env.su:
                # portal users may not read companies; the name is in the message
                raise UserError(
                    self.env._(
                        "No employee record of yours was found in %(department)s, so "
                        "your unit isn't known. Ask the Office to link your account to "
                        "your employee record, then register again.",
                        department=self.company_id.sudo().name,
                    )
                )
        if not by_secretary and not self.env.su and lines:
            self._check_represents_self(
                next(line for line in lines if line.get("is_representative"))
            )
        self.env["hoithi.entry.author"].create(
            [{**line, "entry_id": self.id} for line in lines]
        )

    def _check_represents_self(self, line):
        """Let staff register nobody's solution but their own.

        :param line: values of the representative's line
        :raises UserError: for somebody else as representative
        """
        try:
            person = self.env["hoithi.entry.author"]._resolve_person(
                line, self.contest_id
            )
        except AccessError:
            # somebody whom the caller may not even name
            person = {}
        if person.get("partner_id") != self.env.user.partner_id.id:
            raise UserError(
                self.env._("Register your own solution: be its representative.")
            )

    @api.model
    def _is_line_of(self, line, employee):
        return (
            line.get("employee_id") == employee.id
            or line.get("partner_id") in employee._get_related_partners().ids
        )

    def _follow_consent(self):
        """Let the name of the representative, who gives the entry's consent, follow it.

        Co-authors decide on their own names. Who keyed in an entry gives no consent for
        a representative who has a login.

        :raises AccessError: for a consent that only its person may give
        """
        if not self.env.su:
            for entry in self:
                entry.representative_id._check_consent_holder(
                    withdrawing=not entry.consent_publish
                )
        for entry in self:
            # the consent of a line is written by no other way
            entry.sudo().representative_id._open_door().write(
                {
                    "consent_publish": entry.consent_publish,
                    "consent_on": entry.consent_on,
                }
            )

    def _get_own_lines(self):
        """Return the author lines of the caller."""
        return self.author_ids.filtered(
            lambda line: line.partner_id == self.env.user.partner_id
        )

    def _get_lines_of_person(self):
        """Return the author lines of the caller, by whichever login they are named."""
        user = self.env.user
        # whose record it is, is compared, and shown to nobody; by the line, as Odoo
        # lists a user's records of the departments that the caller has chosen alone
        lines_sudo = self.author_ids.sudo().filtered(
            lambda line: (
                line.partner_id == user.partner_id or line.employee_id.user_id == user
            )
        )
        return lines_sudo.with_env(self.env)

    def _get_authors(self):
        """Return the author lines but those of who declined, and so is no author."""
        return self.author_ids.filtered(lambda line: not line.declined_on)

    def _get_unit_name(self):
        """Return the unit's name for papers and pages: as it was in its contest."""
        self.ensure_one()
        return self.kept_unit_name or self.department_id.name or ""

    def _get_author_partners(self):
        """Return whom letters to the authors go to, from outside the house as well."""
        outsiders = self.author_ids.filtered(
            lambda line: line.is_outsider and not line.declined_on
        )
        return self.author_ids.partner_id | outsiders._get_letter_contacts()

    def _is_responsible(self):
        """Tell whether the caller acts for the entry.

        That is its representative, or a secretary: who keyed it in, and any where it is
        the Office's to act.
        """
        self.ensure_one()
        user = self.env.user
        if self.representative_id.partner_id == user.partner_id:
            return True
        return user.has_group("hoithi_contest.group_secretary") and (
            self.create_uid == user or self._is_for_office()
        )

    def _check_responsible(self):
        """Refuse whoever doesn't act for the entry.

        :raises AccessError: for co-authors and everyone else
        """
        self.check_access("write")
        if self.env.su:
            return
        for entry in self:
            if not entry._is_responsible():
                raise AccessError(
                    self.env._(
                        "Only the representative author may do this for “%s”.",
                        entry.display_name,
                    )
                )
