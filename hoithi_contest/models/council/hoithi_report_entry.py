from odoo import api, fields, models
from odoo.tools import SQL

from ..guard.hoithi_states import COMPETING, ELIGIBLE, SELECTED


class HoithiReportEntry(models.Model):
    """Figures of entries, a row for each that was begun."""

    _name = "hoithi.report.entry"
    _description = "Figures of Entries"
    _inherit = ["hoithi.report.mixin", "hoithi.clock.mixin"]
    _auto = False
    _order = "id desc"
    _rec_name = "entry_id"

    _report_source = "hoithi.entry"

    entry_id = fields.Many2one("hoithi.entry", readonly=True)
    contest_id = fields.Many2one("hoithi.contest", readonly=True)
    company_id = fields.Many2one("res.company", string="Department", readonly=True)
    year_start = fields.Integer(string="First year", aggregator=None, readonly=True)
    field_id = fields.Many2one("hoithi.field", readonly=True)
    department_id = fields.Many2one("hr.department", string="Unit", readonly=True)
    state = fields.Selection(
        lambda self: self._get_selection("hoithi.entry", "state"), readonly=True
    )
    solution_type = fields.Selection(
        lambda self: self._get_selection("hoithi.entry", "solution_type"),
        string="Kind of solution",
        readonly=True,
    )
    participant_type = fields.Selection(
        lambda self: self._get_selection("hoithi.entry", "participant_type"),
        string="Entered by",
        readonly=True,
    )
    is_paper = fields.Boolean(string="On paper", readonly=True)
    submitted_on = fields.Datetime(readonly=True)
    screened_on = fields.Datetime(readonly=True)
    decided_on = fields.Datetime(readonly=True)
    received = fields.Integer(readonly=True, help="1 for an entry that was submitted.")
    competing = fields.Integer(readonly=True, help="1 for one not withdrawn since.")
    eligible = fields.Integer(readonly=True, help="1 for one that passed screening.")
    selected = fields.Integer(readonly=True, help="1 for one that the council chose.")
    author_count = fields.Integer(string="Number of authors", readonly=True)
    review_count = fields.Integer(string="Reviews", readonly=True)
    review_done_count = fields.Integer(string="Reviews submitted", readonly=True)
    average_score = fields.Float(
        string="Score", digits=(6, 2), aggregator="avg", readonly=True
    )
    score_spread = fields.Float(
        string="Spread", digits=(6, 2), aggregator="avg", readonly=True
    )
    benefit_amount = fields.Monetary(string="Benefit in money", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    screening_days = fields.Float(
        string="Days to the screening",
        digits=(8, 1),
        aggregator="avg",
        readonly=True,
        help="From the receipt to the decision of the screening.",
    )

    @api.model
    def _get_hidden_ids(self):
        # an author of the Office reads the own entry, and not how it stands
        return self.env["hoithi.entry"]._get_hidden_standing_ids()

    @api.model
    def _get_report_sql(self):
        return SQL(
            """
            SELECT e.id,
                   e.id AS entry_id,
                   e.contest_id,
                   e.company_id,
                   c.year_start,
                   e.field_id,
                   e.department_id,
                   e.state,
                   e.solution_type,
                   e.participant_type,
                   e.paper_received_on IS NOT NULL AS is_paper,
                   e.submitted_on,
                   e.screened_on,
                   e.decided_on,
                   (e.submitted_on IS NOT NULL AND e.state != 'draft')::int AS received,
                   (e.submitted_on IS NOT NULL AND e.state IN %(competing)s)::int
                       AS competing,
                   (e.submitted_on IS NOT NULL AND e.state IN %(eligible)s)::int
                       AS eligible,
                   (e.submitted_on IS NOT NULL AND e.state IN %(selected)s)::int
                       AS selected,
                   (SELECT count(*) FROM hoithi_entry_author a
                     WHERE a.entry_id = e.id AND a.declined_on IS NULL)::int
                       AS author_count,
                   e.review_count,
                   e.review_done_count,
                   CASE WHEN e.review_done_count > 0 THEN e.average_score END
                       AS average_score,
                   CASE WHEN e.review_done_count > 1 THEN e.score_spread END
                       AS score_spread,
                   e.benefit_amount,
                   e.currency_id,
                   extract(epoch FROM e.screened_on - e.submitted_on) / 86400.0
                       AS screening_days
              FROM hoithi_entry e
              JOIN hoithi_contest c ON c.id = e.contest_id
            """,
            competing=COMPETING,
            eligible=ELIGIBLE,
            selected=SELECTED,
        )
