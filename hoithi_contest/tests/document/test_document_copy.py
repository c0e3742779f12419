from dataclasses import replace
from datetime import date
from io import BytesIO
from unittest.mock import patch

import pypdfium2
from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...lib.document.kind import Reach
from ...lib.document.kinds import KINDS
from ...models.document.hoithi_document_reach import TOLD
from .document_life_common import DocumentLifeCommon
from .test_hoithi_document import read_text


def read_pdf(content):
    """Return the text of each page."""
    file = pypdfium2.PdfDocument(BytesIO(content))
    return [page.get_textpage().get_text_range() for page in file]


@tagged("post_install", "-at_install")
class TestDocumentCopy(DocumentLifeCommon):
    """Copies are papers of their own, made of what was issued."""

    def setUp(self):
        super().setUp()
        # what is laid together has to be a paper
        self.enterContext(self._with_engine())

    def _copy(self, paper, **values):
        action = paper.with_user(self.secretary).action_make_copy()
        copy = self.env["hoithi.document"].browse(action["res_id"])
        copy = copy.with_user(self.secretary)
        copy.write({"planned_on": date(2026, 8, 6), **values})
        return copy

    def _issue(self, copy, number, day=date(2026, 8, 6)):
        copy.action_generate()
        copy.with_user(self.leader).action_approve()
        copy.action_issue(number, day)
        return copy

    def test_a_true_copy_holds_the_paper_and_the_form(self):
        paper = self._issued("notice", "05")
        copy = self._copy(paper)
        self.assertEqual(
            (copy.kind, copy.copy_form, copy.original_id, copy.symbol),
            ("copy", "whole", paper, "SY-STNMT"),
        )
        self.assertIn("Thông báo số 05/TB-STNMT", copy.subject)
        self._issue(copy, "01")
        text = "".join(read_pdf(copy.pdf_id.sudo().raw))
        self.assertIn("Số: 05/TB-STNMT", text)
        self.assertIn("SAO Y", text)
        self.assertIn("Số: 01/SY-STNMT", text)
        self.assertLess(text.index("05/TB-STNMT"), text.index("01/SY-STNMT"))
        # the Word file is the form alone
        self.assertNotIn("CỘNG HÒA", read_text(copy.docx_id.sudo().raw))
        # the paper itself is as it was
        self.assertEqual(paper.state, "issued")
        self.assertEqual(paper.copy_ids, copy)

    def test_all_forms_of_copies_share_one_series(self):
        paper = self._issued("notice", "05")
        self._issue(self._copy(paper), "01")
        other = self._copy(paper, copy_form="part")
        other.text_ids.content = "1. Hạn đăng ký: ngày 30 tháng 6."
        self.assertEqual(other.symbol, "TrS-STNMT")
        self.assertEqual(other._get_next_number(date(2026, 8, 6)), "02")
        other.action_generate()
        other.with_user(self.leader).action_approve()
        with self.assertRaisesRegex(ValidationError, "01"):
            other.action_issue("01", date(2026, 8, 6))

    def test_two_at_once_do_not_give_a_number_of_the_series_twice(self):
        """What the other has not told yet, the index knows."""
        paper = self._issued("notice", "05")
        self._issue(self._copy(paper), "01")
        self.env.flush_all()
        other = self._copy(paper, copy_form="part")
        other.text_ids.content = "1. Hạn đăng ký: ngày 30 tháng 6."
        other.action_generate()
        other.with_user(self.leader).action_approve()
        with (
            # who began to read before the other was done finds no twin
            patch.object(type(other), "_find_twin", lambda self: self.browse()),
            mute_logger("odoo.sql_db"),
            self.assertRaises(UniqueViolation),
            self.env.cr.savepoint(),
        ):
            other.action_issue("01", date(2026, 8, 6))
            self.env.flush_all()
        self.env.invalidate_all()
        # other series and other numbers of this one are free
        self._issued("notice", "01", date(2026, 8, 4))
        other.action_issue("02", date(2026, 8, 6))
        self.env.flush_all()
        self.assertEqual((other.state, other.symbol), ("issued", "TrS-STNMT"))

    def test_a_proposed_subject_follows_the_form(self):
        copy = self._copy(self._issued("notice", "05"))
        self.assertTrue(copy.subject.startswith("Sao y Thông báo số 05/TB-STNMT"))
        copy.copy_form = "part"
        self.assertTrue(copy.subject.startswith("Trích sao Thông báo số 05/TB-STNMT"))
        copy.subject = "Trích phần về thời hạn"
        copy.copy_form = "whole"
        self.assertEqual(copy.subject, "Trích phần về thời hạn")
        copy.write({"copy_form": "part", "subject": "Trích lời của tôi"})
        self.assertEqual(copy.subject, "Trích lời của tôi")

    def test_a_copy_made_directly_has_the_subject_of_its_form(self):
        """As an import or a script makes it, without the button."""
        paper = self._issued("notice", "05")
        for form, title in (
            (None, "Sao y"),
            ("whole", "Sao y"),
            ("part", "Trích sao"),
        ):
            with self.subTest(form=form):
                copy = self._draft(
                    "copy", paper, **({"copy_form": form} if form else {})
                )
                self.assertEqual(copy.copy_form, form or "whole")
                self.assertTrue(
                    copy.subject.startswith(f"{title} Thông báo số 05/TB-STNMT"),
                    copy.subject,
                )
        first = self._issue(
            self._draft("copy", paper, planned_on=date(2026, 8, 6)), "01"
        )
        again = self._draft("copy", first)
        self.assertTrue(again.subject.startswith("Sao lục "), again.subject)
        own = self._draft("copy", paper, copy_form="part", subject="Trích điểm 1")
        self.assertEqual(own.subject, "Trích điểm 1")

    def test_an_excerpt_holds_what_was_typed_alone(self):
        paper = self._issued("notice", "05")
        copy = self._copy(paper, copy_form="part")
        with self.assertRaises(UserError):
            copy.action_generate()
        copy.text_ids.content = "1. Hạn đăng ký: ngày 30 tháng 6."
        self._issue(copy, "01")
        text = " ".join("".join(read_pdf(copy.pdf_id.sudo().raw)).split())
        self.assertIn("TRÍCH SAO", text)
        self.assertIn("Trích Thông báo số 05/TB-STNMT", text)
        self.assertIn("1. Hạn đăng ký: ngày 30 tháng 6.", text)
        self.assertNotIn("CỘNG HÒA", text)

    def test_a_copy_of_a_copy(self):
        copy = self._issue(self._copy(self._issued("notice", "05")), "01")
        again = self._copy(copy)
        self.assertEqual((again.copy_form, again.symbol), ("again", "SL-STNMT"))
        for form in ("whole", "part"):
            with self.subTest(form=form), self.assertRaises(ValidationError):
                again.copy_form = form
        self._issue(again, "02")
        text = "".join(read_pdf(again.pdf_id.sudo().raw))
        for words in ("05/TB-STNMT", "01/SY-STNMT", "SAO LỤC", "02/SL-STNMT"):
            self.assertIn(words, text)
        with self.assertRaises(ValidationError):
            self._copy(again)

    def test_what_is_not_copied(self):
        draft = self._draft("notice")
        with self.assertRaisesRegex(UserError, "issued"):
            draft.with_user(self.secretary).action_make_copy()
        paper = self._issued("notice", "05")
        for user in (self.leader, self.member1, self.admin):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                paper.with_user(user).action_make_copy()
        with self.assertRaises(ValidationError):
            draft.with_user(self.secretary).copy_form = "whole"

    def test_a_copy_is_not_older_than_its_paper(self):
        copy = self._copy(self._issued("notice", "05", date(2026, 8, 5)))
        copy.action_generate()
        copy.with_user(self.leader).action_approve()
        with self.assertRaises(UserError):
            copy.action_issue("01", date(2026, 8, 4))

    def test_who_reads_a_paper_reads_its_copies(self):
        for kind in ("notice", "score_matrix"):
            paper = self._draft(kind)
            copy = self.env["hoithi.document"].new(
                {"kind": "copy", "original_id": paper.id, "copy_form": "whole"}
            )
            for name in ("is_for_leaders", "is_publishable", "is_free_of_scores"):
                self.assertEqual(copy[name], paper[name], (kind, name))

    def test_an_update_leaves_the_readers_of_copies_and_cures_of_them(self):
        papers = {}
        for kind, number in (("notice", "05"), ("plan", "06")):
            paper = self._issued(kind, number)
            copy = self._issue(self._copy(paper), number)
            again = self._issue(self._copy(copy), f"{number}a")
            letter = again.action_correct("Sai lỗi đánh máy")
            cure = self.env["hoithi.document"].browse(letter["res_id"])
            papers[kind] = paper + copy + again + cure
        self.env.flush_all()
        closed = replace(KINDS["plan"], reach=Reach())
        with patch.dict(KINDS, {"plan": closed}):
            for _update in range(2):
                self.env["hoithi.document"].init()
                self.env.invalidate_all()
                for name in TOLD:
                    for kind, those in papers.items():
                        told = TOLD[name](KINDS[kind].reach)
                        self.assertEqual(those.mapped(name), [told] * 4, (kind, name))
        self.assertTrue(papers["notice"][2].with_user(self.leader).has_access("read"))
        self.assertFalse(papers["plan"][2].with_user(self.leader).has_access("read"))
        # what was closed opens again as a whole
        self.env["hoithi.document"].init()
        self.env.invalidate_all()
        self.assertTrue(papers["plan"][2].with_user(self.leader).has_access("read"))

    def test_a_mark_of_urgency_is_printed_on_the_paper(self):
        for urgency, words in (
            ("urgent", "KHẨN"),
            ("very", "THƯỢNG KHẨN"),
            ("immediate", "HỎA TỐC"),
        ):
            draft = self._draft("notice", urgency=urgency)
            draft.action_generate()
            self.assertIn(words, read_text(draft.docx_id.sudo().raw).split("\n"))
