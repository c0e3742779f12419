from unittest.mock import patch
from urllib.parse import parse_qs, urlsplit

from odoo import SUPERUSER_ID
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.modules.module import load_script
from odoo.tests import tagged

from ..common import OUTSIDER
from .test_hoithi_portal import HoithiPortalCase, select

#: In the language of visitors, whichever that is.
TOO_LONG = "open too long|mở quá lâu"


@tagged("post_install", "-at_install")
class TestShareLink(HoithiPortalCase):
    """Co-authors without a login confirm by a link of their letter, or on paper."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.entry = cls._create_entry(
            participant_type="group",
            author_ids=[
                Command.create(
                    {
                        **OUTSIDER,
                        "full_name": "Nông Văn Ngoài",
                        "email": "ngoai@truong.example.vn",
                        "contribution_percent": 40,
                    }
                )
            ],
        )
        cls.entry.author_ids.filtered("is_representative").contribution_percent = 60
        cls.entry.action_submit()
        cls.line = cls.entry.author_ids.filtered("is_outsider")

    def setUp(self):
        super().setUp()
        self.authenticate(None, None)

    def test_who_is_written_to_is_no_contact_of_the_house(self):
        """Odoo shows contacts to all internal users, a blind council's members too."""
        outsider = [("name", "=", "Nông Văn Ngoài")]
        contact = self.env["res.partner"].search(outsider)
        self.assertTrue(contact.hoithi_is_of_letters)
        users = (self.internal, self.head, self.member1, self.leader, self.admin)
        for user in (*users, self.staff):
            seen = contact.with_user(user)
            self.env.invalidate_all()
            with self.subTest(user=user.login):
                self.assertFalse(seen.search(outsider))
                self.assertFalse(seen.name_search("Nông Văn Ngoài"))
                with self.assertRaises(AccessError):
                    seen.read(["name", "create_uid"])
        self.assertEqual(contact.with_user(self.secretary).search(outsider), contact)
        # nor is the author told by who made it, or follows it
        told = contact.create_uid | contact.write_uid
        self.assertFalse((told | contact.message_ids.create_uid) & self.staff)
        self.assertFalse(contact.message_partner_ids)
        # other contacts stay everybody's, as does who was given a login since
        self.assertTrue(self.staff.partner_id.with_user(self.member1).name)
        [login] = self._create_logins(
            [
                {
                    "login": "t_let_in",
                    "partner_id": contact.id,
                    "group_ids": [Command.set(self.env.ref("base.group_portal").ids)],
                }
            ]
        )
        self.env.invalidate_all()
        for user in (login, self.internal):
            self.assertEqual(login.with_user(user).partner_id.name, contact.name)

    def test_contacts_from_before(self):
        contact = self.env["res.partner"].search([("name", "=", "Nông Văn Ngoài")])
        contact.message_subscribe(self.staff.partner_id.ids)
        self.env.flush_all()
        script = load_script(
            "hoithi_contest/migrations/19.0.1.4.0/post-letter_contacts.py", "contacts"
        )
        # one that the house had before its first letter is no contact of letters
        for since, is_of_letters in (("- INTERVAL '1 day'", False), ("", True)):
            with self.subTest(is_of_letters=is_of_letters):
                self.env.cr.execute(
                    "UPDATE res_partner p SET create_uid = %s,"
                    " hoithi_is_of_letters = NULL,"
                    f" create_date = (SELECT MIN(n.create_date) {since}"
                    " FROM hoithi_notice n WHERE n.partner_id = p.id) WHERE id = %s",
                    [self.staff.id, contact.id],
                )
                script.migrate(self.env.cr, "19.0.1.3.0")
                self.env.invalidate_all()
                self.assertEqual(contact.hoithi_is_of_letters, is_of_letters)
                self.assertEqual(contact.create_uid == self.staff, not is_of_letters)
                self.assertEqual(bool(contact.message_partner_ids), not is_of_letters)
        self.assertEqual(contact.create_uid.id, SUPERUSER_ID)

    def test_a_letter_with_a_link(self):
        notice = self.env["hoithi.notice"].search([("kind", "=", "share_link")])
        self.assertEqual(notice.partner_id.email, "ngoai@truong.example.vn")
        self.assertFalse(self.line.partner_id, "the letter gives no right")
        path = self.line._get_link_path()
        page = self.get(path)
        # nothing that needs a login: the way to log in is there
        links = {a.get("href") for a in select(page, ".o_hoithi_page_head a")}
        self.assertIn("/web/login", links)
        self.assertFalse([link for link in links if link.startswith("/my")])
        self.assertNotIn("My data", self.text(page, ".o_hoithi_foot_line"))
        # the other languages are links, which need no script
        self.assertTrue(select(page, ".o_hoithi_foot_line .o_hoithi_languages a[lang]"))
        self.assertFalse(select(page, "[data-bs-toggle=dropdown]"))
        text = self.text(page, ".o_hoithi_share_link")
        self.assertIn(self.entry.name, text)
        self.assertIn("40", text)
        self.post(path, {"confirm": "1"})
        self.line.invalidate_recordset()
        self.assertTrue(self.line.confirmed_on)
        moment = self.line.confirmed_on
        self.post(path, {"confirm": "1"})
        self.assertEqual(self.line.confirmed_on, moment)
        page = self.get(path)
        self.assertFalse(select(page, ".o_hoithi_share_link form"), "it is done")

    def test_a_page_that_lay_open_is_sent_once_more(self):
        page = self.post_page(
            self.line._get_link_path(),
            {"decline": "1", "reason": "Không tham gia", "csrf_token": "x"},
            status=400,
            csrf=False,
            headers={"Sec-Fetch-Site": "same-origin"},
        )
        # nobody is asked to log in who has no login
        self.assertFalse(select(page, ".o_hoithi_late a[target=_blank]"))
        [form] = select(page, ".o_hoithi_late_form")
        self.post(form.get("action"), dict(form.form_values()), csrf=False)
        self.line.invalidate_recordset()
        self.assertEqual(self.line.decline_reason, "Không tham gia")

    def test_a_login_that_lay_open_is_asked_for_afresh(self):
        typed = {"login": "an", "password": "mật", "redirect": "/my/hoithi"}
        for door in ("login", "reset_password", "signup"):
            with self.subTest(door=door):
                response = self.post(
                    f"/web/{door}",
                    {**typed, "csrf_token": "x"},
                    csrf=False,
                    allow_redirects=False,
                )
                self.assertEqual(response.status_code, 303)
                fresh = urlsplit(response.headers["Location"])
                query = parse_qs(fresh.query)
                self.assertRegex(query.pop("error")[0], TOO_LONG)
                self.assertEqual(query, {"login": ["an"], "redirect": ["/my/hoithi"]})
        page = self.get(f"/web/login?{fresh.query}")
        self.assertRegex(self.text(page, ".alert-danger"), TOO_LONG)

    def test_the_author_has_the_letter_sent_again_once_a_day(self):
        letters = [("kind", "=", "share_link")]
        sent = self.env["hoithi.notice"].search_count(letters)
        self.entry.action_remind_coauthors()
        self.assertEqual(self.env["hoithi.notice"].search_count(letters), sent + 1)
        with self.assertRaisesRegex(UserError, "Reminded today already"):
            self.entry.action_remind_coauthors()

    def test_nobody_else_reads_the_letter(self):
        notice = self.env["hoithi.notice"].search([("kind", "=", "share_link")])
        seen = notice.with_user(self.secretary)
        self.assertIn("for its reader alone", seen.preview_note)
        self.assertFalse(seen.preview_body or seen.preview_subject)
        with self.assertRaisesRegex(UserError, "for its reader alone"):
            seen.action_edit()
        self.assertIn("/hoithi/share/", str(notice._compose()["body_html"]))
        told = self.env["hoithi.notice"].search([("kind", "=", "receipt")])[:1]
        for sent, may in ((notice, False), (told, True)):
            sent.sudo()._open_door()._send()
            message = sent.sudo().mail_id.mail_message_id.with_user(self.secretary)
            with self.subTest(kind=sent.kind):
                self.assertEqual(message.has_access("read"), may)
                found = message.search([("id", "=", message.id)])
                self.assertEqual(bool(found), may)

    def test_declines(self):
        path = self.line._get_link_path()
        self.post(path, {"decline": "1", "reason": " "})
        self.line.invalidate_recordset()
        self.assertFalse(self.line.declined_on)
        late = UserError("Thử lại sau ít phút.")
        with patch.object(type(self.line), "_decline_by_link", side_effect=late):
            page = self.post_page(path, {"decline": "1", "reason": "Không tham gia"})
        [typed] = select(page, "details[open] textarea")
        self.assertEqual(typed.text_content(), "Không tham gia")
        self.post(path, {"decline": "1", "reason": "Không tham gia"})
        self.line.invalidate_recordset()
        self.assertTrue(self.line.declined_on)
        told = self.env["hoithi.notice"].search([("kind", "=", "declined")])
        self.assertIn(self.staff.partner_id, told.partner_id)

    def test_no_other_link_opens(self):
        path = self.line._get_link_path()
        self.get(path[:-2] + ("aa" if path[-2:] != "aa" else "bb"), status=404)
        own = self.entry.author_ids.filtered("is_representative")
        self.get(own._get_link_path(), status=404)
        self.line.sudo()._open_door().email = "khac@truong.example.vn"
        self.env.flush_all()
        self.get(path, status=404)

    def test_on_paper(self):
        for user in (self.staff, self.leader, self.coauthor):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.line.with_user(user).action_confirm_on_paper(reason="Giấy")
        office = self.line.with_user(self.secretary)
        with self.assertRaisesRegex(UserError, "reason"):
            office.action_confirm_on_paper(reason="-")
        own = self.entry.author_ids.filtered("is_representative")
        with self.assertRaisesRegex(UserError, "has a login"):
            own.with_user(self.secretary).action_confirm_on_paper(reason="Giấy")
        office.action_confirm_on_paper(reason="Giấy xác nhận ngày 01/6")
        self.assertTrue(self.line.confirmed_on)
        with self.assertRaisesRegex(UserError, "Nothing is to be confirmed"):
            office.action_confirm_on_paper(reason="Lần nữa")
        log = " ".join(self.entry.sudo().message_ids.mapped("body"))
        self.assertIn("Giấy xác nhận", log)
