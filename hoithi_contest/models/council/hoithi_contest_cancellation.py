from odoo import fields, models
from odoo.exceptions import UserError

from ..guard.hoithi_states import DECIDING, PENDING, UNDER_WAY
from .hoithi_contest import COUNCIL_READERS


class HoithiContest(models.Model):
    """What of the council's work ends with a contest that is called off."""

    _inherit = "hoithi.contest"

    cancelled_rules = fields.Json(
        readonly=True,
        copy=False,
        groups=COUNCIL_READERS,
        help="What was fixed when the contest was called off.",
    )

    def _check_resumable(self):
        """Refuse to go on by other rules than those that the contest was judged by.

        While it is called off nothing hangs on its council, which may change. To undo
        the cancellation must not be a way round the chair's decision.
        """
        super()._check_resumable()
        for contest in self:
            # who reads of a change is told of it
            before = contest.sudo().cancelled_rules
            changes = before and self._describe_differences(
                before, contest._get_rules()
            )
            if changes:
                raise UserError(
                    self.env._(
                        "The rules of “%(contest)s” aren't those of before its "
                        "cancellation: %(changes)s. Put them back first; the chair may "
                        "reopen them afterwards.",
                        contest=contest.name,
                        changes=changes,
                    )
                )

    def _on_cancelled(self, reason):
        super()._on_cancelled(reason)
        for contest in self:
            # what was open to change then may be changed now
            is_fixed = contest.cancelled_from in DECIDING and (
                not contest.rules_reopened_on
            )
            contest.sudo()._open_door().cancelled_rules = (
                contest._get_rules() if is_fixed else False
            )
        of_these = [("contest_id", "in", self.ids)]
        text = self.env._("The contest has been cancelled.")
        # sheets, votes and proposals of everybody
        runs_sudo = self.env["hoithi.review.assign.run"].sudo()
        runs_sudo.search([*of_these, ("state", "in", UNDER_WAY)])._move(
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
        # what changed at HR meanwhile wasn't looked at
        self._get_decidable_entries()._detect_conflicts()
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

    def _get_activity_models(self):
        return [
            *super()._get_activity_models(),
            *("hoithi.review", "hoithi.objection", "hoithi.nomination"),
        ]

    def _get_concerned(self):
        told = super()._get_concerned()
        # who sits on its bodies is none of the entries' business
        for contest_sudo in self.sudo():
            told[contest_sudo.sudo(False)] |= (
                contest_sudo._get_bodies().member_ids.user_id.partner_id
            )
        return told
