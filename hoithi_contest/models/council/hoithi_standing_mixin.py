from typing import NamedTuple

from odoo import api, models
from odoo.tools import SQL

from ..guard.hoithi_states import RUNNING

#: Key of the context that carries the token below; the key alone tells nothing.
FETCHING = "hoithi_fetching"
#: The same for the token of what is hidden.
HIDDEN = "hoithi_hidden_standing"


class Fetching(NamedTuple):
    """Token of reading a row into the cache, which superuser rights share.

    Being an object, no RPC carries it.
    """


class Hidden(NamedTuple):
    """Token of what is hidden from a user while rows are read: asked once for all.

    Being an object, no RPC carries it.
    """

    model: str
    uid: int
    ids: tuple[int, ...]


class HoithiStandingMixin(models.AbstractModel):
    """Nobody learns how the own entry stands while its contest runs.

    Secretaries and leaders are authors too. What tells how an entry stands leaves blank
    by a field's name, as by `read`, an export or a form, and what is asked of the
    database finds and sums up nothing of it. A model whose rows tell nothing else hides
    them by a record rule instead.
    """

    _name = "hoithi.standing.mixin"
    _inherit = ["hoithi.guard.mixin"]
    _description = "How an entry stands"

    #: What tells it.
    _standing_fields: frozenset[str] = frozenset()
    #: The column that says of which entry.
    _standing_entry = "entry_id"

    def __getitem__(self, key):
        if isinstance(key, str) and len(self) == 1 and self._is_hidden(key):
            return self._fields[key].convert_to_record(
                self._fields[key].convert_to_cache(False, self), self
            )
        return super().__getitem__(key)

    def _field_to_sql(self, alias, field_expr, query=None):
        sql = super()._field_to_sql(alias, field_expr, query)
        if (
            field_expr not in self._standing_fields
            or self.env.su
            or isinstance(self.env.context.get(FETCHING), Fetching)
        ):
            return sql
        known = self._get_known_hidden()
        hidden_ids = known.ids if known else self._get_hidden_standing_ids()
        if not hidden_ids:
            return sql
        return SQL(
            "CASE WHEN %s IN %s THEN NULL ELSE %s END",
            SQL.identifier(alias, self._standing_entry),
            hidden_ids,
            sql,
        )

    def _fetch_query(self, query, fields):
        # the cache holds what stands there, as server code goes by it
        fetching = self.with_context(**{FETCHING: Fetching()})
        return (
            super(HoithiStandingMixin, fetching)
            ._fetch_query(query, fields)
            .with_env(self.env)
        )

    @api.model
    @api.readonly
    def web_search_read(
        self, domain, specification, offset=0, limit=None, order=None, count_limit=None
    ):
        """Search and read a page of rows, asking once what is hidden of them.

        :param domain: which rows
        :param specification: the fields to read, as of `web_read`
        :param offset: as of Odoo's own, with `limit`, `order` and `count_limit`
        """
        rows = self._with_hidden(specification)
        return super(HoithiStandingMixin, rows).web_search_read(
            domain, specification, offset, limit, order, count_limit
        )

    def _read_format(self, fnames, load="_classic_read"):
        rows = self._with_hidden(fnames)
        return super(HoithiStandingMixin, rows)._read_format(fnames, load)

    def _export_rows(self, fields, *, _is_toplevel_call=True):
        rows = self._with_hidden(path[0] for path in fields if path)
        return super(HoithiStandingMixin, rows)._export_rows(
            fields, _is_toplevel_call=_is_toplevel_call
        )

    def _with_hidden(self, names):
        """Return these rows knowing what is hidden of them, where fields need it."""
        if self.env.su or self._standing_fields.isdisjoint(names):
            return self
        if self._get_known_hidden():
            return self
        known = Hidden(self._name, self.env.uid, self._get_hidden_standing_ids())
        return self.with_context(**{HIDDEN: known})

    def _is_hidden(self, name):
        return (
            name in self._standing_fields
            and not self.env.su
            and self._is_standing_hidden()
        )

    def _is_standing_hidden(self):
        """Tell whether the caller mustn't know how the entry of the record stands."""
        self.ensure_one()
        # whether it is the caller's own isn't asked of what the caller may read
        origin_sudo = self._origin.sudo()
        if self._standing_entry != "id":
            origin_sudo = origin_sudo[self._standing_entry]
        known = self._get_known_hidden()
        ids = known.ids if known else self._get_hidden_standing_ids()
        return origin_sudo.id in ids

    @api.model
    def _get_known_hidden(self):
        """Return the token of what is hidden from the caller, where it was asked."""
        known = self.env.context.get(HIDDEN)
        if isinstance(known, Hidden) and known[:2] == (self._name, self.env.uid):
            return known
        return None

    @api.model
    def _get_hidden_standing_ids(self):
        """Return the ids of entries of which the caller mustn't know how they stand.

        Of contests that run, these are the caller's own, and those that a conflict
        keeps from the caller.
        """
        return (
            *self._get_own_running_ids(),
            *self._get_conflicting_running_ids(),
        )

    @api.model
    def _get_own_running_ids(self):
        """Return the ids of the caller's own entries in contests that run.

        By whichever login HR and entries know the caller.
        """
        self.env["hoithi.entry.author"].flush_model(
            ["entry_id", "partner_id", "employee_id"]
        )
        self.env["hr.employee"].flush_model(["user_id"])
        self.env["hoithi.contest"].flush_model(["state"])
        self.env["hoithi.entry"].flush_model(["contest_id"])
        rows = self.env.execute_query(
            SQL(
                "SELECT DISTINCT a.entry_id FROM hoithi_entry_author a"
                " JOIN hoithi_entry e ON e.id = a.entry_id"
                " JOIN hoithi_contest c ON c.id = e.contest_id"
                " WHERE c.state IN %s AND (a.partner_id = %s OR a.employee_id IN"
                " (SELECT id FROM hr_employee WHERE user_id = %s))",
                RUNNING,
                self.env.user.partner_id.id,
                self.env.uid,
            )
        )
        return tuple(entry_id for (entry_id,) in rows)

    @api.model
    def _get_conflicting_running_ids(self):
        """Return the ids of entries in contests that run which a conflict hides."""
        # nobody in a conflict reads whether it has been decided
        conflicts_sudo = self.env["hoithi.conflict"].sudo()
        return tuple(
            conflicts_sudo.search(
                [
                    ("member_id", "any", [("user_id", "=", self.env.uid)]),
                    ("hard", "=", True),
                    ("contest_id.state", "in", RUNNING),
                    "|",
                    ("state", "=", "standing"),
                    ("member_id.role", "!=", "secretary"),
                ]
            ).entry_id.ids
        )
