import base64
from datetime import date

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, freeze_time, tagged

from ..common import PDF, HoithiCommon


@tagged("post_install", "-at_install")
class TestLegalText(HoithiCommon):
    """The registry of legal texts, and the bases that contests take from it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.texts = cls.env["hoithi.legal.text"]
        cls.old, cls.middle, cls.new = cls.texts.create(
            [
                {
                    "kind": "decree",
                    "number": f"{number}/NĐ-CP",
                    "date": f"{year}-06-14",
                    "valid_from": f"{year}-07-01",
                    "issuer": "Chính phủ",
                    "subject": "Quy định chi tiết Luật Mẫu",
                }
                for number, year in (
                    ("1/2019", 2019),
                    ("2/2021", 2021),
                    ("3/2023", 2023),
                )
            ]
        )
        cls.old.replaced_by_id = cls.middle
        cls.middle.replaced_by_id = cls.new

    def _create_basis(self, **values):
        return self.env["hoithi.legal.basis"].create(
            {"contest_id": self.contest.id, "subject": "Mẫu", **values}
        )

    def test_what_is_replaced_ends_on_the_day_before(self):
        self.assertEqual(self.old.valid_to, date(2021, 6, 30))
        self.assertFalse(self.new.valid_to)
        self.assertTrue(self.old._is_in_force(date(2021, 6, 30)))
        self.assertFalse(self.old._is_in_force(date(2021, 7, 1)))
        self.assertFalse(self.old._is_in_force(date(2019, 6, 30)))
        self.assertEqual(self.old._get_successor(date(2021, 7, 1)), self.middle)
        self.assertEqual(self.old._get_successor(date(2024, 1, 1)), self.new)

    @freeze_time("2022-03-01 03:00:00")
    def test_force_of_today(self):
        texts = self.old | self.middle | self.new
        texts.invalidate_recordset(["force"])
        self.assertEqual(texts.mapped("force"), ["ended", "valid", "coming"])

    def test_no_circle_and_no_end_before_the_beginning(self):
        with self.assertRaises(ValidationError):
            self.new.replaced_by_id = self.old
        with self.assertRaises(ValidationError):
            self.new.valid_to = "2023-06-30"

    def test_a_basis_takes_what_the_registry_says(self):
        form = Form(self.contest.with_user(self.secretary))
        with form.legal_basis_ids.new() as line:
            line.legal_text_id = self.new
            self.assertEqual(line.number, "3/2023/NĐ-CP")
        form.save()
        basis = self.contest.legal_basis_ids.filtered("legal_text_id")
        self.assertEqual(basis.date, date(2023, 6, 14))
        self.assertEqual(basis.issuer, "Chính phủ")
        self.assertEqual(basis.kind, "decree")
        # what was cited stays, whatever the registry says later
        self.new.subject = "Khác"
        self.assertEqual(basis.subject, "Quy định chi tiết Luật Mẫu")

    def test_a_text_that_ended_is_told_with_what_replaced_it(self):
        chosen = self._create_basis(legal_text_id=self.old.id)
        typed = self._create_basis(number="2/2021/NĐ-CP")
        other = self._create_basis(number="9/QĐ-UBND")
        for basis in chosen, typed:
            self.assertIn("3/2023/NĐ-CP", basis.force_note)
            self.assertTrue(basis.has_successor)
        self.assertFalse(other.force_note)
        # staff who read the bases have no right on the registry
        self.contest.sudo()._move("open")
        self.assertTrue(chosen.with_user(self.staff).force_note)
        (chosen | typed | other).with_user(self.secretary).action_use_successor()
        self.assertEqual(
            (chosen | typed | other).mapped("number"),
            ["3/2023/NĐ-CP", "3/2023/NĐ-CP", "9/QĐ-UBND"],
        )
        self.assertFalse(chosen.force_note)

    def test_the_file_of_what_ended_is_public_no_more(self):
        basis = self._create_basis(
            legal_text_id=self.old.id,
            text_name="nd-1-2019.pdf",
            text_file=base64.b64encode(PDF),
            publish_text=True,
        )
        current = self._create_basis(legal_text_id=self.new.id, publish_text=True)
        (basis | current).action_use_successor()
        self.assertEqual(basis.legal_text_id, self.new)
        self.assertFalse(basis.publish_text)
        self.assertTrue(basis.attachment_id)
        self.assertTrue(current.publish_text)

    def test_without_a_successor_the_button_says_so(self):
        self.new.valid_to = "2023-12-31"
        basis = self._create_basis(legal_text_id=self.new.id)
        self.assertIn("31/12/2023", basis.force_note)
        self.assertFalse(basis.has_successor)
        with self.assertRaises(UserError):
            basis.action_use_successor()

    def test_who_keeps_the_registry(self):
        with self.assertRaises(AccessError):
            self.new.with_user(self.leader).subject = "x"
        with self.assertRaises(AccessError):
            self.new.with_user(self.staff).read(["subject"])
        own = self.texts.with_user(self.secretary).create({"subject": "Của Sở"})
        self.assertTrue(own)

    def test_the_registry_of_another_department(self):
        theirs = self.env["res.company"].create({"name": "Sở khác"})
        self.new.company_id = theirs
        with self.assertRaises(ValidationError):
            self._create_basis(legal_text_id=self.new.id)
        with self.assertRaises(AccessError):
            self.new.with_user(self.secretary).read(["subject"])
        # nor is it found by its number
        self.assertFalse(
            self._create_basis(number="3/2023/NĐ-CP")._get_force_gaps(date(2000, 1, 1))
        )

    def test_the_next_edition_is_told(self):
        self.contest.legal_basis_ids = [
            Command.clear(),
            Command.create({"legal_text_id": self.old.id}),
        ]
        self.assertTrue(
            any("3/2023/NĐ-CP" in line for line in self.contest._get_taken_along())
        )

    def test_what_the_addon_brings(self):
        """Law is data: each has its day, and what ended names its successor."""
        data = self.env["ir.model.data"].search(
            [("model", "=", "hoithi.legal.text"), ("module", "=", "hoithi_contest")]
        )
        texts = self.texts.browse(data.mapped("res_id"))
        self.assertGreater(len(texts), 10)
        self.assertTrue(all(data.mapped("noupdate")))
        self.assertTrue(all(text.date and text.number for text in texts))
        law = self.env.ref("hoithi_contest.hoithi_legal_text_qh13_77_2015")
        successor = law._get_successor(date(2026, 1, 1))
        self.assertEqual(successor.number, "72/2025/QH15")
        decree = self.env.ref("hoithi_contest.hoithi_legal_text_nd_98_2023")
        self.assertEqual(decree.valid_to, date(2025, 6, 30))
