from collections import Counter

from odoo import models
from odoo.exceptions import UserError

from ...lib.council import ranking
from ...lib.guard.texts import fold
from .hoithi_entry_prizes import Winner


class HoithiPrize(models.Model):
    """Who wins a prize that doesn't go by place: persons, units, women's solutions."""

    _inherit = "hoithi.prize"

    def _find_winners(self, kind, entries, competing, winners):
        """Return the winners of this prize by the rule of its kind.

        :param kind: of the prize
        :param entries: all the decidable entries of the contest
        :param competing: those that it is open to, best first
        :param winners: of prizes before; of two alike, nobody wins both
        :return: list of `Winner`
        :raises UserError: where more are equal than there are prizes
        """
        self.ensure_one()
        if self.field_id:
            entries = entries.filtered(lambda entry: entry.field_id == self.field_id)
            competing &= entries
        before = [
            winner
            for winner in winners
            if (winner.prize.rank, winner.prize.field_id) == (self.rank, self.field_id)
        ]
        find = getattr(self, f"_find_{kind.rule}_winners")
        return find(entries, competing, before, winners)

    def _find_women_winners(self, entries, competing, before, winners):
        competing -= entries.browse().union(*(winner.entry for winner in before))
        fitting = competing.filtered(lambda entry: entry._is_of_women())
        given = entries._allocate_ladder(
            fitting, [self._to_ladder(fitting)], self._get_across()
        )
        return [self._make_winner(entry=entry) for entry in given]

    def _find_youngest_winners(self, entries, competing, before, winners):
        return self._find_by_age(competing, before, 1)

    def _find_oldest_winners(self, entries, competing, before, winners):
        return self._find_by_age(competing, before, -1)

    def _find_by_age(self, competing, before, sign):
        """Return the youngest or the oldest authors of the entries that reach enough.

        Who gave no date of birth isn't compared; of several entries of one person the
        best counts.

        :param sign: 1 for the youngest
        """
        reaching = self._to_ladder(competing).open_to
        authors = competing.filtered(
            lambda entry: (
                entry._get_comparable(entry.average_score, self._get_across())
                >= self.min_score
                and (reaching is None or entry in reaching)
            )
        )._get_authors()
        known = [winner.author for winner in before]
        given = self._get_foremost(
            {
                author: sign * author.birth_date.toordinal()
                for author in self._get_persons(authors.filtered("birth_date"), known)
            }
        )
        return [
            self._make_winner(entry=author.entry_id, author=author) for author in given
        ]

    def _get_persons(self, authors, known):
        """Return of authors the first line of each person, none of those in `known`."""

        def get_keys(author):
            born = (fold(author.full_name), author.birth_date)
            return author._get_person_keys() | {born}

        seen, persons = set().union(*map(get_keys, known)), []
        for author in authors:
            keys = get_keys(author)
            if not keys & seen:
                persons.append(author)
            seen |= keys
        return persons

    def _find_entries_winners(self, entries, competing, before, winners):
        return self._find_units(entries._get_by_unit(), before)

    def _find_wins_winners(self, entries, competing, before, winners):
        """Return the units whose solutions won most prizes by their places."""
        won = entries.browse().union(
            *(
                winner.entry
                for winner in winners
                if winner.prize._get_kind().rule == "place"
            )
        )
        return self._find_units((won & entries)._get_by_unit(), before)

    def _find_units(self, numbers, before):
        """Return the foremost units, none of those that won a prize alike before.

        :param numbers: {unit: number}
        """
        known = [winner.department for winner in before]
        given = self._get_foremost(
            {unit: number for unit, number in numbers.items() if unit not in known}
        )
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

    # BY HAND

    def _find_chosen(self, awards):
        """Return of which of these prizes awards are that the council chose.

        :return: {award: the prize, or none}: first what it has and what isn't given
            yet, and what is for the field of the solution
        """
        counts = Counter(
            dict(
                self.env["hoithi.award"]._read_group(
                    [("prize_id", "in", self.ids), ("id", "not in", awards.ids)],
                    ["prize_id"],
                    ["__count"],
                )
            )
        )
        found = {}
        for award in awards:
            fitting = self.filtered(lambda prize, award=award: prize._is_for(award))
            order = fitting.sorted(
                lambda prize, award=award: (
                    0 < prize.slots <= counts[prize],
                    prize != award.prize_id,
                    not prize.field_id,
                )
            )
            found[award] = order[:1]
            counts[order[:1]] += 1
        return found

    def _is_for(self, award):
        """Tell whether an award is of the kind, and of the field, of this prize."""
        self.ensure_one()
        entry = award.entry_id
        return (self.contest_id, self.rank) == (award.contest_id, award.rank) and (
            not self.field_id or not entry or self.field_id == entry.field_id
        )
