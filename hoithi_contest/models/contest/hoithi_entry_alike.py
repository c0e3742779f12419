from odoo import api, models
from odoo.fields import Domain

from .hoithi_alike_mixin import MOST


class HoithiEntry(models.Model):
    """What an author is told, while typing a title, of others that are much alike.

    Own entries, solutions of earlier editions from before this system, which were
    decided on in public, and what everybody may read anyhow; never whose they are. Of
    what others have entered here and nothing is published of, not even that it is
    there: whoever could try titles until one is found alike would learn what a blind
    contest doesn't tell. The secretary sees these at the screening (`similar_ids`).
    """

    _inherit = "hoithi.entry"

    @api.model
    def _get_tellable_domain(self):
        """Hook: return which entries' titles the caller may be told of."""
        return self._get_own_domain()

    @api.model
    def _find_alike(self, contest, title, entry=None):
        """Return what has a title much like `title`: entries first, the likest first.

        :param contest: the contest that the caller registers for
        :param title: what was typed
        :param entry: the entry that it is to be the title of, which isn't told
        :return: dictionaries ``{title, contest, field, path, is_own, won}``; `won` is
            what it has won, where that is told
        """
        key = self._get_title_key(title)
        if not key:
            return []
        # a department's threshold is nobody's secret
        company_sudo = contest.company_id.sudo()
        likeness = company_sudo.hoithi_novelty_title
        domain = Domain("company_id", "=", company_sudo.id)
        past_domain = domain
        domain &= self._get_tellable_domain()
        if entry:
            domain &= Domain("id", "!=", entry.id)
        # titles of results are everybody's to read, their entries not
        found_sudo = self.sudo()._search_alike(key, domain, likeness)
        # which of them are the caller's own
        mine = self.search([("id", "in", found_sudo.ids)]).filtered(
            lambda own: own._get_own_lines()
        )
        told = [
            {
                "title": entry_sudo.name,
                "contest": entry_sudo.contest_id.name,
                "field": entry_sudo.field_id.display_name or "",
                "path": entry_sudo._get_portal_path()
                if entry_sudo in mine
                else entry_sudo._get_told_path(),
                "is_own": entry_sudo in mine,
                "won": _write_wins(entry_sudo),
            }
            for entry_sudo in found_sudo
        ]
        # of past solutions, which staff don't read, title and edition are told alone
        past_sudo = self.env["hoithi.past.solution"].sudo()
        told += [
            {
                "title": solution_sudo.name,
                "contest": solution_sudo.edition,
                "field": solution_sudo.field_name or "",
                "path": "",
                "is_own": False,
                "won": _write_wins(solution_sudo),
            }
            for solution_sudo in past_sudo._search_alike(key, past_domain, likeness)
        ]
        return told[:MOST]

    def _get_told_path(self):
        """Hook: return where everybody may read of the entry; nowhere here."""
        return ""


def _write_wins(solution):
    return ", ".join(win.name for win in solution._get_wins())
