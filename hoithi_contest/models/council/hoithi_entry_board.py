from odoo import api, models
from odoo.tools import SQL

from ..contest.hoithi_entry_board import STUCK, WAITING
from ..guard.hoithi_states import BEING_SCORED

SCORE_READERS = "hoithi_contest.group_secretary,hoithi_contest.group_leader"


class HoithiEntry(models.Model):
    """What the council adds to a card: who is to score, and what lies too far apart.

    For those alone who read how many sheets there are.
    """

    _inherit = "hoithi.entry"

    def _get_board(self):
        if not self.env.user.has_groups(SCORE_READERS) or (
            # an author of the Office doesn't learn how the own entry stands
            not self.env.su and self._is_standing_hidden()
        ):
            return super()._get_board()
        if self.state in BEING_SCORED and self.needs_adjudication:
            return STUCK, self.env._("Sheets lie too far apart")
        if (
            self.state == "eligible"
            and self.contest_state == "review"
            and not self.review_count
        ):
            return WAITING, self.env._("No reviewer yet")
        if self.state == "reviewing":
            return WAITING, self.env._(
                "%(done)s of %(all)s sheets submitted",
                done=self.review_done_count,
                all=self.review_count,
            )
        return super()._get_board()

    @api.model
    def _get_board_cases(self, alias):
        cases = super()._get_board_cases(alias)
        if not self.env.user.has_groups(SCORE_READERS):
            return cases
        self.env["hoithi.entry"].flush_model(["needs_adjudication", "review_count"])
        self.env["hoithi.contest"].flush_model(["state"])
        state = SQL.identifier(alias, "state")
        hidden_ids = () if self.env.su else self._get_hidden_standing_ids()
        is_shown = (
            SQL("%s NOT IN %s", SQL.identifier(alias, "id"), hidden_ids)
            if hidden_ids
            else SQL("TRUE")
        )
        return [
            (
                STUCK,
                SQL(
                    "%s IN %s AND %s AND %s",
                    state,
                    BEING_SCORED,
                    SQL.identifier(alias, "needs_adjudication"),
                    is_shown,
                ),
            ),
            (
                WAITING,
                SQL(
                    "%s = 'eligible' AND COALESCE(%s, 0) = 0 AND EXISTS"
                    " (SELECT FROM hoithi_contest c WHERE c.id = %s"
                    " AND c.state = 'review') AND %s",
                    state,
                    SQL.identifier(alias, "review_count"),
                    SQL.identifier(alias, "contest_id"),
                    is_shown,
                ),
            ),
            *cases,
        ]
