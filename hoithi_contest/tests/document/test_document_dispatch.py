from datetime import datetime, timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import SUPERUSER_ID
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.service.model import call_kw
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.base.models.ir_mail_server import (
    IrMail_Server,
    MailDeliveryException,
)

from .document_life_common import DocumentLifeCommon


@tagged("post_install", "-at_install")
class TestDispatch(DocumentLifeCommon):
    """Each recipient gets a document once, by e-mail or on paper, and it is told."""

    def setUp(self):
        super().setUp()
        self.document = self._issued("plan")
        self.lines = {line.role: line for line in self.document.recipient_ids}
        self.friend_line = self.lines["coordinate"]

    def _get_mails(self):
        return self.env["mail.mail"].search(
            [("recipient_ids", "in", self.friend.ids)], order="id"
        )

    def _send_queue(self, error=None):
        """Let the mail queue run against a server that takes, or fails."""

        def send(server, message, *args, **kwargs):
            if error:
                raise error
            return message["Message-Id"]

        with (
            patch.object(IrMail_Server, "_disable_send", lambda server: False),
            patch.object(IrMail_Server, "_connect__", lambda *args, **kwargs: None),
            patch.object(IrMail_Server, "send_email", send),
            mute_logger("odoo.addons.mail.models.mail_mail"),
        ):
            self._get_mails().send()

    def test_list_is_a_copy(self):
        """The contest's list is where a document's begins; then they part."""
        self.assertEqual(
            self.document.recipient_ids.mapped("name"),
            self.contest.recipient_ids.mapped("name"),
        )
        self.contest.recipient_ids[0].name = "Tên mới"
        self.assertEqual(self.friend_line.name, "Sở Khoa học và Công nghệ")

    def test_list_of_the_kind_comes_first(self):
        template = self.env["hoithi.recipient.template"].with_user(self.secretary)
        template.create({"name": "Mọi loại", "role": "inform"})
        self.assertEqual(len(self._draft("plan").recipient_ids), 3)
        template.create({"kind": "plan", "name": "Ban Tổ chức", "role": "report"})
        self.assertEqual(self._draft("plan").recipient_ids.name, "Ban Tổ chức")
        self.assertEqual(len(self._draft("report").recipient_ids), 3)
        self.contest.recipient_ids.unlink()
        self.assertEqual(self._draft("report").recipient_ids.name, "Mọi loại")

    def test_dispatch(self):
        shown, obstacles = self._show(self.document, "action_ask_dispatch")
        self.assertEqual(obstacles, [])
        mailed, printed = shown.effects
        self.assertIn(f"by e-mail to 1: {self.friend_line.name}", mailed)
        self.assertIn(self.lines["implement"].name, printed)
        self.assertEqual(self.friend_line.state, "waiting", "nothing goes by looking")
        shown.action_apply()
        self.assertEqual(self.friend_line.state, "pending")
        self.assertEqual(self.lines["implement"].state, "paper")
        self.assertEqual(self.lines["archive"].state, "waiting")
        self._run_cron("cron_send_documents")
        mail = self._get_mails()
        self.assertEqual(len(mail), 1)
        self.assertEqual(mail.attachment_ids, self.document.pdf_id)
        self.assertIn("05/KH-STNMT", mail.subject)
        self.assertEqual(self.friend_line.state, "pending")
        self._send_queue()
        self.assertEqual(self.friend_line.state, "sent")
        self.assertTrue(self.friend_line.sent_on)
        self.assertEqual(self.friend_line.sent_to, self.friend.email)
        self.assertTrue(self.document.pdf_id.exists())

    def test_signed_scan_goes_out(self):
        scan = (
            self.env["ir.attachment"]
            .with_user(self.secretary)
            .create(
                {
                    "name": "s.pdf",
                    "raw": b"%PDF-",
                    "res_model": self.document._name,
                    "res_id": self.document.id,
                }
            )
        )
        self.document.scan_ids = scan
        self.document.action_dispatch()
        self._run_cron("cron_send_documents")
        self.assertEqual(self._get_mails().attachment_ids, scan)

    def test_no_word_file_leaves_the_house(self):
        with self._without_engine():
            paper = self._issued("plan", "06")
        lines = {line.role: line for line in paper.recipient_ids}
        _shown, obstacles = self._show(paper, "action_ask_dispatch")
        self.assertIn("has no PDF yet", " ".join(obstacles))
        with self._refused("the Word file isn't sent to anybody"):
            paper.action_dispatch()
        self.assertEqual(lines["coordinate"].state, "waiting")
        # on paper it is handed over all the same
        lines["implement"].with_user(self.secretary).action_hand_over()
        # what goes by itself waits as well
        line = lines["coordinate"].sudo()._open_door()
        line.state = "pending"
        line.with_user(SUPERUSER_ID)._send()
        self.assertEqual(line.state, "waiting")
        line.state = "failed"
        with self._refused("has no PDF yet"):
            lines["coordinate"].action_resend()
        # nor has whoever reads the paper without working with it
        reader = paper.with_user(self.staff).sudo()
        self.assertFalse(reader._get_shown_files())
        line.state = "waiting"
        paper.action_make_pdf()
        paper.action_dispatch()
        self.assertEqual(line.state, "pending")
        self.assertEqual(reader._get_shown_files(), paper.pdf_id)

    def test_nothing_is_sent_twice(self):
        """However often the button is pressed and the action runs."""
        for _click in range(3):
            self.document.action_dispatch()
            self._run_cron("cron_send_documents")
            self._run_cron("cron_send_documents")
        self.assertEqual(len(self._get_mails()), 1)
        self._send_queue()
        self.document.action_dispatch()
        self._run_cron("cron_send_documents")
        self.assertFalse(self._get_mails().filtered(lambda m: m.state == "outgoing"))

    def test_interrupted_run(self):
        """A run that breaks off before its commit queued nothing; the next does."""
        self.document.action_dispatch()
        self.env.flush_all()
        with self.assertRaises(ZeroDivisionError), self.env.cr.savepoint():
            self.friend_line.sudo()._open_door()._send()
            self.env.flush_all()
            raise ZeroDivisionError
        self.env.invalidate_all()
        self.assertFalse(self._get_mails())
        self._run_cron("cron_send_documents")
        self._run_cron("cron_send_documents")
        self.assertEqual(len(self._get_mails()), 1)

    def test_locked_line_is_left_to_who_has_it(self):
        self.document.action_dispatch()
        recipients = type(self.env["hoithi.document.recipient"])
        with patch.object(
            recipients, "try_lock_for_update", lambda lines, **kw: lines.browse()
        ):
            self._run_cron("cron_send_documents")
        self.assertFalse(self._get_mails())
        self._run_cron("cron_send_documents")
        self.assertEqual(len(self._get_mails()), 1)

    def test_a_contact_is_a_recipient_once(self):
        draft = self._draft("plan")
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(Exception) as refused,
            self.env.cr.savepoint(),
        ):
            draft.write(
                {
                    "recipient_ids": [
                        Command.create(
                            {"name": "Lần hai", "partner_id": self.friend.id}
                        )
                    ]
                }
            )
            self.env.flush_all()
        self.assertIn("unique_partner", str(refused.exception))

    def test_an_address_gets_it_once(self):
        """Also where two contacts share it, as the clerk of an office does."""
        twin = self.friend.copy({"name": "Văn thư Sở KH&CN"})
        self.lines["implement"].with_user(self.secretary).partner_id = twin
        self.document.action_dispatch()
        self.assertEqual(self.friend_line.state, "pending")
        self.assertEqual(self.lines["implement"].state, "failed")
        self.assertIn(self.friend_line.name, self.lines["implement"].error)

    def test_no_file_from_elsewhere_goes_out(self):
        elsewhere = self.env["ir.attachment"].create(
            {
                "name": "mật.pdf",
                "raw": b"%PDF-",
                "res_model": "res.partner",
                "res_id": self.friend.id,
            }
        )
        with self.assertRaises(ValidationError):
            self.document.scan_ids = elsewhere

    def test_failure_and_resending(self):
        self.document.action_dispatch()
        self._run_cron("cron_send_documents")
        self._send_queue(error=MailDeliveryException("554 máy chủ từ chối"))
        self.assertEqual(self.friend_line.state, "failed")
        self.assertIn("máy chủ từ chối", self.friend_line.error)
        self.assertEqual(self.document.failed_count, 1)
        failed = self._get_mails()
        self.document.action_resend()
        self.assertEqual(self.friend_line.state, "pending")
        self.assertFalse(self.friend_line.error)
        self.assertEqual(failed.state, "cancel")
        self._run_cron("cron_send_documents")
        self._send_queue()
        self.assertEqual(self.friend_line.state, "sent")
        self.document.action_resend()
        self._run_cron("cron_send_documents")
        self.assertFalse(self._get_mails().filtered(lambda m: m.state == "outgoing"))

    def test_a_mail_server_that_is_away(self):
        """The document is sent again by itself, later and later, and arrives once."""
        away = ConnectionRefusedError("máy chủ không trả lời")
        line, moment = self.friend_line, datetime(2027, 3, 1, 2, 0)
        self.document.action_dispatch()
        for number, pause in enumerate([10, 30, 60, 120, 240, 240], 1):
            with freeze_time(moment):
                self._run_cron("cron_send_documents")
                self._send_queue(error=away)
            self.assertEqual((line.state, line.tries), ("pending", number))
            self.assertEqual(line.send_after, moment + timedelta(minutes=pause))
            self.assertIn("máy chủ không trả lời", line.error)
            with freeze_time(line.send_after - timedelta(minutes=1)):
                self._run_cron("cron_send_documents")
            self.assertEqual(self._get_mails().mapped("state"), ["exception"])
            moment = line.send_after
        self.assertEqual(self.document.retry_count, 1)
        with freeze_time(moment):
            [trouble] = [
                text
                for text in self.company.with_user(self.secretary)._get_mail_problems()
                if "Recipients of documents" in text
            ]
            self.assertIn("09:00 01/03/2027", trouble)
            self._run_cron("cron_send_documents")
            self._send_queue()
        self.assertEqual((line.state, line.tries), ("sent", 0))
        self.assertFalse(line.error or line.failing_since or line.send_after)
        self.assertFalse(self._get_mails().filtered(lambda m: m.state != "sent"))

    def test_it_is_not_tried_for_ever(self):
        moment = datetime(2027, 3, 1, 2, 0)
        self.document.action_dispatch()
        for days in (0, 31):
            with freeze_time(moment + timedelta(days=days)):
                self._run_cron("cron_send_documents")
                self._send_queue(error=ConnectionRefusedError("không trả lời"))
        self.assertEqual(self.friend_line.state, "failed")
        self.assertEqual(self.document.failed_count, 1)
        self._run_cron("cron_send_documents")
        self.assertEqual(self._get_mails().state, "exception")

    def test_resending_without_waiting(self):
        self.document.action_dispatch()
        self._run_cron("cron_send_documents")
        self._send_queue(error=ConnectionRefusedError("không trả lời"))
        self.assertEqual(self.friend_line.state, "pending")
        self.document.action_resend()
        self._run_cron("cron_send_documents")
        self._send_queue()
        self.assertEqual(self.friend_line.state, "sent")

    def test_cancelled_while_it_is_tried_again(self):
        self.document.action_dispatch()
        self._run_cron("cron_send_documents")
        self._send_queue(error=ConnectionRefusedError("không trả lời"))
        self.document.action_cancel("Sai")
        self.assertEqual(self._get_mails().state, "cancel")
        self.assertEqual(self.friend_line.state, "waiting")
        self.assertFalse(self.friend_line.failing_since)

    def test_template_that_fails(self):
        self.document.action_dispatch()
        with (
            mute_logger(
                "odoo.addons.hoithi_contest.models.document.hoithi_document_recipient"
            ),
            patch.object(
                type(self.env["mail.template"]),
                "send_mail",
                side_effect=UserError("mẫu hỏng"),
            ),
        ):
            self._run_cron("cron_send_documents")
        self.assertEqual(self.friend_line.state, "failed")
        self.assertEqual(self.friend_line.error, "mẫu hỏng")

    def test_paper(self):
        self.document.action_dispatch()
        paper = self.lines["implement"]
        self.assertEqual(self.document.paper_count, 1)
        html = self.env["ir.actions.report"]._render_qweb_html(
            "hoithi_contest.report_paper_list", self.document.ids
        )[0]
        self.assertIn("Các đơn vị", html.decode())
        self.assertNotIn("Khoa học", html.decode())
        paper.action_hand_over()
        self.assertEqual(paper.state, "handed")
        self.assertEqual(paper.handed_on, self.contest._get_today())
        with self.assertRaises(UserError):
            self.friend_line.action_hand_over()
        self.assertEqual(
            self.document.action_print_paper_list()["report_type"], "qweb-html"
        )

    def test_address_put_right_later(self):
        self.friend.email = False
        self.document.action_dispatch()
        self.assertEqual(self.friend_line.state, "paper")
        other = self.friend.copy({"email": "moi@skhcn.example.vn"})
        self.friend_line.with_user(self.secretary).partner_id = other
        self.assertEqual(self.friend_line.partner_id, other)
        self.assertFalse(self.document.is_outdated)

    def test_only_issued_ones_are_sent(self):
        for document in (self._draft("plan"), self._approved("plan")):
            with self.assertRaisesRegex(UserError, "issued"):
                document.action_dispatch()
            with self.assertRaisesRegex(UserError, "issued"):
                document.recipient_ids[0].action_hand_over()

    def test_a_contest_that_is_called_off_sends_nothing_until_it_goes_on(self):
        self.document.action_dispatch()
        contest = self.contest.with_user(self.secretary)
        contest.action_cancel(reason="Hoãn")
        self._run_cron("cron_send_documents")
        self.assertFalse(self._get_mails())
        self.assertEqual(self.friend_line.state, "waiting")
        contest.action_undo_cancel(reason="Làm tiếp")
        self._run_cron("cron_send_documents")
        self.assertEqual(len(self._get_mails()), 1)

    def test_cancelled_before_it_left(self):
        self.document.action_dispatch()
        self._run_cron("cron_send_documents")
        mail = self._get_mails()
        self.document.action_cancel("Sai")
        self.assertEqual(mail.state, "cancel")
        self.assertEqual(self.friend_line.state, "waiting")

    def test_deliveries_are_not_forged(self):
        for vals in ({"state": "sent"}, {"sent_on": "2026-01-01"}, {"tries": 3}):
            with self.assertRaises(UserError):
                self.friend_line.with_user(self.secretary).write(vals)
        draft = self._draft("plan", recipient_ids=[])
        with self.assertRaises(UserError):
            draft.write(
                {"recipient_ids": [Command.create({"name": "X", "state": "sent"})]}
            )
        draft.write({"recipient_ids": [Command.create({"name": "X"})]})
        self.assertEqual(draft.recipient_ids[-1].state, "waiting")

    def test_roles(self):
        line = self.friend_line
        for user in (self.staff, self.head, self.member1, self.leader, self.publisher):
            records = line.with_user(user)
            for method in ("action_resend", "action_hand_over"):
                with (
                    self.subTest(user=user.login, method=method),
                    mute_logger("odoo.addons.base.models.ir_rule"),
                    self.assertRaises(AccessError),
                ):
                    call_kw(records, method, [line.ids], {})
