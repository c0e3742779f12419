from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...lib.guard.texts import is_blank
from ..contest.hoithi_preview_mixin import Preview
from ..guard.hoithi_states import PROPOSED, UNANSWERED, state_flag
from ..guard.hoithi_workflow_mixin import Transition

SECRETARY = ("hoithi_contest.group_secretary",)
#: Who reads what is meant to be answered before it is.
ANSWER_READERS = (
    "hoithi_contest.group_secretary,hoithi_contest.group_leader,"
    "hoithi_contest.group_member"
)


class HoithiObjection(models.Model):
    """What an author or a head of unit holds against a result, and the answer to it.

    The secretary proposes the answer, the chair of the council decides it; only then
    do the authors read it. What it changes is changed by a decision of its own.
    """

    _name = "hoithi.objection"
    _description = "Objection to a Result"
    _inherit = [
        "mail.thread",
        "mail.activity.mixin",
        "hoithi.standing.mixin",
        "hoithi.workflow.mixin",
        "hoithi.preview.mixin",
        "hoithi.clock.mixin",
    ]
    _order = "filed_on desc, id desc"
    _clock_path = "entry_id.contest_id"
    _standing_fields = frozenset({"answer", "outcome", "sent_back_reason"})

    _transitions = (
        Transition("filed", "proposed", "action_propose", SECRETARY),
        Transition("proposed", "filed", "action_send_back", (), True),
        Transition("proposed", "answered", "action_decide"),
        *(
            Transition(state, "withdrawn", "action_withdraw", (), True)
            for state in UNANSWERED
        ),
    )

    _reason_methods = ("action_pass_on", "action_end_absence")
    _previews = {"action_decide": "_preview_decide"}
    _role_fields = dict.fromkeys(("answer", "outcome"), SECRETARY)
    _fixed_fields = {
        "id": {"entry_id", "reason"},
        "is_proposed": {"answer", "outcome"},
    }

    entry_id = fields.Many2one(
        "hoithi.entry", required=True, readonly=True, ondelete="restrict", index=True
    )
    contest_id = fields.Many2one(related="entry_id.contest_id", store=True, index=True)
    company_id = fields.Many2one(
        related="entry_id.company_id", store=True, string="Department"
    )
    entry_name = fields.Char(related="entry_id.name", string="Title")
    entry_state = fields.Selection(related="entry_id.state", string="Result")
    partner_id = fields.Many2one(
        "res.partner",
        string="Filed by",
        required=True,
        readonly=True,
        ondelete="restrict",
        index=True,
    )
    filed_as = fields.Selection(
        [("author", "Author"), ("head", "Head of unit")], required=True, readonly=True
    )
    filed_on = fields.Datetime(required=True, readonly=True)
    reason = fields.Text(string="What is objected to", required=True, readonly=True)
    state = fields.Selection(
        [
            ("filed", "Filed"),
            ("proposed", "Answer proposed"),
            ("answered", "Answered"),
            ("withdrawn", "Withdrawn"),
        ],
        default="filed",
        required=True,
        copy=False,
        tracking=True,
        group_expand=True,
    )
    is_open = state_flag("To be Answered", UNANSWERED)
    is_proposed = state_flag("Answer Proposed or Given", PROPOSED)
    can_decide = fields.Boolean(compute="_compute_can_decide")
    can_withdraw = fields.Boolean(compute="_compute_can_withdraw")

    answer = fields.Text(copy=False, groups=ANSWER_READERS)
    outcome = fields.Selection(
        [("upheld", "Upheld"), ("dismissed", "Dismissed")],
        copy=False,
        groups=ANSWER_READERS,
    )
    given_answer = fields.Text(
        compute="_compute_given",
        compute_sudo=True,
        help="What its authors read, once it is decided.",
    )
    given_outcome = fields.Selection(
        [("upheld", "Upheld"), ("dismissed", "Dismissed")],
        string="Outcome as told",
        compute="_compute_given",
        compute_sudo=True,
    )
    proposed_by_id = fields.Many2one(
        "res.users", readonly=True, copy=False, groups=ANSWER_READERS
    )
    proposed_on = fields.Datetime(readonly=True, copy=False)
    decided_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    answered_on = fields.Datetime(readonly=True, copy=False)
    sent_back_reason = fields.Text(readonly=True, copy=False, groups=ANSWER_READERS)
    absent_ids = fields.Many2many(
        "hoithi.council.member",
        "hoithi_objection_absent_rel",
        "objection_id",
        "member_id",
        string="Absent, so that others decide",
        readonly=True,
        copy=False,
        groups=ANSWER_READERS,
    )
    withdraw_reason = fields.Text(readonly=True, copy=False)

    _one_open = models.UniqueIndex(
        "(entry_id, partner_id) WHERE state IN ('filed', 'proposed')",
        "Your earlier objection to this result hasn't been answered yet.",
    )

    # COMPUTE

    @api.depends("entry_id", "partner_id")
    def _compute_display_name(self):
        for objection in self:
            # who reads the objection may read whose it is and what it is about
            own_sudo = objection.sudo()
            objection.display_name = " – ".join(
                filter(None, [own_sudo.entry_id.code, own_sudo.partner_id.name])
            )

    @api.depends("state", "answer", "outcome")
    def _compute_given(self):
        for objection in self:
            # what a form says that isn't saved answers nothing
            is_given = objection._origin.state == "answered"
            objection.given_answer = is_given and objection.answer
            objection.given_outcome = is_given and objection.outcome

    @api.depends("state", "absent_ids")
    @api.depends_context("uid")
    def _compute_can_decide(self):
        proposed = self.filtered(lambda objection: objection.state == "proposed")
        own = proposed._filter_decided_by_caller()
        for objection in self:
            objection.can_decide = objection in own

    @api.depends("state", "partner_id")
    @api.depends_context("uid")
    def _compute_can_withdraw(self):
        for objection in self:
            objection.can_withdraw = (
                objection.is_open and objection.partner_id == self.env.user.partner_id
            )

    # CRUD

    def write(self, vals):
        if {"answer", "outcome"} & set(vals) and not self._is_guard_open():
            self.check_access("write")
            self.entry_id._check_not_own(may_be_named=True)
            self.entry_id._check_no_rivals()
            self._check_not_filed()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("An objection stays on record."))

    # ACTION

    def action_propose(self):
        """Lay the answer before the chair, who decides on it.

        :raises AccessError: for anyone but a secretary
        :raises UserError: without an answer and its outcome, for an own entry or an
            own objection, and for whoever competes with the entry
        """
        self._check_transition("proposed")
        self.entry_id._check_not_own(may_be_named=True)
        self.entry_id._check_no_rivals()
        self._check_not_filed()
        for objection in self:
            if is_blank(objection.answer or "") or not objection.outcome:
                raise UserError(
                    self.env._(
                        "Write the answer to “%s”, and whether the objection is "
                        "upheld, first.",
                        objection.display_name,
                    )
                )
            deciders = objection._get_deciders()
            if not deciders:
                raise UserError(objection._tell_no_decider())
            objection._move(
                "proposed",
                proposed_by_id=self.env.uid,
                proposed_on=fields.Datetime.now(),
                sent_back_reason=False,
            )
            objection._end_reminders()
            objection._tell_proposed(deciders)
        return True

    def action_ask_send_back(self):
        """Open the dialog that asks for what `action_send_back` needs."""
        return self._ask_reason("action_send_back", self.env._("Another Answer"))

    def action_send_back(self, reason=None):
        """Ask the secretary for another answer than the one proposed.

        :param reason: told to the secretary
        :raises AccessError: for whoever doesn't decide on it
        """
        self._check_transition("filed")
        self._check_decides()
        reason = self._clean_reason(reason)
        # members may write nothing of it but their decision
        for objection in self.sudo():
            objection._move("filed", sent_back_reason=reason)
            objection._remind_secretaries()
        return True

    def action_decide(self):
        """Decide on the proposed answer, which the authors are told.

        What an upheld objection changes is reopened by a decision of its own.

        :raises AccessError: for whoever doesn't decide on it
        """
        self._check_transition("answered")
        self._check_decides()
        now = fields.Datetime.now()
        # as above
        for objection in self.sudo():
            objection._move("answered", decided_by_id=self.env.uid, answered_on=now)
            partners = objection.partner_id | objection.entry_id._get_author_partners()
            self.env["hoithi.notice"]._announce(
                "objection_answered", {objection: partners}
            )
            self.env["hoithi.ledger"]._append(
                objection.contest_id,
                "objection.answered",
                objection,
                {"outcome": objection.outcome},
                objection.entry_id,
            )
        return True

    def action_ask_decide(self):
        """Show the answer as the authors will read it, then ask whether it is given."""
        self.ensure_one()
        self._check_decides()
        return self._ask_act("action_decide", self.env._("Decide on the Objection"))

    def _preview_decide(self):
        """Return what giving the proposed answer does."""
        self.ensure_one()
        self._check_decides()
        outcomes = dict(self._fields["outcome"]._description_selection(self.env))
        return Preview(
            [
                self.env._(
                    "tells who filed it and the authors: %(outcome)s – %(answer)s",
                    outcome=outcomes.get(self.outcome, ""),
                    answer=self.answer or "",
                ),
                self.env._("ends the objection: the answer stays as it is"),
            ],
            (self._try_check(lambda: self._check_transition("answered")),),
            (
                self.env._(
                    "The result isn't changed by this: what an upheld objection asks "
                    "for, the council decides anew."
                ),
            )
            if self.outcome == "upheld"
            else (),
        )

    def action_ask_pass_on(self):
        """Open the dialog that asks for what `action_pass_on` needs."""
        return self._ask_reason("action_pass_on", self.env._("The Chair is Absent"))

    def action_pass_on(self, reason=None):
        """Pass the decision on to the deputy, as who decides is absent for long.

        Of several who may decide the first is absent; the others may be there.

        :param reason: recorded with the objection
        :raises AccessError: for anyone but a secretary
        :raises UserError: for an own entry or an own objection, for one that is
            answered, and where nobody else can decide
        """
        self._check_may_pass_on()
        reason = self._clean_reason(reason)
        for objection in self:
            absent = objection._get_deciding_seats()[:1]
            if not objection.is_open or not absent:
                raise UserError(
                    self.env._(
                        "Nobody's absence keeps “%s” from its answer.",
                        objection.display_name,
                    )
                )
            deciders = objection._get_deciding_seats(absent).user_id
            if not deciders:
                raise UserError(objection._tell_no_decider())
            # who decides is written by this act alone
            objection.sudo()._open_door().absent_ids |= absent
            objection._message_act(
                body=self.env._(
                    "%(absent)s being absent, %(deciders)s decide on it: %(reason)s",
                    absent=", ".join(absent.mapped("display_name")),
                    deciders=", ".join(deciders.mapped("name")),
                    reason=reason,
                )
            )
            objection._tell_proposed(deciders)
        return True

    def action_ask_end_absence(self):
        """Open the dialog that asks for what `action_end_absence` needs."""
        return self._ask_reason("action_end_absence", self.env._("The Chair is Back"))

    def action_end_absence(self, reason=None):
        """Take back that somebody is absent: the decision is theirs again.

        :param reason: recorded with the objection
        :raises AccessError: for anyone but a secretary
        :raises UserError: for an own entry or an own objection, for one that is
            answered, and where nobody is recorded as absent
        """
        self._check_may_pass_on()
        reason = self._clean_reason(reason)
        for objection in self:
            back = objection.absent_ids
            if not objection.is_open or not back:
                raise UserError(
                    self.env._(
                        "Nobody who would decide on “%s” is recorded as absent.",
                        objection.display_name,
                    )
                )
            before = objection._get_deciders()
            # as above
            objection.sudo()._open_door().absent_ids = False
            deciders = objection._get_deciders()
            objection._message_act(
                body=self.env._(
                    "%(back)s not being absent any more, %(deciders)s decide on it: "
                    "%(reason)s",
                    back=", ".join(back.mapped("display_name")),
                    deciders=", ".join(deciders.mapped("name")),
                    reason=reason,
                )
            )
            objection._tell_proposed(deciders - before)
        return True

    def action_ask_withdraw(self):
        """Open the dialog that asks for what `action_withdraw` needs."""
        return self._ask_reason("action_withdraw", self.env._("Withdraw"))

    def action_withdraw(self, reason=None):
        """Take an own objection back before it is answered.

        :param reason: recorded, and told to the secretary
        :raises AccessError: for anyone but who filed it
        """
        self.check_access("read")
        self._check_transition("withdrawn")
        if not self.env.su and self.partner_id != self.env.user.partner_id:
            raise AccessError(self.env._("Only who filed an objection takes it back."))
        reason = self._clean_reason(reason)
        # who filed it may change nothing of it but this
        own_sudo = self.sudo()
        awaited = {
            objection: objection._get_readers(objection.contest_id.secretary_ids)
            for objection in own_sudo
        }
        own_sudo._move("withdrawn", withdraw_reason=reason)
        own_sudo._end_reminders()
        self.env["hoithi.notice"]._announce(
            "objection_withdrawn",
            {one: secretaries.partner_id for one, secretaries in awaited.items()},
        )
        return True

    # BUSINESS

    @api.model
    def _get_hidden_standing_ids(self):
        # of the own entry or objection, what is only proposed is nobody's to know, also
        # afterwards; what is given is told to them
        partner = self.env.user.partner_id
        own_sudo = self.sudo().search(
            [
                "|",
                ("partner_id", "=", partner.id),
                ("entry_id.author_ids", "any", [("partner_id", "=", partner.id)]),
            ]
        )
        return (
            *super()._get_hidden_standing_ids(),
            *own_sudo.entry_id.ids,
        )

    def _check_not_filed(self):
        """Refuse to let somebody answer what they filed themselves."""
        for objection in self if not self.env.su else ():
            if objection.partner_id == self.env.user.partner_id:
                raise UserError(
                    self.env._(
                        "You filed “%s” yourself: another secretary answers it.",
                        objection.display_name,
                    )
                )

    def _check_may_pass_on(self):
        """Refuse to let anybody say who decides but a secretary who isn't concerned."""
        self.entry_id._check_office()
        self.entry_id._check_impartial()
        self._check_not_filed()

    def _tell_proposed(self, deciders):
        """Tell users that an answer waits for their decision, if one does."""
        self.ensure_one()
        if self.state == "proposed":
            self.env["hoithi.notice"]._announce(
                "objection_proposed",
                {self: deciders.partner_id},
                occasion=fields.Datetime.to_string(fields.Datetime.now()),
            )

    def _filter_decided_by_caller(self):
        """Return those of these objections on which the caller decides."""
        # who competes is compared once for each contest, and shown to nobody
        decided = self.browse()
        for contest_sudo, objections_sudo in self.sudo().grouped("contest_id").items():
            gaining = contest_sudo._get_gaining_seats()
            decided |= objections_sudo.with_env(self.env).filtered(
                lambda one, gaining=gaining: self.env.user in one._get_deciders(gaining)
            )
        return decided

    def _get_deciders(self, gaining=None):
        """Return who decides: the chair, else the deputies, else the leaders.

        Whoever wrote the entry, competes with it or is in a conflict with it, doesn't.

        :param gaining: who competes, see `hoithi.contest._get_gaining_seats`
        """
        self.ensure_one()
        # as for the seats
        entry_sudo = self.sudo().entry_id
        if entry_sudo.contest_id.council_id:
            return self._get_deciding_seats(gaining=gaining).user_id
        concerned = entry_sudo.author_ids.partner_id | self.sudo().partner_id
        return entry_sudo.contest_id._get_leaders().filtered(
            lambda user: (
                user.partner_id not in concerned
                and not entry_sudo.contest_id.with_user(user)._get_own_competing()
            )
        )

    def _get_deciding_seats(self, absent=(), gaining=None):
        """Return the seats of the council that decide: of the chair, else the deputies.

        Neither authors of the entry or of one that competes with it, nor those in a
        conflict, nor whose absence is recorded.

        :param absent: seats that are absent as well
        :param gaining: see `_get_deciders`
        """
        self.ensure_one()
        # who is concerned is asked here, and shown to nobody
        own_sudo = self.sudo()
        entry_sudo = own_sudo.entry_id
        concerned = entry_sudo.author_ids.partner_id | own_sudo.partner_id
        if gaining is None:
            gaining = entry_sudo.contest_id._get_gaining_seats()
        return entry_sudo._get_deciding_seats(
            concerned, {*own_sudo.absent_ids, *absent, *gaining}
        )

    def _tell_no_decider(self):
        return self.env._(
            "Nobody can decide on “%s”: the chair and the deputies are its authors, "
            "compete with it, are in a conflict or absent. Give the council another "
            "deputy first.",
            self.display_name,
        )

    def _check_decides(self):
        self.check_access("read")
        for objection in self if not self.env.su else ():
            if self.env.user not in objection._get_deciders():
                raise AccessError(
                    self.env._(
                        "The chair of the council decides on objections, or a deputy "
                        "where the chair is concerned."
                    )
                )
        self.entry_id._check_no_rivals()

    def _remind_secretaries(self):
        """Put the objection on the secretaries' lists of what there is to do."""
        for objection in self:
            # who files it may plan nothing for others but this
            objection_sudo = objection.sudo().with_context(
                mail_activity_quick_update=True
            )
            for secretary in objection_sudo._get_readers(
                objection_sudo.contest_id.secretary_ids
            ):
                lang = secretary.partner_id._hoithi_get_lang()
                objection_sudo.activity_schedule(
                    "mail.mail_activity_data_todo",
                    user_id=secretary.id,
                    summary=objection_sudo.with_context(lang=lang).env._(
                        "Propose an answer to the objection"
                    ),
                )

    def _get_readers(self, users):
        """Return those of `users` who may see it, which one in conflict may not."""
        self.ensure_one()
        return users.filtered(lambda user: self.with_user(user).has_access("read"))

    def _end_reminders(self):
        # one secretary answers, and the activities of the others are done with it
        self.sudo().activity_ids.unlink()

    def _get_portal_path(self):
        self.ensure_one()
        # its authors' page, whoever writes the letter
        return f"{self.sudo().entry_id._get_portal_path()}#hoithi_objections"
