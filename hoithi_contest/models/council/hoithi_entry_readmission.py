from odoo import fields, models
from odoo.exceptions import UserError

from ..contest.hoithi_entry import SECRETARY
from ..guard.hoithi_states import DECIDING, TURNED_AWAY, UNCLOSED, VOTABLE
from ..guard.hoithi_workflow_mixin import Transition


class HoithiEntry(models.Model):
    """An entry that was turned away, and comes back once its phase is over.

    As by an objection that was upheld: a decision says so, and is named. In a contest
    that is closed the decision is recorded as a `hoithi.reopening`.
    """

    _inherit = "hoithi.entry"

    _transitions = tuple(
        Transition("ineligible", state, "action_readmit", SECRETARY, True)
        for state in VOTABLE
    )

    contest_is_deciding = fields.Boolean(related="contest_id.is_deciding")

    # ACTION

    def action_ask_readmit(self):
        """Open the dialog that asks for what `action_readmit` needs."""
        return self._ask_reason(
            "action_readmit", self.env._("Back by a Decision"), needs_decision=True
        )

    def action_readmit(self, reason=None, decision=None):
        """Take entries that were turned away back into the review, or to the council.

        In the review the sheets that ended with them go on, and they are given to
        reviewers. In the council phase the secretary names reviewers for the sheets
        that they lack before the council votes, whatever it had voted.

        :param reason: recorded in the ledger and in the entry's log
        :param decision: the decision that says so: its number, its date, whose it is
        :raises AccessError: for anyone but the secretary
        :raises UserError: outside review and council, for an own entry, for one that
            wasn't turned away, and while a session has it on its agenda
        """
        self._check_office()
        self._check_not_own()
        reason = self._clean_reason(reason)
        decision = self._clean_reason(decision)
        for entry in self:
            if entry.state not in TURNED_AWAY:
                raise UserError(
                    self.env._(
                        "“%s” was neither refused nor disqualified.",
                        entry.display_name,
                    )
                )
            if entry.contest_id.state not in DECIDING:
                raise UserError(
                    self.env._(
                        "During the screening an entry comes back by “Undo screening” "
                        "or “Back into the contest”; once the contest is closed, by a "
                        "reopened decision."
                    )
                )
            entry._check_off_agenda()
        for entry in self:
            is_voted_on = entry.contest_id.mode == "nominate_only"
            is_in_council = entry.contest_id.state == "council"
            entry._move(
                "reviewed" if is_in_council and not is_voted_on else "eligible",
                **entry._get_readmitted(),
                **(entry._get_put_again() if is_in_council else {}),
            )
            entry._message_act(
                body=self.env._(
                    "Back in the contest by decision %(decision)s: %(reason)s",
                    decision=decision,
                    reason=reason,
                )
            )
        self._join_review()
        self._record_decision(
            "entry.readmitted", {"decision": decision, "reason": reason}
        )
        self._on_authors_known()
        self._touch_ranks()
        self._announce_authors("reinstated")
        return True

    def action_reinstate(self, reason=None):
        """Undo a withdrawal also once the review has begun: its sheets go on.

        What comes into judgement then is on record in the ledger.
        """
        result = super().action_reinstate(reason=reason)
        back = self.filtered(lambda entry: entry.contest_id.state == "review")
        back._record_decision(
            "entry.reinstated", {"reason": self._clean_reason(reason)}
        )
        back.filtered(lambda entry: entry.state == "eligible")._join_review()
        return result

    # BUSINESS

    def _join_review(self):
        """Take admitted entries into a review that has begun, with what it needs.

        Copies are made early, so that they are ready when reviewers are chosen.
        """
        # the sheets are their members'; with their entry they go on
        in_review_sudo = self.sudo().filtered(
            lambda entry: entry.contest_id.state == "review"
        )
        in_review_sudo.review_ids._go_on()
        in_review_sudo._begin_review()
        in_review_sudo._follow_reviews()
        self.env["hoithi.review.copy"]._queue(self)

    def _tell_way_back(self):
        if self.state != "ineligible":
            return super()._tell_way_back()
        return self.env._(
            "A refused entry comes back by a decision that is named, with “Back by a "
            "Decision”; once the contest is closed, by a reopened decision."
        )

    def _check_off_agenda(self):
        """Refuse while the entry's last vote is one of a session that goes on.

        :raises UserError: with what to do
        """
        self.ensure_one()
        # the vote may be of a session that a conflict hides from who acts
        last_sudo = self.sudo()._get_standing_votes()[-1:]
        if last_sudo.session_state in UNCLOSED:
            raise UserError(
                self.env._(
                    "“%(entry)s” is on the agenda of “%(session)s”: take it off there, "
                    "or close the session, first.",
                    entry=self.display_name,
                    session=last_sudo.session_id.display_name,
                )
            )

    def _get_readmitted(self):
        """Return the values of an entry that isn't turned away any more."""
        now = fields.Datetime.now()
        return {
            "ineligible_reason": False,
            "screened_on": self.screened_on or now,
            "disqualified_on": False,
            "disqualified_reason": False,
            "disqualified_from": False,
            "disqualified_in": False,
        }
