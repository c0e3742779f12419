import base64
import binascii

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..guard.hoithi_guard_mixin import EVERYTHING


class HoithiLegalBasis(models.Model):
    """A text that the contest rests on, cited in order in its documents."""

    _name = "hoithi.legal.basis"
    _inherit = ["hoithi.file.mixin", "hoithi.guard.mixin", "hoithi.clock.mixin"]
    _description = "Legal Basis"
    _order = "contest_id, sequence, id"
    _rec_name = "number"

    _fixed_fields = {"contest_is_over": EVERYTHING}
    _fixed_rows = ("contest_is_over",)
    # what the public page shows goes on being the Office's
    _open_fields = {"publish_text"}

    _file_fields = ("attachment_id",)
    _text_extensions = ("pdf", "docx", "doc", "odt", "rtf", "jpg", "jpeg", "png")
    _text_max_mb = 50

    contest_id = fields.Many2one(
        "hoithi.contest", required=True, ondelete="cascade", index=True
    )
    contest_is_over = fields.Boolean(related="contest_id.is_over")
    sequence = fields.Integer(default=10)
    number = fields.Char(
        help="As 1601/QĐ-UBND; empty for a basis that is no text, cited as its subject "
        "says it."
    )
    date = fields.Date()
    issuer = fields.Char()
    subject = fields.Char(required=True)
    short_name = fields.Char(help="Short form, used after the first mention.")
    cited_in_plan = fields.Boolean(
        string="Cited in the plan",
        default=True,
        help="Printed among the bases of the plan.",
    )
    attachment_id = fields.Many2one(
        "ir.attachment", string="File of the text", copy=False, index="btree_not_null"
    )
    text_file = fields.Binary(
        string="Text", compute="_compute_text_file", inverse="_inverse_text_file"
    )
    text_name = fields.Char(
        string="File name", compute="_compute_text_name", inverse="_inverse_text_file"
    )
    publish_text = fields.Boolean(
        string="Text on the public page",
        copy=False,
        help="Visitors may download the text, as that of the rules of the contest.",
    )

    @api.depends("attachment_id")
    @api.depends_context("bin_size")
    def _compute_text_file(self):
        for basis in self:
            # who reads the basis reads its text
            basis.text_file = basis.sudo().attachment_id.datas

    @api.depends("attachment_id")
    def _compute_text_name(self):
        for basis in self:
            # as above
            basis.text_name = basis.sudo().attachment_id.name

    def _inverse_text_file(self):
        files = self.env["ir.attachment"]
        # web forms ask for sizes, which are no content
        for basis in self.with_context(bin_size=False):
            # who writes the basis may compare what stands there
            file_sudo = basis.attachment_id.sudo()
            name = basis.text_name
            try:
                content = base64.b64decode(basis.text_file or b"")
            except (binascii.Error, ValueError) as error:
                raise ValidationError(
                    self.env._(
                        "The file “%s” arrived damaged: upload it again.", name or ""
                    )
                ) from error
            if not content and name and not file_sudo:
                raise ValidationError(
                    self.env._("Upload the text that “%s” names.", name)
                )
            if content and not name and file_sudo:
                raise ValidationError(self.env._("Name the file of the text."))
            if content != (file_sudo.raw or b""):
                name = name or self.env._("text.pdf")
                basis.attachment_id = content and files.create(
                    {"name": name, "raw": content}
                )
            elif content and name != file_sudo.name:
                # the record renames its file, as nobody else may
                file_sudo.name = name
                basis._check_file_content(file_sudo)

    def _check_file_content(self, file_sudo):
        if self.env.su:
            return  # not an upload
        self.env["hoithi.dossier.item"]._check_named_file(
            self.env._("Text of the legal basis"),
            self._text_extensions,
            self._text_max_mb,
            file_sudo.name or "",
            file_sudo.raw or b"",
        )

    @api.depends("number", "subject")
    def _compute_display_name(self):
        for basis in self:
            basis.display_name = " – ".join(filter(None, [basis.number, basis.subject]))
