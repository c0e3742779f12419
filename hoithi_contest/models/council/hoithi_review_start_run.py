from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Command

from ..guard.hoithi_run_mixin import get_run_transitions

SECRETARY = ("hoithi_contest.group_secretary",)


class HoithiReviewStartRun(models.Model):
    """The start of a review for which many copies of files are still to be made.

    Begun by the contest's button alone. Once all copies are made the review begins, as
    if whoever pressed the button had pressed it then; what speaks against it is told.
    """

    _name = "hoithi.review.start.run"
    _inherit = "hoithi.contest.run.mixin"
    _description = "Start of the Review"

    _run_groups = SECRETARY
    # one copy may take most of the time that a worker has
    _run_batch = 1
    _transitions = get_run_transitions(SECRETARY)

    line_ids = fields.One2many(
        "hoithi.review.start.run.line", "run_id", string="Copies", readonly=True
    )

    @api.depends("contest_id.name")
    def _compute_display_name(self):
        for run in self:
            run.display_name = self.env._(
                "Start of the review of “%s”", run.contest_id.name or "…"
            )

    # ACTION

    def action_retry(self):
        """Make copies that are left, failed or new, and then begin the review.

        :raises AccessError: for others than the secretary
        :raises UserError: where it is still running
        """
        self._check_transition(self._run_again)
        failed_sudo = self._get_lines("failed").copy_id
        failed_sudo.filtered(lambda copy: copy.state == "failed").action_retry()
        result = super().action_retry()
        self._take_copies()
        return result

    # BUSINESS

    @api.model
    def _start(self, contests):
        """Begin with the copies of contests, a run each.

        Where one is at it already, that is shown.

        :return: the action that shows how far it is, the last of several
        :raises AccessError: for others than the secretary
        """
        if not contests:
            return False
        if not self.env.user.has_groups(",".join(SECRETARY)):
            raise AccessError(self.env._("Only a secretary starts the review."))
        runs = self.browse()
        for contest in contests:
            run_key = str(contest.id)
            run = self._find_twin(run_key)
            if not run:
                # nobody writes a run but by the button, whose right was checked above
                run = (
                    self.sudo()
                    ._open_door()
                    .create({"contest_id": contest.id, "run_key": run_key})
                )
                run._take_copies()
            runs |= run
        runs._wake()
        return run._show()

    def _take_copies(self):
        """Take up the copies that wait and aren't known yet."""
        copies = self.env["hoithi.review.copy"]
        # also those of entries that a conflict hides from who begins
        for run in self.sudo()._open_door():
            entries = run.contest_id._get_decidable_entries()
            waiting = copies.sudo().search(copies._get_waiting_domain(entries))
            run.line_ids = [
                Command.create({"copy_id": copy.id})
                for copy in waiting - run.line_ids.copy_id
            ]

    # CRON

    def _work(self, lines):
        for line in lines:
            line._make()

    def _conclude(self):
        starter = self._get_starter()
        contest = self.contest_id.with_user(starter).with_context(
            lang=starter.lang, allowed_company_ids=self.company_id.ids
        )
        # somebody else may have begun it meanwhile
        if contest.state == "screening":
            contest._check_review_start()
            copies = contest.env["hoithi.review.copy"]
            copies._queue(contest._get_decidable_entries())
            contest._start_review()
