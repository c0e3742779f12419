from odoo import fields, models
from odoo.exceptions import UserError

from ...lib.contest.steps import BLOCK, Check
from .hoithi_award import Gift, get_currency


class HoithiContest(models.Model):
    """What all prizes of a contest together may be, in number and in money."""

    _inherit = "hoithi.contest"

    _fixed_fields = {"rules_fixed": {"prize_limit_ids"}}

    prize_limit_ids = fields.One2many(
        "hoithi.prize.limit", "contest_id", string="Limits of Prizes", copy=True
    )

    def _get_gifts(self, winners):
        """Return what limits know of winners, and of what the council chose besides."""
        self.ensure_one()
        dong = get_currency(self)
        return [
            Gift(
                winner.prize.rank,
                winner.entry.field_id,
                winner.prize.amount,
                winner.prize.currency_id or dong,
            )
            for winner in winners
        ] + self._get_kept_gifts()

    def _get_kept_gifts(self):
        """Return the department's prizes that stay where prizes are given anew."""
        awards_sudo = self._get_unit_awards()
        return (awards_sudo - self._get_given_awards())._get_gifts()

    def _get_unit_awards(self):
        """Return the prizes of the department, also those that a conflict hides."""
        self.ensure_one()
        # how many there are is counted, whoever may read which
        awards_sudo = self.env["hoithi.award"].sudo()
        return awards_sudo.search(
            [("contest_id", "=", self.id), ("level", "=", "unit")]
        )

    def _get_cut_limits(self):
        """Return until which limits prizes are given by their places: {prize: limits}.

        A limit over several ladders, as those of fields that are ranked apart, ends
        none of them: no place says who is left out. It's looked at once all is found.
        What goes neither by place nor by hand keeps its part of a limit.
        """
        self.ensure_one()
        # rules are for all, whoever gives prizes by them
        limits_sudo = self.sudo().prize_limit_ids
        prizes = self.prize_ids if limits_sudo else self.prize_ids.browse()
        places = prizes.filtered(lambda prize: prize._get_kind().rule == "place")
        aside = self._get_ruled_prizes() & prizes - places
        before = self._get_kept_gifts() if limits_sudo else []
        found = {}
        for limit, most in limits_sudo._get_most().items():
            covered = places.filtered(limit._covers_prize)
            if most is None or len(covered.grouped(lambda p: p._get_ladder())) != 1:
                continue
            kept = sum(aside.filtered(limit._covers_prize).mapped("slots"))
            cut = limit._get_ladder_limit(before, most - kept)
            for prize in covered:
                found.setdefault(prize, []).append(cut)
        return found

    def _find_limit_excess(self, gifts):
        """Return the sentences on limits that prizes go beyond."""
        self.ensure_one()
        # as above
        most = self.sudo().prize_limit_ids._get_most()
        found = [limit._find_excess(gifts, number) for limit, number in most.items()]
        return [text for text in found if text]

    def _check_prize_limits(self, gifts):
        """Let no more be given than the rules allow all prizes together.

        :param gifts: all that would be given, see `_get_gifts`
        :raises UserError: saying which limit is passed, and what helps
        """
        excess = self._find_limit_excess(gifts)
        if excess:
            raise UserError(
                self.env._(
                    "%s Reopen the rules for fewer prizes, less prize money or another "
                    "limit; or take back one that was recorded by hand.",
                    " ".join(excess),
                )
            )

    def _tell_prize_limits(self, gifts):
        """Return how far prizes use up the limits, a sentence each."""
        # as above
        most = self.sudo().prize_limit_ids._get_most()
        return [limit._tell_use(gifts, number) for limit, number in most.items()]

    def _get_limit_checks(self):
        """Return the limits that prizes pass, as where entries left since."""
        excess = self._find_limit_excess(self._get_unit_awards()._get_gifts())
        return [
            Check(
                BLOCK,
                text,
                self.env._("Give prizes"),
                {"method": "action_ask_award_prizes"},
            )
            for text in excess
        ]
