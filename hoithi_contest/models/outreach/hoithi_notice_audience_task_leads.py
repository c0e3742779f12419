from odoo import api, models

from ..guard.hoithi_states import RUNNING
from ..notice.hoithi_notice_audience import Anchor


class HoithiNoticeAudienceTaskLeads(models.AbstractModel):
    _name = "hoithi.notice.audience.task_leads"
    _description = "Audience: Leads of Open Tasks"
    _inherit = "hoithi.notice.audience"

    _sequence = 80

    @api.model
    def _get_label(self):
        return self.env._("Leads of open tasks")

    @api.model
    def _get_kinds(self):
        return {
            "task_due": self.env._("Reminder: task of the plan"),
            "task_overdue": self.env._("Task of the plan overdue"),
        }

    @api.model
    def _get_anchors(self):
        return {"task_end": Anchor(self.env._("Last day of a task"), is_day=True)}

    @api.model
    def _get_kind(self, rule):
        return "task_overdue" if rule.direction == "after" else "task_due"

    @api.model
    def _find(self, rule):
        tasks = self.env["hoithi.plan.task"].search(
            [
                ("contest_id", "in", self._get_contests(rule, RUNNING).ids),
                ("progress", "!=", "done"),
                ("date_end", "!=", False),
            ]
        )
        heads = tasks._get_head_partners()
        targets = []
        for task in tasks:
            secretaries = task.contest_id.secretary_ids.partner_id
            partners = heads.get(task) or secretaries
            if rule.direction == "after":
                partners |= secretaries
            targets += [
                (task.contest_id, task, task._get_end(), partner)
                for partner in partners
            ]
        return targets

    @api.model
    def _is_still_due(self, notice):
        task = notice._get_record()
        return task.progress != "done" and task._get_end() == notice.deadline

    @api.model
    def _prepare(self):
        super()._prepare()
        self.env["hoithi.plan.task"]._sync_open_activities()
