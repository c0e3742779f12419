from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from ...lib.guard import numerals
from ..guard.hoithi_states import (
    ASSIGNING,
    BEFORE_COUNCIL,
    CONVENED,
    DECIDING,
    GATHERED,
    HELD,
    JUDGED,
    LAUNCHED,
    NOT_ENTERED,
    OVER,
    RUNNING,
    SCREENABLE,
    SETTLED,
    state_flag,
)
from ..guard.hoithi_workflow_mixin import Transition

SECRETARY = ("hoithi_contest.group_secretary",)


class HoithiContest(models.Model):
    """One edition of the contest inside a department, from plan to report."""

    _name = "hoithi.contest"
    _description = "Contest"
    _inherit = [
        "mail.thread",
        "mail.activity.mixin",
        "hoithi.workflow.mixin",
        "hoithi.preview.mixin",
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
        *(
            Transition("cancelled", state, "action_undo_cancel", SECRETARY, True)
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
            "field_ids",
            "dossier_type_ids",
        },
        # whose contest it is was announced
        "is_launched": {"company_id"},
        # what papers and pages of a contest that is over say of it
        "is_over": {
            "name",
            "year_start",
            "year_end",
            "description",
            "plan_purpose",
        },
    }

    # description
    name = fields.Char(required=True, tracking=True)
    edition_number = fields.Integer(string="Edition", tracking=True, aggregator=None)
    edition_roman = fields.Char(
        string="Edition (roman)", compute="_compute_edition_roman"
    )
    year_start = fields.Integer(
        string="First year",
        required=True,
        default=lambda self: self._get_today().year,
        aggregator=None,
    )
    year_end = fields.Integer(
        string="Last year",
        compute="_compute_year_end",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
        aggregator=None,
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
    field_ids = fields.Many2many("hoithi.field", string="Fields", check_company=True)
    legal_basis_ids = fields.One2many("hoithi.legal.basis", "contest_id", copy=True)

    # state
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("open", "Open for registration"),
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
    is_launched = state_flag("Launched", LAUNCHED)
    is_running = state_flag("Running", RUNNING)
    is_held = state_flag("Was Launched", HELD)
    is_over = state_flag("Over", OVER)
    is_before_council = state_flag("Before the Council", BEFORE_COUNCIL)
    is_gathered = state_flag("Registration Over", GATHERED)
    is_screenable = state_flag("Screening Possible", SCREENABLE)
    is_assigning = state_flag("Choosing Reviewers", ASSIGNING)
    is_deciding = state_flag("Deciding", DECIDING)
    is_judged = state_flag("Judged", JUDGED)
    is_settled = state_flag("Rules Settled", SETTLED)
    is_convened = state_flag("Council Convened", CONVENED)
    secretary_ids = fields.Many2many(
        "res.users",
        string="Secretaries",
        default=lambda self: self.env.user,
        help="They get the reminders of what is pending.",
    )

    # what is wrong
    checked_on = fields.Datetime(string="Data checked on", readonly=True, copy=False)
    broken_count = fields.Integer(
        string="Broken rules found", readonly=True, copy=False
    )
    mail_problems = fields.Text(compute="_compute_mail_problems")

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
        aggregator=None,
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
    dossier_type_ids = fields.Many2many(
        "hoithi.dossier.type",
        string="Dossier types",
        check_company=True,
        default=lambda self: self.env.company.hoithi_dossier_type_ids,
        help="Leave empty to ask for all the types of the department.",
    )
    asked_dossier_type_ids = fields.Many2many(
        "hoithi.dossier.type",
        string="Dossier types asked for",
        compute="_compute_asked_dossier_type_ids",
    )

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

    @api.depends("company_id")
    @api.depends_context("lang", "uid")
    def _compute_mail_problems(self):
        for company, contests in self.grouped("company_id").items():
            contests.mail_problems = "\n".join(company._get_mail_problems())

    @api.depends("dossier_type_ids", "company_id")
    def _compute_asked_dossier_type_ids(self):
        every_type = self.env["hoithi.dossier.type"].search_fetch(
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

    def _get_same_edition(self):
        """Return the department's other contests with the number of this one."""
        self.ensure_one()
        if not self.edition_number or self.state == "cancelled":
            return self.browse()
        # of a department a number is used once, whoever may read the other contest
        return self.sudo().search(
            [
                ("company_id", "=", self.company_id.id),
                ("edition_number", "=", self.edition_number),
                ("state", "!=", "cancelled"),
                # a finished one is put away; one that never took place is none
                "|",
                ("is_archived", "=", False),
                ("state", "=", "closed"),
                ("id", "!=", self._origin.id),
            ]
        )

    def _tell_same_edition(self):
        """Return that the number of the edition is used already, or nothing.

        A department may hold contests of two kinds, each with its own count: the number
        isn't refused.
        """
        others_sudo = self._get_same_edition()
        if not others_sudo:
            return ""
        return self.env._(
            "Edition %(number)s is the number of “%(contests)s” already: keep it only "
            "if this is a contest of another kind.",
            number=self.edition_number,
            contests="”, “".join(others_sudo.mapped("name")),
        )

    @api.onchange("edition_number")
    def _onchange_edition_number(self):
        text = self._tell_same_edition()
        if text:
            title = self.env._("This edition is there already")
            return {"warning": {"title": title, "message": text}}

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

    # BOARD

    @api.model
    def _get_folded(self, counts):
        # empty columns leave their room to those that hold something
        return {state for state, count in counts.items() if not count}

    # ACTION

    def action_view_entries(self):
        """Open the board of this contest's entries."""
        return self._get_related_action("hoithi_contest.hoithi_entry_action")

    def action_ask_register_paper(self):
        """Open the dialog that takes in a dossier on paper."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Take in a Paper Dossier"),
            "res_model": "hoithi.paper",
            "view_mode": "form",
            "target": "new",
            "context": {"default_contest_id": self.id},
        }

    # BUSINESS

    def _is_late_to_take_in(self, received_on):
        """Tell whether a paper of a moment needs a decision to be taken in."""
        self.ensure_one()
        closes_at = self.registration_closes_at
        return self.state == "review" or bool(closes_at and received_on > closes_at)

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

    def _get_criteria_by_text(self, field=None):
        """Hook: return the criteria by the text of an entry that they look at.

        :param field: the field of competition of the entry, where it is chosen
        """
        return {}

    def _get_keepers(self):
        """Return the users who answer for these contests."""
        return self.secretary_ids

    def _get_broken_invariants(self):
        """Hook: return (rule, contest id) for each broken rule of one contest."""
        return []

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
                        # by which a rule keeps it from other users
                        "code": "hoithi.receipt",
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
        if sequence_sudo.implementation != "no_gap" or sequence_sudo.use_date_range:
            # an administrator made another one of it
            self._lock_rows(sequence_sudo)
            return sequence_sudo.next_by_id()
        # Odoo's own way gives up at once where somebody else holds the row, and takes
        # two statements more, for which all others wait
        sequence_sudo.flush_recordset()
        [(number,)] = self.env.execute_query(
            SQL(
                """UPDATE ir_sequence SET number_next = number_next + number_increment
                    WHERE id = %s RETURNING number_next - number_increment""",
                sequence_sudo.id,
            )
        )
        sequence_sudo.invalidate_recordset(
            ["number_next", "number_next_actual"], flush=False
        )
        return sequence_sudo.get_next_char(number)

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

    def _take_turns(self):
        """Let of two transactions at once that come by here the second begin anew.

        A lock alone would leave it with its view of the data from before the first.
        """
        self.env.flush_all()
        if self:
            self.env.cr.execute(
                SQL(
                    "UPDATE hoithi_contest SET id = id WHERE id IN %s",
                    tuple(self.ids),
                )
            )

    def _log_reason(self, body):
        for contest in self:
            contest._message_act(body=body)

    def _get_related_action(self, xmlid):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(xmlid)
        action["domain"] = [("contest_id", "=", self.id)]
        action["context"] = {"default_contest_id": self.id}
        return action
