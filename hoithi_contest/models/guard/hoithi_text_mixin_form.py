from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Command


class HoithiTextMixin(models.AbstractModel):
    """What a form that isn't saved is answered, a dialog's as well.

    Odoo makes a record in memory of what the form sends, and shows what comes of it,
    be it a form or a call. What it links has to be its user's to read.
    """

    _inherit = "hoithi.text.mixin"

    def onchange(self, values, field_names, fields_spec):
        if not (
            isinstance(values, dict)
            and isinstance(fields_spec, dict)
            and isinstance(field_names, list | tuple)
            and all(isinstance(name, str) for name in field_names)
        ):
            raise UserError(
                self.env._("This isn't what a form sends: load the page anew.")
            )
        if self.env.su:
            return super().onchange(values, field_names, fields_spec)
        heard = self._hear(values)
        asked = [
            name
            for name in field_names
            if name not in values or (name in heard and self._is_believed(name))
        ]
        if field_names and not asked:
            # nothing follows from what isn't the form's to say
            return {}
        return super().onchange(heard, asked, fields_spec)

    # BELIEVED

    def _hear(self, values):
        """Return of a form's values what is believed.

        :param values: those of one record, or of a new one where there is none
        :raises AccessError: for a link to what the caller can't read
        """
        self._check_linked(values)
        return {
            name: self._hear_value(self._fields.get(name), value)
            for name, value in values.items()
        }

    @api.model
    def _is_believed(self, name):
        """Tell whether a form says what the field of the record will be."""
        return True

    def _hear_value(self, field, value):
        """Return of one value what is believed."""
        if field is None or not field.comodel_name:
            return value
        records = self.env[field.comodel_name]
        if not isinstance(records, self.pool["hoithi.text.mixin"]):
            return value
        if isinstance(value, dict):
            linked_id = value.get("id")
            known_ids = [linked_id] if isinstance(linked_id, int) and linked_id else []
            return records.browse(known_ids)._hear(value)
        if field.type == "many2one" or not isinstance(value, list | tuple):
            return value
        # lines of another record aren't moved here in memory either
        known = None
        if field.type == "one2many" and not records.browse([0])._is_believed(
            field.inverse_name
        ):
            known = set(self.sudo()[field.name].ids)
        return [heard for item in value if (heard := records._hear_line(item, known))]

    @api.model
    def _hear_line(self, item, known):
        """Return a command of a form with what is believed of it, or nothing.

        :param known: ids of the lines that it may name; any, where there is nothing
        """
        if isinstance(item, dict):
            return (Command.CREATE, 0, self._hear(item))
        if not isinstance(item, list | tuple):
            item = (Command.LINK, item, False)
        command, line_id, values = (*item, False, False)[:3]
        if command == Command.CREATE:
            return (command, line_id, self._hear(values or {}))
        if command == Command.SET:
            ids = [i for i in values or () if known is None or i in known]
            return (command, line_id, ids)
        if known is not None and isinstance(line_id, int) and line_id not in known:
            # unlinking all names none
            return command == Command.CLEAR and item
        if command == Command.UPDATE:
            line = self.browse(line_id if isinstance(line_id, int) else ())
            return (command, line_id, line._hear(values or {}))
        return item

    # LINKS

    def _check_linked(self, values):
        """Refuse to show what comes of a link to a record that the caller can't read.

        What is taken from it by related fields is told whoever asks, of a new record
        by a default as well.
        """
        if not self:
            values = {**self._get_sent_defaults(), **values}
        for name, value in values.items():
            field = self._fields.get(name)
            if field is None or field.type not in ("many2one", "many2many"):
                continue
            if field.comodel_name == "ir.attachment":
                self._check_linked_files(field, value)
            elif field.type == "many2one" and field.comodel_name.startswith("hoithi."):
                self._check_link(field, value)

    def _check_link(self, field, value):
        """Refuse a link to a record that the caller can't read."""
        if isinstance(value, dict):
            value = value.get("id")
        elif isinstance(value, list | tuple):
            value = value[0] if value else None
        # a form may send back what stands there
        is_kept = len(self) == 1 and self.sudo()[field.name].id == value
        if isinstance(value, int) and value and not is_kept:
            self.env[field.comodel_name].browse(value).check_access("read")

    def _check_linked_files(self, field, value):
        """Refuse files that are neither the record's own nor the caller's new ones."""
        if field.type == "many2one":
            ids = [value.get("id") if isinstance(value, dict) else value]
        else:
            ids = []
            for item in value if isinstance(value, list | tuple) else ():
                if not isinstance(item, list | tuple):
                    ids.append(item)
                elif item and item[0] == Command.SET:
                    ids += item[2]
                else:
                    ids += item[1:2]
        ids = {i[0] if isinstance(i, list | tuple) and i else i for i in ids}
        # staff have no right on attachments; this stands for it
        own_ids = set(self.sudo()[field.name].ids) if self else set()
        files_sudo = self.env["ir.attachment"].sudo()
        for file_sudo in files_sudo.browse(
            [i for i in ids - own_ids if isinstance(i, int) and i]
        ).exists():
            lies_here = self and (file_sudo.res_model, file_sudo.res_id) == (
                self._name,
                self.id,
            )
            if not (lies_here or file_sudo._is_new_of(self.env.user)):
                file_sudo._refuse_foreign()

    @api.model
    def _get_sent_defaults(self):
        """Return the defaults that the caller's context sends, or that are kept."""
        # what is kept is read by everybody who makes a record
        kept = self.env["ir.default"]._get_model_defaults(self._name)
        sent = {
            name: self.env.context[f"default_{name}"]
            for name in self._fields
            if f"default_{name}" in self.env.context
        }
        return {**kept, **sent}
