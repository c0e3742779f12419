import base64
import io
import zipfile
from pathlib import Path
from unittest.mock import patch

from markupsafe import Markup

from odoo import SUPERUSER_ID, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.http import Request
from odoo.modules.module import load_script
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ...models.guard.hoithi_guard_mixin import Load
from ...models.guard.ir_attachment import MOST_INDEXED
from ..common import PDF, HoithiCommon

FORGED = PDF + b"% forged\n"

#: What somebody might try on a file, each a change of what the contest relies on.
CHANGES = (
    {"datas": base64.b64encode(FORGED)},
    {"raw": FORGED},
    {"name": "khac.pdf"},
    {"res_id": False},
    {"res_model": "res.partner", "res_id": 1},
    {"access_token": "x"},
    {"public": True},
    {"mimetype": "text/html"},
    {"type": "url", "url": "https://example.com/x"},
)


@tagged("post_install", "-at_install")
class TestHoithiFiles(HoithiCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._launch()
        cls.today = cls.contest._get_today()
        cls.entry = cls._create_entry(user=cls.internal)
        cls.item = cls.entry.dossier_ids.sudo()

    def _users(self):
        return (
            self.internal,
            self.staff,
            self.coauthor,
            self.secretary,
            self.leader,
            self.publisher,
            self.member1,
            self.head,
            self.admin,
        )

    def _assert_kept(self, file):
        """Nobody changes the file beside its record."""
        content = file.sudo().raw
        for user in self._users():
            own = file.with_user(user)
            for vals in CHANGES:
                with (
                    self.subTest(user=user.login, vals=vals),
                    self.assertRaises(UserError),
                ):
                    own.write(dict(vals))
                with (
                    self.subTest(user=user.login, web_save=vals),
                    self.assertRaises(UserError),
                ):
                    own.web_save(dict(vals), {})
            for act in (own.unlink, own.generate_access_token):
                with (
                    self.subTest(user=user.login, act=act.__name__),
                    self.assertRaises(UserError),
                ):
                    act()
            with self.subTest(user=user.login, act="load"):
                self._load_name(user, file)
        file.invalidate_recordset()
        self.assertNotEqual(file.sudo().name, "nhap.pdf")
        self.assertEqual(file.sudo().raw, content)
        self.assertFalse(file.sudo().access_token)
        self.assertFalse(file.sudo().public)

    def _load_name(self, user, file):
        """Import another name for the file: refused as a message or as an error."""
        files = self.env["ir.attachment"].with_user(user)
        try:
            result = files.load([".id", "name"], [[str(file.id), "nhap.pdf"]])
        except AccessError:
            return
        self.assertFalse(result["ids"])

    # KEPT

    def test_files_of_an_entry(self):
        """Also of a draft: its files change through the dossier alone."""
        self._assert_kept(self.item.attachment_id)
        self.entry.action_submit()
        self._assert_kept(self.item.attachment_id)
        self.assertEqual(self.item.attachment_id.kept_sha256, self.item.sha256)

    def test_the_author_replaces_a_file_through_the_dossier(self):
        file = self.item.attachment_id
        self.item.with_user(self.internal).unlink()
        self.assertFalse(file.exists())
        item = self._add_file(self.entry, content=FORGED)
        self.assertEqual(item.sudo().attachment_id.raw, FORGED)

    def test_what_was_handed_in_stays_as_an_earlier_version(self):
        self.entry.action_submit()
        self.assertTrue(self.item.counted_on)
        with self.assertRaises(UserError):
            self.item.with_user(self.internal).unlink()
        self.entry.with_user(self.secretary).action_request_supplement(
            reason="Bổ sung bản mô tả", due_date=fields.Date.add(self.today, days=3)
        )
        added = self._add_file(self.entry, content=FORGED, filename="thua.pdf")
        added.with_user(self.internal).unlink()
        self.assertFalse(added.exists(), "it never counted")
        with self.assertRaises(AccessError):
            self.item.with_user(self.coauthor).unlink()
        self.item.with_user(self.internal).unlink()
        new = self._add_file(self.entry, content=FORGED)
        self.assertFalse(self._verify(), "taken out, it counts as before")
        self.entry.action_submit()
        self.assertFalse(self._verify())
        self.assertEqual(self.entry.dossier_ids, new)
        self.assertEqual(self.entry.sudo().earlier_dossier_ids, self.item)
        self.assertEqual(self.item.attachment_id.raw, PDF)
        self.assertTrue(self.item.replaced_on)
        with self.assertRaises(UserError):
            self.item.with_user(self.internal).write({"active": True})
        self._assert_kept(self.item.attachment_id)
        self.env.cr.execute(
            "UPDATE hoithi_dossier_item SET sha256 = 'khác' WHERE id = %s",
            (self.item.id,),
        )
        self.env.invalidate_all()
        self.assertEqual(len(self._verify()), 1, "the ledger tells of it as well")

    def test_a_file_that_was_bound_to_nothing_stops_no_check(self):
        self.entry.action_submit()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE ir_attachment SET res_model = NULL, kept_sha256 = 'khác'"
            " WHERE id = %s",
            (self.item.attachment_id.id,),
        )
        self.env.invalidate_all()
        check = self.env["hoithi.check"].with_user(SUPERUSER_ID)
        with mute_logger("odoo.addons.hoithi_contest.models.contest.hoithi_check"):
            found = check._run()
        self.assertIn(("file of False", self.item.id), found)
        self.assertTrue(self.contest.checked_on)

    def _verify(self):
        ledger = self.env["hoithi.ledger"]
        # as at the end of the transaction
        ledger._settle()
        return ledger._verify(self.contest)

    def test_reviewers_copies(self):
        self.entry.action_submit()
        self.entry.with_user(self.secretary).action_mark_eligible()
        self._start_review()
        [review] = self._assign(self.entry, self.member1)
        self._make_copies()
        copy = review.file_ids.sudo()
        self.assertEqual(len(copy), 1)
        self._assert_kept(copy)
        # none is added beside the server's
        bound = {"res_model": "hoithi.review", "res_id": review.id}
        files = self.env["ir.attachment"].with_user(self.secretary)
        loose = files.create({"name": "them.pdf", "raw": FORGED})
        item = {"res_model": "hoithi.dossier.item", "res_id": self.item.id}
        for place in (bound, item):
            for act in (
                lambda place=place: files.create(
                    {"name": "them.pdf", "raw": FORGED, **place}
                ),
                lambda place=place: loose.write(place),
                lambda place=place: loose.copy(place),
                lambda: copy.with_user(self.secretary).copy({"raw": FORGED}),
            ):
                with self.subTest(place=place), self.assertRaises(AccessError):
                    act()
        # in a message it goes with the talk
        message = review.with_user(self.secretary).message_post(
            body=Markup("Xem tệp"), attachment_ids=loose.ids
        )
        self.assertEqual(message.attachment_ids, loose)
        review.invalidate_recordset()
        self.assertEqual(review.file_ids.sudo(), copy)

    def test_scans_of_documents(self):
        document = self.env["hoithi.document"].create(
            {"kind": "plan", "contest_id": self.contest.id, "res_id": self.contest.id}
        )
        scan = (
            self.env["ir.attachment"]
            .with_user(self.secretary)
            .create(
                {
                    "name": "ky.pdf",
                    "raw": PDF,
                    "res_model": "hoithi.document",
                    "res_id": document.id,
                }
            )
        )
        document.scan_ids = scan
        self._assert_kept(scan)
        for command in (
            Command.update(scan.id, {"raw": FORGED}),
            Command.delete(scan.id),
        ):
            with self.subTest(command=command), self.assertRaises(UserError):
                document.with_user(self.secretary).write({"scan_ids": [command]})
        # through the document it goes
        document.with_user(self.secretary).write(
            {"scan_ids": [Command.unlink(scan.id)]}
        )
        scan.unlink()

    def test_evidence_of_outreach(self):
        act = (
            self.env["hoithi.outreach"]
            .with_user(self.head)
            .create(
                {
                    "contest_id": self.contest.id,
                    "department_id": self.unit.id,
                    "kind": "meeting",
                    "date": self.contest._get_today(),
                    "reach": 3,
                }
            )
        )
        self._assert_kept(act._add_evidence("bien-ban.pdf", PDF).sudo(False))

    def test_a_message_gives_no_right_on_a_kept_file(self):
        """Whoever deletes a message deletes its files, were they not kept."""
        act = self.env["hoithi.outreach"].create(
            {
                "contest_id": self.contest.id,
                "department_id": self.unit.id,
                "kind": "meeting",
                "date": self.contest._get_today(),
                "reach": 3,
            }
        )
        file = act._add_evidence("bien-ban.pdf", PDF).sudo(False)
        contest = self.contest.with_user(self.secretary)
        message = contest.message_post(
            body=Markup("Xem tệp"), message_type="comment", attachment_ids=file.ids
        )
        with self.assertRaises(UserError):
            contest._message_update_content(message.sudo(), body="", attachment_ids=[])
        # as with the token that Odoo gives the author of a message
        with self.assertRaises(UserError):
            file.with_user(self.secretary).sudo()._delete_and_notify(message)
        self.assertEqual(act.sudo().attachment_ids, file)

    def test_the_mark_is_the_servers(self):
        files = self.env["ir.attachment"].with_user(self.secretary)
        with self.assertRaises(AccessError):
            files.create({"name": "a.pdf", "raw": PDF, "kept_sha256": "0" * 64})
        loose = files.create({"name": "a.pdf", "raw": PDF})
        with self.assertRaises(AccessError):
            loose.write({"kept_sha256": "0" * 64})
        loose.write({"name": "b.pdf"})
        loose.unlink()

    # WINDOWS

    def test_no_record_is_a_window_on_other_files(self):
        """Every field to files, of every model, by every role that writes the model."""
        secret = self.env["ir.attachment"].create(
            {
                "name": "luong.pdf",
                "raw": PDF,
                "res_model": "res.partner",
                "res_id": self.env.company.partner_id.id,
            }
        )
        loose = (
            self.env["ir.attachment"]
            .with_user(self.leader)
            .create({"name": "rieng.pdf", "raw": PDF})
        )
        tried = set()
        for field in self._get_file_fields():
            model, name = field.model_name, field.name
            tried.add((model, name))
            record = self._record_of(model)
            for foreign in (secret, loose, self.item.attachment_id):
                value = self._get_link(field, foreign)
                for user in self._users():
                    if user == self.leader and foreign == loose:
                        continue
                    with (
                        self.subTest(model=model, field=name, user=user.login),
                        self.assertRaises(UserError),
                    ):
                        record.with_user(user).write({name: value})
        self.assertLess(
            {
                ("hoithi.legal.basis", "attachment_id"),
                ("hoithi.document", "docx_id"),
                ("hoithi.document", "scan_ids"),
                ("hoithi.document.run", "result_id"),
                ("hoithi.dossier.item", "attachment_id"),
                ("hoithi.outreach", "attachment_ids"),
                ("hoithi.plan.task", "attachment_ids"),
            },
            tried,
        )

    def _get_file_fields(self):
        """Return all fields of the addon's models that name files."""
        return [
            field
            for model in self.env.registry.models.values()
            if not model._abstract and model._name.startswith("hoithi.")
            for field in model._fields.values()
            if field.comodel_name == "ir.attachment"
            and field.type in ("many2one", "many2many")
            and not field.related
        ]

    def _get_link(self, field, file):
        return file.id if field.type == "many2one" else [Command.link(file.id)]

    def test_no_form_is_a_window_on_other_files(self):
        """Nor one that isn't saved: of a record, a new one, a line, by a default."""
        content = PDF + b"% luong"
        secret = self.env["ir.attachment"].create(
            {
                "name": "luong.pdf",
                "raw": content,
                "res_model": "res.partner",
                "res_id": self.env.company.partner_id.id,
            }
        )
        needle = base64.b64encode(content).decode()
        parents = {}
        for model in self.env.registry.models.values():
            for field in model._fields.values():
                if field.type == "one2many" and model._name.startswith("hoithi."):
                    parents.setdefault(field.comodel_name, []).append(field)
        asked = 0
        for field in self._get_file_fields():
            model, name = field.model_name, field.name
            value, record = self._get_link(field, secret), self._record_of(model)
            spec = {
                other.name: {}
                for other in self.env[model]._fields.values()
                if other.type in ("binary", "char")
            }
            for user in (self.staff, self.internal, self.secretary, self.head):
                records = self.env[model].with_user(user)
                default = records.with_context(**{f"default_{name}": value})
                forms = [
                    (record.with_user(user), {name: value}, spec),
                    (records, {name: value}, spec),
                    (default, {}, spec),
                ]
                for line in parents.get(model, ()):
                    parent = self.env[line.model_name].with_user(user)
                    for commands in (
                        [[0, "virtual_1", {name: value}]],
                        [{name: value}],
                    ):
                        lines = {line.name: {"fields": spec}}
                        forms.append((parent, {line.name: commands}, lines))
                for form, values, shown in forms:
                    names = self.env[form._name].with_user(user).fields_get(shown, [])
                    shown = {n: sub for n, sub in shown.items() if n in names}
                    with self.subTest(field=field, user=user.login, values=values):
                        try:
                            told = form.onchange(dict(values), list(values), shown)
                        except (UserError, KeyError):
                            continue
                        asked += 1
                        self.assertNotIn(needle, str(told))
                        self.assertNotIn(secret.name, str(told))
        self.assertTrue(asked)
        # what was just uploaded for it is taken
        files = self.env["ir.attachment"].with_user(self.head)
        new = files.create({"name": "moi.pdf", "raw": PDF})
        acts = self.env["hoithi.outreach"].with_user(self.head)
        acts.onchange(
            {"attachment_ids": [Command.link(new.id)]},
            ["attachment_ids"],
            {"attachment_ids": {"fields": {}}, "reach": {}},
        )

    def test_nobody_enters_what_lies_beside_a_record(self):
        """What the office posts at a contest isn't read by way of a dossier."""
        beside = self.env["ir.attachment"].create(
            {
                "name": "noi-bo.pdf",
                "raw": PDF,
                "res_model": self.contest._name,
                "res_id": self.contest.id,
            }
        )
        entry = self._create_entry(user=self.staff, name="Bản nháp")
        self.assertTrue(self.contest.with_user(self.staff).has_access("read"))
        with self.assertRaises(AccessError):
            self.env["hoithi.dossier.item"].with_user(self.staff).create(
                {
                    "entry_id": entry.id,
                    "type_id": self.item.type_id.id,
                    "attachment_id": beside.id,
                }
            )

    def test_an_own_new_file_is_taken(self):
        """The same fields take what their writer has just uploaded."""
        for model, name, user in (
            ("hoithi.outreach", "attachment_ids", self.head),
            ("hoithi.plan.task", "attachment_ids", self.secretary),
            ("hoithi.document", "scan_ids", self.secretary),
        ):
            record = self._record_of(model).with_user(user)
            file = (
                self.env["ir.attachment"]
                .with_user(user)
                .create({"name": "moi.pdf", "raw": PDF})
            )
            if name == "scan_ids":
                # scans are uploaded on the document itself
                file.write({"res_model": model, "res_id": record.id})
            record.write({name: [Command.link(file.id)]})
            self.assertEqual(record.sudo()[name], file.sudo())
            self.assertTrue(file.sudo().kept_sha256)
        file = (
            self.env["ir.attachment"]
            .with_user(self.internal)
            .create({"name": "moi.pdf", "raw": PDF})
        )
        item = (
            self.env["hoithi.dossier.item"]
            .with_user(self.internal)
            .create(
                {
                    "entry_id": self.entry.id,
                    "type_id": self.item.type_id.id,
                    "attachment_id": file.id,
                }
            )
        )
        # a file of the dossier's own, so that the uploaded one stays its owner's
        self.assertNotEqual(item.sudo().attachment_id, file)
        self.assertEqual(item.sudo().attachment_id.raw, PDF)

    def _record_of(self, model):
        def load(made, **values):
            """Make what only an act makes."""
            records = self.env[made].with_context(hoithi_door=Load())
            return records.create(values)

        def make_item():
            contest = self.contest.with_context(hoithi_door=Load())
            phase, contest.state = contest.state, "council"
            session = self.env["hoithi.session"].create({"contest_id": contest.id})
            contest.state = phase
            # as of a past contest: this entry doesn't wait for the council
            return load(
                "hoithi.session.item",
                session_id=session.id,
                entry_id=self.entry.id,
                state="voting",
            )

        seat = self.seats[self.member1]
        moment = "2026-01-02 03:04:05"
        records = {
            "hoithi.session.item": make_item,
            "hoithi.session.opinion": lambda: load(
                model, item_id=make_item().id, member_id=seat.id, due_on=moment
            ),
            "hoithi.review.paper": lambda: load(
                model,
                review_id=load(
                    "hoithi.review", entry_id=self.entry.id, member_id=seat.id
                ).id,
                typed_by=self.secretary.id,
                typed_on=moment,
            ),
            "hoithi.reopening": lambda: load(
                model,
                entry_id=self.entry.id,
                decision_number="77/QĐ",
                decision_date="2026-01-02",
                decided_by="Giám đốc Sở",
                reason="Khiếu nại có cơ sở",
            ),
            "hoithi.round": lambda: load(
                model, contest_id=self.contest.id, name="Vòng sơ khảo"
            ),
            "hoithi.legal.basis": lambda: self.contest.legal_basis_ids[:1],
            "hoithi.dossier.item": lambda: self.item,
            "hoithi.document": lambda: self.env[model].create(
                {
                    "kind": "plan",
                    "contest_id": self.contest.id,
                    "res_id": self.contest.id,
                }
            ),
            "hoithi.evidence": lambda: self.env[model].create(
                {"contest_id": self.contest.id}
            ),
            "hoithi.review.copy": lambda: self.env[model].create(
                {"item_id": self.item.id}
            ),
            "hoithi.document.run": lambda: self.env[model].create(
                {"contest_id": self.contest.id, "purpose": "package"}
            ),
            "hoithi.document.template.version": lambda: self.env[model].create(
                {
                    "template_id": self.env["hoithi.document.template"]
                    .search([], limit=1)
                    .id
                    or self.env["hoithi.document.template"]
                    .create({"kind": "plan", "company_id": self.company.id})
                    .id,
                    "number": 99,
                    "attachment_id": self.env["ir.attachment"]
                    .create({"name": "v.docx", "raw": PDF})
                    .id,
                    "sha256": "0",
                    "user_id": self.env.uid,
                }
            ),
            "hoithi.outreach": lambda: self.env[model].create(
                {
                    "contest_id": self.contest.id,
                    "department_id": self.unit.id,
                    "kind": "meeting",
                    "date": self.contest._get_today(),
                    "reach": 3,
                }
            ),
            "hoithi.plan.task": lambda: self.env[model].create(
                {
                    "contest_id": self.contest.id,
                    "name": "Phát động",
                    "date_start": self.contest.date_start,
                    "date_end": self.contest.date_end,
                    "lead_department_id": self.unit.id,
                }
            ),
        }
        return records[model]().sudo(False)

    def test_the_text_of_a_basis_is_uploaded_there(self):
        basis = self.contest.legal_basis_ids[:1].with_user(self.secretary)
        basis.write({"text_name": "QĐ 01.pdf", "text_file": base64.b64encode(PDF)})
        file = basis.sudo().attachment_id
        self.assertEqual((file.name, file.raw), ("QĐ 01.pdf", PDF))
        self._assert_kept(file)
        with self.assertRaises(ValidationError):
            basis.write({"text_name": "a.pdf", "text_file": base64.b64encode(b"MZ")})
        with self.assertRaises(ValidationError):
            basis.write({"text_name": False})
        # a form asks for sizes, and sends what changed
        basis.with_context(bin_size=True).web_save(
            {"text_name": "QĐ 01 (ký).pdf"}, {"text_name": {}}
        )
        self.assertEqual(basis.attachment_id.sudo(), file)
        self.assertEqual((file.name, file.raw), ("QĐ 01 (ký).pdf", PDF))
        with self.assertRaises(ValidationError):
            basis.write({"text_name": "QĐ 01.exe"})
        content = base64.b64encode(FORGED)
        basis.with_context(bin_size=True).web_save({"text_file": content}, {})
        self.assertEqual(basis.attachment_id.sudo().raw, FORGED)
        self.assertEqual(basis.text_name, "QĐ 01 (ký).pdf")
        basis.write({"text_file": False})
        self.assertFalse(basis.attachment_id)
        with self.assertRaises(ValidationError):
            basis.write({"text_name": "QĐ 02.pdf"})

    # FOUND

    def test_the_nightly_check_compares_content(self):
        file = self.item.attachment_id
        problem = ("file of hoithi.dossier.item", self.item.id)
        self.assertNotIn(problem, self.env["hoithi.entry"]._get_broken_invariants())
        path = Path(file._full_path(file.store_fname))
        path.write_bytes(FORGED)
        self.addCleanup(path.write_bytes, PDF)
        self.assertIn(problem, self.env["hoithi.entry"]._get_broken_invariants())
        with self.assertRaisesRegex(UserError, "isn't what was handed in"):
            file._add_to_package(None, [], "a.pdf")

    def test_the_words_of_a_large_word_file_are_not_indexed(self):
        """Odoo would make a tree of them, of a gigabyte for a report of thousands."""
        with io.BytesIO() as written:
            with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as packed:
                packed.writestr("word/document.xml", "<a>" + " " * MOST_INDEXED)
            content = written.getvalue()
        self.assertLess(len(content), 100_000)
        with patch("xml.dom.minidom.parseString") as parse:
            file = self.env["ir.attachment"].create({"name": "a.docx", "raw": content})
        parse.assert_not_called()
        self.assertEqual(file.raw, content)

    def test_a_damaged_word_file_is_taken(self):
        """What can't be looked into isn't indexed, and is a file all the same."""
        with io.BytesIO() as written:
            with zipfile.ZipFile(written, "w") as packed:
                packed.writestr("ấ.txt", "a")
            content = written.getvalue()
        head = b"PK\x01\x02\x14\x03"
        for part, damage, error in (
            # a name in no encoding, and a version of the format to come
            ("ấ".encode(), b"\xff\xff\xff", UnicodeDecodeError),
            (head + b"\x14", head + b"\x63", NotImplementedError),
        ):
            damaged = content.replace(part, damage)
            with self.subTest(part=part):
                self.assertNotEqual(damaged, content)
                with self.assertRaises(error):
                    zipfile.ZipFile(io.BytesIO(damaged))
                file = self.env["ir.attachment"].create(
                    {"name": "a.docx", "raw": damaged, "mimetype": "application/msword"}
                )
                self.assertEqual(file.raw, damaged)

    def test_an_update_keeps_what_was_handed_in(self):
        """Also where the file was changed before files were kept."""
        file = self.item.attachment_id.sudo()
        file.write({"kept_sha256": False, "raw": FORGED, "public": True})
        self.env.flush_all()
        load_script(
            "hoithi_contest/migrations/19.0.1.2.0/post-keep_files.py", "keep_files"
        ).keep_dossiers(self.cr)
        self.env.invalidate_all()
        self.assertEqual(file.kept_sha256, self.item.sha256)
        self.assertFalse(file.public)
        self.assertIn(
            ("file of hoithi.dossier.item", self.item.id),
            self.env["hoithi.entry"]._get_broken_invariants(),
        )


