from datetime import time

from odoo import api, fields, models

from ...lib.guard import moments
from .hoithi_clock_mixin import Deadline


class IrFieldsConverter(models.AbstractModel):
    _inherit = "ir.fields.converter"

    @api.model
    def _str_to_datetime(self, model, field, value, savepoint):
        """Read deadlines of a table on the contest's clock, which their model knows.

        A day without an hour stays one. A spreadsheet, and Odoo's own reader of dates,
        give it as midnight.
        """
        if not isinstance(field, Deadline):
            return super()._str_to_datetime(model, field, value, savepoint)
        try:
            if moments.read(value):
                return value, []
            local = fields.Datetime.from_string(value)
        except ValueError:
            # let Odoo say which text of which field isn't a moment
            return super()._str_to_datetime(model, field, value, savepoint)
        if local.time() == time():
            return moments.write_day(local), []
        return f"{local:%H:%M} {moments.write_day(local)}", []
