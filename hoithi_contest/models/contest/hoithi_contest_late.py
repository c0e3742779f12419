from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..guard.hoithi_states import ADMITTING, BEFORE_COUNCIL, UNSCREENED

#: Key of those who are reminded as by the entry's own button, and by no schedule.
COAUTHORS = "unconfirmed_authors"

#: People and units that a line names; more are counted.
NAMED = 4


class HoithiContest(models.Model):
    """Whom a contest waits for, and the reminder that the secretary sends by hand."""

    _inherit = "hoithi.contest"

    # ACTION

    def action_remind(self, audience):
        """Remind those whom a contest waits for, once a day each.

        The letters are those of the schedule and go out as its rule says; until then
        the outbox holds, changes or cancels them.

        :param audience: key of an audience of reminders about this phase
        :return: a notification that says how many are reminded
        :raises AccessError: for others than the secretary
        :raises UserError: where nobody of the audience is waited for
        """
        self.ensure_one()
        self.check_access("write")
        if not self._may_remind():
            raise AccessError(
                self.env._("The secretary of the contest sends reminders.")
            )
        if not isinstance(audience, str) or audience not in self._get_remindable():
            raise UserError(
                self.env._("In this phase nobody of this kind is waited for.")
            )
        notices = self._record_reminders(audience)
        count = len(notices.partner_id)
        # who has to do with an entry that a conflict hides isn't told here either
        shown = notices.with_env(self.env)._filtered_access("read")
        people = shown.partner_id.sudo().mapped("name")
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if count else "info",
                "message": self.env._(
                    "%(number)s people are reminded: %(names)s. Until they leave, the "
                    "letters can be changed or cancelled in the outbox.",
                    number=count,
                    names=self._join_some(people) or "–",
                )
                if count
                else self.env._("All of them were reminded today already."),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    # BUSINESS

    @api.model
    def _may_remind(self):
        return self.env.su or self.env.user.has_group("hoithi_contest.group_secretary")

    def _record_reminders(self, audience):
        """Record the letters of a reminder; who was reminded today gets none.

        :return: the new notices
        :raises UserError: where nobody is waited for
        """
        if audience == COAUTHORS:
            # as the schedule finds people, also those whose entry a conflict hides
            lines_sudo = self.env["hoithi.entry.author"].sudo()
            entries_sudo = lines_sudo.search(self._get_unconfirmed_domain()).entry_id
            if not entries_sudo:
                raise UserError(self.env._("Nobody is waited for any more."))
            waiting_sudo = entries_sudo._get_unconfirmed()
            if not (waiting_sudo.partner_id or waiting_sudo._get_linked()):
                raise UserError(
                    self.env._(
                        "None of them has a login or an e-mail address: call them."
                    )
                )
            return entries_sudo._record_share_reminders()
        targets = self._find_awaited(audience)
        if not targets and audience == "confirming_heads":
            # how many wait is no secret
            entries_sudo = self.env["hoithi.entry"].sudo()
            if entries_sudo.search_count(self._get_unapplied_domain(), limit=1):
                raise UserError(
                    self.env._(
                        "Nobody is on record who heads these units: enter their heads, "
                        "or call."
                    )
                )
        if not targets:
            raise UserError(self.env._("Nobody is waited for any more."))
        rule = self._get_reminder_rule(audience)
        now = fields.Datetime.now()
        return self.env["hoithi.notice"]._record(
            [
                self.env["hoithi.notice"]._get_fact(
                    rule.kind,
                    record,
                    partner,
                    f"{self._get_today()} *",
                    rule_id=rule._origin.id,
                    deadline=deadline,
                    **rule._get_outbox_values(now, self.company_id, self, deadline),
                )
                for _contest, record, deadline, partner in rule._get_audience()._gather(
                    rule, targets
                )
            ]
        )

    def _get_unconfirmed_domain(self):
        """Return which co-authors haven't confirmed their share of what is screened."""
        return [
            ("entry_id.contest_id", "in", self.ids),
            ("entry_id.state", "in", self._get_confirmed_states()),
            ("is_representative", "=", False),
            ("confirmed_on", "=", False),
            ("declined_on", "=", False),
        ]

    def _get_unapplied_domain(self):
        """Return which entries wait for the heads of their units to confirm them."""
        return [
            ("contest_id", "in", self.ids),
            ("state", "in", self._get_confirmed_states()),
            ("unit_confirmed_on", "=", False),
            ("department_id", "!=", False),
        ]

    def _get_confirmed_states(self):
        """Return in which states shares and applications are waited for.

        Once the review has begun these are of what came in by a decision.
        """
        return UNSCREENED if self.state == "review" else ADMITTING

    def _get_remindable(self):
        """Hook: return the keys of the audiences that may be reminded now."""
        self.ensure_one()
        keys = set()
        if self.state == "open":
            keys |= {"draft_authors", "silent_heads"}
        if self.state in BEFORE_COUNCIL:
            keys |= {"confirming_heads", COAUTHORS, "supplement_authors"}
        return keys

    @api.model
    def _get_reminder_direction(self, audience):
        """Hook: return whether a reminder by hand has the letter before or after."""
        return "before"

    def _get_reminder_rule(self, audience):
        """Return the rule of the schedule whose letter is sent, or one like it."""
        # who reminds needn't manage the schedule
        rules_sudo = self.env["hoithi.notice.rule"].sudo()
        rule_sudo = rules_sudo.search(
            [
                ("trigger", "=", "date"),
                ("audience", "=", audience),
                ("company_id", "in", [False, self.company_id.id]),
            ],
            order="company_id, sequence, id",
        )
        direction = self._get_reminder_direction(audience)
        # those of the department come first, and of these that of the direction
        rule_sudo = rule_sudo.sorted(
            lambda rule: (not rule.company_id, rule.direction != direction)
        )[:1]
        if rule_sudo:
            return rule_sudo
        model = self.env[f"hoithi.notice.audience.{audience}"]
        return rules_sudo.new(
            {
                "name": model._get_label(),
                "trigger": "date",
                "audience": audience,
                "anchor": next(iter(model._get_anchors())),
                "direction": direction,
                "company_id": self.company_id.id,
            }
        )

    def _find_awaited(self, audience):
        """Return whom the contest waits for: (contest, record, deadline, partner)."""
        # as the schedule finds them, also those whose entry a conflict hides
        model_sudo = self.env[f"hoithi.notice.audience.{audience}"].sudo()
        known = self._get_reminder_rule(audience)
        # also where the department has the schedule silent
        rule = known.new(
            {
                "trigger": "date",
                "audience": audience,
                "anchor": known.anchor,
                "direction": known.direction,
                "company_id": self.company_id.id,
            }
        )
        return [
            target
            for target in model_sudo._find(rule)
            if target[0] == self and target[3]
        ]

    def _get_late(self):
        """Hook: return whom the contest waits for, a dictionary each.

        `key` is the audience of a reminder, `text` says who, `note` more of it, and
        `is_late` whether a date has passed.
        """
        self.ensure_one()
        late = []
        counts = self._count_states()
        if self.state == "open":
            # an entry that a conflict hides is one of its unit all the same
            heads_sudo = self.env["hoithi.notice.audience.silent_heads"].sudo()
            units = [
                unit.name
                for units in heads_sudo._get_units(self).values()
                for unit in units
            ]
            if units:
                late.append(
                    {
                        "key": "silent_heads",
                        "text": self.env._("%s units without an entry", len(units)),
                        "note": self._join_some(units),
                        "is_late": False,
                    }
                )
            if counts.get("draft"):
                late.append(
                    {
                        "key": "draft_authors",
                        "text": self.env._("%s drafts not submitted", counts["draft"]),
                        "note": self.env._(
                            "until %s", self._format_moment(self.registration_deadline)
                        ),
                        "is_late": False,
                    }
                )
        if self.state in BEFORE_COUNCIL and counts.get("supplement"):
            # how many are overdue is no secret, as how many there are
            overdue = (
                self.env["hoithi.entry"]
                .sudo()
                .search_count(
                    [
                        ("contest_id", "=", self.id),
                        ("state", "=", "supplement"),
                        ("supplement_due", "<", fields.Datetime.now()),
                    ]
                )
            )
            late.append(
                {
                    "key": "supplement_authors",
                    "text": self.env._(
                        "%s supplements not handed in", counts["supplement"]
                    ),
                    "note": self.env._("%s of them overdue", overdue)
                    if overdue
                    else "",
                    "is_late": bool(overdue),
                }
            )
        if self.state in BEFORE_COUNCIL:
            late += self._get_unconfirmed_lines()
        return late

    def _get_unconfirmed_lines(self):
        """Return what co-authors and heads of units haven't confirmed, a line each."""
        lines = []
        # how many there are is no secret, whose entry a conflict hides is
        authors_sudo = self.env["hoithi.entry.author"].sudo()
        [(people, entries)] = authors_sudo._read_group(
            self._get_unconfirmed_domain(),
            aggregates=["__count", "entry_id:count_distinct"],
        )
        if people:
            lines.append(
                {
                    "key": COAUTHORS,
                    "text": self.env._("%s shares of co-authors to confirm", people),
                    "note": self.env._("in %s entries", entries),
                    "is_late": self._is_past(self.registration_deadline),
                }
            )
        # how many wait is for the Office, of entries that it mayn't read as well
        entries_sudo = self.env["hoithi.entry"].sudo()
        waiting = entries_sudo._read_group(
            self._get_unapplied_domain(), ["department_id"], ["__count"]
        )
        if waiting:
            lines.append(
                {
                    "key": "confirming_heads",
                    "text": self.env._(
                        "%s entries to be confirmed by the heads of their units",
                        sum(number for _unit, number in waiting),
                    ),
                    "note": self._join_some(
                        [f"{unit.name} {number}" for unit, number in waiting]
                    ),
                    "is_late": self._is_past(self.screening_deadline),
                }
            )
        return lines

    def _get_late_lines(self):
        """Return whom the contest waits for, and when each group was reminded last.

        The leader sees it too; the secretary alone reminds.
        """
        self.ensure_one()
        late = self._get_late()
        kinds = {}
        for line in late:
            model = self.env.get(f"hoithi.notice.audience.{line['key']}")
            if model is not None:
                kinds[line["key"]] = list(model._get_kinds())
            elif line["key"] == COAUTHORS:
                kinds[COAUTHORS] = ["share", "share_link"]
        # when, not who: the ledger of notices is no secret to who reminds
        rows_sudo = self.env["hoithi.notice"].sudo()
        told = dict(
            rows_sudo._read_group(
                [
                    ("contest_id", "=", self.id),
                    ("kind", "in", [k for names in kinds.values() for k in names]),
                    ("state", "!=", "cancelled"),
                    # that a share is to be confirmed is told before it is reminded of
                    "|",
                    ("kind", "not in", ["share", "share_link"]),
                    ("occasion", "=like", "reminder %"),
                ],
                ["kind"],
                ["create_date:max"],
            )
            if kinds
            else []
        )
        remindable = self._get_remindable() if self._may_remind() else ()
        for line in late:
            moments = [told[k] for k in kinds.get(line["key"], ()) if k in told]
            line["reminded"] = (
                self.env._("reminded %s", self._format_moment(max(moments)))
                if moments
                else self.env._("not reminded yet")
            )
            line["can_remind"] = line["key"] in remindable
        return late

    def _join_some(self, names):
        """Return some names for a line; the others are counted."""
        shown = " · ".join(names[:NAMED])
        if len(names) <= NAMED:
            return shown
        return self.env._(
            "%(names)s, and %(number)s more", names=shown, number=len(names) - NAMED
        )
