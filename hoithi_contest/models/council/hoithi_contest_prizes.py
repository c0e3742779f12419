from odoo import models
from odoo.exceptions import AccessError, UserError

from ...lib.contest.steps import BLOCK, Act, Check
from ...tools import RELOAD, tell
from ..guard.hoithi_states import REVIEWABLE
from .hoithi_contest_council import SECRETARY


class HoithiContest(models.Model):
    """The prizes of a contest are given, and hold to its rules until the end."""

    _inherit = "hoithi.contest"

    # ACTION

    def action_award_prizes(self):
        """Give the prizes of the structure to the best entries, top-down.

        Prizes that nobody reaches stay empty. Given again, as after an override by the
        chair, they replace those of before.

        :raises UserError: before the council phase, without a prize structure, or
            where a tie must be decided first
        """
        if not self.env.su and not self.env.user.has_group(SECRETARY):
            raise AccessError(self.env._("The secretary of the council gives prizes."))
        given, passed = 0, self.env["hoithi.entry"].browse()
        for contest in self:
            if contest.state != "council":
                raise UserError(
                    self.env._("Prizes are given in the council phase, not before.")
                )
            if not contest.prize_ids:
                raise UserError(
                    self.env._("“%s” has no prize structure.", contest.name)
                )
            # prizes go by all entries, also those that a conflict hides
            entries_sudo = contest._get_decidable_entries()
            entries_sudo._check_no_doubt()
            entries_sudo.award_ids.filtered("prize_id").unlink()
            pairs, passed_over = entries_sudo._allocate_prizes()
            awards = (
                self.env["hoithi.award"]
                .sudo()
                ._open_door()
                .create(
                    [
                        {
                            "entry_id": entry.id,
                            "level": "unit",
                            "rank": prize.rank,
                            "prize_id": prize.id,
                            "amount": prize.amount,
                            "currency_id": prize.currency_id.id,
                            "override_reason": entry.rank_override_reason,
                        }
                        for entry, prize in pairs
                    ]
                )
            )
            self.env["hoithi.ledger"]._append(
                contest,
                "prizes.given",
                contest,
                {"awards": [[award.entry_id.id, award.rank] for award in awards]},
            )
            given += len(awards)
            passed |= passed_over
        text = self.env._(
            "%s prizes were given by the places as they are now. Prizes that "
            "nobody reaches stay empty.",
            given,
        )
        if passed:
            text += "\n" + self.env._(
                "Passed over: %s.",
                passed.sudo(False)._join_passed_over(),
            )
        return tell(text, kind="warning" if passed else "success", then=RELOAD)

    # BUSINESS: CHECKS

    def _get_closing_gaps(self):
        checks = super()._get_closing_gaps()
        if self.prize_ids:
            given = bool(self._get_given_awards())
            checks.append(
                self._get_item(
                    "prizes",
                    self.env._("Prizes given"),
                    given,
                    "" if given else self.env._("Nobody has one yet"),
                    self.env._("Open the ranking"),
                    {
                        "xmlid": "hoithi_contest.hoithi_entry_ranking_action",
                        "context": {"search_default_contest_id": self.id},
                    },
                )
            )
        return checks + self._get_award_checks()

    def _get_next_acts(self):
        acts = super()._get_next_acts()
        if self.state == "council" and self.prize_ids:
            counts = self._count_states()
            undecided = any(counts.get(state) for state in REVIEWABLE)
            if not undecided and not self._get_given_awards():
                acts.append(
                    Act(
                        25,
                        self.env._("Give the prizes"),
                        self.env._("They go by the places and the rules as they are."),
                        self.env._("Give prizes"),
                        {"method": "action_award_prizes"},
                    )
                )
        return acts

    def _get_given_awards(self):
        """Return the prizes of the structure that entries have been given."""
        # prizes go by all entries, also those that a conflict hides
        return (
            self.env["hoithi.award"]
            .sudo()
            .search([("prize_id", "!=", False), ("entry_id.contest_id", "=", self.id)])
        )

    def _get_award_checks(self):
        """Return the prizes that the rules take back, as where a vote came later."""
        # prizes go by all entries, also those that a conflict hides
        awards_sudo = self._get_given_awards()
        problems = awards_sudo.entry_id._find_prize_problems()
        fallen = awards_sudo.entry_id.filtered(lambda entry: problems[entry])
        if not fallen:
            return []
        return [
            Check(
                BLOCK,
                self.env._(
                    "Prizes of entries that the rules don't allow one: %s. Give the "
                    "prizes anew",
                    fallen.sudo(False)._join_passed_over(),
                ),
                self.env._("Give prizes"),
                {"method": "action_award_prizes"},
            ),
        ]
