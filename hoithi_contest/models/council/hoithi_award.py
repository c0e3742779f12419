from odoo import api, fields, models

RANKS = [
    ("first", "First prize"),
    ("second", "Second prize"),
    ("third", "Third prize"),
    ("consolation", "Consolation prize"),
    ("movement", "Movement prize"),
]


class HoithiAward(models.Model):
    _name = "hoithi.award"
    _description = "Award"
    _inherit = ["hoithi.guard.mixin", "hoithi.clock.mixin"]
    _order = "contest_id desc, level, rank, id"
    _rec_name = "rank"

    entry_id = fields.Many2one(
        "hoithi.entry", required=True, ondelete="restrict", index=True
    )
    contest_id = fields.Many2one(related="entry_id.contest_id", store=True, index=True)
    company_id = fields.Many2one(related="entry_id.company_id", store=True)
    entry_name = fields.Char(related="entry_id.name", string="Title")
    level = fields.Selection(
        [("unit", "Department"), ("province", "Province"), ("national", "National")],
        required=True,
        default="province",
    )
    rank = fields.Selection(RANKS, required=True)
    prize_id = fields.Many2one(
        "hoithi.prize", readonly=True, ondelete="restrict", index="btree_not_null"
    )
    override_reason = fields.Text(readonly=True)
    decision_number = fields.Char()
    decision_date = fields.Date()
    amount = fields.Monetary()
    currency_id = fields.Many2one(related="entry_id.currency_id")
    note = fields.Text()

    _unique_level = models.Constraint(
        "UNIQUE (entry_id, level)", "An entry has one award at each level."
    )

    @api.depends_context("lang")
    @api.depends("rank", "entry_id")
    def _compute_display_name(self):
        ranks = dict(self._fields["rank"]._description_selection(self.env))
        for award in self:
            # a published award names its entry to whoever reads the award
            award.display_name = " – ".join(
                filter(None, [ranks.get(award.rank), award.entry_id.sudo().name])
            )
