from odoo import fields, models

from ..guard.hoithi_states import PENDING


class HoithiContest(models.Model):
    """What of the council's work ends with a contest that is called off."""

    _inherit = "hoithi.contest"

    def _on_cancelled(self, reason):
        super()._on_cancelled(reason)
        of_these = [("contest_id", "in", self.ids)]
        text = self.env._("The contest has been cancelled.")
        # sheets, votes and proposals of everybody
        runs_sudo = self.env["hoithi.review.assign.run"].sudo()
        runs_sudo.search([*of_these, ("state", "in", ("queued", "running"))])._move(
            "cancelled", ended_on=fields.Datetime.now()
        )
        reviews_sudo = self.env["hoithi.review"].sudo()
        reviews_sudo.search([*of_these, ("state", "in", PENDING)])._stop(text)
        sessions_sudo = self.env["hoithi.session"].sudo()
        for session_sudo in sessions_sudo.search([*of_these, ("state", "=", "open")]):
            session_sudo._interrupt(text)

    def _on_resumed(self, since):
        super()._on_resumed(since)
        of_these = [("contest_id", "in", self.ids)]
        # as above
        reviews_sudo = self.env["hoithi.review"].sudo()
        reviews_sudo.search(
            [*of_these, ("state", "=", "void"), ("stopped_from", "!=", False)]
        )._go_on()
        # what was voted on is taken up as it stood
        sessions_sudo = self.env["hoithi.session"].sudo()
        sessions_sudo.search(
            [*of_these, ("state", "=", "closed"), ("closed_on", ">=", since)]
        ).item_ids.filtered(lambda item: item.state == "counted")._apply_outcome()

    def _get_concerned(self):
        told = super()._get_concerned()
        # who sits on the council is none of the entries' business
        for contest_sudo in self.sudo():
            told[contest_sudo.sudo(False)] |= (
                contest_sudo.council_id.member_ids.user_id.partner_id
            )
        return told
