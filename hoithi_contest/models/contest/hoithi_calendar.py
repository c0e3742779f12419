from odoo import api, fields, models

from ..guard.hoithi_states import ASSIGNING, BEFORE_COUNCIL, OVER, RUNNING, SCREENABLE
from ..notice.hoithi_calendar import DEADLINE_ALARMS, KEPT

#: Dates that the Office and leaders follow beside the registration deadline.
OFFICE_DATES = (
    "screening_deadline",
    "review_deadline",
    "province_deadline",
    "report_deadline",
)


#: While which phases a date can still be missed; it rings for no other.
MISSED_IN = {
    "registration_deadline": ("open",),
    "screening_deadline": SCREENABLE,
    "review_deadline": ("open", *ASSIGNING),
    "province_deadline": RUNNING,
    "report_deadline": RUNNING,
}


class HoithiCalendar(models.AbstractModel):
    _inherit = "hoithi.calendar"

    @api.model
    def _get_items(self):
        return [
            *super()._get_items(),
            *self._get_contest_items(self._get_contests()),
            *self._get_supplement_items(),
        ]

    @api.model
    def _get_contests(self):
        return self.env["hoithi.contest"].search(
            [
                ("company_id", "in", self.env.user.company_ids.ids),
                ("state", "!=", "draft"),
            ]
        )

    def _is_current(self, contest):
        """Tell whether dates of the contest are still of use."""
        over = contest.state in OVER
        return not over or contest.write_date > fields.Datetime.now() - KEPT

    def _get_contest_items(self, contests):
        names = ["registration_deadline"]
        if self._is_office():
            names += OFFICE_DATES
        labels = {
            "registration_deadline": self.env._("Registration closes: %s"),
            "screening_deadline": self.env._("Screening ends: %s"),
            "review_deadline": self.env._("Review ends: %s"),
            "province_deadline": self.env._("Dossiers go to the province: %s"),
            "report_deadline": self.env._("Report due: %s"),
        }
        url = self.get_base_url()
        return [
            self._make_item(
                contest,
                name.removesuffix("_deadline"),
                labels[name] % contest.name,
                contest[name],
                url=f"{url}/my/hoithi"
                if name == "registration_deadline"
                else f"{url}/odoo/hoithi-contests/{contest.id}",
                alarms=DEADLINE_ALARMS if contest.state in MISSED_IN[name] else (),
                cancelled=contest.state == "cancelled",
            )
            for contest in contests
            if self._is_current(contest)
            for name in names
            if contest[name]
            # nobody scores where a contest only nominates
            and (name, contest.mode) != ("review_deadline", "nominate_only")
        ]

    def _get_supplement_items(self):
        entries = self.env["hoithi.entry"]
        if not entries.has_access("read"):
            return []
        entries = entries.search(
            [
                "|",
                ("is_returned", "=", True),
                "&",
                ("state", "=", "supplement"),
                ("contest_id.state", "in", BEFORE_COUNCIL),
                ("supplement_due", "!=", False),
                (
                    "author_ids",
                    "any",
                    [
                        ("partner_id", "=", self.env.user.partner_id.id),
                        ("is_representative", "=", True),
                    ],
                ),
            ]
        )
        url = self.get_base_url()
        return [
            self._make_item(
                entry,
                "supplement",
                self.env._("Supplement due: %s", entry.code),
                entry.supplement_due,
                # the last change of an entry would tell when a sheet came in
                modified=entry.supplement_requested_on or entry.create_date,
                url=f"{url}{entry._get_portal_path()}",
                alarms=DEADLINE_ALARMS,
            )
            for entry in entries
        ]
