from typing import NamedTuple

from odoo import api, models
from odoo.tools import SQL

from ..guard.hoithi_states import RUNNING

#: What tells how an entry stands with the council.
STANDING = frozenset(
    {
        "review_count",
        "review_done_count",
        "average_score",
        "score_spread",
        "needs_adjudication",
        "rank",
        "rank_override",
        "rank_override_reason",
        "above_cutoff",
        "is_first_below_cutoff",
    }
)
#: Key of the context that carries the token below; the key alone tells nothing.
FETCHING = "hoithi_fetching"


class Fetching(NamedTuple):
    """Token of reading a row into the cache, which superuser rights share.

    Being an object, no RPC carries it.
    """


class HoithiEntry(models.Model):
    """Nobody learns how the own entry stands while its contest runs.

    Secretaries and leaders are authors too, and read their own entries as all staff do:
    what they say and what became of them, never the scores, the place, or how many
    sheets are in. What leaves by a field's name, as by `read`, an export or a form, is
    blank there, and what is asked of the database finds and sums up nothing of it.
    """

    _inherit = "hoithi.entry"

    def __getitem__(self, key):
        if (
            isinstance(key, str)
            and key in STANDING
            and not self.env.su
            and len(self) == 1
            and self._is_standing_hidden()
        ):
            return self._fields[key].convert_to_record(
                self._fields[key].convert_to_cache(False, self), self
            )
        return super().__getitem__(key)

    def _field_to_sql(self, alias, field_expr, query=None):
        sql = super()._field_to_sql(alias, field_expr, query)
        if (
            field_expr not in STANDING
            or self.env.su
            or isinstance(self.env.context.get(FETCHING), Fetching)
        ):
            return sql
        hidden_ids = self._get_hidden_standing_ids()
        if not hidden_ids:
            return sql
        return SQL(
            "CASE WHEN %s IN %s THEN NULL ELSE %s END",
            SQL.identifier(alias, "id"),
            hidden_ids,
            sql,
        )

    def _fetch_query(self, query, fields):
        # the cache holds what stands there, as server code goes by it
        fetching = self.with_context(**{FETCHING: Fetching()})
        return (
            super(HoithiEntry, fetching)._fetch_query(query, fields).with_env(self.env)
        )

    def _is_standing_hidden(self):
        """Tell whether the entry is the caller's own and its contest isn't over."""
        self.ensure_one()
        # also where an author may not read the contest any more
        entry_sudo = self._origin.sudo()
        return entry_sudo.contest_id.state in RUNNING and (
            self.env.user.partner_id in entry_sudo.author_ids.partner_id
        )

    @api.model
    def _get_hidden_standing_ids(self):
        """Return the ids of the caller's own entries in contests that run."""
        self.env["hoithi.entry.author"].flush_model(["entry_id", "partner_id"])
        self.env["hoithi.contest"].flush_model(["state"])
        self.env["hoithi.entry"].flush_model(["contest_id"])
        rows = self.env.execute_query(
            SQL(
                "SELECT a.entry_id FROM hoithi_entry_author a"
                " JOIN hoithi_entry e ON e.id = a.entry_id"
                " JOIN hoithi_contest c ON c.id = e.contest_id"
                " WHERE a.partner_id = %s AND c.state IN %s",
                self.env.user.partner_id.id,
                RUNNING,
            )
        )
        return tuple({entry_id for (entry_id,) in rows})
