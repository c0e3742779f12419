from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain

from ...lib.guard.moments import write_day
from ..guard.hoithi_guard_mixin import EVERYTHING
from ..guard.hoithi_states import RUNNING

ACTIVITY_TYPE = "hoithi_contest.mail_activity_type_task"


class HoithiPlanTask(models.Model):
    """A task of the plan: period, lead and cooperating units, expected result."""

    _name = "hoithi.plan.task"
    _description = "Task of the Plan"
    _inherit = [
        "mail.thread",
        "mail.activity.mixin",
        "hoithi.attachment.mixin",
        "hoithi.guard.mixin",
        "hoithi.clock.mixin",
    ]
    _order = "contest_id, sequence, id"

    _fixed_fields = {"contest_is_over": EVERYTHING}
    _fixed_rows = ("contest_is_over",)
    # what came of a task is recorded later as well, by the Office alone
    _open_fields = {"progress", "date_done", "evidence", "attachment_ids"}

    # What the head of the lead unit may change; the plan itself is the Office's.
    _lead_fields = {"progress", "date_done", "evidence", "attachment_ids"}

    contest_id = fields.Many2one(
        "hoithi.contest", required=True, ondelete="cascade", index=True
    )
    contest_is_over = fields.Boolean(related="contest_id.is_over")
    company_id = fields.Many2one(related="contest_id.company_id", store=True)
    sequence = fields.Integer(default=10)
    code = fields.Char()
    section = fields.Char()
    name = fields.Char(required=True)
    description = fields.Text()
    date_start = fields.Date(string="From")
    date_end = fields.Date(string="Until", tracking=True)
    lead_department_id = fields.Many2one(
        "hr.department", string="Lead", index=True, tracking=True
    )
    lead_name = fields.Char(
        string="Lead (other body)", help="Where the lead isn't a unit of the house."
    )
    lead_label = fields.Char(
        string="Lead unit", compute="_compute_lead_label", compute_sudo=True
    )
    cooperating_department_ids = fields.Many2many(
        "hr.department", string="Cooperating units"
    )
    cooperating_text = fields.Char(string="Other cooperating bodies")
    expected_output = fields.Text()
    part = fields.Selection(
        [
            ("content", "Contents"),
            ("organisation", "Carrying out"),
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
        tracking=True,
    )
    date_done = fields.Date(string="Done on", copy=False, tracking=True)
    is_late = fields.Boolean(
        string="Late", compute="_compute_is_late", search="_search_is_late"
    )
    can_plan = fields.Boolean(compute="_compute_can_progress")
    can_progress = fields.Boolean(compute="_compute_can_progress")
    evidence = fields.Html()

    _check_done = models.Constraint(
        "CHECK ((progress = 'done') = (date_done IS NOT NULL))",
        "A task is done on a day: give the date, or take it away with the progress.",
    )

    # COMPUTE

    @api.depends("lead_department_id", "lead_name")
    def _compute_lead_label(self):
        for task in self:
            task.lead_label = task.lead_department_id.name or task.lead_name

    @api.depends("progress", "date_end", "contest_id.tz")
    def _compute_is_late(self):
        now = fields.Datetime.now()
        for task in self:
            end = task.progress != "done" and task._get_end()
            task.is_late = bool(end and end < now)

    @api.model
    def _search_is_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        zones = self.env["hoithi.contest"]._read_group([], ["tz"], ["id:recordset"])
        over = Domain.OR(
            Domain("contest_id.tz", "=", tz)
            & Domain("date_end", "<", contests[:1]._get_today())
            for tz, contests in zones
        )
        return Domain("progress", "!=", "done") & over

    @api.depends_context("uid")
    @api.depends("lead_department_id")
    def _compute_can_progress(self):
        is_office = self._is_office()
        led = self._filter_led()
        for task in self:
            task.can_plan = is_office
            task.can_progress = is_office or task._origin in led

    # CONSTRAINTS

    @api.constrains("date_start", "date_end")
    def _check_dates(self):
        for task in self:
            if task.date_start and task.date_end and task.date_start > task.date_end:
                raise ValidationError(
                    self.env._("Task “%(task)s” ends before it begins.", task=task.name)
                )

    @api.constrains("date_done")
    def _check_date_done(self):
        for task in self:
            if task.date_done and task.date_done > task.contest_id._get_today():
                raise ValidationError(
                    self.env._(
                        "Task “%(task)s” can't be done on a day to come.",
                        task=task.name,
                    )
                )

    # CRUD

    @api.model_create_multi
    def create(self, vals_list):
        tasks = super().create([self._date_progress(dict(v)) for v in vals_list])
        tasks._sync_activities()
        return tasks

    def write(self, vals):
        self._check_lead(vals)
        result = super().write(self._date_progress(dict(vals)))
        if {"progress", "lead_department_id", "date_end", "name"} & set(vals):
            self._sync_activities()
        return result

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        for vals in vals_list:
            vals["progress"] = (default or {}).get("progress", "todo")
        return vals_list

    # ACTION

    def action_set_progress(self, progress):
        """Move tasks on, as the head of the lead unit does on the portal.

        :param progress: a key of the field `progress`
        :raises AccessError: for whoever neither leads the task nor is the secretary
        """
        known = dict(self._fields["progress"].selection)
        if not isinstance(progress, str) or progress not in known:
            raise UserError(self.env._("Choose how far the task has come."))
        self.write({"progress": progress})
        return True

    # BUSINESS

    @api.model
    def _is_office(self):
        return self.env.su or self.env.user.has_group("hoithi_contest.group_secretary")

    def _filter_led(self):
        """Return the tasks whose lead unit the caller heads."""
        # staff have no right on HR records; what one leads oneself is no secret
        led_sudo = self.sudo().search(
            [
                ("id", "in", self.ids),
                ("lead_department_id.hoithi_is_headed", "=", True),
            ]
        )
        return self.browse(led_sudo.ids)

    def _check_lead(self, vals):
        """Let the head of the lead unit report on a task and change nothing else.

        :raises AccessError: where the caller leads another unit or changes the plan
        :raises UserError: when the contest isn't running
        """
        if self._is_office():
            return
        if set(vals) - self._lead_fields or self - self._filter_led():
            raise AccessError(
                self.env._(
                    "The head of the lead unit reports how far a task has come; what "
                    "it is, the Office plans."
                )
            )
        for contest in self.contest_id:
            if contest.state not in RUNNING:
                raise UserError(
                    self.env._(
                        "“%s” isn't running: its tasks stay as they are.", contest.name
                    )
                )

    def _date_progress(self, vals):
        """Date what is done, and undate what isn't any more."""
        if "progress" in vals:
            if vals["progress"] != "done":
                vals["date_done"] = False
            elif not vals.get("date_done"):
                contest = self.contest_id.browse(vals.get("contest_id"))
                vals["date_done"] = (self.contest_id[:1] or contest)._get_today()
        return vals

    def _format_end(self):
        self.ensure_one()
        return write_day(self.date_end)

    def _get_access_action(self, access_uid=None, force_website=False):
        """Lead heads with a portal login from an e-mail to their page."""
        self.ensure_one()
        user = self.env["res.users"].browse(access_uid) if access_uid else self.env.user
        # whether a login is a portal one is no secret
        if user.sudo().share or force_website:
            return {
                "type": "ir.actions.act_url",
                "url": "/my/hoithi/units",
                "target": "self",
                "res_id": self.id,
            }
        return super()._get_access_action(access_uid, force_website)

    def _get_head_users(self):
        """Return {task: user} of who leads the lead unit and can have activities."""
        heads = {}
        for task in self:
            # staff have no right on HR records; only the activity's owner is needed
            head = task.lead_department_id.sudo().manager_id.user_id
            if head.active and not head.share:
                heads[task] = head
        return heads

    def _get_head_partners(self):
        """Return {task: partner} of who leads; a portal login is a contact alone."""
        heads = {}
        for task in self:
            # as above
            head_sudo = task.lead_department_id.sudo().manager_id
            partner = head_sudo.user_id.partner_id or head_sudo.work_contact_id
            if partner:
                heads[task] = partner
        return heads

    def _sync_activities(self):
        """Give each open task of a running contest one activity of its head.

        Called at the launch, when a task is assigned, moved or done, and by the
        scheduled action, since a unit may get another head. Done tasks close theirs.
        """
        activity_type = self.env.ref(ACTIVITY_TYPE)
        # activities belong to their heads, whoever moves the task
        present = defaultdict(self.env["mail.activity"].sudo().browse)
        for activity in (
            self.env["mail.activity"]
            .sudo()
            .search(
                [
                    ("res_model", "=", self._name),
                    ("res_id", "in", self.ids),
                    ("activity_type_id", "=", activity_type.id),
                ]
            )
        ):
            present[activity.res_id] |= activity
        done = self.filtered(lambda task: task.progress == "done")
        # activities follow the task, also those of other users
        finished = self.env["mail.activity"].sudo()
        for task in done:
            finished |= present.pop(task.id, finished.browse())
        if finished:
            finished.action_feedback()
        running = (self - done).filtered(lambda t: t.contest_id.state in RUNNING)
        heads = running._get_head_users()
        stale = self.env["mail.activity"].sudo()
        vals_list = []
        model_id = self.env["ir.model"]._get_id(self._name)
        for task in self - done:
            head, activities = heads.get(task), present[task.id]
            kept = activities.filtered(lambda a, head=head: a.user_id == head)[:1]
            stale |= activities - kept
            deadline = task.date_end or task.contest_id.date_end
            if kept:
                vals = {"date_deadline": deadline, "summary": task.name}
                if (kept.date_deadline, kept.summary) != (deadline, task.name):
                    kept.write(vals)
            elif head:
                vals_list.append(
                    {
                        "res_model_id": model_id,
                        "res_id": task.id,
                        "activity_type_id": activity_type.id,
                        "summary": task.name,
                        "date_deadline": deadline or task.contest_id._get_today(),
                        "user_id": head.id,
                    }
                )
        stale.unlink()
        if vals_list:
            # the ledger tells the heads by e-mail; the activity needs none of its own
            self.env["mail.activity"].sudo().with_context(
                mail_activity_quick_update=True
            ).create(vals_list)

    # CRON

    @api.model
    def _sync_open_activities(self):
        """Give the activities of open tasks to whom heads the lead unit now."""
        self.search(
            [
                ("contest_id.state", "in", RUNNING),
                ("progress", "!=", "done"),
            ]
        )._sync_activities()

    def _get_end(self):
        """Return the moment (UTC) at which the task's last day ends, if it has one."""
        self.ensure_one()
        return self.date_end and self.contest_id._get_day_end(self.date_end)
