import csv
import hashlib
import json
import tempfile
import zipfile
from datetime import date
from functools import partial
from io import BytesIO
from pathlib import Path
from unittest.mock import patch

import pikepdf
from PIL import Image
from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.service.model import call_kw
from odoo.tests import tagged
from odoo.tools import config, mute_logger

from ...lib.document import tagging, wording
from ...lib.guard import office, pdf
from ...models.document import hoithi_document_file, hoithi_document_run_archive
from ...models.guard.hoithi_guard_mixin import Load
from ..common import PDF, KilledError
from .document_life_common import DocumentLifeCommon

LINES = "odoo.addons.hoithi_contest.models.document.hoithi_document_run_line"
#: A form as somebody signed it.
SCAN = PDF + b"% ky\n"
RUNS = "odoo.addons.hoithi_contest.models.guard.hoithi_run_mixin"


def make_pdf(documents, timeout=None, owner=None, standard=False):
    """A real page for each document, as merging reads them."""
    target = BytesIO()
    with pikepdf.new() as page:
        page.add_blank_page()
        if standard:
            with page.open_metadata() as metadata:
                metadata["pdfaid:part"] = "2"
                metadata["pdfaid:conformance"] = "B"
        page.save(target)
    return dict.fromkeys(documents, target.getvalue())


class RunCommon(DocumentLifeCommon):
    COUNT = 6

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(patch.object(pdf, "convert", make_pdf))
        loader = cls.env(context={**cls.env.context, "hoithi_door": Load()}, su=True)
        now = fields.Datetime.now()
        cls._launch()
        cls.entries = (
            loader["hoithi.entry"]
            .create(
                [
                    {
                        "name": f"Giải pháp số {number}",
                        "code": f"HR{number:04}",
                        "contest_id": cls.contest.id,
                        "field_id": cls.field.id,
                        "department_id": cls.unit.id,
                        "state": "reviewed",
                        "submitted_on": now,
                        "receipt_number": f"R-{number:03}",
                        "author_ids": [
                            Command.create(
                                {
                                    "full_name": f"Tác giả {number}",
                                    "contribution_percent": 100,
                                    "is_representative": True,
                                }
                            )
                        ],
                    }
                    for number in range(cls.COUNT)
                ]
            )
            .with_env(cls.env)
        )
        cls.reviews = loader["hoithi.review"].create(
            [
                {
                    "entry_id": entry.id,
                    "member_id": cls.seats[cls.member1].id,
                    "state": "submitted",
                    "submitted_on": now,
                }
                for entry in cls.entries
            ]
        )

    def _make_registrations(self, user=None):
        """Have the forms of all entries made, as a secretary does on the run's form."""
        runs = self.env["hoithi.document.run"].with_user(user or self.secretary)
        run = runs.create({"contest_id": self.contest.id, "kind": "registration"})
        run.action_start()
        return run

    def _get_run(self, action):
        return (
            self.env["hoithi.document.run"]
            .with_user(self.secretary)
            .browse(action["res_id"])
        )

    def _break_off(self, run, count, lines=2):
        """Run the scheduled action, `lines` a step, whose server dies in a step."""
        run_class, steps = type(run), []
        original = run_class._work

        def work(records, lines):
            steps.append(lines)
            original(records, lines)
            if len(steps) == count:
                raise KilledError()

        with (
            patch.object(run_class, "_run_batch", lines),
            patch.object(run_class, "_work", work),
        ):
            self._run_cron_killed("cron_work_runs")

    def _read_zip(self, run):
        return zipfile.ZipFile(BytesIO(run.sudo().result_id.raw))


@tagged("post_install", "-at_install")
class TestLargeRun(RunCommon):
    COUNT = 30

    def test_all_score_sheets(self):
        """One click, made in the background, as one PDF."""
        contest = self.contest.with_user(self.secretary)
        run = self._get_run(contest.action_make_score_sheets())
        self.assertEqual(run.state, "queued")
        self.assertEqual((run.total, run.progress), (self.COUNT, 0))
        self._run_cron("cron_work_runs")
        run.invalidate_recordset()
        self.assertEqual(run.state, "done")
        self.assertEqual((run.done_count, run.error_count), (self.COUNT, 0))
        self.assertEqual(run.progress, 100)
        with pikepdf.open(BytesIO(run.result_id.raw)) as merged:
            self.assertEqual(len(merged.pages), self.COUNT)
        documents = run.line_ids.document_id
        self.assertEqual(len(documents), self.COUNT)
        self.assertEqual(set(documents.mapped("kind")), {"score_sheet"})
        self.assertEqual(documents.user_id, self.secretary)
        self.assertEqual(
            run.action_view_documents()["domain"], [("id", "in", documents.ids)]
        )


