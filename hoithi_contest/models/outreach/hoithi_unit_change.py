from odoo import models
from odoo.fields import Command


class HoithiUnitChange(models.Model):
    """What of the campaign follows when units change: boards and tasks."""

    _inherit = "hoithi.unit.change"

    def _tell_changes(self):
        lines = super()._tell_changes()
        gone = self._get_gone_units()._origin
        if gone:
            tasks = len(self._get_open_tasks(gone))
            if tasks:
                lines.insert(1, self.env._("%s tasks of the plan go along.", tasks))
        return lines

    def _follow_entries(self, contests_sudo, entries_sudo, units, target, staff=None):
        super()._follow_entries(contests_sudo, entries_sudo, units, target, staff)
        if staff is None:
            for task_sudo in self._get_open_tasks(units):
                if task_sudo.lead_department_id in units:
                    self._write_kept(task_sudo, {"lead_department_id": target.id})
                others = task_sudo.cooperating_department_ids
                if others & units:
                    others = others - units | target - task_sudo.lead_department_id
                    self._write_kept(
                        task_sudo,
                        {"cooperating_department_ids": [Command.set(others.ids)]},
                    )
        gone = units if staff is None else units.browse()
        self._follow_boards(contests_sudo, gone, target)

    def _follow_undo(self, contests_sudo):
        super()._follow_undo(contests_sudo)
        gone = self.result_id.filtered(lambda unit: not unit.active)
        self._follow_boards(contests_sudo, gone, self.unit_ids[:1])

    def _pass_contests(self, contests_sudo):
        super()._pass_contests(contests_sudo)
        # the department's, whoever keeps them
        organisations_sudo = self.env["hoithi.organisation"].sudo()
        organisations_sudo.with_context(active_test=False).search(
            [("company_id", "=", self.company_id.id)]
        ).write({"company_id": self.to_company_id.id})

    def _follow_boards(self, contests_sudo, gone, target):
        """Give the new unit its row; that of a unit that is no more goes into it."""
        # boards are counted whole, whoever changes the units
        rows_sudo = self.env["hoithi.contest.unit"].sudo()
        old_sudo = rows_sudo.search(
            [
                ("contest_id", "in", contests_sudo.ids),
                ("department_id", "in", gone.ids),
            ]
        )
        received = {}
        for row in old_sudo.filtered("received_on").sorted("received_on"):
            received.setdefault(
                row.contest_id,
                {
                    "received_on": row.received_on,
                    "received_by_id": row.received_by_id.id,
                },
            )
        old_sudo._open_door().unlink()
        rows_sudo._make_for(contests_sudo)
        for row in rows_sudo.search(
            [
                ("contest_id", "in", list(map(int, received))),
                ("department_id", "=", target.id),
                ("received_on", "=", False),
            ]
        ):
            row._open_door().write(received[row.contest_id])
            row._set_stage()

    def _get_open_tasks(self, units):
        """Return the tasks of running contests that units still have to do."""
        # who keeps the units needn't have a role in the contest
        return (
            self.env["hoithi.plan.task"]
            .sudo()
            .search(
                [
                    ("contest_id", "in", self._get_running_contests().ids),
                    ("progress", "!=", "done"),
                    "|",
                    ("lead_department_id", "in", units.ids),
                    ("cooperating_department_ids", "in", units.ids),
                ]
            )
        )
