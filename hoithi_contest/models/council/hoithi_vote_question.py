from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..contest.res_company import APPROVAL_BASES
from ..guard.hoithi_guard_mixin import EVERYTHING
from ..guard.hoithi_states import VOTED
from .hoithi_council import BALLOT_MODES
from .hoithi_session_voter import SCOPES


class HoithiVoteQuestion(models.Model):
    """What the council is asked of each entry besides whether it is approved.

    As of its effect, or of where it may be replicated. Each has its own majority and is
    voted on as an item of the agenda of its own (`hoithi.session.item`), so that its
    ballots, opinions and count are as any other's. The first question, whether the
    entry is approved, is decided by the council's own majority and has no row here.
    """

    _name = "hoithi.vote.question"
    _inherit = ["hoithi.guard.mixin", "hoithi.rule.mixin", "hoithi.majority.mixin"]
    _description = "Further Question to the Council"
    _order = "contest_id, sequence, id"

    _rule_fields = {
        "name": "name",
        "scope": "scope",
        "scope_count": "scope_count",
        "body": "body",
        "phase": "phase",
        "vote": "ballot_mode",
        "approval_more_than": "approval_more_than",
        "approval_base": "approval_base",
    }
    _rule_ratios = {"approval": "approval_ratio"}
    _fixed_fields = {"rules_fixed": EVERYTHING}
    _fixed_rows = ("rules_fixed",)

    contest_id = fields.Many2one(
        "hoithi.contest", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="contest_id.company_id", store=True)
    rules_fixed = fields.Boolean(related="contest_id.rules_fixed")
    sequence = fields.Integer(default=10)
    name = fields.Char(string="Question to the council", required=True)
    scope = fields.Selection(
        [*SCOPES, ("choice", "The scope is chosen")],
        string="May be replicated in",
        help="Of a question whether the solution may be replicated: how far. Where the "
        "scope is chosen, each vote names one, and the widest that the majority "
        "reaches is decided.",
    )
    scope_count = fields.Selection(
        [
            ("nested", "A wider scope counts for the nearer ones"),
            ("alone", "Each scope by itself"),
        ],
        string="Votes for scopes",
        default="nested",
        required=True,
        help="Whether who votes for the province also agrees to sector and department.",
    )
    body = fields.Selection(
        [("council", "The council"), ("confirming", "The organising committee")],
        string="Who is asked",
        default="council",
        required=True,
        help="The organising committee that confirms is asked in its own sessions.",
    )
    phase = fields.Selection(
        [
            ("after", "Of an approved entry"),
            ("before", "Before the vote on the entry"),
        ],
        string="When",
        default="after",
        required=True,
        help="A vote before is a preliminary one: an entry that fails in it isn't "
        "selected, and isn't voted on any more.",
    )
    ballot_mode = fields.Selection(
        BALLOT_MODES, string="Vote", help="Empty: as the session votes."
    )
    approval_ratio = fields.Float(default=2 / 3, required=True)
    approval_base = fields.Selection(
        APPROVAL_BASES, default="all_voting", required=True
    )

    _unique_name = models.Constraint(
        "UNIQUE (contest_id, name)", "A contest asks each question once."
    )

    @api.constrains("approval_ratio")
    def _check_ratio(self):
        for question in self:
            if not 0 < question.approval_ratio <= 1:
                raise ValidationError(
                    self.env._("Approval must be above 0 and at most 100 %.")
                )

    @api.constrains("name", "scope", "scope_count", "body", "phase")
    def _check_unasked(self):
        """Keep what the council has answered as it was asked."""
        # whoever keeps the rules may be kept from votes
        items_sudo = self.env["hoithi.session.item"].sudo()
        voted_sudo = items_sudo.search(
            [("question_id", "in", self.ids), ("state", "in", VOTED)], limit=1
        )
        if voted_sudo:
            raise ValidationError(
                self.env._(
                    "The council votes on “%s”, or has: it stays as it was asked. Add "
                    "another question instead.",
                    voted_sudo.question_id.name,
                )
            )

    # CRUD

    @api.ondelete(at_uninstall=False)
    def _unlink_except_on_agenda(self):
        # as above
        items_sudo = self.env["hoithi.session.item"].sudo()
        asked_sudo = items_sudo.search([("question_id", "in", self.ids)], limit=1)
        if asked_sudo:
            raise UserError(
                self.env._(
                    "“%(question)s” is on the agenda of “%(session)s”, so that it "
                    "stays in the rules. Where no vote has begun, take the entries off "
                    "that agenda first.",
                    question=asked_sudo.question_id.name,
                    session=asked_sudo.session_id.display_name,
                )
            )

    # GUARD

    def _get_fixed_hint(self):
        return self.env._(
            "What the council is asked is declared before the review; until the "
            "contest is closed the chair may reopen the rules for a change."
        )
