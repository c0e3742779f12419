from odoo import fields, models


class HoithiPastImportLine(models.TransientModel):
    """What would become of a row of a list, as shown before anything is done."""

    _name = "hoithi.past.import.line"
    _inherit = ["hoithi.text.mixin"]
    _description = "Row of Earlier Editions"
    _order = "status desc, row, id"

    import_id = fields.Many2one(
        "hoithi.past.import", required=True, ondelete="cascade", index=True
    )
    row = fields.Integer(aggregator=None)
    title = fields.Char()
    edition = fields.Char()
    year = fields.Char()
    authors = fields.Char()
    unit_name = fields.Char(string="Unit")
    award = fields.Char()
    status = fields.Selection(
        [
            ("known", "There already"),
            ("new", "Will be taken in"),
            ("refused", "Row refused"),
        ],
        required=True,
    )
    note = fields.Text(string="What is wrong")
