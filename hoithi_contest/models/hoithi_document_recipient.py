from odoo import fields, models


class HoithiDocumentRecipient(models.Model):
    """A line of “Nơi nhận”: who gets the plan, and in which role."""

    _name = "hoithi.document.recipient"
    _description = "Recipient of a Document"
    _order = "contest_id, sequence, id"

    contest_id = fields.Many2one(
        "hoithi.contest", required=True, ondelete="cascade", index=True
    )
    sequence = fields.Integer(default=10)
    name = fields.Char(required=True)
    partner_id = fields.Many2one("res.partner", string="Contact")
    role = fields.Selection(
        [
            ("report", "To report (b/c)"),
            ("coordinate", "To coordinate (p/h)"),
            ("implement", "To carry out (t/h)"),
            ("inform", "For information"),
            ("archive", "To file"),
        ],
        required=True,
        default="inform",
    )
    sent_on = fields.Datetime(readonly=True, copy=False)
