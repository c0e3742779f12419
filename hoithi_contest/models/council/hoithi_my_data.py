from odoo import api, models

from ..contest.hoithi_my_data import Part


class HoithiMyData(models.AbstractModel):
    """The caller's work in councils: that there are sheets, not what is in them."""

    _inherit = "hoithi.my.data"

    @api.model
    def _get_parts(self):
        return [
            *super()._get_parts(),
            *filter(
                lambda part: part.rows,
                (
                    self._get_seats_part(),
                    self._get_attendances_part(),
                    self._get_sheets_part(),
                ),
            ),
        ]

    @api.model
    def _get_own_seats(self):
        """Return the seats of the caller, as superuser: who sits knows of it."""
        # also those that ended with the role
        seats_sudo = self.env["hoithi.council.member"].sudo()
        return seats_sudo.with_context(active_test=False).search(
            [("user_id", "=", self.env.uid)]
        )

    @api.model
    def _get_seats_part(self):
        seats_sudo = self._get_own_seats()
        roles = dict(seats_sudo._fields["role"]._description_selection(self.env))
        rows = [
            {
                "council": seat_sudo.council_id.name,
                "decision": seat_sudo.council_id.decision_number or "",
                "decided_on": seat_sudo.council_id.decision_date or "",
                "role": roles.get(seat_sudo.role, ""),
                "position": seat_sudo.position or "",
                "organisation": seat_sudo.organisation or "",
                "ended_on": seat_sudo.ended_on or "",
            }
            for seat_sudo in seats_sudo
        ]
        columns = {
            "council": self.env._("Council"),
            "decision": self.env._("Decision"),
            "decided_on": self.env._("Decided on"),
            "role": self.env._("Role"),
            "position": self.env._("Position"),
            "organisation": self.env._("Organisation"),
            "ended_on": self.env._("Ended on"),
        }
        title = self.env._("Seats in councils")
        return Part("seats", title, "review", columns, rows)

    @api.model
    def _get_attendances_part(self):
        seats_sudo = self._get_own_seats()
        attendances_sudo = seats_sudo.env["hoithi.session.attendance"].search(
            [
                ("member_id", "in", seats_sudo.ids),
                ("session_id.state", "=", "closed"),
            ],
            order="id desc",
        )
        rows = [
            {
                "session": attendance_sudo.session_id.display_name,
                "start": attendance_sudo.session_id.start or "",
                "present": self.env._("Present")
                if attendance_sudo.present
                else self.env._("Absent"),
                "reason": attendance_sudo.reason or "",
            }
            for attendance_sudo in attendances_sudo
        ]
        columns = {
            "session": self.env._("Session"),
            "start": self.env._("Begin"),
            "present": self.env._("Attendance"),
            "reason": self.env._("Reason"),
        }
        title = self.env._("Sessions of councils")
        return Part("attendances", title, "review", columns, rows)

    @api.model
    def _get_sheets_part(self):
        reviews = self.env["hoithi.review"]
        if reviews.has_access("read"):
            reviews = reviews.search([("user_id", "=", self.env.uid)])
        states = dict(reviews._fields["state"]._description_selection(self.env))
        rows = [
            {
                "contest": review.contest_id.name,
                "sheet": review.display_name,
                "state": states[review.state],
                "submitted_on": review.submitted_on or "",
            }
            for review in reviews
        ]
        columns = {
            "contest": self.env._("Contest"),
            "sheet": self.env._("Sheet"),
            "state": self.env._("State"),
            "submitted_on": self.env._("Submitted on"),
        }
        title = self.env._("Sheets that I wrote")
        return Part("sheets", title, "review", columns, rows)
