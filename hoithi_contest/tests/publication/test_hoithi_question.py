from datetime import timedelta

from lxml import html

from odoo import fields, http
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.service.model import call_kw
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ...models.guard.hoithi_guard_mixin import Load
from ...models.publication.hoithi_question import (
    BODY_LENGTH,
    DAILY_QUESTIONS,
    SUBJECT_LENGTH,
)
from ..common import HoithiCommon
from ..contest import test_hoithi_portal

select = test_hoithi_portal.select


class QuestionCase(HoithiCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if cls.contest.state == "draft":
            cls._launch()

    @classmethod
    def _ask(cls, user=None, **values):
        return (
            cls.env["hoithi.question"]
            .with_user(user or cls.staff)
            .create(
                {
                    "contest_id": cls.contest.id,
                    "subject": "Ai ký xác nhận?",
                    "body": "Tổ trưởng của tôi nghỉ phép.",
                    **values,
                }
            )
        )

    @classmethod
    def _answer(cls, question, text="<p>Phó phòng ký thay.</p>"):
        office = question.with_user(cls.secretary)
        office.answer = text
        office.action_answer()
        return office

    @classmethod
    def _publish(cls, question, asked="Ai xác nhận?", answer="<p>Trưởng đơn vị.</p>"):
        office = cls._answer(question)
        office.write({"public_question": asked, "public_answer": answer})
        office.action_publish()
        return office


@tagged("post_install", "-at_install")
class TestHoithiQuestion(QuestionCase):
    """Who asks what, who answers, and what of it becomes public."""

    def test_from_asked_to_published_and_back(self):
        question = self._ask()
        self.assertEqual(question.partner_id, self.staff.partner_id)
        [activity] = question.sudo().activity_ids
        self.assertEqual(activity.user_id, self.secretary)
        office = question.with_user(self.secretary)
        with self.assertRaisesRegex(UserError, "Write the answer"):
            office.action_answer()
        self._answer(question)
        self.assertEqual(question.state, "answered")
        self.assertEqual(office.answered_by, self.secretary)
        self.assertFalse(question.sudo().activity_ids)
        with self.assertRaisesRegex(UserError, "as everybody may read"):
            office.action_publish()
        office.write({"public_question": "Ai?", "public_answer": "<p>Trưởng.</p>"})
        office.action_publish()
        self.assertEqual(question.state, "published")
        self.assertEqual(office.published_by, self.secretary)
        with self.assertRaises(UserError):
            office.public_answer = "<p><br></p>"
        office.action_withdraw()
        self.assertEqual(question.state, "answered")
        self.assertEqual(self.contest._get_public_questions(), [])

    def test_asker_is_told_once_an_answer(self):
        question = self._ask()
        self._answer(question)
        notices = self.env["hoithi.notice"].search(
            [("res_model", "=", "hoithi.question"), ("res_id", "=", question.id)]
        )
        self.assertEqual(notices.kind, "question_answered")
        self.assertEqual(notices.partner_id, self.staff.partner_id)
        mails = self.env["mail.mail"].search([])
        self._run_cron("cron_send_notices")
        [mail] = self.env["mail.mail"].search([]) - mails
        self.assertIn("Phó phòng ký thay.", mail.body_html)
        self.assertEqual(notices.state, "sent")

    def test_own_question_of_the_office_tells_nobody(self):
        question = self.env["hoithi.question"].with_user(self.secretary)
        question = question.create(
            {"contest_id": self.contest.id, "subject": "Thường gặp"}
        )
        self.assertFalse(question.partner_id)
        self.assertFalse(question.activity_ids)
        self._answer(question)
        self.assertFalse(
            self.env["hoithi.notice"].search([("res_model", "=", "hoithi.question")])
        )
        question.subject = "Hay gặp"
        question.unlink()

    def test_asker_gives_nothing_but_the_question(self):
        for name, value in {
            "partner_id": self.coauthor.partner_id.id,
            "answer": "<p>Tự trả lời</p>",
            "public_question": "x",
            "public_answer": "x",
            "published_on": "2020-01-01 00:00:00",
            "asked_on": "2020-01-01 00:00:00",
            "sequence": -5,
            "state": "published",
        }.items():
            with self.subTest(name), self.assertRaises(UserError):
                self._ask(**{name: value})
        question = self._ask().sudo()
        self.assertEqual(question.partner_id, self.staff.partner_id)
        self.assertEqual(question.sequence, 10)
        self.assertNotEqual(question.asked_on.year, 2020)
        for name in ("answer", "public_question", "public_answer", "published_on"):
            self.assertFalse(question[name], name)
        self.assertEqual(question.state, "asked")

    def test_draft_of_an_answer_is_not_read(self):
        question = self._ask()
        question.with_user(self.secretary).answer = "<p>Chưa chắc</p>"
        self.assertFalse(question.given_answer)
        with self.assertRaises(AccessError):
            question.read(["answer"])
        with self.assertRaises(AccessError):
            question.read(["public_question"])
        question.with_user(self.secretary).action_answer()
        self.assertIn("Chưa chắc", question.given_answer)
        question.with_user(self.secretary).action_reopen()
        self.assertFalse(question.given_answer)

    def test_everyone_reads_own_questions_only(self):
        question = self._ask()
        self._publish(question)
        visible = {
            self.staff: True,
            self.coauthor: False,
            self.internal: False,
            self.head: False,
            self.member1: False,
            self.publisher: False,
            self.admin: False,
            self.leader: True,
            self.secretary: True,
        }
        for user, may in visible.items():
            with self.subTest(user=user.login):
                found = question.with_user(user).search([("id", "=", question.id)])
                self.assertEqual(bool(found), may)
        public = self.env.ref("base.public_user")
        self.assertFalse(question.with_user(public).has_access("read"))

    def test_other_departments_secretary_reads_nothing(self):
        company = self.env["res.company"].create({"name": "Sở khác"})
        foreign = new_test_user(
            self.env,
            login="t_foreign_office",
            groups="hoithi_contest.group_secretary",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        question = self._ask()
        self.assertFalse(question.with_user(foreign).has_access("read"))

    def test_acts_are_the_secretarys(self):
        question = self._ask()
        question.sudo().answer = "<p>x</p>"
        for user in (self.staff, self.internal, self.head, self.leader, self.publisher):
            model = self.env["hoithi.question"].with_user(user)
            for act in ("action_answer", "action_suggest_wording"):
                with (
                    self.subTest(user=user.login, act=act),
                    self.assertRaises(AccessError),
                ):
                    call_kw(model, act, [question.ids], {})
            with self.assertRaises(AccessError):
                call_kw(model, "write", [question.ids, {"subject": "x"}], {})
            with self.assertRaises(AccessError):
                call_kw(model, "unlink", [question.ids], {})
        self.assertEqual(question.state, "asked")

    def test_what_was_asked_stays(self):
        office = self._ask().with_user(self.secretary)
        other = self._create_contest(name="Hội thi khác")
        for vals in ({"subject": "x"}, {"body": "x"}, {"contest_id": other.id}):
            with self.assertRaisesRegex(UserError, "stays as it was asked"):
                office.write(vals)
        for vals in ({"partner_id": False}, {"answered_on": fields.Datetime.now()}):
            with self.assertRaises(AccessError):
                office.write(vals)
        self.assertTrue(office.partner_id)
        self.assertFalse(office.answered_on)
        with self.assertRaisesRegex(UserError, "close or withdraw"):
            office.unlink()

    def test_close_needs_a_reason(self):
        question = self._ask()
        office = question.with_user(self.secretary)
        self.assertEqual(office.action_ask_close()["res_model"], "hoithi.reason")
        office.action_close(reason="Đã hỏi trước đó")
        self.assertEqual(question.state, "closed")
        self.assertEqual(question.close_reason, "Đã hỏi trước đó")
        self.assertFalse(question.sudo().activity_ids)
        office.action_reopen()
        self.assertEqual(question.state, "asked")
        self.assertTrue(question.sudo().activity_ids)

    def test_wording_begins_with_the_answer(self):
        office = self._answer(self._ask())
        office.public_question = "Ai xác nhận áp dụng?"
        office.action_suggest_wording()
        self.assertEqual(office.public_question, "Ai xác nhận áp dụng?")
        self.assertEqual(office.public_answer, office.answer)

    # LIMITS

    def test_lengths(self):
        for vals in (
            {"subject": "   "},
            {"subject": "x" * (SUBJECT_LENGTH + 1)},
            {"body": "x" * (BODY_LENGTH + 1)},
        ):
            with self.subTest(vals=list(vals)), self.assertRaises(ValidationError):
                self._ask(**vals)

    def test_nobody_asks_twice(self):
        self._ask()
        with self.assertRaisesRegex(UserError, "asked this already"):
            self._ask(
                subject="  AI KY   xac nhan? ", body="To truong cua toi nghi phep."
            )
        self._ask(self.coauthor)

    def test_nobody_floods_the_office(self):
        for number in range(DAILY_QUESTIONS):
            question = self._ask(subject=f"Câu {number}")
        with self.assertRaisesRegex(UserError, "within a day"):
            self._ask(subject="Một câu nữa")
        # answered ones count as well
        self._answer(question)
        with self.assertRaisesRegex(UserError, "within a day"):
            self._ask(subject="Một câu nữa")
        questions = question.sudo().search([])
        questions._open_door().asked_on = fields.Datetime.now() - timedelta(days=2)
        self._ask(subject="Một câu nữa")
        # who waits for an answer isn't helped by asking again
        with self.assertRaisesRegex(UserError, "asked this already"):
            self._ask(subject="Câu 0")

    def test_only_running_contests_take_questions(self):
        draft = self._create_contest(name="Bản nháp")
        with self.assertRaises(AccessError):
            self._ask(contest_id=draft.id)
        self.contest.with_user(self.secretary).action_cancel(reason="x")
        with self.assertRaisesRegex(UserError, "isn't running"):
            self._ask()

    # WHAT VISITORS READ

    def test_public_wording_only(self):
        self._publish(self._ask())
        self._ask(self.coauthor)
        [shown] = self.contest._get_public_questions()
        self.assertEqual(shown["question"], "Ai xác nhận?")
        self.assertEqual(str(shown["answer"]), "<p>Trưởng đơn vị.</p>")
        self.assertEqual(set(shown), {"id", "question", "answer"})

    def test_search_without_accents(self):
        self._publish(self._ask(), "Đồng tác giả là ai?", "<p>Người cùng làm.</p>")
        self._publish(self._ask(self.coauthor), "Hạn nộp?", "<p>Ngày 30.</p>")
        for words, count in (
            ("dong tac", 1),
            ("ĐỒNG lam", 1),
            ("30 hạn", 1),
            ("p", 1),
            ("div", 0),
            ("%", 0),
            ("ký thay", 0),
            ("", 2),
        ):
            with self.subTest(words=words):
                self.assertEqual(len(self.contest._get_public_questions(words)), count)


@tagged("post_install", "-at_install")
class TestHoithiQuestionPortal(QuestionCase, test_hoithi_portal.HoithiPortalCase):
    """Asking by an ordinary form."""

    def setUp(self):
        super().setUp()
        self.path = f"/my/hoithi/{self.contest.id}/questions"

    def test_ask_and_read_the_answer(self):
        page = self.get(self.path)
        self.assertTrue(select(page, ".o_hoithi_no_questions"))
        data = {"subject": "Nộp ở đâu?", "body": "Dòng 1\r\nDòng 2"}
        page = self.post_page(self.path, data)
        self.assertIn("reached the Office", self.text(page, ".o_hoithi_notice"))
        question = self.env["hoithi.question"].search([])
        self.assertEqual(question.body, "Dòng 1\nDòng 2")
        self.assertEqual(question.partner_id, self.staff.partner_id)
        self._answer(question, "<p>Trên cổng.</p>")
        page = self.get(self.path)
        self.assertIn("Trên cổng.", self.text(page, ".o_hoithi_answer"))

    def test_the_head_leads_to_the_questions(self):
        """Of the only contest at once; after its registration, and its end, too."""
        page = self.get("/my/hoithi")
        [way] = select(page, ".o_hoithi_bar_links a[href='/my/hoithi/questions']")
        self.assertTrue(self.url_open(way.get("href")).url.endswith(self.path))
        self._ask()
        for state in ("screening", "closed"):
            self.contest.sudo().with_context(hoithi_door=Load()).state = state
            response = self.url_open("/my/hoithi/questions")
            self.assertTrue(response.url.endswith(self.path), state)
        other = self._create_contest(name="Hội thi sau")
        other.sudo().with_context(hoithi_door=Load()).state = "open"
        page = self.get("/my/hoithi/questions")
        rows = [
            " ".join(row.text_content().split())
            for row in select(page, ".o_hoithi_question_contests li")
        ]
        self.assertEqual(
            rows,
            [
                "Hội thi sau You haven't asked anything yet.",
                f"{self.contest.name} Your questions: 1",
            ],
        )
        # one that is prepared anew is left out
        other.sudo().with_context(hoithi_door=Load()).state = "draft"
        own = self.env["hoithi.question"].with_user(self.staff)
        loaded = self.env["hoithi.question"].sudo().with_context(hoithi_door=Load())
        loaded.create(
            {
                "contest_id": other.id,
                "subject": "Hỏi trước",
                "body": "Khi còn mở",
                "partner_id": self.staff.partner_id.id,
            }
        )
        self.assertEqual(own._get_own_contests(), self.contest.with_user(self.staff))
        # whose login is of no department is told so
        stranger = new_test_user(self.env, "nguoila", groups="base.group_portal")
        self.authenticate(stranger.login, stranger.login)
        page = self.get("/my/hoithi/questions")
        self.assertFalse(select(page, ".o_hoithi_question_contests"))
        self.assertIn("No contest takes questions", self.text(page, "#wrap"))

    def test_refusals_keep_what_was_typed(self):
        data = {"subject": " ", "body": "Tôi đã gõ rất nhiều"}
        page = self.post_page(self.path, data)
        self.assertIn("subject", self.alert(page))
        [area] = select(page, "textarea[name=body]")
        self.assertIn("rất nhiều", area.text_content())
        self.assertFalse(self.env["hoithi.question"].search([]))

    def test_csrf(self):
        with mute_logger("odoo.http"):
            response = self.post(self.path, {"subject": "x"}, csrf=False)
        self.assertEqual(response.status_code, 400)
        self.assertFalse(self.env["hoithi.question"].search([]))

    def test_mass_assignment(self):
        self.post(
            self.path,
            {"subject": "x", "state": "published", "partner_id": "1", "answer": "y"},
        )
        question = self.env["hoithi.question"].search([])
        self.assertEqual(question.state, "asked")
        self.assertEqual(question.partner_id, self.staff.partner_id)
        self.assertFalse(question.answer)

    def test_others_questions_stay_theirs(self):
        self._publish(self._ask(self.coauthor, subject="BÍ MẬT", body="BÍ MẬT"))
        self.contest.with_user(self.publisher).action_publish()
        page = self.get(self.path)
        self.assertFalse(select(page, ".o_hoithi_my_question"))
        self.assertIn("Ai xác nhận?", page.text_content())
        self.assertNotIn("BÍ MẬT", page.text_content())
        self.assertNotIn(self.coauthor.name, page.text_content())

    def test_forged_ids_lead_back(self):
        draft = self._create_contest(name="Bản nháp")
        for contest_id in (draft.id, 999999999999):
            path = f"/my/hoithi/{contest_id}/questions"
            self.assertTrue(self.url_open(path).url.endswith("/my/hoithi"))
            response = self.post(path, {"subject": "x"})
            self.assertTrue(response.url.endswith("/my/hoithi"))
        self.assertFalse(self.env["hoithi.question"].search([]))

    def test_login_is_needed(self):
        self.authenticate(None, None)
        self.assertIn("/web/login", self.url_open(self.path).url)
        response = self.url_open(
            self.path,
            data={"subject": "x", "csrf_token": http.Request.csrf_token(self)},
        )
        # what is posted without a login leads to it, and nothing of it is taken
        self.assertEqual(response.status_code, 400)
        page = html.fromstring(response.content)
        self.assertTrue(select(page, "a[href='/web/login?redirect=/my/hoithi']"))
        self.assertFalse(select(page, ".o_hoithi_late_form"))
        self.assertFalse(self.env["hoithi.question"].search([]))

    def test_queries_do_not_grow(self):
        self._publish(self._ask())
        self.contest.with_user(self.publisher).action_publish()
        few = self.count_queries(self.path)
        loader = self.env["hoithi.question"].with_context(hoithi_door=Load())
        loader.create(
            [
                {
                    "contest_id": self.contest.id,
                    "partner_id": self.staff.partner_id.id,
                    "subject": f"Câu {number}",
                    "state": "published",
                    "answer": "<p>x</p>",
                    "public_question": f"Câu {number}",
                    "public_answer": "<p>x</p>",
                }
                for number in range(30)
            ]
        )
        self.assertLessEqual(self.count_queries(self.path), few)
