from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.modules.migration import load_script
from odoo.tests import tagged
from odoo.tools.misc import file_path

from ..common import HoithiCommon


@tagged("post_install", "-at_install")
class TestReviewSheet(HoithiCommon):
    """The workspace of a member: what it shows, and what it saves over what."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._launch()
        cls.entry, cls.other = (
            cls._eligible_entry(name=f"Giải pháp {number}") for number in (1, 2)
        )
        cls._start_review()
        [cls.review] = cls._assign(cls.entry, cls.member1)
        cls.lines = cls.review.line_ids

    def _place(self, name, number=0):
        return f"{name}:{self.lines[number].id}"

    def test_no_score_isn_t_zero(self):
        line = self.lines[0]
        self.assertFalse(line.is_scored)
        self.assertIs(
            self.review.get_workspace()["values"][self._place("score")], False
        )
        line.score = 0
        self.assertTrue(line.is_scored, "a 0 that was given")
        self.assertEqual(self.review.get_workspace()["values"][self._place("score")], 0)
        line.write({"score": 12})
        line.write({"comment": "Mới"})
        self.assertEqual((line.is_scored, line.score), (True, 12))
        line.write({"score": False})
        self.assertEqual((line.is_scored, line.score), (False, 0))
        with self.assertRaises(AccessError):
            line.is_scored = True
        self.assertFalse(line.is_scored)

    def test_a_score_taken_back_keeps_the_sheet_open(self):
        self.lines[0].criterion_id.sudo().min_score = 10
        self._score(self.review, 30, 45, submit=False)
        self.lines[0].write({"score": False})
        with self.assertRaisesRegex(UserError, "give a score"):
            self.review.action_submit()
        self.lines[0].write({"score": 10})
        self.review.action_submit()
        self.assertEqual(self.review.total, 55)

    def test_what_is_typed_is_saved_bit_by_bit(self):
        first, second = self._place("score"), self._place("comment", 1)
        result = self.review.save_sheet(
            {
                first: [False, 24],
                second: ["", "Đã đo"],
                "recommendation": [False, "select"],
            }
        )
        self.assertEqual(
            result["values"], {first: 24, second: "Đã đo", "recommendation": "select"}
        )
        self.assertFalse(result["clashes"] or result["refused"])
        self.assertEqual(result["state"], "in_progress")
        self.assertEqual(self.lines[0].score, 24)
        self.assertEqual(self.lines[1].comment, "Đã đo")
        self.assertEqual(self.review.recommendation, "select")
        # an answer that got lost: the same again is no clash
        self.assertFalse(self.review.save_sheet({first: [False, 24]})["clashes"])

    def test_two_windows_don_t_overwrite_each_other(self):
        place, other = self._place("score"), self._place("score", 1)
        self.review.save_sheet({place: [False, 20]})
        result = self.review.save_sheet({place: [False, 22], other: [False, 30]})
        self.assertEqual(set(result["clashes"]), {place})
        self.assertRegex(result["clashes"][place], r"^\d\d:\d\d:\d\d$")
        self.assertEqual(result["values"], {place: 20, other: 30})
        self.assertEqual(self.lines.mapped("score"), [20, 30], "the rest is saved")
        # the member has seen the other value, and keeps the own one
        self.assertFalse(self.review.save_sheet({place: [20, 22]})["clashes"])
        self.assertEqual(self.lines[0].score, 22)
        self.review.save_sheet({"strengths": ["", "Rẻ"]})
        clash = self.review.save_sheet({"strengths": ["", "Bền"]})
        self.assertEqual(clash["values"], {"strengths": "Rẻ"})
        self.assertIn("strengths", clash["clashes"])

    def test_a_score_off_the_scale_is_refused_by_its_place(self):
        place, comment = self._place("score"), self._place("comment")
        for score in (41, -1, 10.5):
            result = self.review.save_sheet(
                {
                    place: [False, score],
                    comment: [self.lines[0].comment or "", str(score)],
                }
            )
            self.assertIn(self.lines[0].criterion_id.name, result["refused"][place])
            self.assertFalse(self.lines[0].is_scored)
            self.assertEqual(self.lines[0].comment, str(score))
        with self.assertRaises(ValidationError):
            self.lines[0].score = 41
        for unknown in ("state", "total", "score:0", "comment:x", "kept_comment"):
            with self.subTest(unknown), self.assertRaises(UserError):
                self.review.save_sheet({unknown: ["", "x"]})

    def test_what_is_no_change_is_refused_in_words(self):
        first = self._place("score")
        self.review.save_sheet({first: [False, 24]})
        for changes in (
            None,
            5,
            "x",
            [],
            [[first, 1]],
            {first: 5},
            {first: "ab"},
            {first: [24]},
            {"x": [1, 2]},
            {f"score:{10**30}": [24, 1]},
            {"recommendation": [False, [1]]},
        ):
            with self.subTest(changes=changes), self.assertRaises(UserError):
                self.review.save_sheet(changes)
        for number in (float("nan"), float("inf"), -float("inf"), 1e300, 10**400):
            with self.subTest(number=number):
                answer = self.review.save_sheet({first: [24, number]})
                self.assertIn(first, answer["refused"])
        self.assertEqual(self.lines[0].score, 24)

    def test_an_update_takes_no_zero_for_a_score(self):
        """Before, 0 stood for none in a draft, and was explained on what is in."""
        [other] = self._assign(self.other, self.member1)
        self._score(other, 0, 45, submit=False)
        other.line_ids[0].comment = "Không mới"
        other.action_submit()
        self._score(self.review, 0, 30, submit=False)
        self.env.flush_all()
        self.env.cr.execute("UPDATE hoithi_review_line SET is_scored = NULL")
        path = file_path("hoithi_contest/migrations/19.0.1.2.0/post-migrate.py")
        load_script(path, "post_migrate").mark_scores(self.env.cr)
        self.env.invalidate_all()
        self.assertEqual(self.lines.mapped("is_scored"), [False, True])
        self.assertEqual(other.line_ids.mapped("is_scored"), [True, True])

    def test_nobody_else_saves_and_nothing_closed_is_saved(self):
        place = self._place("score")
        for user in (self.member2, self.secretary, self.chair):
            with self.subTest(user.name), self.assertRaises(AccessError):
                self.review.with_user(user).save_sheet({place: [False, 1]})
            with self.subTest(user.name), self.assertRaises(AccessError):
                self.review.with_user(user).get_workspace()
        with freeze_time(self.review.due_date + timedelta(minutes=1)):
            self.assertIn("was due", self.review.get_workspace()["locked"])
            with self.assertRaisesRegex(UserError, "was due"):
                self.review.save_sheet({place: [False, 1]})
        self._score(self.review, 30, 45)
        self.assertTrue(self.review.get_workspace()["locked"])
        with self.assertRaises(UserError):
            self.review.save_sheet({place: [30, 1]})
        self.assertEqual(self.lines[0].score, 30)

    def test_the_workspace_tells_all_that_it_shows(self):
        criterion = self.lines[0].criterion_id.sudo()
        criterion.set_id.write({"explain_extremes": True, "extreme_percent": 10})
        [second] = self._assign(self.other, self.member1)
        sheet = self.review.get_workspace()
        shown = sheet["criteria"][0]
        self.assertEqual((shown["lowest"], shown["highest"]), (0, 40))
        self.assertEqual(shown["ends"], [4, 36])
        self.assertEqual(
            [level["from"] for level in shown["levels"]],
            sorted(criterion.level_ids.mapped("score_from")),
        )
        self.assertEqual(
            {s["id"] for s in sheet["sheets"]}, {self.review.id, second.id}
        )
        self.assertEqual(
            sheet["max_total"], sum(c["highest"] for c in sheet["criteria"])
        )
        self.assertFalse(sheet["locked"])
        self.assertTrue(sheet["is_blind"])
        self.assertEqual(sheet["due"], fields.Datetime.to_string(self.review.due_date))
        second.action_recuse(reason="Người nhà của tác giả")
        self.assertNotIn(
            second.id, [s["id"] for s in self.review.get_workspace()["sheets"]]
        )
