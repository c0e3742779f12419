import contextlib
from email.message import EmailMessage
from unittest.mock import patch

from markupsafe import Markup

from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import config, formataddr

from ...models.guard.hoithi_guard_mixin import Load
from ..common import PDF, HoithiCommon

SERVER = "There is a server for outgoing mail."
#: What no letter of the department shows.
FOREIGN = ("odoobot", "powered by", "odoo.com", "your account at")


@tagged("post_install", "-at_install")
class TestLetters(HoithiCommon):
    """Letters come from the department, and answers reach what they are about."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("vi_VN")
        cls.agency = cls.env["hoithi.agency"].create(
            {"name": "Sở Nông nghiệp và Môi trường tỉnh Thái Nguyên"}
        )
        cls.company.write(
            {
                "hoithi_agency_id": cls.agency.id,
                "hoithi_mail_from": "hoithi@so.example.vn",
                "hoithi_reply_to": "vanphong@so.example.vn",
                "hoithi_contact_name": "Đàm Thị Thu Hiền",
                "hoithi_contact_phone": "0208 000 0000",
                "alias_domain_id": False,
            }
        )
        cls._launch()
        cls.sender = formataddr((cls.agency.name, "hoithi@so.example.vn"))
        cls.office = formataddr((cls.agency.name, "vanphong@so.example.vn"))

    def _set_gateway(self):
        self.company.alias_domain_id = self.env["mail.alias.domain"].create(
            {"name": "thu.example.vn", "catchall_alias": "traloi"}
        )
        return formataddr((self.agency.name, "traloi@thu.example.vn"))

    def _send(self):
        before = self.env["mail.mail"].search([])
        self._run_cron("cron_send_notices")
        self._run_cron("cron_send_documents")
        return self.env["mail.mail"].search([]) - before

    def _check_letter(self, mail, reply_to=None):
        self.assertEqual(mail.email_from, self.sender)
        self.assertEqual(mail.reply_to, reply_to or self.office)
        body = mail.body_html
        for text in (self.agency.name, "Đàm Thị Thu Hiền", "0208 000 0000"):
            self.assertIn(text, body)
        self.assertIn("vanphong@so.example.vn", body)
        for text in FOREIGN:
            self.assertNotIn(text, f"{mail.email_from} {mail.subject} {body}".lower())

    def _issue(self):
        partner = self.env["res.partner"].create(
            {"name": "Liên hiệp Hội", "email": "lienhiephoi@tinh.example.vn"}
        )
        document = (
            self.env["hoithi.document"]
            .with_user(self.secretary)
            .create({"contest_id": self.contest.id, "kind": "plan"})
        )
        line = self.env["hoithi.document.recipient"].create(
            {
                "document_id": document.id,
                "name": "Liên hiệp Hội",
                "role": "report",
                "partner_id": partner.id,
            }
        )
        # issuing is told elsewhere; here a paper that is issued goes out
        pdf = self.env["ir.attachment"].create({"name": "ke-hoach.pdf", "raw": PDF})
        document.sudo().with_context(hoithi_door=Load()).pdf_id = pdf
        document.sudo().flush_recordset()
        self.env.cr.execute(
            "UPDATE hoithi_document SET state = 'issued' WHERE id = %s", [document.id]
        )
        document.invalidate_recordset()
        line.sudo().state = "pending"
        return document.sudo()

    def _answer(
        self, mail, sender="Hà <staff@sotnmt.example.vn>", reference=None, **headers
    ):
        """Hand in an e-mail that answers `mail`, which has left and is deleted."""
        reference = reference or mail.message_id
        mail.unlink()
        message = EmailMessage()
        message["From"] = sender
        message["To"] = "traloi@thu.example.vn"
        message["Subject"] = "Trả lời"
        message["Message-Id"] = f"<tra-loi-{reference.strip('<>')}>"
        message["In-Reply-To"] = reference
        message["References"] = f"<khac@may.example.vn> {reference}"
        for name, value in headers.items():
            message[name.replace("_", "-")] = value
        message.set_content("Em gửi bổ sung ạ.")
        return self.env["mail.thread"].message_process(None, message.as_bytes())

    # WHERE LETTERS COME FROM

    def test_every_kind_of_notice_comes_from_the_department(self):
        entry = self._eligible_entry()
        [review] = self._assign(entry, self.member1)
        question = (
            self.env["hoithi.question"]
            .with_user(self.staff)
            .create(
                {"contest_id": self.contest.id, "subject": "Nộp ở đâu?", "body": "?"}
            )
        )
        self._send()
        samples = {
            "hoithi.entry": entry.sudo(),
            "hoithi.review": review.sudo(),
            "hoithi.contest": self.contest,
            "hoithi.question": question.sudo(),
            "res.company": self.company,
            "hoithi.notice": self.contest,
        }
        for kind, label in self.env["hoithi.notice"]._get_kinds():
            model = self.env.ref(f"hoithi_contest.mail_template_{kind}").model
            if model not in samples:
                continue
            self.env["hoithi.notice"]._announce(
                kind, {samples[model]: self.secretary.partner_id}, "letter"
            )
            with self.subTest(kind=label):
                mail = self._send()
                self.assertEqual(len(mail), 1)
                self._check_letter(mail)
                if model != "res.company":
                    self.assertIn(self.contest.display_name, mail.body_html)

    def test_the_foot_speaks_of_a_button_where_there_is_one(self):
        self.secretary.partner_id.lang = "en_US"
        for kind, is_there in (("contest_cancelled", False), ("contest_resumed", True)):
            self.env["hoithi.notice"]._announce(
                kind, {self.contest: self.secretary.partner_id}, "foot"
            )
            mail = self._send()
            with self.subTest(kind=kind):
                self.assertEqual("the button" in mail.body_html, is_there)
                self.assertEqual("/my/hoithi" in mail.body_html, is_there)

    def test_answers_go_to_the_record_where_a_gateway_is(self):
        gateway = self._set_gateway()
        entry = self._submit_entry()
        self._check_letter(self._send(), gateway)
        # the contest is read by all; what is written about it goes to the Office
        self.env["hoithi.notice"]._announce(
            "overdue", {self.contest: self.secretary.partner_id}, "x"
        )
        self._check_letter(self._send())
        self.assertTrue(entry)

    def test_papers_come_from_the_department(self):
        document = self._issue()
        mail = self._send()
        self._check_letter(mail)
        self.assertIn(self.contest.display_name, mail.body_html)
        self.assertTrue(document)

    def test_defaults_of_the_addresses(self):
        """The department's own e-mail serves where nothing else is set."""
        self.company.write(
            {
                "hoithi_mail_from": False,
                "hoithi_reply_to": False,
                "email": "so@tinh.example.vn",
            }
        )
        expected = formataddr((self.agency.name, "so@tinh.example.vn"))
        self._submit_entry()
        mail = self._send()
        self.assertEqual((mail.email_from, mail.reply_to), (expected, expected))
        self.company.email = False
        self._submit_entry(self.internal)
        mail = self._send()
        name = formataddr((self.agency.name, "x@so.example.vn")).partition(" <")[0]
        self.assertIn(name, mail.email_from)
        self.assertNotIn("OdooBot", mail.email_from)

    def test_the_check_tells_what_is_missing(self):
        for values, words, absent in (
            ({}, "Letters come from hoithi@so.example.vn", "no sender"),
            ({"hoithi_mail_from": False, "email": False}, "no sender", "come from"),
            ({"hoithi_reply_to": False}, "Answers go nowhere", "or to vanphong"),
        ):
            self.company.write(values)
            with self.subTest(values=values):
                health = self.company.with_user(self.admin).hoithi_health
                self.assertIn(words, health)
                self.assertNotIn(absent, health)
        for is_set_up in (False, True):
            self.company.hoithi_reply_to = "vanphong@so.example.vn"
            if is_set_up:
                self._set_gateway()
            self.company.invalidate_recordset()
            health = self.company.hoithi_health
            self.assertEqual("go to the record, or" in health, is_set_up)
            self.assertIn("vanphong@so.example.vn", health)
        self.env["ir.mail_server"].search([]).active = False
        self.assertIn("no server for outgoing", self.company.hoithi_health)
        self.env["ir.mail_server"].create(
            {"name": "Máy chủ thư", "smtp_host": "smtp.so.example.vn"}
        )
        self.company.invalidate_recordset()
        self.assertIn("There is a server", self.company.hoithi_health)

    def test_a_server_on_the_machine_itself_is_one(self):
        self.env["ir.mail_server"].search([]).active = False
        connect = "odoo.addons.hoithi_contest.models.contest.res_company.socket"
        for host, at_hand, is_well in (
            ("localhost", True, True),
            ("localhost", False, False),
            ("127.0.0.1", True, True),
            ("smtp.so.example.vn", False, True),
            ("", False, False),
        ):
            with (
                self.subTest(host=host, at_hand=at_hand),
                patch.dict(config.options, {"smtp_server": host}),
                patch(f"{connect}.create_connection") as create,
            ):
                if not at_hand:
                    create.side_effect = ConnectionRefusedError()
                told = dict(map(reversed, self.company._get_mail_health()))
                self.assertEqual(told.get(SERVER, False), is_well)

    def test_a_server_that_takes_no_letters_of_ours_is_told(self):
        servers = self.env["ir.mail_server"]
        servers.search([]).active = False
        server = servers.create({"name": "Thư", "smtp_host": "localhost"})
        for name, is_well in (
            (False, True),
            ("so.example.vn", True),
            ("khac.example.vn, hoithi@so.example.vn", True),
            ("khac.example.vn", False),
            ("vanphong@so.example.vn", False),
        ):
            server.from_filter = name
            with self.subTest(from_filter=name):
                well, text = self.company._get_server_health("hoithi@so.example.vn")
                self.assertEqual(well, is_well)
                if not is_well:
                    self.assertIn(name, text)
                    self.assertIn("FROM Filtering", text)
        servers.create({"name": "Thư 2", "smtp_host": "localhost"})
        self.assertTrue(self.company._get_server_health("hoithi@so.example.vn")[0])

    def test_the_office_is_told_where_it_acts(self):
        """On the contest and above the outbox, with what to do."""
        self.env["ir.mail_server"].search([]).active = False
        self.company.write({"hoithi_mail_from": False, "email": False})
        for user in (self.secretary, self.admin):
            problems = (
                self.env["res.company"].with_user(user).hoithi_get_mail_problems()
            )
            self.assertEqual(len(problems), 2)
            self.assertIn("Configuration → Defaults of the contest", problems[0])
            self.assertIn("Outgoing Mail Servers", problems[1])
            contest = self.contest.with_user(user)
            self.assertEqual(contest.mail_problems, "\n".join(problems))
        for user in (self.staff, self.member1):
            companies = self.env["res.company"].with_user(user)
            self.assertFalse(companies.hoithi_get_mail_problems())
        for view in ("list", "kanban"):
            arch = self.env.ref(f"hoithi_contest.hoithi_notice_view_{view}").arch
            self.assertIn(f'js_class="hoithi_outbox_{view}"', arch)

    # LETTERS OF ODOO'S OWN

    def _get_new_mail(self, act):
        before = self.env["mail.mail"].search([])
        with patch.object(type(before), "send"):
            act()
        return self.env["mail.mail"].search([]) - before

    def test_links_to_staff_come_from_the_department(self):
        employee = self.env["hr.employee"].create(
            {"name": "Bế Văn Đức", "company_id": self.company.id}
        )
        portal = new_test_user(
            self.env,
            "duc@so.example.vn",
            "base.group_portal",
            email="duc@so.example.vn",
            company_id=self.company.id,
        )
        employee.work_contact_id = portal.partner_id
        for user in (portal, self.secretary):
            user.partner_id.lang = False
            for kind, words in (("reset", "mật khẩu mới"), ("signup", "tài khoản")):
                mail = self._get_new_mail(
                    lambda user=user, kind=kind: user._action_reset_password(kind)
                )
                with self.subTest(user=user.login, kind=kind):
                    self.assertEqual(len(mail), 1)
                    self._check_letter(mail)
                    self.assertIn(words, f"{mail.subject} {mail.body_html}".lower())
                    self.assertIn("/web/", mail.body_html)
                    self.assertEqual(mail.recipient_ids, user.partner_id)
                    self.assertTrue(mail.auto_delete)

    def test_the_portal_wizard_invites_in_the_name_of_the_department(self):
        employee = self.env["hr.employee"].create(
            {
                "name": "Hoàng Thị Lan",
                "work_email": "lan@so.example.vn",
                "company_id": self.company.id,
            }
        )
        partner = employee.work_contact_id
        partner.email = "lan@so.example.vn"
        partner.company_id = self.company
        wizard = self.env["portal.wizard"].create(
            {"partner_ids": partner.ids, "welcome_message": "Mời bạn vào xem."}
        )
        mail = self._get_new_mail(wizard.user_ids.action_grant_access)
        self._check_letter(mail)
        self.assertIn("Mời bạn vào xem.", mail.body_html)

    def test_others_get_odoo_s_own_letters(self):
        """A customer's login is no matter of the contest's Office."""
        customer = new_test_user(
            self.env, "khach@x.example.vn", "base.group_portal", email="khach@x.example"
        )
        mails = self.env["mail.mail"]
        senders = []
        with patch.object(
            type(mails),
            "send",
            autospec=True,
            side_effect=lambda mail, **options: senders.append(mail.email_from),
        ):
            customer._action_reset_password()
        self.assertEqual(len(senders), 1)
        self.assertNotEqual(senders, [self.sender])

    def test_changes_of_a_login_are_told_by_the_department(self):
        mail = self._get_new_mail(
            lambda: self.secretary.with_user(self.secretary).write(
                {"email": "moi@so.example.vn"}
            )
        )
        self._check_letter(mail)
        self.assertTrue(mail.email_to)

    def test_what_is_said_about_a_record_advertises_nothing(self):
        entry = self._submit_entry().with_user(self.secretary)
        mail = self._get_new_mail(
            lambda: entry.message_post(
                body=Markup("Mời bổ sung hồ sơ."),
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
                partner_ids=self.staff.partner_id.ids,
            )
        )
        self.assertIn("Mời bổ sung hồ sơ.", mail.body_html)
        self.assertIn(self.agency.name, mail.body_html)
        self.assertIn(self.contest.display_name, mail.body_html)
        for text in FOREIGN:
            self.assertNotIn(text, mail.body_html.lower())

    def test_no_link_without_an_address(self):
        self.secretary.email = False
        with self.assertRaisesRegex(UserError, "no e-mail address"):
            self.secretary._action_reset_password()

    def test_the_reader_is_addressed_in_vietnamese(self):
        self.staff.partner_id.lang = False
        self._submit_entry()
        mail = self._send()
        self.assertIn("Biên nhận", mail.subject)
        self.assertIn("Trân trọng", mail.body_html)
        self.assertIn('lang="vi"', mail.body_html)

    # WHERE ANSWERS GO

    def test_an_answer_lands_on_its_entry(self):
        self._set_gateway()
        entry = self._submit_entry().sudo()
        before = entry.message_ids
        self._answer(self._send())
        answer = entry.message_ids - before
        self.assertEqual(answer.author_id, self.staff.partner_id)
        self.assertIn("Em gửi bổ sung ạ.", answer.body)
        self.assertTrue(answer.is_internal, "co-authors aren't told what is written")
        self.assertFalse(answer.notified_partner_ids)
        self.assertEqual(entry.activity_ids.user_id, self.secretary)
        self.assertEqual(entry.state, "submitted")

    def test_the_whole_house_reads_no_answer(self):
        """A published paper and a task are read by all; the Office gets the answers."""
        self._set_gateway()
        document = self._issue()
        before = document.message_ids
        mail = self._send()
        self._check_letter(mail)
        with contextlib.suppress(ValueError):
            self._answer(mail, "Hội <lienhiephoi@tinh.example.vn>")
        self.assertEqual(document.message_ids, before)
        task = self.env["hoithi.plan.task"].create(
            {"contest_id": self.contest.id, "name": "Phát động"}
        )
        self.assertEqual(
            self.company._hoithi_get_envelope(task)["reply_to"], self.office
        )

    def test_a_paper_that_comes_back_is_told(self):
        document = self._issue()
        self._send()
        line = document.recipient_ids
        line._open_door()._record_delivery("")
        self.assertEqual(line.state, "sent")
        self.env["mail.thread"]._routing_handle_bounce(
            EmailMessage(),
            {
                "bounced_email": False,
                "bounced_partner": self.env["res.partner"],
                "bounced_msg_ids": [line.mail_reference],
                "bounced_message": self.env["mail.message"],
                "email_from": "mailer-daemon@x.example",
                "message_id": "<bounce@x.example>",
                "to": "bounce@x.example",
            },
        )
        self.assertEqual(line.state, "failed")
        self.assertIn("Thư bị trả lại", line.error)

    def test_an_automatic_answer_is_no_answer(self):
        self._set_gateway()
        entry = self._submit_entry().sudo()
        before = entry.message_ids
        self._answer(self._send(), Auto_Submitted="auto-replied")
        self.assertEqual(entry.message_ids, before)
        self.assertFalse(entry.activity_ids)

    def test_a_secretary_is_not_told_of_the_own_answer(self):
        self._set_gateway()
        entry = self._submit_entry().sudo()
        self._answer(self._send(), self.secretary.email_formatted)
        self.assertIn("Em gửi bổ sung ạ.", entry.message_ids[:1].body)
        self.assertFalse(entry.activity_ids)

    def test_an_entry_in_conflict_is_not_told_of(self):
        self._set_gateway()
        entry = self._submit_entry().sudo()
        self.env["hoithi.conflict"].create(
            {
                "entry_id": entry.id,
                "member_id": self.seats[self.secretary].id,
                "kind": "kinship",
                "hard": True,
            }
        )
        self._answer(self._send())
        self.assertFalse(entry.activity_ids)

    def test_what_answers_nothing_of_ours_is_not_taken_in(self):
        self._set_gateway()
        entry = self._submit_entry().sudo()
        before = entry.message_ids
        # Odoo refuses what it has no place for
        with contextlib.suppress(ValueError):
            self._answer(self._send(), reference="<khac@so.example.vn>")
        self.assertEqual(entry.message_ids, before)
