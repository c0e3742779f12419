from odoo import api, fields, models
from odoo.exceptions import UserError

from ...lib.contest.steps import BLOCK, Check
from ..guard.hoithi_states import DECIDING, NOT_ENTERED, UNDECIDED, UNSCREENED


class HoithiContest(models.Model):
    """How a contest goes from phase to phase, by hand or by its deadlines."""

    _inherit = "hoithi.contest"

    # ACTION

    def action_launch(self):
        """Open registration.

        :raises UserError: with all that is missing in an incomplete contest
        """
        self._check_transition("open", "action_launch")
        for contest in self:
            missing = contest._get_launch_gaps()
            if missing:
                raise UserError(
                    "\n".join(
                        [
                            self.env._(
                                "“%s” can't be launched yet. Missing:", contest.name
                            ),
                            *(f"- {gap.text}" for gap in missing),
                        ]
                    )
                )
            contest._ensure_receipt_sequence()
            contest._move("open")
        self._on_launched()
        return True

    def action_close_registration(self, reason=None):
        """Close the door: drafts stay drafts, submitted entries go to screening.

        :param reason: why before the announced deadline; it is logged
        """
        self._check_transition("screening", "action_close_registration")
        self._log_early("screening", reason)
        self._move("screening")
        return True

    def action_ask_reopen_registration(self):
        """Open the dialog that asks for what `action_reopen_registration` needs."""
        return self._ask_reason(
            "action_reopen_registration", self.env._("Reopen Registration")
        )

    def action_reopen_registration(self, reason=None):
        """Open the door again, as far as the registration deadline is in the future.

        Who has a draft or took an entry back is told, as are the heads of units and the
        secretaries.

        :param reason: recorded in the contest's log, and told
        :raises UserError: where the deadline has passed
        """
        self._check_transition("open", "action_reopen_registration")
        reason = self._clean_reason(reason)
        now = fields.Datetime.now()
        for contest in self:
            if not contest.registration_closes_at or (
                contest.registration_closes_at <= now
            ):
                raise UserError(
                    self.env._(
                        "Set a later registration deadline first: that of “%s” has "
                        "passed.",
                        contest.name,
                    )
                )
        self._move("open", registration_reopen_reason=reason)
        self._log_reason(self.env._("Registration reopened: %s", reason))
        self.env["hoithi.notice"]._announce(
            "registration_reopened",
            {
                contest: contest._get_entrants(NOT_ENTERED)
                | contest._get_heads()
                | contest.secretary_ids.partner_id
                for contest in self
            },
            occasion=fields.Datetime.to_string(now),
        )
        return True

    def action_start_review(self, reason=None):
        """Give the eligible entries to their reviewers.

        :param reason: why before the deadline of the screening; it is logged
        :raises UserError: while entries are unscreened, or in a contest that only
            nominates
        """
        self._check_review_start()
        self._log_early("review", reason)
        self._start_review()
        return True

    def _check_review_start(self):
        """Refuse the review while what it needs isn't done.

        :raises AccessError: for who doesn't start it
        :raises UserError: with what is left to do
        """
        self._check_transition("review", "action_start_review")
        for contest in self:
            if contest.mode == "nominate_only":
                raise UserError(
                    self.env._(
                        "“%s” only registers and nominates: start the council instead.",
                        contest.name,
                    )
                )
            contest._check_ready("review")

    def _start_review(self):
        """Start the review, once nothing speaks against it."""
        self._move("review")

    def action_start_council(self, reason=None):
        """Open the entries to the council for its decision.

        :param reason: why before the announced deadline; it is logged
        :raises UserError: while entries are unscreened, reviews are missing or an
            adjudication is open
        """
        self._check_transition("council", "action_start_council")
        for contest in self:
            if contest.state == "screening" and contest.mode != "nominate_only":
                raise UserError(
                    self.env._("Start the review of “%s” first.", contest.name)
                )
            contest._check_ready("council")
        self._log_early("council", reason)
        self._move("council")
        return True

    def action_close(self):
        """Close a contest whose entries are all decided and whose papers are in order.

        :raises UserError: while entries wait for the council or for their nomination,
            and while something of the list before the end is neither done nor waived
        """
        self._check_transition("closed", "action_close")
        for contest in self:
            open_entries = contest._get_decidable_entries().filtered(
                lambda entry: entry.state in UNDECIDED
            )
            if open_entries:
                raise UserError(
                    self.env._(
                        "These entries aren't decided or not yet nominated: %s",
                        open_entries._join_names(),
                    )
                )
            contest._check_ready("closed")
            contest._check_closing()
        self._move("closed")
        return True

    # CRON

    @api.model
    def _cron_advance_phases(self, limit=100):
        """Follow the deadlines: the doors themselves closed by the clock before.

        A phase whose work isn't done stays, and its secretaries are told once. After
        an outage a contest catches up with all its deadlines in one run.
        """
        domain = self._get_due_domain(fields.Datetime.now())
        contests = self.search(domain, limit=limit, order="id")
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(contests))
        for contest in contests:
            contest = contest[0].try_lock_for_update().filtered_domain(domain)
            if contest:
                contest._follow_deadlines()
            if not cron._commit_progress(1):
                break

    @api.model
    def _get_due_domain(self, now):
        return [
            "|",
            "|",
            "&",
            ("state", "=", "open"),
            ("registration_closes_at", "<=", now),
            "&",
            ("state", "=", "screening"),
            ("screening_deadline", "<=", now),
            "&",
            ("state", "=", "review"),
            ("review_deadline", "<=", now),
        ]

    def _follow_deadlines(self):
        """Take all the phase changes that are due and possible."""
        self.ensure_one()
        while self.filtered_domain(self._get_due_domain(fields.Datetime.now())):
            if self.state == "open":
                self.action_close_registration()
                continue
            following = {
                ("screening", "nominate_only"): self.action_start_council,
                ("screening", "internal_contest"): self.action_start_review,
                ("review", "internal_contest"): self.action_start_council,
            }[self.state, self.mode]
            try:
                with self.env.cr.savepoint():
                    following()
            except UserError as error:
                self._announce_overdue(str(error))
                break

    def _announce_overdue(self, problem):
        """Tell the secretaries, once for each deadline, why a phase can't go on."""
        deadline = (
            self.screening_deadline
            if self.state == "screening"
            else self.review_deadline
        )
        new = self.env["hoithi.notice"]._announce(
            "overdue",
            {self: self.secretary_ids.partner_id},
            occasion=f"{self.state}:{deadline:%Y-%m-%d}",
        )
        if new:
            # all the house reads a contest's log, so it tells codes and no titles; and
            # of entries that are judged, which of them lack sheets or whose lie too far
            # apart, nothing at all
            if self.state == "review":
                problem = self.env._(
                    "The date of the review is over, and the council can't begin yet: "
                    "the contest's page tells the secretary what is missing."
                )
            else:
                for entry in self._get_decidable_entries():
                    problem = problem.replace(entry.display_name, entry.code)
            self._message_act(body=problem)

    # BUSINESS

    def _get_launch_gaps(self):
        """Return what an incomplete contest lacks, a check each."""
        self.ensure_one()
        return self._get_lacking(
            (
                self.edition_number > 0,
                self.env._("the number of the edition"),
                "edition_number",
                "",
            ),
            (
                self.date_start and self.date_end,
                self.env._("the dates of the campaign"),
                "date_start",
                "dates",
            ),
            (
                self.registration_deadline,
                self.env._("the registration deadline"),
                "registration_deadline",
                "dates",
            ),
            (
                not self.registration_deadline
                or self.registration_closes_at > fields.Datetime.now(),
                self.env._("a registration deadline in the future"),
                "registration_deadline",
                "dates",
            ),
            (
                self.field_ids,
                self.env._("at least one field of competition"),
                "field_ids",
                "rules",
            ),
            (
                self.legal_basis_ids,
                self.env._("at least one legal basis"),
                "legal_basis_ids",
                "plan",
            ),
        )

    def _get_lacking(self, *rows):
        """Return a check for each (present, phrase, field, page of the form) lacking.

        The phrase stands behind “Missing:” and alone.
        """
        return [
            Check(BLOCK, phrase, self.env._("Fill in"), {"field": field, "page": page})
            for present, phrase, field, page in rows
            if not present
        ]

    def _on_launched(self):
        """Hook: these contests have been launched."""

    def _check_ready(self, target):
        """Refuse the phase `target` while what it needs isn't done.

        :raises UserError: with what is left to do
        """
        if target in DECIDING:
            self._check_screened()

    def _check_screened(self):
        self.ensure_one()
        pending = self._get_decidable_entries().filtered(
            lambda entry: entry.state in UNSCREENED
        )
        if pending:
            raise UserError(
                self.env._(
                    "Screen these entries first: %s",
                    pending._join_names(),
                )
            )
