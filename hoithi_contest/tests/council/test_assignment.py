from datetime import datetime
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from ...wizard.council import hoithi_review_assign
from ..common import HoithiCommon


@tagged("post_install", "-at_install")
class TestAssignment(HoithiCommon):
    """The dialog that proposes reviewers, shows them and assigns them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._launch()
        cls.entries = [
            cls._eligible_entry(cls.staff, name=f"Giải pháp quan trắc số {number}")
            for number in range(1, 5)
        ]
        for number in (3, 4, 5):
            user = new_test_user(
                cls.env, f"t_member{number}", groups="hoithi_contest.group_member"
            )
            cls.council.member_ids = [Command.create({"user_id": user.id})]
            setattr(cls, f"member{number}", user)
        cls.seats = {seat.user_id: seat for seat in cls.council.member_ids}
        cls.contest.reviews_per_entry = 2

    def _wizard(self, mode="fill", **values):
        return (
            self.env["hoithi.review.assign"]
            .with_user(self.secretary)
            .create({"contest_id": self.contest.id, "mode": mode, **values})
        )

    def _reviewers(self, entry):
        reviews = entry.sudo().review_ids
        return reviews.filtered(lambda review: review.state != "void").user_id

    def _conflict(self, entry, user, **values):
        return self.env["hoithi.conflict"].create(
            {
                "entry_id": entry.id,
                "member_id": self.seats[user].id,
                "kind": "other",
                **values,
            }
        )

    def _apply(self, wizard):
        wizard.action_propose()
        wizard.action_assign()

    def test_button_opens_the_proposal(self):
        action = self.contest.with_user(self.secretary).action_assign_reviews()
        form = Form(
            self.env[action["res_model"]]
            .with_user(self.secretary)
            .with_context(**action["context"])
        )
        self.assertEqual((form.mode, form.number), ("fill", 2))
        form.mode = "add"
        self.assertEqual(form.number, 1)
        wizard = form.save()
        self.assertFalse(wizard.line_count)
        self.assertEqual(wizard.action_propose()["res_id"], wizard.id)
        self.assertEqual(wizard.line_count, 4)

    def test_a_large_proposal_is_worked_out_in_the_background(self):
        office = self.contest.with_user(self.secretary)
        wizard = self._wizard()
        with patch.object(hoithi_review_assign, "AT_ONCE", 2):
            self.assertEqual(wizard.action_propose()["res_id"], wizard.id)
        self.assertEqual((wizard.background, wizard.line_count), ("waiting", 0))
        with self.assertRaisesRegex(UserError, "still being worked out"):
            wizard.action_assign()
        # closed, and opened again
        self.assertEqual(office.action_assign_reviews()["res_id"], wizard.id)
        self._run_cron("cron_propose_reviews")
        self.env.invalidate_all()
        self.assertEqual((wizard.background, wizard.line_count), ("ready", 8))
        self.assertFalse(wizard.problem)
        self.assertEqual(wizard.action_look()["res_id"], wizard.id)
        wizard.action_assign()
        self.assertEqual(self.env["hoithi.review"].search_count([]), 8)
        self.assertFalse(office.action_assign_reviews().get("res_id"), "it is applied")

    def test_what_keeps_a_large_proposal_is_told(self):
        """As where who asked is no secretary any more when its turn comes."""
        wizard = self._wizard()
        with patch.object(hoithi_review_assign, "AT_ONCE", 2):
            wizard.action_propose()
        self.secretary.group_ids = self.env.ref("hoithi_contest.group_member")
        self._run_cron("cron_propose_reviews")
        self.env.invalidate_all()
        self.assertEqual(wizard.sudo().background, "ready")
        self.assertTrue(wizard.sudo().problem)
        self.assertFalse(wizard.sudo().line_ids)

    def test_one_that_cant_be_worked_out_keeps_no_other(self):
        wizards = self._wizard() | self._wizard()
        with patch.object(hoithi_review_assign, "AT_ONCE", 2):
            for wizard in wizards:
                wizard.action_propose()
        solve = [ValueError("no solution"), hoithi_review_assign.assignment.propose]

        def stumble(**problem):
            act = solve.pop(0)
            if isinstance(act, Exception):
                raise act
            return act(**problem)

        with (
            patch.object(hoithi_review_assign.assignment, "propose", stumble),
            mute_logger(hoithi_review_assign.__name__),
        ):
            self._run_cron("cron_propose_reviews")
        self.env.invalidate_all()
        first, second = wizards
        self.assertEqual(wizards.mapped("background"), ["ready", "ready"])
        self.assertIn("couldn't be worked out", first.problem)
        self.assertEqual((first.line_count, second.line_count), (0, 8))
        self.assertFalse(second.problem)
        # what was told is gone with a proposal that is worked out at once
        first.action_propose()
        self.assertFalse(first.problem)
        # a proposal that nobody wants any more is in nobody's way
        self.assertFalse(second.action_start_over().get("res_id"))
        self.assertFalse(any(wizards.mapped("background")))

    def test_what_is_picked_after_a_proposal_is_what_is_assigned(self):
        wizard = self._wizard()
        wizard.action_propose()
        wizard.write(
            {
                "mode": "pick",
                "entry_ids": [Command.set(self.entries[0].ids)],
                "member_ids": [Command.set(self.seats[self.member1].ids)],
            }
        )
        self.assertEqual(wizard.line_count, 1)
        wizard.action_assign()
        [review] = self.env["hoithi.review"].search([])
        self.assertEqual(
            (review.entry_id, review.user_id), (self.entries[0], self.member1)
        )

    def test_entries_that_a_colleague_gave_out_meanwhile_get_no_more(self):
        wizard = self._wizard()
        wizard.action_propose()
        line = wizard.line_ids[0]
        colleague = self.secretary.copy({"login": "t_secretary2"})
        seats = self.council.member_ids - line.member_id
        self._apply(
            wizard.with_user(colleague).create(
                {
                    "contest_id": self.contest.id,
                    "mode": "fill",
                    "member_ids": [Command.set(seats[-3:].ids)],
                }
            )
        )
        # a test is one moment
        self.env.cr.execute(
            "UPDATE hoithi_review_assign_line"
            " SET create_date = create_date - interval '1 hour' WHERE wizard_id = %s",
            [wizard.id],
        )
        self.env.invalidate_all()
        with self.assertRaisesRegex(UserError, "Nothing is left"):
            wizard.action_assign()
        # but for one that has fallen out since
        line.entry_id.sudo().review_ids[0].with_user(colleague).action_void("Bận")
        wizard.action_assign()
        self.assertEqual({len(self._reviewers(entry)) for entry in self.entries}, {2})
        self.assertIn(line.member_id.user_id, self._reviewers(line.entry_id))

    def _assign_in_background(self, wizard):
        """Apply a proposal that counts as a large one; return the run."""
        with patch.object(hoithi_review_assign, "LARGE", 2):
            action = wizard.action_assign()
        self.assertEqual(action["res_model"], "hoithi.review.assign.run")
        run = self.env[action["res_model"]].with_user(self.secretary)
        return run.browse(action["res_id"])

    def test_a_large_proposal_is_applied_in_the_background(self):
        wizard = self._wizard(due_date="2027-05-05 10:00:00")
        wizard.action_propose()
        run = self._assign_in_background(wizard)
        self.assertEqual((run.state, run.total_count), ("queued", 8))
        self.assertEqual(self._assign_in_background(wizard), run, "two clicks are one")
        self.assertFalse(self.env["hoithi.review"].search([]))
        acts = self.contest.with_user(self.secretary)._get_assign_acts(4)
        self.assertEqual(
            [(act.title, act.target["id"]) for act in acts],
            [("Reviewers are being assigned: 0 of 8 reviews", run.id)],
        )
        with patch.object(type(run), "_run_batch", 3):
            self._run_cron("cron_work_runs")
        self.env.invalidate_all()
        self.assertEqual((run.state, run.done_count, run.progress), ("done", 8, 100))
        reviews = self.env["hoithi.review"].search([])
        self.assertEqual(
            {(review.entry_id, review.member_id) for review in reviews},
            {(line.entry_id, line.member_id) for line in run.line_ids},
        )
        self.assertEqual(reviews.create_uid, self.secretary)
        self.assertEqual(set(reviews.mapped("due_date")), {datetime(2027, 5, 5, 10, 0)})
        told = self.env["hoithi.notice"].search([("kind", "=", "review_assigned")])
        self.assertEqual(set(told.mapped("res_id")), set(reviews.ids))

    def test_what_changed_meanwhile_stops_no_other(self):
        """One assigned by hand is left out, one in a conflict is refused aloud."""
        wizard = self._wizard()
        wizard.action_propose()
        run = self._assign_in_background(wizard)
        first, second = run.line_ids[:2]
        reviews = self.env["hoithi.review"].with_user(self.secretary)
        reviews.create({"entry_id": first.entry_id.id, "member_id": first.member_id.id})
        self._conflict(second.entry_id, second.member_id.user_id, kind="kinship")
        self._run_cron("cron_work_runs")
        self.env.invalidate_all()
        self.assertEqual((first.state, second.state), ("skipped", "failed"))
        self.assertTrue(second.note)
        self.assertEqual((run.state, run.done_count), ("done", 6))
        self.assertEqual(len(reviews.search([])), 7)

    def test_a_run_is_its_secretary_s_alone(self):
        wizard = self._wizard()
        wizard.action_propose()
        run = self._assign_in_background(wizard)
        colleague = self.secretary.copy({"login": "t_secretary2"})
        self.assertTrue(run.line_ids.has_access("read"))
        self.assertFalse(run.with_user(colleague).has_access("read"))
        self.assertFalse(run.line_ids.with_user(colleague).has_access("read"))
        for vals in ({"state": "done"}, {"due_date": "2030-01-01 10:00:00"}):
            with self.assertRaises(UserError):
                run.write(vals)
        for user in (self.member1, self.leader, self.staff):
            with self.assertRaises(AccessError):
                run.with_user(user)._start(self.contest, [], False)
        run.action_cancel()
        self._run_cron("cron_work_runs")
        self.assertFalse(self.env["hoithi.review"].search([]))

    def test_fill_up_balances_the_loads(self):
        wizard = self._wizard()
        wizard.action_propose()
        self.assertEqual(len(wizard.line_ids), 8)
        self.assertFalse(wizard.shortage)
        self.assertIn("New reviews: 8, for 4", wizard.summary)
        self.assertFalse(self.env["hoithi.review"].search([]), "preview only")
        wizard.action_assign()
        reviews = self.env["hoithi.review"].search([])
        self.assertEqual({len(self._reviewers(entry)) for entry in self.entries}, {2})
        loads = [len(group) for group in reviews.grouped("member_id").values()]
        # six score: four of them two entries, or so
        self.assertEqual(sorted(loads), [1, 1, 1, 1, 2, 2])
        # nothing is wanting any more
        again = self._wizard()
        again.action_propose()
        self.assertFalse(again.line_ids)
        with self.assertRaisesRegex(UserError, "Nothing is left"):
            again.action_assign()

    def test_existing_reviews_stay(self):
        self._assign(self.entries[0], self.member1, self.member2)
        self._assign(self.entries[1], self.member1)
        self._apply(self._wizard())
        self.assertEqual(self._reviewers(self.entries[0]), self.member1 | self.member2)
        self.assertIn(self.member1, self._reviewers(self.entries[1]))
        self.assertEqual(len(self._reviewers(self.entries[1])), 2)

    def test_add_counts_from_what_is_there(self):
        self._assign(self.entries[0], self.member1, self.member2)
        wizard = self._wizard("add", entry_ids=[Command.set(self.entries[0].ids)])
        self.assertEqual(wizard.number, 1)
        self._apply(wizard)
        self.assertEqual(len(self._reviewers(self.entries[0])), 3)
        self.assertFalse(self._reviewers(self.entries[1]))

    def test_hard_conflicts_never_soft_ones_last(self):
        entry = self.entries[0]
        for user in (self.chair, self.member1, self.member2):
            self._conflict(entry, user)
        for user in (self.member3, self.member4):
            self._conflict(entry, user, hard=False, note="học trò cũ")
        wizard = self._wizard(entry_ids=[Command.set(entry.ids)])
        wizard.action_propose()
        users = wizard.line_ids.member_id.user_id
        self.assertIn(self.member5, users)
        self.assertEqual(len(users & (self.member3 | self.member4)), 1)
        soft = wizard.line_ids.filtered("conflict")
        self.assertIn("học trò cũ", soft.conflict)
        self.assertIn("helped: 1", wizard.summary)

    def test_conflict_of_hr_is_found_before_proposing(self):
        self.employees[self.member1].parent_id = False
        author = self.employees[self.staff]
        author.parent_id = self.employees[self.member1]
        wizard = self._wizard(number=6)
        wizard.action_propose()
        self.assertNotIn(self.member1, wizard.line_ids.member_id.user_id)
        self.assertIn("missing 1", wizard.shortage)

    def test_field_of_the_entry_goes_to_its_experts(self):
        water = self.env["hoithi.field"].create({"name": "Nước"})
        for user in self.seats:
            self.seats[user].field_ids = water
        self.seats[self.member2].field_ids = self.field
        self.seats[self.member4].field_ids = self.field
        wizard = self._wizard(entry_ids=[Command.set(self.entries[0].ids)])
        wizard.action_propose()
        self.assertEqual(wizard.line_ids.member_id.user_id, self.member2 | self.member4)

    def test_one_member_of_the_authors_unit(self):
        for user in (self.member1, self.member2):
            self.employees[user].department_id = self.sub_unit
        wizard = self._wizard(number=5)
        wizard.action_propose()
        for entry in self.entries:
            lines = wizard.line_ids.filtered(lambda li, e=entry: li.entry_id == e)
            users = lines.member_id.user_id
            self.assertEqual(len(users & (self.member1 | self.member2)), 1)
        self.assertFalse(wizard.shortage)
        wizard.number = 6
        wizard.action_propose()
        self.assertIn("Authors' unit: only one member", wizard.shortage)

    def test_shortage_names_entries_and_full_members(self):
        for seat in self.seats.values():
            seat.max_load = 1
        wizard = self._wizard()
        wizard.action_propose()
        # six places for eight reviews
        self.assertEqual(len(wizard.line_ids), 6)
        self.assertIn("Raise their limit", wizard.shortage)
        self.assertIn(self.entries[3].code[:2], wizard.shortage)
        wizard.action_assign()

    def test_full_load_counts_within_one_batch(self):
        seat = self.seats[self.member1]
        seat.max_load = 1
        with self.assertRaisesRegex(UserError, "most entries that were agreed"):
            self.env["hoithi.review"].with_user(self.secretary).create(
                [
                    {"entry_id": entry.id, "member_id": seat.id}
                    for entry in self.entries[:2]
                ]
            )

    def test_pinned_lines_stay_and_left_out_ones_do_not_come_back(self):
        wizard = self._wizard(entry_ids=[Command.set(self.entries[0].ids)])
        wizard.action_propose()
        first, second = wizard.line_ids
        stays, out = first.member_id, second.member_id
        first.pinned = True
        second.excluded = True
        self.assertEqual(wizard.line_count, 1)
        wizard.action_propose()
        kept = wizard.line_ids.filtered(lambda line: not line.excluded)
        self.assertEqual(len(kept), 2)
        self.assertIn(stays, kept.member_id)
        self.assertNotIn(out, kept.member_id)
        self.assertEqual(wizard.line_ids.filtered("pinned").member_id, stays)
        wizard.action_assign()
        self.assertEqual(self._reviewers(self.entries[0]), kept.member_id.user_id)

    def test_lines_can_be_changed_by_hand(self):
        wizard = self._wizard(entry_ids=[Command.set(self.entries[0].ids)])
        wizard.action_propose()
        wizard.line_ids[0].unlink()
        missing = self.seats[self.member5] - wizard.line_ids.member_id
        extra = missing or self.seats[self.member4]
        wizard.line_ids = [
            Command.create({"entry_id": self.entries[1].id, "member_id": extra.id})
        ]
        wizard.action_assign()
        self.assertEqual(len(self._reviewers(self.entries[0])), 1)
        self.assertEqual(self._reviewers(self.entries[1]), extra.user_id)

    def test_a_line_in_a_hard_conflict_is_refused_on_applying(self):
        self._conflict(self.entries[0], self.member1)
        wizard = self._wizard()
        wizard.action_propose()
        wizard.line_ids.unlink()
        wizard.line_ids = [
            Command.create(
                {
                    "entry_id": self.entries[0].id,
                    "member_id": self.seats[self.member1].id,
                }
            )
        ]
        with self.assertRaisesRegex(UserError, "Conflict of interest"):
            wizard.action_assign()

    def test_what_was_assigned_meanwhile_is_left_out(self):
        wizard = self._wizard()
        wizard.action_propose()
        line = wizard.line_ids[0]
        self._assign(line.entry_id, line.member_id.user_id)
        wizard.action_assign()
        self.assertEqual(len(self.env["hoithi.review"].search([])), 8)

    def test_recused_and_voided_pairs_are_not_proposed(self):
        self._start_review()
        [review] = self._assign(self.entries[0], self.member1)
        review.action_recuse(reason="Bạn thân của tác giả")
        [voided] = self._assign(self.entries[0], self.member2)
        voided.with_user(self.secretary).action_void(reason="Giao nhầm")
        wizard = self._wizard(number=4, entry_ids=[Command.set(self.entries[0].ids)])
        wizard.action_propose()
        self.assertFalse(
            wizard.line_ids.member_id.user_id & (self.member1 | self.member2)
        )
        self.assertEqual(len(wizard.line_ids), 4)

    def test_same_proposal_each_time(self):
        def propose():
            wizard = self._wizard()
            wizard.action_propose()
            return [(li.entry_id.id, li.member_id.id) for li in wizard.line_ids]

        self.assertEqual(propose(), propose())

    def test_chosen_members_only(self):
        seats = self.seats[self.member1] | self.seats[self.member2]
        wizard = self._wizard(member_ids=[Command.set(seats.ids)])
        wizard.action_propose()
        self.assertEqual(wizard.line_ids.member_id, seats)

    def test_refusals(self):
        with self.assertRaisesRegex(UserError, "Choose what to propose"):
            self._wizard("pick").action_propose()
        with self.assertRaisesRegex(UserError, "how many reviews"):
            self._wizard(number=0).action_propose()
        secretary_seat = self.seats[self.secretary]
        wizard = self._wizard(member_ids=[Command.set(secretary_seat.ids)])
        with self.assertRaisesRegex(UserError, "No member of the council scores"):
            wizard.action_propose()
        other = self._create_contest(name="Hội thi khác", edition_number=10)
        with self.assertRaisesRegex(UserError, "No eligible entry"):
            self._wizard(contest_id=other.id).action_propose()
        for user in (self.member1, self.chair, self.leader, self.admin):
            with self.assertRaises(AccessError):
                self.env["hoithi.review.assign"].with_user(user).create(
                    {"contest_id": self.contest.id}
                )

    def test_picking_by_hand(self):
        self._conflict(self.entries[0], self.member1)
        wizard = self._wizard(
            "pick",
            entry_ids=[Command.set(self.entries[0].ids + self.entries[1].ids)],
            member_ids=[
                Command.set((self.seats[self.member1] | self.seats[self.member2]).ids)
            ],
        )
        self.assertEqual(wizard.line_count, 3)
        self.assertIn("refused", wizard.preview)
        wizard.action_assign()
        self.assertEqual(self._reviewers(self.entries[0]), self.member2)
        self.assertEqual(self._reviewers(self.entries[1]), self.member1 | self.member2)

    def test_no_query_per_pair(self):
        def count(entries, members):
            wizard = self._wizard(
                number=2,
                entry_ids=[Command.set([entry.id for entry in entries])],
                member_ids=[Command.set(members.ids)],
            )
            wizard.action_propose()
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            wizard.action_propose()
            return self.env.cr.sql_log_count - start

        seats = self.council.member_ids.filtered("can_score")
        few = count(self.entries[:2], seats[:3])
        many = count(self.entries, seats)
        self.assertLessEqual(many, few + 2)
