from odoo import fields, models
from odoo.exceptions import UserError

from ..contest.hoithi_entry import SECRETARY
from ..guard.hoithi_states import DISQUALIFIABLE, RUNNING
from ..guard.hoithi_workflow_mixin import Transition


class HoithiEntry(models.Model):
    """An entry that turns out not to belong in the contest, as one that was copied."""

    _inherit = "hoithi.entry"

    # out, and back to where it was
    _transitions = (
        *(
            Transition(state, "disqualified", "action_disqualify", SECRETARY, True)
            for state in DISQUALIFIABLE
        ),
        *(
            Transition("disqualified", state, "action_reinstate", SECRETARY, True)
            for state in DISQUALIFIABLE
        ),
    )

    # ACTION

    def action_ask_disqualify(self):
        """Open the dialog that asks for what `action_disqualify` needs."""
        return self._ask_reason("action_disqualify", self.env._("Disqualify the Entry"))

    def action_disqualify(self, reason=None):
        """Take entries out of the contest after their screening; the others go on.

        Open sheets end; those that are in stay on record and count nowhere. A prize
        that no decision names yet goes. It is a decision in the ledger, and undone by
        `action_reinstate` in the same phase, later by `action_readmit`.

        :param reason: recorded, and told to the authors
        :raises UserError: for an own entry, for whoever competes with it, during a
            vote on it, and while it is nominated or a decision names its prize
        """
        self._check_transition("disqualified", "action_disqualify")
        self._check_not_own()
        self._check_no_rivals()
        reason = self._clean_reason(reason)
        for entry in self:
            entry._check_disqualifiable()
        text = self.env._("The entry has been disqualified.")
        for entry in self:
            state = entry.state
            entry._move(
                "disqualified",
                disqualified_on=fields.Datetime.now(),
                disqualified_reason=reason,
                disqualified_from=state,
                disqualified_in=entry.contest_id.state,
            )
            # the reason may tell a reviewer who it is
            entry.sudo().review_ids._stop(text)
            # a prize is the council's, and so is its end
            entry.sudo().award_ids._open_door().unlink()
        self._record_decision("entry.disqualified", {"reason": reason})
        self._touch_ranks()
        self._announce_authors("disqualified")
        return True

    def action_ask_reinstate(self):
        """Open the dialog that asks for what `action_reinstate` needs."""
        if set(self.mapped("state")) == {"disqualified"}:
            return self._ask_reason(
                "action_reinstate", self.env._("Back into the Contest")
            )
        return super().action_ask_reinstate()

    def action_reinstate(self, reason=None):
        """Undo what took entries out of the contest, while its phase lasts.

        A disqualified entry is again what it was, its open sheets are their members'
        again; only the secretary undoes it.
        """
        out = self.filtered(lambda entry: entry.state == "disqualified")
        others = self - out
        if others:
            super(HoithiEntry, others).action_reinstate(reason=reason)
        if not out:
            return True
        for entry in out:
            entry._check_transition(entry.disqualified_from)
        out._check_not_own()
        reason = out._clean_reason(reason)
        for entry in out:
            if entry.contest_id.state != entry.disqualified_in:
                raise UserError(
                    self.env._(
                        "“%(entry)s” was disqualified in another phase of the contest: "
                        "it comes back by a decision that is named, with “Back by a "
                        "Decision”; once the contest is closed, by a reopened "
                        "decision.",
                        entry=entry.display_name,
                    )
                )
        for entry in out:
            entry._move(
                entry.disqualified_from,
                disqualified_on=False,
                disqualified_reason=False,
                disqualified_from=False,
                disqualified_in=False,
            )
            # the sheets are their members'; with their entry they go on
            entry.sudo().review_ids._go_on()
            entry._message_act(body=self.env._("Back in the contest: %s", reason))
        out._record_decision("entry.reinstated", {"reason": reason})
        out._touch_ranks()
        out._announce_authors("reinstated")
        return True

    # BUSINESS

    def _check_disqualifiable(self):
        """Refuse to take an entry out while something else must be undone first.

        :raises UserError: with what to do
        """
        self.ensure_one()
        contest = self.contest_id
        if contest.state not in RUNNING:
            raise UserError(
                self.env._(
                    "“%(contest)s” is over: its results are changed by a new decision.",
                    contest=contest.name,
                )
            )
        items = self.session_item_ids | self.question_item_ids
        if items.filtered(lambda item: item.state == "voting"):
            raise UserError(
                self.env._(
                    "The council is voting on “%s”: have the vote counted or stopped "
                    "first.",
                    self.display_name,
                )
            )
        if self.award_ids.filtered("decision_number"):
            raise UserError(
                self.env._(
                    "A decision names “%s” among the winners: it is recalled first.",
                    self.display_name,
                )
            )
