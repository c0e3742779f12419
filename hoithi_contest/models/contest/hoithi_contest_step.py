from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import NO_ACCESS

from ...lib.contest.steps import BLOCK, DONE, STEPS, WAIVED, WARN, Act, Check, is_free
from ...lib.guard import moments
from ..guard.hoithi_states import (
    BEFORE_COUNCIL,
    COMPETING,
    ELIGIBLE,
    RUNNING,
    UNDECIDED,
    UNSCREENED,
)

SECRETARY = "hoithi_contest.group_secretary"


class HoithiContest(models.Model):
    """The way of a contest: what to do next, what the next phase asks for, and what
    stands in its way.

    One description serves the home, the contest's form and the dialogs. Each room adds
    its checks to the hook of a step, and its acts to `_get_next_acts`.
    """

    _inherit = "hoithi.contest"

    waiver_ids = fields.One2many(
        "hoithi.closing.waiver",
        "contest_id",
        string="Waived before the end",
        groups="hoithi_contest.group_secretary,hoithi_contest.group_leader",
    )
    next_step = fields.Json(
        compute="_compute_next_step", groups=SECRETARY, exportable=False
    )
    closing_list = fields.Json(
        compute="_compute_closing_list", groups=SECRETARY, exportable=False
    )

    # asked for by many checks of one page, and each answer would count every entry: how
    # many are in a state, and how many of these were ever submitted
    state_counts = fields.Json(
        compute="_compute_state_counts",
        compute_sudo=True,
        groups=NO_ACCESS,
        exportable=False,
        export_string_translation=False,
    )

    # COMPUTE

    @api.depends("entry_ids.state", "entry_ids.active", "entry_ids.submitted_on")
    def _compute_state_counts(self):
        counts = {}
        figures = self.env["hoithi.figures"]
        for contest, state, *numbers in figures._read_by_state(self._origin):
            counts.setdefault(contest, {})[state] = numbers
        for contest in self:
            contest.state_counts = counts.get(contest._origin, {})

    @api.depends_context("uid", "lang")
    def _compute_next_step(self):
        for contest in self:
            contest.next_step = contest._origin and contest._origin._get_way()

    @api.depends_context("uid", "lang")
    def _compute_closing_list(self):
        for contest in self:
            checks = contest._origin and contest._origin._get_checks("closed") or []
            items = [check for check in checks if check.key]
            others = [
                check for check in checks if not check.key and check.severity == BLOCK
            ]
            missing = [c for c in (*others, *items) if c.severity == BLOCK]
            contest.closing_list = {
                "items": [check._asdict() for check in (*others, *items)],
                "done": sum(check.severity == DONE for check in items),
                "waived": sum(check.severity == WAIVED for check in items),
                "missing": len(missing),
                "next": missing[0]._asdict() if missing else None,
                "effects": contest._get_step_effects("closed"),
                "can_close": contest.state == "council" and not missing,
                "is_over": contest.is_over,
            }

    # ACTION

    def action_ask_launch(self):
        """Show what the launch does and what is missing, then ask."""
        return self._ask_step("open")

    def action_ask_close_registration(self):
        """Show what closing the registration does, then ask; early for a reason too."""
        return self._ask_step("screening")

    def action_ask_start_review(self):
        """Show what the start of the review does and what keeps it, then ask."""
        return self._ask_step("review")

    def action_ask_start_council(self):
        """Show what the start of the council does and what keeps it, then ask."""
        return self._ask_step("council")

    def action_view_closing(self):
        """Open the list of what is to be in order before the contest is closed."""
        self.ensure_one()
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Closing the Contest"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [
                (self.env.ref("hoithi_contest.hoithi_contest_view_closing").id, "form")
            ],
        }

    def action_ask_waive_closing(self, key):
        """Open the dialog that asks for what `action_waive_closing` needs."""
        self.ensure_one()
        self._check_waivable(key)
        action = self._ask_reason(
            "action_waive_closing", self.env._("Why It Isn't Needed")
        )
        action["context"] = {"hoithi_waived": key}
        return action

    def action_waive_closing(self, key=None, reason=None):
        """Do without something of the list before the end of the contest.

        Said again, the new reason takes the place of the old one; the history keeps
        both.

        :param key: what is waived, a `key` of :meth:`_get_closing_gaps`
        :param reason: kept with the contest, and told in its history
        :raises UserError: for what the list doesn't have, or what is done
        """
        for contest in self:
            item = key or self.env.context.get("hoithi_waived")
            check = contest._check_waivable(item)
            text = self._clean_reason(reason)
            # the row comes about by this act alone
            waivers_sudo = self.env["hoithi.closing.waiver"].sudo()._open_door()
            waivers_sudo._waive(contest, item, text)
            contest._message_act(
                body=self.env._(
                    "“%(item)s” is waived before the end: %(reason)s",
                    item=check.text,
                    reason=text,
                )
            )
        return True

    # BUSINESS: CHECKS

    @api.model
    def _get_reason_methods(self):
        return super()._get_reason_methods() | {"action_waive_closing"}

    def _get_target(self):
        """Return the phase that comes next, or nothing."""
        self.ensure_one()
        return {
            "draft": "open",
            "open": "screening",
            "screening": "council" if self.mode == "nominate_only" else "review",
            "review": "council",
            "council": "closed",
        }.get(self.state)

    def _get_checks(self, target):
        """Return what the step to a phase asks for, what blocks first."""
        self.ensure_one()
        checks = getattr(self, STEPS[target].checks)()
        order = (BLOCK, WARN, WAIVED, DONE)
        return sorted(checks, key=lambda check: order.index(check.severity))

    def _get_launch_checks(self):
        """Return what the launch asks for: what is missing, and what to look at."""
        # without a mail server nobody hears of the launch
        mails = [Check(WARN, text) for text in self.company_id._get_mail_problems()]
        if twice := self._tell_same_edition():
            field = {"field": "edition_number", "page": ""}
            mails.append(Check(WARN, twice, self.env._("Change it"), field))
        return [*self._get_launch_gaps(), *mails, *self._get_warnings()]

    def _get_warnings(self):
        self.ensure_one()
        return [
            Check(WARN, text, self.env._("Dates"), {"page": "dates"})
            for text in self._get_date_warnings()
        ]

    def _get_screening_checks(self):
        """Return what the end of registration asks for; nothing ever blocks it."""
        drafts = self._count_states().get("draft", 0)
        checks = []
        if drafts:
            checks.append(
                Check(
                    WARN,
                    self.env._("%s drafts aren't submitted: they stay out", drafts),
                    self.env._("Remind the authors"),
                    {"method": "action_remind", "args": ["draft_authors"]},
                )
            )
        return [*checks, *self._get_warnings()]

    def _get_review_checks(self):
        """Return what the start of the review asks for."""
        return self._get_screened_checks()

    def _get_council_checks(self):
        """Return what the start of the council asks for."""
        return self._get_screened_checks()

    def _get_cancel_checks(self):
        """Return what should be seen before the contest is called off."""
        self.ensure_one()
        counts = self._count_states()
        handed_in = sum(counts.get(state, 0) for state in COMPETING)
        if not handed_in:
            return []
        return [
            Check(
                WARN,
                self.env._(
                    "%s entries were handed in, nobody decides on them", handed_in
                ),
                self.env._("Open"),
                self._get_entries_target(),
            )
        ]

    def _get_screened_checks(self):
        self.ensure_one()
        counts = self._count_states()
        pending = sum(counts.get(state, 0) for state in UNSCREENED)
        if pending:
            own = self._count_states(readable=True)
            hidden = pending - sum(own.get(state, 0) for state in UNSCREENED)
            return [
                *self._get_paper_checks(),
                Check(
                    BLOCK,
                    self.env._(
                        "%(number)s entries aren't screened, %(hidden)s of them are "
                        "for another secretary to screen",
                        number=pending,
                        hidden=hidden,
                    )
                    if hidden > 0
                    else self.env._("%s entries aren't screened", pending),
                    self.env._("Screen"),
                    self._get_entries_target("to_screen", "supplement"),
                ),
            ]
        eligible = sum(counts.get(state, 0) for state in ELIGIBLE)
        return [
            *self._get_paper_checks(),
            Check(DONE, self.env._("All screened, %s eligible", eligible)),
        ]

    def _get_paper_checks(self):
        """Return what is still to be keyed in of papers that came."""
        self.ensure_one()
        # how many there are, whoever may read them
        papers_sudo = (
            self.env["hoithi.entry"]
            .sudo()
            .search(
                [
                    ("contest_id", "=", self.id),
                    ("state", "=", "draft"),
                    ("paper_received_on", "!=", False),
                ]
            )
        )
        waiting = len(papers_sudo.filtered(lambda entry: entry._is_screening_open()))
        missed = len(papers_sudo) - waiting
        target = self._get_entries_target("on_paper")
        checks = []
        if waiting:
            text = self.env._(
                "%s paper dossiers aren't handed in yet: they stay out", waiting
            )
            checks.append(Check(WARN, text, self.env._("Complete them"), target))
        if missed:
            text = self.env._(
                "%s paper dossiers weren't keyed in before the review: take them in "
                "anew by a decision, and withdraw these drafts",
                missed,
            )
            checks.append(Check(WARN, text, self.env._("Open"), target))
        return checks

    def _get_closing_gaps(self):
        """Return what is to be in order before the contest is closed.

        What bears a key may be waived with a reason.
        """
        self.ensure_one()
        counts = self._count_states()
        waiting = sum(counts.get(state, 0) for state in UNDECIDED)
        if not waiting:
            return []
        return [
            Check(
                BLOCK,
                self.env._("%s entries aren't decided or not yet nominated", waiting),
                self.env._("Open"),
                self._get_entries_target("undecided"),
            )
        ]

    def _get_item(self, key, text, done, note, action, target):
        """Return a line of the list before the end, with its waiver if it has one."""
        self.ensure_one()
        if done:
            return Check(DONE, text, self.env._("Open"), target, note, key)
        # who may close sees what was waived
        waiver = self.waiver_ids.filtered(lambda waiver: waiver.item == key)[:1]
        if not waiver:
            return Check(BLOCK, text, action, target, note, key)
        return Check(
            WAIVED,
            text,
            action,
            target,
            self.env._(
                "Waived: %(reason)s · %(who)s, %(day)s",
                reason=waiver.reason,
                who=waiver.sudo().user_id.name,
                day=self._format_moment(waiver.waived_on),
            ),
            key,
        )

    def _check_closing(self):
        """Refuse the end while something is neither in order nor waived.

        :raises UserError: with all that is open
        """
        for contest in self:
            missing = [c for c in contest._get_closing_gaps() if c.severity == BLOCK]
            if missing:
                raise UserError(
                    "\n".join(
                        [
                            self.env._(
                                "“%s” can't be closed yet. Do these, or waive them "
                                "with a reason:",
                                contest.name,
                            ),
                            *(
                                "- " + " – ".join(filter(None, [c.text, c.note]))
                                for c in missing
                            ),
                        ]
                    )
                )

    def _check_waivable(self, key):
        self.ensure_one()
        self.check_access("write")
        if not self.env.su and not self.env.user.has_group(SECRETARY):
            raise AccessError(
                self.env._("The secretary of the contest says what isn't needed.")
            )
        if self.state != "council":
            raise UserError(
                self.env._(
                    "What isn't needed before the end of “%s” is said in its last "
                    "phase.",
                    self.name,
                )
            )
        items = {check.key: check for check in self._get_closing_gaps() if check.key}
        check = items.get(key) if isinstance(key, str) else None
        if check is None:
            raise UserError(self.env._("The list before the end has no such item."))
        if check.severity == DONE:
            raise UserError(self.env._("“%s” is done already.", check.text))
        return check

    # BUSINESS: NEXT ACT

    def _get_next_acts(self):
        """Hook: return what there is to do now, see `Act`; the lowest rank is first."""
        self.ensure_one()
        counts = self._count_states()
        acts = []
        if self.state in BEFORE_COUNCIL:
            # what a conflict hides is another secretary's to screen
            fresh = self._count_states(readable=True).get("submitted", 0)
            if fresh:
                acts.append(
                    Act(
                        10,
                        self.env._("Screen %s submitted entries", fresh),
                        self.env._(
                            "Screened early, their authors have time for a supplement."
                        ),
                        self.env._("Open the board of entries"),
                        self._get_entries_target("to_screen"),
                    )
                )
            owed = counts.get("supplement", 0)
            if owed:
                acts.append(
                    Act(
                        40,
                        self.env._("Remind of %s supplements", owed),
                        self.env._(
                            "Their authors have been asked and haven't answered."
                        ),
                        self.env._("Send the reminder"),
                        {"method": "action_remind", "args": ["supplement_authors"]},
                    )
                )
        if self.state == "closed" and not self._has_following():
            acts.append(
                Act(
                    50,
                    self.env._("Prepare the next edition"),
                    self.env._(
                        "It takes along rules, plan and recipients of this one."
                    ),
                    self.env._("Prepare the next edition") + "…",
                    {"method": "action_prepare_next_edition"},
                )
            )
        if self.state == "open" and counts.get("draft"):
            acts.append(
                Act(
                    50,
                    self.env._("Remind the authors of %s drafts", counts["draft"]),
                    self.env._(
                        "What isn't submitted until %s stays out.",
                        self._format_moment(self.registration_deadline),
                    ),
                    self.env._("Send the reminder"),
                    {"method": "action_remind", "args": ["draft_authors"]},
                )
            )
        return acts

    def _has_following(self):
        """Tell whether the department prepares or holds another contest."""
        return bool(
            self.search_count(
                [
                    ("company_id", "=", self.company_id.id),
                    ("state", "in", ("draft", *RUNNING)),
                ],
                limit=1,
            )
        )

    def _get_next_act(self, checks=None):
        """Return the one next act, or nothing where nothing waits.

        The step itself is the next act only where nothing blocks it and its announced
        date has come; the last step never is.

        :param checks: what the next phase asks for, where that was looked at already
        """
        self.ensure_one()
        acts = sorted(self._get_next_acts(), key=lambda act: act.rank)
        if acts:
            return acts[0]
        target = self._get_target()
        if not target:
            return None
        if target == "closed":
            return Act(
                90,
                self.env._("Go through the list before the end"),
                self.env._("Papers, report and evidence, each done or waived."),
                self.env._("Open the list"),
                {"method": STEPS[target].ask},
            )
        if checks is None:
            checks = self._get_checks(target)
        if not is_free(checks):
            block = checks[0]
            return Act(
                60,
                self.env._("Still missing: %s", block.text),
                "",
                block.action or self.env._("Open"),
                block.target or {"model": self._name, "id": self.id},
            )
        if self._is_early(target):
            return None
        return Act(
            80,
            self._get_step_title(target),
            self.env._("Nothing stands in the way. You see first what it does."),
            self._get_step_title(target) + "…",
            {"method": STEPS[target].ask},
        )

    def _get_way(self):
        """Return the next act and the gate of the next phase, for the screens."""
        self.ensure_one()
        target = self._get_target()
        checks = self._get_checks(target) if target else []
        act = self._get_next_act(checks)
        way = {
            "contest": self.id,
            "state": self.state,
            "act": act and act._asdict(),
            "gate": None,
            "nothing": "",
        }
        if target:
            promised = self._get_promised(target)
            way["gate"] = {
                "title": self._get_step_title(target),
                "note": promised and self._describe_moment(promised) or "",
                "checks": [check._asdict() for check in checks],
                "ask": STEPS[target].ask,
                "early": self._is_early(target),
            }
        if not act:
            way["nothing"] = (
                self.env._("Nothing waits. The next date: %s.", way["gate"]["note"])
                if target and way["gate"]["note"]
                else self.env._("Nothing waits.")
            )
        return way

    # BUSINESS: STEPS

    def _get_step_title(self, target):
        """Return what a step is called on buttons and dialogs."""
        return {
            "open": self.env._("Launch"),
            "screening": self.env._("Close registration"),
            "review": self.env._("Start review"),
            "council": self.env._("Start council"),
            "closed": self.env._("Close contest"),
            "cancelled": self.env._("Cancel contest"),
        }[target]

    def _get_step_effects(self, target):
        """Hook: return what a step will do, a phrase each."""
        self.ensure_one()
        counts = self._count_states()
        if target == "open":
            return [
                self.env._(
                    "opens the portal for registration, until %s",
                    self._format_moment(self.registration_deadline),
                ),
                self.env._("lets the rules be changed until the review begins only"),
            ]
        if target == "screening":
            return [
                self.env._("takes no new entry and no submission from now on"),
                self.env._(
                    "leaves %s drafts out of the contest", counts.get("draft", 0)
                ),
                self.env._(
                    "keeps %s submitted entries for the screening",
                    sum(counts.get(state, 0) for state in (*UNSCREENED, *ELIGIBLE)),
                ),
            ]
        if target == "review":
            return [
                self.env._(
                    "hands %s eligible entries to the council members",
                    counts.get("eligible", 0),
                ),
                self.env._("fixes fields, dossier, criteria and council"),
            ]
        if target == "council":
            return [
                self.env._("lets the council decide on %s entries", self.eligible_count)
            ]
        return [
            self.env._("locks entries, their files and the dates"),
            self.env._("ends all reminders of this contest"),
        ]

    def _get_promised(self, target):
        """Return the moment (UTC) that was announced for a step, or nothing."""
        self.ensure_one()
        name = STEPS[target].promised
        if target == "council" and self.mode == "nominate_only":
            name = "screening_deadline"
        return self[name] if name else False

    def _is_early(self, target):
        """Tell whether a step would be taken before the date announced for it."""
        promised = self._get_promised(target)
        return bool(promised and promised > fields.Datetime.now())

    def _describe_promise(self, target):
        """Return what was promised where a step is early, and to whom."""
        self.ensure_one()
        if not self._is_early(target):
            return ""
        values = {"moment": self._describe_moment(self._get_promised(target))}
        if target == "screening":
            return self.env._(
                "Staff were told that registration is open until %(moment)s. To close "
                "it now is earlier than that.",
                **values,
            )
        if target == "review":
            return self.env._(
                "The screening was to last until %(moment)s. Authors who owe a "
                "supplement rely on it.",
                **values,
            )
        return self.env._(
            "Members were told that they have until %(moment)s. To go on now is "
            "earlier than that.",
            **values,
        )

    def _is_past(self, moment):
        return bool(moment and moment < fields.Datetime.now())

    def _describe_moment(self, moment):
        """Return a moment with the days that are left, as people count them."""
        days = moments.count_days(
            moment, fields.Datetime.now(), self.tz or moments.DEFAULT_TZ
        )
        written = self._format_moment(moment)
        if days > 0:
            return self.env._(
                "%(moment)s (%(days)s days left)", moment=written, days=days
            )
        return written

    def _log_early(self, target, reason):
        """Write into the history that a step came before its date, and why."""
        for contest in self:
            if not contest._is_early(target):
                continue
            if reason is not None:
                reason = contest._clean_reason(reason)
            contest._message_act(
                body=self.env._(
                    "%(step)s before the announced date (%(moment)s): %(reason)s",
                    step=contest._get_step_title(target),
                    moment=contest._format_moment(contest._get_promised(target)),
                    reason=reason or self.env._("no reason was given"),
                )
            )

    def _ask_step(self, target):
        self.ensure_one()
        self._check_transition(target, STEPS[target].method)
        wizard = self.env["hoithi.step"].create(
            {"contest_id": self.id, "target": target}
        )
        return {
            "type": "ir.actions.act_window",
            "name": self._get_step_title(target),
            "res_model": "hoithi.step",
            "res_id": wizard.id,
            "view_mode": "form",
            "target": "new",
        }

    # BUSINESS: FIGURES

    def _count_states(self, readable=False):
        """Return how many entries are in which state.

        :param readable: count only those that the caller may read
        """
        self.ensure_one()
        if not readable:
            # how many there are is no secret, and blocks whoever may read them
            # a contest without entries has an empty one, which Odoo keeps as False
            counts = self.sudo().state_counts or {}
            return {state: number for state, (number, _submitted) in counts.items()}
        return dict(
            self.env["hoithi.entry"]._read_group(
                [("contest_id", "=", self._origin.id)], ["state"], ["__count"]
            )
        )

    def _get_entries_target(self, *filter_names):
        """Return where the entries of the contest are that any of the filters shows.

        :param filter_names: of one group of the search, whose filters add up
        """
        context = {"search_default_contest_id": self.id, "search_default_running": 0}
        context |= {f"search_default_{name}": 1 for name in filter_names}
        return {"xmlid": "hoithi_contest.hoithi_entry_action", "context": context}
