from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...lib.contest import editions
from ..guard.hoithi_states import RUNNING


class HoithiContest(models.Model):
    """The campaign of a contest: its plan, its units, and who has read the launch."""

    _inherit = "hoithi.contest"

    task_ids = fields.One2many("hoithi.plan.task", "contest_id", copy=True)
    plan_section_ids = fields.One2many(
        "hoithi.plan.section",
        "contest_id",
        string="Further sections of the plan",
        copy=True,
    )
    outreach_ids = fields.One2many("hoithi.outreach", "contest_id")
    unit_ids = fields.One2many("hoithi.contest.unit", "contest_id", string="Units")
    is_acknowledged = fields.Boolean(
        string="I have read the launch", compute="_compute_is_acknowledged"
    )
    can_acknowledge = fields.Boolean(compute="_compute_is_acknowledged")

    @api.depends_context("uid")
    @api.depends("state")
    def _compute_is_acknowledged(self):
        user = self.env.user
        # one's own acknowledgements, also those made with an earlier login
        read_sudo = self.env["hoithi.acknowledgement"].sudo()
        mine = read_sudo.search_fetch(
            Domain("contest_id", "in", self.ids)
            & (
                Domain("user_id", "=", user.id)
                | Domain("employee_id.user_id", "=", user.id)
                | Domain("employee_id.work_contact_id", "=", user.partner_id.id)
            ),
            ["contest_id"],
        ).contest_id
        staffed = self.env["hoithi.entry"]._get_my_companies(self.company_id)
        for contest in self:
            contest.is_acknowledged = contest in mine
            contest.can_acknowledge = (
                contest not in mine
                and contest.state in RUNNING
                and contest.company_id in staffed
            )

    # ACTION

    def action_acknowledge(self):
        """Mark the launch as read by the caller; done again, nothing changes.

        :raises UserError: before the launch, after the end, or for who isn't staff
        """
        self._check_insider()
        self.check_access("read")
        for contest in self:
            self.env["hoithi.acknowledgement"]._record(contest)
        return True

    def action_view_units(self):
        """Open the board of this contest's units."""
        return self._get_related_action("hoithi_contest.hoithi_contest_unit_action")

    # CRUD

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        for contest, vals in zip(self, vals_list, strict=True):
            to_working = contest._get_to_working()
            span = contest._get_span(vals["year_start"])
            for command in vals.get("task_ids") or ():
                task = command[2]
                task["evidence"] = False
                for name in ("date_start", "date_end"):
                    if task.get(name):
                        day = fields.Date.to_date(task[name])
                        task[name] = editions.move_day(day, span, to_working)
        return vals_list

    # BUSINESS: WHO IS LATE

    def _get_remindable(self):
        keys = super()._get_remindable()
        return keys | {"task_leads"} if self.state in RUNNING else keys

    @api.model
    def _get_reminder_direction(self, audience):
        if audience == "task_leads":
            return "after"
        return super()._get_reminder_direction(audience)

    def _find_awaited(self, audience):
        targets = super()._find_awaited(audience)
        if audience != "task_leads":
            return targets
        # by hand those who lead what is late, and not the Office, which sees it here
        office = self.secretary_ids.partner_id
        late = [target for target in targets if target[1].is_late]
        leads = [target for target in late if target[3] not in office]
        if late and not leads:
            raise UserError(
                self.env._(
                    "Nobody is on record who leads what is late: enter the heads of "
                    "the units, or call."
                )
            )
        return leads

    def _get_late(self):
        late = super()._get_late()
        tasks = self.env["hoithi.plan.task"].browse()
        if self.state in RUNNING:
            tasks = tasks.search(
                [("contest_id", "=", self.id), ("is_late", "=", True)],
                order="date_end, id",
            )
        if tasks:
            leads = dict.fromkeys(filter(None, tasks.mapped("lead_label")))
            late.append(
                {
                    "key": "task_leads",
                    "text": self.env._("%s tasks of the plan are overdue", len(tasks)),
                    "note": self._join_some(list(leads)),
                    "is_late": True,
                }
            )
        return late

    # BUSINESS

    def _get_taken_along(self):
        lines = super()._get_taken_along()
        if self.task_ids:
            tasks = self.env._(
                "Tasks of the plan: %s, all to do again, with their dates moved.",
                len(self.task_ids),
            )
            lines.insert(1, tasks)
        return lines

    def _on_launched(self):
        super()._on_launched()
        self.env["hoithi.contest.unit"]._make_for(self)
        self.task_ids._sync_activities()

    def _get_activity_models(self):
        return [*super()._get_activity_models(), "hoithi.plan.task"]

    def _get_concerned(self):
        told = super()._get_concerned()
        for contest in self:
            # tasks leave the lists of those who lead them, whoever reads these
            open_sudo = contest.sudo().task_ids.filtered(lambda t: t.progress != "done")
            heads = open_sudo._get_head_partners().values()
            told[contest] = told[contest].union(*heads)
        return told

    def _on_resumed(self, since):
        super()._on_resumed(since)
        # others may lead these tasks by now, whoever reads them
        self.sudo().task_ids._sync_activities()
