from datetime import timedelta

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ...models.guard.hoithi_guard_mixin import Load
from ..common import HoithiCommon


@tagged("post_install", "-at_install")
class TestHoithiReview(HoithiCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.more = []
        for index in range(3, 6):
            user = new_test_user(
                cls.env, login=f"t_m{index}", groups="hoithi_contest.group_member"
            )
            cls.council.member_ids = [Command.create({"user_id": user.id})]
            cls.more.append(user)
        cls.seats = {seat.user_id: seat for seat in cls.council.member_ids}
        cls._launch()
        cls.entry = cls._eligible_entry()
        cls.other = cls._eligible_entry(cls.internal, name="Tra cứu địa chính")
        cls._start_review()

    def _office(self, record):
        return record.with_user(self.secretary)

    # ASSIGNMENT

    def test_a_sheet_has_a_line_for_each_criterion(self):
        [review] = self._assign(self.entry, self.member1)
        self.assertEqual(review.line_ids.criterion_id, self.criteria_set.criterion_ids)
        self.assertEqual(review.due_date, self.contest.review_deadline)
        self.assertEqual(review.max_total, 100)
        self.assertEqual(review.user_id, self.member1)
        self.assertEqual(self.entry.state, "reviewing")
        self.assertTrue(review.is_mine)
        self.assertFalse(self._office(review).is_mine)
        self.assertEqual(review.entry_name, self.entry.name)
        self.assertIn("Trạm đo", review.solution_content)

    def test_a_draft_is_its_members_alone(self):
        """Also by RPC: the secretary sees that a sheet is there, not what it says."""
        [review] = self._assign(self.entry, self.member1)
        review.write({"comment": "Cần bàn thêm", "recommendation": "consider"})
        review.strengths = "Có số liệu"
        office = review.with_user(self.secretary)
        names = ["comment", "strengths", "recommendation"]

        def read(sheet):
            self.env.invalidate_all()
            [values] = sheet.read(names)
            return [values[name] for name in names]

        said = ["Cần bàn thêm", "Có số liệu", "consider"]
        self.assertEqual(read(review), said)
        self.assertEqual(read(office), [False, False, False])
        for sheet in (review, office):
            with self.assertRaises(AccessError):
                sheet.read(["kept_comment"])
            with self.assertRaises(AccessError):
                sheet.search([("kept_comment", "ilike", "bàn")])
            with self.assertRaises(AccessError):
                sheet.write({"kept_comment": "x"})
        # nor by a form that says what isn't so
        told = office.onchange(
            {"submitted_on": "2026-01-01 00:00:00", "state": "submitted"},
            ["submitted_on"],
            {name: {} for name in ("submitted_on", *names)},
        )
        self.assertFalse(told)
        self._score(review, 30, 40)
        self.assertEqual(read(office), said)
        office.action_reopen(reason="Nhầm hồ sơ")
        self.assertEqual(read(office), [False, False, False])
        self.assertEqual(read(review), said, "nothing is lost")

    def test_wrong_assignments_are_refused(self):
        foreign = self.council.copy({"name": "Hội đồng khác"})
        submitted_only = self._create_contest()
        self._launch(submitted_only)
        early = self._submit_entry(contest=submitted_only)
        for entry, member, phrase in (
            (self.entry, foreign.member_ids[0], "doesn't sit on the council"),
            (self.entry, self.seats[self.secretary], "doesn't score"),
            (early, self.seats[self.member1], "isn't eligible"),
        ):
            with self.subTest(phrase=phrase), self.assertRaisesRegex(UserError, phrase):
                self.env["hoithi.review"].with_user(self.secretary).create(
                    {"entry_id": entry.id, "member_id": member.id}
                )
        self._assign(self.entry, self.member1)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self._assign(self.entry, self.member1)
        self.contest.with_context(hoithi_door=Load()).state = "council"
        with self.assertRaisesRegex(UserError, "past its review"):
            self._assign(self.entry, self.chair)

    def test_most_entries_of_a_member(self):
        self.seats[self.member1].max_load = 1
        [review] = self._assign(self.entry, self.member1)
        with self.assertRaisesRegex(UserError, "most entries"):
            self._assign(self.other, self.member1)
        self._office(review).action_void(reason="Chuyển người khác")
        self._assign(self.other, self.member1)

    def test_a_sheet_comes_empty(self):
        reviews = self.env["hoithi.review"].with_user(self.secretary)
        values = {
            "entry_id": self.entry.id,
            "member_id": self.seats[self.member1].id,
        }
        for name, value in {
            "user_id": self.secretary.id,
            "total": 99,
            "submitted_on": "2020-01-01 00:00:00",
            "comment": "x",
            "recommendation": "select",
            "line_ids": [
                Command.create(
                    {
                        "criterion_id": self.criteria_set.criterion_ids[0].id,
                        "score": 40,
                    }
                )
            ],
        }.items():
            with self.subTest(name), self.assertRaises(UserError):
                reviews.create({**values, name: value})
        review = reviews.create(values)
        self.assertEqual(review.user_id, self.member1)
        review = review.sudo()
        self.assertEqual(review.line_ids.mapped("score"), [0, 0])
        self.assertFalse(review.total or review.submitted_on or review.comment)
        self.assertFalse(review.recommendation)

    def test_a_seat_with_sheets_keeps_its_person(self):
        """By another person on the seat, a sheet would become that person's own."""
        [review] = self._assign(self.entry, self.member1)
        seat = self.seats[self.member1].with_user(self.secretary)
        for user in (self.secretary, self.leader):
            with self.subTest(user=user.login), self.assertRaises(UserError):
                seat.user_id = user
        with self.assertRaises(UserError):
            seat.council_id = self.council.copy({"member_ids": False})
        with self.assertRaisesRegex(UserError, "end the seat"):
            seat.unlink()
        seat.write({"user_id": self.member1.id, "position": "Trưởng phòng"})
        self.assertEqual(review.user_id, self.member1)
        # a seat that nothing hangs on is free for another person, by the rules
        self.seats[self.member2].user_id = self.leader

    # SCORING

    def test_scores_stay_on_their_scale(self):
        novelty = self.criteria_set.criterion_ids[0]
        novelty.write({"min_score": 10, "step": 2.5})
        [review] = self._assign(self.entry, self.member1)
        line = review.line_ids[0]
        for score in (40.5, 9, -1, 11, 1000):
            with self.subTest(score=score), self.assertRaises(ValidationError):
                line.score = score
        for score in (10, 12.5, 40):
            line.score = score
        self.assertEqual(review.state, "in_progress", "scoring starts the sheet")
        novelty_free = self.criteria_set.criterion_ids[1]
        novelty_free.step = 0
        review.line_ids[1].score = 33.33
        self.assertEqual(review.line_ids[1].score, 33.33)

    def test_submission_tells_all_that_is_missing(self):
        novelty, effect = self.criteria_set.criterion_ids
        novelty.comment_required = True
        [review] = self._assign(self.entry, self.member1)
        review.line_ids[0].score = 30
        with self.assertRaises(UserError) as refusal:
            review.action_submit()
        problems = str(refusal.exception).splitlines()[1:]
        self.assertEqual(len(problems), 2)
        self.assertIn("comment is required", problems[0])
        self.assertIn("give a score", problems[1])
        review.line_ids[0].comment = "Mới"
        review.line_ids[1].comment = "  "
        with self.assertRaisesRegex(UserError, "give a score"):
            review.action_submit()
        review.line_ids[1].score = 0
        with self.assertRaisesRegex(UserError, "explain the 0"):
            review.action_submit()
        review.line_ids[1].comment = "Chưa có hiệu quả"
        review.action_submit()
        self.assertEqual((review.state, review.total), ("submitted", 30))
        self.assertTrue(effect)

    def test_zero_below_the_lowest_score_is_refused(self):
        self.criteria_set.criterion_ids[0].min_score = 5
        [review] = self._assign(self.entry, self.member1)
        review.line_ids[0].comment = "Không mới"
        review.line_ids[1].score = 50
        with self.assertRaises(ValidationError):
            review.line_ids[0].score = 0
        with self.assertRaisesRegex(UserError, "give a score"):
            review.action_submit()

    def test_total_is_exact(self):
        for criterion, step in zip(
            self.criteria_set.criterion_ids, (0.1, 0.1), strict=True
        ):
            criterion.step = step
        [review] = self._assign(self.entry, self.member1)
        self._score(review, 0.1, 0.2)
        self.assertEqual(review.total, 0.3)

    def test_a_submitted_sheet_is_closed(self):
        [review] = self._assign(self.entry, self.member1)
        review.write({"comment": "Tốt", "recommendation": "select"})
        self._score(review, 30, 50)
        for act in (
            lambda: review.write({"comment": "x"}),
            lambda: review.write({"recommendation": "reject"}),
            lambda: review.line_ids[0].write({"score": 1}),
            lambda: review.line_ids[0].write({"comment": "x"}),
            review.action_submit,
            lambda: review.action_recuse(reason="x"),
            review.action_start,
        ):
            with self.assertRaises(UserError):
                act()
        self.assertEqual(review.total, 80)

    def test_lines_are_fixed(self):
        [review] = self._assign(self.entry, self.member1)
        line = review.line_ids[0]
        with self.assertRaises(UserError):
            line.write({"criterion_id": review.line_ids[1].criterion_id.id})
        with self.assertRaises(UserError):
            line.write({"review_id": self._assign(self.other, self.member1)[0].id})
        with self.assertRaises(AccessError):
            line.unlink()
        with self.assertRaises(UserError):
            line.sudo().unlink()
        with self.assertRaises(AccessError):
            review.write(
                {"line_ids": [Command.create({"criterion_id": line.criterion_id.id})]}
            )

    def test_due_date_closes_the_sheet(self):
        [review] = self._assign(self.entry, self.member1)
        due = fields.Datetime.now() + timedelta(days=3)
        with self.assertRaises(AccessError):
            review.due_date = due
        self._office(review).due_date = due
        with freeze_time(due):
            review.line_ids[0].score = 20
        with freeze_time(due + timedelta(seconds=1)):
            for act in (
                lambda: review.line_ids[0].write({"score": 30}),
                lambda: review.write({"comment": "x"}),
                review.action_submit,
            ):
                with self.assertRaisesRegex(UserError, "was due"):
                    act()
            self._office(review).due_date = due + timedelta(days=1)
            self._score(review, 30, 50)
        self.assertEqual(review.state, "submitted")

    def test_scores_are_taken_in_the_review_phase(self):
        self.contest.with_context(hoithi_door=Load()).state = "screening"
        [review] = self._assign(self.entry, self.member1)
        for act in (
            review.action_start,
            lambda: review.line_ids[0].write({"score": 3}),
        ):
            with self.assertRaisesRegex(UserError, "review phase"):
                act()

    # RECUSAL, REOPENING

    def test_recusal_is_a_declared_conflict(self):
        review, other = self._assign(self.entry, self.member1, self.chair)
        with self.assertRaises(AccessError):
            other.with_user(self.member1).action_recuse(reason="x")
        with self.assertRaises(AccessError):
            self._office(review).action_recuse(reason="x")
        with self.assertRaises(UserError):
            review.action_recuse(reason=" ")
        review.action_recuse(reason="Quen thân")
        self.assertEqual((review.state, review.recuse_reason), ("recused", "Quen thân"))
        self.assertTrue(review.has_access("read"), "one keeps the own card")
        conflict = self.env["hoithi.conflict"].search(
            [
                ("entry_id", "=", self.entry.id),
                ("member_id.user_id", "=", self.member1.id),
            ]
        )
        self.assertEqual(
            (conflict.kind, conflict.source, conflict.hard, conflict.note),
            ("other", "declared", True, "Quen thân"),
        )
        with self.assertRaisesRegex(UserError, "Quen thân"):
            self._assign(self.entry, self.member1)
        self.contest.with_context(hoithi_door=Load()).state = "council"
        self.env.invalidate_all()
        self.assertFalse(self.entry.with_user(self.member1).has_access("read"))

    def test_reopening(self):
        review, second = self._assign(self.entry, self.member1, self.chair)
        self._score(review, 30, 50)
        self._score(second, 30, 50)
        self.assertEqual(self.entry.state, "reviewed")
        with self.assertRaises(AccessError):
            review.action_reopen(reason="x")
        with self.assertRaises(UserError):
            self._office(review).action_reopen(reason=" ")
        self._office(review).action_reopen(reason="Chấm nhầm mục")
        self.assertEqual((review.state, review.total), ("in_progress", 0))
        self.assertFalse(review.submitted_on)
        self.assertEqual(self.entry.state, "reviewing")
        self.assertEqual(self._office(self.entry).average_score, 80)
        self.assertIn("Chấm nhầm mục", str(review.sudo().message_ids.mapped("body")))
        self._score(review, 20, 50)
        self.assertEqual(self.entry.state, "reviewed")
        self.assertEqual(self._office(self.entry).average_score, 75)
        self.contest.with_context(hoithi_door=Load()).state = "council"
        with self.assertRaisesRegex(UserError, "review phase only"):
            self._office(review).action_reopen(reason="x")

    def test_void_takes_a_sheet_out_of_the_average(self):
        reviews = self._assign(self.entry, self.member1, self.chair, self.more[0])
        for review, scores in zip(reviews, ((10, 10), (30, 50), (40, 60)), strict=True):
            self._score(review, *scores)
        office = self._office(self.entry)
        self.assertEqual((office.average_score, office.score_spread), (66.67, 80))
        with self.assertRaises(AccessError):
            reviews[0].action_void(reason="x")
        self._office(reviews[0]).action_void(reason="Vi phạm quy chế")
        self.assertEqual((office.average_score, office.score_spread), (90, 20))
        self.assertEqual(office.review_count, 2)
        self.assertEqual(reviews[0].sudo().total, 20, "it stays on record")
        # the seat may be assigned anew
        self.env.flush_all()
        self._assign(self.entry, self.member1)

    def test_added_reviewer_takes_the_entry_back_to_the_review(self):
        for review in self._assign(self.entry, self.member1, self.chair):
            self._score(review, 30, 50)
        office = self._office(self.entry)
        self.assertEqual((self.entry.state, office.rank), ("reviewed", 1))
        [third] = self._assign(self.entry, self.member2)
        self.assertEqual((self.entry.state, office.rank), ("reviewing", 0))
        self._score(third, 20, 50)
        self.assertEqual((self.entry.state, office.rank), ("reviewed", 1))

    def test_the_agreed_number_of_sheets(self):
        self.contest.reviews_per_entry = 3
        for review in self._assign(self.entry, self.member1, self.chair):
            self._score(review, 30, 50)
        self.assertEqual(self.entry.state, "reviewing", "all are in, but too few")
        [third] = self._assign(self.entry, self.member2)
        self._score(third, 30, 50)
        self.assertEqual(self.entry.state, "reviewed")

    # AVERAGES

    def test_trimmed_mean(self):
        self.criteria_set.aggregate = "trimmed_mean"
        users = [self.member1, self.chair, self.member2, *self.more]
        totals = ((0, 10), (20, 50), (20, 60), (30, 60), (40, 60))
        for review, scores in zip(
            self._assign(self.entry, *users[:5]), totals, strict=True
        ):
            if not scores[0]:
                review.line_ids[0].comment = "Không mới"
            self._score(review, *scores)
        self.assertEqual(self._office(self.entry).average_score, 80)

    def test_a_sum_of_sheets_with_coefficients(self):
        """As “Tính mới, hệ số 2; tổng điểm các thành viên”, from sheet to place."""
        novelty, effect = self.criteria_set.criterion_ids
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            novelty.weight = 0
            novelty.flush_recordset()
        novelty.weight = 1.5
        self.criteria_set.write({"aggregate": "sum", "min_total": 150})
        self.contest.reviews_per_entry = 2
        [review, other] = self._assign(self.entry, self.member1, self.chair)
        sheet = review.get_workspace()
        self.assertEqual(sheet["max_total"], 1.5 * novelty.max_score + effect.max_score)
        self.assertEqual(sheet["criteria"][0]["weight"], 1.5)
        self._score(review, 31, 50)
        self._score(other, 20, 40)
        self.assertEqual((review.total, other.total), (96.5, 70))
        office = self._office(self.entry)
        self.assertEqual(office.average_score, 166.5)
        self.assertEqual(office.sudo()._get_highest_total(), 2 * sheet["max_total"])
        # points to pass and ties ask for the score itself
        averages = self.entry.sudo()._get_criterion_averages()[self.entry.sudo()]
        self.assertEqual(float(averages[novelty]), 25.5)
        self.assertEqual(office._get_selection_problems(), [])
        # who has more sheets has more points for it
        [third] = self._assign(self.entry, self.member2)
        self._score(third, 10, 30)
        self.assertIn("sum of 3 sheets", " ".join(office._get_selection_problems()))
        third.with_user(self.secretary).action_void(reason="Nhiều phiếu hơn hồ sơ khác")
        self.assertEqual(office._get_selection_problems(), [])
        self.assertFalse(self.env["hoithi.entry"]._get_broken_invariants())

    def test_equal_averages_share_a_place(self):
        third = self._create_entry_in_review()
        for entry, scores in (
            (self.entry, ((30, 50), (30, 40))),
            (self.other, ((25, 50), (35, 60))),
            (third, ((30, 50), (30, 40))),
        ):
            reviews = self._assign(entry, *self.more[:2])
            for review, pair in zip(reviews, scores, strict=True):
                self._score(review, *pair)
        self.assertEqual(
            [self._office(entry).rank for entry in (self.other, self.entry, third)],
            [1, 2, 2],
        )

    def _create_entry_in_review(self):
        state = {"state": "open"}
        self.contest.with_context(hoithi_door=Load()).write(state)
        entry = self._eligible_entry(name="Máy bay đo đạc")
        self.contest.with_context(hoithi_door=Load()).write({"state": "review"})
        return entry

    # CRITERIA

    def test_criteria_are_frozen_by_the_first_sheet(self):
        novelty = self.criteria_set.criterion_ids[0]
        level = self.env["hoithi.criterion.level"].create(
            {"criterion_id": novelty.id, "name": "Tốt", "score_to": 40}
        )
        review, second = self._assign(self.entry, self.member1, self.chair)
        self.assertIn("Tốt", review.line_ids[0].level_help)
        other = self.criteria_set.copy()
        moved = self.env["hoithi.criterion"].create(
            {"set_id": other.id, "name": "Khác", "max_score": 10}
        )
        novelty.with_user(self.secretary).name = "Tính mới, sáng tạo"
        self._score(review, 30, 50)
        self.assertTrue(self.criteria_set.locked)
        for record, act in (
            (self.criteria_set, lambda r: r.write({"min_total": 1})),
            (self.criteria_set, lambda r: r.write({"aggregate": "trimmed_mean"})),
            (self.criteria_set, lambda r: r.unlink()),
            (novelty, lambda r: r.write({"max_score": 50})),
            (novelty, lambda r: r.unlink()),
            (
                novelty,
                lambda r: r.create(
                    {"set_id": self.criteria_set.id, "name": "x", "max_score": 1}
                ),
            ),
            (moved, lambda r: r.write({"set_id": self.criteria_set.id})),
            (level, lambda r: r.write({"score_to": 10})),
            (level, lambda r: r.unlink()),
            (
                level,
                lambda r: r.create(
                    {"criterion_id": novelty.id, "name": "x", "score_to": 1}
                ),
            ),
        ):
            with self.assertRaises(UserError) as refusal:
                act(record.with_user(self.admin))
            self.assertIn("is frozen", str(refusal.exception))
        with self.assertRaises(AccessError):
            self.criteria_set.with_user(self.admin).locked = False
        self.criteria_set.with_user(self.admin).note = "Đã dùng năm 2026"
        action = self.criteria_set.with_user(self.secretary).action_new_version()
        version = self.env["hoithi.criteria.set"].browse(action["res_id"])
        self.assertEqual((version.version, version.locked), (2, False))
        self.assertEqual(version.criterion_ids.level_ids.name, "Tốt")
        version.criterion_ids[0].with_user(self.secretary).max_score = 50
        self.assertEqual(second.max_total, 100)

    def test_criteria_are_frozen_in_every_language(self):
        criterion = self.criteria_set.criterion_ids[0]
        level = self.env["hoithi.criterion.level"].create(
            {"criterion_id": criterion.id, "name": "Tốt", "score_to": 1}
        )
        [review] = self._assign(self.entry, self.member1)
        self._score(review, 30, 50)
        self.assertTrue(self.criteria_set.locked)
        for record in (criterion, level):
            own = record.with_user(self.secretary)
            with (
                self.subTest(model=record._name),
                self.assertRaisesRegex(UserError, "too far on"),
            ):
                own.update_field_translations("name", {"en_US": "Other"})
            with (
                self.subTest(model=record._name, door="override"),
                self.assertRaisesRegex(UserError, "too far on"),
            ):
                own.web_override_translations({"name": "Khác"})
        own = self.field.with_user(self.admin)
        own.update_field_translations("name", {"en_US": "Water"})
        self.assertEqual(own.with_context(lang="en_US").name, "Water")

    def test_new_criterion_reaches_the_sheets_that_are_out(self):
        [review] = self._assign(self.entry, self.member1)
        self._office(self.criteria_set).criterion_ids = [
            Command.create({"name": "Lan tỏa", "max_score": 10, "sequence": 3})
        ]
        review.invalidate_recordset()
        self.assertEqual(len(review.line_ids), 3)
        with self.assertRaisesRegex(UserError, "Lan tỏa"):
            self._score(review, 30, 40, 0)

    def test_criteria_are_sound(self):
        criteria = self.env["hoithi.criterion"]
        for vals in (
            {"max_score": 0},
            {"max_score": 5, "min_score": 5},
            {"max_score": 5, "min_score": -1},
            {"max_score": 5, "min_pass": 6},
            {"max_score": 5, "step": -1},
        ):
            with (
                self.subTest(vals=vals),
                mute_logger("odoo.sql_db"),
                self.assertRaises(IntegrityError),
            ):
                criteria.create({"set_id": self.criteria_set.id, "name": "x", **vals})
        with self.assertRaises(ValidationError):
            self.criteria_set.min_total = 101
        with self.assertRaises(ValidationError):
            self.env["hoithi.criterion.level"].create(
                {
                    "criterion_id": self.criteria_set.criterion_ids[0].id,
                    "name": "x",
                    "score_from": 10,
                    "score_to": 41,
                }
            )

    def test_board_shows_its_empty_columns(self):
        groups = (
            self.env["hoithi.review"]
            .with_user(self.member1)
            .with_context(read_group_expand=True)
            .web_read_group([], ["state"], ["__count"])["groups"]
        )
        self.assertEqual(
            [group["state"] for group in groups],
            ["assigned", "in_progress", "submitted", "recused"],
        )
