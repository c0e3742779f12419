import json

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...lib.contest.rules import complete
from ...lib.guard import moments
from ..contest.hoithi_preview_mixin import Preview
from ..guard.hoithi_states import DECIDING, SETTLED
from .hoithi_ledger import SEAL

LEADER = "hoithi_contest.group_leader"
COUNCIL_READERS = (
    "hoithi_contest.group_secretary,hoithi_contest.group_leader,"
    "hoithi_contest.group_member"
)
#: Under what name the rules of a file stand among those that are fixed.
PACK = "pack"


class HoithiContest(models.Model):
    """Rules of a contest that are fixed when its review begins.

    Who sits on the council with which rights, quorum and approval, sheets an entry,
    places in the nomination, prizes and tie-breaks. Life goes on: a member falls ill,
    the province takes one entry fewer. Then the chair reopens the rules with a reason,
    the secretary changes them, and the chair fixes them again; ledger and log tell what
    they were and what they became. Meanwhile nothing is decided by them.
    """

    _inherit = "hoithi.contest"

    _reason_methods = ("action_reopen_rules",)
    _previews = {"action_fix_rules": "_preview_fix_rules"}

    _fixed_fields = {
        # rules that change by a decision
        "rules_fixed": {
            "reviews_per_entry",
            "nomination_slots",
            "prize_ids",
            "tie_break_ids",
            # members write knowing who reads it
            "publish_remarks",
            # by these entries came in, and were in time
            "year_start",
            "year_end",
            "date_start",
            "date_end",
            "registration_deadline",
            "grace_minutes",
            "tz",
        },
    }

    publish_remarks = fields.Boolean(
        string="Authors read the Remarks",
        copy=False,
        tracking=True,
        help="Once the contest is closed, authors read on the page of their entry its "
        "average, points by criterion, strengths and weaknesses. No member is named.",
    )
    rules_reopened_on = fields.Datetime(readonly=True, copy=False)
    # Who sits on a council, and why that changes, isn't for the whole house.
    rules_reopen_reason = fields.Text(
        string="Why the rules are changed",
        readonly=True,
        copy=False,
        groups=COUNCIL_READERS,
    )
    rules_before = fields.Json(readonly=True, copy=False, groups=COUNCIL_READERS)
    rules_fixed = fields.Boolean(
        compute="_compute_rules_fixed",
        help="From the review on, unless the chair has reopened the rules.",
    )
    can_decide_rules = fields.Boolean(compute="_compute_can_decide_rules")

    @api.depends("state", "rules_reopened_on")
    def _compute_rules_fixed(self):
        for contest in self:
            contest.rules_fixed = contest._are_rules_fixed()

    @api.depends_context("uid")
    @api.depends("council_id.member_ids.role")
    def _compute_can_decide_rules(self):
        for contest in self:
            contest.can_decide_rules = contest._may_decide_rules()

    def write(self, vals):
        if "state" in vals:
            # what a phase leads to is decided by the places as they are now, and those
            # of a contest that ends stay
            self.env["hoithi.entry"]._refresh_ranks()
        return super().write(vals)

    # ACTION

    def action_start_council(self, reason=None):
        self._check_rules_fixed()
        return super().action_start_council(reason=reason)

    def action_close(self):
        self._check_rules_fixed()
        result = super().action_close()
        for contest in self:
            entries = contest._get_decidable_entries().sorted("id")
            self.env["hoithi.ledger"]._append(
                contest,
                SEAL,
                contest,
                {"results": [[e.id, e.state, e.rank] for e in entries]},
            )
        return result

    def action_award_prizes(self):
        self._check_rules_fixed()
        return super().action_award_prizes()

    def action_ask_reopen_rules(self):
        """Open the dialog that asks for what `action_reopen_rules` needs."""
        return self._ask_reason("action_reopen_rules", self.env._("Reopen the Rules"))

    def action_reopen_rules(self, reason=None):
        """Reopen what is fixed since the review began, for the secretary to change.

        :param reason: recorded in the ledger and in the council's log
        :raises AccessError: for others than the chair of the council and the leaders
        :raises UserError: outside review and council, and while a session is open
        """
        self._check_decides_rules()
        reason = self._clean_reason(reason)
        for contest in self:
            if contest.rules_reopened_on:
                raise UserError(
                    self.env._("The rules of “%s” are open already.", contest.name)
                )
            # whoever may read sessions
            if contest.sudo().session_ids.filtered(lambda s: s.state == "open"):
                raise UserError(
                    self.env._("A session of “%s” is open: close it.", contest.name)
                )
            rules = contest._get_rules()
            # who decides may write nothing of a contest but this
            contest.sudo()._open_door().write(
                {
                    "rules_reopened_on": fields.Datetime.now(),
                    "rules_reopen_reason": reason,
                    "rules_before": rules,
                }
            )
            self.env["hoithi.ledger"]._append(
                contest, "rules.reopened", contest, {"reason": reason, "rules": rules}
            )
            contest._log_rules(self.env._("The rules were reopened: %s", reason))
        return True

    def action_fix_rules(self):
        """Fix the rules again, as the secretary has changed them.

        :raises AccessError: for others than the chair of the council and the leaders
        :raises UserError: where they aren't open
        """
        self._check_decides_rules()
        self._check_rules_open()
        for contest in self:
            # as for the reopening
            contest_sudo = contest.sudo()
            before, rules = contest_sudo.rules_before or {}, contest._get_rules()
            reason = contest_sudo.rules_reopen_reason
            contest_sudo._open_door().write(
                {
                    "rules_reopened_on": False,
                    "rules_reopen_reason": False,
                    "rules_before": False,
                }
            )
            self.env["hoithi.ledger"]._append(
                contest, "rules.fixed", contest, {"reason": reason, "rules": rules}
            )
            changes = self._describe_changes(before, rules)
            contest._log_rules(
                self.env._(
                    "The rules were fixed again (%(reason)s). %(changes)s",
                    reason=reason,
                    changes=changes,
                )
            )
            contest._get_decidable_entries()._follow_reviews()
        return True

    def action_ask_fix_rules(self):
        """Show which rules were changed, then ask whether they are fixed."""
        self.ensure_one()
        self._check_may_decide_rules()
        return self._ask_act("action_fix_rules", self.env._("Fix the Rules"))

    def _preview_fix_rules(self):
        """Return what fixing the rules now does."""
        self.ensure_one()
        self._check_may_decide_rules()
        # who decides on the rules reads what they were and are
        before = self.sudo().rules_before or {}
        return Preview(
            [
                self._describe_changes(before, self._get_rules()),
                self.env._(
                    "fixes the rules as they are now, and records the change in the "
                    "ledger and in the history"
                ),
                self.env._("lets the contest go on by them"),
            ],
            (
                self._try_check(self._check_rules_in_force)
                or self._try_check(self._check_rules_open),
            ),
        )

    # BUSINESS

    def _check_rules_open(self):
        """Refuse to fix what is fixed.

        :raises UserError: naming the contest
        """
        for contest in self:
            if not contest.rules_reopened_on:
                raise UserError(
                    self.env._("The rules of “%s” are fixed already.", contest.name)
                )

    def _log_rules(self, body):
        """Tell of a change of the rules where who reads the bodies reads it."""
        # who decides may write nothing of these
        for body_sudo in self.sudo()._get_bodies():
            body_sudo._message_act(body=Markup("%s: %s") % (self.name, body))

    def _may_decide_rules(self):
        """Tell whether the caller decides on the rules: a chair or a leader.

        A deputy does where the chair has an entry in the contest, as for places.
        """
        self.ensure_one()
        # who sits on a council isn't for everybody to read, the own seat is
        council_sudo = self.sudo().council_id
        chairs_sudo = council_sudo._get_members("chair").user_id
        user = self.env.user
        may_decide = user in chairs_sudo or user.has_group(LEADER)
        if not may_decide and user in council_sudo._get_members("vice_chair").user_id:
            may_decide = bool(chairs_sudo) and all(
                self.with_user(chair)._get_own_competing() for chair in chairs_sudo
            )
        return may_decide and not self._get_own_competing()

    def _check_decides_rules(self):
        """Let the rules be changed by who decides on them, while they are in force."""
        self._check_may_decide_rules()
        self._check_rules_in_force()

    def _check_may_decide_rules(self):
        self.check_access("read")
        for contest in self:
            if not contest._may_decide_rules():
                raise AccessError(
                    self.env._(
                        "The chair of the council decides on a change of its rules, or "
                        "a leader of the department. Whoever has an entry in the "
                        "contest leaves it to another of them, the chair also to a "
                        "deputy. Where there is none, the administrator gives somebody "
                        "the leader's role."
                    )
                )

    def _check_rules_in_force(self):
        for contest in self:
            if contest.state not in DECIDING:
                raise UserError(
                    self.env._(
                        "The rules of “%s” aren't in force now: before the review the "
                        "secretary changes them, afterwards they stay.",
                        contest.name,
                    )
                )

    def _are_rules_fixed(self):
        """Tell whether nobody changes seats, ratios, prizes and the like now."""
        self.ensure_one()
        return self.state in SETTLED and not (
            self.rules_reopened_on and self.state in DECIDING
        )

    def _check_rules_fixed(self):
        """Let nothing be decided while the rules of the decision change.

        :raises UserError: telling who ends that
        """
        for contest in self:
            if contest.rules_reopened_on:
                raise UserError(
                    self.env._(
                        "The rules of “%s” are being changed: the chair fixes them "
                        "first.",
                        contest.name,
                    )
                )

    def _get_fixed_hint(self):
        if self.state not in DECIDING:
            return ""
        return self.env._(
            "Of the rules, sheets an entry, places in the nomination, years and dates "
            "change once the chair has reopened them."
        )

    def _get_date_rules(self):
        """Return the dates by which entries came in, as the minutes tell a change."""
        self.ensure_one()
        days = [
            moments.write_day(day) if day else "–"
            for day in (self.date_start, self.date_end)
        ]
        deadline = self.registration_deadline
        return "; ".join(
            [
                "–".join(days) if any(days) else "–",
                moments.write_moment(deadline, self.tz) if deadline else "–",
                f"+{self.grace_minutes}",
                self.tz,
            ]
        )

    @api.model
    def _get_rule_labels(self):
        """Return what the rules that no file says are called, see `_get_rules`."""
        return {
            # as decisions have them from before all rules were noted
            "sheets": self.env._("Sheets an entry"),
            "slots": self.env._("Places in the nomination"),
            "quorum": self.env._("Quorum"),
            "approval": self.env._("Approval"),
            "prizes": self.env._("Prizes"),
            "tie_breaks": self.env._("Tie-breaks"),
            "rounds": self.env._("Rounds"),
            "ranking": self.env._("Ranking of fields"),
            "juries": self.env._("Juries"),
            # as they are noted now
            "seats": self.env._("Members"),
            "loads": self.env._("Members' fields and most entries"),
            "jurors": self.env._("Members of juries"),
            "years": self.env._("Years"),
            "dates": self.env._("Dates"),
        }

    @api.model
    def _describe_changes(self, before, rules):
        """Return what changed of the rules, in words."""
        return self._describe_differences(before, rules) or self.env._(
            "Nothing was changed."
        )

    @api.model
    def _describe_differences(self, before, rules):
        """Return in which rules two states differ, in words, or an empty text."""
        labels = self._get_rule_labels()
        texts = [
            f"{labels[name]}: {before.get(name) or '–'} → {text or '–'}"
            for name, text in rules.items()
            # what wasn't noted then is no change
            if name != PACK and name in before and before[name] != text
        ]
        if PACK in before and PACK in rules:
            # what a later version knows of had its default before
            changes = self.env["hoithi.rule.pack"]._word_changes(
                self, complete(before[PACK]), complete(rules[PACK])
            )
            texts = [*changes, *texts]
        return "; ".join(texts)

    def _get_rule_changes(self, until=None):
        """Return (moment, reason, changes in words) of each change of the rules.

        :param until: the moment (UTC) after which changes don't count
        """
        self.ensure_one()
        # what was decided on the rules is for all to know who read of the session
        rows_sudo = self.env["hoithi.ledger"].sudo()
        rows_sudo = rows_sudo.search(
            [
                ("contest_id", "=", self.id),
                ("event", "in", ("rules.reopened", "rules.fixed")),
                ("recorded_on", "<=", until or fields.Datetime.now()),
            ],
            order="position",
        )
        before, changes = {}, []
        for row in rows_sudo:
            payload = json.loads(row.payload)
            if row.event == "rules.fixed":
                changes.append(
                    (
                        row.recorded_on,
                        payload["reason"],
                        self._describe_changes(before, payload["rules"]),
                    )
                )
            before = payload["rules"]
        return changes

    def _get_rules(self):
        """Return the rules that are fixed: those of a file, the rest as texts by name.

        In one language whoever asks, as they are compared and stand in the minutes.
        """
        self.ensure_one()
        # a decision is on all of them, whoever may read some
        contest = self.sudo()._in_rules_language()
        council = contest.council_id
        return {
            PACK: contest._get_fixed_pack_rules(),
            "seats": council._write_seats(),
            "loads": "; ".join(
                f"{seat.display_name}: "
                + ", ".join(
                    [
                        *sorted(seat.field_ids.mapped("display_name")),
                        *([f"≤ {seat.max_load}"] if seat.max_load else []),
                    ]
                )
                for seat in council.member_ids.sorted("id")
                if seat.field_ids or seat.max_load
            ),
            "jurors": "; ".join(
                f"{jury.name}: "
                f"{', '.join(jury.member_ids.mapped('display_name')) or '–'}"
                for jury in contest.jury_ids
            ),
            "years": f"{contest.year_start}–{contest.year_end}",
            "dates": contest._get_date_rules(),
        }

    def _get_fixed_pack_rules(self):
        """Return the rules of a file without what goes on being the Office's to word.

        All of them, so that none is changed under reopened rules without a word.
        """
        pack = self._get_pack_rules()
        for key in ("bases", "plan_sections"):
            pack.pop(key, None)
        for part in (pack["contest"], *pack["criteria_sets"]):
            for key in ("description", "plan_purpose", "note"):
                part.pop(key, None)
        return pack
