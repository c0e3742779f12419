import logging

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...lib.guard.moments import write_day
from ..guard.hoithi_guard_mixin import EVERYTHING
from .hoithi_preview_mixin import Preview
from .hoithi_unit_change import HR_OFFICER

_logger = logging.getLogger(__name__)


class HoithiUnitChange(models.Model):
    """A change of units that is decided ahead, and made by itself on its day.

    What is planned is fixed and told to heads and secretaries; until the day it can be
    called off with a reason. It is made with the rights that who planned it has by
    then. What stands in its way on the day is told, and the change waits.
    """

    _inherit = "hoithi.unit.change"

    _previews = {"action_apply": "_preview_apply", "action_plan": "_preview_plan"}
    _fixed_fields = {"planned_on": EVERYTHING}

    is_ahead = fields.Boolean(compute="_compute_is_ahead")
    planned_on = fields.Datetime(readonly=True, copy=False)
    planned_by_id = fields.Many2one(
        "res.users", readonly=True, copy=False, index="btree_not_null"
    )
    stuck_text = fields.Text(string="Why it isn't made yet", readonly=True, copy=False)
    cancel_reason = fields.Text(
        string="Why it was called off", readonly=True, copy=False
    )
    cancelled_on = fields.Datetime(readonly=True, copy=False)
    cancelled_by_id = fields.Many2one("res.users", readonly=True, copy=False)

    # COMPUTE

    @api.depends("effective_on", "state")
    def _compute_is_ahead(self):
        today = self.env["hoithi.contest"]._get_today()
        for change in self:
            change.is_ahead = bool(change.effective_on and change.effective_on > today)

    # ACTION

    def action_plan(self):
        """Record changes whose day is still to come; they are made on it by themselves.

        :raises AccessError: for whoever may not change units in HR
        :raises UserError: with what is missing, or where the day has come
        """
        self._check_transition("planned")
        self.check_access("write")
        now = fields.Datetime.now()
        for change in self:
            problem = change._get_problem()
            if problem:
                raise UserError(problem)
            change._check_day_to_come()
            change._move("planned", planned_on=now, planned_by_id=self.env.uid)
            change._tell_ahead("unit_planned")
        return True

    def action_apply(self):
        """Change the units, on their day or later: staff, entries and boards follow.

        :raises AccessError: for whoever may not change units in HR
        :raises UserError: before the day, or with what is missing
        """
        self._check_transition("done")
        for change in self:
            change._check_day_come()
        return super().action_apply()

    def action_ask_apply(self):
        """Show what the change does, then ask."""
        return self._ask_act("action_apply", self.env._("Change the Units"))

    def action_ask_plan(self):
        """Show what the planned change will do, then ask."""
        return self._ask_act("action_plan", self.env._("Plan the Change"))

    def action_ask_cancel(self):
        """Open the dialog that asks for what `action_cancel` needs."""
        return self._ask_reason("action_cancel", self.env._("Call the Change Off"))

    def action_cancel(self, reason=None):
        """Call off changes that are planned; who was told of them is told.

        :param reason: recorded, and told
        :raises AccessError: for whoever may not change units in HR
        """
        self._check_transition("cancelled")
        self.check_access("write")
        reason = self._clean_reason(reason)
        for change in self:
            change._move(
                "cancelled",
                cancel_reason=reason,
                cancelled_on=fields.Datetime.now(),
                cancelled_by_id=self.env.uid,
                stuck_text=False,
            )
            change._tell_ahead("unit_plan_cancelled")
        return True

    # BUSINESS

    def _preview_apply(self):
        """Return what changing the units does at once."""
        self.ensure_one()
        problem = self._get_problem()
        return Preview(
            [] if problem else self._tell_changes(),
            (
                self._try_check(lambda: self._check_transition("done")),
                self._try_check(self._check_day_come),
                problem,
            ),
        )

    def _preview_plan(self):
        """Return what planning the change does now, and on its day."""
        self.ensure_one()
        problem = self._get_problem()
        told = self.env._("Heads and secretaries are told now.")
        return Preview(
            [] if problem else [*self._tell_changes(), told],
            (
                self._try_check(lambda: self._check_transition("planned")),
                self._try_check(self._check_day_to_come),
                problem,
            ),
        )

    def _check_day_come(self):
        if self.is_ahead:
            raise UserError(
                self.env._(
                    "The change is made from its day on, not before: plan it, and it "
                    "is made on that day by itself."
                )
            )

    def _check_day_to_come(self):
        if not self.is_ahead:
            raise UserError(
                self.env._(
                    "The day of the change has come: make it right away, or give a "
                    "later day."
                )
            )

    # CRON

    @api.model
    def _cron_make_planned(self):
        """Make the changes whose day has come; each is committed.

        What keeps one from being made is told once, and it is tried again each time.
        """
        due = self.search(
            [
                ("state", "=", "planned"),
                ("effective_on", "<=", self.env["hoithi.contest"]._get_today()),
            ],
            order="effective_on, id",
        )
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(due))
        for change in due:
            locked = change.try_lock_for_update().filtered(
                lambda one: one.state == "planned"
            )
            if locked:
                locked._make_planned()
            if not cron._commit_progress(1):
                break

    def _make_planned(self):
        """Make one change that is due, or tell what keeps it."""
        self.ensure_one()
        planner = self.planned_by_id
        try:
            with self.env.cr.savepoint():
                if not planner.active or not planner.has_groups(",".join(HR_OFFICER)):
                    raise UserError(
                        self.env._(
                            "Who planned it keeps staff no more: another HR officer "
                            "makes it."
                        )
                    )
                # the rights are asked of who planned it, as they are by now
                self.with_user(planner).with_context(
                    allowed_company_ids=planner.company_ids.ids,
                    lang=planner.partner_id._hoithi_get_lang(),
                ).action_apply()
        except OperationalError:
            # another was first: the next hour tries it again
            raise
        except UserError as refusal:
            _logger.info("Change of units %s isn't made: %s", self.id, refusal)
            self._tell_stuck(str(refusal))
        except Exception:
            # one that can't be made doesn't keep the next from it
            _logger.warning("Change of units %s isn't made", self.id, exc_info=True)
            self._tell_stuck(self.env._("An unforeseen error: tell the administrator."))

    def _tell_stuck(self, problem):
        self.env.invalidate_all()
        if self.stuck_text != problem:
            self._open_door().stuck_text = problem
        self._tell_ahead("unit_change_stuck")

    # BUSINESS

    def _get_problem(self):
        units = self.with_context(active_test=False).unit_ids | self.into_id
        gone = units.filtered(lambda unit: not unit.active)
        if gone:
            return self.env._(
                "No unit any more: %s. Another change has taken it.",
                ", ".join(gone.mapped("name")),
            )
        return super()._get_problem()

    def _tell_changes(self):
        lines = super()._tell_changes()
        if self.is_ahead and self.state in ("draft", "planned"):
            lines.append(
                self.env._(
                    "It isn't made before %(day)s: plan it, and it is made on that day "
                    "by itself.",
                    day=write_day(self.effective_on),
                )
                if self.state == "draft"
                else self.env._(
                    "It is made by itself on %(day)s, with whom the units have then.",
                    day=write_day(self.effective_on),
                )
            )
        return lines

    def _tell_ahead(self, kind):
        """Tell heads, secretaries and who planned it of a change that isn't made."""
        units = self.unit_ids | self.into_id
        heads = units.manager_id | self.head_id
        people = (
            self._get_running_contests().secretary_ids.partner_id
            | heads.user_id.partner_id
            | heads.work_contact_id
            | self.planned_by_id.partner_id
        )
        self.env["hoithi.notice"]._announce(kind, {self: people})
