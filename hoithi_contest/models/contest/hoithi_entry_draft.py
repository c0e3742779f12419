from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..guard.hoithi_rate import TooOften
from ..guard.hoithi_states import NOT_ENTERED

SECRETARY = "hoithi_contest.group_secretary"
#: How long a draft that was deleted can be put back by its author.
KEPT_DELETED = timedelta(days=7)


class HoithiEntry(models.Model):
    """What was begun and never handed in: its number has a limit, and it may go."""

    _inherit = "hoithi.entry"

    # a draft that was deleted is nowhere, until it is put back or goes for good
    active = fields.Boolean(default=True, readonly=True, copy=False)
    deleted_on = fields.Datetime(readonly=True, copy=False)
    can_delete = fields.Boolean(compute="_compute_can_delete")

    @api.depends_context("uid")
    @api.depends("state", "receipt_number", "paper_received_on", "active")
    def _compute_can_delete(self):
        for entry in self:
            entry.can_delete = (
                entry.active
                and entry._is_responsible()
                and entry._was_never_submitted()
            )

    # CRUD

    @api.model_create_multi
    def create(self, vals_list):
        entries = super().create(vals_list)
        if not self._is_guard_open():
            entries._check_draft_count()
        return entries

    def write(self, vals):
        if "state" in vals and not self.env.su:
            self._check_not_deleted()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never_submitted(self):
        for entry in self:
            # a paper that was never keyed in goes as well, by the sweeps of the server:
            # after the years of keeping, or where it was deleted before 1.5
            is_swept = entry._is_paper_draft() and (entry.deleted_on or self.env.su)
            if not entry._was_never_submitted() and not is_swept:
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
        """Delete the caller's own draft, with its files and for all its authors.

        It can be put back for `KEPT_DELETED`; then `_gc_deleted_drafts` takes it away
        for good. Until then it counts nowhere. Of more than the department allows to
        keep, the one that was deleted first goes at once.

        :raises AccessError: for whoever doesn't act for the entry
        :raises UserError: once it was submitted: what has a number stays
        """
        self._unlink_except_never_submitted()
        self._open_door().write({"active": False, "deleted_on": fields.Datetime.now()})
        self._drop_oldest_deleted()
        return True

    def action_restore_draft(self):
        """Put the caller's own drafts back that were deleted.

        :raises AccessError: for whoever doesn't act for the entry
        :raises TooOften: where that makes more drafts than one may have
        """
        self._check_responsible()
        self._open_door().write({"active": True, "deleted_on": False})
        self._check_draft_count()
        return True

    # BUSINESS

    @api.model
    def _get_my_deleted(self):
        """Return the caller's deleted drafts that can be put back, the last first."""
        return (
            self.with_context(active_test=False)
            .search(
                Domain("active", "=", False)
                & Domain("deleted_on", ">", fields.Datetime.now() - KEPT_DELETED)
                & self._get_own_domain(),
                order="deleted_on desc, id desc",
            )
            .with_context(active_test=True)
            .filtered(lambda entry: entry._is_responsible())
        )

    def _get_gone_on(self):
        """Return when a deleted draft goes for good."""
        self.ensure_one()
        return self.deleted_on and self.deleted_on + KEPT_DELETED

    @api.autovacuum
    def _gc_deleted_drafts(self):
        """Take drafts away for good that nobody has put back in time."""
        self.with_context(active_test=False).search(
            [
                ("active", "=", False),
                ("deleted_on", "<=", fields.Datetime.now() - KEPT_DELETED),
            ],
            limit=1000,
        ).unlink()

    def _drop_oldest_deleted(self):
        """Keep no more deleted drafts of one person in one contest than drafts.

        Whoever makes and deletes without end would fill the disk for a week otherwise.
        """
        drafts = self.with_context(active_test=False)
        for contest in self.contest_id:
            # a number of the department that anybody may know
            most = contest.company_id.sudo().hoithi_max_drafts
            drafts.search(
                [
                    ("contest_id", "=", contest.id),
                    ("create_uid", "=", self.env.uid),
                    ("active", "=", False),
                ],
                order="deleted_on desc, id desc",
                offset=most,
            ).filtered(lambda entry: entry._is_responsible()).unlink()

    def _check_not_deleted(self):
        """Refuse to do anything with a draft that was deleted but to put it back."""
        for entry in self:
            if entry._is_deleted():
                raise UserError(entry._tell_deleted())

    def _is_deleted(self):
        self.ensure_one()
        # what isn't made yet has no values of its own
        return bool(self._origin) and not self.active

    def _tell_deleted(self):
        return self.env._(
            "“%s” is deleted. Put it back first, from the list of your entries.",
            self.display_name,
        )

    def _get_closed_door(self):
        return (
            self._tell_deleted() if self._is_deleted() else super()._get_closed_door()
        )

    def _is_current(self):
        return not self._is_deleted() and super()._is_current()

    def _was_never_submitted(self):
        self.ensure_one()
        # a dossier on paper was handed in, whoever keys it in and when
        return self.state in NOT_ENTERED and not (
            self.submitted_on or self.receipt_number or self.paper_received_on
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
