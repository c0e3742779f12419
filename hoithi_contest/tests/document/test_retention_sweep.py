import io
import zipfile
from contextlib import suppress

import pypdfium2
from markupsafe import Markup

from odoo.tests import tagged
from odoo.tools import SQL

from ...models.guard.hoithi_guard_mixin import Load
from .document_life_common import DocumentLifeCommon

#: What tells of a person besides the name, by what it is.
MARKS = {
    "e-mail": "dang.ngoai.le@xa-7731.example.vn",
    "phone": "0987 731 664",
    "own e-mail": "ha.rieng.7731@example.vn",
    "own phone": "0911-773-122",
    "qualification": "Thac si Dia vat ly bien 7731",
    "date of birth": "1961-12-07",
    "date of birth, as printed": "07/12/1961",
}
#: The account and the record by HR, which outlast the contest.
ACCOUNT = {"res_users", "res_partner", "hr_employee", "hr_version"}


@tagged("post_install", "-at_install")
class TestRetentionSweep(DocumentLifeCommon):
    """After the years nothing tells how to reach the authors, wherever one looks."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.hoithi_retention_years = 5
        year = cls.contest._get_today().year
        cls.contest.write(
            {
                "year_start": year - 7,
                "year_end": year - 6,
                "ask_qualification": True,
                "ask_birth_date": True,
            }
        )
        cls._launch()

    # TRACES

    def _enter(self):
        """An entry whose authors leave traces in all ways that there are."""
        entry = self._create_entry(
            participant_type="group",
            author_ids=[
                (
                    0,
                    0,
                    {
                        "partner_id": self.staff.partner_id.id,
                        "contribution_percent": 60,
                        "is_representative": True,
                    },
                ),
                (
                    0,
                    0,
                    {
                        "full_name": "Đặng Ngoại Lệ",
                        "email": MARKS["e-mail"],
                        "is_outsider": True,
                        "workplace": "UBND xã",
                        "contribution_percent": 40,
                    },
                ),
            ],
        )
        mine, other = entry.author_ids.sorted("contribution_percent", reverse=True)
        mine.sudo().with_context(hoithi_door=Load()).write(
            {"email": MARKS["own e-mail"], "phone": MARKS["own phone"]}
        )
        other.write({"phone": MARKS["phone"]})
        mine.with_user(self.staff).action_give_details(
            birth_date=MARKS["date of birth"],
            qualification=MARKS["qualification"],
            agreed=True,
        )
        return entry

    def _leave_traces(self, entry):
        """Submit, supplement, write, print and send."""
        entry.action_submit()
        office = entry.with_user(self.secretary)
        # as a letter that the mail server brings
        message = entry.sudo().message_post(
            body=Markup("<p>Xin gọi %s hoặc viết cho %s.</p>")
            % (MARKS["phone"], MARKS["e-mail"]),
            email_from=f"Đặng Ngoại Lệ <{MARKS['e-mail']}>",
            reply_to=MARKS["e-mail"],
            message_type="email",
        )
        message.sudo().attachment_ids = self.env["ir.attachment"].create(
            {
                "name": "thu.txt",
                "mimetype": "text/plain",
                "raw": f"Liên hệ {MARKS['e-mail']}".encode(),
                "res_model": entry._name,
                "res_id": entry.id,
            }
        )
        office.activity_schedule(
            "mail.mail_activity_data_todo", note=f"Gọi {MARKS['phone']}"
        )
        self._run_cron("cron_send_notices")
        forms = []
        for _form in "12":
            form = self._approved("registration", entry.sudo())
            form.action_issue()
            forms.append(form)
        draft = self._draft("registration", entry.sudo())
        draft.action_generate()
        forms[1].action_cancel(reason="Lập lại")
        runs = self.env["hoithi.document.run"].with_user(self.secretary)
        run = runs.create(
            {
                "contest_id": self.contest.id,
                "kind": "registration",
                "output": "zip",
            }
        )
        run.action_start()
        self._run_cron("cron_work_runs")
        self.env.invalidate_all()
        self.assertTrue(run.sudo().result_id)
        return forms[0]

    # LOOKING

    def _find_rows(self):
        """Return {table: marks} of all tables whose rows hold one, as text or bytes."""
        self.env.flush_all()
        cr = self.env.cr
        cr.execute(
            """SELECT relname FROM pg_class
                WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"""
        )
        found = {}
        for (table,) in cr.fetchall():
            cr.execute(
                SQL(
                    "SELECT mark FROM unnest(%s) mark WHERE EXISTS ("
                    "SELECT FROM %s row WHERE strpos(row::text, mark) > 0"
                    " OR strpos(row::text, encode(mark::bytea, 'hex')) > 0)",
                    list(MARKS.values()),
                    SQL.identifier(table),
                )
            )
            marks = {mark for (mark,) in cr.fetchall()}
            if marks and table not in ACCOUNT:
                found[table] = {key for key, mark in MARKS.items() if mark in marks}
        return found

    def _read(self, content):
        """Yield what a file says, and what those in it do."""
        yield content
        with suppress(zipfile.BadZipFile), zipfile.ZipFile(io.BytesIO(content)) as file:
            for name in file.namelist():
                yield from self._read(file.read(name))
        if content.startswith(b"%PDF"):
            with suppress(pypdfium2.PdfiumError):
                paper = pypdfium2.PdfDocument(content)
                for page in paper:
                    yield page.get_textpage().get_text_range().encode()

    def _find_files(self):
        """Return {(model, name): marks} of all files that hold one."""
        self.env.invalidate_all()
        found = {}
        for file in (
            self.env["ir.attachment"]
            .sudo()
            .search([("type", "=", "binary"), ("res_field", "in", (False, "raw"))])
        ):
            told = b"\0".join(self._read(file.raw or b""))
            marks = {key for key, mark in MARKS.items() if mark.encode() in told}
            if marks:
                found[file.res_model, file.name] = marks
        return found

    # TESTS

    def test_nothing_tells_how_to_reach_them(self):
        entry = self._enter()
        form = self._leave_traces(entry)
        self.assertTrue(
            {"hoithi_entry_author", "hoithi_document"} <= set(self._find_rows())
        )
        self.assertTrue(self._find_files(), "the forms print it")
        self.contest.with_context(hoithi_door=Load()).state = "closed"
        checksums = form.sudo()._get_files().mapped("kept_sha256")
        self._run_cron("cron_apply_retention")
        self.env.invalidate_all()
        self.assertEqual(self._find_rows(), {})
        self.assertEqual(self._find_files(), {})
        self.assertEqual(
            entry.sudo().author_ids.mapped("full_name"),
            ["Hà Thị Tác Giả", "Đặng Ngoại Lệ"],
        )
        self.assertEqual(form.sudo()._get_files().mapped("kept_sha256"), checksums)
        self.assertFalse(self.env["ir.attachment"]._get_broken_files())
        lines = self.env["hoithi.ledger"]._verify(self.contest)
        self.assertFalse([line for line in lines if "seal" not in line])
