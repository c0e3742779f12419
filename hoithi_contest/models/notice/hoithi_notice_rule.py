import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from markupsafe import escape

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import is_html_empty

from ...lib.guard import moments, working_days
from ...lib.guard.moments import DEFAULT_TZ
from ..guard.hoithi_states import PENDING, RUNNING, SCREENABLE

#: Anchors that are dates of the contest: the field, and the phases in which they count.
CONTEST_DATES = {
    "registration": ("registration_deadline", ("open",)),
    "screening": ("screening_deadline", SCREENABLE),
    "review": ("review_deadline", ("open", "screening", "review")),
    "province": ("province_deadline", (*RUNNING, "closed")),
    "report": ("report_deadline", (*RUNNING, "closed")),
    "campaign_start": ("date_start", ("open",)),
    "campaign_end": ("date_end", (*RUNNING, "closed")),
}
#: Anchors that are days, and last until their end.
DAY_ANCHORS = ("campaign_start", "campaign_end", "task_end")

#: Audience: the kind of its notice, and the anchors that make sense for it.
AUDIENCES = {
    "draft_authors": ("deadline", ("registration",)),
    "supplement_authors": ("supplement_deadline", ("supplement",)),
    "reviewers": ("review_deadline", ("review",)),
    "no_entry": ("no_entry", ("registration", "campaign_start", "campaign_end")),
    "silent_heads": (
        "silent_unit",
        ("registration", "campaign_start", "campaign_end"),
    ),
    "secretaries": ("milestone", ("week", *CONTEST_DATES)),
    "leaders": ("milestone", tuple(CONTEST_DATES)),
    "task_leads": ("task_due", ("task_end",)),
}
#: Audiences of one person each, whose unit head can be told: the states in which their
#: record waits for them, and where its deadline is.
WAITING = {
    "draft_authors": (("draft",), "contest_id.registration_deadline"),
    "supplement_authors": (("supplement",), "supplement_due"),
    "reviewers": (PENDING, "due_date"),
}
#: Audiences whose work ends with the deadline.
ONLY_BEFORE = ("draft_authors",)

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
    audience = fields.Selection(
        [
            ("draft_authors", "Authors of drafts"),
            ("supplement_authors", "Authors who owe a supplement"),
            ("reviewers", "Members with open sheets"),
            ("no_entry", "Staff without an entry"),
            ("silent_heads", "Heads of units without an entry"),
            ("secretaries", "Secretaries"),
            ("leaders", "Leaders"),
            ("task_leads", "Leads of open tasks"),
        ],
    )
    anchor = fields.Selection(
        [
            ("registration", "Registration deadline"),
            ("supplement", "Due date of a supplement"),
            ("screening", "Screening deadline"),
            ("review", "Review deadline"),
            ("province", "Deadline of the province"),
            ("report", "Report deadline"),
            ("campaign_start", "First day of the campaign"),
            ("campaign_end", "Last day of the campaign"),
            ("task_end", "Last day of a task"),
            ("week", "Every week"),
        ],
        string="Date",
    )
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

    # COMPUTE

    @api.depends("trigger", "audience", "anchor", "direction")
    def _compute_kind(self):
        for rule in self:
            if rule.trigger == "date" and rule.audience:
                kind, _anchors = AUDIENCES[rule.audience]
                if rule.anchor == "week":
                    kind = "digest"
                elif kind == "task_due" and rule.direction == "after":
                    kind = "task_overdue"
                rule.kind = kind

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
            _kind, anchors = AUDIENCES[rule.audience]
            if rule.anchor not in anchors:
                labels = dict(rule._fields["anchor"]._description_selection(rule.env))
                raise ValidationError(
                    rule.env._(
                        "For this audience choose one of these dates: %s.",
                        ", ".join(labels[anchor] for anchor in anchors),
                    )
                )
            if rule.direction == "after" and rule.audience in ONLY_BEFORE:
                raise ValidationError(
                    rule.env._(
                        "After the registration deadline a draft can't be submitted: "
                        "remind before it."
                    )
                )
            if rule.escalate_days and rule.audience not in WAITING:
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
            days = self.env["hoithi.contest"]._parse_reminder_days(rule.days)
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
        record = notice.env[notice.res_model].browse(notice.res_id)
        values = {
            "person": notice.partner_id.name or "",
            "contest": notice.contest_id.name or "",
            "record": record.display_name or "",
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

    def _get_outbox_values(self, now, company, contest=None):
        """Return the state and the time of sending of a new notice.

        :param now: the present moment (UTC)
        """
        self.ensure_one()
        zone = ZoneInfo((contest and contest.tz) or company.partner_id.tz or DEFAULT_TZ)
        moment = now.replace(tzinfo=UTC).astimezone(zone)
        office = self._get_office(company, zone)
        allowed = working_days.fit_window(moment, self.hour_from, self.hour_to, office)
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

    def _get_contests(self, states):
        """Return the contests that the rule is for."""
        self.ensure_one()
        domain = [("state", "in", states)]
        if self.company_id:
            domain.append(("company_id", "=", self.company_id.id))
        else:
            own = self.with_context(active_test=False).search(
                [
                    ("company_id", "!=", False),
                    ("trigger", "=", self.trigger),
                    ("audience", "=", self.audience),
                    ("anchor", "=", self.anchor),
                    ("direction", "=", self.direction),
                ]
            )
            domain.append(("company_id", "not in", own.company_id.ids))
        return self.env["hoithi.contest"].search(domain)

    # BUSINESS: WHAT IS DUE

    def _get_due_facts(self, now):
        """Return the notices that are due at `now` (UTC) by this rule, as facts.

        :return: what `hoithi.notice._record` takes
        """
        self.ensure_one()
        if self.anchor == "week":
            return self._get_digest_facts(now)
        facts = []
        targets = getattr(self, f"_find_{self.audience}")()
        offices, outbox = {}, {}
        for contest in {contest for contest, *_target in targets}:
            zone = ZoneInfo(contest.tz)
            offices[contest] = self._get_office(contest.company_id, zone)
            outbox[contest] = self._get_outbox_values(now, contest.company_id, contest)
        due = {}
        for contest, record, deadline, partner in targets:
            key = contest, deadline
            if key not in due:
                due[key] = self._find_due_days(contest, deadline, now, offices[contest])
            if due[key] is None or not partner:
                continue
            facts.append(
                self.env["hoithi.notice"]._get_fact(
                    self.kind,
                    record,
                    partner,
                    self._get_occasion(deadline, due[key]),
                    rule_id=self.id,
                    deadline=deadline,
                    **outbox[contest],
                )
            )
        if self.escalate_days:
            facts += self._get_escalation_facts(targets, now)
        return facts

    def _find_due_days(self, contest, deadline, now, office):
        if not deadline:
            return None
        if self.anchor in DAY_ANCHORS and self.direction == "before":
            # the last day goes on until midnight, but reminders keep office hours
            local = moments.get_local(deadline, contest.tz)
            deadline = contest._get_work_end(local.date())
        days = (
            contest._get_reminder_days()
            if self.days_source == "contest"
            else self.env["hoithi.contest"]._parse_reminder_days(self.days)
        )
        return working_days.find_due(
            deadline.replace(tzinfo=UTC),
            now.replace(tzinfo=UTC),
            days,
            self.direction == "after",
            ZoneInfo(contest.tz),
            office,
        )

    def _get_occasion(self, deadline, days):
        sign = "-" if self.direction == "before" else "+"
        occasion = f"{deadline:%Y-%m-%d %H:%M} T{sign}{days}"
        several = len(AUDIENCES[self.audience][1]) > 1
        return f"{self.anchor} {occasion}" if several else occasion

    def _get_contest_moments(self):
        """Return (contest, moment of the anchor in UTC) for the rule's contests."""
        name, states = CONTEST_DATES[self.anchor]
        dated = []
        for contest in self._get_contests(states):
            moment = contest[name]
            if moment and not isinstance(moment, datetime):
                moment = contest._get_day_end(moment)
            if moment:
                dated.append((contest, moment))
        return dated

    # Each of these returns (contest, record, deadline, partner) for what is open now.

    def _find_draft_authors(self):
        contests = self._get_contests(("open",))
        entries = self.env["hoithi.entry"].search(
            [("state", "=", "draft"), ("contest_id", "in", contests.ids)]
        )
        return [
            (
                entry.contest_id,
                entry,
                entry.contest_id.registration_deadline,
                entry.representative_id.partner_id,
            )
            for entry in entries
        ]

    def _find_supplement_authors(self):
        contests = self._get_contests(SCREENABLE)
        entries = self.env["hoithi.entry"].search(
            [("state", "=", "supplement"), ("contest_id", "in", contests.ids)]
        )
        return [
            (
                entry.contest_id,
                entry,
                entry.supplement_due,
                entry.representative_id.partner_id,
            )
            for entry in entries
        ]

    def _find_reviewers(self):
        contests = self._get_contests(("review",))
        reviews = self.env["hoithi.review"].search(
            [
                ("state", "in", PENDING),
                ("contest_id", "in", contests.ids),
            ]
        )
        return [
            (review.contest_id, review, review.due_date, review.user_id.partner_id)
            for review in reviews
        ]

    def _find_no_entry(self):
        return [
            (contest, contest, moment, partner)
            for contest, moment in self._get_contest_moments()
            for partner in self._get_staff_without_entry(contest)
        ]

    def _find_silent_heads(self):
        return [
            (contest, contest, moment, head)
            for contest, moment in self._get_contest_moments()
            for head in self._get_silent_units(contest)
        ]

    def _find_secretaries(self):
        return [
            (contest, contest, moment, partner)
            for contest, moment in self._get_contest_moments()
            for partner in contest.secretary_ids.partner_id
        ]

    def _find_leaders(self):
        leaders = self.env.ref("hoithi_contest.group_leader").all_user_ids
        return [
            (contest, contest, moment, user.partner_id)
            for contest, moment in self._get_contest_moments()
            for user in leaders
            if contest.company_id in user.company_ids
        ]

    def _find_task_leads(self):
        tasks = self.env["hoithi.plan.task"].search(
            [
                ("contest_id", "in", self._get_contests(RUNNING).ids),
                ("progress", "!=", "done"),
                ("date_end", "!=", False),
            ]
        )
        heads = tasks._get_head_partners()
        targets = []
        for task in tasks:
            secretaries = task.contest_id.secretary_ids.partner_id
            partners = heads.get(task) or secretaries
            if self.direction == "after":
                partners |= secretaries
            targets += [
                (task.contest_id, task, task._get_end(), partner)
                for partner in partners
            ]
        return targets

    def _is_still_due(self, notice):
        """Tell whether what a waiting notice reminds of is still open."""
        self.ensure_one()
        if self.audience in WAITING:
            record = notice._get_record()
            states, path = WAITING[self.audience]
            # with another deadline it is reminded of anew
            return record.state in states and record.mapped(path) == [notice.deadline]
        if self.audience == "task_leads":
            task = notice._get_record()
            return task.progress != "done" and task._get_end() == notice.deadline
        if self.audience == "no_entry":
            return not self.env["hoithi.entry.author"].search_count(
                [
                    ("entry_id.contest_id", "=", notice.contest_id.id),
                    ("entry_id.state", "!=", "withdrawn"),
                    ("partner_id", "=", notice.partner_id.id),
                ],
                limit=1,
            )
        if self.audience == "silent_heads":
            return notice.partner_id in self._get_silent_units(notice.contest_id)
        return True

    # BUSINESS: PEOPLE

    def _get_staff_without_entry(self, contest):
        """Return the contacts of the staff who take part in no entry of a contest."""
        employees = self.env["hr.employee"].search_fetch(
            [
                ("company_id", "=", contest.company_id.id),
                ("work_contact_id", "!=", False),
            ],
            ["work_contact_id"],
        )
        authors = self.env["hoithi.entry.author"].search_fetch(
            [
                ("entry_id.contest_id", "=", contest.id),
                ("entry_id.state", "!=", "withdrawn"),
            ],
            ["employee_id", "partner_id"],
        )
        silent = employees - authors.employee_id
        return silent.work_contact_id - authors.partner_id

    def _get_silent_units(self, contest):
        """Return the units without a submitted entry by their heads' contacts.

        A unit counts with its sub-units; one without staff isn't silent but empty.
        Where it has no head, the head of the unit above it is told.

        :return: {partner: departments}
        """
        units = self.env["hr.department"].search_fetch(
            [("company_id", "=", contest.company_id.id)],
            ["parent_id", "manager_id", "name"],
        )
        staffed = self.env["hr.employee"]._read_group(
            [("department_id", "in", units.ids)], ["department_id"]
        )
        active = self.env["hoithi.figures"]._count_entries(
            contest, ("competing",), ["department_id"]
        )
        heard = units.browse()
        for [unit] in active:
            while unit and unit not in heard:
                heard |= unit
                unit = unit.parent_id
        heads = {}
        for [unit] in staffed:
            head = unit not in heard and self._get_head(unit)
            if head:
                heads[head] = heads.get(head, units.browse()) | unit
        return heads

    def _get_head(self, unit, person=None):
        """Return the contact of who heads a unit, other than `person`."""
        while unit:
            manager = unit.manager_id
            head = manager.user_id.partner_id or manager.work_contact_id
            if head and head != person:
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

    # BUSINESS: DIGEST

    def _get_digest_facts(self, now):
        """Return one digest for each secretary with pending work, from its weekday on.

        The occasion is the ISO week: after an outage it comes later, never twice.
        """
        facts = []
        contests = self._get_contests(RUNNING)
        for company, group in contests.grouped("company_id").items():
            zone = ZoneInfo(group[0].tz)
            local = now.replace(tzinfo=UTC).astimezone(zone)
            day = local.date() - timedelta(days=local.weekday() - int(self.weekday))
            office = self._get_office(company, zone)
            if office:
                day = office.get_following(day)
            if local.date() < day:
                continue
            week = local.date().isocalendar()
            busy = group.browse(
                contest.id
                for contest, counts in self._count_pending(group).items()
                if any(counts.values())
            )
            facts += [
                self.env["hoithi.notice"]._get_fact(
                    "digest",
                    company,
                    partner,
                    f"{week.year}-W{week.week:02}",
                    rule_id=self.id,
                    **self._get_outbox_values(now, company, group[0]),
                )
                for partner in busy.secretary_ids.partner_id
            ]
        return facts

    @api.model
    def _count_pending(self, contests):
        """Return what waits for the secretaries: {contest: {name: count}}."""
        counts = {contest: {} for contest in contests}
        now = fields.Datetime.now()
        running = [("contest_id", "in", contests.ids)]
        open_sheets = [*running, ("state", "in", PENDING)]
        # as the contest's board shows them
        for (contest,), row in (
            self.env["hoithi.figures"]
            ._count_entries(contests, ("unscreened",), ["contest_id"])
            .items()
        ):
            counts[contest] |= row
        for model, name, domain in (
            ("hoithi.entry", "supplement", [*running, ("state", "=", "supplement")]),
            ("hoithi.review", "sheet", open_sheets),
            ("hoithi.review", "overdue_sheet", [*open_sheets, ("due_date", "<", now)]),
            ("hoithi.adjudication", "adjudication", [*running, ("state", "=", "open")]),
            ("hoithi.notice", "held", [*running, ("state", "=", "held")]),
            ("hoithi.notice", "failed", [*running, ("state", "=", "failed")]),
        ):
            for contest, count in self.env[model]._read_group(
                domain, ["contest_id"], ["__count"]
            ):
                counts[contest][name] = count
        return counts
