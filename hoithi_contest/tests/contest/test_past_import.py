"""Lists of earlier editions taken in: what becomes of each row, and nothing twice."""

import base64
import io
from unittest.mock import patch

from openpyxl import Workbook, load_workbook

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from ...wizard.contest import hoithi_past_import
from ..common import HoithiCommon

HEAD = ["Lần", "Năm", "Tên giải pháp", "Tác giả", "Đơn vị", "Giải", "Cấp công nhận"]
SALT = ["Lần VI", 2015, "Đo độ mặn tự động", "Hà Cũ (60%); Lý Mới (40%)"]
DUCK = ["Lần VI", 2015, "Nuôi vịt dưới lưới", "Đỗ Chi", "Trạm Thú y", "Ba", "Cơ sở"]
BAD = ["Lần VI", "năm nào", "Tủ hồ sơ", "Vũ Dung"]


def make(*rows):
    workbook = Workbook()
    for row in rows:
        workbook.active.append(row)
    output = io.BytesIO()
    workbook.save(output)
    return output.getvalue()


@tagged("post_install", "-at_install")
class TestPastImport(HoithiCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["hoithi.past.solution"].search([]).unlink()
        cls.salt = [*SALT, cls.unit.name, "Nhì", "Tỉnh"]

    def open(self, content, user=None, **values):
        wizard = self.env["hoithi.past.import"].with_user(user or self.secretary)
        return wizard.create(
            {
                "upload": base64.b64encode(content),
                "upload_name": "hoi-thi-cu.xlsx",
                **values,
            }
        )

    def solutions(self):
        return self.env["hoithi.past.solution"].search([], order="id")

    def test_a_list_is_shown_first_then_taken_in_and_never_twice(self):
        wizard = self.open(make(HEAD, self.salt, DUCK, BAD))
        wizard.action_check()
        self.assertFalse(self.solutions())
        self.assertEqual(
            [(line.row, line.status) for line in wizard.line_ids.sorted("row")],
            [(2, "new"), (3, "new"), (4, "refused")],
        )
        refused = wizard.line_ids.filtered(lambda line: line.status == "refused")
        self.assertIn("năm nào", refused.note)
        counts = wizard.ready_count, wizard.known_count, wizard.problem_count
        self.assertEqual(counts, (2, 0, 1))
        wizard.action_import()
        salt, duck = self.solutions()
        self.assertEqual((salt.name, salt.year), (SALT[2], 2015))
        self.assertEqual((salt.award, salt.recognised), ("Nhì", "province"))
        self.assertEqual(salt.author_ids.mapped("contribution_percent"), [60, 40])
        self.assertEqual(salt.department_id, self.unit)
        self.assertFalse(duck.department_id)
        self.assertEqual(duck.unit_name, "Trạm Thú y")
        self.assertEqual(duck.recognised, "department")
        self.assertEqual(salt.source, "hoi-thi-cu.xlsx")

        again = self.open(
            make(HEAD, self.salt, [*DUCK[:2], "NUÔI VỊT duoi lưới", *DUCK[3:]], BAD)
        )
        again.action_check()
        counts = again.ready_count, again.known_count, again.problem_count
        self.assertEqual(counts, (0, 2, 1))
        with self.assertRaisesRegex(UserError, "nothing to take in"):
            again.action_import()
        self.assertEqual(len(self.solutions()), 2)

    def test_refused_rows_are_put_right_and_taken_in(self):
        wizard = self.open(make(HEAD, self.salt, BAD))
        wizard.action_check()
        wizard.action_import()
        wizard.action_problems()
        book = load_workbook(io.BytesIO(base64.b64decode(wizard.file)))
        [head, row] = list(book.active.iter_rows())
        self.assertIn("năm nào", row[-1].value)
        row[[cell.value for cell in head].index("Year of the result")].value = 2015
        output = io.BytesIO()
        book.save(output)
        second = self.open(output.getvalue())
        second.action_import()
        self.assertEqual(len(self.solutions()), 2)

    def test_units_and_persons_of_today_are_chosen(self):
        employee = self.employees[self.staff]
        salt = [*SALT[:3], f"{employee.name}; Người Lạ", *self.salt[4:]]
        wizard = self.open(make(HEAD, salt, DUCK))
        wizard.action_check()
        found = {line.name: line for line in wizard.name_ids}
        self.assertEqual(found[self.unit.name].department_id, self.unit)
        self.assertEqual(found[employee.name].employee_id.id, employee.id)
        self.assertFalse(found["Người Lạ"].employee_id)
        found["Trạm Thú y"].department_id = self.other_unit
        # what was chosen stays chosen
        wizard.action_back()
        wizard.action_check()
        wizard.action_import()
        salt, duck = self.solutions()
        self.assertEqual(duck.department_id, self.other_unit)
        self.assertEqual(salt.author_ids.employee_id, employee)

    def test_names_that_arent_shown_are_linked_too(self):
        employee = self.employees[self.staff]
        wizard = self.open(make(HEAD, [*SALT[:3], employee.name, *self.salt[4:]]))
        with patch.object(hoithi_past_import, "MOST_NAMES", 1):
            wizard.action_check()
        # a person is no unit, whatever is sent
        wizard.name_ids.ensure_one().department_id = self.other_unit
        self.assertEqual(wizard.name_ids.kind, "person")
        wizard.action_import()
        solution = self.solutions()
        self.assertEqual(solution.department_id, self.unit)
        self.assertEqual(solution.author_ids.employee_id, employee)
        other = self.env["res.company"].create({"name": "Sở Khác"})
        foreign = employee.sudo().create({"name": "Người Khác", "company_id": other.id})
        with self.assertRaises(UserError):
            solution.author_ids.employee_id = foreign

    def test_of_two_of_one_name_nobody_is_meant(self):
        twin = self.env["hr.employee"].create({"name": self.employees[self.staff].name})
        wizard = self.open(make(HEAD, [*SALT[:3], twin.name]))
        wizard.action_check()
        self.assertFalse(wizard.name_ids.employee_id)

    def test_who_takes_in(self):
        content = make(HEAD, self.salt)
        for user in (
            *(self.staff, self.internal, self.head, self.chair, self.member1),
            *(self.leader, self.publisher, self.admin),
        ):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.open(content, user)
        wizard = self.open(content)
        wizard.action_check()
        with self.assertRaises(AccessError):
            wizard.line_ids.write({"status": "new"})
        other = self.env["res.company"].create({"name": "Sở Khác"})
        with self.assertRaises(AccessError):
            self.open(content, company_id=other.id).action_check()
        # the leader reads what is there, and writes nothing
        wizard.action_import()
        solution = self.solutions().with_user(self.leader)
        self.assertEqual(solution.name, SALT[2])
        with self.assertRaises(AccessError):
            solution.name = "Khác"
        for user in (self.staff, self.head, self.member1):
            with self.assertRaises(AccessError):
                solution.with_user(user).read(["name"])

    def test_nobody_of_another_department_is_meant(self):
        other = self.env["res.company"].create({"name": "Sở Khác"})
        foreign = self.env["hr.department"].create(
            {"name": "Phòng Khác", "company_id": other.id}
        )
        wizard = self.open(make(HEAD, self.salt))
        wizard.action_check()
        wizard.name_ids.filtered(lambda line: line.kind == "unit").sudo().write(
            {"department_id": foreign.id}
        )
        with self.assertRaisesRegex(UserError, "another department"):
            wizard.action_import()
        self.assertFalse(self.solutions())
        # the same solution may be there in both
        self.env["hoithi.past.solution"].create(
            {
                "company_id": other.id,
                "name": SALT[2],
                "year": 2015,
                "edition": "VI",
                "unit_name": self.unit.name,
            }
        )
        again = self.open(make(HEAD, self.salt))
        again.action_check()
        self.assertEqual(again.ready_count, 1)

    def test_what_cant_be_read_is_told_in_words(self):
        for content, words in (
            (b"\x00\x01", "read as a workbook"),
            (make(["Tác giả"], ["An"]), "No sheet has the heading"),
            (make(HEAD), "empty"),
        ):
            with self.subTest(words), self.assertRaisesRegex(UserError, words):
                self.open(content).action_check()
        with self.assertRaisesRegex(UserError, "Choose the filled list"):
            self.open(b"").action_check()

    def test_the_template_reads_itself_in_every_language(self):
        for lang in ("en_US", "vi_VN"):
            wizard = self.open(b"").with_context(lang=lang)
            wizard.action_template()
            book = load_workbook(io.BytesIO(base64.b64decode(wizard.file)))
            listed, example = book.worksheets[:2]
            for row in example.iter_rows(min_row=2, values_only=True):
                listed.append(row)
            output = io.BytesIO()
            book.save(output)
            filled = self.open(output.getvalue())
            filled.action_check()
            with self.subTest(lang):
                self.assertEqual(filled.line_ids.mapped("status"), ["new"])
                self.assertEqual(len(filled.line_ids.authors.split(", ")), 2)

    def test_by_hand_the_same_solution_isnt_made_twice(self):
        solutions = self.env["hoithi.past.solution"].with_user(self.secretary)
        values = {
            "name": "Đo mặn",
            "year": 2012,
            "edition": "V",
            "author_ids": [Command.create({"name": "Hà Cũ"})],
        }
        solution = solutions.create(values)
        self.assertEqual(solution.author_names, "Hà Cũ")
        with self.assertRaisesRegex(UserError, "there already"):
            solutions.create({**values, "name": "ĐO MẶN"})
        with self.assertRaisesRegex(UserError, "year"):
            solutions.create({**values, "name": "Khác", "year": 12})
        with self.assertRaises(AccessError):
            solution.source = "sổ tay"
        with self.assertRaises(AccessError):
            solution.key = "x"
