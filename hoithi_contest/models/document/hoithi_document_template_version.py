from odoo import api, fields, models


class HoithiDocumentTemplateVersion(models.Model):
    """A Word template as it was uploaded; documents keep which they were made from."""

    _name = "hoithi.document.template.version"
    _inherit = ["hoithi.file.mixin", "hoithi.guard.mixin", "hoithi.clock.mixin"]
    _clock_path = ""
    _description = "Version of a Word Template"
    _order = "template_id, number desc"

    _file_fields = ("attachment_id",)

    template_id = fields.Many2one(
        "hoithi.document.template", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="template_id.company_id", store=True)
    number = fields.Integer(string="Version", required=True, aggregator=None)
    attachment_id = fields.Many2one(
        "ir.attachment", required=True, ondelete="restrict", index=True
    )
    file = fields.Binary(compute="_compute_file")
    file_name = fields.Char(related="attachment_id.name", related_sudo=True)
    sha256 = fields.Char(string="SHA-256", required=True)
    user_id = fields.Many2one("res.users", string="Uploaded by", required=True)
    create_date = fields.Datetime(string="Uploaded on")

    _unique_number = models.Constraint(
        "UNIQUE (template_id, number)", "The template has this version already."
    )

    @api.depends("template_id.kind", "number")
    def _compute_display_name(self):
        for version in self:
            version.display_name = (
                f"{version.template_id.display_name} v{version.number}"
            )

    @api.depends("attachment_id")
    def _compute_file(self):
        for version in self:
            # who reads the version reads its file
            version.file = version._origin.attachment_id.sudo().datas

    def action_use(self):
        """Take this version into use again."""
        self.ensure_one()
        self.template_id.check_access("write")
        self.template_id._open_door().version_id = self
        return True
