from odoo import fields, models
from odoo.exceptions import UserError

from ..guard.hoithi_states import PENDING


class HoithiReview(models.Model):
    """A sheet that is given in the council phase, for one that fell out by then."""

    _inherit = "hoithi.review"

    is_replacement = fields.Boolean(
        string="Named after the review",
        readonly=True,
        copy=False,
        help="For a sheet that fell out in the council phase, as by a conflict of "
        "interest that was found late; it is scored while the council meets.",
    )

    def _is_phase_open(self):
        return super()._is_phase_open() or (
            self.is_replacement and self.contest_state == "council"
        )

    def _get_awaited_replacements(self):
        """Return the sheets of these for which a vote waits."""
        return self.filtered(
            lambda review: review.is_replacement and review.state in PENDING
        )

    def _check_no_replacement(self):
        """Refuse to decide on entries before the sheet that is missing is in.

        :raises UserError: with who is awaited, until when, and what to do
        """
        for review in self._get_awaited_replacements():
            raise UserError(
                self.env._(
                    "A sheet that fell out of “%(entry)s” is given anew by "
                    "%(member)s until %(moment)s: wait for it, or void it and name "
                    "somebody else.",
                    entry=review.display_name,
                    member=review.member_id.display_name,
                    moment=review.contest_id._format_moment(review.due_date),
                )
            )
