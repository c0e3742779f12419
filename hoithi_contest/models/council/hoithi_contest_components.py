from odoo import api, fields, models
from odoo.exceptions import UserError

from ...lib.contest.steps import BLOCK, Check
from ..guard.hoithi_states import CONVENED
from .hoithi_contest_jury import JURY_READERS


class HoithiContest(models.Model):
    """What counts besides the sheets, and what of it is still to be done."""

    _inherit = "hoithi.contest"

    _fixed_fields = {"rules_fixed": {"component_ids"}}

    component_ids = fields.One2many(
        "hoithi.component",
        "contest_id",
        string="Components of the Score",
        groups=JURY_READERS,
        copy=True,
    )

    is_voting = fields.Boolean(
        string="The public votes",
        compute="_compute_is_voting",
        export_string_translation=False,
    )

    # COMPUTE

    def _compute_is_voting(self):
        for contest in self:
            contest.is_voting = bool(contest._get_vote_door())

    # CONSTRAINTS

    @api.constrains("field_ranking")
    def _check_component_ranking(self):
        # whoever changes the ranking may not read what counts besides
        self.sudo().component_ids._check_ranking()

    # ACTION

    def action_view_components(self):
        """Open what counts besides the sheets of this contest."""
        return self._get_related_action("hoithi_contest.hoithi_component_action")

    def action_open_vote(self):
        """Open the page on which the public votes."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_url",
            "url": self._get_vote_path(),
            "target": "new",
        }

    # BUSINESS

    def _get_vote_path(self):
        return f"/hoithi/{self.id}/vote"

    def _get_vote_door(self):
        """Return what is told of a vote that goes on, to whoever reaches the contest.

        :return: a dict of its `name`, `who` votes, the `path` of its page, when it
            `closes`; None while no votes are taken
        """
        self.ensure_one()
        vote = self._get_votes().filtered("is_voting")[:1]
        if not vote:
            return None
        return {
            "name": vote.name,
            "who": dict(vote._fields["voters"]._description_selection(self.env))[
                vote.voters
            ],
            "path": self._get_vote_path(),
            "closes": self._format_moment(vote.vote_end),
        }

    @api.model
    def _find_voting(self):
        """Return the contests in which votes are taken now, of those the caller reads.

        :return: pairs of a contest and its `_get_vote_door`
        """
        now = fields.Datetime.now()
        # that there is a vote is told to everybody who may vote
        votes_sudo = (
            self.env["hoithi.component"]
            .sudo()
            .search([("vote_start", "<=", now), ("vote_end", ">", now)])
        )
        contests = self.search([("id", "in", votes_sudo.contest_id.ids)])
        doors = (
            (contest, contest._get_vote_door())
            for contest in contests
            if contest._get_votes().with_env(self.env)._is_voter()
        )
        return [(contest, door) for contest, door in doors if door]

    def _get_votes(self):
        """Return the votes of the public of this contest."""
        # that there is a vote is told to everybody who may vote
        return self.sudo().component_ids.filtered(lambda c: c.kind == "community")

    def _get_uncounted(self):
        """Return votes that aren't counted, and what not all have their points of."""
        # what only forwards its entries has no points to wait for
        contests = self.filtered(lambda c: c.mode == "internal_contest")
        # a decision is on all of them, whoever may read some
        return contests.sudo().component_ids.filtered(lambda c: c._is_awaited())

    def _check_ready(self, target):
        super()._check_ready(target)
        # a count may be taken back while the council sits
        uncounted = self._get_uncounted() if target in CONVENED else self.browse()
        if uncounted and uncounted[0].kind == "points":
            raise UserError(
                self.env._(
                    "%(lacking)s entries have no points of “%(name)s”: take them in; "
                    "another secretary does for those that a conflict hides from you. "
                    "Or let the chair reopen the rules and take it out.",
                    lacking=uncounted[0].lacking_count,
                    name=uncounted[0].name,
                )
            )
        if uncounted:
            raise UserError(
                self.env._(
                    "“%s” hasn't been counted: set when it closes, and count it then; "
                    "or let the chair reopen the rules and take it out.",
                    uncounted[0].name,
                )
            )

    def _get_council_checks(self):
        return super()._get_council_checks() + [
            Check(
                BLOCK,
                self.env._("“%s” hasn't been counted", vote.name),
                self.env._("Open it"),
                {"model": vote._name, "id": vote.id},
            )
            for vote in self._get_uncounted()
        ]

    def _get_broken_invariants(self):
        broken = set(self.env["hoithi.component"]._find_broken_votes(self))
        return super()._get_broken_invariants() + [
            ("ledger: votes of the public", contest.id)
            for contest in self
            if contest.id in broken
        ]
