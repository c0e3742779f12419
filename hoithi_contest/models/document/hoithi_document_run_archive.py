import contextlib
import json

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...lib.document import merging, nd30, tagging, wording
from ...lib.guard import packaging
from ...tools import in_vietnamese
from ..guard.hoithi_states import UNISSUED

#: Longest name of a file that document systems take, extension included.
EXCHANGE_NAME = 50
#: Megabytes above which such a system may not take a file; scans are merged into one.
EXCHANGE_MB, MB = 50, 1024**2
#: How the file that was signed by hand is called beside its scan.
ORIGINAL = "_ban-goc.pdf"


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
                run._add_tables(package, papers, rows)
                run._add_note(package, papers, rows)
            elif told := [
                *run._get_remarks(papers),
                *run._get_exchange_remarks(papers),
            ]:
                run._add_text(package, "00_con-thieu.txt", told)
            package.finish(run.display_name)

    def _add_paper(self, package, number, paper):
        """Put a paper and what describes it into a folder; return its row."""
        described = paper._get_exchange_data()
        name = paper._get_kind_model()._get_file_name(paper)
        folder = [f"{number:03d}_{packaging.slug(name, EXCHANGE_NAME - 4)}"]
        names, standards = self._add_files(package, folder, name, paper)
        content = {
            **described,
            "files": [name.rpartition("/")[2] for name in names],
            "standards": standards,
        }
        package.add_bytes(
            folder,
            "sieu-du-lieu.json",
            json.dumps(content, ensure_ascii=False, indent=1).encode(),
        )
        return {
            **described,
            "position": number,
            "files": "; ".join(names),
            "standards": "; ".join(dict.fromkeys(filter(None, standards))),
        }

    def _add_files(self, package, folder, name, paper):
        """Put the files of a paper into its folder; return names, and standards.

        Scans of its pages become one PDF, and no name is longer than other systems
        take. In the archive the file that was signed by hand lies beside its scan: that
        one is PDF/A, and can be searched.

        :return: names, and of each file the standard of archiving that it claims
        """
        # whoever packs a paper may read it, and has no right on attachments
        paper_sudo = paper.sudo()
        file_sudo = paper_sudo.pdf_id
        # both stay in the house, which has no other file where there is no PDF
        sent_sudo = paper_sudo._get_sent_files() or paper_sudo.docx_id
        names, standards = self._add_sent(package, folder, name, paper, sent_sudo)
        if self.purpose == "archive" and file_sudo and sent_sudo == paper_sudo.scan_ids:
            stem = packaging.slug(name, EXCHANGE_NAME - len(ORIGINAL))
            original = f"{stem}{ORIGINAL}"
            names.append(file_sudo._add_to_package(package, folder, original))
            standards.append(self._get_standard(file_sudo))
        return names, standards

    @api.model
    def _add_sent(self, package, folder, name, paper, files_sudo):
        """Put what went out of a paper into its folder; as :meth:`_add_files`."""
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
                return [package.add_bytes(folder, f"{stem}.pdf", content)], [""]
        names = [
            file._add_to_package(
                package,
                folder,
                f"{packaging.slug(name, EXCHANGE_NAME - len(tail))}{tail}",
            )
            for file, tail in zip(files_sudo, tails, strict=True)
        ]
        return names, [self._get_standard(file) for file in files_sudo]

    @api.model
    def _get_standard(self, file_sudo):
        standard = tagging.get_standard(file_sudo.raw or b"")
        # one at a time in memory
        file_sudo.invalidate_recordset(["raw"])
        return standard

    def _add_note(self, package, papers, rows):
        """Tell the reader what this is, how it is checked, and what isn't in it.

        :param rows: of the list of papers, in their order
        """
        contest = self.contest_id
        open_papers = self.env["hoithi.document"].search(
            [("contest_id", "=", contest.id), ("state", "in", UNISSUED)]
        )
        # a workbook has no template, where a term would be set, and is no PDF
        printed = papers.filtered(lambda paper: paper._is_printed())
        kinds = printed._get_without_keeping()
        without_pdf = self._filter_without_pdf(papers)
        without_standard = papers.browse(
            paper.id
            for paper, row in zip(papers, rows, strict=True)
            if not row["standards"]
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
                tables="\n".join(
                    f"- {table.file}: {table.what}"
                    for table in wording.ARCHIVE_TABLES.values()
                ),
            ),
            *(wording.ARCHIVE_OPEN.format(name=paper.name) for paper in open_papers),
            *self._get_remarks(papers),
            *(
                wording.ARCHIVE_NO_STANDARD.format(name=paper.name)
                for paper in without_standard & printed - without_pdf
            ),
            *(
                [wording.ARCHIVE_NO_KEEPING.format(kinds=", ".join(kinds))]
                if kinds
                else []
            ),
            *self._get_hidden(papers),
        ]
        self._add_text(package, "00_doc-truoc.txt", lines)

    @api.model
    def _get_remarks(self, papers):
        """Return what isn't as it should be with signatures and files, in sentences."""
        unsigned = papers.filtered(
            lambda paper: (
                paper.is_official
                and not paper.is_signed
                # what is signed in part, or altered, is told below
                and not paper.signed_file_id
            )
        )
        return [
            *(wording.ARCHIVE_UNSIGNED.format(name=paper.name) for paper in unsigned),
            *(
                (
                    wording.ARCHIVE_DOUBTFUL
                    if paper._is_doubtful()
                    else wording.ARCHIVE_PARTLY_SIGNED
                ).format(name=paper.name, gaps=paper.signature_gaps)
                for paper in papers.filtered("signature_gaps")
            ),
            *(
                wording.ARCHIVE_NO_PDF.format(name=paper.name)
                for paper in self._filter_without_pdf(papers)
            ),
        ]

    @api.model
    def _get_exchange_remarks(self, papers):
        """Return what another system should know of papers before it takes them."""
        # whoever packs a paper may read it, and has no right on attachments
        sizes = {
            paper: sum(paper.sudo()._get_sent_files().mapped("file_size"))
            for paper in papers
        }
        return [
            *(
                wording.EXCHANGE_CURED.format(name=paper.name, note=paper.cure_note)
                for paper in papers.filtered("cure_state")
            ),
            *(
                wording.EXCHANGE_LARGE.format(
                    name=paper.name, size=-(-size // MB), limit=EXCHANGE_MB
                )
                for paper, size in sizes.items()
                if size > EXCHANGE_MB * MB
            ),
        ]

    @api.model
    def _filter_without_pdf(self, papers):
        """Return the papers that are there as Word files alone."""
        return papers.filtered(
            lambda paper: paper._is_printed() and not paper._get_public_files()
        )

    def _get_hidden(self, papers):
        """Return how much is kept from the maker or held, and nothing of what."""
        contest_domain = [("contest_id", "=", self.contest_id.id)]
        counts = (
            (
                wording.ARCHIVE_HIDDEN,
                "hoithi.document",
                [("state", "=", "issued"), ("id", "not in", papers.ids)],
            ),
            (
                wording.ARCHIVE_HIDDEN_ENTRIES,
                "hoithi.entry",
                [
                    ("submitted_on", "!=", False),
                    ("id", "not in", self.env["hoithi.entry"]._search(contest_domain)),
                ],
            ),
            (wording.ARCHIVE_HELD, "hoithi.award", [("is_held", "=", True)]),
        )
        return [
            text.format(count=count)
            for text, model, domain in counts
            # a number, and nothing of what is kept from the maker
            if (count := self.env[model].sudo().search_count(contest_domain + domain))
        ]

    @api.model
    def _add_text(self, package, name, lines):
        text = "\r\n".join(line for text in lines for line in text.splitlines())
        package.add_bytes([], name, f"\N{BYTE ORDER MARK}{text}\r\n".encode())
