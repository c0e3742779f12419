from odoo import api, fields, models
from odoo.tools import SQL


class HoithiReportOutreach(models.Model):
    """Figures of outreach, a row for each activity."""

    _name = "hoithi.report.outreach"
    _description = "Figures of Outreach"
    _inherit = ["hoithi.report.mixin", "hoithi.clock.mixin"]
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "outreach_id"

    _report_source = "hoithi.outreach"

    outreach_id = fields.Many2one("hoithi.outreach", readonly=True)
    contest_id = fields.Many2one("hoithi.contest", readonly=True)
    company_id = fields.Many2one("res.company", string="Department", readonly=True)
    department_id = fields.Many2one("hr.department", string="Unit", readonly=True)
    organisation_id = fields.Many2one("hoithi.organisation", readonly=True)
    kind = fields.Selection(
        lambda self: self._get_selection("hoithi.outreach", "kind"),
        readonly=True,
    )
    date = fields.Date(readonly=True)
    activities = fields.Integer(readonly=True, help="1 for each activity.")
    reach = fields.Integer(
        string="People reached", readonly=True, help="Who came twice counts twice."
    )
    headcount = fields.Integer(
        string="Staff on that day", aggregator="max", readonly=True
    )

    @api.model
    def _get_report_sql(self):
        return SQL(
            """
            SELECT o.id,
                   o.id AS outreach_id,
                   o.contest_id,
                   o.company_id,
                   o.department_id,
                   o.organisation_id,
                   o.kind,
                   o.date,
                   1 AS activities,
                   o.reach,
                   o.headcount
              FROM hoithi_outreach o
            """
        )
