from odoo import api, models

from ...lib.guard import moments
from ..contest.hoithi_home import HEAD, LEADER, SECRETARY, SHOWN


class HoithiHome(models.AbstractModel):
    """What the campaign brings to the home: units, and the tasks of the plan."""

    _inherit = "hoithi.home"

    @api.model
    def _get_cards(self, contest):
        cards = super()._get_cards(contest)
        if not contest:
            return cards
        if self._has(SECRETARY):
            cards.append(self._get_heat_card(contest))
        if self._has(f"{HEAD},{SECRETARY}"):
            cards.append(self._get_tasks_card(contest))
        return cards

    @api.model
    def _get_heat_card(self, contest):
        """Return how many entries each unit has handed in."""
        units = self.env["hoithi.contest.unit"].search(
            [("contest_id", "=", contest.id), ("department_id", "!=", False)]
        )
        return {
            "key": "heat",
            "kind": "heat",
            "title": self.env._("What the units have handed in"),
            "rank": 40,
            "span": 12,
            "cells": [
                {
                    "id": unit.id,
                    "name": unit.name,
                    "number": unit.submitted_count,
                    "step": self._get_heat(unit.submitted_count),
                    "target": {"model": "hoithi.contest.unit", "id": unit.id},
                }
                for unit in units
            ],
            "empty": self.env._("Units get their row once the contest is launched."),
        }

    @api.model
    def _get_heat(self, number):
        """Return the step of colour: none, 1, 2, 3 to 4, from 5."""
        return min(number, 3) if number < 5 else 4

    @api.model
    def _get_tasks_card(self, contest):
        domain = [("contest_id", "=", contest.id), ("progress", "!=", "done")]
        if not self._has(f"{SECRETARY},{LEADER}"):
            domain.append(("lead_department_id.hoithi_is_headed", "=", True))
        tasks = self.env["hoithi.plan.task"].search(
            domain, order="date_end, id", limit=SHOWN
        )
        return {
            "key": "tasks",
            "kind": "lines",
            "title": self.env._("Open tasks of the plan"),
            "rank": 45,
            "span": 6,
            "lines": [
                {
                    "icon": "fa-hourglass-half"
                    if task.progress == "doing"
                    else "fa-circle-o",
                    "text": task.name,
                    "note": moments.write_day(task.date_end),
                    "is_late": bool(
                        task.date_end and task.date_end < contest._get_today()
                    ),
                    "target": {"model": "hoithi.plan.task", "id": task.id},
                }
                for task in tasks
            ],
            "empty": self.env._("No task of the plan is open."),
            "more": {
                "xmlid": "hoithi_contest.hoithi_plan_task_action",
                "context": {"search_default_contest_id": contest.id},
            },
        }

    @api.model
    def _get_figures(self, contest, on):
        figures = super()._get_figures(contest, on)
        if self._has(f"{SECRETARY},{LEADER}"):
            # one number for the whole Office
            outreach_sudo = self.env["hoithi.figures"].sudo()
            rows = outreach_sudo._count_outreach(contest, [], on)
            figures["reached"] = (
                rows.get((), (0, 0, 0))[1],
                self.env._("times that staff were reached"),
            )
        return figures

    @api.model
    def _get_activity_actions(self):
        return super()._get_activity_actions() | {
            "hoithi.plan.task": "hoithi_contest.hoithi_plan_task_action",
        }
