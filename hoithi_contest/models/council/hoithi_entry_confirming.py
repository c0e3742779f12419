from odoo import api, fields, models
from odoo.exceptions import UserError

from ..guard.hoithi_states import REDECIDABLE, UNCLOSED
from .hoithi_contest import COUNCIL_READERS
from .hoithi_reopening import OUTCOMES


class HoithiEntry(models.Model):
    """Whether the body that confirms has confirmed what the council selected."""

    _inherit = "hoithi.entry"

    _reason_methods = ("action_confirm_again",)

    confirm_again_item_id = fields.Many2one(
        "hoithi.session.item",
        string="Confirmation that counts no more",
        readonly=True,
        copy=False,
        ondelete="restrict",
        index="btree_not_null",
        groups=COUNCIL_READERS,
    )

    can_confirm_again = fields.Boolean(
        compute="_compute_can_confirm_again", groups="hoithi_contest.group_secretary"
    )

    # COMPUTE

    @api.depends(
        "state",
        "contest_id.state",
        "contest_id.confirming_council_id",
        "session_item_ids.outcome",
        "session_item_ids.session_id.state",
        "confirm_again_item_id",
        "put_again_item_id",
    )
    def _compute_can_confirm_again(self):
        for entry in self:
            entry.can_confirm_again = bool(
                entry.contest_id.state == "council"
                and entry.state in REDECIDABLE
                # that there is such a body is no secret, nor that it has voted
                and entry.contest_id.sudo().confirming_council_id
                and entry._get_last_confirmation()
            )

    # ACTION

    def action_ask_confirm_again(self):
        """Open the dialog that asks for what `action_confirm_again` needs."""
        return self._ask_reason(
            "action_confirm_again", self.env._("Put to the Committee Again")
        )

    def action_confirm_again(self, reason=None):
        """Put entries to the organising committee again, where it decided by mistake.

        What the council decided stands. The mistaken vote stays in the minutes of its
        session and counts no more.

        :param reason: recorded in the ledger and in the entry's log
        :raises AccessError: for anyone but the secretary
        :raises UserError: outside the council phase, for an own entry, where no vote of
            the committee counts, or its session isn't closed yet
        """
        self._check_office()
        self._check_deciding()
        self._check_no_rivals()
        reason = self._clean_reason(reason)
        refused = self.filtered(lambda entry: entry.state == "not_selected")
        for entry in self:
            last_sudo = entry._get_last_confirmation()
            if not last_sudo or entry.state not in REDECIDABLE:
                raise UserError(
                    self.env._(
                        "No closed session of the organising committee has decided on "
                        "“%s”: there is no such vote to be taken again.",
                        entry.display_name,
                    )
                )
            entry._check_undecreed()
            values = {"confirm_again_item_id": last_sudo.id}
            if entry.state == "selected":
                # which vote counts no more is the server's to note
                entry.sudo()._open_door().write(values)
            else:
                entry._move("selected", **values, not_selected_reason=False)
            entry._message_act(
                body=self.env._("Put to the organising committee again: %s", reason)
            )
        self._record_decision(
            "entry.put_again", {"reason": reason, "body": "confirming"}
        )
        refused._announce_authors("put_again")
        return True

    # BUSINESS

    def _get_last_confirmation(self):
        """Return the vote of the committee that counts now, in a closed session."""
        self.ensure_one()
        # the vote may be of a session that a conflict hides from who acts
        last_sudo = self.sudo()._get_standing_votes()[-1:]
        return last_sudo.filtered(
            lambda item: (
                item.session_id.is_confirming and item.session_state not in UNCLOSED
            )
        )

    def _get_standing_votes(self):
        votes = super()._get_standing_votes()
        after = self.confirm_again_item_id.id or 0
        return votes.filtered(
            lambda item: item.id > after or not item.session_id.is_confirming
        )

    def _get_scope_answers(self):
        answers = super()._get_scope_answers()
        # who confirms has the last word on what is asked there as well
        return answers.filtered("session_id.is_confirming") or answers

    def _get_unratified(self):
        """Return those of these entries that still wait for a confirmation."""
        waiting = self.filtered(
            lambda entry: (
                entry.contest_id.confirming_council_id and not entry._is_confirmed()
            )
        )
        return waiting - waiting._get_selected_by_decision()

    def _is_confirmed(self):
        self.ensure_one()
        # the last vote counts, whoever may read its session
        last_sudo = self.sudo()._get_standing_votes()[-1:]
        return (
            last_sudo.session_id.is_confirming
            and last_sudo.session_state == "closed"
            and last_sudo.outcome == "approved"
        )

    def _get_selected_by_decision(self):
        """Return those that a decision on the closed contest selected after all votes.

        No body meets on these any more: the decision stands in place of its vote.
        """
        # a decision binds whoever may read it
        decisions_sudo = (
            self.env["hoithi.reopening"]
            .sudo()
            .search(
                [
                    ("entry_id", "in", self.ids),
                    ("kind", "in", [*OUTCOMES]),
                    ("state", "=", "done"),
                    ("new_outcome", "=", "selected"),
                ]
            )
        )
        return decisions_sudo.filtered(
            lambda decision: all(
                closed_on <= decision.closed_on
                for closed_on in decision.entry_id._get_standing_votes().mapped(
                    "session_id.closed_on"
                )
                if closed_on
            )
        ).entry_id.with_env(self.env)
