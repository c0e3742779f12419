from odoo import fields, models


class HoithiScoreAnalysisFigure(models.TransientModel):
    """A number of an analysis: agreement, a member's severity, another way to count."""

    _name = "hoithi.score.analysis.figure"
    _inherit = ["hoithi.text.mixin"]
    _description = "Figure of an Analysis of the Scores"
    _order = "analysis_id, id"

    analysis_id = fields.Many2one(
        "hoithi.score.analysis", required=True, ondelete="cascade", index=True
    )
    kind = fields.Selection(
        [
            ("agreement", "Agreement"),
            ("severity", "Severity"),
            ("scenario", "Another way to count"),
        ],
        required=True,
        readonly=True,
    )
    name = fields.Char(readonly=True)
    criterion_id = fields.Many2one("hoithi.criterion", readonly=True)
    field_id = fields.Many2one("hoithi.field", readonly=True, index="btree_not_null")
    value = fields.Float(digits=(6, 3), readonly=True, aggregator=None)
    is_low = fields.Boolean(string="Low agreement", readonly=True)
    is_defined = fields.Boolean(readonly=True)
    count = fields.Integer(readonly=True, aggregator=None)
    note = fields.Char(readonly=True)
