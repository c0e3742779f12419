import smtplib
from datetime import timedelta
from types import SimpleNamespace
from unittest.mock import patch

from odoo import fields
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from ..common import HoithiCommon

MAILS = "odoo.addons.mail.models.mail_mail"


@tagged("post_install", "-at_install")
class TestMailServerAway(HoithiCommon):
    """What the mail server doesn't take isn't lost."""

    def setUp(self):
        super().setUp()
        self._launch()
        self.entry = self._create_entry()
        self.entry.with_user(self.staff).action_submit()
        self.notice = (
            self.env["hoithi.notice"]
            .search([("kind", "=", "receipt"), ("res_id", "=", self.entry.id)])
            .sudo()
        )
        self.start = fields.Datetime.now()
        self.taken = []

    def _run_at(self, moment, error=None):
        """Send what is due at `moment`, over a server that answers with `error`."""
        server = SimpleNamespace(
            from_filter=False,
            smtp_from=False,
            send_message=lambda message, *_envelope: self.taken.append(message["To"]),
            quit=lambda: None,
        )
        servers = self.registry["ir.mail_server"]
        with (
            freeze_time(moment),
            mute_logger(MAILS),
            patch.object(servers, "_disable_send", lambda *_args: False),
            patch.object(servers, "_connect__", side_effect=error, return_value=server),
        ):
            self._run_cron("cron_send_notices")
            self.env["mail.mail"].search([("state", "=", "outgoing")]).send()
        self.notice.invalidate_recordset()

    def test_tried_again_until_it_is_back(self):
        """With pauses that grow; told once, by one e-mail."""
        away = ConnectionRefusedError("Connection refused")
        moment, pauses = self.start, []
        for _try in range(4):
            self._run_at(moment, away)
            self.assertEqual(self.notice.state, "pending")
            self.assertIn("refused", self.notice.error)
            pauses.append(self.notice.send_after - moment)
            # not before its time
            self._run_at(self.notice.send_after - timedelta(minutes=1), away)
            self.assertEqual(self.notice.tries, len(pauses))
            moment = self.notice.send_after
        self.assertEqual(pauses, sorted(set(pauses)))
        self._run_at(moment)
        self.assertEqual(self.notice.state, "sent")
        self.assertEqual(len(self.taken), 1)
        self.assertTrue(self.notice.delivered_on)
        self.assertFalse(self.notice.failing_since or self.notice.error)
        mails = self.env["mail.mail"].search(
            [("recipient_ids", "in", self.notice.partner_id.ids)]
        )
        self.assertFalse(mails.filtered(lambda mail: mail.state != "sent"))
        self._assert_clean()

    def test_a_call_is_planned_once_for_all(self):
        cron = self.env.ref("hoithi_contest.cron_send_notices")
        other = self._create_entry(self.internal)
        other.with_user(self.internal).action_submit()
        planned = [("cron_id", "=", cron.id), ("call_at", ">", self.start)]
        self._run_at(self.start, ConnectionRefusedError("Connection refused"))
        failing = self.env["hoithi.notice"].search([("failing_since", "!=", False)])
        self.assertGreater(len(failing), 1)
        later = planned[:1] + [("call_at", ">", self.start + timedelta(minutes=5))]
        self.assertEqual(self.env["ir.cron.trigger"].search_count(later), 1)
        self._assert_clean()

    def test_a_wrong_password_of_ours_is_temporary_a_wrong_address_isnt(self):
        for error, state in (
            (smtplib.SMTPAuthenticationError(535, b"5.7.8 bad credentials"), "pending"),
            (smtplib.SMTPResponseException(421, b"try later"), "pending"),
            (smtplib.SMTPResponseException(550, b"no such user"), "failed"),
            (OSError("550 5.1.1 no such user"), "failed"),
            # any other number is no answer of the server's
            (TimeoutError("timed out after 500 seconds"), "pending"),
            (ConnectionRefusedError("mx.example.vn:587 refused"), "pending"),
        ):
            with self.subTest(error=error), self.env.cr.savepoint() as savepoint:
                self._run_at(self.start, error)
                self.assertEqual(self.notice.state, state)
                self._assert_clean()
                savepoint.rollback()
                self.env.invalidate_all()

    def test_given_up_in_the_end_and_told_on_the_page(self):
        secretary = self.contest.with_user(self.secretary)
        away = ConnectionRefusedError("Connection refused")
        self.assertNotIn("refused", secretary.mail_problems or "")
        self._run_at(self.start, away)
        secretary.invalidate_recordset(["mail_problems"])
        self.assertRegex(secretary.mail_problems, "tried again.*refused")
        # nothing of it for others
        self.assertFalse(
            self.company.with_user(self.member1).sudo(False)._get_mail_problems()
        )
        self._run_at(self.start + timedelta(days=29), away)
        self.assertEqual(self.notice.state, "pending")
        self._run_at(self.start + timedelta(days=31), away)
        self.assertEqual(self.notice.state, "failed")
        secretary.invalidate_recordset(["mail_problems"])
        self.assertRegex(secretary.mail_problems, "Send again.*refused")
        self.notice.with_user(self.secretary).action_retry()
        self._run_at(self.start + timedelta(days=31, hours=1))
        self.assertEqual(self.notice.state, "sent")
        secretary.invalidate_recordset(["mail_problems"])
        self.assertNotIn("refused", secretary.mail_problems or "")
        self._assert_clean()

    def test_a_server_that_is_back_after_tet(self):
        """Nobody mends it in the holidays, and what was to be told is still true."""
        away = ConnectionRefusedError("Connection refused")
        for day in (0, 1, 4, 6, 8):
            self._run_at(self.start + timedelta(days=day), away)
            self.assertEqual(self.notice.state, "pending")
            problems = self.company.with_user(self.secretary)._get_mail_problems()
            self.assertIn("refused", " ".join(problems), "from the first day on")
        self._run_at(self.start + timedelta(days=9))
        self.assertEqual(self.notice.state, "sent")
        self.assertEqual(len(self.taken), 1)

    def test_a_reminder_is_tried_until_its_deadline(self):
        """And never after it; nor when there is nothing to remind of any more."""
        draft = self._create_entry(self.internal)
        deadline = self.contest.registration_deadline
        away = ConnectionRefusedError("Connection refused")
        before = deadline - timedelta(days=2)
        self._run_at(before, away)
        self.notice = (
            self.env["hoithi.notice"]
            .search([("kind", "=", "deadline"), ("res_id", "=", draft.id)])
            .sudo()
        )
        self.assertEqual(self.notice.state, "pending")
        self._run_at(deadline + timedelta(minutes=1), away)
        self.assertEqual(self.notice.state, "failed")
        self.assertIn("Đã quá hạn", self.notice.error)
        self._assert_clean()

    def test_a_server_that_breaks_off_in_the_middle(self):
        """Odoo then leaves the e-mail as failed, and tells nobody."""
        self._run_at(self.start)
        self.notice._open_door().write({"delivered_on": False})
        mail = self.env["mail.mail"].create(
            {"state": "exception", "failure_reason": "disconnected"}
        )
        self.notice._open_door().mail_id = mail
        with freeze_time(self.start + timedelta(hours=1)):
            self._run_cron("cron_send_notices")
        self.notice.invalidate_recordset()
        self.assertEqual((self.notice.state, self.notice.tries), ("pending", 1))
        self._assert_clean()


