import base64
import io
import json
import re
from datetime import timedelta

import docx
import pikepdf
from markupsafe import Markup

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..common import HoithiCommon

#: What tells the author, wherever it turns up.
SECRETS = ("Hà Thị Tác Giả", "t_staff", "staff@sotnmt", "Tổ Quan trắc", "Lý Văn Đồng")


def make_pdf():
    output = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(300, 300))
        with pdf.open_metadata() as metadata:
            metadata["dc:creator"] = ["Hà Thị Tác Giả"]
        pdf.docinfo["/Author"] = "Hà Thị Tác Giả"
        pdf.save(output)
    return output.getvalue()


def make_docx():
    document = docx.Document()
    document.add_paragraph("Trạm đo tự động")
    document.core_properties.author = "Hà Thị Tác Giả"
    document.core_properties.last_modified_by = "Lý Văn Đồng"
    output = io.BytesIO()
    document.save(output)
    return output.getvalue()


@tagged("post_install", "-at_install")
class TestBlindness(HoithiCommon, HttpCase):
    """As a member of a blind council, try to learn who wrote an entry.

    Every channel is asked twice: the secretary gets the data that could leak, so the
    question is right; the member doesn't.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "tracking_disable": False})
        cls._launch()
        entry = cls._create_entry(participant_type="group", with_file=False)
        entry.representative_id.contribution_percent = 70
        entry.author_ids = [
            (0, 0, {"email": cls.coauthor.email, "contribution_percent": 30})
        ]
        cls._add_file(entry, make_pdf(), "Hà Thị Tác Giả.pdf")
        cls._add_file(entry, make_docx(), "cua Lý Văn Đồng.docx")
        entry.action_submit()
        entry.with_user(cls.secretary).action_mark_eligible()
        entry.with_user(cls.secretary).message_post(
            body=Markup("Tác giả Hà Thị Tác Giả"), partner_ids=cls.staff.partner_id.ids
        )
        entry.with_user(cls.secretary).activity_schedule(
            "mail.mail_activity_data_todo", summary="Gọi Hà Thị Tác Giả"
        )
        entry.with_user(cls.secretary).message_subscribe(cls.staff.partner_id.ids)
        cls.entry = entry.sudo()
        [cls.review] = cls._assign(cls.entry, cls.member1)
        cls._start_review()
        cls.env.flush_all()
        for user in (cls.member1, cls.secretary):
            user.password = user.login

    def _ask(self, user, question):
        """What `user` learns; a refusal is an empty answer."""
        self.env.invalidate_all()
        try:
            with self.env.cr.savepoint():
                return question(self.env(user=user.id))
        except (AccessError, UserError):
            return None

    def assertBlind(self, question):
        """The secretary learns something by `question`, the member nothing."""
        self.assertTrue(self._ask(self.secretary, question), "there is data to leak")
        answer = self._ask(self.member1, question)
        self.assertFalse(answer and self._secrets_in(answer), answer)
        return answer

    def _secrets_in(self, answer):
        text = str(answer)
        return [secret for secret in SECRETS if secret in text] or (
            answer if not isinstance(answer, str | list | dict) else []
        )

    # THROUGH THE ORM

    def test_read(self):
        self.assertBlind(
            lambda env: env["hoithi.entry"].browse(self.entry.id).read(["author_names"])
        )
        for model, records in (
            ("hoithi.entry.author", self.entry.author_ids),
            ("hoithi.dossier.item", self.entry.dossier_ids),
        ):
            self.assertBlind(
                lambda env, model=model, records=records: (
                    env[model].browse(records.ids).read(["display_name", "create_uid"])
                )
            )

    def test_search(self):
        author = self.staff.partner_id.id
        for domain in (
            [("author_ids.full_name", "ilike", "Tác Giả")],
            [("create_uid", "=", self.staff.id)],
            [("department_id", "=", self.sub_unit.id)],
            [("message_partner_ids", "in", [author])],
            [("activity_ids.summary", "ilike", "Tác Giả")],
            [("author_names", "ilike", "Tác Giả")],
            [("message_ids.body", "ilike", "Tác Giả")],
        ):
            with self.subTest(domain=domain):
                self.assertBlind(lambda env, d=domain: env["hoithi.entry"].search(d))
                self.assertBlind(
                    lambda env, d=domain: env["hoithi.entry"].search_count(d)
                )
        for domain in (
            [("entry_id.author_ids.full_name", "ilike", "Tác Giả")],
            [("entry_id.create_uid", "=", self.staff.id)],
            [("entry_id.department_id.name", "=", "Tổ Quan trắc")],
            [("entry_id.message_partner_ids", "in", [author])],
        ):
            with self.subTest(domain=domain):
                self.assertBlind(lambda env, d=domain: env["hoithi.review"].search(d))

    def test_search_from_other_models(self):
        for domain in (
            [("entry_ids.author_ids.full_name", "ilike", "Tác")],
            [("entry_ids.create_uid", "=", self.staff.id)],
        ):
            self.assertBlind(lambda env, d=domain: env["hoithi.contest"].search(d))

    def test_groups_and_counters(self):
        for model, group in (
            ("hoithi.entry", "department_id"),
            ("hoithi.entry", "create_uid"),
            ("hoithi.entry.author", "partner_id"),
        ):
            self.assertBlind(
                lambda env, m=model, g=group: env[m].formatted_read_group(
                    [], [g], ["__count"]
                )
            )
        for group in ("entry_id.department_id", "entry_id.create_uid"):
            groups = self._ask(
                self.member1,
                lambda env, g=group: env["hoithi.review"]._read_group(
                    [], [g], ["__count"]
                ),
            )
            self.assertFalse([record for record, _count in groups or [] if record])
        self.assertBlind(
            lambda env: env["hoithi.contest"].browse(self.contest.id).entry_count
        )
        board = self._ask(
            self.member1,
            lambda env: env["hoithi.review"].web_read_group(
                [],
                ["state"],
                auto_unfold=True,
                unfold_read_specification={"display_name": {}, "entry_name": {}},
            ),
        )
        self.assertTrue(board["groups"])
        self.assertFalse(self._secrets_in(json.dumps(board, default=str)))

    def test_name_search(self):
        self.assertBlind(lambda env: env["hoithi.entry"].name_search("nước mặt"))
        self.assertBlind(lambda env: env["hoithi.entry.author"].name_search("Tác"))

    def test_export_and_related_fields(self):
        export = self.env.ref("base.group_allow_export")
        (self.member1 + self.secretary).group_ids = [(4, export.id)]
        self.assertBlind(
            lambda env: (
                env["hoithi.entry"]
                .browse(self.entry.id)
                .export_data(["name", "author_ids/full_name"])["datas"]
            )
        )
        self.assertBlind(
            lambda env: (
                env["hoithi.review"]
                .browse(self.review.id)
                .export_data(["entry_id/author_names", "entry_id/create_uid"])["datas"]
            )
        )
        self.assertBlind(
            lambda env: (
                env["hoithi.review"]
                .browse(self.review.id)
                .web_read({"entry_id": {"fields": {"author_names": {}}}})
            )
        )
        everything = self._ask(
            self.member1,
            lambda env: env["hoithi.review"].browse(self.review.id).read(),
        )
        self.assertIn("Trạm đo", str(everything), "the member has a window")
        self.assertFalse(self._secrets_in(everything))

    def test_chatter_followers_activities(self):
        on_entry = [("res_model", "=", "hoithi.entry"), ("res_id", "=", self.entry.id)]
        self.assertBlind(
            lambda env: (
                env["mail.message"]
                .search(
                    [("model", "=", "hoithi.entry"), ("res_id", "=", self.entry.id)]
                )
                .mapped("body")
            )
        )
        self.assertBlind(
            lambda env: env["mail.activity"].search(on_entry).mapped("summary")
        )
        self.assertBlind(
            lambda env: (
                env["hoithi.entry"]
                .browse(self.entry.id)
                .message_partner_ids.mapped("name")
            )
        )
        messages = self._ask(
            self.member1,
            lambda env: (
                env["mail.message"]
                .search(
                    [("model", "=", "hoithi.review"), ("res_id", "=", self.review.id)]
                )
                .mapped(lambda message: (message.body, message.author_id.name))
            ),
        )
        self.assertFalse(self._secrets_in(messages or []))

    def test_who_follows_or_was_told(self):
        """Odoo's own lists of these are open to all internal users."""
        entry, review = self.entry, self.review
        # a member is asked about a sheet
        review.sudo().message_subscribe(self.member1.partner_id.ids)
        self.env.flush_all()
        followers = self.env["mail.followers"]
        told = self.env["mail.notification"]
        for rows, path, record, reader, others in (
            (followers, "res_id", entry, self.secretary, self.member1),
            (followers, "res_id", review, self.secretary, self.internal),
            (told, "mail_message_id.res_id", entry, self.secretary, self.member1),
        ):
            model = "res_model" if rows == followers else "mail_message_id.model"
            found = rows.search([(model, "=", record._name), (path, "=", record.id)])
            self.assertTrue(found, "there is something to tell")
            own = [("id", "in", found.ids)]
            self.assertEqual(rows.with_user(reader).search(own), found)
            hidden = rows.with_user(others)
            with self.subTest(rows=rows._name, record=record, user=others.login):
                self.assertFalse(hidden.search(own))
                self.assertFalse(hidden.search_count(own))
                groups = hidden.formatted_read_group(own, ["id"], ["__count"])
                self.assertFalse(groups)
                with self.assertRaises(AccessError):
                    hidden.browse(found.ids).read(["id"])
        # nor by a condition that holds of all that one can't read
        unread = [("mail_message_id", "not any", [("id", ">", 0)])]
        unread += [("res_partner_id", "!=", False), ("id", "in", found.ids)]
        hidden = told.with_user(self.member1)
        self.assertFalse(hidden.search(unread))
        self.assertFalse(hidden.formatted_read_group(unread, ["mail_message_id"]))

    def test_who_created_and_changed(self):
        self.assertBlind(
            lambda env: (
                env["hoithi.entry"]
                .browse(self.entry.id)
                .read(["create_uid", "write_uid"])
            )
        )
        for records in (self.review, self.review.line_ids, self.review.file_ids):
            creators = records.read(["create_uid", "write_uid"])
            self.assertFalse(self._secrets_in(creators))

    def test_notices_conflicts_and_nominations(self):
        self.employees[self.staff].parent_id = self.employees[self.member2]
        self.assertBlind(lambda env: env["hoithi.notice"].search([]).mapped("kind"))
        self.assertBlind(lambda env: env["hoithi.conflict"].search([]).mapped("kind"))

    # FILES

    def test_attachments(self):
        originals = [("res_model", "=", "hoithi.dossier.item")]
        self.assertBlind(
            lambda env: env["ir.attachment"].search(originals).mapped("name")
        )
        copies = self.review.file_ids
        self.assertEqual(len(copies), 2)
        for copy in copies:
            self.assertTrue(re.fullmatch(r"HS\d+-\d-ban-mo-ta\.pdf", copy.name))
            with pikepdf.open(io.BytesIO(copy.raw)) as document:
                self.assertNotIn("/Info", document.trailer)
                self.assertNotIn("/Metadata", document.Root)
        originals = self.entry.dossier_ids.attachment_id
        with pikepdf.open(io.BytesIO(originals[0].raw)) as document:
            self.assertIn("Tác Giả", str(document.docinfo["/Author"]))

    @mute_logger("odoo.http")
    def test_direct_addresses(self):
        attachment = self.entry.dossier_ids[0].attachment_id
        item = self.entry.dossier_ids[0]
        addresses = (
            f"/web/content/{attachment.id}?download=1",
            f"/web/content/hoithi.dossier.item/{item.id}/datas?filename_field=filename",
            f"/my/hoithi/entries/{self.entry.id}",
            f"/mail/view?model=hoithi.entry&res_id={self.entry.id}",
        )
        for address in addresses[:2]:
            self.authenticate(self.secretary.login, self.secretary.login)
            self.assertEqual(self.url_open(address).status_code, 200, address)
        self.authenticate(self.member1.login, self.member1.login)
        for address in addresses:
            answer = self.url_open(address)
            self.assertFalse(
                [s for s in SECRETS if s in answer.text],
                f"{address} told the author",
            )
            self.assertNotIn("Tác", str(answer.headers))
        copy = self.review.file_ids[0]
        answer = self.url_open(f"/web/content/{copy.id}?download=1")
        self.assertEqual(answer.status_code, 200, "the member has the neutral copy")
        self.assertIn(copy.name, answer.headers["Content-Disposition"])

    # REMOTE CALLS

    def _json2(self, user, model, method, **arguments):
        key = (
            self.env["res.users.apikeys"]
            .with_user(user)
            ._generate("rpc", "test", fields.Datetime.now() + timedelta(days=1))
        )
        answer = self.url_open(
            f"/json/2/{model}/{method}",
            data=json.dumps(arguments),
            headers={
                "Authorization": f"bearer {key}",
                "Content-Type": "application/json",
            },
        )
        return answer.text if answer.status_code == 200 else ""

    @mute_logger("odoo.http", "odoo.addons.rpc.controllers.json2")
    def test_json2(self):
        for model, method, arguments in (
            (
                "hoithi.entry",
                "read",
                {"ids": self.entry.ids, "fields": ["author_names"]},
            ),
            (
                "hoithi.entry.author",
                "search_read",
                {"domain": [], "fields": ["full_name"]},
            ),
            (
                "hoithi.dossier.item",
                "search_read",
                {"domain": [], "fields": ["filename"]},
            ),
        ):
            with self.subTest(model=model):
                told = self._json2(self.secretary, model, method, **arguments)
                self.assertTrue(json.loads(told), "there is data to leak")
                hidden = self._json2(self.member1, model, method, **arguments)
                self.assertFalse(hidden and json.loads(hidden))

    @mute_logger("odoo.http", "odoo.addons.rpc.controllers.xmlrpc")
    def test_xmlrpc(self):
        def ask(user):
            return self.xmlrpc_object.execute_kw(
                self.env.cr.dbname,
                user.id,
                user.login,
                "hoithi.entry.author",
                "search_read",
                [[], ["full_name"]],
            )

        self.assertIn("Hà Thị Tác Giả", str(ask(self.secretary)))
        self.assertEqual(ask(self.member1), [])

    # WHAT CAN'T BE CLEANED

    def test_what_cant_be_cleaned_is_told_to_the_secretary(self):
        entry = self.entry
        item = entry.dossier_ids[0]
        item.attachment_id.sudo().raw = base64.b64decode("JVBERi0xLjQKYnJva2Vu")
        self.env["hoithi.review.copy"].search([("item_id", "=", item.id)]).unlink()
        [review] = self._assign(entry, self.member2)
        self._make_copies()
        self.assertEqual(len(review.file_ids), 1)
        self.assertIn(item.filename, review.with_user(self.secretary).withheld_files)
        with self.assertRaises(AccessError):
            review.read(["withheld_files"])

    # AND WHEN THE COUNCIL MEETS

    def test_the_session_opens_the_authors(self):
        self.contest.reviews_per_entry = 1
        self._score(self.review, 30, 40)
        self.contest.with_user(self.secretary).action_start_council()
        told = self._ask(
            self.member1,
            lambda env: env["hoithi.entry"].browse(self.entry.id).author_names,
        )
        self.assertIn("Hà Thị Tác Giả", told)
