from datetime import UTC, timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from ...lib.notice import ics
from ..guard.hoithi_states import DROPPED, NOT_ENTERED, OVER, PENDING, RUNNING
from ..notice.hoithi_calendar import DAY, DEADLINE_ALARMS, KEPT

SESSION_ALARMS = (DAY, timedelta(hours=1))


class HoithiCalendar(models.AbstractModel):
    _inherit = "hoithi.calendar"

    @api.model
    def _get_items(self):
        return [
            *super()._get_items(),
            *self._get_sheet_items(),
            *self._get_session_items(),
            *self._get_presentation_items(),
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
                ("contest_id.state", "in", RUNNING),
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
                alarms=() if session.contest_id.state in OVER else SESSION_ALARMS,
                cancelled=session.contest_id.state == "cancelled",
            )
            for session in sessions.search(domain)
        ]

    def _get_presentation_items(self):
        """Return the turns to present: one's own, and those of entries that one scores.

        By code alone, as all that stands in a calendar.
        """
        # turns are nobody's to read; those that concern the caller are told
        lines_sudo = self.env["hoithi.round.entry"].sudo()
        me = self.env.user
        lines_sudo = lines_sudo.search(
            Domain("presentation_start", ">", fields.Datetime.now() - KEPT)
            & Domain("round_id.presents", "=", True)
            & Domain("entry_id.state", "not in", NOT_ENTERED)
            & (
                Domain("entry_id.author_ids.partner_id", "=", me.partner_id.id)
                | Domain("entry_id.review_ids.user_id", "=", me.id)
            )
        )
        own = lines_sudo.filtered(
            lambda line: me.partner_id in line.entry_id.author_ids.partner_id
        )
        scored = lines_sudo.filtered(
            lambda line: line.entry_id.review_ids.filtered(
                lambda sheet: (
                    sheet.user_id == me
                    and sheet.round_id == line.round_id
                    and sheet.state not in DROPPED
                )
            )
        )
        url = self.get_base_url()
        return [
            self._make_item(
                line,
                "presentation",
                self.env._("Presentation: %s", line.entry_code),
                line.presentation_start,
                end=line.presentation_start
                + timedelta(minutes=line.round_id.presentation_minutes),
                modified=line.presentation_set_on or line.create_date,
                location=line.round_id.presentation_place or "",
                url=f"{url}{line.entry_id._get_portal_path()}"
                if line in own
                else f"{url}/odoo/hoithi-my-reviews",
                alarms=() if line.contest_id.state in OVER else SESSION_ALARMS,
                cancelled=line.contest_id.state == "cancelled",
            )
            for line in own | scored
        ]
