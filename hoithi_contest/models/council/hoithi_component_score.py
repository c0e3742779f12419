from odoo import api, fields, models
from odoo.tools import SQL

from .hoithi_ranking import SCORE_GROUPS


class HoithiComponentScore(models.Model):
    """What an entry got besides its sheets."""

    _name = "hoithi.component.score"
    _inherit = ["hoithi.guard.mixin"]
    _description = "Points Besides the Sheets"
    _order = "component_id, id"
    _rec_name = "component_id"
    _log_access = False

    component_id = fields.Many2one(
        "hoithi.component",
        required=True,
        readonly=True,
        ondelete="restrict",
        index=True,
    )
    contest_id = fields.Many2one(related="component_id.contest_id", store=True)
    company_id = fields.Many2one(related="component_id.company_id", store=True)
    entry_id = fields.Many2one(
        "hoithi.entry", required=True, readonly=True, ondelete="cascade", index=True
    )
    entry_code = fields.Char(related="entry_id.code", string="Code")
    entry_name = fields.Char(related="entry_id.name", string="Title")
    votes = fields.Integer(readonly=True, groups=fields.NO_ACCESS)
    points = fields.Float(digits=(6, 2), readonly=True, aggregator=None)
    reason = fields.Text(readonly=True)
    formula = fields.Char(
        string="How it came about", compute="_compute_formula", groups=SCORE_GROUPS
    )

    _unique_pair = models.Constraint(
        "UNIQUE (component_id, entry_id)", "An entry has one line for each component."
    )

    @api.depends("points", "reason", "component_id.counted_on")
    def _compute_formula(self):
        for line in self:
            # how many votes there were is told once they are counted
            line.formula = line.component_id._describe(line.sudo())

    # BUSINESS

    def _add_vote(self):
        """Count one vote more for each; of two at once none is lost."""
        self.flush_recordset()
        self.env.cr.execute(
            SQL(
                "UPDATE hoithi_component_score SET votes = COALESCE(votes, 0) + 1"
                " WHERE id IN %s",
                tuple(sorted(self.ids)),
            )
        )
        self.invalidate_recordset(["votes"], flush=False)
