from datetime import UTC, timedelta

from odoo import api, fields, models

from ..lib.working_days import OFFICE_WEEK, WorkingDays


class ResCompany(models.Model):
    _inherit = "res.company"

    hoithi_agency_id = fields.Many2one(
        "hoithi.agency",
        string="Agency profile",
        help="How the department is named now; new contests take place and province "
        "from it.",
    )
    hoithi_criteria_set_id = fields.Many2one(
        "hoithi.criteria.set", string="Default criteria set"
    )
    hoithi_quorum_ratio = fields.Float(string="Quorum", digits=0, default=2 / 3)
    hoithi_approval_ratio = fields.Float(string="Approval", digits=0, default=2 / 3)
    hoithi_approval_base = fields.Selection(
        [("all_voting", "All voting members"), ("present", "Those present")],
        string="Approval counts",
        default="all_voting",
        required=True,
    )
    hoithi_blind = fields.Boolean(string="Blind review", default=True)
    hoithi_require_statement = fields.Boolean(
        string="Statement of interests",
        help="Members of new contests sign a statement of interests before they score.",
    )
    hoithi_detect_previous_coauthors = fields.Boolean(
        string="Warn of earlier co-authors",
        default=True,
        help="Who wrote an entry together in an earlier edition gets a soft conflict.",
    )
    hoithi_grace_minutes = fields.Integer(string="Grace (minutes)", default=15)
    hoithi_reminder_days = fields.Char(string="Reminder days", default="7,2,0")
    hoithi_vietnam_holidays = fields.Boolean(
        string="Vietnam's public holidays",
        default=True,
        help="Days off in the schedule of reminders, with Tết and days off in lieu; "
        "beside the public holidays in Odoo.",
    )
    hoithi_coauthor_min_percent = fields.Float(
        string="Smallest co-author share (%)", default=10.0
    )
    hoithi_require_texts = fields.Boolean(
        string="Scored texts are obligatory",
        default=True,
        help="In new contests inside the department an entry isn't submitted without "
        "the texts that criteria look at.",
    )
    hoithi_reviews_per_entry = fields.Integer(string="Reviews an entry", default=3)
    hoithi_divergence_limit = fields.Float(
        string="Divergence (points)",
        help="Sheets of an entry that lie further apart open an adjudication; 0 never "
        "does.",
    )
    hoithi_retention_years = fields.Integer(
        string="Keep contact data (years)",
        help="Years after a contest; 0 keeps everything.",
    )
    hoithi_dossier_type_ids = fields.Many2many(
        "hoithi.dossier.type",
        string="Default dossier types",
        help="Leave empty to ask for all the types.",
    )

    _check_hoithi_settings = models.Constraint(
        "CHECK (hoithi_quorum_ratio > 0 AND hoithi_quorum_ratio <= 1"
        " AND hoithi_approval_ratio > 0 AND hoithi_approval_ratio <= 1"
        " AND hoithi_grace_minutes >= 0 AND hoithi_reviews_per_entry >= 0"
        " AND hoithi_retention_years >= 0 AND hoithi_divergence_limit >= 0"
        " AND hoithi_coauthor_min_percent BETWEEN 0 AND 50)",
        "Quorum and approval lie above 0 and at most 100 %; the smallest co-author "
        "share lies between 0 and 50 %; the other numbers aren't negative.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        # whoever founds a department; its templates are the module's own at first
        self.env["hoithi.document.template"].sudo()._ensure_all(companies)
        return companies

    @api.constrains("hoithi_reminder_days")
    def _check_hoithi_reminder_days(self):
        for company in self:
            self.env["hoithi.contest"]._parse_reminder_days(
                company.hoithi_reminder_days
            )

    def _hoithi_get_working_days(self, zone):
        """Return the days on which the department works, for the last and next year.

        Weekdays are those of its working hours, further days off its public holidays
        in Odoo, and Vietnam's where the settings say so.

        :param zone: the zone in which a day begins
        """
        self.ensure_one()
        calendar = self.resource_calendar_id
        weekdays = {int(line.dayofweek) for line in calendar.attendance_ids}
        now = fields.Datetime.now()
        leaves = self.env["resource.calendar.leaves"].search(
            [
                ("resource_id", "=", False),
                ("company_id", "=", self.id),
                ("calendar_id", "in", [False, calendar.id]),
                ("date_to", ">=", now - timedelta(days=366)),
                ("date_from", "<=", now + timedelta(days=366)),
            ]
        )
        closed = set()
        for leave in leaves:
            day, last = (
                moment.replace(tzinfo=UTC).astimezone(zone).date()
                for moment in (leave.date_from, leave.date_to)
            )
            while day <= last:
                closed.add(day)
                day += timedelta(days=1)
        return WorkingDays(
            weekdays=frozenset(weekdays) or OFFICE_WEEK,
            closed=frozenset(closed),
            vietnam=self.hoithi_vietnam_holidays,
        )
