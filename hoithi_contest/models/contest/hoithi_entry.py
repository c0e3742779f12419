from datetime import timedelta
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command, Domain
from odoo.tools import SQL

from ...lib.contest import shares, similarity
from ...tools import format_number
from ..guard.hoithi_clock_mixin import Deadline
from ..guard.hoithi_states import (
    COMPETING,
    DECIDED,
    EDITABLE,
    NOT_ENTERED,
    RANKABLE,
    RUNNING,
    SCREENABLE,
    SELECTED,
    UNSCREENED,
    state_flag,
)
from ..guard.hoithi_workflow_mixin import Transition
from .hoithi_submission_mixin import Gap

SECRETARY = ("hoithi_contest.group_secretary",)
#: How many entries a message names.
NAMED = 20

#: What a complete description tells; files may tell it too, so that a heading left
#: empty lowers the completeness but doesn't keep an entry from being submitted.
DESCRIPTION_FIELDS = (
    "known_solution",
    "solution_content",
    "novelty",
    "applicability",
    "technical_benefit",
    "economic_benefit",
    "social_benefit",
)


class HoithiEntry(models.Model):
    """A solution that staff enter for the contest.

    Its authors live here and in `hoithi.entry.author` alone; reviewers see an entry
    through their `hoithi.review`.
    """

    _name = "hoithi.entry"
    _description = "Entry"
    _inherit = [
        "hoithi.submission.mixin",
        "hoithi.log.mixin",
        "mail.activity.mixin",
        "hoithi.workflow.mixin",
        "hoithi.clock.mixin",
    ]
    _order = "priority desc, submitted_on desc, id desc"
    _number_ranges = {"benefit_amount": (0, 1e15)}
    _rec_names_search = ["name", "code", "receipt_number"]
    _takes_answers = True

    _transitions = (
        Transition("draft", "submitted", "action_submit"),
        Transition("supplement", "submitted", "action_submit"),
        Transition("submitted", "eligible", "action_mark_eligible", SECRETARY),
        *(
            Transition(state, "ineligible", "action_mark_ineligible", SECRETARY, True)
            for state in UNSCREENED
        ),
        # from supplement to supplement: more time
        *(
            Transition(
                state, "supplement", "action_request_supplement", SECRETARY, True
            )
            for state in UNSCREENED
        ),
        *(
            Transition(state, "submitted", "action_undo_screening", SECRETARY, True)
            for state in ("eligible", "ineligible")
        ),
        *(
            Transition(state, "withdrawn", "action_withdraw", (), True)
            for state in ("draft", "submitted", "supplement", "eligible")
        ),
        Transition("eligible", "reviewing"),
        Transition("reviewing", "reviewed"),
        Transition("reviewed", "reviewing"),
        Transition("reviewed", "selected", "action_select", SECRETARY),
        Transition("eligible", "selected", "action_select", SECRETARY),
        Transition("not_selected", "selected", "action_select", SECRETARY),
        *(
            Transition(state, "not_selected", "action_not_select", SECRETARY, True)
            for state in ("reviewed", "eligible", "selected")
        ),
        Transition("selected", "nominated"),
        Transition("nominated", "selected"),
    )

    # The unit comes from HR, and no author stars the own card.
    _role_fields = dict.fromkeys(("department_id", "priority", "color"), SECRETARY)
    _person_fields = {"author_ids", "consent_publish"}

    _fixed_fields = {
        "id": {"contest_id"},
        "is_content_fixed": {
            "applicability",
            "application_place",
            "author_ids",
            "benefit_amount",
            "confidential_info",
            "consent_publish",
            "department_id",
            "dossier_ids",
            "economic_benefit",
            "field_id",
            "first_applied_date",
            "known_solution",
            "name",
            "novelty",
            "novelty_level",
            "participant_type",
            "short_name",
            "social_benefit",
            "solution_content",
            "solution_type",
            "technical_benefit",
            "trial_applied_date",
        },
    }
    # supplements, changes and corrections are settled by methods of their own
    _fixed_binds_server = False

    # What the secretary may set on an entry that isn't the secretary's own: how it is
    # handled, never what it says.
    _handling_fields = {
        "priority",
        "color",
        "similar_ids",
        "message_follower_ids",
        "message_ids",
        "activity_ids",
    }

    # description
    name = fields.Char(string="Title", required=True, index="trigram", tracking=True)
    # without what makes no two titles alike: by it look-alikes are found
    title_key = fields.Char(
        compute="_compute_title_key",
        store=True,
        index="trigram",
        groups="hoithi_contest.group_secretary",
        export_string_translation=False,
    )
    short_name = fields.Char(string="Short title")
    code = fields.Char(readonly=True, copy=False, index="trigram")
    contest_id = fields.Many2one(
        "hoithi.contest", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        related="contest_id.company_id", store=True, index=True, string="Department"
    )
    contest_state = fields.Selection(
        related="contest_id.state", string="Phase of the contest"
    )
    contest_is_screenable = fields.Boolean(related="contest_id.is_screenable")
    contest_is_assigning = fields.Boolean(related="contest_id.is_assigning")
    field_id = fields.Many2one(
        "hoithi.field",
        index=True,
        ondelete="restrict",
        domain="[('id', 'in', allowed_field_ids)]",
    )
    allowed_field_ids = fields.Many2many(related="contest_id.field_ids")
    participant_type = fields.Selection(
        [("individual", "Individual"), ("group", "Group")],
        string="Entered by",
        required=True,
        default="individual",
    )
    solution_type = fields.Selection(
        [
            ("technical", "Technical solution"),
            ("managerial", "Managerial solution"),
            ("operational", "Operational solution"),
            ("tech_application", "Application of technical progress"),
            ("research_topic", "Research topic"),
            ("initiative", "Initiative"),
        ],
        string="Kind of solution",
        required=True,
        default="technical",
    )
    known_solution = fields.Text(string="Known solutions and their limits")
    solution_content = fields.Text(string="Content of the solution")
    novelty = fields.Text(string="Novelty and creativity")
    novelty_level = fields.Selection(
        [
            ("unit", "New to the unit"),
            ("province", "New to the province"),
            ("country", "New to the country"),
            ("world", "New to the world"),
        ],
        string="Level of novelty",
    )
    applicability = fields.Text()
    technical_benefit = fields.Text()
    economic_benefit = fields.Text()
    social_benefit = fields.Text(string="Social and environmental benefit")
    benefit_amount = fields.Monetary(string="Benefit in money")
    currency_id = fields.Many2one(
        "res.currency",
        default=lambda self: (
            self.env.ref("base.VND", raise_if_not_found=False)
            or self.env.company.currency_id
        ),
    )
    first_applied_date = fields.Date(string="First applied on")
    trial_applied_date = fields.Date(string="Tried on")
    application_place = fields.Char(string="Applied at")
    confidential_info = fields.Text(string="Information to be kept confidential")
    consent_publish = fields.Boolean(
        string="Agrees to publication",
        help="Title, authors, unit and result may be shown on the public page.",
    )
    consent_on = fields.Datetime(readonly=True, copy=False)

    # authors and files
    author_ids = fields.One2many("hoithi.entry.author", "entry_id", string="Authors")
    representative_id = fields.Many2one(
        "hoithi.entry.author", compute="_compute_representative_id"
    )
    author_names = fields.Char(
        string="Authors' names",
        compute="_compute_author_names",
        search="_search_author_names",
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
    # whoever calls may ask for archived records as well: an earlier version is none
    dossier_ids = fields.One2many(
        "hoithi.dossier.item", "entry_id", context={"active_test": True}
    )
    earlier_dossier_ids = fields.One2many(
        "hoithi.dossier.item",
        "entry_id",
        string="Earlier versions",
        domain=[("active", "=", False)],
        context={"active_test": False},
        readonly=True,
    )

    # state
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("submitted", "Submitted"),
            ("supplement", "Supplement"),
            ("eligible", "Eligible"),
            ("ineligible", "Ineligible"),
            ("reviewing", "In review"),
            ("reviewed", "Reviewed"),
            ("selected", "Selected"),
            ("not_selected", "Not selected"),
            ("nominated", "Nominated"),
            ("withdrawn", "Withdrawn"),
        ],
        default="draft",
        required=True,
        copy=False,
        tracking=True,
        group_expand=True,
    )
    is_editable = state_flag("Open to its Authors", EDITABLE)
    is_competing = state_flag("Competing", COMPETING)
    is_unscreened = state_flag("To Screen", UNSCREENED)
    is_selected = state_flag("Selected", SELECTED)
    is_decided = state_flag("Outcome Known", DECIDED)
    is_rankable = state_flag("Ranked", RANKABLE)
    priority = fields.Selection([("0", "Normal"), ("1", "Important")], default="0")
    color = fields.Integer()
    submitted_on = fields.Datetime(
        readonly=True,
        copy=False,
        tracking=True,
        help="The first submission, which gave the receipt.",
    )
    # Figures of a past day are counted by these moments.
    supplemented_on = fields.Datetime(readonly=True, copy=False)
    screened_on = fields.Datetime(readonly=True, copy=False)
    decided_on = fields.Datetime(readonly=True, copy=False)
    nominated_on = fields.Datetime(readonly=True, copy=False)
    withdrawn_on = fields.Datetime(readonly=True, copy=False)
    receipt_number = fields.Char(readonly=True, copy=False, tracking=True)
    supplement_reason = fields.Text(readonly=True, copy=False)
    supplement_due = Deadline(readonly=True, copy=False)
    ineligible_reason = fields.Text(readonly=True, copy=False)
    withdraw_reason = fields.Text(readonly=True, copy=False)
    not_selected_reason = fields.Text(readonly=True, copy=False)
    unit_confirmed_by = fields.Many2one("res.users", readonly=True, copy=False)
    unit_confirmed_on = fields.Datetime(
        string="Application confirmed on", readonly=True, copy=False
    )
    unit_confirm_note = fields.Text(readonly=True, copy=False)
    closes_at = fields.Datetime(
        compute="_compute_closes_at",
        help="Until then, grace included, the entry can be changed and submitted.",
    )
    missing_items = fields.Text(string="Missing", compute="_compute_missing_items")
    completeness = fields.Integer(
        string="Completeness (%)", compute="_compute_completeness"
    )

    # what the reader may do
    is_mine = fields.Boolean(compute="_compute_is_mine")
    can_edit = fields.Boolean(compute="_compute_can")
    is_content_fixed = fields.Boolean(
        compute="_compute_can",
        help="The entry is handed in, its deadline is over, or it is somebody else's.",
    )
    can_submit = fields.Boolean(compute="_compute_can")
    can_withdraw = fields.Boolean(compute="_compute_can")
    can_confirm = fields.Boolean(
        compute="_compute_can", help="The reader's own share isn't confirmed yet."
    )
    can_decline = fields.Boolean(
        compute="_compute_can",
        help="The reader was named as a co-author and may say that this isn't so.",
    )
    can_confirm_application = fields.Boolean(compute="_compute_can_confirm_application")

    similar_ids = fields.Many2many(
        "hoithi.entry",
        "hoithi_entry_similar_rel",
        "entry_id",
        "similar_id",
        string="Similar entries",
        copy=False,
        groups="hoithi_contest.group_secretary",
        help="Entries of this and earlier editions with a title much alike.",
    )

    # the columns of the board, and the list, in their order
    _contest_state_idx = models.Index(
        "(contest_id, state, priority DESC, submitted_on DESC, id DESC)"
    )
    _list_idx = models.Index("(priority DESC, submitted_on DESC, id DESC)")
    _unique_code = models.Constraint("UNIQUE (code)", "An entry's code is unique.")
    _unique_receipt = models.UniqueIndex(
        "(contest_id, receipt_number) WHERE receipt_number IS NOT NULL",
        "A receipt number is given once in a contest.",
    )
    _check_submitted = models.Constraint(
        "CHECK (state IN ('draft', 'withdrawn')"
        " OR (submitted_on IS NOT NULL AND receipt_number IS NOT NULL))",
        "A submitted entry has a receipt number and a time of submission.",
    )

    # COMPUTE

    @api.depends("name")
    def _compute_title_key(self):
        for entry in self:
            entry.title_key = similarity.normalize_title(entry.name)

    @api.depends("name", "code")
    def _compute_display_name(self):
        for entry in self:
            entry.display_name = " – ".join(filter(None, [entry.code, entry.name]))

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

    @api.depends("state", "contest_id.registration_closes_at", "supplement_due")
    def _compute_closes_at(self):
        for entry in self:
            if entry.state == "supplement" and entry.supplement_due:
                entry.closes_at = entry.supplement_due + timedelta(
                    minutes=entry.contest_id.grace_minutes
                )
            else:
                entry.closes_at = entry.contest_id.registration_closes_at

    @api.depends(
        "state",
        "name",
        "field_id",
        "participant_type",
        *DESCRIPTION_FIELDS,
        "first_applied_date",
        "trial_applied_date",
        "contest_id.require_texts",
        "dossier_ids.type_id",
        "author_ids.contribution_percent",
        "author_ids.is_representative",
        "author_ids.identification",
        "author_ids.declined_on",
    )
    def _compute_missing_items(self):
        for entry in self:
            entry.missing_items = (
                "\n".join(entry._get_missing()) if entry.state in EDITABLE else False
            )

    @api.depends("missing_items", *DESCRIPTION_FIELDS)
    def _compute_completeness(self):
        for entry in self:
            types = entry.contest_id.asked_dossier_type_ids.filtered("required")
            present = entry.dossier_ids.type_id
            marks = [
                bool(entry.name),
                bool(entry.field_id),
                bool(entry.first_applied_date or entry.trial_applied_date),
                bool(entry.application_place),
                *map(entry._is_filled, DESCRIPTION_FIELDS),
                *(dossier_type in present for dossier_type in types),
            ]
            done = round(100 * sum(marks) / len(marks))
            entry.completeness = min(done, 99) if entry.missing_items else done

    @api.depends_context("uid")
    @api.depends("author_ids.partner_id")
    def _compute_is_mine(self):
        for entry in self:
            entry.is_mine = self.env.user.partner_id in entry.author_ids.partner_id

    @api.depends_context("uid")
    @api.depends("state", "closes_at", "contest_id.state", "author_ids.confirmed_on")
    def _compute_can(self):
        for entry in self:
            responsible = entry._is_responsible()
            entry.can_edit = responsible and not entry._get_closed_door()
            entry.is_content_fixed = bool(entry._origin) and not entry.can_edit
            entry.can_submit = entry.can_edit
            entry.can_withdraw = responsible and (
                entry.state in ("draft", "submitted", "supplement", "eligible")
                and entry.contest_id.state in SCREENABLE
            )
            unconfirmed = entry._get_own_lines().filtered(
                lambda line: not line.confirmed_on
            )
            entry.can_confirm = bool(unconfirmed) and (
                entry.state not in ("withdrawn", "ineligible")
            )
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

    # CONSTRAINTS

    @api.constrains("benefit_amount", "currency_id")
    def _check_benefit(self):
        for entry in self:
            if entry.benefit_amount < 0:
                raise ValidationError(
                    self.env._("The benefit in money is an amount from 0 on.")
                )
            if not entry.currency_id:
                raise ValidationError(
                    self.env._("Choose the currency of the benefit in money.")
                )

    # CRUD

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [dict(vals) for vals in self._check_given(vals_list)]
        if self._is_data_load():
            for vals in vals_list:
                vals.setdefault("code", self._next_code())
            return super().create(vals_list)
        for vals in vals_list:
            vals.setdefault("contest_id", self.env.context.get("default_contest_id"))
        contests = self.env["hoithi.contest"].browse(
            {vals["contest_id"] for vals in vals_list if vals["contest_id"]}
        )
        contests._check_registration_open()
        lines = []
        for vals in vals_list:
            # files are taken from the entry's authors, so these come first
            lines.append(
                (
                    vals.pop("author_ids", None) or [],
                    vals.pop("dossier_ids", []),
                    vals.pop("consent_publish", False),
                )
            )
            vals["code"] = self._next_code()
        # an entry isn't a discussion group: people hear through notices
        entries = (
            super(
                HoithiEntry,
                self._open_door().with_context(mail_create_nosubscribe=True),
            )
            .create(vals_list)
            .with_env(self.env)
        )
        for entry, (authors, files, consent) in zip(entries, lines, strict=True):
            entry._create_authors(authors)
            if consent:
                # it is the representative's to give
                entry.write({"consent_publish": True})
            if files:
                entry.write({"dossier_ids": files})
        return entries

    def write(self, vals):
        if self._is_data_load() or self._is_door_open(vals.get("state")):
            return super().write(vals)
        content = set(vals) - self._handling_fields - {"state"}
        if content and not self.env.su:
            self._check_content_write(content)
        result = super().write(vals)
        if "consent_publish" in vals:
            given = vals["consent_publish"]
            self._open_door().consent_on = given and fields.Datetime.now()
            self._follow_consent()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_draft(self):
        for entry in self:
            if entry.state != "draft":
                raise UserError(
                    self.env._(
                        "“%s” was submitted: withdraw it instead of deleting it.",
                        entry.display_name,
                    )
                )

    def unlink(self):
        # the database takes the dossier along and would leave its files behind
        attachments_sudo = self.sudo().dossier_ids.attachment_id
        result = super().unlink()
        attachments_sudo.unlink()
        return result

    # ACTION: AUTHORS

    def action_submit(self):
        """Submit a draft, or a supplemented entry, as its representative.

        The server checks its own clock and all the rules of registration (domain
        rules d1), and gives the receipt number at the first submission. Pages and
        dialogs ask for the commitment before (`_submit_previewed`); called by code or
        RPC, the call itself is the commitment: its moment and wording are recorded.

        :raises AccessError: for whoever doesn't act for the entry
        :raises UserError: one message with all that is missing or wrong; the receipt
            where it is submitted already, as after an answer that was lost
        """
        self._check_not_submitted()
        self._check_transition("submitted")
        self._check_submittable()
        now = fields.Datetime.now()
        for entry in self:
            entry.dossier_ids._count(now)
            # whoever submits the shares agrees to the own one
            entry._get_own_lines().filtered(
                lambda line: not line.confirmed_on
            ).action_confirm()
        # neither conflicts nor look-alikes are for an author to read
        entries_sudo = self.sudo()
        entries_sudo._on_authors_known()
        entries_sudo._find_similar()
        for entry in entries_sudo:
            entry._announce("receipt", entry._get_author_partners(), now)
            unconfirmed = entry.author_ids.filtered(lambda line: not line.confirmed_on)
            entry._announce("share", unconfirmed.partner_id, now)
        # the next number is everybody's: it is taken last
        for entry in self:
            entry._move(
                "submitted",
                submitted_on=entry.submitted_on or now,
                supplemented_on=entry.submitted_on and now,
                commitment_on=now,
                commitment_text=entry._get_commitment_text(),
                receipt_number=entry.receipt_number
                or entry.contest_id._take_receipt_number(),
            )
        return True

    def action_ask_withdraw(self):
        """Open the dialog that asks for what `action_withdraw` needs."""
        return self._ask_reason("action_withdraw", self.env._("Withdraw the Entry"))

    def action_withdraw(self, reason=None):
        """Withdraw an own entry, until its review starts.

        :param reason: recorded and shown to the secretary
        """
        self._check_transition("withdrawn")
        self._check_responsible()
        reason = self._clean_reason(reason)
        for entry in self:
            if entry.contest_id.state not in SCREENABLE:
                raise UserError(
                    self.env._(
                        "The review has started: “%s” can't be withdrawn any more.",
                        entry.display_name,
                    )
                )
        self._move(
            "withdrawn", withdraw_reason=reason, withdrawn_on=fields.Datetime.now()
        )
        # what the author writes may tell a reviewer who it is
        self._on_left(self.env._("The entry was withdrawn."))
        self.author_ids._end_reminders(self)
        return True

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
            if entry.is_mine:
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

    # ACTION: SECRETARY

    def action_mark_eligible(self):
        """Admit submitted entries to the review."""
        self._check_transition("eligible")
        self._check_screening()
        self._check_none_declined()
        self._move(
            "eligible", ineligible_reason=False, screened_on=fields.Datetime.now()
        )
        self._on_authors_known()
        self._announce_authors("eligible")
        return True

    def action_ask_mark_ineligible(self):
        """Open the dialog that asks for what `action_mark_ineligible` needs."""
        return self._ask_reason(
            "action_mark_ineligible", self.env._("Mark as Ineligible")
        )

    def action_mark_ineligible(self, reason=None):
        """Turn entries down at screening.

        :param reason: obligatory, told to the authors (refusal in writing)
        """
        self._check_transition("ineligible")
        self._check_screening()
        reason = self._clean_reason(reason)
        self._move(
            "ineligible", ineligible_reason=reason, screened_on=fields.Datetime.now()
        )
        self._on_left(reason)
        self._announce_authors("ineligible")
        return True

    def action_ask_request_supplement(self):
        """Open the dialog that asks for what `action_request_supplement` needs."""
        return self._ask_reason(
            "action_request_supplement",
            self.env._("Request a Supplement"),
            needs_due=True,
        )

    def action_request_supplement(self, reason=None, due_date=None):
        """Give entries back to their authors for a supplement, with a clock of its own.

        :param reason: what to supplement, told to the authors
        :param due_date: moment (UTC) until which it is awaited, or a day until whose
            end of work; the day in a week, but not after the screening deadline, where
            none is given
        :raises UserError: where the due date has passed
        """
        self._check_transition("supplement")
        self._check_screening()
        reason = self._clean_reason(reason)
        now = fields.Datetime.now()
        for entry in self:
            contest = entry.contest_id
            due = fields.Datetime.to_datetime(entry._read_deadline(due_date))
            if not due:
                due = contest._get_work_end(contest._get_today() + timedelta(days=7))
                screening = contest.screening_deadline
                if screening and now < screening < due:
                    due = screening
            if due <= now:
                raise UserError(
                    self.env._("The supplement must be due at a time in the future.")
                )
            entry._move("supplement", supplement_reason=reason, supplement_due=due)
            entry._announce("supplement", entry._get_author_partners(), due)
        return True

    def action_ask_undo_screening(self):
        """Open the dialog that asks for what `action_undo_screening` needs."""
        return self._ask_reason(
            "action_undo_screening", self.env._("Undo the Screening")
        )

    def action_undo_screening(self, reason=None):
        """Take back a screening decision, before the review starts.

        :param reason: recorded in the entry's log
        """
        self._check_transition("submitted")
        self._check_screening()
        reason = self._clean_reason(reason)
        self._move("submitted", ineligible_reason=False, screened_on=False)
        for entry in self:
            entry.message_post(body=self.env._("Screening undone: %s", reason))
        return True

    def action_open_portal(self):
        """Open the entry as its authors see it."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": self._get_portal_path(),
            "target": "new",
        }

    def _take_transition(self, target):
        # dragging a card shows nobody what is sent, nor the commitment
        for entry in self if target == "submitted" else ():
            if entry.state in EDITABLE:
                raise UserError(
                    self.env._(
                        "“%s” isn't submitted by moving its card: open it, press "
                        "“Submit” and give the commitment.",
                        entry.display_name,
                    )
                )
        return super()._take_transition(target)

    def _join_names(self):
        """Return the names of these entries for a message: many are counted."""
        names = ", ".join(self[:NAMED].mapped("display_name"))
        if len(self) <= NAMED:
            return names
        return self.env._(
            "%(names)s, and %(number)s more", names=names, number=len(self) - NAMED
        )

    # BUSINESS: AUTHORS

    @api.model
    def _next_code(self):
        # staff have no right on sequences
        return self.env["ir.sequence"].sudo().next_by_code("hoithi.entry")

    @api.model
    def _get_my_employee(self, company):
        """Return the caller's employee record in `company`, found by user or contact.

        Staff with a portal login have no right on HR records, so the record comes with
        superuser rights: read from it the name, unit and job, nothing else.
        """
        # staff find their own record, and only that
        employees_sudo = self.env["hr.employee"].sudo()
        user = self.env.user
        return employees_sudo.search(
            [
                ("company_id", "=", company.id),
                "|",
                ("user_id", "=", user.id),
                ("work_contact_id", "=", user.partner_id.id),
            ],
            order="user_id",
            limit=1,
        )

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

    def _get_authors(self):
        """Return the author lines but those of who declined, and so is no author."""
        return self.author_ids.filtered(lambda line: not line.declined_on)

    def _get_author_partners(self):
        return self.author_ids.partner_id

    def _is_responsible(self):
        """Tell whether the caller acts for the entry.

        That is its representative, or the secretary who keyed in a paper dossier.
        """
        self.ensure_one()
        user = self.env.user
        if self.representative_id.partner_id == user.partner_id:
            return True
        return self.create_uid == user and user.has_group(
            "hoithi_contest.group_secretary"
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

    # BUSINESS: FILES

    def _get_file_versions(self):
        """Return all files of the dossier, with those that were taken out later.

        `dossier_ids` never holds these, whatever the context asks for.
        """
        return self.dossier_ids | self.earlier_dossier_ids

    # BUSINESS: DOOR

    def _get_closed_door(self):
        """Return why the content can't be changed now, or an empty text."""
        self.ensure_one()
        contest = self.contest_id
        now = fields.Datetime.now()
        if self.state == "draft":
            if contest._is_registration_open(now):
                return ""
            return self.env._(
                "Registration for “%(contest)s” is closed (deadline %(moment)s).",
                contest=contest.name,
                moment=contest._format_moment(contest.registration_deadline),
            )
        if self.state == "supplement":
            if contest.state not in SCREENABLE:
                return self.env._("The screening of “%s” is over.", contest.name)
            if not self.closes_at or now <= self.closes_at:
                return ""
            return self.env._(
                "The supplement was due on %(moment)s. Ask the secretary.",
                moment=contest._format_moment(self.supplement_due),
            )
        return self.env._(
            "“%(entry)s” is %(state)s and can't be changed.",
            entry=self.display_name,
            state=self._get_state_label(self.state).lower(),
        )

    def _check_not_submitted(self):
        """Answer a submission that is asked for again with its receipt.

        :raises UserError: with the receipt's number
        """
        for entry in self:
            if entry.state == "submitted":
                entry._check_responsible()
                raise UserError(
                    self.env._(
                        "“%(entry)s” is submitted already. Receipt number: %(number)s",
                        entry=entry.display_name,
                        number=entry.receipt_number,
                    )
                )

    def _check_door(self):
        """Refuse changes and submissions after the deadline, by the server's clock.

        :raises UserError: with the deadline
        """
        for entry in self:
            closed = entry._get_closed_door()
            if closed:
                raise UserError(closed)

    def _check_content_write(self, names):
        """Guard what an entry says: authors only, and only while its door is open."""
        self._check_responsible()
        self._check_door()
        if "contest_id" in names:
            raise UserError(
                self.env._("An entry stays in its contest: register it anew instead.")
            )

    def _get_gaps(self):
        """Return all that keeps the entry from being submitted.

        Sources: domain rules d1 (shares, representative, years, dossier).
        """
        self.ensure_one()
        contest = self.contest_id
        gaps = []
        if not self._is_filled("name"):
            gaps.append(Gap("name", self.env._("The title is missing.")))
        if not self.field_id:
            gaps.append(Gap("field_id", self.env._("Choose the field of competition.")))
        elif self.field_id not in contest.field_ids:
            text = self.env._(
                "The field “%s” isn't part of this contest.", self.field_id.name
            )
            gaps.append(Gap("field_id", text))
        if not self._is_filled("solution_content"):
            text = self.env._("The content of the solution is missing.")
            gaps.append(Gap("solution_content", text))
        if contest.require_texts:
            gaps += self._get_unscorable()
        gaps += [Gap("first_applied_date", text) for text in self._get_date_problems()]
        gaps += [Gap("author_ids", text) for text in self._get_author_problems()]
        present = self.dossier_ids.type_id
        for dossier_type in contest.asked_dossier_type_ids.filtered("required"):
            if dossier_type not in present:
                text = self.env._("The dossier lacks: %s.", dossier_type.display_name)
                gaps.append(Gap("dossier_ids", text, dossier_type.id))
        return gaps

    def _get_date_problems(self):
        self.ensure_one()
        today = self.contest_id._get_today()
        # the earliest application counts (domain c2)
        dates = list(filter(None, [self.first_applied_date, self.trial_applied_date]))
        if not dates:
            return [self.env._("Tell when the solution was first applied.")]
        problems = []
        if max(dates) > today:
            problems.append(self.env._("The date of application lies in the future."))
        first_year = self.contest_id.eligible_from_year
        if min(dates).year < first_year:
            problems.append(
                self.env._(
                    "Only solutions applied since %s may be entered.", first_year
                )
            )
        return problems

    def _get_author_problems(self):
        self.ensure_one()
        authors = self.author_ids
        problems = []
        total = sum(
            (shares.to_share(line.contribution_percent) for line in authors),
            Decimal(0),
        )
        if total != 100:
            problems.append(
                self.env._(
                    "The authors' shares sum to %s %%, not 100 %%.",
                    format_number(self.env, total),
                )
            )
        if any(line.contribution_percent <= 0 for line in authors):
            problems.append(self.env._("Every author needs a share above 0 %."))
        problems += [
            self.env._(
                "%s isn't identified yet: choose the colleague, or say that the person "
                "is from outside, and where the person works.",
                line.full_name,
            )
            for line in authors
            # a line that was declined is told of below
            if line.identification == "unknown" and not line.declined_on
        ]
        problems += [
            self.env._(
                "%s declined: take the line out and set the shares anew.",
                line.full_name,
            )
            for line in authors
            if line.declined_on
        ]
        representatives = authors.filtered("is_representative")
        if len(representatives) != 1:
            problems.append(
                self.env._("Exactly one author must be the representative.")
            )
        if self.participant_type == "individual" and len(authors) > 1:
            problems.append(
                self.env._(
                    "An individual entry has one author; enter as a group instead."
                )
            )
        if self.participant_type == "group" and len(authors) < 2:
            problems.append(self.env._("A group has at least two authors."))
        minimum = self.contest_id.coauthor_min_percent
        small = (authors - representatives).filtered(
            lambda line: 0 < line.contribution_percent < minimum
        )
        if small:
            problems.append(
                self.env._(
                    "A co-author's share is at least %(minimum)s %%; too small: "
                    "%(names)s.",
                    minimum=format_number(self.env, minimum),
                    names=", ".join(small.mapped("full_name")),
                )
            )
        return problems

    # BUSINESS: SCREENING

    def _check_not_own(self, may_be_named=False):
        """A conflict binds the secretary too: others decide on an own entry.

        :param may_be_named: whether it may be done by who is only named, and hasn't
            confirmed, else an author could keep the secretary off an entry by a name
        :raises UserError: for an own entry
        """
        for entry in self if not self.env.su else ():
            lines = entry._get_own_lines()
            is_author = any(
                line.is_representative or line.confirmed_on for line in lines
            )
            if lines and not is_author and not may_be_named:
                raise UserError(
                    self.env._(
                        "You are named as a co-author of “%s”: confirm your share or "
                        "decline it first.",
                        entry.display_name,
                    )
                )
            if is_author:
                raise UserError(
                    self.env._(
                        "You are an author of “%s”: another secretary decides on it.",
                        entry.display_name,
                    )
                )

    def _check_none_declined(self):
        """Admit no entry whose shares count somebody who declined.

        :raises UserError: with whom, and what to do
        """
        for entry in self:
            declined = entry.author_ids.filtered("declined_on")
            if declined:
                raise UserError(
                    self.env._(
                        "“%(entry)s”: %(names)s declined to be an author. Request a "
                        "supplement, so that the shares are set anew, or take the "
                        "person out of the authors.",
                        entry=entry.display_name,
                        names=", ".join(declined.mapped("full_name")),
                    )
                )

    def _check_screening(self):
        """Refuse screening decisions once the review has started, or on own entries."""
        self._check_not_own(may_be_named=True)
        for entry in self:
            if entry.contest_id.state not in SCREENABLE:
                raise UserError(
                    self.env._("The screening of “%s” is over.", entry.contest_id.name)
                )

    def _get_detectable(self):
        """Return those of which conflicts are anybody's business, for all readers.

        A draft isn't; and once the contest is over, nothing hangs on them.
        """
        # conflicts are found by acts of people who may not read them
        return self.sudo().filtered(
            lambda entry: (
                entry.state not in NOT_ENTERED and entry.contest_id.state in RUNNING
            )
        )

    def _on_authors_known(self):
        """Hook: it became known, or known anew, who stands behind these entries."""

    def _on_left(self, reason):
        """Hook: these entries leave the contest before its review.

        :param reason: why, for who is to read of it
        """

    def _find_similar(self):
        """Link entries of the department whose title is much alike."""
        alike = {}
        for entry_id, other_id in self._read_similar():
            alike.setdefault(entry_id, []).append(other_id)
        for entry in self:
            entry.similar_ids = self.browse(alike.get(entry.id, ()))

    def _read_similar(self):
        """Return the (id, id) of these entries with those that look alike.

        PostgreSQL finds them by an index where it has the extension pg_trgm, which
        counts as `similarity` does.
        """
        names = ["title_key", "company_id", "state"]
        if self.env.registry.has_trigram:
            self.env["hoithi.entry"].flush_model(names)
            self.env.cr.execute(
                "SELECT set_config('pg_trgm.similarity_threshold', %s, true)",
                [str(similarity.ALIKE)],
            )
            unaccent = self.env.registry.unaccent
            return self.env.execute_query(
                SQL(
                    """SELECT e.id, o.id FROM hoithi_entry e
                       JOIN hoithi_entry o ON o.company_id = e.company_id
                        AND o.id != e.id AND o.state NOT IN %s AND %s %% %s
                       WHERE e.id = ANY(%s)""",
                    NOT_ENTERED,
                    unaccent(SQL("o.title_key")),
                    unaccent(SQL("e.title_key")),
                    self.ids,
                )
            )
        titles = self.search_fetch(
            [
                ("company_id", "in", self.company_id.ids),
                ("state", "not in", NOT_ENTERED),
            ],
            names,
        )
        return [
            (entry.id, other.id)
            for entry in self
            for other in titles
            if other != entry
            and other.company_id == entry.company_id
            and similarity.similarity(other.title_key, entry.title_key)
            >= similarity.ALIKE
        ]

    # MESSAGING

    def _get_portal_path(self):
        self.ensure_one()
        return f"/my/hoithi/entries/{self.id}"

    def _announce_authors(self, kind):
        """Record a notice to the authors of each entry."""
        self.env["hoithi.notice"]._announce(
            kind, {entry: entry._get_author_partners() for entry in self}
        )

    def _announce(self, kind, partners, moment=None):
        """Record a notice to `partners`; the ledger sends it once."""
        self.ensure_one()
        self.env["hoithi.notice"]._announce(
            kind,
            {self: partners},
            occasion=moment and fields.Datetime.to_string(moment) or "",
        )

    # CRON

    @api.model
    def _cron_check_invariants(self):
        """Look for what breaks a rule that no door should have let through."""
        return self.env["hoithi.check"]._run()

    @api.model
    def _get_broken_invariants(self, with_files=True):
        """Return (rule, entry id) for each broken rule of the data.

        :param with_files: whether all kept files are read, too
        """
        rules = {
            "shares": SQL(
                """SELECT e.id FROM hoithi_entry e
                   WHERE e.state NOT IN ('draft', 'supplement', 'withdrawn')
                     AND (SELECT COALESCE(SUM(a.contribution_percent), 0)
                          FROM hoithi_entry_author a WHERE a.entry_id = e.id) <> 100"""
            ),
            "representative": SQL(
                """SELECT e.id FROM hoithi_entry e
                   WHERE e.state NOT IN ('draft', 'supplement', 'withdrawn')
                     AND (SELECT COUNT(*) FROM hoithi_entry_author a
                          WHERE a.entry_id = e.id AND a.is_representative) <> 1"""
            ),
            "deadline": SQL(
                """SELECT e.id FROM hoithi_entry e
                   JOIN hoithi_contest c ON c.id = e.contest_id
                   WHERE e.submitted_on > c.registration_closes_at"""
            ),
        }
        self.env.flush_all()
        files = self.env["ir.attachment"]
        return [
            *self._find_broken(rules),
            *(files._get_broken_files()._get_broken_rules() if with_files else ()),
        ]

    @api.model
    def _find_broken(self, rules):
        """Return (rule, entry id) of what the queries of `rules` find."""
        return [
            (rule, row[0])
            for rule, query in rules.items()
            for row in self.env.execute_query(query)
        ]
