from datetime import datetime
from typing import NamedTuple

from odoo import api, fields, models
from odoo.fields import Domain

from ..guard.hoithi_states import (
    ELIGIBLE,
    OVER,
    RANKABLE,
    RUNNING,
    SELECTED,
    UNSCORED,
)

#: What comes first among things to do that are due at the same time.
WAITING_ORDER = ("supplement", "submit", "confirm")


class Step(NamedTuple):
    """A step on the way of an entry.

    `status` is ``done``, ``now``, ``waits`` (for the author), ``ahead`` or ``ended``
    (the way stops here); `moment` (UTC) is when it was done, or until when it is
    expected; `text` says the same as people read it.
    """

    key: str
    label: str
    status: str
    moment: datetime | None = None
    text: str = ""


class Waiting(NamedTuple):
    """Something that waits for a person: an author line, what to do, until when."""

    kind: str
    line: models.BaseModel
    moment: datetime | None

    @property
    def entry(self):
        return self.line.entry_id


class HoithiWayMixin(models.AbstractModel):
    """The way of an entry: what was done when, what comes next and when."""

    _name = "hoithi.way.mixin"
    _description = "Way of an entry"

    way_summary = fields.Char(
        string="Where it is", compute="_compute_way_summary", exportable=False
    )

    @api.depends("state", "supplement_due")
    @api.depends_context("lang")
    def _compute_way_summary(self):
        for entry in self:
            entry.way_summary = entry._tell_stage() if entry.contest_id else False

    def _tell_stage(self):
        """Return where the entry is in one sentence."""
        number, step = self._get_stage()
        place = ", ".join(filter(None, [step.label, step.text]))
        return f"{self._get_stage_label(number)} {place}"

    def _get_way(self):
        """Return the steps of the entry from its submission to its result, in order.

        Real dates are those of the entry; expected ones are the deadlines of its
        contest. A way that ended has no steps ahead.
        """
        self.ensure_one()
        steps = [self._get_submission_step(), *self._get_screening_steps()]
        contest = self.contest_id
        if contest.state == "cancelled" and steps[-1].status != "ended":
            return [
                *(step for step in steps if step.status == "done"),
                Step(
                    "cancelled",
                    self.env._("The contest has been cancelled"),
                    "ended",
                    contest.cancelled_on,
                    self._tell_done(contest.cancelled_on),
                ),
            ]
        if all(step.status != "ended" for step in steps):
            steps += self._get_result_steps()
        return steps

    def _get_stage(self):
        """Return where the entry is: the number of the stage from 1, and its step.

        The five stages are registration, screening, scoring, the council's decision and
        the result; a bar of a list shows them. A contest that only registers and
        nominates scores nothing, and has four.
        """
        self.ensure_one()
        number = (
            1
            if self.state == "draft" or (self.state == "withdrawn" and not self.code)
            else 3
            if self.state in UNSCORED
            else 4
            if self.state == "reviewed"
            else 5
            if self.state in RANKABLE
            else 2
        )
        if number > 2 and not self._is_scored():
            number = max(3, number - 1)
        way = self._get_way()
        step = next(
            (step for step in way if step.status in ("now", "waits", "ended")), way[-1]
        )
        return number, step

    def _is_scored(self):
        """Tell whether the entry is in a contest that scores."""
        self.ensure_one()
        return self.contest_id.mode != "nominate_only"

    def _count_stages(self):
        """Return how many stages the way of the entry has."""
        return 5 if self._is_scored() else 4

    def _get_stage_label(self, number):
        """Return how a stage is called, with its number."""
        if not self._is_scored():
            return (
                self.env._("Step 1 of 4, registration:"),
                self.env._("Step 2 of 4, screening:"),
                self.env._("Step 3 of 4, decision:"),
                self.env._("Step 4 of 4, result:"),
            )[number - 1]
        return (
            self.env._("Step 1 of 5, registration:"),
            self.env._("Step 2 of 5, screening:"),
            self.env._("Step 3 of 5, scoring:"),
            self.env._("Step 4 of 5, decision of the council:"),
            self.env._("Step 5 of 5, result:"),
        )[number - 1]

    # STEPS

    def _tell_done(self, moment):
        return self.contest_id._format_moment(moment)

    def _tell_expected(self, moment):
        if not moment:
            return self.env._("the date isn't set yet")
        return self.env._("expected by %s", self.contest_id._format_moment(moment))

    def _get_submission_step(self):
        contest = self.contest_id
        if self.submitted_on:
            return Step(
                "submitted",
                self.env._("Submitted"),
                "done",
                self.submitted_on,
                self._tell_done(self.submitted_on),
            )
        if self.state == "withdrawn":
            return self._get_withdrawal_step()
        deadline = contest.registration_deadline
        if not contest._is_registration_open(fields.Datetime.now()):
            return Step(
                "submitted",
                self.env._("Not submitted"),
                "ended",
                deadline,
                self.env._(
                    "Registration closed on %s.", contest._format_moment(deadline)
                ),
            )
        return Step(
            "submitted",
            self.env._("Complete and submit"),
            "waits",
            deadline,
            self.env._("until %s", contest._format_moment(deadline)),
        )

    def _get_withdrawal_step(self):
        return Step(
            "withdrawn",
            self.env._("Withdrawn"),
            "ended",
            self.withdrawn_on,
            self._tell_done(self.withdrawn_on),
        )

    def _get_screening_steps(self):
        steps = []
        if self.supplement_requested_on and self.state != "draft":
            if self.state == "supplement":
                return [self._get_supplement_step(), self._get_eligible_step("ahead")]
            if self.supplemented_on:
                steps.append(
                    Step(
                        "supplement",
                        self.env._("Supplemented"),
                        "done",
                        self.supplemented_on,
                        self._tell_done(self.supplemented_on),
                    )
                )
        if self.state == "withdrawn":
            return [*steps, self._get_withdrawal_step()] if self.submitted_on else []
        if self.state == "ineligible":
            return [
                *steps,
                Step(
                    "screening",
                    self.env._("Not eligible"),
                    "ended",
                    self.screened_on,
                    self._tell_done(self.screened_on),
                ),
            ]
        if self.state in (*ELIGIBLE, "disqualified"):
            steps.append(
                Step(
                    "screening",
                    self.env._("Eligible"),
                    "done",
                    self.screened_on,
                    self._tell_done(self.screened_on),
                )
            )
            if self.state == "disqualified":
                steps.append(
                    Step(
                        "disqualified",
                        self.env._("Taken out of the contest"),
                        "ended",
                        self.disqualified_on,
                        self._tell_done(self.disqualified_on),
                    )
                )
            return steps
        return [
            *steps,
            self._get_eligible_step("now" if self.state == "submitted" else "ahead"),
        ]

    def _get_supplement_step(self):
        return Step(
            "supplement",
            self._get_supplement_label(),
            "waits",
            self.supplement_due,
            self.env._(
                "asked on %(asked)s, due %(due)s",
                asked=self.contest_id._format_moment(self.supplement_requested_on),
                due=self.contest_id._format_moment(self.supplement_due),
            ),
        )

    def _get_supplement_label(self):
        return self.env._("Supplement asked for")

    def _get_eligible_step(self, status):
        moment = self.contest_id.screening_deadline
        return Step(
            "screening",
            self.env._("The Office checks the dossier"),
            status,
            moment,
            self._tell_expected(moment),
        )

    def _get_result_steps(self):
        contest = self.contest_id
        is_scored = self.state in RANKABLE
        scoring = contest.review_deadline
        steps = [
            Step(
                "scoring",
                self.env._("Scored by the council")
                if is_scored
                else self.env._("Scoring by the council"),
                "done" if is_scored else "now" if self.state in UNSCORED else "ahead",
                None if is_scored else scoring,
                "" if is_scored else self._tell_expected(scoring),
            )
        ]
        if not self._is_scored():
            steps = []
        if self.state == "not_selected":
            return [
                *steps,
                Step(
                    "decision",
                    self.env._("Not selected"),
                    "ended",
                    self.decided_on,
                    self._tell_done(self.decided_on),
                ),
            ]
        is_decided = self.state in SELECTED
        steps.append(
            Step(
                "decision",
                self._get_decision_label(is_decided),
                "done"
                if is_decided
                else "now"
                if self.state == ("reviewed" if self._is_scored() else "eligible")
                else "ahead",
                self.decided_on if is_decided else contest.province_deadline,
                self._tell_done(self.decided_on)
                if is_decided
                else self._tell_expected(contest.province_deadline),
            )
        )
        # one that screening asks for stands in its own place
        if self._is_supplementing() and self.state != "supplement":
            return [*steps, self._get_supplement_step()]
        is_nominated = self.state == "nominated"
        province = contest.province_deadline
        steps.append(
            Step(
                "nomination",
                self.env._("Nominated to the province")
                if is_nominated
                else self.env._("Result and nomination"),
                "done" if is_nominated else "now" if is_decided else "ahead",
                self.nominated_on if is_nominated else province,
                self._tell_done(self.nominated_on)
                if is_nominated
                else self._tell_expected(province),
            )
        )
        return steps

    def _get_decision_label(self, is_decided):
        if not self._is_scored():
            return (
                self.env._("Selected")
                if is_decided
                else self.env._("Decision of the department")
            )
        return (
            self.env._("Selected by the council")
            if is_decided
            else self.env._("Decision of the council")
        )

    # WHAT WAITS FOR A PERSON

    @api.model
    def _get_waiting(self):
        """Return what waits for the caller, the nearest deadline first.

        Drafts that can't be submitted any more wait for nobody; a share to confirm has
        no deadline of its own and comes last.
        """
        # a supplement is awaited though the contest may be over; of earlier years
        # nothing else is
        lines = self.env["hoithi.entry.author"].search(
            # who reads the own line reads its entry
            Domain("partner_id", "=", self.env.user.partner_id.id)
            & Domain(
                "entry_id",
                "any!",
                Domain("state", "=", "supplement")
                | Domain("contest_id", "any!", [("state", "in", RUNNING)]),
            ),
            order="id desc",
        )
        waiting = []
        for line in lines:
            entry = line.entry_id
            if line.is_representative:
                if entry.can_edit:
                    is_draft = entry.state == "draft"
                    waiting.append(
                        Waiting(
                            "submit" if is_draft else "supplement",
                            line,
                            entry.contest_id.registration_deadline
                            if is_draft
                            else entry.supplement_due,
                        )
                    )
            elif entry.can_confirm and entry._is_current():
                waiting.append(Waiting("confirm", line, None))
        return sorted(
            waiting,
            key=lambda thing: (
                thing.moment or datetime.max,
                WAITING_ORDER.index(thing.kind),
            ),
        )

    def _is_current(self):
        """Tell whether something still comes of the entry."""
        self.ensure_one()
        contest = self.contest_id
        if self.state == "draft":
            return contest.can_register
        return contest.state not in OVER

    @api.model
    def _read_my_groups(self):
        """Return (contest, state, number) of the caller's entries."""
        return self._read_group(
            self._get_own_domain(), ["contest_id", "state"], ["__count"]
        )

    def _count_groups(self):
        """Return (contest, state, number) of these entries, as `_read_my_groups`."""
        groups = self.grouped(lambda entry: (entry.contest_id, entry.state))
        return [(*group, len(entries)) for group, entries in groups.items()]

    @api.model
    def _get_my_counts(self, groups=None):
        """Return how many entries the caller has: all that count, and drafts of them.

        A draft that was never submitted counts as long as it still can be.

        :param groups: what `_read_my_groups` returned, where it was asked already
        """
        if groups is None:
            groups = self._read_my_groups()
        others = sum(count for _contest, state, count in groups if state != "draft")
        drafts = sum(
            count
            for contest, state, count in groups
            if state == "draft" and contest.can_register
        )
        return {"all": others + drafts, "drafts": drafts}
