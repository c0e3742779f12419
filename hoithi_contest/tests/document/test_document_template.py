import base64
from datetime import date, timedelta
from io import BytesIO
from unittest.mock import patch

import docx
from docx.oxml import OxmlElement

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.modules.module import load_script
from odoo.tests import new_test_user, tagged

from ...lib.document import kinds
from ..common import PDF
from .document_life_common import DocumentLifeCommon
from .test_hoithi_document import read_text


@tagged("post_install", "-at_install")
class TestDocumentTemplate(DocumentLifeCommon):
    """Templates are downloaded, edited in Word, uploaded, and checked on the way."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.template = (
            cls.env["hoithi.document.template"]
            .search([("kind", "=", "notice"), ("company_id", "=", cls.company.id)])
            .with_user(cls.secretary)
        )

    def _edit(self, text, template=None):
        """The template in use, with a paragraph more, as base64."""
        content = base64.b64decode((template or self.template).file)
        document = docx.Document(BytesIO(content))
        document.paragraphs[-1].insert_paragraph_before(text)
        target = BytesIO()
        document.save(target)
        return base64.b64encode(target.getvalue())

    def test_each_department_has_each_kind(self):
        expected = {
            key for key, kind in kinds.KINDS.items() if kind.layout != "workbook"
        }
        company = self.env["res.company"].create({"name": "Sở mới"})
        for department in (self.company, company):
            templates = self.env["hoithi.document.template"].search(
                [("company_id", "=", department.id)]
            )
            self.assertEqual(set(templates.mapped("kind")), expected)
            self.assertEqual(len(templates), len(expected))
        before = self.env["hoithi.document.template"].search_count([])
        self.env["hoithi.document.template"]._ensure_all()
        self.assertEqual(self.env["hoithi.document.template"].search_count([]), before)

    def test_upload(self):
        self.template.file = self._edit("Cơ quan: {{ agency.full_name }} – câu riêng")
        self.assertEqual(self.template.version_id.number, 1)
        self.assertEqual(self.template.version_id.user_id, self.secretary)
        document = self._draft()
        document.action_generate()
        self.assertEqual(document.template_version_id, self.template.version_id)
        self.assertIn(
            "Cơ quan: Sở Tài nguyên và Môi trường tỉnh Bắc Kạn – câu riêng",
            read_text(document.docx_id.raw),
        )

    def test_unknown_placeholder_is_refused_with_its_place(self):
        with self.assertRaises(ValidationError) as refused:
            self.template.file = self._edit("Gửi kèm {{ agency.fax_number }} của Sở")
        message = str(refused.exception)
        self.assertIn("agency.fax_number", message)
        self.assertIn("Gửi kèm", message)
        self.assertIn("unknown placeholder", message)
        self.assertFalse(self.template.version_id)

    def test_a_refusal_is_vietnamese_to_the_last_word(self):
        """Also where a library complains."""
        template = self.template.with_context(lang="vi_VN")
        for content in (b"khong phai Word", PDF):
            with self.assertRaises(ValidationError) as refused:
                template.file = base64.b64encode(content)
            message = str(refused.exception)
            self.assertIn("không phải tệp Word", message)
            self.assertNotRegex(message, r"(?i)\b(zip|file|damaged)\b")

    def test_a_refusal_names_the_page(self):
        content = base64.b64decode(self._edit("Câu { subject } sai"))
        document = docx.Document(BytesIO(content))
        mark = OxmlElement("w:lastRenderedPageBreak")
        wrong = next(p for p in document.paragraphs if "{ subject }" in p.text)
        wrong.insert_paragraph_before("").add_run()._r.append(mark)
        target = BytesIO()
        document.save(target)
        with self.assertRaises(ValidationError) as refused:
            self.template.file = base64.b64encode(target.getvalue())
        self.assertIn("in the text, page 2: Câu", str(refused.exception))

    def test_names_in_the_properties_are_told(self):
        content = base64.b64decode(self._edit("Câu riêng"))
        document = docx.Document(BytesIO(content))
        document.core_properties.author = "Ma Thị Thu"
        document.core_properties.last_modified_by = "Đàm Quốc Vượng"
        target = BytesIO()
        document.save(target)
        before = self.template.message_ids
        self.template.file = base64.b64encode(target.getvalue())
        told = str((self.template.message_ids - before).mapped("body"))
        self.assertIn("Ma Thị Thu, Đàm Quốc Vượng", told)
        paper = self._draft()
        paper.action_generate()
        properties = docx.Document(BytesIO(paper.docx_id.raw)).core_properties
        self.assertNotIn("Thu", f"{properties.author} {properties.last_modified_by}")

    def test_what_else_is_refused(self):
        for text in (
            "{{ agency.name",
            "{% for x in recipients %}",
            "{{ ''.__class__ }}",
            "{{ recipients }}",
            "{ subject }",
            "{{ “subject” }}",
        ):
            with self.subTest(text=text), self.assertRaises(ValidationError):
                self.template.file = self._edit(text)
        for content in (b"", b"khong phai Word", PDF):
            with self.subTest(content=content[:10]):
                if not content:
                    self.template.file = False
                    self.assertFalse(self.template.version_id)
                    continue
                with self.assertRaises(ValidationError):
                    self.template.file = base64.b64encode(content)

    def test_versions_are_kept(self):
        """A document keeps what it was made from, also when it is issued later."""
        self.template.file = self._edit("Câu của bản một")
        document = self._approved()
        first = self.template.version_id
        self.template.file = self._edit("Câu của bản hai")
        second = self.template.version_id
        self.assertEqual((first.number, second.number), (1, 2))
        document.action_issue("1", date(2026, 8, 5))
        text = read_text(document.docx_id.raw)
        self.assertIn("Câu của bản một", text)
        self.assertNotIn("Câu của bản hai", text)
        self.template.action_reset()
        other = self._draft()
        other.action_generate()
        self.assertFalse(other.template_version_id)
        self.assertNotIn("Câu của bản", read_text(other.docx_id.raw))
        first.with_user(self.secretary).action_use()
        self.assertEqual(self.template.version_id, first)
        for user in (self.secretary, self.admin):
            with self.assertRaises(AccessError):
                first.with_user(user).unlink()

    def test_the_same_file_is_no_version(self):
        self.template.file = self.template.file
        self.assertFalse(self.template.version_ids)

    def test_preview(self):
        shown = self._get_shown(self.template.action_preview())
        self.assertEqual(shown, PDF)
        with self._without_engine():
            action = self.template.action_preview()
        self.assertTrue(action["url"].endswith(".docx"))
        self.assertIn("Nơi nhận", read_text(self._get_shown(action)))

    def _try(self, template=None, user=None, **values):
        template = template or self.template
        return (
            self.env["hoithi.document.template.trial"]
            .with_user(user or self.secretary)
            .create(
                {
                    "template_id": template.id,
                    "contest_id": self.contest.id,
                    **values,
                }
            )
        )

    def _get_shown(self, action, user=None):
        """The filled file behind the link, as `user` reads it."""
        model, record, field = action["url"].split("/")[3:6]
        dialog = self.env[model].with_user(user or self.secretary).browse(int(record))
        dialog.invalidate_recordset()
        return base64.b64decode(dialog[field])

    def test_a_template_is_tried_with_a_contest_before_it_is_used(self):
        documents = self.env["hoithi.document"]
        before = documents.search_count([])
        edited = self._edit("Câu thử của {{ contest.full_name }}")
        action = self.template.action_try()
        self.assertEqual(action["context"]["default_template_id"], self.template.id)
        trial = self._try(file=edited, file_name="mau.docx")
        with self._without_engine():
            shown = self._get_shown(trial.action_preview())
        self.assertIn(f"Câu thử của {self.contest.name}", read_text(shown))
        # it was looked at, and nothing else came of it
        self.assertEqual(documents.search_count([]), before)
        self.assertFalse(self.template.version_id)
        trial.action_use()
        self.assertEqual(self.template.version_id.number, 1)
        self.assertEqual(self.template.version_id.file, edited)

    def test_the_template_in_use_is_shown_as_pdf(self):
        action = self._try().action_preview()
        self.assertTrue(action["url"].endswith(".pdf"))
        self.assertEqual(self._get_shown(action), PDF)

    def test_what_is_shown_is_read_by_who_tried_alone(self):
        """Another secretary may be kept from the contest that fills the template."""
        other = new_test_user(
            self.env,
            "other_secretary",
            "hoithi_contest.group_secretary",
            company_id=self.company.id,
        )
        trial = self._try()
        for action in (trial.action_preview(), self.template.action_preview()):
            self.assertEqual(self._get_shown(action, self.secretary), PDF)
            for user in (other, self.admin):
                self.assertTrue(self.template.with_user(user).has_access("read"))
                with self.subTest(user=user.login), self.assertRaises(AccessError):
                    self._get_shown(action, user)
        files = self.env["ir.attachment"].search(
            [("res_model", "in", (trial._name, self.template._name))]
        )
        self.assertFalse(files)
        # the vacuum takes the dialog, and the paper with it
        later = fields.Datetime.now() + timedelta(days=2)
        with patch.object(self.env.cr, "now", lambda: later):
            self.env[trial._name]._transient_vacuum()
        self.assertFalse(trial.exists())

    def test_an_update_takes_away_what_previews_left(self):
        files = self.env["ir.attachment"].create(
            [
                {
                    "name": "mau.pdf",
                    "raw": PDF,
                    "res_model": model,
                    "res_id": self.template.id,
                    "description": text,
                }
                for model, text in (
                    (self.template._name, "preview for 2"),
                    (self.template._name, "Mẫu cũ của Sở"),
                    ("res.partner", "preview for 2"),
                )
            ]
        )
        self.template.file = self._edit("Câu riêng")
        load_script(
            "hoithi_contest/migrations/19.0.1.3.0/post-preview_files.py",
            "preview_files",
        ).migrate(self.cr, "19.0.1.2.0")
        self.assertEqual(files.exists(), files[1:])
        self.assertTrue(self.template.version_id.sudo().attachment_id.exists())

    def test_every_kind_can_be_tried(self):
        """With the contest's data, or with a sentence that tells what is missing."""
        self._issued("notice")
        templates = self.env["hoithi.document.template"].search(
            [("company_id", "=", self.company.id)]
        )
        with self._without_engine():
            for template in templates.with_user(self.secretary):
                with self.subTest(kind=template.kind):
                    try:
                        shown = self._get_shown(self._try(template).action_preview())
                    except UserError as error:
                        self.assertIn(self.contest.name, str(error))
                    else:
                        # a copy stands below the paper, which has the national name
                        text = read_text(shown).upper()
                        self.assertRegex(text, "CỘNG HÒA|SAO Y")

    def test_what_is_refused_of_a_tried_template(self):
        trial = self._try(file=self._edit("{{ khong_co }}"))
        for act in (trial.action_preview, trial.action_use):
            with self.assertRaisesRegex(ValidationError, "khong_co"):
                act()
        trial.file = base64.b64encode(PDF)
        with self.assertRaises(ValidationError):
            trial.action_preview()
        trial.file = False
        with self.assertRaises(UserError):
            trial.action_use()
        self.assertFalse(self.template.version_id)

    def test_who_has_no_part_in_a_contest_sees_nothing_of_it(self):
        """An administrator has the templates, not the contests' data."""
        trial = self._try(user=self.admin)
        with self.assertRaises(AccessError):
            trial.action_preview()
        for user in (self.staff, self.internal, self.member1, self.leader):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.template.with_user(user).action_try()

    def test_placeholders_are_listed_with_their_meaning(self):
        rows = {
            name: text for name, _type, text in self.template._get_placeholder_rows()
        }
        self.assertIn("agency.full_name", rows)
        self.assertIn("units[].name", rows)
        self.assertTrue(all(rows.values()))
        self.assertIn("agency.full_name", self.template.placeholders)

    def test_meanings_in_the_readers_language(self):
        html = str(self.template.with_context(lang="vi_VN").placeholders)
        self.assertIn("Tên cơ quan vào ngày của văn bản", html)
        self.assertIn("danh sách đoạn văn", html)
        self.assertNotIn("Name of the type in capitals", html)

    def test_another_department_keeps_its_own(self):
        company = self.env["res.company"].create({"name": "Sở khác"})
        self.template.file = self._edit("Câu của Sở này")
        self.assertFalse(
            self.env["hoithi.document.template"]._get_version("notice", company)
        )

    def test_roles(self):
        for user in (self.staff, self.internal, self.member1, self.leader):
            template = self.template.with_user(user)
            with self.subTest(user=user.login):
                self.assertFalse(template.has_access("read"))
                with self.assertRaises(AccessError):
                    template.action_reset()
                with self.assertRaises(AccessError):
                    template.action_preview()
        self.template.with_user(self.admin).file = self._edit("Câu của quản trị")
        self.assertEqual(self.template.version_id.user_id, self.admin)
