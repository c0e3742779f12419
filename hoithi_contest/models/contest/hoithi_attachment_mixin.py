import base64
import os

from odoo import api, fields, models
from odoo.fields import Command


class HoithiAttachmentMixin(models.AbstractModel):
    """Files that prove something: checked as a dossier's, owned by the record."""

    _name = "hoithi.attachment.mixin"
    _description = "Files as evidence"
    _inherit = ["hoithi.file.mixin"]

    _file_fields = ("attachment_ids",)
    #: Whoever reads the record gets its files, also who has no right on attachments.
    _readers_get_files = True

    _evidence_extensions = ("pdf", "docx", "doc", "xlsx", "jpg", "jpeg", "png")
    _evidence_max_mb = 20

    attachment_ids = fields.Many2many("ir.attachment", string="Files", copy=False)

    def _check_file_content(self, file_sudo):
        self._check_evidence(file_sudo.name, file_sudo.raw)

    @api.model
    def _check_evidence(self, filename, content):
        """Check name, size and content of a file; return its MIME type.

        :raises ValidationError: telling what is taken
        """
        return self.env["hoithi.dossier.item"]._check_named_file(
            self.env._("Files"),
            self._evidence_extensions,
            self._evidence_max_mb,
            filename or "",
            content or b"",
        )

    def _add_evidence(self, filename, content):
        """Attach a file that was uploaded from the portal.

        :param content: bytes
        :raises ValidationError: for a file that isn't taken
        """
        self.ensure_one()
        self.check_access("write")
        self.env["hoithi.dossier.item"]._count_uploads(1)
        filename = os.path.basename((filename or "").replace("\\", "/")).strip()
        mimetype = self._check_evidence(filename, content)
        # portal users have no right to create attachments; the checks above stand for
        # it
        attachment_sudo = (
            self.env["ir.attachment"]
            .sudo()
            .create(
                {
                    "name": filename,
                    "datas": base64.b64encode(content),
                    "mimetype": mimetype,
                    "res_model": self._name,
                    "res_id": self.id,
                }
            )
        )
        # who may attach was checked above; readers have no right on attachments
        self.sudo().write({"attachment_ids": [Command.link(attachment_sudo.id)]})
        return attachment_sudo
