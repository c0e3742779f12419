from odoo import models
from odoo.exceptions import UserError

from ...lib.council import ranking
from .hoithi_entry_prizes import Winner


class HoithiPrize(models.Model):
    """Who wins a prize that doesn't go by place: persons, units, women's solutions."""

    _inherit = "hoithi.prize"

    def _find_winners(self, kind, entries, competing):
        """Return the winners of this prize by the rule of its kind.

        :param kind: of the prize
        :param entries: all the decidable entries of the contest
        :param competing: those that fail no rule of merit, best first
        :return: list of `Winner`
        :raises UserError: where more are equal than there are prizes
        """
        self.ensure_one()
        if self.field_id:
            entries = entries.filtered(lambda entry: entry.field_id == self.field_id)
            competing &= entries
        return getattr(self, f"_find_{kind.rule}_winners")(entries, competing)

    def _find_women_winners(self, entries, competing):
        fitting = competing.filtered(lambda entry: entry._is_of_women())
        given = entries._allocate_ladder(fitting, [self._to_ladder(fitting)])
        return [self._make_winner(entry=entry) for entry in given]

    def _find_youngest_winners(self, entries, competing):
        return self._find_by_age(competing, 1)

    def _find_oldest_winners(self, entries, competing):
        return self._find_by_age(competing, -1)

    def _find_by_age(self, competing, sign):
        """Return the youngest or the oldest authors of the entries that reach enough.

        Who gave no date of birth isn't compared.

        :param sign: 1 for the youngest
        """
        reaching = self._to_ladder(competing).open_to
        authors = competing.filtered(
            lambda entry: (
                entry._get_comparable(entry.average_score) >= self.min_score
                and (reaching is None or entry in reaching)
            )
        )._get_authors()
        given = self._get_foremost(
            {
                author: sign * author.birth_date.toordinal()
                for author in authors
                if author.birth_date
            }
        )
        return [
            self._make_winner(entry=author.entry_id, author=author) for author in given
        ]

    def _find_entries_winners(self, entries, competing):
        given = self._get_foremost(entries._get_by_unit())
        return [self._make_winner(department=unit) for unit in given]

    def _get_foremost(self, values):
        try:
            return ranking.get_foremost(values, self.slots, self)
        except ranking.UnresolvedTie as tie:
            raise UserError(
                self.env._(
                    "For “%(prize)s” %(number)s are equal, and there are fewer prizes: "
                    "reopen the rules for another number of prizes, or record the "
                    "award by hand under a kind that the council chooses by.",
                    prize=self.display_name,
                    number=len(tie.keys),
                )
            ) from tie

    def _make_winner(self, entry=None, author=None, department=None):
        return Winner(
            self,
            entry or self.env["hoithi.entry"],
            author or self.env["hoithi.entry.author"],
            department or self.env["hr.department"],
        )
