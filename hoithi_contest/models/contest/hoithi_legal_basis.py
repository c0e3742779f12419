import base64

from odoo import api, fields, models


class HoithiLegalBasis(models.Model):
    """A text that the contest rests on, cited in order in its documents."""

    _name = "hoithi.legal.basis"
    _inherit = ["hoithi.file.mixin", "hoithi.guard.mixin", "hoithi.clock.mixin"]
    _description = "Legal Basis"
    _order = "contest_id, sequence, id"
    _rec_name = "number"

    _file_fields = ("attachment_id",)
    _text_extensions = ("pdf", "docx", "doc", "odt", "rtf", "jpg", "jpeg", "png")
    _text_max_mb = 50

    contest_id = fields.Many2one(
        "hoithi.contest", required=True, ondelete="cascade", index=True
    )
    sequence = fields.Integer(default=10)
    number = fields.Char(required=True)
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
        string="File name", compute="_compute_text_file", inverse="_inverse_text_file"
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
            file_sudo = basis.sudo().attachment_id
            basis.text_file = file_sudo.datas
            basis.text_name = file_sudo.name

    def _inverse_text_file(self):
        files = self.env["ir.attachment"]
        for basis in self:
            name = basis.text_name or self.env._("text.pdf")
            content = base64.b64decode(basis.text_file or b"")
            # who writes the basis may compare what stands there
            if content == (basis.attachment_id.sudo().raw or b""):
                continue
            basis.attachment_id = content and files.create(
                {"name": name, "raw": content}
            )

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
