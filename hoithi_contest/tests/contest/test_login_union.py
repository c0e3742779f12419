from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from ...models.contest.hoithi_login_union_undo import UNDO_DAYS
from ...models.guard.hoithi_guard_mixin import Load
from ..common import HoithiCommon


@tagged("post_install", "-at_install")
class TestLoginUnion(HoithiCommon):
    """A colleague's portal and internal login are one person's."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._launch()
        cls.entry = cls._create_entry()
        cls.officer, cls.desk = cls._create_logins(
            [
                {
                    "login": "t_officer",
                    "name": "Cán bộ tổ chức",
                    "email": "officer@sotnmt.example.vn",
                    "group_ids": [Command.set(cls.env.ref("hr.group_hr_user").ids)],
                },
                {
                    "login": "t_desk",
                    "name": cls.staff.name,
                    "email": "desk@sotnmt.example.vn",
                    "group_ids": [Command.set(cls.env.ref("base.group_user").ids)],
                },
            ]
        )
        cls.employee = cls.employees[cls.staff]
        cls.employee.user_id = cls.desk
        cls.env.flush_all()

    def _unite(self, user=None, **values):
        return (
            self.env["hoithi.login.union"]
            .with_user(user or self.officer)
            .create(
                {
                    "employee_id": self.employee.id,
                    "portal_user_id": self.staff.id,
                    "reason": "Có thêm tài khoản nội bộ",
                    **values,
                }
            )
        )

    def test_both_logins_see_and_do_the_same(self):
        self.assertFalse(self.entry.with_user(self.desk).has_access("read"))
        union = self._unite()
        self.assertIn("one person", union.preview)
        former = self.staff.partner_id
        own = union.with_user(self.desk)
        self.assertFalse(own.has_access("read"), "not before it is asked")
        union.action_ask_colleague()
        self.env.invalidate_all()
        asked = self.env["hoithi.notice"].search([("kind", "=", "logins_asked")])
        self.assertEqual(asked.partner_id, self.desk.partner_id | former)
        self.assertFalse(self.entry.with_user(self.desk).has_access("read"))
        with self.assertRaises(UserError):
            union.reason = "Khác"
        for user in (self.officer, self.staff, self.secretary, self.internal):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                union.with_user(user).action_confirm()
        [told] = own.web_read({"preview": {}, "can_confirm": {}, "employee_id": {}})
        self.assertTrue(told["can_confirm"])
        self.assertIn("one person", told["preview"])
        for act in (own.action_stop_asking, own.unlink):
            with self.assertRaises(AccessError):
                act()
        _dialog, blocks = self._show(union, "action_ask_confirm")
        self.assertIn("The colleague confirms it", blocks[0])
        dialog, blocks = self._show(own, "action_ask_confirm")
        self.assertFalse(blocks)
        self.assertIn("one person", dialog.effects[0])
        dialog.action_apply()
        self.env.invalidate_all()
        self.assertEqual(self.staff.partner_id, self.desk.partner_id)
        for user in (self.staff, self.desk):
            mine = self.entry.with_user(user)
            with self.subTest(user=user.login):
                self.assertTrue(mine.has_access("write"))
                self.assertTrue(mine.can_edit)
        self.entry.with_user(self.desk).short_name = "Nước mặt"
        self.entry.with_user(self.staff).action_submit()
        self.assertEqual(self.entry.state, "submitted")
        self.assertFalse(self.entry.with_user(self.coauthor).has_access("read"))
        told = self.env["hoithi.notice"].search([("kind", "=", "logins_united")])
        self.assertEqual(
            told.partner_id, self.desk.partner_id | former, "at both addresses"
        )
        self.assertEqual(union.done_by_id, self.desk)
        with self.assertRaises(UserError):
            own.action_confirm()
        with self.assertRaises(UserError):
            union.reason = "Khác"
        with self.assertRaises(UserError):
            union.unlink()

    def test_the_other_login_decides_nothing_on_the_own_entry(self):
        """HR's record says whose both are, also before they are made one."""
        groups = ("group_secretary", "group_unit_head")
        for name in groups:
            self.desk.group_ids |= self.env.ref(f"hoithi_contest.{name}")
        self.contest.secretary_ids |= self.desk
        self.sub_unit.manager_id = self.employee
        self.entry.action_submit()
        entry = self.entry.with_user(self.desk)
        for act in (
            entry.action_mark_eligible,
            entry.action_confirm_application,
            lambda: entry.action_mark_ineligible(reason="Sai lĩnh vực"),
        ):
            with self.assertRaisesRegex(UserError, "You are an author"):
                act()
        entry.with_user(self.head).action_confirm_application()
        # nor where the record is kept elsewhere, as in a branch that isn't chosen
        branch = self.env["res.company"].create({"name": "Chi cục"})
        for company in (branch, self.entry.company_id):
            self.env.flush_all()
            self.env.cr.execute(
                "UPDATE hr_employee SET company_id = %s WHERE id = %s",
                [company.id, self.employee.id],
            )
            self.env.invalidate_all()
            with self.assertRaisesRegex(UserError, "You are an author"):
                entry.action_mark_eligible()
        entry.with_user(self.secretary).action_mark_eligible()
        self.assertEqual(self.entry.state, "eligible")

    def test_hr_on_a_blind_council_learns_nobody_who_has_entered(self):
        """Neither by trying pairs of logins, nor from what was done."""
        self.member1.group_ids |= self.env.ref("hr.group_hr_user")
        self.employee.work_contact_id = False
        bare = self._create_logins(
            [
                {
                    "login": "t_bare",
                    "name": "Người chưa nộp gì",
                    "email": "bare@sotnmt.example.vn",
                    "group_ids": [Command.set(self.env.ref("base.group_portal").ids)],
                }
            ]
        )
        # of whose two logins one has entered, HR's record telling neither
        others = self._unite(self.member1)
        shown = {
            self._unite(self.member1, portal_user_id=login.id).preview
            for login in (self.staff, bare)
        }
        self.assertEqual(len(shown), 1)
        self.assertIn("another HR officer", shown.pop())
        with self.assertRaisesRegex(UserError, "another HR officer"):
            others.action_ask_colleague()
        # others do it, and it isn't told afterwards
        self.employee.work_contact_id = self.staff.partner_id
        union = self._united()
        for user in (self.officer, self.member1):
            with self.subTest(user=user.login):
                self.assertNotIn(self.entry.name, str(union.with_user(user).read()))
                with self.assertRaises(AccessError):
                    union.with_user(user).read(["kept_values"])
        # once the council knows the authors, it does it as well
        self.contest.with_context(hoithi_door=Load()).state = "closed"
        others.invalidate_recordset()
        self.assertNotIn("another HR officer", others.preview)

    def _united(self):
        union = self._unite()
        union.action_ask_colleague()
        union.with_user(self.desk).action_confirm()
        self.env.invalidate_all()
        return union

    def test_a_union_that_was_a_mistake_is_undone(self):
        former = self.staff.partner_id
        union = self._united()
        other = self._create_entry(self.desk, name="Của riêng")
        self.assertFalse(former.active)
        self.assertTrue(union.can_undo)
        for user in (self.secretary, self.internal, self.admin):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                union.with_user(user).action_undo(reason="Nhầm người")
        with self.assertRaisesRegex(UserError, "reason"):
            union.action_undo()
        union.action_undo(reason="Nhầm người")
        self.env.invalidate_all()
        self.assertEqual(self.staff.partner_id, former)
        self.assertTrue(former.active)
        self.assertTrue(self.entry.with_user(self.staff).has_access("write"))
        self.assertFalse(self.entry.with_user(self.desk).has_access("read"))
        self.assertTrue(other.with_user(self.desk).has_access("read"))
        self.assertFalse(other.with_user(self.staff).has_access("read"))
        told = self.env["hoithi.notice"].search([("kind", "=", "logins_parted")])
        self.assertEqual(told.partner_id, former | self.desk.partner_id)
        self.assertEqual((union.state, union.undone_by_id), ("undone", self.officer))
        with self.assertRaises(UserError):
            union.action_undo(reason="Lần nữa")
        with self.assertRaises(UserError):
            union.undo_reason = "Khác"

    def test_the_colleague_undoes_it_too_and_in_time(self):
        union = self._united()
        later = fields.Datetime.now() + timedelta(days=UNDO_DAYS + 1)
        with freeze_time(later):
            union.invalidate_recordset()
            self.assertFalse(union.can_undo)
            with self.assertRaisesRegex(UserError, "days ago"):
                union.action_undo(reason="Nhầm người")
        union.with_user(self.desk).action_undo(reason="Không phải của tôi")
        self.assertNotEqual(self.staff.partner_id, self.desk.partner_id)
        again = self._united()
        self.staff.sudo().partner_id = self.coauthor.partner_id.copy()
        with self.assertRaisesRegex(UserError, "changed since"):
            again.action_undo(reason="Nhầm người")

    def test_a_portal_login_parts_nothing(self):
        union = self._united()
        with self.assertRaises(AccessError):
            union.with_user(self.staff).action_undo(reason="Của tôi")

    def test_the_question_is_taken_back(self):
        union = self._unite()
        with self.assertRaises(UserError):
            union.with_user(self.desk).sudo().action_confirm()
        union.action_ask_colleague()
        union.action_stop_asking()
        self.assertFalse(union.asked_on)
        union.reason = "Viết lại"
        union.action_ask_colleague()
        # what is wrong by the time it is confirmed is found then
        self.employee.sudo().write({"work_email": False, "private_email": False})
        self.employee.sudo().work_contact_id = False
        self.entry.sudo().author_ids._open_door().employee_id = False
        with self.assertRaisesRegex(UserError, "Nothing says"):
            union.with_user(self.desk).action_confirm()

    def test_refused(self):
        for user in (self.secretary, self.admin, self.staff, self.desk, self.leader):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._unite(user)
        for values, message in (
            ({"portal_user_id": self.coauthor.id}, "another colleague's"),
            ({"portal_user_id": self.stranger.id}, "Nothing says"),
            ({"portal_user_id": self.internal.id}, "portal login of the same person"),
            ({"employee_id": self.employees[self.coauthor].id}, "internal login"),
            ({"reason": "-"}, "reason"),
        ):
            union = self._unite(**values)
            with self.subTest(values=values):
                self.assertIn(message, union.preview)
                with self.assertRaisesRegex(UserError, message):
                    union.action_ask_colleague()
        self.assertNotEqual(self.staff.partner_id, self.desk.partner_id)

    def test_not_the_own_logins(self):
        self.desk.group_ids |= self.env.ref("hr.group_hr_user")
        with self.assertRaisesRegex(UserError, "Another HR officer"):
            self._unite(self.desk).action_ask_colleague()

    def test_named_twice_in_an_entry(self):
        self.entry.sudo().write({"participant_type": "group"})
        lines = self.env["hoithi.entry.author"].with_context(hoithi_door=Load())
        lines.create(
            {
                "entry_id": self.entry.id,
                "partner_id": self.desk.partner_id.id,
                "full_name": self.desk.name,
                "contribution_percent": 10,
            }
        )
        with self.assertRaisesRegex(UserError, "named as authors"):
            self._unite().action_ask_colleague()
