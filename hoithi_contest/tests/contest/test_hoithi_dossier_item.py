import base64
import hashlib
import io
import zipfile

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ...models.guard.hoithi_guard_mixin import Load
from ..common import PDF, HoithiCommon

PNG = base64.b64decode(
    b"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9aw"
    b"AAAABJRU5ErkJggg=="
)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


def make_zip(*names):
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return output.getvalue()


@tagged("post_install", "-at_install")
class TestHoithiDossierItem(HoithiCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._launch()
        cls.entry = cls._create_entry(with_file=False)
        cls.types = {
            code: cls.env.ref(f"hoithi_contest.hoithi_dossier_type_{code}")
            for code in ("form", "description", "drawing", "photo", "other")
        }

    def _upload(self, code, filename, content, user=None, **values):
        return (
            self.env["hoithi.dossier.item"]
            .with_user(user or self.staff)
            .create(
                {
                    "entry_id": self.entry.id,
                    "type_id": self.types[code].id,
                    "filename": filename,
                    "datas": base64.b64encode(content),
                    **values,
                }
            )
        )

    # CONTENT

    def test_what_fits_its_slot_is_taken(self):
        for code, filename, content in (
            ("description", "Bản mô tả.pdf", PDF),
            ("description", "BAN-MO-TA.PDF", PDF),
            ("description", "mo-ta.docx", make_zip("word/document.xml")),
            ("form", "phieu.doc", OLE),
            ("photo", "anh.png", PNG),
            ("drawing", "ban-ve.zip", make_zip("a.txt")),
            ("other", "bang.xlsx", make_zip("xl/workbook.xml")),
        ):
            with self.subTest(filename=filename):
                item = self._upload(code, filename, content)
                self.assertEqual(item.filename, filename)
                self.assertEqual(item.file_size, len(content))
                self.assertEqual(item.sha256, hashlib.sha256(content).hexdigest())
                self.assertEqual(base64.b64decode(item.datas), content)
                self.assertTrue(item.uploaded_on)
                self.assertTrue(item.file_size_human)

    def test_what_does_not_fit_is_refused(self):
        for code, filename, content, phrase in (
            # renamed, or not what the name says
            ("description", "virus.pdf", b"MZ\x90\x00" + b"\0" * 80, "isn't that of"),
            ("description", "anh.pdf", PNG, "isn't that of"),
            ("description", "van-ban.pdf", b"plain text", "isn't that of"),
            ("description", "mo-ta.docx", make_zip("a.txt"), "isn't that of"),
            ("description", "mo-ta.docx", make_zip("xl/book.xml"), "isn't that of"),
            ("description", "mo-ta.docx", b"PK\x03\x04", "isn't that of"),
            ("description", "mo-ta.docx", PDF, "isn't that of"),
            ("form", "phieu.doc", make_zip("word/document.xml"), "isn't that of"),
            ("photo", "anh.jpg", PNG, "isn't that of"),
            ("drawing", "anh.zip", PNG, "isn't that of"),
            # another extension
            ("description", "virus.exe", PDF, "doesn't fit"),
            ("description", "mo-ta.pdf.exe", PDF, "doesn't fit"),
            ("description", "pdf", PDF, "doesn't fit"),
            ("photo", "mo-ta.pdf", PDF, "doesn't fit"),
            ("photo", "anh.svg", b"<svg/>", "doesn't fit"),
            # nothing
            ("description", "trong.pdf", b"", "empty"),
            ("description", "", PDF, "empty"),
            ("description", "/", PDF, "empty"),
        ):
            with (
                self.subTest(filename=filename, content=content[:4]),
                self.assertRaises(ValidationError) as refusal,
            ):
                self._upload(code, filename, content)
            self.assertIn(phrase, str(refusal.exception))
        self.assertFalse(self.entry.dossier_ids)

    def test_broken_transfer_is_told(self):
        for datas in (b"abc", "không phải base64"):
            with (
                self.subTest(datas=datas),
                self.assertRaisesRegex(ValidationError, "damaged"),
            ):
                self._upload("description", "a.pdf", b"", datas=datas)

    def test_folders_are_cut_from_the_name(self):
        for name in ("../../etc/mo-ta.pdf", "C:\\Users\\ha\\mo-ta.pdf"):
            self.assertEqual(
                self._upload("description", name, PDF).filename, "mo-ta.pdf"
            )

    def test_size_counts_to_the_byte(self):
        self.types["description"].max_size_mb = 0.001
        limit = int(0.001 * 1024 * 1024)
        content = PDF + b"%" * (limit - len(PDF))
        self._upload("description", "vua.pdf", content)
        with self.assertRaisesRegex(ValidationError, "at most 0.001 MB"):
            self._upload("description", "to.pdf", content + b"%%")

    def test_types_are_sound(self):
        types = self.env["hoithi.dossier.type"].with_user(self.admin)
        for extensions in ("", " , ", "pdf;docx", "p df"):
            with (
                self.subTest(extensions=extensions),
                self.assertRaises(ValidationError),
            ):
                types.create({"name": "x", "allowed_extensions": extensions})
        kind = types.create({"name": "x", "allowed_extensions": " .PDF, docx ,"})
        self.assertEqual(kind._get_extensions(), ["pdf", "docx"])

    # FACTS

    def test_server_facts_are_not_for_sending(self):
        for name, value in {
            "sha256": "0" * 64,
            "file_size": 1,
            "mimetype": "text/html",
            "uploaded_on": "2020-01-01 00:00:00",
        }.items():
            with self.subTest(name), self.assertRaises(AccessError):
                self._upload("description", "a.pdf", PDF, **{name: value})
        item = self._upload("description", "a.pdf", PDF)
        self.assertEqual(item.sha256, hashlib.sha256(PDF).hexdigest())
        self.assertEqual(item.file_size, len(PDF))
        self.assertEqual(item.mimetype, "application/pdf")
        self.assertGreater(item.uploaded_on.year, 2020)

    def test_a_file_is_replaced_not_rewritten(self):
        item = self._upload("description", "a.pdf", PDF)
        for vals in (
            {"datas": base64.b64encode(PNG)},
            {"sha256": "0" * 64},
            {"filename": "b.pdf"},
            {"attachment_id": item.attachment_id.sudo().copy().id},
            {"entry_id": self._create_entry(with_file=False).id},
        ):
            with self.subTest(vals=list(vals)), self.assertRaises(UserError):
                item.write(vals)
        with self.assertRaises(ValidationError):
            item.type_id = self.types["photo"]
        item.write({"type_id": self.types["form"].id, "confidential": True})
        self.assertTrue(item.confidential)

    def test_files_follow_the_entrys_door(self):
        item = self._upload("description", "a.pdf", PDF)
        spare = self._upload("form", "b.pdf", PDF)
        spare_file = spare.attachment_id.sudo()
        spare.unlink()
        self.assertFalse(spare_file.exists())
        with self.assertRaises(AccessError):
            self._upload("description", "b.pdf", PDF, user=self.stranger)
        with self.assertRaises(AccessError):
            self._upload("description", "b.pdf", PDF, user=self.secretary)
        self.entry.action_submit()
        for act in (
            lambda: self._upload("description", "b.pdf", PDF),
            lambda: item.write({"confidential": True}),
            item.unlink,
        ):
            with self.assertRaisesRegex(UserError, "can't be changed"):
                act()

    # ATTACHMENTS

    def _attachment(self, user, **values):
        return (
            self.env["ir.attachment"]
            .with_user(user)
            .sudo()
            .create({"name": "a.pdf", "raw": PDF, **values})
            .with_user(user)
        )

    def test_own_attachment_is_taken(self):
        own = self._attachment(self.staff)
        item = self.env["hoithi.dossier.item"].with_user(self.staff)
        item = item.create(
            {
                "entry_id": self.entry.id,
                "type_id": self.types["description"].id,
                "attachment_id": own.id,
            }
        )
        self.assertEqual(item.filename, "a.pdf")
        self.assertEqual(base64.b64decode(item.datas), PDF)
        self.assertNotEqual(item.attachment_id.id, own.id, "a file of its own")
        self.assertEqual(item.attachment_id.sudo().res_model, "hoithi.dossier.item")

    def test_attachments_of_others_are_refused(self):
        """Nobody reads a file by putting it into an own dossier."""
        other = self._create_entry(self.internal)
        for attachment in (
            self._attachment(self.internal),
            self._attachment(self.staff, res_model="res.partner", res_id=1),
            other.dossier_ids.attachment_id,
            self.env["ir.attachment"].browse(10**9),
        ):
            with self.subTest(attachment=attachment), self.assertRaises(AccessError):
                self.env["hoithi.dossier.item"].with_user(self.staff).create(
                    {
                        "entry_id": self.entry.id,
                        "type_id": self.types["description"].id,
                        "filename": "a.pdf",
                        "attachment_id": attachment.id,
                    }
                )

    # REVIEWERS

    def test_what_reaches_reviewers(self):
        """Neutral copies of what they may see; the rest stays, and the Office knows."""
        name = "Ha Thi Tac Gia"
        self._upload("description", f"mo-ta {name}.pdf", PDF)
        self._upload("description", f"mat {name}.pdf", PDF, confidential=True)
        self._upload("form", f"phieu {name}.pdf", PDF)
        self._upload("photo", f"{name}.png", PNG)
        self._upload("drawing", f"so-do {name}.png", PNG)
        self._upload("drawing", f"goc {name}.zip", make_zip("a.txt"))
        self._upload("description", f"hong {name}.docx", make_zip("word/a.xml"))
        self.entry.action_submit()
        self.entry.with_user(self.secretary).action_mark_eligible()
        [review] = self._assign(self.entry, self.member1)
        self._make_copies()
        code = self.entry.sudo().code
        self.assertEqual(
            sorted(review.file_ids.mapped("name")),
            [f"{code}-1-ban-mo-ta.pdf", f"{code}-3-ban-ve.pdf"],
        )
        for file in review.file_ids:
            for secret in (b"Ha Thi", b"Author"):
                self.assertNotIn(secret, file.raw)
        with self.assertRaises(AccessError):
            review.read(["withheld_files"])
        withheld = review.with_user(self.secretary).withheld_files
        self.assertIn(f"goc {name}.zip", withheld)
        self.assertIn(f"hong {name}.docx", withheld)
        self.assertEqual(len(withheld.splitlines()), 2)

    def test_confidential_files_stay_closed_when_the_council_meets(self):
        open_file = self._upload("description", "a.pdf", PDF)
        closed_file = self._upload("description", "b.pdf", PDF, confidential=True)
        self.entry.action_submit()
        self.entry.with_user(self.secretary).action_mark_eligible()
        self.contest.with_context(hoithi_door=Load()).state = "council"
        for user, reads in (
            (self.member1, False),
            (self.chair, False),
            (self.secretary, True),
            (self.leader, True),
            (self.staff, True),
        ):
            with self.subTest(user=user.login):
                self.assertTrue(open_file.with_user(user).has_access("read"))
                self.assertEqual(closed_file.with_user(user).has_access("read"), reads)
