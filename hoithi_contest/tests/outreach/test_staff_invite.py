import base64
import io
import re
import smtplib
from datetime import datetime, timedelta
from unittest.mock import patch
from urllib.parse import unquote

from openpyxl import Workbook, load_workbook

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, freeze_time, new_test_user, tagged
from odoo.tools import mute_logger

from ..common import HoithiCommon, KilledError

HEAD = ["Full name", "E-mail", "Unit", "Job title", "Staff code"]
LINE_LOGGER = "odoo.addons.hoithi_contest.models.outreach.hoithi_staff_invite_run_line"


class InviteCase(HoithiCommon):
    """A unit of people without a login, and a wizard for it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        department = cls.env["hr.department"]
        cls.branch = department.create({"name": "Chi cục Kiểm lâm"})
        cls.post = department.create(
            {"name": "Hạt Kiểm lâm", "parent_id": cls.branch.id}
        )
        cls.an = cls._employ("Nông Thị An", "an@sotnmt.example.vn")
        cls.binh = cls._employ("Bế Văn Bình", "binh@sotnmt.example.vn", cls.post)
        cls.cron = cls.env.ref("hoithi_contest.cron_work_runs")

    @classmethod
    def _employ(cls, name, email, unit=None, **values):
        return cls.env["hr.employee"].create(
            {
                "name": name,
                "work_email": email,
                "department_id": (unit or cls.branch).id,
                "company_id": cls.company.id,
                **values,
            }
        )

    @classmethod
    def _wizard(cls, user=None, **values):
        return (
            cls.env["hoithi.staff.invite"]
            .with_user(user or cls.secretary)
            .create({"department_ids": [Command.set(cls.branch.ids)], **values})
        )

    @classmethod
    def _sheet(cls, *rows, user=None, head=None, **values):
        workbook = Workbook()
        workbook.active.append(head or HEAD)
        for row in rows:
            workbook.active.append(row)
        output = io.BytesIO()
        workbook.save(output)
        return cls._wizard(
            user,
            source="sheet",
            upload=base64.b64encode(output.getvalue()),
            upload_name="danh-sach.xlsx",
            **values,
        )

    def _check(self, wizard):
        """The table of the dry run: {name: status}."""
        wizard.action_check()
        return {line.name: line.status for line in wizard.line_ids}

    def _confirm(self, wizard):
        action = wizard.action_confirm()
        self.assertEqual(action["res_model"], "hoithi.staff.invite.run")
        return self.env["hoithi.staff.invite.run"].browse(action["res_id"])

    def _invite(self, wizard):
        run = self._confirm(wizard)
        self._run_cron("cron_work_runs")
        return run

    def _login(self, employee):
        return employee.work_contact_id.with_context(active_test=False).user_ids

    def _mails(self, address):
        """The e-mails that wait for those whose address holds `address`."""
        return (
            self.env["mail.mail"]
            .search([])
            .filtered(lambda mail: address in (mail.recipient_ids.email or ""))
        )


@tagged("post_install", "-at_install")
class TestStaffInvite(InviteCase):
    # DRY RUN

    def test_the_table_tells_what_would_happen(self):
        self._employ("Không Thư", False)
        self._employ("Thư Sai", "sai@")
        self._employ("Chung Một", "chung@sotnmt.example.vn")
        self._employ("Chung Hai", "chung@sotnmt.example.vn")
        self._employ("Hoàng Thị Lặp", "lap@sotnmt.example.vn")
        twin = self._employ("Hoàng Thị Lặp", "lap@sotnmt.example.vn", self.post)
        self._employ("Trùng Người Ngoài", self.stranger.email)
        self.env["res.partner"].create(
            {"name": "Văn thư", "email": "vanthu@sotnmt.example.vn"}
        )
        self._employ("Trùng Danh Bạ", "vanthu@sotnmt.example.vn")
        archived = self._employ("Nghỉ Rồi Về", "ve@sotnmt.example.vn")
        self._portal_user(archived).active = False
        boss = self._employ("Sếp Cũ", "sep@sotnmt.example.vn")
        self._portal_user(boss, "base.group_user").active = False
        used = self._employ("Đã Vào", "vao@sotnmt.example.vn")
        self.env["res.users.log"].with_user(self._portal_user(used)).sudo().create({})
        self._portal_user(self._employ("Chưa Vào", "chua@sotnmt.example.vn"))
        wizard = self._wizard()
        before = self._snapshot()
        statuses = self._check(wizard)
        self.assertEqual(
            statuses,
            {
                "Nông Thị An": "invite",
                "Bế Văn Bình": "invite",
                "Không Thư": "no_email",
                "Thư Sai": "bad_email",
                "Chung Một": "duplicate_email",
                "Chung Hai": "duplicate_email",
                "Hoàng Thị Lặp": statuses["Hoàng Thị Lặp"],
                "Trùng Người Ngoài": "duplicate_email",
                "Trùng Danh Bạ": "duplicate_email",
                "Nghỉ Rồi Về": "archived",
                "Sếp Cũ": "archived",
                "Đã Vào": "login",
                "Chưa Vào": "unused",
            },
        )
        twins = wizard.line_ids.filtered(lambda line: line.name == twin.name)
        self.assertEqual(sorted(twins.mapped("status")), ["duplicate_person", "invite"])
        self.assertEqual(wizard.ready_count, 3)
        self.assertEqual(wizard.known_count, 2)
        self.assertEqual(wizard.problem_count, 9)
        self.assertIn("E-mail missing: 1", wizard.summary)
        notes = {line.name: line.note for line in wizard.line_ids}
        self.assertIn("“Văn thư”", notes["Trùng Danh Bạ"])
        self.assertNotIn(self.stranger.name, notes["Trùng Người Ngoài"])
        self.assertIn("administrator", notes["Sếp Cũ"])
        self.assertEqual(self._snapshot(), before, "a dry run writes nothing")
        wizard.invalidate_recordset()  # problems stand first
        self.assertEqual(wizard.line_ids[:9].mapped("status").count("invite"), 0)
        # with the options ticked
        wizard.action_back()
        wizard.write({"reactivate": True, "resend": True})
        statuses = self._check(wizard)
        self.assertEqual(statuses["Nghỉ Rồi Về"], "reactivate")
        self.assertEqual(statuses["Chưa Vào"], "resend")
        self.assertEqual(statuses["Sếp Cũ"], "archived")

    @classmethod
    def _portal_user(cls, employee, group="base.group_portal"):
        return (
            cls.env["res.users"]
            .with_context(no_reset_password=True)
            .create(
                {
                    "login": employee.work_email,
                    "partner_id": employee.work_contact_id.id,
                    "group_ids": [Command.set(cls.env.ref(group).ids)],
                }
            )
        )

    def _snapshot(self):
        """Counts of all that an invitation could write, archived records too."""
        models = (
            "res.users",
            "res.partner",
            "hr.employee",
            "mail.mail",
            "mail.message",
            "hoithi.staff.invite.run",
            "hoithi.staff.invite.run.line",
        )
        self.env.flush_all()
        return {
            model: self.env[model].with_context(active_test=False).search_count([])
            for model in models
        }

    def test_units_with_and_without_their_sub_units(self):
        self.assertIn("Bế Văn Bình", self._check(self._wizard()))
        self.assertNotIn("Bế Văn Bình", self._check(self._wizard(with_sub_units=False)))
        everyone = self._check(self._wizard(department_ids=False))
        self.assertLessEqual({"Nông Thị An", self.head.name}, set(everyone))
        self.assertEqual(everyone[self.head.name], "login", "internal ones have one")
        empty = self.env["hr.department"].create({"name": "Phòng trống"})
        with self.assertRaisesRegex(UserError, "no employees"):
            self._wizard(department_ids=[Command.set(empty.ids)]).action_check()

    def test_problems_as_a_workbook(self):
        self._employ("Không Thư", False)
        wizard = self._wizard()
        wizard.action_check()
        wizard.action_problems()
        sheet = load_workbook(io.BytesIO(base64.b64decode(wizard.file))).active
        rows = [[cell.value for cell in row] for row in sheet.rows]
        self.assertEqual(len(rows), 2)
        self.assertEqual(rows[1][:3], ["Không Thư", None, "Chi cục Kiểm lâm"])
        self.assertEqual(rows[1][5], "E-mail missing")
        # filled in and uploaded it completes the record
        rows[1][1] = "moi@sotnmt.example.vn"
        again = self._sheet(rows[1], head=rows[0])
        self.assertEqual(self._check(again), {"Không Thư": "invite"})
        self._invite(again)
        employee = self.env["hr.employee"].search([("name", "=", "Không Thư")])
        self.assertEqual(len(employee), 1)
        self.assertEqual(employee.work_email, "moi@sotnmt.example.vn")
        self.assertTrue(self._login(employee)._is_portal())

    # INVITING

    def test_invited_people_get_portal_logins_and_a_link(self):
        self.env["res.lang"]._activate_lang("vi_VN")
        run = self._invite(self._wizard(message="Mời các đồng chí tham gia."))
        self.assertEqual(run.state, "done")
        self.assertEqual(run.progress, 100)
        self.assertEqual((run.done_count, run.total_count), (2, 2))
        self.assertEqual(run.create_uid, self.secretary)
        for employee in (self.an, self.binh):
            user = self._login(employee)
            self.assertEqual(len(user), 1)
            self.assertEqual(user.login, employee.work_email)
            self.assertTrue(user._is_portal())
            self.assertFalse(user._is_internal())
            self.assertEqual(user.company_ids, self.company)
            self.assertEqual(user.lang, "vi_VN")
            self.assertEqual(user.create_uid, self.secretary)
            self.assertFalse(user.state == "active")
            mail = self._mails(employee.work_email)
            self.assertEqual(len(mail), 1)
            self.assertEqual(mail.state, "outgoing")
            self.assertTrue(mail.auto_delete, "the link isn't kept")
            self.assertIn("/web/signup?", mail.body_html)
            self.assertIn("Mời các đồng chí", mail.body_html)
            self.assertIn("Chọn mật khẩu", mail.body_html, "in the reader's language")
            self.assertIn("chọn mật khẩu", mail.subject)
            self.assertIn(self.company.name, mail.body_html)
            sender = mail.email_from + mail.reply_to
            for text in (sender, mail.subject, mail.body_html):
                self.assertNotIn("odoo", text.lower().replace("/odoo", ""))
        # nobody may sign in before choosing a password
        self.env.cr.execute(
            "SELECT count(*) FROM res_users WHERE login = %s AND password IS NOT NULL",
            [self.an.work_email],
        )
        self.assertEqual(self.env.cr.fetchone(), (0,))
        # and with the link one may
        token = self.an.work_contact_id._generate_signup_token()
        self.env["res.users"].signup({"password": "Mat-khau-2026"}, token)
        self.assertEqual(
            self.env["hoithi.staff.invite.run.line"]
            .search([("run_id", "=", run.id)])
            .user_id,
            self._login(self.an) | self._login(self.binh),
        )

    def test_nobody_is_invited_again(self):
        self._invite(self._wizard())
        count = len(self._mails("@"))
        self._run_cron("cron_work_runs")
        wizard = self._wizard()
        self.assertEqual(set(self._check(wizard).values()), {"unused"})
        with self.assertRaisesRegex(UserError, "nobody to invite"):
            wizard.action_confirm()
        self.assertEqual(len(self._mails("@")), count)

    def test_two_runs_at_once(self):
        """A person waits in one run alone; the table of the other says so."""
        first, second = self._wizard(), self._wizard(self.admin)
        self.assertEqual(set(self._check(first).values()), {"invite"})
        self.assertEqual(set(self._check(second).values()), {"invite"})
        run = self._confirm(first)
        # its table is older than the other's run
        with self.assertRaisesRegex(UserError, "nobody to invite"):
            second.action_confirm()
        self.assertEqual(set(self._check(second).values()), {"queued"})
        line = run.line_ids[0]
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaisesRegex(Exception, "waits in another|_one_waiting"),
            self.env.cr.savepoint(),
        ):
            line.copy({"run_id": run.copy().id})
        self._run_cron("cron_work_runs")
        self.assertEqual(len(self._mails("@sotnmt.example.vn")), 2)

    def test_who_got_a_login_meanwhile_is_left_out(self):
        run = self._confirm(self._wizard())
        self._portal_user(self.an)
        self.binh.work_email = "khac@sotnmt.example.vn"
        self._run_cron("cron_work_runs")
        self.assertEqual(run.line_ids.mapped("state"), ["skipped", "skipped"])
        notes = " ".join(run.line_ids.mapped("note"))
        self.assertRegex(notes, "never signed in|Chưa từng đăng nhập")
        self.assertRegex(notes, "changed since|đã thay đổi")
        self.assertFalse(self._mails("@sotnmt.example.vn"))

    def test_a_run_goes_on_where_it_broke_off(self):
        """The server stops in the third batch: no login is lost, none made twice."""
        for number in range(5):
            self._employ(f"Cán bộ {number}", f"cb{number}@sotnmt.example.vn")
        run = self._confirm(self._wizard())
        original = type(run)._work
        calls = []

        def breaks(records, lines):
            original(records, lines)
            calls.append(lines)
            if len(calls) == 3:
                raise KilledError()

        with (
            patch.object(type(run), "_run_batch", 2),
            patch.object(type(run), "_work", breaks),
        ):
            self._run_cron_killed("cron_work_runs")
        self.assertEqual(run.line_ids.mapped("state").count("done"), 4)
        self._run_cron("cron_work_runs")
        self.assertEqual(set(run.line_ids.mapped("state")), {"done"})
        self.assertEqual(run.state, "done")
        self.assertEqual(len(run.line_ids.user_id), 7)
        self.assertEqual(len(self._mails("@sotnmt.example.vn")), 7)

    def test_pause_go_on_and_cancel(self):
        run = self._confirm(self._wizard()).with_user(self.secretary)
        run.action_pause()
        self._run_cron("cron_work_runs")
        self.assertEqual(run.waiting_count, 2)
        self.assertFalse(self._login(self.an))
        run.action_resume()
        self.assertEqual(run.state, "running")
        dialog, blocks = self._show(run, "action_ask_cancel")
        self.assertFalse(blocks)
        self.assertIn("the 2 who still wait", dialog.effects[0])
        dialog.action_apply()
        _dialog, blocks = self._show(run, "action_ask_cancel")
        self.assertTrue(blocks)
        self._run_cron("cron_work_runs")
        self.assertEqual((run.state, run.skipped_count), ("cancelled", 2))
        self.assertFalse(self._login(self.an))
        with self.assertRaises(UserError):
            run.action_resume()
        # who was left so can be invited by another
        self.assertEqual(self._invite(self._wizard()).done_count, 2)

    def test_a_failure_is_one_persons_and_can_be_retried(self):
        lines = type(self.env["hoithi.staff.invite.run.line"])
        original = lines._create_logins

        def fails(records, partners):
            if self.an.work_email in records.mapped("email"):
                raise RuntimeError("no room")
            return original(records, partners)

        with patch.object(lines, "_create_logins", fails), mute_logger(LINE_LOGGER):
            run = self._invite(self._wizard())
        self.assertEqual((run.done_count, run.failed_count), (1, 1))
        [failed] = run.line_ids.filtered(lambda line: line.state == "failed")
        self.assertEqual(failed.name, self.an.name)
        self.assertIn("no room", failed.note)
        self.assertFalse(self._login(self.an))
        self.assertEqual(run.state, "done")
        run.with_user(self.secretary).action_retry()
        self._run_cron("cron_work_runs")
        self.assertEqual((run.done_count, run.state), (2, "done"))
        self.assertEqual(len(self._mails("@sotnmt.example.vn")), 2)

    def test_archived_logins_and_links_that_ran_out(self):
        back = self._portal_user(self.an)
        back.active = False
        unused = self._portal_user(self.binh)
        run = self._invite(self._wizard(reactivate=True, resend=True))
        self.assertEqual(run.done_count, 2)
        self.assertTrue(back.active)
        self.assertTrue(back._is_portal())
        self.assertEqual(self._login(self.binh), unused)
        self.assertEqual(len(self._mails("@sotnmt.example.vn")), 2)

    def test_internal_users_stay_untouched(self):
        users = self.head | self.internal | self.secretary
        before = [(user.group_ids, user.lang, user.write_date) for user in users]
        run = self._invite(
            self._wizard(department_ids=False, reactivate=True, resend=True)
        )
        self.assertFalse(run.line_ids.user_id & users)
        after = [(user.group_ids, user.lang, user.write_date) for user in users]
        self.assertEqual(after, before)

    def test_a_template_that_gives_more_is_refused(self):
        template = self.env.ref("base.template_portal_user_id")
        template.write(
            {"group_ids": [Command.set(self.env.ref("base.group_user").ids)]}
        )
        with mute_logger(LINE_LOGGER):
            run = self._invite(self._wizard())
        self.assertEqual(run.failed_count, 2)
        self.assertRegex(run.line_ids[0].note, "more than portal|quyền cao hơn")
        self.assertFalse(self._login(self.an))

    def test_an_author_without_the_role_stops_the_run(self):
        run = self._confirm(self._wizard())
        self.secretary.group_ids = [Command.set(self.env.ref("base.group_user").ids)]
        self._run_cron("cron_work_runs")
        self.assertEqual(run.state, "paused")
        self.assertIn(self.secretary.name, run.note)
        self.assertFalse(self._login(self.an))

    # ROLES AND DEPARTMENTS

    def test_only_secretary_and_administrator_invite(self):
        run = self._confirm(self._wizard())
        for user in (
            self.staff,
            self.internal,
            self.head,
            self.member1,
            self.leader,
            self.publisher,
        ):
            with self.subTest(user=user.login):
                with self.assertRaises(AccessError):
                    self._wizard(user)
                for method in ("action_pause", "action_cancel", "action_retry"):
                    with self.assertRaises(AccessError):
                        getattr(run.with_user(user), method)()
                with self.assertRaises(AccessError):
                    run.line_ids.with_user(user).read(["email"])
        wizard = self._wizard()
        for method in ("action_check", "action_confirm", "action_template"):
            with self.assertRaises(AccessError):
                getattr(wizard.with_user(self.admin), method)()
        self.assertEqual(
            set(self._check(self._wizard(self.admin)).values()), {"queued"}
        )

    def test_what_the_secretary_cannot_do(self):
        """The table and the run are the server's: neither can be made or bent."""
        wizard = self._wizard()
        wizard.action_check()
        run = self._confirm(wizard).with_user(self.secretary)
        with self.assertRaises(AccessError):
            wizard.line_ids.write({"status": "invite"})
        with self.assertRaises(AccessError):
            run.write({"message": "x"})
        with self.assertRaises(AccessError):
            run.line_ids.write({"email": "x@example.com"})
        with self.assertRaises(AccessError):
            run.create({"company_id": self.company.id})
        with self.assertRaises(AccessError):
            self.env["res.users"].with_user(self.secretary).create(
                {"name": "x", "login": "x"}
            )
        with self.assertRaises(AccessError):
            self.env["hr.employee"].with_user(self.secretary).create({"name": "x"})

    def test_departments_stay_apart(self):
        other = self.env["res.company"].create({"name": "Sở khác"})
        foreign = self._employ(
            "Người Sở Khác",
            "khac@sokhac.example.vn",
            company_id=other.id,
            department_id=False,
        )
        office = new_test_user(
            self.env,
            "t_other_office",
            groups="hoithi_contest.group_secretary",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        self.assertNotIn(foreign.name, self._check(self._wizard(department_ids=False)))
        with self.assertRaisesRegex(AccessError, "own department"):
            self._wizard(department_ids=False, company_id=other.id).action_check()
        wizard = (
            self.env["hoithi.staff.invite"]
            .with_user(office)
            .with_company(other)
            .create({})
        )
        run = self._invite(wizard)
        self.assertEqual(run.line_ids.mapped("name"), [foreign.name])
        self.assertEqual(self._login(foreign).company_ids, other)
        with self.assertRaises(AccessError):
            run.with_user(self.secretary).read(["source"])
        # an address taken in the other department tells no more than that
        self._employ("Trùng Sở Khác", "khac@sokhac.example.vn")
        wizard = self._wizard()
        self.assertEqual(self._check(wizard)["Trùng Sở Khác"], "duplicate_email")
        note = wizard.line_ids.filtered("note")[:1].note
        self.assertNotIn(foreign.name, note)

    # QUERIES

    def test_the_dry_run_costs_the_same_for_few_and_many(self):
        def count(call):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            call()
            self.env.flush_all()
            return self.cr.sql_log_count - before

        count(self._wizard().action_check)
        few = count(self._wizard().action_check)
        for number in range(60):
            self._employ(f"Cán bộ {number}", f"cb{number}@sotnmt.example.vn")
        self.assertLessEqual(count(self._wizard().action_check), few + 2)

    def test_a_person_more_costs_what_odoo_needs_for_a_login(self):
        """Everything else is done once for the batch."""

        def invite(first, last):
            for number in range(first, last):
                self._employ(f"Cán bộ {number}", f"cb{number}@sotnmt.example.vn")
            run = self._confirm(self._wizard()).sudo()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            run._work(run.line_ids)
            self.env.flush_all()
            self.assertEqual(set(run.line_ids.mapped("state")), {"done"})
            return self.cr.sql_log_count - before

        invite(0, 3)  # warms the caches of the template and the groups
        few, many = invite(3, 8), invite(8, 38)
        self.assertLess((many - few) / 25, 7)


@tagged("post_install", "-at_install")
class TestInvitationMail(InviteCase):
    """What the mail server doesn't take of an invitation isn't lost."""

    AWAY = ConnectionRefusedError("máy chủ không trả lời")
    START = datetime(2027, 3, 1, 2, 0)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.servers = cls.registry["ir.mail_server"]

    def setUp(self):
        super().setUp()
        with freeze_time(self.START):
            self.run_made = self._invite(self._wizard())
        self.line = self.run_made.sudo().line_ids.filtered(
            lambda line: line.employee_id == self.an
        )

    def _send_at(self, moment, error=None):
        """Send what is due, over a server that takes or fails; return to whom."""
        taken = []

        def send(_servers, message, *_args, **_kwargs):
            if error:
                raise error
            taken.append(message["To"])
            return message["Message-Id"]

        with (
            freeze_time(moment),
            mute_logger("odoo.addons.mail.models.mail_mail"),
            patch.object(self.servers, "_disable_send", lambda *_args: False),
            patch.object(self.servers, "_connect__", lambda *_args, **_kwargs: None),
            patch.object(self.servers, "send_email", send),
        ):
            self._run_cron("cron_send_invitations")
            self._mails("@sotnmt.example.vn").filtered(
                lambda mail: mail.state == "outgoing"
            ).send()
        self.env.invalidate_all()
        return taken

    def _get_problems(self, moment):
        with freeze_time(moment):
            return " ".join(self.company.with_user(self.secretary)._get_mail_problems())

    def test_a_mail_server_that_is_away(self):
        """Sent again by itself, later and later; each gets one letter in the end."""
        line, moment = self.line, self.START
        for number, pause in enumerate([10, 30, 60, 120, 240, 240], 1):
            self._send_at(moment, self.AWAY)
            self.assertEqual((line.state, line.tries), ("done", number))
            self.assertEqual(line.send_after, moment + timedelta(minutes=pause))
            self.assertIn("máy chủ không trả lời", line.note)
            early = line.send_after - timedelta(minutes=1)
            self.assertFalse(self._send_at(early), "not before its time")
            moment = line.send_after
        self.assertEqual(self.run_made.retry_count, 2)
        self.assertRegex(
            self._get_problems(moment), r"09:00 01/03/2027\. Waiting: 2\b.*trả lời"
        )
        self.assertEqual(len(self._mails(self.an.work_email)), 1)
        taken = self._send_at(moment)
        self.assertEqual(len(taken), 2)
        self.assertEqual((line.state, line.tries), ("done", 0))
        self.assertFalse(line.note or line.failing_since or line.send_after)
        self.assertEqual(self.run_made.retry_count, 0)
        self.assertNotIn("trả lời", self._get_problems(moment))
        self.assertFalse(self._send_at(moment + timedelta(days=1)))

    def test_the_link_is_one_that_is_valid(self):
        """It was made for six days; the server is back on the ninth."""
        self._send_at(self.START, self.AWAY)
        first = self._mails(self.an.work_email)
        self._send_at(self.START + timedelta(days=8), self.AWAY)
        back = self.START + timedelta(days=9)
        bodies = {}
        original = type(self.env["mail.mail"])._send

        def keeps(mails, *args, **kwargs):
            bodies.update({mail.recipient_ids.email: mail.body_html for mail in mails})
            return original(mails, *args, **kwargs)

        with patch.object(type(self.env["mail.mail"]), "_send", keeps):
            self.assertEqual(len(self._send_at(back)), 2)
        self.assertFalse(first.exists())
        [token] = re.findall(
            r"token=([^&\"]+)", bodies[self.an.work_email].replace("&amp;", "&")
        )
        partners = self.env["res.partner"]
        with freeze_time(back + timedelta(days=5)):
            partner = partners._get_partner_from_token(unquote(token))
        self.assertEqual(partner, self.an.work_contact_id)

    def test_not_for_ever_and_told_then(self):
        for days in (0, 29):
            self._send_at(self.START + timedelta(days=days), self.AWAY)
            self.assertEqual(self.line.state, "done")
        late = self.START + timedelta(days=31)
        self._send_at(late, self.AWAY)
        self.assertEqual((self.line.state, self.run_made.failed_count), ("failed", 2))
        self.assertRegex(
            self._get_problems(late), "did not arrive: 2.*Retry failed.*trả lời"
        )
        # and by hand once more, with the login that is there
        user = self.line.user_id
        with freeze_time(late):
            self.run_made.with_user(self.secretary).action_retry()
            self._run_cron("cron_work_runs")
        self.assertEqual(len(self._send_at(late)), 2)
        self.assertEqual((self.line.state, self.line.user_id), ("done", user))
        self.assertNotIn("did not arrive", self._get_problems(late))

    def test_a_wrong_address_and_one_that_comes_back(self):
        refusal = smtplib.SMTPResponseException(550, b"no such user")
        self._send_at(self.START, refusal)
        self.assertEqual(self.line.state, "failed")
        self.assertIn("no such user", self.line.note)
        self.assertFalse(self.line.failing_since)
        with freeze_time(self.START):
            self.run_made.with_user(self.secretary).action_retry()
            self._run_cron("cron_work_runs")
        reference = self.line.mail_reference
        self._send_at(self.START)
        self.assertEqual(self.line.state, "done")
        self.env["mail.thread"]._hoithi_note_bounce([reference])
        self.assertEqual(self.line.state, "failed")
        self.assertIn("came back", self.line.note)

    def test_who_needs_no_letter_any_more_gets_none(self):
        """One has come in meanwhile, another's login was archived, one left."""
        self._send_at(self.START, self.AWAY)
        self.env["res.users.log"].with_user(self.line.user_id).sudo().create({})
        self.env.cr.execute(
            "UPDATE res_users_log SET create_date = %s WHERE create_uid = %s",
            [self.START + timedelta(minutes=5), self.line.user_id.id],
        )
        other = self.run_made.sudo().line_ids - self.line
        other.user_id.sudo().active = False
        self.env.invalidate_all()
        self.assertFalse(self._send_at(self.START + timedelta(hours=1)))
        self.assertEqual((self.line.state, other.state), ("done", "failed"))
        self.assertFalse(self.line.failing_since or self.line.note)
        self.assertRegex(other.note, "archived|lưu trữ")

    def test_an_address_that_was_put_right(self):
        """The letter came back; who invites anew hears no more of the old one."""
        self._send_at(self.START)
        lines = self.env["mail.thread"]
        with freeze_time(self.START):
            lines._hoithi_note_bounce([self.line.mail_reference])
        self.assertRegex(self._get_problems(self.START), "arrive: 1.*link again")
        self.an.sudo().work_email = "an.dung@sotnmt.example.vn"
        later = self.START + timedelta(hours=1)
        # the old address isn't written to again, and why is told with what to do
        with freeze_time(later):
            self.run_made.with_user(self.secretary).action_retry()
            self._run_cron("cron_work_runs")
        self.assertEqual(self.line.state, "failed")
        self.assertRegex(self.line.note, "link again|Gửi lại")
        self.assertFalse(self._send_at(later))
        with freeze_time(later):
            again = self._invite(self._wizard(resend=True))
        line = again.sudo().line_ids.filtered(lambda x: x.employee_id == self.an)
        self.assertEqual((line.state, line.user_id), ("done", self.line.user_id))
        self.assertIn("an.dung@", " ".join(self._send_at(later)))
        self.assertEqual(self.line.state, "skipped")
        self.assertNotIn("did not arrive", self._get_problems(later))
        self.assertEqual(self.run_made.failed_count, 0)

    def test_a_login_that_was_used_long_ago(self):
        """Who was given an old login back needs the letter all the same."""
        self.env["res.users.log"].with_user(self.line.user_id).sudo().create({})
        self.env.cr.execute(
            "UPDATE res_users_log SET create_date = %s WHERE create_uid = %s",
            [self.START - timedelta(days=300), self.line.user_id.id],
        )
        self.env.invalidate_all()
        self._send_at(self.START, smtplib.SMTPResponseException(550, b"no such user"))
        self.assertRegex(self._get_problems(self.START), "did not arrive: 2")
        # sixty days on, it is tried anew and told anew
        later = self.START + timedelta(days=70)
        self.assertNotIn("did not arrive", self._get_problems(later))
        # a moment that was read while the clock is held has no time zone to count in
        partners = type(self.env["res.partner"])
        with (
            freeze_time(later),
            patch.object(partners, "_get_login_date", lambda _partner: 1),
        ):
            self.run_made.with_user(self.secretary).action_retry()
            self._run_cron("cron_work_runs")
        self.assertEqual((self.line.state, self.line.done_on), ("done", later))
        self._send_at(later, smtplib.SMTPResponseException(550, b"no such user"))
        self.assertRegex(self._get_problems(later), "did not arrive: 2")

    def test_a_letter_that_comes_back_after_the_rest_was_called_off(self):
        run = self.run_made.with_user(self.secretary)
        late = self._employ("Người Sau", "sau@sotnmt.example.vn")
        original = type(run)._work
        calls = []

        def breaks(records, lines):
            if calls:
                raise KilledError()
            calls.append(lines)
            original(records, lines)

        with freeze_time(self.START):
            other = self._confirm(self._wizard(resend=True)).with_user(self.secretary)
            with (
                patch.object(type(run), "_run_batch", 2),
                patch.object(type(run), "_work", breaks),
            ):
                self._run_cron_killed("cron_work_runs")
            other.action_cancel()
        lines = other.sudo().line_ids
        states = lines.mapped("state")
        self.assertEqual(sorted(states), ["cancelled", "done", "done"])
        done = lines.filtered(lambda line: line.state == "done")
        self._send_at(self.START)
        self.env["mail.thread"]._hoithi_note_bounce([done[0].mail_reference])
        with freeze_time(self.START):
            other.action_retry()
            self._run_cron("cron_work_runs")
        self.assertEqual(lines.mapped("state"), states, "the failed one alone")
        self.assertEqual(len(self._send_at(self.START)), 1)
        self.assertEqual(other.state, "done")
        with self.assertRaises(UserError):
            other.action_resume()
        cancelled = lines.filtered(lambda line: line.state == "cancelled")
        self.assertFalse(cancelled.user_id)
        self.assertFalse(self._login(late) and cancelled.employee_id == late)

    def test_another_invitation_replaces_the_letter(self):
        self._send_at(self.START, self.AWAY)
        with freeze_time(self.START + timedelta(minutes=1)):
            self._invite(self._wizard(resend=True))
        self.assertFalse(self.line.failing_since)
        self.assertEqual(len(self._mails(self.an.work_email)), 1)
        self.assertEqual(len(self._send_at(self.START + timedelta(minutes=2))), 2)
        self.assertFalse(self._send_at(self.START + timedelta(hours=1)))


@tagged("post_install", "-at_install")
class TestStaffSheet(InviteCase):
    GOOD = [
        "Ma Thị Mới",
        "moi@sotnmt.example.vn",
        "hat kiem lam",
        "Kiểm lâm",
        "C1",
    ]

    def test_new_staff_get_a_record_and_a_login(self):
        wizard = self._sheet(self.GOOD)
        self.assertEqual(self._check(wizard), {"Ma Thị Mới": "create"})
        self.assertFalse(self.env["hr.employee"].search([("name", "=", "Ma Thị Mới")]))
        self._invite(wizard)
        employee = self.env["hr.employee"].search([("name", "=", "Ma Thị Mới")])
        self.assertEqual(len(employee), 1)
        self.assertEqual(employee.department_id, self.post)
        self.assertEqual(employee.job_title, "Kiểm lâm")
        self.assertEqual(employee.hoithi_staff_code, "C1")
        self.assertEqual(employee.company_id, self.company)
        self.assertEqual(employee.work_contact_id.email, "moi@sotnmt.example.vn")
        self.assertEqual(employee.create_uid, self.secretary)
        self.assertTrue(self._login(employee)._is_portal())
        # may register at once
        self._launch()
        entry = self._create_entry(self._login(employee), with_file=False)
        self.assertEqual(entry.sudo().department_id, self.post)

    def test_a_list_uploaded_again_makes_nobody_twice(self):
        self._invite(self._sheet(self.GOOD))
        self.assertEqual(self._check(self._sheet(self.GOOD)), {"Ma Thị Mới": "unused"})
        # by the code alone, or by the e-mail alone
        for row in (
            [*self.GOOD[:4], ""],
            ["mới ma thị", *self.GOOD[1:]],
        ):
            self.assertEqual(set(self._check(self._sheet(row)).values()), {"unused"})
        self.assertEqual(
            self.env["hr.employee"].search_count(
                [("work_email", "=", "moi@sotnmt.example.vn")]
            ),
            1,
        )

    def test_the_record_was_made_while_the_run_waited(self):
        run = self._confirm(self._sheet(self.GOOD))
        made = self._employ("Ma Thị Mới", "moi@sotnmt.example.vn", self.post)
        self._run_cron("cron_work_runs")
        self.assertEqual(run.line_ids.employee_id, made)
        self.assertEqual(run.line_ids.state, "done")
        self.assertTrue(self._login(made))

    def test_rows_are_judged_one_by_one(self):
        self.an.hoithi_staff_code = "A1"
        wizard = self._sheet(
            self.GOOD,
            ["Lý Thị Lạ", "la@sotnmt.example.vn", "Hat kiem lan"],
            ["Nông Thị An", "saithu@sotnmt.example.vn", "Chi cục Kiểm lâm", "", "A1"],
            ["Hai Mã", "binh@sotnmt.example.vn", "Chi cục Kiểm lâm", "", "A1"],
            ["", "khong-ten@sotnmt.example.vn", "Hạt Kiểm lâm"],
        )
        wizard.action_check()
        notes = {line.row: line.note for line in wizard.line_ids}
        statuses = {line.row: line.status for line in wizard.line_ids}
        self.assertEqual(
            statuses, {2: "create", 3: "row", 4: "row", 5: "row", 6: "row"}
        )
        self.assertIn("Row 3, column “Unit”", notes[3])
        self.assertIn("Hạt Kiểm lâm", notes[3])
        self.assertIn(self.an.work_email, notes[4])
        self.assertIn(self.binh.name, notes[5])
        self.assertIn("Row 6, column “Full name”: fill it in.", notes[6])
        self.assertEqual(self._invite(wizard).total_count, 1)

    def test_a_row_that_contradicts_a_record_is_no_other_person(self):
        """Neither is a name replaced in silence, nor a second record made."""
        rows = (
            ["Ai Đó Khác", self.an.work_email, "Chi cục Kiểm lâm"],
            ["an nông thị", "an.moi@kho.example", "Hạt Kiểm lâm"],
            self.GOOD,
        )
        for user in (self.secretary, self.admin):
            wizard = self._sheet(*rows, user=user)
            wizard.action_check()
            notes = {line.row: line.note for line in wizard.line_ids}
            statuses = {line.row: line.status for line in wizard.line_ids}
            with self.subTest(user=user.login):
                self.assertEqual(statuses, {2: "row", 3: "row", 4: "create"})
                self.assertIn(f"this is {self.an.name}", notes[2])
                self.assertIn("another e-mail on record", notes[3])
                self.assertIn("entered in HR first", notes[3])
                shown = self.an.work_email in notes[3]
                self.assertIs(shown, user == self.secretary)
        # whom HR entered is found by the e-mail
        self._employ(self.an.name, "an.moi@kho.example", self.post)
        self.assertEqual(self._check(self._sheet(rows[1])), {"an nông thị": "invite"})

    def test_only_the_secretary_gives_a_colleague_an_address(self):
        """Whose address stands on record gets the login in that person's name."""
        silent = self._employ("Lục Văn Lặng", False)
        row = ["Lục Văn Lặng", "toi@kho.example", "Chi cục Kiểm lâm"]
        wizard = self._sheet(row, self.GOOD, user=self.admin)
        self.assertEqual(
            self._check(wizard), {"Lục Văn Lặng": "row", "Ma Thị Mới": "create"}
        )
        self.assertIn("ask the secretary", wizard.line_ids.filtered("note").note)
        self.assertEqual(self._invite(wizard).total_count, 1)
        self.assertFalse(silent.work_email)
        # nor by a record that is made while the run waits
        other = self._sheet(
            ["Đàm Thị Đợi", "doi@kho.example", "Chi cục Kiểm lâm", "", "D9"],
            user=self.admin,
        )
        run = self._confirm(other)
        made = self._employ("Đàm Thị Đợi", False, hoithi_staff_code="D9")
        self._run_cron("cron_work_runs")
        self.assertEqual(run.line_ids.state, "skipped")
        self.assertFalse(made.work_email)
        self._invite(self._sheet(row))
        self.assertEqual(silent.work_email, "toi@kho.example")
        # who has an address gets the link there, whoever sends it
        self.assertEqual(self._check(self._wizard(self.admin))[self.an.name], "invite")

    def test_archived_records_are_not_doubled(self):
        self.an.active = False
        wizard = self._sheet([self.an.name, self.an.work_email, "Chi cục Kiểm lâm"])
        self.assertEqual(set(self._check(wizard).values()), {"row"})
        self.assertIn("archived", wizard.line_ids.note)

    def test_a_contact_of_the_person_is_used(self):
        contact = self.env["res.partner"].create(
            {"name": "Ma Thi Moi", "email": "moi@sotnmt.example.vn"}
        )
        self._invite(self._sheet(self.GOOD))
        employee = self.env["hr.employee"].search([("hoithi_staff_code", "=", "C1")])
        self.assertEqual(employee.work_contact_id, contact)
        self.assertEqual(len(self._login(employee)), 1)

    def test_files_that_are_no_lists(self):
        with self.assertRaisesRegex(UserError, "Choose the filled"):
            self._wizard(source="sheet").action_check()
        wizard = self._wizard(
            source="sheet", upload=base64.b64encode(b"\0nonsense"), upload_name="a.xlsx"
        )
        with self.assertRaisesRegex(UserError, "read as a workbook"):
            wizard.action_check()
        with self.assertRaisesRegex(UserError, "first rows: E-mail"):
            self._sheet(["x"], head=["Full name"]).action_check()
        with self.assertRaisesRegex(UserError, "no persons"):
            self._sheet().action_check()

    def test_the_template_in_the_readers_language(self):
        self.env["res.lang"]._activate_lang("vi_VN")
        wizard = self._wizard(source="sheet")
        wizard.action_template()
        workbook = load_workbook(io.BytesIO(base64.b64decode(wizard.file)))
        self.assertEqual(len(workbook.sheetnames), 4)
        sheet = workbook.worksheets[0]
        self.assertEqual([cell.value for cell in sheet[1]], HEAD)
        paths = [row[0].value for row in workbook.worksheets[3].rows][1:]
        self.assertIn("Chi cục Kiểm lâm / Hạt Kiểm lâm", paths)
        sheet.append(["Ma Thị Mới", "moi@sotnmt.example.vn", paths[0], "", ""])
        output = io.BytesIO()
        workbook.save(output)
        again = self._wizard(
            source="sheet", upload=base64.b64encode(output.getvalue()), upload_name="x"
        )
        # whoever reads another language uploads the same file
        again = again.with_context(lang="vi_VN")
        self.assertEqual(set(self._check(again).values()), {"create"})

    def test_through_the_form(self):
        form = Form(self.env["hoithi.staff.invite"].with_user(self.secretary))
        form.department_ids.add(self.branch)
        wizard = form.save()
        wizard.action_check()
        self.assertEqual(wizard.step, "check")
        self.assertEqual(wizard.ready_count, 2)
        run = self._invite(wizard)
        with Form(run.with_user(self.secretary)) as run_form:
            self.assertEqual(run_form.done_count, 2)