@tagged("post_install", "-at_install")
class TestUploads(HoithiCommon, HttpCase):
    """The address by which screens send files: Odoo makes them as superuser there."""

    def _upload(self, user, record, **more):
        self.authenticate(user.login, user.login)
        answer = self.url_open(
            "/mail/attachment/upload",
            data={
                "csrf_token": Request.csrf_token(self),
                "thread_model": record._name,
                "thread_id": str(record.id),
                **more,
            },
            files={"ufile": ("tac-gia.pdf", PDF, "application/pdf")},
        )
        self.env.invalidate_all()
        return answer.json()

    def _beside(self, record):
        return self.env["ir.attachment"].search(
            [
                ("res_model", "=", record._name),
                ("res_id", "=", record.id),
                ("name", "=", "tac-gia.pdf"),
            ]
        )

    def test_no_file_is_laid_beside_a_sheet(self):
        self._launch()
        entry = self._eligible_entry()
        self._start_review()
        [review] = self._assign(entry, self.member1)
        for user in (self.secretary, self.member1):
            with self.subTest(user=user.login):
                answer = self._upload(user, review)
                self.assertIn("laid beside", answer["error"])
                self.assertFalse(self._beside(review))
                # it comes with a message, which names who sent it
                default = {"res_model": review._name, "res_id": review.id}
                files = self.env["ir.attachment"].with_user(user)
                with self.assertRaisesRegex(AccessError, "laid beside"):
                    files.with_context(
                        **{f"default_{name}": value for name, value in default.items()}
                    ).create({"name": "tac-gia.pdf", "raw": PDF})
                answer = self._upload(user, review, is_pending="true")
                self.assertTrue(answer["data"]["attachment_id"])
        self.assertTrue(self._upload(self.secretary, self.contest)["data"])
        self.assertTrue(self._beside(self.contest), "where nothing counts its files")

    @mute_logger("odoo.http")
    def test_no_part_of_a_file_tells_more_than_the_whole(self):
        """Nor its head, nor that it is the one that somebody has already."""
        self._launch()
        file = self._submit_entry(user=self.staff).sudo().dossier_ids.attachment_id
        address = f"/web/content/{file.id}"
        parts = {"Range": "bytes=0-3"}
        asked = [
            {},
            parts,
            {"Range": "bytes=0-0,2-3,-1"},
            {"If-None-Match": f'"{file.checksum}"'},
            {"If-Modified-Since": "Fri, 01 Jan 2038 00:00:00 GMT"},
        ]
        others = (None, self.stranger, self.coauthor, self.member1, self.other_head)
        for user in others:
            self.authenticate(*([user.login] * 2 if user else (None, None)))
            for path in (
                address,
                f"{address}?unique={file.checksum}&download=1",
                f"{address}?access_token=False",
                f"/web/content/ir.attachment/{file.id}/raw",
                f"/web/content/ir.attachment/{file.id}/kept_sha256",
                f"/web/image/{file.id}/64x64",
            ):
                for headers in asked:
                    with self.subTest(
                        user=user and user.login, path=path, head=headers
                    ):
                        answer = self.url_open(path, headers=headers)
                        if path.startswith("/web/image"):
                            name = answer.headers.get("Content-Disposition", "")
                            self.assertNotIn(file.name, name)
                            self.assertNotIn(b"%PDF", answer.content)
                        else:
                            self.assertIn(answer.status_code, (403, 404))
                head = self.opener.head(self.base_url() + path)
                self.assertNotEqual(head.headers.get("ETag"), f'"{file.checksum}"')
        self.authenticate(self.staff.login, self.staff.login)
        answer = self.url_open(address, headers=parts)
        self.assertEqual((answer.status_code, answer.content), (206, b"%PDF"))
        self.assertEqual(self.url_open(address, headers=asked[3]).status_code, 304)

    def test_files_of_talks_count_as_uploads(self):
        self._launch()
        entry = self._create_entry()
        self.env["ir.config_parameter"].set_param("hoithi_contest.rate_upload", "3/10")
        self.env["hoithi.rate.note"].search([]).unlink()
        answers = [
            self._upload(self.staff, entry, is_pending="true") for _file in range(4)
        ]
        self.assertEqual(
            ["error" in answer for answer in answers], [False, False, False, True]
        )
        self.assertIn("too often", answers[-1]["error"])
