import base64
import errno
import json
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import patch

from psycopg2.errors import DiskFull

from odoo import fields, http
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...lib.guard import disk
from ...models.contest import hoithi_health
from ...models.guard import ir_attachment
from ..common import PDF
from .test_hoithi_portal import HoithiPortalCase

LOGGERS = (
    "odoo.addons.hoithi_contest.models.guard.ir_attachment",
    "odoo.http",
    "odoo.sql_db",
)


class FullDisk:
    @contextmanager
    def _full(self, kept=10):
        """A disk on which of each new file some bytes still find room."""
        write_bytes = Path.write_bytes

        def write(path, content):
            if path.parent.name != "parts":
                return write_bytes(path, content)
            write_bytes(path, content[:kept])
            raise OSError(errno.ENOSPC, "No space left on device")

        with patch.object(disk.Path, "write_bytes", write), mute_logger(*LOGGERS):
            yield


@tagged("post_install", "-at_install")
class TestDiskFull(FullDisk, HoithiPortalCase):
    """No room: told in a sentence, nothing half there, and the next try works."""

    def setUp(self):
        super().setUp()
        self.entry = self._create_entry(with_file=False)
        # content that no other test has stored
        self.content = PDF + b"% " + self.id().encode()
        file = self.env["ir.attachment"].new()
        checksum = file._compute_checksum(self.content)
        self.path = Path(file._full_path(f"{checksum[:2]}/{checksum}"))
        self.addCleanup(self.path.unlink, missing_ok=True)

    def _upload(self, json_answer=False):
        return self.post(
            self.entry_path(self.entry, "files"),
            {"type_id": str(self.dossier_type.id)},
            files={"file": ("mo-ta.pdf", self.content, "application/pdf")},
            headers={"Accept": "application/json" if json_answer else "text/html"},
        )

    def _assert_nothing_is_left(self):
        self.entry.invalidate_recordset()
        self.assertFalse(self.entry.dossier_ids)
        self.assertFalse(self.path.exists())
        parts = Path(self.env["ir.attachment"]._full_path("parts"))
        self.assertFalse(parts.exists() and list(parts.iterdir()))

    def test_a_disk_that_takes_no_writing_isnt_called_full(self):
        error = OSError(errno.EROFS, "Read-only file system")
        with (
            patch.object(disk.Path, "write_bytes", side_effect=error),
            mute_logger(*LOGGERS),
        ):
            page = self._upload().text
        self.assertIn("takes no changes at present", page)
        self.assertNotIn("no room left", page)
        self._assert_nothing_is_left()
        self._assert_clean()

    def test_on_the_portal(self):
        with self._full():
            page = self._upload().text
        self.assertIn("The server has no room left", page)
        self._assert_nothing_is_left()
        self._upload()
        self.entry.invalidate_recordset()
        self.assertEqual(self.entry.sudo().dossier_ids.attachment_id.raw, self.content)
        self._assert_clean()

    def test_on_the_portal_to_a_script(self):
        with self._full():
            answer = self._upload(json_answer=True).json()
        self.assertRegex(answer["refused"], "^mo-ta.pdf: The server has no room left")
        self._assert_nothing_is_left()
        self._assert_clean()

    def test_over_rpc_and_in_the_backend(self):
        values = {
            "entry_id": self.entry.id,
            "type_id": self.dossier_type.id,
            "filename": "mo-ta.pdf",
            "datas": base64.b64encode(self.content).decode(),
        }
        entry = self.entry = self._create_entry(self.internal, with_file=False)
        values["entry_id"] = entry.id
        self.log_in(self.internal)
        call = {"model": "hoithi.dossier.item", "method": "web_save"}
        call |= {"args": [[], values], "kwargs": {"specification": {}}}
        body = json.dumps({"params": call})
        headers = {"Content-Type": "application/json"}

        def save():
            path = "/web/dataset/call_kw/hoithi.dossier.item/web_save"
            return self.url_open(path, data=body, headers=headers).json()

        with self._full():
            error = save()["error"]["data"]
        self.assertEqual(error["name"], "odoo.exceptions.UserError")
        self.assertIn("The server has no room left", error["message"])
        self._assert_nothing_is_left()
        self.assertTrue(save()["result"])
        self._assert_clean()

    def test_what_odoo_once_left_is_put_right(self):
        """A part of the file lies there from a full disk, under the file's name."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        for rest in (b"", self.content[:7]):
            self.path.write_bytes(rest)
            item = self._add_file(self.entry, self.content)
            self.assertEqual(item.sudo().attachment_id.raw, self.content)
            item.unlink()
        self._assert_clean()

    def test_a_file_that_is_another_one_is_never_replaced(self):
        """As it must not be, where two contents have one SHA-1."""
        attachments = self.registry["ir.attachment"]
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.write_bytes(b"other")
        with (
            patch.object(attachments, "_is_whole", lambda self, path: True),
            self.assertRaisesRegex(UserError, "collides"),
        ):
            self._add_file(self.entry, self.content)
        self.assertEqual(self.path.read_bytes(), b"other")

    def test_other_faults_of_the_disk_are_no_want_of_room(self):
        with (
            patch.object(
                disk, "write", side_effect=PermissionError(errno.EACCES, "denied")
            ),
            self.assertRaises(PermissionError),
        ):
            self._add_file(self.entry, self.content)

    def test_a_package_that_finds_no_room(self):
        source = self.path.parent / "package"
        source.parent.mkdir(parents=True, exist_ok=True)
        source.write_bytes(self.content)
        self.addCleanup(source.unlink, missing_ok=True)
        attachments = self.env["ir.attachment"]
        full = OSError(errno.ENOSPC, "No space left on device")
        with (
            patch.object(ir_attachment.disk, "place", side_effect=full),
            mute_logger(*LOGGERS),
            self.assertRaisesRegex(UserError, "no room left"),
        ):
            attachments._create_from_path(source, {"name": "goi.zip"})
        made = attachments._create_from_path(source, {"name": "goi.zip"})
        self.assertEqual(made.raw, self.content)
        self._assert_clean()

    def test_the_disk_of_the_database(self):
        with (
            patch.object(
                type(self.entry), "action_delete_draft", side_effect=DiskFull("full")
            ),
            # psycopg2 gives an error its code where the server sent it
            patch.object(disk, "is_full", lambda error: "full" in str(error)),
            mute_logger(*LOGGERS),
        ):
            response = self.post(self.entry_path(self.entry, "delete"))
        self.assertEqual(response.status_code, 422)
        self.assertIn("The server has no room left", response.text)
        self.entry.invalidate_recordset()
        self.assertTrue(self.entry.active)
        self._assert_clean()

    def test_nor_is_there_room_for_the_session(self):
        """Which keeps what the next page tells: the act is taken back as well."""
        full = OSError(errno.ENOSPC, "No space left on device")
        with (
            patch.object(type(http.root.session_store), "save", side_effect=full),
            mute_logger(*LOGGERS),
        ):
            response = self.post(self.entry_path(self.entry, "delete"))
        self.assertEqual(response.status_code, 422)
        self.assertIn("The server has no room left", response.text)
        self.entry.invalidate_recordset()
        self.assertTrue(self.entry.active)
        self._assert_clean()

    def test_the_home_tells_before_it_is_full(self):
        health = self.env["hoithi.health"]
        for free, severity in (
            (hoithi_health.NO_ROOM - 1, "block"),
            (hoithi_health.LITTLE_ROOM - 1, "warn"),
            (hoithi_health.LITTLE_ROOM, "done"),
        ):
            usage = SimpleNamespace(free=free)
            with patch.object(
                hoithi_health.shutil, "disk_usage", lambda path, usage=usage: usage
            ):
                found = {
                    key: severity for key, severity, _n in health._examine(self.company)
                }
            self.assertEqual(found["disk"], severity)

    def test_a_server_without_a_folder_of_files_is_looked_at(self):
        attachments = self.registry["ir.attachment"]
        with patch.object(
            attachments, "_filestore", lambda self: "/nowhere/filestore/database"
        ):
            _severity, note = self.env["hoithi.health"]._examine_disk()
        self.assertTrue(note)

    def _age(self, contests):
        """Have contests made nine days ago."""
        self.env.flush_all()
        self.cr.execute(
            "UPDATE hoithi_contest SET create_date = %s WHERE id = ANY(%s)",
            [fields.Datetime.now() - timedelta(days=9), contests.ids],
        )
        self.env.invalidate_all()

    def test_the_home_tells_of_a_nightly_check_that_does_not_come(self):
        health = self.env["hoithi.health"]
        contests = self.env["hoithi.contest"].search([])
        self._age(contests)
        for days, severity in ((1, "done"), (3, "warn")):
            contests._open_door().checked_on = fields.Datetime.now() - timedelta(
                days=days
            )
            found = {key: row for key, *row in health._examine(self.company)}
            self.assertEqual(found["ledger"][0], severity)

    def test_the_home_names_a_contest_that_the_nightly_check_left_out(self):
        """Others were checked: that of the one isn't covered by theirs."""
        health = self.env["hoithi.health"]
        now = fields.Datetime.now()
        self.env["hoithi.contest"].search([])._open_door().checked_on = now
        left_out = self._create_contest(name="Hội thi bị bỏ sót")
        self.assertEqual(health._examine_ledger(self.company)[0], "done", "it is new")
        self._age(left_out)
        for checked_on in (False, now - timedelta(days=8)):
            left_out._open_door().checked_on = checked_on
            severity, note = health._examine_ledger(self.company)
            self.assertEqual(severity, "warn")
            self.assertIn(left_out.name, note)

    def test_the_home_tells_of_a_scheduled_action_that_is_off(self):
        health = self.env["hoithi.health"]
        crons = health._get_crons()
        crons.nextcall = fields.Datetime.now()
        self.assertEqual(health._examine_cron(), ("done", ""))
        crons[0].active = False
        severity, note = health._examine_cron()
        self.assertEqual(severity, "warn")
        self.assertIn(crons[0].name, note)
