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

    # CONSTRAINTS

    @api.constrains("field_ranking")
    def _check_component_ranking(self):
        # whoever changes the ranking may not read what counts besides
        self.sudo().component_ids._check_ranking()

    # ACTION

    def action_view_components(self):
        """Open what counts besides the sheets of this contest."""
        return self._get_related_action("hoithi_contest.hoithi_component_action")

    # BUSINESS

    def _get_votes(self):
        """Return the votes of the public of this contest."""
        # that there is a vote is told to everybody who may vote
        return self.sudo().component_ids.filtered(lambda c: c.kind == "community")

    def _get_uncounted_votes(self):
        # what only forwards its entries has no points to wait for
        contests = self.filtered(lambda c: c.mode == "internal_contest")
        return contests._get_votes().filtered(lambda c: not c.counted_on)

    def _check_ready(self, target):
        super()._check_ready(target)
        # a count may be taken back while the council sits
        uncounted = self._get_uncounted_votes() if target in CONVENED else ()
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
            for vote in self._get_uncounted_votes()
        ]

    def _get_broken_invariants(self):
        broken = set(self.env["hoithi.component"]._find_broken_votes(self))
        return super()._get_broken_invariants() + [
            ("ledger: votes of the public", contest.id)
            for contest in self
            if contest.id in broken
        ]