@tagged("post_install", "-at_install")
class TestRun(RunCommon):
    def test_made_ahead(self):
        """What is filled is converted while the next is filled, and once only."""
        page = next(iter(make_pdf(["x"]).values()))
        left, asked = [], []

        def convert(documents, timeout=None, owner=None):
            left.append(len(documents))
            return make_pdf(documents)

        def ahead(program, owner, content, *how, end):
            asked.append(owner)
            if len(asked) > 4:
                raise office.Unavailable()
            return page

        run = self._make_registrations()
        with (
            patch.object(pdf, "convert", convert),
            patch.object(office, "is_kept", lambda: True),
            patch.object(office, "convert", ahead),
            patch.object(pdf, "engine", lambda: "soffice"),
        ):
            self._run_cron("cron_work_runs")
        run.invalidate_recordset()
        self.assertEqual((run.state, run.error_count), ("done", 0))
        # four were made ahead; where LibreOffice broke down the others were made after
        self.assertEqual((len(asked), left), (5, [self.COUNT - 4]))
        self.assertEqual(set(asked), {self.env.cr.dbname})
        self.assertEqual(len(run.line_ids.document_id.pdf_id), self.COUNT)

    def test_in_batches(self):
        """A step at a time; what breaks off goes on where it was; none made twice."""
        run = self._make_registrations()
        sizes = []

        def convert(documents, timeout=None, owner=None):
            sizes.append(len(documents))
            return make_pdf(documents)

        with patch.object(pdf, "convert", convert):
            self._break_off(run, 2)
            self.assertEqual((run.state, run.done_count), ("running", 2))
            self.assertAlmostEqual(run.progress, 100 / 3)
            # as after a restart; what the server died over comes last, and alone
            self._run_cron("cron_work_runs")
        run.invalidate_recordset()
        self.assertEqual((run.state, run.done_count), ("done", self.COUNT))
        self.assertEqual(sizes, [2, 2, 2, 1, 1])
        self.assertEqual(
            self.env["hoithi.document"].search_count([("kind", "=", "registration")]),
            self.COUNT,
        )
        with self._read_zip(run) as archive:
            names = archive.namelist()
            self.assertEqual(len(names), 2 * self.COUNT + 2)
            sums = dict(
                reversed(line.split("  ", 1))
                for line in archive.read("SHA256SUMS").decode().splitlines()
            )
            for name, digest in sums.items():
                self.assertEqual(hashlib.sha256(archive.read(name)).hexdigest(), digest)

    def test_a_heavy_paper_of_a_large_contest(self):
        """It is made in the background; of a small one, and other kinds, at once."""
        documents = self.env["hoithi.document"].with_user(self.secretary)
        report, register, plan = documents.create(
            [
                {"contest_id": self.contest.id, "kind": kind}
                for kind in ("report", "register", "plan")
            ]
        )
        report.action_generate()
        self.assertTrue(report.docx_id)
        with patch.object(hoithi_document_file, "LARGE", self.COUNT - 1):
            plan.action_generate()
            self.assertTrue(plan.docx_id)
            old = report.docx_id.checksum
            report.subject = "Báo cáo đã sửa"
            run = self._get_run(report.action_generate())
            self.assertEqual(self._get_run(report.action_generate()), run)
            other = self._get_run(register.action_generate())
            self.assertNotEqual(other, run)
        self.assertEqual((run.state, run.total), ("queued", 1))
        self.assertTrue(report.is_outdated)
        self._run_cron("cron_work_runs")
        self.env.invalidate_all()
        self.assertEqual((run.state, other.state), ("done", "done"))
        self.assertEqual(run.line_ids.document_id, report)
        self.assertFalse(report.is_outdated)
        self.assertNotEqual(report.docx_id.checksum, old)
        self.assertTrue(report.pdf_id and register.docx_id)

    def test_a_paper_cleared_meanwhile_stays_as_it_is(self):
        document = self.env["hoithi.document"].with_user(self.secretary)
        report = document.create({"contest_id": self.contest.id, "kind": "report"})
        report.action_generate()
        file = report.docx_id
        with patch.object(hoithi_document_file, "LARGE", 0):
            report.action_generate()
            report.with_user(self.leader).action_approve()
            self._run_cron("cron_work_runs")
            with self.assertRaisesRegex(UserError, "can't be changed"):
                report.action_generate()
        self.assertEqual(report.docx_id, file)

    def test_made_anew_takes_the_same_documents(self):
        first = self._make_registrations()
        self._run_cron("cron_work_runs")
        issued = first.line_ids[0].document_id
        issued.with_user(self.leader).action_approve()
        issued.with_user(self.secretary).action_issue()
        file = issued.docx_id
        second = self._make_registrations()
        self._run_cron("cron_work_runs")
        self.assertEqual(second.line_ids.document_id, first.line_ids.document_id)
        self.assertEqual(issued.docx_id, file)

    def test_one_that_fails_stops_no_other(self):
        run = self._make_registrations()
        kind = type(self.env["hoithi.document.kind.registration"])
        get_context = kind._get_own_context
        broken = self.entries[3]

        def refuse(model, document):
            if document.res_id == broken.id:
                raise ValueError("hồ sơ hỏng")
            return get_context(model, document)

        with patch.object(kind, "_get_own_context", refuse), mute_logger(LINES):
            self._run_cron("cron_work_runs")
        run.invalidate_recordset()
        self.assertEqual((run.state, run.error_count), ("done", 1))
        failed = run.line_ids.filtered(lambda line: line.state == "failed")
        self.assertEqual(failed.res_id, broken.id)
        self.assertIn("hồ sơ hỏng", failed.error)
        run.action_retry()
        self._run_cron("cron_work_runs")
        run.invalidate_recordset()
        self.assertEqual((run.error_count, run.done_count), (0, self.COUNT))

    def test_one_that_does_not_convert_takes_no_other_with_it(self):
        run = self._make_registrations()

        def convert(documents, timeout=None, owner=None):
            if any(document.res_id == self.entries[3].id for document in documents):
                raise pdf.ConversionError("hỏng")
            return make_pdf(documents)

        with patch.object(pdf, "convert", convert):
            self._run_cron("cron_work_runs")
        without = run.line_ids.document_id.filtered(lambda d: not d.pdf_id)
        self.assertEqual(without.res_id, self.entries[3].id)
        self.assertTrue(without.docx_id)
        self.assertIn("hỏng", without.pdf_error)

    def test_what_libreoffice_hangs_over_fails_alone(self):
        """The rest of its batch is made; what was made before it hung isn't lost."""
        run = self._make_registrations()
        sizes = []

        def convert(documents, timeout=None, owner=None):
            sizes.append(len(documents))
            done = list(documents)
            for position, document in enumerate(documents):
                if document.res_id == self.entries[3].id:
                    raise pdf.Overrun("zz", make_pdf(done[:position]))
            return make_pdf(documents)

        with patch.object(pdf, "convert", convert):
            # a slow machine ends the action's time before its work
            for _turn in range(10):
                if run.state in ("queued", "running"):
                    self._run_cron("cron_work_runs")
                    run.invalidate_recordset()
        self.assertEqual((run.state, run.error_count), ("done", 1))
        self.assertEqual(sizes[0], self.COUNT)
        self.assertEqual(set(sizes[1:]), {1})
        failed = run.line_ids.filtered(lambda line: line.state == "failed")
        self.assertEqual(failed.res_id, self.entries[3].id)
        self.assertRegex(failed.error, "LibreOffice.*Word")
        self.assertTrue(failed.document_id.docx_id)
        with self._read_zip(run) as archive:
            self.assertEqual(len(archive.namelist()), 2 * self.COUNT - 1 + 2)
        run.action_retry()
        self._run_cron("cron_work_runs")
        run.invalidate_recordset()
        self.assertEqual((run.error_count, run.done_count), (0, self.COUNT))

    def test_a_libreoffice_that_hangs_for_good_keeps_nobody_waiting(self):
        """Word files are made, each line tells why there is no PDF, and what to do."""
        run = self._make_registrations()
        overrun = patch.object(pdf, "convert", side_effect=pdf.Overrun("zz"))
        with overrun as converted, patch.object(type(run), "_run_batch", 1):
            self._run_cron("cron_work_runs")
        run.invalidate_recordset()
        self.assertEqual(converted.call_count, 3)
        self.assertEqual((run.state, run.error_count), ("done", self.COUNT))
        self.assertTrue(all(run.line_ids.mapped("document_id.docx_id")))
        self.assertTrue(all("Word" in line.error for line in run.line_ids))
        with self._read_zip(run) as archive:
            self.assertEqual(len(archive.namelist()), self.COUNT + 2)
        run.action_retry()
        self._run_cron("cron_work_runs")
        run.invalidate_recordset()
        self.assertEqual((run.error_count, run.done_count), (0, self.COUNT))

    def test_a_program_that_hangs_is_ended_within_the_workers_limits(self):
        with tempfile.TemporaryDirectory() as folder:
            program = Path(folder) / "soffice"
            pid = Path(folder) / "pid"
            program.write_text(f"#!/bin/sh\nsleep 600 & echo $! >{pid}; wait\n")
            program.chmod(0o755)
            document = self._draft()
            with (
                patch.object(pdf, "engine", lambda: str(program)),
                self._with_engine(),
                patch.object(pdf, "SECONDS", 1),
                patch.object(hoithi_document_file, "MIN_SECONDS", 0.5),
            ):
                document.action_generate()
            self.assertTrue(document.docx_id)
            self.assertFalse(document.pdf_id)
            self.assertRegex(document.pdf_error, "LibreOffice.*Word")
            status = Path("/proc") / pid.read_text().strip() / "status"
            self.assertTrue(not status.exists() or "State:\tZ" in status.read_text())

    def test_how_long_a_conversion_may_take(self):
        documents = self.env["hoithi.document"]
        for real, cron, seconds in (
            (120, -1, 60),
            (40, -1, 20),
            (0, 30, 15),
            (0, 0, 60),
        ):
            with (
                self.subTest(real=real, cron=cron),
                patch.dict(
                    config.options,
                    {"limit_time_real": real, "limit_time_real_cron": cron},
                ),
            ):
                self.assertEqual(documents._get_conversion_seconds(), seconds)

    def test_without_libreoffice(self):
        contest = self.contest.with_user(self.secretary)
        run = self._get_run(contest.action_make_score_sheets())
        with self._without_engine(), mute_logger(RUNS):
            self._run_cron("cron_work_runs")
        run.invalidate_recordset()
        self.assertEqual(run.state, "failed")
        self.assertIn("LibreOffice", run.error)
        self.assertTrue(all(d.docx_id for d in run.line_ids.document_id))
        run = self._make_registrations()
        with self._without_engine():
            self._run_cron("cron_work_runs")
        with self._read_zip(run) as archive:
            self.assertEqual(len(archive.namelist()), self.COUNT + 2)

    def test_cancel_and_go_on(self):
        run = self._make_registrations()
        self._break_off(run, 2)
        run.action_cancel()
        self._run_cron("cron_work_runs")
        run.invalidate_recordset()
        self.assertEqual((run.state, run.done_count), ("cancelled", 2))
        run.action_retry()
        self._run_cron("cron_work_runs")
        run.invalidate_recordset()
        self.assertEqual((run.state, run.done_count), ("done", self.COUNT))
        with self.assertRaises(UserError):
            run.action_start()

    def test_what_breaks_a_step_stops_the_run_with_its_reason(self):
        """As a full disk does; then it goes on where it was."""
        run = self._make_registrations()
        with (
            patch.object(
                type(self.env["hoithi.document"]),
                "_store_files",
                side_effect=OSError("No space left on device"),
            ),
            mute_logger(RUNS),
        ):
            self._run_cron("cron_work_runs")
        run.invalidate_recordset()
        self.assertEqual((run.state, run.done_count), ("failed", 0))
        self.assertIn("No space left", run.error)
        run.action_retry()
        self._run_cron("cron_work_runs")
        run.invalidate_recordset()
        self.assertEqual((run.state, run.done_count), ("done", self.COUNT))

    def test_made_with_the_rights_of_who_asked(self):
        """A conflict that came up meanwhile keeps the paper from being made."""
        run = self._make_registrations()
        self.env["hoithi.conflict"].create(
            {
                "entry_id": self.entries[0].id,
                "member_id": self.seats[self.secretary].id,
                "kind": "kinship",
            }
        )
        with mute_logger(LINES, "odoo.addons.base.models.ir_rule"):
            self._run_cron("cron_work_runs")
        failed = run.line_ids.filtered(lambda line: line.state == "failed")
        self.assertEqual(failed.res_id, self.entries[0].id)
        self.assertRegex(failed.error, "conflict|xung đột")
        self.assertFalse(failed.document_id)

    def test_results_are_kept_for_a_time(self):
        run = self._make_registrations()
        self._run_cron("cron_work_runs")
        self.assertEqual(run.action_download()["type"], "ir.actions.act_url")
        run.sudo()._open_door().ended_on = fields.Datetime.subtract(
            fields.Datetime.now(), days=31
        )
        self.env["hoithi.document.run"]._gc_results()
        self.assertFalse(run.result_id)
        self.assertEqual(len(run.line_ids.document_id), self.COUNT)
        with self.assertRaisesRegex(UserError, "anew"):
            run.action_download()

    def test_roles(self):
        run = self._make_registrations()
        for user in (
            self.staff,
            self.internal,
            self.head,
            self.member1,
            self.publisher,
        ):
            for records, method, ids in (
                (run, "action_start", run.ids),
                (run, "action_cancel", run.ids),
                (run, "action_retry", run.ids),
                (run, "action_download", run.ids),
                (self.contest, "action_make_score_sheets", self.contest.ids),
            ):
                with (
                    self.subTest(user=user.login, method=method),
                    mute_logger("odoo.addons.base.models.ir_rule"),
                    self.assertRaises(AccessError),
                ):
                    call_kw(records.with_user(user), method, [ids], {})
        colleague = self.secretary.copy({"login": "t_secretary2"})
        self.assertFalse(run.with_user(colleague).has_access("read"))
        for vals in ({"state": "done"}, {"run_key": "x"}, {"kind": "plan"}):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                run.write(vals)

    def test_nobody_makes_documents_in_anothers_name(self):
        runs = self.env["hoithi.document.run"].with_user(self.leader)
        vals = {"contest_id": self.contest.id, "kind": "plan"}
        for context, given in (
            ({}, {"user_id": self.secretary.id}),
            ({}, {"state": "queued"}),
            ({"default_user_id": self.secretary.id}, {}),
        ):
            with (
                self.subTest(context=context, given=given),
                self.assertRaises(UserError if "state" in given else AccessError),
            ):
                runs.with_context(**context).create({**vals, **given})
        run = runs.create(vals)
        self.assertEqual(run.user_id, self.leader)
        self.assertEqual(run.state, "draft")

    def test_two_clicks_are_one_run(self):
        """While it is open; another's, or one of another kind, is another."""
        contest = self.contest.with_user(self.secretary)
        first = self._get_run(contest.action_make_score_sheets())
        second = self._get_run(contest.action_make_score_sheets())
        self.assertEqual(second, first)
        self.assertEqual(first.total, self.COUNT)
        forms = self._make_registrations()
        self.assertNotEqual(forms, first)
        self.assertNotEqual(self._make_registrations(self.leader), forms)
        first.action_cancel()
        third = self._get_run(contest.action_make_score_sheets())
        self.assertNotEqual(third, first)
        # nor by going on with the one that was stopped
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            first.action_retry()
            self.env.flush_all()

    def test_nothing_to_make(self):
        run = (
            self.env["hoithi.document.run"]
            .with_user(self.secretary)
            .create({"contest_id": self._create_contest().id, "kind": "score_sheet"})
        )
        with self.assertRaisesRegex(UserError, "nothing to make"):
            run.action_start()
        with self.assertRaisesRegex(UserError, "kind"):
            run.copy({"kind": False}).action_start()
        with self.assertRaisesRegex(UserError, "nomination"):
            run.copy({"purpose": "package", "kind": False}).action_start()


