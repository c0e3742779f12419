from odoo import api, models

from ..contest.hoithi_home import SECRETARY


class HoithiHome(models.AbstractModel):
    """Questions that wait for an answer."""

    _inherit = "hoithi.home"

    @api.model
    def _get_waiting(self, contest):
        lines = super()._get_waiting(contest)
        if self._has(SECRETARY):
            number = self.env["hoithi.question"].search_count(
                [("contest_id", "=", contest.id), ("state", "=", "asked")]
            )
            if number:
                lines.append(
                    self._line(
                        number,
                        self.env._("Questions without an answer"),
                        {
                            "xmlid": "hoithi_contest.hoithi_question_action",
                            "context": {
                                "search_default_contest_id": contest.id,
                                "search_default_asked": 1,
                            },
                        },
                    )
                )
        return lines

    @api.model
    def _get_activity_actions(self):
        return super()._get_activity_actions() | {
            "hoithi.question": "hoithi_contest.hoithi_question_action",
        }
