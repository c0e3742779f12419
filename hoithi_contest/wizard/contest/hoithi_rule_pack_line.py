from odoo import fields, models


class HoithiRulePackLine(models.TransientModel):
    """A rule that is other, as shown before anything is written."""

    _name = "hoithi.rule.pack.line"
    _inherit = ["hoithi.text.mixin"]
    _description = "Changed Rule"
    _order = "sequence, id"

    pack_id = fields.Many2one(
        "hoithi.rule.pack", required=True, ondelete="cascade", index=True
    )
    sequence = fields.Integer()
    part = fields.Char()
    name = fields.Char(string="Rule")
    before = fields.Text(string="Now")
    after = fields.Text(string="New rules")
    kind = fields.Selection(
        [
            ("changed", "Changed"),
            ("added", "Added"),
            ("removed", "Taken out"),
            ("order", "Other order"),
            ("kept", "Not possible now"),
        ],
        required=True,
    )
    note = fields.Text(string="Why not")
