from datetime import timedelta
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...lib.contest import shares
from ...tools import format_number
from ..guard.hoithi_states import (
    BEFORE_COUNCIL,
    EDITABLE,
    LEFT,
    NOT_ENTERED,
    WITHDRAWABLE,
)
from .hoithi_entry import SECRETARY
from .hoithi_submission_mixin import CONTENT_FIELDS, DESCRIPTION_FIELDS, Gap


class HoithiEntry(models.Model):
    """How an entry is handed in: what it lacks, its door, its receipt."""

    _inherit = "hoithi.entry"

    _in_turn = ("action_submit",)

    submitted_on = fields.Datetime(
        readonly=True,
        copy=False,
        tracking=True,
        help="The first submission, which gave the receipt.",
    )
    supplemented_on = fields.Datetime(readonly=True, copy=False)
    withdrawn_on = fields.Datetime(readonly=True, copy=False)
    receipt_number = fields.Char(
        readonly=True,
        copy=False,
        tracking=True,
        help="Edition and last year of the contest, then the order of submission.",
    )
    withdraw_reason = fields.Text(readonly=True, copy=False)
    withdrawn_from = fields.Char(
        readonly=True, copy=False, export_string_translation=False
    )
    closes_at = fields.Datetime(
        compute="_compute_closes_at",
        help="Until then, grace included, the entry can be changed and submitted.",
    )
    missing_items = fields.Text(string="Missing", compute="_compute_missing_items")
    completeness = fields.Integer(
        string="Completeness (%)", compute="_compute_completeness"
    )

    # what the reader may do
    can_edit = fields.Boolean(compute="_compute_can")
    is_content_fixed = fields.Boolean(
        compute="_compute_can",
        help="The entry is handed in, its deadline is over, or it is somebody else's.",
    )
    can_submit = fields.Boolean(compute="_compute_can")
    can_withdraw = fields.Boolean(compute="_compute_can")
    can_reinstate = fields.Boolean(
        compute="_compute_can", help="The withdrawal can still be undone."
    )

    _unique_form_key = models.UniqueIndex(
        "(form_key) WHERE form_key IS NOT NULL",
        "This form is saved already: open the entry from your list.",
    )
    _unique_receipt = models.UniqueIndex(
        "(contest_id, receipt_number) WHERE receipt_number IS NOT NULL",
        "A receipt number is given once in a contest.",
    )
    _check_submitted = models.Constraint(
        "CHECK (state IN ('draft', 'withdrawn')"
        " OR (submitted_on IS NOT NULL AND receipt_number IS NOT NULL))",
        "A submitted entry has a receipt number and a time of submission.",
    )

    # COMPUTE

    @api.depends(
        "state", "is_returned", "contest_id.registration_closes_at", "supplement_due"
    )
    def _compute_closes_at(self):
        for entry in self:
            if entry._is_supplementing() and entry.supplement_due:
                entry.closes_at = entry.supplement_due + timedelta(
                    minutes=entry.contest_id.grace_minutes
                )
            else:
                entry.closes_at = entry.contest_id.registration_closes_at

    @api.depends(
        "state",
        "is_returned",
        "name",
        "field_id",
        "participant_type",
        *DESCRIPTION_FIELDS,
        "first_applied_date",
        "trial_applied_date",
        "contest_id.require_texts",
        "contest_id.ask_protection",
        "contest_id.ask_ai",
        "protection",
        "ai_use",
        "dossier_ids.type_id",
        "author_ids.contribution_percent",
        "author_ids.is_representative",
        "author_ids.identification",
        "author_ids.declined_on",
        "dossier_ids.sha256",
        *CONTENT_FIELDS,
    )
    def _compute_missing_items(self):
        for entry in self:
            entry.missing_items = (
                "\n".join(entry._get_missing())
                if entry.state in EDITABLE or entry._is_supplementing()
                else False
            )

    @api.depends("missing_items")
    def _compute_completeness(self):
        for entry in self:
            entry.completeness = entry._get_progress()["percent"]

    @api.depends_context("uid")
    @api.depends(
        "active",
        "state",
        "is_returned",
        "closes_at",
        "contest_id.state",
        "author_ids.is_representative",
        "author_ids.partner_id",
        "paper_received_on",
    )
    def _compute_can(self):
        for entry in self:
            responsible = entry._is_responsible()
            entry.can_edit = responsible and not entry._get_closed_door()
            entry.is_content_fixed = bool(entry._origin) and not entry.can_edit
            entry.can_submit = entry.can_edit
            entry.can_withdraw = responsible and (
                not entry._is_deleted()
                and (entry.state in WITHDRAWABLE or entry._is_paper_draft())
                and entry._is_withdrawal_open()
            )
            entry.can_reinstate = (
                (responsible or entry._is_office_of_other())
                and not entry._is_deleted()
                and entry.state == "withdrawn"
                and not entry._get_gone_problem()
            )

    # ACTION

    def action_submit(self, note=None):
        """Submit a draft, or a supplemented entry, as its representative.

        The server checks its own clock and all the rules of registration (domain
        rules d1), and gives the receipt number at the first submission. Pages and
        dialogs ask for the commitment before (`_submit_previewed`); called by code or
        RPC, the call itself is the commitment: its moment and wording are recorded.

        A supplement keeps the first time of submission, which ties are broken by, and
        records what it changed.

        :param note: of a supplement: what was supplemented, told to the secretary
        :raises AccessError: for whoever doesn't act for the entry
        :raises UserError: one message with all that is missing or wrong; the receipt
            where it is submitted already, as after an answer that was lost
        """
        self._check_not_submitted()
        self._check_transition("submitted", "action_submit")
        self._check_submittable()
        self._check_supplement_told(note)
        now = fields.Datetime.now()
        for entry in self:
            entry.dossier_ids._count(now)
            # whoever submits the shares agrees to the own one
            entry._get_own_lines().filtered(
                lambda line: not line.confirmed_on
            ).action_confirm()
        # neither conflicts nor look-alikes are for an author to read
        entries_sudo = self.sudo()
        entries_sudo._on_authors_known()
        entries_sudo._compare_later()
        for entry in entries_sudo:
            entry._announce("receipt", entry._get_author_partners(), now)
            unconfirmed = entry.author_ids.filtered(lambda line: not line.confirmed_on)
            entry._announce("share", unconfirmed.partner_id, now)
            unconfirmed._send_links(fields.Datetime.to_string(now))
        # the next number is everybody's: it is taken last
        for entry in self:
            is_supplement = entry.state == "supplement"
            entry._move(
                "submitted",
                code=entry.code or entry._next_code(),
                submitted_on=entry.submitted_on or entry.paper_received_on or now,
                supplemented_on=entry.submitted_on and now,
                commitment_on=now,
                commitment_text=entry._get_commitment_text(),
                receipt_number=entry.receipt_number
                or entry.contest_id._take_receipt_number(),
                **(entry._record_supplement(note) if is_supplement else {}),
            )
        return True

    def action_ask_withdraw(self):
        """Open the dialog that asks for what `action_withdraw` needs.

        :raises UserError: for a draft, which is deleted
        """
        self._check_transition("withdrawn", "action_withdraw")
        return self._ask_reason("action_withdraw", self.env._("Withdraw the Entry"))

    def action_withdraw(self, reason=None):
        """Withdraw an own entry, until its review starts.

        :param reason: recorded and shown to the secretary
        :raises UserError: for a draft, which is deleted; once the review has started;
            for a secretary who competes with the entry
        """
        self._check_not_deleted()
        self._check_responsible()
        self.filtered(lambda entry: entry._is_office_of_other())._check_no_rivals()
        self._check_transition("withdrawn", "action_withdraw")
        reason = self._clean_reason(reason)
        for entry in self:
            if not entry._is_withdrawal_open():
                raise UserError(
                    self.env._(
                        "The review has started: “%s” can't be withdrawn any more.",
                        entry.display_name,
                    )
                )
        for state, entries in self.grouped("state").items():
            entries._move(
                "withdrawn",
                withdraw_reason=reason,
                withdrawn_on=fields.Datetime.now(),
                withdrawn_from=state,
            )
        # what the author writes may tell a reviewer who it is
        self._on_left(self.env._("The entry was withdrawn."))
        self.author_ids._end_reminders(self)
        return True

    def _is_paper_draft(self):
        """Tell whether the entry was handed in on paper, and isn't keyed in yet."""
        self.ensure_one()
        return self.state == "draft" and bool(self.paper_received_on)

    def _is_withdrawal_open(self):
        """Tell whether the entry may still be withdrawn.

        A paper that nobody keyed in before the review is taken in anew, by a decision:
        its draft is out of it anyway.
        """
        self.ensure_one()
        return self._is_screening_open() or (
            self._is_paper_draft() and self.contest_id.state == "review"
        )

    def _get_transition(self, target, act=None):
        # what was never handed in, on paper or on the portal, isn't withdrawn
        is_draft = self.state == "draft" and not self._is_paper_draft()
        if target == "withdrawn" and is_draft:
            raise UserError(
                self.env._(
                    "“%s” was never submitted: delete the draft instead of "
                    "withdrawing it.",
                    self.display_name,
                )
            )
        return super()._get_transition(target, act)

    def action_remind_coauthors(self):
        """Ask the authors again who haven't confirmed their shares, once a day each.

        :raises AccessError: for whoever doesn't act for the entry
        :raises UserError: where nobody is to be reminded, or all were today
        """
        self._check_responsible()
        self._check_not_deleted()
        for entry in self:
            waiting = entry._get_unconfirmed()
            can_be_told = waiting.partner_id or waiting._get_linked()
            if not can_be_told or entry.state in LEFT:
                raise UserError(
                    self.env._(
                        "Nobody can be reminded of a share of “%s”.", entry.display_name
                    )
                )
            if not entry._record_share_reminders():
                raise UserError(
                    self.env._(
                        "Reminded today already: %s. Remind again tomorrow, or call.",
                        ", ".join(waiting.mapped("full_name")),
                    )
                )
        return True

    def _record_share_reminders(self):
        """Record letters to the authors of entries of one contest who are waited for.

        :return: the notices; none of who was reminded today, by whomever
        """
        waiting = self._get_unconfirmed()
        linked = waiting._get_linked()
        told = (waiting - linked).filtered("partner_id").grouped("entry_id")
        occasion = f"reminder {self.contest_id._get_today()}"
        notices = self.env["hoithi.notice"]._announce(
            "share",
            {entry: lines.partner_id for entry, lines in told.items()},
            occasion=occasion,
            by_day=True,
        )
        return notices | linked._send_links(occasion, by_day=True)

    def _get_unconfirmed(self):
        """Return the lines of the authors who may still confirm their shares."""
        return self._get_authors().filtered(
            lambda line: not line.confirmed_on and not line.is_representative
        )

    def action_ask_reinstate(self):
        """Open the dialog that asks for what `action_reinstate` needs."""
        return self._ask_reason("action_reinstate", self.env._("Undo the Withdrawal"))

    def action_reinstate(self, reason=None):
        """Undo what took entries out of the contest, while its phase lasts.

        A withdrawal is undone by who acts for the entry while registration is open, and
        by the secretary until the council begins: it is again what it was, with its
        receipt and its time of submission. An ineligibility is undone by the secretary
        until the screening ends.

        :param reason: recorded in the entry's log
        :raises AccessError: for whoever doesn't act for the entry, and isn't a
            secretary who has no part in it
        :raises UserError: where it is too late, or nothing is to be undone
        """
        turned_down = self.filtered(lambda entry: entry.state == "ineligible")
        if turned_down:
            turned_down.action_undo_screening(reason=reason)
        gone = self - turned_down
        if not gone:
            return True
        gone.filtered(lambda e: not e._is_office_of_other())._check_responsible()
        reason = gone._clean_reason(reason)
        for entry in gone:
            problem = entry._get_gone_problem()
            if problem:
                raise UserError(problem)
            entry._move(
                entry._get_state_before(),
                withdraw_reason=False,
                withdrawn_on=False,
                withdrawn_from=False,
            )
            # authors read no log, and write nothing into it themselves
            entry.sudo()._message_act(body=self.env._("Withdrawal undone: %s", reason))
        # nor conflicts
        entered_sudo = gone.sudo().filtered(lambda e: e.state not in NOT_ENTERED)
        entered_sudo._on_authors_known()
        entered_sudo._compare_later()
        gone._announce_authors("reinstated")
        return True

    def _is_office_of_other(self):
        """Tell whether the caller is a secretary who has no part in the entry."""
        self.ensure_one()
        return self.env.user.has_group(SECRETARY[0]) and not self._get_lines_of_person()

    def _get_state_before(self):
        """Return what a withdrawn entry was; long ago only its submission was kept."""
        self.ensure_one()
        return self.withdrawn_from or ("submitted" if self.submitted_on else "draft")

    def _get_gone_problem(self):
        """Return why a withdrawal can't be undone, or an empty text."""
        self.ensure_one()
        if self.state != "withdrawn":
            return self.env._("“%s” isn't withdrawn.", self.display_name)
        contest = self.contest_id
        if contest._is_registration_open(fields.Datetime.now()):
            return ""
        is_entered = self._get_state_before() != "draft" or self.paper_received_on
        # what was never handed in has missed the review
        is_over = contest.state == "review" and self._get_state_before() == "draft"
        if contest.state not in BEFORE_COUNCIL or is_over or not is_entered:
            return self.env._(
                "Registration for “%(contest)s” is closed (deadline %(moment)s): the "
                "withdrawal stands.",
                contest=contest.name,
                moment=contest._format_moment(contest.registration_deadline),
            )
        if not self._is_office_of_other():
            return self.env._(
                "Registration for “%(contest)s” is closed (deadline %(moment)s): ask "
                "the Office, which undoes a withdrawal until the council begins.",
                contest=contest.name,
                moment=contest._format_moment(contest.registration_deadline),
            )
        return ""

    def _take_transition(self, target):
        # dragging a card shows nobody what is sent, nor the commitment
        for entry in self if target == "submitted" else ():
            if entry.state in EDITABLE:
                raise UserError(
                    self.env._(
                        "“%s” isn't submitted by moving its card: open it, press "
                        "“Submit” and give the commitment.",
                        entry.display_name,
                    )
                )
        return super()._take_transition(target)

    # BUSINESS: DOOR

    def _get_closed_door(self):
        """Return why the content can't be changed now, or an empty text."""
        self.ensure_one()
        contest = self.contest_id
        now = fields.Datetime.now()
        if self.state == "draft":
            if contest._is_registration_open(now) or self._is_paper_open():
                return ""
            return self.env._(
                "Registration for “%(contest)s” is closed (deadline %(moment)s).",
                contest=contest.name,
                moment=contest._format_moment(contest.registration_deadline),
            )
        if self._is_supplementing():
            over = self._get_supplement_stop()
            if over:
                return over
            if not self.closes_at or now <= self.closes_at:
                return ""
            return self.env._(
                "The supplement was due on %(moment)s. Ask the secretary.",
                moment=contest._format_moment(self.supplement_due),
            )
        return self.env._(
            "“%(entry)s” is %(state)s and can't be changed.",
            entry=self.display_name,
            state=self._get_state_label(self.state).lower(),
        )

    def _get_supplement_stop(self):
        """Return why no supplement is taken any more, whenever it was due."""
        self.ensure_one()
        if not self._is_screening_open():
            return self.env._("The screening of “%s” is over.", self.contest_id.name)
        return ""

    def _check_not_submitted(self):
        """Answer a submission that is asked for again with its receipt.

        :raises UserError: with the receipt's number
        """
        for entry in self:
            if entry.state == "submitted":
                entry._check_responsible()
                raise UserError(
                    self.env._(
                        "“%(entry)s” is submitted already. Receipt number: %(number)s",
                        entry=entry.display_name,
                        number=entry.receipt_number,
                    )
                )

    def _check_door(self):
        """Refuse changes and submissions after the deadline, by the server's clock.

        :raises UserError: with the deadline
        """
        for entry in self:
            closed = entry._get_closed_door()
            if closed:
                raise UserError(closed)

    def _check_content_write(self, names):
        """Guard what an entry says: authors only, and only while its door is open."""
        self._check_responsible()
        self._check_door()
        if "contest_id" in names:
            raise UserError(
                self.env._("An entry stays in its contest: register it anew instead.")
            )

    # BUSINESS: RULES OF THE DOSSIER

    def _get_gaps(self):
        """Return all that keeps the entry from being submitted.

        Sources: domain rules d1 (shares, representative, years, dossier).
        """
        self.ensure_one()
        contest = self.contest_id
        gaps = []
        if not self._is_filled("name"):
            gaps.append(Gap("name", self.env._("The title is missing.")))
        if not self.field_id:
            gaps.append(Gap("field_id", self.env._("Choose the field of competition.")))
        elif self.field_id not in contest.field_ids:
            text = self.env._(
                "The field “%s” isn't part of this contest.", self.field_id.name
            )
            gaps.append(Gap("field_id", text))
        if not self._is_filled("solution_content"):
            text = self.env._("The content of the solution is missing.")
            gaps.append(Gap("solution_content", text))
        if contest.require_texts:
            gaps += self._get_unscorable()
        gaps += self._get_asked_gaps()
        gaps += [Gap("first_applied_date", text) for text in self._get_date_problems()]
        gaps += [Gap("author_ids", text) for text in self._get_author_problems()]
        gaps += [
            Gap("contribution_percent", text) for text in self._get_share_problems()
        ]
        present = self.dossier_ids.type_id
        for dossier_type in contest.asked_dossier_type_ids.filtered("required"):
            if dossier_type not in present:
                text = self.env._("The dossier lacks: %s.", dossier_type.display_name)
                gaps.append(Gap("dossier_ids", text, dossier_type.id))
        told = {(gap.field, gap.dossier_type_id) for gap in gaps}
        return gaps + [
            gap
            for gap in self._get_supplement_gaps()
            if (gap.field, gap.dossier_type_id) not in told
        ]

    def _get_date_problems(self):
        self.ensure_one()
        today = self.contest_id._get_today()
        # the earliest application counts (domain c2)
        dates = list(filter(None, [self.first_applied_date, self.trial_applied_date]))
        if not dates:
            return [self.env._("Tell when the solution was first applied.")]
        problems = []
        if max(dates) > today:
            problems.append(self.env._("The date of application lies in the future."))
        first_year = self.contest_id.eligible_from_year
        if min(dates).year < first_year:
            problems.append(
                self.env._(
                    "Only solutions applied since %s may be entered.", first_year
                )
            )
        return problems

    def _get_author_problems(self):
        """Return what is wrong with who the authors are."""
        self.ensure_one()
        authors = self.author_ids
        problems = [
            self.env._(
                "%s isn't identified yet: choose the colleague, or say that the person "
                "is from outside, and where the person works.",
                line.full_name,
            )
            for line in authors
            # a line that was declined is told of below
            if line.identification == "unknown" and not line.declined_on
        ]
        problems += [
            self.env._(
                "%s declined: take the line out and set the shares anew.",
                line.full_name,
            )
            for line in authors
            if line.declined_on
        ]
        if len(authors.filtered("is_representative")) != 1:
            problems.append(
                self.env._("Exactly one author must be the representative.")
            )
        if self.participant_type == "individual" and len(authors) > 1:
            problems.append(
                self.env._(
                    "An individual entry has one author; enter as a group instead."
                )
            )
        if self.participant_type == "group" and len(authors) < 2:
            problems.append(self.env._("A group has at least two authors."))
        return problems

    def _get_share_problems(self):
        """Return what is wrong with the shares of the authors."""
        self.ensure_one()
        authors = self.author_ids
        problems = []
        total = sum(
            (shares.to_share(line.contribution_percent) for line in authors),
            Decimal(0),
        )
        if total != 100:
            problems.append(
                self.env._(
                    "The authors' shares sum to %s %%, not 100 %%.",
                    format_number(self.env, total),
                )
            )
        if any(line.contribution_percent <= 0 for line in authors):
            problems.append(self.env._("Every author needs a share above 0 %."))
        minimum = self.contest_id.coauthor_min_percent
        small = authors.filtered(
            lambda line: (
                not line.is_representative and 0 < line.contribution_percent < minimum
            )
        )
        if small:
            problems.append(
                self.env._(
                    "A co-author's share is at least %(minimum)s %%; too small: "
                    "%(names)s.",
                    minimum=format_number(self.env, minimum),
                    names=", ".join(small.mapped("full_name")),
                )
            )
        return problems
