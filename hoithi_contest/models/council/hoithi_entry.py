from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tools import SQL

from ...lib.contest.limits import Win
from ...lib.guard.texts import is_blank
from ..contest.hoithi_entry import SECRETARY
from ..guard.hoithi_states import PENDING
from ..guard.hoithi_workflow_mixin import Transition
from .hoithi_ranking import SCORE_GROUPS


class HoithiEntry(models.Model):
    """What the council brings to an entry: sheets, place, votes and awards."""

    _name = "hoithi.entry"
    _inherit = ["hoithi.entry", "hoithi.ranking"]

    _transitions = (
        Transition("eligible", "reviewing"),
        Transition("reviewing", "reviewed"),
        Transition("reviewed", "reviewing"),
        *(
            Transition(state, "selected", "action_select", SECRETARY)
            for state in ("reviewed", "eligible", "not_selected")
        ),
        *(
            Transition(state, "not_selected", "action_not_select", SECRETARY, True)
            for state in ("reviewed", "eligible", "selected")
        ),
        Transition("selected", "nominated"),
        Transition("nominated", "selected"),
        # by decisions that name what they change
        Transition("nominated", "not_selected"),
        Transition("ineligible", "selected"),
        Transition("ineligible", "not_selected"),
    )
    _reason_methods = ("action_override_rank",)
    # authors and heads read entries that are judged
    _counts_worked_out = False

    conflict_ids = fields.One2many(
        "hoithi.conflict", "entry_id", groups="hoithi_contest.group_secretary"
    )
    adjudication_ids = fields.One2many(
        "hoithi.adjudication", "entry_id", groups=SCORE_GROUPS
    )
    needs_adjudication = fields.Boolean(
        compute="_compute_needs_adjudication",
        store=True,
        groups=SCORE_GROUPS,
        help="The sheets lie further apart than the contest allows, and nobody has "
        "settled it yet.",
    )
    award_ids = fields.One2many("hoithi.award", "entry_id", string="Awards")
    session_item_ids = fields.One2many(
        "hoithi.session.item",
        "entry_id",
        string="Votes of the council",
        domain=[("question_id", "=", False)],
        groups="hoithi_contest.group_secretary,hoithi_contest.group_leader,"
        "hoithi_contest.group_member",
    )
    question_item_ids = fields.One2many(
        "hoithi.session.item",
        "entry_id",
        string="Further questions to the council",
        domain=[("question_id", "!=", False)],
        groups="hoithi_contest.group_secretary,hoithi_contest.group_leader,"
        "hoithi_contest.group_member",
    )

    # few of many, which the form of the contest asks for
    _needs_adjudication_idx = models.Index(
        "(contest_id) WHERE needs_adjudication IS TRUE"
    )

    # COMPUTE

    @api.depends("adjudication_ids.state")
    def _compute_needs_adjudication(self):
        for entry in self:
            entry.needs_adjudication = any(
                adjudication.state == "open" for adjudication in entry.adjudication_ids
            )

    # ACCESS

    @api.model
    def _has_field_access(self, field, operation):
        # by whom and when an entry was last written tells authors and heads when a
        # sheet of theirs came in
        if operation == "read" and field.name in ("write_uid", "write_date"):
            return self.env.su or self.env.user.has_group(
                "hoithi_contest.group_secretary"
            )
        return super()._has_field_access(field, operation)

    # BUSINESS: WON BEFORE

    def _get_wins(self):
        wins = super()._get_wins()
        if self.contest_id.state != "closed":
            # nobody is told before the end
            return wins
        return wins + [
            Win(
                award.level,
                award.decision_date.year
                if award.decision_date
                else self.contest_id.year_end,
                award._get_kind_name(),
            )
            for award in self.award_ids
            # a person's prize is no win of the solution
            if award.target == "entry" and not award.is_held
        ]

    # ACTION

    def action_mark_eligible(self):
        result = super().action_mark_eligible()
        self._join_review()
        return result

    def action_assign_reviews(self):
        """Open the dialog that assigns council members to these entries.

        Who chose entries picks their members too, unless a proposal is asked for.

        :raises UserError: for entries of several contests
        """
        if len(self.contest_id) != 1:
            raise UserError(self.env._("Choose entries of one contest."))
        action = self.contest_id.action_assign_reviews()
        action["context"].update(
            default_mode="pick", default_entry_ids=[Command.set(self.ids)]
        )
        return action

    def action_select(self):
        """Select entries under the rules of the contest.

        :raises UserError: before the council phase, or where an entry lacks sheets or
            points; the message names the rule
        """
        self._check_transition("selected", "action_select")
        self._check_deciding()
        for entry, problems in self._find_selection_problems().items():
            if problems:
                raise UserError(
                    self.env._(
                        "“%(entry)s” can't be selected: %(problems)s",
                        entry=entry.display_name,
                        problems="; ".join(problems),
                    )
                )
        self._move(
            "selected", not_selected_reason=False, decided_on=fields.Datetime.now()
        )
        self._record_decision("entry.selected", {})
        return True

    def action_ask_not_select(self):
        """Open the dialog that asks for what `action_not_select` needs."""
        return self._ask_reason("action_not_select", self.env._("Not Selected"))

    def action_not_select(self, reason=None):
        """Leave entries out of the nomination.

        :param reason: obligatory, told to the authors
        """
        self._check_transition("not_selected", "action_not_select")
        self._check_deciding()
        self._check_no_rivals()
        reason = self._clean_reason(reason)
        self._move(
            "not_selected",
            not_selected_reason=reason,
            decided_on=fields.Datetime.now(),
        )
        self._record_decision("entry.not_selected", {"reason": reason})
        return True

    def action_ask_override_rank(self):
        """Open the dialog that asks for what `action_override_rank` needs."""
        self.ensure_one()
        return self._ask_reason(
            "action_override_rank", self.env._("Set the Place"), needs_place=True
        )

    def action_override_rank(self, place=None, reason=None):
        """Set the place of an entry by hand, with a reason: the chair's alone.

        A deputy does it where the chair has an entry among them, as the own place moves
        with those of the others, or is in a conflict.

        :param place: the place from 1, or 0 to go back to the computed one
        :param reason: recorded in the ledger and with the award
        :raises AccessError: for anyone else
        :raises UserError: outside the council phase, or for an entry without a place
        """
        self.ensure_one()
        self.check_access("read")
        contest = self.contest_id
        contest._check_rules_fixed()
        if self.env.user not in self._get_placing_seats().user_id:
            raise AccessError(
                self.env._(
                    "Only the chair of the council sets places by hand, or a deputy "
                    "where the chair has an entry among them or is in a conflict."
                )
            )
        reason = self._clean_reason(reason)
        # the chair may change nothing of an entry but its place
        entry_sudo = self.sudo()._open_door()
        if contest.state != "council" or not entry_sudo.rank:
            raise UserError(
                self.env._("Places are set in the council phase, for reviewed entries.")
            )
        if type(place) is not int or place < 0:
            raise UserError(self.env._("Give the place as a number from 1, or 0."))
        entry_sudo.write(
            {"rank_override": place, "rank_override_reason": place and reason}
        )
        self._record_decision("rank.overridden", {"place": place, "reason": reason})
        return True

    # BUSINESS: PLACES BY HAND

    def _get_placing_seats(self):
        """Return the seats that set the place of the entry, with superuser rights."""
        self.ensure_one()
        # whom a place goes to is decided by who gains nothing by it
        own_sudo = self.sudo()
        nobody = self.env["res.partner"].sudo()
        return own_sudo._get_deciding_seats(
            nobody, own_sudo.contest_id._get_gaining_seats()
        )

    # BUSINESS: CONFLICTS

    def _detect_conflicts(self):
        """Find conflicts of the council with these entries, from HR."""
        self.env["hoithi.conflict"]._detect(self)

    def _check_no_doubt(self):
        """Refuse to go by sheets of which it isn't decided whether they count.

        :raises UserError: with the entries, and what to do
        """
        doubtful = self._get_in_doubt()
        if doubtful:
            raise UserError(
                self.env._(
                    "Decide the possible conflicts of interest of these entries first: "
                    "members who may be in one gave sheets for them. %s",
                    doubtful._join_known(),
                )
            )

    def _on_authors_known(self):
        super()._on_authors_known()
        self._detect_conflicts()

    def _on_left(self, reason):
        super()._on_left(reason)
        # reviewers may have been assigned before; authors can't see the reviews
        self.sudo().review_ids.filtered(lambda review: review.state in PENDING)._void(
            reason
        )

    # BUSINESS: REMARKS

    def _get_published_remarks(self):
        """Return what the authors may read of the council's opinion of their entry.

        Only where the contest allows it, once nothing of the result can change any
        more. Texts come in no order that tells whose they are.

        :return: None, or a dict of `average` and `total_max`, its `parts` as
            `components.Part` where it isn't that of the sheets, `criteria` as (name,
            average, most) and `strengths` and `weaknesses`, each a list of texts
        """
        self.ensure_one()
        contest = self.contest_id
        if not (
            contest.publish_remarks and contest.state == "closed" and self.is_decided
        ):
            return None
        self.check_access("read")
        # authors read no sheets; what leaves here names nobody
        sheets_sudo = self.sudo().review_ids.filtered(
            lambda sheet: (
                sheet.state == "submitted" and sheet.round_id == sheet.entry_id.round_id
            )
        )
        if not sheets_sudo:
            return None
        scores = {}
        for line in sheets_sudo.line_ids:
            scores.setdefault(line.criterion_id, []).append(line.score)
        return {
            "average": self.sudo().average_score,
            "total_max": self._get_highest_total(),
            "parts": self.sudo()._get_score_parts()[self.sudo()],
            "is_sum": sheets_sudo.criteria_set_id.aggregate == "sum",
            "sheets": len(sheets_sudo),
            "criteria": [
                (
                    criterion.name,
                    sum(points) / len(points),
                    criterion.max_score,
                    criterion.weight,
                )
                for criterion, points in scores.items()
            ],
            **{
                name: sorted(
                    {
                        text.strip()
                        for text in sheets_sudo.mapped(name)
                        if not is_blank(text or "")
                    }
                )
                for name in ("strengths", "weaknesses")
            },
        }

    def _begin_review(self):
        """Take eligible entries that have reviewers into the review."""
        self.filtered(
            lambda entry: (
                entry.state == "eligible"
                and entry.contest_id.state == "review"
                and entry.review_count
            )
        )._move("reviewing")

    def _follow_reviews(self):
        """Follow the reviews: states, places and adjudications.

        Called with superuser rights, as a member who submits may not touch entries.
        """
        self._follow_states()
        self.env["hoithi.adjudication"]._follow(self)

    def _follow_states(self):
        """Let entries be reviewed when all their sheets are in, and only then.

        The server moves them, in its own name: authors don't learn who gave a sheet.
        """
        entries = self.with_user(SUPERUSER_ID)
        complete = entries.filtered(
            lambda entry: (
                entry.review_done_count
                and entry.review_done_count == entry.review_count
                and entry.review_done_count >= entry._get_sheets_needed()
            )
        )
        complete.filtered(lambda entry: entry.state == "reviewing")._move("reviewed")
        (entries - complete).filtered(
            # later, and of a round that is over, no sheet can come in any more: the
            # council decides on what is
            lambda entry: (
                entry.state == "reviewed"
                and entry.contest_id.state == "review"
                and not entry._has_stopped()
            )
        )._move("reviewing")
        entries._get_rankable()._touch_ranks()

    def _record_decision(self, event, payload):
        """Append a decision on these entries to the score ledger."""
        for contest, entries in self.grouped("contest_id").items():
            self.env["hoithi.ledger"]._append_all(
                contest, [(event, entry, payload, entry) for entry in entries]
            )

    def _check_deciding(self):
        """Refuse selections before the council phase, and of own entries."""
        self.contest_id._check_rules_fixed()
        self._check_not_own()
        for entry in self:
            if entry.contest_id.state != "council":
                raise UserError(
                    self.env._(
                        "Entries are selected in the council phase; “%(contest)s” is "
                        "in: %(state)s.",
                        contest=entry.contest_id.name,
                        state=entry.contest_id._get_state_label(entry.contest_id.state),
                    )
                )

    # CRON

    @api.model
    def _get_broken_invariants(self, with_files=True, contest=None):
        problems = super()._get_broken_invariants(with_files, contest)
        rules = {
            "conflict": SQL(
                """SELECT r.entry_id FROM hoithi_review r
                   JOIN hoithi_conflict c
                     ON c.entry_id = r.entry_id AND c.member_id = r.member_id
                   WHERE c.hard AND c.state = 'standing'
                     AND r.state NOT IN ('void', 'recused')"""
            ),
            "selection": SQL(
                """SELECT e.id FROM hoithi_entry e
                   JOIN hoithi_contest c ON c.id = e.contest_id
                   WHERE e.state = 'nominated'
                     AND NOT EXISTS (SELECT 1 FROM hoithi_nomination_line l
                                     WHERE l.entry_id = e.id)"""
            ),
        }
        items = self.env["hoithi.session.item"]
        return [
            *problems,
            *self._find_broken(rules, contest),
            *(("tally", entry_id) for entry_id in items._get_broken_tallies(contest)),
        ]
