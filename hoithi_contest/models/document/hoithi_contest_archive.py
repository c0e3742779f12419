from datetime import timedelta

from odoo import models

from ...lib.contest.steps import BLOCK, DONE, WARN, Act, Check
from ..guard.hoithi_states import UNDER_WAY
from .hoithi_document import OFFICE
from .hoithi_document_run import KEEP_DAYS

MAKE = {"method": "action_make_archive"}
TERMS = {
    "xmlid": "hoithi_contest.hoithi_document_template_action",
    "context": {"search_default_without_keeping": 1},
}


class HoithiContest(models.Model):
    """The file for the archive that a contest leaves behind: the closing makes it."""

    _inherit = "hoithi.contest"

    # ACTION

    def action_make_archive(self):
        """Make the contest's file for the archive in the background.

        :return: the action that shows how far it is
        :raises AccessError: for others than the Office
        :raises UserError: where nothing is issued yet
        """
        self.ensure_one()
        return self.env["hoithi.document.run"]._start(self, purpose="archive")

    def action_close(self):
        """Close contests; the file for the archive of each is made meanwhile."""
        result = super().action_close()
        # a run is somebody's; what the server closes has nobody to show it to
        if self.env.user.has_groups(",".join(OFFICE)):
            for contest in self.filtered(lambda one: one._get_archived()):
                contest.action_make_archive()
        return result

    # BUSINESS

    def _get_archived(self):
        """Return the papers that the file for the archive holds."""
        self.ensure_one()
        return self.env["hoithi.document"].search(
            [("contest_id", "=", self.id), ("state", "=", "issued")]
        )

    def _get_step_effects(self, target):
        effects = super()._get_step_effects(target)
        if target == "closed" and self._get_archived():
            effects.append(
                self.env._("makes the file for the archive, in the background")
            )
        return effects

    def _get_closing_gaps(self):
        own = (self._get_keeping_check(), self._get_archive_check())
        return [*super()._get_closing_gaps(), *filter(None, own)]

    def _get_next_acts(self):
        acts = super()._get_next_acts()
        check = self._get_archive_check()
        if check and check.severity == BLOCK:
            acts.append(
                Act(
                    # after the next edition, which has its time
                    55,
                    self.env._("Have the file for the archive made"),
                    check.note,
                    check.action,
                    check.target,
                )
            )
        return acts

    def _get_keeping_check(self):
        """Return which papers of the contest have no term of keeping, or nothing."""
        # a workbook has no template, where a term would be set
        papers = self._get_archived().filtered(lambda paper: paper._is_printed())
        kinds = papers._get_without_keeping()
        if not kinds:
            return None
        may_set = self.env["hoithi.document.template"].has_access("write")
        return Check(
            WARN,
            self.env._("No term of keeping is set for these kinds of papers"),
            self.env._("Set the terms") if may_set else "",
            TERMS if may_set else None,
            ", ".join(kinds),
        )

    def _get_archive_check(self):
        """Return whether a closed contest has its file for the archive, or nothing."""
        self.ensure_one()
        papers = self._get_archived() if self.state == "closed" else None
        if not papers:
            return None
        # that it was made, by whom and when is told to each secretary; what is in it
        # goes by the rights of who had it made, and is that one's alone
        run_sudo = (
            self.env["hoithi.document.run"]
            .sudo()
            .search(
                [
                    ("contest_id", "=", self.id),
                    ("purpose", "=", "archive"),
                    ("state", "!=", "draft"),
                ],
                order="id desc",
                limit=1,
            )
        )
        own = run_sudo.user_id == self.env.user
        target = {"model": run_sudo._name, "id": run_sudo.id} if own else None
        text = self.env._("File for the archive")

        def answer(severity, note):
            is_missing = severity == BLOCK
            return Check(
                severity,
                text,
                self.env._("Make") if is_missing else self.env._("Open"),
                MAKE if is_missing else target,
                note,
                "archive",
            )

        if not run_sudo or run_sudo.state == "cancelled":
            return answer(BLOCK, self.env._("Not made yet"))
        if run_sudo.state in UNDER_WAY:
            return answer(WARN, self.env._("It is being made in the background"))
        if run_sudo.state == "failed":
            return answer(BLOCK, run_sudo.error or self.env._("Not made yet"))
        begun = run_sudo.started_on
        later = papers.filtered(
            lambda paper: paper.issued_on and paper.issued_on > begun
        )
        if later:
            return answer(
                BLOCK,
                self.env._(
                    "Since it was made, %s papers were issued that it doesn't hold",
                    len(later),
                ),
            )
        made = {
            "moment": self._format_moment(run_sudo.ended_on),
            "who": run_sudo.user_id.name,
        }
        if not run_sudo.result_id:
            note = self.env._(
                "Made at %(moment)s by %(who)s; it isn't kept here any more", **made
            )
        else:
            until = run_sudo.ended_on + timedelta(days=KEEP_DAYS)
            note = self.env._(
                "Made at %(moment)s by %(who)s; to be fetched until %(until)s",
                **made,
                until=self._format_moment(until),
            )
        return answer(DONE, note)
