import base64
import io
from datetime import datetime
from unittest.mock import patch

from markupsafe import Markup
from PIL import Image

from odoo import fields
from odoo.fields import Command
from odoo.tests import tagged

from ...models.guard.hoithi_guard_mixin import Load
from ..common import OUTSIDER, HoithiCommon


@tagged("post_install", "-at_install")
class TestRetention(HoithiCommon):
    """What tells how to reach people goes wherever it lies; what counts stays."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.hoithi_retention_years = 5
        year = cls.contest._get_today().year
        cls.contest.write({"year_start": year - 7, "year_end": year - 6})
        cls._launch()

    def _end(self):
        self.contest.with_context(hoithi_door=Load()).state = "closed"

    def _let_the_years_pass(self):
        self._run_cron("cron_apply_retention")
        self.env.invalidate_all()

    def _add_photo(self, entry):
        content = io.BytesIO()
        Image.new("RGB", (40, 30), "teal").save(content, "PNG")
        kind = self.env.ref("hoithi_contest.hoithi_dossier_type_photo")
        kind.write({"personal": True, "for_review": True})
        entry.dossier_ids.create(
            {
                "entry_id": entry.id,
                "type_id": kind.id,
                "filename": "anh.png",
                "datas": base64.b64encode(content.getvalue()),
            }
        )

    def test_copies_of_photos_go_from_reviewers_too(self):
        self.dossier_type.personal = False
        entry = self._create_entry()
        self._add_photo(entry)
        entry.action_submit()
        entry.with_user(self.secretary).action_mark_eligible()
        self._start_review()
        reviews = self._assign(entry, self.member1, self.member2)
        self._make_copies()
        copies = self.env["hoithi.review.copy"].search([("entry_id", "=", entry.id)])
        photo = copies.filtered("item_id.type_id.personal").attachment_id
        text = (copies.attachment_id - photo).ensure_one()
        self.assertTrue(photo.raw)
        sheets = self.env["hoithi.review"].browse([review.id for review in reviews])
        given = sheets.file_ids.filtered(
            lambda file: file.kept_sha256 == photo.kept_sha256
        )
        self.assertEqual(len(given), 2)
        for review in reviews:
            self._score(review, 20, 40)
        self._end()
        before = (photo | given).mapped("kept_sha256")
        figures = entry.sudo().read(["average_score", "review_done_count"])
        self._let_the_years_pass()
        for file in photo | given:
            self.assertFalse(file.raw or file.index_content)
        self.assertTrue(text.raw, "what is about the solution stays")
        self.assertEqual((photo | given).mapped("kept_sha256"), before)
        self.assertEqual(
            entry.sudo().read(["average_score", "review_done_count"]), figures
        )
        lines = self.env["hoithi.ledger"]._verify(self.contest)
        self.assertFalse([line for line in lines if "seal" not in line])

    def test_what_an_objection_tells(self):
        entry = self._create_entry()
        entry.action_submit()
        address = entry.author_ids.email
        self.assertTrue(address)
        objections = self.env["hoithi.objection"].with_context(hoithi_door=Load())
        objection = objections.create(
            {
                "entry_id": entry.id,
                "partner_id": self.staff.partner_id.id,
                "filed_as": "author",
                "filed_on": fields.Datetime.now(),
                "reason": f"Điểm cộng sai, hãy trả lời {address}",
                "state": "answered",
                "answer": "Đã cộng lại",
            }
        )
        told = f"Đã gọi {address}"
        message = objection.message_post(body=told)
        self._end()
        self._let_the_years_pass()
        self.assertEqual(objection.reason, "Điểm cộng sai, hãy trả lời –")
        self.assertEqual(objection.answer, "Đã cộng lại")
        self.assertNotIn(address, message.body)

    def test_the_contact_of_letters_to_an_author_from_outside(self):
        entry = self._create_entry()
        entry.action_submit()
        lines = entry.sudo().author_ids
        values = {"full_name": "Lý Văn Ngoài", "email": "ngoai@truong.example.vn"}
        lines._open_door().create({"entry_id": entry.id, **OUTSIDER, **values})
        known = self.env["res.partner"].create(
            {"name": "Lý Văn Ngoài", "email": "khac@truong.example.vn"}
        )
        contact = entry.sudo().author_ids._get_letter_contacts().sudo()
        self.assertEqual(contact.email, "ngoai@truong.example.vn")
        self._end()
        self._let_the_years_pass()
        self.assertFalse(contact.email)
        self.assertTrue(known.email, "of the department's own address book")

    def test_the_contact_of_an_address_that_was_corrected(self):
        """The letter went to another address than the entry names by now."""
        entry = self._create_entry()
        entry.action_submit()
        values = {"full_name": "Lý Văn Ngoài", "email": "sai@truong.example.vn"}
        line = (
            entry.sudo()
            .author_ids._open_door()
            .create({"entry_id": entry.id, **OUTSIDER, **values})
        )
        wrong = line._get_letter_contacts().sudo()
        line._open_door().email = "dung@truong.example.vn"
        right = line._get_letter_contacts().sudo()
        self._let_the_years_pass()
        self.assertFalse(wrong.email)
        self.assertEqual(
            right.email, "dung@truong.example.vn", "it is still written to"
        )
        line._open_door().unlink()
        self._let_the_years_pass()
        self.assertFalse(right.email)

    def test_whom_an_old_invitation_named(self):
        runs = self.env["hoithi.staff.invite.run"].with_context(hoithi_door=Load())
        run = runs.create(
            {
                "company_id": self.company.id,
                "state": "done",
                "line_ids": [
                    Command.create(
                        {
                            "name": name,
                            "email": f"{state}@a.vn",
                            "action": "invite",
                            "state": state,
                            "note": f"{name} không có hộp thư",
                        }
                    )
                    for name, state in (("Hà", "done"), ("Ma", "failed"))
                ],
            }
        )
        line = {"name": "Lý", "email": "ly@a.vn", "action": "invite", "state": "done"}
        fresh = runs.create(
            {"company_id": self.company.id, "line_ids": [Command.create(line)]}
        )
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE hoithi_staff_invite_run SET create_date = %s WHERE id = %s",
            [datetime(self.contest.year_end, 6, 1), run.id],
        )
        self._let_the_years_pass()
        self.assertEqual(set(run.line_ids.mapped("email")), {"–"})
        self.assertEqual(set(run.line_ids.mapped("name")), {"–"})
        self.assertFalse(any(run.line_ids.mapped("note")))
        self.assertEqual((run.done_count, run.failed_count), (1, 1))
        self.assertEqual(fresh.line_ids.email, "ly@a.vn")

    def test_who_asked(self):
        question = self.env["hoithi.question"].create(
            {
                "contest_id": self.contest.id,
                "partner_id": self.staff.partner_id.id,
                "subject": "Nộp ở đâu?",
                "body": "Xin hỏi nơi nộp.",
            }
        )
        message = question.message_post(
            body=Markup("Xin hỏi thêm"),
            email_from="ha@example.vn",
            reply_to="ha@example.vn",
        )
        self._let_the_years_pass()
        self.assertTrue(message.email_from, "the contest isn't over")
        self._end()
        self._let_the_years_pass()
        self.assertFalse(message.email_from or message.reply_to)
        self.assertEqual(question.subject, "Nộp ở đâu?")
        # the week after there is nothing left to write
        written = []
        with patch.object(
            self.registry["mail.message"],
            "write",
            lambda rows, _vals: written.extend(rows.ids),
        ):
            self._let_the_years_pass()
        self.assertEqual(written, [])
