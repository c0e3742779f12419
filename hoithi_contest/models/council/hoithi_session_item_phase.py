from odoo import api, fields, models
from odoo.exceptions import UserError

from ..guard.hoithi_states import VOTABLE


class HoithiSessionItem(models.Model):
    """Preliminary votes: of an entry that fails in one no other vote is taken.

    They are further questions that the rules put before the vote on the entry, each
    with a majority of its own.
    """

    _inherit = "hoithi.session.item"

    is_preliminary = fields.Boolean(
        string="Preliminary vote",
        compute="_compute_is_preliminary",
        # what is asked is for all to know who are asked
        compute_sudo=True,
    )

    # COMPUTE

    @api.depends("question_id.phase")
    def _compute_is_preliminary(self):
        for item in self:
            item.is_preliminary = item.question_id.phase == "before"

    @api.depends("is_preliminary")
    def _compute_is_moot(self):
        super()._compute_is_moot()
        failed = {
            (item.session_id, item.entry_id)
            for item in self.session_id.item_ids
            if item._has_failed_before()
        }
        for item in self:
            if item.state == "pending" and (item.session_id, item.entry_id) in failed:
                item.is_moot = True

    # BUSINESS

    def _has_failed_before(self):
        """Tell whether this is a preliminary vote by which its entry is out."""
        self.ensure_one()
        return (
            self.is_preliminary
            and self.outcome == "rejected"
            and not self.awaits_casting
        )

    def _get_preliminaries(self):
        """Return the preliminary votes on the entry in the same session."""
        self.ensure_one()
        return self._get_all_questions().filtered("is_preliminary")

    def _get_failed_before(self):
        """Return the preliminary votes for which no vote is taken on this one."""
        self.ensure_one()
        return self._get_preliminaries().filtered(
            lambda item: self.state == "pending" and item._has_failed_before()
        )

    def _get_open_preliminaries(self):
        """Return the preliminary votes that this one waits for."""
        self.ensure_one()
        if self.is_preliminary:
            return self.browse()
        return self._get_preliminaries().filtered(
            lambda item: item.state != "counted" or item.awaits_casting
        )

    def _waits_for_main(self):
        if self.is_preliminary:
            return False
        return bool(self._get_open_preliminaries()) or super()._waits_for_main()

    def _start_vote(self):
        if self.is_moot and self._get_failed_before():
            raise UserError(
                self.env._(
                    "“%s” isn't voted on any more: the entry failed in the preliminary "
                    "vote.",
                    self.display_name,
                )
            )
        waiting = self._get_open_preliminaries()
        if waiting:
            raise UserError(
                self.env._(
                    "“%(item)s” is voted on once the preliminary vote is counted. "
                    "%(progress)s",
                    item=self.display_name,
                    progress=waiting[0]._get_progress(),
                )
            )
        return super()._start_vote()

    def _get_progress(self):
        if self.state == "pending" and self._get_open_preliminaries():
            return self.env._(
                "%s: it is voted on once the preliminary vote is counted",
                self.display_name,
            )
        return super()._get_progress()

    def _get_turn(self):
        return -1 if self.is_preliminary else super()._get_turn()

    def _apply_outcome(self):
        super()._apply_outcome()
        failed = self.filtered(
            lambda item: (
                item._has_failed_before()
                and item.contest_id.state == "council"
                # whoever runs the session may be kept from the entry
                and item.sudo().entry_id.state in (*VOTABLE, "selected")
            )
        )
        for basis, items in failed.grouped("basis").items():
            items.sudo().entry_id.action_not_select(
                reason=self.env._("Preliminary vote: %s.", basis)
            )
