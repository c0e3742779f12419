from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import HoithiCommon


@tagged("post_install", "-at_install")
class TestHoithiEntryAuthor(HoithiCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._launch()
        for name in ("Ba", "Bốn"):
            cls.env["hr.employee"].create(
                {
                    "name": name,
                    "department_id": cls.unit.id,
                    "work_email": f"{name.encode().hex()}@sotnmt.example.vn",
                }
            )

    def _group(self, *shares, user=None):
        """A group's draft: the caller with the first share, outsiders with the rest."""
        return self._create_entry(
            user,
            participant_type="group",
            author_ids=[
                Command.create(
                    {
                        "partner_id": (user or self.staff).partner_id.id,
                        "contribution_percent": shares[0],
                    }
                ),
                *(
                    Command.create(
                        {"full_name": f"Tác giả {index}", "contribution_percent": share}
                    )
                    for index, share in enumerate(shares[1:], start=2)
                ),
            ],
        )

    # SHARES

    def test_shares_sum_to_exactly_a_hundred(self):
        """As decimals: three times 33.33 are 99.99, whatever floats make of it."""
        for shares, total in (
            ((33.33, 33.33, 33.33), "99.99"),
            ((33.34, 33.33, 33.33), None),
            ((50, 49.99), "99.99"),
            ((50, 50.01), "100.01"),
            ((60.1, 39.9), None),
            ((14.3, 14.3, 14.3, 14.3, 14.3, 14.3, 14.2), None),
            ((100, 100), "200"),
        ):
            entry = self._group(*shares)
            with self.subTest(shares=shares):
                if total:
                    with self.assertRaises(UserError) as refusal:
                        entry.action_submit()
                    self.assertIn(f"sum to {total} %", str(refusal.exception))
                else:
                    entry.action_submit()
                    self.assertEqual(entry.state, "submitted")

    def test_smallest_share_of_a_co_author(self):
        self.contest.coauthor_min_percent = 30
        for shares, refused in (
            ((70, 30), False),
            ((70.01, 29.99), True),
            # the minimum is the co-authors'
            ((10, 45, 45), False),
            ((100, 0), True),
        ):
            entry = self._group(*shares)
            with self.subTest(shares=shares):
                if refused:
                    with self.assertRaises(UserError):
                        entry.action_submit()
                else:
                    entry.action_submit()
        entry = self._group(100, 0)
        self.assertEqual(entry.missing_items, "Every author needs a share above 0 %.")
        entry = self._group(80, 20)
        self.assertIn("too small: Tác giả 2", entry.missing_items)

    def test_shares_outside_the_scale_are_refused(self):
        entry = self._group(60, 40)
        for share in (-1, 100.01):
            with (
                self.subTest(share=share),
                self.assertRaises(ValidationError),
            ):
                entry.author_ids[1].contribution_percent = share
                entry.flush_recordset()

    def test_individual_has_one_author(self):
        entry = self._group(60, 40)
        entry.participant_type = "individual"
        with self.assertRaisesRegex(UserError, "enter as a group"):
            entry.action_submit()

    # WHO

    def test_person_is_found_in_hr(self):
        """By employee, by contact or by work e-mail, whatever the case of letters."""
        employee = self.employees[self.coauthor]
        for given in (
            {"employee_id": employee.id},
            {"partner_id": self.coauthor.partner_id.id},
            {"email": "CoAuthor@SoTNMT.example.vn"},
            {"email": f"Lý <{self.coauthor.email}>", "full_name": "Tên khác"},
        ):
            entry = self._create_entry(
                participant_type="group",
                author_ids=[Command.create({**given, "contribution_percent": 50})],
            )
            line = entry.author_ids - entry.representative_id
            with self.subTest(given=given):
                self.assertEqual(line.sudo().employee_id, employee)
                self.assertEqual(line.partner_id, self.coauthor.partner_id)
                self.assertEqual(line.full_name, self.coauthor.name)
                self.assertEqual(line.department_id.sudo(), self.sub_unit)
                self.assertTrue(entry.with_user(self.coauthor).has_access("read"))

    def test_outsider_needs_only_a_name(self):
        entry = self._create_entry(
            participant_type="group",
            author_ids=[
                Command.create(
                    {
                        "full_name": " Vũ  Văn   Ngoài ",
                        "email": "ngoai@example.com",
                        "contribution_percent": 20,
                    }
                )
            ],
        )
        line = entry.author_ids - entry.representative_id
        self.assertEqual(line.full_name, "Vũ Văn Ngoài")
        self.assertFalse(line.sudo().employee_id or line.partner_id)
        for bad in ({"full_name": " "}, {"full_name": "A", "email": "không phải"}):
            with self.subTest(bad=bad), self.assertRaises(ValidationError):
                entry.write({"author_ids": [Command.create(bad)]})

    def test_person_of_another_department_is_no_employee(self):
        company = self.env["res.company"].create({"name": "Sở Khác"})
        stranger = self.env["hr.employee"].create(
            {"name": "Xa", "company_id": company.id, "work_email": "xa@khac.example"}
        )
        entry = self._create_entry(participant_type="group")
        with self.assertRaisesRegex(ValidationError, "doesn't work in the department"):
            entry.write({"author_ids": [Command.create({"employee_id": stranger.id})]})
        entry.write(
            {
                "author_ids": [
                    Command.create({"email": "xa@khac.example", "full_name": "Xa"})
                ]
            }
        )
        self.assertFalse(entry.author_ids.sudo()[-1].employee_id)

    def test_contacts_of_others_are_not_disclosed(self):
        """An id of a contact gives staff no name that they may not read."""
        secret = self.env["res.partner"].create({"name": "Bí Mật"})
        entry = self._create_entry(participant_type="group")
        with self.assertRaises(AccessError):
            entry.write({"author_ids": [Command.create({"partner_id": secret.id})]})

    def test_a_person_is_an_author_once(self):
        entry = self._create_entry(participant_type="group")
        with self.assertRaises(ValidationError):
            entry.write({"author_ids": [Command.create({"email": self.staff.email})]})
            entry.flush_recordset()

    # REPRESENTATIVE

    def test_one_representative(self):
        entry = self._group(60, 40)
        with self.assertRaises(ValidationError):
            entry.author_ids[1].is_representative = True

    def test_staff_stay_the_representative(self):
        entry = self._group(60, 40)
        own = entry.representative_id
        for vals in (
            {"is_representative": False},
            {"partner_id": self.coauthor.partner_id.id},
            {"employee_id": self.employees[self.coauthor].id},
            {"email": self.coauthor.email},
            {"full_name": "Người khác"},
        ):
            with self.subTest(vals=vals), self.assertRaisesRegex(UserError, "you stay"):
                own.write(vals)
        with self.assertRaisesRegex(UserError, "you stay"):
            own.unlink()
        own.write({"is_representative": True, "phone": "0209 3870 000"})
        entry.author_ids[1].unlink()
        self.assertEqual(entry.author_ids, own)

    def test_own_unit_is_not_written(self):
        """Another unit would bring another head to confirm the application."""
        entry = self._create_entry()
        entry.author_ids.write({"department_id": self.other_unit.id, "phone": "1"})
        self.assertEqual(entry.author_ids.department_id.sudo(), self.sub_unit)
        self.assertEqual(entry.department_id.sudo(), self.sub_unit)
        self.assertEqual(entry.author_ids.phone, "1")

    def test_company_is_the_contests(self):
        """A line of another company would be hidden from the secretary."""
        other = self.env["res.company"].create({"name": "Sở Khác"})
        line = {"email": self.coauthor.email}
        with self.assertRaises(AccessError):
            self._create_entry(
                participant_type="group",
                author_ids=[Command.create({**line, "company_id": other.id})],
            )
        entry = self._create_entry(
            participant_type="group", author_ids=[Command.create(line)]
        )
        for record in (entry.author_ids, entry):
            with self.assertRaises(AccessError):
                record.write({"company_id": other.id})
            record.write({"company_id": self.company.id})
        self.env.invalidate_all()
        self.assertEqual(entry.sudo().company_id, self.company)
        self.assertEqual(entry.author_ids.sudo().company_id, self.company)

    # CONFIRMATION

    def _with_coauthor(self):
        entry = self._create_entry(
            participant_type="group",
            author_ids=[
                Command.create(
                    {"email": self.coauthor.email, "contribution_percent": 40}
                )
            ],
        )
        return entry, entry.author_ids - entry.representative_id

    def test_everyone_confirms_the_own_share(self):
        entry, line = self._with_coauthor()
        as_coauthor = entry.with_user(self.coauthor)
        self.assertTrue(as_coauthor.can_confirm)
        self.assertEqual(entry.unconfirmed_count, 2)
        with self.assertRaises(AccessError):
            line.action_confirm()
        with self.assertRaises(AccessError):
            line.write({"confirmed_on": "2020-01-01 00:00:00"})
        with self.assertRaises(AccessError):
            entry.representative_id.with_user(self.coauthor).action_confirm()
        with self.assertRaises(AccessError):
            entry.with_user(self.stranger).action_confirm()
        line.with_user(self.coauthor).write({"confirmed_on": "2020-01-01 00:00:00"})
        self.assertGreater(line.confirmed_on.year, 2020, "the server's clock")
        self.assertFalse(as_coauthor.can_confirm)
        entry.action_submit()
        self.assertEqual(entry.unconfirmed_count, 0)

    def test_secretary_is_no_author_to_confirm(self):
        entry, _line = self._with_coauthor()
        entry.action_submit()
        with self.assertRaisesRegex(UserError, "aren't an author"):
            entry.with_user(self.secretary).action_confirm()

    def test_another_share_is_to_be_confirmed_anew(self):
        entry, line = self._with_coauthor()
        entry.with_user(self.coauthor).action_confirm()
        line.write({"phone": "0912"})
        self.assertTrue(line.confirmed_on)
        line.contribution_percent = 40
        self.assertTrue(line.confirmed_on, "the same share")
        with self.assertRaises(AccessError):
            line.write(
                {"contribution_percent": 39, "confirmed_on": "2026-01-01 00:00:00"}
            )
        line.contribution_percent = 39
        self.assertFalse(line.confirmed_on)

    def test_confirmation_does_not_come_with_the_line(self):
        values = {"email": self.coauthor.email, "contribution_percent": 40}
        forged = {**values, "confirmed_on": "2026-01-01 00:00:00"}
        with self.assertRaises(AccessError):
            self._create_entry(
                participant_type="group", author_ids=[Command.create(forged)]
            )
        entry = self._create_entry(
            participant_type="group", author_ids=[Command.create(values)]
        )
        self.assertFalse(any(entry.author_ids.mapped("confirmed_on")))

    def test_co_author_writes_nothing_but_the_confirmation(self):
        entry, line = self._with_coauthor()
        own = line.with_user(self.coauthor)
        for vals in (
            {"contribution_percent": 90},
            {"contribution_percent": 90, "confirmed_on": "2026-01-01 00:00:00"},
            {"full_name": "x"},
            {"is_representative": True},
            {"phone": "1"},
        ):
            with self.subTest(vals=vals), self.assertRaises(AccessError):
                own.write(vals)
        with self.assertRaises(AccessError):
            own.unlink()
        with self.assertRaises(AccessError):
            self.env["hoithi.entry.author"].with_user(self.coauthor).create(
                {"entry_id": entry.id, "full_name": "x"}
            )
        with self.assertRaises(AccessError):
            entry.with_user(self.coauthor).write({"color": 1, "novelty": "x"})
        own.action_confirm()
        self.assertTrue(own.confirmed_on)

    def test_shares_are_closed_after_submission(self):
        entry, line = self._with_coauthor()
        entry.action_submit()
        for act in (
            lambda: line.write({"contribution_percent": 39}),
            line.unlink,
            lambda: entry.author_ids.create({"entry_id": entry.id, "full_name": "x"}),
        ):
            with self.assertRaisesRegex(UserError, "can't be changed"):
                act()
        with self.assertRaises(AccessError):
            line.with_user(self.secretary).write({"contribution_percent": 39})

    def test_line_stays_with_its_entry(self):
        _entry, line = self._with_coauthor()
        other = self._create_entry()
        with self.assertRaisesRegex(UserError, "stays with its entry"):
            line.entry_id = other
