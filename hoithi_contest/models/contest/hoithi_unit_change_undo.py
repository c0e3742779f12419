import json
from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

#: What comes to a unit, with the path to the staff it is of.
COMERS = {
    "hr.version": "employee_id",
    "hoithi.entry.author": "employee_id",
    "hoithi.entry": "author_ids.employee_id",
}


class HoithiUnitChange(models.Model):
    """A change of units that was a mistake, undone while nothing else came of it.

    What a change writes is kept, record by record; an undo writes back what was there,
    as far as it still is what the change made of it.
    """

    _inherit = "hoithi.unit.change"

    # [model, id, {field: [before, after]}] in the order of the change; of a record that
    # it made, nothing but the id. Which entries are whose unit's HR isn't told.
    kept_values = fields.Json(
        readonly=True,
        copy=False,
        groups=fields.NO_ACCESS,
        export_string_translation=False,
    )
    undo_reason = fields.Text(string="Why it was undone", readonly=True, copy=False)
    undone_on = fields.Datetime(readonly=True, copy=False)
    undone_by_id = fields.Many2one("res.users", readonly=True, copy=False)

    # ACTION

    def action_ask_undo(self):
        """Open the dialog that asks for what `action_undo` needs."""
        return self._ask_reason("action_undo", self.env._("Undo the Change of Units"))

    def action_undo(self, reason=None):
        """Undo changes that were a mistake: units, staff and entries are as before.

        :param reason: recorded
        :raises AccessError: for whoever may not change units in HR
        :raises UserError: where something was changed since, or others have come to the
            unit that is new
        """
        self._check_transition("undone")
        self.check_access("write")
        reason = self._clean_reason(reason)
        for change in self:
            rows = change._get_kept_rows()
            change._check_untouched(rows)
            contests_sudo = change._get_running_contests()
            for record, values in reversed(rows):
                change._put_back(record, values)
            change._follow_undo(contests_sudo)
            change._move(
                "undone",
                undo_reason=reason,
                undone_on=fields.Datetime.now(),
                undone_by_id=self.env.uid,
            )
        return True

    # BUSINESS

    def _write_kept(self, records, vals):
        """Write to `records`, and keep what was there for an undo."""
        before = {record: self._read_plain(record, vals) for record in records}
        records.write(vals)
        self._keep(
            [
                record._name,
                record.id,
                {
                    name: [values[name], after]
                    for name, after in self._read_plain(record, vals).items()
                },
            ]
            for record, values in before.items()
        )

    def _keep_made(self, records):
        """Keep for an undo that the change made `records`."""
        self._keep([record._name, record.id, {}] for record in records)

    def _keep(self, rows):
        # the door of a change that isn't done yet; what is kept is the server's alone
        change_sudo = self.sudo()._open_door()
        change_sudo.kept_values = [*(change_sudo.kept_values or []), *rows]

    def _read_plain(self, record, names):
        """Return values of a record as they are kept and written."""
        values = {
            name: record._fields[name].convert_to_write(record[name], record)
            for name in names
        }
        return json.loads(json.dumps(values))

    def _get_kept_rows(self):
        """Return (record, {field: [before, after]}) of what the change wrote.

        :raises UserError: for a change of which nothing was kept
        """
        self.ensure_one()
        # as above
        kept_values = self.sudo().kept_values
        if not kept_values:
            raise UserError(
                self.env._(
                    "What “%s” changed wasn't kept: undo it by another change.",
                    self.display_name,
                )
            )
        rows = []
        for name, record_id, values in kept_values:
            rows.append((self._get_kept_model(name).browse(record_id).exists(), values))
        return rows

    def _get_kept_model(self, name):
        """Return a model of which a change writes records, with the right to it."""
        model = self.env[name].with_context(active_test=False)
        if name.startswith("hoithi."):
            # who keeps the units reads no entries, and wrote these by the change
            model = model.sudo()._open_door()
        return model

    def _check_untouched(self, rows):
        """Refuse an undo where anything isn't any more as the change left it.

        :raises UserError: telling how it goes on
        """
        last = {}
        for record, values in rows:
            for name, (_before, after) in values.items():
                last[record, name] = after
        is_changed = not all(record for record, _values in rows) or any(
            self._read_plain(record, [name])[name] != after
            for (record, name), after in last.items()
        )
        if is_changed or self._has_edits(rows) or self._has_newcomers(rows):
            raise UserError(
                self.env._(
                    "Since “%s” units, staff or entries were changed or came to it: "
                    "put it right by another change.",
                    self.display_name,
                )
            )

    def _get_after(self):
        """Return from when on (UTC) what is written was written after the change.

        `done_on` has no parts of a second, and what HR keeps has.
        """
        return self.done_on + timedelta(seconds=1)

    def _has_edits(self, rows):
        """Tell whether HR wrote anything to what an undo deletes."""
        return any(
            record.write_date >= self._get_after()
            for record, values in rows
            # a unit is archived, and loses nothing by it
            if not values and record._name != "hr.department"
        )

    def _has_newcomers(self, rows):
        """Tell whether others than the change brought have come to its unit.

        To a unit that was there before, others than the staff it took in may come.
        """
        known = {(record._name, record.id) for record, _values in rows}
        moved = [record for record, _values in rows if record._name == "hr.version"]
        staff = self.env["hr.version"].union(*moved).employee_id
        came = Domain("department_id", "=", self.result_id.id)
        is_made = (self.result_id, {}) in rows
        if not is_made:
            came &= Domain("create_date", ">=", self._get_after())
        return any(
            (name, record.id) not in known
            for name, path in COMERS.items()
            for record in self._get_kept_model(name).search(
                came if is_made else came & Domain(path, "in", staff.ids)
            )
        )

    def _put_back(self, record, values):
        """Write back what was there, or take away what the change made."""
        if values:
            record.write({name: before for name, (before, _after) in values.items()})
        elif record._name == "hr.department":
            # papers and logs may name it
            record.active = False
        else:
            record.unlink()

    def _follow_undo(self, contests_sudo):
        """Hook: let follow what hangs on units that are as before."""
        # as for the rows
        entries_sudo = self.env["hoithi.entry"].sudo()
        entries_sudo.search(
            [
                ("contest_id", "in", contests_sudo.ids),
                ("department_id", "in", self.unit_ids.ids),
            ]
        )._get_detectable()._on_authors_known()
