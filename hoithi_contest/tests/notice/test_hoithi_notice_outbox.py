from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools.mail import html_to_inner_content

from ..common import HoithiCommon


@tagged("post_install", "-at_install")
class TestHoithiNoticeOutbox(HoithiCommon):
    """What waits to go out: looked at, held, edited, cancelled, and its delivery."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._launch()

    def _hold(self, kind="receipt", **values):
        return self.env["hoithi.notice.rule"].create(
            {"name": "x", "trigger": "event", "kind": kind, "hold": True, **values}
        )

    def _run(self):
        mails = self.env["mail.mail"].search([])
        self._run_cron("cron_send_notices")
        return self.env["mail.mail"].search([], order="id") - mails

    def _receipt(self, user=None, **values):
        entry = self._submit_entry(user, **values)
        notice = self.env["hoithi.notice"].search(
            [("kind", "=", "receipt"), ("res_id", "=", entry.id)]
        )
        return notice.with_user(self.secretary)

    # HOLDING

    def test_chosen_kinds_wait_for_approval(self):
        rule = self._hold()
        notice = self._receipt()
        self.assertEqual(notice.state, "held")
        self.assertFalse(self._run())
        notice.action_release()
        self.assertEqual(len(self._run()), 1)
        self.assertEqual(notice.state, "sent")
        rule.active = False
        self.assertEqual(self._receipt(self.internal).state, "pending")

    def test_the_departments_own_rule_comes_first(self):
        self._hold()
        self._hold(hold=False, company_id=self.company.id, name="y")
        self.assertEqual(self._receipt().state, "pending")

    def test_hold_and_release_by_hand(self):
        notice = self._receipt()
        notice.action_hold()
        self.assertFalse(self._run())
        notice.action_hold()
        notice.action_release()
        self._run()
        self.assertEqual(notice.state, "sent")
        for act in (
            notice.action_hold,
            notice.action_release,
            notice.action_edit,
            lambda: notice.action_cancel(reason="x"),
        ):
            with self.assertRaises(UserError):
                act()

    def test_a_cancelled_notice_is_never_sent_nor_recorded_again(self):
        notice = self._receipt()
        entry = self.env["hoithi.entry"].browse(notice.res_id)
        with self.assertRaises(UserError):
            notice.action_cancel(reason="  ")
        action = notice.action_ask_cancel()
        wizard = self.env["hoithi.reason"].with_user(self.secretary)
        with Form(wizard.browse(action["res_id"])) as form:
            form.reason = "Đã báo qua điện thoại"
        form.record.action_apply()
        self.assertEqual(notice.state, "cancelled")
        self.assertEqual(notice.cancel_reason, "Đã báo qua điện thoại")
        again = self.env["hoithi.notice"]._announce(
            "receipt", {entry: self.staff.partner_id}, notice.occasion
        )
        self.assertFalse(again)
        self.assertFalse(self._run())

    def test_of_several_what_can_be_done_is_done(self):
        gone = self._receipt()
        self._run()
        waiting = self._receipt(self.internal) | self._receipt(self.coauthor)
        self.assertEqual(gone.state, "sent")
        told = (gone | waiting).action_hold_selected()["params"]
        self.assertEqual(set(waiting.mapped("state")), {"held"})
        self.assertEqual((gone.state, told["type"]), ("sent", "warning"))
        self.assertIn("Left out 1:", told["message"])
        self.assertIn(gone.display_name, told["message"])
        told = waiting.action_release_selected()["params"]
        self.assertEqual((told["type"], told["sticky"]), ("success", False))
        # none of these can be sent again: it is told, and nothing is done
        told = (gone | waiting).action_retry_selected()["params"]
        self.assertEqual(told["type"], "danger")
        self.assertIn("Nothing was done.", told["message"])
        # the dialog that asks why does the same
        action = (gone | waiting).action_ask_cancel()
        wizard = self.env["hoithi.reason"].with_user(self.secretary)
        with Form(wizard.browse(action["res_id"])) as form:
            form.reason = "Đã báo qua điện thoại"
        told = form.record.action_apply()["params"]
        self.assertEqual(set(waiting.mapped("state")), {"cancelled"})
        self.assertIn("Left out 1:", told["message"])
        with self.assertRaises(AccessError):
            (gone | waiting).with_user(self.leader).action_hold_selected()

    def test_the_outbox_is_the_secretarys(self):
        notice = self._receipt()
        acts = ("action_hold", "action_release", "action_edit")
        for user in (self.staff, self.head, self.chair, self.leader, self.admin):
            for act in acts:
                with (
                    self.subTest(user=user.login, act=act),
                    self.assertRaises(AccessError),
                ):
                    getattr(notice.with_user(user), act)()
            with self.assertRaises(AccessError):
                notice.with_user(user).action_cancel(reason="x")
        for values in ({"state": "held"}, {"edited_subject": "x"}):
            with self.assertRaises(AccessError):
                notice.write(values)
        self.assertEqual(notice.state, "pending")

    # LETTER

    def test_preview_is_what_the_reader_gets(self):
        self.env["res.lang"]._activate_lang("vi_VN")
        template = self.env.ref("hoithi_contest.mail_template_receipt")
        template.with_context(lang="vi_VN").subject = "Đã nhận {{ object.name }}"
        self.staff.partner_id.lang = "vi_VN"
        notice = self._receipt()
        self.assertTrue(notice.preview_subject.startswith("Đã nhận"))
        self.assertIn(self.staff.name, notice.preview_body)
        self.assertFalse(notice.preview_note)
        subject, body = notice.preview_subject, notice.preview_body
        mail = self._run()
        self.assertEqual(mail.subject, subject)
        # around it stands what surrounds every letter
        text = html_to_inner_content(body).strip()
        self.assertIn(text, html_to_inner_content(mail.body_html))

    def test_edited_for_one_reader_alone(self):
        notice = self._receipt()
        other = self._receipt(self.internal)
        action = notice.action_edit()
        wizard = self.env["hoithi.notice.edit"].with_user(self.secretary)
        with Form(wizard.browse(action["res_id"])) as form:
            self.assertEqual(form.subject, notice.preview_subject)
            form.subject = "Đã nhận hồ sơ"
            form.body = "<p>Mời bổ sung bản ký.</p><script>alert(1)</script>"
        form.record.action_apply()
        self.assertEqual(notice.preview_subject, "Đã nhận hồ sơ")
        self.assertEqual(notice.edited_by_id, self.secretary)
        mails = self._run().grouped("recipient_ids")
        self.assertEqual(mails[notice.partner_id].subject, "Đã nhận hồ sơ")
        body = mails[notice.partner_id].body_html
        self.assertIn("<p>Mời bổ sung bản ký.</p>", body)
        self.assertNotIn("alert", body)
        self.assertIn("Receipt", mails[other.partner_id].subject)
        with self.assertRaises(UserError):
            form.record.action_apply()

    def test_who_may_not_see_the_entry_sees_no_letter(self):
        """The secretary's own entry, in conflict; the administrator sees no notice."""
        entry = self._submit_entry()
        self.env["hoithi.conflict"].create(
            {
                "entry_id": entry.id,
                "member_id": self.seats[self.secretary].id,
                "kind": "kinship",
                "hard": True,
            }
        )
        theirs = self.env["hoithi.notice"].search(
            [("kind", "=", "receipt"), ("res_id", "=", entry.id)]
        )
        # whom a conflict keeps from the entry finds what was sent to themselves alone
        notice = theirs.copy({"partner_id": self.secretary.partner_id.id})
        both = notice + theirs
        seen = notice.with_user(self.secretary)
        self.env.invalidate_all()
        self.assertEqual(seen.search([("id", "in", both.ids)]), seen)
        for name in ("kind", "preview_note", "preview_body"):
            with self.subTest(name=name), self.assertRaises(AccessError):
                theirs.with_user(self.secretary).read([name])
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            theirs.with_user(self.secretary).action_edit()
        self.assertIn("yours to see", seen.preview_note)
        self.assertFalse(seen.preview_subject or seen.preview_body)
        for user, name in ((self.secretary, "edited_body"), (self.admin, "kind")):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                notice.with_user(user).read([name])
        self.env.invalidate_all()
        with self.assertRaises(UserError):
            notice.with_user(self.secretary).action_edit()
        wizard = self.env["hoithi.notice.edit"].with_user(self.secretary)
        with self.assertRaises(UserError):
            wizard.create(
                {"notice_id": notice.id, "subject": "x", "body": "x"}
            ).action_apply()

    def test_what_is_done_while_it_waits_isnt_sent(self):
        rule = self.env.ref("hoithi_contest.hoithi_notice_rule_draft_authors")
        rule.hold = True
        drafts = [self._create_entry(), self._create_entry(self.internal)]
        late = self._create_entry(self.head)
        with freeze_time(self.contest.registration_deadline - timedelta(days=2)):
            self._run_cron("cron_send_notices")
            notices = self.env["hoithi.notice"].search([("kind", "=", "deadline")])
            self.assertEqual(notices.mapped("state"), ["held"] * 3)
            drafts[0].action_submit()
            on_time = notices.filtered(lambda notice: notice.res_id != late.id)
            on_time.with_user(self.secretary).action_release()
            self._run_cron("cron_send_notices")
        state = {notice.res_id: notice.state for notice in notices}
        self.assertEqual(state[drafts[0].id], "cancelled")
        self.assertEqual(state[drafts[1].id], "sent")
        notices.with_user(self.secretary).filtered(
            lambda notice: notice.state == "held"
        ).action_release()
        with freeze_time(self.contest.registration_deadline + timedelta(hours=1)):
            self._run_cron("cron_send_notices")
        last = notices.filtered(lambda notice: notice.res_id == late.id)
        self.assertEqual(last.state, "cancelled")
        self.assertIn("Đã quá hạn", last.cancel_reason)

    def test_a_moved_deadline_is_reminded_of_anew(self):
        rule = self.env.ref("hoithi_contest.hoithi_notice_rule_draft_authors")
        rule.hold = True
        self._create_entry()
        deadline = self.contest.registration_deadline
        ledger = self.env["hoithi.notice"]
        with freeze_time(deadline - timedelta(days=2)):
            self._run_cron("cron_send_notices")
            notice = ledger.search([("kind", "=", "deadline")])
            self.contest.registration_deadline = deadline + timedelta(days=5)
            notice.with_user(self.secretary).action_release()
            self._run_cron("cron_send_notices")
        self.assertEqual(notice.state, "cancelled")
        new = ledger.search([("kind", "=", "deadline")]) - notice
        self.assertEqual(new.occasion.rsplit(" ", 1)[1], "T-7")

    # DELIVERY

    def test_the_mail_servers_answer_comes_back(self):
        notice = self._receipt().sudo()
        mail = self._run()
        self.assertEqual(notice.mail_id, mail)
        mail.write({"state": "exception"})
        mail._postprocess_sent_message(
            [], [], failure_reason="550 no such user", failure_type="mail_smtp"
        )
        self.assertEqual((notice.state, notice.error), ("failed", "550 no such user"))
        self.assertFalse(notice.delivered_on)
        notice.with_user(self.secretary).action_retry()
        self.assertFalse(mail.exists(), "or the queue would send it beside the new one")
        mail = self._run()
        mail._postprocess_sent_message(notice.partner_id, [])
        self.assertEqual(notice.state, "sent")
        self.assertTrue(notice.delivered_on)
        self.assertFalse(mail.exists(), "sent e-mails are deleted")

    def test_an_invalid_address(self):
        notice = self._receipt().sudo()
        self._run()._postprocess_sent_message([], [], failure_type="mail_email_invalid")
        self.assertEqual(notice.state, "failed")
        self.assertEqual(notice.error, "Địa chỉ email không hợp lệ")

    def test_a_bounce_finds_its_notice(self):
        notice = self._receipt().sudo()
        other = self._receipt(self.internal).sudo()
        self._run()
        reference = notice.mail_reference
        self.assertTrue(reference)
        notice.mail_id._postprocess_sent_message(notice.partner_id, [])
        self.env["mail.thread"]._routing_handle_bounce(
            None,
            {
                "email_from": "mailer-daemon@x.example",
                "message_id": "<bounce@x.example>",
                "to": "bounce@x.example",
                "bounced_email": False,
                "bounced_partner": self.env["res.partner"],
                "bounced_msg_ids": [reference],
                "bounced_message": self.env["mail.message"],
            },
        )
        self.assertEqual(notice.state, "failed")
        self.assertIn("Thư bị trả lại", notice.error)
        self.assertEqual(other.state, "sent")

    def test_the_report_counts_by_contest_and_kind(self):
        self._receipt()
        self._receipt(self.internal).action_hold()
        self.env["hoithi.notice"]._announce(
            "invariant", {self.company: self.admin.partner_id}, "x"
        )
        self._run()
        groups = (
            self.env["hoithi.notice"]
            .with_user(self.secretary)
            ._read_group(
                [("contest_id", "=", self.contest.id)],
                ["contest_id", "kind", "state"],
                ["__count"],
            )
        )
        self.assertIn((self.contest, "receipt", "sent", 1), groups)
        self.assertIn((self.contest, "receipt", "held", 1), groups)

    # TOGETHER

    def test_facts_recorded_by_another_meanwhile(self):
        """What the ledger didn't show, but holds, is left to who recorded it."""
        entry = self._create_entry()
        ledger = self.env["hoithi.notice"]
        people = [
            user.partner_id for user in (self.staff, self.internal, self.coauthor)
        ]
        known = ledger._announce("share", {entry: people[1]}, "x")
        with patch.object(type(ledger), "_find_known", lambda self, facts: set()):
            new = ledger._announce(
                "share", {entry: self.env["res.partner"].union(*people)}, "x"
            )
        self.assertEqual(new.partner_id, people[0] | people[2])
        self.assertEqual(
            ledger.search_count([("kind", "=", "share"), ("occasion", "=", "x")]), 3
        )
        self.assertTrue(known.exists())

    def test_one_run_at_a_time_records(self):
        self._create_entry()
        with (
            freeze_time(self.contest.registration_deadline - timedelta(days=1)),
            patch.object(
                type(self.env["hoithi.notice"]), "_lock_schedule", lambda self: False
            ),
        ):
            self._run_cron("cron_send_notices")
        self.assertFalse(
            self.env["hoithi.notice"].search_count([("kind", "=", "deadline")])
        )
