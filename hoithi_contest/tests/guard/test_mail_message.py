from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from ..common import HoithiCommon


@tagged("post_install", "-at_install")
class TestMailMessage(HoithiCommon):
    """Acts and their reasons stay in the log, whoever may write the record."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._launch()
        cls.entry = cls._submit_entry(cls.internal)
        office = cls.entry.with_user(cls.secretary)
        office.action_mark_eligible()
        office.action_undo_screening(reason="Xem nhầm hồ sơ")
        [cls.note] = cls.entry.sudo().message_ids.filtered(
            lambda message: "Xem nhầm" in str(message.body)
        )

    def test_nobody_rewrites_or_deletes_the_log(self):
        reason = "Lý do đã ghi"
        log = self.contest.message_post(body=reason)
        for user in (self.secretary, self.internal, self.leader, self.admin):
            for message in (self.note, log):
                own = message.with_user(user)
                for act in (
                    own.unlink,
                    lambda own=own: own.write({"body": "khác"}),
                    lambda own=own: own.write(
                        {"author_id": own.env.user.partner_id.id}
                    ),
                    lambda own=own: own.write({"date": fields.Datetime.now()}),
                    lambda own=own: own.web_save({"body": "khác"}, {}),
                ):
                    with (
                        self.subTest(user=user.login, message=message.body),
                        self.assertRaises(AccessError),
                        self.env.cr.savepoint(),
                    ):
                        act()
        self.env.invalidate_all()
        self.assertIn("Xem nhầm", self.note.body)
        self.assertIn("Lý do", log.body)

    def test_a_comment_is_its_authors(self):
        thread = self.contest.with_user(self.secretary)
        text = "Đã gọi"
        comment = thread.message_post(body=text, message_type="comment")
        second = self.secretary.copy({"login": "t_office2", "email": "o2@x.example"})
        with self.assertRaises(AccessError):
            comment.with_user(second).write({"body": "khác"})
        comment.with_user(self.secretary).write({"body": "Đã gọi lại"})
        self.assertIn("lại", comment.body)

    def test_everybody_writes_in_the_own_name_and_now(self):
        office = self.secretary.partner_id
        thread = self.entry.with_user(self.internal)
        messages = self.env["mail.message"].with_user(self.internal)
        text = "Sàng lọc được hoàn tác"
        vals = {"model": thread._name, "res_id": thread.id, "body": text}
        comment = thread.message_post(body=text, message_type="comment")
        comment = comment.with_user(self.internal)
        elsewhere = messages.create({"body": text, "author_id": office.id})
        state = self.env["ir.model.fields"]._get(thread._name, "state")
        change = {"field_id": state.id, "new_value_char": "Đã duyệt"}
        changes = [Command.create(change)]
        forged = '"Thư ký" <khac@x.example>'
        before = self.entry.sudo().message_ids
        for name, act in {
            "author": lambda: thread.message_post(body=text, author_id=office.id),
            "address": lambda: thread.message_post(
                body=text, author_id=False, email_from=forged
            ),
            "own author, other address": lambda: thread.message_post(
                body=text,
                author_id=self.internal.partner_id.id,
                email_from=forged,
            ),
            "letter": lambda: thread.message_notify(
                body=text, partner_ids=office.ids, author_id=office.id
            ),
            "letter about it": lambda: (
                self.env["mail.thread"]
                .with_user(self.internal)
                .message_notify(
                    body=text,
                    partner_ids=office.ids,
                    author_id=office.id,
                    model=thread._name,
                    res_id=thread.id,
                )
            ),
            "changes": lambda: thread.message_post(
                body=text, tracking_value_ids=changes
            ),
            "record": lambda: messages.create({**vals, "author_id": office.id}),
            "default": lambda: messages.with_context(
                default_author_id=office.id
            ).create({**vals, "email_from": False}),
            "afterwards": lambda: comment.write({"author_id": office.id}),
            "another day": lambda: comment.write({"date": "2020-01-01 00:00:00"}),
            "a log": lambda: comment.write({"message_type": "notification"}),
            "moved": lambda: elsewhere.write(
                {"model": thread._name, "res_id": thread.id}
            ),
            "planned": lambda: (
                self.env["mail.scheduled.message"]
                .with_user(self.internal)
                .create(
                    {
                        **vals,
                        "author_id": office.id,
                        "scheduled_date": fields.Datetime.now() + timedelta(days=1),
                    }
                )
                .post_message()
            ),
        }.items():
            with (
                self.subTest(act=name),
                self.assertRaises(AccessError),
                self.env.cr.savepoint(),
            ):
                act()
            self.env.invalidate_all()
        self.assertEqual(self.entry.sudo().message_ids, before)
        # another's address of the own is the own; and the server's clock decides
        twin = self.env["res.partner"].create(
            {"name": "Hòm thư chung", "email": self.internal.email}
        )
        sent = thread.message_post(body=text, author_id=twin.id, date="2020-01-01")
        sent = sent.sudo()
        self.assertEqual(sent.author_id, self.internal.partner_id)
        self.assertEqual(sent.date.date(), fields.Date.today())
        # what the server notes of an act, it notes in the name of who did it
        self.assertIn(self.secretary.partner_id, before.author_id)

    def test_an_activity_keeps_its_files(self):
        activity = self.contest.with_user(self.secretary).activity_schedule(
            "mail.mail_activity_data_todo", user_id=self.secretary.id
        )
        file = self.env["ir.attachment"].with_user(self.secretary)
        file = file.create({"name": "ghi-chep.txt", "raw": b"x"})
        message = self.env["mail.message"].browse(
            activity.action_feedback(feedback="Xong", attachment_ids=file.ids)
        )
        self.assertEqual(message.attachment_ids, file)
        # what is told of otherwise gets none later
        other = file.create({"name": "khac.txt", "raw": b"y"})
        self.env.cr.execute(
            "UPDATE mail_message SET create_date = create_date - interval '1 minute'"
            " WHERE id = %s",
            [self.note.id],
        )
        self.note.invalidate_recordset()
        self.assertFalse(self.note.attachment_ids)
        with self.assertRaises(AccessError):
            self.note.with_user(self.secretary).attachment_ids = other

    def test_what_goes_takes_its_log_along(self):
        draft = self._create_entry(self.internal, name="Bản nháp bỏ đi")
        draft.with_user(self.internal).action_delete_draft()
        draft.sudo().with_context(active_test=False).unlink()
        self.assertFalse(
            self.env["mail.message"].search(
                [("model", "=", "hoithi.entry"), ("res_id", "=", draft.id)]
            )
        )
