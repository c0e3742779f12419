import time

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...lib.document import kinds, nd30, tagging, wording
from ...lib.guard import packaging, pdf
from ...tools import get_worker_seconds, in_vietnamese
from ..guard.hoithi_states import UNISSUED

#: Entries of a contest above which what is made of all of them has its own run.
LARGE = 300

#: Seconds without which a conversion isn't begun.
MIN_SECONDS = 5

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: Papers whose missing PDF is made while somebody waits; more have a run.
FEW = 20

#: What a scan of a signed paper may be, and its largest size in megabytes.
SCANS = ("pdf", "jpg", "jpeg", "png")
SCAN_MB = 50
#: What everybody may have: files that show a paper and aren't edited.
PUBLIC = ("application/pdf", "image/jpeg", "image/png")

#: Roles that work with the papers of a contest, and have their Word files.
WORKERS = ",".join(
    f"hoithi_contest.group_{role}"
    for role in ("secretary", "leader", "member", "publisher", "admin")
)


class HoithiDocument(models.Model):
    """How the files of a paper are made: filled, stamped, converted and kept."""

    _inherit = "hoithi.document"

    _file_fields = ("docx_id", "pdf_id", "scan_ids", "signed_file_id")
    _open_fields = {"scan_ids"}

    template_version_id = fields.Many2one(
        "hoithi.document.template.version",
        string="Word template",
        readonly=True,
        copy=False,
        ondelete="restrict",
        help="Empty where the template that comes with the module was used.",
    )
    docx_id = fields.Many2one(
        "ir.attachment",
        string="Word file",
        readonly=True,
        copy=False,
        ondelete="restrict",
        index="btree_not_null",
    )
    pdf_id = fields.Many2one(
        "ir.attachment",
        string="PDF file",
        readonly=True,
        copy=False,
        ondelete="restrict",
        index="btree_not_null",
    )
    pdf_error = fields.Text(readonly=True, copy=False)
    generated_on = fields.Datetime(readonly=True, copy=False)
    is_outdated = fields.Boolean(
        readonly=True,
        copy=False,
        help="Something was changed since the files were made.",
    )
    context_json = fields.Json(
        string="Content",
        readonly=True,
        copy=False,
        groups="hoithi_contest.group_secretary,hoithi_contest.group_leader",
        help="What the files were filled with; frozen with the approval.",
    )
    scan_ids = fields.Many2many(
        "ir.attachment",
        string="Signed scans",
        copy=False,
        groups="hoithi_contest.group_secretary,hoithi_contest.group_leader",
    )
    pdf_file = fields.Binary(string="Preview", compute="_compute_pdf_file")

    # COMPUTE

    @api.depends("pdf_id")
    def _compute_pdf_file(self):
        for document in self:
            # who reads the document reads the file that it has
            document.pdf_file = document._origin.pdf_id.sudo().datas

    # CONSTRAINTS

    @api.constrains("scan_ids")
    def _check_scans(self):
        """Take no file from elsewhere: scans go out with the document."""
        for document in self:
            # also files that the user may not read are told apart
            if document.sudo().scan_ids.filtered(
                lambda file, document=document: (
                    (file.res_model, file.res_id) != (document._name, document.id)
                )
            ):
                raise ValidationError(
                    self.env._("Upload the signed scan on the document itself.")
                )

    # ACTION

    def action_generate(self):
        """Make the Word and PDF files of drafts from what is on record now.

        What is made of all entries of a large contest is made in the background.

        :return: the run that makes them in the background; else a notification where a
            PDF could not be made, else True
        :raises UserError: unless the documents are drafts
        """
        self.check_access("write")
        self._check_drafter()
        self._check_draft()
        heavy = self._filter_heavy()
        (self - heavy)._generate()
        return heavy._start_run() or (self - heavy)._get_pdf_warning() or True

    def action_generate_selected(self):
        """Make the files of those drafts that may have them, and tell of the others.

        :return: a notice of what was done, and the run that goes on in the background
        :raises AccessError: for anyone but a secretary
        """
        self.check_access("write")
        self._check_drafter()
        # LibreOffice is begun for each part of them that is tried
        drafts = self.filtered(lambda document: document.state == "draft")
        return drafts._do_what_can_be_done(
            "action_generate",
            left_out=[(other, other._get_fixed_hint()) for other in self - drafts],
        )

    def action_download_docx(self):
        """Return the address of the Word or Excel file."""
        self.ensure_one()
        self.check_access("read")
        return self._get_download(self.docx_id)

    def action_download_pdf(self):
        """Return the address of the PDF file."""
        self.ensure_one()
        self.check_access("read")
        return self._get_download(self.pdf_id)

    def action_make_pdf(self):
        """Make the PDF that issued documents lack, from their Word files as they are.

        Many are converted in the background.

        :return: the run that converts them; else a notification where a PDF could not
            be made, else True
        :raises AccessError: for anyone but a secretary
        :raises UserError: where none of the documents is issued without a PDF
        """
        self.check_access("write")
        self._check_drafter()
        lacking = self.filtered(lambda document: document._lacks_pdf())
        if not lacking:
            raise UserError(
                self.env._(
                    "None of these documents is issued and lacks its PDF. The files of "
                    "drafts are made with “Make files”."
                )
            )
        if len(lacking) > FEW:
            return lacking._start_run()
        contents = {
            # whoever issues the paper has its file
            document: document.sudo().docx_id.raw
            for document in in_vietnamese(lacking)
        }
        lacking._store_files(contents, with_pdf=True)
        return lacking._get_pdf_warning() or True

    def action_make_pdf_selected(self):
        """Make the missing PDF of those issued papers that lack it, and tell of others.

        :return: a notice of what was done, and the run that goes on in the background
        """
        self.check_access("read")
        lacking = self.filtered(lambda document: document._lacks_pdf())
        reason = self.env._("It isn't issued, or has its PDF.")
        return lacking._do_what_can_be_done(
            "action_make_pdf", left_out=[(other, reason) for other in self - lacking]
        )

    @api.model
    def _get_download(self, file):
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{file.id}?download=true",
            "target": "self",
        }

    # BUSINESS

    def _mark_outdated(self):
        drafts = self.filtered(
            lambda document: document.state == "draft" and document.docx_id
        )
        if drafts:
            # told by the server alone
            drafts.sudo()._open_door().is_outdated = True

    def _get_template_bytes(self):
        """Return the Word template that the document is, or was, made from."""
        self.ensure_one()
        # whoever makes a document reads its template, whoever uploaded it
        version_sudo = self.template_version_id.sudo()
        if version_sudo:
            return version_sudo.attachment_id.raw
        return self.env["hoithi.document.template"]._get_shipped(self.kind)

    def _get_default_file_name(self):
        """Return a name of the files that every system takes, without extension."""
        self.ensure_one()
        label = in_vietnamese(self)._get_kind_label()
        parts = [
            label,
            self.number and f"{self.number}-{self.symbol}",
            # the code alone, which names nobody
            self.sudo().entry_id.code,
            str(self.id),
        ]
        return packaging.slug(" ".join(filter(None, parts)))

    def _take_snapshot(self):
        """Write down how agency and signer are named now."""
        for document in self:
            signer = document.signer_id
            authority = document.authority if signer else ""
            is_own = authority == signer.authority
            lines = nd30.signature(
                f"{authority.partition('_')[0].upper()}." if authority else "",
                signer.position or "",
                signer.name or "",
                (
                    signer.authority_for
                    if is_own
                    else signer._get_authority_for(authority)
                )
                or document.agency_id.head_title
                or "–",
                (
                    signer.authority_head
                    if is_own
                    else signer._get_authority_head(authority)
                )
                or "",
            )
            # told by the server alone
            document.sudo()._open_door().write(
                {
                    "agency_name": document.agency_id.name,
                    "signer_name": lines.name,
                    "signer_title": lines.authority,
                    "signer_position": lines.position,
                }
            )

    @api.model
    def _make_form(self, kind, source, extension):
        """Return the name and content of a form that is printed and not kept.

        It tells what is on record now. Whether it may be given out is for the caller.

        :param kind: a kind without an official number
        :param source: the record that the form is about
        :param extension: of the file, "docx" or "pdf"
        :raises UserError: where the form lacks something, or PDF can't be made
        """
        # agency and template are the Office's own, what is printed of them is not
        documents = in_vietnamese(self.sudo())
        source = source.with_env(documents.env)
        kind_model = documents.env[f"hoithi.document.kind.{kind}"]
        contest = kind_model._get_contest(source)
        document = documents.new(
            {
                "kind": kind,
                "contest_id": contest.id,
                "entry_id": kind_model._get_entry(source).id,
                "res_model": source._name,
                "res_id": source.id,
                "planned_on": kind_model._get_day(contest),
                "recipient_ids": [],
                **kind_model._get_defaults(source),
            }
        )
        document.template_version_id = documents.env[
            "hoithi.document.template"
        ]._get_version(kind, document.company_id)
        content = kind_model._render(document, kind_model._get_context(document))
        if extension == "pdf":
            pdfs, errors, _late = document._convert(
                {document: content}, document._get_conversion_seconds()
            )
            if document not in pdfs:
                raise UserError(errors[document])
            content = pdfs[document]
        name = packaging.slug(f"{document._get_kind_label()} {document.entry_id.code}")
        return f"{name}.{extension}", content

    def _lacks_pdf(self):
        """Tell whether the paper is issued, and has only its Word file yet."""
        self.ensure_one()
        return (
            self.state == "issued"
            and bool(self.docx_id)
            and not self.pdf_id
            and self._is_printed()
        )

    def _filter_heavy(self):
        """Return the documents that take longer to make than anybody waits."""
        # a run is somebody's; the server's own work has nobody to show it to
        heavy = self.filtered(
            lambda document: kinds.KINDS[document.kind].heavy and not self.env.su
        )
        if not heavy:
            return heavy
        # how many there are, whoever may read them
        large_sudo = (
            self.env["hoithi.entry"]
            .sudo()
            ._read_group(
                [("contest_id", "in", heavy.contest_id.ids)],
                ["contest_id"],
                having=[("__count", ">", LARGE)],
            )
        )
        large_ids = {contest.id for (contest,) in large_sudo}
        return heavy.filtered(lambda document: document.contest_id.id in large_ids)

    def _start_run(self):
        """Have documents made in the background, a run a contest and kind.

        :return: the action that shows the run, the last of several
        """
        action = False
        for (contest, kind), documents in self.grouped(
            lambda document: (document.contest_id, document.kind)
        ).items():
            action = self.env["hoithi.document.run"]._start(
                contest, sources=documents, kind=kind
            )
        return action

    def _generate(self, with_pdf=True):
        """Make the files of drafts; LibreOffice converts all in one run.

        :param with_pdf: make PDF files too
        """
        contents = {}
        for document in in_vietnamese(self):
            try:
                contents[document] = document._fill()
            except UserError:
                # refused anew, in the words of who reads why
                told = document.with_context(lang=self.env.lang)
                told._get_kind_model()._get_context(told)
                raise
        in_vietnamese(self)._store_files(contents, with_pdf=with_pdf)

    def _fill(self):
        """Fill the template from what is on record now; return the file's content."""
        self.ensure_one()
        document = in_vietnamese(self)
        document._take_snapshot()
        # told by the server alone
        document_sudo = document.sudo()._open_door()
        document_sudo.template_version_id = self.env[
            "hoithi.document.template"
        ]._get_version(document.kind, document.company_id)
        kind_model = document._get_kind_model()
        context = kind_model._get_context(document)
        document_sudo.context_json = context
        return kind_model._render(document, context)

    def _stamp(self):
        """Bring number and date into the files as they were approved."""
        contents = {}
        for document in in_vietnamese(self):
            kind_model = document._get_kind_model()
            context = kind_model._stamp_context(document, document.context_json)
            contents[document] = kind_model._render(document, context)
            # told by the server alone
            document.sudo()._open_door().context_json = context
        self._store_files(contents, with_pdf=True)

    def _store_files(self, contents, with_pdf, pdf_error=False, ahead=None):
        """Replace the files of documents.

        :param contents: {document: content of the Word or Excel file}
        :param with_pdf: make PDF files too
        :param pdf_error: why none is made
        :param ahead: what made some of the PDF files while others were filled
        :return: the documents for whose PDF there was no time left
        """
        left, pdfs, late = dict(contents), {}, self.browse()
        errors = dict.fromkeys(contents, pdf_error)
        seconds = self._get_conversion_seconds()
        if with_pdf and ahead:
            for document, content_pdf in ahead.finish():
                document._store_file(left.pop(document), content_pdf)
            seconds -= ahead.seconds
        if with_pdf:
            pdfs, errors, late = self._convert(left, seconds)
        for document, content in left.items():
            document._store_file(content, pdfs.get(document), errors.get(document))
        return late

    def _store_file(self, content, content_pdf=None, pdf_error=None):
        """Replace the files of a document.

        :param content: of the Word or Excel file
        :param content_pdf: of the PDF as it was converted, where there is one
        :param pdf_error: why there is none
        """
        self.ensure_one()
        extension = self._get_extension()
        name = self._get_kind_model()._get_file_name(self)
        content_pdf = self._finish_pdf(content_pdf)
        # files and what is recorded of them are the server's own
        document_sudo = self.sudo()._open_door()
        old_sudo = document_sudo.docx_id | document_sudo.pdf_id
        docx_sudo = document_sudo.docx_id
        # what was issued stays where only its PDF is made later
        if self.state != "issued" or docx_sudo.raw != content:
            docx_sudo = self._create_file(
                f"{name}{extension}", content, XLSX if extension == ".xlsx" else DOCX
            )
        document_sudo.write(
            {
                "docx_id": docx_sudo.id,
                "pdf_id": content_pdf
                and self._create_file(f"{name}.pdf", content_pdf, "application/pdf").id,
                "pdf_error": pdf_error or False,
                "is_outdated": False,
                "generated_on": fields.Datetime.now(),
            }
        )
        (old_sudo - docx_sudo).unlink()

    def _finish_pdf(self, content):
        """Hook: complete the PDF of a paper.

        :param content: the file, or nothing where none was made
        """
        self.ensure_one()
        return content and tagging.mend(content)

    def _get_shown_files(self):
        """Return the files that the caller, who reads the papers, may have.

        Who works with papers has their Word files too. Others have what leaves the
        house; a file that can be edited is never public.
        """
        if self.env.user.has_groups(WORKERS):
            return self.docx_id | self.pdf_id
        if self.env.user._is_public():
            return self.env["ir.attachment"].concat(
                *(document._get_public_files() for document in self)
            )
        return self.env["ir.attachment"].concat(
            *(document._get_sent_files() for document in self)
        )

    def _get_sent_files(self):
        """Return the files that leave the house: never a Word file.

        A workbook, which is worked with, goes as it is.
        """
        self.ensure_one()
        return self.pdf_id if self._is_printed() else self.docx_id

    def _get_public_files(self):
        """Return the files that everybody may have: never one that can be edited."""
        self.ensure_one()
        # whoever reads the paper has its files, and needs no right on attachments
        files_sudo = self.sudo()._get_sent_files()
        return files_sudo.filtered(lambda file: file.mimetype in PUBLIC)

    def _check_file_content(self, file_sudo):
        if self.env.su:
            return  # the server's own, which it made or has inspected
        # a scan goes out in place of the paper, and to everybody
        self.env["hoithi.dossier.item"]._check_named_file(
            self.env._("Signed scans"),
            SCANS,
            SCAN_MB,
            file_sudo.name or "",
            file_sudo.raw or b"",
        )

    def _get_form_gaps(self):
        """Return what a form lacks that leaves the house, sentences in Vietnamese."""
        self.ensure_one()
        gaps = []
        if not self.is_signed:
            is_draft = self.state in UNISSUED
            gaps.append(
                wording.LACKS_FORM if is_draft else wording.LACKS_FORM_SIGNATURE
            )
        if not self._get_public_files():
            gaps.append(wording.LACKS_FORM_FILE)
        return gaps

    @api.model
    def _get_conversion_seconds(self):
        """Return how long LibreOffice may take in one act.

        Half of what Odoo leaves a worker before it kills it, the rest is for what else
        there is to do.
        """
        return get_worker_seconds(pdf.SECONDS, 1 / 2)

    @api.model
    def _convert(self, contents, seconds):
        """Return PDF files of `contents`, why there is none, and what came too late.

        :param seconds: for all of them
        :return: {document: file}, {document: reason}, documents
        """
        contents = {
            document: content
            for document, content in contents.items()
            if document._is_printed()
        }
        end = time.monotonic() + seconds
        pdfs, errors, late = {}, {}, self.browse()
        batch = contents
        while left := {d: c for d, c in contents.items() if d not in pdfs | errors}:
            seconds = end - time.monotonic()
            try:
                if seconds < MIN_SECONDS:
                    raise pdf.Overrun("")
                pdfs |= pdf.convert(batch, timeout=seconds, owner=self.env.cr.dbname)
            except pdf.EngineMissing:
                error = self.env._(
                    "The PDF can't be made: LibreOffice is missing on the server. Let "
                    "an administrator install it (Debian: libreoffice-writer-nogui and "
                    "fonts-liberation2), then make the files again. The Word file is "
                    "complete."
                )
                errors |= dict.fromkeys(left, error)
            except pdf.Overrun as failure:
                pdfs |= failure.made
                late = late.union(*(set(left) - set(pdfs)))
                errors |= dict.fromkeys(late, self._get_overrun_text())
            except pdf.ConversionError as failure:
                pdfs |= failure.made
                if len(batch) == 1:
                    errors[next(iter(batch))] = self.env._(
                        "LibreOffice could not make the PDF: %s. The Word file is "
                        "complete.",
                        failure,
                    )
            # one bad file mustn't take the others with it: from here on one by one
            batch = next(
                ({d: c} for d, c in contents.items() if d not in pdfs | errors), {}
            )
        return pdfs, errors, late

    @api.model
    def _get_overrun_text(self):
        return self.env._(
            "LibreOffice did not answer in time and was stopped. The Word file is "
            "complete: print from it, or make the files again later. Where that "
            "happens again, tell the administrator."
        )

    def _create_file(self, name, content, mimetype):
        self.ensure_one()
        return (
            self.env["ir.attachment"]
            # files of documents are made by the server alone
            .sudo()
            .create(
                {
                    "name": name,
                    "raw": content,
                    "mimetype": mimetype,
                    "res_model": self._name,
                    "res_id": self.id,
                }
            )
        )

    def _get_extension(self):
        return ".xlsx" if kinds.KINDS[self.kind].layout == "workbook" else ".docx"

    def _is_printed(self):
        """Tell whether a PDF is made: a workbook is worked with, not printed."""
        return self._get_extension() == ".docx"

    def _get_pdf_warning(self):
        """Return a notification that tells why a PDF is missing, or None."""
        error = next(filter(None, self.mapped("pdf_error")), None)
        if not error:
            return None
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "title": self.env._("No PDF"),
                "message": error,
                "type": "warning",
                "sticky": True,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }
