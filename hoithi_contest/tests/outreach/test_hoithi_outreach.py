import base64
from datetime import datetime, time, timedelta

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import PDF
from .test_hoithi_contest_unit import UnitCase


@tagged("post_install", "-at_install")
class TestHoithiOutreach(UnitCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._launch()
        cls.row = cls._row(cls.unit)

    def _attachment(self, user, name="bien-ban.pdf", content=PDF, **values):
        return (
            self.env["ir.attachment"]
            .with_user(user)
            .create({"name": name, "datas": base64.b64encode(content), **values})
        )

    # WHO

    def test_heads_record_their_own_bodys(self):
        """Whatever login they have, and nobody for another's."""
        self.assertEqual(self._outreach(self.head).user_id, self.head)
        self._outreach(self.head, department_id=self.sub_unit.id)
        self._outreach(
            self.staff, department_id=False, organisation_id=self.union.id, reach=9
        )
        for user in (self.coauthor, self.internal, self.stranger, self.other_head):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._outreach(user)
        with self.assertRaises(AccessError):
            self._outreach(
                self.head, department_id=False, organisation_id=self.union.id
            )
        # a portal login that heads a unit
        self.unit.manager_id = self.employees[self.coauthor]
        self.assertTrue(self._outreach(self.coauthor))
        with self.assertRaises(AccessError):
            self._outreach(self.head)

    def test_an_act_is_not_moved_to_another_unit(self):
        act = self._outreach(self.head)
        for vals in (
            {"department_id": self.other_unit.id},
            {"department_id": False, "organisation_id": self.union.id},
        ):
            with (
                self.subTest(vals=vals),
                self.assertRaises(AccessError),
                self.cr.savepoint(),
            ):
                act.with_user(self.head).write(vals)
        act.invalidate_recordset()
        with self.assertRaises(AccessError):
            act.with_user(self.head).user_id = self.other_head
        act.with_user(self.head).write({"note": "Đã sửa", "user_id": self.head.id})
        self.assertEqual(act.user_id, self.head, "who recorded it stays")
        self.assertEqual(act.department_id, self.unit)
        with self.assertRaises(AccessError):
            self._outreach(self.head, user_id=self.leader.id)
        with self.assertRaises(AccessError):
            act.with_user(self.head).unlink()
        with self.assertRaises(AccessError):
            act.with_user(self.leader).write({"reach": 1})

    def test_heads_record_while_the_contest_runs(self):
        act = self._outreach(self.head)
        draft = self._create_contest(name="Dự thảo")
        with self.assertRaises(UserError):
            self._outreach(self.head, contest_id=draft.id)
        self.contest.with_user(self.secretary).action_cancel(reason="Hoãn")
        with self.assertRaisesRegex(UserError, "isn't running"):
            act.with_user(self.head).write({"reach": 3})
        with self.assertRaisesRegex(UserError, "isn't running"):
            self._outreach(self.head)
        self._outreach(self.secretary, note="Bổ sung cho báo cáo")

    def test_it_belongs_to_one_body(self):
        for vals in (
            {"department_id": False},
            {"organisation_id": self.union.id},
        ):
            with (
                self.subTest(vals=vals),
                mute_logger("odoo.sql_db"),
                self.assertRaises(IntegrityError),
                self.cr.savepoint(),
            ):
                self._outreach(**vals)

    def test_what_is_to_come_is_not_recorded(self):
        with self.assertRaisesRegex(ValidationError, "taken place"):
            self._outreach(self.head, date=self.today + timedelta(days=2))
        with self.assertRaisesRegex(UserError, "at least 0"):
            self._outreach(self.head, reach=-1)

    def test_the_day_is_the_contests(self):
        """Half past midnight in Vietnam is today, whatever zone the login has."""
        evening = datetime.combine(self.today + timedelta(days=1), time(17, 30))
        day = self.today + timedelta(days=2)
        for zone in (False, "Asia/Ho_Chi_Minh", "America/New_York"):
            self.head.tz = zone
            with self.subTest(zone=zone), freeze_time(evening):
                act = self.env["hoithi.outreach"].with_user(self.head)
                self.assertEqual(act.default_get(["date"])["date"], day)
                self.assertEqual(self._outreach(self.head, date=day).date, day)
                with self.assertRaisesRegex(ValidationError, "taken place"):
                    self._outreach(self.head, date=day + timedelta(days=1))

    # REACH

    def test_reach_is_capped_and_flagged(self):
        fits = self._outreach(reach=3)
        self.assertEqual((fits.headcount, fits.persons), (3, 3))
        self.assertFalse(fits.is_above_headcount)
        guests = self._outreach(reach=112)
        self.assertEqual((guests.reach, guests.persons), (112, 3))
        self.assertTrue(guests.is_above_headcount)
        views = self._outreach(kind="website", reach=530)
        self.assertEqual(views.persons, 0, "views aren't persons")
        self.assertFalse(views.is_above_headcount)
        self.assertEqual(self.row.contact_count, 3 + 112 + 530)
        self.assertEqual(self.row.reached_count, 3)
        self.assertEqual(self.row.reached_rate, 100)

    def test_headcount_is_that_of_the_day(self):
        hired = self.today - timedelta(days=10)
        self._hire(self.unit, hired)
        before = self._outreach(date=hired - timedelta(days=1), reach=4)
        after = self._outreach(date=hired, reach=4)
        self.assertEqual((before.headcount, before.persons), (3, 3))
        self.assertEqual((after.headcount, after.persons), (4, 4))
        unknown = self._outreach(date=self.today - timedelta(days=2000), reach=40)
        self.assertEqual((unknown.headcount, unknown.persons), (0, 40))
        self.assertFalse(unknown.is_above_headcount, "HR doesn't reach back so far")
        self._hire(self.unit, hired)
        after.note = "Thêm ghi chú"
        self.assertEqual(after.headcount, 4, "what was counted stays")
        member = self._outreach(
            department_id=False, organisation_id=self.union.id, reach=25
        )
        self.assertEqual((member.headcount, member.persons), (20, 20))
        union = self._row(self.union)
        self.assertEqual((union.reached_count, union.reached_member_count), (0, 20))
        self.assertEqual(union.reached_rate, 100)

    def test_persons_are_not_counted_twice(self):
        self._outreach(reach=2)
        self._outreach(reach=2)
        self.assertEqual(self.row.contact_count, 4)
        self.assertEqual(self.row.reached_count, 2, "they may be the same two")
        self._outreach(department_id=self.sub_unit.id, reach=2)
        self.assertEqual(self.row.reached_count, 2)
        self.assertEqual(self.row.outreach_count, 3)
        self.assertEqual(
            len(self.row.with_user(self.head).outreach_ids), 3, "sub-units included"
        )

    # MINUTES

    def test_minutes_become_the_acts_own(self):
        minutes = self._attachment(self.head)
        act = self._outreach(self.head, attachment_ids=[Command.set(minutes.ids)])
        self.assertEqual(
            (minutes.res_model, minutes.res_id), ("hoithi.outreach", act.id)
        )
        for user, readable in (
            (self.head, True),
            (self.secretary, True),
            (self.leader, True),
            (self.other_head, False),
            (self.staff, False),
            (self.internal, False),
        ):
            with self.subTest(user=user.login):
                if readable:
                    self.assertTrue(minutes.with_user(user)._can_return_content())
                else:
                    with self.assertRaises(AccessError):
                        minutes.with_user(user)._can_return_content()

    def test_only_files_of_ones_own_are_attached(self):
        act = self._outreach(self.head)
        secret = self._attachment(
            self.secretary, res_model="hoithi.contest", res_id=self.contest.id
        )
        others = self._attachment(self.other_head)
        for attachment in (secret, others):
            with self.assertRaises(AccessError), self.cr.savepoint():
                act.with_user(self.head).write(
                    {"attachment_ids": [Command.link(attachment.id)]}
                )
        fake = self._attachment(self.head, content=b"MZ not a pdf")
        with self.assertRaisesRegex(ValidationError, "isn't that of"):
            act.with_user(self.head).write({"attachment_ids": [Command.link(fake.id)]})

    def test_portal_files_are_checked(self):
        act = self._outreach(
            self.staff, department_id=False, organisation_id=self.union.id
        )
        attachment = act._add_evidence("C:\\ảnh\\biên bản.pdf", PDF)
        self.assertEqual(attachment.name, "biên bản.pdf")
        self.assertTrue(attachment.with_user(self.staff)._can_return_content())
        for name, content in (
            ("virus.exe", b"MZ"),
            ("bien-ban.pdf", b"MZ"),
            ("bien-ban.pdf", b""),
            ("", PDF),
            ("lon.pdf", PDF + b"0" * (20 * 1024 * 1024)),
        ):
            with self.subTest(name=name), self.assertRaises(ValidationError):
                act._add_evidence(name, content)
        with self.assertRaises(AccessError):
            act.with_user(self.head)._add_evidence("bien-ban.pdf", PDF)
        with self.assertRaises(AccessError):
            act.with_user(self.leader)._add_evidence("bien-ban.pdf", PDF)
