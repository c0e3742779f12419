from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from ..guard.hoithi_states import CONVENED, UNSCORED

SECRETARY = "hoithi_contest.group_secretary"
#: Who reads how long the ledger is.
LEDGER_READERS = f"{SECRETARY},hoithi_contest.group_leader,hoithi_contest.group_admin"


class HoithiContest(models.Model):
    """What the council brings to a contest: who judges, by what, with what result."""

    _inherit = "hoithi.contest"
    _number_ranges = {
        "nomination_slots": (None, 10_000),
        "reviews_per_entry": (None, 50),
        "divergence_limit": (None, 1000),
    }

    _fixed_fields = {
        # rules that sheets are made under
        "is_settled": {
            "criteria_set_id",
            "council_id",
            "divergence_limit",
            "divergence_rescore",
        },
        "has_sheets": {"criteria_set_id", "council_id"},
    }
    _department_rules = {"criteria_set_id", "reviews_per_entry", "divergence_limit"}

    criteria_set_id = fields.Many2one(
        "hoithi.criteria.set",
        check_company=True,
        default=lambda self: self.env.company.hoithi_criteria_set_id,
        ondelete="restrict",
        tracking=True,
    )
    council_id = fields.Many2one(
        "hoithi.council",
        check_company=True,
        copy=False,
        ondelete="restrict",
        tracking=True,
        index="btree_not_null",
    )
    reviews_per_entry = fields.Integer(
        default=lambda self: self.env.company.hoithi_reviews_per_entry,
        help="Submitted sheets that an entry needs before the council decides.",
        aggregator=None,
    )
    divergence_limit = fields.Float(
        string="Divergence (points)",
        digits=(6, 2),
        default=lambda self: self.env.company.hoithi_divergence_limit,
        tracking=True,
        help="Sheets of an entry that lie further apart open an adjudication; 0 never "
        "does.",
    )
    divergence_rescore = fields.Boolean(
        string="All judges score again",
        tracking=True,
        help="Where sheets lie too far apart, the secretary may give all of them back "
        "to their members, besides asking a further reviewer.",
    )
    prize_ids = fields.One2many("hoithi.prize", "contest_id", copy=True)
    tie_break_ids = fields.One2many("hoithi.tie.break", "contest_id", copy=True)
    nomination_slots = fields.Integer(
        string="Places in the nomination",
        help="Entries that the province takes; the cut-off line lies below them. "
        "0 sets no line.",
    )
    # it grows with each sheet
    ledger_length = fields.Integer(readonly=True, copy=False, groups=LEDGER_READERS)
    ledger_digest = fields.Char(
        groups=LEDGER_READERS,
        compute="_compute_ledger_digest",
        help="Last hash of the score ledger; it stands for the whole chain.",
    )
    nomination_ids = fields.One2many("hoithi.nomination", "contest_id")
    session_ids = fields.One2many(
        "hoithi.session",
        "contest_id",
        groups="hoithi_contest.group_secretary,hoithi_contest.group_leader,"
        "hoithi_contest.group_member",
    )
    possible_conflict_count = fields.Integer(
        compute="_compute_possible_conflict_count",
        string="Conflicts to decide",
        groups="hoithi_contest.group_secretary",
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
    has_sheets = fields.Boolean(
        string="Has Score Sheets",
        compute="_compute_has_sheets",
        help="A score sheet was made.",
    )
    can_analyse = fields.Boolean(compute="_compute_can_analyse")
    open_adjudication_count = fields.Integer(
        compute="_compute_open_adjudication_count", string="Open adjudications"
    )

    _check_council_numbers = models.Constraint(
        "CHECK (nomination_slots >= 0 AND reviews_per_entry >= 0"
        " AND divergence_limit >= 0)",
        "Reviews, places in the nomination and divergence can't be negative.",
    )

    # CONSTRAINTS

    @api.constrains("reviews_per_entry")
    def _check_enough_members(self):
        """Refuse more sheets an entry than the council has seats.

        The department's default stands as it is, and so does what those who score
        today can't do: seats and who scores change until the launch, which tells of it.
        """
        for contest in self:
            text = contest._tell_short_council()
            default = contest.company_id.hoithi_reviews_per_entry
            seats = len(contest.council_id.member_ids)
            asked = contest.reviews_per_entry
            if text and asked > seats and asked != default:
                raise ValidationError(text)

    def _tell_short_council(self):
        """Return that an entry asks for more sheets than members score, or nothing."""
        self.ensure_one()
        scoring = self.council_id.member_ids.filtered("can_score")
        if not scoring or self.reviews_per_entry <= len(scoring):
            return ""
        return self.env._(
            "An entry can't get %(asked)s sheets: of “%(council)s” %(number)s members "
            "score. Lower the number, or let more members score.",
            asked=self.reviews_per_entry,
            council=self.council_id.name,
            number=len(scoring),
        )

    @api.onchange("reviews_per_entry", "council_id")
    def _onchange_reviews_per_entry(self):
        text = self._tell_short_council()
        if text:
            title = self.env._("More sheets than members")
            return {"warning": {"title": title, "message": text}}

    # COMPUTE

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

    def _compute_review_counts(self):
        # one number for the whole Office, also where a conflict hides some sheets
        counts = self.env["hoithi.figures"].sudo()._count_reviews(self._origin)
        for contest in self:
            row = counts.get(contest._origin, {})
            contest.review_count = row.get("asked", 0)
            contest.review_done_count = row.get("submitted", 0)

    def _compute_has_sheets(self):
        # sheets are made for a council and its criteria, whoever may read them; a
        # contest of thousands is looked at no further than its first
        self.env["hoithi.review"].flush_model(["contest_id", "state"])
        judged_ids = {
            contest_id
            for (contest_id,) in self.env.execute_query(
                SQL(
                    """SELECT c.id FROM unnest(%s::int[]) AS c(id) WHERE EXISTS (
                        SELECT FROM hoithi_review v
                        WHERE v.contest_id = c.id AND v.state <> 'void')""",
                    self._origin.ids,
                )
            )
        }
        for contest in self:
            contest.has_sheets = contest._origin.id in judged_ids

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

    # CRUD

    def write(self, vals):
        result = super().write(vals)
        if "council_id" in vals:
            self._get_decidable_entries()._detect_conflicts()
        return result

    # ACTION

    def _get_kept_out(self):
        kept_out = super()._get_kept_out()
        if self.blind and self.state not in CONVENED:
            # who sits on a council isn't for everybody to read
            seats_sudo = self.sudo().council_id.member_ids
            kept_out |= seats_sudo.filtered(lambda s: s.role != "secretary").user_id
        return kept_out

    def action_verify_ledger(self):
        """Check the chain and the sheets against it, and tell the result.

        :raises AccessError: for who may not read the contest, or no ledger
        """
        self.ensure_one()
        self.check_access("read")
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

    def action_view_nominations(self):
        """Open this contest's nominations."""
        return self._get_related_action("hoithi_contest.hoithi_nomination_action")

    def action_assign_reviews(self):
        """Open the dialog that proposes reviewers, or takes those picked by hand.

        A proposal of the caller's that was worked out in the background is shown again.
        """
        self.ensure_one()
        large = self.env["hoithi.review.assign"]._find_large(self)[:1]
        if large:
            return large._reopen()
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
        by_place = entries.sorted(lambda entry: (entry.rank or 10**6, entry.id))
        positions = {entry: position for position, entry in enumerate(by_place, 1)}
        nomination = self.env["hoithi.nomination"].create(
            {
                "contest_id": self.id,
                "line_ids": [
                    fields.Command.create(
                        {"entry_id": entry.id, "sequence": positions[entry]}
                    )
                    # the ids of the lines don't tell the places
                    for entry in entries.sorted("id")
                ],
            }
        )
        nomination.invalidate_recordset(["line_ids"])
        return {
            "type": "ir.actions.act_window",
            "res_model": "hoithi.nomination",
            "res_id": nomination.id,
            "view_mode": "form",
        }

    # BUSINESS

    def _get_launch_gaps(self):
        gaps = super()._get_launch_gaps()
        council = self.council_id
        if self.mode == "nominate_only" and not council:
            # nothing is scored or voted on: the Office decides
            return gaps
        gaps += self._get_lacking(
            (council, self.env._("the council"), "council_id", "rules"),
            (
                not council or len(council._get_acting_chair()) == 1,
                self.env._("a chair of the council"),
                "council_id",
                "rules",
            ),
            (
                not council or council._get_members("secretary"),
                self.env._("a secretary of the council"),
                "council_id",
                "rules",
            ),
        )
        if self.mode == "internal_contest":
            gaps += self._get_lacking(
                (
                    not self._lacks_criteria(),
                    self.env._("a criteria set with criteria"),
                    "criteria_set_id",
                    "rules",
                ),
                (
                    self.reviews_per_entry > 0,
                    self.env._("the number of reviews an entry"),
                    "reviews_per_entry",
                    "rules",
                ),
                (
                    not council or council.member_ids.filtered("can_score"),
                    self.env._("council members who score"),
                    "council_id",
                    "rules",
                ),
            )
        return gaps

    def _check_ready(self, target):
        super()._check_ready(target)
        if target == "review":
            self._check_criteria()
        elif target == "council":
            self._check_reviewed()

    def _check_reviewed(self):
        self.ensure_one()
        entries = self._get_decidable_entries()
        pending = entries.filtered(lambda entry: entry.state in UNSCORED)
        if self.mode == "internal_contest" and pending:
            raise UserError(
                self.env._(
                    "Reviews are still missing (%(needed)s sheets an entry): "
                    "%(entries)s",
                    needed=self._get_sheets_needed(),
                    entries=pending._join_known(),
                )
            )
        diverging = entries.filtered("needs_adjudication")
        if diverging:
            raise UserError(
                self.env._(
                    "The sheets of these entries lie too far apart; resolve their "
                    "adjudication first: %s",
                    diverging._join_known(),
                )
            )

    def _get_criteria_by_text(self, field=None):
        """Return the criteria by the text of an entry that they look at."""
        self.ensure_one()
        # what the council scores by is told to everyone who enters
        criteria_sudo = self.sudo()._get_set_of(field).criterion_ids
        return criteria_sudo.filtered("looks_at").grouped("looks_at")

    def _check_criteria(self):
        self.ensure_one()
        if self._lacks_criteria():
            raise UserError(self.env._("“%s” has no criteria to score by.", self.name))

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
            over = self.state in CONVENED
            return "sheets" if presiding and over else ""
        if self.env.su or user.has_group("hoithi_contest.group_secretary"):
            return "sheets"
        return "totals" if user.has_group("hoithi_contest.group_leader") else ""

    def _get_keepers(self):
        seats = self.council_id.member_ids.filtered(
            lambda seat: seat.role in ("chair", "secretary")
        )
        return super()._get_keepers() | seats.user_id

    def _get_broken_invariants(self):
        # the files of all records are compared by themselves
        return super()._get_broken_invariants() + [
            (f"ledger: {problem}", self.id)
            for problem in self.env["hoithi.ledger"]._verify(self, with_files=False)
        ]
