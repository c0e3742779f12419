from odoo import api, fields, models
from odoo.tools import SQL

from ..guard.hoithi_states import (
    COMPETING,
    ELIGIBLE,
    OVER,
    SELECTED,
    SETTLED,
    state_flag,
)


class HoithiReportContest(models.Model):
    """Totals of contests, a row for each: a province looks at its departments.

    It tells of no entry and no person. What would tell somebody early how the own entry
    stands is empty until it is settled: who is admitted until the review begins, who
    was chosen until the contest is over.
    """

    _name = "hoithi.report.contest"
    _description = "Figures of Contests"
    _inherit = ["hoithi.report.mixin", "hoithi.clock.mixin"]
    _auto = False
    _order = "year_start desc, company_id, id"
    _clock_path = ""

    # who looks at the totals reads no contest: rows are told by their department alone
    _report_source = ""

    name = fields.Char(string="Contest", readonly=True)
    company_id = fields.Many2one("res.company", string="Department", readonly=True)
    edition_number = fields.Integer(string="Edition", aggregator=None, readonly=True)
    year_start = fields.Integer(string="First year", aggregator=None, readonly=True)
    state = fields.Selection(
        lambda self: self._get_selection("hoithi.contest", "state"), readonly=True
    )
    is_over = state_flag("Over", OVER)
    received = fields.Integer(readonly=True, help="Entries that were submitted.")
    competing = fields.Integer(readonly=True, help="Those not withdrawn since.")
    author_count = fields.Integer(
        string="Number of authors",
        readonly=True,
        help="Of those that compete; who takes part twice counts twice.",
    )
    unit_count = fields.Integer(
        string="Units taking part", readonly=True, help="Those with an entry."
    )
    eligible = fields.Integer(
        readonly=True, help="Those that passed screening, once the review has begun."
    )
    selected = fields.Integer(
        readonly=True, help="Those that the council chose, once the contest is over."
    )
    nominated = fields.Integer(
        readonly=True,
        help="Those proposed to the next level, once the contest is over.",
    )
    award_count = fields.Integer(
        string="Awards",
        readonly=True,
        help="Awards of the province and above that the department has recorded.",
    )

    @api.model
    def _get_report_sql(self):
        return SQL(
            """
            SELECT c.id,
                   c.name,
                   c.company_id,
                   c.edition_number,
                   c.year_start,
                   c.state,
                   e.received,
                   e.competing,
                   e.author_count,
                   e.unit_count,
                   CASE WHEN c.state IN %(settled)s THEN e.eligible END AS eligible,
                   CASE WHEN c.state IN %(over)s THEN e.selected END AS selected,
                   CASE WHEN c.state IN %(over)s THEN e.nominated END AS nominated,
                   CASE WHEN c.state IN %(over)s THEN (
                       SELECT count(*) FROM hoithi_award a
                        WHERE a.contest_id = c.id AND a.level != 'unit'
                   )::int END AS award_count
              FROM hoithi_contest c
              JOIN LATERAL (
                   SELECT count(*) FILTER (WHERE state != 'draft')::int AS received,
                          count(*) FILTER (WHERE state IN %(competing)s)::int
                              AS competing,
                          count(DISTINCT department_id) FILTER (
                              WHERE state IN %(competing)s)::int AS unit_count,
                          count(*) FILTER (WHERE state IN %(eligible)s)::int
                              AS eligible,
                          count(*) FILTER (WHERE state IN %(selected)s)::int
                              AS selected,
                          count(*) FILTER (WHERE state = 'nominated')::int
                              AS nominated,
                          coalesce(sum((
                              SELECT count(*) FROM hoithi_entry_author a
                               WHERE a.entry_id = n.id AND a.declined_on IS NULL
                          )) FILTER (WHERE state IN %(competing)s), 0)::int
                              AS author_count
                     FROM hoithi_entry n
                    WHERE n.contest_id = c.id AND n.submitted_on IS NOT NULL
              ) e ON TRUE
             WHERE c.state != 'draft'
            """,
            competing=COMPETING,
            eligible=ELIGIBLE,
            selected=SELECTED,
            settled=SETTLED,
            over=OVER,
        )
