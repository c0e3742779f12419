from odoo import fields, models


class HoithiScoreAnalysisLine(models.TransientModel):
    """An entry in an analysis of the scores; of the entry, only code and title."""

    _name = "hoithi.score.analysis.line"
    _inherit = ["hoithi.text.mixin"]
    _description = "Entry in an Analysis of the Scores"
    _order = "analysis_id, rank, code"
    _rec_name = "code"

    analysis_id = fields.Many2one(
        "hoithi.score.analysis", required=True, ondelete="cascade", index=True
    )
    # for the rule on conflicts alone
    entry_id = fields.Many2one(
        "hoithi.entry", required=True, readonly=True, ondelete="cascade", index=True
    )
    code = fields.Char(readonly=True)
    name = fields.Char(string="Title", readonly=True)
    field_id = fields.Many2one("hoithi.field", readonly=True, index="btree_not_null")
    sheets = fields.Text(readonly=True)
    sheet_count = fields.Integer(string="Sheets in", readonly=True)
    rank = fields.Integer(readonly=True, aggregator=None)
    spread = fields.Float(digits=(6, 2), readonly=True, aggregator="max")
    sum = fields.Float(digits=(6, 2), readonly=True, aggregator="avg")
    mean = fields.Float(digits=(6, 2), readonly=True, aggregator="avg")
    trimmed_mean = fields.Float(digits=(6, 2), readonly=True, aggregator="avg")
    median = fields.Float(digits=(6, 2), readonly=True, aggregator="avg")
    adjusted = fields.Float(
        digits=(6, 2),
        readonly=True,
        aggregator="avg",
        help="The score without what its reviewers give above or below the others. "
        "Advisory.",
    )
    result = fields.Char(
        readonly=True, help="Prize, or place by the line, with the official score."
    )
    sensitivity = fields.Text(
        string="Would change",
        readonly=True,
        help="Other ways to count, or a member left out, that change the result.",
    )
    is_sensitive = fields.Boolean(string="Result would change", readonly=True)
    diverges = fields.Boolean(string="Diverging sheets", readonly=True)
    needs_adjudication = fields.Boolean(string="In adjudication", readonly=True)
    is_incomplete = fields.Boolean(string="Too few sheets", readonly=True)
