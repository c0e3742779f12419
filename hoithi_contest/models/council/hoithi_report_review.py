from odoo import api, fields, models
from odoo.tools import SQL

from ..guard.hoithi_states import PENDING


class HoithiReportReview(models.Model):
    """Figures of score sheets, a row for each.

    Nothing of it tells who wrote the entry, nor what a sheet says before it is in.
    """

    _name = "hoithi.report.review"
    _description = "Figures of Score Sheets"
    _inherit = ["hoithi.report.mixin", "hoithi.clock.mixin"]
    _auto = False
    _order = "id desc"
    _rec_name = "review_id"

    _report_source = "hoithi.review"

    review_id = fields.Many2one("hoithi.review", readonly=True)
    contest_id = fields.Many2one("hoithi.contest", readonly=True)
    company_id = fields.Many2one("res.company", string="Department", readonly=True)
    # A person who sits on two councils is one row of a figure, and has two seats.
    user_id = fields.Many2one("res.users", string="Member", readonly=True)
    member_id = fields.Many2one("hoithi.council.member", string="Seat", readonly=True)
    field_id = fields.Many2one("hoithi.field", readonly=True)
    state = fields.Selection(
        lambda self: self._get_selection("hoithi.review", "state"), readonly=True
    )
    assigned_on = fields.Datetime(readonly=True)
    due_date = fields.Datetime(string="Due", readonly=True)
    submitted_on = fields.Datetime(readonly=True)
    asked = fields.Integer(
        string="Sheets asked for",
        readonly=True,
        help="1 for a sheet that counts or will.",
    )
    submitted = fields.Integer(readonly=True, help="1 for a sheet that is in.")
    late = fields.Integer(
        readonly=True, help="1 for a sheet that came after it was due, or is due."
    )
    total = fields.Float(
        digits=(6, 2),
        aggregator="avg",
        readonly=True,
        help="Points of a sheet that is in; others have none.",
    )
    days = fields.Float(
        string="Days to the sheet",
        digits=(8, 1),
        aggregator="avg",
        readonly=True,
        help="From the assignment to the submission.",
    )

    @api.model
    def _get_report_sql(self):
        return SQL(
            """
            SELECT r.id,
                   r.id AS review_id,
                   r.contest_id,
                   r.company_id,
                   r.user_id,
                   r.member_id,
                   r.field_id,
                   r.state,
                   r.create_date AS assigned_on,
                   r.due_date,
                   r.submitted_on,
                   (r.state = 'submitted' OR r.state IN %(pending)s)::int AS asked,
                   (r.state = 'submitted')::int AS submitted,
                   (CASE WHEN r.state = 'submitted' THEN r.submitted_on > r.due_date
                         WHEN r.state IN %(pending)s
                         THEN r.due_date < (now() AT TIME ZONE 'UTC')
                    END)::int AS late,
                   CASE WHEN r.state = 'submitted' THEN r.total END AS total,
                   CASE WHEN r.state = 'submitted'
                         AND r.submitted_on >= r.create_date THEN
                       extract(epoch FROM r.submitted_on - r.create_date) / 86400.0
                   END AS days
              FROM hoithi_review r
            """,
            pending=PENDING,
        )
