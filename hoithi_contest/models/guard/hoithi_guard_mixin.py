from typing import NamedTuple

from odoo import SUPERUSER_ID, api, models, tools
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command

#: Key of the context that carries a token; the key alone opens nothing.
DOOR = "hoithi_door"
#: Key of the context in which a form tells what stood in the fields that it changes.
SEEN = "hoithi_seen"
#: Kinds of fields of which that is compared.
PLAIN = frozenset(
    [
        *("boolean", "integer", "float", "monetary", "char", "text", "html"),
        *("selection", "date", "datetime", "many2one"),
    ]
)
#: In a table of what is fixed: all fields of the model but those that stay open.
EVERYTHING = frozenset({"*"})


class Door(NamedTuple):
    """Token of a door that server code opened. Being an object, no RPC carries it.

    `model` is the one model that it opens; `target` is the state that it leads to, or
    nothing where no state changes.
    """

    model: str
    target: str | None = None


class Load(NamedTuple):
    """Token of a data load that Odoo itself makes; see `_is_data_load`."""


class HoithiGuardMixin(models.AbstractModel):
    """One guard for fields: who may set what, in `create`, `write` and all above them.

    A form, `web_save`, an import, lines of a parent, RPC and defaults of the context
    and of the user all end here. By itself a stored read-only field of the addon is
    set by the server alone; models declare what else is guarded, and what is fixed from
    when on. What comes back as it is (forms send what they read) is harmless; anything
    else is refused with the field's name. Server code passes through `_open_door`,
    never by `sudo()`.
    """

    _name = "hoithi.guard.mixin"
    _inherit = ["hoithi.text.mixin", "hoithi.name.order.mixin"]
    _description = "One guard for fields"

    #: Besides stored read-only fields: what the server alone sets.
    _server_fields: set[str] = set()
    #: What whoever makes a record gives it, for good.
    _given_fields: set[str] = set()
    #: Methods that take the next number of something; see `hoithi_turn`.
    _in_turn: tuple[str, ...] = ()
    #: External ids of the groups that may set a field, by its name.
    _role_fields: dict[str, tuple[str, ...]] = {}
    #: What takes no default but the field's own, as only its person gives it.
    _person_fields: set[str] = set()
    #: What is fixed from when on: names of fields by a flag of the record, that is a
    #: field which is true from then on. Rows of a record follow its flag by a related
    #: field. Each room adds its own, see `_get_fixed_table`.
    _fixed_fields: dict[str, set[str] | frozenset[str]] = {}
    #: What stays open where `EVERYTHING` is fixed.
    _open_fields: set[str] = set()
    #: What is fixed only where it is filled in.
    _late_fields: set[str] = set()
    #: Flags while which no row is made, deleted or moved to another record.
    _fixed_rows: tuple[str, ...] = ()
    #: Whether `sudo()` is bound as well. Where it isn't, a record's own methods settle
    #: under superuser rights what its people may not write any more.
    _fixed_binds_server = True
    #: Whether what is worked out by itself is a change of the record. Where its readers
    #: mustn't learn by the last change when others did their part, as gave a sheet, and
    #: whose hand it was, it isn't.
    _counts_worked_out = True

    # DECLARATION

    @api.model
    @tools.ormcache()
    def _get_server_fields(self):
        """Return the names of all fields that only the server sets, in order."""
        read_only = {
            name
            for name, field in self._fields.items()
            if field.store
            and field.readonly
            and name not in models.MAGIC_COLUMNS
            and "hoithi_contest" in field._modules
        }
        return tuple(sorted((read_only | self._server_fields) - self._given_fields))

    @api.model
    def _may_set(self, name):
        """Tell whether the caller may give `name` another value than it has.

        Asked without records, it tells of a record to be made.
        """
        if self._is_guard_open():
            return True
        if name in self._given_fields:
            return not self
        if name in self._get_server_fields():
            return False
        return self._has_role(name)

    @api.model
    def _has_role(self, name):
        groups = self._role_fields.get(name)
        return not groups or self.env.su or self.env.user.has_groups(",".join(groups))

    # FIXED

    @api.model
    def _get_declared(self, attribute):
        """Yield what the rooms declare under the name of a class attribute."""
        for cls in reversed(type(self).__mro__):
            if attribute in vars(cls):
                yield vars(cls)[attribute]

    @api.model
    @tools.ormcache()
    def _get_fixed_table(self):
        """Return what is fixed from when on: {flag: names of fields in order}."""
        kept_open = {*self._get_server_fields(), *self._given_fields, "state"}
        kept_open |= {n for names in self._get_declared("_open_fields") for n in names}
        whole = {
            name
            for name, field in self._fields.items()
            if field.store and "hoithi_contest" in field._modules
        }
        declared = [
            (flag, names)
            for table in self._get_declared("_fixed_fields")
            for flag, names in table.items()
        ]
        # what has a flag of its own goes by that
        named = {name for _flag, names in declared for name in names - EVERYTHING}
        table = {}
        for flag, names in declared:
            fixed = table.setdefault(flag, set())
            fixed |= names - EVERYTHING
            if names >= EVERYTHING:
                fixed |= whole - kept_open - named
        return {flag: tuple(sorted(names)) for flag, names in table.items()}

    @api.model
    @tools.ormcache()
    def _get_owner_fields(self):
        """Return the names of fields that tell whose row a record is."""
        owners, flags = set(), list(self._fixed_rows)
        while flags:
            for path in self.pool.field_depends[self._fields[flags.pop()]]:
                head = path.split(".")[0]
                if head not in owners and head != "state":
                    owners.add(head)
                    flags.append(head)
        return tuple(sorted(owners))

    def _refresh_flags(self, flags):
        """Forget what flags were: by the hour, or by what nothing tells them of."""
        for flag in flags:
            field = self._fields[flag]
            if not field.store and field.compute:
                self.invalidate_recordset([flag], flush=False)
            if field.related:
                *owner, source = field.related.split(".")
                owner = self.mapped(".".join(owner))
                if isinstance(owner, self.pool["hoithi.guard.mixin"]):
                    owner._refresh_flags([source])

    def _get_fixed_fields(self):
        """Return the names of fields that are fixed by now in one record."""
        self.ensure_one()
        self._refresh_flags(self._get_fixed_table())
        return {
            name
            for flag, names in self._get_fixed_table().items()
            if self[flag]
            for name in names
            if name not in self._late_fields or self[name]
        }

    def _is_fixed(self):
        """Tell whether a record is a row of what is fixed by now as a whole."""
        self.ensure_one()
        self._refresh_flags(self._fixed_rows)
        return any(self[flag] for flag in self._fixed_rows)

    def _get_fixed_hint(self):
        """Return what there is to do instead, to stand behind the refusal."""
        return ""

    def _refuse_fixed(self, names=()):
        self.ensure_one()
        if names:
            labels = self.fields_get(names, ["string"])
            message = self.env._(
                "“%(record)s” is too far on to change: %(fields)s.",
                record=self.display_name,
                fields=", ".join(sorted(label["string"] for label in labels.values())),
            )
        else:
            message = self.env._(
                "“%s” is part of what is fixed by now: nothing of it is added or "
                "deleted.",
                self.display_name,
            )
        raise UserError(" ".join(filter(None, [message, self._get_fixed_hint()])))

    # DOOR

    @api.model
    def _is_data_load(self):
        """Tell whether Odoo itself loads data, as demo data of a past contest.

        That is while the registry comes up, before it answers any request, or later
        where a system administrator has Odoo load its demo data (`ir.demo`).
        """
        return self.env.su and (
            not self.env.registry.ready or isinstance(self.env.context.get(DOOR), Load)
        )

    @api.model
    def _is_guard_open(self):
        """Tell whether the server itself writes.

        No request is ever made as OdooBot, so its environment is a cron's or a data
        load's; `sudo()` keeps the user, and opens nothing.
        """
        return (
            (self.env.su and self.env.uid == SUPERUSER_ID)
            or self._has_door()
            or self._is_data_load()
        )

    @api.model
    def _has_door(self):
        door = self.env.context.get(DOOR)
        return isinstance(door, Door) and door.model == self._name

    @api.model
    def _is_bound(self):
        """Tell whether what is fixed binds the caller."""
        return not self._is_guard_open() and (
            self._fixed_binds_server or not self.env.su
        )

    def _open_door(self):
        """Return these records where the server may set what it alone sets.

        For values that code worked out; those of a caller are checked before, by
        `_check_given`.
        """
        return self.with_context(**{DOOR: Door(self._name)})

    # ACCESS

    @api.model
    def _has_field_access(self, field, operation):
        return super()._has_field_access(field, operation) and (
            operation == "read" or self._may_set(field.name)
        )

    @api.model
    def _check_field_access(self, field, operation):
        if operation == "write" and not self._may_set(field.name):
            self._refuse_field(field)
        return super()._check_field_access(field, operation)

    @api.model
    def _refuse_field(self, field):
        label = field._description_string(self.env)
        if self._role_fields.get(field.name):
            message = self.env._(
                "Your role can't set “%(field)s”.",
                field=label,
            )
        else:
            message = self.env._(
                "“%(field)s” comes about by itself and can't be set by hand.",
                field=label,
            )
        raise AccessError(message)

    @api.model
    def _check_given(self, vals_list):
        """Return values of new records without what the caller may not set.

        What the caller proposes by defaults is among them, so that whoever looks at the
        values looks at all that is given.

        :raises AccessError: naming a field that is given a value of its own, in the
            values or as a default of the context
        """
        if self._is_guard_open():
            self._check_kinds(vals_list)
            return vals_list
        sent, guarded = self._get_sent_defaults(), self._get_guarded_defaults()
        if proposed := {name: sent[name] for name in set(sent) - guarded}:
            vals_list = [{**proposed, **vals} for vals in vals_list]
        self._check_kinds(vals_list)
        nobody = self.browse()
        defaults = {
            name: value
            for name in guarded
            # what a record takes from elsewhere may be another model's default
            if not self._fields[name].compute
            and (value := self.env.context.get(f"default_{name}"))
        }
        prepared = []
        for vals in vals_list:
            kept = {
                name: value
                for name, value in vals.items()
                if name not in self._fields or nobody._may_set(name)
            }
            given = {} if self.env.su else defaults
            given = given | {name: vals[name] for name in set(vals) - set(kept)}
            if any(
                value or self._fields[name].default for name, value in given.items()
            ):
                # what it would be by itself is no answer for whoever may make none
                may_make = nobody.has_access("create")
                # as the record will be by itself
                fresh_sudo = nobody.sudo().new(kept)
                for name, value in given.items():
                    if not may_make or fresh_sudo._is_other(name, value):
                        self._refuse_field(self._fields[name])
            prepared.append(kept)
        return prepared

    def _check_changed(self, vals):
        """Return `vals` without what the caller may not set and leaves as it is.

        :raises AccessError: naming a field that would change
        """
        self._check_kinds([vals])
        if self._is_guard_open():
            return vals
        kept = {}
        for name, value in vals.items():
            if name not in self._fields or self._may_set(name):
                kept[name] = value
            elif self._is_told_other(name, value):
                self._refuse_field(self._fields[name])
        if vals and not kept:
            # that it is what stands there is no answer for everybody
            self.check_access("write")
        if not self._get_fixed_table() or not self._is_bound():
            return kept
        # what is fixed goes by what its reader may not read
        for record_sudo in self.sudo():
            fixed = record_sudo._get_fixed_fields() & set(kept)
            record = record_sudo.sudo(self.env.su)
            other = [n for n in fixed if record._is_told_other(n, kept[n])]
            if other:
                record_sudo._refuse_fixed(other)
        return kept

    def _is_told_other(self, name, value):
        """Tell whether `value` isn't what the records hold, to who may know it.

        Whoever tries values until one is taken would learn what stands there: a value
        of what one may not read is another one, right or not.

        :raises AccessError: where the caller may not write the records
        """
        if self.env.su:
            return any(record._is_other(name, value) for record in self)
        # what stands there is compared before it is asked who asks, as that costs less
        if (
            not any(record._is_other(name, value) for record in self.sudo())
            and self._has_field_access(self._fields[name], "read")
            and not any(record._is_hidden(name) for record in self)
        ):
            return False
        self.check_access("write")
        return True

    def _is_hidden(self, name):
        """Hook: tell whether the caller doesn't read a field of the record."""
        return False

    def _is_other(self, name, value):
        """Tell whether `value` isn't what the record holds."""
        self.ensure_one()
        field = self._fields[name]
        if not value and not self[name]:
            return False
        if field.type in ("one2many", "many2many"):
            return self._is_other_set(name, value)
        return field.convert_to_cache(value, self) != field.convert_to_cache(
            self[name], self
        )

    def _is_other_set(self, name, value):
        """Tell whether commands or ids change a set of records, or one of these."""
        if isinstance(value, models.BaseModel):
            return value != self[name]
        present = set(self[name].ids)
        for item in value or ():
            command, *arguments = item if isinstance(item, list | tuple) else (4, item)
            if command == Command.UPDATE:
                changed = bool(arguments[1])
            elif command == Command.LINK:
                changed = arguments[0] not in present
            elif command == Command.SET:
                changed = set(arguments[1]) != present
            else:
                changed = command != Command.CLEAR or bool(present)
            if changed:
                return True
        return False

    # VIEWS

    @api.model
    def _get_readonly(self, name):
        """Return the expression by which views show a field as read-only."""
        flags = [f for f, names in self._get_fixed_table().items() if name in names]
        if name in self._late_fields:
            flags = [f"({flag} and {name})" for flag in flags]
        if name in self._given_fields:
            flags.append("id")
        return " or ".join(flags)

    # CRUD

    @api.model
    def _get_guarded_defaults(self):
        """Return names that take no default but the field's own.

        Everyone may send a context with defaults and keep defaults of one's own, and
        `sudo()` keeps the context of the caller, as an open door does: what passes it
        was looked at before.
        """
        if self._has_door() or (self.env.su and self.env.uid != SUPERUSER_ID):
            return set(self._fields)
        return {
            *self._get_server_fields(),
            *self._person_fields,
            *(name for name in self._role_fields if not self._has_role(name)),
        }

    @api.model
    def default_get(self, fields):
        if self._is_data_load():
            return super().default_get(fields)
        guarded = self._get_guarded_defaults() & set(fields)
        values = super().default_get([name for name in fields if name not in guarded])
        for name in guarded:
            field = self._fields[name]
            if field.default:
                own = field.convert_to_cache(field.default(self), self, validate=False)
                values[name] = field.convert_to_write(
                    field.convert_to_record(own, self), self
                )
        return values

    @api.model_create_multi
    def create(self, vals_list):
        if self._is_data_load():
            return super().create(vals_list)
        vals_list = self._check_given(vals_list)
        keys = {
            f"default_{name}"
            for name in self._get_guarded_defaults()
            # Odoo refuses these aloud, and no default is taken in any case
            if self.env.su or not self._fields[name].groups
        }
        context = {k: v for k, v in self.env.context.items() if k not in keys}
        asked = self.with_env(self.env(context=context))
        records = super(HoithiGuardMixin, asked).create(vals_list).with_env(self.env)
        records._check_not_fixed()
        return records

    def web_save(self, vals, specification, next_id=None):
        self._check_seen(vals)
        fresh = self.with_context(**{SEEN: None})
        return super(HoithiGuardMixin, fresh).web_save(vals, specification, next_id)

    def _check_seen(self, vals):
        """Refuse to overwrite what somebody else changed since the form was opened.

        Forms of the addon say what stood in each field that they change; two people who
        change different fields don't disturb each other.

        :raises UserError: naming the fields
        """
        seen = self.env.context.get(SEEN)
        if len(self) != 1 or not isinstance(seen, dict):
            return
        changed = [
            name
            for name in sorted(set(vals) & set(seen) & set(self._fields))
            if (field := self._fields[name]).type in PLAIN
            and field.store
            and self._has_field_access(field, "read")
            and self._is_seen_other(name, seen[name])
            # both have entered the same
            and self._is_seen_other(name, vals[name])
        ]
        if changed:
            labels = self.fields_get(changed, ["string"])
            raise UserError(
                self.env._(
                    "Somebody else changed “%(record)s” since you opened it: "
                    "%(fields)s. Yours is not saved. Note what you typed, load the "
                    "page anew and enter it again if it is still right.",
                    record=self.display_name,
                    fields=", ".join(labels[name]["string"] for name in changed),
                )
            )

    def _is_seen_other(self, name, value):
        """Tell whether a form's value isn't what the record holds."""
        try:
            return self._is_other(name, value)
        except (TypeError, ValueError, AttributeError):
            # what the field doesn't take is refused in words when it is written
            return False

    def write(self, vals):
        kept = self._check_changed(vals)
        if vals and not kept:
            return True
        is_moved = bool(set(self._get_owner_fields()) & set(kept))
        if is_moved:
            self.check_access("write")
            self._check_not_fixed()
        result = super().write(kept)
        if is_moved:
            self._check_not_fixed()
        return result

    def _write_multi(self, vals_list):
        if not self._counts_worked_out:
            worked_out = {
                name
                for name, field in self._fields.items()
                if field.store and field.compute
            }
            # whose hand it was before is no secret to the server
            vals_list = [
                {
                    "write_uid": record.write_uid.id or self.env.uid,
                    "write_date": record.write_date or self.env.cr.now(),
                    **vals,
                }
                if vals and worked_out >= set(vals)
                else vals
                for record, vals in zip(self.sudo(), vals_list, strict=True)
            ]
        return super()._write_multi(vals_list)

    def _update_field_translations(self, field_name, translations, *args, **kwargs):
        # Odoo stores these beside `write`
        self.check_access("write")
        if self._get_fixed_table() and self._is_bound():
            # as in `_check_changed`
            for record_sudo in self.sudo():
                if field_name in record_sudo._get_fixed_fields():
                    record_sudo._refuse_fixed([field_name])
        return super()._update_field_translations(
            field_name, translations, *args, **kwargs
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_guarded(self):
        self._check_not_fixed()

    def _check_not_fixed(self):
        """Refuse to make or delete rows of what is fixed.

        :raises UserError: saying what there is to do instead
        """
        if self._fixed_rows and self._is_bound():
            # whose row it is, is looked up for whoever may not read it
            for record_sudo in self.sudo():
                if record_sudo._is_fixed():
                    record_sudo._refuse_fixed()

    def copy_data(self, default=None):
        # a copy is the caller's: neither facts nor what another person gave or another
        # role set go along
        given = set(default or ())
        own = {
            *self._get_server_fields(),
            *(self._person_fields - given),
            *(name for name in self._role_fields if not self._has_role(name)),
        }
        if self._is_guard_open():
            own -= given
        return [
            {name: value for name, value in vals.items() if name not in own}
            for vals in super().copy_data(default)
        ]
