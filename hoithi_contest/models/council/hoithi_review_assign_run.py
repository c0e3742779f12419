import hashlib

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from ..guard.hoithi_run_mixin import get_run_transitions

SECRETARY = ("hoithi_contest.group_secretary",)


class HoithiReviewAssignRun(models.Model):
    """A large proposal of reviewers that is applied in the background.

    Made by the dialog alone. It stays on record who assigned whom, and why somebody
    was not.
    """

    _name = "hoithi.review.assign.run"
    _inherit = "hoithi.contest.run.mixin"
    _description = "Assignment of Reviewers"

    _run_groups = SECRETARY
    _transitions = get_run_transitions(SECRETARY)

    due_date = fields.Datetime(string="Due", readonly=True)
    line_ids = fields.One2many(
        "hoithi.review.assign.run.line", "run_id", string="Reviews", readonly=True
    )
    done_count = fields.Integer(string="Assigned")

    @api.depends("contest_id.name")
    def _compute_display_name(self):
        for run in self:
            run.display_name = self.env._(
                "Reviewers of “%s”", run.contest_id.name or "…"
            )

    # BUSINESS

    @api.model
    def _start(self, contest, pairs, due_date):
        """Begin to assign `pairs`; return the action that shows how far it is.

        Where the same is being assigned already, that run is shown.

        :param pairs: (entry, member), records of the contest
        :param due_date: until when the sheets are due (UTC), or nothing
        :raises AccessError: for others than the secretary
        """
        if not self.env.user.has_groups(",".join(SECRETARY)):
            raise AccessError(self.env._("Only a secretary assigns reviewers."))
        ids = sorted((entry.id, member.id) for entry, member in pairs)
        digest = hashlib.sha256(repr(ids).encode()).hexdigest()
        run_key = f"{self.env.uid}:{contest.id}:{digest}"
        run = self._find_twin(run_key)
        if not run:
            # nobody writes a run but by the dialog, whose right was checked above
            run = (
                self.sudo()
                ._open_door()
                .create(
                    {
                        "contest_id": contest.id,
                        "due_date": due_date,
                        "run_key": run_key,
                    }
                )
            )
            run._add_lines(ids)
            run._wake()
        return run._show()

    def _add_lines(self, ids):
        """Let reviews wait for the run, in one statement, as there are thousands.

        :param ids: (entry id, member id) of each
        """
        self.flush_recordset()
        entry_ids, member_ids = zip(*ids, strict=True)
        self.env.cr.execute(
            SQL(
                """INSERT INTO hoithi_review_assign_run_line
                          (run_id, company_id, user_id, entry_id, member_id, state,
                           attempts, create_uid, write_uid, create_date, write_date)
                   SELECT %(run)s, %(company)s, %(user)s, pair.entry, pair.member,
                          'waiting', 0, %(uid)s, %(uid)s, %(now)s, %(now)s
                     FROM unnest(%(entries)s, %(members)s)
                          WITH ORDINALITY AS pair(entry, member, place)
                    ORDER BY pair.place""",
                run=self.id,
                company=self.company_id.id,
                user=self.user_id.id,
                uid=self.env.uid,
                now=fields.Datetime.now(),
                entries=list(entry_ids),
                members=list(member_ids),
            )
        )
        self.invalidate_recordset(["line_ids"])

    # CRON

    def _work(self, lines):
        lines._assign()
