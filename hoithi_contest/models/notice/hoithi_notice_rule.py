import re
from datetime import UTC
from zoneinfo import ZoneInfo

from markupsafe import escape

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import is_html_empty

from ...lib.guard import moments, working_days
from ...lib.guard.moments import DEFAULT_TZ

PLACEHOLDERS = ("person", "contest", "record", "date", "deadline", "link")
PLACEHOLDER = re.compile(r"{(\w*)}")
WEEKDAYS = [
    ("0", "Monday"),
    ("1", "Tuesday"),
    ("2", "Wednesday"),
    ("3", "Thursday"),
    ("4", "Friday"),
    ("5", "Saturday"),
    ("6", "Sunday"),
]


class HoithiNoticeRule(models.Model):
    """One line of the schedule: whom to remind of which date, when and in what words.

    A rule of a department takes the place of the general rule for the same audience and
    date there, also when it is archived.
    """

    _name = "hoithi.notice.rule"
    _inherit = ["hoithi.catalogue.mixin"]
    _description = "Rule of the Notice Schedule"
    _order = "trigger, sequence, id"
    _number_ranges = {
        "hour_from": (None, 24),
        "hour_to": (None, 24),
        "escalate_days": (None, 365),
    }

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        string="Department",
        index=True,
        default=lambda self: self._default_catalogue_company(),
        help="Leave empty for all departments. A department's own rule takes the place "
        "of the general one for the same audience and date.",
    )
    trigger = fields.Selection(
        [("date", "Around a date"), ("event", "When it happens")],
        required=True,
        default="date",
        help="A rule for what happens, as a receipt, doesn't make the notice; it says "
        "how it goes out.",
    )
    kind = fields.Selection(
        "_get_kinds",
        compute="_compute_kind",
        store=True,
        readonly=False,
        precompute=True,
        index=True,
    )

    # when
    audience = fields.Selection("_get_audience_labels")
    can_escalate = fields.Boolean(compute="_compute_can_escalate")
    anchor = fields.Selection("_get_anchor_labels", string="Date")
    direction = fields.Selection(
        [("before", "Before"), ("after", "After")], required=True, default="before"
    )
    days_source = fields.Selection(
        [("rule", "Days of this rule"), ("contest", "Reminder days of the contest")],
        string="Days from",
        required=True,
        default="rule",
        help="The reminder days of a contest come from the settings and can be changed "
        "for each contest.",
    )
    days = fields.Char(
        default="7,2,0",
        help="Days before or after the date, as “7,2,0”; 0 before it is half a day.",
    )
    timing = fields.Char(string="When", compute="_compute_timing")
    weekday = fields.Selection(WEEKDAYS, default="0", required=True)
    working_days = fields.Boolean(
        string="Working days only",
        help="A reminder that falls on a day off moves to the working day before it, "
        "or after it for reminders after a date. Days off are those of the working "
        "hours and public holidays in Odoo, and Vietnam's where the settings say so.",
    )
    hour_from = fields.Float(string="From hour")
    hour_to = fields.Float(
        string="Until hour",
        help="Hours of the day in which it may go out, on the contest's clock. The "
        "same hour twice sets no limit.",
    )
    escalate_days = fields.Integer(
        string="Tell the unit head after (working days)",
        help="Working days after the reminder; 0 tells nobody.",
        aggregator=None,
    )

    # how
    hold = fields.Boolean(
        string="Hold for approval",
        help="Notices wait in the outbox until the secretary releases them.",
    )
    subject = fields.Char(
        string="Heading",
        translate=True,
        help="Leave empty to use the template of the kind.",
    )
    body = fields.Html(
        string="Message",
        translate=True,
        help="Leave empty to use the template of the kind. {person}, {contest}, "
        "{record}, {date}, {deadline} and {link} are filled in.",
    )

    _check_hours = models.Constraint(
        "CHECK (hour_from >= 0 AND hour_to <= 24 AND hour_from <= hour_to)",
        "The hours lie between 0 and 24, the first before the last.",
    )
    _check_escalation = models.Constraint(
        "CHECK (escalate_days >= 0)", "Working days aren't negative."
    )

    # SELECTION

    @api.model
    def _get_kinds(self):
        return (
            self.env["hoithi.notice"]._fields["kind"]._description_selection(self.env)
        )

    @api.model
    def _get_audience_labels(self):
        audiences = self.env["hoithi.notice.audience"]._get_audiences()
        return [(key, audience._get_label()) for key, audience in audiences.items()]

    @api.model
    def _get_anchor_labels(self):
        anchors = {}
        for audience in self.env["hoithi.notice.audience"]._get_audiences().values():
            anchors |= audience._get_anchors()
        return [(key, anchor.label) for key, anchor in anchors.items()]

    # COMPUTE

    @api.depends("trigger", "audience", "anchor", "direction")
    def _compute_kind(self):
        for rule in self:
            if rule.trigger == "date" and rule.audience:
                rule.kind = rule._get_audience()._get_kind(rule)

    @api.depends("audience")
    def _compute_can_escalate(self):
        for rule in self:
            audience = rule._get_audience()
            rule.can_escalate = audience is not None and audience._is_personal

    @api.depends_context("lang")
    @api.depends("trigger", "anchor", "direction", "days_source", "days", "weekday")
    def _compute_timing(self):
        weekdays = dict(self._fields["weekday"]._description_selection(self.env))
        sources = dict(self._fields["days_source"]._description_selection(self.env))
        for rule in self:
            if rule.trigger == "event":
                rule.timing = False
            elif rule.anchor == "week":
                rule.timing = weekdays[rule.weekday]
            elif rule.days_source == "contest":
                rule.timing = sources["contest"]
            else:
                # “14,3” would read as a fraction
                days = ", ".join(re.findall(r"\d+", rule.days or ""))
                rule.timing = (
                    self.env._("%s days before", days)
                    if rule.direction == "before"
                    else self.env._("%s days after", days)
                )

    # CONSTRAINT

    @api.constrains(
        "trigger", "audience", "anchor", "direction", "kind", "escalate_days"
    )
    def _check_sense(self):
        if self.filtered(lambda rule: rule.trigger == "event" and not rule.kind):
            raise ValidationError(self.env._("Say which kind of notice it is for."))
        for rule in self.filtered(lambda rule: rule.trigger == "date"):
            if not rule.audience or not rule.anchor:
                raise ValidationError(
                    rule.env._(
                        "Say whom “%s” is for and which date it is about.", rule.name
                    )
                )
            audience = rule._get_audience()
            anchors = audience._get_anchors()
            if rule.anchor not in anchors:
                raise ValidationError(
                    rule.env._(
                        "For this audience choose one of these dates: %s.",
                        ", ".join(anchor.label for anchor in anchors.values()),
                    )
                )
            if rule.direction == "after" and audience._only_before:
                raise ValidationError(
                    rule.env._(
                        "After the registration deadline a draft can't be submitted: "
                        "remind before it."
                    )
                )
            if rule.escalate_days and not audience._is_personal:
                raise ValidationError(
                    rule.env._(
                        "A unit head can be told of authors and of members with open "
                        "sheets, not of this audience."
                    )
                )

    @api.constrains("days", "days_source", "anchor", "trigger")
    def _check_days(self):
        for rule in self:
            if rule.trigger != "date" or rule.anchor == "week":
                continue
            days = self._parse_days(rule.days)
            if not days and rule.days_source == "rule":
                raise ValidationError(rule.env._("Give the days of “%s”.", rule.name))

    @api.constrains("subject", "body")
    def _check_placeholders(self):
        for rule in self:
            found = PLACEHOLDER.findall(f"{rule.subject or ''}{rule.body or ''}")
            unknown = [name for name in found if name not in PLACEHOLDERS]
            if unknown:
                raise ValidationError(
                    rule.env._(
                        "“{%(name)s}” can't be filled in. Use these: %(known)s.",
                        name=unknown[0],
                        known=", ".join(f"{{{name}}}" for name in PLACEHOLDERS),
                    )
                )

    # BUSINESS: LETTER

    def _fill(self, notice):
        """Return the rule's own subject and body, filled for a notice."""
        self.ensure_one()
        if not self.subject and is_html_empty(self.body):
            return {}
        # as the reader's language calls it
        record = self.env[notice.res_model].browse(notice.res_id)
        values = {
            "person": notice.partner_id.name or "",
            "contest": notice.contest_id.name or "",
            "record": notice._get_audience()._get_record_name(notice, record),
            "date": notice.with_env(self.env)._get_anchor_label(),
            "deadline": notice._format_deadline(),
            "link": f"{notice.get_base_url()}{notice._get_path()}",
        }
        texts = {}
        if self.subject:
            texts["subject"] = PLACEHOLDER.sub(
                lambda match: values[match[1]], self.subject
            )
        if not is_html_empty(self.body):
            texts["body_html"] = PLACEHOLDER.sub(
                lambda match: str(escape(values[match[1]])), str(self.body)
            )
        return texts

    def _get_outbox_values(self, now, company, contest=None, deadline=None):
        """Return the state and the time of sending of a new notice.

        It waits for the hours of the rule, unless its deadline would pass meanwhile.

        :param now: the moment from which it may go out (UTC)
        :param deadline: the moment by which it has to have gone out (UTC), if any
        """
        self.ensure_one()
        zone = ZoneInfo((contest and contest.tz) or company.partner_id.tz or DEFAULT_TZ)
        moment = now.replace(tzinfo=UTC).astimezone(zone)
        office = self._get_office(company, zone)
        allowed = working_days.fit_window(moment, self.hour_from, self.hour_to, office)
        if deadline and allowed >= deadline.replace(tzinfo=UTC) - working_days.MARGIN:
            allowed = moment
        return {
            "state": "held" if self.hold else "pending",
            "send_after": (
                allowed.astimezone(UTC).replace(tzinfo=None)
                if allowed > moment
                else False
            ),
        }

    def _get_office(self, company, zone):
        """Return the working days that the rule keeps to, or None."""
        self.ensure_one()
        return company._hoithi_get_working_days(zone) if self.working_days else None

    # BUSINESS: RULES

    @api.model
    def _get_event_rules(self, kinds):
        """Return the rules for what happens: {(kind, company id or False): rule}."""
        rules = self.search(
            [("trigger", "=", "event"), ("kind", "in", list(kinds))],
            order="sequence desc, id desc",
        )
        return {(rule.kind, rule.company_id.id): rule for rule in rules}

    def _get_company_domain(self):
        """Return the domain of the contests that the rule is for."""
        self.ensure_one()
        if self.company_id:
            return Domain("company_id", "=", self.company_id.id)
        own = self.with_context(active_test=False).search(
            [
                ("company_id", "!=", False),
                ("trigger", "=", self.trigger),
                ("audience", "=", self.audience),
                ("anchor", "=", self.anchor),
                ("direction", "=", self.direction),
            ]
        )
        return Domain("company_id", "not in", own.company_id.ids)

    def _get_audience(self):
        """Return the model of whom the rule is for, or nothing."""
        self.ensure_one()
        audiences = self.env["hoithi.notice.audience"]._get_audiences()
        return audiences.get(self.audience)

    def _get_anchor(self):
        """Return the date that the rule is about, or nothing."""
        audience = self._get_audience() if self else None
        return None if audience is None else audience._get_anchors().get(self.anchor)

    # BUSINESS: WHAT IS DUE

    def _get_due_facts(self, now):
        """Return the notices that are due at `now` (UTC) by this rule, as facts.

        :return: what `hoithi.notice._record` takes
        """
        self.ensure_one()
        audience = self._get_audience()
        if self.anchor == "week":
            return audience._get_weekly_facts(self, now)
        facts = []
        targets = audience._find(self)
        offices = {}
        for contest in {contest for contest, *_target in targets}:
            zone = ZoneInfo(contest.tz)
            offices[contest] = self._get_office(contest.company_id, zone)
        due, outbox = {}, {}
        for contest, _record, deadline, _partner in targets:
            key = contest, deadline
            if key not in due:
                due[key] = self._find_due_days(contest, deadline, now, offices[contest])
        told = [one for one in targets if due[one[0], one[2]] is not None and one[3]]
        for contest, record, deadline, partner in audience._gather(self, told, due):
            key = contest, deadline
            if key not in outbox:
                outbox[key] = self._get_outbox_values(
                    now,
                    contest.company_id,
                    contest,
                    deadline if self.direction == "before" else None,
                )
            facts.append(
                self.env["hoithi.notice"]._get_fact(
                    self.kind,
                    record,
                    partner,
                    self._get_occasion(deadline, due[key]),
                    rule_id=self.id,
                    deadline=deadline,
                    **outbox[key],
                )
            )
        if self.escalate_days:
            facts += self._get_escalation_facts(targets, now)
        return facts

    def _find_due_days(self, contest, deadline, now, office):
        if not deadline:
            return None
        if self._get_anchor().is_day and self.direction == "before":
            # the last day goes on until midnight, but reminders keep office hours
            local = moments.get_local(deadline, contest.tz)
            deadline = contest._get_work_end(local.date())
        days = (
            contest._get_reminder_days()
            if self.days_source == "contest"
            else self._parse_days(self.days)
        )
        return working_days.find_due(
            deadline.replace(tzinfo=UTC),
            now.replace(tzinfo=UTC),
            days,
            self.direction == "after",
            ZoneInfo(contest.tz),
            office,
            hours=(self.hour_from, self.hour_to),
        )

    def _get_occasion(self, deadline, days):
        sign = "-" if self.direction == "before" else "+"
        occasion = f"{deadline:%Y-%m-%d %H:%M} T{sign}{days}"
        several = len(self._get_audience()._get_anchors()) > 1
        return f"{self.anchor} {occasion}" if several else occasion

    @api.model
    def _parse_days(self, text):
        """Return the days of a list as “7,2,0”, fewest first.

        :raises ValidationError: where the text isn't one
        """
        try:
            days = sorted(
                {int(part) for part in (text or "").split(",") if part.strip()}
            )
        except ValueError:
            days = [-1]
        if days and days[0] < 0:
            raise ValidationError(
                self.env._("Write the reminder days as “7,2,0”, not “%s”.", text)
            )
        return days

    # BUSINESS: PEOPLE

    @api.model
    def _get_head(self, unit, persons=()):
        """Return the contact of who heads a unit and is none of `persons`."""
        while unit:
            manager = unit.manager_id
            head = manager.user_id.partner_id or manager.work_contact_id
            if head and head not in persons:
                return head
            unit = unit.parent_id
        return self.env["res.partner"]

    # BUSINESS: ESCALATION

    def _get_escalation_facts(self, targets, now):
        """Return a notice to the head of each person whose reminder went unheeded.

        It names the person and the deadline, not the entry: a head needn't know who
        reviews what.
        """
        waiting = {
            (record.id, partner): (contest, deadline)
            for contest, record, deadline, partner in targets
            if partner
        }
        sent = self.env["hoithi.notice"].search(
            [
                ("rule_id", "=", self.id),
                ("kind", "=", self.kind),
                ("state", "=", "sent"),
                ("res_id", "in", list({record_id for record_id, _person in waiting})),
            ]
        )
        late = {}
        offices = {}
        for notice in sent:
            contest, deadline = waiting.get(
                (notice.res_id, notice.partner_id), (None, None)
            )
            if not contest or notice.deadline != deadline:
                continue
            zone = ZoneInfo(contest.tz)
            if contest.company_id not in offices:
                offices[contest.company_id] = (
                    contest.company_id._hoithi_get_working_days(zone)
                )
            told = notice.sent_on.replace(tzinfo=UTC).astimezone(zone).date()
            today = now.replace(tzinfo=UTC).astimezone(zone).date()
            if today >= offices[contest.company_id].add(told, self.escalate_days):
                late[contest, notice.partner_id, deadline] = True
        return self._get_heads_facts(late, now)

    def _get_heads_facts(self, late, now):
        people = self.env["res.partner"].union(
            *(person for _contest, person, _deadline in late)
        )
        employees = self.env["hr.employee"].search(
            [
                "|",
                ("work_contact_id", "in", people.ids),
                ("user_id.partner_id", "in", people.ids),
            ]
        )
        units = {}
        for employee in employees:
            for person in employee.work_contact_id | employee.user_id.partner_id:
                units[person, employee.company_id] = employee.department_id
        facts = []
        for contest, person, deadline in late:
            head = self._get_head(units.get((person, contest.company_id)), person)
            if head:
                facts.append(
                    self.env["hoithi.notice"]._get_fact(
                        "escalation",
                        contest,
                        head,
                        f"{self.kind} {deadline:%Y-%m-%d %H:%M} #{person.id}",
                        rule_id=self.id,
                        deadline=deadline,
                        about_partner_id=person.id,
                        **self._get_outbox_values(now, contest.company_id, contest),
                    )
                )
        return facts
