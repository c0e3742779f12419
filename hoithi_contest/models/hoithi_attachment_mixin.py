import base64
import os

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Command


class HoithiAttachmentMixin(models.AbstractModel):
    """Files that prove something: checked as those of a dossier, bound to the record.

    A file that is linked becomes the record's, so that whoever reads the record may
    download it; nobody gets at another's file by linking it.
    """

    _name = "hoithi.attachment.mixin"
    _description = "Files as evidence"

    _evidence_extensions = ("pdf", "docx", "doc", "xlsx", "jpg", "jpeg", "png")
    _evidence_max_mb = 20

    attachment_ids = fields.Many2many("ir.attachment", string="Files", copy=False)

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        records._bind_attachments(records.browse().attachment_ids)
        return records

    def write(self, vals):
        if "attachment_ids" not in vals:
            return super().write(vals)
        # which files are linked already, whoever may read them
        before_sudo = self.sudo().attachment_ids
        result = super().write(vals)
        self._bind_attachments(before_sudo)
        return result

    def _bind_attachments(self, known):
        """Check the files that aren't among `known` and make them the record's own.

        :raises AccessError: for a file that isn't the caller's
        :raises ValidationError: for a file of another kind or too large
        """
        for record in self:
            # staff have no right on attachments; the checks here stand for it
            for attachment_sudo in record.sudo().attachment_ids - known:
                is_own = (
                    attachment_sudo.res_model == self._name
                    and attachment_sudo.res_id == record.id
                )
                is_loose = (
                    not attachment_sudo.res_id
                    and not attachment_sudo.res_field
                    and attachment_sudo.create_uid == self.env.user
                )
                if not (self.env.su or is_own or is_loose):
                    raise AccessError(self.env._("This file isn't yours to attach."))
                self._check_evidence(attachment_sudo.name, attachment_sudo.raw)
                attachment_sudo.write(
                    {"res_model": self._name, "res_id": record.id, "public": False}
                )

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
