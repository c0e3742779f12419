from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import NO_ACCESS

from ...lib.council import ballot_box, voting
from ...lib.notice import agenda
from ..guard.hoithi_guard_mixin import EVERYTHING
from ..guard.hoithi_states import OPENED, state_flag
from ..guard.hoithi_workflow_mixin import Transition

SECRETARY = ("hoithi_contest.group_secretary",)
#: Proposed size of a tally team: one may be ill, or in a conflict.
TALLY_TEAM = 3
#: Shortest passphrase of a teller, in characters.
PASSPHRASE = 10


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
        "bus.listener.mixin",
        "hoithi.clock.mixin",
    ]
    _order = "contest_id desc, number desc, id desc"

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
        domain="[('state', 'in', ('screening', 'review', 'council'))]",
    )
    contest_state = fields.Selection(
        related="contest_id.state", string="Phase of the contest"
    )
    council_id = fields.Many2one(
        related="contest_id.council_id", store=True, index=True
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
        [("open", "Open vote"), ("secret", "Secret ballot")],
        string="Vote",
        default="open",
        required=True,
        tracking=True,
    )
    one_by_one = fields.Boolean(
        string="Vote item by item",
        help="The secretary starts the vote on each entry. Otherwise members may vote "
        "on any entry of the agenda while the session is open.",
    )
    quorum_ratio = fields.Float(
        string="Quorum", digits=0, compute="_compute_rules", store=True
    )
    approval_ratio = fields.Float(
        string="Approval", digits=0, compute="_compute_rules", store=True
    )
    approval_base = fields.Selection(
        [("all_voting", "All voting members"), ("present", "Those present")],
        compute="_compute_rules",
        store=True,
    )

    # people
    attendance_ids = fields.One2many("hoithi.session.attendance", "session_id")
    presiding_id = fields.Many2one(
        "hoithi.council.member",
        string="Presided by",
        compute="_compute_presiding_id",
        inverse="_inverse_presiding_id",
        store=True,
        readonly=False,
        copy=False,
        tracking=True,
        ondelete="restrict",
        index="btree_not_null",
        domain="[('council_id', '=', council_id)]",
        help="Who leads the session and signs its papers: the chair if present, else "
        "the vice-chair, else whoever is chosen of those present.",
    )
    chosen_presiding_id = fields.Many2one(
        "hoithi.council.member", readonly=True, copy=False, ondelete="restrict"
    )
    presiding_log = fields.Json(
        readonly=True,
        copy=False,
        help="Who has presided from when: lines of the roll and moments, the first at "
        "the opening.",
    )
    tally_member_ids = fields.Many2many(
        "hoithi.council.member",
        string="Tally team",
        compute="_compute_tally_member_ids",
        store=True,
        readonly=False,
        copy=False,
        domain="[('council_id', '=', council_id)]",
        help="They count the votes. A secret vote is opened by two of them together, "
        "each with the own passphrase; an open one the secretary counts as well.",
    )
    teller_key_ids = fields.One2many(
        "hoithi.session.teller", "session_id", groups=NO_ACCESS
    )
    keyed_member_ids = fields.Many2many(
        "hoithi.council.member",
        string="Tellers with a key",
        compute="_compute_keyed_member_ids",
        help="Who of the tally team has made the key that opens secret votes.",
    )
    my_teller_state = fields.Selection(
        [
            ("none", "Not on the tally team"),
            ("to_make", "Key to be made"),
            ("made", "Key made"),
        ],
        compute="_compute_my_teller_state",
    )
    can_count_votes = fields.Boolean(
        compute="_compute_can_count_votes",
        help="The reader may count votes now that everybody has handed in.",
    )
    voting_count = fields.Integer(
        string="Voting members", compute="_compute_quorum", store=True
    )
    present_count = fields.Integer(
        string="Present", compute="_compute_quorum", store=True
    )
    quorum_reached = fields.Boolean(compute="_compute_quorum", store=True)
    quorum_basis = fields.Char(compute="_compute_quorum_basis")

    # agenda
    item_ids = fields.One2many("hoithi.session.item", "session_id", string="Agenda")
    current_item_id = fields.Many2one(
        "hoithi.session.item",
        string="Under discussion",
        copy=False,
        domain="[('session_id', '=', id)]",
        ondelete="set null",
        index="btree_not_null",
    )
    item_count = fields.Integer(string="Entries", compute="_compute_item_counts")
    counted_count = fields.Integer(string="Decided", compute="_compute_item_counts")
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

    # COMPUTE

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
        "council_id.approval_base",
    )
    def _compute_rules(self):
        for session in self:
            fixed = session.state != "planned" and session.approval_base
            source = session if fixed else session.council_id
            session.quorum_ratio = source.quorum_ratio
            session.approval_ratio = source.approval_ratio
            session.approval_base = source.approval_base

    @api.depends("attendance_ids.present", "attendance_ids.can_vote", "quorum_ratio")
    def _compute_quorum(self):
        for session in self:
            voters = session.attendance_ids.filtered("can_vote")
            session.voting_count = len(voters)
            session.present_count = len(voters.filtered("present"))
            session.quorum_reached = bool(session.quorum_ratio) and voting.reaches(
                session.present_count, session.voting_count, session.quorum_ratio
            )

    @api.depends("attendance_ids.present", "attendance_ids.role")
    def _compute_presiding_id(self):
        """Follow the roll; of those who may preside, who does or was chosen goes on."""
        for session in self:
            planned = session.state == "planned"
            kept = session.chosen_presiding_id if planned else session.presiding_id
            if not kept or kept not in session._get_may_preside():
                kept = session._get_default_presiding()
            session.presiding_id = kept

    def _inverse_presiding_id(self):
        for session in self:
            chosen = session.presiding_id
            if not chosen and session.state == "open":
                raise ValidationError(
                    self.env._(
                        "Choose who of the members present presides instead: an open "
                        "session is led by somebody."
                    )
                )
            if chosen == session._get_default_presiding():
                chosen = chosen.browse()
            # kept beside the choice itself, so that nobody needs to write it
            session.sudo()._open_door().chosen_presiding_id = chosen

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

    @api.depends("item_ids.state")
    def _compute_item_counts(self):
        for session in self:
            session.item_count = len(session.item_ids)
            session.counted_count = len(
                session.item_ids.filtered(lambda item: item.state == "counted")
            )

    @api.depends_context("uid")
    @api.depends("attendance_ids.present", "attendance_ids.can_vote", "state")
    def _compute_can_vote(self):
        for session in self:
            own = session._get_own_attendance()
            session.can_vote = session.state == "open" and own.can_vote and own.present

    @api.depends("ballot_mode", "council_id")
    def _compute_tally_member_ids(self):
        """Propose three for a secret ballot: members in no conflict, not the chair."""
        for session in self:
            team = session.tally_member_ids
            if session.ballot_mode == "secret" and not team:
                team = session._get_proposed_tellers()
            session.tally_member_ids = team

    @api.depends("teller_key_ids")
    def _compute_keyed_member_ids(self):
        for session in self:
            # that a key was made is for all to see, the key for nobody
            session.keyed_member_ids = session.sudo().teller_key_ids.member_id

    @api.depends_context("uid")
    @api.depends("ballot_mode", "tally_member_ids", "teller_key_ids", "state")
    def _compute_my_teller_state(self):
        for session in self:
            seat = session._get_own_teller_seat()
            if not seat or session.ballot_mode != "secret" or session.state == "closed":
                session.my_teller_state = "none"
            elif seat in session.keyed_member_ids:
                session.my_teller_state = "made"
            else:
                session.my_teller_state = "to_make"

    @api.depends_context("uid")
    @api.depends("item_ids.state", "item_ids.voter_ids.voted", "tally_member_ids")
    def _compute_can_count_votes(self):
        for session in self:
            session.can_count_votes = any(
                item.can_count for item in session._get_complete_items()
            )

    # CONSTRAINTS

    @api.constrains("tally_member_ids", "contest_id")
    def _check_tally_team(self):
        for session in self:
            if "voting" in session.item_ids.mapped("state"):
                raise ValidationError(
                    self.env._(
                        "A vote is running: its tally team stays until it is counted."
                    )
                )
            if session.tally_member_ids.council_id - session.council_id:
                raise ValidationError(
                    self.env._("The tally team is chosen from the members.")
                )

    @api.constrains("presiding_id")
    def _check_presiding(self):
        for session in self:
            presiding, office = session.presiding_id, session._get_default_presiding()
            if presiding and presiding not in session._get_present():
                raise ValidationError(
                    self.env._(
                        "%s can't preside without being there: mark the member as "
                        "present first, or choose another one.",
                        presiding.display_name,
                    )
                )
            if office and presiding not in session._get_may_preside():
                raise ValidationError(
                    self.env._(
                        "%s is present and presides by office. Another member is "
                        "chosen only where neither chair nor vice-chair is there; mark "
                        "as absent who has left.",
                        office.display_name,
                    )
                )

    @api.constrains("current_item_id")
    def _check_current_item(self):
        for session in self:
            item = session.current_item_id
            if item and item.session_id != session:
                raise ValidationError(
                    self.env._(
                        "“%s” isn't on the agenda of this session.", item.display_name
                    )
                )

    # CRUD

    @api.model_create_multi
    def create(self, vals_list):
        if self._is_data_load():
            return super().create(vals_list)
        self._check_kinds(vals_list)
        vals_list = [dict(vals) for vals in vals_list]
        numbers = {}
        for vals in vals_list:
            contest = self.env["hoithi.contest"].browse(vals.get("contest_id"))
            if contest.state not in ("screening", "review", "council"):
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
            session._tell_tellers(session.tally_member_ids)
        return sessions

    def write(self, vals):
        if self._is_data_load() or self._is_door_open(vals.get("state")):
            return super().write(vals)
        self._check_changeable(vals)
        teams = {session: session._get_tellers() for session in self}
        result = super().write(vals)
        for session, team in teams.items():
            # keys are nobody's to delete; who has left the team has none
            session.sudo().teller_key_ids.filtered(
                lambda key, session=session: (
                    key.member_id not in session.tally_member_ids
                )
            ).unlink()
            session._tell_tellers(session._get_tellers() - team)
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

    def action_build_agenda(self):
        """Put the entries that wait for the council on the agenda, in a good order.

        Entries of one field stay together, the best first, except that those for which
        the same members must leave follow one another. What was voted on keeps its
        place.

        :raises UserError: before the council phase, or where no entry waits
        """
        for session in self:
            session.check_access("write")
            session._check_not_closed()
            # a conflict hides an entry from the secretary, not from the agenda
            entries_sudo = session.sudo()._get_waiting_entries()
            entries_sudo._detect_conflicts()
            entries_sudo = session.sudo()._get_waiting_entries()
            session.env["hoithi.session.item"].create(
                [
                    {"session_id": session.id, "entry_id": entry.id}
                    for entry in entries_sudo
                ]
            )
            if not session.item_ids:
                raise UserError(
                    self.env._(
                        "No entry of “%s” waits for the council.",
                        session.contest_id.name,
                    )
                )
            session._order_agenda()
        return True

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
                if session.ballot_mode == "open" and item in complete:
                    item.action_count()
            undecided = session.item_ids.filtered(lambda item: item.state != "counted")
            if undecided:
                raise UserError(
                    "\n".join(
                        [
                            self.env._(
                                "“%s” can't be closed: decide these entries or take "
                                "them off the agenda.",
                                session.display_name,
                            ),
                            *(f"- {item._get_progress()}" for item in undecided),
                        ]
                    )
                )
            session._close()
        self._tell_board()
        return True

    def action_view_board(self):
        """Open the board for the projector."""
        return self._get_client_action("hoithi_contest.hoithi_session_board_action")

    def action_view_ballot(self):
        """Open the reader's own ballot."""
        return self._get_client_action("hoithi_contest.hoithi_session_ballot_action")

    # ACTION: MEMBER

    def action_cast(self, item, choice):
        """Cast the caller's own vote on an item.

        :param item: the item of the agenda, or its id
        :param choice: ``agree``, ``disagree`` or ``blank``
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

    # ACTION: TELLER

    def action_make_teller_key(self, passphrase=None):
        """Make the caller's key for counting the secret votes of this session.

        :param passphrase: at least ten characters; it is kept nowhere, so that a lost
            one can't be found again
        :raises AccessError: for whoever isn't on the tally team
        :raises UserError: for a passphrase that is too short, once the session is
            closed, and while votes run that the former key helps to open
        """
        self.ensure_one()
        self.check_access("read")
        self._check_teller()
        if not isinstance(passphrase, str) or len(passphrase.strip()) < PASSPHRASE:
            raise UserError(
                self.env._(
                    "Choose a passphrase of at least %s characters, such as four words "
                    "that only you would put together.",
                    PASSPHRASE,
                )
            )
        # a key is nobody's but by this act
        self.env["hoithi.session.teller"].sudo()._lock(
            self, self._get_own_teller_seat(), passphrase
        )
        self.invalidate_recordset(["keyed_member_ids", "my_teller_state"])
        self._tell_board()
        return True

    def action_ask_teller_key(self):
        """Open the dialog that asks the teller for a passphrase."""
        self.ensure_one()
        self.check_access("read")
        self._check_teller()
        return {
            "type": "ir.actions.client",
            "tag": "hoithi_teller_key",
            "name": self.env._("My Teller Key"),
            "target": "new",
            "params": {
                "session_id": self.id,
                "session": self.display_name,
                "least": PASSPHRASE,
                "made": self.my_teller_state == "made",
            },
        }

    def action_ask_count(self):
        """Open the dialog that counts the votes on which everybody has handed in.

        :raises UserError: where there is none that the caller may count
        """
        self.ensure_one()
        self.check_access("read")
        items = self._get_complete_items().filtered("can_count")
        if not items:
            raise UserError(
                self.env._(
                    "There is no vote to count: ballots are out, or others count it."
                )
            )
        return items.action_ask_count()

    def _check_teller(self):
        """Refuse whoever makes no key.

        :raises AccessError: for whoever isn't on the tally team
        :raises UserError: where no secret vote is to come
        """
        self._check_not_closed()
        if self.ballot_mode != "secret":
            raise UserError(
                self.env._("An open vote is counted without a key of the tellers.")
            )
        if not self._get_own_teller_seat():
            raise AccessError(
                self.env._("You aren't on the tally team of this session.")
            )

    def _get_own_teller_seat(self):
        """Return the caller's seat on the tally team."""
        return self.tally_member_ids.filtered(
            lambda member: member.user_id == self.env.user
        )

    def _get_tellers(self):
        """Return the tally team where it opens secret votes."""
        secret = self.ballot_mode == "secret" and self.state != "closed"
        return self.tally_member_ids if secret else self.tally_member_ids.browse()

    def _get_proposed_tellers(self):
        """Return the members who would count a secret vote: three, if there are."""
        self.ensure_one()
        # who is in a conflict is for the secretary; that somebody isn't proposed, no
        conflicted_sudo = (
            self.env["hoithi.conflict"]
            .sudo()
            .search(
                [
                    ("entry_id.contest_id", "=", self.contest_id.id),
                    ("hard", "=", True),
                ]
            )
            .member_id
        )
        members = self.council_id.member_ids.filtered(
            lambda member: member.active and member.role == "member"
        )
        order = members.sorted(
            lambda member: (member in conflicted_sudo, member.sequence, member.id)
        )
        return order[:TALLY_TEAM]

    def _tell_tellers(self, members):
        """Ask members who have come on the tally team to make their key."""
        self.ensure_one()
        if self.ballot_mode != "secret":
            return
        for user in members.user_id:
            session = self.with_context(lang=user.lang)
            session.message_notify(
                partner_ids=user.partner_id.ids,
                subject=session.env._(
                    "You are on the tally team: %s", session.display_name
                ),
                body=Markup("<p>%s</p>")
                % session.env._(
                    "A secret vote is opened by two tellers together. Please open the "
                    "session before it begins and press “My teller key”: choose a "
                    "passphrase that nobody else knows. You need it for the count."
                ),
            )

    def _get_complete_items(self):
        """Return the items on which all have voted and that aren't counted."""
        return self.item_ids.filtered(
            lambda item: item.state == "voting" and item.cast_count == item.issued
        )

    # BOARD

    @api.model
    @api.readonly
    def get_running(self):
        """Return the id of the session to show to the caller: the open one, if any."""
        for state in ("open", "planned"):
            session = self.search([("state", "=", state)], order="start, id", limit=1)
            if session:
                return session.id
        return False

    @api.readonly
    def get_board_data(self):
        """Return what the board shows, with the caller's rights."""
        self.ensure_one()
        self.check_access("read")
        item = self.current_item_id
        members = self.attendance_ids
        running = self.item_ids.filtered(lambda item: item.state == "voting")
        return {
            "id": self.id,
            "name": self.display_name,
            "contest": self.contest_id.name,
            "place": self.place or "",
            "state": self.state,
            "state_label": self._get_state_label(self.state),
            "ballot_mode": self.ballot_mode,
            "present": self.present_count,
            "voting": self.voting_count,
            "members": [
                {
                    "id": line.id,
                    "name": line.member_name,
                    "present": line.present,
                    "recused": line.member_id in item.recused_ids,
                }
                for line in members
            ],
            "quorum_reached": self.quorum_reached,
            "quorum_basis": self.quorum_basis or "",
            "decided": self.counted_count,
            "items": len(self.item_ids),
            "current": item._get_board_data() if item else False,
            "running": len(running),
            "issued": sum(running.mapped("issued")),
            "cast": sum(running.mapped("cast_count")),
            "next": [
                {"id": other.id, "code": other.entry_code, "name": other.entry_name}
                for other in self.item_ids.filtered(
                    lambda other: other.state == "pending" and other != item
                )[:3]
            ],
        }

    @api.readonly
    def get_ballot_data(self):
        """Return the caller's own ballot: the items, and what there is to do."""
        self.ensure_one()
        self.check_access("read")
        return {
            "id": self.id,
            "name": self.display_name,
            "contest": self.contest_id.name,
            "state": self.state,
            "state_label": self._get_state_label(self.state),
            "ballot_mode": self.ballot_mode,
            "seated": bool(self._get_own_attendance()),
            "present": self._get_own_attendance().present,
            "teller": self.my_teller_state,
            "can_count": self.can_count_votes,
            "items": [
                {
                    "id": item.id,
                    "code": item.entry_code,
                    "name": item.entry_name,
                    "field": item.field_id.display_name or "",
                    "state": item.state,
                    "current": item == self.current_item_id,
                    "mine": item.my_vote,
                    "outcome": item.outcome or "",
                }
                for item in self.item_ids
            ],
        }

    # BUSINESS

    @api.model
    def _get_last_number(self, contest):
        return self.search(
            [("contest_id", "=", contest.id)], order="number desc", limit=1
        ).number

    def _get_own_attendance(self):
        """Return the caller's line on the roll."""
        return self.attendance_ids.filtered(
            lambda line: line.member_id.user_id == self.env.user
        )

    def _get_present(self):
        """Return the members who are present."""
        return self.attendance_ids.filtered("present").member_id

    @api.model
    def _get_first(self, lines):
        """Return who of these lines of the roll presides by office: chair, vice-chair.

        :return: one line, or none where it must be chosen
        """
        for role in ("chair", "vice_chair"):
            line = lines.filtered(lambda line, role=role: line.role == role)[:1]
            if line:
                return line
        return lines.browse()

    def _get_may_preside(self):
        """Return the members of whom one presides: chair, else vice-chairs, else all.

        Only who is present counts.
        """
        lines = self.attendance_ids.filtered("present")
        first = self._get_first(lines)
        same = lines.filtered(lambda line: line.role == first.role) if first else lines
        return same.member_id

    def _get_default_presiding(self):
        return self._get_first(self.attendance_ids.filtered("present")).member_id

    def _get_presiding_line(self):
        """Return the line of the roll of who presides.

        Before the roll is called it is who will by office, of those who aren't excused.
        """
        self.ensure_one()
        line = self.attendance_ids.filtered(
            lambda line: line.member_id == self.presiding_id
        )
        if line or self.state != "planned":
            return line
        return self._get_first(
            self.attendance_ids.filtered(lambda line: not line.reason)
        )

    def _log_presiding(self):
        """Record who presides from now on, while the session is open."""
        for session in self:
            if session.state != "open":
                continue
            log = session.presiding_log or []
            line = session._get_presiding_line()
            if log and log[-1]["attendance"] == line.id:
                continue
            now = fields.Datetime.to_string(fields.Datetime.now())
            # of several lines changed at once only the outcome counts
            log = log[:1] + [step for step in log[1:] if step["since"] != now]
            # what is recorded is nobody's to write
            session.sudo()._open_door().presiding_log = [
                *log,
                {"attendance": line.id, "since": now},
            ]
            if log:
                self.env["hoithi.ledger"]._append(
                    session.contest_id,
                    "session.presiding",
                    session,
                    {"member": line.member_id.id},
                )

    def _check_presided(self):
        """Refuse to go on while nobody presides.

        :raises UserError: where the one who presided has left and no other was chosen
        """
        for session in self:
            if not session.presiding_id:
                raise UserError(
                    self.env._(
                        "Nobody presides over “%s”: choose one of the members present "
                        "under “Presided by”.",
                        session.display_name,
                    )
                )

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
        if self.ballot_mode == "secret" and len(ready) < ballot_box.TELLERS:
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

    def _get_waiting_entries(self):
        """Return the entries that no session has on its agenda yet.

        Called with superuser rights, so that conflicts leave no entry out.
        """
        self.ensure_one()
        contest = self.contest_id
        if contest.state != "council":
            raise UserError(
                self.env._(
                    "The agenda is made in the council phase; “%(contest)s” is in: "
                    "%(state)s.",
                    contest=contest.name,
                    state=contest._get_state_label(contest.state),
                )
            )
        entries = self.env["hoithi.entry"].search(
            [
                ("contest_id", "=", contest.id),
                ("state", "in", self._get_decidable_states(contest)),
                ("session_item_ids", "=", False),
            ]
        )
        return entries.sorted(
            lambda entry: (entry.field_id.id, entry.rank or 10**6, entry.id)
        )

    @api.model
    def _get_decidable_states(self, contest):
        """Return the states of entries that the council votes on."""
        if contest.mode == "nominate_only":
            return ["eligible", "reviewed"]
        return ["reviewed"]

    def _order_agenda(self):
        self.ensure_one()
        done = self.item_ids.filtered(lambda item: item.state != "pending")
        pending = (self.item_ids - done).sorted(
            # fields and ranks of all entries, also of those in conflict
            lambda item: (
                item.sudo().field_id.id,
                item.sudo().entry_id.rank or 10**6,
                item.id,
            )
        )
        order = agenda.arrange(
            pending.ids, {item.id: set(item.recused_ids.ids) for item in pending}
        )
        for sequence, item in enumerate([*done, *pending.browse(order)], start=1):
            if item.sequence != sequence:
                # what was voted on is read only for everybody else
                item.sudo().sequence = sequence
        self.invalidate_recordset(["item_ids"])
        self._tell_board()

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

    def _tell_board(self):
        """Tell boards and ballots that something changed; they ask what by themselves.

        Nothing else is sent: what goes through the bus stays in a table for a while.
        """
        for session in self:
            session._bus_send("hoithi.session/changed", {"session_id": session.id})

    def _get_client_action(self, xmlid):
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.client"]._for_xml_id(xmlid)
        return {**action, "context": {"active_id": self.id}}
