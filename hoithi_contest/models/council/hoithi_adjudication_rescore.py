from datetime import datetime

from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from .hoithi_review import SECRETARY


class HoithiAdjudication(models.Model):
    """All judges of an entry score it again, where the rules of the contest say so."""

    _inherit = "hoithi.adjudication"

    _reason_methods = ("action_rescore",)

    resolution = fields.Selection(selection_add=[("rescore", "All judges score again")])
    may_rescore = fields.Boolean(
        related="contest_id.divergence_rescore", string="All judges may score again"
    )

    # ACTION

    def action_ask_rescore(self):
        """Open the dialog that asks for what `action_rescore` needs."""
        self._check_rescore()
        return self._ask_reason(
            "action_rescore", self.env._("All Judges Score Again"), needs_due=True
        )

    def action_rescore(self, reason=None, due_date=None):
        """Give all submitted sheets of the entry back to their members.

        What they said stays in the ledger; each judge is told, with the reason. Where
        the new sheets lie too far apart as well, it is opened anew.

        :param reason: recorded, and told to the judges
        :param due_date: until when the sheets are due; in a week by default
        :raises AccessError: for anyone but the secretary
        :raises UserError: where the rules don't say so, for what is resolved, where a
            judge's seat has ended, and for a moment that is over
        """
        self._check_rescore()
        reason = self._clean_reason(reason)
        for adjudication in self:
            contest = adjudication.contest_id
            due = contest._read_deadline(due_date) if due_date else None
            if due_date and (
                not isinstance(due, datetime) or due <= fields.Datetime.now()
            ):
                raise UserError(
                    self.env._("Give a moment to come until which it is due.")
                )
            # nobody may change an adjudication but by its acts
            adjudication.sudo()._resolve("rescore", self.env.user, reason)
            reviews = adjudication.entry_id.review_ids.filtered(
                lambda review, entry=adjudication.entry_id: (
                    review.state == "submitted" and review.round_id == entry.round_id
                )
            )
            reviews.action_reopen(reason=reason)
            # a sheet whose time is over couldn't be given
            reviews.due_date = due or contest._get_sheet_due()
        return True

    # BUSINESS

    def _check_rescore(self):
        """Refuse it to others than the secretary, and where the rules don't say so.

        :raises AccessError: for anyone else
        :raises UserError: telling what there is to do instead, and for whoever competes
        """
        self._check_transition("resolved")
        self.check_access("read")
        if not self.env.su and not self.env.user.has_group(SECRETARY[0]):
            raise AccessError(
                self.env._("The secretary of the council has entries scored again.")
            )
        self.entry_id._check_no_rivals()
        if not all(self.mapped("may_rescore")):
            raise UserError(
                self.env._(
                    "By the rules of this contest a further reviewer settles sheets "
                    "that lie too far apart, or the council does."
                )
            )
