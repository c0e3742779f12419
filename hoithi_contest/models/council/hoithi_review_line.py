from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...lib.council import scoring
from ...tools import format_number
from ..guard.hoithi_guard_mixin import EVERYTHING


class HoithiReviewLine(models.Model):
    """The score of one criterion on a sheet."""

    _name = "hoithi.review.line"
    _inherit = ["hoithi.guard.mixin"]
    _description = "Score"
    _order = "review_id, sequence, id"
    _rec_name = "criterion_id"

    _given_fields = {"review_id", "criterion_id"}
    _fixed_fields = {"is_sheet_closed": EVERYTHING}

    review_id = fields.Many2one(
        "hoithi.review", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="review_id.company_id", store=True)
    is_sheet_closed = fields.Boolean(related="review_id.is_sheet_closed")
    criterion_id = fields.Many2one(
        "hoithi.criterion", required=True, ondelete="restrict", index=True
    )
    sequence = fields.Integer(related="criterion_id.sequence", store=True)
    criterion_description = fields.Text(related="criterion_id.description")
    level_help = fields.Text(related="criterion_id.level_help")
    max_score = fields.Float(related="criterion_id.max_score", string="Highest")
    min_score = fields.Float(related="criterion_id.min_score", string="Lowest")
    step = fields.Float(related="criterion_id.step")
    weight = fields.Float(related="criterion_id.weight")
    score = fields.Float(digits=(6, 2), aggregator="avg")
    is_scored = fields.Boolean(
        string="Score given",
        readonly=True,
        copy=False,
        help="Tells a score of 0 from one that isn't given yet.",
    )
    comment = fields.Text()

    _unique_criterion = models.Constraint(
        "UNIQUE (review_id, criterion_id)", "A criterion is scored once on a sheet."
    )

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = self._check_given(vals_list)
        lines = super().create(vals_list)
        for line, vals in zip(lines, vals_list, strict=True):
            line._note_score(vals)
        if not self.env.su:
            lines.review_id._check_scoring()
            lines.review_id._start()
        return lines

    def write(self, vals):
        """Write scores and comments; a score of False takes the score back.

        :raises ValidationError: for a score off the scale of its criterion
        """
        if self.env.su or self._is_guard_open():
            result = super().write(vals)
            self._note_score(vals)
            return result
        self.review_id._check_scoring()
        result = super().write(vals)
        self._note_score(vals)
        self.review_id._start()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise UserError(self.env._("A criterion stays on the sheet."))

    def _note_score(self, vals):
        """Keep whether a score was given, and refuse one off the scale."""
        if "score" not in vals:
            return
        given = vals["score"] is not False and vals["score"] is not None
        # it follows from the score, whose writing was allowed
        self._open_door().write({"is_scored": given})
        for line in self:
            problem = given and line._get_range_problem(line.score)
            if problem:
                raise ValidationError(problem)

    def _get_range_problem(self, score):
        """Return why a score lies off the criterion's scale, or an empty text."""
        self.ensure_one()
        criterion = self.criterion_id
        values = {
            "criterion": criterion.name,
            "lowest": format_number(self.env, criterion.min_score),
            "highest": format_number(self.env, criterion.max_score),
            "step": format_number(self.env, criterion.step),
        }
        if not criterion.min_score <= score <= criterion.max_score:
            return self.env._(
                "%(criterion)s: the score must lie between %(lowest)s and %(highest)s.",
                **values,
            )
        if not scoring.is_on_step(score, criterion.min_score, criterion.step):
            return self.env._("%(criterion)s: scores go by %(step)s points.", **values)
        return ""

    def _find_score_problem(self, score):
        """Return why a score, or False for none, can't stand, or an empty text."""
        return "" if score is False else self._get_range_problem(score)

    def _get_standing(self, name):
        """Return what stands in a field, as the workspace shows it.

        A score of False isn't given yet.
        """
        self.ensure_one()
        if name == "score":
            return self.is_scored and self.score
        return self[name] or ""

    @api.model
    def _read_typed(self, name, value):
        return self.env["hoithi.review"]._read_typed(name, value)

    def _get_criterion(self, number):
        """Return what the workspace shows of a criterion beside what stands there.

        :param number: its place on the sheet
        """
        self.ensure_one()
        criterion = self.criterion_id
        criteria_set = criterion.set_id
        ends = criteria_set.explain_extremes and scoring.get_ends(
            criterion.min_score, criterion.max_score, criteria_set.extreme_percent
        )
        return {
            "line": self.id,
            "number": number,
            "name": criterion.name,
            "guidance": criterion.description or "",
            "lowest": criterion.min_score,
            "highest": criterion.max_score,
            "step": criterion.step,
            "weight": criterion.weight,
            "comment_required": criterion.comment_required,
            # scores up to the one and from the other on are explained
            "ends": [float(end) for end in ends] if ends else False,
            "levels": [
                {
                    "id": level.id,
                    "from": level.score_from,
                    "to": level.score_to,
                    "name": level.name,
                    "description": level.description or "",
                }
                for level in criterion.level_ids.sorted("score_from")
            ],
        }

    def _is_extreme(self):
        """Tell whether the score lies at an end of the scale that must be explained."""
        self.ensure_one()
        criterion = self.criterion_id
        criteria_set = criterion.set_id
        return criteria_set.explain_extremes and scoring.is_extreme(
            self.score,
            criterion.min_score,
            criterion.max_score,
            criteria_set.extreme_percent,
        )

    def _get_problems(self):
        """Return all that keeps these scores from being submitted, a phrase each."""
        problems = []
        for line in self:
            criterion, comment = line.criterion_id, (line.comment or "").strip()
            problem = line.is_scored and line._get_range_problem(line.score)
            if problem:
                problems.append(problem)
            elif not line.is_scored:
                problems.append(self.env._("%s: give a score.", criterion.name))
            elif not line.score and not comment:
                problems.append(
                    self.env._("%s: explain the 0 in a comment.", criterion.name)
                )
            elif criterion.comment_required and not comment:
                problems.append(
                    self.env._("%s: a comment is required.", criterion.name)
                )
            elif line._is_extreme() and not comment:
                problems.append(
                    self.env._(
                        "%(criterion)s: explain a score of %(score)s, at the end of "
                        "the scale, in a comment.",
                        criterion=criterion.name,
                        score=format_number(self.env, line.score),
                    )
                )
        return problems
