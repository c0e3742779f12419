from odoo import api, models

from .hoithi_guard_mixin import PLAIN


class HoithiGuardMixin(models.AbstractModel):
    """A form is believed only what its user may set.

    All else is the record's own, lest a state that isn't there open what it would open.
    """

    _inherit = "hoithi.guard.mixin"

    def _hear(self, values):
        self._check_linked(values)
        # what is fixed goes by what its reader may not read
        fixed = self.sudo()._get_fixed_fields() if self and self._is_bound() else ()
        heard, computed = {}, []
        for name, value in values.items():
            field = self._fields.get(name)
            if field is None or (self._is_believed(name) and name not in fixed):
                heard[name] = self._hear_value(field, value)
            elif field.type == "many2one" and isinstance(value, dict):
                # the form of a line sends what its parent's form holds
                if self and self.sudo()[name].id == value.get("id"):
                    heard[name] = self._hear_value(field, value)
            elif (
                field.compute
                and field.type in PLAIN
                and self._has_field_access(field, "read")
            ):
                computed.append(name)
        if self and computed:
            heard |= self._work_out(heard, computed)
        return heard

    @api.model
    def _is_believed(self, name):
        if name == "id" or name not in self._fields:
            return True
        if self._fields[name].readonly and name not in self._given_fields:
            return False
        return self._may_set(name)

    def _work_out(self, heard, names):
        """Return what computed fields are by what is believed.

        They may be what other fields that aren't saved either are computed from.
        """
        self.env.flush_all()
        draft = self.new(heard, origin=self)
        values = {
            name: self._fields[name].convert_to_write(draft[name], draft)
            for name in names
        }
        # the record in memory that Odoo makes shares the cache with this one
        self.env.invalidate_all(flush=False)
        return values
