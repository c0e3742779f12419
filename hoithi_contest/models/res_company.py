from odoo import api, fields, models


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
    hoithi_coauthor_min_percent = fields.Float(
        string="Smallest co-author share (%)", default=10.0
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
