from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time
from lxml import html
from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...models.guard.hoithi_guard_mixin import Load
from ..common import HoithiCommon

LOGGER = "odoo.addons.hoithi_contest.models.notice.hoithi_notice"


@tagged("post_install", "-at_install")
class TestHoithiNotice(HoithiCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._launch()

    def _notices(self, *domain):
        return self.env["hoithi.notice"].search(
            [("company_id", "=", self.company.id), *domain], order="id"
        )

    def _mails(self):
        return self.env["mail.mail"].search([], order="id")

    def _run(self):
        before = self._mails()
        self._run_cron("cron_send_notices")
        return self._mails() - before

    # LEDGER

    def test_a_notice_is_a_fact(self):
        """What was told isn't told again, whatever runs twice."""
        entry = self._submit_entry()
        notices = self._notices(("res_id", "=", entry.id))
        self.assertEqual(notices.mapped("kind"), ["receipt"])
        self.assertEqual(notices.partner_id, self.staff.partner_id)
        ledger = self.env["hoithi.notice"]
        again = ledger._announce(
            "receipt",
            {entry: self.staff.partner_id | self.coauthor.partner_id},
            fields.Datetime.to_string(entry.submitted_on),
        )
        self.assertEqual(again.partner_id, self.coauthor.partner_id, "only the new one")
        mails = self._run()
        self.assertEqual(len(mails), 2)
        self.assertFalse(self._run())
        self.assertFalse(self._run())
        notices.invalidate_recordset()
        self.assertEqual(notices.state, "sent")
        self.assertTrue(notices.sent_on)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            notices.copy()

    def test_overlapping_runs_send_once(self):
        """A notice that another run holds, or has just sent, is left to it."""
        entry = self._submit_entry()
        notice = self._notices(("res_id", "=", entry.id))
        model = type(notice)
        original = model._send

        def send_twice(record):
            original(record)
            # the other run comes to the same notice in the meantime
            self.assertFalse(
                record.try_lock_for_update().filtered_domain(
                    [("state", "=", "pending")]
                )
            )

        with patch.object(model, "_send", send_twice):
            self.assertEqual(len(self._run()), 1)
        with patch.object(
            model, "try_lock_for_update", lambda records, **kw: records.browse()
        ):
            self._submit_entry(self.internal)
            self.assertFalse(self._run())
        self.assertEqual(len(self._run()), 1)

    def test_a_failure_does_not_stop_the_rest(self):
        entries = [self._submit_entry(), self._submit_entry(self.internal)]
        third = self._submit_entry(self.head)
        templates = type(self.env["mail.template"])
        original = templates.send_mail

        def send_mail(template, res_id, **kwargs):
            if res_id == entries[1].id:
                raise ValueError("Cổng thư đóng")
            return original(template, res_id, **kwargs)

        with patch.object(templates, "send_mail", send_mail), mute_logger(LOGGER):
            self.assertEqual(len(self._run()), 2)
        failed = self._notices(("state", "=", "failed"))
        self.assertEqual(failed.res_id, entries[1].id)
        self.assertEqual(failed.error, "Cổng thư đóng")
        self.assertFalse(self._run(), "it isn't tried again by itself")
        for user in (self.staff, self.chair, self.leader):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                failed.with_user(user).action_retry()
        with self.assertRaises(AccessError):
            failed.with_user(self.secretary).write({"state": "sent"})
        failed.with_user(self.secretary).action_retry()
        self.assertEqual(failed.state, "pending")
        mails = self._run()
        self.assertEqual(mails.recipient_ids, self.internal.partner_id)
        self.assertEqual(failed.state, "sent")
        self.assertFalse(failed.error)
        sent = self._notices(("res_id", "=", third.id))
        sent.with_user(self.secretary).action_retry()
        self.assertEqual(sent.state, "sent", "what was sent stays sent")

    def test_a_letter_without_its_template_does_not_stop_the_rest(self):
        """What can't even be looked at is told of, once; the others leave."""
        share = self._submit_entry()
        self._notices(("res_id", "=", share.id)).sudo()._open_door().kind = "share"
        others = [self._submit_entry(self.internal), self._submit_entry(self.head)]
        self.env.ref("hoithi_contest.mail_template_share").unlink()
        with mute_logger(LOGGER):
            self.assertEqual(len(self._run()), 2)
        stuck = self._notices(("res_id", "=", share.id))
        self.assertEqual(stuck.state, "failed")
        self.assertTrue(stuck.error)
        sent = self._notices(("res_id", "in", [entry.id for entry in others]))
        self.assertEqual(set(sent.mapped("state")), {"sent"})

    def test_what_the_office_reads_of_letters_is_vietnamese(self):
        """The scheduled action has no language of its own."""
        self.env["res.lang"]._activate_lang("vi_VN")
        self.staff.partner_id.email = False
        entry = self._submit_entry()
        self._run()
        notice = self._notices(("res_id", "=", entry.id))
        vietnamese = self.env(context={"lang": "vi_VN"})
        self.assertEqual(notice.error, vietnamese._("The person has no e-mail."))
        self.assertNotEqual(notice.error, "The person has no e-mail.")

    def test_an_interrupted_run_goes_on_where_it_stopped(self):
        """Each notice is marked in the transaction that queues its e-mail."""
        for user in (self.staff, self.internal, self.head):
            self._submit_entry(user)
        cron = type(self.env["ir.cron"])
        calls = []

        def commit_progress(records, processed=0, **kwargs):
            calls.append(processed)
            # the time is up after the first one
            return 0 if sum(calls) == 1 else 10

        with patch.object(cron, "_commit_progress", commit_progress):
            before = self._mails()
            self.env["hoithi.notice"]._cron_send_notices()
            self.assertEqual(len(self._mails() - before), 1)
        self.assertEqual(len(self._notices(("state", "=", "pending"))), 2)
        self.assertEqual(len(self._run()), 2)

    def test_person_without_an_address(self):
        self.staff.partner_id.email = False
        entry = self._submit_entry()
        self.assertFalse(self._run())
        notice = self._notices(("res_id", "=", entry.id))
        self.assertEqual(notice.state, "failed")
        self.assertIn("chưa có thư điện tử", notice.error)
        self.staff.partner_id.email = "ha@sotnmt.example.vn"
        notice.with_user(self.secretary).action_retry()
        self.assertEqual(len(self._run()), 1)

    def test_notice_of_a_deleted_record_is_cancelled(self):
        entry = self._create_entry()
        notice = self.env["hoithi.notice"]._announce(
            "deadline", {entry: self.staff.partner_id}, "x"
        )
        entry.unlink()
        self.assertFalse(self._run())
        self.assertEqual(notice.state, "cancelled")

    def test_the_readers_language(self):
        self.env["res.lang"]._activate_lang("vi_VN")
        template = self.env.ref("hoithi_contest.mail_template_receipt")
        template.with_context(lang="vi_VN").subject = "Đã nhận {{ object.name }}"
        self.staff.partner_id.lang = "vi_VN"
        self.internal.partner_id.lang = "en_US"
        self._submit_entry(name="Một")
        self._submit_entry(self.internal, name="Hai")
        mails = self._run()
        self.assertEqual(
            {mail.recipient_ids.name: mail.subject.split(" ")[0] for mail in mails},
            {self.staff.name: "Đã", self.internal.name: "Receipt"},
        )
        self.assertIn(self.staff.name, mails[0].body_html)
        # not the language of a contact of what it is about
        self.company.partner_id.lang = "vi_VN"
        self.internal.partner_id.lang = "en_US"
        self.env["hoithi.notice"]._announce(
            "invariant", {self.company: self.internal.partner_id}, "x"
        )
        [mail] = self._run()
        self.assertIn("broken rules", mail.subject)
        self.assertIn("Dear", mail.body_html)

    def test_every_kind_has_a_letter(self):
        """Each kind can be sent; the letter greets its reader."""
        entry = self._eligible_entry()
        [review] = self._assign(entry, self.member1)
        self._run()
        samples = {
            "hoithi.entry": entry.sudo(),
            "hoithi.entry.author": entry.sudo().author_ids[0],
            "hoithi.review": review.sudo(),
            "hoithi.contest": self.contest,
            "hoithi.adjudication": self.env["hoithi.adjudication"].create(
                {"entry_id": entry.id, "opened_on": fields.Datetime.now()}
            ),
            "hoithi.plan.task": self.env["hoithi.plan.task"].create(
                {"contest_id": self.contest.id, "name": "Phát động"}
            ),
            "hoithi.question": self.env["hoithi.question"].create(
                {"contest_id": self.contest.id, "subject": "Nộp ở đâu?"}
            ),
            "hoithi.round": self.env["hoithi.round"]
            .with_context(hoithi_door=Load())
            .create({"contest_id": self.contest.id, "name": "Chung khảo"}),
            "hoithi.objection": self.env["hoithi.objection"]
            .sudo()
            ._open_door()
            .create(
                {
                    "entry_id": entry.id,
                    "partner_id": self.staff.partner_id.id,
                    "filed_as": "author",
                    "filed_on": fields.Datetime.now(),
                    "reason": "Điểm cộng sai",
                }
            ),
            "hoithi.reopening": self.env["hoithi.reopening"]
            .with_context(hoithi_door=Load())
            .create(
                {
                    "entry_id": entry.id,
                    "decision_number": "77/QĐ",
                    "decision_date": self.contest._get_today(),
                    "decided_by": "Giám đốc Sở",
                    "reason": "Khiếu nại có cơ sở",
                }
            ),
            "hoithi.unit.change": self.env["hoithi.unit.change"].create(
                {
                    "kind": "rename",
                    "unit_ids": [Command.set(self.unit.ids)],
                    "new_name": "Phòng Nước",
                    "decision_number": "3/QĐ",
                    "reason": "Sắp xếp bộ máy",
                }
            ),
            "hoithi.login.union": self.env["hoithi.login.union"].create(
                {
                    "employee_id": self.employees[self.internal].id,
                    "portal_user_id": self.stranger.id,
                    "reason": "Cùng một người",
                }
            ),
            "res.company": self.company,
            "hoithi.council.member": self.seats[self.member1],
            "hoithi.role.change": self.env["hoithi.role.change"].create(
                {
                    "user_id": self.staff.id,
                    "company_id": self.company.id,
                    "changed_by_id": self.admin.id,
                }
            ),
            "hoithi.notice": self.contest,
        }
        last = "//*[@class='ht-letter']//p[not(following-sibling::*)][count(*) = 1]/a"
        buttons = 0
        for kind, label in self.env["hoithi.notice"]._get_kinds():
            template = self.env.ref(f"hoithi_contest.mail_template_{kind}")
            notice = self.env["hoithi.notice"]._announce(
                kind, {samples[template.model]: self.secretary.partner_id}, "letter"
            )
            with self.subTest(kind=label):
                mails = self._run()
                self.assertEqual(notice.state, "sent", notice.error)
                self.assertEqual(len(mails), 1)
                self.assertIn(self.secretary.name, mails.body_html)
                self.assertTrue(mails.subject)
                for link in html.fromstring(mails.body_html).xpath(last):
                    # what stands in a sheet of styles isn't read everywhere
                    self.assertIn("background-color: #", link.get("style") or "")
                    buttons += 1
        self.assertGreater(buttons, 20)

    def test_letters_to_reviewers_tell_no_author(self):
        entry = self._eligible_entry()
        self._assign(entry, self.member1)
        self._run()
        mail = self._mails().filtered(
            lambda mail: mail.recipient_ids == self.member1.partner_id
        )
        self.assertIn(entry.name, mail.subject)
        for secret in (self.staff.name, self.staff.email, self.sub_unit.name):
            self.assertNotIn(secret, mail.body_html)

    def test_co_authors_are_asked_to_confirm(self):
        entry = self._submit_entry(
            participant_type="group",
            author_ids=[
                Command.create(
                    {"email": self.coauthor.email, "contribution_percent": 40}
                )
            ],
        )
        share = self._notices(("kind", "=", "share"), ("res_id", "=", entry.id))
        self.assertEqual(share.partner_id, self.coauthor.partner_id)

    def test_a_letter_says_until_when_and_why_one_gets_it(self):
        entry = self._submit_entry(
            participant_type="group",
            author_ids=[
                Command.create(
                    {"email": self.coauthor.email, "contribution_percent": 40}
                )
            ],
        )
        self.assertFalse(self._find_in(self._run(), "ht-deadline"))
        entry.with_user(self.secretary).action_request_supplement(reason="Thiếu dấu.")
        with freeze_time(entry.supplement_due - timedelta(days=3)):
            self._run()
        letters = {
            notice.partner_id: notice.mail_id.body_html
            for notice in self._notices(("kind", "=", "supplement"))
        }
        own = letters[self.staff.partner_id]
        self.assertIn(entry.contest_id._format_moment(entry.supplement_due), own)
        self.assertIn("3 days left", own)
        self.assertIn(f"the representative author of the entry {entry.code}", own)
        self.assertIn(f"<b>{self.secretary.name}</b>", own)
        other = letters[self.coauthor.partner_id]
        self.assertIn(f"you are an author of the entry {entry.code}", other)
        [reminder] = self._notices(
            ("kind", "=", "supplement_deadline"),
            ("partner_id", "=", self.staff.partner_id.id),
        ).mail_id
        self.assertIn("3 days left", reminder.body_html)
        self.assertNotIn(f"<b>{self.secretary.name}</b>", reminder.body_html)

    def _find_in(self, mails, words):
        return mails.filtered(lambda mail: words in mail.body_html)

    def test_a_letter_without_a_deadline_of_its_own_names_none(self):
        """Over deadlines, and what others have to do, nobody is told as days left."""
        entry = self._submit_entry()
        self.assertEqual(self._notices()._get_letter_facts()["deadline"], "")
        entry.with_user(self.secretary).action_request_supplement(reason="Thiếu dấu.")
        notice = self._notices(("kind", "=", "supplement"))
        self.assertTrue(notice._get_letter_facts()["deadline"])
        with freeze_time(entry.supplement_due + timedelta(minutes=1)):
            self.assertEqual(notice._get_letter_facts()["deadline"], "")

    # REMINDERS

    def _remind(self, record, before):
        """Run the cron at a time before the deadline; return the new reminders."""
        notices = self._notices(("res_id", "=", record.id))
        deadline = {
            "hoithi.entry": lambda: (
                record.contest_id.registration_deadline
                if record.state == "draft"
                else record.supplement_due
            ),
            "hoithi.review": lambda: record.due_date,
        }[record._name]()
        with freeze_time(deadline - before):
            self._run_cron("cron_send_notices")
        new = self._notices(("res_id", "=", record.id)) - notices
        return [
            (notice.kind, notice.occasion.rsplit(" ", 1)[1], notice.partner_id)
            for notice in new
        ]

    def test_each_threshold_once(self):
        entry = self._create_entry(
            participant_type="group",
            author_ids=[
                Command.create(
                    {"email": self.coauthor.email, "contribution_percent": 40}
                )
            ],
        )
        person = self.staff.partner_id
        for before, expected in (
            (timedelta(days=7, seconds=1), []),
            (timedelta(days=7), [("deadline", "T-7", person)]),
            (timedelta(days=6, hours=23), []),
            (timedelta(days=3), []),
            (timedelta(days=2), [("deadline", "T-2", person)]),
            (timedelta(days=1), []),
            (timedelta(hours=12), [("deadline", "T-0", person)]),
            (timedelta(hours=1), []),
            (timedelta(seconds=-1), []),
        ):
            with self.subTest(before=before):
                self.assertEqual(self._remind(entry, before), expected)
        self.assertEqual(
            set(self._notices(("res_id", "=", entry.id)).mapped("state")), {"sent"}
        )

    def test_after_an_outage_the_latest_alone(self):
        entry = self._create_entry()
        self.assertEqual(
            [
                occasion
                for _kind, occasion, _p in self._remind(entry, timedelta(days=1))
            ],
            ["T-2"],
        )

    def test_an_extended_deadline_reminds_anew(self):
        entry = self._create_entry()
        self.assertEqual(len(self._remind(entry, timedelta(days=2))), 1)
        self.contest.registration_deadline += timedelta(days=5)
        self.assertEqual(len(self._remind(entry, timedelta(days=7))), 1)
        self.assertEqual(len(self._remind(entry, timedelta(days=2))), 1)

    def test_submitted_entries_are_left_in_peace(self):
        entry = self._submit_entry()
        with freeze_time(self.contest.registration_deadline - timedelta(days=1)):
            self._run_cron("cron_send_notices")
        self.assertFalse(
            self._notices(("kind", "=", "deadline"), ("res_id", "=", entry.id))
        )

    def test_supplements_and_sheets_have_reminders(self):
        entry = self._submit_entry()
        due = fields.Datetime.now() + timedelta(days=20)
        entry.with_user(self.secretary).action_request_supplement(
            reason="x", due_date=due
        )
        self.assertEqual(
            self._remind(entry, timedelta(days=2)),
            [("supplement_deadline", "T-2", self.staff.partner_id)],
        )
        entry.novelty = "Đã bổ sung"
        entry.action_submit()
        entry.with_user(self.secretary).action_mark_eligible()
        self._start_review()
        [review] = self._assign(entry, self.member1)
        self.assertEqual(
            self._remind(review, timedelta(days=7)),
            [("review_deadline", "T-7", self.member1.partner_id)],
        )
        self._score(review, 20, 40)
        self.assertFalse(self._remind(review, timedelta(days=1)))

    def test_reminder_days_of_the_contest(self):
        self.contest.reminder_days = "3"
        entry = self._create_entry()
        self.assertFalse(self._remind(entry, timedelta(days=3, seconds=1)))
        self.assertEqual(len(self._remind(entry, timedelta(days=3))), 1)
        self.assertFalse(self._remind(entry, timedelta(hours=1)))
        self.contest.reminder_days = False
        self.contest.registration_deadline += timedelta(days=1)
        self.assertFalse(self._remind(entry, timedelta(hours=1)))
