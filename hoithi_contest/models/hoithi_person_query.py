from datetime import timedelta

from odoo import api, fields, models


class HoithiPersonQuery(models.Model):
    """A look for colleagues, noted so that nobody reads the whole staff directory.

    Who asked is its creator; what was asked isn't kept, and the note only for a day.
    """

    _name = "hoithi.person.query"
    _description = "Query of the Finder of Colleagues"
    _inherit = ["hoithi.guard.mixin"]
    _trusts_sudo = True

    asked_on = fields.Datetime(required=True, readonly=True)

    _asked_idx = models.Index("(create_uid, asked_on)")

    @api.autovacuum
    def _gc_old(self):
        yesterday = fields.Datetime.now() - timedelta(days=1)
        self.search([("asked_on", "<", yesterday)]).unlink()
