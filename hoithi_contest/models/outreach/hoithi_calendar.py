from odoo import api, models

from ..guard.hoithi_states import OVER
from ..notice.hoithi_calendar import DAY


class HoithiCalendar(models.AbstractModel):
    _inherit = "hoithi.calendar"

    @api.model
    def _get_items(self):
        return [*super()._get_items(), *self._get_task_items(self._get_contests())]

    def _get_task_items(self, contests):
        """Return the tasks of the Office, and those of the units that a head leads."""
        tasks = self.env["hoithi.plan.task"]
        user = self.env.user
        if not tasks.has_access("read"):
            return []
        domain = [
            ("contest_id", "in", contests.ids),
            ("contest_id.state", "not in", OVER),
            ("date_end", "!=", False),
            ("progress", "!=", "done"),
        ]
        if not user.has_group("hoithi_contest.group_secretary"):
            # staff have no right on HR records; a head's own units are no secret
            headed_sudo = (
                self.env["hr.department"]
                .sudo()
                .search([("hoithi_is_headed", "=", True)])
            )
            domain += [
                "|",
                ("lead_department_id", "in", headed_sudo.ids),
                ("cooperating_department_ids", "in", headed_sudo.ids),
            ]
        url = self.get_base_url()
        internal = user._is_internal()
        return [
            self._make_item(
                task,
                "task",
                self.env._("Task until today: %s", task.name),
                task.date_end,
                url=f"{url}/odoo/hoithi-plan/{task.id}"
                if internal
                else f"{url}/my/hoithi/units",
                alarms=(DAY,),
            )
            for task in tasks.search(domain)
        ]
