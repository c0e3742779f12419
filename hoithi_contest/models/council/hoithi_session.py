from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...lib.council import ballot_box, voting
from ..contest.hoithi_preview_mixin import Preview
from ..guard.hoithi_guard_mixin import EVERYTHING
from ..guard.hoithi_states import GATHERED, OPENED, state_flag
from ..guard.hoithi_workflow_mixin import Transition
from .hoithi_council import BALLOT_MODES, WRITTEN_OPINIONS

SECRETARY = ("hoithi_contest.group_secretary",)


class HoithiSession(models.Model):
    """A meeting of the council: who was there, what was voted on, how it ended.

    The roll of the members and the rules of decision are fixed at its opening, so that
    nobody moves a majority by editing the council; once closed nothing of it changes.
    """

    _name = "hoithi.session"
    _description = "Council Session"
    _inherit = [
        "mail.thread",
        "hoithi.workflow.mixin",
        "hoithi.preview.mixin",
        "bus.listener.mixin",
        "hoithi.clock.mixin",
        "hoithi.majority.mixin",
    ]
    _order = "contest_id desc, number desc, id desc"

    _previews = {"action_close": "_preview_close"}

    _transitions = (
        Transition("planned", "open", "action_open", SECRETARY),
        Transition("open", "closed", "action_close", SECRETARY),
    )

    _fixed_fields = {
        "is_opened": {"contest_id", "number", "ballot_mode"},
        "is_closed": EVERYTHING,
    }
    # Talk about a closed session goes on beside it.
    _talk_fields = {
        "message_ids",
        "message_follower_ids",
        "message_partner_ids",
        "message_main_attachment_id",
    }

    # description
    contest_id = fields.Many2one(
        "hoithi.contest",
        required=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self._get_default_contest(),
        domain="[('state', 'in', ('screening', 'review', 'council'))]",
    )
    contest_state = fields.Selection(
        related="contest_id.state", string="Phase of the contest"
    )
    council_id = fields.Many2one(
        "hoithi.council", compute="_compute_council_id", store=True, index=True
    )
    company_id = fields.Many2one(
        related="contest_id.company_id", store=True, string="Department"
    )
    number = fields.Integer(string="Session number", copy=False, aggregator=None)
    name = fields.Char(
        string="Session title", help="Leave empty to name it by its number."
    )
    start = fields.Datetime(tracking=True)
    end = fields.Datetime()
    place = fields.Char(string="Venue", tracking=True)
    conclusion = fields.Text(help="General conclusion of the chair, for the minutes.")

    # state
    state = fields.Selection(
        [("planned", "Planned"), ("open", "In session"), ("closed", "Closed")],
        default="planned",
        required=True,
        copy=False,
        index=True,
        tracking=True,
        group_expand=True,
    )
    is_opened = state_flag("Opened", OPENED)
    is_closed = state_flag("Closed Session", ("closed",))
    opened_on = fields.Datetime(readonly=True, copy=False)
    closed_on = fields.Datetime(readonly=True, copy=False)
    digest = fields.Char(
        readonly=True, copy=False, help="Seal of the ledger at the closing."
    )

    # rules of decision, as they were at the opening
    ballot_mode = fields.Selection(
        BALLOT_MODES,
        string="Vote",
        compute="_compute_ballot_mode",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
        tracking=True,
        help="Of all entries on the agenda, as the rules of who meets say. Where they "
        "say nothing it is chosen here; an entry may then be given another one, until "
        "its vote starts.",
    )
    vote_rule = fields.Selection(
        related="council_id.ballot_mode", string="Vote by the rules"
    )
    one_by_one = fields.Boolean(
        string="Vote item by item",
        help="The secretary starts the vote on each entry. Otherwise members may vote "
        "on any entry of the agenda while the session is open.",
    )
    quorum_ratio = fields.Float(
        string="Quorum", digits=0, compute="_compute_rules", store=True
    )
    approval_ratio = fields.Float(compute="_compute_rules", store=True)
    approval_more_than = fields.Boolean(compute="_compute_rules", store=True)
    approval_base = fields.Selection(compute="_compute_rules", store=True)
    casting_vote = fields.Boolean(compute="_compute_rules", store=True)
    written_opinions = fields.Selection(
        WRITTEN_OPINIONS,
        string="Written opinions of absent members",
        compute="_compute_rules",
        store=True,
    )

    # people
    attendance_ids = fields.One2many("hoithi.session.attendance", "session_id")
    voting_count = fields.Integer(
        string="Voting members", compute="_compute_quorum", store=True
    )
    present_count = fields.Integer(
        string="Present", compute="_compute_quorum", store=True
    )
    quorum_reached = fields.Boolean(compute="_compute_quorum", store=True)
    quorum_basis = fields.Char(compute="_compute_quorum_basis")

    can_vote = fields.Boolean(
        compute="_compute_can_vote", help="The reader sits in it with a vote."
    )

    _unique_number = models.Constraint(
        "UNIQUE (contest_id, number)", "A contest has each session number once."
    )
    _check_times = models.Constraint(
        'CHECK ("end" IS NULL OR start IS NULL OR "end" >= start)',
        "The session ends before it begins.",
    )

    @api.model
    def _get_default_contest(self):
        """Return the contest that the caller works in, or the only one in council."""
        current = self.env["hoithi.home"]._get_current()
        if current.state == "council":
            return current
        in_council = self.env["hoithi.contest"].search(
            [("state", "=", "council"), ("company_id", "in", self.env.companies.ids)],
            limit=2,
        )
        return in_council if len(in_council) == 1 else False

    # COMPUTE

    @api.depends("contest_id.council_id")
    def _compute_council_id(self):
        """Follow the contest until the session opens; then who met, has met."""
        for session in self:
            fixed = session.state != "planned" and session.council_id
            session.council_id = fixed or session._get_body()

    @api.depends("contest_id.council_id.ballot_mode")
    def _compute_ballot_mode(self):
        """Follow the rules of who meets until the session opens."""
        for session in self:
            rule = session.state == "planned" and session._get_body().ballot_mode
            session.ballot_mode = rule or session.ballot_mode or "open"

    @api.constrains("ballot_mode", "council_id")
    def _check_ballot_mode(self):
        for session in self:
            rule = session.state == "planned" and session.vote_rule
            if rule and session.ballot_mode != rule:
                raise ValidationError(
                    session._tell_vote_rule(session.council_id.name, rule)
                )

    @api.model
    def _tell_vote_rule(self, name, rule):
        """Return the refusal of another kind of vote than the rules ask for.

        :param name: of the body that votes, or of what is voted on
        """
        labels = dict(self._fields["ballot_mode"]._description_selection(self.env))
        return self.env._(
            "“%(name)s”: the rules ask for this kind of vote: %(vote)s.",
            name=name,
            vote=labels[rule],
        )

    @api.depends_context("lang")
    @api.depends("name", "number")
    def _compute_display_name(self):
        for session in self:
            session.display_name = session.name or self.env._(
                "Session %s", session.number or ""
            )

    @api.depends(
        "state",
        "council_id.quorum_ratio",
        "council_id.approval_ratio",
        "council_id.approval_more_than",
        "council_id.approval_base",
        "council_id.casting_vote",
        "council_id.written_opinions",
    )
    def _compute_rules(self):
        for session in self:
            fixed = session.state != "planned" and session.approval_base
            source = session if fixed else session.council_id
            session.quorum_ratio = source.quorum_ratio
            session.approval_ratio = source.approval_ratio
            session.approval_more_than = source.approval_more_than
            session.approval_base = source.approval_base
            session.casting_vote = source.casting_vote
            session.written_opinions = source.written_opinions or "none"

    @api.depends("attendance_ids.present", "attendance_ids.can_vote", "quorum_ratio")
    def _compute_quorum(self):
        for session in self:
            voters = session.attendance_ids.filtered("can_vote")
            session.voting_count = len(voters)
            session.present_count = len(voters.filtered("present"))
            session.quorum_reached = bool(session.quorum_ratio) and voting.reaches(
                session.present_count, session.voting_count, session.quorum_ratio
            )

    @api.depends_context("lang")
    @api.depends("voting_count", "present_count", "quorum_ratio")
    def _compute_quorum_basis(self):
        for session in self:
            if not session.voting_count or not session.quorum_ratio:
                session.quorum_basis = False
                continue
            session.quorum_basis = self.env._(
                "%(present)s of %(voting)s voting members present; %(ratio)s needs at "
                "least %(least)s",
                present=session.present_count,
                voting=session.voting_count,
                ratio=voting.to_fraction(session.quorum_ratio),
                least=voting.least(session.voting_count, session.quorum_ratio),
            )

    @api.depends_context("uid")
    @api.depends("attendance_ids.present", "attendance_ids.can_vote", "state")
    def _compute_can_vote(self):
        for session in self:
            own = session._get_own_attendance()
            session.can_vote = session.state == "open" and own.can_vote and own.present

    # CRUD

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        for session, vals in zip(self, vals_list, strict=True):
            # it may be of before the rules said how it is voted
            if "ballot_mode" not in (default or ()) and session._get_body().ballot_mode:
                vals.pop("ballot_mode", None)
        return vals_list

    @api.model_create_multi
    def create(self, vals_list):
        if self._is_data_load():
            return super().create(vals_list)
        self._check_kinds(vals_list)
        vals_list = [dict(vals) for vals in vals_list]
        numbers = {}
        for vals in vals_list:
            contest = self.env["hoithi.contest"].browse(vals.get("contest_id"))
            if contest.state not in GATHERED:
                raise UserError(
                    self.env._(
                        "The council of “%s” doesn't meet in its present phase.",
                        contest.name or "",
                    )
                )
            if not vals.get("number"):
                number = numbers.get(contest, self._get_last_number(contest)) + 1
                vals["number"] = numbers[contest] = number
            vals["place"] = vals.get("place") or contest.place_name
        sessions = super().create(vals_list)
        sessions._fill_attendance()
        for session in sessions:
            team = session.tally_member_ids
            # what the form sends of the proposal is nobody's choice
            if team and team != session._get_proposed_tellers():
                session.contest_id._check_not_competing()
            session._tell_tellers(team)
        return sessions

    def write(self, vals):
        if self._is_data_load() or self._is_door_open(vals.get("state")):
            return super().write(vals)
        self._check_changeable(vals)
        if "tally_member_ids" in vals:
            self._check_kinds([vals])
            chosen = self.filtered(
                lambda one: one._is_other("tally_member_ids", vals["tally_member_ids"])
            )
            chosen.contest_id._check_not_competing()
        teams = {
            session: (session._get_told_team(), session.tally_member_ids)
            for session in self
        }
        waiting = self.item_ids.filtered(lambda item: item.state == "pending")
        result = super().write(vals)
        if "ballot_mode" in vals:
            waiting._follow_ballot_mode(vals.get("item_ids"))
        for session, (tellers, team) in teams.items():
            # keys are nobody's to delete; who has left the team has none
            session.sudo().teller_key_ids.filtered(
                lambda key, session=session: (
                    key.member_id not in session.tally_member_ids
                )
            ).unlink()
            session._tell_tellers(session._get_told_team() - tellers)
            session._record_team(team)
        self._log_presiding()
        self._tell_board()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_planned(self):
        for session in self:
            if session.state != "planned":
                raise UserError(
                    self.env._(
                        "“%s” has been opened: it stays on record.",
                        session.display_name,
                    )
                )

    # ACTION: SECRETARY

    def action_open(self):
        """Open the session: roll, quorum and rules of decision are fixed.

        :raises UserError: with all that keeps it from opening, the quorum in numbers
        """
        self._check_transition("open")
        for session in self:
            session._check_in_office()
            session._fill_attendance()
            # what is fixed at the opening is nobody's to write
            session.sudo().attendance_ids._open_door()._fix_vote()
            problems = session._get_opening_problems()
            if problems:
                raise UserError(
                    "\n".join(
                        [
                            self.env._(
                                "“%s” can't be opened yet:", session.display_name
                            ),
                            *(f"- {problem}" for problem in problems),
                        ]
                    )
                )
            now = fields.Datetime.now()
            session._move("open", opened_on=now, start=session.start or now)
            session._log_presiding()
        self._tell_board()
        return True

    def _check_in_office(self):
        """Refuse to decide in the name of a council whose time is over.

        :raises UserError: telling how it goes on
        """
        for session in self:
            # until when a council sits isn't for all to read
            council_sudo = session.sudo().council_id
            council_sudo._check_in_office(session.contest_id._get_today())

    def action_all_present(self):
        """Mark the whole council as present; who is absent is then unticked."""
        for session in self:
            session.check_access("write")
            session._fill_attendance()
            session.attendance_ids.write({"present": True, "reason": False})
        return True

    def action_close(self):
        """Close the session for good, once all its items are decided.

        Open votes on which every entitled member has voted are counted; secret ones
        the tellers have counted before. Approved entries are
        selected where the other rules of the contest allow, rejected ones aren't, with
        the vote as the reason.

        :raises UserError: with the items that aren't decided
        """
        self._check_transition("closed")
        for session in self:
            session._check_presided()
            complete = session._get_complete_items()
            for item in session.item_ids:
                if item.ballot_mode == "open" and item in complete:
                    item.action_count()
            session._check_decided(session._get_undecided())
            session._close()
        self._tell_board()
        return True

    def action_ask_close(self):
        """Show what the end of the session decides and what keeps it, then ask."""
        self.ensure_one()
        self.check_access("write")
        return self._ask_act("action_close", self.env._("Close the Session"))

    def _preview_close(self):
        """Return what closing the session now does."""
        self.ensure_one()
        self.check_access("write")
        # how many there are is in the minutes, whichever a conflict hides
        counted_sudo = self.item_ids.filtered(lambda i: i.state == "counted").sudo()
        effects = [
            self.env._("closes the session for good"),
            *self._tell_outcomes(counted_sudo),
        ]
        open_votes = self._get_complete_items().filtered(
            lambda item: item.ballot_mode == "open"
        )
        if open_votes:
            effects.insert(
                0,
                self.env._(
                    "counts %s open votes on which all have voted", len(open_votes)
                ),
            )
        return Preview(
            effects,
            (
                self._try_check(lambda: self._check_transition("closed")),
                self._try_check(self._check_presided),
                self._try_check(lambda: self._check_decided(self._get_undecided())),
            ),
        )

    def _tell_outcomes(self, counted):
        """Return what counted votes lead to at the end, a phrase each.

        :param counted: items; of these only the votes on entries select and leave out,
            and preliminary ones by which an entry fails
        """
        mains = counted.filtered(lambda item: not item.question_id)
        out = counted.filtered(
            lambda item: (
                item._has_failed_before()
                or (item in mains and item.outcome == "rejected")
            )
        )
        approved = mains.filtered(lambda item: item.outcome == "approved")
        return [
            self._tell_approved(len(approved)),
            self.env._("leaves %s rejected entries out", len(out.entry_id)),
        ]

    def _tell_approved(self, number):
        """Hook: return what becomes of so many approved entries, a phrase."""
        return self.env._(
            "lets %s approved entries be selected, as far as the other rules allow",
            number,
        )

    # ACTION: MEMBER

    def action_cast(self, item, choice):
        """Cast the caller's own vote on an item.

        :param item: the item of the agenda, or its id
        :param choice: ``agree``, ``disagree`` or ``blank``; of a vote on a scope this
            instead of ``agree``
        :raises AccessError: for whoever doesn't sit on the council
        :raises UserError: outside the vote, for those recused or absent, and for a
            second vote
        """
        self.ensure_one()
        self.check_access("read")
        item_id = item.id if isinstance(item, models.BaseModel) else item
        if type(item_id) is not int:
            raise UserError(self.env._("Choose an item of the agenda."))
        item = self.env["hoithi.session.item"].browse(item_id)
        item.check_access("read")
        if item.session_id != self:
            raise UserError(
                self.env._(
                    "“%s” isn't on the agenda of this session.", item.display_name
                )
            )
        item._cast(choice)
        return True

    # BUSINESS

    def _get_body(self):
        """Hook: return the body that meets by the contest as it is now."""
        self.ensure_one()
        return self.contest_id.council_id

    @api.model
    def _get_last_number(self, contest):
        return self.search(
            [("contest_id", "=", contest.id)], order="number desc", limit=1
        ).number

    def _hoithi_is_still_true(self, message):
        """Tell nobody of something to do at a session that has been closed since."""
        is_over = self.closed_on and message.date < self.closed_on
        if is_over and message.message_type == "user_notification":
            return False
        return super()._hoithi_is_still_true(message)

    def _get_own_attendance(self):
        """Return the caller's line on the roll."""
        return self.attendance_ids.filtered(
            lambda line: line.member_id.user_id == self.env.user
        )

    def _get_present(self):
        """Return the members who are present."""
        return self.attendance_ids.filtered("present").member_id

    def _fill_attendance(self):
        """Bring the roll in line with the council, until the session opens."""
        for session in self:
            if session.state != "planned":
                continue
            seats = session.council_id.member_ids
            session.attendance_ids.filtered(
                lambda line, seats=seats: line.member_id not in seats
            ).unlink()
            missing = seats - session.attendance_ids.member_id
            session.env["hoithi.session.attendance"].create(
                [
                    {"session_id": session.id, "member_id": member.id}
                    for member in missing
                ]
            )

    def _get_opening_problems(self):
        """Return what keeps the session from opening, a phrase each."""
        self.ensure_one()
        problems = []
        if self.contest_id.state != "council":
            problems.append(
                self.env._(
                    "“%s” isn't in its council phase.", self.contest_id.display_name
                )
            )
        if self.contest_id.rules_reopened_on:
            problems.append(
                self.env._(
                    "The rules of “%s” are being changed: the chair fixes them first.",
                    self.contest_id.display_name,
                )
            )
        running = self.search_count(
            [("contest_id", "=", self.contest_id.id), ("state", "=", "open")]
        )
        if running:
            problems.append(self.env._("Another session of this contest is open."))
        unexcused = self.attendance_ids.filtered(
            lambda line: not line.present and not (line.reason or "").strip()
        )
        if unexcused:
            problems.append(
                self.env._(
                    "Give the reason of absence of: %s.",
                    ", ".join(unexcused.member_id.mapped("display_name")),
                )
            )
        if not self.quorum_reached:
            problems.append(
                self.env._(
                    "There is no quorum: %s.",
                    self.quorum_basis or self.env._("the council has no voting member"),
                )
            )
        ready = self.keyed_member_ids & self.tally_member_ids & self._get_present()
        if self.has_secret_votes and len(ready) < ballot_box.TELLERS:
            waiting = self.tally_member_ids - self.keyed_member_ids
            problems.append(
                self.env._(
                    "A secret ballot is counted by at least %(number)s tellers who are "
                    "present and have made their key; there are %(ready)s. Without a "
                    "key: %(waiting)s. Each opens this session and presses “My teller "
                    "key”.",
                    number=ballot_box.TELLERS,
                    ready=len(ready),
                    waiting=", ".join(waiting.mapped("display_name"))
                    or self.env._("nobody; choose the tally team first"),
                )
            )
        if not self.presiding_id:
            problems.append(
                self.env._(
                    "Neither chair nor vice-chair is present: choose who of the "
                    "members present presides, under “Presided by”."
                )
            )
        return problems

    def _check_not_closed(self):
        """Refuse any change of a closed session.

        :raises UserError: whoever asks, superuser rights included
        """
        for session in self:
            if session.state == "closed":
                raise UserError(
                    self.env._(
                        "“%s” is closed and can't be changed.", session.display_name
                    )
                )

    def _check_changeable(self, vals):
        """Guard what is written on a session by hand."""
        if set(vals) - self._talk_fields - {"state"}:
            self._check_not_closed()

    def _close(self):
        """Apply the outcomes and close: the one place where a session ends."""
        self.ensure_one()
        self.item_ids._apply_outcome()
        now = fields.Datetime.now()
        self._move(
            "closed",
            closed_on=now,
            end=self.end or max(now, self.start or now),
            current_item_id=False,
            digest=self._get_seal(),
        )

    def _interrupt(self, reason):
        """End an open session with its contest: no vote goes on, nothing is decided.

        :param reason: why, as votes that are stopped record it
        """
        self.ensure_one()
        undecided = self.item_ids.filtered(
            lambda item: item.state == "voting" or item.awaits_casting
        )
        undecided.action_restart_vote(reason=reason)
        self._close()
        self._tell_board()

    def _get_seal(self):
        """Append the session to the ledger, and return the digest that seals it."""
        self.ensure_one()
        row = self.env["hoithi.ledger"]._append(
            self.contest_id,
            "session.closed",
            self,
            {
                "present": self.present_count,
                "voting": self.voting_count,
                "ratio": str(voting.to_fraction(self.quorum_ratio)),
                "outcomes": [
                    [item.id, item.entry_id.id, item.outcome] for item in self.item_ids
                ],
            },
        )
        # whoever closes may read the chain or not; its digest goes into the minutes
        return row.sudo().hash
