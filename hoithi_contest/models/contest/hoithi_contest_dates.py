from datetime import timedelta

import pytz
from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...lib.guard import moments
from ...lib.guard.moments import DEFAULT_TZ
from ...lib.guard.texts import hold_years
from ..guard.hoithi_clock_mixin import Deadline
from .hoithi_way_mixin import Step

#: Days given to a phase when the secretary names no deadline for it.
SCREENING_DAYS = 10
REVIEW_DAYS = 20


class HoithiContest(models.Model):
    """The dates of a contest, on its own clock; the server decides by them."""

    _inherit = "hoithi.contest"

    _fixed_fields = {
        # what papers and pages of a contest that is over say of it
        "is_over": {
            "date_start",
            "date_end",
            "registration_deadline",
            "screening_deadline",
            "review_deadline",
            "province_deadline",
            "grace_minutes",
            "tz",
        },
    }

    tz = fields.Selection(
        lambda self: [(name, name) for name in pytz.all_timezones],
        string="Time zone",
        required=True,
        default=DEFAULT_TZ,
    )
    date_start = fields.Date(string="Campaign from", copy=False, tracking=True)
    date_end = fields.Date(string="Campaign until", copy=False, tracking=True)
    registration_deadline = Deadline(copy=False, tracking=True)
    grace_minutes = fields.Integer(
        default=lambda self: self.env.company.hoithi_grace_minutes,
        help="Minutes after a deadline during which the server still accepts.",
    )
    registration_closes_at = fields.Datetime(
        compute="_compute_registration_closes_at", store=True
    )
    screening_deadline = Deadline(
        compute="_compute_screening_deadline",
        store=True,
        readonly=False,
        copy=False,
        tracking=True,
    )
    review_deadline = Deadline(
        compute="_compute_review_deadline",
        store=True,
        readonly=False,
        copy=False,
        tracking=True,
    )
    province_deadline = Deadline(copy=False, tracking=True)
    report_deadline = Deadline(copy=False, tracking=True)
    date_warnings = fields.Text(compute="_compute_date_warnings")
    can_register = fields.Boolean(compute="_compute_can_register")
    reminder_days = fields.Char(
        default=lambda self: self.env.company.hoithi_reminder_days,
        help="Days before a deadline on which reminders go out, as “7,2,0”. Rules of "
        "the schedule that take their days from the contest follow them.",
    )

    # COMPUTE

    @api.depends("registration_deadline", "grace_minutes")
    def _compute_registration_closes_at(self):
        for contest in self:
            contest.registration_closes_at = (
                contest.registration_deadline
                and contest.registration_deadline
                + timedelta(minutes=contest.grace_minutes)
            )

    @api.depends("registration_deadline")
    def _compute_screening_deadline(self):
        for contest in self:
            start, end = contest.registration_deadline, contest.screening_deadline
            if start and (not end or end < start):
                contest.screening_deadline = moments.shift(
                    start, SCREENING_DAYS, contest.tz or DEFAULT_TZ
                )

    @api.depends("screening_deadline", "mode")
    def _compute_review_deadline(self):
        for contest in self:
            if contest.mode == "nominate_only":
                # nobody scores there
                contest.review_deadline = False
                continue
            start, end = contest.screening_deadline, contest.review_deadline
            if start and (not end or end < start):
                contest.review_deadline = moments.shift(
                    start, REVIEW_DAYS, contest.tz or DEFAULT_TZ
                )

    @api.depends(
        "registration_deadline",
        "screening_deadline",
        "review_deadline",
        "province_deadline",
        "date_end",
        "mode",
    )
    def _compute_date_warnings(self):
        for contest in self:
            contest.date_warnings = "\n".join(contest._get_date_warnings())

    @api.depends("state", "registration_closes_at")
    def _compute_can_register(self):
        now = fields.Datetime.now()
        for contest in self:
            contest.can_register = contest._is_registration_open(now)

    # CONSTRAINTS

    @api.constrains("date_start", "date_end")
    def _check_campaign_dates(self):
        for contest in self:
            if (
                contest.date_start
                and contest.date_end
                and contest.date_start > contest.date_end
            ):
                raise ValidationError(
                    self.env._(
                        "The campaign of “%s” ends before it begins.", contest.name
                    )
                )

    @api.constrains("registration_deadline", "screening_deadline", "review_deadline")
    def _check_deadline_order(self):
        for contest in self:
            deadlines = [
                deadline
                for deadline in (
                    contest.registration_deadline,
                    contest.screening_deadline,
                    contest.review_deadline,
                )
                if deadline
            ]
            if deadlines != sorted(deadlines):
                raise ValidationError(
                    self.env._(
                        "The deadlines of “%s” must follow one another: registration, "
                        "screening, review.",
                        contest.name,
                    )
                )

    @api.constrains("grace_minutes", "registration_deadline", "screening_deadline")
    def _check_grace(self):
        """Refuse a grace that outlasts the screening, which begins when it ends."""
        for contest in self:
            if text := contest._tell_long_grace():
                raise ValidationError(text)

    def _tell_long_grace(self):
        """Return that entries would be taken after their screening, or nothing."""
        self.ensure_one()
        start, end = self.registration_deadline, self.screening_deadline
        if not (start and end and start < end < self.registration_closes_at):
            return ""
        return self.env._(
            "“%(contest)s” would still take entries at %(moment)s, after the deadline "
            "of their screening: shorten the grace of %(minutes)s minutes, or give the "
            "screening more time.",
            contest=self.name,
            moment=self._format_moment(self.registration_closes_at),
            minutes=self.grace_minutes,
        )

    @api.onchange("grace_minutes", "registration_deadline", "screening_deadline")
    def _onchange_grace(self):
        if text := self._tell_long_grace():
            title = self.env._("The grace is too long")
            return {"warning": {"title": title, "message": text}}

    @api.onchange("reminder_days", "date_start", "registration_deadline")
    def _onchange_reminder_days(self):
        """Tell of reminders of the registration that would go before the campaign."""
        try:
            days = self._get_reminder_days()
        except ValidationError as error:
            text = str(error)
        else:
            text = self._tell_early_reminders(days)
        if text:
            title = self.env._("Reminder days")
            return {"warning": {"title": title, "message": text}}

    def _tell_early_reminders(self, days):
        start, end = self.date_start, self.registration_deadline
        if not (days and start and end):
            return ""
        last_day = moments.get_local(end, self.tz or DEFAULT_TZ).date()
        length = (last_day - start).days
        if not 0 <= length < days[-1]:
            return ""
        return self.env._(
            "The campaign begins %(length)s days before the end of the registration: a "
            "reminder %(days)s days before it would never go out.",
            length=length,
            days=days[-1],
        )

    @api.constrains("reminder_days")
    def _check_reminder_days(self):
        for contest in self:
            contest._get_reminder_days()

    # BUSINESS: DOOR

    def _is_registration_open(self, now):
        """Tell whether the server accepts entries at `now` (UTC)."""
        self.ensure_one()
        return bool(
            self.state == "open"
            and self.registration_closes_at
            and now <= self.registration_closes_at
        )

    def _check_registration_open(self):
        """Refuse what comes before launch or after the deadline.

        :raises UserError: with the moment at which the door closed
        """
        for contest in self:
            if contest._is_registration_open(fields.Datetime.now()):
                continue
            if contest.state == "draft":
                message = self.env._(
                    "“%(contest)s” isn't open for registration yet.",
                    contest=contest.name,
                )
            elif contest.state == "cancelled":
                message = self.env._(
                    "“%(contest)s” has been cancelled.", contest=contest.name
                )
            else:
                message = self.env._(
                    "Registration for “%(contest)s” closed on %(moment)s. Ask the "
                    "secretary of the council if you have a reason for being late.",
                    contest=contest.name,
                    moment=contest._format_moment(contest.registration_deadline),
                )
            raise UserError(message)

    # BUSINESS: CLOCK

    def _get_clock_contest(self):
        return self

    def _get_clock_dependencies(self):
        return ["tz", "company_id.hoithi_day_end"]

    def _get_today(self):
        """Return today's date on the contest's clock, Vietnam's without a contest.

        What is recorded or refused by the day goes by it: a user without a time zone
        would be a day behind until seven in the morning.
        """
        now = fields.Datetime.now()
        return moments.get_local(now, self.tz or DEFAULT_TZ).date()

    @api.model
    def _write_left(self, count, unit):
        """Return how much time is left, in a phrase.

        :param count: number of `unit`, as `measure_left` returns them
        """
        if not count:
            return self.env._("deadline passed")
        if unit == "days":
            if count == 1:
                return self.env._("1 day left")
            return self.env._("%(count)s days left", count=count)
        if unit == "hours":
            return self.env._("%(count)s hours left", count=count)
        if count == 1:
            return self.env._("1 minute left")
        return self.env._("%(count)s minutes left", count=count)

    def _get_shown_name(self):
        """Return the name as pages show it: its years stand on one line."""
        # one part of it in a row, which would make a column of the years
        return Markup("<span>%s</span>") % hold_years(self.name)

    def _format_moment(self, moment):
        """Return `moment` (UTC) as people read it, on the clock of the contest.

        Without a contest the clock is Vietnam's.
        """
        return moments.write_moment(moment, self.tz or DEFAULT_TZ)

    def _get_day_end(self, day):
        """Return the last moment (UTC) of a day at the contest.

        What lasts until a day, as the campaign or a task of the plan, lasts until then.
        """
        return moments.get_day_end(day, self.tz or DEFAULT_TZ)

    def _get_work_end(self, day):
        """Return the moment (UTC) at which work ends on a day at the contest.

        It is what a deadline means that names a day and no hour.
        """
        return moments.get_work_end(day, self.clock_day_end, self.clock_tz)

    # BUSINESS: DATES

    def _get_milestones(self):
        """Return the steps of the contest as its staff see them, as `Step`."""
        self.ensure_one()
        dates = (
            ("launch", self.env._("Launch"), self.date_start),
            ("open", self.env._("Registration"), self.registration_deadline),
            ("screening", self.env._("Screening"), self.screening_deadline),
            ("review", self.env._("Scoring and decision"), self.review_deadline),
            ("council", self.env._("Nomination"), self.province_deadline),
        )
        if self.mode == "nominate_only":
            dates = tuple(date for date in dates if date[0] != "review")
        phases = [key for key, _label, _date in dates]
        present = phases.index(self.state) if self.state in phases else len(phases)
        return [
            Step(
                key,
                label,
                "done" if place < present else "now" if place == present else "ahead",
                None,
                ""
                if not moment
                else moments.write_day(moment)
                if key == "launch"
                else self.env._("until %s", self._format_moment(moment)),
            )
            for place, (key, label, moment) in enumerate(dates)
            if moment
        ]

    def _get_date_warnings(self):
        """Return a line for each internal date that comes too late for the province."""
        self.ensure_one()
        if not self.province_deadline:
            return []
        labels = {
            "registration_deadline": self.env._("Registration deadline"),
            "screening_deadline": self.env._("Screening deadline"),
        }
        if self.mode == "internal_contest":
            labels["review_deadline"] = self.env._("Review deadline")
        late = [
            self.env._(
                "%(label)s (%(moment)s) is later than the province's deadline "
                "(%(province)s).",
                label=label,
                moment=self._format_moment(self[name]),
                province=self._format_moment(self.province_deadline),
            )
            for name, label in labels.items()
            if self[name] and self[name] > self.province_deadline
        ]
        province = moments.get_local(self.province_deadline, self.tz or DEFAULT_TZ)
        if self.date_end and self.date_end > province.date():
            late.append(
                self.env._(
                    "The campaign (until %(date)s) goes on after the province's "
                    "deadline (%(province)s).",
                    date=moments.write_day(self.date_end),
                    province=self._format_moment(self.province_deadline),
                )
            )
        return late

    def _get_reminder_days(self):
        """Return the days before a deadline on which to remind, fewest first.

        :raises ValidationError: where the text isn't a list of days
        """
        self.ensure_one()
        return self.env["hoithi.notice.rule"]._parse_days(self.reminder_days)
