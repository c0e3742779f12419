from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from ...lib.document import copying, nd30, wording
from ...tools import in_vietnamese
from ..guard.hoithi_states import UNISSUED
from .hoithi_document_reach import TOLD


class HoithiDocument(models.Model):
    """A copy of an issued paper is a paper of its own (Decree 30/2020, chapter II, 3).

    It is made from what was issued, has a number of the one series that all copies of
    an agency and a year share, and is signed by who copies.
    """

    _inherit = "hoithi.document"

    copy_form = fields.Selection(
        [
            ("whole", "True copy (sao y)"),
            ("again", "Copy of a copy (sao lục)"),
            ("part", "Excerpt (trích sao)"),
        ],
        string="Form of the copy",
        copy=False,
        help="A true copy and an excerpt are made of the document itself, a copy of a "
        "copy of a true copy.",
    )
    original_id = fields.Many2one(
        "hoithi.document",
        string="Copied document",
        readonly=True,
        copy=False,
        ondelete="restrict",
        index="btree_not_null",
    )
    copy_ids = fields.One2many(
        "hoithi.document", "original_id", string="Copies", readonly=True
    )

    # COMPUTE

    @api.depends("kind", "original_id")
    def _compute_told(self):
        copies = self.filtered(
            lambda document: document.kind == "copy" and document.original_id
        )
        super(HoithiDocument, self - copies)._compute_told()
        for document in copies:
            # whoever reads the document reads its copies; as it is kept there
            original_sudo = document.original_id.sudo()
            for name in TOLD:
                document[name] = original_sudo[name]

    @api.depends("copy_form")
    def _compute_symbol(self):
        super()._compute_symbol()

    # CONSTRAINTS

    @api.constrains("kind", "copy_form", "original_id")
    def _check_copy(self):
        for document in self:
            # what there is to copy is told apart for whoever makes the copy
            original_sudo = document.original_id.sudo()
            if document.kind != "copy":
                if document.copy_form or original_sudo:
                    raise ValidationError(
                        self.env._("Only a copy has a copied document.")
                    )
                continue
            if not original_sudo or original_sudo.state in UNISSUED:
                raise ValidationError(
                    self.env._("Choose the issued document that is copied.")
                )
            of_copy = original_sudo.kind == "copy"
            if of_copy != (document.copy_form == "again") or (
                of_copy and original_sudo.copy_form != "whole"
            ):
                raise ValidationError(
                    self.env._(
                        "Of a document a true copy or an excerpt is made; of a true "
                        "copy, a copy of a copy alone."
                    )
                )

    # CRUD

    @api.model
    def _prepare_vals(self, vals):
        vals = super()._prepare_vals(vals)
        if vals.get("kind") == "copy":
            original = self.browse(vals.get("res_id"))
            vals["original_id"] = original.id
            # only to tell what it is
            of_copy = original.sudo().kind == "copy"
            vals["copy_form"] = vals.get("copy_form") or (
                "again" if of_copy else "whole"
            )
        return vals

    def _fill_defaults(self, vals):
        super()._fill_defaults(vals)
        if self.kind == "copy" and not vals.get("subject"):
            # of the form that was asked for; it is the draft that is just being made
            self.sudo().subject = self._get_copy_subject()

    def write(self, vals):
        proposed = self.browse()
        if vals.get("copy_form") and "subject" not in vals:
            # what the Office worded itself stays
            proposed = self.filtered(
                lambda document: (
                    document.copy_form
                    and document.subject == document._get_copy_subject()
                )
            )
        result = super().write(vals)
        for document in proposed:
            document.subject = document._get_copy_subject()
        return result

    # ACTION

    def action_make_copy(self):
        """Draft the paper that is a copy of an issued one.

        :return: the action that opens the draft
        :raises AccessError: for anyone but a secretary
        :raises UserError: unless the document is issued, stands and has a PDF
        """
        self.ensure_one()
        self.check_access("read")
        self._check_drafter()
        if self.state in UNISSUED or not self.issued_on:
            raise UserError(
                self.env._("“%s” isn't issued yet: only then it is copied.", self.name)
            )
        self._check_standing()
        if not self._get_copied_file():
            raise UserError(
                self.env._(
                    "“%s” has no PDF to copy: make the files again, or upload the "
                    "signed file.",
                    self.name,
                )
            )
        copy = self.create(
            {
                "kind": "copy",
                "contest_id": self.contest_id.id,
                "res_model": self._name,
                "res_id": self.id,
            }
        )
        return self._get_form_action(copy)

    # BUSINESS

    @api.model
    def _get_followed(self):
        return SQL(
            "CASE WHEN document.kind = 'copy' THEN document.original_id ELSE %s END",
            super()._get_followed(),
        )

    def _get_copy_subject(self):
        """Return the subject that is proposed for a copy of its form."""
        self.ensure_one()
        return self._get_kind_model()._propose_subject(
            in_vietnamese(self.original_id), self.copy_form
        )

    def _get_copied_file(self):
        """Return the PDF that copies are made of: as it was signed, if it was."""
        self.ensure_one()
        # who copies reads the paper, and so what went out of it
        document_sudo = self.sudo()
        files = document_sudo._get_sent_files() | document_sudo.pdf_id
        return files.filtered(lambda file: file.mimetype == "application/pdf")[:1]

    def _finish_pdf(self, content):
        content = super()._finish_pdf(content)
        if not content or self.kind != "copy" or self.copy_form == "part":
            return content
        try:
            return copying.compose(
                self.original_id._get_copied_file().raw or b"", content, self.subject
            )
        except copying.Unfit as error:
            raise UserError(
                self.env._(
                    "The PDF of “%s” can't be read, so that no copy is made of it: "
                    "upload the signed file anew.",
                    self.original_id.name,
                )
            ) from error

    def _get_abbreviation(self):
        if self.kind == "copy" and self.copy_form:
            return wording.COPIES[self.copy_form][1]
        return super()._get_abbreviation()

    @api.model
    def _get_symbols(self, symbol):
        """Return the symbols of all forms of a copy."""
        abbreviation, dash, rest = (symbol or "").partition("-")
        abbreviations = [its for _title, its in wording.COPIES.values()]
        if dash and abbreviation in abbreviations:
            return tuple(nd30.symbol(its, rest) for its in abbreviations)
        return super()._get_symbols(symbol)
