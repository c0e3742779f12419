import math
from datetime import date

from odoo import api, fields, models, tools
from odoo.exceptions import UserError

from ...lib.guard import plain_text
from ...lib.guard.numerals import MOST_ID
from ...tools import format_number

#: How the texts of each type of field are cleaned.
_CLEANERS = {
    "char": plain_text.clean_line,
    "text": plain_text.clean,
    "html": plain_text.clean,
}
#: Beyond any amount of money and any count here; the database holds no larger count.
_MOST = {
    "integer": MOST_ID,
    "many2one_reference": MOST_ID,
    "float": 1e15,
    "monetary": 1e15,
}
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

    #: What a number may be at least and at most, where sense ends before the database.
    #: None where a constraint says it.
    _number_ranges: dict[str, tuple[float | None, float]] = {}
    #: Links that the model judges by itself, in the same words for what isn't there:
    #: a refusal tells nobody which ids exist.
    _judged_fields: set[str] = set()

    # CRUD

    @api.model
    def _prepare_create_values(self, vals_list):
        # fields may be computed of what is given
        self._check_kinds(vals_list)
        given = [set(vals) for vals in vals_list]
        # defaults come in, which a context may bring
        vals_list = super()._prepare_create_values(vals_list)
        self._check_kinds(
            [
                {name: value for name, value in vals.items() if name not in names}
                for vals, names in zip(vals_list, given, strict=True)
            ]
        )
        return [self._clean_texts(vals) for vals in vals_list]

    def write(self, vals):
        self._check_kinds([vals])
        return super().write(self._clean_texts(vals))

    def ensure_one(self):
        """Return the record, where it is one.

        :raises UserError: in words, as any method may be called on none or many, and
            by the name of a mixin, which has no records
        """
        if len(self) != 1 or self._abstract:
            raise UserError(self.env._("Choose one record for this."))
        return super().ensure_one()

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
        named, labels, ranges = {}, {}, self._get_number_ranges()
        for vals in vals_list:
            for name, value in vals.items():
                field = self._fields.get(name)
                if field is None or value is None or value is False:
                    continue
                # once for a batch of thousands
                label = labels.get(name)
                if label is None:
                    label = labels[name] = field._description_string(self.env)
                if not self._is_of_kind(field, value):
                    raise UserError(
                        self.env._(
                            "“%(field)s” can't take the value %(value)s.",
                            field=label,
                            value=str(value)[:80],
                        )
                    )
                if name in ranges:
                    self._refuse_beyond(name, value, label)
                if name in self._judged_fields or not field.relational:
                    continue
                if ids := _get_named_ids(value):
                    named.setdefault((field.comodel_name, label), set()).update(ids)
        # what server code names is there
        if not self.env.su:
            self._refuse_missing(named)

    @api.model
    @tools.ormcache()
    def _get_number_ranges(self):
        """Return the ranges of all numbers, as the rooms of a model declare them."""
        ranges = {}
        for room in reversed(type(self).mro()):
            ranges |= vars(room).get("_number_ranges") or {}
        return ranges

    @api.model
    def _refuse_beyond(self, name, value, label):
        low, high = self._get_number_ranges().get(name, (None, None))
        if high is not None and float(value) > high:
            raise UserError(
                self.env._(
                    "“%(field)s” is at most %(number)s.",
                    field=label,
                    number=format_number(self.env, high),
                )
            )
        if low is not None and float(value) < low:
            raise UserError(
                self.env._(
                    "“%(field)s” is at least %(number)s.",
                    field=label,
                    number=format_number(self.env, low),
                )
            )

    @api.model
    def _refuse_missing(self, named):
        """Refuse what isn't there, before the database does in its own words.

        :param named: {(model, label of the field): ids}
        """
        for (model, label), ids in named.items():
            records = self.env[model].browse(ids)
            missing = max(ids) > MOST_ID or min(ids) < 1
            # whose a file is, its owner asks
            if not missing and model != "ir.attachment":
                missing = records.exists() != records
            if missing:
                raise UserError(
                    self.env._(
                        "What “%s” names isn't there, or not any more: choose again.",
                        label,
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
            # a new record would hand a list on to the database
            return not isinstance(value, (bool, str, float, dict, list)) and value != ()
        if field.type in ("one2many", "many2many"):
            return isinstance(value, models.BaseModel) or (
                isinstance(value, (list, tuple)) and all(map(_is_command, value))
            )
        if field.type in ("date", "datetime"):
            return self._is_day(field, value)
        return field.type != "binary" or isinstance(value, (str, bytes))

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
            return type(field) not in (fields.Date, fields.Datetime)
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


def _get_named_ids(value):
    """Return the ids that a value names of existing records, of one or of many."""
    if isinstance(value, int):
        return {value}
    if not isinstance(value, (list, tuple)):
        return set()
    ids = set()
    for command in value:
        if isinstance(command, int):
            ids.add(command)
        elif isinstance(command, (list, tuple)) and command:
            if command[0] == 4:
                ids.add(command[1])
            elif command[0] == 6:
                ids.update(command[2])
    return {key for key in ids if isinstance(key, int)}
