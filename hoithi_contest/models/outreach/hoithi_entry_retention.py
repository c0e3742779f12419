from datetime import datetime

from odoo import api, models

#: Stands where a person was.
NOBODY = "–"


class HoithiEntry(models.Model):
    """Whom lists of invitations name."""

    _inherit = "hoithi.entry"

    @api.model
    def _forget_others(self):
        """Delete the persons of old invitations; how many were invited stays."""
        super()._forget_others()
        for year, companies in self._get_last_years():
            self.env["hoithi.staff.invite.run.line"].search(
                [
                    ("run_id.company_id", "in", companies.ids),
                    ("run_id.create_date", "<", datetime(year, 1, 1)),
                    ("state", "!=", "waiting"),
                    ("email", "!=", NOBODY),
                ]
            ).write(
                {
                    "name": NOBODY,
                    "email": NOBODY,
                    "job_title": False,
                    "staff_code": False,
                    "note": False,
                }
            )
