import logging

from psycopg2 import OperationalError

from odoo import fields, models
from odoo.exceptions import UserError

from .hoithi_round import IN_PRESENT_ROUND

_logger = logging.getLogger(__name__)


class HoithiReviewAssignRunLine(models.Model):
    """A review to be assigned, and what came of it."""

    _name = "hoithi.review.assign.run.line"
    _inherit = ["hoithi.run.line.mixin"]
    _description = "Review to Assign"
    _order = "run_id, id"
    _rec_name = "entry_id"

    run_id = fields.Many2one(
        "hoithi.review.assign.run", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="run_id.company_id", store=True)
    user_id = fields.Many2one(related="run_id.user_id", store=True, index=True)
    entry_id = fields.Many2one(
        "hoithi.entry", required=True, ondelete="cascade", index=True
    )
    member_id = fields.Many2one(
        "hoithi.council.member", required=True, ondelete="cascade", index=True
    )
    state = fields.Selection(
        [
            ("waiting", "Waiting"),
            ("done", "Assigned"),
            ("skipped", "Left out"),
            ("failed", "Error"),
        ],
        required=True,
        default="waiting",
    )
    note = fields.Text()

    _run_state_idx = models.Index("(run_id, state, attempts, id)")

    def _assign(self):
        """Create the reviews of lines of one run, in the name of who began it.

        What somebody else assigned meanwhile is left out. One that is refused is
        marked with the reason and doesn't stop the others.
        """
        run = self.run_id
        starter = run.user_id
        user_lines = self.with_user(starter).with_context(
            lang=starter.lang, allowed_company_ids=run.company_id.ids
        )
        taken = {
            (review.entry_id.id, review.member_id.id)
            for review in self.env["hoithi.review"].search_fetch(
                [
                    ("entry_id", "in", self.entry_id.ids),
                    ("state", "!=", "void"),
                    *IN_PRESENT_ROUND,
                ],
                ["entry_id", "member_id"],
            )
        }
        # as the server reads them: whom it concerns may be closed to the starter
        known = self.filtered(
            lambda line: (line.entry_id.id, line.member_id.id) in taken
        )
        known._open_door().write(
            {"state": "skipped", "note": user_lines.env._("Assigned already.")}
        )
        left = (self - known).with_env(user_lines.env)
        if not left._create_reviews():
            for line in left:
                line._create_reviews()

    def _create_reviews(self):
        """Create the reviews of lines; mark a single one that is refused.

        :return: whether they were created
        """
        try:
            with self.env.cr.savepoint():
                self.env["hoithi.review"].create(self._prepare_reviews())
        except OperationalError:
            # another transaction was first: the step begins anew
            raise
        except Exception as error:
            if len(self) == 1:
                if not isinstance(error, UserError):
                    _logger.warning("Review of %s not assigned", self, exc_info=True)
                # lines are written by the run alone
                self.sudo()._fail(str(error))
            return False
        # lines are written by the run alone
        self.sudo()._open_door().write({"state": "done", "note": False})
        return True

    def _prepare_reviews(self):
        # what the run is for; the reviews are created with the starter's rights
        lines_sudo = self.sudo()
        run_sudo = lines_sudo.run_id
        due_date = run_sudo.due_date or run_sudo.contest_id._get_sheet_due()
        return [
            {
                "entry_id": line.entry_id.id,
                "member_id": line.member_id.id,
                "due_date": due_date,
            }
            for line in lines_sudo
        ]
