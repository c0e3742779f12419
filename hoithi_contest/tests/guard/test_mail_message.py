from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

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

        cls.words = cls.env["ir.ui.view"].create(
            {"type": "qweb", "name": "t_words", "arch": "<p>Back in the contest</p>"}
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

    def test_letters_are_their_writers(self):
        """Nor in a letter that Odoo's composer or template makes as superuser."""
        office = self.secretary.partner_id
        colleague = new_test_user(self.env, "t_colleague", "base.group_user")
        shown = self.contest.with_user(colleague)
        self.assertTrue(shown.has_access("read"))
        file = self.env["ir.attachment"].create(
            {"name": "m", "raw": b"x", "res_model": "hoithi.contest"}
        )
        file.res_id = self._create_contest(name="Khác", edition_number=10).id
        self.assertFalse(file.with_user(colleague).has_access("read"))
        text = "Back in the contest by decision 5/QĐ"
        forged = {"author_id": office.id, "email_from": office.email_formatted}
        templates = self.env["mail.template"]
        contests = self.env["ir.model"]._get_id("hoithi.contest")
        users = self.env["ir.model"]._get_id("res.users")
        before = self.env["mail.message"].search([])
        letters = self.env["mail.mail"].search([])

        def compose(user, record, context=None, **vals):
            wizard = self.env["mail.compose.message"].with_user(user)
            wizard = wizard.with_context(**(context or {})).create(
                {
                    "composition_mode": "mass_mail",
                    "model": record._name,
                    "res_ids": str(record.ids),
                    "subject": text,
                    "body": text,
                    "partner_ids": user.partner_id.ids,
                    "force_send": False,
                    **vals,
                }
            )
            return wizard.action_send_mail()

        def send(user, record, model=contests, template_vals=None, **email_values):
            template = templates.with_user(user).create(
                {
                    "name": text,
                    "model_id": model,
                    "body_html": text,
                    **(template_vals or {}),
                }
            )
            return template.send_mail(record.id, email_values=email_values)

        entry, contest = self.entry, self.contest
        foreign = {"attachment_ids": [Command.update(file.id, {"name": "khác"})]}
        child = {"model": "hoithi.contest", "res_id": contest.id, **forged}
        for name, act in {
            "a reader's": lambda: compose(colleague, contest),
            "a reader's, forged": lambda: compose(colleague, contest, **forged),
            "an author's": lambda: compose(self.internal, entry, **forged),
            "its address": lambda: compose(
                self.internal, entry, email_from='"Thư ký" <khac@x.example>'
            ),
            "by the record": lambda: entry.with_user(
                self.internal
            ).message_mail_with_source(self.words, subject=text, **forged),
            "one by one": lambda: compose(
                self.internal, entry, composition_mode="comment", **forged
            ),
            "of one secretary by another": lambda: compose(
                self.secretary, contest, author_id=self.leader.partner_id.id
            ),
            "a template's": lambda: (
                send(self.secretary, contest, **forged)
                and send(self.internal, contest, **forged)
            ),
            "a template's own": lambda: send(
                self.secretary,
                contest,
                template_vals={"email_from": self.leader.email_formatted},
            ),
            "a reader's by a template": lambda: send(colleague, contest),
            "over a line of the log": lambda: send(
                colleague, colleague, users, mail_message_id=self.note.id
            ),
            "over a file": lambda: send(colleague, colleague, users, **foreign),
            "with a file": lambda: send(
                colleague, colleague, users, attachment_ids=file.ids
            ),
            "with a file, by its other name": lambda: send(
                colleague,
                colleague,
                users,
                unrestricted_attachment_ids=[Command.set(file.ids)],
            ),
            "beside another letter": lambda: send(
                colleague, colleague, users, child_ids=[Command.create(child)]
            ),
        }.items():
            with (
                self.subTest(act=name),
                self.assertRaises(AccessError),
                self.env.cr.savepoint(),
            ):
                act()
            self.env.invalidate_all()
        self.assertEqual(self.env["mail.message"].search([]), before)
        self.assertEqual(self.env["mail.mail"].search([]), letters)
        # a default of the call's context neither
        compose(
            self.secretary,
            contest,
            {"default_mail_message_id": self.note.id, "default_date": "2020-01-01"},
        )
        self.assertIn("Xem nhầm", self.note.body)
        # who writes the record writes letters about it, in the own name, and now
        send(self.secretary, contest)
        sent = (self.env["mail.message"].search([]) - before).filtered(
            lambda message: message.model == "hoithi.contest"
        )
        self.assertEqual(len(sent), 2)
        self.assertEqual(sent.author_id, office)
        today = fields.Date.today()
        self.assertEqual({message.date.date() for message in sent}, {today})
        self.assertNotIn("notification", sent.mapped("message_type"))
        # what isn't about the contest is Odoo's
        send(colleague, colleague, users, **forged)

    def test_rows_that_other_addons_hang_on_a_letter(self):
        """Email Marketing writes traces of the letters that it sends."""
        letters = self.env["mail.mail"]
        traces = fields.One2many("mailing.trace", "mail_mail_id")
        known = {**letters._fields, "mailing_trace_ids": traces}
        with patch.object(type(letters), "_fields", known):
            letters._hoithi_check_reach(
                {"mailing_trace_ids": [(0, 0, {"email": "nhan@x.example"})]}
            )
            for name, command in (
                ("mailing_trace_ids", Command.update(1, {"email": "khac@x.example"})),
                ("mailing_trace_ids", Command.delete(1)),
                ("child_ids", Command.create({"body": "x"})),
                ("notification_ids", Command.create({"res_partner_id": 1})),
                ("recipient_ids", Command.create({"name": "x"})),
            ):
                with (
                    self.subTest(name=name, command=command),
                    self.assertRaises(AccessError),
                ):
                    letters._hoithi_check_reach({name: [command]})

    def test_a_message_by_hand_is_no_act(self):
        """The server's words on an act aren't written by hand, however one posts."""
        text = "Back in the contest by decision 5/QĐ"
        for user, record in (
            (self.internal, self.entry),
            (self.secretary, self.contest),
            (self.secretary, self.entry),
        ):
            thread = record.with_user(user)
            vals = {"model": thread._name, "res_id": thread.id, "body": text}
            messages = self.env["mail.message"].with_user(user)
            composer = self.env["mail.compose.message"].with_user(user)
            before = record.sudo().message_ids
            thread.message_post(body=text)
            thread.with_context(hoithi_act=True).message_post(body=text)
            thread.message_post(body=text, message_type="auto_comment")
            thread.message_post_with_source(self.words)
            messages.create({**vals, "message_type": "notification"})
            messages.with_context(default_message_type="notification").create(vals)
            for mode in ("comment", "mass_mail"):
                composer.create(
                    {
                        "composition_mode": mode,
                        "model": thread._name,
                        "res_ids": str(thread.ids),
                        "body": text,
                        "message_type": "notification",
                        "partner_ids": user.partner_id.ids,
                        "force_send": False,
                        "auto_delete": False,
                    }
                ).action_send_mail()
            posted = record.sudo().message_ids - before
            with self.subTest(user=user.login, record=record):
                self.assertGreaterEqual(len(posted), 7)
                self.assertLessEqual(
                    set(posted.mapped("message_type")), {"comment", "email_outgoing"}
                )
            # by Odoo's page, which posts as superuser
            self.assertNotIn("message_type", thread._get_allowed_message_params())
        # what the server says of an act is
        self.assertEqual(self.note.message_type, "notification")
        self.assertEqual(self.note.author_id, self.secretary.partner_id)

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
