from unittest.mock import patch

from psycopg2.errors import SerializationFailure

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ...lib.council import copies
from ...models.council import hoithi_contest_review_start, hoithi_review_copy
from ..common import HoithiCommon
from .test_review_copies import make_pdf


@tagged("post_install", "-at_install")
class TestReviewStart(HoithiCommon):
    """The start of a review for which many copies are still to be made."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._launch()
        cls.office = cls.contest.with_user(cls.secretary)
        # any copy that waits is more than a click's
        cls.startClassPatcher(patch.object(hoithi_review_copy, "FEW_SECONDS", 0))

    def _enter(self, *contents):
        entry = self._create_entry(with_file=False)
        for number, content in enumerate(contents):
            self._add_file(entry, content, f"tep-{number}.pdf")
        entry.action_submit()
        entry.with_user(self.secretary).action_mark_eligible()
        return entry.sudo()

    def _start(self):
        """Press the button of the contest; return the run that it shows."""
        if self.office.state == "open":
            self.office.action_close_registration()
        with patch.object(
            copies, "make_copy", side_effect=AssertionError("in a click")
        ):
            action = self.office.action_start_review()
        self.assertEqual(action["res_model"], "hoithi.review.start.run")
        run = self.env[action["res_model"]].with_user(self.secretary)
        return run.browse(action["res_id"])

    def _go_on(self):
        self._run_cron("cron_work_runs")
        self.env.invalidate_all()

    def test_the_review_begins_by_itself_once_its_copies_are_made(self):
        entry = self._enter(make_pdf("Mot"), make_pdf("Hai"))
        [review] = self._assign(entry, self.member1)
        run = self._start()
        self.assertEqual((run.state, run.total_count), ("queued", 2))
        self.assertEqual((self.office.state, entry.state), ("screening", "eligible"))
        self.assertEqual(self.office.review_start_run_id, run)
        self.assertEqual(self.office.review_start_state, "queued")
        self.assertEqual(self._start(), run, "two clicks are one")
        self._go_on()
        self.assertEqual((run.state, run.done_count, run.progress), ("done", 2, 100))
        self.assertEqual((self.office.state, entry.state), ("review", "reviewing"))
        self.assertEqual(len(review.file_ids), 2)
        self.assertFalse(self.office.review_start_run_id, "there is no more to tell")

    def test_files_of_many_entries_are_looked_through_after_the_click(self):
        entry = self._enter(make_pdf("Mot"), make_pdf("Hai"))
        copies_made = self.env["hoithi.review.copy"]
        copies_made.search([]).unlink()
        with (
            patch.object(hoithi_contest_review_start, "MANY", 0),
            patch.object(type(copies_made), "_queue", side_effect=AssertionError),
        ):
            run = self._start()
        self.assertEqual((run.state, run.total_count), ("queued", 0))
        self._go_on()
        self.assertEqual((run.state, run.done_count), ("done", 2))
        self.assertEqual(self.office.state, "review")
        made = copies_made.search([("entry_id", "=", entry.id)])
        self.assertEqual(made.mapped("state"), ["ready"] * 2)
        self.assertEqual(made.contest_id, self.contest)
        self.assertEqual(made.company_id, self.company)

    def test_the_next_act_tells_of_a_start_that_is_under_way(self):
        self._enter(make_pdf("Mot"), make_pdf("Hai"))
        run = self._start()
        self.env.invalidate_all()
        act = self.office._get_next_act()
        self.assertEqual(
            act.title, "The review is beginning: 0 % of the copies are made"
        )
        self.assertEqual(act.target, {"model": run._name, "id": run.id})
        self._go_on()
        self.assertEqual(self.office.state, "review")
        self.assertIn("Assign reviewers to 1", self.office._get_next_act().title)

    def test_a_card_that_is_dragged_tells_what_goes_on(self):
        self._enter(make_pdf("Mot"))
        self.office.action_close_registration()
        self.env["bus.bus"].search([]).unlink()
        self.office.write({"state": "review"})
        self.assertEqual(self.office.state, "screening")
        self.assertEqual(self.office.review_start_state, "queued")
        self.env.cr.precommit.run()
        told = self.env["bus.bus"].search([]).mapped("message")
        self.assertTrue([text for text in told if "begins by itself" in text])

    def test_the_deadline_starts_no_run(self):
        """A run is somebody's; what the server starts waits for its copies."""
        self._enter(make_pdf("Mot"))
        self.office.action_close_registration()
        self.assertIs(self.contest.sudo().action_start_review(), True)
        self.assertEqual(self.contest.state, "review")
        self.assertFalse(self.env["hoithi.review.start.run"].search([]))

    def test_what_is_asked_before_is_asked_in_the_click(self):
        self._create_entry().action_submit()
        self.office.action_close_registration()
        with self.assertRaises(UserError) as refusal:
            self.office.action_start_review()
        self.assertIn("Screen these entries first", str(refusal.exception))
        self.assertFalse(self.env["hoithi.review.start.run"].search([]))

    def test_names_in_the_text_stop_the_start_until_they_are_decided(self):
        entry = self._enter(make_pdf("Tac gia: an@so.example.vn"))
        entry.author_ids.sudo()._open_door().email = "an@so.example.vn"
        run = self._start()
        self._go_on()
        self.assertEqual((run.state, self.office.state), ("failed", "screening"))
        self.assertEqual(self.office.review_start_run_id, run)
        self.assertIn("decide on their copies", self.office.review_start_error)
        self.assertIn(entry.code, run.error)
        self.env["hoithi.review.copy"].with_user(self.secretary).search(
            [("entry_id", "=", entry.id)]
        ).action_withhold(reason="Thư riêng")
        self.office.action_go_on_review_start()
        self._go_on()
        self.assertEqual((run.state, self.office.state), ("done", "review"))

    def _start_in_vain(self, *contents):
        """Start a review for which no copy of an entry's files can be made."""
        entry = self._enter(*contents)
        [review] = self._assign(entry, self.member1)
        run = self._start()
        failure = copies.CopyFailed("engine")
        with patch.object(copies, "make_copy", side_effect=failure):
            self._go_on()
        self.assertEqual((run.state, run.failed_count), ("failed", len(contents)))
        self.assertEqual(
            set(run.line_ids.mapped("note")),
            {copy._get_failure() for copy in run.sudo().line_ids.copy_id},
        )
        # the secretary is told which, why and what to do; nobody reviews without
        self.assertEqual((self.office.state, entry.state), ("screening", "eligible"))
        self.assertEqual(self.office.review_start_run_id, run)
        for told in (entry.code, "LibreOffice is missing", "Decide on each"):
            self.assertIn(told, self.office.review_start_error)
        self.assertFalse(review.file_ids)
        return entry, review, run

    def test_a_copy_that_cannot_be_made_is_decided_on_before_the_review(self):
        entry, review, run = self._start_in_vain(make_pdf("Mot"))
        # nothing was decided: going on begins it no more than before
        with patch.object(copies, "make_copy", side_effect=copies.CopyFailed("engine")):
            self.office.action_go_on_review_start()
            self._go_on()
        self.assertEqual((run.state, self.office.state), ("failed", "screening"))
        # once LibreOffice is installed, the same run makes it and begins
        self.office.action_go_on_review_start()
        self._go_on()
        self.assertEqual((run.state, run.done_count), ("done", 1))
        self.assertEqual((self.office.state, entry.state), ("review", "reviewing"))
        self.assertEqual(len(review.file_ids), 1)

    def test_a_copy_that_cannot_be_made_is_withheld(self):
        """With a reason; the others are handed out and the review begins."""
        entry, review, run = self._start_in_vain(make_pdf("Mot"), make_pdf("Hai"))
        made = self.env["hoithi.review.copy"].with_user(self.secretary)
        first = made.search([("entry_id", "=", entry.id)], limit=1)
        first.action_withhold(reason="Tệp hỏng")
        self.office.action_go_on_review_start()
        self._go_on()
        self.assertEqual((run.state, self.office.state), ("done", "review"))
        self.assertEqual(first.state, "withheld")
        self.assertEqual(len(review.file_ids), 1)

    def test_stopped_it_keeps_what_was_made_and_goes_on_there(self):
        entry = self._enter(make_pdf("Mot"), make_pdf("Hai"))
        run = self._start()
        model, original = type(run.line_ids), type(run.line_ids)._make

        def make_and_stop(line):
            original(line)
            self.office.action_stop_review_start()

        with patch.object(model, "_make", make_and_stop):
            self._go_on()
        self.assertEqual((run.state, run.done_count), ("cancelled", 1))
        self.assertEqual(self.office.state, "screening")
        self.assertFalse(self.office.review_start_run_id)
        with self.assertRaises(UserError):
            self.office.action_stop_review_start()
        # what is handed in meanwhile is made as well
        self._add_file(entry.sudo(), make_pdf("Ba"), "tep-3.pdf")
        self.env["hoithi.review.copy"]._queue(entry)
        run.action_retry()
        self._go_on()
        self.assertEqual((run.state, run.done_count), ("done", 3))
        self.assertEqual(self.office.state, "review")

    def test_another_worker_at_the_same_copy(self):
        """The step waits for it, and makes nothing twice."""
        self._enter(make_pdf("Mot"))
        run = self._start()
        contests, original = type(self.contest), type(self.contest)._lock_rows
        waiting = self.env["hoithi.review.copy"].search([("state", "=", "waiting")])
        crossed = []

        def lock(records, rows):
            if rows == waiting and not crossed:
                crossed.append(rows)
                raise SerializationFailure
            return original(records, rows)

        with patch.object(contests, "_lock_rows", lock):
            self._go_on()
        self.assertTrue(crossed)
        self.assertEqual((run.state, run.done_count), ("done", 1))
        self.assertEqual(self.office.state, "review")

    def test_the_right_to_start_is_asked_again(self):
        self._enter(make_pdf("Mot"))
        run = self._start()
        self.secretary.sudo().group_ids -= self.env.ref(
            "hoithi_contest.group_secretary"
        )
        self._go_on()
        self.assertEqual(
            (run.sudo().state, self.contest.state), ("failed", "screening")
        )
        self.assertIn("no right to any more", run.sudo().error)

    def test_whose_a_start_is(self):
        self._enter(make_pdf("Mot"))
        run = self._start()
        colleague = self.secretary.copy({"login": "t_secretary2"})
        self.assertTrue(run.with_user(colleague).line_ids.has_access("read"))
        for user in (self.member1, self.leader, self.staff):
            self.assertFalse(run.with_user(user).has_access("read"))
            with self.assertRaises(AccessError):
                run.with_user(user)._start(self.contest)
            with self.assertRaises(AccessError):
                self.contest.with_user(user).action_start_review()
        with self.assertRaises(UserError):
            run.write({"state": "done"})
        # whoever answers for the contest too stops it
        self.contest.with_user(colleague).action_stop_review_start()
        self._go_on()
        self.assertEqual((run.state, self.office.state), ("cancelled", "screening"))
