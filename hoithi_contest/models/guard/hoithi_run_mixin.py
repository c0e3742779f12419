import logging
import time

from psycopg2 import OperationalError

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError

from ...lib.guard import scratch
from .hoithi_states import UNDER_WAY
from .hoithi_workflow_mixin import Transition

_logger = logging.getLogger(__name__)

#: Times that a server may die over the same piece of work.
ATTEMPTS = 3
#: Seconds after which a job of the queue leaves the rest to the next one; and those
#: that the next one waits where another server was at it.
JOB_SECONDS, JOB_PAUSE = 60, 60


def get_run_transitions(groups):
    """Return the ways of a run that waits for its turn, is stopped and tried again.

    :param groups: external ids of those who may stop it, and try it again
    """
    return (
        Transition("queued", "running"),
        Transition("running", "done"),
        Transition("running", "failed"),
        Transition("queued", "cancelled", "action_cancel", groups),
        Transition("running", "cancelled", "action_cancel", groups),
        Transition("failed", "queued", "action_retry", groups),
        Transition("cancelled", "queued", "action_retry", groups),
        Transition("done", "queued", "action_retry", groups),
    )


class HoithiRunMixin(models.AbstractModel):
    """Work that outlasts a click: done in the background, a batch of lines a step.

    A step is two transactions. The first claims the lines and is committed, the second
    works them: so that a claim that is still there tells of a worker that died, and
    what it died over is tried again alone. No lock is held on the run while it is
    worked, and whoever stops it needn't wait.

    A model that inherits this has a `state` with its `_transitions`, `line_ids` that
    inherit `hoithi.run.line.mixin`, and record rules by which only those see a run who
    may start one. It implements `_work`, and `_conclude` where something is to be made
    of all lines.
    """

    _name = "hoithi.run.mixin"
    _inherit = ["bus.listener.mixin", "hoithi.workflow.mixin"]
    _description = "Work in the Background"

    #: External ids of the groups that start such a run.
    _run_groups: tuple[str, ...] = ()
    #: Lines that are worked in one step.
    _run_batch = 50
    #: State in which a run is tried again, and the one in which it stops by itself.
    _run_again, _run_stopped = "queued", "failed"
    #: Field of the run that tells why it stopped.
    _run_reason = "error"

    run_key = fields.Char(
        readonly=True,
        copy=False,
        export_string_translation=False,
        help="What the run is to do; the same isn't done twice at a time.",
    )
    attempts = fields.Integer(readonly=True, copy=False, default=0, aggregator=None)
    started_on = fields.Datetime(readonly=True, copy=False)
    worked_on = fields.Datetime(string="Last step on", readonly=True, copy=False)
    ended_on = fields.Datetime(readonly=True, copy=False)
    total_count = fields.Integer(
        string="Lines", compute="_compute_counts", aggregator=None
    )
    waiting_count = fields.Integer(
        string="Waiting", compute="_compute_counts", aggregator=None
    )
    done_count = fields.Integer(
        string="Made", compute="_compute_counts", aggregator=None
    )
    skipped_count = fields.Integer(
        string="Left out", compute="_compute_counts", aggregator=None
    )
    failed_count = fields.Integer(
        string="With errors", compute="_compute_counts", aggregator=None
    )
    progress = fields.Float(
        string="Progress (%)", compute="_compute_counts", aggregator=None
    )

    _one_open_run = models.UniqueIndex(
        "(run_key) WHERE state IN ('queued', 'running')",
        "The same is being done already in the background: look there how far it is.",
    )

    # COMPUTE

    @api.depends(lambda self: ("line_ids.state",) if "line_ids" in self._fields else ())
    def _compute_counts(self):
        counts = {}
        # who reads a run reads how far it is
        lines_sudo = self._get_lines_model().sudo()
        for run, state, count in lines_sudo._read_group(
            [("run_id", "in", self.ids)], ["run_id", "state"], ["__count"]
        ):
            counts.setdefault(run.id, {})[state] = count
        for run in self:
            by_state = counts.get(run._origin.id, {})
            total = sum(by_state.values())
            waiting = by_state.get(lines_sudo._run_waiting, 0)
            run.total_count = total
            run.waiting_count = waiting
            run.done_count = by_state.get("done", 0)
            run.failed_count = by_state.get("failed", 0)
            run.skipped_count = total - waiting - run.done_count - run.failed_count
            run.progress = 100 * (total - waiting) / total if total else 0

    # CRUD

    @api.ondelete(at_uninstall=False)
    def _unlink_except_open(self):
        if any(run.state in UNDER_WAY for run in self):
            raise UserError(self.env._("Stop the run before you delete it."))

    # ACTION

    def action_cancel(self):
        """Stop after the batch that is under way; what was done stays.

        :raises AccessError: for others than those who may start such a run
        :raises UserError: where it isn't running
        """
        return self._act("cancelled", ended_on=fields.Datetime.now())

    def action_retry(self):
        """Do what failed or is left, without doing anything twice.

        :raises AccessError: for others than those who may start such a run
        :raises UserError: where it is still running
        """
        self._check_transition(self._run_again, "action_retry")
        self._act(
            self._run_again, ended_on=False, attempts=0, **{self._run_reason: False}
        )
        for run in self:
            run._get_lines("failed")._wait_again()
        # one that nobody could work so far begins with a clean slate
        self._get_lines(self._get_lines_model()._run_waiting).attempts = 0
        return True

    def _act(self, target, **vals):
        """Move runs by an act of the user, and wake the scheduled action."""
        self.check_access("read")
        self._check_transition(target)
        # nobody may write a run but by its acts, whose right was checked above
        self.sudo()._move(target, **vals)
        self._tell_change()
        self._wake()
        return True

    # BUSINESS

    @api.model
    def _get_lines_model(self):
        return self.env[self._fields["line_ids"].comodel_name]

    def _get_lines(self, state):
        """Return the lines in `state`, to be written by an act of the user."""
        self.check_access("read")
        # lines change by the run's acts alone
        lines_sudo = self._get_lines_model().sudo()._open_door()
        return lines_sudo.search([("run_id", "in", self.ids), ("state", "=", state)])

    def _get_starter(self):
        """Return the user in whose name and rights the work is done."""
        return self.create_uid

    def _get_stop_reason(self):
        """Return why the run can't go on, or an empty text."""
        starter = self._get_starter()
        if starter.active and starter.has_groups(",".join(self._run_groups)):
            return ""
        return self.env._(
            "%s, who began this, has no right to any more. Begin anew.", starter.name
        )

    def _find_twin(self, run_key):
        """Return an open run of the caller's that does the same, or none."""
        return self.search(
            [("run_key", "=", run_key), ("state", "in", UNDER_WAY)], limit=1
        )

    def _work(self, lines):
        """Work lines that wait; a failure of one mustn't touch the others.

        What is raised ends the run with its reason.
        """
        raise NotImplementedError

    def _conclude(self):
        """Make what is to be made of all lines together."""

    def _tell_change(self):
        """Tell open pages of these runs to read them anew, by each reader's rights."""
        for run in self:
            run._bus_send("hoithi.run/changed", {"model": self._name, "id": run.id})

    def _tell_end(self):
        """Tell who began the run that it ended, wherever in Odoo that person is."""
        starter = self._get_starter()
        run = self.with_context(lang=starter.lang)
        stopped = self.state == self._run_stopped
        starter.partner_id._bus_send(
            "simple_notification",
            {
                "type": "danger" if stopped or self.failed_count else "success",
                "title": run.display_name,
                "message": run[self._run_reason]
                or run.env._(
                    "Done: %(done)s of %(total)s; with errors: %(failed)s.",
                    done=self.done_count,
                    total=self.total_count,
                    failed=self.failed_count,
                ),
                "sticky": stopped,
            },
        )

    def _wake(self):
        """Have these runs worked, by OCA's queue of jobs where it is installed.

        Else the scheduled action is woken. It works in any case what is left: also the
        runs of a queue that nobody serves.
        """
        queued = self._enqueue()
        if not queued:
            # any act may wake the scheduled action, and do no more with it
            self.env.ref("hoithi_contest.cron_work_runs").sudo()._trigger()

    # QUEUE OF JOBS

    def _enqueue(self, pause=None):
        """Put a job for each run into OCA's `queue_job`, once at a time.

        :param pause: seconds to wait before
        :return: whether there is such a queue, and runs to put into it
        """
        if not self or not hasattr(self, "with_delay"):
            return False
        # as the scheduled action does it: what may be done is looked at in each step
        for run in self.with_user(SUPERUSER_ID)._filter_open():
            run.with_delay(
                identity_key=f"{run._name}:{run.id}",
                description=run.display_name,
                eta=pause,
            )._work_as_job()
        return True

    def _work_as_job(self):
        """Work a run for a while, each step committed; the next job goes on.

        A job may not commit by its own cursor, and its lock has to last: the steps have
        another one.
        """
        self.ensure_one()
        with self.env.registry.cursor() as cr:
            run = self.with_env(self.env(cr=cr))
            ends, handled = time.monotonic() + JOB_SECONDS, 1
            while handled and run._filter_open() and time.monotonic() < ends:
                lang = run._get_starter().partner_id._hoithi_get_lang()
                handled = run.with_context(lang=lang)._step()
                run.env["ir.cron"]._commit_progress()
                run.env.invalidate_all()
            is_open = bool(run._filter_open())
        if is_open:
            self._enqueue(None if handled else JOB_PAUSE)

    def _filter_open(self):
        return self.exists().filtered_domain([("state", "in", UNDER_WAY)])

    # CRON

    @api.model
    def _get_open_runs(self):
        """Return the open runs of all models, those first that waited longest."""
        runs = [
            run
            for name, model in self.env.registry.items()
            if issubclass(model, self.env.registry["hoithi.run.mixin"])
            and not model._abstract
            for run in self.env[name].search([("state", "in", UNDER_WAY)])
        ]
        return sorted(
            runs, key=lambda run: (run.worked_on or run.create_date, run._name, run.id)
        )

    @api.model
    def _cron_work_runs(self):
        """Work all open runs in turn, a batch each, each batch committed.

        What breaks off goes on where it was. One that was cancelled stops after the
        step under way.
        """
        scratch.sweep()
        cron = self.env["ir.cron"]
        runs = self._get_open_runs()
        cron._commit_progress(remaining=sum(run.waiting_count + 1 for run in runs))
        while runs:
            going = []
            for run in runs:
                # the scheduled action has no language; who began it reads what is noted
                lang = run._get_starter().partner_id._hoithi_get_lang()
                handled = run.with_context(lang=lang)._step()
                if not cron._commit_progress(handled):
                    return
                # a large run must not gather files in the cache
                self.env.invalidate_all()
                if handled:
                    going.append(run)
            runs = going

    def _step(self, limit=None):
        """Make the next step of a run.

        :param limit: number of lines at most; by default the model's batch
        :return: number of lines handled, the end counting as one; 0 where there is
            nothing to do here, as another server is at it
        """
        self.ensure_one()
        lines = self._claim(limit or self._run_batch)
        if lines is None:
            return 0
        claimed = len(lines)
        self.env["ir.cron"]._commit_progress()
        self.env.invalidate_all()
        try:
            with self.env.cr.savepoint():
                if claimed:
                    handled = self._work_claimed(lines)
                else:
                    handled = self._end()
        except OperationalError:
            # another transaction was first: the step begins anew
            self.env.cr.rollback()
            return 0
        except UserError as error:
            handled = self._break(error, claimed)
        except Exception as error:
            # a full disk or the like
            _logger.warning("%s %s stopped", self._name, self.id, exc_info=True)
            handled = self._break(error, claimed)
        self._tell_change()
        return handled

    def _claim(self, limit):
        """Take the lines of the next step, or none where all are worked.

        :return: lines, or None where the run isn't to be worked
        """
        run = self.try_lock_for_update().filtered_domain([("state", "in", UNDER_WAY)])
        if not run:
            return None
        now = fields.Datetime.now()
        if self.state == "queued":
            self._move("running", started_on=self.started_on or now)
        self._open_door().worked_on = now
        lines = self._get_lines_model()
        # what a server died over comes last, and alone
        waiting = lines.search(
            [("run_id", "=", self.id), ("state", "=", lines._run_waiting)],
            order="attempts, id",
            limit=limit,
        )
        lines = waiting.try_lock_for_update()
        if waiting and not lines:
            return None
        lines = lines.filtered(lambda line: not line.attempts) or lines[:1]
        for claimed in (lines or self)._open_door():
            claimed.attempts += 1
        return lines

    def _work_claimed(self, lines):
        lines = lines.try_lock_for_update()
        # cancelled meanwhile, or worked by another server
        lines = lines.filtered(
            lambda line: (
                line.state == line._run_waiting and line.run_id.state in UNDER_WAY
            )
        )
        if not lines:
            return 0
        reason = self._get_stop_reason()
        if reason:
            self._stop(reason)
        elif lines[0].attempts > ATTEMPTS:
            lines._fail(self._get_death_notice())
        else:
            self._work(lines)
        return len(lines)

    def _end(self):
        run = self.try_lock_for_update().filtered_domain([("state", "in", UNDER_WAY)])
        if not run:
            return 0
        if self.attempts > ATTEMPTS:
            raise UserError(self._get_death_notice())
        self._conclude()
        self._move("done", ended_on=fields.Datetime.now(), attempts=0)
        self._tell_end()
        return 1

    def _break(self, error, claimed):
        self.env.invalidate_all()
        self._stop(self._explain_error(error))
        return claimed or 1

    def _stop(self, reason):
        """End the run with its reason; it can go on where it was."""
        self._move(
            self._run_stopped,
            ended_on=fields.Datetime.now(),
            **{self._run_reason: reason},
        )
        self._tell_end()

    @api.model
    def _explain_error(self, error):
        """Return what people are told of an error that no sentence was made for."""
        if isinstance(error, UserError):
            return str(error)
        return self.env._(
            "Something on the server went wrong: “%s”. Try again; where it comes back, "
            "tell the administrator of the system.",
            error,
        )

    @api.model
    def _get_death_notice(self):
        return self.env._(
            "The server broke off %s times over this, as for want of memory or time. "
            "Tell the administrator, then try again.",
            ATTEMPTS,
        )
