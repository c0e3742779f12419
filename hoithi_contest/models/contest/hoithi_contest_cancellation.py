from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..guard.hoithi_states import COMPETING, EDITABLE

#: Days in which a cancellation can be undone.
UNDO_DAYS = 14


class HoithiContest(models.Model):
    """How a contest is called off, with all that was open in it, and taken up again."""

    _inherit = "hoithi.contest"

    cancel_reason = fields.Text(readonly=True, copy=False)
    cancelled_on = fields.Datetime(readonly=True, copy=False)
    cancelled_from = fields.Char(
        readonly=True, copy=False, export_string_translation=False
    )
    cancelled_activities = fields.Json(
        readonly=True,
        copy=False,
        groups=fields.NO_ACCESS,
        export_string_translation=False,
        help="Ids of what was planned for it, which an undo brings back.",
    )
    can_undo_cancel = fields.Boolean(compute="_compute_can_undo_cancel")

    @api.depends("state", "cancelled_on")
    def _compute_can_undo_cancel(self):
        for contest in self:
            contest.can_undo_cancel = contest.state == "cancelled" and bool(
                contest.cancelled_on
                and fields.Datetime.now()
                <= contest.cancelled_on + timedelta(days=UNDO_DAYS)
            )

    # ACTION

    def action_ask_cancel(self):
        """Show what the end of a contest that is called off means, then ask why."""
        return self._ask_step("cancelled")

    def action_cancel(self, reason=None):
        """Cancel the contest; what was registered stays readable.

        Sheets, votes, runs and letters that are open end with it, and everybody who
        takes part is told.

        :param reason: recorded and shown
        """
        self._check_transition("cancelled")
        reason = self._clean_reason(reason)
        now = fields.Datetime.now()
        for state, contests in self.grouped("state").items():
            told = contests._get_concerned()
            contests._move(
                "cancelled",
                cancel_reason=reason,
                cancelled_on=now,
                cancelled_from=state,
            )
            contests._on_cancelled(reason)
            if state != "draft":
                self._tell_concerned("contest_cancelled", told, now)
        self._log_reason(self.env._("Contest cancelled: %s", reason))
        return True

    def action_ask_undo_cancel(self):
        """Open the dialog that asks for what `action_undo_cancel` needs."""
        return self._ask_reason(
            "action_undo_cancel", self.env._("Undo the Cancellation")
        )

    def action_undo_cancel(self, reason=None):
        """Take up a cancelled contest where it was.

        Sheets are their members' again and letters that waited go out, as far as they
        are still true. A vote that was under way is taken again in a new session.

        :param reason: recorded, and told to everybody who takes part
        :raises UserError: where the cancellation lies too far back, or something isn't
            any more as it was
        """
        for contest in self:
            if contest.state == "cancelled" and not contest.can_undo_cancel:
                raise UserError(
                    self.env._(
                        "“%(contest)s” was cancelled more than %(days)s days ago: make "
                        "a new contest instead.",
                        contest=contest.name,
                        days=UNDO_DAYS,
                    )
                )
        for contest in self:
            contest._check_transition(contest.cancelled_from or "draft")
        reason = self._clean_reason(reason)
        self._check_resumable()
        now = fields.Datetime.now()
        for contest in self:
            state, since = contest.cancelled_from, contest.cancelled_on
            contest._move(
                state, cancel_reason=False, cancelled_on=False, cancelled_from=False
            )
            contest._on_resumed(since)
            if state != "draft":
                self._tell_concerned("contest_resumed", contest._get_concerned(), now)
        self._log_reason(self.env._("Cancellation undone: %s", reason))
        return True

    # BUSINESS

    def _get_step_effects(self, target):
        if target != "cancelled":
            return super()._get_step_effects(target)
        self.ensure_one()
        return [
            self.env._("ends what is open: sheets, votes, tasks and waiting letters"),
            self.env._("keeps what was handed in, for its authors to read"),
            self.env._("tells everybody who takes part, with the reason"),
            self.env._("can be undone for %s days", UNDO_DAYS),
        ]

    def _on_cancelled(self, reason):
        """Hook: these contests have been called off; what is open in them ends.

        :param reason: why, for who is to read of it
        """
        # letters and lists of others, which only the end of the contest takes away
        self.env["hoithi.notice"].sudo()._stop(self)
        for contest in self:
            activities_sudo = contest._get_planned()
            # how much was planned isn't for all who read the contest
            contest.sudo()._open_door().cancelled_activities = activities_sudo.ids
            activities_sudo.action_archive()

    def _get_planned(self):
        """Return the activities of a contest and of what belongs to it."""
        self.ensure_one()
        # whoever calls the contest off reads some of it, and it ends for everybody
        activities_sudo = self.sudo().activity_ids
        for name in self._get_activity_models():
            records_sudo = self.env[name].sudo().with_context(active_test=False)
            activities_sudo |= records_sudo.search(
                [("contest_id", "=", self.id), ("activity_ids", "!=", False)]
            ).activity_ids.filtered("active")
        return activities_sudo

    def _get_activity_models(self):
        """Hook: return the models of what belongs to a contest, and has activities."""
        return ["hoithi.entry"]

    def _on_resumed(self, since):
        """Hook: a cancellation is undone.

        :param since: the moment (UTC) of the cancellation
        """
        self.env["hr.department"]._drop_kept_names(self)
        # as above
        self.env["hoithi.notice"].sudo()._go_on(self)
        activities_sudo = self.env["mail.activity"].sudo()
        contests_sudo = self.sudo()._open_door()
        for contest in contests_sudo:
            activities_sudo.browse(
                contest.cancelled_activities or ()
            ).exists().action_unarchive()
        contests_sudo.cancelled_activities = False

    def _check_resumable(self):
        """Hook: refuse to take up what isn't any more as it was."""

    def _get_concerned(self):
        """Return {contest: partners} of everybody who takes part in these contests."""
        # the letters go to people whom the secretary in conflict may not see
        entries_sudo = (
            self.env["hoithi.entry"]
            .sudo()
            .search_fetch(
                [
                    ("contest_id", "in", self.ids),
                    ("state", "in", tuple({*EDITABLE, *COMPETING})),
                ],
                ["contest_id"],
            )
        )
        of_contests = entries_sudo.grouped("contest_id")
        return {
            contest: of_contests.get(
                contest.sudo(), entries_sudo.browse()
            )._get_author_partners()
            | contest._get_heads()
            | (contest.sudo().secretary_ids | contest._get_leaders()).partner_id
            for contest in self
        }

    def _tell_concerned(self, kind, told, moment):
        """Announce an end or a new start to {contest: partners}."""
        self.env["hoithi.notice"]._announce(
            kind, told, occasion=fields.Datetime.to_string(moment)
        )
