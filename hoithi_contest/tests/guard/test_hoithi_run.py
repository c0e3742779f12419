import json
from types import SimpleNamespace
from unittest.mock import patch

from psycopg2.errors import SerializationFailure

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...models.guard import hoithi_run_mixin
from ..common import KilledError
from ..document.test_document_run import RunCommon

RUNS = "odoo.addons.hoithi_contest.models.guard.hoithi_run_mixin"
LINES = "odoo.addons.hoithi_contest.models.document.hoithi_document_run_line"


@tagged("post_install", "-at_install")
class TestRuns(RunCommon):
    """What all that is done in the background has in common."""

    COUNT = 4

    def setUp(self):
        super().setUp()
        self.job = self._make_registrations()
        self.lines = self.job.line_ids

    def _go_on(self):
        self._run_cron("cron_work_runs")
        self.job.invalidate_recordset()
        self.lines.invalidate_recordset()

    def _get_messages(self):
        """Return what the bus was told since it was last emptied."""
        self.env.cr.precommit.run()
        messages = self.env["bus.bus"].sudo().search([])
        told = [(m.channel, json.loads(m.message)) for m in messages]
        messages.unlink()
        return told

    def test_what_kills_every_server_fails_alone(self):
        """A piece of work that no server survives stops neither run nor queue."""
        deadly = self.lines[1]
        run_class = type(self.job)
        original = run_class._work

        def work(records, lines):
            if deadly.id in lines.ids:
                raise KilledError()
            original(records, lines)

        with (
            patch.object(run_class, "_work", work),
        ):
            for _death in range(hoithi_run_mixin.ATTEMPTS):
                self._run_cron_killed("cron_work_runs")
            self._go_on()
        self.assertEqual((self.job.state, self.job.failed_count), ("done", 1))
        self.assertEqual(deadly.state, "failed")
        self.assertIn("broke off", deadly.error)
        # and can be tried again, with as many attempts
        self.job.action_retry()
        self._go_on()
        self.assertEqual((self.job.state, self.job.done_count), ("done", self.COUNT))

    def test_a_result_that_kills_every_server_ends_the_run(self):
        with (
            patch.object(type(self.job), "_conclude", side_effect=KilledError()),
        ):
            for _death in range(hoithi_run_mixin.ATTEMPTS):
                self._run_cron_killed("cron_work_runs")
            self._go_on()
        self.assertEqual((self.job.state, self.job.done_count), ("failed", self.COUNT))
        self.assertIn("broke off", self.job.error)
        self.job.action_retry()
        self._go_on()
        self.assertEqual(self.job.state, "done")

    def test_another_transaction_first(self):
        """Nothing is marked as failed that another server did; it comes again."""
        run_class = type(self.job)
        with patch.object(run_class, "_work", side_effect=SerializationFailure()):
            self._go_on()
        self.assertEqual((self.job.state, self.job.waiting_count), ("running", 4))
        self._go_on()
        self.assertEqual((self.job.state, self.job.done_count), ("done", self.COUNT))

    def test_two_servers(self):
        """What one is at, the other leaves alone."""
        run_class, lines_class = type(self.job), type(self.lines)
        for model in (run_class, lines_class):
            original = model.try_lock_for_update

            def locked(records, model=model, original=original, **options):
                if records._name == model._name:
                    return records.browse()
                return original(records, **options)

            with (
                self.subTest(model=model._name),
                patch.object(model, "try_lock_for_update", locked),
            ):
                self._go_on()
                self.assertNotEqual(self.job.state, "done")
                self.assertEqual(self.job.waiting_count, self.COUNT)

    def test_cancelled_between_claim_and_work(self):
        run_class = type(self.job)
        original = run_class._claim

        def claim(records, limit):
            lines = original(records, limit)
            records._move("cancelled")
            return lines

        with patch.object(run_class, "_claim", claim):
            self._go_on()
        self.assertEqual((self.job.state, self.job.done_count), ("cancelled", 0))

    def test_runs_take_turns(self):
        """A small one doesn't wait for the end of a large one."""
        other = self._make_registrations(self.leader).id
        worked = []
        run_class = type(self.job)
        original = run_class._work

        def work(records, lines):
            worked.append(records.id)
            original(records, lines)

        with (
            patch.object(run_class, "_run_batch", 2),
            patch.object(run_class, "_work", work),
        ):
            self._go_on()
        self.assertEqual(worked, [self.job.id, other, self.job.id, other])

    def test_who_lost_the_role_does_no_more(self):
        self.secretary.group_ids -= self.env.ref("hoithi_contest.group_secretary")
        with mute_logger(LINES):
            self._go_on()
        run = self.job.sudo()
        self.assertEqual((run.state, run.done_count), ("failed", 0))
        self.assertIn(self.secretary.name, run.error)

    def test_why_it_stopped_is_told_in_the_language_of_who_began_it(self):
        """The scheduled action has none."""
        self.secretary.partner_id.lang = "vi_VN"
        self.secretary.group_ids -= self.env.ref("hoithi_contest.group_secretary")
        with mute_logger(LINES):
            self._go_on()
        self.assertIn("không còn quyền", self.job.sudo().error)

    def test_what_the_server_says_comes_in_a_sentence(self):
        with (
            patch.object(type(self.job), "_work", side_effect=OSError("disk full")),
            mute_logger(RUNS),
        ):
            self._go_on()
        self.assertEqual(self.job.state, "failed")
        self.assertRegex(self.job.error, "disk full.*tell the administrator")

    def test_open_pages_are_told(self):
        self._get_messages()
        self._go_on()
        messages = self._get_messages()
        news = [m for _channel, m in messages if m["type"] == "hoithi.run/changed"]
        # of the lines, and of the end
        self.assertEqual(len(news), 2)
        for message in news:
            # and nothing that isn't everybody's
            self.assertEqual(
                message["payload"], {"model": self.job._name, "id": self.job.id}
            )
        [end] = [
            (channel, message["payload"])
            for channel, message in messages
            if message["type"] == "simple_notification"
        ]
        self.assertIn(f'"res.partner",{self.secretary.partner_id.id}', end[0])
        self.assertEqual(end[1]["type"], "success")
        self.assertIn("4", end[1]["message"])

    def _ask(self, user, channel):
        """Return the channels that a socket of `user` gets."""
        request = SimpleNamespace(session=SimpleNamespace(uid=user.id))
        path = "odoo.addons.bus.models.ir_websocket"
        with patch(f"{path}.request", None), patch(f"{path}.wsrequest", request):
            return (
                self.env["ir.websocket"]
                .with_user(user)
                ._build_bus_channel_list([channel])
            )

    def test_who_may_listen(self):
        channel = f"hoithi.run:{self.job._name},{self.job.id}"
        for user, may in (
            (self.secretary, True),
            (self.leader, False),
            (self.staff, False),
            (self.member1, False),
        ):
            with self.subTest(user=user.login):
                channels = self._ask(user, channel)
                texts = [str(channel) for channel in channels]
                self.assertNotIn(channel, texts)
                self.assertEqual(str(self.job) in texts, may)
        for forged in (
            f"hoithi.run:res.users,{self.secretary.id}",
            "hoithi.run:no.such.model,1",
            f"hoithi.run:{self.job._name},{self.job.id}x",
        ):
            with self.subTest(channel=forged):
                channels = self._ask(self.secretary, forged)
                self.assertFalse(
                    [c for c in channels if getattr(c, "_name", "") == "res.users"]
                )

    def test_only_who_may_start_acts(self):
        for user in (self.staff, self.member1, self.head, self.leader):
            for method in ("action_cancel", "action_retry"):
                with (
                    self.subTest(user=user.login, method=method),
                    mute_logger("odoo.addons.base.models.ir_rule"),
                    self.assertRaises(AccessError),
                ):
                    getattr(self.job.with_user(user), method)()
        self.job.action_cancel()
        with self.assertRaises(UserError):
            self.job.action_cancel()
        with self.assertRaisesRegex(UserError, "started already"):
            self.job.action_start()

    def test_an_open_run_is_not_deleted(self):
        with self.assertRaisesRegex(UserError, "Stop the run"):
            self.job.unlink()
        self.job.action_cancel()
        self.job.unlink()
        self.assertFalse(self.job.exists())

    def _serve_queue(self):
        """Stand in for OCA's queue of jobs: return a list of (run, method, options)."""
        jobs = []

        class Delayed:
            def __init__(self, run, options):
                self._told = run, options

            def __getattr__(self, name):
                run, options = self._told
                return lambda: jobs.append((run, name, options))

        patcher = patch.object(
            type(self.job),
            "with_delay",
            lambda run, **options: Delayed(run, options),
            create=True,
        )
        patcher.start()
        self.addCleanup(patcher.stop)
        return jobs

    def _get_calls(self):
        cron = self.env.ref("hoithi_contest.cron_work_runs")
        triggers = self.env["ir.cron.trigger"].sudo()
        return triggers.search_count([("cron_id", "=", cron.id)])

    def _serve(self, job):
        run, method, _options = job
        with self.enter_registry_test_mode():
            getattr(run, method)()
        self.env.invalidate_all()

    def test_a_queue_of_jobs_works_a_run_where_there_is_one(self):
        """Each job a while; the next one goes on, and the scheduled action stays."""
        jobs, before = self._serve_queue(), self._get_calls()
        self.job.action_cancel()
        self.job.action_retry()
        self.assertEqual(self._get_calls(), before, "the scheduled action isn't woken")
        [job] = jobs
        run, method, options = job
        self.assertEqual(run, self.job)
        self.assertTrue(run.env.su, "each step looks at who began it")
        self.assertEqual(method, "_work_as_job")
        self.assertEqual(options["identity_key"], f"{run._name}:{run.id}")
        self.assertIsNone(options["eta"])
        with (
            patch.object(type(self.job), "_run_batch", 2),
            patch(f"{RUNS}.JOB_SECONDS", 0),
        ):
            self._serve(job)
            self.assertEqual((self.job.state, self.job.waiting_count), ("queued", 4))
        self.assertEqual(len(jobs), 2, "what is left is another job")
        self._serve(jobs[1])
        self.assertEqual((self.job.state, self.job.done_count), ("done", self.COUNT))
        self.assertEqual(len(jobs), 2)
        self._serve(jobs[1])
        self.assertEqual(self.job.done_count, self.COUNT, "twice does it once")

    def test_a_job_waits_for_another_server(self):
        jobs = self._serve_queue()
        self.job.action_cancel()
        self.job.action_retry()
        locked = patch.object(
            type(self.job), "try_lock_for_update", lambda run, **_kw: run.browse()
        )
        with locked:
            self._serve(jobs[0])
        self.assertEqual(jobs[1][2]["eta"], hoithi_run_mixin.JOB_PAUSE)
        # a queue that nobody serves loses nothing
        self._go_on()
        self.assertEqual((self.job.state, self.job.done_count), ("done", self.COUNT))
        self._serve(jobs[1])
        self.assertEqual(len(jobs), 2, "and nothing is queued for what is done")
