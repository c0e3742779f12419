from datetime import datetime
from typing import NamedTuple

from odoo import api, models
from odoo.fields import Domain

from ..guard.hoithi_states import BEFORE_COUNCIL, HELD, SCREENABLE
from ..notice.hoithi_notice_audience import Anchor


class ContestDate(NamedTuple):
    """A date of the contest: its field, and the phases in which it counts."""

    field: str
    states: tuple[str, ...]
    is_day: bool = False


CONTEST_DATES = {
    "registration": ContestDate("registration_deadline", ("open",)),
    "screening": ContestDate("screening_deadline", SCREENABLE),
    "review": ContestDate("review_deadline", BEFORE_COUNCIL),
    "province": ContestDate("province_deadline", HELD),
    "report": ContestDate("report_deadline", HELD),
    "campaign_start": ContestDate("date_start", ("open",), is_day=True),
    "campaign_end": ContestDate("date_end", HELD, is_day=True),
}
#: Dates of the contest while staff may still register.
REGISTRATION_DATES = ("registration", "campaign_start", "campaign_end")


class HoithiNoticeAudience(models.AbstractModel):
    """Dates of a contest, for the audiences that are reminded of them."""

    _inherit = "hoithi.notice.audience"

    @api.model
    def _get_contest_anchors(self, *keys):
        """Return dates of the contest as anchors, all without keys."""
        labels = {
            "registration": self.env._("Registration deadline"),
            "screening": self.env._("Screening deadline"),
            "review": self.env._("Review deadline"),
            "province": self.env._("Deadline of the province"),
            "report": self.env._("Report deadline"),
            "campaign_start": self.env._("First day of the campaign"),
            "campaign_end": self.env._("Last day of the campaign"),
        }
        return {
            key: Anchor(labels[key], CONTEST_DATES[key].is_day)
            for key in keys or CONTEST_DATES
        }

    @api.model
    def _get_contests(self, rule, states):
        """Return the contests in `states` that a rule is for."""
        return self.env["hoithi.contest"].search(
            Domain("state", "in", states) & rule._get_company_domain()
        )

    @api.model
    def _get_contest_moments(self, rule):
        """Return (contest, moment of the rule's date in UTC) for its contests."""
        name, states, _is_day = CONTEST_DATES[rule.anchor]
        dated = []
        for contest in self._get_contests(rule, states):
            moment = contest[name]
            if moment and not isinstance(moment, datetime):
                moment = contest._get_day_end(moment)
            if moment:
                dated.append((contest, moment))
        return dated

    @api.model
    def _find_of_contests(self, rule, get_partners):
        """Return what `_find` does, of contests whose partners are told.

        :param get_partners: gives the partners of a contest
        """
        return [
            (contest, contest, moment, partner)
            for contest, moment in self._get_contest_moments(rule)
            for partner in get_partners(contest)
        ]
