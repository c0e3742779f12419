from odoo import fields, models
from odoo.exceptions import UserError

from ...lib.council import voting
from ..contest.hoithi_entry import SECRETARY
from ..guard.hoithi_states import REDECIDABLE, UNCLOSED, VOTABLE
from ..guard.hoithi_workflow_mixin import Transition
from .hoithi_contest import COUNCIL_READERS


class HoithiEntry(models.Model):
    """Which votes of the council count for an entry, and how it decides again.

    A session stays as it was closed; what it decided by mistake is put to the council
    again, and only the vote that follows counts.
    """

    _inherit = "hoithi.entry"

    # a decision that was mistaken
    _transitions = tuple(
        Transition(state, undecided, "action_put_again", SECRETARY, True)
        for state in REDECIDABLE
        for undecided in VOTABLE
    )

    put_again_on = fields.Datetime(
        string="Put to the council again on", readonly=True, copy=False
    )
    put_again_item_id = fields.Many2one(
        "hoithi.session.item",
        string="Vote that counts no more",
        readonly=True,
        copy=False,
        ondelete="restrict",
        index="btree_not_null",
        groups=COUNCIL_READERS,
    )

    # ACTION

    def action_ask_put_again(self):
        """Open the dialog that asks for what `action_put_again` needs."""
        return self._ask_reason(
            "action_put_again", self.env._("Put to the Council Again")
        )

    def action_put_again(self, reason=None):
        """Put entries to the council again, on which it decided by mistake.

        Their last vote stays in the minutes of its session and counts no more; they
        wait for the agenda of a new one. A prize that no decision names yet goes.

        :param reason: recorded in the ledger and in the entry's log
        :raises AccessError: for anyone but the secretary
        :raises UserError: outside the council phase, for an own entry, while a session
            has it on its agenda, and once a decision names its prize
        """
        self._check_office()
        for entry in self:
            entry._check_transition(entry._get_state_undecided())
        self._check_deciding()
        self._check_no_rivals()
        reason = self._clean_reason(reason)
        for entry in self:
            entry._check_puttable_again()
        for entry in self:
            entry._move(entry._get_state_undecided(), **entry._get_put_again())
            # a prize is the council's, and so is its end
            entry.sudo().award_ids._open_door().unlink()
            entry._message_act(body=self.env._("Put to the council again: %s", reason))
        self._record_decision("entry.put_again", {"reason": reason})
        self._touch_ranks()
        self._announce_authors("put_again")
        return True

    # BUSINESS

    def _get_state_undecided(self):
        """Return what an entry is before the council decides on it."""
        self.ensure_one()
        # a count of sheets, whoever may read them
        return "reviewed" if self.sudo().review_done_count else "eligible"

    def _get_put_again(self):
        """Return the values of an entry whose votes of the council count no more."""
        self.ensure_one()
        # the vote may be of a session that a conflict hides from who acts
        last_sudo = self.sudo()._get_standing_votes()[-1:]
        return {
            "not_selected_reason": False,
            "decided_on": False,
            "put_again_on": fields.Datetime.now(),
            **({"put_again_item_id": last_sudo.id} if last_sudo else {}),
        }

    def _check_puttable_again(self):
        """Refuse to put an entry again while something else must be undone first.

        :raises UserError: with what to do
        """
        self.ensure_one()
        # as for the votes
        entry_sudo = self.sudo()
        waiting_sudo = entry_sudo._get_standing_votes().filtered(
            lambda item: item.session_state in UNCLOSED
        )
        if waiting_sudo:
            raise UserError(
                self.env._(
                    "“%(entry)s” is on the agenda of “%(session)s”: have the vote "
                    "taken again there.",
                    entry=self.display_name,
                    session=waiting_sudo[0].session_id.display_name,
                )
            )
        self._check_undecreed()

    def _check_undecreed(self):
        """Refuse to decide anew on what a decision names.

        :raises UserError: with what to do first
        """
        self.ensure_one()
        # a prize binds whoever may read it
        if self.sudo().award_ids.filtered("decision_number"):
            raise UserError(
                self.env._(
                    "A decision names “%s” among the winners: it is recalled first.",
                    self.display_name,
                )
            )

    def _get_standing_votes(self):
        """Return the items of agendas that count for the entry, in their order.

        A session that ended with its contest leaves items on which nobody voted, and
        an entry that was put again votes that were mistaken: they count nowhere. The
        item of an entry that failed in a preliminary vote counts as that vote does.
        """
        self.ensure_one()
        after = self.put_again_item_id.id or 0
        return self.session_item_ids.filtered(
            lambda item: (
                item.id > after
                and (
                    item.state != "pending"
                    or item.session_state != "closed"
                    or item._get_failed_before()
                )
            )
        ).sorted("id")

    def _get_standing_answers(self):
        """Return the items of further questions that count, as `_get_standing_votes`.

        Of an entry that wasn't approved they weren't asked, or count for nothing.
        """
        self.ensure_one()
        approved = self._get_standing_votes().filtered(
            lambda item: item.outcome == "approved"
        )
        return self.question_item_ids.filtered(lambda item: item.main_id in approved)

    def _get_vote_place(self, rule):
        """Return what puts the entry in its turn, by the rule of the contest."""
        self.ensure_one()
        if not self.rank:
            return 10**6
        return -self.rank if rule == "worst" else self.rank

    def _get_decided_scope(self):
        """Return how far the entry may be replicated, as the council decided, or "".

        The widest of what closed sessions have answered.
        """
        found = {
            item.outcome_scope or item.question_id.scope
            for item in self._get_scope_answers()
            if item.outcome == "approved"
        }
        return next((one for one in reversed(voting.SCOPES) if one in found), "")

    def _get_scope_answers(self):
        """Hook: return the answers of closed sessions that tell the scope."""
        self.ensure_one()
        return self._get_standing_answers().filtered(
            lambda item: item.question_id.scope and item.session_state == "closed"
        )

    def _get_told_scope(self):
        """Return the label of the scope as authors are told it with the result, or "".

        It is told of a solution that was approved, once nobody is to confirm it any
        more: whoever confirms may decide on another one.
        """
        self.ensure_one()
        # votes and bodies aren't the authors' to read, what they came to is
        entry_sudo = self.sudo()
        if not entry_sudo.is_selected or entry_sudo._get_unratified():
            return ""
        return entry_sudo._get_decided_scope_label()

    def _get_decided_scope_label(self):
        """Return the decided scope in the reader's language, or an empty text."""
        labels = self.env["hoithi.session.item"]._fields["outcome_scope"]
        return dict(labels._description_selection(self.env)).get(
            self._get_decided_scope(), ""
        )
