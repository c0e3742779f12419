from odoo import fields, models


class HoithiPersonQuery(models.TransientModel):
    """A look for colleagues, noted so that nobody reads the whole staff directory.

    Who asked is its creator; what was asked isn't kept, and the note itself only as
    long as a limit counts it.
    """

    _name = "hoithi.person.query"
    _description = "Query of the Finder of Colleagues"
    _transient_max_hours = 25.0

    asked_on = fields.Datetime(required=True, readonly=True)

    _asked_idx = models.Index("(create_uid, asked_on)")
