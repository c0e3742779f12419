from odoo import models
from odoo.exceptions import UserError


class HoithiSessionItem(models.Model):
    """What the desk of a session shows of an item, and the reminder to vote on it."""

    _inherit = "hoithi.session.item"

    # ACTION

    def action_remind_voters(self):
        """Remind the members who haven't voted, on the screens that they have open.

        :raises AccessError: for others than the secretary
        :raises UserError: while there is no vote, and where all have voted
        :return: a notice that names them
        """
        self.ensure_one()
        self.check_access("write")
        waiting = self.voter_ids.filtered(lambda voter: not voter.voted).member_id
        if self.state != "voting" or not waiting:
            raise UserError(
                self.env._("Nobody is to be reminded: no vote waits for a member.")
            )
        for user in waiting.user_id:
            told = self.with_context(lang=user.lang)
            user._bus_send(
                "simple_notification",
                {
                    "type": "warning",
                    "title": told.env._("Your vote is awaited"),
                    "message": told.env._(
                        "“%s” is being voted on: please vote under “My ballot”.",
                        told.display_name,
                    ),
                },
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "Reminded on their screens: %s",
                    ", ".join(waiting.mapped("display_name")),
                ),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    # BUSINESS

    def _get_desk(self):
        """Return what the desk shows of the item under discussion."""
        self.ensure_one()
        session, majority = self.session_id, self._get_majority()
        reviews = self.env["hoithi.review"]
        if reviews.has_access("read"):
            # which round an entry is in is no secret of its sheets' readers
            round_sudo = self.entry_id.sudo().round_id
            reviews = reviews.search(
                [
                    ("entry_id", "=", self.entry_id.id),
                    ("round_id", "=", round_sudo.id),
                    ("state", "=", "submitted"),
                ]
            )
        totals = reviews.mapped("total")
        tellers = session._get_tellers() if self.ballot_mode == "secret" else ()
        return {
            **self._get_board_data(),
            "ratio": majority.write_ratio(),
            "approval_base": majority.base,
            "entry": self.entry_id.id if self.entry_id.has_access("read") else False,
            "voters": [
                {
                    "id": voter.id,
                    "name": voter.member_id.display_name,
                    "voted": voter.voted,
                }
                for voter in self.voter_ids
            ],
            "tellers": [
                {
                    "id": member.id,
                    "name": member.display_name,
                    "has_key": member in session.keyed_member_ids,
                }
                for member in tellers
            ],
            "handed_in": self.handed_in,
            "reviews": reviews.ids,
            "totals": totals,
            "spread": max(totals) - min(totals) if totals else 0,
            "selecting": len(
                reviews.filtered(lambda review: review.recommendation == "select")
            ),
            "can_count": self.can_count,
            "can_conclude": self._may_conclude(),
        }

    def _may_conclude(self):
        """Tell whether the caller writes what the council concluded, as `write` does.

        Who competes may run a session, but says nothing of its votes.
        """
        if not self.has_access("write"):
            return False
        try:
            self.entry_id._check_impartial()
        except UserError:
            return False
        return True
