from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command

from ...lib.contest.steps import BLOCK, WARN, Act, Check
from ...tools import RELOAD, tell
from ..contest.hoithi_preview_mixin import Preview
from ..guard.hoithi_states import REVIEWABLE
from .hoithi_award import get_currency
from .hoithi_contest_council import SECRETARY

#: What stays of an award with its winner where prizes are given anew.
HOLD = ("is_held", "held_on", "held_reason", "released_on", "release_reason")

#: Rows that a copy gets after all that they lie over.
LAST_ROWS = ("prize_ids", "prize_limit_ids", "tie_break_ids")


class HoithiContest(models.Model):
    """The prizes of a contest are given, and hold to its rules until the end."""

    _inherit = "hoithi.contest"

    _previews = {"action_award_prizes": "_preview_prizes"}

    # CONSTRAINTS

    @api.constrains("company_id")
    def _check_prize_kinds(self):
        # of another department, the same codes may mean nothing
        self.prize_ids._check_kind()

    # CRUD

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        for vals in vals_list:
            # they lie over juries, rounds and components, and follow these: see `copy`
            for name in {*LAST_ROWS} - set(default or ()):
                vals.pop(name, None)
        return vals_list

    def copy(self, default=None):
        copies = super().copy(default)
        # rules are copied whole, whoever may read some
        for contest, twin in zip(self.sudo(), copies.sudo(), strict=True):
            components = {
                own.name: other.id
                for own in contest.component_ids
                for other in twin.component_ids
                if own.name == other.name
            }
            steps = [
                {**vals, "component_id": components.get(step.component_id.name)}
                for step, vals in zip(
                    contest.tie_break_ids,
                    contest.tie_break_ids.copy_data(),
                    strict=True,
                )
                if not step.component_id or step.component_id.name in components
            ]
            rows = {
                "prize_ids": contest.prize_ids.copy_data(),
                "prize_limit_ids": contest.prize_limit_ids.copy_data(),
                "tie_break_ids": steps,
            }
            twin.write(
                {
                    name: [Command.create(vals) for vals in vals_list]
                    for name, vals_list in rows.items()
                    if name not in (default or ())
                }
            )
        return copies

    # ACTION

    def action_award_prizes(self):
        """Give the prizes of the structure to the best entries, top-down.

        Prizes that nobody reaches stay empty. Given again, as after an override by the
        chair, they replace those of before.

        :raises UserError: before the council phase, without a prize structure, or
            where a tie must be decided first
        """
        self._check_gives_prizes()
        given, ageless, passed = 0, 0, self.env["hoithi.entry"].browse()
        for contest in self:
            # given by the rules, whoever may read the entries
            entries_sudo, winners, passed_over = contest._find_prizes()
            given += len(contest.sudo()._replace_awards(winners))
            passed |= passed_over
            ageless += contest.sudo()._count_ageless(entries_sudo)
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
        if ageless:
            text += "\n" + self.env._(
                "%s authors gave no date of birth, and weren't compared by their age.",
                ageless,
            )
        kind = "warning" if passed or ageless else "success"
        return tell(text, kind=kind, then=RELOAD)

    def action_ask_award_prizes(self):
        """Show who would get which prize and what keeps it, then ask."""
        self._check_gives_prizes()
        return self._ask_act("action_award_prizes", self.env._("Give Prizes"))

    # BUSINESS

    def _check_gives_prizes(self):
        if not self.env.su and not self.env.user.has_group(SECRETARY):
            raise AccessError(self.env._("The secretary of the council gives prizes."))

    def _find_prizes(self):
        """Return the decidable entries, who wins, and who is passed over.

        :raises UserError: before the council phase, without a prize structure, or
            where a tie must be decided first
        """
        self.ensure_one()
        if self.state != "council":
            raise UserError(
                self.env._("Prizes are given in the council phase, not before.")
            )
        if not self.prize_ids:
            raise UserError(self.env._("“%s” has no prize structure.", self.name))
        # prizes go by all entries, also those that a conflict hides
        entries_sudo = self._get_decidable_entries()
        entries_sudo._check_no_doubt()
        winners, passed = entries_sudo._allocate_prizes()
        self._check_prize_limits(self._get_gifts(winners))
        return entries_sudo, winners, passed

    def _preview_prizes(self):
        """Return what giving the prizes now does."""
        self.ensure_one()
        self._check_gives_prizes()
        effects, remarks, winners = [], [], []

        def find():
            # as the act finds them
            entries_sudo, found, passed = self._find_prizes()
            winners.extend(found)
            if passed:
                known = passed.sudo(False)._join_passed_over()
                remarks.append(self.env._("Passed over: %s.", known))
            # a number alone: dates of birth are shown to nobody here
            if ageless := self.sudo()._count_ageless(entries_sudo):
                remarks.append(
                    self.env._(
                        "%s authors gave no date of birth, and aren't compared by "
                        "their age.",
                        ageless,
                    )
                )

        refusal = self._try_check(find)
        by_kind = {}
        for winner in winners:
            kind = winner.prize._get_kind()
            by_kind.setdefault(kind, []).append(winner.entry.id)
        for kind, ids in by_kind.items():
            # a prize for a person or a unit may have no entry, and some are hidden
            entries = self.env["hoithi.entry"].browse(filter(None, ids))
            known = entries._filtered_access("read").mapped("code")
            effects.append(
                self.env._(
                    "gives %(number)s × %(prize)s: %(entries)s",
                    number=len(ids),
                    prize=kind.name,
                    entries=self._join_some([code or "–" for code in known]) or "–",
                )
            )
        if not winners and not refusal:
            effects.append(self.env._("gives no prize: nobody reaches one"))
        if winners:
            remarks += self._tell_prize_limits(self._get_gifts(winners))
        # how many were given is the public's in the end
        if before := len(self.sudo()._get_given_awards()):
            effects.append(self.env._("replaces the %s prizes given before", before))
        fixed = self._try_check(self._check_rules_fixed)
        return Preview(effects, (fixed, refusal), tuple(remarks))

    def _get_place_prizes(self):
        """Return the prizes that go by place, in the order in which they are given.

        Those of a field are given together. Where others compare fields that are
        ranked apart, all are given kind by kind: the special prize of all fields goes
        before the first prize of each, and their consolation prize after the third.

        :return: [(field or none, prizes)]
        """
        self.ensure_one()
        prizes = self.prize_ids.filtered(
            lambda prize: prize._get_kind().rule == "place"
        )
        rungs = prizes.grouped(lambda prize: prize._get_ladder())
        if any(across for _field, across in rungs):
            rungs = prizes.sorted(
                lambda prize: (prize._get_kind().sequence, not prize._get_across())
            ).grouped(lambda prize: (prize.rank, prize._get_ladder()))
        return [(group[0].field_id, group) for group in rungs.values()]

    def _get_ruled_prizes(self):
        """Return the prizes that go by a rule, and not by the council's choice."""
        return self.prize_ids.filtered(lambda prize: not prize._is_by_hand())

    def _get_side_rules(self):
        """Return by which rules side prizes of these contests go, as `youngest`."""
        return {prize._get_kind().rule for prize in self.prize_ids}

    def _replace_awards(self, winners):
        """Give prizes in place of those that were given before; what is held stays.

        Asked with superuser rights, as prizes go by all entries.

        :param winners: see `hoithi.entry._allocate_prizes`
        """
        self.ensure_one()
        before = self._get_given_awards()._open_door()
        held = {
            award._get_claim(): {name: award[name] for name in HOLD}
            for award in before.filtered("held_on")
        }
        before.unlink()
        given = before.create(
            [
                {
                    "contest_id": self.id,
                    "entry_id": winner.entry.id,
                    "author_id": winner.author.id,
                    "department_id": winner.department.id,
                    "level": "unit",
                    "rank": winner.prize.rank,
                    "prize_id": winner.prize.id,
                    "amount": winner.prize.amount,
                    "currency_id": (winner.prize.currency_id or get_currency(self)).id,
                    "override_reason": winner.entry.rank_override_reason,
                }
                for winner in winners
            ]
        )
        for award in given:
            hold = held.get(award._get_claim())
            if hold:
                award.write(hold)
        # the rows of a solution say what they always said
        self.env["hoithi.ledger"]._append(
            self,
            "prizes.given",
            self,
            {
                "awards": [
                    [award.entry_id.id, award.rank]
                    + [
                        {name: record.id}
                        for name, record in (
                            ("author", award.author_id),
                            ("unit", award.department_id),
                        )
                        if record
                    ]
                    for award in given
                ]
            },
        )
        return given

    def _count_ageless(self, entries):
        """Return how many authors told no date of birth that a prize goes by."""
        if not {"youngest", "oldest"} & self._get_side_rules():
            return 0
        return len(entries._get_authors().filtered(lambda a: not a.birth_date))

    def _get_asking_rules(self):
        """Return by which rules prizes and places go, as `youngest` or `votes`."""
        self.ensure_one()
        # which there are, is a rule for all
        contest_sudo = self.sudo()
        return {
            *contest_sudo._get_side_rules(),
            *contest_sudo.tie_break_ids.mapped("kind"),
        }

    def _get_detail_uses(self):
        asking = self._get_asking_rules()
        by_age, by_gender = {"youngest", "oldest"} & asking, "women" in asking
        uses = super()._get_detail_uses()
        if by_age:
            uses.append(self.env._("prizes go by age"))
        if by_gender:
            uses.append(self.env._("prizes or places go by gender"))
        return uses

    def _get_launch_gaps(self):
        gaps = super()._get_launch_gaps()
        asked = self._get_asking_rules()
        return gaps + self._get_lacking(
            (
                not {"youngest", "oldest"} & asked or self.ask_birth_date,
                self.env._("the date of birth on the form, by which a prize goes"),
                "ask_birth_date",
                "form",
            ),
            (
                "women" not in asked or self.ask_gender,
                self.env._("the gender on the form, by which prizes or places go"),
                "ask_gender",
                "form",
            ),
        )

    # BUSINESS: CHECKS

    def _get_closing_gaps(self):
        checks = super()._get_closing_gaps()
        if self.prize_ids:
            by_hand = not self._get_ruled_prizes()
            given = bool(self._get_given_awards(by_hand))
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
        return [
            *checks,
            *self._get_award_checks(),
            *self._get_limit_checks(),
            *self._get_hold_checks(),
        ]

    def _get_next_acts(self):
        acts = super()._get_next_acts()
        if self.state == "council" and self._get_ruled_prizes():
            counts = self._count_states()
            undecided = any(counts.get(state) for state in REVIEWABLE)
            if not undecided and not self._get_given_awards():
                acts.append(
                    Act(
                        25,
                        self.env._("Give the prizes"),
                        self.env._("They go by the places and the rules as they are."),
                        self.env._("Give prizes"),
                        {"method": "action_ask_award_prizes"},
                    )
                )
        return acts

    def _get_given_awards(self, by_hand=False):
        """Return the prizes of the structure that were given by its rules.

        :param by_hand: instead, those that the council chose
        """
        # prizes go by all entries, also those that a conflict hides
        awards_sudo = (
            self.env["hoithi.award"]
            .sudo()
            .search([("prize_id", "!=", False), ("contest_id", "=", self.id)])
        )
        return awards_sudo.filtered(lambda award: award._is_by_hand() == by_hand)

    def _get_hold_checks(self):
        # how many, and nothing of them
        held = (
            self.env["hoithi.award"]
            .sudo()
            .search_count([("contest_id", "=", self.id), ("is_held", "=", True)])
        )
        if not held:
            return []
        return [
            Check(
                WARN,
                self.env._(
                    "%s awards are on hold: no paper and no page has them", held
                ),
                self.env._("Open"),
                {
                    "xmlid": "hoithi_contest.hoithi_award_action",
                    "context": {
                        "search_default_contest_id": self.id,
                        "search_default_held": 1,
                    },
                },
            )
        ]

    def _get_award_checks(self):
        """Return the prizes that the rules take back, as where a vote came later."""
        # prizes go by all entries, also those that a conflict hides
        awards_sudo = self._get_given_awards().filtered("entry_id")
        if not awards_sudo:
            return []
        entries_sudo = self._get_decidable_entries()
        _ranked, problems, stopped = entries_sudo._get_prize_candidates()
        open_sudo = awards_sudo.filtered(lambda award: award.prize_id.for_stopped)
        fallen = awards_sudo.entry_id.filtered(
            lambda entry: (
                problems.get(entry, True)
                and not (entry in stopped and entry in open_sudo.entry_id)
            )
        )
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
                {"method": "action_ask_award_prizes"},
            ),
        ]
