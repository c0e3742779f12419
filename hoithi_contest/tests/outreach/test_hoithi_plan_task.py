from datetime import datetime, time, timedelta

from freezegun import freeze_time
from markupsafe import Markup
from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import PDF, HoithiCommon


@tagged("post_install", "-at_install")
class TestHoithiPlanTask(HoithiCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = cls.contest._get_today()
        cls.contest.reminder_days = "7,2"
        cls.task = cls._create_task()

    @classmethod
    def _create_task(cls, **values):
        return (
            cls.env["hoithi.plan.task"]
            .with_user(cls.secretary)
            .create(
                {
                    "contest_id": cls.contest.id,
                    "name": "Quán triệt kế hoạch",
                    "lead_department_id": cls.unit.id,
                    "cooperating_department_ids": [Command.set(cls.other_unit.ids)],
                    "date_start": cls.today,
                    "date_end": cls.today + timedelta(days=20),
                    **values,
                }
            )
        )

    def _activities(self, task=None):
        return self.env["mail.activity"].search(
            [
                ("res_model", "=", "hoithi.plan.task"),
                ("res_id", "=", (task or self.task).id),
            ]
        )

    def _notices(self, kind):
        return self.env["hoithi.notice"].search([("kind", "=", kind)], order="id")

    def _remind(self, days=0, **delta):
        with freeze_time(fields.Datetime.now() + timedelta(days=days, **delta)):
            self.env["hoithi.notice"]._schedule_reminders()

    # PROGRESS

    def test_who_moves_a_task(self):
        self._launch()
        for user in (self.secretary, self.head):
            task = self.task.with_user(user)
            self.assertTrue(task.can_progress)
            for progress in ("doing", "done", "todo"):
                task.progress = progress
        self.assertTrue(self.task.with_user(self.secretary).can_plan)
        self.assertFalse(self.task.with_user(self.head).can_plan)
        for user in (
            self.other_head,
            self.internal,
            self.staff,
            self.leader,
            self.member1,
            self.admin,
        ):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.task.with_user(user).write({"progress": "done"})
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.task.with_user(user).action_set_progress("done")
        self.assertEqual(self.task.progress, "todo")

    def test_portal_head_reports(self):
        self._launch()
        self.unit.manager_id = self.employees[self.coauthor]
        task = self.task.with_user(self.coauthor)
        task.action_set_progress("doing")
        task._add_evidence("bien-ban.pdf", PDF)
        self.assertEqual(self.task.progress, "doing")
        self.assertEqual(self.task.attachment_ids.name, "bien-ban.pdf")
        self.assertTrue(task.attachment_ids._can_return_content())
        note = self.task.with_user(self.secretary).message_post(
            body=Markup("Nội bộ"), attachments=[("ghi-chu.pdf", PDF)]
        )
        file = note.attachment_ids
        self.assertEqual((file.res_model, file.res_id), (task._name, task.id))
        self.assertTrue(file.with_user(self.secretary).has_access("read"))
        with self.assertRaises(AccessError):
            file.with_user(self.coauthor)._can_return_content()
        with self.assertRaisesRegex(UserError, "how far"):
            task.action_set_progress("finished")
        with self.assertRaises(AccessError):
            self.task.with_user(self.head).action_set_progress("done")

    def test_head_changes_nothing_of_the_plan(self):
        self._launch()
        task = self.task.with_user(self.head)
        task.write({"evidence": "<p>Đã họp</p>", "progress": "doing"})
        for vals in (
            {"name": "Khác"},
            {"date_end": self.today + timedelta(days=90)},
            {"lead_department_id": self.other_unit.id},
            {"progress": "done", "contest_id": self.contest.id},
            {"expected_output": "Không"},
        ):
            with self.subTest(vals=vals), self.assertRaises(AccessError):
                task.write(vals)
        with self.assertRaises(AccessError):
            task.create({"contest_id": self.contest.id, "name": "Việc mới"})
        with self.assertRaises(AccessError):
            task.unlink()

    def test_a_contest_that_does_not_run_keeps_its_tasks(self):
        task = self.task.with_user(self.head)
        with self.assertRaisesRegex(UserError, "isn't running"):
            task.progress = "doing"
        self._launch()
        task.progress = "doing"
        self.contest.with_user(self.secretary).action_cancel(reason="Hoãn")
        with self.assertRaisesRegex(UserError, "isn't running"):
            task.progress = "done"
        self.task.with_user(self.secretary).progress = "done"

    def test_done_on_the_day_of_the_contest(self):
        evening = datetime.combine(self.today + timedelta(days=1), time(17, 30))
        self.secretary.tz = False
        with freeze_time(evening):
            self.task.progress = "done"
            other = self._create_task(progress="done")
        for task in (self.task, other):
            self.assertEqual(task.date_done, self.today + timedelta(days=2))

    def test_done_has_a_day(self):
        self.assertFalse(self.task.date_done)
        self.task.progress = "done"
        self.assertEqual(self.task.date_done, self.today)
        self.task.progress = "doing"
        self.assertFalse(self.task.date_done)
        day = self.today - timedelta(days=3)
        self.task.write({"progress": "done", "date_done": day})
        self.assertEqual(self.task.date_done, day)
        with self.assertRaisesRegex(ValidationError, "to come"):
            self.task.date_done = self.today + timedelta(days=2)
        self.task.invalidate_recordset()
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.cr.savepoint(),
        ):
            self.task.write({"date_done": False})
            self.env.flush_all()
        other = self._create_task()
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.cr.savepoint(),
        ):
            other.write({"date_done": day})
            self.env.flush_all()
        copy = self.task.copy()
        self.assertEqual((copy.progress, copy.date_done), ("todo", False))

    # ACTIVITIES

    def test_the_launch_gives_the_head_an_activity(self):
        self.assertFalse(self._activities(), "nothing before the launch")
        self._launch()
        activity = self._activities()
        self.assertEqual(activity.user_id, self.head)
        self.assertEqual(activity.date_deadline, self.task.date_end)
        self._remind()
        self.assertEqual(self._activities(), activity, "one is enough")
        self.task.lead_department_id = self.other_unit
        self.assertEqual(self._activities().user_id, self.other_head)
        self.task.date_end = self.today + timedelta(days=25)
        self.assertEqual(self._activities().date_deadline, self.task.date_end)
        self.task.with_user(self.other_head).progress = "done"
        self.assertFalse(self._activities())
        self.assertTrue(
            self.task.message_ids.filtered("mail_activity_type_id"), "told in the log"
        )

    def test_a_new_task_and_a_new_head(self):
        self._launch()
        task = self._create_task(name="Việc mới")
        self.assertEqual(self._activities(task).user_id, self.head)
        self.unit.manager_id = self.employees[self.internal]
        self._remind()
        self.assertEqual(self._activities(task).user_id, self.internal)
        self.unit.manager_id = self.employees[self.coauthor]
        self._remind()
        self.assertFalse(self._activities(task), "a portal login has no activities")
        outside = self._create_task(
            lead_department_id=False, lead_name="Hội đồng xét duyệt"
        )
        self.assertFalse(self._activities(outside))

    def test_launching_many_tasks_costs_few_queries(self):
        def count():
            tasks = self.contest.task_ids
            self._activities().unlink()
            self.env["mail.activity"].search(
                [("res_model", "=", "hoithi.plan.task")]
            ).unlink()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            tasks._sync_activities()
            self.env.flush_all()
            return self.cr.sql_log_count - before

        self._launch()
        for _number in range(2):
            self._create_task()
        count()
        few = count()
        for _number in range(27):
            self._create_task()
        # inserting is a row each and a log line each, nothing else grows
        self.assertLessEqual(count(), few + 27 * 4)

    # REMINDERS

    def test_reminders_before_the_end_and_after_it(self):
        self._launch()
        self._remind()
        self.assertFalse(self._notices("task_due"))
        self._remind(days=14)
        notice = self._notices("task_due")
        self.assertEqual(notice.partner_id, self.head.partner_id)
        self._remind(days=14)
        self._remind(days=15)
        self.assertEqual(self._notices("task_due"), notice, "once")
        self._remind(days=19)
        self.assertEqual(len(self._notices("task_due")), 2)
        self._remind(days=22)
        overdue = self._notices("tasks_overdue")
        self.assertEqual(overdue.partner_id, (self.head | self.secretary).partner_id)
        self.assertEqual(overdue.mapped("res_model"), ["hoithi.contest"] * 2)
        self._remind(days=23)
        self.assertEqual(self._notices("tasks_overdue"), overdue)
        self.task.date_end = self.today + timedelta(days=40)
        self._remind(days=35)
        self.assertEqual(len(self._notices("task_due")), 3, "a new end reminds anew")

    def test_one_letter_tells_each_of_all_that_is_overdue(self):
        """However many end on a day; another one is told of as it ends, once."""
        self._launch()
        self.task.date_end = self.today + timedelta(days=10)
        second = self._create_task(date_end=self.today + timedelta(days=12))
        other = self._create_task(
            lead_department_id=False,
            lead_name="Hội đồng",
            date_end=self.today + timedelta(days=12),
        )
        self._remind(days=13)
        notices = self._notices("tasks_overdue")
        self.assertEqual(len(notices), 2, "one for the head, one for the secretary")
        readers = notices.grouped("partner_id")
        with freeze_time(self.today + timedelta(days=13, hours=9)):
            self.env.invalidate_all()
            self.assertEqual(
                readers[self.head.partner_id]._get_overdue_tasks(), self.task | second
            )
            letter = readers[self.secretary.partner_id]._compose()
            self.assertIn("Overdue tasks of the plan, 3: ", letter["subject"])
            for task in self.task | second | other:
                self.assertIn(f"res_id={task.id}", letter["body_html"])
            # what is done isn't told of, and leaves no letter about the rest behind
            (second | other).progress = "done"
            self.assertEqual(
                readers[self.head.partner_id]._get_overdue_tasks(), self.task
            )
        self._remind(days=14)
        self.assertEqual(self._notices("tasks_overdue"), notices)
        self._create_task(date_end=self.today + timedelta(days=15))
        self._remind(days=16)
        self.assertEqual(len(self._notices("tasks_overdue")), 4)
        self.contest.task_ids.progress = "done"
        self.assertEqual(
            [
                one
                for one in self._notices("tasks_overdue")
                if not one._get_moot_reason()
            ],
            [],
        )

    def test_done_tasks_and_other_contests_are_left_alone(self):
        self._remind(days=30)
        self.assertFalse(self._notices("tasks_overdue"), "not launched")
        self._launch()
        self.task.progress = "done"
        self._remind(days=30)
        self.assertFalse(self._notices("tasks_overdue"))

    def test_who_is_told_where_nobody_leads(self):
        self._launch()
        outside = self._create_task(lead_department_id=False, lead_name="Hội đồng")
        self._remind(days=14)
        notice = self._notices("task_due").filtered(
            lambda notice: notice.res_id == outside.id
        )
        self.assertEqual(notice.partner_id, self.secretary.partner_id)
        self.unit.manager_id = self.employees[self.coauthor]
        self._remind(days=19)
        self.assertIn(
            self.coauthor.partner_id,
            self._notices("task_due").partner_id,
            "a portal login is told, too",
        )

    def test_leads_of_late_tasks_are_reminded_from_the_home(self):
        self._launch()
        office = self.contest.with_user(self.secretary)
        self.assertNotIn("task_leads", [line["key"] for line in office._get_late()])
        past = {
            "date_start": self.today - timedelta(days=50),
            "date_end": self.today - timedelta(days=5),
        }
        late = self._create_task(**past)
        [line] = [one for one in office._get_late_lines() if one["key"] == "task_leads"]
        self.assertTrue(line["text"].startswith("1 tasks"))
        self.assertTrue(line["is_late"] and line["can_remind"])
        told = office.action_remind("task_leads")["params"]["message"]
        self.assertIn(self.head.name, told)
        notice = self._notices("tasks_overdue")
        self.assertEqual(notice.partner_id, self.head.partner_id)
        self.assertEqual(notice._get_overdue_tasks(), late)
        told = office.action_remind("task_leads")["params"]["message"]
        self.assertIn("today already", told)
        # also where the schedule is silent: it is the letter of the same kind
        rules = self.env["hoithi.notice.rule"]
        rules.search([("audience", "=", "task_leads")]).active = False
        self.unit.manager_id = self.employees[self.coauthor]
        office.action_remind("task_leads")
        other = self._notices("tasks_overdue") - notice
        self.assertEqual(other.partner_id, self.coauthor.partner_id)
        self.assertIn(f"res_id={late.id}", other._compose()["body_html"])
        self.assertFalse(self._notices("task_due"))
        late.write({"lead_department_id": False, "lead_name": "Hội đồng"})
        with self.assertRaisesRegex(UserError, "Nobody is on record who leads"):
            office.action_remind("task_leads")

    def test_reminders_are_sent(self):
        self._launch()
        self.task.date_end = self.today + timedelta(days=1)
        late = self._create_task(
            name="Đăng tải",
            date_start=self.today - timedelta(days=9),
            date_end=self.today - timedelta(days=2),
        )
        before = self.env["mail.mail"].search([])
        self._run_cron("cron_send_notices")
        mails = self.env["mail.mail"].search([]) - before
        subjects = mails.mapped("subject")
        self.assertIn(f"Task of the plan due soon: {self.task.name}", subjects)
        self.assertEqual(
            subjects.count(f"Overdue tasks of the plan, 1: {self.contest.name}"), 2
        )
        self.assertTrue(
            all(f"res_id={r.id}" in "".join(mails.mapped("body_html")) for r in late)
        )
        self.assertFalse(self._notices("task_due").filtered("error"))
        url = self.task._get_access_action(access_uid=self.coauthor.id)["url"]
        self.assertEqual(url, "/my/hoithi/units")
        self.assertEqual(
            self.task.with_user(self.head)._get_access_action(self.head.id)[
                "res_model"
            ],
            "hoithi.plan.task",
        )

    # LATENESS

    def test_late_tasks_are_found(self):
        past = self.today - timedelta(days=5)
        common = {"date_start": self.today - timedelta(days=50), "date_end": past}
        self._create_task(**common)
        self._create_task(**common, progress="done")
        self._create_task(progress="doing")
        self.contest.invalidate_recordset()
        late = self.env["hoithi.plan.task"].search(
            [("contest_id", "=", self.contest.id), ("is_late", "=", True)]
        )
        self.assertEqual(len(late), 1)
        self.assertTrue(late.is_late)
