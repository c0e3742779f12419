from datetime import timedelta

import pytz

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain

from ...lib.council import ranking
from ...lib.document import nd30
from ...lib.guard import moments
from ...lib.guard.moments import DEFAULT_TZ
from ..guard.hoithi_clock_mixin import Deadline
from ..guard.hoithi_states import DECIDING, NOT_ENTERED, OVER, RUNNING, UNSCREENED
from ..guard.hoithi_workflow_mixin import Transition

SECRETARY = ("hoithi_contest.group_secretary",)
PUBLISHER = ("hoithi_contest.group_publisher", "hoithi_contest.group_secretary")

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
        "hoithi.clock.mixin",
    ]
    _order = "year_start desc, edition_number desc, id desc"
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
            for state in ("draft", "open", "screening", "review", "council")
        ),
    )

    #: Rules that entries and sheets were made under; they stay as they were.
    _frozen_from_review = {
        "require_statement",
        "blind",
        "mode",
        "criteria_set_id",
        "council_id",
        "eligible_from_year",
        "coauthor_min_percent",
        "require_texts",
        "divergence_limit",
        "edition_number",
        "company_id",
    }
    #: What papers and pages of a contest that is over say of it.
    _frozen_from_end = {
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
    task_ids = fields.One2many("hoithi.plan.task", "contest_id", copy=True)
    outreach_ids = fields.One2many("hoithi.outreach", "contest_id")
    unit_ids = fields.One2many("hoithi.contest.unit", "contest_id", string="Units")
    is_acknowledged = fields.Boolean(
        string="I have read the launch", compute="_compute_is_acknowledged"
    )
    can_acknowledge = fields.Boolean(compute="_compute_is_acknowledged")
    recipient_ids = fields.One2many(
        "hoithi.document.recipient", "contest_id", copy=True
    )

    document_ids = fields.One2many("hoithi.document", "contest_id")

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
    is_published = fields.Boolean(readonly=True, copy=False, tracking=True)
    published_on = fields.Datetime(readonly=True, copy=False)
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
    criteria_set_id = fields.Many2one(
        "hoithi.criteria.set",
        default=lambda self: self.env.company.hoithi_criteria_set_id,
        ondelete="restrict",
        tracking=True,
    )
    council_id = fields.Many2one(
        "hoithi.council", check_company=True, ondelete="restrict", tracking=True
    )
    reviews_per_entry = fields.Integer(
        default=lambda self: self.env.company.hoithi_reviews_per_entry,
        help="Submitted sheets that an entry needs before the council decides.",
    )
    divergence_limit = fields.Float(
        string="Divergence (points)",
        digits=(6, 2),
        default=lambda self: self.env.company.hoithi_divergence_limit,
        tracking=True,
        help="Sheets of an entry that lie further apart open an adjudication; 0 never "
        "does.",
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
    prize_ids = fields.One2many("hoithi.prize", "contest_id", copy=True)
    tie_break_ids = fields.One2many("hoithi.tie.break", "contest_id", copy=True)
    nomination_slots = fields.Integer(
        string="Places in the nomination",
        help="Entries that the province takes; the cut-off line lies below them. "
        "0 sets no line.",
    )
    ledger_length = fields.Integer(readonly=True, copy=False)
    ledger_digest = fields.Char(
        compute="_compute_ledger_digest",
        help="Last hash of the score ledger; it stands for the whole chain.",
    )

    # entries
    entry_ids = fields.One2many("hoithi.entry", "contest_id")
    nomination_ids = fields.One2many("hoithi.nomination", "contest_id")
    session_ids = fields.One2many(
        "hoithi.session",
        "contest_id",
        groups="hoithi_contest.group_secretary,hoithi_contest.group_leader,"
        "hoithi_contest.group_member",
    )
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
    possible_conflict_count = fields.Integer(
        compute="_compute_possible_conflict_count",
        string="Conflicts to decide",
        groups="hoithi_contest.group_secretary",
    )
    document_count = fields.Integer(
        compute="_compute_document_count", string="Documents"
    )
    review_count = fields.Integer(
        compute="_compute_review_counts",
        string="Reviews",
        groups="hoithi_contest.group_secretary,hoithi_contest.group_leader",
    )
    review_done_count = fields.Integer(
        compute="_compute_review_counts",
        string="Reviews submitted",
        groups="hoithi_contest.group_secretary,hoithi_contest.group_leader",
    )

    _check_years = models.Constraint(
        "CHECK (year_end >= year_start)", "The contest ends before it begins."
    )
    _check_numbers = models.Constraint(
        "CHECK (edition_number >= 0 AND nomination_slots >= 0 AND grace_minutes >= 0"
        " AND reviews_per_entry >= 0 AND divergence_limit >= 0"
        " AND coauthor_min_percent BETWEEN 0 AND 50)",
        "Edition, grace minutes and reviews can't be negative; the smallest co-author "
        "share lies between 0 and 50 %.",
    )

    can_analyse = fields.Boolean(compute="_compute_can_analyse")
    open_adjudication_count = fields.Integer(
        compute="_compute_open_adjudication_count", string="Open adjudications"
    )

    # COMPUTE

    @api.depends("edition_number")
    def _compute_edition_roman(self):
        for contest in self:
            contest.edition_roman = nd30.roman(contest.edition_number)

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

    @api.depends("ledger_length")
    def _compute_ledger_digest(self):
        # the digest tells nothing of what the ledger holds
        ledger_sudo = self.env["hoithi.ledger"].sudo()
        ends = Domain.OR(
            [("contest_id", "=", contest.id), ("position", "=", contest.ledger_length)]
            for contest in self._origin
        )
        digests = {row.contest_id: row.hash for row in ledger_sudo.search(ends)}
        for contest in self:
            contest.ledger_digest = digests.get(contest._origin)

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

    @api.depends_context("uid")
    def _compute_possible_conflict_count(self):
        counts = dict(
            self.env["hoithi.conflict"]._read_group(
                [("contest_id", "in", self.ids), ("state", "=", "possible")],
                ["contest_id"],
                ["__count"],
            )
        )
        for contest in self:
            contest.possible_conflict_count = counts.get(contest._origin, 0)

    @api.depends_context("uid")
    def _compute_document_count(self):
        counts = dict(
            self.env["hoithi.document"]._read_group(
                [("contest_id", "in", self.ids), ("state", "!=", "cancelled")],
                ["contest_id"],
                ["__count"],
            )
        )
        for contest in self:
            contest.document_count = counts.get(contest._origin, 0)

    def _compute_review_counts(self):
        # one number for the whole Office, also where a conflict hides some sheets
        counts = self.env["hoithi.figures"].sudo()._count_reviews(self._origin)
        for contest in self:
            row = counts.get(contest._origin, {})
            contest.review_count = row.get("asked", 0)
            contest.review_done_count = row.get("submitted", 0)

    @api.depends_context("uid")
    @api.depends("state", "council_id.member_ids.role")
    def _compute_can_analyse(self):
        for contest in self:
            contest.can_analyse = bool(contest._get_analysis_scope())

    @api.depends_context("uid")
    def _compute_open_adjudication_count(self):
        model = self.env["hoithi.adjudication"]
        counts = {}
        if model.has_access("read"):
            counts = dict(
                model._read_group(
                    [("contest_id", "in", self.ids), ("state", "=", "open")],
                    ["contest_id"],
                    ["__count"],
                )
            )
        for contest in self:
            contest.open_adjudication_count = counts.get(contest, 0)

    @api.depends_context("uid")
    @api.depends("state")
    def _compute_is_acknowledged(self):
        user = self.env.user
        # one's own acknowledgements, also those made with an earlier login
        read_sudo = self.env["hoithi.acknowledgement"].sudo()
        mine = read_sudo.search_fetch(
            Domain("contest_id", "in", self.ids)
            & (
                Domain("user_id", "=", user.id)
                | Domain("employee_id.user_id", "=", user.id)
                | Domain("employee_id.work_contact_id", "=", user.partner_id.id)
            ),
            ["contest_id"],
        ).contest_id
        staffed = self.company_id.filtered(self.env["hoithi.entry"]._get_my_employee)
        for contest in self:
            contest.is_acknowledged = contest in mine
            contest.can_acknowledge = (
                contest not in mine
                and contest.state in RUNNING
                and contest.company_id in staffed
            )

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

    def write(self, vals):
        result = super().write(vals)
        if "council_id" in vals:
            self._get_decidable_entries()._detect_conflicts()
        return result

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
        self.env["hoithi.contest.unit"]._make_for(self)
        self.task_ids._sync_activities()
        return True

    def action_close_registration(self):
        """Close the door: drafts stay drafts, submitted entries go to screening."""
        self._move("screening")
        return True

    def action_reopen_registration(self, reason=None):
        """Open the door again, as far as the registration deadline is in the future.

        :param reason: recorded in the contest's log
        :raises UserError: where the deadline has passed
        """
        if reason is None:
            return self._ask_reason(
                "action_reopen_registration", self.env._("Reopen Registration")
            )
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
            contest._check_screened()
            contest._check_criteria()
        self._move("review")
        self._get_decidable_entries()._begin_review()
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
            contest._check_screened()
            pending = contest._get_decidable_entries().filtered(
                lambda entry: entry.state in ("eligible", "reviewing")
            )
            if contest.mode == "internal_contest" and pending:
                raise UserError(
                    self.env._(
                        "Reviews are still missing (%(needed)s sheets an entry): "
                        "%(entries)s",
                        needed=contest.reviews_per_entry,
                        entries=", ".join(pending.mapped("display_name")),
                    )
                )
            diverging = contest._get_decidable_entries().filtered("needs_adjudication")
            if diverging:
                raise UserError(
                    self.env._(
                        "The sheets of these entries lie too far apart; resolve their "
                        "adjudication first: %s",
                        ", ".join(diverging.mapped("display_name")),
                    )
                )
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
                        ", ".join(open_entries.mapped("display_name")),
                    )
                )
            if contest.session_ids.filtered(lambda session: session.state == "open"):
                raise UserError(
                    self.env._("A session of “%s” is open: close it.", contest.name)
                )
        self._move("closed")
        return True

    def action_award_prizes(self):
        """Give the prizes of the structure to the best entries, top-down.

        Prizes that nobody reaches stay empty. Given again, as after an override by the
        chair, they replace those of before.

        :raises UserError: before the council phase, without a prize structure, or
            where a tie must be decided first
        """
        if not self.env.su and not self.env.user.has_group(SECRETARY[0]):
            raise AccessError(self.env._("The secretary of the council gives prizes."))
        for contest in self:
            if contest.state != "council":
                raise UserError(
                    self.env._("Prizes are given in the council phase, not before.")
                )
            if not contest.prize_ids:
                raise UserError(
                    self.env._("“%s” has no prize structure.", contest.name)
                )
            # prizes go by all entries, also those that a conflict hides
            entries_sudo = contest._get_decidable_entries()
            entries_sudo._check_no_doubt()
            entries_sudo.award_ids.filtered("prize_id").unlink()
            awards = (
                self.env["hoithi.award"]
                .sudo()
                ._open_door()
                .create(
                    [
                        {
                            "entry_id": entry.id,
                            "level": "unit",
                            "rank": prize.rank,
                            "prize_id": prize.id,
                            "amount": prize.amount,
                            "override_reason": entry.rank_override_reason,
                        }
                        for entry, prize in contest._allocate_prizes(entries_sudo)
                    ]
                )
            )
            self.env["hoithi.ledger"]._append(
                contest,
                "prizes.given",
                contest,
                {"awards": [[award.entry_id.id, award.rank] for award in awards]},
            )
        return True

    def action_verify_ledger(self):
        """Check the chain and the sheets against it, and tell the result.

        :raises AccessError: for who may not read the ledger
        """
        self.ensure_one()
        self.env["hoithi.ledger"].check_access("read")
        problems = self.env["hoithi.ledger"]._verify(self)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "danger" if problems else "success",
                "sticky": bool(problems),
                "title": self.env._("Score ledger"),
                "message": "\n".join(problems)
                or self.env._(
                    "The chain of %(length)s entries is whole. Digest: %(digest)s",
                    length=self.ledger_length,
                    digest=(self.ledger_digest or "–")[:16],
                ),
            },
        }

    def action_cancel(self, reason=None):
        """Cancel the contest; what was registered stays readable.

        :param reason: recorded and shown
        """
        if reason is None:
            return self._ask_reason("action_cancel", self.env._("Cancel the Contest"))
        self._check_transition("cancelled")
        reason = self._clean_reason(reason)
        self._move("cancelled", cancel_reason=reason)
        self._log_reason(self.env._("Contest cancelled: %s", reason))
        return True

    def action_publish(self):
        """Show the contest on the public page, from now on."""
        self._set_published(True)
        return True

    def action_unpublish(self):
        """Take the contest off the public page."""
        self._set_published(False)
        return True

    def action_acknowledge(self):
        """Mark the launch as read by the caller; done again, nothing changes.

        :raises UserError: before the launch, after the end, or for who isn't staff
        """
        self.check_access("read")
        for contest in self:
            self.env["hoithi.acknowledgement"]._record(contest)
        return True

    def action_view_units(self):
        """Open the board of this contest's units."""
        return self._get_related_action("hoithi_contest.hoithi_contest_unit_action")

    def action_view_entries(self):
        """Open the board of this contest's entries."""
        return self._get_related_action("hoithi_contest.hoithi_entry_action")

    def action_view_reviews(self):
        """Open the list of this contest's reviews."""
        return self._get_related_action("hoithi_contest.hoithi_review_action")

    def action_view_sessions(self):
        """Open the sessions of this contest's council."""
        action = self._get_related_action("hoithi_contest.hoithi_session_action")
        action["context"]["default_one_by_one"] = True
        return action

    def action_view_adjudications(self):
        """Open this contest's adjudications."""
        return self._get_related_action("hoithi_contest.hoithi_adjudication_action")

    def action_view_analysis(self):
        """Open the analysis of the scores: advice to the chair, never a result.

        :raises AccessError: for whoever isn't the secretary, a leader, or the chair or
            vice chair once the reviews are over
        """
        self.ensure_one()
        return self.env["hoithi.score.analysis"]._open(self)

    def action_view_documents(self):
        """Open this contest's documents."""
        return self._get_related_action("hoithi_contest.hoithi_document_action")

    def action_make_score_sheets(self):
        """Make the score sheets of all reviews in the background, as one PDF."""
        self.ensure_one()
        return self._make_documents("score_sheet", form="pdf", output="merged")

    def action_make_registrations(self):
        """Make the registration forms of all entries in the background, as a ZIP."""
        self.ensure_one()
        return self._make_documents("registration")

    def _make_documents(self, kind, **vals):
        run = self.env["hoithi.document.run"].create(
            {"contest_id": self.id, "kind": kind, **vals}
        )
        run.action_start()
        return {
            "type": "ir.actions.act_window",
            "res_model": "hoithi.document.run",
            "res_id": run.id,
            "view_mode": "form",
        }

    def action_view_nominations(self):
        """Open this contest's nominations."""
        return self._get_related_action("hoithi_contest.hoithi_nomination_action")

    def action_assign_reviews(self):
        """Open the dialog that proposes reviewers, or takes those picked by hand."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Assign Reviewers"),
            "res_model": "hoithi.review.assign",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_contest_id": self.id,
                "default_mode": "fill",
                "dialog_size": "extra-large",
            },
        }

    def action_create_nomination(self):
        """Draft the nomination of the selected entries, best first.

        :raises UserError: where no selected entry waits for its nomination
        """
        self.ensure_one()
        entries = self._get_decidable_entries().filtered(
            lambda entry: entry.state == "selected"
        )
        nominated = self.nomination_ids.filtered(
            lambda nomination: nomination.state != "returned"
        ).line_ids.entry_id
        entries -= nominated
        if not entries:
            raise UserError(
                self.env._("No selected entry is waiting for its nomination.")
            )
        nomination = self.env["hoithi.nomination"].create(
            {
                "contest_id": self.id,
                "line_ids": [
                    fields.Command.create({"entry_id": entry.id, "sequence": position})
                    for position, entry in enumerate(
                        entries.sorted(lambda entry: (entry.rank or 10**6, entry.id)),
                        start=1,
                    )
                ],
            }
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": "hoithi.nomination",
            "res_id": nomination.id,
            "view_mode": "form",
        }

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
        council = self.council_id
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
            (council, self.env._("the council")),
            (
                not council or len(council._get_members("chair")) == 1,
                self.env._("a chair of the council"),
            ),
            (
                not council or council._get_members("secretary"),
                self.env._("a secretary of the council"),
            ),
        ]
        if self.mode == "internal_contest":
            checks += [
                (
                    self.criteria_set_id.criterion_ids,
                    self.env._("a criteria set with criteria"),
                ),
                (
                    self.reviews_per_entry > 0,
                    self.env._("the number of reviews an entry"),
                ),
                (
                    not council or council.member_ids.filtered("can_score"),
                    self.env._("council members who score"),
                ),
            ]
        return [phrase for present, phrase in checks if not present]

    def _get_today(self):
        """Return today's date on the contest's clock, Vietnam's without a contest.

        What is recorded or refused by the day goes by it: a user without a time zone
        would be a day behind until seven in the morning.
        """
        now = fields.Datetime.now()
        return moments.get_local(now, self.tz or DEFAULT_TZ).date()

    def _get_criteria_by_text(self):
        """Return the criteria by the text of an entry that they look at."""
        self.ensure_one()
        # what the council scores by is told to everyone who enters
        criteria_sudo = self.sudo().criteria_set_id.criterion_ids
        return criteria_sudo.filtered("looks_at").grouped("looks_at")

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
        return self._parse_reminder_days(self.reminder_days)

    @api.model
    def _parse_reminder_days(self, text):
        try:
            days = sorted(
                {int(part) for part in (text or "").split(",") if part.strip()}
            )
        except ValueError:
            days = [-1]
        if days and days[0] < 0:
            raise ValidationError(
                self.env._("Write the reminder days as “7,2,0”, not “%s”.", text)
            )
        return days

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

    def _check_screened(self):
        self.ensure_one()
        pending = self._get_decidable_entries().filtered(
            lambda entry: entry.state in UNSCREENED
        )
        if pending:
            raise UserError(
                self.env._(
                    "Screen these entries first: %s",
                    ", ".join(pending.mapped("display_name")),
                )
            )

    def _check_criteria(self):
        self.ensure_one()
        if not self.criteria_set_id.criterion_ids:
            raise UserError(self.env._("“%s” has no criteria to score by.", self.name))

    def _has_reviews(self):
        self.ensure_one()
        # sheets are made for a council and its criteria, whoever may read them
        reviews_sudo = self.env["hoithi.review"].sudo()
        return bool(
            reviews_sudo.search_count(
                [("contest_id", "=", self.id), ("state", "!=", "void")], limit=1
            )
        )

    def _get_fixed_fields(self):
        fixed = super()._get_fixed_fields()
        if self.state in OVER:
            fixed |= self._frozen_from_end
        if self.state in (*DECIDING, *OVER):
            fixed |= self._frozen_from_review
        elif self._has_reviews():
            fixed |= {"criteria_set_id", "council_id"}
        return fixed

    def _set_published(self, published):
        self.check_access("read")
        if not self.env.su and not self.env.user.has_groups(",".join(PUBLISHER)):
            raise AccessError(
                self.env._("Only a publisher or secretary publishes a contest.")
            )
        if published and self.filtered(lambda c: c.state in ("draft", "cancelled")):
            raise UserError(self.env._("Launch the contest before publishing it."))
        # a publisher may change nothing of a contest but this
        self.sudo()._open_door().write(
            {
                "is_published": published,
                "published_on": published and fields.Datetime.now(),
            }
        )

    def _ensure_receipt_sequence(self):
        self.ensure_one()
        # sequences belong to administrators; a secretary who launches needs just this
        contest_sudo = self.sudo()._open_door()
        if not contest_sudo.receipt_sequence_id:
            # receipts already given count, whoever may read their entries
            contest_sudo.receipt_sequence_id = (
                self.env["ir.sequence"]
                .sudo()
                .create(
                    {
                        "name": self.env._("Receipts: %s", self.name),
                        "prefix": f"{self.edition_roman}-{self.year_end}/",
                        "padding": 3,
                        "number_next": 1
                        + self.env["hoithi.entry"]
                        .sudo()
                        .search_count(
                            [
                                ("contest_id", "=", self.id),
                                ("receipt_number", "!=", False),
                            ]
                        ),
                        "company_id": self.company_id.id,
                    }
                )
            )
        return contest_sudo.receipt_sequence_id

    def _get_analysis_scope(self):
        """Return what the caller may see of the scores: "sheets", "totals" or "".

        Whoever scores sees the sheets of others once the reviews are over, and of
        those only the chair and the vice chair see the analysis; leaders see totals.
        """
        self.ensure_one()
        user = self.env.user
        # who sits on a council isn't for everybody to read, the own seat is
        seat = self.sudo().council_id.member_ids.filtered(
            lambda seat: seat.user_id == user
        )
        if seat and seat.role != "secretary":
            presiding = seat.role in ("chair", "vice_chair")
            over = self.state in ("council", "closed")
            return "sheets" if presiding and over else ""
        if self.env.su or user.has_group("hoithi_contest.group_secretary"):
            return "sheets"
        return "totals" if user.has_group("hoithi_contest.group_leader") else ""

    def _allocate_prizes(self, entries):
        """Return (entry, prize) for each prize that an entry gets.

        :param entries: all the contest's decidable entries
        :raises UserError: where a tie would be cut in two
        """
        self.ensure_one()
        competing = entries.filtered(
            lambda entry: (
                entry.state in ("reviewed", "selected", "nominated") and entry.rank
            )
        )
        pairs = []
        for field, prizes in self.prize_ids.grouped("field_id").items():
            group = (
                competing.filtered(lambda entry, field=field: entry.field_id == field)
                if field
                else competing
            )
            group -= competing.browse(entry.id for entry, _prize in pairs)
            try:
                given = ranking.allocate(
                    {entry: entry.rank for entry in group},
                    {entry: entry.average_score for entry in group},
                    [
                        ranking.Prize(prize, prize.slots, prize.min_score)
                        for prize in prizes
                    ],
                )
            except ranking.UnresolvedTie as tie:
                raise UserError(
                    self.env._(
                        "These entries are equal and compete for “%(prize)s”: "
                        "%(entries)s. Declare a tie-break, or let the chair set the "
                        "places.",
                        prize=tie.prize.display_name,
                        entries=", ".join(entry.display_name for entry in tie.keys),
                    )
                ) from tie
            pairs += given.items()
        return pairs

    def _log_reason(self, body):
        for contest in self:
            contest.message_post(body=body)

    def _get_related_action(self, xmlid):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(xmlid)
        action["domain"] = [("contest_id", "=", self.id)]
        action["context"] = {"default_contest_id": self.id}
        return action
