from collections import Counter
from typing import NamedTuple

from odoo import models
from odoo.exceptions import UserError

from ...lib.council import ranking, scoring
from ..guard.hoithi_states import ELIGIBLE, RANKABLE


class Winner(NamedTuple):
    """Who gets a prize: a solution, one of its authors, or a unit."""

    prize: models.Model
    entry: models.Model
    author: models.Model
    department: models.Model


class HoithiEntry(models.Model):
    """Which entries compete for the prizes of their contest, and who gets what."""

    _inherit = "hoithi.entry"

    # BUSINESS: WHO COMPETES

    def _get_unvoted(self):
        """Return those on which no vote counts, where the council votes on others.

        A prize isn't given past the vote: on what the council never saw, it gave none.
        """
        # the votes count, whoever may read their sessions
        entries_sudo = self.sudo()
        items_sudo = entries_sudo.env["hoithi.session.item"].search(
            [
                ("contest_id", "in", entries_sudo.contest_id.ids),
                ("state", "=", "counted"),
            ]
        )
        voting = items_sudo.contest_id
        listed = entries_sudo.filtered(lambda entry: entry._get_standing_votes())
        return self.filtered(
            lambda entry: entry.contest_id in voting and entry not in listed
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
            + entry._list_stage_problems()
            + [self.env._("no session of the council has it")] * (entry in unvoted)
            for entry, problems in self._find_merit_problems().items()
        }

    def _get_prize_candidates(self):
        """Return the entries with a place, best first, and why some get no prize.

        :return: entries, {entry: phrases}, and the entries that failed nothing but to
            reach the last round
        """
        ranked = self.filtered(lambda entry: entry.state in RANKABLE and entry.rank)
        ranked = ranked.sorted(lambda entry: (entry.rank, entry.id))
        merits = ranked._find_merit_problems()
        stopped = ranked.filtered(
            lambda entry: not merits[entry] and entry._list_stage_problems()
        )
        return ranked, ranked._find_prize_problems(), stopped

    def _is_of_women(self):
        """Tell whether the entry is a woman's, or of a group with 70 % women.

        As far as its authors said so: who didn't isn't counted as one.
        """
        self.ensure_one()
        # for this alone, whoever may read it
        authors_sudo = self.sudo()._get_authors()
        women = authors_sudo.filtered(lambda author: author.gender == "female")
        return ranking.is_of_women(len(women), len(authors_sudo))

    # BUSINESS: WHO WINS

    def _allocate_prizes(self):
        """Return the winners, and the entries that were passed over for them.

        Asked of all the decidable entries of one contest. Whoever fails a rule of
        merit gets nothing, whatever its place.

        :return: list of `Winner`, entries that lie above the last winner by place and
            get nothing
        :raises UserError: where a tie would be cut in two
        """
        ranked, problems, stopped = self._get_prize_candidates()
        competing = ranked.filtered(lambda entry: not problems[entry])
        winners = self._allocate_places(competing, stopped)
        last = max((winner.entry.rank for winner in winners), default=0)
        reaching = ranked & (competing | stopped)
        for prize in self.contest_id.prize_ids:
            kind = prize._get_kind()
            if kind.rule not in ("place", "hand"):
                open_to = reaching if prize.for_stopped else competing
                winners += prize._find_winners(kind, self, open_to, winners)
        return winners, ranked.filtered(
            lambda entry: (
                problems[entry]
                and entry not in stopped
                and (not last or entry.rank <= last)
            )
        )

    def _allocate_places(self, competing, stopped):
        """Return who wins by place.

        :param competing: the entries that fail nothing
        :param stopped: those that failed only to reach the last round
        """
        winners, none, used = [], self.browse(), Counter()
        open_to_all = competing | stopped
        limits = self.contest_id._get_cut_limits()
        for field, prizes in self.contest_id._get_place_prizes():
            group = open_to_all.filtered(
                lambda entry, field=field: not field or entry.field_id == field
            )
            group -= none.union(*(winner.entry for winner in winners))
            given = self._allocate_ladder(
                group,
                [
                    prize._to_ladder(
                        group,
                        group if prize.for_stopped else group - stopped,
                        limits=[
                            limit._replace(most=limit.most - used[limit.key])
                            for limit in limits.get(prize, ())
                        ],
                    )
                    for prize in prizes
                ],
                prizes[0]._get_across(),
            )
            used.update(
                limit.key for prize in given.values() for limit in limits.get(prize, ())
            )
            winners += [
                Winner(prize, entry, entry.author_ids.browse(), entry.department_id[:0])
                for entry, prize in given.items()
            ]
        return winners

    def _allocate_ladder(self, entries, ladder, across=""):
        """Return {entry: prize} of prizes by place among these entries.

        :param across: how they compare fields that are ranked apart
        """
        scores = {e: e._get_comparable(e.average_score, across) for e in entries}
        places = {entry: entry.rank for entry in entries}
        if across:
            places = entries._get_places_across(scores)
        try:
            return ranking.allocate(places, scores, ladder)
        except ranking.UnresolvedTie as tie:
            if across:
                raise UserError(
                    self.env._(
                        "These entries of several fields are equal and compete for "
                        "“%(prize)s”: %(entries)s. Reopen the rules for another "
                        "number of prizes, or for a kind of prize that the council "
                        "chooses by.",
                        prize=tie.prize.display_name,
                        entries=self.browse(e.id for e in tie.keys)._join_known(),
                    )
                ) from tie
            equal = self.browse(e.id for e in tie.keys)._join_known()
            if "lot" in self.contest_id.tie_break_ids.mapped("kind"):
                raise UserError(
                    self.env._(
                        "These entries are equal and compete for “%(prize)s”: "
                        "%(entries)s. Lots are drawn: write it down in the minutes; "
                        "the chair sets the places by them, with the minutes as the "
                        "reason.",
                        prize=tie.prize.display_name,
                        entries=equal,
                    )
                ) from tie
            raise UserError(
                self.env._(
                    "These entries are equal and compete for “%(prize)s”: "
                    "%(entries)s. Declare a tie-break, or let the chair set the "
                    "places.",
                    prize=tie.prize.display_name,
                    entries=equal,
                )
            ) from tie

    def _get_places_across(self, scores):
        """Return the places of entries of fields that are ranked apart.

        What breaks ties within a field may be measured otherwise in another one, so
        that equals stay equal. Whoever has come further stands before the others.

        :param scores: {entry: what is compared}
        """
        staged = bool(self.contest_id.has_rounds)
        merits = self._get_merits() if staged else {}
        return ranking.rank_by(
            {
                entry: (*merits.get(entry, ())[:1], scoring.to_decimal(scores[entry]))
                for entry in self
            }
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

    def _get_by_unit(self):
        """Return how many of these entries each unit handed in and may go on with."""
        entries = self.filtered(
            lambda entry: entry.state in ELIGIBLE and entry.department_id
        )
        return {
            unit: len(group) for unit, group in entries.grouped("department_id").items()
        }
