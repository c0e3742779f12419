from odoo import fields, models
from odoo.exceptions import UserError

from ..guard.hoithi_states import DECIDING, TURNED_AWAY


class HoithiEntry(models.Model):
    """An entry that was turned away, and comes back once its phase is over.

    As by an objection that was upheld: a decision says so, and is named. In a contest
    that is closed the decision is recorded as a `hoithi.reopening`.
    """

    _inherit = "hoithi.entry"

    contest_is_deciding = fields.Boolean(related="contest_id.is_deciding")

    # ACTION

    def action_ask_readmit(self):
        """Open the dialog that asks for what `action_readmit` needs."""
        return self._ask_reason(
            "action_readmit", self.env._("Back by a Decision"), needs_decision=True
        )

    def action_readmit(self, reason=None, decision=None):
        """Take entries that were turned away back into the review, or to the council.

        In the review they are given to reviewers. In the council phase the secretary
        names reviewers for the sheets that they lack before the council votes.

        :param reason: recorded in the ledger and in the entry's log
        :param decision: the decision that says so: its number, its date, whose it is
        :raises AccessError: for anyone but the secretary
        :raises UserError: outside review and council, for an own entry, and for one
            that wasn't turned away
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
        for entry in self:
            is_voted_on = entry.contest_id.mode == "nominate_only"
            is_late = entry.contest_id.state == "council" and not is_voted_on
            entry._move(
                "reviewed" if is_late else "eligible", **entry._get_readmitted()
            )
            entry.message_post(
                body=self.env._(
                    "Back in the contest by decision %(decision)s: %(reason)s",
                    decision=decision,
                    reason=reason,
                )
            )
        self._record_decision(
            "entry.readmitted", {"decision": decision, "reason": reason}
        )
        self.env["hoithi.review.copy"]._queue(self)
        self._on_authors_known()
        self._touch_ranks()
        self._announce_authors("reinstated")
        return True

    # BUSINESS

    def _tell_way_back(self):
        if self.state != "ineligible":
            return super()._tell_way_back()
        return self.env._(
            "A refused entry comes back by a decision that is named, with “Back by a "
            "Decision”; once the contest is closed, by a reopened decision."
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
