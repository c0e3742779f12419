from odoo import api, fields, models

from ...lib.council import components
from ...tools import format_number
from .hoithi_ranking import SCORE_GROUPS


class HoithiEntry(models.Model):
    """What an entry got besides its sheets, and how its total came about."""

    _inherit = "hoithi.entry"

    component_score_ids = fields.One2many(
        "hoithi.component.score",
        "entry_id",
        string="Besides the Sheets",
        groups=SCORE_GROUPS,
    )
    # of its own row, so that a contest without components pays nothing
    extra_points = fields.Float(
        string="Points besides the sheets",
        digits=(6, 2),
        compute="_compute_extra_points",
        store=True,
        aggregator=None,
        groups=SCORE_GROUPS,
    )
    score_formula = fields.Char(
        string="How the total came about",
        compute="_compute_score_formula",
        groups=SCORE_GROUPS,
    )

    @api.depends("component_score_ids.points")
    def _compute_extra_points(self):
        for entry in self:
            entry.extra_points = sum(entry.component_score_ids.mapped("points"))

    @api.depends("extra_points")
    def _compute_scores(self):
        super()._compute_scores()
        for entry in self.filtered("extra_points"):
            entry.average_score = float(entry._add_extras(entry.average_score))

    @api.depends("average_score", "component_score_ids.points")
    @api.depends_context("lang")
    def _compute_score_formula(self):
        by_entry = {
            entry: entry.component_score_ids.filtered(
                lambda line: line.points or line.component_id.counted_on
            )
            for entry in self
        }
        sheets = self.filtered(by_entry.get)._get_sheet_totals()
        for entry, lines in by_entry.items():
            if not lines:
                entry.score_formula = False
                continue
            parts = [self.env._("sheets %s", format_number(self.env, sheets[entry]))]
            parts += [
                f"{line.component_id.name} {format_number(self.env, line.points)}"
                + (f" ({line.formula})" if line.formula else "")
                for line in lines
            ]
            entry.score_formula = (
                f"{' + '.join(parts)} = {format_number(self.env, entry.average_score)}"
            )

    def _get_sheet_totals(self):
        """Return what the sheets alone give, by entry."""
        scores = self._read_scores() if self else {}
        nothing = (0, 0, 0, 0)
        return {
            entry: float(entry._get_total())
            if entry.round_id
            else scores.get(entry._origin.id, nothing)[2]
            for entry in self
        }

    def _get_vote_title(self):
        """Hook: return the title that the public votes by, "" for the code alone."""
        self.ensure_one()
        return self.name

    def _add_extras(self, sheets):
        """Return the total of what the sheets give and what is added."""
        self.ensure_one()
        return components.add_up(sheets, [self.extra_points])
