from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...lib.contest import similarity

#: How many titles are told of at a time.
MOST = 3
#: Letters below which a title says too little to be like another.
LEAST_LETTERS = 8


class HoithiEntry(models.Model):
    """What an author is told, while typing a title, of others that are much alike.

    Own entries, and what everybody may read anyhow. Of what others have entered and
    nothing is published of, not even that it is there: whoever could try titles until
    one is found alike would learn what a blind contest doesn't tell. The secretary sees
    these at the screening (`similar_ids`).
    """

    _inherit = "hoithi.entry"

    @api.model
    def _get_tellable_domain(self):
        """Hook: return which entries' titles the caller may be told of."""
        return Domain("author_ids.partner_id", "=", self.env.user.partner_id.id)

    @api.model
    def _find_alike(self, contest, title, entry=None):
        """Return entries whose title is much like `title`, the likest first.

        :param contest: the contest that the caller registers for
        :param title: what was typed
        :param entry: the entry that it is to be the title of, which isn't told
        :return: dictionaries ``{title, contest, field, path, is_own}``
        """
        key = similarity.normalize_title(title)
        if len(key.replace(" ", "")) < LEAST_LETTERS:
            return []
        domain = Domain("company_id", "=", contest.company_id.id)
        domain &= self._get_tellable_domain()
        if entry:
            domain &= Domain("id", "!=", entry.id)
        # titles of results are everybody's to read, their entries not
        found_sudo = self.sudo()._search_alike(key, domain)
        # which of them are the caller's own
        mine = self.search([("id", "in", found_sudo.ids)]).filtered(
            lambda own: own._get_own_lines()
        )
        return [
            {
                "title": entry_sudo.name,
                "contest": entry_sudo.contest_id.name,
                "field": entry_sudo.field_id.display_name or "",
                "path": entry_sudo._get_portal_path()
                if entry_sudo in mine
                else entry_sudo._get_told_path(),
                "is_own": entry_sudo in mine,
            }
            for entry_sudo in found_sudo
        ]

    def _get_told_path(self):
        """Hook: return where everybody may read of the entry; nowhere here."""
        return ""

    def _search_alike(self, key, domain):
        """Return the few entries of `domain` whose titles are likest to a key.

        PostgreSQL finds them by its index, where it has the extension pg_trgm.
        """
        if not self.env.registry.has_trigram:
            found = [
                (-similarity.similarity(entry.title_key, key), -entry.id, entry)
                for entry in self.search_fetch(domain, ["title_key"])
            ]
            near = sorted(row for row in found if -row[0] >= similarity.ALIKE)
            return self.browse(entry.id for _far, _id, entry in near[:MOST])
        self.env.cr.execute(
            "SELECT set_config('pg_trgm.similarity_threshold', %s, true)",
            [str(similarity.ALIKE)],
        )
        query = self._search(domain, limit=MOST)
        unaccent = self.env.registry.unaccent
        title_key = unaccent(self._field_to_sql(query.table, "title_key", query))
        typed = unaccent(SQL("%s", key))
        query.add_where(SQL("%s %% %s", title_key, typed))
        query.order = SQL(
            "similarity(%s, %s) DESC, %s DESC",
            title_key,
            typed,
            SQL.identifier(query.table, "id"),
        )
        return self.browse(query.get_result_ids())
