from odoo import models


class HoithiSessionItem(models.Model):
    """An item of the body that confirms: what it rejects isn't selected any more."""

    _inherit = "hoithi.session.item"

    def _get_conflicted(self):
        """Return the seats of this body whose holders are in a conflict.

        Who sits on both bodies is one person, whichever seat the conflict names.
        """
        seats = super()._get_conflicted()
        # who sits here isn't for all to read; who must leave is
        body_sudo = self.session_id.sudo().council_id
        users = seats.sudo().user_id
        here = body_sudo.member_ids.filtered(lambda seat: seat.user_id in users)
        own = seats.filtered(lambda seat: seat.sudo().council_id in body_sudo)
        return own | here.with_env(self.env)

    def _get_questions(self):
        if not self.session_id.is_confirming:
            return super()._get_questions()
        # what the council is asked it has answered
        return self.contest_id.question_rule_ids.filtered(
            lambda question: question.body == "confirming"
        )

    def _apply_outcome(self):
        confirming = self.filtered(lambda item: item.session_id.is_confirming)
        super(HoithiSessionItem, self - confirming)._apply_outcome()
        # as the council's: carried out also where a conflict hides the entry
        rejected = confirming.filtered(
            lambda item: (
                item.outcome == "rejected"
                and item.sudo().entry_id.state == "selected"
                and item.contest_id.state == "council"
            )
        )
        for basis, items in rejected.grouped("basis").items():
            items.sudo().entry_id.action_not_select(
                reason=self.env._("Vote of the organising committee: %s.", basis)
            )
