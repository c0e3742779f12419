from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..contest.hoithi_entry_board import STUCK, WAITING
from ..guard.hoithi_states import BEING_SCORED, UNSCORED

SCORE_READERS = "hoithi_contest.group_secretary,hoithi_contest.group_leader"


class HoithiEntry(models.Model):
    """What the council adds to a card: who is to score, and what lies too far apart.

    For those alone who read how many sheets there are.
    """

    _inherit = "hoithi.entry"

    lacks_reviewers = fields.Boolean(
        string="Too few reviewers",
        compute="_compute_lacks_reviewers",
        search="_search_lacks_reviewers",
        groups=SCORE_READERS,
        exportable=False,
        help="While the contest is reviewed: fewer sheets are assigned than the "
        "contest, or the round of the entry, asks for.",
    )

    @api.depends("state", "contest_id.state", "review_count")
    def _compute_lacks_reviewers(self):
        for entry in self:
            entry.lacks_reviewers = (
                entry.state in UNSCORED
                and entry.contest_state == "review"
                and entry.review_count < entry._get_sheets_needed()
            )

    @api.model
    def _search_lacks_reviewers(self, operator, value):
        if operator != "in":
            return NotImplemented
        # Odoo asks for the right on the column of a field alone, and here is none
        self._check_field_access(self._fields["lacks_reviewers"], "read")
        self.env["hoithi.entry"].flush_model(
            ["state", "contest_id", "round_id", "review_count"]
        )
        self.env["hoithi.contest"].flush_model(["state", "reviews_per_entry"])
        self.env["hoithi.round"].flush_model(["reviews_per_entry"])
        # how the own entry stands isn't for its author of the Office
        hidden_ids = () if self.env.su else self._get_hidden_standing_ids()

        def find(_model, alias, _query):
            lacks = SQL(
                """%(state)s IN %(unscored)s AND EXISTS (
                    SELECT FROM hoithi_contest c
                      LEFT JOIN hoithi_round r ON r.id = %(round)s
                     WHERE c.id = %(contest)s AND c.state = 'review'
                       AND COALESCE(%(count)s, 0)
                           < COALESCE(NULLIF(r.reviews_per_entry, 0),
                                      c.reviews_per_entry))""",
                state=SQL.identifier(alias, "state"),
                unscored=UNSCORED,
                round=SQL.identifier(alias, "round_id"),
                contest=SQL.identifier(alias, "contest_id"),
                count=SQL.identifier(alias, "review_count"),
            )
            if not hidden_ids:
                return lacks
            entry_id = SQL.identifier(alias, "id")
            return SQL("%s AND %s NOT IN %s", lacks, entry_id, hidden_ids)

        found = Domain.custom(to_sql=find)
        wanted = [found if flag else ~found for flag in set(value)]
        return Domain.OR(wanted)

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
