from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..common import HoithiCommon


@tagged("post_install", "-at_install")
class TestHoithiConsent(HoithiCommon):
    """What people agree to is on record, by purpose and words."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contest.ask_gender = True
        cls._launch()

    def _get_log(self, line, key):
        purpose = self.env["hoithi.purpose"]._find(key)
        return (
            self.env["hoithi.consent"]
            .sudo()
            .search(
                [("author_id", "=", line.id), ("purpose_id", "=", purpose.id)],
                order="id",
            )
        )

    def _get_line(self, entry, user):
        return entry.sudo().author_ids.filtered(
            lambda line: line.partner_id == user.partner_id
        )

    def test_each_purpose_by_itself(self):
        entry = self._submit_entry()
        line = self._get_line(entry, self.staff)
        part = self._get_log(line, "taking_part")
        self.assertEqual(len(part), 1)
        self.assertEqual(part.partner_id, self.staff.partner_id)
        self.assertEqual(part.given_on, line.confirmed_on)
        self.assertEqual(part.given_door, "own")
        self.assertFalse(part.text_id or part.text, "no page showed any words")
        self.assertFalse(self._get_log(line, "publication"))
        line.with_user(self.staff).action_consent()
        given = self._get_log(line, "publication")
        self.assertEqual(given.given_on, line.consent_on)
        self.assertFalse(given.withdrawn_on)
        line.with_user(self.staff).action_withdraw_consent()
        self.assertTrue(given.withdrawn_on)
        self.assertEqual(given.withdrawn_door, "own")
        self.assertFalse(part.withdrawn_on, "each purpose ends by itself")
        line.with_user(self.staff).action_consent()
        self.assertEqual(len(self._get_log(line, "publication")), 2)
        self.assertTrue(given.withdrawn_on)

    def test_confirmed_twice_is_given_once(self):
        entry = self._submit_entry()
        line = self._get_line(entry, self.staff)
        line.with_user(self.staff).action_confirm()
        line.with_user(self.staff).action_consent()
        line.with_user(self.staff).action_consent()
        self.assertEqual(len(self._get_log(line, "taking_part")), 1)
        self.assertEqual(len(self._get_log(line, "publication")), 1)

    def test_words_are_those_that_a_page_showed(self):
        entry = self._submit_entry()
        line = self._get_line(entry, self.staff)
        # a key that a call sends says nothing
        line.with_user(self.staff).with_context(
            hoithi_words_shown=True
        ).action_consent()
        self.assertFalse(self._get_log(line, "publication").text)
        line.with_user(self.staff)._as_shown().action_consent()
        shown = self._get_log(line, "publication")[-1]
        self.assertEqual(shown.text_id.number, 1)
        self.assertEqual(shown.text, shown.text_id.text)
        line.with_user(self.staff).action_consent()
        self.assertEqual(self._get_log(line, "publication")[-1], shown)
        self.assertFalse(shown.withdrawn_on, "what shows no words ends nothing")

    def test_what_ended_goes_on_in_the_words_of_then(self):
        entry = self._create_entry()
        line = self._get_line(entry, self.staff)
        line.with_user(self.staff)._as_shown().action_confirm()
        first = self._get_log(line, "taking_part")
        self.assertTrue(first.text)
        entry.action_submit()
        entry.with_user(self.staff).action_withdraw(reason="Không tham gia nữa")
        self.env["hoithi.purpose.text"].create(
            {"purpose_id": first.purpose_id.id, "text": "Lời khác"}
        )
        entry.with_user(self.staff).action_reinstate(reason="Nhầm")
        again = self._get_log(line, "taking_part") - first
        self.assertEqual((again.text_id, again.text), (first.text_id, first.text))

    def test_other_words_are_agreed_to_anew(self):
        entry = self._submit_entry()
        line = self._get_line(entry, self.staff)
        line.with_user(self.staff)._as_shown().action_consent()
        first = self._get_log(line, "publication")
        purpose = self.env.ref("hoithi_contest.hoithi_purpose_publication")
        text = (
            self.env["hoithi.purpose.text"]
            .with_user(self.admin)
            .create(
                {
                    "purpose_id": purpose.id,
                    "text": "Đăng tên tôi",
                    "company_id": self.company.id,
                }
            )
        )
        self.assertEqual(text.number, 2)
        self.assertEqual(
            self.env["hoithi.purpose"]._get_words("publication", self.company),
            "Đăng tên tôi",
        )
        self.assertFalse(first.withdrawn_on, "new words end nothing")
        self.assertNotEqual(first.text, "Đăng tên tôi")
        line.with_user(self.staff)._as_shown().action_consent()
        self.assertTrue(first.withdrawn_on)
        second = self._get_log(line, "publication") - first
        self.assertEqual(second.text, "Đăng tên tôi")
        self.assertEqual(second.text_id, text)
        with self.assertRaises(AccessError):
            text.with_user(self.admin).text = "Khác"
        with self.assertRaises(AccessError):
            text.with_user(self.admin).unlink()

    def test_by_the_office_for_who_has_no_login(self):
        entry = self._create_entry()
        line = self.env["hoithi.entry.author"].create(
            {
                "entry_id": entry.id,
                "full_name": "Vàng Thị Khách",
                "is_outsider": True,
                "workplace": "Hợp tác xã",
                "contribution_percent": 0,
            }
        )
        line.with_user(self.secretary).action_consent()
        given = self._get_log(line, "publication")
        self.assertEqual(given.given_door, "office")
        self.assertEqual(given.full_name, "Vàng Thị Khách")

    def test_of_somebody_else_on_the_line(self):
        entry = self._create_entry()
        line = self.env["hoithi.entry.author"].create(
            {
                "entry_id": entry.id,
                "email": self.coauthor.email,
                "contribution_percent": 0,
            }
        )
        line.with_user(self.coauthor).action_confirm()
        given = self._get_log(line, "taking_part")
        line.with_user(self.staff).write({"email": self.internal.email})
        self.assertEqual(line.partner_id, self.internal.partner_id)
        self.assertEqual(given.withdrawn_door, "change")
        self.assertEqual(given.full_name, self.coauthor.name)
        self.assertFalse(self._get_log(line, "taking_part") - given)

    def test_taking_part_ends_with_the_entry(self):
        entry = self._submit_entry()
        line = self._get_line(entry, self.staff)
        given = self._get_log(line, "taking_part")
        with self.assertRaises(UserError):
            given.with_user(self.staff).action_withdraw()
        given.with_user(self.staff).action_withdraw(reason="Không tham gia nữa")
        self.assertEqual(entry.state, "withdrawn")
        self.assertEqual(entry.sudo().withdraw_reason, "Không tham gia nữa")
        self.assertTrue(given.withdrawn_on)
        with self.assertRaisesRegex(UserError, "ended already"):
            given.with_user(self.staff).action_withdraw(reason="Lần nữa")
        entry.with_user(self.staff).action_reinstate(reason="Nhầm")
        self.assertEqual(len(self._get_log(line, "taking_part")), 2)

    def test_taking_part_ends_with_the_draft(self):
        """Whoever deletes it takes back what all agreed to; put back, it goes on."""
        entry = self._create_entry()
        line = self.env["hoithi.entry.author"].create(
            {
                "entry_id": entry.id,
                "email": self.coauthor.email,
                "contribution_percent": 0,
            }
        )
        line.with_user(self.coauthor).action_confirm()
        given = self._get_log(line, "taking_part")
        entry.action_delete_draft()
        self.assertTrue(given.withdrawn_on)
        entry.action_restore_draft()
        [again] = self._get_log(line, "taking_part") - given
        self.assertFalse(again.withdrawn_on)
        self.assertEqual((again.text_id, again.text), (given.text_id, given.text))
        own = self._get_line(entry, self.staff).with_user(self.staff)
        # nobody would read a reason; what is gone is told, and how it comes back
        message = own._withdraw_purpose("taking_part")["params"]["message"]
        self.assertIn(entry.name, message)
        self.assertRegex(message, "7 days|7 ngày")
        self.assertFalse(entry.active)
        entry.action_restore_draft()
        self.assertTrue(entry.active)

    def test_coauthor_of_a_draft_and_of_what_is_submitted(self):
        entry = self._create_entry()
        line = self.env["hoithi.entry.author"].create(
            {
                "entry_id": entry.id,
                "email": self.coauthor.email,
                "contribution_percent": 0,
            }
        )
        line.with_user(self.coauthor).action_confirm()
        given = self._get_log(line, "taking_part")
        given.with_user(self.coauthor).action_withdraw(reason="Tôi không làm")
        self.assertTrue(given.withdrawn_on)
        self.assertEqual(given.partner_id, self.coauthor.partner_id, "the log stays")
        self.assertNotIn(self.coauthor.partner_id, entry.sudo().author_ids.partner_id)
        # a draft of others is theirs: its title isn't told by the log
        mine = self.env["hoithi.my.data"].with_user(self.coauthor)
        [row] = mine._get_consents_part().rows
        self.assertEqual((row["entry"], row["contest"]), ("", self.contest.name))

    def test_coauthor_of_what_is_submitted_is_heard(self):
        entry = self._create_entry(
            participant_type="group",
            author_ids=[
                Command.create(
                    {"email": self.coauthor.email, "contribution_percent": 40}
                )
            ],
        )
        line = self._get_line(entry, self.coauthor)
        line.with_user(self.coauthor).action_confirm()
        entry.action_submit()
        given = self._get_log(line, "taking_part").with_user(self.coauthor)
        with self.assertRaises(UserError):
            given.action_withdraw()
        told = given.action_withdraw(reason="Tôi <b>không</b> làm")
        self.assertIn("passed on to the Office", told["params"]["message"])
        self.assertFalse(given.withdrawn_on)
        self.assertTrue(line.confirmed_on)
        leaving = self.env.ref("hoithi_contest.mail_activity_type_leaving")
        activity = entry.sudo().activity_ids.filtered(
            lambda activity: activity.activity_type_id == leaving
        )
        self.assertEqual(activity.user_id, self.contest.secretary_ids)
        self.assertIn(line.full_name, activity.summary)
        self.assertIn("&lt;b&gt;không", activity.note)
        [row] = (
            self.env["hoithi.my.data"]
            .with_user(self.coauthor)
            ._get_consents_part()
            .rows
        )
        self.assertEqual(row["entry"], entry.sudo().code, "an entry that one reads")

    def test_a_department_words_what_all_share(self):
        self.env["res.company"].create({"name": "Sở khác"})
        purpose = self.env.ref("hoithi_contest.hoithi_purpose_publication")
        shared = purpose.with_user(self.admin)
        new = {"text": "Đăng tên tôi"}
        with self.assertRaisesRegex(AccessError, "shared by all departments"):
            shared.write({"text_ids": [Command.create(new)]})
        texts = self.env["hoithi.purpose.text"].with_user(self.admin)
        with self.assertRaises(AccessError):
            texts.create({**new, "purpose_id": purpose.id, "company_id": False})
        [text, later] = texts.with_context(default_purpose_id=purpose.id).create(
            [new, {"text": "Đăng tên, ảnh tôi"}]
        )
        self.assertEqual(text.company_id, self.company)
        self.assertEqual((text.number, later.number), (2, 3))
        self.assertEqual(purpose._get_text(self.company), later)

    def test_details_are_deleted(self):
        entry = self._create_entry()
        line = self._get_line(entry, self.staff)
        line.with_user(self.staff).action_give_details(gender="female", agreed=True)
        given = self._get_log(line, "form_details")
        self.assertTrue(given)
        given.with_user(self.staff).action_withdraw()
        self.assertFalse(line.gender or line.details_on)
        self.assertTrue(given.withdrawn_on)

    def test_whose_it_is(self):
        entry = self._submit_entry()
        line = self._get_line(entry, self.staff)
        given = self._get_log(line, "taking_part")
        consents = self.env["hoithi.consent"]
        own = [("id", "=", given.id)]
        self.assertTrue(consents.with_user(self.staff).search(own))
        self.assertTrue(consents.with_user(self.secretary).search(own))
        for other in (self.stranger, self.internal, self.member1, self.admin):
            self.assertFalse(consents.with_user(other).search(own), other.name)
        with self.assertRaisesRegex(AccessError, "own consent"):
            given.with_user(self.secretary).action_withdraw(reason="Thay người khác")
        for user in (self.staff, self.secretary, self.admin):
            with self.assertRaises(AccessError):
                given.with_user(user).write({"given_on": False})
            with self.assertRaises(AccessError):
                given.with_user(user).unlink()
        with self.assertRaises(UserError):
            given.with_user(self.staff).sudo().unlink()
        with self.assertRaises(UserError):
            given.with_user(self.staff).sudo().write({"text": "Khác"})
        with self.assertRaises(AccessError):
            consents.with_user(self.staff).create(
                {
                    "full_name": "Ai",
                    "contest_id": self.contest.id,
                    "purpose_id": given.purpose_id.id,
                }
            )

    def test_register_is_complete(self):
        purposes = self.env["hoithi.purpose"].with_user(self.secretary).search([])
        keys = {part.purpose for part in self.env["hoithi.my.data"]._get_parts()}
        keys |= set(self.env["hoithi.entry.author"]._get_consents())
        self.assertLessEqual(keys, set(purposes.mapped("key")))
        for purpose in purposes.filtered(lambda p: p.basis == "consent"):
            self.assertTrue(purpose.words, purpose.name)
            self.assertTrue(purpose.withdrawal, purpose.name)
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "hoithi_contest.hoithi_purpose_report_register", purposes.ids
        )
        self.assertEqual(html.decode().count("o_hoithi_purpose"), len(purposes))
