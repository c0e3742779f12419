import base64
import datetime
import io

from openpyxl import load_workbook

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ...models.guard.hoithi_guard_mixin import Load
from ..common import HoithiCommon


@tagged("post_install", "-at_install")
class TestScoreSheet(HoithiCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._launch()
        cls.entries = [
            cls._eligible_entry(name=f"Giải pháp {number}") for number in (1, 2, 3)
        ]
        cls._start_review()
        cls.reviews = [cls._assign(entry, cls.member1)[0] for entry in cls.entries]
        cls.others = cls._assign(cls.entries[0], cls.member2)[0]

    def _download(self, user=None):
        wizard = self.env["hoithi.score.sheet"].with_user(user or self.member1)
        wizard = wizard.create({})
        wizard.action_download()
        return wizard, load_workbook(io.BytesIO(base64.b64decode(wizard.file)))

    def _upload(self, workbook, user=None):
        output = io.BytesIO()
        workbook.save(output)
        wizard = self.env["hoithi.score.sheet"].with_user(user or self.member1)
        wizard = wizard.create(
            {
                "contest_id": self.contest.id,
                "upload": base64.b64encode(output.getvalue()),
                "upload_name": "phieu.xlsx",
            }
        )
        wizard.action_upload()
        return wizard.result.splitlines()

    def test_it_holds_the_own_entries_and_no_author(self):
        _wizard, workbook = self._download()
        cells = [
            str(cell.value)
            for sheet in workbook.worksheets
            for row in sheet.iter_rows()
            for cell in row
            if cell.value is not None
        ]
        text = "\n".join(cells)
        for entry in self.entries:
            self.assertIn(entry.code, text)
        self.assertNotIn(self.staff.name, text)
        self.assertNotIn(self.sub_unit.name, text)
        self.assertFalse(workbook.properties.lastModifiedBy)
        _other, workbook = self._download(self.member2)
        self.assertEqual(workbook.worksheets[0].max_row, 4)

    def test_the_dialog_of_another_is_closed(self):
        """Its workbook holds the scores of sheets that aren't given yet."""
        wizard, _workbook = self._download()
        theirs = wizard.with_user(self.member2)
        self.assertFalse(theirs.search([("id", "=", wizard.id)]))
        with self.assertRaises(AccessError):
            theirs.read(["file", "upload", "result"])

    def test_a_title_is_text_whatever_it_looks_like(self):
        entry = self.entries[0]
        # as it stands in databases from before control characters were taken out
        self.env.cr.execute(
            "UPDATE hoithi_review SET entry_name = %s WHERE entry_id = %s",
            ["=HYPERLINK(A1)\x0b\x01 nước", entry.id],
        )
        self.env.invalidate_all()
        _wizard, workbook = self._download()
        cell = workbook.worksheets[0]["B4"]
        self.assertEqual(cell.data_type, "s")
        self.assertEqual(cell.value, "=HYPERLINK(A1)\n nước")

    def test_a_cell_without_a_number_changes_nothing(self):
        first = self.reviews[0]
        first.line_ids[0].write({"score": 25, "comment": "Tốt"})
        for value in (
            datetime.date(2026, 7, 5),
            True,
            "#N/A",
            "=1+1",
            "7;5",
            float(10**20),
        ):
            _wizard, workbook = self._download()
            sheet = workbook.worksheets[0]
            sheet["C4"], sheet["E4"], sheet["G4"] = value, 50, "Khá"
            result = self._upload(workbook)
            self.assertIn(f"{sheet.title}!C4", result[0], value)
            self.assertNotIn("filled in", result[0])
            self.assertEqual(first.line_ids.mapped("score"), [25, 0], value)
            self.assertFalse(first.comment)
        self.assertIn("05/07/2026", self._told(datetime.date(2026, 7, 5)))

    def _told(self, value):
        _wizard, workbook = self._download()
        workbook.worksheets[0]["C4"] = value
        return self._upload(workbook)[0]

    def test_a_percentage_is_no_score(self):
        _wizard, workbook = self._download()
        cell = workbook.worksheets[0]["C4"]
        cell.value, cell.number_format = 0.07, "0%"
        self.assertIn("7%", self._upload(workbook)[0])
        self.assertFalse(self.reviews[0].line_ids[0].score)

    def test_a_column_put_in_is_refused_by_name(self):
        """An unprotected copy; scores would go to other criteria."""
        wizard, workbook = self._download()
        sheet = workbook.worksheets[0]
        sheet["C4"], sheet["E4"] = 10, 20
        sheet.insert_cols(3)
        with self.assertRaises(UserError) as refused:
            self._upload(workbook)
        criterion = wizard.contest_id.criteria_set_id.criterion_ids[0]
        self.assertIn(f"{sheet.title}!C3", str(refused.exception))
        self.assertIn(criterion.name, str(refused.exception))
        self.assertEqual(self.reviews[0].line_ids.mapped("score"), [0, 0])
        for name, change in {
            "isn't a score sheet": lambda book: book.remove(book["meta"]),
            "no sheet": lambda book: setattr(book.worksheets[0], "title", "x"),
            "row 1048576": lambda book: book.worksheets[0].cell(1048576, 1, "x"),
        }.items():
            _wizard, workbook = self._download()
            change(workbook)
            with self.assertRaisesRegex(UserError, name):
                self._upload(workbook)

    def test_what_stands_outside_of_the_table_is_told(self):
        _wizard, workbook = self._download()
        sheet = workbook.worksheets[0]
        sheet["C4"], sheet["I4"] = 10, "Ghi chú"
        result = self._upload(workbook)
        self.assertIn("filled in", result[0])
        self.assertIn(f"{sheet.title}!I4", result[-1])

    def test_coefficients_add_up_as_on_the_server(self):
        novelty = self.criteria_set.criterion_ids[0]
        novelty.with_context(hoithi_door=Load()).weight = 1.5
        _wizard, workbook = self._download()
        sheet = workbook.worksheets[0]
        self.assertIn("× 1.5", sheet["C3"].value)
        self.assertEqual(sheet["H4"].value, "=ROUND(C4*1.5+E4*1,2)")
        # as a spreadsheet program fills it in
        sheet["C4"], sheet["E4"], sheet["H4"] = 21, 40, 71.5
        sheet["C5"], sheet["E5"], sheet["H5"] = 10, 20, 30
        result = self._upload(workbook)
        first, second, _third = self.reviews
        self.assertEqual(first.line_ids.mapped("score"), [21, 40])
        self.assertEqual(result[0], f"{first.entry_code}: filled in.")
        self.assertIn("35 here, 30 in the file", result[1])
        first.line_ids.comment = "Đạt"
        first.action_submit()
        self.assertEqual(first.total, 71.5, "as the file said")
        self.assertFalse(second.total, "not submitted")

    def test_a_remark_too_long_for_a_cell_isn_t_lost(self):
        review = self.reviews[0]
        line = review.line_ids[0]
        texts = "x" * 40_000, "y" * 33_000
        line.comment, review.comment = texts
        _wizard, workbook = self._download()
        sheet = workbook.worksheets[0]
        self.assertIn("longer than a cell", sheet["D4"].value)
        sheet["C4"] = 10
        self.assertIn("filled in", self._upload(workbook)[0])
        self.assertEqual(line.score, 10)
        self.assertEqual((line.comment, review.comment), texts)

    def test_a_blank_cell_leaves_the_draft(self):
        _wizard, workbook = self._download()
        line = self.reviews[0].line_ids[0]
        line.write({"score": 25, "comment": "Tốt"})
        self.reviews[0].comment = "Khá"
        workbook.worksheets[0]["E4"] = "50,0"
        result = self._upload(workbook)
        self.assertIn("filled in", result[0])
        self.assertIn("nothing new", result[1])
        self.assertEqual(self.reviews[0].line_ids.mapped("score"), [25, 50])
        self.assertEqual((line.comment, self.reviews[0].comment), ("Tốt", "Khá"))

    def test_it_fills_drafts_and_tells_row_by_row(self):
        _wizard, workbook = self._download()
        sheet = workbook.worksheets[0]
        for row, scores in ((4, (30, 50)), (5, (41, 50)), (6, ("a", 1))):
            sheet.cell(row, 3, scores[0])
            sheet.cell(row, 5, scores[1])
        sheet["G4"] = "Giải pháp tốt"
        result = self._upload(workbook)
        self.assertEqual(len(result), 3)
        self.assertIn("40", result[1], "the range is told")
        self.assertIn("C6", result[2], "the cell is told")
        first, second, third = self.reviews
        self.assertEqual(first.line_ids.mapped("score"), [30, 50])
        self.assertEqual(first.comment, "Giải pháp tốt")
        self.assertEqual(first.state, "in_progress", "submitting is an act of its own")
        for review in (second, third):
            self.assertEqual(review.line_ids.mapped("score"), [0, 0])

    def test_a_sheet_that_was_submitted_meanwhile_is_refused(self):
        _wizard, workbook = self._download()
        sheet = workbook.worksheets[0]
        sheet["C4"], sheet["E4"], sheet["C5"] = 10, 10, 12
        self._score(self.reviews[0], 30, 40)
        result = self._upload(workbook)
        self.assertEqual(self.reviews[0].line_ids.mapped("score"), [30, 40])
        self.assertEqual(self.reviews[1].line_ids[0].score, 12)
        self.assertNotIn("filled", result[0])

    def test_the_sheet_of_another_member_is_refused(self):
        _wizard, workbook = self._download()
        with self.assertRaisesRegex(UserError, "another member"):
            self._upload(workbook, self.member2)
        self.assertEqual(self.others.line_ids.mapped("score"), [0, 0])

    def test_another_file_is_refused(self):
        wizard = self.env["hoithi.score.sheet"].with_user(self.member1)
        wizard = wizard.create({"upload": base64.b64encode(b"plain text")})
        with self.assertRaises(UserError):
            wizard.action_upload()
        wizard.upload = False
        with self.assertRaises(UserError):
            wizard.action_upload()

    def test_who_has_nothing_to_score_is_told(self):
        wizard = self.env["hoithi.score.sheet"].with_user(self.chair)
        wizard = wizard.create({"contest_id": self.contest.id})
        with self.assertRaises(UserError):
            wizard.action_download()
        with self.assertRaises(AccessError):
            self.env["hoithi.score.sheet"].with_user(self.secretary).create({})
