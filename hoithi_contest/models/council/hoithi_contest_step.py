from odoo import api, fields, models
from odoo.fields import NO_ACCESS

from ...lib.contest.steps import BLOCK, DONE, WARN, Act, Check
from ..guard.hoithi_states import (
    NOT_ENTERED,
    PENDING,
    REVIEWABLE,
    SENT,
    UNANSWERED,
    UNDER_WAY,
)
from .hoithi_contest_council import SECRETARY


class HoithiContest(models.Model):
    """What the phases of review and council ask for, and what to do in them."""

    _inherit = "hoithi.contest"

    # asked for by several checks of one page, as `state_counts`: by user's id
    waiting_sheets = fields.Json(
        compute="_compute_waiting_sheets",
        compute_sudo=True,
        groups=NO_ACCESS,
        exportable=False,
        export_string_translation=False,
    )

    # COMPUTE

    @api.depends("entry_ids.review_ids.state", "entry_ids.review_ids.user_id")
    def _compute_waiting_sheets(self):
        counts = {}
        for contest, user, number in self.env["hoithi.review"]._read_group(
            [("contest_id", "in", self._origin.ids), ("state", "in", PENDING)],
            ["contest_id", "user_id"],
            ["__count"],
        ):
            counts.setdefault(contest, {})[str(user.id)] = number
        for contest in self:
            contest.waiting_sheets = counts.get(contest._origin, {})

    # BUSINESS: CHECKS

    def _get_launch_checks(self):
        checks = super()._get_launch_checks()
        text = self._tell_short_council()
        if text and self.mode == "internal_contest":
            mend = {"page": "rules", "field": "reviews_per_entry"}
            checks.append(Check(WARN, text, self.env._("Change it"), mend))
        return checks

    def _get_review_checks(self):
        checks = super()._get_review_checks()
        if self.review_start_state in UNDER_WAY:
            checks.append(
                Check(
                    WARN,
                    self.env._(
                        "Copies are being made; the review begins by itself afterwards"
                    ),
                    self.env._("Open"),
                    {
                        "model": self.review_start_run_id._name,
                        "id": self.review_start_run_id.id,
                    },
                )
            )
        if self._lacks_criteria():
            checks.append(
                Check(
                    BLOCK,
                    self.env._("There are no criteria to score by"),
                    self.env._("Fill in"),
                    {"page": "rules", "field": "criteria_set_id"},
                )
            )
        # the start waits for all copies, whoever may read their entries
        copies_sudo = self.env["hoithi.review.copy"].sudo()
        undecided = copies_sudo.search_count(
            [("entry_id.contest_id", "=", self.id), ("state", "=", "decision")]
        )
        if undecided:
            checks.append(
                Check(
                    BLOCK,
                    self.env._("%s files for reviewers wait for a decision", undecided),
                    self.env._("Decide"),
                    {
                        "xmlid": "hoithi_contest.hoithi_review_copy_action",
                        "context": {
                            "search_default_contest_id": self.id,
                            "search_default_decision": 1,
                        },
                    },
                )
            )
        return [
            *checks,
            *self._get_chair_checks(),
            *self._get_conflict_checks(),
            *self._get_leader_checks(),
        ]

    def _get_council_checks(self):
        checks = super()._get_council_checks()
        if self.mode == "internal_contest":
            checks += self._get_sheet_checks()
        # what lies too far apart blocks, whoever may read it
        diverging = self._count_adjudications()
        if diverging:
            checks.append(
                Check(
                    BLOCK,
                    self.env._("Sheets of %s entries lie too far apart", diverging),
                    self.env._("Settle"),
                    {
                        "xmlid": "hoithi_contest.hoithi_adjudication_action",
                        "context": {"search_default_contest_id": self.id},
                    },
                )
            )
        return [
            *checks,
            *self._get_rules_checks(),
            *self._get_chair_checks(),
            *self._get_council_seats_checks(),
            *self._get_leader_checks(),
        ]

    def _get_cancel_checks(self):
        checks = super()._get_cancel_checks()
        for session in self._get_sessions_in("open"):
            checks.append(
                Check(
                    WARN,
                    self.env._("A session of the council is open"),
                    self.env._("Open the session"),
                    {"model": session._name, "id": session.id},
                )
            )
        if self.nomination_ids.filtered(lambda nomination: nomination.state in SENT):
            checks.append(
                Check(
                    WARN,
                    self.env._("The province has the nomination"),
                    self.env._("Open"),
                    {"method": "action_view_nominations"},
                )
            )
        return checks

    def _get_sheet_checks(self):
        counts = self._count_states()
        missing = counts.get("eligible", 0) + counts.get("reviewing", 0)
        if not missing:
            return [Check(DONE, self.env._("Every entry has its score sheets"))]
        checks = []
        # those that the caller may assign
        alone = self.env["hoithi.entry"].search_count(
            [("contest_id", "=", self.id), ("lacks_reviewers", "=", True)]
        )
        if alone:
            checks.append(
                Check(
                    BLOCK,
                    self.env._("%s entries have too few reviewers", alone),
                    self.env._("Assign"),
                    self._get_entries_target("lacks_reviewers"),
                )
            )
        return [
            *checks,
            Check(
                BLOCK,
                self.env._(
                    "%(number)s entries lack sheets (%(needed)s an entry)",
                    number=missing,
                    needed=self._get_sheets_needed(),
                ),
                self.env._("See the sheets"),
                self._get_sheets_target("pending"),
            ),
        ]

    def _get_chair_checks(self):
        """Warn where nobody can act as a chair: who was it has left the house."""
        # that somebody has left is no secret to who keeps the contest
        return [
            Check(
                WARN,
                self.env._(
                    "“%s” has no chair with a login: say there who takes the chair (a "
                    "leader does, while the contest is reviewed or decided)",
                    body_sudo.name,
                ),
                self.env._("Open the council"),
                {"model": "hoithi.council", "id": body_sudo.id},
            )
            for body_sudo in self.sudo()._get_bodies()
            if not body_sudo._get_acting_chair()
        ]

    def _get_council_seats_checks(self):
        # who sits on a council isn't for everybody to read, how many do is no secret
        council_sudo = self.council_id.sudo()
        if self.mode == "nominate_only" and not council_sudo:
            return []
        voters = len(council_sudo.member_ids.filtered("can_vote"))
        if not council_sudo.decision_number:
            return [
                Check(
                    WARN,
                    self.env._("The council has no decision number yet"),
                    self.env._("Open the council"),
                    {"model": "hoithi.council", "id": council_sudo.id},
                )
            ]
        return [
            Check(
                DONE,
                self.env._("%s members vote, the council has its decision", voters),
            )
        ]

    def _get_leader_checks(self):
        """Warn where every leader has an entry: none may read what tells how it stands.

        The papers with the results then wait for whoever gets the role; better early.
        """
        if not self.env.user.has_group(SECRETARY):
            return []
        # who leads, and whether all have entered, and nothing more
        leaders_sudo = self.env.ref("hoithi_contest.group_leader").sudo().all_user_ids
        leaders_sudo = leaders_sudo.filtered(
            lambda user: user.active and self.company_id in user.company_ids
        )
        if not leaders_sudo:
            return []
        # a contest has thousands of authors, and a department a few leaders
        authors_sudo = self.env["hoithi.entry.author"].sudo()
        entered_sudo = authors_sudo.search(
            [
                ("entry_id.contest_id", "=", self.id),
                ("entry_id.state", "not in", NOT_ENTERED),
                ("partner_id", "in", leaders_sudo.partner_id.ids),
                ("declined_on", "=", False),
            ]
        ).partner_id
        if leaders_sudo.partner_id - entered_sudo:
            return []
        return [
            Check(
                WARN,
                self.env._(
                    "Every leader is an author here: until the contest is over none of "
                    "them reads or approves the papers with the results. Have somebody "
                    "without an entry made a leader as well"
                ),
            )
        ]

    def _get_conflict_checks(self):
        # a doubt blocks the entry, whoever may read it
        doubts_sudo = self.env["hoithi.conflict"].sudo()
        doubts = doubts_sudo.search_count(
            [("contest_id", "=", self.id), ("state", "=", "possible")]
        )
        if not doubts:
            return []
        return [
            Check(
                WARN,
                self.env._("%s possible conflicts of interest aren't decided", doubts),
                self.env._("Decide"),
                {
                    "xmlid": "hoithi_contest.hoithi_conflict_action",
                    "context": {
                        "search_default_contest_id": self.id,
                        "search_default_to_decide": 1,
                    },
                },
            )
        ]

    def _get_rules_checks(self):
        if not self.rules_reopened_on:
            return []
        return [
            Check(
                BLOCK,
                self.env._("The rules are being changed: the chair fixes them first"),
                self.env._("Look at the rules"),
                {"page": "rules"},
            )
        ]

    def _get_closing_gaps(self):
        checks = super()._get_closing_gaps() + self._get_rules_checks()
        checks += self._get_chair_checks()
        sessions = self._get_sessions_in("open")
        if sessions:
            checks.append(
                Check(
                    BLOCK,
                    self.env._("A session of the council is open"),
                    self.env._("Open the session"),
                    {"model": "hoithi.session", "id": sessions[0].id},
                )
            )
        if self._count_chosen():
            sent = self.nomination_ids.filtered(lambda n: n.state in SENT)[:1]
            checks.append(
                self._get_item(
                    "nomination",
                    self.env._("Nomination sent to the province"),
                    bool(sent),
                    sent.name or self.env._("Not sent"),
                    self.env._("Open"),
                    {"model": "hoithi.nomination", "id": sent.id}
                    if sent
                    else {"method": "action_view_nominations"},
                )
            )
        unanswered = self._count_unanswered()
        if unanswered:
            checks.append(
                Check(
                    WARN,
                    self.env._("%s objections aren't answered", unanswered),
                    self.env._("Open"),
                    {"method": "action_view_objections"},
                )
            )
        if self.ledger_length:
            checks.append(self._get_evidence_item())
        return checks

    def _count_unanswered(self):
        # whoever may read them; an answer is owed to each
        objections_sudo = self.env["hoithi.objection"].sudo()
        return objections_sudo.search_count(
            [("contest_id", "=", self.id), ("state", "in", UNANSWERED)]
        )

    def _get_evidence_item(self):
        rows = self.ledger_length - self.evidence_length
        done = bool(self.evidence_exported_on) and rows <= 0
        if done:
            note = self.env._(
                "Exported %(day)s, %(rows)s rows",
                day=self._format_moment(self.evidence_exported_on),
                rows=self.evidence_length,
            )
        elif self.evidence_exported_on:
            note = self.env._("%s rows came since it was exported", rows)
        else:
            note = self.env._("Not exported: %s rows of the ledger", rows)
        return self._get_item(
            "evidence",
            self.env._("Evidence package exported"),
            done,
            note,
            self.env._("Export"),
            {"method": "action_export_evidence"},
        )

    # BUSINESS: NEXT ACT

    def _get_next_acts(self):
        acts = super()._get_next_acts()
        if self.state == "screening":
            acts += self._get_start_acts() + self._get_conflict_acts()
        if self.state == "review":
            acts += self._get_review_acts()
        if self.state == "council":
            acts += self._get_council_acts()
        fresh = self.env["hoithi.objection"].search_count(
            [("contest_id", "=", self.id), ("state", "=", "filed")]
        )
        if fresh:
            acts.append(
                Act(
                    20,
                    self.env._("Propose an answer to %s objections", fresh),
                    self.env._("The chair decides on what is proposed."),
                    self.env._("Read and answer"),
                    {"method": "action_view_objections"},
                )
            )
        return acts

    def _get_start_acts(self):
        """Return how the start of the review goes, while it is being made."""
        run = self.review_start_run_id
        if not run:
            return []
        see = {"model": run._name, "id": run.id}
        if run.state in UNDER_WAY:
            return [
                Act(
                    1,
                    self.env._(
                        "The review is beginning: %(done)s %% of the copies are made",
                        done=round(run.progress),
                    ),
                    self.env._(
                        "It begins by itself once reviewers have a copy of every file. "
                        "Nothing is to do meanwhile."
                    ),
                    self.env._("See how it goes"),
                    see,
                )
            ]
        return [
            Act(
                1,
                self.env._("The start of the review has stopped"),
                run.error or "",
                self.env._("See why"),
                see,
            )
        ]

    def _get_assign_acts(self, waiting):
        """Return what is to do for entries without reviewers, or how it goes."""
        run = self.env["hoithi.review.assign.run"].search(
            [("contest_id", "=", self.id), ("state", "in", UNDER_WAY)],
            order="id desc",
            limit=1,
        )
        if run:
            return [
                Act(
                    10,
                    self.env._(
                        "Reviewers are being assigned: %(done)s of %(all)s reviews",
                        done=run.done_count,
                        all=run.total_count,
                    ),
                    self.env._("It goes on by itself; members hear of it at its end."),
                    self.env._("See how it goes"),
                    {"model": run._name, "id": run.id},
                )
            ]
        if not waiting:
            return []
        return [
            Act(
                10,
                self.env._("Assign reviewers to %s entries", waiting),
                self.env._("Nobody scores them yet."),
                self.env._("Assign reviews"),
                {"method": "action_assign_reviews"},
            )
        ]

    def _get_conflict_acts(self):
        return [
            Act(
                30,
                check.text,
                self.env._("Until then the entry goes to nobody."),
                self.env._("Decide"),
                check.target,
            )
            for check in self._get_conflict_checks()
        ]

    def _get_review_acts(self):
        counts = self._count_states()
        acts = self._get_conflict_acts()
        acts += self._get_assign_acts(counts.get("eligible", 0))
        diverging = self._count_adjudications()
        if diverging:
            acts.append(
                Act(
                    20,
                    self.env._("Settle %s differences of scores", diverging),
                    self.env._("Their sheets lie further apart than the rules allow."),
                    self.env._("Settle"),
                    {"method": "action_view_adjudications"},
                )
            )
        waiting = self._count_waiting_sheets()
        if waiting:
            acts.append(
                Act(
                    40,
                    self.env._(
                        "Remind %(members)s members of %(sheets)s sheets",
                        members=len(waiting),
                        sheets=sum(waiting.values()),
                    ),
                    self.env._(
                        "The reviews are due %s.",
                        self._describe_moment(self.review_deadline),
                    )
                    if self.review_deadline
                    else "",
                    self.env._("Send the reminder"),
                    {"method": "action_remind", "args": ["reviewers"]},
                )
            )
        return acts

    def _get_council_acts(self):
        counts = self._count_states()
        acts = []
        undecided = sum(counts.get(state, 0) for state in REVIEWABLE)
        running = self._get_sessions_in("open") or self._get_sessions_in("planned")
        if undecided and running:
            acts.append(
                Act(
                    10,
                    self.env._("Decide on %s entries", undecided),
                    running[0].display_name,
                    self.env._("Open the session"),
                    {"model": "hoithi.session", "id": running[0].id},
                )
            )
        elif undecided:
            acts.append(
                Act(
                    10,
                    self.env._("Call a session on %s entries", undecided),
                    self.env._("No session of the council is planned."),
                    self.env._("Plan a session"),
                    {"method": "action_view_sessions"},
                )
            )
        if counts.get("selected"):
            draft = self.nomination_ids.filtered(lambda n: n.state == "draft")[:1]
            acts.append(
                Act(
                    30,
                    self.env._("Nominate %s selected entries", counts["selected"]),
                    self.env._(
                        "The province takes them until %s.",
                        self._describe_moment(self.province_deadline),
                    )
                    if self.province_deadline
                    else "",
                    self.env._("Open the nomination")
                    if draft
                    else self.env._("Create nomination"),
                    {"model": "hoithi.nomination", "id": draft.id}
                    if draft
                    else {"method": "action_create_nomination"},
                )
            )
        return acts

    # BUSINESS: STEPS

    def _get_step_effects(self, target):
        effects = super()._get_step_effects(target)
        if target == "review":
            effects.append(self.env._("gives reviewers copies without their authors"))
        if target == "council":
            waiting = sum(self._count_waiting_sheets().values())
            if self.mode == "internal_contest":
                effects += [
                    self.env._("ends the reviews, %s open sheets included", waiting),
                    self.env._("shows members each other's sheets"),
                ]
            if self.blind:
                effects.append(self.env._("shows members who wrote the entries"))
        if target == "closed":
            effects += [
                self.env._("locks sheets, votes and nominations"),
                self.env._(
                    "writes a last seal into the ledger, %s rows so far",
                    self.ledger_length,
                ),
            ]
        return effects

    # BUSINESS: WHO IS LATE

    def _get_remindable(self):
        keys = super()._get_remindable()
        return keys | {"reviewers"} if self.state == "review" else keys

    def _get_late(self):
        late = super()._get_late()
        waiting = self._count_waiting_sheets() if self.state == "review" else {}
        if waiting:
            # how many of whom, without those that a conflict hides: else their number
            # tells who reviews that entry
            shown = self._count_waiting_sheets(readable=True)
            most = sorted(shown.items(), key=lambda item: (-item[1], item[0].id))
            late.append(
                {
                    "key": "reviewers",
                    "text": self.env._(
                        "%(sheets)s sheets of %(members)s members",
                        sheets=sum(waiting.values()),
                        members=len(waiting),
                    ),
                    # names of members are for the Office, which assigned them
                    "note": self._join_some(
                        [f"{user.sudo().name} {number}" for user, number in most]
                    ),
                    "is_late": self._is_past(self.review_deadline),
                }
            )
        return late

    # BUSINESS: FIGURES

    def _get_sheets_target(self, filter_name):
        return {
            "xmlid": "hoithi_contest.hoithi_review_action",
            "context": {
                "search_default_contest_id": self.id,
                "search_default_running": 0,
                f"search_default_{filter_name}": 1,
            },
        }

    def _count_waiting_sheets(self, readable=False):
        """Return the numbers of open sheets by member's user.

        :param readable: count only those that the caller may read
        """
        if not readable:
            # one number for the whole Office, also where a conflict hides some sheets
            counts = self.sudo().waiting_sheets or {}
            users = self.env["res.users"].browse(map(int, counts))
            return dict(zip(users, counts.values(), strict=True))
        return dict(
            self.env["hoithi.review"]._read_group(
                [("contest_id", "=", self.id), ("state", "in", PENDING)],
                ["user_id"],
                ["__count"],
            )
        )

    def _count_adjudications(self):
        # what lies too far apart blocks, whoever may read it
        entries_sudo = self.env["hoithi.entry"].sudo()
        return entries_sudo.search_count(
            [("contest_id", "=", self.id), ("needs_adjudication", "=", True)]
        )

    def _count_chosen(self):
        counts = self._count_states()
        return counts.get("selected", 0) + counts.get("nominated", 0)

    def _get_sessions_in(self, state):
        return self.session_ids.filtered(lambda session: session.state == state)
