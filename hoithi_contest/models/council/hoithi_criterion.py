from odoo import api, fields, models

from ...lib.council import scoring
from ...tools import format_number
from ..guard.hoithi_guard_mixin import EVERYTHING
from ..guard.hoithi_states import PENDING


class HoithiCriterion(models.Model):
    _name = "hoithi.criterion"
    _inherit = ["hoithi.catalogue.mixin", "hoithi.rule.mixin"]
    _catalogue_path = "set_id"
    _description = "Criterion"
    _order = "set_id, sequence, id"
    _rule_fields = {
        "code": "code",
        "name": "name",
        "description": "description",
        "max": "max_score",
        "min": "min_score",
        "weight": "weight",
        "min_pass": "min_pass",
        "step": "step",
        "comment_required": "comment_required",
        "looks_at": "looks_at",
    }
    _rule_rows = {"levels": "level_ids"}

    _fixed_fields = {"set_locked": EVERYTHING}
    _fixed_rows = ("set_locked",)

    set_id = fields.Many2one(
        "hoithi.criteria.set", required=True, ondelete="cascade", index=True
    )
    set_locked = fields.Boolean(related="set_id.locked")
    sequence = fields.Integer(default=10)
    code = fields.Char()
    name = fields.Char(required=True, translate=True)
    description = fields.Text(string="Guidance", translate=True)
    max_score = fields.Float(string="Highest", digits=(6, 2), required=True)
    min_score = fields.Float(
        string="Lowest", digits=(6, 2), help="The lowest score that may be given."
    )
    weight = fields.Float(
        string="Coefficient",
        digits=(6, 2),
        default=1,
        required=True,
        help="Scores count times this in the total of a sheet. Points to pass, prizes "
        "and tie-breaks ask for the score itself.",
    )
    min_pass = fields.Float(
        string="To pass",
        digits=(6, 2),
        help="An entry whose average for this criterion is lower can't be selected.",
    )
    step = fields.Float(
        digits=(6, 2), default=0.5, help="Scores go by this step; 0 allows any."
    )
    comment_required = fields.Boolean()
    looks_at = fields.Selection(
        [
            ("novelty", "Novelty and creativity"),
            ("applicability", "Applicability"),
            ("effects", "Technical, economic or social benefit"),
        ],
        help="The text of the entry that is scored by this criterion. Authors are told "
        "before they submit if it is empty; a contest may make it obligatory.",
    )
    level_ids = fields.One2many(
        "hoithi.criterion.level", "criterion_id", string="Levels", copy=True
    )
    level_help = fields.Text(compute="_compute_level_help")

    _check_range = models.Constraint(
        "CHECK (min_score >= 0 AND max_score > COALESCE(min_score, 0) AND step >= 0"
        " AND min_pass >= 0 AND min_pass <= max_score)",
        "A criterion needs 0 ≤ lowest < highest, and a pass mark within them.",
    )

    _check_weight = models.Constraint(
        "CHECK (weight > 0 AND weight <= 100)",
        "The coefficient of a criterion lies above 0, and is at most 100.",
    )

    @api.depends_context("lang")
    @api.depends(
        "level_ids.name",
        "level_ids.score_from",
        "level_ids.score_to",
        "level_ids.description",
    )
    def _compute_level_help(self):
        for criterion in self:
            criterion.level_help = "\n".join(
                f"{format_number(self.env, level.score_from)}–"
                f"{format_number(self.env, level.score_to)}: {level.name}"
                + (f" – {level.description}" if level.description else "")
                for level in criterion.level_ids
            )

    @api.model_create_multi
    def create(self, vals_list):
        criteria = super().create(vals_list)
        # sheets that are out already get a line for the new criterion; scores are the
        # members', so nobody else could add it
        self.env["hoithi.review"].sudo().search(
            [
                ("entry_id.criteria_set_id", "in", criteria.set_id.ids),
                ("state", "in", PENDING),
            ]
        )._create_lines()
        return criteria

    def _add_up(self, scores):
        """Return the points of a sheet: its scores, each times its coefficient.

        :param scores: {criterion: score}, of some or all of these
        """
        return float(
            scoring.add_up_sheet(
                (score, criterion.weight) for criterion, score in scores.items()
            )
        )

    def _get_max_words(self):
        """Return the highest score as papers and pages tell it, as “10 × 2”."""
        self.ensure_one()
        highest = format_number(self.env, self.max_score)
        if self.weight == 1:
            return highest
        return f"{highest} × {format_number(self.env, self.weight)}"

    def _get_fixed_hint(self):
        return self.set_id._get_fixed_hint()
