import base64
import subprocess
import sys
import zipfile
from pathlib import Path
from unittest.mock import patch

from odoo import SUPERUSER_ID
from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...lib.council import evidence
from ..common import PDF
from ..council.session_common import SessionCommon
from .document_life_common import DocumentLifeCommon

FORGED = PDF + b"% forged\n"


class Undo(Exception):
    """Takes back what an alteration did."""


@tagged("post_install", "-at_install")
class TestEvidence(SessionCommon, DocumentLifeCommon):
    """A whole contest, altered in more than twenty ways by who owns the database."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        session = cls._open_session()
        for item, agree in zip(
            session.item_ids, (True, True, True, False), strict=True
        ):
            item.action_start_vote()
            choice = "agree" if agree else "disagree"
            for voter in cls.voters:
                session.with_user(voter).action_cast(item.id, choice)
            item.action_count()
        session.action_close()
        cls.item = session.item_ids[0]
        cls.rejected = session.item_ids[3].entry_id
        cls.document = cls._issued()
        cls.award = (
            cls.env["hoithi.award"]
            .with_user(cls.secretary)
            .create(
                {
                    "entry_id": cls.entries[0].id,
                    "level": "province",
                    "rank": "second",
                    "amount": 5000000,
                }
            )
        )
        action = cls.contest.with_user(cls.secretary).action_create_nomination()
        nomination = cls.env["hoithi.nomination"].browse(action["res_id"])
        nomination = nomination.with_user(cls.secretary)
        nomination.dispatch_number = "52/TTr-SNNMT"
        nomination.action_send()
        cls._close()
        cls.review = cls.env["hoithi.review"].search(
            [("entry_id", "=", cls.entries[0].id)], limit=1
        )
        cls.file = cls.entries[0].sudo().dossier_ids.attachment_id
        cls.copy = cls.review.file_ids
        cls.ledger = cls.env["hoithi.ledger"]
        cls.env["hoithi.ledger.anchor"]._cron_anchor()

    # HELPERS

    def _sql(self, statement, *parameters):
        self.env.flush_all()
        self.env.cr.execute(statement, parameters)
        self.env.invalidate_all()

    def _tamper(self, statement, *parameters):
        """Do what only an owner of the database can: take the trigger away."""
        self._sql("ALTER TABLE hoithi_ledger DISABLE TRIGGER USER")
        self._sql(statement, *parameters)
        self._sql("ALTER TABLE hoithi_ledger ENABLE TRIGGER USER")

    def _count_as(self, length):
        self._sql(
            "UPDATE hoithi_contest SET ledger_length = %s WHERE id = %s",
            length,
            self.contest.id,
        )

    def _cut(self, rows):
        position = self.contest.ledger_length - rows
        self._tamper(
            "DELETE FROM hoithi_ledger WHERE contest_id = %s AND position > %s",
            self.contest.id,
            position,
        )
        self._count_as(position)

    def _hash_anew(self):
        """Take a sheet's row out and make the chain whole again, as code could."""
        rows = [
            row
            for row in self.ledger._iter_rows(self.contest)
            if row["event"] != "vote.restarted"
        ]
        victim = next(row for row in rows if row["event"] == "entry.selected")
        victim["payload"] = victim["payload"].replace("{", '{"x":1,', 1)
        self._sql("ALTER TABLE hoithi_ledger DISABLE TRIGGER USER")
        previous = evidence.GENESIS
        for row in rows:
            row["previous_hash"] = previous
            row["commitment"] = evidence.commitment(row)
            previous = evidence.row_hash(row)
            self._sql(
                "UPDATE hoithi_ledger SET payload = %s, commitment = %s,"
                " previous_hash = %s, hash = %s"
                " WHERE contest_id = %s AND position = %s",
                row["payload"],
                row["commitment"],
                row["previous_hash"],
                previous,
                self.contest.id,
                row["position"],
            )
        self._sql("ALTER TABLE hoithi_ledger ENABLE TRIGGER USER")
        self._sql("UPDATE hoithi_session SET digest = NULL")

    def _write_file(self, file, content=None):
        path = Path(file._full_path(file.store_fname))
        before = path.read_bytes()
        self.addCleanup(path.write_bytes, before)
        self._undo_file = lambda: path.write_bytes(before)
        path.unlink() if content is None else path.write_bytes(content)

    def _replace_file(self, file):
        """Exchange a file with all that the database says of it."""
        digest = evidence.hashlib.sha256(FORGED).hexdigest()
        other = self.env["ir.attachment"].create({"name": "x.pdf", "raw": FORGED})
        self._sql(
            "UPDATE ir_attachment SET store_fname = %s, checksum = %s, file_size = %s,"
            " kept_sha256 = %s WHERE id = %s",
            other.store_fname,
            other.checksum,
            other.file_size,
            digest,
            file.id,
        )
        self._sql(
            "UPDATE hoithi_dossier_item SET sha256 = %s WHERE attachment_id = %s",
            digest,
            file.id,
        )

    def _change_anchors(self, change):
        path = self.env["hoithi.ledger.anchor"]._get_file().path
        before = path.read_text()
        self._undo_file = lambda: path.write_text(before)
        change(path, before)

    def _get_alterations(self):
        sql, review, entry = self._sql, self.review, self.entries[0]
        return {
            "score": lambda: sql(
                "UPDATE hoithi_review_line SET score = score + 1 WHERE id = %s",
                review.line_ids[0].id,
            ),
            "comment": lambda: sql(
                "UPDATE hoithi_review SET kept_strengths = 'khác' WHERE id = %s",
                review.id,
            ),
            "sheet of another": lambda: sql(
                "UPDATE hoithi_review SET member_id = %s WHERE id = %s",
                self.seats[self.voters[0]].id,
                review.id,
            ),
            "sheet taken back": lambda: sql(
                "UPDATE hoithi_review SET state = 'in_progress' WHERE id = %s",
                review.id,
            ),
            "sheet without a row": lambda: sql(
                "INSERT INTO hoithi_review (entry_id, contest_id, member_id, state,"
                " total, submitted_on) SELECT entry_id, contest_id, %s, 'submitted',"
                " 90, submitted_on FROM hoithi_review WHERE id = %s",
                self.seats[self.voters[0]].id,
                review.id,
            ),
            "tally": lambda: sql(
                "UPDATE hoithi_session_item SET agree = 5, disagree = 1 WHERE id = %s",
                self.item.id,
            ),
            "outcome": lambda: sql(
                "UPDATE hoithi_session_item SET outcome = 'rejected' WHERE id = %s",
                self.item.id,
            ),
            "decision": lambda: sql(
                "UPDATE hoithi_entry SET state = 'not_selected' WHERE id = %s",
                self.item.entry_id.id,
            ),
            "place": lambda: sql(
                "UPDATE hoithi_entry SET rank_override = 1 WHERE id = %s", entry.id
            ),
            "receipt": lambda: sql(
                "UPDATE hoithi_entry SET receipt_number = 'BN-X' WHERE id = %s",
                entry.id,
            ),
            "day of submission": lambda: sql(
                "UPDATE hoithi_entry SET submitted_on = submitted_on - interval '1 day'"
                " WHERE id = %s",
                entry.id,
            ),
            "award's amount": lambda: sql(
                "UPDATE hoithi_award SET amount = 9000000 WHERE id = %s", self.award.id
            ),
            "award gone": lambda: sql(
                "DELETE FROM hoithi_award WHERE id = %s", self.award.id
            ),
            "award added": lambda: sql(
                "INSERT INTO hoithi_award (entry_id, contest_id, company_id, level,"
                " rank, currency_id) SELECT %s, contest_id, company_id, level, rank,"
                " currency_id"
                " FROM hoithi_award WHERE id = %s",
                self.entries[1].id,
                self.award.id,
            ),
            "number of a document": lambda: sql(
                "UPDATE hoithi_document SET number = '99' WHERE id = %s",
                self.document.id,
            ),
            "document's PDF": lambda: self._write_file(
                self.document.sudo().pdf_id, FORGED
            ),
            "dossier file altered": lambda: self._write_file(self.file, FORGED),
            "dossier file gone": lambda: self._write_file(self.file),
            "dossier file exchanged": lambda: self._replace_file(self.file),
            "dossier row gone": lambda: sql(
                "DELETE FROM hoithi_dossier_item WHERE entry_id = %s", entry.id
            ),
            "reviewer's copy": lambda: self._replace_file(self.copy),
            "row altered": lambda: self._tamper(
                "UPDATE hoithi_ledger SET user_id = %s WHERE contest_id = %s"
                " AND position = 3",
                self.chair.id,
                self.contest.id,
            ),
            "row gone": lambda: self._tamper(
                "DELETE FROM hoithi_ledger WHERE contest_id = %s AND position = 3",
                self.contest.id,
            ),
            "tail cut": lambda: self._cut(2),
            "seal cut": lambda: self._cut(1),
            "ledger deleted": lambda: self._cut(self.contest.ledger_length),
            "counter": lambda: self._count_as(0),
            "hashed anew": self._hash_anew,
            "guard off": lambda: sql("ALTER TABLE hoithi_ledger DISABLE TRIGGER USER"),
            "guard hollow": lambda: sql(
                "CREATE OR REPLACE FUNCTION hoithi_ledger_refuse() RETURNS trigger"
                " AS 'BEGIN RETURN NEW; END' LANGUAGE plpgsql"
            ),
            "anchor altered": lambda: self._change_anchors(
                lambda path, text: path.write_text(text.replace(":1", ":2", 1))
            ),
            "printed end": lambda: sql(
                "UPDATE hoithi_document SET context_json = %s WHERE id = %s",
                '{"digest": "hai:ab"}',
                self.document.id,
            ),
            "anchors gone": lambda: self._change_anchors(
                lambda path, text: path.write_text("")
            ),
        }

    def _exchange_sheets(self):
        """Put what a member gave to two entries under the other one each."""
        reviews = self.env["hoithi.review"].search(
            [
                ("member_id", "=", self.review.member_id.id),
                ("entry_id", "in", [entry.id for entry in self.entries[:2]]),
            ]
        )
        first, second = reviews
        entries = first.entry_id.id, second.entry_id.id
        member, other = first.member_id.id, self.seats[self.voters[1]].id
        for review, entry, seat in (
            (first, entries[1], other),
            (second, entries[0], member),
            (first, entries[1], member),
        ):
            self._sql(
                "UPDATE hoithi_review SET entry_id = %s, member_id = %s WHERE id = %s",
                entry,
                seat,
                review.id,
            )

    def _get_later_alterations(self):
        """Return what somebody thinks of who has read the ones above."""
        review, entry, other = self.review, self.entries[0], self.entries[1]

        def change(table, values, record):
            return lambda: self._sql(
                f"UPDATE {table} SET {values} WHERE id = %s", record.id
            )

        line, item, award = review.line_ids[0], self.item, self.award
        return {
            "sheets exchanged": self._exchange_sheets,
            "sheet void": change("hoithi_review", "state = 'void'", review),
            "total": change("hoithi_review", "total = total + 5", review),
            "comment of a score": change(
                "hoithi_review_line", "comment = 'khác'", line
            ),
            "line gone": lambda: self._sql(
                "DELETE FROM hoithi_review_line WHERE id = %s", line.id
            ),
            "vote not counted": change(
                "hoithi_session_item", "state = 'voting', outcome = NULL", item
            ),
            "ballots handed out": change(
                "hoithi_session_item", "issued = issued + 1", item
            ),
            "base": change("hoithi_session_item", "base_count = base_count - 1", item),
            "code": change("hoithi_entry", "code = 'HT-999'", entry),
            "name of a file": lambda: self._sql(
                "UPDATE hoithi_dossier_item SET filename = 'khac.pdf'"
                " WHERE entry_id = %s",
                entry.id,
            ),
            "award moved": change("hoithi_award", f"entry_id = {other.id}", award),
            "award's level": change("hoithi_award", "level = 'national'", award),
            "award held": change("hoithi_award", "is_held = true", award),
            "award's decision": change(
                "hoithi_award", "decision_number = '1/QĐ'", award
            ),
            "subject of a document": change(
                "hoithi_document", "subject = 'việc khác'", self.document
            ),
            "document recalled": change(
                "hoithi_document",
                "state = 'cancelled', cancel_reason = 'x'",
                self.document,
            ),
            "day of a document": change(
                "hoithi_document", "date = date - 30", self.document
            ),
            "moment of a row": lambda: self._tamper(
                "UPDATE hoithi_ledger SET recorded_on = recorded_on - interval '1 h'"
                " WHERE contest_id = %s AND position = 4",
                self.contest.id,
            ),
            "salt of a row": lambda: self._tamper(
                "UPDATE hoithi_ledger SET salt = md5(salt) WHERE contest_id = %s"
                " AND position = 4",
                self.contest.id,
            ),
            "entry of a row": lambda: self._tamper(
                "UPDATE hoithi_ledger SET entry_id = %s WHERE contest_id = %s"
                " AND position = (SELECT MIN(position) FROM hoithi_ledger"
                " WHERE contest_id = %s AND entry_id = %s)",
                other.id,
                self.contest.id,
                self.contest.id,
                entry.id,
            ),
        }

    def _export(self, user=None):
        """Return the package's path, as its maker downloads it."""
        contest = self.contest.with_user(user or self.secretary)
        action = contest.action_export_evidence()
        file = self.env["ir.attachment"].browse(int(action["url"].split("/")[3][:-14]))
        file.with_user(user or self.secretary).check_access("read")
        path = self.anchors / "package.zip"
        path.write_bytes(file.raw)
        return path

    def _inspect(self, path, *options):
        """Run the package's own script with Python's own library alone."""
        with zipfile.ZipFile(path) as package:
            script = self.anchors / "kiem_tra.py"
            script.write_bytes(package.read("kiem_tra.py"))
        return subprocess.run(
            [sys.executable, "-I", "-S", script, path, *options],
            capture_output=True,
            encoding="utf-8",
            check=False,
        )

    # TESTS

    def test_a_contest_that_nobody_altered(self):
        self.assertFalse(self.ledger._verify(self.contest))
        path = self._export()
        result = self._inspect(path, "--key", self.anchors / "anchor.key")
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        self.assertIn("TOÀN VẸN", result.stdout)
        with zipfile.ZipFile(path) as package:
            names = package.namelist()
            self.assertTrue([n for n in names if n.startswith("documents/")])
            self.assertNotIn(b"Ha Thi", package.read("facts.jsonl"))
        head = f"{self.contest.ledger_length}:{self.contest.ledger_digest}"
        self.assertEqual(self._inspect(path, "--anchor", head).returncode, 0)
        other = f"{self.contest.ledger_length}:{'0' * 64}"
        self.assertEqual(self._inspect(path, "--anchor", other).returncode, 1)

    def test_every_alteration_is_found(self):
        """By the server, and by an inspector who has the package and the key alone."""
        alterations = self._get_alterations() | self._get_later_alterations()
        self.assertGreaterEqual(len(alterations), 50)
        missed = []
        for name, alter in alterations.items():
            self._undo_file = None
            try:
                with self.env.cr.savepoint():
                    alter()
                    self.env.invalidate_all()
                    if not self.ledger._verify(self.contest):
                        missed.append((name, "server"))
                    path = self._export()
                    key = self.anchors / "anchor.key"
                    result = self._inspect(path, "--key", key)
                    self.assertFalse(result.stderr, name)
                    if result.returncode != 1:
                        missed.append((name, "inspector"))
                    raise Undo
            except Undo:
                self.env.invalidate_all()
            if self._undo_file:
                self._undo_file()
        self.assertFalse(missed)
        self.assertFalse(self.ledger._verify(self.contest))

    def _exchange_receipts(self):
        """Give each of two entries the receipt of the other."""
        first, second = (entry.sudo() for entry in self.entries[:2])
        numbers = first.receipt_number, second.receipt_number
        for entry, number in (
            (first, "-"),
            (second, numbers[0]),
            (first, numbers[1]),
        ):
            self._sql(
                "UPDATE hoithi_entry SET receipt_number = %s WHERE id = %s",
                number,
                entry.id,
            )

    def _get_damages(self):
        """Return what the nightly check once let pass, and its like."""
        sql, entry = self._sql, self.entries[0]
        notices = (
            "DELETE FROM hoithi_notice WHERE kind = 'receipt' AND res_id = %s",
            entry.id,
        )
        change = "UPDATE hoithi_entry SET %s WHERE id = " + str(entry.id)
        named = (
            "score",
            "sheet taken back",
            "sheet without a row",
            "tally",
            "document's PDF",
            "dossier file altered",
            "dossier file gone",
            "dossier row gone",
            "reviewer's copy",
            "receipt",
            "row gone",
            "seal cut",
            "award's amount",
        )
        alterations = self._get_alterations()
        return {
            **{name: alterations[name] for name in named},
            "after the deadline": lambda: sql(
                change % "submitted_on = submitted_on + interval '9 years'"
            ),
            "document gone": lambda: self._write_file(self.document.sudo().pdf_id),
            "document without a file": lambda: sql(
                "UPDATE hoithi_document SET docx_id = NULL, pdf_id = NULL"
                " WHERE id = %s",
                self.document.id,
            ),
            "average": lambda: sql(change % "average_score = average_score + 1"),
            "count of sheets": lambda: sql(change % "review_done_count = 9"),
            "rank": lambda: sql(change % "rank = rank + 1"),
            "rejected, yet nominated": lambda: sql(
                "UPDATE hoithi_entry SET state = 'nominated' WHERE id = %s",
                self.rejected.id,
            ),
            "ballot gone": lambda: sql(
                "DELETE FROM hoithi_session_voter WHERE id = %s",
                self.item.sudo().voter_ids[:1].id,
            ),
            "receipt's notice gone": lambda: sql(*notices),
            "receipts exchanged": self._exchange_receipts,
            "shares": lambda: sql(
                "UPDATE hoithi_entry_author SET contribution_percent = 90"
                " WHERE entry_id = %s",
                entry.id,
            ),
            "nobody represents": lambda: sql(
                "UPDATE hoithi_entry_author SET is_representative = false"
                " WHERE entry_id = %s",
                entry.id,
            ),
        }

    def test_the_nightly_check_finds_what_is_damaged(self):
        check = self.env["hoithi.check"].with_user(SUPERUSER_ID)
        logger = mute_logger("odoo.addons.hoithi_contest.models.contest.hoithi_check")
        self.assertFalse(check._run())
        self.assertTrue(self.contest.checked_on)
        self.assertFalse(self.contest.broken_count)
        damages, missed = self._get_damages(), []
        self.assertGreaterEqual(len(damages), 23)
        for name, damage in damages.items():
            self._undo_file = None
            try:
                with self.env.cr.savepoint():
                    damage()
                    self.env.invalidate_all()
                    with logger:
                        found = check._run()
                    if not found or not self.contest.broken_count:
                        missed.append(name)
                    raise Undo
            except Undo:
                self.env.invalidate_all()
            if self._undo_file:
                self._undo_file()
        self.assertFalse(missed)
        self.assertFalse(check._run())

    def test_an_interrupted_check_goes_on(self):
        """Where its time is over, the next run begins with what is left."""
        check = self.env["hoithi.check"].with_user(SUPERUSER_ID)
        steps = []

        def note(name):
            real = getattr(type(check), name)

            def step(self, records):
                steps.append((name, records.ids))
                return real(self, records)

            return patch.object(type(check), name, step)

        # before the first slice, and after it
        left = [10, 0]
        progress = patch.object(
            self.registry["ir.cron"],
            "_commit_progress",
            lambda cron, done=0, remaining=None: left.pop(0) if left else 10,
        )
        in_cron = check.with_context(ir_cron_progress_id=1)
        with (
            progress,
            note("_check_rules"),
            note("_check_contest"),
            note("_check_files"),
        ):
            with patch.object(type(check), "_choose_people", lambda *_after: None):
                in_cron._run()
            self.assertEqual(len(steps), 1)
            self.assertEqual(steps[0][0], "_check_rules")
            in_cron._run()
        self.assertIn(("_check_contest", self.contest.ids), steps)
        self.assertEqual(steps[-1][0], "_check_files")
        self.assertEqual(len(steps), len(set(map(str, steps))), "nothing twice")

    def test_who_may_not_know_exports_closed_rows(self):
        path = self._export(self.leader)
        with zipfile.ZipFile(path) as package:
            rows = package.read("ledger.jsonl").decode()
            self.assertFalse(package.read("facts.jsonl"))
        self.assertNotIn("salt", rows)
        self.assertNotIn("res_id", rows)
        result = self._inspect(path)
        self.assertEqual(result.returncode, 0, result.stdout)
        self.assertIn("đóng", result.stdout)
        for user in (self.staff, self.member1, self.publisher, self.admin, self.head):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.contest.with_user(user).action_export_evidence()
        package = self.env["hoithi.evidence"].search([], limit=1, order="id desc")
        with self.assertRaises(AccessError):
            package.file_id.with_user(self.secretary).read(["raw"])

    def test_a_paper_that_its_maker_may_not_read_is_told_by_its_hash(self):
        """Whom a conflict or the own entry keeps from a paper gets no copy of it."""
        with zipfile.ZipFile(self._export()) as package:
            before = [n for n in package.namelist() if n.startswith("documents/")]
        self.assertTrue(before)
        self._sql(
            "UPDATE hoithi_document SET is_free_of_entries = FALSE,"
            " is_free_of_scores = FALSE WHERE id = %s",
            self.document.id,
        )
        self._sql(
            "UPDATE hoithi_entry_author SET partner_id = %s WHERE entry_id = %s",
            self.secretary.partner_id.id,
            self.entries[1].id,
        )
        document = self.document.with_user(self.secretary)
        self.assertFalse(document.has_access("read"))
        path = self._export()
        with zipfile.ZipFile(path) as package:
            self.assertFalse(
                [n for n in package.namelist() if n.startswith("documents/")]
            )
            facts = package.read("facts.jsonl").decode()
        self.assertIn(self.document.sudo().pdf_id.kept_sha256, facts)
        result = self._inspect(path, "--key", self.anchors / "anchor.key")
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)

    def test_what_retention_deletes_is_no_alteration(self):
        """Not for the server, nor for an inspector; what is altered beside it is."""
        form = self._issued(
            "registration",
            "06",
            day=self.contest._get_today(),
            source=self.entries[0],
        )
        self.ledger._settle()
        self.company.hoithi_retention_years = 5
        self._sql(
            "UPDATE hoithi_contest SET year_start = 1990, year_end = 1991"
            " WHERE id = %s",
            self.contest.id,
        )
        self._run_cron("cron_apply_retention")
        self.env.invalidate_all()
        self.assertTrue(self.entries[0].sudo().anonymised_on)
        self.assertFalse(form.sudo().docx_id.raw)
        self.assertFalse(self.ledger._verify(self.contest))
        result = self._inspect(self._export())
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        self._sql(
            "UPDATE ir_attachment SET kept_sha256 = %s WHERE id = %s",
            "0" * 64,
            form.sudo().docx_id.id,
        )
        self.assertTrue(self.ledger._verify(self.contest))
        self.assertEqual(self._inspect(self._export()).returncode, 1)

    def test_what_comes_after_the_seal_is_recorded_too(self):
        """Prizes of the province and papers come when the scores are sealed."""
        award = (
            self.env["hoithi.award"]
            .with_user(self.secretary)
            .create(
                {"entry_id": self.entries[1].id, "level": "province", "rank": "third"}
            )
        )
        self.document.sudo().write(
            {
                "scan_ids": [
                    (
                        0,
                        0,
                        {
                            "name": "ky.pdf",
                            "datas": base64.b64encode(PDF),
                            "res_model": "hoithi.document",
                            "res_id": self.document.id,
                        },
                    )
                ]
            }
        )
        self.assertFalse(self.ledger._verify(self.contest))
        award.action_take_back(reason="Ghi nhầm")
        self.assertFalse(self.ledger._verify(self.contest))
        events = self.ledger.search([("contest_id", "=", self.contest.id)])
        self.assertEqual(
            events.mapped("event")[-3:],
            ["award.recorded", "document.changed", "award.ended"],
        )
