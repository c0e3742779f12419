import hashlib
import io
import tempfile
import zipfile
from pathlib import Path
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.base.models.ir_attachment import IrAttachment

from ...lib.guard.packaging import Package
from ..common import PDF, HoithiCommon

#: The storage of another addon, as OCA's `fs_attachment` names them.
STORAGE = "minio"
FORGED = PDF + b"% forged\n"


@tagged("post_install", "-at_install")
class TestStorageElsewhere(HoithiCommon):
    """Files that another addon keeps outside of the filestore are files as others."""

    def setUp(self):
        super().setUp()
        self.store = {}
        read, describe = IrAttachment._file_read, IrAttachment._get_datas_related_values

        def get_values(files, data, mimetype):
            values = describe(files, data, mimetype)
            if data:
                values["store_fname"] = f"{STORAGE}://{values['checksum']}"
                values["db_datas"] = False
            return values

        def file_write(_files, content, checksum):
            name = f"{STORAGE}://{checksum}"
            self.store[name] = content
            return name

        def file_read(files, name, size=None):
            if "://" not in name:
                return read(files, name, size)
            return self.store.get(name, b"")[:size]

        def file_delete(_files, _name):
            """Leave it to the storage."""

        for name, stand_in in (
            ("_storage", lambda _files: STORAGE),
            ("_get_datas_related_values", get_values),
            ("_file_write", file_write),
            ("_file_read", file_read),
            ("_file_delete", file_delete),
        ):
            patcher = patch.object(IrAttachment, name, stand_in)
            patcher.start()
            self.addCleanup(patcher.stop)
        self._launch()

    def _enter(self):
        entry = self._create_entry()
        entry.action_submit()
        entry.with_user(self.secretary).action_mark_eligible()
        return entry

    def test_a_dossier_goes_its_way(self):
        """It is handed in, copied for reviewers and sent on."""
        entry = self._enter()
        item = entry.sudo().dossier_ids
        file = item.attachment_id
        self.assertIn(file.store_fname, self.store)
        self.assertFalse(Path(file._full_path(file.store_fname)).exists())
        self.assertEqual(item.sha256, hashlib.sha256(PDF).hexdigest())
        self._make_copies()
        [review] = self._assign(entry, self.member1)
        given = review.sudo().file_ids
        self.assertIn(given.store_fname, self.store)
        self.assertTrue(given._is_as_kept())
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "goi.zip"
            with Package(path) as package:
                file._add_to_package(package, ["ho-so"], file.name)
            made = self.env["ir.attachment"]._create_from_path(
                path, {"name": "goi.zip", "mimetype": "application/zip"}
            )
            self.assertFalse(path.exists())
        self.assertIn(made.store_fname, self.store)
        with zipfile.ZipFile(io.BytesIO(made.raw)) as archive:
            [name] = [name for name in archive.namelist() if name.endswith(".pdf")]
            self.assertEqual(archive.read(name), PDF)

    def test_the_nightly_check_looks_there(self):
        item = self._enter().sudo().dossier_ids
        file = item.attachment_id
        entries = self.env["hoithi.entry"]
        problem = ("file of hoithi.dossier.item", item.id)
        self.assertNotIn(problem, entries._get_broken_invariants())
        name = file.store_fname
        for content in (FORGED, b""):
            self.store[name] = content
            file.invalidate_recordset()
            self.assertIn(problem, entries._get_broken_invariants())
            with self.assertRaises(UserError):
                file._add_to_package(None, [], "a.pdf")
        self.assertFalse(file._is_there())
        self.store[name] = PDF
        file.invalidate_recordset()
        self.assertTrue(file._is_there())
        self.assertNotIn(problem, entries._get_broken_invariants())

    def test_what_is_kept_no_longer_goes(self):
        file = self._enter().sudo().dossier_ids.attachment_id
        checksum = file.kept_sha256
        file._forget()
        self.env.invalidate_all()
        self.assertFalse(file.raw or file.store_fname)
        self.assertEqual(file.kept_sha256, checksum)
        self.assertTrue(file._is_as_kept())

    def test_one_file_may_stay_where_it_was(self):
        """Who moves files names the place; what is there isn't taken for missing."""
        attachments = self.env["ir.attachment"].with_context(storage_location="file")
        self.assertEqual(attachments._get_place(), "file")
        with patch.object(IrAttachment, "_storage", lambda _files: "file"):
            self.assertEqual(self.env["ir.attachment"]._get_place(), "file")
