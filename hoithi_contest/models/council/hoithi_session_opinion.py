from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import NO_ACCESS

from ...lib.guard import plain_text
from ..guard.hoithi_states import UNCLOSED
from .hoithi_session_voter import SAID, TOLD

SECRETARY = "hoithi_contest.group_secretary"


class HoithiSessionOpinion(models.Model):
    """The opinion that an absent member gives in writing on an item of a session.

    Where the council's rules allow, the secretary sends for it, with a moment until
    which it is returned. The member gives it here, or on a paper that the secretary
    types in with its scan. What was given is nobody's to change; one that was typed in
    wrongly is recalled with a reason and sent for again.
    """

    _name = "hoithi.session.opinion"
    _inherit = [
        "hoithi.reason.mixin",
        "hoithi.scan.mixin",
        "hoithi.file.mixin",
        "hoithi.guard.mixin",
        "hoithi.clock.mixin",
        "hoithi.ledger.fact.mixin",
    ]
    _description = "Written Opinion of an Absent Member"
    _order = "session_id, item_id, member_id"
    # as the minutes name them
    _person_fields_unsorted = ("member_id",)

    _reason_methods = ("action_recall",)
    _file_fields = ("scan_id",)
    _server_fields = {"item_id", "member_id"}
    _ledger_events = {
        "opinion.asked": ("opinion",),
        "opinion.given": ("opinion",),
        "opinion.recalled": ("opinion",),
    }

    item_id = fields.Many2one(
        "hoithi.session.item", required=True, ondelete="cascade", index=True
    )
    session_id = fields.Many2one(related="item_id.session_id", store=True, index=True)
    contest_id = fields.Many2one(related="item_id.contest_id", store=True, index=True)
    company_id = fields.Many2one(related="item_id.company_id", store=True)
    entry_code = fields.Char(related="item_id.entry_code", string="Code")
    entry_name = fields.Char(related="item_id.entry_name", string="Title")
    ballot_mode = fields.Selection(related="item_id.ballot_mode")
    member_id = fields.Many2one(
        "hoithi.council.member", required=True, ondelete="restrict", index=True
    )
    user_id = fields.Many2one(
        related="member_id.user_id", store=True, index=True, string="Asked member"
    )
    state = fields.Selection(
        [("asked", "Awaited"), ("given", "Returned"), ("recalled", "Recalled")],
        default="asked",
        required=True,
        readonly=True,
        index=True,
    )
    due_on = fields.Datetime(string="To be returned until", readonly=True)
    is_late = fields.Boolean(string="Not returned in time", compute="_compute_is_late")
    is_mine = fields.Boolean(compute="_compute_is_mine")

    choice = fields.Selection(SAID, readonly=True, groups=NO_ACCESS)
    note = fields.Text(readonly=True, groups=NO_ACCESS)
    shown_choice = fields.Selection(
        TOLD,
        string="Opinion",
        compute="_compute_shown",
        help="For its member; for others once the vote is counted, if it was open.",
    )
    shown_note = fields.Text(string="In words", compute="_compute_shown")
    given_on = fields.Datetime(string="Returned on", readonly=True)
    given_by = fields.Many2one(
        "res.users", string="Entered by", readonly=True, ondelete="restrict"
    )
    is_paper = fields.Boolean(string="On paper", readonly=True)
    scan_id = fields.Many2one(
        "ir.attachment", readonly=True, ondelete="restrict", index="btree_not_null"
    )
    scan_url = fields.Char(compute="_compute_scan_url", export_string_translation=False)
    is_counted = fields.Boolean(string="Counted", readonly=True)
    recall_reason = fields.Text(string="Why it was recalled", readonly=True)

    _unique_member = models.Constraint(
        "UNIQUE (item_id, member_id)",
        "A member has one written opinion on an item.",
    )
    _check_said = models.Constraint(
        "CHECK ((state = 'given') = (choice IS NOT NULL)"
        " AND (state = 'given') = (given_on IS NOT NULL)"
        " AND (is_counted IS NOT TRUE OR state = 'given')"
        " AND (is_paper IS NOT TRUE OR scan_id IS NOT NULL))",
        "A written opinion says something once it was given, and a paper has its scan.",
    )

    # COMPUTE

    @api.depends("member_id", "item_id")
    def _compute_display_name(self):
        for opinion in self:
            opinion.display_name = " – ".join(
                filter(None, [opinion.entry_name, opinion.member_id.display_name])
            )

    @api.depends("state", "due_on")
    def _compute_is_late(self):
        now = fields.Datetime.now()
        for opinion in self:
            opinion.is_late = opinion.state == "asked" and opinion.due_on <= now

    @api.depends_context("uid")
    @api.depends("user_id")
    def _compute_is_mine(self):
        for opinion in self:
            opinion.is_mine = opinion.user_id == self.env.user

    @api.depends_context("uid")
    @api.depends("state", "choice", "note", "item_id.state")
    def _compute_shown(self):
        for opinion in self:
            # a form that isn't saved tells nothing of what is
            origin = opinion._origin
            item = origin.item_id
            told = origin.user_id == self.env.user or (
                item.state == "counted" and item.ballot_mode == "open"
            )
            # the fields themselves are nobody's, lest a vote be followed while it runs
            opinion_sudo = opinion.sudo()
            opinion.shown_choice = told and opinion_sudo.choice
            opinion.shown_note = told and opinion_sudo.note

    @api.depends("scan_id")
    def _compute_scan_url(self):
        for opinion in self:
            opinion.scan_url = (
                opinion.scan_id and f"/web/content/{opinion.scan_id.id}?download=1"
            )

    # CRUD

    @api.ondelete(at_uninstall=False)
    def _unlink_except_given(self):
        if any(opinion.state == "given" for opinion in self):
            raise UserError(self.env._("A written opinion stays on record."))

    # ACTION: MEMBER

    def action_open_give(self):
        """Open the dialog in which a member gives the own opinion."""
        return self._open_dialog(self.env._("My Written Opinion"), is_paper=False)

    def action_give(self, choice=None, note=None):
        """Give the own opinion; it can't be changed afterwards.

        :param choice: ``agree``, ``disagree`` or ``blank``; of a vote on a scope this
            instead of ``agree``
        :param note: the opinion in words, for the minutes of an open vote
        :raises AccessError: for the opinion of somebody else
        :raises UserError: after its moment or the count, in a conflict of interest,
            and for who is at the session
        """
        self.ensure_one()
        self.check_access("read")
        if self.user_id != self.env.user:
            raise AccessError(
                self.env._("This is the opinion of %s.", self.member_id.display_name)
            )
        self._give(choice, note)
        return True

    # ACTION: SECRETARY

    def action_open_paper(self):
        """Open the dialog in which the secretary types in a signed paper."""
        return self._open_dialog(self.env._("Opinion on Paper"), is_paper=True)

    def action_register_paper(self, choice=None, note=None, scan=None, filename=None):
        """Type in the opinion that a member gave on a signed paper.

        :param choice: ``agree``, ``disagree`` or ``blank``; of a vote on a scope this
            instead of ``agree``
        :param note: the opinion in words, for the minutes of an open vote
        :param scan: content of the scan in base64; obligatory
        :param filename: of the scan
        :raises AccessError: for others than the secretary, and for the own opinion
        :raises UserError: as :meth:`action_give`, without a scan, and for whoever
            competes
        """
        self.ensure_one()
        self._check_office()
        if self.user_id == self.env.user:
            raise AccessError(
                self.env._("This is your own opinion: give it yourself, without paper.")
            )
        self.item_id.entry_id._check_impartial()
        self._check_answerable()
        self._give(choice, note, self._take_scan(scan, filename))
        self._tell(
            lambda env, values: env._(
                "Your opinion was typed in from paper: %(entry)s", **values
            ),
            lambda env, values: env._(
                "The secretary has typed in your signed paper on “%(entry)s”. If it "
                "says something else, tell the secretary before the vote is counted.",
                **values,
            ),
        )
        return True

    def action_ask_recall(self):
        """Open the dialog that asks for what `action_recall` needs."""
        return self._ask_reason("action_recall", self.env._("Recall"))

    def action_recall(self, reason=None):
        """Recall what was sent for, or what was typed in wrongly, until the count.

        :param reason: recorded, and told to the member
        :raises AccessError: for others than the secretary
        :raises UserError: once the vote is counted, without a reason, and for whoever
            competes
        """
        self._check_office()
        self.item_id.entry_id._check_impartial()
        reason = self._clean_reason(reason)
        for opinion in self:
            opinion._check_uncounted()
            if opinion.state == "recalled":
                raise UserError(
                    self.env._("“%s” is recalled already.", opinion.display_name)
                )
        # opinions change by their acts alone
        self.sudo()._open_door().write(
            {**self._get_empty(), "state": "recalled", "recall_reason": reason}
        )
        self._record("opinion.recalled", {"reason": reason})
        for opinion in self:
            opinion._tell(
                lambda env, values: env._(
                    "Your written opinion isn't needed: %(entry)s", **values
                ),
                lambda env, values: env._(
                    "The secretary has recalled the written opinion on “%(entry)s”: "
                    "%(reason)s",
                    reason=reason,
                    **values,
                ),
            )
        self.session_id._tell_board()
        return True

    # BUSINESS

    @api.model
    def _get_own_open(self):
        """Return the caller's own opinions in sessions that go on, or are to come.

        What nobody votes on any more needs none, unless it was given already.
        """
        opinions = self.search(
            [
                ("user_id", "=", self.env.uid),
                ("state", "in", ("asked", "given")),
                ("session_id.state", "in", UNCLOSED),
            ]
        )
        return opinions.filtered(
            lambda opinion: opinion.state == "given" or not opinion.item_id.is_moot
        )

    def _tell_due(self):
        """Return until when the opinion is to be returned, on the contest's clock."""
        # an expert has no right on the contest, whose clock it is
        return self.contest_id.sudo()._format_moment(self.due_on)

    @api.model
    def _get_empty(self):
        """Return the values of one that says nothing."""
        return {
            "choice": False,
            "note": False,
            "given_on": False,
            "given_by": False,
            "is_paper": False,
            "is_counted": False,
        }

    def _open_dialog(self, title, is_paper):
        self.ensure_one()
        self.check_access("read")
        wizard = self.env["hoithi.opinion.give"].create(
            {"opinion_id": self.id, "is_paper": is_paper}
        )
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": wizard._name,
            "res_id": wizard.id,
            "view_mode": "form",
            "target": "new",
        }

    def _check_office(self):
        """Let the secretary alone act on opinions of others.

        :raises AccessError: for anyone else
        """
        self.check_access("read")
        if not self.env.su and not self.env.user.has_group(SECRETARY):
            raise AccessError(
                self.env._(
                    "The secretary sends for written opinions, and recalls them."
                )
            )

    def _check_uncounted(self):
        self.ensure_one()
        self.session_id._check_not_closed()
        if self.item_id.state == "counted":
            raise UserError(
                self.env._(
                    "The vote on “%s” is counted: written opinions stay as they are. "
                    "It may be taken again while the session is open.",
                    self.item_id.display_name,
                )
            )

    def _check_answerable(self):
        """Refuse an opinion that wouldn't count, with what there is to do instead.

        :raises UserError: telling which rule refuses it
        """
        self.ensure_one()
        item, session = self.item_id, self.session_id
        self._check_uncounted()
        values = {"entry": item.display_name, "member": self.member_id.display_name}
        if self.state != "asked":
            raise UserError(
                self.env._("The opinion on “%(entry)s” is returned already.", **values)
                if self.state == "given"
                else self.env._(
                    "No opinion on “%(entry)s” is asked for any more.", **values
                )
            )
        is_over = item.is_moot or session.contest_id.state != "council"
        if is_over or not self.member_id.active:
            raise UserError(
                self.env._("There is no vote on “%(entry)s” any more.", **values)
            )
        session._check_in_office()
        if not item._takes_opinions():
            raise UserError(
                self.env._(
                    "“%(entry)s” is voted on in secret: the rules of this council take "
                    "no written opinion on it.",
                    **values,
                )
            )
        if self.member_id in item.recused_ids | item._get_conflicted():
            raise UserError(
                self.env._(
                    "%(member)s gives no opinion on “%(entry)s”: a conflict of "
                    "interest is recorded, or is still to be decided by the secretary.",
                    **values,
                )
            )
        if self._is_at_the_vote():
            raise UserError(
                self.env._(
                    "%(member)s is at the session and votes there on “%(entry)s”.",
                    **values,
                )
            )
        if fields.Datetime.now() > self.due_on:
            raise UserError(
                self.env._(
                    "The opinion on “%(entry)s” was to be returned until %(moment)s. "
                    "Only the secretary gives more time, before the vote is counted.",
                    moment=session.contest_id._format_moment(self.due_on),
                    **values,
                )
            )

    def _is_at_the_vote(self):
        """Tell whether the member votes in the room instead."""
        self.ensure_one()
        # who has a ballot is on the list of voters, whoever may read it
        voters_sudo = self.item_id.sudo().voter_ids
        return self.member_id in (
            self.session_id._get_present() | voters_sudo.member_id
        )

    def _give(self, choice, note, scan_sudo=None):
        """Record an opinion: the one place where one comes about."""
        self.ensure_one()
        # a member may touch nothing of the agenda; the count waits its turn
        self.item_id.sudo()._take_turn()
        self._check_answerable()
        choices = self.item_id._get_choices()
        if choice not in choices:
            raise UserError(
                self.env._("Choose one of: %s.", ", ".join(choices.values()))
            )
        note = plain_text.clean(note).strip() if isinstance(note, str) else ""
        # opinions change by their acts alone
        self.sudo()._open_door().write(
            {
                "state": "given",
                "choice": choice,
                "note": note,
                "given_on": fields.Datetime.now(),
                "given_by": self.env.uid,
                "is_paper": bool(scan_sudo),
                "scan_id": scan_sudo.id if scan_sudo else self.scan_id.id,
            }
        )
        self._record("opinion.given", {"paper": bool(scan_sudo)})
        self.session_id._tell_board()

    def _tell(self, get_subject, get_body):
        """Tell the member by a message, in the member's language.

        :param get_subject: called with an environment and the words for its sentence
        :param get_body: likewise
        """
        self.ensure_one()
        user = self.user_id
        # a member reads of the session what the message says
        session = self.session_id.with_context(lang=user.lang)
        values = {"entry": self.entry_name, "session": session.display_name}
        session.message_notify(
            partner_ids=user.partner_id.ids,
            subject=get_subject(session.env, values),
            body=Markup("<p>%s</p>") % get_body(session.env, values),
        )

    # LEDGER

    def _record(self, event, payload):
        """Append to the ledger what happened to these; never what was said."""
        # what is attested is nobody's to read
        for contest, opinions_sudo in self.sudo().grouped("contest_id").items():
            self.env["hoithi.ledger"]._append_all(
                contest,
                [
                    (
                        event,
                        opinion,
                        {"member": opinion.member_id.id, **payload},
                        opinion.item_id.entry_id,
                    )
                    for opinion in opinions_sudo
                ],
            )

    def _get_ledger_entry(self):
        return self.item_id.entry_id

    def _get_ledger_facts(self):
        if self.state != "given":
            return {"opinion": None}
        return {
            "opinion": [
                self.item_id.id,
                self.member_id.id,
                self.choice,
                self.note or "",
                self.is_paper,
                (self.is_paper and self.scan_id.kept_sha256) or "",
            ]
        }
