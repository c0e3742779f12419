from datetime import UTC, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from odoo import api, fields, models

from ...lib.guard.moments import DEFAULT_TZ
from ...lib.notice import ics
from ..guard.hoithi_states import OVER, PENDING

DAY = timedelta(days=1)
DEADLINE_ALARMS = (7 * DAY, DAY)
SESSION_ALARMS = (DAY, timedelta(hours=1))
#: Dates of a contest that is over stay in calendars for a while.
KEPT = timedelta(days=90)
#: Dates that the Office and leaders follow beside the registration deadline.
OFFICE_DATES = (
    "screening_deadline",
    "review_deadline",
    "province_deadline",
    "report_deadline",
)


class HoithiCalendar(models.AbstractModel):
    """What a person's calendar holds: deadlines that this person may see.

    Everything is read with the person's own rights. No person and no title of an entry
    is named: calendars are shared, and lie on telephones and foreign servers.
    """

    _name = "hoithi.calendar"
    _description = "Calendar of Deadlines"

    @api.model
    def _build(self):
        """Return the caller's calendar in iCalendar format, in the caller's language.

        The caller is a user and never the superuser.
        """
        user = self.env.user
        calendar = self.with_context(
            lang=user.partner_id._hoithi_get_lang(), tz=user.tz
        )
        return ics.build(
            calendar.env._("Innovation contest"),
            calendar._get_items(),
            ZoneInfo(user.tz or DEFAULT_TZ),
            (user.lang or "en_US").replace("_", "-"),
        )

    @api.model
    def _get_items(self):
        contests = self.env["hoithi.contest"].search(
            [
                ("company_id", "in", self.env.user.company_ids.ids),
                ("state", "!=", "draft"),
            ]
        )
        return [
            *self._get_contest_items(contests),
            *self._get_supplement_items(),
            *self._get_sheet_items(),
            *self._get_session_items(),
            *self._get_task_items(contests),
        ]

    def _is_office(self):
        return self.env.user.has_group(
            "hoithi_contest.group_secretary"
        ) or self.env.user.has_group("hoithi_contest.group_leader")

    def _is_current(self, contest):
        """Tell whether dates of the contest are still of use."""
        over = contest.state in OVER
        return not over or contest.write_date > fields.Datetime.now() - KEPT

    def _get_uid(self, record, what):
        """Return an identifier that stays the same whatever the record's dates."""
        host = urlsplit(self.get_base_url()).hostname or "localhost"
        return f"hoithi-{record._name.split('.', 1)[1]}-{record.id}-{what}@{host}"

    def _make_item(self, record, what, summary, start, **values):
        aware = {
            name: value.replace(tzinfo=UTC) if hasattr(value, "hour") else value
            for name, value in (("start", start), ("end", values.pop("end", None)))
        }
        return ics.Item(
            uid=self._get_uid(record, what),
            summary=summary,
            created=record.create_date.replace(tzinfo=UTC, microsecond=0),
            modified=record.write_date.replace(tzinfo=UTC, microsecond=0),
            **aware,
            **values,
        )

    # ITEMS

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
                alarms=DEADLINE_ALARMS,
                cancelled=contest.state == "cancelled",
            )
            for contest in contests
            if self._is_current(contest)
            for name in names
            if contest[name]
        ]

    def _get_supplement_items(self):
        entries = self.env["hoithi.entry"]
        if not entries.has_access("read"):
            return []
        entries = entries.search(
            [
                ("state", "=", "supplement"),
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
                url=f"{url}{entry._get_portal_path()}",
                alarms=DEADLINE_ALARMS,
            )
            for entry in entries
        ]

    def _get_sheet_items(self):
        """Return one item for all own sheets of a contest with the same due date."""
        reviews = self.env["hoithi.review"]
        if not reviews.has_access("read"):
            return []
        reviews = reviews.search(
            [
                ("user_id", "=", self.env.uid),
                ("state", "in", PENDING),
                ("due_date", "!=", False),
            ]
        )
        groups = reviews.grouped(
            lambda review: (review.contest_id, review.due_date)
        ).items()
        url = self.get_base_url()
        items = []
        for (contest, due), group in groups:
            # the sheet that was given first stands for them all, and keeps its place
            # in calendars when their common date moves
            first = group.sorted("id")[0]
            items.append(
                ics.Item(
                    uid=self._get_uid(first, "due"),
                    summary=self.env._(
                        "Score sheets due (%(count)s): %(contest)s",
                        count=len(group),
                        contest=contest.name,
                    ),
                    start=due.replace(tzinfo=UTC),
                    created=first.create_date.replace(tzinfo=UTC, microsecond=0),
                    modified=max(group.mapped("write_date")).replace(
                        tzinfo=UTC, microsecond=0
                    ),
                    url=f"{url}/odoo/hoithi-my-reviews",
                    alarms=DEADLINE_ALARMS,
                )
            )
        return items

    def _get_session_items(self):
        sessions = self.env["hoithi.session"]
        if not sessions.has_access("read"):
            return []
        domain = [
            ("start", "!=", False),
            ("start", ">", fields.Datetime.now() - KEPT),
            ("company_id", "in", self.env.user.company_ids.ids),
        ]
        if not self._is_office():
            domain.append(("council_id.member_ids.user_id", "=", self.env.uid))
        url = self.get_base_url()
        return [
            self._make_item(
                session,
                "session",
                self.env._(
                    "%(session)s: %(contest)s",
                    session=session.display_name,
                    contest=session.contest_id.name,
                ),
                session.start,
                end=session.end or session.start + timedelta(hours=2),
                location=session.place or "",
                url=f"{url}/odoo/hoithi-sessions/{session.id}",
                alarms=SESSION_ALARMS,
                cancelled=session.contest_id.state == "cancelled",
            )
            for session in sessions.search(domain)
        ]

    def _get_task_items(self, contests):
        """Return the tasks of the Office, and those of the units that a head leads."""
        tasks = self.env["hoithi.plan.task"]
        user = self.env.user
        if not tasks.has_access("read"):
            return []
        domain = [
            ("contest_id", "in", contests.ids),
            ("contest_id.state", "not in", OVER),
            ("date_end", "!=", False),
            ("progress", "!=", "done"),
        ]
        if not user.has_group("hoithi_contest.group_secretary"):
            # staff have no right on HR records; a head's own units are no secret
            headed_sudo = (
                self.env["hr.department"]
                .sudo()
                .search([("hoithi_is_headed", "=", True)])
            )
            domain += [
                "|",
                ("lead_department_id", "in", headed_sudo.ids),
                ("cooperating_department_ids", "in", headed_sudo.ids),
            ]
        url = self.get_base_url()
        internal = user._is_internal()
        return [
            self._make_item(
                task,
                "task",
                self.env._("Task until today: %s", task.name),
                task.date_end,
                url=f"{url}/odoo/hoithi-plan/{task.id}"
                if internal
                else f"{url}/my/hoithi/units",
                alarms=(DAY,),
            )
            for task in tasks.search(domain)
        ]
