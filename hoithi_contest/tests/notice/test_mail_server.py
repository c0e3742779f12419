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
        self._run_at(self.start + timedelta(days=6), away)
        self.assertEqual(self.notice.state, "failed")
        secretary.invalidate_recordset(["mail_problems"])
        self.assertRegex(secretary.mail_problems, "Send again.*refused")
        self.notice.with_user(self.secretary).action_retry()
        self._run_at(self.start + timedelta(days=6, hours=1))
        self.assertEqual(self.notice.state, "sent")
        secretary.invalidate_recordset(["mail_problems"])
        self.assertNotIn("refused", secretary.mail_problems or "")
        self._assert_clean()

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
