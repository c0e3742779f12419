from odoo import api, fields, models
from odoo.exceptions import AccessError, ConcurrencyError, UserError, ValidationError
from odoo.fields import Command
from odoo.tools import SQL

from ...lib.council import voting
from ..guard.hoithi_guard_mixin import EVERYTHING
from ..guard.hoithi_states import ELIGIBLE, VOTED, state_flag
from ..guard.hoithi_workflow_mixin import Transition
from .hoithi_council import BALLOT_MODES

SECRETARY = ("hoithi_contest.group_secretary",)
#: Figures of a count.
TALLY = (
    "issued",
    "collected",
    "valid",
    "invalid",
    "agree",
    "disagree",
    "base_count",
)
#: What is voted on, where, how, and what is said of it: nothing for whoever competes.
_WAY_OF_VOTING = {"session_id", "entry_id", "ballot_mode", "on_paper", "conclusion"}
#: Figures of what absent members wrote.
WRITTEN = ("written", "written_agree", "written_disagree")


class HoithiSessionItem(models.Model):
    """An entry on the agenda of a session, and the vote on it."""

    _name = "hoithi.session.item"
    _description = "Item of a Session"
    _inherit = [
        "hoithi.standing.mixin",
        "hoithi.workflow.mixin",
        "hoithi.preview.mixin",
        "hoithi.clock.mixin",
        "hoithi.ledger.fact.mixin",
        "hoithi.majority.mixin",
    ]
    _order = "session_id, sequence, id"
    _rec_name = "entry_name"

    _ledger_events = {
        "vote.counted": ("tally",),
        "vote.tie_decided": ("tally",),
        "vote.restarted": ("tally",),
    }
    # it tells the average and the place
    _standing_fields = frozenset({"selection_problems"})

    _transitions = (
        Transition("pending", "voting", "action_start_vote", SECRETARY),
        # the tally team counts as well, so the method checks who does
        Transition("voting", "counted", "action_count"),
        Transition("voting", "pending", "action_restart_vote", SECRETARY, True),
        Transition("counted", "pending", "action_restart_vote", SECRETARY, True),
    )

    _fixed_fields = {
        "is_closed": EVERYTHING | {"session_id", "entry_id"},
        "is_voted": {"session_id", "entry_id", "ballot_mode"},
    }
    _fixed_rows = ("is_closed", "is_voted")

    session_id = fields.Many2one(
        "hoithi.session", required=True, ondelete="cascade", index=True
    )
    session_state = fields.Selection(
        related="session_id.state", string="State of the session"
    )
    is_closed = fields.Boolean(related="session_id.is_closed")
    contest_id = fields.Many2one(
        related="session_id.contest_id", store=True, index=True
    )
    company_id = fields.Many2one(related="session_id.company_id", store=True)
    ballot_mode = fields.Selection(
        BALLOT_MODES,
        string="Vote",
        compute="_compute_ballot_mode",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
        help="The session's, unless this entry is voted on otherwise, as the rules let "
        "it be. It is fixed once the vote starts.",
    )
    sequence = fields.Integer(default=1000)
    entry_id = fields.Many2one(
        "hoithi.entry", required=True, ondelete="restrict", index=True
    )
    entry_code = fields.Char(related="entry_id.code", string="Code")
    entry_name = fields.Char(
        string="Title",
        compute="_compute_entry_name",
        # of an entry that a conflict hides the agenda tells the title
        compute_sudo=True,
        store=True,
    )
    field_id = fields.Many2one(related="entry_id.field_id")
    average_score = fields.Float(
        string="Score", digits=(6, 2), compute="_compute_average_score"
    )
    score_formula = fields.Char(
        string="How the total came about", compute="_compute_average_score"
    )
    approval_ratio = fields.Float(compute="_compute_majority", store=True)
    approval_more_than = fields.Boolean(compute="_compute_majority", store=True)
    approval_base = fields.Selection(compute="_compute_majority", store=True)
    recused_ids = fields.Many2many(
        "hoithi.council.member",
        "hoithi_session_item_recused_rel",
        "item_id",
        "member_id",
        string="Leave the room",
        compute="_compute_recused_ids",
        store=True,
        help="Members with a conflict of interest: no vote, and not in the base.",
    )

    # state
    state = fields.Selection(
        [("pending", "Not voted on"), ("voting", "Voting"), ("counted", "Counted")],
        default="pending",
        required=True,
        copy=False,
        index=True,
        group_expand=True,
    )
    is_voted = state_flag("Voted on", VOTED)
    voter_ids = fields.One2many("hoithi.session.voter", "item_id", string="Voters")
    cast_count = fields.Integer(string="Votes cast", compute="_compute_cast_count")
    my_vote = fields.Selection(
        [
            ("none", "No vote"),
            ("absent", "Absent"),
            ("recused", "Conflict of interest"),
            ("waiting", "Not yet"),
            ("to_vote", "To vote"),
            ("voted", "Voted"),
            ("paper", "Ballot on paper"),
        ],
        string="My vote",
        compute="_compute_my_vote",
    )
    can_count = fields.Boolean(compute="_compute_can_count")
    restart_reason = fields.Text(string="Vote taken again", readonly=True, copy=False)
    former_votes = fields.Json(
        readonly=True,
        copy=False,
        help="Counts of this session that were taken again, as they stood.",
    )

    _unique_entry = models.Constraint(
        "UNIQUE NULLS NOT DISTINCT (session_id, entry_id, question_id)",
        "An entry is on the agenda once.",
    )

    # COMPUTE

    @api.depends("entry_id.name")
    def _compute_entry_name(self):
        for item in self:
            item.entry_name = item.entry_id.name

    @api.depends(
        "state",
        "session_id.approval_ratio",
        "session_id.approval_more_than",
        "session_id.approval_base",
    )
    def _compute_majority(self):
        """Follow the rules until the vote starts; then it goes by what was in force."""
        for item in self:
            fixed = item.state != "pending" and item.approval_base
            source = item if fixed else item._get_majority_source()
            item.approval_ratio = source.approval_ratio
            item.approval_more_than = source.approval_more_than
            item.approval_base = source.approval_base

    @api.depends("session_id.ballot_mode")
    def _compute_ballot_mode(self):
        """Follow the session where the rules bind it, or nothing was chosen yet.

        What is written on the session itself goes on to its items there.
        """
        for item in self:
            session = item.session_id
            is_bound = item.state == "pending" and (
                session.vote_rule or not item._origin
            )
            chosen = not is_bound and item.ballot_mode
            item.ballot_mode = chosen or session.ballot_mode

    @api.constrains("ballot_mode")
    def _check_ballot_mode(self):
        for item in self.filtered(lambda one: one.state == "pending"):
            name, rule = item._get_vote_rule()
            if rule and item.ballot_mode != rule:
                raise ValidationError(item.session_id._tell_vote_rule(name, rule))

    def _follow_ballot_mode(self, commands):
        """Let what isn't voted on yet be voted on as its session was written to.

        :param commands: of the same write, which may choose for single items
        """
        own_ids = {
            command[1]
            for command in commands or ()
            if command[0] == Command.UPDATE and "ballot_mode" in command[2]
        }
        for item in self.exists():
            mode = item.question_id.ballot_mode or item.session_id.ballot_mode
            if item.id not in own_ids and item.ballot_mode != mode:
                item.ballot_mode = mode

    def _get_vote_rule(self):
        """Hook: return whose rule says how it is voted on, and what, or False."""
        self.ensure_one()
        session = self.session_id
        # a session that is open goes by the rules of its opening
        is_ruled = session.vote_rule == session.ballot_mode
        return session.council_id.name, is_ruled and session.vote_rule

    @api.depends("state", "entry_id.conflict_ids.hard", "entry_id.conflict_ids")
    def _compute_recused_ids(self):
        """Follow the conflicts until the vote starts; then who left, has left."""
        for item in self:
            if item.state == "pending" or not item._origin:
                item.recused_ids = item._get_conflicted()
            else:
                item.recused_ids = item.recused_ids

    @api.depends_context("uid", "lang")
    @api.depends("entry_id.average_score", "entry_id.score_formula", "recused_ids")
    def _compute_average_score(self):
        # an item that isn't saved has recused nobody
        standing = self.env["hoithi.standing.mixin"]
        hidden_ids = () if self.env.su else standing._get_hidden_standing_ids()
        for item in self:
            # the council meets on these scores; who is in conflict doesn't see them,
            # nor does an author, whatever else that person is
            entry_sudo, user = item.entry_id.sudo(), self.env.user
            hidden = not self.env.su and (
                user in item.recused_ids.user_id
                or user.partner_id in entry_sudo.author_ids.partner_id
                or entry_sudo.id in hidden_ids
            )
            item.average_score = 0 if hidden else entry_sudo.average_score
            item.score_formula = False if hidden else entry_sudo.score_formula

    @api.depends("voter_ids.voted")
    def _compute_cast_count(self):
        counts = dict(
            self.env["hoithi.session.voter"]
            .sudo()  # how many have voted is for all to see
            ._read_group(
                [("item_id", "in", self.ids), ("voted", "=", True)],
                ["item_id"],
                ["__count"],
            )
        )
        for item in self:
            item.cast_count = counts.get(item._origin, 0)

    @api.depends_context("uid")
    @api.depends("state", "voter_ids.voted", "recused_ids", "session_id.state")
    def _compute_my_vote(self):
        for item in self:
            item.my_vote = item._get_my_vote()

    @api.depends_context("uid")
    @api.depends("state", "session_id.tally_member_ids", "recused_ids", "handed_in")
    def _compute_can_count(self):
        shares = self._get_own_shares()
        for item in self:
            item.can_count = item.state == "voting" and not item._get_count_refusal(
                shares
            )

    # CONSTRAINTS

    @api.constrains("entry_id", "session_id")
    def _check_entry(self):
        for item in self:
            # a conflict hides an entry from the secretary, not from the agenda
            entry_sudo = item.entry_id.sudo()
            session = item.session_id
            states = session._get_decidable_states(session.contest_id)
            if entry_sudo.contest_id != session.contest_id or (
                item.state == "pending"
                and session.state != "closed"
                and (
                    session.contest_id.state != "council"
                    or entry_sudo.state not in states
                )
            ):
                raise ValidationError(
                    self.env._(
                        "“%s” isn't an entry that waits for the council.",
                        entry_sudo.display_name,
                    )
                )
            others_sudo = (
                entry_sudo.session_item_ids | entry_sudo.question_item_ids
            ) - item
            if item.state == "pending" and others_sudo.filtered(
                lambda other, item=item: (
                    other.state != "counted"
                    # a session that was cut short votes on nothing any more
                    and other.session_state != "closed"
                    and other.question_id == item.question_id
                    and not other.is_moot
                )
            ):
                raise ValidationError(
                    self.env._(
                        "“%s” is on the agenda of another session.",
                        entry_sudo.display_name,
                    )
                )

    # CRUD

    @api.model_create_multi
    def create(self, vals_list):
        if self._is_data_load():
            return super().create(vals_list)
        self._check_kinds(vals_list)
        self.env["hoithi.session"].browse(
            {vals["session_id"] for vals in vals_list if vals.get("session_id")}
        )._check_not_closed()
        items = super().create(vals_list)
        if not self.env.su:
            items._check_not_chosen()
        items.session_id._propose_tellers()
        items.session_id._tell_board()
        return items

    def write(self, vals):
        if self._is_data_load():
            return super().write(vals)
        self.session_id._check_not_closed()
        if self._is_door_open(vals.get("state")):
            return super().write(vals)
        if _WAY_OF_VOTING & set(vals):
            # first, so that nobody else learns whose entry it is
            self.check_access("write")
            self.entry_id._check_impartial()
        result = super().write(vals)
        if {"ballot_mode", "on_paper"} & set(vals):
            self.session_id._propose_tellers()
        self.session_id._tell_board()
        return result

    def unlink(self):
        for session, items in self.grouped("session_id").items():
            # an agenda that goes as a whole is made anew
            if session.state != "planned" or session.item_ids - items:
                items.check_access("unlink")
                items.entry_id._check_impartial()
        return super().unlink()

    def _check_not_chosen(self):
        """Let whoever competes put on an agenda all that waits, and that alike.

        :raises UserError: where it is chosen what is voted on, or how
        """
        for session, items in self.grouped("session_id").items():
            # conflicts leave no entry out
            waiting_sudo = session.sudo()._get_waiting_entries()
            if waiting_sudo or not all(item._is_voted_alike() for item in items):
                items.entry_id._check_impartial()

    def _is_voted_alike(self):
        """Tell whether it is voted on as its session is, and nothing is concluded."""
        self.ensure_one()
        session = self.session_id
        mode = self.question_id.ballot_mode or session.ballot_mode
        on_paper = mode == "secret" and session.on_paper
        is_alike = (self.ballot_mode, self.on_paper) == (mode, on_paper)
        return is_alike and not self.conclusion

    # GUARD

    def _get_fixed_hint(self):
        return self.env._("What was voted on stays on the agenda as it was.")

    # ACTION

    def action_present(self):
        """Show an item on the board, before or after its vote."""
        self.ensure_one()
        self.check_access("write")
        self.session_id.current_item_id = self
        return True

    def action_start_vote(self):
        """Issue the ballots to all who are present, entitled and not in conflict.

        :raises UserError: without a quorum, or where nobody may vote
        """
        self._check_transition("voting")
        self.check_access("write")
        for item in self:
            running = item.session_id.item_ids.filtered(
                lambda other: other.state == "voting"
            )
            if item.session_id.one_by_one and running:
                raise UserError(
                    self.env._("Count the vote on “%s” first.", running[0].display_name)
                )
            item._start_vote()
            item.session_id.current_item_id = item
        return True

    def action_ask_restart_vote(self):
        """Open the dialog that asks why the vote is taken again."""
        return self._ask_reason(
            "action_restart_vote", self.env._("Take the Vote Again")
        )

    def action_restart_vote(self, reason=None):
        """Take a vote again, also one that was counted by mistake.

        Ballots that aren't counted yet are destroyed unread. What was counted is kept
        with the reason, in the ledger and in the minutes.

        :param reason: recorded
        :raises UserError: without a reason, once the session is closed, and for whoever
            competes
        """
        self._check_transition("pending")
        self.check_access("write")
        self.entry_id._check_impartial()
        reason = self._clean_reason(reason)
        self.session_id._check_not_closed()
        for item in self:
            # the papers belong to nobody who could destroy them
            item_sudo = item.sudo()
            item_sudo._take_turn()
            former = item_sudo._get_former_vote(reason)
            item_sudo.voter_ids._destroy()
            self.env["hoithi.ballot"].sudo()._empty(item_sudo)
            item_sudo._forget_written()
            notes = filter(None, [item.restart_reason, reason])
            # what nobody may read is emptied as well
            item_sudo._move(
                "pending",
                **item_sudo._get_blank_vote(),
                restart_reason="\n".join(notes),
                former_votes=[*(item.former_votes or []), *former],
            )
            item._record("vote.restarted", {"reason": reason, "former": former})
            item.session_id._message_act(
                body=self.env._(
                    "The vote on “%(item)s” is taken again: %(reason)s",
                    item=item.display_name,
                    reason=reason,
                )
            )
        self.session_id._tell_board()
        return True

    def action_view_ballot(self):
        """Open the reader's own ballot, at this item."""
        self.ensure_one()
        action = self.session_id.action_view_ballot()
        return {**action, "params": {"item_id": self.id}}

    def action_view_tally(self):
        """Open the item with its tally and voters."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.display_name,
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    def _get_turn(self):
        """Hook: return the turn of this item among those on one entry."""
        self.ensure_one()
        return 0

    def _get_short_name(self):
        """Return how papers name the item where its title would be too much."""
        self.ensure_one()
        return self.entry_code or self.entry_name

    # BUSINESS: VOTERS

    def _get_conflicted(self):
        """Return the members who are in a hard conflict with the entry now."""
        # who must leave is for all to see, why is for the secretary
        conflicts_sudo = self.entry_id.sudo().conflict_ids.filtered("hard")
        return conflicts_sudo.member_id.with_env(self.env)

    def _get_entitled(self):
        """Return the members to whom a ballot is issued now."""
        self.ensure_one()
        roll = self.session_id.attendance_ids
        present = roll.filtered(lambda line: line.present and line.can_vote)
        return present.member_id - self.recused_ids

    def _get_majority_source(self):
        """Hook: return the record whose majority decides the item."""
        self.ensure_one()
        return self.session_id

    def _get_base(self):
        """Return how many members the share of votes is taken of (domain rule 24)."""
        self.ensure_one()
        base, roll = self._get_majority().base, self.session_id.attendance_ids
        if base == "present":
            # whoever got a ballot was there
            return self.issued
        if base == "all_members":
            # also who has no vote, and who must leave
            return len(roll.member_id)
        return len(roll.filtered("can_vote").member_id - self.recused_ids)

    def _get_own_voter(self):
        self.ensure_one()
        # members find their own line on the list of voters whatever else they read
        voters_sudo = self.sudo().voter_ids
        return voters_sudo.filtered(
            lambda voter: voter.member_id.user_id == self.env.user
        )

    def _get_own_teller(self):
        """Return the caller's key for the votes of the session, with its rights."""
        self.ensure_one()
        # keys are nobody's; a teller uses the own one by counting
        return self.session_id.sudo().teller_key_ids.filtered(
            lambda key: key.member_id.user_id == self.env.user
        )

    def _get_counting_tellers(self):
        """Return the keys of the tellers who have nothing to gain by this vote."""
        self.ensure_one()
        session = self.session_id
        keys = session.teller_key_ids.filtered(
            lambda key: (
                key.member_id in session.tally_member_ids
                and key.member_id not in self.recused_ids
            )
        )
        gaining = session._get_gaining_tellers(keys.member_id)
        return keys.filtered(lambda key: key.member_id not in gaining)

    def _get_my_vote(self):
        self.ensure_one()
        own = self.session_id._get_own_attendance()
        if not own.can_vote:
            return "none"
        if own.member_id in self.recused_ids:
            return "recused"
        voter = self._get_own_voter()
        if voter:
            return (
                "voted"
                if voter.voted
                else ("to_vote" if self.state == "voting" else "absent")
            )
        if not own.present or self.state != "pending":
            return "absent"
        free = self.session_id.state == "open" and not self.session_id.one_by_one
        return "to_vote" if free else "waiting"

    # BUSINESS: VOTE

    def _start_vote(self):
        self.ensure_one()
        session = self.session_id
        if session.state != "open":
            raise UserError(
                self.env._(
                    "There is no vote while “%(session)s” is: %(state)s.",
                    session=session.display_name,
                    state=session._get_state_label(session.state),
                )
            )
        session._check_presided()
        session._check_in_office()
        # a conflict may hide the entry; only whether it takes part is asked
        entry_sudo = self.entry_id.sudo()
        if entry_sudo.state not in ELIGIBLE:
            raise UserError(
                self.env._(
                    "“%(item)s” is out of the contest: %(state)s. Take it off the "
                    "agenda.",
                    item=self.display_name,
                    state=entry_sudo._get_state_label(entry_sudo.state),
                )
            )
        entry_sudo.review_ids._check_no_replacement()
        if not session.quorum_reached:
            raise UserError(self.env._("There is no quorum: %s.", session.quorum_basis))
        entitled = self._get_entitled()
        if not entitled:
            raise UserError(
                self.env._("Nobody who is present may vote on “%s”.", self.display_name)
            )
        # lists of voters are the system's own
        self.env["hoithi.session.voter"].sudo().create(
            [{"item_id": self.id, "member_id": member.id} for member in entitled]
        )
        self._prepare_ballots()
        self._move("voting", issued=len(entitled))

    def _prepare_ballots(self):
        """Make the box of a secret vote.

        :raises UserError: where too few tellers could count it
        """
        if self.ballot_mode == "secret":
            # boxes are the system's own
            self.env["hoithi.ballot"].sudo()._prepare_box(self.sudo())

    def _get_blank_vote(self):
        """Return the values of an item on which nothing is counted yet."""
        return {
            **dict.fromkeys((*TALLY, *WRITTEN, "handed_in"), 0),
            "outcome": False,
            "counted_by": False,
            "selection_problems": False,
            "early_reason": False,
        }

    def _get_choices(self):
        """Hook: return what may be voted, with its label: {choice: label}."""
        self.ensure_one()
        return {
            "agree": self.env._("Agree"),
            "disagree": self.env._("Disagree"),
            "blank": self.env._("No opinion")
            if self.ballot_mode == "open"
            else self.env._("Blank ballot"),
        }

    def _cast(self, choice):
        """Take the caller's vote; the caller may touch nothing but by this."""
        self.ensure_one()
        choices = self._get_choices()
        if choice not in choices:
            raise UserError(self.env._("Vote one of: %s.", ", ".join(choices.values())))
        own = self.session_id._get_own_attendance()
        if not own:
            raise AccessError(
                self.env._("You don't sit on the council of this session.")
            )
        if self.session_id.state != "open":
            raise UserError(
                self.env._(
                    "There is no vote while “%(session)s” is: %(state)s.",
                    session=self.session_id.display_name,
                    state=self.session_id._get_state_label(self.session_id.state),
                )
            )
        self.session_id._check_in_office()
        # members vote, and may write nothing of the agenda
        item_sudo = self.sudo()
        item_sudo._take_turn()
        if own.member_id in self._get_conflicted():
            raise UserError(
                self.env._(
                    "You don't vote on “%s”: a conflict of interest is recorded, or is "
                    "still to be decided by the secretary.",
                    self.display_name,
                )
            )
        if self.state == "pending" and not self.session_id.one_by_one:
            # the first vote on an item issues its ballots
            item_sudo._start_vote()
        if self.state != "voting":
            raise UserError(
                self.env._(
                    "“%(item)s” isn't being voted on: %(state)s.",
                    item=self.display_name,
                    state=self._get_state_label(self.state),
                )
            )
        voter_sudo = self._get_own_voter()
        if not voter_sudo:
            raise UserError(
                self.env._(
                    "You have no ballot for “%s”: ballots were issued to the voting "
                    "members present.",
                    self.display_name,
                )
            )
        if voter_sudo.voted:
            raise UserError(
                self.env._("You have voted on “%s” already.", self.display_name)
            )
        if self.ballot_mode == "secret":
            voter_sudo._mark_voted()
            # nobody has any right on ballots
            self.env["hoithi.ballot"].sudo()._put_in(self, choice)
        else:
            voter_sudo._mark_voted(choice)
        self.session_id._tell_board()

    def _take_turn(self):
        """Let one act at a time change the vote on an item.

        A second browser, or another member in the same instant, is told to Odoo as a
        conflict: it tries the request again, which then finds what has changed.
        """
        self.ensure_one()
        self.env.flush_all()
        query = SQL(
            """SELECT id FROM hoithi_session_item WHERE id = %s
               FOR NO KEY UPDATE SKIP LOCKED""",
            self.id,
        )
        # not `try_lock_for_update`, which logs an error where trying again is the plan
        self.env.cr.execute(query, log_exceptions=False)
        if not self.env.cr.fetchall():
            raise ConcurrencyError("another act on this vote is under way")

    # BUSINESS: RECORD

    def _get_ledger_facts(self):
        counts = [self[name] for name in voting.Tally._fields]
        tally = {"entry": self.entry_id.id, "counts": counts, **self._get_decision()}
        return {"tally": tally if self.state == "counted" else None}

    def _record(self, event, payload):
        """Append to the ledger what happened to the item; never a single vote."""
        self.ensure_one()
        # a conflict may hide the entry; the ledger needs its id alone
        self.env["hoithi.ledger"]._append(
            self.contest_id, event, self, payload, entry=self.entry_id.sudo()
        )

    def _get_progress(self):
        """Return the item with how far its vote is, for refusals."""
        self.ensure_one()
        if self.state == "voting" and self.ballot_mode == "secret":
            return self.env._(
                "%(item)s: %(cast)s of %(issued)s votes cast; two tellers count it, "
                "%(tellers)s have begun",
                item=self.display_name,
                cast=self.cast_count,
                issued=self.issued,
                tellers=self.handed_in,
            )
        if self.state == "voting":
            return self.env._(
                "%(item)s: %(cast)s of %(issued)s votes cast; wait for the rest or "
                "count it",
                item=self.display_name,
                cast=self.cast_count,
                issued=self.issued,
            )
        return f"{self.display_name}: {self._get_state_label(self.state).lower()}"

    def _get_board_data(self):
        """Return what the board shows of the item: the result once it is counted."""
        self.ensure_one()
        counted = self.state == "counted"
        session = self.session_id
        base = self.base_count if counted else self._get_base()
        if not base:
            # of those present, before the vote has begun
            base = len(self._get_entitled())
        data = {
            "id": self.id,
            "number": session.item_ids.ids.index(self.id) + 1,
            "score": self.average_score,
            "base": base,
            "needed": base and self._get_majority().get_least(base),
            "code": self.entry_code,
            "name": self.entry_name,
            "field": self.field_id.display_name or "",
            "state": self.state,
            "recused": self.recused_ids.mapped("display_name"),
            "mode": self.ballot_mode,
            "issued": self.issued,
            "cast": self.cast_count,
            "outcome": self.outcome or "",
            "basis": self.basis or "",
            "conclusion": self.conclusion or "",
        }
        if counted:
            names = ("collected", "valid", "invalid", "agree", "disagree", "abstain")
            data.update({name: self[name] for name in names})
            data["agreeing"] = self._get_agreeing()
            data["written"] = self.written
        return data
