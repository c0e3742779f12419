import contextlib
import hashlib
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...lib.document import wording
from ...lib.guard import packaging, scratch
from ...tools import in_vietnamese
from ..guard.hoithi_guard_mixin import EVERYTHING
from ..guard.hoithi_run_mixin import get_run_transitions
from ..guard.hoithi_states import STARTED, state_flag
from ..guard.hoithi_workflow_mixin import Transition
from .hoithi_document import OFFICE

#: Documents that LibreOffice converts in one process; memory grows with them.
BATCH = 20
#: Days that the result of a run is kept; it can be made anew.
KEEP_DAYS = 30
#: PDF files that are merged at a time.
MERGE = 50


class HoithiDocumentRun(models.Model):
    """Many documents, or a package for the province, made in the background."""

    _name = "hoithi.document.run"
    _inherit = ["hoithi.file.mixin", "hoithi.contest.run.mixin"]
    _description = "Making Documents"

    _file_fields = ("result_id",)
    _run_groups = OFFICE
    _run_batch = BATCH
    _fixed_fields = {"is_started": EVERYTHING}
    _transitions = (
        Transition("draft", "queued", "action_start", OFFICE),
        *get_run_transitions(OFFICE),
    )

    purpose = fields.Selection(
        [("documents", "Documents"), ("package", "Package for the province")],
        required=True,
        default="documents",
    )
    kind = fields.Selection(
        lambda self: self.env["hoithi.document"]._get_kinds(),
        help="One document is made for each record that the kind is about.",
    )
    form = fields.Selection(
        [("docx", "Word"), ("pdf", "PDF"), ("both", "Word and PDF")],
        string="Files",
        required=True,
        default="both",
    )
    output = fields.Selection(
        [("zip", "ZIP file"), ("merged", "One PDF to print")],
        string="Result as",
        required=True,
        default="zip",
    )
    nomination_id = fields.Many2one(
        "hoithi.nomination", ondelete="cascade", index="btree_not_null"
    )
    state = fields.Selection(
        selection_add=[("draft", "Draft"), ("queued",)],
        ondelete={"draft": "cascade"},
        default="draft",
    )
    is_started = state_flag("Started", STARTED)
    line_ids = fields.One2many("hoithi.document.run.line", "run_id", readonly=True)
    total = fields.Integer(related="total_count", string="Documents in all")
    error_count = fields.Integer(related="failed_count", string="Not made")
    pdf_timeouts = fields.Integer(
        readonly=True,
        copy=False,
        aggregator=None,
        export_string_translation=False,
        help="How often in a row LibreOffice didn't answer.",
    )
    result_id = fields.Many2one(
        "ir.attachment",
        readonly=True,
        copy=False,
        ondelete="set null",
        index="btree_not_null",
    )

    # COMPUTE

    @api.depends("purpose", "kind", "contest_id.name")
    def _compute_display_name(self):
        kind_labels = dict(self._fields["kind"]._description_selection(self.env))
        purposes = dict(self._fields["purpose"]._description_selection(self.env))
        for run in self:
            what = kind_labels.get(run.kind) or purposes.get(run.purpose)
            run.display_name = " – ".join(filter(None, [what, run.contest_id.name]))

    # CRUD

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            self._check_office()
        return super().create(vals_list)

    # ACTION

    def action_start(self):
        """Queue the run for all records that its kind is about.

        :raises AccessError: for others than the Office
        :raises UserError: where there is none, or it was started already
        """
        self.check_access("write")
        if any(run.state != "draft" for run in self):
            raise UserError(self.env._("This was started already."))
        self._check_transition("queued", "action_start")
        for run in self:
            run._queue(run._get_sources())
        return True

    def action_retry(self):
        """Try again what failed, or go on with what was stopped.

        :raises AccessError: for others than the Office
        :raises UserError: where it is still running
        """
        in_vietnamese(self)
        super().action_retry()
        # the next result takes its place; told by the server alone
        runs_sudo = self.sudo()._open_door()
        runs_sudo.result_id.unlink()
        runs_sudo.pdf_timeouts = 0
        return True

    def action_download(self):
        """Return the address of the result.

        :raises UserError: where it isn't ready or isn't kept any more
        """
        self.ensure_one()
        self.check_access("read")
        if not self.result_id:
            raise UserError(
                self.env._(
                    "There is no result: it isn't ready yet, or it was removed after "
                    "%s days. Start the run anew.",
                    KEEP_DAYS,
                )
            )
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self.result_id.id}?download=true",
            "target": "self",
        }

    def action_view_documents(self):
        """Open the documents of the run."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "hoithi_contest.hoithi_document_action"
        )
        return {
            **action,
            "domain": [("id", "in", self.line_ids.document_id.ids)],
            "context": {},
        }

    # BUSINESS

    def _check_office(self):
        if not self.env.su and not self.env.user.has_groups(",".join(OFFICE)):
            raise AccessError(
                self.env._("Only a secretary or leader has documents made.")
            )

    def _get_sources(self):
        """Return what the run makes documents of, as far as the user reads it."""
        self.ensure_one()
        if self.purpose == "package":
            if not self.nomination_id:
                raise UserError(self.env._("Choose the nomination to pack."))
            return self.nomination_id.line_ids
        if not self.kind:
            raise UserError(self.env._("Choose the kind of document to make."))
        kind_model = self.env[f"hoithi.document.kind.{self.kind}"]
        sources = kind_model._get_sources(self.contest_id)
        kind_model._check_sources(self.contest_id, sources)
        return sources

    def _get_run_key(self, sources):
        """Return what is the same for a second click on the same button."""
        ids = ",".join(map(str, sorted(sources.ids))).encode()
        return ":".join(
            [
                str(self.user_id.id),
                str(self.contest_id.id),
                self.purpose,
                self.kind or "",
                self.form,
                self.output,
                sources._name,
                hashlib.sha256(ids).hexdigest(),
            ]
        )

    def _queue(self, sources):
        """Record what is to be made and wake the scheduled action.

        :raises UserError: where there is nothing to make, or papers can't be made
        """
        self.ensure_one()
        # refused here, and not line by line once the run is under way
        in_vietnamese(self)
        if not sources:
            raise UserError(
                self.env._(
                    "There is nothing to make yet: the contest has no record that "
                    "this is about."
                )
            )
        # progress is recorded by the server alone
        self.sudo()._open_door().line_ids = [
            fields.Command.create({"res_model": source._name, "res_id": source.id})
            for source in sources
        ]
        self._act("queued", run_key=self._get_run_key(sources))

    @api.model
    def _start(self, contest, sources=None, **vals):
        """Begin a run over `sources`; return the action that shows it.

        Where the same is being made already, that run is shown.

        :param sources: records; by default all that the kind is about
        """
        run = self.create({"contest_id": contest.id, **vals})
        if sources is None:
            sources = run._get_sources()
        twin = run._find_twin(run._get_run_key(sources))
        if twin:
            run.unlink()
            run = twin
        else:
            run._queue(sources)
        return run._show()

    @api.model
    def _get_down_text(self):
        return self.env._(
            "LibreOffice doesn't answer, so no PDF was made. The Word file is "
            "complete: print from it, or let the administrator look after LibreOffice "
            "on the server, then try the failed ones again."
        )

    # CRON

    def _work(self, lines):
        lines._make()

    def _conclude(self):
        """Put all that was made into one file, on disk, and attach it.

        :raises UserError: where nothing was made
        """
        # also one whose PDF is missing: its Word file is there
        lines = self.line_ids.filtered("document_id")
        if not lines:
            raise UserError(self.env._("Nothing could be made; see the lines."))
        with scratch.folder() as folder:
            merged = self.output == "merged" and self.purpose == "documents"
            extension = ".pdf" if merged else ".zip"
            path = folder / f"result{extension}"
            if self.purpose != "documents":
                self._write_package(path, lines)
            elif merged:
                self._write_merged(path, lines, folder)
            else:
                self._write_zip(path, lines)
            name = packaging.slug(in_vietnamese(self).display_name)
            attachment = self.env["ir.attachment"]._create_from_path(
                path,
                {
                    "name": f"{name}{extension}",
                    "mimetype": "application/pdf" if merged else "application/zip",
                    "res_model": self._name,
                    "res_id": self.id,
                },
            )
        self._open_door().result_id = attachment

    def _get_line_files(self, line):
        """Return the files of a line's document in the forms that were asked for."""
        document = line.document_id
        wanted = {
            "docx": document.docx_id,
            "pdf": document.pdf_id,
            "both": document.docx_id | document.pdf_id,
        }
        return wanted[self.form] or document.docx_id

    def _write_zip(self, path, lines):
        with packaging.Package(path) as package:
            for line in lines:
                for file in self._get_line_files(line):
                    file._add_to_package(package, [], file.name)
            package.finish(in_vietnamese(self).display_name)

    def _write_merged(self, path, lines, folder):
        """Merge the PDF files in steps, so that few are open at a time."""
        files = lines.document_id.pdf_id
        if not files:
            raise UserError(
                self.env._(
                    "There is no PDF to merge: LibreOffice is missing on the server, "
                    "or could not convert the documents."
                )
            )
        parts = []
        for start in range(0, len(files), MERGE):
            part = folder / f"part{start}.pdf"
            self._merge(
                part, (file._open_on_disk() for file in files[start : start + MERGE])
            )
            parts.append(part)
        self._merge(path, (part.open("rb") for part in parts))

    @api.model
    def _merge(self, path, streams):
        """Merge PDF files; pikepdf reads them when it writes, so they stay open."""
        import pikepdf

        with contextlib.ExitStack() as stack:
            target = stack.enter_context(pikepdf.new())
            for stream in streams:
                stack.enter_context(stream)
                source = stack.enter_context(pikepdf.open(stream))
                target.pages.extend(source.pages)
            target.save(path)

    def _write_package(self, path, lines):
        """Write the province's dossier: a folder for each entry, and the letter."""
        with packaging.Package(path) as package:
            letter = self.env["hoithi.document"].search(
                [
                    ("kind", "=", "nomination"),
                    ("res_id", "=", self.nomination_id.id),
                    ("state", "=", "issued"),
                ],
                # one that was replaced or recalled only where there is no other
                order="cure_state nulls first, id desc",
                limit=1,
            )
            for file in letter and letter._get_public_files() or ():
                file._add_to_package(package, [], file.name)
            missing = self._get_missing(letter)
            missing += [text for line in lines for text in line._get_missing()]
            if missing:
                text = "\r\n".join([*missing, ""])
                package.add_bytes(
                    [], "00_con-thieu.txt", f"\N{BYTE ORDER MARK}{text}".encode()
                )
            for number, line in enumerate(lines, 1):
                line._add_entry(package, number)
            package.finish(in_vietnamese(self).display_name)

    @api.model
    def _get_missing(self, letter):
        """Return what the province's dossier lacks, a sentence each, in Vietnamese.

        :param letter: the nomination letter that was issued, or none
        """
        if not letter:
            return [wording.NO_LETTER]
        missing = []
        if not letter.is_standing:
            missing.append(wording.LETTER_GONE)
        if not letter._get_public_files():
            missing.append(wording.LETTER_NO_PDF)
        if not letter.is_signed:
            missing.append(wording.LETTER_UNSIGNED)
        if gaps := in_vietnamese(letter).signature_gaps:
            missing.append(wording.LETTER_GAPS.format(gaps=gaps))
        return missing

    @api.autovacuum
    def _gc_results(self):
        """Remove results after their time; the documents stay, so does the run."""
        limit = fields.Datetime.now() - timedelta(days=KEEP_DAYS)
        runs = self.search([("ended_on", "<", limit), ("result_id", "!=", False)])
        runs.result_id.unlink()
