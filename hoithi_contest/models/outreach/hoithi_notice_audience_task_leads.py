import re
from datetime import datetime, timedelta

from odoo import api, models

from ..guard.hoithi_states import RUNNING
from ..notice.hoithi_notice_audience import Anchor

#: Ends the occasion of a letter of the schedule: how many days after the deadline.
DAYS_AFTER = re.compile(r" T\+(\d+)$")


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
            "tasks_overdue": self.env._("Tasks of the plan overdue"),
            # when each task had a letter of its own
            "task_overdue": self.env._("Task of the plan overdue"),
        }

    @api.model
    def _get_anchors(self):
        return {"task_end": Anchor(self.env._("Last day of a task"), is_day=True)}

    @api.model
    def _get_kind(self, rule):
        return "tasks_overdue" if rule.direction == "after" else "task_due"

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
    def _gather(self, rule, targets, days=None):
        """Tell each reader of all that is overdue in a contest in one letter.

        It goes out when one more task is overdue, or is for so many days. What a letter
        has told of already isn't told again because another task is done.
        """
        if rule.direction != "after":
            return super()._gather(rule, targets, days)
        days = days or {}
        newest = {}
        for contest, _task, deadline, partner in targets:
            reached = deadline + timedelta(days=days.get((contest, deadline), 0))
            before = newest.get((contest, partner), (datetime.min, None))
            newest[contest, partner] = max(before, (reached, deadline))
        told = self._get_told(newest) if days else {}
        return [
            (contest, contest, deadline, partner)
            for (contest, partner), (reached, deadline) in newest.items()
            if told.get((contest.id, partner.id), datetime.min) < reached
        ]

    @api.model
    def _get_told(self, keys):
        """Return which moments the schedule's letters have reached already.

        :param keys: (contest, partner) each
        :return: {(contest id, partner id): the latest moment}
        """
        notices = self.env["hoithi.notice"].search_fetch(
            [
                ("kind", "in", ["task_overdue", "tasks_overdue"]),
                ("contest_id", "in", list({contest.id for contest, _partner in keys})),
                ("partner_id", "in", list({partner.id for _contest, partner in keys})),
            ],
            ["contest_id", "partner_id", "deadline", "occasion"],
        )
        told = {}
        for notice in notices:
            match = DAYS_AFTER.search(notice.occasion)
            if not match or not notice.deadline:
                continue
            key = notice.contest_id.id, notice.partner_id.id
            reached = notice.deadline + timedelta(days=int(match[1]))
            told[key] = max(told.get(key, reached), reached)
        return told

    @api.model
    def _get_overdue(self, notice):
        """Return the overdue tasks that a letter tells its reader of, the oldest first.

        The Office hears of all, whoever else leads of the own.
        """
        contest = notice.contest_id
        # an update tries the template on whatever notice there is
        if contest.state not in RUNNING:
            return self.env["hoithi.plan.task"]
        tasks = self.env["hoithi.plan.task"].search(
            [("contest_id", "=", contest.id), ("is_late", "=", True)],
            order="date_end, sequence, id",
        )
        if notice.partner_id in contest.secretary_ids.partner_id:
            return tasks
        heads = tasks._get_head_partners()
        return tasks.filtered(lambda task: heads.get(task) == notice.partner_id)

    @api.model
    def _is_still_due(self, notice):
        if notice.kind == "tasks_overdue":
            return bool(self._get_overdue(notice))
        task = notice._get_record()
        return task.progress != "done" and task._get_end() == notice.deadline

    @api.model
    def _get_record_name(self, notice, record):
        if notice.kind == "tasks_overdue":
            return "; ".join(self._get_overdue(notice).mapped("display_name"))
        return super()._get_record_name(notice, record)

    @api.model
    def _prepare(self):
        super()._prepare()
        self.env["hoithi.plan.task"]._sync_open_activities()
