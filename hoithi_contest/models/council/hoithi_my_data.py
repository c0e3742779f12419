from odoo import api, models

from ..contest.hoithi_my_data import Part


class HoithiMyData(models.AbstractModel):
    """The caller's work in councils: that there are sheets, not what is in them."""

    _inherit = "hoithi.my.data"

    @api.model
    def _get_parts(self):
        parts = super()._get_parts()
        reviews = self.env["hoithi.review"]
        if not reviews.has_access("read"):
            return parts
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
        if rows:
            title = self.env._("Sheets that I wrote")
            parts.append(Part("sheets", title, "review", columns, rows))
        return parts