@tagged("post_install", "-at_install")
class TestPackage(RunCommon):
    """What the province gets: originals under orderly names, with their checksums."""

    COUNT = 3

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        loader = cls.env(context={**cls.env.context, "hoithi_door": Load()}, su=True)
        for number, entry in enumerate(cls.entries):
            item = loader["hoithi.dossier.item"].create(
                {
                    "entry_id": entry.id,
                    "type_id": cls.dossier_type.id,
                    "filename": "Bản mô tả.pdf",
                    "datas": "JVBERi0xLjQgdGhhdA==",
                }
            )
            # as a name from elsewhere may be, whatever the form did to it
            item.filename = ("../../etc/passwd.pdf", "Bản mô tả.pdf", "a/b\\c.pdf")[
                number
            ]
            item.copy({"attachment_id": item.attachment_id.copy().id})
        loader["hoithi.entry"].browse(cls.entries.ids).write({"state": "selected"})
        cls.nomination = (
            cls.env["hoithi.nomination"]
            .with_user(cls.secretary)
            .create(
                {
                    "contest_id": cls.contest.id,
                    "line_ids": [
                        Command.create({"entry_id": entry.id}) for entry in cls.entries
                    ],
                }
            )
        )

    def test_nomination(self):
        action = self.nomination.with_context(
            hoithi_kind="nomination"
        ).action_make_document()
        letter = self.env["hoithi.document"].browse(action["res_id"])
        letter.with_user(self.secretary).action_generate()
        run = self._get_run(self.nomination.action_make_package())
        self._run_cron("cron_work_runs")
        run.invalidate_recordset()
        self.assertEqual((run.state, run.error_count), ("done", 0))
        with self._read_zip(run) as archive:
            names = archive.namelist()
            self.assertEqual(len(names), len(set(names)))
            for name in names:
                self.assertTrue(name.isascii(), name)
                self.assertFalse(name.startswith("/"), name)
                self.assertNotIn("..", name.split("/"))
                self.assertNotIn("\\", name)
            folders = sorted({name.split("/")[0] for name in names if "/" in name})
            self.assertEqual(
                folders,
                [f"0{n + 1}_hr000{n}-giai-phap-so-{n}" for n in range(3)],
            )
            first = [name.split("/")[1] for name in names if name.startswith("01_")]
            # what can be edited stays in the house
            self.assertEqual(len(first), 4)
            self.assertEqual(first[0], "01_phieu-dang-ky-du-thi_ban-chua-ky.pdf")
            self.assertTrue(first[1].startswith("02_"))
            self.assertTrue(first[2].endswith("_passwd.pdf"))
            self.assertEqual(archive.read(f"{folders[0]}/{first[2]}"), b"%PDF-1.4 that")
            self.assertIn(
                "Tác giả 0", archive.read(f"{folders[0]}/{first[1]}").decode()
            )
            in_root = [name for name in names if "/" not in name]
            # only what is issued goes out, and what is missing is told
            self.assertNotIn(letter.docx_id.name, in_root)
            missing = archive.read("00_con-thieu.txt").decode()
            self.assertIn("Chưa có tờ trình đề cử đã ban hành", missing)
            self.assertIn("HR0000: đơn vị chưa xác nhận", missing)
            self.assertIn("HR0000: phiếu đăng ký mới là bản dự thảo", missing)
            self.assertIn("SHA256SUMS", in_root)
            sums = dict(
                reversed(line.split("  ", 1))
                for line in archive.read("SHA256SUMS").decode().splitlines()
            )
            self.assertEqual(len(sums), len(names) - 2)
            for name, digest in sums.items():
                self.assertEqual(hashlib.sha256(archive.read(name)).hexdigest(), digest)

    def test_what_the_forms_lack(self):
        """One that is signed goes as it was signed; none goes as a Word file."""
        forms = [
            self._issued("registration", source=entry, day=self.contest._get_today())
            for entry in self.entries[:2]
        ]
        signed, unsigned = forms
        signed.sudo().scan_ids = signed._create_file("a.pdf", SCAN, "application/pdf")
        with self._without_engine():
            self._draft("registration", self.entries[2]).action_generate()
            run = self._get_run(self.nomination.action_make_package())
            self._run_cron("cron_work_runs")
        with self._read_zip(run) as archive:
            names = [name for name in archive.namelist() if "/01_" in name]
            self.assertEqual(
                [name.partition("/01_")[2] for name in names],
                ["phieu-dang-ky-du-thi.pdf", "phieu-dang-ky-du-thi_ban-chua-ky.pdf"],
            )
            self.assertEqual(archive.read(names[0]), SCAN)
            missing = archive.read("00_con-thieu.txt").decode()
        self.assertNotIn("HR0000: phiếu đăng ký", missing)
        self.assertIn(f"HR0001: {wording.LACKS_FORM_SIGNATURE}", missing)
        self.assertIn(f"HR0002: {wording.LACKS_FORM}", missing)
        self.assertIn(f"HR0002: {wording.LACKS_FORM_FILE}", missing)
        self.assertFalse(unsigned.is_signed)

    def test_one_entry(self):
        run = self._get_run(self.nomination.line_ids[1].action_make_package())
        self._run_cron("cron_work_runs")
        with self._read_zip(run) as archive:
            folders = {n.split("/")[0] for n in archive.namelist() if "/" in n}
        self.assertEqual(folders, {"01_hr0001-giai-phap-so-1"})

    def test_leader_packs_too(self):
        action = self.nomination.with_user(self.leader).action_make_package()
        run = self.env["hoithi.document.run"].with_user(self.leader)
        run = run.browse(action["res_id"])
        self._run_cron("cron_work_runs")
        run.invalidate_recordset()
        self.assertEqual((run.state, run.error_count), ("done", 0))
        self.assertTrue(run.result_id.with_user(self.leader).has_access("read"))
        for user in (self.staff, self.head, self.member1, self.publisher):
            with (
                self.subTest(user=user.login),
                mute_logger("odoo.addons.base.models.ir_rule"),
                self.assertRaises(AccessError),
            ):
                self.nomination.with_user(user).action_make_package()

    def test_conflict_keeps_an_entry_out(self):
        self.env["hoithi.conflict"].create(
            {
                "entry_id": self.entries[0].id,
                "member_id": self.seats[self.secretary].id,
                "kind": "kinship",
            }
        )
        run = self._get_run(self.nomination.action_make_package())
        with mute_logger(LINES):
            self._run_cron("cron_work_runs")
        run.invalidate_recordset()
        self.assertEqual((run.done_count, run.error_count), (2, 1))
        with self._read_zip(run) as archive:
            self.assertFalse([n for n in archive.namelist() if "hr0000" in n])

    def test_originals_not_redacted_copies(self):
        """The copies that the council got without names stay with it."""
        items = self.entries.dossier_ids
        run = self._get_run(self.nomination.action_make_package())
        self._run_cron("cron_work_runs")
        with self._read_zip(run) as archive:
            files = [
                archive.read(name)
                for name in archive.namelist()
                if name.endswith(".pdf") and "/03_" in name or "/04_" in name
            ]
        self.assertEqual(len(files), len(items))
        self.assertEqual(
            {hashlib.sha256(content).hexdigest() for content in files},
            set(items.mapped("sha256")),
        )

    def test_database_storage(self):
        """Where attachments lie in the database there is no file to stream from."""
        self.env["ir.config_parameter"].set_param("ir_attachment.location", "db")
        run = self._get_run(self.nomination.action_make_package())
        self._run_cron("cron_work_runs")
        run.invalidate_recordset()
        self.assertEqual(run.state, "done")
        with self._read_zip(run) as archive:
            self.assertIsNone(archive.testzip())


