from datetime import UTC, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from odoo import api, models

from ...lib.guard.moments import DEFAULT_TZ
from ...lib.notice import ics

DAY = timedelta(days=1)
DEADLINE_ALARMS = (7 * DAY, DAY)
#: Dates of a contest that is over stay in calendars for a while.
KEPT = timedelta(days=90)


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
        """Return what the caller's calendar holds; each room brings its own."""
        return []

    def _is_office(self):
        return self.env.user.has_group(
            "hoithi_contest.group_secretary"
        ) or self.env.user.has_group("hoithi_contest.group_leader")

    def _get_uid(self, record, what):
        """Return an identifier that stays the same whatever the record's dates."""
        host = urlsplit(self.get_base_url()).hostname or "localhost"
        return f"hoithi-{record._name.split('.', 1)[1]}-{record.id}-{what}@{host}"

    def _make_item(self, record, what, summary, start, modified=None, **values):
        modified = modified or record.write_date
        aware = {
            name: value.replace(tzinfo=UTC) if hasattr(value, "hour") else value
            for name, value in (("start", start), ("end", values.pop("end", None)))
        }
        return ics.Item(
            uid=self._get_uid(record, what),
            summary=summary,
            created=record.create_date.replace(tzinfo=UTC, microsecond=0),
            modified=modified.replace(tzinfo=UTC, microsecond=0),
            **aware,
            **values,
        )
