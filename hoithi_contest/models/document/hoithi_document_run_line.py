import logging

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...lib.document import nd30, wording
from ...lib.guard import packaging, pdf
from ...tools import in_vietnamese

_logger = logging.getLogger(__name__)

#: Times in a row that LibreOffice may overrun before it is left alone.
TIMEOUTS = 3


class HoithiDocumentRunLine(models.Model):
    """One record that a run makes a document of."""

    _name = "hoithi.document.run.line"
    _inherit = ["hoithi.run.line.mixin"]
    _description = "Document to Make"
    _order = "run_id, id"
    _run_waiting, _run_line_reason = "pending", "error"

    run_id = fields.Many2one(
        "hoithi.document.run", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="run_id.company_id", store=True)
    user_id = fields.Many2one(related="run_id.user_id", store=True, index=True)
    res_model = fields.Char(string="Model", required=True)
    res_id = fields.Many2oneReference(
        string="Record", model_field="res_model", required=True
    )
    state = fields.Selection(
        [("pending", "Waiting"), ("done", "Made"), ("failed", "Error")],
        required=True,
        default="pending",
    )
    error = fields.Text(string="Why it failed")
    document_id = fields.Many2one("hoithi.document", index=True, ondelete="set null")

    _run_state_idx = models.Index("(run_id, state, attempts, id)")

    @api.depends("res_model", "res_id")
    def _compute_display_name(self):
        for model, lines in self.grouped("res_model").items():
            names = {}
            if model in self.env:
                records = self.env[model].browse(lines.mapped("res_id")).exists()
                names = {
                    record.id: record.display_name
                    for record in records._filtered_access("read")
                }
            for line in lines:
                line.display_name = names.get(line.res_id, f"#{line.res_id}")

    def _get_record(self):
        self.ensure_one()
        if not self.res_model or not self.res_id:
            return None
        return self.env[self.res_model].browse(self.res_id).exists()

    # MAKING

    def _make(self):
        """Make the documents of lines of one run; each is converted as it is filled.

        Each is made with the rights of who started the run. One that can't be made is
        marked with the reason and doesn't stop the others.
        """
        with pdf.Ahead(self.env.cr.dbname) as ahead:
            contents = self._fill_documents(ahead)
            if contents:
                self._store(contents, ahead)

    def _fill_documents(self, ahead):
        """Return the Word files of the documents of lines that are to be converted.

        Those of drafts are made; those of issued papers without a PDF are as they were
        issued.

        :param ahead: gets each as soon as it is there
        """
        run = self.run_id
        wants_pdf = run.form != "docx" and run.pdf_timeouts < TIMEOUTS
        user_lines = in_vietnamese(self.with_user(run.user_id)).with_context(
            tracking_disable=True, allowed_company_ids=run.company_id.ids
        )
        contents, present = {}, user_lines._find_documents()
        for line in user_lines:
            try:
                with self.env.cr.savepoint():
                    document = line._get_document(present)
                    content = line._get_content(document, wants_pdf)
                    document.flush_recordset()
                if content:
                    contents[document] = content
                    if wants_pdf and document._is_printed():
                        ahead.add(document, content)
                # a line is written by the server alone
                line.sudo()._open_door().write(
                    {"document_id": document.id, "state": "done", "error": False}
                )
            except OperationalError:
                # another transaction was first: the step begins anew
                raise
            except Exception as error:
                # lines are read and written by the run alone
                line_sudo = line.sudo()
                _logger.warning(
                    "Document of %s,%s not made",
                    line_sudo.res_model,
                    line_sudo.res_id,
                    exc_info=True,
                )
                line_sudo._open_door().document_id = False
                line_sudo._fail(line_sudo.run_id._explain_error(error))
        return contents

    @api.model
    def _get_content(self, document, wants_pdf):
        """Return the Word file of a document that is to be stored or converted."""
        if document.state == "draft":
            return document._fill()
        # whoever has it converted reads the paper
        return wants_pdf and document._lacks_pdf() and document.sudo().docx_id.raw

    def _store(self, contents, ahead):
        """Keep the files of documents; one without the PDF asked for has failed.

        What came too late for LibreOffice is tried again, alone. Where it doesn't
        answer at all, the others get their Word files without waiting for it.
        """
        run = self.run_id._open_door()
        documents = self.env["hoithi.document"]
        is_down = run.pdf_timeouts >= TIMEOUTS
        wants_pdf = run.form != "docx"
        late = documents._store_files(
            contents,
            with_pdf=wants_pdf and not is_down,
            pdf_error=wants_pdf and is_down and in_vietnamese(run)._get_down_text(),
            ahead=ahead,
        )
        run.pdf_timeouts = run.pdf_timeouts + 1 if is_down or late else 0
        for line in self:
            if len(self) > 1 and line.document_id in late:
                line._open_door().state = line._run_waiting
            elif wants_pdf and line.state == "done" and line.document_id.pdf_error:
                line._fail(line.document_id.pdf_error)

    def _get_source(self):
        """Return the record that the paper of a line is about."""
        self.ensure_one()
        # what the run is for; the record itself is read with the user's rights
        line_sudo = self.sudo()
        source = self.env[line_sudo.res_model].browse(line_sudo.res_id)
        if line_sudo.run_id.purpose == "package":
            return source.sudo().entry_id.sudo(False)
        return source

    def _get_kind(self):
        """Return the kind of paper that a line of one run is for."""
        # whoever started the run knows what it is for
        run_sudo = self.run_id.sudo()
        return "registration" if run_sudo.purpose == "package" else run_sudo.kind

    def _find_documents(self):
        """Return the papers that there are, by the record that they are about.

        All at once: the rules on papers cost more than the papers themselves.
        """
        documents, present = self.env["hoithi.document"], {}
        # what the run is for; papers are found with the user's rights
        for model, lines_sudo in self.sudo().grouped("res_model").items():
            sources = self.env[model].browse(lines_sudo.mapped("res_id")).exists()
            if lines_sudo.run_id.purpose == "package":
                sources = sources.sudo().entry_id
            for document in documents.search(
                [
                    ("kind", "=", self._get_kind()),
                    ("res_model", "=", sources._name),
                    ("res_id", "in", sources.ids),
                    ("state", "!=", "cancelled"),
                ]
            ):
                present.setdefault((sources._name, document.res_id), document)
        return present

    def _get_document(self, present):
        """Return the document of the line's record: the present one, or a new draft.

        A line may be about the very document, to be made anew.

        :param present: as `_find_documents` returns it
        :raises UserError: where the user may not read what it is about
        """
        source = self._get_source()
        if not source.has_access("read"):
            raise UserError(
                self.env._(
                    "You may not read what this is about, as it is in conflict with "
                    "you: let another secretary make it."
                )
            )
        documents = self.env["hoithi.document"]
        if source._name == documents._name:
            return source
        document = present.get((source._name, source.id))
        if not document:
            if not documents.has_access("create"):
                # a leader packs what no secretary made yet, and reads all of it
                documents = documents.sudo()
            document = documents.create(
                {
                    "kind": self._get_kind(),
                    # known to whoever started the run
                    "contest_id": self.sudo().run_id.contest_id.id,
                    "res_model": source._name,
                    "res_id": source.id,
                }
            )
        return document

    # PACKING

    def _add_entry(self, package, number):
        """Put the entry's form, confirmations and files into a folder of its own.

        The province gets the originals, never the copies redacted for the council.
        """
        self.ensure_one()
        nomination_line = self._get_record()
        entry = in_vietnamese(nomination_line.entry_id)
        folder = [f"{number:02d}_{packaging.slug(f'{entry.code} {entry.name}', 60)}"]
        document = in_vietnamese(self.document_id)
        form = document._get_kind_label()
        if not document.is_signed:
            form = f"{form}_{wording.UNSIGNED_FORM}"
        form = packaging.slug(form)
        # what can be edited stays in the house
        for file in document._get_public_files():
            extension = file.name.rpartition(".")[2]
            file._add_to_package(package, folder, f"01_{form}.{extension}")
        confirmation = in_vietnamese(self)._get_confirmation(entry)
        title = document.env._("Confirmations")
        package.add_bytes(
            folder,
            f"02_{packaging.slug(title)}.txt",
            ("\ufeff" + "\r\n".join(confirmation) + "\r\n").encode(),
        )
        for position, item in enumerate(entry.dossier_ids, 3):
            label = packaging.slug(item.type_id.name, 40)
            name = packaging.safe_name(item.filename)
            item.attachment_id._add_to_package(
                package, folder, f"{position:02d}_{label}_{name}"
            )

    def _get_missing(self):
        """Return what the folder of an entry lacks, a sentence each, in Vietnamese."""
        self.ensure_one()
        entry = in_vietnamese(self._get_record().entry_id)
        required = entry.contest_id.asked_dossier_type_ids.filtered("required")
        lacking = [
            *(
                wording.LACKS_FILE.format(name=dossier_type.name)
                for dossier_type in required - entry.dossier_ids.type_id
            ),
            *self.document_id._get_form_gaps(),
            *([] if entry.unit_confirmed_on else [wording.LACKS_UNIT]),
            *(
                wording.LACKS_SHARE.format(name=author.full_name)
                for author in entry._get_authors()
                if not author.confirmed_on
            ),
        ]
        return [f"{entry.code}: {text}" for text in lacking]

    def _get_confirmation(self, entry):
        """Return the lines that tell who confirmed application and shares, and when."""
        moment = entry.contest_id._format_moment
        lines = [f"{entry.code} – {entry.name}"]
        if entry.unit_confirmed_on:
            lines.append(
                self.env._(
                    "Application confirmed by %(name)s (%(unit)s) on %(moment)s",
                    name=entry.unit_confirmed_by.name,
                    unit=entry._get_unit_name() or "–",
                    moment=moment(entry.unit_confirmed_on),
                )
            )
            if entry.unit_confirm_note:
                lines.append(entry.unit_confirm_note)
        else:
            lines.append(self.env._("Application not confirmed by the unit"))
        for author in entry._get_authors():
            lines.append(
                self.env._(
                    "%(name)s: share %(share)s %%, confirmed on %(moment)s",
                    name=author.full_name,
                    share=nd30.decimal(author.contribution_percent),
                    moment=moment(author.confirmed_on),
                )
                if author.confirmed_on
                else self.env._(
                    "%(name)s: share %(share)s %%, not confirmed",
                    name=author.full_name,
                    share=nd30.decimal(author.contribution_percent),
                )
            )
        return lines
