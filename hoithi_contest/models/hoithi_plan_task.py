from odoo import api, fields, models
from odoo.exceptions import ValidationError


class HoithiPlanTask(models.Model):
    """A task of the plan: period, lead and cooperating units, expected result."""

    _name = "hoithi.plan.task"
    _description = "Task of the Plan"
    _order = "contest_id, sequence, id"

    contest_id = fields.Many2one(
        "hoithi.contest", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="contest_id.company_id", store=True)
    sequence = fields.Integer(default=10)
    code = fields.Char()
    section = fields.Char()
    name = fields.Char(required=True)
    description = fields.Text()
    date_start = fields.Date(string="From")
    date_end = fields.Date(string="Until")
    lead_department_id = fields.Many2one("hr.department", string="Lead", index=True)
    lead_name = fields.Char(
        string="Lead (other body)", help="Where the lead isn't a unit of the house."
    )
    cooperating_department_ids = fields.Many2many(
        "hr.department", string="Cooperating units"
    )
    cooperating_text = fields.Char(string="Other cooperating bodies")
    expected_output = fields.Text()
    part = fields.Selection(
        [
            ("content", "Contents"),
            ("organisation", "Organisation"),
            ("internal", "Not printed"),
        ],
        string="Part of the plan",
        default="content",
        required=True,
        help="Where the plan as a document prints the task.",
    )
    heading = fields.Char(
        help="Tasks under the same heading form a section of the plan's contents."
    )
    units_text = fields.Char(
        string="Units as printed",
        help="Leave empty to print the lead and the cooperating units.",
    )
    names_fields = fields.Boolean(
        string="Names the fields",
        help="The plan prints the contest's fields of competition below the task.",
    )
    progress = fields.Selection(
        [("todo", "To do"), ("doing", "In progress"), ("done", "Done")],
        default="todo",
        required=True,
        group_expand=True,
    )
    evidence = fields.Html()

    @api.constrains("date_start", "date_end")
    def _check_dates(self):
        for task in self:
            if task.date_start and task.date_end and task.date_start > task.date_end:
                raise ValidationError(
                    self.env._("Task “%(task)s” ends before it begins.", task=task.name)
                )
