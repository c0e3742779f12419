from datetime import timedelta

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..common import HoithiCommon
from ..guard.test_hoithi_views import ViewsCase


class UnitCase(HoithiCommon):
    """A launched contest whose departments are those of the common case alone."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        own = cls.unit | cls.sub_unit | cls.other_unit
        cls.env["hr.department"].search([("id", "not in", own.ids)]).action_archive()
        cls.today = cls.contest._get_today()
        # the staff was there long before the contest
        cls.env["hr.version"].search(
            [("employee_id", "in", [e.id for e in cls.employees.values()])]
        ).date_version = cls.today - timedelta(days=900)
        cls.env["hr.employee"].search(
            [("id", "not in", [e.id for e in cls.employees.values()])]
        ).action_archive()
        cls.union = cls.env["hoithi.organisation"].create(
            {
                "name": "Công đoàn cơ sở",
                "kind": "trade_union",
                "head_id": cls.employees[cls.staff].id,
                "member_count": 20,
            }
        )

    @classmethod
    def _row(cls, body, contest=None):
        field = "department_id" if body._name == "hr.department" else "organisation_id"
        return cls.env["hoithi.contest.unit"].search(
            [("contest_id", "=", (contest or cls.contest).id), (field, "=", body.id)]
        )

    @classmethod
    def _outreach(cls, user=None, **values):
        return (
            cls.env["hoithi.outreach"]
            .with_user(user or cls.secretary)
            .create(
                {
                    "contest_id": cls.contest.id,
                    "department_id": cls.unit.id,
                    "date": cls.today,
                    "reach": 2,
                    **values,
                }
            )
        )

    @classmethod
    def _hire(cls, unit, day, **values):
        return cls.env["hr.employee"].create(
            {
                "name": "Nhân viên",
                "department_id": unit.id,
                "date_version": day,
                **values,
            }
        )


@tagged("post_install", "-at_install")
class TestContestUnit(UnitCase):
    # ROWS

    def test_launch_makes_a_row_for_each_unit_and_organisation(self):
        self.assertFalse(self.contest.unit_ids)
        self._launch()
        rows = self.contest.unit_ids
        self.assertEqual(rows.department_id, self.unit | self.other_unit)
        self.assertEqual(rows.organisation_id, self.union)
        self.assertEqual(len(rows), 3)
        self.assertEqual(set(rows.mapped("stage")), {"waiting"})
        union = self._row(self.union)
        self.assertEqual((union.headcount, union.member_count), (0, 20))

    def test_refresh_adds_what_came_since(self):
        self._launch()
        new = self.env["hr.department"].create({"name": "Chi cục mới"})
        self.sub_unit.hoithi_own_row = True
        rows = self.contest.unit_ids
        self._row(self.unit).with_user(self.secretary).action_refresh()
        self.assertEqual(
            (self.contest.unit_ids - rows).department_id, new | self.sub_unit
        )
        self._row(self.unit).with_user(self.leader).action_refresh()
        self.assertEqual(len(self.contest.unit_ids), 5, "each unit once")
        with self.assertRaises(AccessError):
            self._row(self.unit).with_user(self.head).action_refresh()
        with self.assertRaises(AccessError):
            self.env["hoithi.contest.unit"].with_user(self.staff).action_refresh()

    def test_one_unit_above_all_others(self):
        """Where one unit stands for the house, those right below it are meant, too."""
        house = self.env["hr.department"].create({"name": "Sở"})
        (self.unit | self.other_unit).parent_id = house
        self._launch()
        self.assertEqual(
            self.contest.unit_ids.department_id, house | self.unit | self.other_unit
        )

    def test_branches_have_their_rows_and_count(self):
        self._launch()
        before = len(self.contest.unit_ids)
        branch = self.env["res.company"].create(
            {"name": "Chi cục Biển và Hải đảo", "parent_id": self.company.id}
        )
        head, staff = self.env["hr.employee"].create(
            [{"name": f"Nông Văn {name}", "company_id": branch.id} for name in "AB"]
        )
        unit = self.env["hr.department"].create(
            {"name": "Chi cục Biển", "company_id": branch.id, "manager_id": head.id}
        )
        below = self.env["hr.department"].create(
            {"name": "Phòng Biển", "company_id": branch.id, "parent_id": unit.id}
        )
        head.department_id, staff.department_id = unit, below
        self.contest.unit_ids.with_user(self.secretary).action_refresh()
        self.contest.invalidate_recordset()
        row = self.contest.unit_ids.filtered(lambda row: row.department_id == unit)
        self.assertEqual(len(self.contest.unit_ids), before + 1)
        self.assertEqual(row.headcount, 2)
        self.assertIn(head.work_contact_id, self.contest._get_heads())
        entry = self._submit_entry()
        entry.sudo()._open_door().department_id = below
        self.contest.unit_ids.with_user(self.secretary).action_refresh()
        self.assertEqual(row.sudo().submitted_count, 1)

    def test_a_unit_has_one_row(self):
        self._launch()
        rows = self.env["hoithi.contest.unit"].with_user(self.secretary)
        values = {"contest_id": self.contest.id}
        for vals in (
            {"department_id": self.unit.id},
            {},
            {"department_id": self.sub_unit.id, "organisation_id": self.union.id},
        ):
            with (
                self.subTest(vals=vals),
                mute_logger("odoo.sql_db"),
                self.assertRaises(IntegrityError),
                self.cr.savepoint(),
            ):
                rows.create({**values, **vals})
        row = rows.create({**values, "department_id": self.sub_unit.id})
        self.assertEqual(row.headcount, 2)
        with self.assertRaisesRegex(UserError, "delete it and add another"):
            row.department_id = self.other_unit
        row.unlink()

    def test_counted_values_are_nobodys_to_write(self):
        self._launch()
        row = self._row(self.unit)
        for vals in (
            {"headcount": 99},
            {"stage": "submitted"},
            {"received_on": "2026-01-01"},
        ):
            with self.assertRaises(AccessError):
                row.with_user(self.secretary).write(vals)
        self.assertEqual((row.headcount, row.stage), (3, "waiting"))
        self.assertFalse(row.received_on)
        for user in (self.head, self.leader, self.staff, self.internal, self.admin):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                row.with_user(user).write({"note": "x"})

    # RECEIVED

    def test_head_acknowledges_the_plan_for_the_own_unit(self):
        self._launch()
        row = self._row(self.unit)
        self.assertTrue(row.with_user(self.head).can_receive)
        self.assertFalse(row.with_user(self.secretary).can_receive)
        for user in (self.other_head, self.staff, self.internal, self.stranger):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                row.with_user(user).action_receive()
        with self.assertRaisesRegex(AccessError, "Only the head"):
            row.with_user(self.leader).action_receive()
        row.with_user(self.head).action_receive()
        self.assertEqual(row.received_by_id, self.head)
        self.assertEqual(row.stage, "received")
        moment = row.received_on
        with freeze_time(moment + timedelta(days=1)):
            row.with_user(self.secretary).action_receive()
        self.assertEqual(
            (row.received_on, row.received_by_id), (moment, self.head), "told once"
        )
        with self.assertRaisesRegex(UserError, "its row stays"):
            row.with_user(self.secretary).unlink()
        self.assertEqual(row.acknowledged_count, 0, "a head reads for nobody")

    def test_portal_head_needs_no_group(self):
        self._launch()
        row = self._row(self.union).with_user(self.staff)
        self.assertEqual(row.search([]), row)
        row.action_receive()
        self.assertEqual(row.received_by_id.sudo(), self.staff)
        self.unit.manager_id = self.employees[self.coauthor]
        mine = self._row(self.unit).with_user(self.coauthor)
        self.assertEqual(mine.search([]), mine)
        mine.action_receive()
        self.assertFalse(self._row(self.unit).with_user(self.head).has_access("read"))

    def test_secretary_enters_what_came_on_paper(self):
        self._launch()
        row = self._row(self.other_unit).with_user(self.secretary)
        row.action_receive()
        self.assertEqual(row.received_by_id, self.secretary)

    def test_nothing_is_acknowledged_after_the_end(self):
        self._launch()
        self.contest.with_user(self.secretary).action_cancel(reason="Hoãn")
        row = self._row(self.unit)
        self.assertFalse(row.with_user(self.head).can_receive)
        with self.assertRaisesRegex(UserError, "isn't running"):
            row.with_user(self.head).action_receive()

    # WHO SEES

    def test_who_sees_which_rows(self):
        self._launch()
        unit, other, union = map(self._row, (self.unit, self.other_unit, self.union))
        for user, visible in (
            (self.secretary, unit | other | union),
            (self.leader, unit | other | union),
            (self.head, unit),
            (self.other_head, other),
            (self.staff, union),
            (self.coauthor, unit.browse()),
            (self.internal, unit.browse()),
            (self.member1, unit.browse()),
            (self.admin, unit.browse()),
        ):
            with self.subTest(user=user.login):
                found = self.env["hoithi.contest.unit"].with_user(user).search([])
                self.assertEqual(found.sudo(), visible)

    def test_another_department_sees_nothing(self):
        self._launch()
        company = self.env["res.company"].create({"name": "Sở khác"})
        foreign = new_test_user(
            self.env,
            "t_foreign",
            "hoithi_contest.group_secretary",
            company_id=company.id,
            company_ids=[fields.Command.set(company.ids)],
        )
        for model in ("hoithi.contest.unit", "hoithi.organisation"):
            self.assertFalse(self.env[model].with_user(foreign).search([]))

    # COUNTS

    def test_staff_is_counted_by_hr_on_the_day(self):
        day = self.today
        self._hire(self.unit, day - timedelta(days=1))
        self._hire(self.unit, day)
        self._hire(self.unit, day + timedelta(days=1))
        gone = self._hire(self.sub_unit, day - timedelta(days=50))
        gone.write({"departure_date": day - timedelta(days=1), "active": False})
        leaving = self._hire(self.sub_unit, day - timedelta(days=50))
        leaving.write({"departure_date": day + timedelta(days=3)})
        self._launch()
        row = self._row(self.unit)
        # head and two of the sub-unit before, two hired by now, one who leaves soon
        self.assertEqual(row.headcount, 6)
        self.assertEqual(row.counted_on, day)
        with freeze_time(fields.Datetime.now() + timedelta(days=5)):
            row.action_refresh()
        self.assertEqual(row.headcount, 6, "one came, one left")
        self.assertEqual(row.counted_on, day + timedelta(days=5))

    def test_rows_add_up(self):
        """A sub-unit with a row of its own counts there and nowhere else."""
        self._launch()
        staff = self.contest.unit_ids.filtered("department_id")
        self.assertEqual(sum(staff.mapped("headcount")), len(self.employees))
        self.sub_unit.hoithi_own_row = True
        staff.action_refresh()
        self.assertEqual(self._row(self.sub_unit).headcount, 2)
        self.assertEqual(self._row(self.unit).headcount, 1)
        staff = self.contest.unit_ids.filtered("department_id")
        self.assertEqual(sum(staff.mapped("headcount")), len(self.employees))

    def test_entries_are_counted(self):
        self._launch()
        draft = self._create_entry()
        self._submit_entry(self.coauthor)
        self._submit_entry(self.internal)
        self.contest.unit_ids.action_refresh()
        row, other = self._row(self.unit), self._row(self.other_unit)
        self.assertEqual((row.registered_count, row.submitted_count), (2, 1))
        self.assertEqual((other.registered_count, other.submitted_count), (1, 1))
        self.assertEqual(row.stage, "submitted")
        draft.action_delete_draft()
        row.action_refresh()
        self.assertEqual((row.registered_count, row.submitted_count), (1, 1))

    def test_stages_follow_the_facts(self):
        self._launch()
        row = self._row(self.unit)
        outreach = self._outreach(self.head)
        self.assertEqual(row.stage, "disseminated")
        entry = self._create_entry()
        row.action_refresh()
        self.assertEqual(row.stage, "registered")
        entry.action_submit()
        row.action_refresh()
        self.assertEqual(row.stage, "submitted")
        entry.action_withdraw(reason="Rút")
        outreach.with_user(self.secretary).unlink()
        row.action_refresh()
        self.assertEqual(row.stage, "waiting")

    def test_zero_and_unacknowledged_are_found(self):
        self._launch()
        self._submit_entry()
        self.contest.unit_ids.action_refresh()
        rows = self.env["hoithi.contest.unit"].with_user(self.leader)
        zero = rows.search(
            [("submitted_count", "=", 0), ("department_id", "!=", False)]
        )
        self.assertEqual(zero.department_id, self.other_unit)
        self._row(self.unit).with_user(self.head).action_receive()
        waiting = rows.search([("received_on", "=", False)])
        self.assertEqual(waiting, self._row(self.other_unit) | self._row(self.union))

    def test_a_contest_that_is_over_keeps_its_figures(self):
        self._launch()
        row = self._row(self.unit)
        self.contest.with_user(self.secretary).action_cancel(reason="Hoãn")
        self._hire(self.unit, self.today)
        row.action_refresh()
        row._refresh()
        self.assertEqual(row.headcount, 3)

    def test_scheduled_action_counts_running_contests(self):
        self._launch()
        self._hire(self.unit, self.today)
        self._run_cron("cron_refresh_units")
        self.assertEqual(self._row(self.unit).headcount, 4)


@tagged("post_install", "-at_install")
class TestContestUnitQueries(UnitCase, ViewsCase):
    def test_counting_costs_the_same_for_3_and_for_30_units(self):
        self._launch()
        day = self.today - timedelta(days=9)

        def make(number):
            unit = self.env["hr.department"].create({"name": f"Đơn vị {number}"})
            for _person in range(3):
                self._hire(unit, day)
            self.env["hoithi.outreach"].create(
                {
                    "contest_id": self.contest.id,
                    "department_id": unit.id,
                    "date": self.today,
                    "reach": 1 + number % 3,
                }
            )

        def count():
            # a new figure for each row
            rows = self.contest.unit_ids
            rows.write({"headcount": 0, "stage": "waiting"})
            return self._count(rows.browse(rows.ids)._refresh)

        for number in range(3):
            make(number)
        rows = self.env["hoithi.contest.unit"]
        rows._make_for(self.contest)
        count()
        few = count()
        for number in range(3, 30):
            make(number)
        rows._make_for(self.contest)
        self.assertEqual(len(self.contest.unit_ids), 33)
        self.assertEqual(count(), few)
        self.assertEqual(self._row(self.unit).headcount, 3)

    def _count(self, call):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        call()
        self.env.flush_all()
        return self.cr.sql_log_count - before

    def test_board_list_and_portal_rows_cost_the_same(self):
        self._launch()
        domain = [("contest_id", "=", self.contest.id)]
        calls = [
            self._get_board_call("hoithi.contest.unit", self.leader, domain),
            self._get_list_call("hoithi.contest.unit", self.leader, domain),
        ]
        rows = self.env["hoithi.contest.unit"]
        for call in calls:
            self._count(call)
        few = [self._count(call) for call in calls]
        for number in range(30):
            self.env["hr.department"].create({"name": f"Đơn vị {number}"})
        rows._make_for(self.contest)
        self.assertEqual([self._count(call) for call in calls], few)

    def _get_board_call(self, model, user, domain):
        arch = self._get_arch(model, "kanban", user)
        records = self.env[model].with_user(user).with_context(read_group_expand=True)
        specification = self._get_specification(model, arch)
        return lambda: records.web_read_group(
            domain,
            [arch.get("default_group_by")],
            ["__count"],
            auto_unfold=True,
            unfold_read_specification=specification,
        )

    def _get_list_call(self, model, user, domain):
        specification = self._get_specification(
            model, self._get_arch(model, "list", user)
        )
        records = self.env[model].with_user(user)
        return lambda: records.web_search_read(domain, specification, limit=80)

    def test_every_stage_is_a_column(self):
        self._launch()
        groups = (
            self.env["hoithi.contest.unit"]
            .with_user(self.leader)
            .with_context(read_group_expand=True)
            .web_read_group([], ["stage"], ["__count"])["groups"]
        )
        self.assertEqual(
            [group["stage"] for group in groups],
            ["waiting", "received", "disseminated", "registered", "submitted"],
        )
