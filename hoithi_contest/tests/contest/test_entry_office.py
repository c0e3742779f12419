from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..common import ENTRY_VALUES, HoithiCommon


@tagged("post_install", "-at_install")
class TestEntryOffice(HoithiCommon):
    """Named ways out before the council: each with its right, reason and notice."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._launch()
        cls.other_field = cls.env["hoithi.field"].create({"name": "Lĩnh vực khác"})
        cls.contest.field_ids += cls.other_field

    def _notices(self, kind, record):
        return self.env["hoithi.notice"].search(
            [("kind", "=", kind), ("res_id", "=", record.id)]
        )

    def _group_entry(self):
        colleague = self.employees[self.internal]
        return self._submit_entry(
            participant_type="group",
            author_ids=[
                Command.create(
                    {
                        "partner_id": self.staff.partner_id.id,
                        "contribution_percent": 60,
                        "is_representative": True,
                    }
                ),
                Command.create(
                    {"email": colleague.work_email, "contribution_percent": 40}
                ),
            ],
        )

    # FIELD

    def test_field_is_changed_until_the_council(self):
        entry = self._submit_entry()
        former = entry.field_id
        office = entry.with_user(self.secretary)
        with self.assertRaises(AccessError):
            entry.action_change_field(self.other_field.id, reason="Sai lĩnh vực")
        with self.assertRaises(UserError):
            office.action_change_field(self.other_field.id)
        for odd in (False, 0, -1, 10**9, "5", [self.other_field.id], former.id):
            with self.subTest(field=odd), self.assertRaises(UserError):
                office.action_change_field(odd, reason="Sai lĩnh vực")
        foreign = self.env["hoithi.field"].create({"name": "Không thuộc Hội thi"})
        with self.assertRaises(UserError):
            office.action_change_field(foreign, reason="Sai lĩnh vực")
        office.action_change_field(self.other_field.id, reason="Sai lĩnh vực")
        self.assertEqual(entry.field_id, self.other_field)
        self.assertIn("Sai lĩnh vực", office.message_ids[0].body)
        self.assertEqual(
            self._notices("field_changed", entry).partner_id, self.staff.partner_id
        )
        self.contest.with_user(self.secretary).action_close_registration()
        office.action_mark_eligible()
        office.action_change_field(former, reason="Chuyển lại")
        self.assertEqual(entry.field_id, former)

    def test_a_draft_and_a_withdrawn_entry_stay_where_they_are(self):
        entry = self._create_entry()
        office = entry.with_user(self.secretary)
        with self.assertRaises(UserError):
            office.sudo().action_change_field(self.other_field, reason="x y")
        entry.action_submit()
        entry.action_withdraw(reason="Rút")
        with self.assertRaises(UserError):
            office.action_change_field(self.other_field, reason="x y")

    # REPRESENTATIVE

    def test_another_author_takes_over(self):
        entry = self._group_entry()
        office = entry.with_user(self.secretary)
        other = entry.author_ids.filtered(lambda line: not line.is_representative)
        self.assertTrue(other.partner_id)
        with self.assertRaises(AccessError):
            entry.action_change_representative(other.id, reason="Chuyển công tác")
        with self.assertRaises(UserError):
            office.action_change_representative(other.id)
        with self.assertRaises(UserError):
            office.action_change_representative(
                entry.representative_id.id, reason="Chuyển công tác"
            )
        stranger = self._submit_entry(self.internal).author_ids
        with self.assertRaises(UserError):
            office.action_change_representative(stranger.id, reason="Nghỉ việc")
        other.with_user(self.secretary).action_make_representative(
            reason="Chuyển công tác"
        )
        self.assertEqual(entry.sudo().representative_id, other)
        self.assertEqual(entry.sudo().department_id, other.sudo().department_id)
        self.assertFalse(entry.with_user(self.staff)._is_responsible())
        self.assertTrue(entry.with_user(self.internal)._is_responsible())
        self.assertEqual(
            self._notices("representative_changed", entry).partner_id,
            self.staff.partner_id | self.internal.partner_id,
        )

    # PAPER

    def _paper_values(self, **values):
        return {
            **ENTRY_VALUES,
            "field_id": self.field.id,
            "first_applied_date": fields.Date.today() - timedelta(days=400),
            "author_ids": [
                Command.create(
                    {
                        "employee_id": self.employees[self.staff].id,
                        "contribution_percent": 100,
                        "is_representative": True,
                    }
                )
            ],
            **values,
        }

    def _take_in(self, **arguments):
        action = (
            self.env["hoithi.entry"]
            .with_user(self.secretary)
            .action_register_paper(self.contest.id, self._paper_values(), **arguments)
        )
        return self.env["hoithi.entry"].browse(action["res_id"])

    def test_a_paper_counts_for_whom_it_is_of(self):
        came = fields.Datetime.now() - timedelta(minutes=5)
        entry = self._take_in(received_on=came)
        self.assertEqual(entry.representative_id.partner_id, self.staff.partner_id)
        self.assertNotIn(self.secretary.partner_id, entry.author_ids.partner_id)
        self.assertFalse(entry.late_reason)
        self.assertEqual(
            self._notices("paper_registered", entry).partner_id, self.staff.partner_id
        )
        office = entry.with_user(self.secretary)
        self._add_file(office)
        office.action_submit()
        self.assertEqual(entry.submitted_on, came)
        self.assertEqual(entry.state, "submitted")

    def test_a_late_paper_needs_a_decision(self):
        now = fields.Datetime.now()
        self.contest.sudo().write(
            {
                "date_start": now - timedelta(days=30),
                "registration_deadline": now - timedelta(days=1),
            }
        )
        self.contest.with_user(self.secretary).action_close_registration()
        for arguments in (
            {},
            {"reason": "Bưu điện chậm"},
            {"decided_by": "Chủ tịch Hội đồng"},
            {"reason": " ", "decided_by": "–"},
        ):
            with self.subTest(arguments=arguments), self.assertRaises(UserError):
                self._take_in(**arguments)
        entry = self._take_in(reason="Bưu điện chậm", decided_by="Chủ tịch Hội đồng")
        # the door is the Office's alone
        self.assertTrue(entry.with_user(self.staff)._get_closed_door())
        office = entry.with_user(self.secretary)
        self._add_file(office)
        office.action_submit()
        self.assertEqual(entry.state, "submitted")
        self.assertEqual(entry.late_decided_by, "Chủ tịch Hội đồng")
        broken = self.env["hoithi.entry"]._get_broken_invariants(with_files=False)
        self.assertNotIn(("deadline", entry.id), broken)
        # one that came in time and is keyed in later needs none
        in_time = self._take_in(received_on=fields.Datetime.now() - timedelta(days=2))
        self.assertFalse(in_time.late_reason)

    def test_the_dialogs_do_the_same(self):
        entry = self._submit_entry()
        office = entry.with_user(self.secretary)
        action = office.action_ask_change_field()
        dialog = self.env["hoithi.reason"].with_user(self.secretary)
        dialog = dialog.browse(action["res_id"])
        self.assertEqual(dialog.allowed_field_ids, self.contest.field_ids)
        dialog.write({"reason": "Sai lĩnh vực", "field_id": self.other_field.id})
        dialog.action_apply()
        self.assertEqual(entry.field_id, self.other_field)
        papers = self.env["hoithi.paper"]
        with self.assertRaises(AccessError):
            papers.with_user(self.staff).create({"contest_id": self.contest.id})
        paper = papers.with_user(self.secretary).create(
            {
                "contest_id": self.contest.id,
                "name": "Giải pháp nộp bằng giấy",
                "field_id": self.field.id,
                "full_name": "Lý Văn Ngoài",
                "workplace": "Trường Đại học",
            }
        )
        self.assertFalse(paper.is_late)
        taken = self.env["hoithi.entry"].browse(paper.action_register()["res_id"])
        self.assertEqual(taken.representative_id.full_name, "Lý Văn Ngoài")

    def test_papers_are_the_offices_and_of_this_contest(self):
        model = self.env["hoithi.entry"]
        with self.assertRaises(AccessError):
            model.with_user(self.staff).action_register_paper(
                self.contest.id, self._paper_values()
            )
        office = model.with_user(self.secretary)
        for values in (
            None,
            [],
            {},
            self._paper_values(author_ids=[]),
            self._paper_values(author_ids=["x"]),
            self._paper_values(author_ids=5),
            self._paper_values(author_ids={"a": 1}),
            self._paper_values(author_ids=[[0, 0, 5]]),
            self._paper_values(author_ids=[[0, 0, [1]]]),
            self._paper_values(name=[1]),
        ):
            with self.subTest(values=values), self.assertRaises(UserError):
                office.action_register_paper(self.contest.id, values)
        with self.assertRaises(AccessError):
            office.action_register_paper(
                self.contest.id, self._paper_values(receipt_number="I-2026/001")
            )
        for moment in ("hôm qua", fields.Datetime.now() + timedelta(days=1), [], 5):
            with self.subTest(moment=moment), self.assertRaises(UserError):
                self._take_in(received_on=moment)
        with self.assertRaises(UserError):
            office.action_register_paper(10**9, self._paper_values())

    def test_a_duplicate_is_its_authors(self):
        entry = self._group_entry()
        copy = entry.with_user(self.secretary).copy()
        self.assertNotIn(self.secretary.partner_id, copy.author_ids.partner_id)
        self.assertEqual(
            copy.author_ids.mapped("full_name"), entry.author_ids.mapped("full_name")
        )
        self.assertFalse(any(copy.author_ids.mapped("confirmed_on")))
        own = entry.copy()
        self.assertEqual(own.representative_id.partner_id, self.staff.partner_id)

    def test_nobody_says_when_the_own_paper_came(self):
        """A secretary who enters as well has no more time than all others."""
        now = fields.Datetime.now()
        self.contest.sudo().write(
            {
                "date_start": now - timedelta(days=30),
                "registration_deadline": now - timedelta(days=1),
                "grace_minutes": 0,
            }
        )
        papers = self.env["hoithi.entry"].with_user(self.secretary)
        came = now - timedelta(days=2)

        def line(user, share, **values):
            return Command.create(
                {
                    "employee_id": self.employees[user].id,
                    "contribution_percent": share,
                    **values,
                }
            )

        own = line(self.secretary, 100, is_representative=True)
        shared = [
            line(self.staff, 60, is_representative=True),
            line(self.secretary, 40),
        ]
        for authors in ([own], shared):
            with self.assertRaises(UserError) as refusal:
                papers.action_register_paper(
                    self.contest.id,
                    self._paper_values(author_ids=authors),
                    received_on=came,
                )
            self.assertIn("another secretary", str(refusal.exception))
        # that of somebody else is taken in, and stays somebody else's
        entry = self._take_in(received_on=came)
        office = entry.with_user(self.secretary)
        self._add_file(office)
        with self.assertRaises(UserError), self.env.cr.savepoint():
            office.write(
                {
                    "participant_type": "group",
                    "author_ids": [
                        Command.update(
                            entry.author_ids.id, {"contribution_percent": 60.0}
                        ),
                        line(self.secretary, 40),
                    ],
                }
            )
        self.env.invalidate_all()
        office.solution_content = "Như trong bản giấy"
        office.action_submit()
        self.assertEqual(entry.submitted_on, came)
        with self.assertRaises(AccessError):
            entry.with_user(self.staff).action_register_paper(
                self.contest.id, self._paper_values()
            )
