from datetime import timedelta

from odoo import fields, models

from ..guard.hoithi_states import PENDING


class HoithiContest(models.Model):
    """Until when sheets are due, also those that are out or given late."""

    _inherit = "hoithi.contest"

    def _on_deadline_moved(self, name, former):
        if name == "review_deadline" and self.review_deadline:
            sheets_sudo = self._get_open_sheets()
            # one with a day of its own keeps that
            sheets_sudo.filtered(
                lambda sheet: not sheet.due_date or sheet.due_date == former
            ).due_date = self.review_deadline
        super()._on_deadline_moved(name, former)

    def _get_awaited_partners(self, name):
        partners = super()._get_awaited_partners(name)
        if name == "review_deadline":
            # whoever keeps the outbox may be in conflict with an entry: whom a letter
            # goes to tells of nobody who has which sheets
            seats_sudo = self.sudo().council_id.member_ids.filtered("can_score")
            partners |= seats_sudo.user_id.partner_id
        return partners

    def _get_open_sheets(self):
        """Return the sheets that are awaited, whoever may read them."""
        self.ensure_one()
        # they follow the contest's deadline, whoever of the Office moves it
        return (
            self.env["hoithi.review"]
            .sudo()
            .search([("contest_id", "=", self.id), ("state", "in", PENDING)])
        )

    def _get_sheet_due(self):
        """Return until when (UTC) a sheet is due that is given out now.

        After the deadline of the review, as for a member who stands in for another,
        that is a week.
        """
        self.ensure_one()
        deadline = self.review_deadline
        if deadline and deadline <= fields.Datetime.now():
            return self._get_work_end(self._get_today() + timedelta(days=7))
        return deadline
