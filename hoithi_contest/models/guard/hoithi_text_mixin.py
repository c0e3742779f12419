import math
from datetime import date

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...lib.guard import plain_text

#: How the texts of each type of field are cleaned.
_CLEANERS = {
    "char": plain_text.clean_line,
    "text": plain_text.clean,
    "html": plain_text.clean,
}
#: Beyond any amount of money and any count here; the database holds no larger count.
_MOST = {"integer": 2**31 - 1, "float": 1e15, "monetary": 1e15}
#: A year outside is a slip of the finger.
YEARS = range(1900, 2101)


class HoithiTextMixin(models.AbstractModel):
    """Takes out of texts at the door what breaks files, or hides from readers.

    Whichever way a text comes (portal, form, import, RPC, a context's default), what is
    stored can be written into every Word file and workbook. What isn't of the kind that
    a field takes is refused in words.
    """

    _name = "hoithi.text.mixin"
    _description = "Clean Texts"

    # CRUD

    @api.model
    def _prepare_create_values(self, vals_list):
        # after the defaults have come in, which a context may bring
        vals_list = super()._prepare_create_values(vals_list)
        self._check_kinds(vals_list)
        return [self._clean_texts(vals) for vals in vals_list]

    def write(self, vals):
        self._check_kinds([vals])
        return super().write(self._clean_texts(vals))

    def _update_field_translations(self, field_name, translations, *args, **kwargs):
        return super()._update_field_translations(
            field_name,
            {
                lang: self._clean_text(field_name, text)
                for lang, text in translations.items()
            },
            *args,
            **kwargs,
        )

    # BUSINESS

    @api.model
    def _check_kinds(self, vals_list):
        """Refuse values that aren't of the kind that their fields take.

        Odoo converts what it can, stumbles over the rest, and doesn't look at choices
        that a method lists.

        :raises UserError: naming the field
        """
        for vals in vals_list:
            for name, value in vals.items():
                field = self._fields.get(name)
                is_empty = field is None or value in (None, False)
                if not is_empty and not self._is_of_kind(field, value):
                    raise UserError(
                        self.env._(
                            "“%(field)s” can't take the value %(value)s.",
                            field=field._description_string(self.env),
                            value=str(value)[:80],
                        )
                    )

    @api.model
    def _is_of_kind(self, field, value):
        if field.type in _CLEANERS:
            return not isinstance(value, (bool, list, tuple, dict, set, bytes))
        if field.type == "selection":
            return value in field.get_values(self.env)
        if field.type in _MOST:
            return self._is_number(field, value)
        if field.type == "many2one":
            return not isinstance(value, (bool, str, float, dict)) and value not in (
                (),
                [],
            )
        if field.type in ("one2many", "many2many"):
            return isinstance(value, models.BaseModel) or (
                isinstance(value, (list, tuple)) and all(map(_is_command, value))
            )
        if field.type in ("date", "datetime"):
            return self._is_day(field, value)
        return True

    @api.model
    def _is_number(self, field, value):
        try:
            number = float(value)
        except (TypeError, ValueError):
            return False
        return math.isfinite(number) and abs(number) <= _MOST[field.type]

    @api.model
    def _is_day(self, field, value):
        if not isinstance(value, (str, date)):
            return False
        try:
            day = fields.Datetime.to_datetime(value)
        except ValueError:
            # deadlines are read, and refused, on the contest's clock
            return True
        return day.year in YEARS

    @api.model
    def _clean_texts(self, vals):
        return {name: self._clean_text(name, value) for name, value in vals.items()}

    @api.model
    def _clean_text(self, name, value):
        if not isinstance(value, str) or name not in self._fields:
            return value
        cleaner = _CLEANERS.get(self._fields[name].type)
        return cleaner(value) if cleaner else value


def _is_command(command):
    """Tell whether Odoo knows the command of a list of records, or it is an id."""
    if not isinstance(command, (list, tuple)):
        return not isinstance(command, (bool, str, float, dict))
    code = command[0] if command else None
    if isinstance(code, bool) or not isinstance(code, int):
        return False
    if code in (0, 1):
        return len(command) == 3 and isinstance(command[2], dict)
    if code == 6:
        return len(command) == 3 and isinstance(command[2], (list, tuple))
    return code in (2, 3, 4, 5) and (code == 5 or len(command) > 1)
