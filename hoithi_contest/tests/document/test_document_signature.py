import base64
import io
import json
from datetime import timedelta
from functools import partial
from hashlib import sha256
from itertools import count
from unittest.mock import patch

from freezegun import freeze_time
from lxml import etree
from reportlab.pdfgen.canvas import Canvas

from odoo import SUPERUSER_ID, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.modules.module import load_script
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from ...lib.document import wording
from ...lib.guard import pdf
from ...lib.tests.document.authority import Authority
from .document_life_common import DocumentLifeCommon

#: No two papers are the same.
NUMBERS = count()


def printed(documents, timeout=None, owner=None, pages=1):
    """Stand in for LibreOffice: a page for each document, with who signs."""
    made = {}
    for key in documents:
        buffer = io.BytesIO()
        canvas = Canvas(buffer, pagesize=(595, 842))
        for _page in range(pages):
            canvas.drawString(80, 700, f"Van ban {next(NUMBERS)}")
            canvas.drawString(350, 200, "Dam Quoc Vuong")
            canvas.showPage()
        canvas.save()
        made[key] = buffer.getvalue()
    return made


@tagged("post_install", "-at_install")
class TestDocumentSignature(DocumentLifeCommon, HttpCase):
    """What is signed elsewhere is taken where it is this paper, signed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(patch.object(pdf, "convert", printed))
        cls.authority = Authority()
        cls.anchor = (
            cls.env["hoithi.trust.anchor"]
            .with_user(cls.admin)
            .create({"file": base64.b64encode(cls.authority.pem)})
        )
        cls.paper = cls._issued("plan")

    def _sign(self, paper=None, authority=None, person="Đàm Quốc Vượng", **options):
        content = (paper or self.paper)._get_signing_base()
        return (authority or self.authority).sign(content, person, **options)

    def _upload(self, content, user=None, paper=None):
        paper = (paper or self.paper).with_user(user or self.secretary)
        return paper.action_upload_signed(base64.b64encode(content).decode())

    def test_signed_and_sent(self):
        paper = self.paper
        self.assertEqual(paper.signature_state, "none")
        self.assertFalse(paper._is_signed())
        self.assertIn(b"/Sig", paper.pdf_id.raw)
        self._upload(self._sign(), self.leader)
        self.assertEqual(paper.signature_state, "valid")
        self.assertTrue(paper._is_signed(), "the list before the end goes by it")
        self.assertIn("Đàm Quốc Vượng", paper.signature_text)
        first = paper.signed_file_id
        # the agency signs what the leader signed
        both = self._sign(person="Sở Tài nguyên và Môi trường", field="Agency")
        self._upload(both)
        self.assertEqual(paper.signed_file_id.raw, both)
        self.assertEqual(len(paper.signature_text.splitlines()), 2)
        self.assertFalse(first.exists())
        # the paper itself is as it was issued
        self.assertTrue(both.startswith(paper.pdf_id.raw))
        # it alone goes out
        paper.action_dispatch()
        # as the scheduled action does
        paper.recipient_ids.filtered("partner_id").with_user(SUPERUSER_ID)._send()
        mail = self.env["mail.mail"].search([("recipient_ids", "in", self.friend.ids)])
        self.assertEqual(mail.attachment_ids.mapped("raw"), [both])

    def test_whose_signature_is_missing_is_told(self):
        """By the fields of the signatures, however many there are."""
        paper = self.paper
        base = paper.pdf_id.raw
        self._upload(self._sign(), self.leader)
        self.assertEqual(paper.signature_gaps, "The agency's signature is missing.")
        arch = self.env["hoithi.document"].with_user(self.secretary).get_view()["arch"]
        [warns] = etree.fromstring(arch).xpath(
            "//button[@string='Send as it is signed']"
        )
        self.assertIn("not signature_gaps", warns.get("invisible"))
        shown, _obstacles = self._show(paper, warns.get("name"))
        told = " ".join(check["text"] for check in shown.checks["checks"])
        self.assertIn("see “Signatures to see to”", told)
        # a second signature of the signer isn't the agency's
        self._upload(self._sign(field="Signer2"))
        self.assertEqual(paper.signature_gaps, "The agency's signature is missing.")
        self.assertFalse(paper._is_original())
        self._upload(self._sign(person="Sở", field="Agency"))
        self.assertFalse(paper.signature_gaps)
        self.assertTrue(paper._is_original())
        # somebody whom the authority vouches for, and not who is printed
        other = self.authority.sign(base, "Lê Văn Khác")
        self._upload(self.authority.sign(other, "Sở", field="Agency"))
        self.assertEqual(paper.signature_state, "valid")
        self.assertIn("else than Đàm Quốc Vượng", paper.signature_gaps)
        self._upload(self.authority.sign(base, "Sở", field="Agency"))
        self.assertEqual(
            paper.signature_gaps, "The signature of Đàm Quốc Vượng is missing."
        )
        with self.assertRaises(UserError):
            paper.write({"signature_lacks": ""})
        # as a paper of the last version was
        paper._open_door().signature_lacks = False
        load_script(
            "hoithi_contest/migrations/19.0.1.4.0/post-signature_gaps.py",
            "signature_gaps",
        ).migrate(self.cr, "19.0.1.3.0")
        self.assertEqual(paper.signature_lacks, "signer_lacks")

    def test_each_certificate_of_a_file_is_signed(self):
        """Each goes to somebody else: one that is signed doesn't sign the others."""
        three = patch.object(pdf, "convert", partial(printed, pages=3))
        whole = patch.object(
            type(self.paper), "_is_certificate", lambda paper: paper.kind == "notice"
        )
        with three, whole:
            paper = self._issued("notice", number="9")
            shown = []
            for signer in ("Đàm Quốc Vượng", "Sở"):
                role = "Signer" if signer != "Sở" else "Agency"
                for number in ("2", "", "3"):
                    content = self._sign(paper, person=signer, field=f"{role}{number}")
                    self._upload(content, paper=paper)
                    shown.append((paper.signature_state, paper.is_signed))
                    if number == "2" and role == "Signer":
                        self.assertIn(
                            "signed 1 of 3 certificates", paper.signature_gaps
                        )
                        words = paper._get_check(paper.check_token)["signature"]
                        self.assertIn("in part: 1 of 3 certificates", words)
                        archived = paper._get_exchange_data()["signed"]
                        self.assertEqual(archived, wording.NOT_SIGNED)
                        again, _call = self._get_call(paper=paper)
                        self.assertEqual(again.signature_gaps, paper.signature_gaps)
            self.assertEqual(shown, [("partial", False)] * 2 + [("valid", True)] * 4)
            self.assertFalse(paper.signature_gaps)
            self.assertTrue(paper._is_original())
            # as a paper of the last version was
            paper._open_door().write({"pages_to_sign": 0, "signer_pages": 0})
            load_script(
                "hoithi_contest/migrations/19.0.1.4.0/post-signature_gaps.py",
                "signature_gaps",
            ).migrate(self.cr, "19.0.1.3.0")
            self.assertEqual((paper.pages_to_sign, paper.signer_pages), (3, 3))

    def test_who_had_the_old_paper_is_told_by_the_signed_one(self):
        """Not by the one that the signer alone has signed."""
        self.paper.action_dispatch()
        action = self.paper.action_correct(reason="Nhầm hạn nộp.")
        cure = self.paper.browse(action["res_id"])
        cure.action_generate()
        cure.with_user(self.leader).action_approve()
        cure.action_issue("09", fields.Date.to_date("2026-08-12"))
        told = cure.recipient_ids.filtered("partner_id")
        self._upload(self._sign(cure), self.leader, cure)
        self.assertEqual(told.state, "waiting")
        self._upload(self._sign(cure, person="Sở", field="Agency"), paper=cure)
        self.assertEqual(told.state, "pending")

    def test_the_public_page_gives_out_what_is_signed(self):
        self._upload(self._sign())
        self._launch()
        contest = self.contest.with_user(self.secretary)
        contest.action_publish()
        self.paper.action_publish()
        base = f"/hoithi/{contest.id}/documents/{self.paper.id}"
        self.assertEqual(
            self.url_open(f"{base}/pdf").content, self.paper.signed_file_id.raw
        )
        for address in (f"{base}/pdf/2", f"{base}/source"):
            with mute_logger("odoo.http"):
                self.assertEqual(self.url_open(address).status_code, 404)
        path = self.paper._get_check_url().removeprefix(self.paper.get_base_url())
        # a visitor of no known language reads Vietnamese
        text = self.url_open(path).text
        self.assertIn("Đã ký số", text)
        self.assertNotIn("Chưa ký số", text)

    def test_nobody_outside_has_a_file_that_can_be_edited(self):
        """Nor the unsigned file of a paper that is signed."""
        self._launch()
        self.contest.with_user(self.secretary).action_publish()
        unsigned = self.paper.pdf_id
        self.paper.action_publish()
        public = self.env.ref("base.public_user")
        word = self.paper.docx_id
        for user, files in (
            (public, unsigned),
            (self.staff, unsigned),
            (self.leader, unsigned | word),
        ):
            with self.subTest(user=user.login):
                document = self.paper.with_user(user)
                self.assertEqual(document.sudo()._get_shown_files(), files)
        self._upload(self._sign())
        signed = self.paper.signed_file_id
        for user, files in (
            (public, signed),
            (self.staff, signed),
            (self.leader, signed | unsigned | word),
        ):
            with self.subTest(user=user.login):
                document = self.paper.with_user(user)
                self.assertEqual(document.sudo()._get_shown_files(), files)
        self.authenticate(None, None)
        with mute_logger("odoo.http"):
            for file in (word, unsigned):
                answer = self.url_open(f"/web/content/{file.id}")
                self.assertNotEqual(answer.content, file.raw)

    def test_what_is_refused(self):
        other = self._issued("notice", number="8")
        for problem, content in {
            "no PDF": b"MZ\x90\x00 this program cannot be run",
            "no digital signature": self.paper.pdf_id.raw,
            "wasn't made from": self._sign(other),
            "vouched for": self._sign(authority=Authority("CA lạ")),
        }.items():
            with self.subTest(problem=problem):
                with self.assertRaises(UserError) as caught:
                    self._upload(content)
                self.assertIn(problem, str(caught.exception))
                self.assertFalse(self.paper.signed_file_id)
        with self.assertRaises(UserError):
            self.paper.action_upload_signed("no base64!")
        draft = self._approved("notice")
        with self.assertRaises(UserError):
            self._upload(self._sign(), paper=draft)

    def test_whoever_has_no_part_in_it(self):
        content = self._sign()
        self.paper.action_publish()
        for user in (self.staff, self.internal, self.publisher, self.member1):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._upload(content, user)
        with self.assertRaises(UserError):
            self.paper.signature_state = "valid"

    def test_without_trust_anchors_nobody_is_vouched_for(self):
        self.anchor.unlink()
        self._upload(self._sign())
        self.assertEqual(self.paper.signature_state, "unknown")
        self.assertIn("not vouched for", self.paper.signature_text)
        self.env["hoithi.trust.anchor"].with_user(self.admin).create(
            {"file": base64.b64encode(self.authority.der)}
        )
        self.paper.action_check_signature()
        self.assertEqual(self.paper.signature_state, "valid")

    def test_what_nobody_vouches_for_is_told_before_it_goes_out(self):
        paper = self.paper
        self.anchor.unlink()
        self._upload(self._sign())
        self._upload(self._sign(person="Sở", field="Agency"))
        self.assertEqual(paper.signature_state, "unknown")
        for ask in ("action_ask_dispatch", "action_ask_publish"):
            with self.subTest(ask=ask):
                shown, obstacles = self._show(paper, ask)
                self.assertFalse(obstacles)
                told = " ".join(check["text"] for check in shown.checks["checks"])
                self.assertIn("No trust anchor of the department", told)
        self.assertIn("No trust anchor", paper.signature_gaps, "the buttons go by it")
        signed = paper._get_exchange_data()["signed"]
        self.assertEqual(signed, wording.SIGNED_IN_DOUBT)

    def test_what_nobody_vouches_for_goes_to_nobody_by_itself(self):
        self.paper.action_dispatch()
        self.anchor.unlink()
        action = self.paper.action_correct(reason="Nhầm hạn nộp.")
        cure = self.paper.browse(action["res_id"])
        cure.action_generate()
        cure.with_user(self.leader).action_approve()
        cure.action_issue("09", fields.Date.to_date("2026-08-12"))
        told = cure.recipient_ids.filtered("partner_id")
        self._upload(self._sign(cure), paper=cure)
        self._upload(self._sign(cure, person="Sở", field="Agency"), paper=cure)
        self.assertEqual(told.state, "waiting")
        self.env["hoithi.trust.anchor"].with_user(self.admin).create(
            {"file": base64.b64encode(self.authority.der)}
        )
        cure.action_check_signature()
        self.assertEqual(told.state, "pending")

    def test_a_signature_outlives_its_certificate(self):
        self._upload(self._sign())
        with freeze_time(fields.Datetime.now() + timedelta(days=4 * 366)):
            self.paper.action_check_signature()
        self.assertEqual(self.paper.signature_state, "valid")

    def test_what_was_altered_on_the_disk(self):
        self._upload(self._sign())
        file = self.paper.signed_file_id
        content = file.raw.replace(b"/Type /Sig", b"/Type /Sog", 1)
        self.assertNotEqual(content, file.raw)
        with patch.object(type(file), "raw", content):
            self.paper.action_check_signature()
        paper = self.paper
        self.assertEqual(paper.signature_state, "altered")
        self.assertFalse(paper.is_signed)
        shown, _obstacles = self._show(paper, "action_ask_dispatch")
        told = " ".join(check["text"] for check in shown.checks["checks"])
        self.assertIn("isn't as it was signed", told)
        signed = paper._get_exchange_data()["signed"]
        self.assertEqual(signed, wording.NOT_SIGNED)
        # nor does it leave the house as the paper
        self.assertEqual(paper._get_sent_files(), paper.pdf_id)
        # another signature is added to the paper, not to what was altered
        self.assertEqual(paper._get_signing_base(), paper.pdf_id.raw)
        self._upload(self._sign())
        self.assertTrue(paper.is_signed)

    def test_trust_anchors(self):
        anchors = self.env["hoithi.trust.anchor"].with_user(self.admin)
        self.assertIn("CA thử nghiệm", self.anchor.name)
        self.assertTrue(self.anchor.date_from < self.anchor.date_to)
        for content in (b"no certificate", b"-----BEGIN PRIVATE KEY-----"):
            with self.subTest(content=content), self.assertRaises(ValidationError):
                anchors.create({"file": base64.b64encode(content)})
        with self.assertRaises(AccessError):
            anchors.with_user(self.secretary).create(
                {"file": base64.b64encode(Authority("B").der)}
            )

    # the browser's plugin

    def _get_call(self, user=None, paper=None):
        paper = paper or self.paper
        action = paper.with_user(user or self.secretary).action_sign()
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        wizard = wizard.with_user(user or self.secretary)
        return wizard, wizard.get_plugin_call()

    def _post(self, address, content):
        return self.url_open(
            address.removeprefix(self.paper.get_base_url()),
            files={"uploadfile": ("signed.pdf", content, "application/pdf")},
        ).json()

    def test_the_plugin_fetches_signs_and_brings_back(self):
        for user, function in (
            (self.leader, "vgca_sign_approved"),
            (self.secretary, "vgca_sign_issued"),
        ):
            with self.subTest(user=user.login):
                _wizard, call = self._get_call(user)
                self.assertEqual(call["function"], function)
                text = json.loads(call["text"])
                self.assertEqual(
                    set(text),
                    {
                        *("FileUploadHandler", "FileName", "SessionId", "JWTToken"),
                        *("DocNumber", "IssuedDate", "MetaData"),
                    },
                )
                self.assertEqual(text["DocNumber"], "05")
                self.assertEqual(text["IssuedDate"], "2026-08-05")
                name = text["FileName"].rpartition("/")[2]
                self.assertTrue(name.isascii() and len(name) <= 50)
                base_url = self.paper.get_base_url()
                given = self.url_open(text["FileName"].removeprefix(base_url)).content
                field = "Signer" if user == self.leader else "Agency"
                signed = self.authority.sign(given, user.name, field=field)
                answer = self._post(text["FileUploadHandler"], signed)
                self.assertTrue(answer["Status"])
                self.env.invalidate_all()
                self.assertEqual(self.paper.signed_file_id.raw, signed)
                again = self._post(text["FileUploadHandler"], signed)
                self.assertFalse(again["Status"], "it took what it was made for")
        self.assertEqual(len(self.paper.signature_text.splitlines()), 2)

    def test_the_script_of_the_plugin_is_the_system_administrators(self):
        script = b"function vgca_sign_approved(text, answer) {}"
        system = new_test_user(
            self.env,
            "t_system",
            "base.group_system",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )

        def give(content, user=system):
            settings = self.env["res.config.settings"].with_user(user)
            values = {"hoithi_sign_script": base64.b64encode(content)}
            settings.create(values).execute()

        wizard, _call = self._get_call()
        self.assertFalse(wizard.script_url)
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            give(b"alert(1)")
        editor = new_test_user(self.env, "t_rights", "base.group_erp_manager")
        for user in (self.admin, self.secretary, self.leader, editor):
            company = self.company.with_user(user)
            for act in (
                lambda u=user: give(script, u),
                lambda c=company: c.write({"hoithi_sign_script": script}),
            ):
                with (
                    self.subTest(user=user.login),
                    self.assertRaises(AccessError),
                    self.env.cr.savepoint(),
                ):
                    act()
        give(script)
        told = self.env["res.config.settings"].with_user(system).create({})
        self.assertEqual(told.hoithi_sign_script_sha256, sha256(script).hexdigest())
        wizard.invalidate_recordset()
        address = wizard.script_url
        self.assertIn(told.hoithi_sign_script_sha256, address)
        for user, is_sent in (
            (self.leader, True),
            (self.secretary, True),
            (self.staff, False),
            (None, False),
        ):
            with self.subTest(user=user and user.login), mute_logger("odoo.http"):
                self.authenticate(user and user.login, user and user.login)
                answer = self.url_open(address)
                self.assertEqual(answer.content == script, is_sent)
                is_script = "javascript" in answer.headers["Content-Type"]
                self.assertEqual(is_script, is_sent)

    def test_what_the_plugin_may_not(self):
        wizard, call = self._get_call()
        address = json.loads(call["text"])["FileUploadHandler"]
        answer = self._post(address, b"MZ")
        self.assertFalse(answer["Status"])
        self.assertIn("PDF", answer["Message"])
        signed = self._sign()
        self.assertFalse(self._post(f"{address}x", signed)["Status"])
        past = fields.Datetime.now() - timedelta(minutes=1)
        wizard.sudo()._open_door().expires_on = past
        self.assertFalse(self._post(address, signed)["Status"])
        self.env.invalidate_all()
        self.assertFalse(self.paper.signed_file_id)
        with self.assertRaises(AccessError):
            self.paper.with_user(self.member1).action_sign()
        with self.assertRaises(UserError):
            self._draft("notice").action_sign()

    def test_a_signature_that_another_takes_the_place_of_is_kept(self):
        """Who signed isn't undone by uploading the paper with another signature."""
        base = self.paper.pdf_id.raw
        self._upload(self.authority.sign(base, "Đàm Quốc Vượng"), self.leader)
        first = self.paper.signed_file_id
        self._upload(self.authority.sign(base, "Thư Ký"))
        self.assertIn("Thư Ký", self.paper.signature_text)
        self.assertTrue(first.exists().kept_sha256)
        note = self.paper.message_ids[0]
        self.assertIn("Đàm Quốc Vượng", note.body)
        self.assertEqual(note.sudo().attachment_ids, first)
        for user in (self.secretary, self.leader):
            for act in (
                first.with_user(user).unlink,
                lambda u=user: first.with_user(u).write({"raw": b"x"}),
            ):
                with self.subTest(user=user.login), self.assertRaises(AccessError):
                    act()
        self.assertFalse(first.with_user(self.internal).has_access("read"))
        self.assertFalse(self.env["hoithi.ledger"]._verify(self.contest))

    def test_what_vouches_in_all_departments_is_for_who_is_of_all(self):
        other = self.env["res.company"].create({"name": "Sở khác"})
        anchors = self.env["hoithi.trust.anchor"].with_user(self.admin)
        shared = self.env["hoithi.trust.anchor"].create(
            {"file": base64.b64encode(Authority("CA chung").pem), "company_id": False}
        )
        content = base64.b64encode(Authority("CA lạ").pem)
        for act in (
            lambda: anchors.create({"file": content, "company_id": False}),
            lambda: anchors.create({"file": content, "company_id": other.id}),
            lambda: self.anchor.with_user(self.admin).write({"company_id": False}),
            lambda: shared.with_user(self.admin).write({"file": content}),
            shared.with_user(self.admin).unlink,
        ):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                act()
        own = anchors.create({"file": content})
        self.assertEqual(own.company_id, self.company)
        self.assertIn(shared, anchors.search([]), "all read what vouches for them")
        self.admin.company_ids += other
        self.env.invalidate_all()
        shared.with_user(self.admin).unlink()

    def test_an_address_is_its_persons_and_for_its_time(self):
        wizard, _call = self._get_call()
        wizard.env.invalidate_all()
        for act in (
            wizard.with_user(self.leader).get_plugin_call,
            lambda: wizard.write({"expires_on": "2099-01-01 00:00:00"}),
            lambda: wizard.write({"token": "a"}),
            lambda: wizard.create({"document_id": self.paper.id, "token": "a"}),
            lambda: wizard.search([("token", "=like", "a%")]),
            lambda: wizard.write({"document_id": self._approved("notice").id}),
        ):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                act()
        for what in ([1], {"a": 1}, 5, 1e300, "x"):
            with self.subTest(what=what):
                function = wizard.get_plugin_call(what)["function"]
                self.assertEqual(function, "vgca_sign_issued")
        self.assertEqual(wizard.get_plugin_call("copy")["function"], "vgca_sign_copy")
