from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from ...models.guard.hoithi_guard_mixin import Load
from ..common import HoithiCommon

PLAN = "odoo.addons.hoithi_contest.models.contest.hoithi_unit_change_plan"


@tagged("post_install", "-at_install")
class TestUnitChange(HoithiCommon):
    """Units merge, split or are renamed while a contest runs."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._launch()
        cls.entry = cls._submit_entry()
        cls.other = cls._submit_entry(cls.internal, name="Tra cứu địa chính")
        cls.officer = cls._create_logins(
            [
                {
                    "login": "t_officer",
                    "name": "Cán bộ tổ chức",
                    "email": "officer@sotnmt.example.vn",
                    "group_ids": [Command.set(cls.env.ref("hr.group_hr_user").ids)],
                }
            ]
        )
        cls.today = cls.contest._get_today()
        cls.env.flush_all()

    def _change(self, user=None, **values):
        return (
            self.env["hoithi.unit.change"]
            .with_user(user or self.officer)
            .create(
                {
                    "decision_number": "31/QĐ-UBND",
                    "reason": "Sắp xếp tổ chức bộ máy",
                    "effective_on": self.today,
                    **values,
                }
            )
        )

    def _merge(self, **values):
        return self._change(
            kind="merge",
            **{
                "unit_ids": [Command.set((self.unit | self.other_unit).ids)],
                "new_name": "Phòng Tài nguyên",
                **values,
            },
        )

    def _later(self):
        """As if what is written were so by another request, a minute later."""
        later = fields.Datetime.now() + timedelta(minutes=1)
        return patch.object(self.env.cr, "now", lambda: later)

    def _rows(self, unit):
        return self.env["hoithi.contest.unit"].search(
            [("contest_id", "=", self.contest.id), ("department_id", "in", unit.ids)]
        )

    def test_two_units_become_one(self):
        task = self.env["hoithi.plan.task"].create(
            {
                "contest_id": self.contest.id,
                "name": "Phát động",
                "lead_department_id": self.other_unit.id,
            }
        )
        self._rows(self.other_unit).with_user(self.secretary).action_receive()
        change = self._merge(head_id=self.employees[self.head].id)
        self.assertIn("Phòng Tài nguyên", change.preview)
        self.assertEqual(self.other.department_id, self.other_unit, "not yet")
        self.assertNotRegex(change.preview, r"\d+ entries", "who entered isn't told")
        dialog, blocks = self._show(change, "action_ask_apply")
        self.assertFalse(blocks)
        self.assertEqual("\n".join(dialog.effects), change.preview)
        _dialog, blocks = self._show(change, "action_ask_plan")
        self.assertIn("day of the change has come", blocks[0])
        dialog.action_apply()
        unit = change.result_id
        self.assertEqual(unit.name, "Phòng Tài nguyên")
        self.assertFalse((self.unit | self.other_unit).filtered("active"))
        self.assertEqual(self.sub_unit.parent_id, unit, "units below come along")
        self.assertEqual(self.other.department_id, unit)
        self.assertEqual(self.other.sudo().author_ids.department_id, unit)
        self.assertEqual(self.entry.department_id, self.sub_unit, "it has its own")
        self.assertEqual(self.employees[self.internal].sudo().department_id, unit)
        for entry in (self.entry, self.other):
            self.assertTrue(entry.with_user(self.head).has_access("read"))
            self.assertFalse(entry.with_user(self.other_head).has_access("read"))
        self.assertEqual(task.lead_department_id, unit)
        self.assertFalse(self._rows(self.unit | self.other_unit))
        row = self._rows(unit)
        self.assertTrue(row.received_on, "that one had acknowledged stays")
        self.assertEqual(row.sudo().submitted_count, 2)
        self.assertEqual(change.state, "done")
        self.assertIn(self.other_unit.name, change.old_names)
        told = self.env["hoithi.notice"].search([("kind", "=", "unit_changed")])
        people = self.secretary | self.internal | self.head | self.other_head
        self.assertLessEqual(people.partner_id, told.partner_id)
        self.assertNotIn(self.staff.partner_id, told.partner_id)

    def test_a_change_that_was_a_mistake_is_undone(self):
        old = self.other_unit.name
        head = self.employees[self.head]
        employee = self.employees[self.internal].sudo()
        versions = employee.version_ids
        change = self._merge(head_id=head.id)
        change.action_apply()
        unit = change.result_id
        with self.assertRaises(AccessError):
            change.with_user(self.secretary).action_undo(reason="Nhầm đơn vị")
        with self.assertRaisesRegex(UserError, "reason"):
            change.action_undo()
        self.env.flush_all()
        # which entry is whose unit's an HR officer on a blind council may not know
        self.assertIn("hoithi.entry", str(change.sudo().kept_values))
        with self.assertRaises(AccessError):
            change.read(["kept_values"])
        self.assertNotIn("hoithi.entry", str(change.read()))
        change.action_undo(reason="Nhầm đơn vị")
        self.assertEqual(change.state, "undone")
        self.assertTrue(all((self.unit | self.other_unit).mapped("active")))
        self.assertFalse(unit.active)
        self.assertEqual(self.other.department_id, self.other_unit)
        self.assertEqual(self.other.sudo().author_ids.department_id, self.other_unit)
        self.assertEqual(self.sub_unit.parent_id, self.unit)
        employee.invalidate_recordset()
        self.assertEqual(employee.department_id, self.other_unit)
        self.assertEqual(employee.version_ids, versions)
        self.assertTrue(self._rows(self.other_unit))
        self.assertFalse(self._rows(unit))
        renamed = self._change(
            kind="rename",
            unit_ids=[Command.set(self.other_unit.ids)],
            new_name="Phòng Bản đồ",
        )
        renamed.action_apply()
        renamed.action_undo(reason="Nhầm tên")
        self.assertEqual(self.other_unit.name, old)

    def test_what_has_followed_a_change_keeps_it(self):
        employee = self.employees[self.internal].sudo()
        former = employee.version_ids
        former.date_version = self.today - timedelta(days=30)
        change = self._merge()
        change.action_apply()
        with self.env.cr.savepoint() as savepoint:
            self.employees[self.staff].sudo().department_id = change.result_id
            self.env.flush_all()
            with self.assertRaisesRegex(UserError, "by another change"):
                change.action_undo(reason="Nhầm đơn vị")
            savepoint.rollback()
        self.env.invalidate_all()
        version = employee.version_ids - former
        self.assertEqual(version.department_id, change.result_id)
        with self.env.cr.savepoint() as savepoint, self._later():
            version.job_title = "Chuyên viên chính"
            self.env.flush_all()
            with self.assertRaisesRegex(UserError, "by another change"):
                change.action_undo(reason="Nhầm đơn vị")
            savepoint.rollback()
        self.env.invalidate_all()
        change.result_id.sudo().name = "Phòng Khác"
        change.action_undo(reason="Nhầm đơn vị")
        self.assertEqual(change.state, "undone")

    def test_who_was_taken_in_and_came_again_keeps_the_change(self):
        change = self._merge(into_id=self.unit.id, new_name=False)
        change.action_apply()
        with self._later():
            # who was there before stays there
            self._create_entry(self.head, name="Của phòng cũ")
            with self.env.cr.savepoint() as savepoint:
                entry = self._create_entry(self.internal, name="Của người mới")
                self.assertEqual(entry.department_id, self.unit)
                with self.assertRaisesRegex(UserError, "by another change"):
                    change.action_undo(reason="Nhầm đơn vị")
                savepoint.rollback()
            self.env.invalidate_all()
            change.action_undo(reason="Nhầm đơn vị")
        self.assertEqual(self.other.department_id, self.other_unit)

    def test_from_the_day_on(self):
        """What was before the day stays in HR, and so do the counts of that time."""
        day = self.today - timedelta(days=3)
        self._merge(effective_on=day).action_apply()
        employed = self.env["hr.department"]._get_employed
        employee = self.employees[self.internal].id
        before = employed(self.company, day - timedelta(days=1))
        if employee in before:
            self.assertEqual(before[employee], self.other_unit.id)
        unit = self.env["hoithi.unit.change"].search([], limit=1).result_id
        self.assertEqual(employed(self.company, self.today)[employee], unit.id)

    def _plan(self, **values):
        change = self._merge(effective_on=self.today + timedelta(days=2), **values)
        change.action_plan()
        return change

    def _told(self, kind):
        return self.env["hoithi.notice"].search([("kind", "=", kind)]).partner_id

    def _on_the_day(self):
        return freeze_time(fields.Datetime.now() + timedelta(days=2))

    def test_a_change_is_planned_and_made_on_its_day(self):
        change = self._merge(
            effective_on=self.today + timedelta(days=2),
            head_id=self.employees[self.head].id,
        )
        self.assertIn("on that day by itself", change.preview)
        with self.assertRaisesRegex(UserError, "plan it"):
            change.action_apply()
        with self.assertRaises(AccessError):
            change.with_user(self.secretary).action_plan()
        _dialog, blocks = self._show(change, "action_ask_apply")
        self.assertIn("plan it", blocks[0])
        dialog, blocks = self._show(change, "action_ask_plan")
        self.assertFalse(blocks)
        dialog.action_apply()
        people = (self.secretary | self.head | self.other_head).partner_id
        people |= self.officer.partner_id
        self.assertLessEqual(people, self._told("unit_planned"))
        self.assertNotIn(self.internal.partner_id, self._told("unit_planned"))
        for vals in ({"new_name": "Khác"}, {"effective_on": self.today}):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                change.write(vals)
        with self.assertRaises(UserError):
            change.unlink()
        self._run_cron("cron_change_units")
        self.assertEqual(change.state, "planned")
        self.assertEqual(self.other.department_id, self.other_unit)
        with self._on_the_day():
            self._run_cron("cron_change_units")
            self._run_cron("cron_change_units")
        self.assertEqual(change.state, "done")
        self.assertEqual(change.done_by_id, self.officer, "with the planner's rights")
        self.assertEqual(self.other.department_id, change.result_id)
        self.assertTrue(self.other.with_user(self.head).has_access("read"))
        self.assertIn(self.internal.partner_id, self._told("unit_changed"))

    def test_a_planned_change_is_called_off(self):
        change = self._plan()
        with self.assertRaises(AccessError):
            change.with_user(self.secretary).action_cancel(reason="Hoãn")
        with self.assertRaisesRegex(UserError, "reason"):
            change.action_cancel()
        dialog = change.action_ask_cancel()
        self.assertEqual(dialog["res_model"], "hoithi.reason")
        change.action_cancel(reason="Quyết định được thay")
        self.assertEqual(self._told("unit_plan_cancelled"), self._told("unit_planned"))
        with self._on_the_day():
            self._run_cron("cron_change_units")
        self.assertEqual(change.state, "cancelled")
        self.assertEqual(self.other.department_id, self.other_unit)
        with self.assertRaises(UserError):
            change.action_apply()
        self.assertEqual(change.copy().state, "draft", "planned anew from a copy")

    def test_what_is_in_the_way_on_the_day_is_told(self):
        # read as the server does: who planned them loses the right
        change = self._plan().sudo()
        gone = self._plan(new_name="Phòng Khác").sudo()
        self.officer.group_ids -= self.env.ref("hr.group_hr_user")
        with self._on_the_day():
            for _time in range(2):
                self._run_cron("cron_change_units")
            self.assertEqual(change.state, "planned", "the right is gone")
            self.assertIn("another HR officer", change.stuck_text)
            told = self.env["hoithi.notice"].search(
                [("kind", "=", "unit_change_stuck"), ("res_id", "=", change.id)]
            )
            self.assertIn(self.officer.partner_id, told.partner_id)
            self.assertIn(self.secretary.partner_id, told.partner_id)
            self.assertEqual(len(told), len(told.partner_id), "once")
            self.officer.group_ids |= self.env.ref("hr.group_hr_user")
            self._run_cron("cron_change_units")
        self.assertEqual(change.state, "done")
        self.assertEqual(gone.state, "planned")
        self.assertIn("No unit any more", gone.stuck_text)
        gone.with_user(self.officer).action_cancel(reason="Đã sáp nhập")
        self.assertEqual(gone.state, "cancelled")

    def test_one_that_ends_in_an_error_keeps_no_other_from_its_day(self):
        broken = self._plan(new_name="Phòng Một").sudo()
        other = self._plan(new_name="Phòng Hai").sudo()
        model = type(broken)
        apply = model.action_apply

        def fail(change):
            if change.id == broken.id:
                raise ValueError("hỏng")
            return apply(change)

        with (
            self._on_the_day(),
            patch.object(model, "action_apply", fail),
            self.assertLogs(PLAN, "WARNING"),
        ):
            self._run_cron("cron_change_units")
        self.assertEqual(broken.state, "planned")
        self.assertEqual(
            broken.stuck_text, "An unforeseen error: tell the administrator."
        )
        self.assertEqual(other.state, "done")

    def test_into_one_of_them(self):
        self._merge(into_id=self.unit.id, new_name=False).action_apply()
        self.assertTrue(self.unit.active)
        self.assertEqual(self.other.department_id, self.unit)
        self.assertTrue(self.other.with_user(self.head).has_access("read"))

    def test_a_unit_is_split(self):
        change = self._change(
            kind="split",
            unit_ids=[Command.set(self.other_unit.ids)],
            new_name="Phòng Bản đồ",
            employee_ids=[Command.set(self.employees[self.internal].ids)],
            head_id=self.employees[self.internal].id,
        )
        change.action_apply()
        unit = change.result_id
        self.assertEqual(self.other.department_id, unit)
        self.assertTrue(self.other_unit.active)
        self.assertEqual(
            self.employees[self.member1].sudo().department_id, self.other_unit
        )
        self.assertTrue(self._rows(unit))
        self.assertTrue(self._rows(self.other_unit))
        self.assertFalse(self.other.with_user(self.other_head).has_access("read"))

    def test_who_moves_keeps_the_entries(self):
        """HR moves somebody to another unit: the entry is as before the own."""
        employee = self.employees[self.internal].sudo()
        employee.department_id = self.unit
        entry = self.other.with_user(self.internal)
        self.assertTrue(entry.has_access("write"))
        self.assertEqual(entry.representative_id.sudo().employee_id, employee)
        self.assertEqual(self.other.department_id, self.other_unit, "as submitted")
        entry.action_withdraw(reason="Viết lại")
        self.assertEqual(self.other.state, "withdrawn")

    def test_a_new_name_and_old_papers(self):
        self.contest.with_user(self.secretary).action_close_registration()
        old = self.other_unit.name
        line = (
            self.env["hoithi.nomination"]
            .create(
                {
                    "contest_id": self.contest.id,
                    "line_ids": [Command.create({"entry_id": self.other.id})],
                }
            )
            .line_ids
        )
        change = self._change(
            kind="rename",
            unit_ids=[Command.set(self.other_unit.ids)],
            new_name="Phòng Đất đai và Bản đồ",
        )
        change.action_apply()
        self.assertEqual(self.other_unit.name, "Phòng Đất đai và Bản đồ")
        self.assertEqual(change.old_names, old)
        self.assertEqual(line.department_name, old)

    def test_a_contest_that_is_over_stays(self):
        self.contest.sudo()._open_door()
        contest = self.contest.with_user(self.secretary)
        contest.action_cancel(reason="Dừng tổ chức")
        old = self.other_unit.name
        self.other_unit.name = "Phòng Bản đồ"
        for record in (self.other, *self.other.sudo().author_ids):
            self.assertEqual(record.sudo()._get_unit_name(), old)
        self.assertEqual(self.entry.sudo()._get_unit_name(), self.sub_unit.name)
        self._merge(head_id=self.employees[self.head].id).action_apply()
        self.assertEqual(self.other.department_id, self.other_unit)
        # what the unit entered is the new head's to object to
        entry = self.other.with_user(self.head)
        self.assertEqual(entry._get_objecting_role(), "head")
        self.assertTrue(entry.sudo().department_id.hoithi_is_headed)
        self.assertFalse(self.other.with_user(self.other_head)._get_objecting_role())
        contest.action_undo_cancel(reason="Làm tiếp")
        for record in (self.other, *self.other.sudo().author_ids):
            self.assertEqual(record.sudo()._get_unit_name(), "Phòng Bản đồ")

    def test_refused(self):
        for user in (self.secretary, self.admin, self.head, self.staff):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._merge(user=user)
        change = self._merge()
        with self.assertRaises(AccessError):
            change.with_user(self.secretary).action_apply()
        for values, message in (
            ({"new_name": False}, "name a new one"),
            ({"unit_ids": [Command.set(self.unit.ids)]}, "two at least"),
            ({"reason": " - "}, "reason"),
            ({"into_id": self.sub_unit.id}, "lies below"),
        ):
            with self.subTest(values=values):
                wrong = self._merge(**values)
                self.assertIn(message, wrong.preview)
                with self.assertRaisesRegex(UserError, message):
                    wrong.action_apply()
        with self.assertRaisesRegex(UserError, "day of the change has come"):
            change.action_plan()
        split = self._change(
            kind="split",
            unit_ids=[Command.set(self.other_unit.ids)],
            new_name="Phòng Bản đồ",
            employee_ids=[Command.set(self.employees[self.staff].ids)],
        )
        with self.assertRaisesRegex(UserError, "Only staff of the unit"):
            split.action_apply()
        self.assertFalse(self.env["hr.department"].search([("name", "like", "Bản đồ")]))

    def test_done_once_and_for_good(self):
        change = self._merge()
        change.action_apply()
        with self.assertRaises(UserError):
            change.action_apply()
        for vals in ({"new_name": "Khác"}, {"old_names": "x"}, {"state": "draft"}):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                change.write(vals)
        with self.assertRaises(UserError):
            change.unlink()
        self.assertLessEqual(change.done_on, fields.Datetime.now())

    def test_the_units_of_a_branch_change_in_the_contest_above(self):
        branch = self.env["res.company"].create(
            {"name": "Chi cục Biển", "parent_id": self.company.id}
        )
        one, two = self.env["hr.department"].create(
            [
                {"name": name, "company_id": branch.id}
                for name in ("Phòng Biển", "Phòng Đảo")
            ]
        )
        self.entry.sudo()._open_door().department_id = one
        self.officer.company_ids |= branch
        change = self._change(
            kind="merge",
            company_id=branch.id,
            unit_ids=[Command.set((one | two).ids)],
            new_name="Phòng Biển đảo",
        )
        self.assertEqual(change._get_running_contests(), self.contest)
        change.action_apply()
        self.assertEqual(self.entry.department_id.name, "Phòng Biển đảo")
        self.assertEqual(self.entry.department_id.company_id, branch)
        rows = self.contest.unit_ids.department_id
        self.assertIn(self.entry.department_id, rows)
        change.action_undo(reason="Nhầm đơn vị")
        self.assertEqual(self.entry.department_id, one)

    def test_who_keeps_the_staff_of_a_branch_leaves_the_company_above_alone(self):
        branch = self.env["res.company"].create(
            {"name": "Chi cục Biển", "parent_id": self.company.id}
        )
        rights = self.env.ref("hr.group_hr_user") | self.env.ref("hr.group_hr_manager")
        keeper = self._create_logins(
            [
                {
                    "login": "t_keeper",
                    "name": "Cán bộ tổ chức Chi cục",
                    "email": "keeper@bien.example.vn",
                    "company_id": branch.id,
                    "company_ids": [Command.set(branch.ids)],
                    "group_ids": [Command.set(rights.ids)],
                }
            ]
        )
        self.env["hr.employee"].create(
            {"name": keeper.name, "user_id": keeper.id, "company_id": branch.id}
        )
        self.assertTrue(self.contest.with_user(keeper).has_access("read"))
        draft, planned = self._merge(), self._plan(new_name="Phòng Khác")
        union = self.env["hoithi.login.union"].create(
            {
                "employee_id": self.employees[self.internal].id,
                "portal_user_id": self.staff.id,
                "reason": "Có thêm tài khoản nội bộ",
            }
        )
        for act in (
            lambda: planned.with_user(keeper).action_cancel(reason="Hoãn"),
            lambda: draft.with_user(keeper).write({"new_name": "Khác"}),
            draft.with_user(keeper).action_apply,
            draft.with_user(keeper).unlink,
            lambda: union.with_user(keeper).read(["reason"]),
            lambda: union.with_user(keeper).write({"reason": "Khác"}),
        ):
            with self.assertRaises(AccessError), self.cr.savepoint():
                act()
        passed = {
            "kind": "pass",
            "company_id": self.company.id,
            "to_company_id": branch.id,
        }
        with self.assertRaises(AccessError), self.cr.savepoint():
            self._change(user=keeper, **passed)
        # nor does a form tell what there is to pass
        form = self.env["hoithi.unit.change"].with_user(keeper).new(passed)
        self.assertIn("Work in both companies", form.preview)
        self.assertNotIn(self.contest.name, form.preview)
        self.assertEqual((draft.state, planned.state), ("draft", "planned"))
        unit = self.env["hr.department"].create(
            {"name": "Phòng Biển", "company_id": branch.id}
        )
        own = self._change(
            user=keeper,
            kind="rename",
            unit_ids=[Command.set(unit.ids)],
            new_name="Phòng Biển đảo",
        )
        own.action_apply()
        self.assertEqual(unit.name, "Phòng Biển đảo")

    def test_kinds_of_prizes_go_along_with_the_contests_that_name_them(self):
        other = self.env["res.company"].create({"name": "Sở Nông nghiệp và Môi trường"})
        kinds = self.env["hoithi.prize.kind"]
        green = {"code": "green", "name": "Giải Xanh", "rule": "hand", "sequence": 90}
        kind = kinds.create({**green, "company_id": self.company.id})
        self.contest.write(
            {
                "prize_ids": [Command.create({"rank": "green"})],
                "prize_limit_ids": [
                    Command.create(
                        {
                            "name": "Giải Xanh",
                            "slots": 1,
                            "kind_ids": [Command.set(kind.ids)],
                        }
                    )
                ],
            }
        )
        self.officer.group_ids |= self.env.ref("hr.group_hr_manager")
        self.officer.company_ids |= other
        change = self._change(kind="pass", to_company_id=other.id)
        change = change.with_context(allowed_company_ids=(self.company | other).ids)
        theirs = kinds.create({**green, "rule": "women", "company_id": other.id})
        change.invalidate_recordset()
        self.assertIn("green", change.preview)
        with self.assertRaisesRegex(UserError, "means other kinds of prizes"):
            change.action_apply()
        theirs.unlink()
        change.invalidate_recordset()
        change.action_apply()
        self.env.invalidate_all()
        self.assertEqual(self.contest.company_id, other)
        taken = self.contest.prize_ids._get_kind()
        self.assertEqual((taken.name, taken.company_id), ("Giải Xanh", other))
        self.assertEqual(self.contest.prize_limit_ids.kind_ids, taken)
        self.assertEqual(kind.company_id, self.company, "it has its other contests")

    def test_a_department_passes_to_another_company(self):
        other = self.env["res.company"].create({"name": "Sở Nông nghiệp và Môi trường"})
        past = self._create_contest(name="Hội thi trước")
        criteria = self.contest.criteria_set_id
        shared, taken = criteria.copy() + criteria.copy()
        (criteria | shared | taken).write({"company_id": self.company.id})
        past.criteria_set_id = shared
        past.sudo()._open_door().with_context(hoithi_door=Load()).state = "closed"
        field = self.contest.field_ids[:1]
        committee = self.council.create(
            {
                "name": "Ban Tổ chức",
                "company_id": self.company.id,
                "member_ids": [
                    Command.create({"user_id": self.leader.id, "role": "chair"})
                ],
            }
        )
        following = self._create_contest(name="Hội thi sau")
        following.write(
            {"council_id": self.council.id, "confirming_council_id": committee.id}
        )
        stopped, ended = (
            self._create_contest(name=name, council_id=self.council.id)
            for name in ("Hội thi tạm dừng", "Hội thi đã hủy")
        )
        (stopped | ended).with_user(self.secretary).action_cancel(reason="Hoãn")
        ended.sudo()._open_door().with_context(
            hoithi_door=Load()
        ).cancelled_on -= timedelta(days=15)
        self.contest.sudo()._open_door().with_context(hoithi_door=Load()).write(
            {
                "confirming_council_id": committee.id,
                "jury_ids": [
                    Command.create(
                        {
                            "name": "Tiểu ban",
                            "field_ids": [Command.set(field.ids)],
                            "criteria_set_id": shared.id,
                        }
                    )
                ],
                "round_ids": [
                    Command.create({"name": "Sơ khảo", "criteria_set_id": taken.id})
                ],
            }
        )
        change = self._change(kind="pass", to_company_id=other.id)
        self.assertIn("administrator of HR", change.preview)
        with self.assertRaisesRegex(UserError, "administrator of HR"):
            change.action_apply()
        self.officer.group_ids |= self.env.ref("hr.group_hr_manager")
        change.invalidate_recordset()
        self.assertIn("both companies", change.preview)
        with self.assertRaisesRegex(UserError, "both companies"):
            change.action_apply()
        self.officer.company_ids |= other
        change = change.with_context(allowed_company_ids=(self.company | other).ids)
        change.invalidate_recordset()
        for contest in (self.contest, following):
            self.assertIn(contest.name, change.preview)
        self.assertNotIn(past.name, change.preview)
        self.assertIn("the roles that they have", change.preview)
        write, written = self.registry["res.users"].write, []

        def note(users, vals):
            if users and "company_ids" in vals:
                written.append(len(users))
            return write(users, vals)

        with patch.object(self.registry["res.users"], "write", note):
            change.action_apply()
        self.assertGreater(sum(written), len(written), "not one by one")
        self.assertLessEqual(len(written), 2, "staff, and both bodies")
        self.env.invalidate_all()
        self.assertEqual(self.contest.company_id, other)
        self.assertEqual(past.company_id, self.company, "what is over stays")
        self.assertEqual(self.entry.company_id, other)
        self.assertEqual(following.company_id, other, "with the council that it has")
        self.assertEqual(stopped.company_id, other, "it may be taken up again")
        self.assertEqual(ended.company_id, self.company)
        stopped.with_user(self.secretary).action_undo_cancel(reason="Làm tiếp")
        self.assertEqual((self.council | committee).company_id, other)
        self.assertEqual(taken.company_id, other)
        self.assertFalse(shared.company_id, "what both need is both's")
        self.assertNotEqual(self.contest.criteria_set_id.company_id, self.company)
        self.assertEqual(self.unit.company_id, other)
        texts = self.env["hoithi.novelty.text"].search([])
        self.assertIn(self.entry, texts.entry_id)
        self.assertEqual(texts.company_id, other)
        seated = self.member1 | self.leader
        for user in self.staff | self.secretary | self.internal | seated:
            with self.subTest(user=user.login):
                self.assertIn(other, user.company_ids)
        self.assertEqual(self.employees[self.staff].sudo().company_id, other)
        self.assertTrue(self.entry.with_user(self.staff).has_access("write"))
        self.entry.with_user(self.secretary).action_mark_eligible()
        self.assertEqual(self.entry.state, "eligible")
        self.env.flush_all()
        self.env.cr.precommit.run()
        self.assertFalse(self.env["hoithi.ledger"]._verify(self.contest))
