from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ...lib.contest import rules
from ...lib.council import rounds, voting
from ..contest.hoithi_preview_mixin import Preview
from ..guard.hoithi_clock_mixin import Deadline
from ..guard.hoithi_guard_mixin import EVERYTHING
from ..guard.hoithi_states import DROPPED, PENDING, RANKABLE, UNSCORED
from .hoithi_contest import COUNCIL_READERS
from .hoithi_contest_council import SECRETARY

#: How entries go on to the next round.
WAYS = [
    ("number", "A number of the best"),
    ("share", "A share of the best (%)"),
    ("points", "Whoever reaches the points"),
    ("vote", "Whom the council votes for"),
    ("all", "All"),
]
#: Of what the share of a vote is taken.
VOTE_BASES = [("cast", "Votes cast"), ("members", "All members who vote")]
#: A domain: what has no round, or is in one that isn't over.
IN_PRESENT_ROUND = ["|", ("round_id", "=", False), ("round_id.closed_on", "=", False)]


class HoithiRound(models.Model):
    """A round of a contest: by what it is scored, until when, and who goes on from it.

    A contest without rounds has one review, as its own rules say. With rounds the
    phase of the review goes through them one after the other; states of contest and
    entries stay what they are.
    """

    _name = "hoithi.round"
    _inherit = [
        "hoithi.guard.mixin",
        "hoithi.reason.mixin",
        "hoithi.preview.mixin",
        "hoithi.clock.mixin",
        "hoithi.rule.mixin",
        "hoithi.scan.mixin",
        "hoithi.file.mixin",
    ]
    _description = "Round"
    _order = "contest_id, sequence, id"
    _check_company_auto = True

    _number_ranges = {
        "reviews_per_entry": (None, 50),
        "advance_count": (None, 10_000),
        "weight": (None, 1000),
        "presentation_minutes": (None, 1440),
    }
    _reason_methods = ("action_take_back", "action_record_vote")
    _previews = {"action_plan_presentations": "_preview_presentations"}
    _file_fields = ("vote_scan_id",)
    _rule_fields = {
        "name": "name",
        "reviews_per_entry": "reviews_per_entry",
        "advance_by": "advance_by",
        "advance_count": "advance_count",
        "ties_advance": "ties_advance",
        "advance_per": "advance_per",
        "vote_base": "vote_base",
        "weight": "weight",
        "presents": "presents",
        "presentation_minutes": "presentation_minutes",
    }
    _rule_links = {"criteria_set": "criteria_set_id", "vote_ratio": "vote_ratio"}

    _fixed_fields = {
        "rules_fixed": EVERYTHING,
        "has_sheets": {"criteria_set_id"},
        "is_settled": {"criteria_set_id"},
        "is_over": {"deadline"},
        # what a round began with, whoever reopens the rules
        "is_begun": {"sequence"},
    }
    _open_fields = {
        "deadline",
        "presentation_start",
        "presentation_minutes",
        "presentation_place",
        # votes and turns come in while the round goes on, see the lines themselves
        "entry_line_ids",
    }
    _fixed_rows = ("rules_fixed",)

    contest_id = fields.Many2one(
        "hoithi.contest", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="contest_id.company_id", store=True)
    rules_fixed = fields.Boolean(related="contest_id.rules_fixed")
    has_sheets = fields.Boolean(related="contest_id.has_sheets")
    is_settled = fields.Boolean(related="contest_id.is_settled")
    sequence = fields.Integer(default=10)
    name = fields.Char(required=True)
    criteria_set_id = fields.Many2one(
        "hoithi.criteria.set",
        ondelete="restrict",
        index="btree_not_null",
        help="Leave empty for the criteria of the contest. A jury of the round may "
        "have its own.",
    )
    reviews_per_entry = fields.Integer(
        string="Sheets an entry",
        help="0: as many as the contest asks for.",
        aggregator=None,
    )
    deadline = Deadline(
        string="Sheets due",
        help="Leave empty for the contest's end of the review. Moved, it reaches the "
        "sheets that are out.",
    )
    advance_by = fields.Selection(
        WAYS, string="Who goes on", required=True, default="number"
    )
    advance_count = fields.Float(
        string="Number, share or points",
        digits=(6, 2),
        help="How many entries go on, how many per cent (rounded up), or from how many "
        "points; of the last round nobody does.",
    )
    advance_per = fields.Selection(
        [("ranking", "As they are ranked"), ("field", "Each field apart")],
        string="Counted",
        required=True,
        default="ranking",
        help="Each field apart: so many of each go on, also where the next round ranks "
        "all together.",
    )
    vote_ratio = fields.Float(
        string="Share of the votes",
        digits=0,
        help="From which share on an entry goes on, as 0.5 or 0.6667; 0: that of the "
        "council.",
    )
    vote_base = fields.Selection(
        VOTE_BASES, string="Share of", required=True, default="cast"
    )
    vote_note = fields.Text(
        string="Record of the vote",
        readonly=True,
        copy=False,
        groups=COUNCIL_READERS,
    )
    vote_scan_id = fields.Many2one(
        "ir.attachment",
        string="Scan of the record",
        readonly=True,
        copy=False,
        ondelete="restrict",
        index="btree_not_null",
        groups=COUNCIL_READERS,
    )
    ties_advance = fields.Boolean(
        string="Equals go on together",
        default=True,
        help="Those who share the last place all go on. Otherwise the chair decides.",
    )
    weight = fields.Float(
        string="Weight in the total",
        digits=(6, 2),
        default=100,
        help="Counted among the rounds that an entry took part in; 0 for a round that "
        "only selects. Who goes no further keeps the score.",
    )
    presents = fields.Boolean(
        string="Presentations", help="Authors present their entry in this round."
    )
    presentation_start = fields.Datetime(string="First presentation")
    presentation_minutes = fields.Integer(string="Minutes each", default=20)
    presentation_place = fields.Char(string="Place of the presentations")
    jury_ids = fields.One2many("hoithi.jury", "round_id", string="Juries")
    entry_line_ids = fields.One2many(
        "hoithi.round.entry",
        "round_id",
        string="Entries of the round",
        groups=COUNCIL_READERS,
    )
    opened_on = fields.Datetime(string="Begun on", readonly=True, copy=False)
    closed_on = fields.Datetime(string="Over since", readonly=True, copy=False)
    is_begun = fields.Boolean(compute="_compute_stage", string="Begun")
    is_over = fields.Boolean(compute="_compute_stage", string="Over")
    is_current = fields.Boolean(compute="_compute_stage", string="Goes on now")
    is_next = fields.Boolean(compute="_compute_stage", string="Comes next")
    stage = fields.Selection(
        [("planned", "To come"), ("current", "Goes on"), ("over", "Over")],
        compute="_compute_stage",
    )

    _check_numbers = models.Constraint(
        "CHECK (reviews_per_entry >= 0 AND advance_count >= 0 AND weight >= 0"
        " AND presentation_minutes >= 0)",
        "Sheets, points, weights and minutes can't be negative.",
    )
    _check_vote_ratio = models.Constraint(
        "CHECK (vote_ratio BETWEEN 0 AND 1)",
        "The share of the votes lies between 0 and 1.",
    )
    _check_share = models.Constraint(
        "CHECK (advance_by <> 'share' OR advance_count <= 100)",
        "At most 100 per cent go on.",
    )

    # CONSTRAINTS

    @api.constrains("advance_by", "advance_count")
    def _check_advance_count(self):
        for round_ in self:
            count = round_.advance_count
            if round_.advance_by == "number" and count != int(count):
                raise ValidationError(
                    self.env._(
                        "“%s”: the number of entries that go on is a whole number.",
                        round_.name,
                    )
                )

    @api.constrains("criteria_set_id", "contest_id", "sequence", "weight")
    def _check_criteria_set(self):
        for round_ in self:
            owner = round_.criteria_set_id.company_id
            if owner and owner != round_.company_id:
                raise ValidationError(
                    self.env._(
                        "“%s” belongs to another department: make a copy for your own.",
                        round_.criteria_set_id.display_name,
                    )
                )
        if not self.env["hoithi.jury"]._is_written_together():
            self.contest_id._check_field_ranking()

    @api.constrains("deadline")
    def _check_deadline(self):
        for round_ in self.filtered("deadline"):
            end = round_.contest_id.review_deadline
            if end and round_.deadline > end:
                raise ValidationError(
                    self.env._(
                        "“%(round)s” ends after the review of the contest, %(moment)s: "
                        "move that first.",
                        round=round_.name,
                        moment=round_.contest_id._format_moment(end),
                    )
                )

    # COMPUTE

    @api.depends("opened_on", "closed_on", "contest_id.current_round_id")
    def _compute_stage(self):
        for round_ in self:
            contest = round_.contest_id
            current = contest.current_round_id
            round_.is_begun = bool(round_.opened_on)
            round_.is_over = bool(round_.closed_on)
            round_.is_current = bool(current) and current == round_._origin
            round_.is_next = bool(current) and (
                contest._get_next_round() == round_._origin
            )
            round_.stage = (
                "over"
                if round_.closed_on
                else "current"
                if round_.is_current
                else "planned"
            )

    # CRUD

    @api.model_create_multi
    def create(self, vals_list):
        created = super().create(vals_list)
        created._follow()
        return created

    def write(self, vals):
        before = {r: r.deadline for r in self} if "deadline" in vals else {}
        places = {r: r.presentation_place for r in self}
        result = super().write(vals)
        for round_, place in places.items():
            if round_.presentation_place != place and round_.is_begun:
                # whoever of the Office moves it, all authors are told
                round_.sudo().entry_line_ids._tell_presentations()
        if set(vals) & {"weight", "criteria_set_id", "sequence", "contest_id"}:
            self._follow()
        for round_, former in before.items():
            if round_.is_current and round_.deadline != former:
                round_._on_deadline_moved(former)
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_begun(self):
        for round_ in self:
            if round_.opened_on:
                raise UserError(
                    self.env._("“%s” has begun, so that it stays.", round_.name)
                )

    # GUARD

    def _get_fixed_hint(self):
        return self.env._(
            "Rounds are declared before the review; until the contest is closed the "
            "chair may reopen the rules for a change. Criteria stand from the first "
            "sheet on."
        )

    # ACTION

    def action_ask_open(self):
        """Open the dialog that shows who goes on to this round, before it begins.

        :raises UserError: where the round can't be opened at all
        """
        self.ensure_one()
        self._check_secretary()
        wizard = self.env["hoithi.round.open"].create({"round_id": self.id})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Open the Round “%s”", self.name),
            "res_model": "hoithi.round.open",
            "res_id": wizard.id,
            "view_mode": "form",
            "target": "new",
            "context": {"dialog_size": "large"},
        }

    def action_open(self):
        """Open the next round: who goes on by the rules gets new sheets, and is told.

        Who doesn't is told as well, and keeps the score and the place behind them.

        :raises AccessError: for others than the secretary
        :raises UserError: while something of the present round isn't done
        """
        self._check_secretary()
        for round_ in self:
            problems, result = round_._preview()
            if problems:
                raise UserError(
                    "\n".join(
                        [
                            self.env._("“%s” can't be opened yet:", round_.name),
                            *(f"- {problem}" for problem in problems),
                        ]
                    )
                )
            round_._open(result)
        return True

    def action_ask_take_back(self):
        """Open the dialog that asks for what `action_take_back` needs."""
        return self._ask_reason("action_take_back", self.env._("Take the Round Back"))

    def action_take_back(self, reason=None):
        """Go back to the round before, as this one was opened by mistake.

        All authors hear of it, also those whose entry had stopped.

        :param reason: recorded in the ledger and in the log of the contest
        :raises AccessError: for others than the chair and the leaders
        :raises UserError: where sheets of this round have been submitted
        """
        self.ensure_one()
        contest = self.contest_id
        contest._check_decides_rules()
        reason = self._clean_reason(reason)
        before = contest._get_round_before()
        if not self.is_current or not before or contest.state != "review":
            raise UserError(
                self.env._("Only the round that goes on now can be taken back.")
            )
        # the act is the chair's, who may read neither sheets nor entries
        self_sudo = self.sudo()
        entries = self_sudo.entry_line_ids.entry_id
        sheets = entries.review_ids.filtered(
            lambda sheet: sheet.round_id == self_sudo and sheet.state not in DROPPED
        )
        if sheets.filtered(lambda sheet: sheet.state == "submitted"):
            raise UserError(
                self.env._(
                    "Sheets of “%s” have been submitted: void them first, with the "
                    "reason.",
                    self.name,
                )
            )
        sheets._void(reason)
        stopped = before.sudo()._get_candidates()
        self_sudo.entry_line_ids._recall_presentations()
        self_sudo.entry_line_ids._open_door().unlink()
        # one that was let on by the chair may come from further back
        for round_, group in entries.grouped(lambda e: e._get_last_round()).items():
            group._set_round(round_)
        before.sudo()._open_door().closed_on = False
        self_sudo._open_door().opened_on = False
        contest.sudo()._open_door().current_round_id = before
        self.env["hoithi.ledger"]._append(
            contest, "round.taken_back", contest, {"round": self.name, "reason": reason}
        )
        (entries | stopped)._follow_reviews()
        now = fields.Datetime.now()
        for entry in entries | stopped:
            entry._announce("round_taken_back", entry._get_author_partners(), now)
        contest._log_round(
            self.env._(
                "The round “%(round)s” was taken back: %(reason)s",
                round=self.name,
                reason=reason,
            )
        )
        return True

    def action_ask_record_vote(self):
        """Open the dialog that asks for what `action_record_vote` needs."""
        return self._ask_reason(
            "action_record_vote", self.env._("Record of the Vote"), needs_scan=True
        )

    def action_record_vote(self, reason=None, scan=None, filename=None):
        """Keep the signed record of the vote on who goes on, and what it says.

        :param reason: who voted when, and anything beyond the numbers
        :param scan: of the signed record, in base64
        :param filename: of the scan
        :raises AccessError: for others than the secretary
        :raises UserError: without a scan, in a round that isn't voted on or is over
        """
        self.ensure_one()
        self._check_secretary()
        self.contest_id._check_not_competing()
        note = self._clean_reason(reason)
        if self.advance_by != "vote" or not self.is_current:
            raise UserError(
                self.env._("“%s” isn't a round that is voted on now.", self.name)
            )
        scan_sudo = self._take_scan(scan, filename)
        # the record is the act's alone
        self.sudo()._open_door().write(
            {"vote_note": note, "vote_scan_id": scan_sudo.id}
        )
        return True

    def action_plan_presentations(self):
        """Give each entry of the round its turn and its time, in the present order.

        Their authors are told, and again when it changes.

        :raises AccessError: for others than the secretary
        :raises UserError: where the round has no presentations or no beginning
        """
        self._check_secretary()
        self._check_presentable()
        for round_ in self:
            # as in the list: whom a conflict hides from the planner has a turn as well
            round_.sudo().entry_line_ids._plan(
                round_.presentation_start, round_.presentation_minutes
            )
        return True

    def action_ask_plan_presentations(self):
        """Show which times the entries get and who is told, then ask."""
        self.ensure_one()
        self._check_secretary()
        return self._ask_act(
            "action_plan_presentations", self.env._("Plan the Presentations")
        )

    def _preview_presentations(self):
        """Return what planning the presentations now does."""
        self.ensure_one()
        self._check_secretary()
        # what a conflict hides has its turn as well, of which the number alone is told
        lines_sudo = self.sudo().entry_line_ids
        turns = lines_sudo._get_turns(
            self.presentation_start or fields.Datetime.now(), self.presentation_minutes
        )
        moved = sum(line.presentation_start != at for line, at in turns.items())
        planned = lines_sudo.filtered("presentation_start")
        effects = []
        if turns and self.presentation_start:
            effects.append(
                self.env._(
                    "gives the %(number)s entries their time in the order of the list, "
                    "the first at %(first)s, the last at %(last)s",
                    number=len(turns),
                    first=self.contest_id._format_moment(min(turns.values())),
                    last=self.contest_id._format_moment(max(turns.values())),
                )
            )
        effects.append(
            self.env._("tells the authors of %s entries their time by letter", moved)
            if moved
            else self.env._("changes no time, and writes to nobody")
        )
        return Preview(
            effects,
            (
                self._try_check(self._check_presentable),
                "" if turns else self.env._("No entry takes part in this round yet."),
            ),
            (
                self.env._(
                    "%s entries have a time already: whose changes is told again.",
                    len(planned),
                )
                if planned and moved
                else "",
                ""
                if self.presentation_place
                else self.env._("No place is given: authors are told the time alone."),
            ),
        )

    def action_print_presentations(self):
        """Return the list of the presentations, to be printed."""
        self.ensure_one()
        self.check_access("read")
        return self.env.ref(
            "hoithi_contest.hoithi_round_report_presentations"
        ).report_action(self)

    # BUSINESS

    def _get_presentations(self):
        """Return what the list of the presentations prints, in their order.

        Code and title name nobody; what a conflict hides from the reader has its turn
        all the same, as a list with gaps is of no use in the hall.
        """
        self.ensure_one()
        self.check_access("read")
        contest = self.contest_id
        # see above: no gaps
        return [
            {
                "time": contest._format_moment(line.presentation_start)
                if line.presentation_start
                else "",
                "code": line.entry_code or "",
                "title": line.entry_name or "",
                "field": line.field_id.display_name or "",
            }
            for line in self.sudo().entry_line_ids.sorted(
                lambda line: (line.sequence, line.id)
            )
        ]

    def _check_presentable(self):
        """Refuse to plan presentations whose beginning isn't known.

        :raises UserError: telling what to enter
        """
        for round_ in self:
            if not round_.presents or not round_.presentation_start:
                raise UserError(
                    self.env._(
                        "Say first when the presentations of “%s” begin.", round_.name
                    )
                )

    def _check_secretary(self):
        self.check_access("read")
        if not self.env.su and not self.env.user.has_group(SECRETARY):
            raise AccessError(self.env._("The secretary of the council opens rounds."))

    def _follow(self):
        """Let what rests on rounds follow them: criteria and places of entries."""
        # places go by all entries, whoever may read them
        entries_sudo = self.env["hoithi.entry"].sudo()
        entries_sudo.search([("contest_id", "in", self.contest_id.ids)])._touch_ranks()

    def _get_sheets_needed(self):
        """Return how many submitted sheets an entry needs in this round."""
        self.ensure_one()
        return self.reviews_per_entry or self.contest_id.reviews_per_entry

    def _get_highest(self, criteria_set):
        """Return the most that the sheets of this round give by a set of criteria."""
        self.ensure_one()
        return criteria_set._get_highest(self._get_sheets_needed())

    def _get_dead_end(self):
        """Return what this round lacks for somebody to go on from it, or nothing."""
        self.ensure_one()
        if self.advance_by in ("number", "share") and not self.advance_count:
            return self.env._("how many entries go on from “%s”", self.name)
        if self.advance_by == "points":
            highest = self.contest_id._get_highest_comparable(self)
            if highest and self.advance_count > highest:
                return self.env._(
                    "fewer points to go on from “%(round)s”: an entry gets at most "
                    "%(highest)s",
                    round=self.name,
                    highest=f"{highest:g}",
                )
        return ""

    def _on_deadline_moved(self, former):
        """Let the sheets that are out follow the deadline, and tell their members."""
        self.ensure_one()
        # they follow the round's deadline, whoever of the Office moves it
        sheets_sudo = (
            self.env["hoithi.review"]
            .sudo()
            .search([("round_id", "=", self.id), ("state", "in", PENDING)])
        )
        former = former or self.contest_id.review_deadline
        due = self.deadline or self.contest_id.review_deadline
        # one with a day of its own keeps that
        sheets_sudo.filtered(
            lambda sheet: not sheet.due_date or sheet.due_date == former
        ).due_date = due
        self.env["hoithi.notice"]._announce(
            "round_moved",
            {self: sheets_sudo.user_id.partner_id},
            occasion=fields.Datetime.to_string(due) or "-",
        )

    def _get_candidates(self):
        """Return the entries of the round that compete, best first, for all readers."""
        self.ensure_one()
        # who goes on is decided over all entries, also those a conflict hides
        entries = self.contest_id._get_decidable_entries()
        return entries.filtered(
            lambda entry: entry.state in RANKABLE + UNSCORED and entry.round_id == self
        ).sorted(lambda entry: (entry.rank or 10**6, entry.id))

    def _get_standings(self, entries):
        # who goes on is decided over all entries, whoever may read them
        lines = self.sudo().entry_line_ids.filtered(lambda line: line.round_id == self)
        by_entry = {line.entry_id: line for line in lines}
        members = len(self._get_voting_members())
        nothing = lines.browse()
        return {
            entry: rounds.Standing(
                entry.rank,
                entry._get_comparable(entry.average_score),
                by_entry.get(entry, nothing).votes_for,
                members
                if self.vote_base == "members"
                else by_entry.get(entry, nothing).votes_cast,
            )
            for entry in entries
        }

    def _preview(self):
        """Return (problems, `rounds.Cut`): who goes on to this round, by the rules.

        Problems are phrases; where there are some, the cut is as far as it is known.
        """
        self.ensure_one()
        contest = self.contest_id
        present = contest.current_round_id
        if contest.state != "review" or not present:
            return [self.env._("the review hasn't begun")], rounds.Cut([], [], [])
        if contest._get_next_round() != self:
            return [
                self.env._("it isn't the next one after “%s”", present.name)
            ], rounds.Cut([], [], [])
        problems = []
        if contest.rules_reopened_on:
            problems.append(
                self.env._("the rules are being changed: the chair fixes them first")
            )
        candidates = present._get_candidates()
        waiting = candidates.filtered(lambda entry: entry.state in UNSCORED)
        if waiting:
            problems.append(
                self.env._(
                    "sheets are missing (%(needed)s an entry): %(entries)s",
                    needed=present._get_sheets_needed(),
                    entries=waiting._join_known(),
                )
            )
        diverging = candidates.filtered("needs_adjudication")
        if diverging:
            problems.append(
                self.env._(
                    "sheets lie too far apart, settle that first: %s",
                    diverging._join_known(),
                )
            )
        doubtful = candidates._get_in_doubt()
        if doubtful:
            problems.append(
                self.env._(
                    "possible conflicts of interest aren't decided: %s",
                    doubtful._join_known(),
                )
            )
        ready = candidates.filtered(lambda entry: entry.state == "reviewed")
        if present.advance_by == "vote":
            problems += present._find_vote_problems(ready)
        result = present._cut(ready)
        if result.tied:
            problems.append(
                self.env._(
                    "these entries share the last place that goes on; the chair lets "
                    "equals go on together, or changes the number: %s",
                    ready.browse(e.id for e in result.tied)._join_known(),
                )
            )
        if not problems and not result.going:
            problems.append(self.env._("no entry goes on by the rules of the round"))
        return problems, result

    def _find_vote_problems(self, entries):
        """Return what is missing of the vote on who goes on, a phrase each."""
        # who votes isn't for all to read; the numbers are the secretary's
        round_sudo = self.sudo()
        lines = round_sudo.entry_line_ids.filtered(lambda l: l.entry_id in entries)
        problems = []
        unvoted = lines.filtered(lambda line: not line.votes_cast).entry_id
        if unvoted:
            problems.append(
                self.env._(
                    "votes are missing, enter them in “%(round)s”: %(entries)s",
                    round=self.name,
                    entries=(entries & unvoted)._join_known(),
                )
            )
        voting_count = len(self._get_voting_members())
        over = lines.filtered(lambda line: line.votes_cast > voting_count).entry_id
        if over:
            problems.append(
                self.env._(
                    "more votes than the %(number)s members who vote: %(entries)s",
                    number=voting_count,
                    entries=(entries & over)._join_known(),
                )
            )
        if not round_sudo.vote_scan_id:
            problems.append(
                self.env._(
                    "the record of the vote in “%s” is missing: add its scan",
                    self.name,
                )
            )
        return problems

    def _get_voting_members(self):
        """Return the seats that vote on who goes on."""
        # how many they are is a rule, whoever reads the council
        return self.sudo().contest_id.council_id.member_ids.filtered("can_vote")

    def _get_vote_ratio(self):
        """Return from which share of the votes on an entry goes on.

        :return: the share, and whether it takes more than that
        """
        # the council decides by its own ratio, whoever may read it
        council_sudo = self.sudo().contest_id.council_id
        if self.vote_ratio or not council_sudo:
            return self.vote_ratio or voting.to_fraction(0.5), False
        return council_sudo.approval_ratio, council_sudo.approval_more_than

    def _cut(self, entries):
        """Return who goes on from this round: each field apart, if so declared."""
        self.ensure_one()
        is_ranked_apart = self.contest_id.field_ranking == "apart"
        apart = is_ranked_apart or self.advance_per == "field"
        groups = entries.grouped("field_id").values() if apart else [entries]
        ratio, more_than = self._get_vote_ratio()
        cuts = [
            rounds.cut(
                # places of all count within a field where that goes on by itself
                rounds.renumber(self._get_standings(group))
                if apart and not is_ranked_apart
                else self._get_standings(group),
                self.advance_by,
                self.advance_count,
                ratio,
                self.ties_advance,
                more_than,
            )
            for group in groups
        ]
        return (
            rounds.Cut(
                *(
                    [entry for part in parts for entry in part]
                    for parts in zip(*cuts, strict=True)
                )
            )
            if cuts
            else rounds.Cut([], [], [])
        )

    def _open(self, result):
        """Begin this round with those who go on from the one before."""
        self.ensure_one()
        contest = self.contest_id
        # as above
        entries = self.env["hoithi.entry"].sudo()
        # neither turns nor letters that come of it tell the places
        going = entries.browse(sorted(entry.id for entry in result.going))
        staying = entries.browse(sorted(entry.id for entry in result.staying))
        present = contest.current_round_id
        now = fields.Datetime.now()
        standings = present._get_standings(going + staying)
        opening = {
            "round": self.name,
            "from": present.name,
            "by": f"{present.advance_by} {present.advance_count:g}",
            **present._get_vote_facts(),
        }
        # a row each, so that conflicts hide it, in an order that tells nothing
        decided = [
            (
                "round.decided",
                entry,
                {
                    "round": self.name,
                    "advanced": entry in going,
                    "place": row.place,
                    "votes": [row.agree, row.cast],
                },
                entry,
            )
            for entry, row in sorted(standings.items(), key=lambda item: item[0].id)
        ]
        # rounds and contests change by their acts alone
        present.sudo()._open_door().closed_on = now
        self.sudo()._open_door().opened_on = now
        contest.sudo()._open_door().current_round_id = self
        going._set_round(self)
        going._enter_round()
        self.env["hoithi.ledger"]._append_all(
            contest, [("round.opened", contest, opening, None), *decided]
        )
        going._follow_reviews()
        occasion = fields.Datetime.to_string(now)
        for kind, group in (("round_advanced", going), ("round_stopped", staying)):
            self.env["hoithi.notice"]._announce(
                kind,
                {entry: entry._get_author_partners() for entry in group},
                occasion=occasion,
            )
        contest._log_round(
            self.env._(
                "The round “%(round)s” was opened: %(going)s entries go on, "
                "%(staying)s keep the score of “%(before)s”.",
                round=self.name,
                going=len(going),
                staying=len(staying),
                before=present.name,
            )
        )

    def _get_vote_facts(self):
        """Return what the ledger keeps of how this round was voted on, if it was."""
        if self.advance_by != "vote":
            return {}
        # what was decided on it, whoever reads the record
        round_sudo = self.sudo()
        ratio, more_than = self._get_vote_ratio()
        return {
            "vote": {
                "ratio": float(ratio),
                **({"more_than": True} if more_than else {}),
                "base": self.vote_base,
                "members": len(self._get_voting_members()),
                "record": round_sudo.vote_scan_id.kept_sha256,
            }
        }

    # RULES

    def _to_rule(self):
        ratio = self.vote_ratio
        return super()._to_rule() | {
            "criteria_set": self.criteria_set_id._get_rule_name(),
            "vote_ratio": rules.write_ratio(ratio) if ratio else "",
        }

    @api.model
    def _from_rule(self, rule):
        vals = super()._from_rule(rule)
        if "vote_ratio" in rule:
            ratio = rule["vote_ratio"]
            vals["vote_ratio"] = float(rules.parse_ratio(ratio)) if ratio else 0
        return vals
