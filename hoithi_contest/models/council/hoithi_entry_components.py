from functools import partial

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

    @api.depends("average_score", "component_score_ids.points", "round_line_ids.score")
    @api.depends_context("lang")
    def _compute_score_formula(self):
        parts = self._get_score_parts()
        write = partial(format_number, self.env)
        sheets = self.env._("sheets")
        for entry in self:
            entry.score_formula = (
                components.write_total(parts[entry], entry.average_score, sheets, write)
                if parts[entry]
                else False
            )

    def _get_score_parts(self):
        """Return what the total of each entry is made of, where it isn't its sheets.

        :return: {entry: list of `components.Part`}, the list empty where only the
            sheets of one round count
        """
        added = {
            entry: [
                components.Part(line.component_id.name, line.points, note=line.formula)
                for line in entry.component_score_ids
                if line.points or line.component_id.counted_on
            ]
            for entry in self
        }
        of_rounds = {entry: entry._get_round_parts() for entry in self}
        sheets = self.filtered(
            lambda entry: added[entry] and not of_rounds[entry]
        )._get_sheet_totals()
        return {
            entry: [
                *of_rounds[entry],
                *([components.Part("", sheets[entry])] if entry in sheets else []),
                *added[entry],
            ]
            for entry in self
        }

    def _get_highest_total(self):
        """Return the most that the entry could get, all parts of its total together."""
        self.ensure_one()
        # what counts is told to everybody who enters
        entry_sudo = self.sudo()
        extras = entry_sudo.contest_id.component_ids.mapped("most")
        return entry_sudo._get_highest_of_sheets() + sum(extras)

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

    def _get_vote_summary(self):
        """Hook: return what the public reads of the entry besides, or nothing."""
        self.ensure_one()
        return ""

    def _add_extras(self, sheets):
        """Return the total of what the sheets give and what is added."""
        self.ensure_one()
        return components.add_up(sheets, [self.extra_points])
