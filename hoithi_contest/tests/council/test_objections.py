from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...models.guard.hoithi_guard_mixin import Load
from ..contest.test_hoithi_portal import HoithiPortalCase, select


@tagged("post_install", "-at_install")
class TestObjections(HoithiPortalCase):
    """Results are open to objections for a declared time, and each is answered."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.first = cls._eligible_entry()
        cls.second = cls._eligible_entry(cls.internal, name="Tra cứu địa chính")
        cls._start_review()
        for entry, points in ((cls.first, 40), (cls.second, 50)):
            for review in cls._assign(entry, cls.member1, cls.member2):
                cls._score(review, 20, points)
        cls.office = cls.contest.with_user(cls.secretary)
        cls.office.action_start_council()
        cls.office.objection_days = 5
        cls.first.with_user(cls.secretary).action_not_select(reason="Hết chỉ tiêu")

    def _decide_all(self):
        self.second.with_user(self.secretary).action_select()

    def _open(self):
        self._decide_all()
        self.office.action_open_objections()

    def _file(self, user=None, entry=None, reason="Phiếu chấm cộng sai điểm"):
        entry = (entry or self.first).with_user(user or self.staff)
        return self.env["hoithi.objection"].browse(entry.action_object(reason=reason))

    def _propose(self, objection, answer="Đã cộng lại: điểm đúng."):
        office = objection.with_user(self.secretary)
        office.write({"answer": answer, "outcome": "dismissed"})
        office.action_propose()
        return office

    def _told(self, kind):
        return (
            self.env["hoithi.notice"].search([("kind", "=", kind)]).mapped("partner_id")
        )

    # THE HOME

    def test_each_finds_it_at_home(self):
        """Who has the next word, and a closed contest isn't over before it."""
        self._open()
        objection = self._file()
        home = self.env["hoithi.home"]

        def get_act(user):
            way = home.with_user(user).get_home(self.contest.id)["way"]
            return way["act"] and way["act"]["title"]

        self.assertEqual(get_act(self.secretary), "Propose an answer to 1 objections")
        gaps = [gap.text for gap in self.office._get_closing_gaps()]
        self.assertIn("1 objections aren't answered", gaps)
        office = self._propose(objection)
        self.assertEqual(get_act(self.chair), "Decide on 1 objections")
        self.assertNotEqual(get_act(self.member1), "Decide on 1 objections")
        office.with_user(self.chair).action_decide()
        self.assertNotEqual(get_act(self.chair), "Decide on 1 objections")

    def test_who_competes_neither_answers_nor_decides(self):
        self._open()
        objection = self._file()
        lines = self.second.sudo().author_ids._open_door()
        lines.write({"partner_id": self.secretary.partner_id.id})
        self.env.invalidate_all()
        office = objection.with_user(self.secretary)
        with self.assertRaisesRegex(UserError, "You compete"):
            office.write({"answer": "Bác", "outcome": "dismissed"})
        objection.sudo()._open_door().write({"answer": "x y", "outcome": "dismissed"})
        with self.assertRaisesRegex(UserError, "You compete"):
            office.action_propose()
        lines.write({"partner_id": self.chair.partner_id.id})
        self.env.invalidate_all()
        # the chair competes, and there is no deputy
        with self.assertRaisesRegex(UserError, "compete with it"):
            office.action_propose()
        deputy = self.seats[self.member2].with_context(hoithi_door=Load())
        deputy.role = "vice_chair"
        office.action_propose()
        with self.assertRaises(AccessError):
            objection.with_user(self.chair).action_decide()
        objection.with_user(self.member2).action_decide()
        self.assertEqual(objection.state, "answered")

    # THE DAYS

    def test_opened_by_the_office_and_told(self):
        with self.assertRaisesRegex(UserError, "aren't decided yet"):
            self.office.action_open_objections()
        self._decide_all()
        for user in (self.staff, self.chair, self.leader):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.contest.with_user(user).action_open_objections()
        self.office.action_open_objections()
        today = self.contest._get_today()
        self.assertEqual(
            self.contest.objections_until,
            self.contest._get_work_end(today + timedelta(days=5)),
        )
        self.assertLessEqual(
            self.staff.partner_id | self.internal.partner_id,
            self._told("objections_opened"),
        )
        with self.assertRaisesRegex(UserError, "already"):
            self.office.action_open_objections()
        with self.assertRaises(UserError):
            self.office.objection_days = 20
        with self.assertRaises(UserError):
            self.office.objections_until = fields.Datetime.now()

    def test_a_contest_that_takes_none(self):
        self.office.objection_days = 0
        self._decide_all()
        with self.assertRaisesRegex(UserError, "takes no objections"):
            self.office.action_open_objections()
        self.assertFalse(self.first.can_object)
        with self.assertRaisesRegex(UserError, "aren't open"):
            self._file()

    def test_the_end_of_the_contest_opens_them(self):
        self._decide_all()
        self.second.with_user(self.secretary).action_not_select(reason="Rút lại")
        self._waive_all()
        self.office.action_close()
        self.assertEqual(self.contest.state, "closed")
        self.assertTrue(self.contest.objections_until)
        self.assertTrue(self._file())

    def test_outside_the_days(self):
        with self.assertRaisesRegex(UserError, "aren't open"):
            self._file()
        self._open()
        self.assertTrue(self.first.can_object)
        self.contest.sudo()._open_door().objections_until = (
            fields.Datetime.now() - timedelta(minutes=1)
        )
        self.env.invalidate_all()
        self.assertFalse(self.first.can_object)
        with self.assertRaisesRegex(UserError, "were taken until"):
            self._file()

    def test_more_time_is_given_and_told(self):
        later = fields.Datetime.now() + timedelta(days=30)
        with self.assertRaisesRegex(UserError, "aren't open"):
            self.office.action_extend_objections(reason="Nghỉ Tết", due_date=later)
        self._open()
        with self.assertRaises(AccessError):
            self.contest.with_user(self.chair).action_extend_objections(reason="x y")
        for due in (fields.Datetime.now(), self.contest.objections_until):
            with self.subTest(due=due), self.assertRaisesRegex(UserError, "later time"):
                self.office.action_extend_objections(reason="Nghỉ Tết", due_date=due)
        self.contest.sudo()._open_door().objections_until = (
            fields.Datetime.now() - timedelta(minutes=1)
        )
        wizard = self.office.action_ask_extend_objections()
        wizard = self.env[wizard["res_model"]].browse(wizard["res_id"])
        wizard.with_user(self.secretary).write({"reason": "Nghỉ", "due_date": later})
        wizard.with_user(self.secretary).action_apply()
        self.assertEqual(self.contest.objections_until, later)
        self.assertLessEqual(
            self.staff.partner_id | self.internal.partner_id,
            self._told("objections_extended"),
        )
        self.assertTrue(self._file())

    # WHO

    def test_authors_and_the_head_of_the_unit(self):
        self._open()
        own = self._file()
        self.assertEqual(own.filed_as, "author")
        self.assertEqual(self._file(self.head).filed_as, "head")
        for user in (self.internal, self.other_head, self.coauthor, self.member1):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._file(user)
        with self.assertRaisesRegex(UserError, "hasn't been answered"):
            self._file()
        with self.assertRaisesRegex(UserError, "reason"):
            self._file(self.internal, self.second, reason=" ")

    @mute_logger("odoo.models", "odoo.addons.base.models.ir_rule")
    def test_no_other_door(self):
        self._open()
        values = {
            "entry_id": self.first.id,
            "partner_id": self.staff.partner_id.id,
            "filed_as": "author",
            "filed_on": fields.Datetime.now(),
            "reason": "Qua cửa khác",
        }
        model = self.env["hoithi.objection"]
        for user in (self.staff, self.secretary, self.chair, self.internal):
            with (
                self.subTest(user=user.login),
                self.assertRaises(UserError),
            ):
                model.with_user(user).create(values)
        objection = self._file()
        for user in (self.staff, self.chair, self.secretary):
            for vals in (
                {"reason": "Khác"},
                {"state": "answered"},
                {"partner_id": self.internal.partner_id.id},
            ):
                with (
                    self.subTest(user=user.login, vals=vals),
                    self.assertRaises(UserError),
                ):
                    objection.with_user(user).write(vals)
        with self.assertRaises(UserError):
            objection.with_user(self.secretary).unlink()

    # THE ANSWER

    def test_proposed_decided_told(self):
        self._open()
        objection = self._file()
        self.assertIn(
            self.secretary, objection.sudo().activity_ids.user_id, "it is on the list"
        )
        office = objection.with_user(self.secretary)
        with self.assertRaisesRegex(UserError, "Write the answer"):
            office.action_propose()
        self._propose(objection)
        self.assertFalse(objection.sudo().activity_ids)
        self.assertIn(self.chair.partner_id, self._told("objection_proposed"))
        with self.assertRaises(UserError):
            office.answer = "Khác đi"
        mine = objection.with_user(self.staff)
        self.assertFalse(mine.given_answer, "not before it is decided")
        told = office.onchange(
            {"state": "answered"}, ["state"], {"given_answer": {}, "given_outcome": {}}
        )
        self.assertFalse(told, "nor by a form that says so")
        for user in (self.secretary, self.leader, self.staff, self.member1):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                objection.with_user(user).action_decide()
        chair = objection.with_user(self.chair)
        self.assertTrue(chair.can_decide)
        chair.action_send_back(reason="Nêu rõ từng phiếu")
        self.assertEqual(objection.state, "filed")
        self.assertEqual(office.sent_back_reason, "Nêu rõ từng phiếu")
        self._propose(objection, "Phiếu 1: 60; phiếu 2: 60.")
        for user in (self.secretary, self.leader, self.member1):
            with self.subTest(asked_by=user.login), self.assertRaises(AccessError):
                objection.with_user(user).action_ask_decide()
        shown, obstacles = self._show(chair, "action_ask_decide")
        self.assertEqual(obstacles, [])
        self.assertIn("Dismissed – Phiếu 1: 60; phiếu 2: 60.", shown.effects[0])
        shown.action_apply()
        self.assertEqual(objection.state, "answered")
        self.assertEqual(mine.given_answer, "Phiếu 1: 60; phiếu 2: 60.")
        self.assertEqual(mine.given_outcome, "dismissed")
        self.assertIn(self.staff.partner_id, self._told("objection_answered"))
        self.assertNotIn(self.internal.partner_id, self._told("objection_answered"))
        events = self.env["hoithi.ledger"].search([("res_model", "=", mine._name)])
        self.assertEqual(events.mapped("event"), ["objection.answered"])
        with self.assertRaisesRegex(UserError, "was answered"):
            self._file(reason="Vẫn chưa đồng ý")
        self.assertTrue(self._file(self.head), "others have theirs")
        values = {
            "entry_id": self.first.id,
            "kind": "outcome",
            "decision_number": "77/QĐ",
            "decision_date": self.contest._get_today(),
            "decided_by": "Giám đốc Sở",
            "reason": "Khiếu nại có cơ sở",
            "closed_on": fields.Datetime.now(),
        }
        reopenings = self.env["hoithi.reopening"].with_context(hoithi_door=Load())
        for state, before, after in (
            ("dropped", "Not selected", "Selected"),
            ("done", "Not selected", "Not selected"),
        ):
            reopenings.sudo().create(
                {**values, "state": state, "before": before, "after": after}
            )
            with self.assertRaisesRegex(UserError, "was answered"):
                self._file(reason="Vẫn chưa đồng ý")
        reopenings.sudo().create(
            {**values, "state": "done", "before": "Not selected", "after": "Selected"}
        )
        again = self._file(reason="Vẫn chưa đúng")
        self.assertTrue(again, "to what has changed")
        again.with_user(self.staff).action_withdraw(reason="Đã rõ")

    def test_a_later_decision_of_the_council_is_objected_to(self):
        self._open()
        objection = self._propose(self._file())
        objection.with_user(self.chair).action_decide()
        with self.assertRaisesRegex(UserError, "was answered"):
            self._file()
        earlier = objection.answered_on - timedelta(hours=1)
        objection.sudo()._open_door().answered_on = earlier
        self.first.sudo()._open_door().write(
            {"screened_on": earlier, "decided_on": earlier}
        )
        with self.assertRaisesRegex(UserError, "was answered"):
            self._file()
        self.first.with_user(self.secretary).action_select()
        self.assertTrue(self._file())

    def test_nobody_files_and_takes_back_without_end(self):
        self._open()
        for _again in range(5):
            self._file().with_user(self.staff).action_withdraw(reason="Đã rõ")
        with self.assertRaisesRegex(UserError, "too often"):
            self._file()

    def test_taken_back_by_who_filed_it(self):
        self._open()
        objection = self._file()
        with self.assertRaises(AccessError):
            objection.with_user(self.secretary).action_withdraw(reason="x")
        objection.with_user(self.staff).action_withdraw(reason="Đã rõ")
        self.assertEqual(objection.state, "withdrawn")
        self.assertIn(self.secretary.partner_id, self._told("objection_withdrawn"))

    def test_an_absent_chair_leaves_it_to_the_deputy(self):
        self._open()
        objection = self._file()
        office = self._propose(objection)
        with self.assertRaises(AccessError):
            objection.with_user(self.chair).action_pass_on(reason="Đi công tác")
        with self.assertRaisesRegex(UserError, "Give the council another deputy"):
            office.action_pass_on(reason="Đi công tác")
        self.contest.with_user(self.chair).action_reopen_rules(reason="Thêm phó")
        deputy = self.council.member_ids.create(
            {
                "council_id": self.council.id,
                "user_id": self.leader.id,
                "role": "vice_chair",
            }
        ).user_id
        first = self.seats[self.member1]
        first.role = "vice_chair"
        self.contest.with_user(self.chair).action_fix_rules()
        with self.assertRaisesRegex(UserError, "reason"):
            office.action_pass_on()
        with self.assertRaises(AccessError):
            objection.with_user(deputy).action_decide()
        office.action_pass_on(reason="Chủ tịch đi học dài ngày")
        self.assertIn(deputy.partner_id, self._told("objection_proposed"))
        office.action_pass_on(reason="Phó chủ tịch ốm")
        self.assertEqual(
            office.absent_ids, self.seats[self.chair] | first, "one at a time"
        )
        with self.assertRaises(AccessError):
            objection.with_user(deputy).action_end_absence(reason="Đã về")
        with self.assertRaisesRegex(UserError, "reason"):
            office.action_end_absence()
        office.action_end_absence(reason="Đã về")
        self.assertIn("Đã về", office.message_ids[0].body)
        self.assertTrue(objection.with_user(self.chair).can_decide)
        with self.assertRaises(AccessError):
            objection.with_user(deputy).action_decide()
        with self.assertRaisesRegex(UserError, "recorded as absent"):
            office.action_end_absence(reason="Đã về")
        office.action_pass_on(reason="Chủ tịch lại đi")
        with self.assertRaises(AccessError):
            objection.with_user(self.chair).action_decide()
        objection.with_user(deputy).action_decide()
        self.assertEqual(objection.state, "answered")
        with self.assertRaisesRegex(UserError, "Nobody's absence"):
            office.action_pass_on(reason="Lần nữa")
        with self.assertRaisesRegex(UserError, "recorded as absent"):
            office.action_end_absence(reason="Lần nữa")

    def test_a_chair_who_has_left_keeps_no_objection_from_its_answer(self):
        self._open()
        objection = self._file()
        self._propose(objection)
        self.contest.with_user(self.chair).action_reopen_rules(reason="Thêm phó")
        self.seats[self.member1].role = "vice_chair"
        self.contest.with_user(self.chair).action_fix_rules()
        self.chair.sudo().active = False
        deputy = objection.with_user(self.member1)
        self.assertTrue(deputy.can_decide)
        deputy.action_decide()
        self.assertEqual(objection.state, "answered")

    def test_a_second_contest_has_its_own_days_and_deciders(self):
        """Of two contests at once, each objection is its own council's to decide."""
        self._open()
        council = self.council.create(
            {
                "name": "Hội đồng thứ hai",
                "member_ids": [
                    Command.create({"user_id": self.member2.id, "role": "chair"}),
                    Command.create({"user_id": self.secretary.id, "role": "secretary"}),
                ],
            }
        )
        other = self._create_contest(
            name="Hội thi thứ hai",
            edition_number=10,
            council_id=council.id,
            objection_days=20,
            reviews_per_entry=1,
        )
        self._launch(other)
        entry = self._eligible_entry(contest=other)
        self._start_review(other)
        office = other.with_user(self.secretary)
        loaded = other.with_context(hoithi_door=Load())
        loaded.state = "council"
        entry.with_user(self.secretary).action_not_select(reason="Hết chỉ tiêu")
        with self.assertRaisesRegex(UserError, "aren't open"):
            self._file(entry=entry)
        office.action_open_objections()
        self.assertGreater(other.objections_until, self.contest.objections_until)
        # one that waits in the first contest keeps none from the second
        objections = {
            self.chair: self._file(),
            self.member2: self._file(entry=entry),
        }
        for objection in objections.values():
            self._propose(objection)
        for user, objection in objections.items():
            [stranger] = set(objections) - {user}
            with self.subTest(user=user.login):
                with self.assertRaises(AccessError):
                    objection.with_user(stranger).action_decide()
                objection.with_user(user).action_decide()
                self.assertEqual(objection.state, "answered")
        # each contest's days end by themselves
        self.contest.sudo()._open_door().objections_until = (
            fields.Datetime.now() - timedelta(minutes=1)
        )
        self.env.invalidate_all()
        with self.assertRaisesRegex(UserError, "were taken until"):
            self._file()
        with self.assertRaisesRegex(UserError, "was answered"):
            self._file(entry=entry)

    def test_nobody_answers_or_decides_on_the_own(self):
        self._open()
        objection = self._file(self.head)
        self.first.sudo().author_ids._open_door().write(
            {"partner_id": self.secretary.partner_id.id}
        )
        self.env.invalidate_all()
        with self.assertRaises(UserError):
            objection.with_user(self.secretary).answer = "Tự trả lời"
        self.first.sudo().author_ids._open_door().write(
            {"partner_id": self.chair.partner_id.id}
        )
        self.env.invalidate_all()
        office = objection.with_user(self.secretary)
        office.write({"answer": "Giữ nguyên", "outcome": "dismissed"})
        with self.assertRaisesRegex(UserError, "Nobody can decide"):
            office.action_propose()
        [shown] = objection.with_user(self.chair).read(["answer", "outcome"])
        self.assertFalse(shown["answer"] or shown["outcome"], "nor reads it")

    def test_nobody_answers_what_they_filed(self):
        self._open()
        self.sub_unit.manager_id = self.employees[self.head]
        objection = self._file(self.head)
        objection.sudo()._open_door().partner_id = self.secretary.partner_id
        self.env.invalidate_all()
        own = objection.with_user(self.secretary)
        for vals in ({"answer": "Giữ nguyên"}, {"outcome": "dismissed"}):
            with (
                self.subTest(vals=vals),
                self.assertRaisesRegex(UserError, "another secretary answers it"),
            ):
                own.write(vals)
        objection.sudo()._open_door().write(
            {
                "answer": "Giữ nguyên",
                "outcome": "dismissed",
                "sent_back_reason": "Chưa rõ",
            }
        )
        with self.assertRaisesRegex(UserError, "another secretary answers it"):
            own.action_propose()
        self.env.invalidate_all()
        names = ["answer", "outcome", "sent_back_reason"]
        [shown] = own.read(names)
        self.assertFalse(any(shown[name] for name in names))
        [shown] = objection.with_user(self.leader).read(names)
        self.assertTrue(all(shown[name] for name in names))

    def test_a_conflict_hides_it(self):
        self._open()
        objection = self._file()
        seat = self.seats[self.secretary]
        self.env["hoithi.conflict"].create(
            {
                "entry_id": self.first.id,
                "member_id": seat.id,
                "kind": "kinship",
                "note": "Em ruột",
            }
        )
        self.env.invalidate_all()
        self.assertFalse(objection.with_user(self.secretary).has_access("read"))
        self.assertFalse(objection.with_user(self.member1).has_access("read"))

    # THE PAGE

    def test_taken_back_on_the_page(self):
        self._open()
        objection = self._file()
        path = f"/my/hoithi/objections/{objection.id}/withdraw"
        self.assertFalse(objection.with_user(self.secretary).can_withdraw)
        self.authenticate(self.stranger.login, self.stranger.login)
        self.post(path, {"reason": "Của người khác"})
        self.assertEqual(objection.state, "filed")
        self.authenticate(self.staff.login, self.staff.login)
        page = self.get(f"/my/hoithi/entries/{self.first.id}")
        self.assertTrue(select(page, ".o_hoithi_withdraw_objection"))
        self.post(path, {"reason": " "})
        objection.invalidate_recordset()
        self.assertEqual(objection.state, "filed")
        late = UserError("Thử lại sau ít phút.")
        with patch.object(type(objection), "action_withdraw", side_effect=late):
            page = self.post_page(path, {"reason": "Đã rõ"})
        form = ".o_hoithi_withdraw_objection[open]"
        self.assertEqual(self.text(page, f"{form} textarea"), "Đã rõ")
        self.post(path, {"reason": "Đã rõ"})
        objection.invalidate_recordset()
        self.assertEqual(objection.state, "withdrawn")
        page = self.get(f"/my/hoithi/entries/{self.first.id}")
        self.assertFalse(select(page, ".o_hoithi_withdraw_objection"))

    def test_on_the_page_of_the_entry(self):
        self.authenticate(self.staff.login, self.staff.login)
        path = f"/my/hoithi/entries/{self.first.id}"
        self.assertFalse(select(self.get(path), ".o_hoithi_object"))
        self._open()
        page = self.get(path)
        self.assertTrue(select(page, "form.o_hoithi_object"))
        page = self.post(f"{path}/objection", {"reason": " "}, page)
        self.assertFalse(self.env["hoithi.objection"].search([]))
        page = self.post(f"{path}/objection", {"reason": "Điểm cộng sai"}, page)
        objection = self.env["hoithi.objection"].search([])
        self.assertEqual(objection.reason, "Điểm cộng sai")
        page = self.get(path)
        self.assertIn("Điểm cộng sai", self.text(page, ".o_hoithi_objections"))
        self.assertFalse(select(page, ".o_hoithi_object"), "one at a time")
        self._propose(objection)
        self.assertNotIn(
            "Đã cộng lại", self.text(self.get(path), ".o_hoithi_objections")
        )
        objection.with_user(self.chair).action_decide()
        text = self.text(self.get(path), ".o_hoithi_objections")
        self.assertIn("Đã cộng lại: điểm đúng.", text)
        self.authenticate(self.stranger.login, self.stranger.login)
        self.post(f"{path}/objection", {"reason": "Của người khác"})
        self.assertEqual(
            self.env["hoithi.objection"].search_count([]), 1, "not a stranger's"
        )
