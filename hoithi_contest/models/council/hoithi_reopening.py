from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ...lib.guard import moments
from ...lib.guard.texts import is_blank
from ...tools import format_money
from ..contest.hoithi_preview_mixin import Preview
from ..guard.hoithi_states import ELIGIBLE, TURNED_AWAY, UNFINISHED, state_flag
from ..guard.hoithi_workflow_mixin import Transition
from .hoithi_award import LEVELS
from .hoithi_scan_mixin import EXTENSIONS, MAX_MB

SECRETARY = ("hoithi_contest.group_secretary",)
#: After how many days an open one is overdue.
REMINDED_AFTER = timedelta(days=14)
#: Kinds that give an entry another outcome, and the entries that they are for.
OUTCOMES = {"outcome": ELIGIBLE, "admission": TURNED_AWAY}
#: What is reopened, by kind: the field that names it.
TARGETS = {"award": "award_id", "nomination": "line_id"}

#: What whoever records the decision says of it, for good.
GIVEN = {
    "entry_id",
    "kind",
    "award_id",
    "award_level",
    "line_id",
    "objection_id",
    "decision_number",
    "decision_date",
    "decided_by",
    "scan_ids",
    "reason",
}


class HoithiReopening(models.Model):
    """One decision of a closed contest that another decision, which names it, reopens.

    The secretary records the decision with its number, its date, whose it is and the
    paper itself. The chair or a leader confirms it, never who recorded it; from then on
    the secretary sets right that one award, outcome or result of a nomination, and all
    else stays shut. A vote stays as it was cast. What stood before and stands now is in
    the ledger, and the authors are told as it is reopened and as it is closed again.
    Papers that say otherwise are cured by other papers.
    """

    _name = "hoithi.reopening"
    _description = "Reopened Decision"
    _inherit = [
        "mail.thread",
        "mail.activity.mixin",
        "hoithi.file.mixin",
        "hoithi.workflow.mixin",
        "hoithi.preview.mixin",
        "hoithi.clock.mixin",
    ]
    _order = "opened_on desc, id desc"
    _rec_name = "decision_number"
    _clock_path = "entry_id.contest_id"

    _transitions = (
        # who may, depends on who recorded it
        Transition("asked", "open", "action_confirm"),
        Transition("asked", "denied", "action_deny", (), True),
        Transition("open", "done", "action_finish", SECRETARY),
        *(
            Transition(state, "dropped", "action_drop", SECRETARY, True)
            for state in UNFINISHED
        ),
    )

    _file_fields = ("scan_ids",)
    _previews = {
        "action_confirm": "_preview_confirm",
        "action_finish": "_preview_finish",
        "action_strike": "_preview_strike",
    }

    _given_fields = GIVEN
    _fixed_fields = {
        # what is confirmed is what follows
        "confirmed_on": {"new_outcome"},
        "closed_on": {"new_outcome"},
    }

    entry_id = fields.Many2one(
        "hoithi.entry",
        required=True,
        ondelete="restrict",
        index=True,
        domain="[('contest_id.state', '=', 'closed')]",
    )
    contest_id = fields.Many2one(related="entry_id.contest_id", store=True, index=True)
    company_id = fields.Many2one(
        related="entry_id.company_id", store=True, string="Department"
    )
    kind = fields.Selection(
        [
            ("award", "Award"),
            ("outcome", "Outcome of the council"),
            ("admission", "Refusal or disqualification"),
            ("nomination", "Result of the nomination"),
        ],
        string="What is reopened",
        required=True,
        default="award",
    )
    award_id = fields.Many2one(
        "hoithi.award",
        ondelete="set null",
        index="btree_not_null",
        domain="[('entry_id', '=', entry_id)]",
        help="Empty: an award for an entry that has none.",
    )
    award_level = fields.Selection(
        LEVELS,
        string="Level of the award that is given",
        default="unit",
        help="Where the entry has none: no award of another level is given by this.",
    )
    line_id = fields.Many2one(
        "hoithi.nomination.line",
        string="Nominated entry",
        ondelete="restrict",
        index="btree_not_null",
        domain="[('entry_id', '=', entry_id), ('nomination_id.state', '=', 'decided')]",
    )
    objection_id = fields.Many2one(
        "hoithi.objection",
        ondelete="restrict",
        index="btree_not_null",
        domain="[('entry_id', '=', entry_id), ('state', '=', 'answered')]",
        help="The objection that led to it, if any.",
    )
    decision_number = fields.Char(string="Decision number", required=True)
    decision_date = fields.Date(string="Decided on", required=True)
    decided_by = fields.Char(
        required=True, help="Who decided it, as the decision says: post and office."
    )
    scan_ids = fields.Many2many(
        "ir.attachment",
        "hoithi_reopening_scan_rel",
        "reopening_id",
        "attachment_id",
        string="The decision itself",
        copy=False,
        help="The signed paper as a scan: PDF, JPG or PNG.",
    )
    reason = fields.Text(required=True)
    new_outcome = fields.Selection(
        [("selected", "Selected"), ("not_selected", "Not selected")],
        string="Outcome from now on",
        copy=False,
    )
    state = fields.Selection(
        [
            ("asked", "To be confirmed"),
            ("open", "Reopened"),
            ("done", "Closed again"),
            ("denied", "Not confirmed"),
            ("dropped", "Taken back"),
        ],
        default="asked",
        required=True,
        copy=False,
        tracking=True,
        group_expand=True,
    )
    is_unfinished = state_flag("Reopened, or to be confirmed", UNFINISHED)
    can_confirm = fields.Boolean(compute="_compute_can_confirm")
    before = fields.Char(string="Stood before", readonly=True, copy=False)
    former_rank = fields.Char(
        readonly=True, copy=False, export_string_translation=False
    )
    after = fields.Char(string="Stands now", readonly=True, copy=False)
    opened_on = fields.Datetime(string="Recorded on", readonly=True, copy=False)
    opened_by_id = fields.Many2one(
        "res.users", string="Recorded by", readonly=True, copy=False
    )
    confirmed_on = fields.Datetime(readonly=True, copy=False)
    confirmed_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    deny_reason = fields.Text(
        string="Why it isn't confirmed", readonly=True, copy=False
    )
    closed_on = fields.Datetime(string="Closed again on", readonly=True, copy=False)
    closed_by_id = fields.Many2one(
        "res.users", string="Closed again by", readonly=True, copy=False
    )
    drop_reason = fields.Text(string="Why it was taken back", readonly=True, copy=False)

    _one_award = models.UniqueIndex(
        "(award_id) WHERE state IN ('asked', 'open') AND award_id IS NOT NULL",
        "This award is reopened already.",
    )
    _one_line = models.UniqueIndex(
        "(line_id) WHERE state IN ('asked', 'open') AND line_id IS NOT NULL",
        "This result is reopened already.",
    )
    _check_target = models.Constraint(
        "CHECK (CASE kind WHEN 'nomination' THEN line_id IS NOT NULL"
        " AND award_id IS NULL WHEN 'award' THEN line_id IS NULL"
        " ELSE line_id IS NULL AND award_id IS NULL END)",
        "Name the one decision that is reopened.",
    )

    # COMPUTE

    @api.depends("state", "opened_by_id")
    @api.depends_context("uid")
    def _compute_can_confirm(self):
        for reopening in self:
            reopening.can_confirm = (
                reopening._origin.state == "asked"
                and self.env.user in reopening._origin._get_confirmers()
            )

    # CONSTRAINTS

    @api.constrains(
        "entry_id", "kind", "award_id", "line_id", "objection_id", "decision_date"
    )
    def _check_named(self):
        for reopening in self:
            name = TARGETS.get(reopening.kind)
            # what it is about is compared, whoever records the decision
            target_sudo = reopening.sudo()[name] if name else None
            if target_sudo and target_sudo.entry_id != reopening.sudo().entry_id:
                raise ValidationError(
                    self.env._("What is reopened must be the entry's own.")
                )
            if reopening.kind == "nomination" and not target_sudo.is_decided:
                raise ValidationError(
                    self.env._("The province hasn't decided on this nomination yet.")
                )
            reopening._check_outcome_given()
            # as above
            objection_sudo = reopening.sudo().objection_id
            if objection_sudo and (
                objection_sudo.entry_id != reopening.sudo().entry_id
                or objection_sudo.state != "answered"
            ):
                raise ValidationError(
                    self.env._(
                        "Choose an objection to the result of this entry that has been "
                        "answered."
                    )
                )
            if reopening.decision_date > reopening.contest_id.sudo()._get_today():
                raise ValidationError(
                    self.env._("A decision is recorded once it is made.")
                )

    def _check_outcome_given(self):
        """Refuse to reopen an outcome that the entry hasn't.

        :raises ValidationError: telling what is reopened instead
        """
        self.ensure_one()
        # as above
        state = self.sudo().entry_id.state
        if state in OUTCOMES.get(self.kind, (state,)):
            return
        if state in TURNED_AWAY:
            raise ValidationError(
                self.env._(
                    "The council hasn't decided on this entry, it left before: reopen "
                    "its refusal or disqualification instead."
                )
            )
        if self.kind == "admission":
            raise ValidationError(
                self.env._("This entry was neither refused nor disqualified.")
            )
        raise ValidationError(
            self.env._(
                "The council hasn't decided on this entry: its authors took it back "
                "before, or never handed it in."
            )
        )

    # CRUD

    @api.model_create_multi
    def create(self, vals_list):
        is_begun = all(vals.get("state", "asked") == "asked" for vals in vals_list)
        if self._is_data_load() or not is_begun:
            # the door for states refuses what doesn't begin as it should
            return super().create(vals_list)
        vals_list = self._check_given(vals_list)
        self._check_office()
        for vals in vals_list:
            for name in ("decision_number", "decided_by", "reason"):
                if is_blank(vals.get(name) or ""):
                    label = self.fields_get([name], ["string"])[name]["string"]
                    raise UserError(
                        self.env._(
                            "A decision is reopened by another one, which is named: "
                            "“%s” is missing.",
                            label,
                        )
                    )
        entries = self.env["hoithi.entry"].browse(
            {vals["entry_id"] for vals in vals_list if vals.get("entry_id")}
        )
        entries.check_access("read")
        entries._check_not_own()
        entries._check_no_rivals()
        self._check_closed(entries)
        for vals in vals_list:
            self._check_alone(vals)
        now = fields.Datetime.now()
        reopenings = (
            super(HoithiReopening, self._open_door())
            .create(
                [
                    {
                        **vals,
                        **self._get_level(vals),
                        "opened_on": now,
                        "opened_by_id": self.env.uid,
                    }
                    for vals in vals_list
                ]
            )
            .with_env(self.env)
        )
        for reopening in reopenings:
            reopening._check_paper()
            reopening._check_new_outcome()
            confirmers = reopening._get_confirmers()
            if not confirmers:
                raise UserError(reopening._tell_no_confirmer())
            reopening._open_door().write(
                {
                    "before": reopening._tell_target(),
                    # what the line says, whoever may read the list
                    "former_rank": reopening.sudo().line_id.result_rank,
                }
            )
            reopening._record("decision.asked", reopening._get_paper_facts())
            reopening._log(
                self.env._(
                    "To be reopened by decision %(number)s of %(day)s (%(who)s), once "
                    "that is confirmed: %(before)s. %(reason)s",
                    number=reopening.decision_number,
                    day=moments.write_day(reopening.decision_date),
                    who=reopening.decided_by,
                    before=reopening.before,
                    reason=reopening.reason,
                )
            )
            self.env["hoithi.notice"]._announce(
                "decision_asked", {reopening: confirmers.partner_id}
            )
        return reopenings

    def write(self, vals):
        if "new_outcome" in vals and not self._is_guard_open():
            self.check_access("write")
            self.entry_id._check_no_rivals()
        result = super().write(vals)
        if vals.get("state", "open") not in UNFINISHED:
            # whoever closes it may hold none of the reminders
            self.sudo().activity_ids.unlink()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("A reopened decision stays on record."))

    # ACTION

    def action_confirm(self):
        """Confirm that the decision is there and says so: what it names is reopened.

        The authors are told, and the secretaries that it is theirs to set right.

        :raises AccessError: for anyone but the chair and the leaders, for who recorded
            it, wrote the entry or is in a conflict with it
        :raises UserError: where what it reopens isn't any more what it was
        """
        self._check_transition("open")
        self._check_confirms()
        self._check_confirmable()
        now = fields.Datetime.now()
        # who confirms may write nothing of it but that
        for reopening in self.sudo():
            reopening._move("open", confirmed_on=now, confirmed_by_id=self.env.uid)
            reopening._record("decision.reopened", reopening._get_paper_facts())
            reopening._log(
                self.env._(
                    "Reopened by decision %(number)s, as %(who)s confirms: %(before)s",
                    number=reopening.decision_number,
                    who=self.env.user.name,
                    before=reopening.before,
                )
            )
            reopening._remind_secretaries()
            reopening._tell_authors("decision_reopened", now)
        return True

    def action_ask_confirm(self):
        """Show what is reopened and what keeps it, then ask."""
        self.ensure_one()
        self._check_confirms()
        return self._ask_act("action_confirm", self.env._("Confirm the Reopening"))

    def _preview_confirm(self):
        """Return what confirming the decision does."""
        self.ensure_one()
        self._check_confirms()
        return Preview(
            [
                self.env._("reopens this alone: %s", self.before),
                self.env._(
                    "tells the authors, and the secretaries that it is theirs to set "
                    "right"
                ),
            ],
            (
                self._try_check(lambda: self._check_transition("open")),
                self._try_check(self._check_confirmable),
            ),
            (
                self.env._(
                    "Have you read decision %s itself, and does it say so?",
                    self.decision_number,
                ),
            ),
        )

    def action_ask_deny(self):
        """Open the dialog that asks for what `action_deny` needs."""
        return self._ask_reason("action_deny", self.env._("Don't Confirm"))

    def action_deny(self, reason=None):
        """Say that the decision isn't there, or says something else: all stays shut.

        :param reason: told to who recorded it, and kept
        :raises AccessError: as :meth:`action_confirm`
        """
        self._check_transition("denied")
        self._check_confirms()
        reason = self._clean_reason(reason)
        now = fields.Datetime.now()
        # as above
        for reopening in self.sudo():
            reopening._end("denied", now, deny_reason=reason)
            reopening._record("decision.denied", {"reason": reason})
            reopening._log(
                self.env._(
                    "Decision %(number)s isn't confirmed: %(reason)s",
                    number=reopening.decision_number,
                    reason=reason,
                )
            )
            self.env["hoithi.notice"]._announce(
                "decision_denied", {reopening: reopening.opened_by_id.partner_id}
            )
        return True

    def action_strike(self):
        """Take the reopened award away, as the decision says.

        :raises AccessError: for anyone but a secretary
        :raises UserError: unless an award is reopened
        """
        self._check_office()
        self._check_strikable()
        for reopening in self:
            # nobody deletes an award of a closed contest but by this act
            reopening.award_id.sudo()._open_door().unlink()
        return True

    def action_ask_strike(self):
        """Show which award is taken away and what keeps it, then ask."""
        self.ensure_one()
        self._check_office()
        return self._ask_act("action_strike", self.env._("Take the Award Away"))

    def _preview_strike(self):
        """Return what taking the award away does."""
        self.ensure_one()
        self._check_office()
        return Preview(
            [
                self.env._("takes away: %s", self._tell_target()),
                self.env._(
                    "tells nobody yet: the authors are told once the decision is "
                    "closed again"
                ),
            ],
            (self._try_check(self._check_strikable),),
        )

    def action_finish(self):
        """Close the decision again as it stands now, and record it.

        The authors are told, whether it says something else now or the same.

        :raises AccessError: for anyone but a secretary
        :raises UserError: for an own entry, while its contest runs, and where an
            outcome isn't given or the province has the entry
        """
        self._check_transition("done")
        self.check_access("write")
        self._check_finishable()
        for reopening in self:
            reopening._apply()
            now = fields.Datetime.now()
            reopening._end("done", now)
            is_kept = reopening.after == reopening.before
            reopening._record("decision.changed", {"is_changed": not is_kept})
            reopening._log(
                self.env._(
                    "Closed again: %(before)s → %(after)s",
                    before=reopening.before,
                    after=reopening.after,
                )
            )
            reopening._tell_authors(
                "decision_kept" if is_kept else "decision_changed", now
            )
        return True

    def action_ask_finish(self):
        """Show what stands from now on and what keeps it, then ask."""
        self.ensure_one()
        self.check_access("write")
        return self._ask_act("action_finish", self.env._("Close the Decision Again"))

    def _preview_finish(self):
        """Return what closing the decision again does."""
        self.ensure_one()
        self.check_access("write")
        becomes = self._tell_outcome()
        is_kept = becomes == self.before
        return Preview(
            [
                self.env._("records that nothing changes: %s", self.before)
                if is_kept
                else self.env._(
                    "records what changes: %(before)s → %(after)s",
                    before=self.before,
                    after=becomes,
                ),
                self.env._("tells the authors, and shuts the decision again"),
            ],
            (
                self._try_check(lambda: self._check_transition("done")),
                self._try_check(self._check_finishable),
            ),
            (
                self.env._(
                    "Nothing was changed yet: set right what the decision says first."
                ),
            )
            if is_kept
            else (),
        )

    def action_ask_drop(self):
        """Open the dialog that asks for what `action_drop` needs."""
        return self._ask_reason("action_drop", self.env._("Take the Reopening Back"))

    def action_drop(self, reason=None):
        """Take back a reopening that was recorded by mistake.

        The authors hear of it where they were told that it was confirmed.

        :param reason: recorded in the ledger, and in the entry's log
        :raises AccessError: for anyone but a secretary
        :raises UserError: for an own entry, and once something has been changed
        """
        self._check_transition("dropped")
        self.check_access("write")
        self.entry_id._check_not_own()
        self.entry_id._check_no_rivals()
        reason = self._clean_reason(reason)
        for reopening in self:
            # before it is confirmed, nothing is changed by it
            if reopening.state == "open" and not reopening._is_as_before():
                raise UserError(
                    self.env._(
                        "By “%s” something has been changed already: set it right, and "
                        "close the decision again.",
                        reopening.display_name,
                    )
                )
        now = fields.Datetime.now()
        for reopening in self:
            was_open = reopening.state == "open"
            reopening._end("dropped", now, drop_reason=reason)
            reopening._record("decision.dropped", {"reason": reason})
            reopening._log(
                self.env._(
                    "The reopening by decision %(number)s is taken back: %(reason)s",
                    number=reopening.decision_number,
                    reason=reason,
                )
            )
            if was_open:
                reopening._tell_authors("decision_kept", now)
        return True

    # BUSINESS

    def _check_confirmable(self):
        """Refuse a decision that nobody can read, or that isn't about what it was.

        :raises UserError: telling what keeps it
        """
        self._check_closed(self.entry_id)
        self._check_readable()
        # who confirms may read neither entry nor award
        for reopening in self.sudo():
            reopening._check_named()
            if not reopening._is_as_before():
                raise UserError(
                    self.env._(
                        "What “%s” reopens was changed since it was recorded: don't "
                        "confirm it, so that it is recorded anew.",
                        reopening.display_name,
                    )
                )

    def _check_strikable(self):
        """Refuse to take an award away that no decision reopens.

        :raises UserError: telling why, also for an own entry or that of a rival
        """
        self.entry_id._check_not_own()
        self.entry_id._check_no_rivals()
        self._check_closed(self.entry_id)
        for reopening in self:
            if reopening.state != "open" or not reopening.award_id:
                raise UserError(self.env._("No award is reopened by this decision."))

    def _check_finishable(self):
        """Refuse to close a decision again whose outcome can't be what it says.

        :raises UserError: telling what comes first, also for an own entry
        """
        self.entry_id._check_not_own()
        self.entry_id._check_no_rivals()
        self._check_closed(self.entry_id)
        for reopening in self:
            reopening._check_outcome()

    def _end(self, state, now, **values):
        """Close the decision again: what stands then, when, and by whom."""
        self._move(
            state,
            after=self._tell_after(),
            closed_on=now,
            closed_by_id=self.env.uid,
            **values,
        )

    def _check_file_content(self, file_sudo):
        self.env["hoithi.dossier.item"]._check_named_file(
            self.env._("Scan of the decision"),
            EXTENSIONS,
            MAX_MB,
            file_sudo.name,
            file_sudo.raw or b"",
        )

    def _has_paper(self):
        """Tell whether the decision itself is there, for who confirms it to read."""
        self.ensure_one()
        # it was looked at as the record took it
        return bool(self.sudo().scan_ids)

    def _check_paper(self):
        """Refuse to record a decision that nobody can read.

        :raises UserError: telling what to add
        """
        if not self._has_paper():
            raise UserError(
                self.env._(
                    "Add the decision itself: the scan of the signed paper, or the "
                    "document that was issued here."
                )
            )

    def _check_readable(self):
        """Hook: refuse who confirms a decision without the right to read it."""

    def _get_paper_facts(self):
        """Return by what the ledger knows the decision's paper."""
        self.ensure_one()
        # as above
        return {"files": sorted(self.sudo().scan_ids.mapped("kept_sha256"))}

    def _get_confirmers(self):
        """Return who may confirm it: the chair, or who stands in, and the leaders.

        Nobody confirms what was recorded from any login of the own, nor anything about
        an entry that is the own, that competes with the own or that a conflict keeps
        from them.
        """
        self.ensure_one()
        # who they are is compared, and shown to nobody
        own_sudo = self.sudo()
        entry_sudo = own_sudo.entry_id
        asker = own_sudo.opened_by_id
        lines_sudo = entry_sudo.author_ids
        staff_sudo = lines_sudo.employee_id
        # by whichever login they are named
        concerned = (
            lines_sudo.partner_id
            | staff_sudo.work_contact_id
            | staff_sudo.user_id.partner_id
        )
        if asker:
            concerned |= self.env["hoithi.person"]._get_contacts(asker)
        gaining = entry_sudo.contest_id._get_gaining_seats()
        users = entry_sudo._get_deciding_seats(concerned, gaining).user_id
        barred = entry_sudo._get_barred_seats().user_id
        # the members of a group are the administrator's to read
        leaders_sudo = self.env.ref("hoithi_contest.group_leader").sudo().all_user_ids
        users |= leaders_sudo.filtered(
            lambda user: (
                entry_sudo.company_id in user.company_ids
                and user.partner_id not in concerned
                and user not in barred
                and not entry_sudo.contest_id.with_user(user)._get_own_competing()
            )
        )
        return users.sudo(self.env.su)

    def _tell_no_confirmer(self):
        return self.env._(
            "Nobody can confirm that “%s” is reopened: chair, deputies and leaders are "
            "its authors, compete with it, are in a conflict, or yourself. Give the "
            "council another deputy, or somebody else the leader's role, first.",
            self.entry_id.display_name,
        )

    def _check_confirms(self):
        self.check_access("read")
        for reopening in self if not self.env.su else ():
            if self.env.user not in reopening._get_confirmers():
                raise AccessError(
                    self.env._(
                        "The chair of the council or a leader confirms it, who neither "
                        "recorded it nor is concerned."
                    )
                )

    def _tell_authors(self, kind, moment):
        """Tell the authors of the entry, also where a conflict hides it."""
        self.ensure_one()
        # authors hear of it whoever may read who they are
        entry_sudo = self.entry_id.sudo()
        entry_sudo._announce(kind, entry_sudo._get_author_partners(), moment)

    @api.model
    def _check_office(self):
        if not self.env.su and not self.env.user.has_groups(",".join(SECRETARY)):
            raise AccessError(
                self.env._("The secretary records which decision is reopened.")
            )

    @api.model
    def _get_level(self, vals):
        """Return the level of the reopened award, to stay where it is struck.

        :param vals: of a new record
        :return: as a value of it
        """
        # that it is the entry's own is checked once the decision is made
        award_sudo = self.env["hoithi.award"].sudo().browse(vals.get("award_id"))
        return {"award_level": award_sudo.level} if award_sudo else {}

    @api.model
    def _check_closed(self, entries):
        """Refuse entries of contests that go on.

        :raises UserError: naming the contest
        """
        # whoever may read the contest or not
        for contest_sudo in entries.sudo().contest_id:
            if contest_sudo.state != "closed":
                raise UserError(
                    self.env._(
                        "“%s” isn't closed: what is decided there is changed by its "
                        "own acts.",
                        contest_sudo.name,
                    )
                )

    @api.model
    def _check_alone(self, vals):
        """Refuse to reopen at once twice what one decision says.

        :param vals: of a new record
        """
        same = [
            (name, "=", vals.get(name) or False)
            for name in ("entry_id", *TARGETS.values())
        ]
        kind = vals.get("kind") or "award"
        if self.search_count([*same, ("kind", "=", kind), ("state", "in", UNFINISHED)]):
            raise UserError(self.env._("This decision is reopened already."))

    def _tell_target(self):
        """Return in a phrase what the reopened decision says."""
        self.ensure_one()
        # what one decision says, to who may record that it is reopened
        own_sudo = self.sudo()
        if self.kind in OUTCOMES:
            entry_sudo = own_sudo.entry_id
            return entry_sudo._get_state_label(entry_sudo.state)
        if self.kind == "award":
            award_sudo = own_sudo.award_id
            if not award_sudo:
                return self.env._("no award")
            levels = dict(award_sudo._fields["level"]._description_selection(self.env))
            return self._join_parts(
                levels[award_sudo.level],
                award_sudo._get_kind_name(),
                award_sudo.amount and award_sudo._format_amount(),
                award_sudo.decision_number,
            )
        line_sudo = own_sudo.line_id
        return self._join_parts(
            line_sudo._get_kind_name() or self.env._("no award"),
            line_sudo.amount
            and format_money(self.env, line_sudo.amount, line_sudo.currency_id),
        )

    def _is_as_before(self):
        """Tell whether the decision says what it said when it was recorded.

        That was noted in the language of who recorded it, which may be another than
        the caller's.
        """
        self.ensure_one()
        languages = [None, *dict(self.env["res.lang"].get_installed())]
        return any(
            self.with_context(lang=lang)._tell_target() == self.before
            for lang in languages
        )

    def _tell_after(self):
        """Return what the decision says now: in the same words where it is the same."""
        return self.before if self._is_as_before() else self._tell_target()

    def _join_parts(self, *parts):
        return ", ".join(filter(None, parts))

    def _apply(self):
        """Let follow what hangs on the reopened decision."""
        self.ensure_one()
        # who records the decision may change nothing of it but this
        own_sudo = self.sudo()
        entry_sudo = own_sudo.entry_id
        if self.kind in OUTCOMES:
            self._apply_outcome(entry_sudo)
        elif self.kind == "nomination":
            self._apply_result(entry_sudo, own_sudo.line_id)

    def _check_new_outcome(self):
        """Refuse to reopen an outcome without saying what follows.

        :raises UserError: where nothing is said
        """
        if self.kind in OUTCOMES and not self.new_outcome:
            raise UserError(
                self.env._("Say whether the entry is selected from now on or not.")
            )

    def _tell_outcome(self):
        """Return what the decision says once it is closed again."""
        self.ensure_one()
        if not self.new_outcome or not self._changes_outcome():
            return self._tell_after()
        # what one decision says, as above
        return self.sudo().entry_id._get_state_label(self.new_outcome)

    def _changes_outcome(self):
        """Tell whether the entry gets another outcome by the decision."""
        self.ensure_one()
        # as above
        state = self.sudo().entry_id.state
        is_in = self.new_outcome == "selected"
        return self.kind in OUTCOMES and (
            state != self.new_outcome and not (is_in and state == "nominated")
        )

    def _check_outcome(self):
        """Refuse an outcome that isn't said, or that the province's list forbids.

        :raises UserError: telling what comes first
        """
        self._check_new_outcome()
        # as above
        entry_sudo = self.sudo().entry_id
        if self._changes_outcome() and entry_sudo.state == "nominated":
            self._check_off_nomination(entry_sudo)

    def _apply_outcome(self, entry_sudo):
        self._check_outcome()
        if not self._changes_outcome():
            return
        is_in = self.new_outcome == "selected"
        entry_sudo._move(
            self.new_outcome,
            decided_on=fields.Datetime.now(),
            not_selected_reason=False if is_in else self.reason,
            **(entry_sudo._get_readmitted() if self.kind == "admission" else {}),
        )

    def _check_off_nomination(self, entry_sudo):
        """Refuse to leave out a nominated entry while the province may award it.

        :raises UserError: telling what comes first
        """
        # what the province decided, whoever may read the list
        lines_sudo = self.env["hoithi.nomination.line"].sudo()
        last_sudo = lines_sudo.search(
            [("entry_id", "=", entry_sudo.id)], order="id desc", limit=1
        )
        if not last_sudo.is_decided:
            raise UserError(
                self.env._(
                    "The province has “%s”: press “Returned by Province” on the "
                    "nomination and take the entry off it first.",
                    entry_sudo.display_name,
                )
            )
        if last_sudo.result_rank and last_sudo.result_rank != "none":
            raise UserError(
                self.env._(
                    "The province gave “%s” an award: record first, as “Result of the "
                    "nomination”, that it took the award back.",
                    entry_sudo.display_name,
                )
            )

    def _apply_result(self, entry_sudo, line_sudo):
        """Let the award of the province be what the line says.

        What the province gave besides, as to one of the authors, is none of the list's.
        """
        if self._is_as_before():
            return
        awards_sudo = entry_sudo.award_ids.filtered(
            lambda award: award.level == "province" and award.target == "entry"
        )
        award_sudo = awards_sudo.filtered(lambda a: a.rank == self.former_rank)
        award_sudo = award_sudo or awards_sudo.filtered("is_place")
        award_sudo = award_sudo._open_door()
        if not line_sudo.result_rank or line_sudo.result_rank == "none":
            award_sudo.unlink()
            return
        values = {
            "rank": line_sudo.result_rank,
            "amount": line_sudo.amount,
            "currency_id": line_sudo.currency_id.id,
        }
        if award_sudo:
            award_sudo.write(values)
            return
        award_sudo.create(
            {
                **values,
                "entry_id": entry_sudo.id,
                "level": "province",
                "decision_number": self.decision_number,
                "decision_date": self.decision_date,
            }
        )

    def _record(self, event, payload):
        self.env["hoithi.ledger"]._append(
            self.contest_id,
            event,
            self,
            {
                "kind": self.kind,
                "number": self.decision_number,
                "date": fields.Date.to_string(self.decision_date),
                **payload,
            },
            self.entry_id,
        )

    def _log(self, text):
        """Keep it with the decision and in the log of the entry."""
        # who won what isn't for all who read the contest
        self.entry_id.sudo()._message_act(
            author_id=self.env.user.partner_id.id, body=text
        )
        # who confirms may write nothing else there
        self.sudo()._message_act(author_id=self.env.user.partner_id.id, body=text)

    def _remind_secretaries(self):
        """Put it on the secretaries' lists, where it turns red if it stays open."""
        self.ensure_one()
        # who records it may plan nothing for others but this
        own_sudo = self.sudo().with_context(mail_activity_quick_update=True)
        day = own_sudo.contest_id._get_today() + REMINDED_AFTER
        for secretary in own_sudo.contest_id.secretary_ids:
            # one in conflict isn't theirs to see
            if not own_sudo.with_user(secretary).has_access("read"):
                continue
            lang = secretary.partner_id._hoithi_get_lang()
            own_sudo.activity_schedule(
                "mail.mail_activity_data_todo",
                date_deadline=day,
                user_id=secretary.id,
                summary=own_sudo.with_context(lang=lang).env._(
                    "Close the reopened decision again"
                ),
            )

    @api.model
    def _find_lacking(self, awards):
        """Return {(id of an entry, level): the decision that gives such an award}."""
        # as below
        rows_sudo = self.sudo().search(
            [
                ("state", "=", "open"),
                ("kind", "=", "award"),
                ("award_id", "=", False),
                ("entry_id", "in", awards.entry_id.ids),
            ]
        )
        return {(row.entry_id.id, row.award_level): row for row in rows_sudo}

    @api.model
    def _get_lacking(self, awards):
        """Return of `awards` those that a decision gives, as the entry had none."""
        lacking = self._find_lacking(awards)
        return awards.filtered(lambda a: (a.entry_id._origin.id, a.level) in lacking)

    @api.model
    def _take_award(self, awards):
        """Note the award that an entry got by a decision: it is the reopened one."""
        lacking = self._find_lacking(awards)
        for award in awards:
            row_sudo = lacking.get((award.entry_id.id, award.level))
            if row_sudo:
                row_sudo._open_door().award_id = award

    @api.model
    def _get_reopened(self, kind, records):
        """Return of `records` those that a decision keeps open now.

        :param kind: of the decision
        :param records: awards or lines of nominations
        """
        name = TARGETS[kind]
        # whether something is open is asked for whoever writes it
        rows_sudo = self.sudo().search(
            [("state", "=", "open"), ("kind", "=", kind), (name, "in", records.ids)]
        )
        return records.browse(rows_sudo[name].ids)
