from odoo import api, fields, models
from odoo.exceptions import UserError

from ..guard.hoithi_rate import TooOften
from ..guard.hoithi_states import NOT_ENTERED

SECRETARY = "hoithi_contest.group_secretary"


class HoithiEntry(models.Model):
    """What was begun and never handed in: its number has a limit, and it may go."""

    _inherit = "hoithi.entry"

    can_delete = fields.Boolean(compute="_compute_can_delete")

    @api.depends_context("uid")
    @api.depends("state", "receipt_number")
    def _compute_can_delete(self):
        for entry in self:
            entry.can_delete = entry._is_responsible() and entry._was_never_submitted()

    # CRUD

    @api.model_create_multi
    def create(self, vals_list):
        entries = super().create(vals_list)
        if not self._is_guard_open():
            entries._check_draft_count()
        return entries

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never_submitted(self):
        for entry in self:
            if not entry._was_never_submitted():
                raise UserError(
                    self.env._(
                        "“%s” was submitted: withdraw it instead of deleting it.",
                        entry.display_name,
                    )
                )
        # a co-author doesn't delete the others' work
        self._check_responsible()

    # ACTION

    def action_delete_draft(self):
        """Delete the caller's own draft with its files, for good.

        :raises AccessError: for whoever doesn't act for the entry
        :raises UserError: once it was submitted: what has a number stays
        """
        self._check_responsible()
        self.unlink()
        return True

    # BUSINESS

    def _was_never_submitted(self):
        self.ensure_one()
        return self.state in NOT_ENTERED and not (
            self.submitted_on or self.receipt_number
        )

    def _check_draft_count(self):
        """Refuse more drafts of one person in one contest than the department allows.

        Those that were withdrawn before they were handed in count as well. The
        secretary, who registers dossiers on paper for others, has no limit.

        :raises TooOften: with the number, and what to do
        """
        if self.env.su or self.env.user.has_group(SECRETARY):
            return
        for contest in self.contest_id:
            # a number of the department that anybody may know
            most = contest.company_id.sudo().hoithi_max_drafts
            begun = self.search_count(
                [
                    ("contest_id", "=", contest.id),
                    ("create_uid", "=", self.env.uid),
                    ("state", "in", NOT_ENTERED),
                    ("submitted_on", "=", False),
                ]
            )
            if begun > most:
                raise TooOften(
                    self.env._(
                        "You may have %(most)s drafts in “%(contest)s” at a time. Go "
                        "on with one of them, or delete one that you don't need.",
                        most=most,
                        contest=contest.name,
                    )
                )