@tagged("post_install", "-at_install")
class TestArchive(RunCommon):
    """The contest's file for the archive, and papers for another system."""

    COUNT = 1

    def setUp(self):
        super().setUp()
        self.paper = self._issued(number="05", day=date(2026, 8, 5))
        self.draft = self._draft("report")

    def test_the_file_for_the_archive(self):
        template = self.env["hoithi.document.template"].search(
            [("kind", "=", self.paper.kind), ("company_id", "=", self.company.id)]
        )
        template.keeping = "Vĩnh viễn"
        self._issued(number="06").action_cancel("In nhầm")
        # as a signature of the signer alone leaves it
        self.paper.sudo()._open_door().signature_lacks = "agency_lacks"
        contest = self.contest.with_user(self.secretary)
        run = self._get_run(contest.action_make_archive())
        self._run_cron("cron_work_runs")
        run.invalidate_recordset()
        self.assertEqual((run.state, run.error_count), ("done", 0))
        with self._read_zip(run) as archive:
            names = archive.namelist()
            [pdf] = [name for name in names if name.endswith(".pdf")]
            self.assertEqual(archive.read(pdf), self.paper.pdf_id.raw)
            name = pdf.rpartition("/")[2]
            self.assertTrue(name.isascii())
            self.assertLessEqual(len(name), 50)
            # what can be edited stays
            self.assertFalse([name for name in names if name.endswith(".docx")])
            papers = archive.read("danh-muc-van-ban.csv").decode("utf-8-sig")
            row, cancelled = csv.DictReader(papers.splitlines())
            # its number was given, and is accounted for
            self.assertEqual(
                [cancelled[key] for key in ("STT", "Số", "Hiệu lực", "Tệp")],
                ["", "06", "Đã hủy: In nhầm", ""],
            )
            self.assertEqual(row["Số"], "05")
            self.assertEqual(row["Ngày"], "2026-08-05")
            self.assertEqual(row["Thời hạn bảo quản"], "Vĩnh viễn")
            self.assertEqual(row["Tệp"], pdf)
            note = archive.read("00_doc-truoc.txt").decode("utf-8-sig")
            self.assertIn(self.contest.name, note)
            self.assertIn("không có trong hồ sơ: Báo cáo tổng kết", note)
            self.assertRegex(note, r"Chưa có bản ký: .*05/TB-STNMT")
            self.assertRegex(note, r"Chưa ký đủ: .*05/TB-STNMT")
            # the page of this test claims nothing
            self.assertRegex(note, r"Không có tệp theo chuẩn PDF/A: .*05/TB-STNMT")
            self.assertNotIn("thời hạn bảo quản cho loại", note)
            for table in wording.ARCHIVE_TABLES.values():
                self.assertIn(table.file, names)
                self.assertIn(f"- {table.file}: ", note)
            self.assertIn("ho-so-du-thi.csv", names)
            self.assertIn("SHA256SUMS", names)
            [described] = [name for name in names if name.endswith(".json")]
            data = json.loads(archive.read(described))
            self.assertEqual(data["signer"], self.paper.signer_name)
            self.assertEqual(data["symbol"], self.paper.symbol)

    def test_the_original_lies_beside_its_scan(self):
        """What is signed by hand goes out as a scan; PDF/A is what was printed."""
        make = partial(make_pdf, standard=True)
        with patch.object(pdf, "convert", make):
            scanned = self._issued(number="06")
            self._issued(number="07")
        page = BytesIO()
        Image.new("RGB", (21, 29)).save(page, "JPEG")
        scanned.sudo().scan_ids = scanned._create_file(
            "a.jpg", page.getvalue(), "image/jpeg"
        )
        contest = self.contest.with_user(self.secretary)
        run = self._get_run(contest.action_make_archive())
        self._run_cron("cron_work_runs")
        with self._read_zip(run) as archive:
            table = archive.read("danh-muc-van-ban.csv").decode("utf-8-sig")
            rows = {row["Số"]: row for row in csv.DictReader(table.splitlines())}
            files = {number: row["Tệp"].split("; ") for number, row in rows.items()}
            scan, original = files["06"]
            self.assertTrue(original.endswith("_ban-goc.pdf"))
            self.assertLessEqual(len(original.rpartition("/")[2]), 50)
            self.assertEqual(archive.read(original), scanned.sudo().pdf_id.raw)
            self.assertEqual(
                [tagging.get_standard(archive.read(name)) for name in (scan, original)],
                ["", "PDF/A-2b"],
            )
            [name] = files["07"]
            self.assertEqual(tagging.get_standard(archive.read(name)), "PDF/A-2b")
            self.assertEqual(
                {number: row["PDF/A"] for number, row in rows.items()},
                {"05": "", "06": "PDF/A-2b", "07": "PDF/A-2b"},
            )
            note = archive.read("00_doc-truoc.txt").decode("utf-8-sig")
        self.assertEqual(note.count("Không có tệp theo chuẩn PDF/A"), 1)
        # another system gets the paper that counts, and no second one
        run = self._get_run(scanned.with_user(self.secretary).action_make_exchange())
        self._run_cron("cron_work_runs")
        with self._read_zip(run) as archive:
            self.assertFalse([n for n in archive.namelist() if "ban-goc" in n])

    def test_kinds_without_a_term_of_keeping_are_told(self):
        """Terms are the department's to set: none is made up, and none forgotten."""
        office = self.contest.with_user(self.secretary)
        label = self.paper._get_kind_label()

        def get_told(reader):
            checks = reader._get_closing_gaps()
            return [check for check in checks if label in check.note]

        [check] = get_told(office)
        self.assertEqual(check.severity, "warn")
        self.assertTrue(check.target)
        # who may not set terms is told, and led nowhere
        [check] = get_told(self.contest.with_user(self.leader))
        self.assertIsNone(check.target)
        run = self._get_run(office.action_make_archive())
        self._run_cron("cron_work_runs")
        with self._read_zip(run) as archive:
            note = archive.read("00_doc-truoc.txt").decode("utf-8-sig")
        self.assertIn("Chưa quy định thời hạn bảo quản cho loại văn bản: ", note)
        templates = self.env["hoithi.document.template"].with_user(self.secretary)
        templates = templates.search([("company_id", "=", self.company.id)])
        # of many kinds at once, as in their list
        templates.write({"keeping": "20 năm"})
        self.assertEqual(self.paper.keeping, "20 năm")
        self.assertEqual(get_told(office), [])
        # the register has no template: what can't be mended is no gap of the contest
        today = self.contest._get_today()
        register = self._issued("register", number=False, day=today)
        self.assertIn(register._get_kind_label(), register._get_without_keeping())
        run = self._get_run(office.action_make_archive())
        self._run_cron("cron_work_runs")
        with self._read_zip(run) as archive:
            note = archive.read("00_doc-truoc.txt").decode("utf-8-sig")
        self.assertNotIn("Chưa quy định thời hạn bảo quản", note)
        lacks = wording.ARCHIVE_NO_STANDARD.format(name=register.name)
        self.assertNotIn(lacks, note)
        self.assertNotIn(
            register._get_kind_label(),
            " ".join(check.note for check in office._get_closing_gaps()),
        )

    def _get_item(self):
        # as a page that is opened anew
        self.env.invalidate_all()
        items = self.contest.with_user(self.secretary).closing_list["items"]
        return next((item for item in items if item["key"] == "archive"), None)

    def _set_council(self, contest):
        """As after a council that decided on everything."""
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE hoithi_contest SET state = 'council' WHERE id = %s", [contest.id]
        )
        self.env.cr.execute(
            "UPDATE hoithi_entry SET state = 'withdrawn' WHERE contest_id = %s",
            [contest.id],
        )
        self.env.invalidate_all()

    def test_closing_makes_the_file_for_the_archive(self):
        """In the background, in the name of who closes; the list and the home tell."""
        runs = self.env["hoithi.document.run"]
        office = self.contest.with_user(self.secretary)
        self._set_council(self.contest)
        self.assertIsNone(self._get_item())
        self.assertIn("archive", " ".join(office._get_step_effects("closed")))
        self._close()
        run = runs.search([("contest_id", "=", self.contest.id)])
        self.assertEqual(
            (run.purpose, run.state, run.user_id),
            ("archive", "queued", self.secretary),
        )
        self.assertEqual(self._get_item()["severity"], "warn")
        self._run_cron("cron_work_runs")
        self.env.invalidate_all()
        self.assertEqual((run.state, run.error_count), ("done", 0))
        with self._read_zip(run) as archive:
            self.assertIn("danh-muc-van-ban.csv", archive.namelist())
        item = self._get_item()
        self.assertEqual(item["severity"], "done")
        self.assertEqual(item["target"], {"model": run._name, "id": run.id})
        self.assertIn(self.secretary.name, item["note"])
        home = self.env["hoithi.home"].with_user(self.secretary)
        waiting = home.get_home(self.contest.id)["waiting"]
        self.assertIn(item["note"], [line["note"] for line in waiting])
        # what is issued afterwards isn't in it, and the next act says so
        self._issued(number="06", day=self.contest._get_today())
        self.env.cr.execute(
            "UPDATE hoithi_document_run SET started_on = started_on - interval '1 hour'"
        )
        self.env.invalidate_all()
        item = self._get_item()
        self.assertEqual(item["severity"], "block")
        self.assertEqual(item["target"]["method"], "action_make_archive")
        acts = [act.title for act in office._get_next_acts()]
        self.assertIn("Have the file for the archive made", acts)

    def test_a_contest_without_papers_leaves_no_file(self):
        contest = self._create_contest(name="Không văn bản", edition_number=14)
        self._set_council(contest)
        self._close(contest)
        self.assertEqual(contest.state, "closed")
        self.assertFalse(
            self.env["hoithi.document.run"].search([("contest_id", "=", contest.id)])
        )
        self.assertIsNone(contest.with_user(self.secretary)._get_archive_check())

    def test_a_title_is_no_formula_in_the_tables(self):
        entry = self.entries[0]
        entry._open_door().name = "=1+1"
        run = self._get_run(
            self.contest.with_user(self.secretary).action_make_archive()
        )
        self._run_cron("cron_work_runs")
        with self._read_zip(run) as archive:
            table = archive.read("ho-so-du-thi.csv").decode("utf-8-sig")
        self.assertIn("'=1+1", table)

    def test_papers_for_another_system(self):
        run = self._get_run(self.paper.with_user(self.secretary).action_make_exchange())
        self._run_cron("cron_work_runs")
        with self._read_zip(run) as archive:
            names = {name.rpartition("/")[2] for name in archive.namelist()}
        self.assertIn("sieu-du-lieu.json", names)
        self.assertNotIn("ho-so-du-thi.csv", names)
        # scans of its pages are one file, whose name other systems take
        page = BytesIO()
        Image.new("RGB", (21, 29)).save(page, "JPEG")
        self.paper.sudo().scan_ids = self.env["ir.attachment"].concat(
            *(
                self.paper._create_file(name, content, mimetype)
                for name, content, mimetype in (
                    ("a.jpeg", page.getvalue(), "image/jpeg"),
                    ("b.pdf", make_pdf([1])[1], "application/pdf"),
                )
            )
        )
        with self._without_engine():
            word = self._issued("plan", number="000018")
            papers = (self.paper | word).with_user(self.secretary)
            run = self._get_run(papers.action_make_exchange())
            self._run_cron("cron_work_runs")
        with self._read_zip(run) as archive:
            scan, other = (
                name
                for name in archive.namelist()
                if name.endswith((".pdf", ".docx", ".jpeg"))
            )
            for name, extension in ((scan, ".pdf"), (other, ".docx")):
                self.assertTrue(name.endswith(extension), name)
                self.assertLessEqual(len(name.rpartition("/")[2]), 50)
            with pikepdf.open(BytesIO(archive.read(scan))) as merged:
                self.assertEqual(len(merged.pages), 2)
            note = archive.read("00_con-thieu.txt").decode("utf-8-sig")
        self.assertRegex(note, "Chưa có bản PDF.*: .*18/KH-STNMT")
        self.assertEqual(note.count("Chưa có bản PDF"), 1)
        self.assertRegex(note, "Chưa có bản ký: .*18/KH-STNMT")
        self.assertEqual(note.count("Chưa có bản ký"), 1)
        with self.assertRaises(UserError):
            self.draft.with_user(self.secretary).action_make_exchange()

    def test_another_system_is_told_first_what_to_see_to(self):
        paper = self.paper
        letter = paper.browse(paper.action_correct(reason="Sai ngày")["res_id"])
        letter.action_generate()
        letter.with_user(self.leader).action_approve()
        letter.action_issue("09", self.contest._get_today())
        paper.sudo().scan_ids = paper._create_file("a.pdf", PDF, "application/pdf")
        paper._open_door().signature_state = "unknown"
        with patch.object(hoithi_document_run_archive, "EXCHANGE_MB", 0):
            run = self._get_run(paper.with_user(self.secretary).action_make_exchange())
            self._run_cron("cron_work_runs")
        with self._read_zip(run) as archive:
            note = archive.read("00_con-thieu.txt").decode("utf-8-sig")
        self.assertRegex(note, "Chữ ký cần xem lại: .*05/TB-STNMT")
        self.assertRegex(note, "Đã đính chính, thay thế hoặc thu hồi: .*05/TB-STNMT")
        self.assertRegex(note, r"Tệp lớn hơn 0 MB.*05/TB-STNMT \(1 MB\)")
        self.assertNotIn("Chưa có bản ký", note)
        # a paper of which all is as it should be needs no note
        paper._open_door().signature_state = "none"
        letter.action_cancel(reason="Thôi")
        run = self._get_run(paper.with_user(self.secretary).action_make_exchange())
        self._run_cron("cron_work_runs")
        with self._read_zip(run) as archive:
            self.assertNotIn("00_con-thieu.txt", archive.namelist())

    def test_what_is_refused(self):
        with self.assertRaises(UserError):
            self._create_contest().with_user(self.secretary).action_make_archive()
        with self.assertRaises(AccessError):
            self.contest.with_user(self.staff).action_make_archive()
