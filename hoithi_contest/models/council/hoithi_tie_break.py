from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...lib.council.ranking import LAST_KINDS
from ..guard.hoithi_guard_mixin import EVERYTHING
from ..guard.hoithi_states import RANKABLE


class HoithiTieBreak(models.Model):
    """A step of the declared chain that tells equal averages apart."""

    _name = "hoithi.tie.break"
    _inherit = ["hoithi.guard.mixin", "hoithi.rule.mixin"]
    _description = "Tie-break"
    _order = "contest_id, sequence, id"
    _rec_name = "kind"
    _rule_fields = {"kind": "kind"}
    _rule_links = {"criterion": "criterion_id", "component": "component_id"}

    _fixed_fields = {"rules_fixed": EVERYTHING}
    _fixed_rows = ("rules_fixed",)

    contest_id = fields.Many2one(
        "hoithi.contest", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="contest_id.company_id", store=True)
    rules_fixed = fields.Boolean(related="contest_id.rules_fixed")
    sequence = fields.Integer(default=10)
    kind = fields.Selection(
        [
            ("criterion", "Higher average of a criterion"),
            ("spread", "Smaller spread"),
            ("benefit", "Larger benefit in money"),
            ("women", "A woman, or a group with 70 % women"),
            ("last_round", "Higher score of the last round"),
            ("component", "More points of a component"),
            ("votes", "More votes of the council"),
            ("earlier", "Earlier submission"),
            ("chair", "The chair decides"),
            ("lot", "Lots are drawn"),
        ],
        required=True,
        default="criterion",
        help="By women first as Decree 152/2025/NĐ-CP, article 4, has it; the "
        "registration form then asks for the gender. Where lots are drawn, the chair "
        "sets the places by them, with the minutes as the reason.",
    )
    criterion_id = fields.Many2one("hoithi.criterion", ondelete="restrict")
    criteria_set_ids = fields.Many2many(
        "hoithi.criteria.set", compute="_compute_criteria_set_ids"
    )
    component_id = fields.Many2one(
        "hoithi.component",
        ondelete="restrict",
        domain="[('contest_id', '=', contest_id)]",
    )

    @api.depends("contest_id")
    def _compute_criteria_set_ids(self):
        for step in self:
            step.criteria_set_ids = step.contest_id._get_criteria_sets()

    @api.constrains("kind", "criterion_id", "contest_id")
    def _check_criterion(self):
        for step in self:
            if step.kind == "criterion" and (
                step.criterion_id.set_id not in step.contest_id._get_criteria_sets()
                or not step.criterion_id
            ):
                raise ValidationError(
                    self.env._("Choose a criterion of the contest's set to break ties.")
                )

    @api.constrains("kind", "component_id", "contest_id")
    def _check_component(self):
        for step in self:
            # whoever writes a tie-break may read what it names
            of_contest = step.component_id.contest_id == step.contest_id
            if step.kind == "component" and not (step.component_id and of_contest):
                raise ValidationError(
                    self.env._("Choose a component of the contest to break ties.")
                )

    @api.constrains("kind", "contest_id")
    def _check_asked(self):
        for step in self.filtered(lambda step: step.kind == "women"):
            contest = step.contest_id
            if contest.state != "draft" and not contest.ask_gender:
                raise ValidationError(
                    self.env._(
                        "The registration form of “%s” doesn't ask for the gender: "
                        "nobody said what this tie-break goes by.",
                        contest.name,
                    )
                )

    @api.constrains("kind", "sequence", "contest_id")
    def _check_last(self):
        for contest in self.contest_id:
            before = set(contest.tie_break_ids.mapped("kind")[:-1])
            if before & LAST_KINDS:
                raise ValidationError(
                    self.env._(
                        "Where the chair decides or lots are drawn, nothing comes "
                        "after."
                    )
                )

    @api.constrains("kind", "contest_id")
    def _check_benefits(self):
        # also entries that a conflict hides
        contests_sudo = self.filtered(lambda step: step.kind == "benefit").contest_id
        self.env["hoithi.entry"].sudo().search(
            [("contest_id", "in", contests_sudo.ids), ("benefit_amount", ">", 0)]
        )._check_comparable_benefit()

    # CRUD

    @api.model_create_multi
    def create(self, vals_list):
        steps = super().create(vals_list)
        steps._touch_ranks()
        return steps

    def write(self, vals):
        result = super().write(vals)
        self._touch_ranks()
        return result

    def unlink(self):
        self._touch_ranks()
        return super().unlink()

    def _touch_ranks(self):
        """Note that the places which these steps tell apart are out of date."""
        # places go by all entries, whoever may read them
        entries_sudo = self.env["hoithi.entry"].sudo()
        entries_sudo.search(
            [("contest_id", "in", self.contest_id.ids), ("state", "in", RANKABLE)]
        )._touch_ranks()

    # GUARD

    def _get_fixed_hint(self):
        return self.env._(
            "Prizes and tie-breaks are declared before the review; until the contest "
            "is closed the chair may reopen the rules for a change."
        )

    # RULES

    def _to_rule(self):
        return super()._to_rule() | {
            "criterion": self.criterion_id._get_rule_name(),
            "component": self.component_id._get_rule_name(),
        }
