from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from ..guard.hoithi_run_mixin import get_run_transitions
from ..guard.hoithi_states import UNDER_WAY

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
        failed_sudo = failed_sudo.filtered(lambda copy: copy.state == "failed")
        if failed_sudo:
            failed_sudo.action_retry()
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
        """Take up the copies that wait and aren't known yet; return how many.

        In one statement, as there are thousands.
        """
        # also those of entries that a conflict hides from who begins
        copies_sudo = self.env["hoithi.review.copy"].sudo()
        lines = self._get_lines_model()
        taken = 0
        # as copies are the server's to make
        for run in self.sudo():
            entries = run.contest_id._get_decidable_entries()
            waiting = copies_sudo._search(copies_sudo._get_waiting_domain(entries))
            lines.flush_model(["run_id", "copy_id"])
            self.env.cr.execute(
                SQL(
                    """INSERT INTO hoithi_review_start_run_line
                              (run_id, company_id, copy_id, state, attempts,
                               create_uid, write_uid, create_date, write_date)
                       SELECT %(run)s, %(company)s, c.id, 'waiting', 0,
                              %(uid)s, %(uid)s, %(now)s, %(now)s
                         FROM hoithi_review_copy c
                        WHERE c.id IN %(waiting)s AND NOT EXISTS (
                              SELECT FROM hoithi_review_start_run_line l
                               WHERE l.run_id = %(run)s AND l.copy_id = c.id)
                        ORDER BY c.id""",
                    run=run.id,
                    company=run.company_id.id,
                    uid=self.env.uid,
                    now=fields.Datetime.now(),
                    waiting=waiting.subselect(),
                )
            )
            taken += self.env.cr.rowcount
        lines.invalidate_model()
        self.invalidate_recordset(["line_ids"])
        return taken

    # CRON

    def _work(self, lines):
        for line in lines:
            line._make()

    def _end(self):
        """Begin the review, once what was handed in meanwhile has its copies, too."""
        run = self.try_lock_for_update().filtered_domain([("state", "in", UNDER_WAY)])
        if run:
            run.env["hoithi.review.copy"]._queue(
                run.contest_id._get_decidable_entries()
            )
            if run._take_copies():
                run._open_door().attempts = 0
                return 1
        return super()._end()

    def _conclude(self):
        starter = self._get_starter()
        contest = self.contest_id.with_user(starter).with_context(
            lang=starter.lang, allowed_company_ids=self.company_id.ids
        )
        # somebody else may have begun it meanwhile
        if contest.state == "screening":
            contest._check_review_start()
            contest._start_review()
