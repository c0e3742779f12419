from unittest.mock import patch
from urllib.parse import urlsplit

from lxml import html

from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...lib.document import kinds
from ..common import PDF
from ..contest.test_hoithi_portal import HoithiPortalCase, select
from .document_common import read_docx
from .document_life_common import DocumentLifeCommon


@tagged("post_install", "-at_install")
class TestDocumentPortal(DocumentLifeCommon, HoithiPortalCase):
    """Authors print their forms and keep what the department writes to them."""

    def _with_coauthor(self):
        entry = self._create_entry()
        entry.author_ids.contribution_percent = 60
        entry.write(
            {
                "participant_type": "group",
                "author_ids": [
                    Command.create(
                        {
                            "full_name": self.coauthor.name,
                            "email": self.coauthor.email,
                            "contribution_percent": 40,
                        }
                    )
                ],
            }
        )
        return entry

    def _links(self, page, css):
        return [link.get("href") for link in select(page, f"{css} a")]

    # FORMS

    def test_registration_form_is_printed_from_the_draft(self):
        entry = self._with_coauthor()
        before = self.env["hoithi.document"].search_count([])
        for user in (self.staff, self.coauthor):
            self.log_in(user)
            page = self.get(self.entry_path(entry))
            pdf, word = self._links(page, ".o_hoithi_print_form")
            self.assertFalse(select(page, ".o_hoithi_print_receipt"))
            response = self.url_open(word)
            text = "\n".join(read_docx(response.content))
            for told in (
                entry.name,
                self.staff.name,
                self.coauthor.name,
                "60%",
                entry.novelty,
                "của Sở Tài nguyên và Môi trường",
            ):
                self.assertIn(told, text)
            self.assertIn(
                "phieu-dang-ky-du-thi",
                response.headers["Content-Disposition"],
            )
            self.assertIn("no-store", response.headers["Cache-Control"])
            response = self.url_open(pdf)
            self.assertEqual(response.content, PDF)
            self.assertEqual(response.headers["Content-Type"], "application/pdf")
        self.assertEqual(self.env["hoithi.document"].search_count([]), before)

    def test_receipt_is_there_once_something_was_received(self):
        entry = self._create_entry()
        path = self.entry_path(entry, "receipt.docx")
        self.assertRegex(
            self.alert(self.get(path)), "nothing to receipt|chưa có gì để biên nhận"
        )
        entry.action_submit()
        page = self.get(self.entry_path(entry))
        self.assertIn(path, self._links(page, ".o_hoithi_print_receipt"))
        text = "\n".join(read_docx(self.url_open(path).content))
        self.assertIn(entry.receipt_number, text)
        self.assertIn(entry.dossier_ids.sha256[:8], text)
        self.assertIn("Biên nhận điện tử lập từ hồ sơ", text)
        for told in ("02 bản", "NGƯỜI NỘP HỒ SƠ", "NGƯỜI NHẬN HỒ SƠ"):
            self.assertNotIn(told, text, "nobody signs what a page hands out")

    def test_others_print_no_form(self):
        """Nor does whoever reads the entry, blind or not."""
        entry = self._eligible_entry()
        self._start_review()
        self._assign(entry, self.member1)
        for user in (
            self.stranger,
            self.internal,
            self.member1,
            self.head,
            self.secretary,
        ):
            self.log_in(user)
            for name in ("registration.docx", "receipt.pdf"):
                with self.subTest(user=user.login, name=name):
                    response = self.url_open(self.entry_path(entry, name))
                    page = html.fromstring(response.content)
                    if user == self.stranger:
                        self.assertEqual(urlsplit(response.url).path, "/my/hoithi")
                        self.assertIn("for staff and authors only", self.alert(page))
                        self.assertNotIn(entry.name, response.text)
                        self.assertNotIn(entry.code, response.text)
                    else:
                        self.assertRegex(
                            self.alert(page), "Only the authors|isn't yours to see"
                        )
                    self.assertFalse(select(page, ".o_hoithi_papers"))
        self.authenticate(None, None)
        response = self.url_open(self.entry_path(entry, "registration.docx"))
        self.assertIn("/web/login", response.url)

    def test_unknown_forms(self):
        entry = self._create_entry()
        for name in ("score_sheet.docx", "registration.xlsx", "certificate.pdf"):
            with self.subTest(name=name), mute_logger("odoo.http"):
                self.get(self.entry_path(entry, name), status=404)

    def test_what_lacks_is_told(self):
        entry = self._create_entry()
        pdf = self.entry_path(entry, "registration.pdf")
        word = self.entry_path(entry, "registration.docx")
        with self._without_engine():
            self.assertIn("LibreOffice", self.alert(self.get(pdf)))
            self.assertTrue(read_docx(self.url_open(word).content))
        lines = type(self.env["hoithi.entry.author"])
        with patch.object(
            lines, "try_lock_for_update", lambda lines, **kw: lines.browse()
        ):
            self.assertIn("a few seconds", self.alert(self.get(pdf)))
        self.agency.unlink()
        page = self.get(word)
        self.assertIn(self.company.name, self.alert(page))

    def test_form_of_a_past_contest_bears_the_name_of_then(self):
        entry = self._create_entry()
        today = self.contest._get_today()
        self.contest.date_start = self.contest.date_end = today.replace(
            year=today.year - 1, day=1
        )
        self.agency.date_to = self.contest.date_end
        self.agency.copy(
            {
                "name": "Sở Nông nghiệp và Môi trường",
                "date_from": today,
                "date_to": False,
            }
        )
        path = self.entry_path(entry, "registration.docx")
        text = "\n".join(read_docx(self.url_open(path).content))
        self.assertIn("của Sở Tài nguyên và Môi trường", text)
        self.assertNotIn("Sở Nông nghiệp", text)

    # ISSUED PAPERS

    def test_issued_papers_are_shown_to_the_authors(self):
        entry = self._with_coauthor()
        entry.with_user(self.staff).action_submit()
        document = self._approved("receipt", entry)
        page = self.get(self.entry_path(entry))
        self.assertFalse(select(page, ".o_hoithi_paper"))
        document.action_issue()
        for user in (self.staff, self.coauthor):
            self.log_in(user)
            page = self.get(self.entry_path(entry))
            # what is issued goes out as it is, never as a file to be edited
            links = self._links(page, ".o_hoithi_paper")
            self.assertEqual(len(links), 1)
            self.assertEqual(self.url_open(links[0]).content, PDF)
        text = "\n".join(read_docx(document.sudo().docx_id.raw))
        self.assertIn(entry.receipt_number, text)
        # of a letter scanned page by page, all pages
        pages = [PDF + b"% 1\n", PDF + b"% 2\n"]
        document.sudo().scan_ids = self.env["ir.attachment"].concat(
            *(document._create_file("q.pdf", page, "application/pdf") for page in pages)
        )
        page = self.get(self.entry_path(entry))
        scans = self._links(page, ".o_hoithi_paper")
        self.assertEqual([self.url_open(link).content for link in scans], pages)
        self.log_in(self.stranger)
        with mute_logger("odoo.http"):
            self.assertGreaterEqual(self.url_open(links[0]).status_code, 400)
        self.log_in(self.staff)
        document.with_user(self.secretary).action_cancel(reason="Nhầm")
        page = self.get(self.entry_path(entry))
        self.assertFalse(select(page, ".o_hoithi_paper"))

    def test_kinds_for_authors(self):
        entry = self._submit_entry()
        document = self._approved("registration", entry)
        document.action_issue()
        readers = set()
        for kind in kinds.KINDS:
            self.env.cr.execute(
                "UPDATE hoithi_document SET kind = %s WHERE id = %s",
                [kind, document.id],
            )
            # what a kind tells is kept with each paper
            document.init()
            self.env.invalidate_all()
            if document.with_user(self.staff).has_access("read"):
                readers.add(kind)
            self.assertFalse(document.with_user(self.stranger).has_access("read"))
            self.assertFalse(document.with_user(self.staff).has_access("write"))
        self.assertEqual(
            readers,
            {"registration", "receipt", "supplement", "result_notice", "certificate"},
        )
