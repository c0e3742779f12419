from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...lib.council import voting
from .hoithi_session_voter import SCOPES


class HoithiSessionItem(models.Model):
    """A vote on how far a solution may be replicated: each ballot names a scope.

    Who names one agrees; who disagrees says that it is to be replicated nowhere. The
    widest scope that the majority of the question reaches is decided. No casting vote
    breaks a tie here: where the wider scope misses the majority, the nearer one holds.
    """

    _inherit = "hoithi.session.item"

    by_scope = fields.Boolean(
        string="The scope is chosen",
        compute="_compute_by_scope",
        # what is asked is for all to know who are asked
        compute_sudo=True,
    )
    outcome_scope = fields.Selection(
        SCOPES, string="May be replicated in", readonly=True, copy=False
    )
    scope_votes = fields.Json(
        readonly=True,
        copy=False,
        help="How many in the room chose each scope, and how many absent members in "
        "writing.",
    )
    scope_words = fields.Char(string="Scopes chosen", compute="_compute_scope_words")

    # COMPUTE

    @api.depends("question_id.scope")
    def _compute_by_scope(self):
        for item in self:
            item.by_scope = item.question_id.scope == "choice"

    @api.depends_context("lang")
    @api.depends("scope_votes")
    def _compute_scope_words(self):
        labels = self._get_scope_labels()
        for item in self:
            votes = item._get_scopes_counted()
            item.scope_words = ", ".join(
                f"{labels[scope]} {votes[scope]}" for scope in votes
            )

    @api.depends("outcome_scope")
    def _compute_basis(self):
        super()._compute_basis()
        labels = self._get_scope_labels()
        for item in self.filtered("outcome_scope"):
            item.basis = f"{labels[item.outcome_scope]}: {item.basis}"

    # BUSINESS

    @api.model
    def _get_scope_labels(self):
        return dict(self._fields["outcome_scope"]._description_selection(self.env))

    def _get_choices(self):
        choices = super()._get_choices()
        if not self.by_scope:
            return choices
        return {
            "country": self.env._("Whole country"),
            "province": self.env._("Province"),
            "sector": self.env._("Sector"),
            "department": self.env._("Department"),
            "disagree": self.env._("Not to be replicated"),
            "blank": choices["blank"],
        }

    def _is_nested(self):
        """Tell whether who chose a wider scope counts for the nearer ones."""
        # as above
        return self.question_id.sudo().scope_count != "alone"

    def _get_scopes_counted(self):
        """Return how many chose each scope, of those whom the share is taken of."""
        self.ensure_one()
        votes = self.scope_votes or {}
        if not votes:
            return {}
        written = votes["written"] if self._counts_written() else {}
        return {
            scope: votes["room"].get(scope, 0) + written.get(scope, 0)
            for scope in voting.SCOPES
        }

    def _get_scope_values(self, votes, base):
        self.ensure_one()
        if not self.by_scope:
            return super()._get_scope_values(votes, base)
        opinions = self._get_opinions_to_count()
        written = voting.count_scopes(opinions.mapped("choice"))
        counted = {
            scope: votes.get(scope, 0)
            + (written[scope] if self._counts_written() else 0)
            for scope in voting.SCOPES
        }
        scope = voting.find_scope(
            counted, base, self._get_majority(), self._is_nested()
        )
        return {
            "outcome": "approved" if scope else "rejected",
            "outcome_scope": scope or False,
            "scope_votes": {"room": votes, "written": written},
        }

    def _get_agreeing(self):
        agreeing = super()._get_agreeing()
        votes = self._get_scopes_counted()
        if not votes:
            return agreeing
        nested = self._is_nested()
        if self.outcome_scope:
            return voting.get_scope_votes(votes, self.outcome_scope, nested)
        # the one that came nearest
        return max(voting.get_scope_votes(votes, one, nested) for one in votes)

    def _is_tied(self, agree, disagree, base):
        return not self.by_scope and super()._is_tied(agree, disagree, base)

    def _read_scopes(self, scopes, agree):
        """Return how many chose each scope, as a teller entered it.

        :raises UserError: where these aren't the ballots that agree
        """
        if not self.by_scope:
            return super()._read_scopes(scopes, agree)
        given = scopes if isinstance(scopes, dict) else {}
        votes = {scope: given.get(scope, 0) for scope in voting.SCOPES}
        if any(type(number) is not int or number < 0 for number in votes.values()):
            raise UserError(
                self.env._("Enter each number of the count, 0 where there is none.")
            )
        if sum(votes.values()) != agree:
            raise UserError(
                self.env._(
                    "The ballots of the scopes are %(sum)s, those that agree "
                    "%(agree)s: count again.",
                    sum=sum(votes.values()),
                    agree=agree,
                )
            )
        return votes

    def _get_blank_vote(self):
        return {
            **super()._get_blank_vote(),
            "outcome_scope": False,
            "scope_votes": False,
        }

    def _get_scope_facts(self):
        """Return the scope that was decided and its votes; nothing of other votes."""
        self.ensure_one()
        if not self.scope_votes:
            return {}
        return {"scope": self.outcome_scope or "", "scopes": self.scope_votes}

    def _get_decision(self):
        return {**super()._get_decision(), **self._get_scope_facts()}

    def _get_former_vote(self, reason):
        facts = self._get_scope_facts()
        return [{**vote, **facts} for vote in super()._get_former_vote(reason)]

    def _get_board_data(self):
        return {**super()._get_board_data(), "scopes": self.scope_words or ""}

    # INVARIANTS

    @api.model
    def _get_tally_queries(self):
        return [
            *super()._get_tally_queries(),
            SQL(
                """SELECT i.entry_id FROM hoithi_session_item i
                   WHERE i.state = 'counted' AND i.scope_votes IS NOT NULL
                     AND i.scope_votes <> 'null'::jsonb
                     AND i.agree <> (SELECT COALESCE(SUM(chosen.value::int), 0)
                                     FROM jsonb_each_text(i.scope_votes -> 'room')
                                       AS chosen)"""
            ),
        ]
