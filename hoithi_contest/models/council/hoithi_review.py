from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import NO_ACCESS, Domain
from odoo.tools import SQL

from ..guard.hoithi_clock_mixin import Deadline
from ..guard.hoithi_states import (
    CONVENED,
    DROPPED,
    ENDED,
    PENDING,
    UNDROPPED,
    state_flag,
)
from ..guard.hoithi_workflow_mixin import Transition
from .hoithi_review_copy import LIVE, OPEN

SECRETARY = ("hoithi_contest.group_secretary",)

#: What a sheet says in words.
OPINION = ("comment", "strengths", "weaknesses", "recommendation")


class HoithiReview(models.Model):
    """A member's sheet for an entry, and the member's only window on it.

    What a reviewer may know of the entry comes through the related fields and the
    neutral copies of its files here; nothing here tells who wrote it.
    """

    _name = "hoithi.review"
    _description = "Review Sheet"
    _inherit = [
        "hoithi.log.mixin",
        "mail.activity.mixin",
        "hoithi.workflow.mixin",
        "hoithi.clock.mixin",
        "hoithi.ledger.fact.mixin",
        "hoithi.review.sheet",
    ]
    _order = "due_date, id"

    _in_turn = ("action_submit",)
    # none but the server's copies lies beside a sheet; see `ir.attachment`
    _counts_files = True

    _ledger_events = {
        "review.submitted": ("sheet",),
        "review.reopened": ("sheet",),
        "review.voided": ("sheet",),
        "review.recused": ("sheet",),
        "copies.given": ("copies",),
    }
    _ledger_opening = "review.submitted"
    _takes_answers = True

    _transitions = (
        Transition("assigned", "in_progress", "action_start"),
        Transition("in_progress", "submitted", "action_submit"),
        Transition("assigned", "submitted", "action_submit"),
        Transition("assigned", "recused", "action_recuse", (), True),
        Transition("in_progress", "recused", "action_recuse", (), True),
        Transition("submitted", "in_progress", "action_reopen", SECRETARY, True),
        *(
            Transition(state, "void", "action_void", SECRETARY, True)
            for state in UNDROPPED
        ),
        # the contest or the entry that it ended with is taken up again
        Transition("void", "assigned"),
        Transition("void", "in_progress"),
    )

    _sheet_fields = {
        "line_ids",
        *OPINION,
    }

    _given_fields = {"entry_id", "member_id"}
    _role_fields = {"due_date": SECRETARY}
    _person_fields = _sheet_fields
    _fixed_fields = {"is_ended": {"due_date"}, "is_sheet_closed": _sheet_fields}

    entry_id = fields.Many2one(
        "hoithi.entry", required=True, ondelete="restrict", index=True
    )
    contest_id = fields.Many2one(
        "hoithi.contest", related="entry_id.contest_id", store=True, index=True
    )
    contest_state = fields.Selection(
        related="contest_id.state", string="Phase of the contest"
    )
    company_id = fields.Many2one(
        related="entry_id.company_id", store=True, string="Department"
    )
    member_id = fields.Many2one(
        "hoithi.council.member", required=True, ondelete="restrict", index=True
    )
    user_id = fields.Many2one(
        related="member_id.user_id", store=True, index=True, string="Reviewer"
    )
    state = fields.Selection(
        [
            ("assigned", "Assigned"),
            ("in_progress", "Scoring"),
            ("submitted", "Submitted"),
            ("recused", "Recused"),
            ("void", "Void"),
        ],
        default="assigned",
        required=True,
        copy=False,
        index=True,
        tracking=True,
        group_expand="_expand_states",
    )
    is_ended = state_flag("Ended", ENDED)
    is_sheet_closed = fields.Boolean(
        compute="_compute_is_sheet_closed",
        help="Scores are taken of awaited sheets while the contest is in review.",
    )
    is_pending = state_flag("Awaited", PENDING)
    is_dropped = state_flag("Dropped", DROPPED)
    due_date = Deadline(string="Due", tracking=True)

    # what the reviewer sees of the entry
    entry_code = fields.Char(related="entry_id.code", string="Code")
    entry_name = fields.Char(related="entry_id.name", string="Title", store=True)
    field_id = fields.Many2one(
        related="entry_id.field_id", store=True, index="btree_not_null"
    )
    shown_entry_id = fields.Many2one(
        "hoithi.entry",
        compute="_compute_shown_entry_id",
        search="_search_shown_entry_id",
        export_string_translation=False,
        help="The entry, while the sheet shows it to its reader.",
    )
    solution_type = fields.Selection(related="shown_entry_id.solution_type")
    known_solution = fields.Text(related="shown_entry_id.known_solution")
    solution_content = fields.Text(related="shown_entry_id.solution_content")
    novelty = fields.Text(related="shown_entry_id.novelty")
    novelty_level = fields.Selection(related="shown_entry_id.novelty_level")
    applicability = fields.Text(related="shown_entry_id.applicability")
    technical_benefit = fields.Text(related="shown_entry_id.technical_benefit")
    economic_benefit = fields.Text(related="shown_entry_id.economic_benefit")
    social_benefit = fields.Text(related="shown_entry_id.social_benefit")
    benefit_amount = fields.Monetary(related="shown_entry_id.benefit_amount")
    currency_id = fields.Many2one(related="entry_id.currency_id")
    file_ids = fields.One2many(
        "ir.attachment",
        "res_id",
        string="Files",
        domain=[("res_model", "=", "hoithi.review"), ("kept_sha256", "!=", False)],
        readonly=True,
    )
    withheld_files = fields.Text(
        compute="_compute_withheld_files",
        groups="hoithi_contest.group_secretary",
        help="Files that the reviewer doesn't get, or not yet.",
    )
    pending_files = fields.Integer(
        compute="_compute_pending_files",
        help="Files of the entry that are still on their way to its reviewers.",
    )

    # the sheet
    criteria_set_id = fields.Many2one(
        "hoithi.criteria.set",
        compute="_compute_criteria_set",
        compute_sudo=True,
        search="_search_criteria_set",
    )
    line_ids = fields.One2many("hoithi.review.line", "review_id", string="Scores")
    total = fields.Float(
        digits=(6, 2),
        readonly=True,
        copy=False,
        aggregator="avg",
        help="Sum of the scores, fixed at submission.",
    )
    max_total = fields.Float(related="criteria_set_id.total_max", digits=(6, 2))
    comment = fields.Text(compute="_compute_opinion", inverse="_inverse_opinion")
    strengths = fields.Text(compute="_compute_opinion", inverse="_inverse_opinion")
    weaknesses = fields.Text(compute="_compute_opinion", inverse="_inverse_opinion")
    recommendation = fields.Selection(
        [
            ("select", "Select"),
            ("consider", "Consider"),
            ("reject", "Don't select"),
        ],
        compute="_compute_opinion",
        inverse="_inverse_opinion",
    )
    # What the member wrote, for nobody to read but through the fields above: a draft is
    # its member's alone, though the secretary reads that the sheet is there.
    kept_comment = fields.Text(groups=NO_ACCESS, export_string_translation=False)
    kept_strengths = fields.Text(groups=NO_ACCESS, export_string_translation=False)
    kept_weaknesses = fields.Text(groups=NO_ACCESS, export_string_translation=False)
    kept_recommendation = fields.Char(groups=NO_ACCESS, export_string_translation=False)
    submitted_on = fields.Datetime(readonly=True, copy=False)
    recuse_reason = fields.Text(readonly=True, copy=False)
    is_mine = fields.Boolean(compute="_compute_is_mine")
    is_barred = fields.Boolean(
        compute="_compute_is_barred",
        search="_search_is_barred",
        export_string_translation=False,
        help="The reader is in a conflict with the entry, or an author of it.",
    )
    is_open_to_council = fields.Boolean(
        compute="_compute_is_open_to_council",
        search="_search_is_open_to_council",
        export_string_translation=False,
        help="The reader sits on the council, which meets or has met.",
    )
    needs_statement = fields.Boolean(
        compute="_compute_needs_statement",
        help="The member's statement of interests isn't signed yet.",
    )

    _unique_pair = models.UniqueIndex(
        "(entry_id, member_id, COALESCE(round_id, 0)) WHERE state <> 'void'",
        "This member reviews this entry already.",
    )
    # the boards, in their order; with what rules ask of each row
    _member_board_idx = models.Index("(user_id, state, due_date, id)")
    _contest_board_idx = models.Index(
        "(contest_id, state, due_date, id) INCLUDE (company_id, user_id, entry_id)"
    )
    _check_submitted = models.Constraint(
        "CHECK (state <> 'submitted' OR submitted_on IS NOT NULL)",
        "A submitted sheet has a time of submission.",
    )

    def init(self):
        """Tell PostgreSQL that a contest is of one department, as of entries."""
        self.env.cr.execute(
            """CREATE STATISTICS IF NOT EXISTS hoithi_review_of_contest (dependencies)
                   ON contest_id, company_id FROM hoithi_review"""
        )
        return super().init()

    # COMPUTE

    @api.depends("state", "contest_id.state", "is_replacement")
    def _compute_is_sheet_closed(self):
        for review in self:
            # a member may read the phase of the contest or not
            is_open = review.sudo()._is_phase_open()
            review.is_sheet_closed = review.is_ended or not is_open

    @api.depends("entry_id.criteria_set_id")
    def _compute_criteria_set(self):
        for review in self:
            review.criteria_set_id = review.entry_id.criteria_set_id

    @api.model
    def _search_criteria_set(self, operator, value):
        return Domain("entry_id.criteria_set_id", operator, value)

    @api.depends("entry_id", "member_id")
    def _compute_display_name(self):
        for review in self:
            # a member reads no entry; what one is called tells nobody's name
            review.display_name = review.entry_id.sudo().display_name

    @api.depends_context("uid")
    @api.depends("user_id")
    def _compute_is_mine(self):
        for review in self:
            review.is_mine = review.user_id == self.env.user

    @api.depends_context("uid")
    @api.depends("entry_id", "state", "user_id", "member_id.active")
    def _compute_shown_entry_id(self):
        for review in self:
            # what a form says that isn't saved opens nothing
            saved = review._origin or review
            is_over = saved.user_id == self.env.user and not saved._is_kept_by_member()
            review.shown_entry_id = not is_over and review.entry_id

    @api.model
    def _search_shown_entry_id(self, operator, value):
        over = Domain("state", "in", DROPPED) | Domain("member_id.active", "=", False)
        return Domain("entry_id", operator, value) & ~(
            Domain("user_id", "=", self.env.uid) & over
        )

    @api.depends_context("uid")
    @api.depends(
        "entry_id.conflict_ids.hard",
        "entry_id.conflict_ids.state",
        "entry_id.author_ids.partner_id",
        "entry_id.author_ids.employee_id",
    )
    def _compute_is_barred(self):
        # which conflicts there are isn't for their readers; only that there is one
        barred = self.sudo().search(
            [("id", "in", self._origin.ids), ("is_barred", "=", True)]
        )
        for review in self:
            review.is_barred = review._origin in barred

    @api.depends_context("uid")
    @api.depends("contest_id.state", "contest_id.council_id.member_ids.active")
    def _compute_is_open_to_council(self):
        contests = self._get_contests_open_to_council()
        for review in self:
            # whether a contest is among these, which its reader may not read
            review.is_open_to_council = review.sudo().contest_id in contests

    @api.model
    def _search_is_open_to_council(self, operator, value):
        """Name the contests, so that the database knows how few rows there are.

        While sheets are given there are none: the own ones come from the own index.
        """
        if operator != "in":
            return NotImplemented
        return Domain("contest_id", "in", self._get_contests_open_to_council().ids)

    @api.model
    def _get_contests_open_to_council(self):
        # whether they are open to the reader is all that is told
        return (
            self.env["hoithi.contest"]
            .sudo()
            .with_context(active_test=False)
            .search(
                [
                    ("state", "in", CONVENED),
                    (
                        "council_id.member_ids",
                        "any",
                        [("active", "=", True), ("user_id", "=", self.env.uid)],
                    ),
                ],
                order="id",
            )
        )

    @api.model
    def _search_is_barred(self, operator, value):
        """Look at the entry of each row alone: a rule asks this of every reader."""
        if operator != "in":
            return NotImplemented
        user = self.env.user

        def to_sql(model, alias, _query):
            conflicts = self.env["hoithi.conflict"]
            conflicts.flush_model(["entry_id", "member_id", "hard", "state"])
            self.env["hoithi.council.member"].flush_model(["user_id", "role"])
            self.env["hoithi.entry.author"].flush_model(
                ["entry_id", "partner_id", "employee_id"]
            )
            self.env["hr.employee"].flush_model(["user_id"])
            return SQL(
                """(EXISTS (
                    SELECT 1 FROM hoithi_conflict k
                    JOIN hoithi_council_member m ON m.id = k.member_id
                    WHERE k.entry_id = %(entry)s AND k.hard AND m.user_id = %(user)s
                      AND (k.state = 'standing' OR m.role <> 'secretary')
                ) OR EXISTS (
                    SELECT 1 FROM hoithi_entry_author a
                    WHERE a.entry_id = %(entry)s AND (a.partner_id = %(partner)s
                      OR a.employee_id IN (
                        SELECT id FROM hr_employee WHERE user_id = %(user)s))))""",
                entry=model._field_to_sql(alias, "entry_id"),
                user=user.id,
                partner=user.partner_id.id,
            )

        return Domain.custom(to_sql=to_sql)

    @api.depends_context("uid")
    @api.depends("user_id", "submitted_on", *(f"kept_{name}" for name in OPINION))
    def _compute_opinion(self):
        for review in self:
            # what a form says that isn't saved opens nothing
            origin = review._origin
            readable = (
                self.env.su or origin.submitted_on or origin.user_id == self.env.user
            )
            # nobody has a right on what is kept; this is where it is given out
            review_sudo = review.sudo()
            for name in OPINION:
                review[name] = readable and review_sudo[f"kept_{name}"]

    def _inverse_opinion(self):
        for review in self:
            # `write` has checked that the sheet is the user's and may be changed
            review.sudo().write({f"kept_{name}": review[name] for name in OPINION})

    @api.depends("member_id", "contest_id.require_statement")
    def _compute_needs_statement(self):
        # whether a member has signed is no secret to those who read the sheet
        signed = {
            (statement.contest_id, statement.member_id)
            for statement in self.env["hoithi.statement"]
            .sudo()
            .search([("member_id", "in", self.member_id.ids)])
        }
        for review in self:
            # members read the sheet, not each field of the contest
            review.needs_statement = (
                review.sudo().contest_id.require_statement
                and (review.contest_id, review.member_id) not in signed
            )

    @api.depends("entry_id")
    @api.depends_context("lang")
    def _compute_withheld_files(self):
        copies = self.env["hoithi.review.copy"].search(
            [("entry_id", "in", self.entry_id.ids), ("state", "!=", "ready"), *LIVE]
        )
        states = dict(copies._fields["state"]._description_selection(self.env))
        by_entry = copies.grouped("entry_id")
        for review in self:
            review.withheld_files = "\n".join(
                f"{copy.filename}: {copy._get_failure() or states[copy.state]}"
                for copy in by_entry.get(review.entry_id, copies.browse())
            )

    @api.depends("entry_id")
    def _compute_pending_files(self):
        # how many are on their way tells nothing of who wrote them
        groups = (
            self.env["hoithi.review.copy"]
            .sudo()
            ._read_group(
                [("entry_id", "in", self.entry_id.ids), ("state", "in", OPEN), *LIVE],
                ["entry_id"],
                ["__count"],
            )
        )
        counts = {entry.id: count for entry, count in groups}
        for review in self:
            review.pending_files = counts.get(review.entry_id.id, 0)

    @api.model
    def _expand_states(self, states, domain):
        """Show every column of the board but the void one."""
        return [key for key, _label in self._fields["state"].selection if key != "void"]

    # CRUD

    @api.model_create_multi
    def create(self, vals_list):
        data_load = self._is_data_load()
        vals_list = [dict(vals) for vals in self._check_given(vals_list)]
        if not data_load:
            if any(vals.get(name) for vals in vals_list for name in self._sheet_fields):
                raise UserError(
                    self.env._("A sheet comes empty: its member fills it in.")
                )
            self._check_assignable(
                [(vals.get("entry_id"), vals.get("member_id")) for vals in vals_list],
                # the server alone says so, by the act that checks it
                is_late=all(vals.get("is_replacement") for vals in vals_list),
            )
        for vals in vals_list:
            entry = self.env["hoithi.entry"].browse(vals.get("entry_id"))
            vals.setdefault("due_date", entry.contest_id._get_sheet_due())
        reviews = super(
            HoithiReview, self.with_context(mail_create_nosubscribe=True)
        ).create(vals_list)
        reviews._create_lines()
        if not data_load:
            reviews._copy_files()
            # assigning is the secretary's, the entry's state follows by itself
            entries_sudo = reviews.entry_id.sudo()
            entries_sudo._begin_review()
            entries_sudo._follow_reviews()
            self.env["hoithi.notice"]._announce(
                "review_assigned",
                {review: review.user_id.partner_id for review in reviews},
            )
        return reviews.with_env(self.env)

    def write(self, vals):
        if self._is_data_load() or self._is_door_open(vals.get("state")):
            return super().write(vals)
        if self._sheet_fields & set(vals) and not self.env.su:
            self._check_scoring()
        if "due_date" in vals:
            # first, so that nobody else learns whose entry it is
            self.check_access("write")
            self.entry_id._check_impartial()
        result = super().write(vals)
        if self._sheet_fields & set(vals):
            self._start()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise UserError(
            self.env._("A review is never deleted: void it, with the reason.")
        )

    # ACTION: MEMBER

    def action_start(self):
        """Begin the sheet."""
        self._check_scoring()
        self._start()
        return True

    def action_submit(self):
        """Submit the own sheet; it can't be changed afterwards.

        :raises UserError: with all that is missing or out of range; the moment where
            it is submitted already, as after an answer that was lost
        """
        self._check_not_submitted()
        self._check_transition("submitted")
        self._check_scoring()
        self._submit()
        return True

    def _submit(self):
        """Submit sheets that may be: the one place where they come to count.

        :raises UserError: with all that is missing or out of range
        """
        for review in self:
            problems = review.line_ids._get_problems()
            if not review.line_ids:
                problems.append(self.env._("there are no criteria to score by"))
            if problems:
                raise UserError(
                    "\n".join(
                        [
                            self.env._("The sheet can't be submitted yet:"),
                            *(f"- {problem}" for problem in problems),
                        ]
                    )
                )
            review._move(
                "submitted",
                submitted_on=fields.Datetime.now(),
                total=review.line_ids.criterion_id._add_up(
                    {line.criterion_id: line.score for line in review.line_ids}
                ),
            )
        # members may neither freeze criteria nor touch entries; their sheets do, in the
        # name of the server, as everybody reads who changed the criteria
        unlocked = self.with_user(SUPERUSER_ID).criteria_set_id.filtered(
            lambda criteria_set: not criteria_set.locked
        )
        unlocked.locked = True
        unlocked.flush_recordset()
        entries_sudo = self.sudo().entry_id
        entries_sudo._follow_states()
        # the end of the chain is every member's: it is taken last
        self._record("review.submitted")
        self.env["hoithi.adjudication"]._follow(entries_sudo)

    def _check_not_submitted(self):
        for review in self:
            if review.state == "submitted" and review.user_id == self.env.user:
                raise UserError(
                    self.env._(
                        "Your sheet of “%(sheet)s” is submitted already: %(moment)s.",
                        sheet=review.display_name,
                        moment=review.contest_id._format_moment(review.submitted_on),
                    )
                )

    @api.model
    def _is_asked_first(self, transition):
        # what can't be taken back is looked at first
        return transition.target == "submitted" or super()._is_asked_first(transition)

    def action_ask_submit(self):
        """Open the sheet, which says what it lacks and asks before it is submitted."""
        self.ensure_one()
        self._check_not_submitted()
        self._check_transition("submitted")
        self._check_scoring()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
        }

    def action_ask_recuse(self):
        """Open the dialog that asks for what `action_recuse` needs."""
        return self._ask_reason("action_recuse", self.env._("Recuse"))

    def action_recuse(self, reason=None):
        """Recuse oneself from a review; recorded as a declared conflict.

        :param reason: obligatory; the minutes tell it
        """
        self._check_transition("recused")
        self._check_own()
        reason = self._clean_reason(reason)
        for review in self:
            review._recuse("other", reason)
        return True

    def action_sign_statement(self):
        """Open the statement of interests of the contests of these reviews.

        :raises UserError: for none
        """
        if not self:
            raise UserError(self.env._("Choose a sheet of yours first."))
        return self.env["hoithi.statement.sign"]._open(self.contest_id[:1])

    # BUSINESS

    def _record(self, event, **payload):
        """Append an event of these sheets to the score ledger."""
        for contest, reviews in self.grouped("contest_id").items():
            # members can't read the entry; the ledger needs its id alone
            self.env["hoithi.ledger"]._append_all(
                contest,
                [
                    (event, review, payload, review.entry_id.sudo())
                    for review in reviews
                ],
            )

    def _get_ledger_files(self):
        return {"copies": self.file_ids}

    def _get_ledger_facts(self):
        return {
            "sheet": self._get_sheet() if self.state == "submitted" else None,
            "copies": [
                [file.id, file.name, file.kept_sha256]
                for file in self.file_ids.sorted("id")
            ]
            or None,
        }

    def _get_sheet(self):
        """Return all that the sheet says."""
        self.ensure_one()
        return {
            "member": self.member_id.id,
            "total": self.total,
            "texts": [
                self.comment or "",
                self.strengths or "",
                self.weaknesses or "",
                self.recommendation or "",
            ],
            "scores": [
                [line.criterion_id.id, line.score, line.comment or ""]
                for line in self.line_ids.sorted("criterion_id")
            ],
        }

    def _recuse(self, kind, reason):
        """Step back from a review for an interest, and declare it as a conflict."""
        self.ensure_one()
        self._check_own()
        self._move("recused", recuse_reason=reason)
        self._record("review.recused", reason=reason)
        # conflicts are the secretary's to read; declaring one is everybody's
        conflicts_sudo = self.env["hoithi.conflict"].sudo()._open_door()
        pair = {"entry_id": self.entry_id.id, "member_id": self.member_id.id}
        values = {
            "hard": True,
            "state": "standing",
            "note": reason,
            "source": "declared",
        }
        known_sudo = conflicts_sudo.search(
            [*((name, "=", value) for name, value in pair.items()), ("kind", "=", kind)]
        )
        if known_sudo:
            known_sudo.write(values)
        else:
            conflicts_sudo.create({**pair, "kind": kind, **values})
        # the entry's state follows by itself, see `_follow_reviews`
        self.sudo().entry_id._follow_reviews()

    def _move(self, target, **vals):
        result = super()._move(target, **vals)
        if target in DROPPED:
            # copies are the server's, and whoever steps back has no right on them
            for review_sudo in self.sudo():
                review_sudo._give_files({})
        return result

    def _is_kept_by_member(self):
        """Tell whether a sheet still is its member's to judge the entry by."""
        self.ensure_one()
        # whether the seat is in office, whoever reads the council
        return self.state not in DROPPED and self.sudo().member_id.active

    def _start(self):
        for review in self:
            if review.state == "assigned":
                review._move("in_progress")

    def _check_own(self):
        """Let a sheet be its member's alone."""
        self.check_access("write")
        for review in self:
            if review.user_id != self.env.user:
                raise AccessError(
                    self.env._("This is the sheet of %s.", review.user_id.name)
                )

    def _check_scoring(self):
        """Refuse scores by others, after submission, or outside the review.

        Where the contest asks for statements of interests, the member's comes first.

        :raises AccessError: for a sheet of somebody else
        :raises UserError: with what is closed
        """
        self._check_own()
        self._check_takes_scores()

    def _check_takes_scores(self):
        """Refuse scores after submission or outside the review, whoever gives them.

        :raises UserError: with what is closed
        """
        now = fields.Datetime.now()
        for review in self:
            if review.state not in PENDING:
                raise UserError(
                    self.env._(
                        "This sheet is %s and can't be changed.",
                        self._get_state_label(review.state).lower(),
                    )
                )
            if not review._is_phase_open():
                raise UserError(
                    self.env._(
                        "Scores are taken in the review phase; “%s” isn't in it.",
                        review.contest_id.name,
                    )
                )
            if review._is_in_doubt():
                raise UserError(
                    self.env._(
                        "This sheet waits for a decision of the secretary. Until then "
                        "it isn't scored."
                    )
                )
            if review.needs_statement:
                raise UserError(
                    self.env._("Sign your statement of interests before you score.")
                )
            if review.due_date and now > review.due_date:
                raise UserError(
                    self.env._(
                        "This sheet was due on %s. Ask the secretary for more time.",
                        review.contest_id._format_moment(review.due_date),
                    )
                )

    def _is_phase_open(self):
        """Tell whether the contest is where this sheet is scored."""
        self.ensure_one()
        return self.contest_state == "review"

    def _is_in_doubt(self):
        """Tell whether the member may be in conflict with the entry."""
        self.ensure_one()
        # conflicts are the secretary's to read; here only whether there is one
        return bool(
            self.env["hoithi.conflict"]
            .sudo()
            .search_count(
                [
                    ("entry_id", "=", self.entry_id.id),
                    ("member_id", "=", self.member_id.id),
                    ("state", "=", "possible"),
                ],
                limit=1,
            )
        )

    def _create_lines(self):
        """Give each sheet a line for each criterion that it lacks."""
        # the secretary assigns, but has no right to make or change scores
        self.env["hoithi.review.line"].sudo().create(
            [
                {"review_id": review.id, "criterion_id": criterion.id}
                for review in self
                for criterion in review.criteria_set_id.criterion_ids
                - review.line_ids.criterion_id
            ]
        )

    def _copy_files(self):
        """Give these sheets the copies of the entry's files, as they become ready."""
        copies = self.env["hoithi.review.copy"]
        copies._queue(self.entry_id)
        copies._hand_out(self.entry_id)

    def _give_files(self, files):
        """Attach copies to a sheet, and take away those that aren't meant any more.

        :param files: {SHA-256: (name, attachment)} of all that the reviewer gets
        """
        self.ensure_one()
        given = self.file_ids
        outdated = given.filtered(lambda file: file.kept_sha256 not in files)
        missing = files.keys() - set(given.mapped("kept_sha256"))
        if not outdated and not missing:
            return
        outdated._let_go()
        outdated.unlink()
        for sha256, (name, attachment) in files.items():
            if sha256 in missing:
                attachment.copy(
                    {"name": name, "res_model": self._name, "res_id": self.id}
                )._keep(self)
        self.invalidate_recordset(["file_ids"])

    def _announce(self, kind, partners):
        self.ensure_one()
        self.env["hoithi.notice"]._announce(
            kind,
            {self: partners},
            occasion=fields.Datetime.to_string(fields.Datetime.now())
            if kind in ("review_reopened", "sheet_doubted")
            else "",
        )
