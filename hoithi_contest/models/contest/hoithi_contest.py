from datetime import timedelta

import pytz

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from ...lib.guard import moments, numerals
from ...lib.guard.moments import DEFAULT_TZ
from ..guard.hoithi_clock_mixin import Deadline
from ..guard.hoithi_states import (
    ASSIGNING,
    CONVENED,
    DECIDING,
    HELD,
    JUDGED,
    NOT_ENTERED,
    OVER,
    RUNNING,
    SCREENABLE,
    SETTLED,
    UNSCREENED,
    state_flag,
)
from ..guard.hoithi_workflow_mixin import Transition

SECRETARY = ("hoithi_contest.group_secretary",)

#: Days given to a phase when the secretary names no deadline for it.
SCREENING_DAYS = 10
REVIEW_DAYS = 20


class HoithiContest(models.Model):
    """One edition of the contest inside a department, from plan to report."""

    _name = "hoithi.contest"
    _description = "Contest"
    _inherit = [
        "mail.thread",
        "mail.activity.mixin",
        "hoithi.workflow.mixin",
        "hoithi.publication.mixin",
        "hoithi.clock.mixin",
    ]
    _order = "year_start desc, edition_number desc, id desc"
    _number_ranges = {
        "edition_number": (None, 1000),
        "year_start": (1900, 2100),
        "year_end": (1900, 2100),
        "eligible_from_year": (0, 2100),
        "grace_minutes": (None, 24 * 60),
        "coauthor_min_percent": (None, 50),
    }
    _check_company_auto = True

    _transitions = (
        Transition("draft", "open", "action_launch", SECRETARY),
        Transition("open", "screening", "action_close_registration", SECRETARY),
        Transition("screening", "open", "action_reopen_registration", SECRETARY, True),
        Transition("screening", "review", "action_start_review", SECRETARY),
        Transition("screening", "council", "action_start_council", SECRETARY),
        Transition("review", "council", "action_start_council", SECRETARY),
        Transition("council", "closed", "action_close", SECRETARY),
        *(
            Transition(state, "cancelled", "action_cancel", SECRETARY, True)
            for state in ("draft", *RUNNING)
        ),
    )

    _fixed_fields = {
        # rules that entries and sheets were made under
        "is_settled": {
            "require_statement",
            "blind",
            "mode",
            "eligible_from_year",
            "coauthor_min_percent",
            "require_texts",
            "edition_number",
            "company_id",
            "field_ids",
            "dossier_type_ids",
        },
        # what papers and pages of a contest that is over say of it
        "is_over": {
            "name",
            "year_start",
            "year_end",
            "date_start",
            "date_end",
            "registration_deadline",
            "screening_deadline",
            "review_deadline",
            "province_deadline",
            "grace_minutes",
            "tz",
        },
    }

    # description
    name = fields.Char(required=True, tracking=True)
    edition_number = fields.Integer(string="Edition", tracking=True)
    edition_roman = fields.Char(
        string="Edition (roman)", compute="_compute_edition_roman"
    )
    year_start = fields.Integer(
        string="First year",
        required=True,
        default=lambda self: self._get_today().year,
    )
    year_end = fields.Integer(
        string="Last year",
        compute="_compute_year_end",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
    )
    company_id = fields.Many2one(
        "res.company",
        string="Department",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    province_name = fields.Char(
        string="Province",
        default=lambda self: self.env.company.hoithi_agency_id.province_name,
    )
    place_name = fields.Char(
        string="Place",
        default=lambda self: self.env.company.hoithi_agency_id.place_name,
        help="Place printed in documents, and where solutions must be applied.",
    )
    description = fields.Html(string="Purpose and requirements")
    plan_purpose = fields.Text(
        string="Purpose and requirements of the plan",
        help="Printed as part I of the plan, a numbered paragraph a line.",
    )
    field_ids = fields.Many2many("hoithi.field", string="Fields")
    legal_basis_ids = fields.One2many("hoithi.legal.basis", "contest_id", copy=True)

    # state
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("open", "Registration"),
            ("screening", "Screening"),
            ("review", "Review"),
            ("council", "Council"),
            ("closed", "Closed"),
            ("cancelled", "Cancelled"),
        ],
        default="draft",
        required=True,
        copy=False,
        index=True,
        tracking=True,
        group_expand=True,
    )
    is_running = state_flag("Running", RUNNING)
    is_held = state_flag("Was Launched", HELD)
    is_over = state_flag("Over", OVER)
    is_screenable = state_flag("Screening Possible", SCREENABLE)
    is_assigning = state_flag("Choosing Reviewers", ASSIGNING)
    is_deciding = state_flag("Deciding", DECIDING)
    is_judged = state_flag("Judged", JUDGED)
    is_settled = state_flag("Rules Settled", SETTLED)
    is_convened = state_flag("Council Convened", CONVENED)
    cancel_reason = fields.Text(readonly=True, copy=False)
    secretary_ids = fields.Many2many(
        "res.users",
        string="Secretaries",
        default=lambda self: self.env.user,
        help="They get the reminders of what is pending.",
    )

    # dates
    tz = fields.Selection(
        lambda self: [(name, name) for name in pytz.all_timezones],
        string="Time zone",
        required=True,
        default=DEFAULT_TZ,
    )
    date_start = fields.Date(string="Campaign from", copy=False, tracking=True)
    date_end = fields.Date(string="Campaign until", copy=False, tracking=True)
    registration_deadline = Deadline(copy=False, tracking=True)
    grace_minutes = fields.Integer(
        default=lambda self: self.env.company.hoithi_grace_minutes,
        help="Minutes after a deadline during which the server still accepts.",
    )
    registration_closes_at = fields.Datetime(
        compute="_compute_registration_closes_at", store=True
    )
    checked_on = fields.Datetime(string="Data checked on", readonly=True, copy=False)
    broken_count = fields.Integer(
        string="Broken rules found", readonly=True, copy=False
    )
    screening_deadline = Deadline(
        compute="_compute_screening_deadline",
        store=True,
        readonly=False,
        copy=False,
        tracking=True,
    )
    review_deadline = Deadline(
        compute="_compute_review_deadline",
        store=True,
        readonly=False,
        copy=False,
        tracking=True,
    )
    province_deadline = Deadline(copy=False, tracking=True)
    report_deadline = Deadline(copy=False, tracking=True)
    date_warnings = fields.Text(compute="_compute_date_warnings")
    mail_problems = fields.Text(compute="_compute_mail_problems")
    can_register = fields.Boolean(compute="_compute_can_register")

    # rules
    mode = fields.Selection(
        [
            ("nominate_only", "Register and nominate"),
            ("internal_contest", "Contest inside the department"),
        ],
        required=True,
        default="internal_contest",
        tracking=True,
    )
    blind = fields.Boolean(
        string="Blind review",
        default=lambda self: self.env.company.hoithi_blind,
        tracking=True,
        help="Council members don't see who wrote an entry until the council meets.",
    )
    require_statement = fields.Boolean(
        string="Statement of interests",
        default=lambda self: self.env.company.hoithi_require_statement,
        help="Members sign a statement of interests before they score.",
    )
    eligible_from_year = fields.Integer(
        string="Applied since",
        help="The first year of application that counts; 0 sets no limit.",
    )
    coauthor_min_percent = fields.Float(
        string="Smallest co-author share (%)",
        default=lambda self: self.env.company.hoithi_coauthor_min_percent,
    )
    require_texts = fields.Boolean(
        string="Scored texts are obligatory",
        compute="_compute_require_texts",
        store=True,
        precompute=True,
        readonly=False,
        tracking=True,
        help="An entry isn't submitted without the texts that criteria look at. "
        "Otherwise its author is told before the submission.",
    )
    reminder_days = fields.Char(
        default=lambda self: self.env.company.hoithi_reminder_days,
        help="Days before a deadline on which reminders go out, as “7,2,0”. Rules of "
        "the schedule that take their days from the contest follow them.",
    )
    dossier_type_ids = fields.Many2many(
        "hoithi.dossier.type",
        string="Dossier types",
        default=lambda self: self.env.company.hoithi_dossier_type_ids,
        help="Leave empty to ask for all the types of the department.",
    )
    asked_dossier_type_ids = fields.Many2many(
        "hoithi.dossier.type",
        string="Dossier types asked for",
        compute="_compute_asked_dossier_type_ids",
    )

    # ranking and prizes

    # entries
    entry_ids = fields.One2many("hoithi.entry", "contest_id")
    receipt_sequence_id = fields.Many2one(
        "ir.sequence", readonly=True, copy=False, groups="base.group_system"
    )
    entry_count = fields.Integer(compute="_compute_entry_counts", string="Entries")
    submitted_count = fields.Integer(
        compute="_compute_entry_counts",
        string="Received",
        help="Entries that were submitted, those withdrawn since included.",
    )
    withdrawn_count = fields.Integer(
        compute="_compute_entry_counts", string="Of these withdrawn"
    )
    unscreened_count = fields.Integer(
        compute="_compute_entry_counts", string="To screen"
    )
    eligible_count = fields.Integer(
        compute="_compute_entry_counts", string="Eligible entries"
    )

    _check_years = models.Constraint(
        "CHECK (year_end >= year_start)", "The contest ends before it begins."
    )
    _check_numbers = models.Constraint(
        "CHECK (edition_number >= 0 AND grace_minutes >= 0"
        " AND coauthor_min_percent BETWEEN 0 AND 50)",
        "Edition and grace minutes can't be negative; the smallest co-author share "
        "lies between 0 and 50 %.",
    )

    # COMPUTE

    @api.depends("edition_number")
    def _compute_edition_roman(self):
        for contest in self:
            contest.edition_roman = numerals.roman(contest.edition_number)

    @api.depends("year_start")
    def _compute_year_end(self):
        for contest in self:
            # held every two years (domain a1); a year that was typed stays if it fits
            if not 0 <= contest.year_end - contest.year_start <= 1:
                contest.year_end = contest.year_start + 1

    @api.depends("mode", "company_id")
    def _compute_require_texts(self):
        for contest in self:
            # once launched, what was announced stays
            if contest.state == "draft":
                contest.require_texts = (
                    contest.mode == "internal_contest"
                    and contest.company_id.hoithi_require_texts
                )

    @api.depends("registration_deadline", "grace_minutes")
    def _compute_registration_closes_at(self):
        for contest in self:
            contest.registration_closes_at = (
                contest.registration_deadline
                and contest.registration_deadline
                + timedelta(minutes=contest.grace_minutes)
            )

    @api.depends("registration_deadline")
    def _compute_screening_deadline(self):
        for contest in self:
            start, end = contest.registration_deadline, contest.screening_deadline
            if start and (not end or end < start):
                contest.screening_deadline = moments.shift(
                    start, SCREENING_DAYS, contest.tz or DEFAULT_TZ
                )

    @api.depends("screening_deadline")
    def _compute_review_deadline(self):
        for contest in self:
            start, end = contest.screening_deadline, contest.review_deadline
            if start and (not end or end < start):
                contest.review_deadline = moments.shift(
                    start, REVIEW_DAYS, contest.tz or DEFAULT_TZ
                )

    @api.depends(
        "registration_deadline",
        "screening_deadline",
        "review_deadline",
        "province_deadline",
        "date_end",
        "mode",
    )
    def _compute_date_warnings(self):
        for contest in self:
            contest.date_warnings = "\n".join(contest._get_date_warnings())

    @api.depends("company_id")
    @api.depends_context("lang", "uid")
    def _compute_mail_problems(self):
        for company, contests in self.grouped("company_id").items():
            contests.mail_problems = "\n".join(company._get_mail_problems())

    @api.depends("dossier_type_ids", "company_id")
    def _compute_asked_dossier_type_ids(self):
        every_type = self.env["hoithi.dossier.type"].search(
            [("company_id", "in", [False, *self.company_id.ids])]
        )
        for contest in self:
            contest.asked_dossier_type_ids = (
                contest.dossier_type_ids
                or every_type.filtered(
                    lambda dossier_type, contest=contest: (
                        dossier_type.company_id
                        in (contest.company_id, contest.company_id.browse())
                    )
                )
            )

    @api.depends("state", "registration_closes_at")
    def _compute_can_register(self):
        now = fields.Datetime.now()
        for contest in self:
            contest.can_register = contest._is_registration_open(now)

    @api.depends_context("uid")
    def _compute_entry_counts(self):
        names = ("received", "withdrawn", "unscreened", "eligible")
        figures, by = self.env["hoithi.figures"], ["contest_id"]
        # how many entries a contest has is no secret, and one number for all readers
        counts = figures.sudo()._count_entries(self, names, by)
        readable = figures._count_entries(self, ("all",), by)
        none = dict.fromkeys(names, 0)
        for contest in self:
            # what its button opens
            contest.entry_count = readable.get((contest._origin,), {}).get("all", 0)
            row = counts.get((contest._origin,), none)
            contest.submitted_count = row["received"]
            contest.withdrawn_count = row["withdrawn"]
            contest.unscreened_count = row["unscreened"]
            contest.eligible_count = row["eligible"]

    # CONSTRAINTS

    @api.constrains("date_start", "date_end")
    def _check_campaign_dates(self):
        for contest in self:
            if (
                contest.date_start
                and contest.date_end
                and contest.date_start > contest.date_end
            ):
                raise ValidationError(
                    self.env._(
                        "The campaign of “%s” ends before it begins.", contest.name
                    )
                )

    @api.constrains("registration_deadline", "screening_deadline", "review_deadline")
    def _check_deadline_order(self):
        for contest in self:
            deadlines = [
                deadline
                for deadline in (
                    contest.registration_deadline,
                    contest.screening_deadline,
                    contest.review_deadline,
                )
                if deadline
            ]
            if deadlines != sorted(deadlines):
                raise ValidationError(
                    self.env._(
                        "The deadlines of “%s” must follow one another: registration, "
                        "screening, review.",
                        contest.name,
                    )
                )

    @api.constrains("reminder_days")
    def _check_reminder_days(self):
        for contest in self:
            contest._get_reminder_days()

    @api.constrains("secretary_ids", "state")
    def _check_secretaries(self):
        """Keep to its role who is told of doubts, and named on receipts."""
        for contest in self:
            # roles are no secret, but not everybody may read users
            others_sudo = contest.sudo().secretary_ids.filtered(
                # a contest that was set up by the system's administrator has no other
                lambda user: (
                    (
                        user.share
                        or not user.has_groups(f"{SECRETARY[0]},base.group_system")
                    )
                    and user.id != SUPERUSER_ID
                )
            )
            if others_sudo:
                raise ValidationError(
                    self.env._(
                        "%s can't be a secretary of the contest without the role: "
                        "give it in the settings of users first.",
                        ", ".join(others_sudo.mapped("name")),
                    )
                )

    # CRUD

    @api.ondelete(at_uninstall=False)
    def _unlink_except_draft(self):
        for contest in self:
            if contest.state != "draft":
                raise UserError(
                    self.env._(
                        "“%s” has been launched: cancel it instead of deleting it.",
                        contest.name,
                    )
                )

    # ACTION

    def action_launch(self):
        """Open registration.

        :raises UserError: with all that is missing in an incomplete contest
        """
        self._check_transition("open")
        for contest in self:
            missing = contest._get_launch_gaps()
            if missing:
                raise UserError(
                    "\n".join(
                        [
                            self.env._(
                                "“%s” can't be launched yet. Missing:", contest.name
                            ),
                            *(f"- {item}" for item in missing),
                        ]
                    )
                )
            contest._ensure_receipt_sequence()
            contest._move("open")
        self._on_launched()
        return True

    def action_close_registration(self):
        """Close the door: drafts stay drafts, submitted entries go to screening."""
        self._move("screening")
        return True

    def action_ask_reopen_registration(self):
        """Open the dialog that asks for what `action_reopen_registration` needs."""
        return self._ask_reason(
            "action_reopen_registration", self.env._("Reopen Registration")
        )

    def action_reopen_registration(self, reason=None):
        """Open the door again, as far as the registration deadline is in the future.

        :param reason: recorded in the contest's log
        :raises UserError: where the deadline has passed
        """
        self._check_transition("open")
        reason = self._clean_reason(reason)
        now = fields.Datetime.now()
        for contest in self:
            if not contest.registration_closes_at or (
                contest.registration_closes_at <= now
            ):
                raise UserError(
                    self.env._(
                        "Set a later registration deadline first: that of “%s” has "
                        "passed.",
                        contest.name,
                    )
                )
        self._move("open")
        self._log_reason(self.env._("Registration reopened: %s", reason))
        return True

    def action_start_review(self):
        """Give the eligible entries to their reviewers.

        :raises UserError: while entries are unscreened, or in a contest that only
            nominates
        """
        self._check_transition("review")
        for contest in self:
            if contest.mode == "nominate_only":
                raise UserError(
                    self.env._(
                        "“%s” only registers and nominates: start the council instead.",
                        contest.name,
                    )
                )
            contest._check_ready("review")
        self._move("review")
        return True

    def action_start_council(self):
        """Open the entries to the council for its decision.

        :raises UserError: while entries are unscreened, reviews are missing or an
            adjudication is open
        """
        self._check_transition("council")
        for contest in self:
            if contest.state == "screening" and contest.mode != "nominate_only":
                raise UserError(
                    self.env._("Start the review of “%s” first.", contest.name)
                )
            contest._check_ready("council")
        self._move("council")
        return True

    def action_close(self):
        """Close a contest whose entries are all decided.

        :raises UserError: while entries wait for the council or for their nomination
        """
        self._check_transition("closed")
        for contest in self:
            open_entries = contest._get_decidable_entries().filtered(
                lambda entry: (
                    entry.state in ("eligible", "reviewing", "reviewed", "selected")
                )
            )
            if open_entries:
                raise UserError(
                    self.env._(
                        "These entries aren't decided or not yet nominated: %s",
                        open_entries._join_names(),
                    )
                )
            contest._check_ready("closed")
        self._move("closed")
        return True

    def action_ask_cancel(self):
        """Open the dialog that asks for what `action_cancel` needs."""
        return self._ask_reason("action_cancel", self.env._("Cancel the Contest"))

    def action_cancel(self, reason=None):
        """Cancel the contest; what was registered stays readable.

        :param reason: recorded and shown
        """
        self._check_transition("cancelled")
        reason = self._clean_reason(reason)
        self._move("cancelled", cancel_reason=reason)
        self._log_reason(self.env._("Contest cancelled: %s", reason))
        return True

    def action_view_entries(self):
        """Open the board of this contest's entries."""
        return self._get_related_action("hoithi_contest.hoithi_entry_action")

    # CRON

    @api.model
    def _cron_advance_phases(self, limit=100):
        """Follow the deadlines: the doors themselves closed by the clock before.

        A phase whose work isn't done stays, and its secretaries are told once. After
        an outage a contest catches up with all its deadlines in one run.
        """
        domain = self._get_due_domain(fields.Datetime.now())
        contests = self.search(domain, limit=limit, order="id")
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(contests))
        for contest in contests:
            contest = contest[0].try_lock_for_update().filtered_domain(domain)
            if contest:
                contest._follow_deadlines()
            if not cron._commit_progress(1):
                break

    @api.model
    def _get_due_domain(self, now):
        return [
            "|",
            "|",
            "&",
            ("state", "=", "open"),
            ("registration_closes_at", "<=", now),
            "&",
            ("state", "=", "screening"),
            ("screening_deadline", "<=", now),
            "&",
            ("state", "=", "review"),
            ("review_deadline", "<=", now),
        ]

    def _follow_deadlines(self):
        """Take all the phase changes that are due and possible."""
        self.ensure_one()
        while self.filtered_domain(self._get_due_domain(fields.Datetime.now())):
            if self.state == "open":
                self.action_close_registration()
                continue
            following = {
                ("screening", "nominate_only"): self.action_start_council,
                ("screening", "internal_contest"): self.action_start_review,
                ("review", "internal_contest"): self.action_start_council,
            }[self.state, self.mode]
            try:
                with self.env.cr.savepoint():
                    following()
            except UserError as error:
                self._announce_overdue(str(error))
                break

    def _announce_overdue(self, problem):
        """Tell the secretaries, once for each deadline, why a phase can't go on."""
        deadline = (
            self.screening_deadline
            if self.state == "screening"
            else self.review_deadline
        )
        new = self.env["hoithi.notice"]._announce(
            "overdue",
            {self: self.secretary_ids.partner_id},
            occasion=f"{self.state}:{deadline:%Y-%m-%d}",
        )
        if new:
            # all the house reads a contest's log, so it tells codes and no titles
            for entry in self._get_decidable_entries():
                problem = problem.replace(entry.display_name, entry.code)
            self.message_post(body=problem)

    # BUSINESS

    def _is_registration_open(self, now):
        """Tell whether the server accepts entries at `now` (UTC)."""
        self.ensure_one()
        return bool(
            self.state == "open"
            and self.registration_closes_at
            and now <= self.registration_closes_at
        )

    def _check_registration_open(self):
        """Refuse what comes before launch or after the deadline.

        :raises UserError: with the moment at which the door closed
        """
        for contest in self:
            if contest._is_registration_open(fields.Datetime.now()):
                continue
            if contest.state == "draft":
                message = self.env._(
                    "“%(contest)s” isn't open for registration yet.",
                    contest=contest.name,
                )
            elif contest.state == "cancelled":
                message = self.env._(
                    "“%(contest)s” has been cancelled.", contest=contest.name
                )
            else:
                message = self.env._(
                    "Registration for “%(contest)s” closed on %(moment)s. Ask the "
                    "secretary of the council if you have a reason for being late.",
                    contest=contest.name,
                    moment=contest._format_moment(contest.registration_deadline),
                )
            raise UserError(message)

    def _get_clock_contest(self):
        return self

    def _get_clock_dependencies(self):
        return ["tz", "company_id.hoithi_day_end"]

    def _format_moment(self, moment):
        """Return `moment` (UTC) as people read it, on the clock of the contest.

        Without a contest the clock is Vietnam's.
        """
        return moments.write_moment(moment, self.tz or DEFAULT_TZ)

    def _get_day_end(self, day):
        """Return the last moment (UTC) of a day at the contest.

        What lasts until a day, as the campaign or a task of the plan, lasts until then.
        """
        return moments.get_day_end(day, self.tz or DEFAULT_TZ)

    def _get_work_end(self, day):
        """Return the moment (UTC) at which work ends on a day at the contest.

        It is what a deadline means that names a day and no hour.
        """
        return moments.get_work_end(day, self.clock_day_end, self.clock_tz)

    def _get_launch_gaps(self):
        """Return what an incomplete contest lacks, a phrase each."""
        self.ensure_one()
        checks = [
            (self.edition_number > 0, self.env._("the number of the edition")),
            (
                self.date_start and self.date_end,
                self.env._("the dates of the campaign"),
            ),
            (self.registration_deadline, self.env._("the registration deadline")),
            (
                not self.registration_deadline
                or self.registration_closes_at > fields.Datetime.now(),
                self.env._("a registration deadline in the future"),
            ),
            (self.field_ids, self.env._("at least one field of competition")),
            (self.legal_basis_ids, self.env._("at least one legal basis")),
        ]
        return [phrase for present, phrase in checks if not present]

    def _get_today(self):
        """Return today's date on the contest's clock, Vietnam's without a contest.

        What is recorded or refused by the day goes by it: a user without a time zone
        would be a day behind until seven in the morning.
        """
        now = fields.Datetime.now()
        return moments.get_local(now, self.tz or DEFAULT_TZ).date()

    def _get_date_warnings(self):
        """Return a line for each internal date that comes too late for the province."""
        self.ensure_one()
        if not self.province_deadline:
            return []
        labels = {
            "registration_deadline": self.env._("Registration deadline"),
            "screening_deadline": self.env._("Screening deadline"),
        }
        if self.mode == "internal_contest":
            labels["review_deadline"] = self.env._("Review deadline")
        late = [
            self.env._(
                "%(label)s (%(moment)s) is later than the province's deadline "
                "(%(province)s).",
                label=label,
                moment=self._format_moment(self[name]),
                province=self._format_moment(self.province_deadline),
            )
            for name, label in labels.items()
            if self[name] and self[name] > self.province_deadline
        ]
        province = moments.get_local(self.province_deadline, self.tz or DEFAULT_TZ)
        if self.date_end and self.date_end > province.date():
            late.append(
                self.env._(
                    "The campaign (until %(date)s) goes on after the province's "
                    "deadline (%(province)s).",
                    date=moments.write_day(self.date_end),
                    province=self._format_moment(self.province_deadline),
                )
            )
        return late

    def _get_reminder_days(self):
        """Return the days before a deadline on which to remind, fewest first.

        :raises ValidationError: where the text isn't a list of days
        """
        self.ensure_one()
        return self.env["hoithi.notice.rule"]._parse_days(self.reminder_days)

    def _get_decidable_entries(self):
        """Return the entries that were submitted, whoever may read them."""
        # phases depend on all entries, also on those that a conflict hides from the
        # secretary who moves the contest
        return (
            self.env["hoithi.entry"]
            .sudo()
            .search(
                [
                    ("contest_id", "in", self.ids),
                    ("state", "not in", NOT_ENTERED),
                ]
            )
        )

    def _get_criteria_by_text(self):
        """Hook: return the criteria by the text of an entry that they look at."""
        return {}

    def _get_keepers(self):
        """Return the users who answer for these contests."""
        return self.secretary_ids

    def _get_broken_invariants(self):
        """Hook: return (rule, contest id) for each broken rule of one contest."""
        return []

    def _on_launched(self):
        """Hook: these contests have been launched."""

    def _check_ready(self, target):
        """Refuse the phase `target` while what it needs isn't done.

        :raises UserError: with what is left to do
        """
        if target in DECIDING:
            self._check_screened()

    def _check_screened(self):
        self.ensure_one()
        pending = self._get_decidable_entries().filtered(
            lambda entry: entry.state in UNSCREENED
        )
        if pending:
            raise UserError(
                self.env._(
                    "Screen these entries first: %s",
                    pending._join_names(),
                )
            )

    def _check_publishable(self, flag):
        super()._check_publishable(flag)
        if flag == "is_published" and not self.is_held:
            raise UserError(self.env._("Launch the contest before publishing it."))

    def _ensure_receipt_sequence(self):
        """Give the contest its count of receipts, and return it.

        A number that isn't given after all goes to the next: none is left out.
        """
        self.ensure_one()
        # sequences belong to administrators; a secretary who launches needs just this
        contest_sudo = self.sudo()._open_door()
        if not contest_sudo.receipt_sequence_id:
            # one at a time: of two first submissions, the second finds the count made
            self._lock_rows(contest_sudo)
            # receipts already given count, whoever may read their entries
            given = self.env["hoithi.entry"].sudo()
            given = given.search_count(
                [("contest_id", "=", self.id), ("receipt_number", "!=", False)]
            )
            contest_sudo.receipt_sequence_id = (
                self.env["ir.sequence"]
                .sudo()
                .create(
                    {
                        "name": self.env._("Receipts: %s", self.name),
                        "implementation": "no_gap",
                        "prefix": f"{self.edition_roman}-{self.year_end}/",
                        "padding": 3,
                        "number_next": 1 + given,
                        "company_id": self.company_id.id,
                    }
                )
            )
        return contest_sudo.receipt_sequence_id

    def _take_receipt_number(self):
        """Return the next receipt number; others wait for this transaction's end."""
        sequence_sudo = self._ensure_receipt_sequence()
        self._lock_rows(sequence_sudo)
        return sequence_sudo.next_by_id()

    @api.model
    def _lock_rows(self, records):
        """Wait until nobody else changes these rows.

        Odoo's own lock gives up at once where somebody else holds it.
        """
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "SELECT 1 FROM %s WHERE id IN %s FOR UPDATE",
                SQL.identifier(records._table),
                tuple(records.ids),
            )
        )

    def _log_reason(self, body):
        for contest in self:
            contest.message_post(body=body)

    def _get_related_action(self, xmlid):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(xmlid)
        action["domain"] = [("contest_id", "=", self.id)]
        action["context"] = {"default_contest_id": self.id}
        return action
