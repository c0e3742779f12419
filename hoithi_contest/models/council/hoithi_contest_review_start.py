from odoo import api, fields, models
from odoo.exceptions import UserError

from ..guard.hoithi_states import UNDER_WAY

SECRETARY = "hoithi_contest.group_secretary"
#: Entries of which the files aren't looked through while somebody waits.
MANY = 500


class HoithiContest(models.Model):
    """How the review begins: with copies of the files for who reviews them."""

    _inherit = "hoithi.contest"

    review_start_run_id = fields.Many2one(
        "hoithi.review.start.run",
        string="Start of the review",
        compute="_compute_review_start",
        groups=SECRETARY,
        help="What begins the review in the background, until it has begun.",
    )
    review_start_state = fields.Selection(
        selection=lambda self: (
            self.env["hoithi.review.start.run"]
            ._fields["state"]
            ._description_selection(self.env)
        ),
        string="How the start goes",
        compute="_compute_review_start",
        groups=SECRETARY,
    )
    is_review_starting = fields.Boolean(
        string="Review about to Begin",
        compute="_compute_review_start",
        groups=SECRETARY,
    )
    review_start_progress = fields.Float(
        string="Copies made (%)", compute="_compute_review_start", groups=SECRETARY
    )
    review_start_error = fields.Text(
        string="Why the review didn't begin",
        compute="_compute_review_start",
        groups=SECRETARY,
    )

    @api.depends_context("uid")
    @api.depends("state")
    def _compute_review_start(self):
        runs = self.env["hoithi.review.start.run"]
        starting = self.filtered(lambda contest: contest.state == "screening")
        by_contest = runs.search(
            [("contest_id", "in", starting.ids)], order="id desc"
        ).grouped("contest_id")
        for contest in self:
            # the last one tells; once done or stopped by somebody, nothing is to tell
            run = by_contest.get(contest._origin, runs)[:1].filtered(
                lambda run: run.state in ("queued", "running", "failed")
            )
            contest.review_start_run_id = run
            contest.review_start_state = run.state
            contest.is_review_starting = run.state in UNDER_WAY
            contest.review_start_progress = run.progress
            contest.review_start_error = run.error

    # ACTION

    def action_start_review(self, reason=None):
        """Give the eligible entries to their reviewers, with copies of their files.

        Where making copies takes longer than anybody waits, that is done in the
        background, and the review begins by itself afterwards.

        :param reason: why before the deadline of the screening; it is logged
        :return: the run that makes copies and then begins; else True
        :raises UserError: also where the secretary has to decide on copies first
        """
        self._check_review_start()
        # what is under way already isn't begun again
        self.filtered(
            lambda contest: contest.sudo().review_start_state not in UNDER_WAY
        )._log_early("review", reason)
        lasting = self.filtered(lambda contest: contest._is_lasting_start())
        if self - lasting:
            (self - lasting)._start_review()
        return self.env["hoithi.review.start.run"]._start(lasting) or True

    def action_stop_review_start(self):
        """Stop what begins the review in the background; copies made stay.

        :raises AccessError: for others than the secretary
        :raises UserError: where nothing is under way
        """
        return self._get_review_start().action_cancel()

    def action_go_on_review_start(self):
        """Go on with the start of the review where it stopped.

        :raises AccessError: for others than the secretary
        :raises UserError: where nothing stopped
        """
        return self._get_review_start().action_retry()

    # BUSINESS

    def _take_transition(self, target):
        result = super()._take_transition(target)
        # a card that was dragged shows nothing of what goes on in the background
        for contest in self if target == "review" else ():
            if contest.state != target:
                self.env.user._bus_send(
                    "simple_notification",
                    {
                        "type": "info",
                        "title": contest.display_name,
                        "message": self.env._(
                            "Copies for the reviewers are being made; the review "
                            "begins by itself afterwards."
                        ),
                    },
                )
        return result

    def _is_lasting_start(self):
        """Have copies made that are missing; tell whether that is more than a click's.

        Of many entries it is in any case, and the run itself looks what is missing.
        """
        self.ensure_one()
        entries = self._get_decidable_entries()
        # a run is somebody's; the server's own work has nobody to show it to
        if not self.env.su and len(entries) > MANY:
            return True
        copies = self.env["hoithi.review.copy"]
        copies._queue(entries)
        return not self.env.su and copies._takes_long(entries)

    def _start_review(self):
        entries = self._get_decidable_entries()
        self.env["hoithi.review.copy"]._wait(entries)
        super()._start_review()
        entries._begin_review()

    def _get_review_start(self):
        self.ensure_one()
        if not self.review_start_run_id:
            raise UserError(
                self.env._("No start of the review is under way in “%s”.", self.name)
            )
        return self.review_start_run_id
