from datetime import UTC, timedelta
from zoneinfo import ZoneInfo

from odoo import api, models

from ..guard.hoithi_states import RUNNING
from ..notice.hoithi_notice_audience import Anchor


class HoithiNoticeAudienceSecretaries(models.AbstractModel):
    """The secretaries of a contest: of its dates, and weekly of what waits for them."""

    _name = "hoithi.notice.audience.secretaries"
    _description = "Audience: Secretaries"
    _inherit = "hoithi.notice.audience"

    _sequence = 60

    @api.model
    def _get_label(self):
        return self.env._("Secretaries")

    @api.model
    def _get_kinds(self):
        return {
            "milestone": self.env._("Reminder: date of the contest"),
            "digest": self.env._("Weekly digest"),
        }

    @api.model
    def _get_anchors(self):
        return {
            **self._get_contest_anchors(),
            "week": Anchor(self.env._("Every week")),
        }

    @api.model
    def _get_kind(self, rule):
        return "digest" if rule.anchor == "week" else "milestone"

    @api.model
    def _find(self, rule):
        return self._find_of_contests(
            rule, lambda contest: contest.secretary_ids.partner_id
        )

    @api.model
    def _get_path(self, notice):
        if notice.kind == "digest":
            return "/odoo/hoithi-contests"
        return notice._get_contest_path()

    # DIGEST

    @api.model
    def _get_weekly_facts(self, rule, now):
        """Return one digest for each secretary with pending work, from its weekday on.

        The occasion is the ISO week: after an outage it comes later, never twice.
        """
        facts = []
        contests = self._get_contests(rule, RUNNING)
        for company, group in contests.grouped("company_id").items():
            zone = ZoneInfo(group[0].tz)
            local = now.replace(tzinfo=UTC).astimezone(zone)
            day = local.date() - timedelta(days=local.weekday() - int(rule.weekday))
            office = rule._get_office(company, zone)
            if office:
                day = office.get_following(day)
            if local.date() < day:
                continue
            week = local.date().isocalendar()
            busy = group.browse(
                contest.id
                for contest, phrases in self._get_pending_work(group).items()
                if phrases
            )
            facts += [
                self.env["hoithi.notice"]._get_fact(
                    "digest",
                    company,
                    partner,
                    f"{week.year}-W{week.week:02}",
                    rule_id=rule.id,
                    **rule._get_outbox_values(now, company, group[0]),
                )
                for partner in busy.secretary_ids.partner_id
            ]
        return facts

    @api.model
    def _get_pending_work(self, contests):
        """Return what waits for the secretaries, in words: {contest: phrases}."""
        pending = {contest: [] for contest in contests}
        for phrase, counts in [
            *self._count_pending(contests),
            *self._count_notices(contests),
        ]:
            for contest in contests:
                if counts.get(contest):
                    pending[contest].append(phrase % counts[contest])
        return pending

    @api.model
    def _count_pending(self, contests):
        """Return (phrase with a place for the number, {contest: number}) in order."""
        # as the contest's board shows them
        unscreened = self.env["hoithi.figures"]._count_entries(
            contests, ("unscreened",), ["contest_id"]
        )
        return [
            (
                self.env._("entries to screen: %s"),
                {contest: row["unscreened"] for [contest], row in unscreened.items()},
            ),
            (
                self.env._("of these a supplement is awaited of: %s"),
                self._count("hoithi.entry", contests, [("state", "=", "supplement")]),
            ),
        ]

    @api.model
    def _count_notices(self, contests):
        return [
            (
                self.env._("notices held in the outbox: %s"),
                self._count("hoithi.notice", contests, [("state", "=", "held")]),
            ),
            (
                self.env._("notices that failed: %s"),
                self._count("hoithi.notice", contests, [("state", "=", "failed")]),
            ),
        ]

    @api.model
    def _count(self, model, contests, domain):
        """Return the numbers of records: {contest: number}."""
        return dict(
            self.env[model]._read_group(
                [("contest_id", "in", contests.ids), *domain],
                ["contest_id"],
                ["__count"],
            )
        )
