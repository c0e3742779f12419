from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...models.guard.hoithi_guard_mixin import Load
from ..contest.test_hoithi_portal import HoithiPortalCase, select


@tagged("post_install", "-at_install")
class TestPortalReview(HoithiPortalCase):
    """An expert from outside scores and votes with a portal login."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.expert = cls._create_logins(
            [
                {
                    "login": "t_expert",
                    "name": "Chuyên Gia Ngoài",
                    "email": "expert@dh.example.vn",
                    "group_ids": [Command.set(cls.env.ref("base.group_portal").ids)],
                }
            ]
        )
        cls.seat = cls.env["hoithi.council.member"].create(
            {"council_id": cls.council.id, "user_id": cls.expert.id}
        )
        cls.seats[cls.expert] = cls.seat
        cls.entry = cls._eligible_entry()
        cls.other = cls._eligible_entry(cls.internal, name="Tra cứu địa chính")
        cls._start_review()
        [cls.review] = cls._assign(cls.entry, cls.expert)
        [cls.foreign] = cls._assign(cls.other, cls.member1)
        cls.path = f"/my/hoithi/reviews/{cls.review.id}"

    def setUp(self):
        super().setUp()
        self.log_in(self.expert)

    def _form(self, page):
        [form] = select(page, "form.o_hoithi_sheet")
        return dict(form.form_values())

    def _scores(self, points, comment="Đạt"):
        values = {}
        for line in self.review.sudo().line_ids:
            values[f"at_score:{line.id}"] = points
            values[f"at_comment:{line.id}"] = comment
        return values

    def test_scores_without_a_script(self):
        page = self.get("/my/hoithi/reviews")
        self.assertIn(self.entry.name, self.text(page, ".o_hoithi_sheet_row"))
        self.assertNotIn(self.other.name, page.text_content())
        page = self.get(self.path)
        self.assertIn(self.entry.sudo().solution_content, page.text_content())
        for secret in (self.staff.name, self.sub_unit.name):
            self.assertNotIn(secret, page.text_content(), "it is blind")
        values = self._form(page)
        page = self.post_page(
            self.path, {**values, **self._scores("20,0"), "save": "1"}
        )
        self.review.invalidate_recordset()
        self.assertEqual(set(self.review.line_ids.mapped("score")), {20})
        self.assertEqual(self.review.state, "in_progress")
        page = self.post_page(
            self.path, {**self._form(page), **self._scores("9999"), "submit": "1"}
        )
        self.assertIn("must lie between", self.alert(page))
        page = self.post_page(
            self.path, {**self._form(page), **self._scores("abc"), "save": "1"}
        )
        self.assertIn("Not a number", self.alert(page))
        page = self.get(self.path)
        self.post_page(
            self.path, {**self._form(page), **self._scores("20"), "submit": "1"}
        )
        self.review.invalidate_recordset()
        self.assertEqual(self.review.state, "submitted")
        self.assertTrue(select(self.get(self.path), ".o_hoithi_locked"))

    def test_another_window(self):
        page = self.get(self.path)
        first = self._form(page)
        self.post_page(self.path, {**first, **self._scores("20"), "save": "1"})
        page = self.post_page(self.path, {**first, **self._scores("10"), "save": "1"})
        self.assertIn("Another window", self.alert(page))
        self.review.invalidate_recordset()
        self.assertEqual(set(self.review.line_ids.mapped("score")), {20})

    def test_steps_back(self):
        self.post(f"{self.path}/recuse", {"reason": " "})
        self.assertNotEqual(self.review.state, "recused")
        late = UserError("Thử lại sau ít phút.")
        with patch.object(type(self.review), "action_recuse", side_effect=late):
            page = self.post_page(f"{self.path}/recuse", {"reason": "Người nhà"})
        self.assertEqual(
            self.text(page, ".o_hoithi_recuse[open] textarea"), "Người nhà"
        )
        self.post(f"{self.path}/recuse", {"reason": "Từng hướng dẫn tác giả"})
        self.review.invalidate_recordset()
        self.assertEqual(self.review.state, "recused")

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_rule")
    def test_nobody_else_has_the_sheet(self):
        for user in (self.staff, self.stranger, self.coauthor):
            self.log_in(user)
            with self.subTest(user=user.login):
                page = self.get(self.path)
                self.assertFalse(select(page, "form.o_hoithi_sheet"))
                self.post(self.path, {**self._scores("1"), "submit": "1"})
                self.assertFalse(self.review.with_user(user).has_access("read"))
                with self.assertRaises(AccessError):
                    self.review.with_user(user).action_submit()
        self.log_in(self.expert)
        page = self.get(f"/my/hoithi/reviews/{self.foreign.id}")
        self.assertFalse(select(page, "form.o_hoithi_sheet"))
        for record in (self.foreign, self.entry, self.other, self.entry.author_ids):
            with self.subTest(record=record._name):
                self.assertFalse(record.with_user(self.expert).has_access("read"))
        self.assertFalse(self.review.with_user(self.expert).has_access("unlink"))
        with self.assertRaises(UserError):
            self.review.with_user(self.expert).write({"total": 100})

    def test_declares_interests_first(self):
        self.contest.sudo()._open_door().require_statement = True
        page = self.get(self.path)
        self.assertIn("declare your interests", page.text_content())
        path = f"/my/hoithi/reviews/statement/{self.contest.id}"
        self.assertIn(self.contest.name, self.get(path).text_content())
        self.post(path, {})
        self.assertTrue(self.review.needs_statement)
        self.post(path, {"accepted": "1"})
        self.review.invalidate_recordset()
        self.assertFalse(self.review.needs_statement)

    def test_a_portal_login_takes_no_other_seat(self):
        council = self.env["hoithi.council"].create({"name": "Hội đồng khác"})
        for role in ("chair", "vice_chair", "secretary"):
            with self.subTest(role=role), self.assertRaises(ValidationError):
                self.env["hoithi.council.member"].create(
                    {
                        "council_id": council.id,
                        "user_id": self.coauthor.id,
                        "role": role,
                    }
                )

    def test_a_login_of_another_department(self):
        other = self.env["res.company"].create({"name": "Sở Công Thương"})
        council = self.env["hoithi.council"].create({"name": "Hội đồng khác"})
        self.coauthor.write(
            {"company_ids": [Command.set(other.ids)], "company_id": other.id}
        )
        seats = self.env["hoithi.council.member"]
        values = {"council_id": council.id, "user_id": self.coauthor.id}
        with self.assertRaises(ValidationError) as refusal:
            seats.create(values)
        self.assertIn("add the department", str(refusal.exception))
        self.coauthor.company_ids |= self.company
        self.assertTrue(seats.create(values))

    def test_the_own_sheet_after_the_seat(self):
        page = self.get(self.path)
        self.post_page(
            self.path, {**self._form(page), **self._scores("20"), "submit": "1"}
        )
        self.seat.sudo()._open_door().active = False
        self.env.invalidate_all()
        page = self.get(self.path)
        self.assertTrue(select(page, ".o_hoithi_locked"))
        self.assertIn(self.contest.name, page.text_content())

    def test_gives_a_written_opinion(self):
        self._score(self.review, *([20] * len(self.review.line_ids)), submit=False)
        self.review.line_ids.write({"comment": "Đạt"})
        self.review.action_submit()
        for sheet in (
            self.foreign,
            *self._assign(self.entry, self.member1),
            *self._assign(self.other, self.member2),
        ):
            self._score(sheet, 20, 40)
        self.contest.with_user(self.secretary).action_start_council()
        loaded = self.env["hoithi.vote.question"].with_context(hoithi_door=Load())
        loaded.create(
            {"contest_id": self.contest.id, "name": "Nhân rộng", "scope": "choice"}
        )
        council = self.council.with_context(hoithi_door=Load())
        council.written_opinions = "open"
        session = self.env["hoithi.session"].with_user(self.secretary)
        session = session.create({"contest_id": self.contest.id, "ballot_mode": "open"})
        session.action_all_present()
        line = session.attendance_ids.filtered(lambda one: one.member_id == self.seat)
        line.write({"present": False, "reason": "Đi công tác"})
        session.action_build_agenda()
        session.action_open()
        session.action_request_opinions(reason="Theo quy chế của Hội đồng")
        letter = self.env["mail.message"].search(
            [
                ("model", "=", "hoithi.session"),
                ("res_id", "=", session.id),
                ("partner_ids", "in", self.expert.partner_id.ids),
            ]
        )
        self.assertIn("/my/hoithi/reviews, or hand a signed paper", letter.body)
        model = self.env["hoithi.session.opinion"]
        own = model.search([("user_id", "=", self.expert.id)])
        counters = self.make_jsonrpc_request(
            "/my/counters", {"counters": ["hoithi_review_count"]}
        )
        self.assertEqual(counters, {"hoithi_review_count": 1 + len(own)})
        main = own.filtered(lambda one: not one.item_id.question_id)[:1]
        scope = own.filtered(lambda one: one.item_id.question_id)[:1]
        page = self.get("/my/hoithi/reviews")
        forms = select(page, ".o_hoithi_written_opinion form")
        self.assertEqual(len(forms), len(own))
        self.assertIn("– Nhân rộng", self.text(page, ".o_hoithi_opinions"))
        values = {
            choice.get("value")
            for choice in select(
                page, f"form[action='/my/hoithi/opinions/{scope.id}'] input[type=radio]"
            )
        }
        self.assertEqual(
            values, {"country", "province", "sector", "department", "disagree", "blank"}
        )
        # what isn't offered is refused aloud, and what was written isn't lost
        page = self.post_page(
            f"/my/hoithi/opinions/{scope.id}", {"choice": "agree", "note": "Đã áp dụng"}
        )
        self.assertIn("Choose one of", self.alert(page))
        self.assertIn("Đã áp dụng", self.text(page, ".o_hoithi_opinions"))
        self.post(
            f"/my/hoithi/opinions/{scope.id}",
            {"choice": "sector", "note": "Đã áp dụng"},
        )
        self.post(f"/my/hoithi/opinions/{main.id}", {"choice": "agree"})
        own.invalidate_recordset()
        given = own.filtered(lambda one: one.state == "given")
        self.assertEqual(given, main | scope)
        self.assertEqual((scope.choice, scope.note), ("sector", "Đã áp dụng"))
        page = self.get("/my/hoithi/reviews")
        self.assertEqual(
            len(select(page, ".o_hoithi_written_opinion form")), len(own) - 2
        )
        self.post(f"/my/hoithi/opinions/{scope.id}", {"choice": "province"})
        scope.invalidate_recordset()
        self.assertEqual(scope.choice, "sector", "once")
        # nobody else's
        other = (own - given)[:1]
        self.log_in(self.stranger)
        self.post(f"/my/hoithi/opinions/{other.id}", {"choice": "agree"})
        other.invalidate_recordset()
        self.assertEqual(other.state, "asked")

    def test_votes(self):
        self._score(self.review, *([20] * len(self.review.line_ids)), submit=False)
        self.review.line_ids.write({"comment": "Đạt"})
        self.review.action_submit()
        sheets = self._assign(self.entry, self.member1)
        for sheet in (*sheets, self.foreign, *self._assign(self.other, self.member2)):
            self._score(sheet, 20, 40)
        office = self.contest.with_user(self.secretary)
        office.action_start_council()
        self.env["hoithi.vote.question"].with_context(hoithi_door=Load()).create(
            {"contest_id": self.contest.id, "name": "Có hiệu quả"}
        )
        session = (
            self.env["hoithi.session"]
            .with_user(self.secretary)
            .create({"contest_id": self.contest.id, "ballot_mode": "open"})
        )
        item = self.env["hoithi.session.item"].search(
            [("session_id", "=", session.id), ("entry_id", "=", self.entry.id)]
        ) or self.env["hoithi.session.item"].with_user(self.secretary).create(
            {"session_id": session.id, "entry_id": self.entry.id}
        )
        session.action_all_present()
        session.action_open()
        item.with_user(self.secretary).action_start_vote()
        beside = item.entry_id.sudo().question_item_ids
        page = self.get("/my/hoithi/reviews")
        self.assertEqual(len(select(page, ".o_hoithi_council_vote form")), 1)
        self.assertIn("– Có hiệu quả", self.text(page, ".o_hoithi_votes"))
        self.post(f"/my/hoithi/votes/{item.id}", {"choice": "perhaps"})
        self.assertEqual(item.sudo().cast_count, 0)
        self.post(f"/my/hoithi/votes/{item.id}", {"choice": "agree"})
        item.invalidate_recordset()
        self.assertEqual(item.sudo().cast_count, 1)
        page = self.get("/my/hoithi/reviews")
        self.assertFalse(select(page, ".o_hoithi_council_vote form"), "once")
        item.with_user(self.secretary).action_count(reason="Các thành viên khác vắng")
        item.sudo().with_context(hoithi_door=Load()).outcome = "approved"
        page = self.post_page(f"/my/hoithi/votes/{beside.id}", {"choice": "agree"})
        beside.invalidate_recordset()
        self.assertEqual(beside.cast_count, 1, self.text(page, ".o_hoithi_page"))
        self.log_in(self.stranger)
        self.post(f"/my/hoithi/votes/{item.id}", {"choice": "agree"})
        item.invalidate_recordset()
        self.assertEqual(item.sudo().cast_count, 1)
        # the chair leaves, the expert presides, and a secret vote ends in a tie
        chair = session.attendance_ids.filtered(lambda line: line.role == "chair")
        chair.write({"present": False, "reason": "Đi công tác"})
        session.presiding_id = self.seat
        session.sudo().with_context(hoithi_door=Load()).casting_vote = True
        beside.with_context(hoithi_door=Load()).write(
            {
                "state": "counted",
                "outcome": "approved",
                "ballot_mode": "secret",
                "approval_ratio": 0.5,
                "base_count": 2,
                **dict.fromkeys(("issued", "collected", "valid"), 2),
                **dict.fromkeys(("agree", "disagree"), 1),
            }
        )
        self.log_in(self.expert)
        page = self.get("/my/hoithi/reviews")
        self.assertIn("as you preside", self.text(page, ".o_hoithi_votes form"))
        self.post(f"/my/hoithi/votes/{beside.id}", {"choice": "disagree"})
        beside.invalidate_recordset()
        self.assertEqual((beside.outcome, beside.casting_by), ("rejected", self.seat))
