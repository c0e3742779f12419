from datetime import date

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import SQL

from .test_hoithi_portal import HoithiPortalCase, select


@tagged("post_install", "-at_install")
class TestFormAsked(HoithiPortalCase):
    """What the province's form asks besides, and who agrees to what of it."""

    def _ask(self, **asked):
        # these are settled once the contest runs
        self.env.flush_all()
        for name in asked:
            self.env.cr.execute(
                SQL(
                    "UPDATE hoithi_contest SET %s = true WHERE id = %s",
                    SQL.identifier(name),
                    self.contest.id,
                )
            )
        self.env.invalidate_all()

    def _group(self):
        return self._create_entry(
            participant_type="group",
            author_ids=[
                Command.create(
                    {"email": self.coauthor.email, "contribution_percent": 40}
                )
            ],
        )

    def test_nothing_is_asked_by_itself(self):
        entry = self._create_entry()
        page = self.get(self.entry_path(entry))
        for name in ("investor", "protection", "ai_use"):
            self.assertFalse(select(page, f"[id=hoithi_{name}]"))
        self.assertFalse(select(page, ".o_hoithi_details"))
        self.assertNotIn("artificial", self.preview(entry).text_content())
        with self.assertRaises(UserError):
            entry.representative_id.action_give_details(gender="male", agreed=True)

    def test_what_is_asked_of_the_solution_is_needed_and_sent(self):
        entry = self._create_entry()
        before = entry._get_submission_fingerprint()
        self._ask(ask_investor=1, ask_protection=1, ask_ai=1)
        self.assertEqual(
            {gap.field for gap in entry._get_gaps()}, {"protection", "ai_use"}
        )
        page = self.get(self.entry_path(entry))
        values = self.values(page)
        self.assertIn("investor", values)
        self.post(
            self.entry_path(entry, "save"),
            {
                **values,
                "investor": "Trung tâm A",
                "protection": "none",
                "ai_use": "Không sử dụng.",
            },
        )
        entry.invalidate_recordset()
        self.assertEqual(entry.investor, "Trung tâm A")
        self.assertEqual(entry.protection, "none")
        self.assertFalse(entry._get_gaps())
        self.assertNotEqual(entry._get_submission_fingerprint(), before)
        told = self.text(self.preview(entry), "[data-part=asked]")
        self.assertIn("Không sử dụng.", told)
        entry.action_submit()
        with self.assertRaises(UserError):
            entry.with_user(self.staff).ai_use = "Sau khi nộp"

    def test_an_author_gives_own_details_and_takes_them_back(self):
        entry = self._group()
        self._ask(ask_birth_date=1, ask_gender=1)
        line = entry.representative_id
        page = self.get(self.entry_path(entry))
        self.assertTrue(select(page, "[id=hoithi_birth_date]"))
        self.assertFalse(select(page, "[id=hoithi_qualification]"))
        path = self.entry_path(entry, "details")
        page = self.post_page(path, {"birth_date": "5/8/1985", "gender": "female"})
        self.assertIn("tick", self.alert(page))
        self.assertFalse(line.sudo().birth_date)
        # a month alone is no day that somebody was born on
        for typed in ("8/1985", "hôm qua"):
            page = self.post_page(
                path, {"birth_date": typed, "gender": "female", "agreed": "1"}
            )
            self.assertIn("01/03/1985", self.alert(page))
            # what was typed is there to be mended
            [shown] = select(page, "[id=hoithi_birth_date]")
            self.assertEqual(shown.get("value"), typed)
        self.assertEqual(
            self.text(page, "[id=hoithi_gender] option[selected]"), "Female"
        )
        page = self.post_page(
            path, {"birth_date": "5/8/1985", "gender": "female", "agreed": "1"}
        )
        line.invalidate_recordset()
        self.assertEqual(line.sudo().birth_date, date(1985, 8, 5))
        self.assertTrue(line.details_on)
        [shown] = select(page, "[id=hoithi_birth_date]")
        self.assertEqual(shown.get("value"), "05/08/1985")
        # a co-author reads nothing of it, nor gives it for another
        with self.assertRaises(AccessError):
            line.with_user(self.coauthor).read(["birth_date"])
        with self.assertRaises(AccessError):
            line.with_user(self.coauthor).action_give_details(
                gender="male", agreed=True
            )
        with self.assertRaises(UserError):
            line.with_user(self.staff).write({"gender": "male"})
        self.post(path, {"withdraw": "1"})
        line.invalidate_recordset()
        self.assertFalse(line.sudo().birth_date or line.sudo().gender)
        self.assertFalse(line.details_on)

    def test_details_are_taken_back_after_the_withdrawal_too(self):
        entry = self._create_entry()
        self._ask(ask_gender=1)
        entry.representative_id.action_give_details(gender="male", agreed=True)
        entry.action_submit()
        entry.action_withdraw(reason="Thôi")
        page = self.get(self.entry_path(entry))
        self.assertTrue(select(page, ".o_hoithi_details input[name=withdraw]"))
        self.post(self.entry_path(entry, "details"), {"withdraw": "1"})
        entry.invalidate_recordset()
        self.assertFalse(entry.representative_id.sudo().gender)
        self.assertFalse(select(self.get(self.entry_path(entry)), ".o_hoithi_details"))

    def test_a_qualification_given_for_the_form_goes_with_the_consent(self):
        entry = self._group()
        self._ask(ask_qualification=1, ask_gender=1)
        line = (entry.author_ids - entry.representative_id).with_user(self.coauthor)
        line.action_give_details(qualification="Thạc sĩ", gender="male", agreed=True)
        self.assertEqual(line.sudo().qualification, "Thạc sĩ")
        line.action_withdraw_details()
        self.assertFalse(line.sudo().qualification or line.sudo().gender)
        # what is said of another person in the same save is of that one
        line.action_give_details(qualification="Thạc sĩ", agreed=True)
        line.sudo().write({"full_name": "Ai đó", "qualification": "Kỹ sư"})
        self.assertEqual(line.sudo().qualification, "Kỹ sư")
        self.assertFalse(line.details_on)
        line.sudo().full_name = "Ai khác"
        self.assertFalse(line.sudo().qualification)

    def test_details_that_are_none_are_not_kept(self):
        entry = self._create_entry()
        self._ask(ask_gender=1, ask_qualification=1)
        line = entry.representative_id
        with self.assertRaisesRegex(UserError, "Nothing was kept: fill in"):
            line.action_give_details(gender="", qualification=None, agreed=True)
        page = self.post_page(
            self.entry_path(entry, "details"),
            {"gender": "", "qualification": "  ", "agreed": "1"},
        )
        self.assertIn("Nothing was kept: fill in", page.text_content())
        line.invalidate_recordset()
        self.assertFalse(line.details_on)
        line.action_give_details(gender="male", agreed=True)
        self.assertTrue(line.details_on)

    def test_details_that_cannot_be(self):
        line = self._create_entry().representative_id
        self._ask(ask_birth_date=1, ask_gender=1)
        for born in ("2999-01-01", "1800-01-01", "x", 5):
            with self.subTest(born=born), self.assertRaises(ValidationError):
                line.action_give_details(birth_date=born, agreed=True)
        with self.assertRaises(ValidationError):
            line.action_give_details(gender="x", agreed=True)

    def test_details_are_of_one_person(self):
        entry = self._group()
        self._ask(ask_gender=1)
        line = entry.author_ids - entry.representative_id
        line.with_user(self.coauthor).action_give_details(gender="male", agreed=True)
        self.assertEqual(line.sudo().gender, "male")
        line.sudo().full_name = "Ai đó"
        self.assertFalse(line.sudo().gender)

    def test_details_go_with_the_contact_data(self):
        entry = self._create_entry()
        self._ask(ask_gender=1)
        entry.representative_id.action_give_details(gender="male", agreed=True)
        entry.sudo()._forget_persons()
        self.assertFalse(entry.representative_id.sudo().gender)
