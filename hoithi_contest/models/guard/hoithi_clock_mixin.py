from datetime import date, datetime

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...lib.guard import moments
from .hoithi_text_mixin import YEARS


class Deadline(fields.Datetime):
    """A moment until which something is possible, in a model with a contest's clock.

    A day without an hour, through whatever door it comes, means the end of the working
    day at the contest.
    """

    def convert_to_cache(self, value, record, validate=True):
        return super().convert_to_cache(record._read_deadline(value), record, validate)

    def convert_to_export(self, value, record):
        return (
            moments.get_local(value, record.clock_tz).replace(tzinfo=None)
            if value
            else ""
        )


class HoithiClockMixin(models.AbstractModel):
    """Records whose moments are shown, and whose deadlines are read, on one clock.

    It is the contest's, whatever the zone of the reader and of the browser.
    """

    _name = "hoithi.clock.mixin"
    _description = "Moments on the contest's clock"

    # Where the contest is; an empty text for records that belong to none.
    _clock_path = "contest_id"

    clock_tz = fields.Char(
        compute="_compute_clock", compute_sudo=True, export_string_translation=False
    )
    clock_day_end = fields.Float(
        compute="_compute_clock", compute_sudo=True, export_string_translation=False
    )

    # COMPUTE

    @api.depends(lambda self: self._get_clock_dependencies())
    def _compute_clock(self):
        for record in self:
            contest = record._get_clock_contest()
            company = (contest and contest.company_id) or self.env.company
            record.clock_tz = (contest and contest.tz) or moments.DEFAULT_TZ
            record.clock_day_end = company.hoithi_day_end

    @api.model
    def _get_clock_dependencies(self):
        path = self._clock_path
        return [f"{path}.tz", f"{path}.company_id.hoithi_day_end"] if path else []

    def _get_clock_contest(self):
        """Return the contest whose clock counts, or nothing."""
        return self.mapped(self._clock_path)[:1] if self._clock_path else None

    # CRUD

    @api.model
    def _prepare_create_values(self, vals_list):
        vals_list = super()._prepare_create_values(vals_list)
        for vals in vals_list:
            names = self._get_unread_deadlines(vals)
            if names:
                # what it belongs to may be a field that is computed
                record = self.new(
                    {
                        name: value
                        for name, value in vals.items()
                        if name in self._fields
                        and self._fields[name].type not in ("one2many", "many2many")
                    }
                )
                tz = vals.get("tz")
                vals.update(
                    {name: record._read_deadline(vals[name], tz) for name in names}
                )
        return vals_list

    def write(self, vals):
        names = self._get_unread_deadlines(vals)
        if not names:
            return super().write(vals)
        clocks = self.grouped(lambda record: (record.clock_tz, record.clock_day_end))
        for records in clocks.values():
            read = {
                name: records._read_deadline(vals[name], vals.get("tz"))
                for name in names
            }
            super(HoithiClockMixin, records).write({**vals, **read})
        return True

    # VIEWS

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        arch, view = super()._get_view(view_id, view_type, **options)
        if view_type in ("form", "list", "kanban", "calendar"):
            self._set_clock_widgets(arch)
        return arch, view

    @api.model
    def _set_clock_widgets(self, node):
        """Show days and moments in one notation, with their year, on the one clock."""
        for child in node:
            model = self
            field = child.tag == "field" and self._fields.get(child.get("name"))
            if field:
                if field.relational and len(child):
                    model = self.env[field.comodel_name]
                elif field.type in ("date", "datetime") and not child.get("widget"):
                    closes = isinstance(field, Deadline)
                    child.set(
                        "widget", "hoithi_deadline" if closes else "hoithi_moment"
                    )
            if isinstance(model, self.pool["hoithi.clock.mixin"]):
                model._set_clock_widgets(child)

    # DEADLINES

    @api.model
    def _get_unread_deadlines(self, vals):
        """Return the names of deadlines that aren't given as moments."""
        return [
            name
            for name, value in vals.items()
            if value
            and not isinstance(value, datetime)
            and isinstance(self._fields.get(name), Deadline)
        ]

    def _read_deadline(self, value, tz=None):
        """Return what was given for a deadline as Odoo's fields take it.

        :param value: a day, ``2026-07-30`` or ``30/07/2026``, means the end of the
            working day; ``16:00 30/07/2026`` is the hour at the contest; what else a
            field of moments takes is in UTC
        :param tz: zone of the contest where it is about to change
        :raises UserError: for a text that names no moment
        """
        day = clock = None
        refused = UserError(
            self.env._(
                "“%s” is no day and no moment: write 30/07/2026, or "
                "17:00 30/07/2026 with the hour.",
                value,
            )
        )
        if isinstance(value, date) and not isinstance(value, datetime):
            day = value
        elif isinstance(value, str) and value:
            try:
                day, clock = moments.read(value) or (None, None)
                value = day or fields.Datetime.to_datetime(value)
            except ValueError:
                raise refused from None
        elif value and not isinstance(value, datetime):
            raise refused
        if value and value.year not in YEARS:
            raise refused
        if not day:
            return value
        # zone and hour are no secret, whoever may read the contest
        contest_sudo = (self[:1] or self.new()).sudo()._get_clock_contest()
        zone = tz or (contest_sudo and contest_sudo.tz) or moments.DEFAULT_TZ
        if clock is not None:
            return moments.get_moment(day, clock, zone)
        company_sudo = (
            contest_sudo and contest_sudo.company_id
        ) or self.env.company.sudo()
        return moments.get_work_end(day, company_sudo.hoithi_day_end, zone)
