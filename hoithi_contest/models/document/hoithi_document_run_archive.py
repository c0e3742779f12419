import contextlib
import csv
import io
import json

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...lib.document import merging, nd30, wording
from ...lib.guard import packaging
from ...tools import in_vietnamese
from ..guard.hoithi_states import UNISSUED

#: Longest name of a file that document systems take, extension included.
EXCHANGE_NAME = 50
#: Records that a table is written from at a time.
SLICE = 500


class HoithiDocumentRun(models.Model):
    """The file of a contest for the archive, and papers for the document system.

    Both hold what was issued as it left the house, with what tells a reader or another
    system what each paper is. They are packed with the rights of who started the run.
    """

    _inherit = "hoithi.document.run"

    purpose = fields.Selection(
        selection_add=[
            ("archive", "File for the archive"),
            ("exchange", "Package for the document system"),
        ],
        ondelete={"archive": "cascade", "exchange": "cascade"},
    )

    def _get_sources(self):
        if self.purpose not in ("archive", "exchange"):
            return super()._get_sources()
        papers = self.env["hoithi.document"].search(
            [("contest_id", "=", self.contest_id.id), ("state", "=", "issued")],
            order="date, id",
        )
        if not papers:
            raise UserError(
                self.env._("Nothing of “%s” is issued yet.", self.contest_id.name)
            )
        return papers

    def _write_package(self, path, lines):
        if self.purpose not in ("archive", "exchange"):
            return super()._write_package(path, lines)
        run = in_vietnamese(self.with_user(self.user_id))
        papers = run.env["hoithi.document"].browse(lines.document_id.ids)
        with packaging.Package(path) as package:
            rows = [
                run._add_paper(package, number, paper)
                for number, paper in enumerate(papers, 1)
            ]
            if self.purpose == "archive":
                run._add_tables(package, rows)
                run._add_note(package, papers)
            elif lacking := run._get_without_pdf(papers):
                run._add_text(package, "00_con-thieu.txt", lacking)
            package.finish(run.display_name)

    def _add_paper(self, package, number, paper):
        """Put a paper and what describes it into a folder; return its row."""
        described = paper._get_exchange_data()
        name = paper._get_kind_model()._get_file_name(paper)
        folder = [f"{number:03d}_{packaging.slug(name, EXCHANGE_NAME - 4)}"]
        names = self._add_files(package, folder, name, paper)
        content = {**described, "files": [name.rpartition("/")[2] for name in names]}
        package.add_bytes(
            folder,
            "sieu-du-lieu.json",
            json.dumps(content, ensure_ascii=False, indent=1).encode(),
        )
        return self._get_row(described, position=number, files="; ".join(names))

    @api.model
    def _add_files(self, package, folder, name, paper):
        """Put the file of a paper into its folder; return the names.

        Scans of its pages become one PDF, and no name is longer than other systems
        take.
        """
        # whoever packs a paper may read it, and has no right on attachments
        files_sudo = paper.sudo()._get_sent_files()
        tails = [
            ("" if index == 1 else f"_{index}")
            + f".{file.name.rpartition('.')[2].lower()}"
            for index, file in enumerate(files_sudo, 1)
        ]
        is_scanned = files_sudo == paper._get_public_files() and (
            # one that isn't what was kept is refused below
            all(file._is_as_kept() for file in files_sudo)
        )
        if is_scanned and tails not in ([], [".pdf"]):
            with contextlib.suppress(merging.Unfit):
                content = merging.merge(file.raw or b"" for file in files_sudo)
                stem = packaging.slug(name, EXCHANGE_NAME - 4)
                return [package.add_bytes(folder, f"{stem}.pdf", content)]
        return [
            file._add_to_package(
                package,
                folder,
                f"{packaging.slug(name, EXCHANGE_NAME - len(tail))}{tail}",
            )
            for file, tail in zip(files_sudo, tails, strict=True)
        ]

    @api.model
    def _get_row(self, described, **own):
        """Return a row of the list of papers."""
        return {
            label: {**described, **own}.get(key) or ""
            for key, label in wording.ARCHIVE_COLUMNS.items()
        }

    def _get_cancelled_rows(self):
        """Return rows of cancelled papers that have a number."""
        cancelled = self.env["hoithi.document"].search(
            [
                ("contest_id", "=", self.contest_id.id),
                ("state", "=", "cancelled"),
                ("number", "!=", False),
            ],
            order="date, id",
        )
        return [self._get_row(paper._get_exchange_data()) for paper in cancelled]

    def _add_tables(self, package, rows):
        rows = rows + self._get_cancelled_rows()
        columns = list(wording.ARCHIVE_COLUMNS.values())
        self._add_table(package, "danh-muc-van-ban.csv", columns, rows)
        entries = self.env["hoithi.entry"].search(
            [("contest_id", "=", self.contest_id.id), ("submitted_on", "!=", False)],
            order="code, id",
        )
        kind = self.env["hoithi.document.kind"]
        table = []
        for start in range(0, len(entries), SLICE):
            for entry in entries[start : start + SLICE]:
                texts = kind._get_entry_texts(entry)
                table.append(
                    {
                        **{
                            label: texts[key]
                            for key, label in wording.ENTRY_COLUMNS.items()
                            if key in texts
                        },
                        wording.ENTRY_COLUMNS["submitted_on"]: wording.short_day(
                            kind._get_date(self.contest_id, entry.submitted_on)
                        ),
                        wording.ENTRY_COLUMNS["state"]: kind._get_label(entry, "state"),
                        wording.ENTRY_COLUMNS["score"]: kind._get_score(entry),
                        wording.ENTRY_COLUMNS["prize"]: kind._get_prize(entry),
                    }
                )
        self._add_table(
            package, "ho-so-du-thi.csv", list(wording.ENTRY_COLUMNS.values()), table
        )

    def _add_table(self, package, name, columns, rows):
        """Add a table as spreadsheets read it: UTF-8 with its mark."""
        from ...lib.guard import workbook

        target = io.StringIO()
        writer = csv.DictWriter(target, columns, lineterminator="\r\n")
        writer.writeheader()
        # titles and names are anybody's words
        writer.writerows(
            {
                key: workbook.quote(value) if isinstance(value, str) else value
                for key, value in row.items()
            }
            for row in rows
        )
        package.add_bytes([], name, f"\N{BYTE ORDER MARK}{target.getvalue()}".encode())

    def _add_note(self, package, papers):
        """Tell the reader what this is, how it is checked, and what isn't in it."""
        contest = self.contest_id
        open_papers = self.env["hoithi.document"].search(
            [("contest_id", "=", contest.id), ("state", "in", UNISSUED)]
        )
        unsigned = papers.filtered(
            lambda paper: (
                paper.is_official
                and not paper.is_signed
                # what is signed in part is told below
                and not paper.signed_file_id
            )
        )
        # how many there are, and nothing of those that are kept from the maker
        count_sudo = self.env["hoithi.document"].sudo()
        hidden = count_sudo.search_count(
            [
                ("contest_id", "=", contest.id),
                ("state", "=", "issued"),
                ("id", "not in", papers.ids),
            ]
        )
        lines = [
            wording.ARCHIVE_NOTE.format(
                contest=contest.name,
                agency=contest.company_id.name,
                day=nd30.date_words(contest._get_today()),
                count=len(papers),
                state=dict(contest._fields["state"]._description_selection(self.env))[
                    contest.state
                ],
            ),
            *(wording.ARCHIVE_OPEN.format(name=paper.name) for paper in open_papers),
            *(wording.ARCHIVE_UNSIGNED.format(name=paper.name) for paper in unsigned),
            *(
                wording.ARCHIVE_PARTLY_SIGNED.format(
                    name=paper.name, gaps=paper.signature_gaps
                )
                for paper in papers.filtered("signature_gaps")
            ),
            *self._get_without_pdf(papers),
            *([wording.ARCHIVE_HIDDEN.format(count=hidden)] if hidden else []),
        ]
        self._add_text(package, "00_doc-truoc.txt", lines)

    @api.model
    def _get_without_pdf(self, papers):
        """Return which papers are there as Word files alone, a sentence each."""
        return [
            wording.ARCHIVE_NO_PDF.format(name=paper.name)
            for paper in papers
            if paper._is_printed() and not paper._get_public_files()
        ]

    @api.model
    def _add_text(self, package, name, lines):
        text = "\r\n".join(line for text in lines for line in text.splitlines())
        package.add_bytes([], name, f"\N{BYTE ORDER MARK}{text}\r\n".encode())