@tagged("post_install", "-at_install")
class TestMessages(HoithiCommon):
    """What a record says by message, without a letter of its own, isn't lost either."""

    AWAY = ConnectionRefusedError("Connection refused")

    def setUp(self):
        super().setUp()
        self._launch()
        self.entry = self._create_entry()
        self.start = fields.Datetime.now()
        self.told = self.member1.partner_id | self.member2.partner_id

    def _tell(self, **values):
        """Have the entry say something to two persons; return its e-mail."""
        known = self.env["mail.mail"].search([])
        text = "Cần ý kiến của đồng chí"
        self.entry.sudo().message_notify(
            partner_ids=self.told.ids,
            subject=text,
            body=text,
            force_send=False,
            **values,
        )
        return self.env["mail.mail"].search([]) - known

    def _send_at(self, moment, answer=None):
        """Let the queue run; return who was sent something.

        :param answer: what the server raises, by address
        """
        taken = []

        def send(_servers, message, *_args, **_kwargs):
            error = answer and answer(message["To"])
            if error:
                raise error
            taken.append(message["To"])
            return message["Message-Id"]

        servers = self.registry["ir.mail_server"]
        with (
            freeze_time(moment),
            mute_logger(MAILS),
            patch.object(servers, "_disable_send", lambda *_args: False),
            patch.object(servers, "_connect__", lambda *_args, **_kwargs: None),
            patch.object(servers, "send_email", send),
        ):
            self.env["mail.mail"].process_email_queue()
        return taken

    def _get_problems(self, moment):
        with freeze_time(moment):
            return " ".join(self.company.with_user(self.secretary)._get_mail_problems())

    def test_tried_again_until_the_server_is_back(self):
        mail = self._tell()
        moment = self.start
        scheduler = self.env.ref("mail.ir_cron_mail_scheduler_action")
        for number, minutes in enumerate([10, 30, 60, 120, 240, 240], 1):
            self.assertFalse(self._send_at(moment, lambda _to: self.AWAY))
            self.assertEqual((mail.state, mail.hoithi_tries), ("outgoing", number))
            again = mail.scheduled_date
            pause = again - moment
            self.assertLess(abs(pause - timedelta(minutes=minutes)).seconds, 2)
            self.assertTrue(
                self.env["ir.cron.trigger"].search_count(
                    [("cron_id", "=", scheduler.id), ("call_at", ">=", again)]
                )
            )
            early = again - timedelta(minutes=1)
            self.assertFalse(self._send_at(early), "not before its time")
            moment = again
        self.assertRegex(self._get_problems(moment), "Waiting: 1.*refused")
        self.assertFalse(
            self.company.with_user(self.member1).sudo(False)._get_mail_problems()
        )
        self.assertEqual(len(self._send_at(moment)), 2)
        self.assertNotIn("refused", self._get_problems(moment))
        self.assertFalse(mail.exists() and mail.state != "sent")

    def test_whom_it_has_reached_isnt_told_twice(self):
        mail = self._tell()
        second = self.member2.email
        taken = self._send_at(
            self.start, lambda to: self.AWAY if second in to else None
        )
        self.assertEqual(len(taken), 1)
        self.assertEqual(mail.recipient_ids, self.member2.partner_id)
        taken = self._send_at(self.start + timedelta(hours=1))
        self.assertEqual(len(taken), 1)
        self.assertIn(second, taken[0])

    def test_given_up_in_the_end_and_told_with_names(self):
        mail = self._tell()
        for days in (0, 9, 29, 31):
            self._send_at(self.start + timedelta(days=days), lambda _to: self.AWAY)
        self.assertEqual(mail.state, "exception")
        late = self.start + timedelta(days=31)
        self.assertRegex(
            self._get_problems(late),
            f"aren't tried any more: 1.*{self.member1.name}.*refused",
        )
        # it isn't told for ever
        self.assertNotIn("refused", self._get_problems(late + timedelta(days=31)))

    def test_a_wrong_address_is_told_at_once(self):
        mail = self._tell()
        refusal = smtplib.SMTPResponseException(550, b"no such user")
        self._send_at(self.start, lambda _to: refusal)
        self.assertEqual(mail.state, "exception")
        self.assertRegex(self._get_problems(self.start), "any more: 1.*no such user")

    def test_a_server_that_breaks_off_in_the_middle(self):
        mail = self._tell()
        mail.write({"state": "exception", "failure_reason": "disconnected"})
        with freeze_time(self.start + timedelta(hours=1)):
            self._run_cron("cron_send_notices")
        self.env.invalidate_all()
        self.assertEqual((mail.state, mail.hoithi_tries), ("outgoing", 1))

    def test_what_failed_long_ago_stays_where_it_is(self):
        mail = self._tell()
        mail.write({"state": "exception", "failure_reason": "disconnected"})
        with freeze_time(self.start + timedelta(days=60)):
            self._run_cron("cron_send_notices")
        self.env.invalidate_all()
        self.assertEqual(mail.state, "exception")

    def test_every_record_that_speaks_has_a_department(self):
        """Its home tells of what didn't leave."""
        thread = self.registry["mail.thread"]
        lacking = [
            name
            for name, model in self.registry.items()
            if name.startswith("hoithi.")
            and issubclass(model, thread)
            and not model._abstract
            and "company_id" not in model._fields
        ]
        self.assertEqual(lacking, [])
