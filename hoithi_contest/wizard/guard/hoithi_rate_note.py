from odoo import fields, models


class HoithiRateNote(models.TransientModel):
    """That something was done which isn't to be done often; see `hoithi.rate`.

    The note says neither who nor what, and is kept as long as a limit counts it.
    """

    _name = "hoithi.rate.note"
    _inherit = ["hoithi.text.mixin"]
    _description = "Note of an Act"
    _transient_max_hours = 25.0

    key = fields.Char(required=True, readonly=True)
    noted_on = fields.Datetime(required=True, readonly=True)

    _noted_idx = models.Index("(key, noted_on)")
