from odoo import models
from odoo.exceptions import UserError

from ...lib.council import ranking
from ..guard.hoithi_states import RANKABLE


class HoithiEntry(models.Model):
    """Which entries compete for the prizes of their contest, and which gets what."""

    _inherit = "hoithi.entry"

    def _get_unvoted(self):
        """Return those that no session has, where the council votes on others.

        A prize isn't given past the vote: on what the council never saw, it gave none.
        """
        # the votes count, whoever may read their sessions
        entries_sudo = self.sudo()
        items_sudo = entries_sudo.env["hoithi.session.item"].search(
            [("contest_id", "in", entries_sudo.contest_id.ids)]
        )
        voting = items_sudo.filtered(lambda item: item.state == "counted").contest_id
        return self.filtered(
            lambda entry: (
                entry.contest_id in voting and entry not in items_sudo.entry_id
            )
        )

    def _find_prize_problems(self):
        """Return why each of many entries may get no prize.

        What the nomination alone asks for, as its slots, is no reason: entries that
        were left out for want of places still win.

        :return: {entry: phrases}
        """
        unvoted = self._get_unvoted()
        return {
            entry: problems
            + [self.env._("no session of the council has it")] * (entry in unvoted)
            for entry, problems in self._find_merit_problems().items()
        }

    def _get_prize_candidates(self):
        """Return the entries with a place, best first, and why some get no prize.

        :return: entries, {entry: phrases}
        """
        ranked = self.filtered(lambda entry: entry.state in RANKABLE and entry.rank)
        ranked = ranked.sorted(lambda entry: (entry.rank, entry.id))
        return ranked, ranked._find_prize_problems()

    def _allocate_prizes(self):
        """Return (entry, prize) for each prize, and the entries passed over for them.

        Asked of all the decidable entries of one contest. Whoever fails a rule of
        merit gets none, whatever its place.

        :return: pairs, entries that lie above the last winner and get nothing
        :raises UserError: where a tie would be cut in two
        """
        ranked, problems = self._get_prize_candidates()
        competing = ranked.filtered(lambda entry: not problems[entry])
        pairs = []
        for field, prizes in self.contest_id.prize_ids.grouped("field_id").items():
            group = (
                competing.filtered(lambda entry, field=field: entry.field_id == field)
                if field
                else competing
            )
            group -= competing.browse(entry.id for entry, _prize in pairs)
            try:
                given = ranking.allocate(
                    {entry: entry.rank for entry in group},
                    {e: e._get_comparable(e.average_score) for e in group},
                    [
                        ranking.Prize(prize, prize.slots, prize.min_score)
                        for prize in prizes
                    ],
                )
            except ranking.UnresolvedTie as tie:
                raise UserError(
                    self.env._(
                        "These entries are equal and compete for “%(prize)s”: "
                        "%(entries)s. Declare a tie-break, or let the chair set the "
                        "places.",
                        prize=tie.prize.display_name,
                        entries=self.browse(e.id for e in tie.keys)._join_known(),
                    )
                ) from tie
            pairs += given.items()
        last = max((entry.rank for entry, _prize in pairs), default=0)
        return pairs, ranked.filtered(
            lambda entry: problems[entry] and (not last or entry.rank <= last)
        )

    def _join_passed_over(self):
        """Return these entries with why they get no prize, for who may know of it."""
        known = self._get_known()
        # why is told of those that the caller knows all of
        problems = known.sudo()._find_prize_problems()
        parts = [
            f"{entry.code or entry.name} ({'; '.join(problems[entry.sudo()])})"
            for entry in known
        ]
        others = len(self) - len(known)
        if others:
            parts.append(self.env._("%s others", others))
        return ", ".join(parts)
