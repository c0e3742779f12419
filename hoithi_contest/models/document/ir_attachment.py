from odoo import models
from odoo.exceptions import AccessError


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    def _check_access(self, operation):
        """Keep drafts and scans of papers to the Office.

        Odoo gives a record's attachments to all who read the record.
        """
        result = super()._check_access(operation)
        if self.env.su or operation != "read":
            return result
        refused, error = result or (self.browse(), None)
        # only to learn which record each file belongs to
        papers_sudo = (
            (self - refused)
            .sudo()
            .filtered(lambda file: file.res_model == "hoithi.document" and file.res_id)
        )
        if not papers_sudo:
            return result
        documents = self.env["hoithi.document"].browse(papers_sudo.mapped("res_id"))
        documents = documents.exists()
        office = documents._filtered_access("write")
        # the paper itself is for all who read the document
        shown_sudo = documents.sudo()._get_shown_files()
        hidden = (papers_sudo - shown_sudo).filtered(
            lambda file: file.res_id not in office.ids
        )
        if not hidden:
            return result
        return refused | hidden.sudo(False), error or (
            lambda: AccessError(self.env._("This file is for the Office alone."))
        )

    def _can_return_content(self, field_name=None, access_token=None):
        """Give the paper itself to whoever reads the document."""
        # only to learn which record decides
        attachment_sudo = self.sudo()
        if (
            not access_token
            and attachment_sudo.res_id
            and attachment_sudo.res_model == "hoithi.document"
        ):
            document = self.env["hoithi.document"].browse(attachment_sudo.res_id)
            # only to learn whether the file is the document itself
            if attachment_sudo in document.sudo()._get_shown_files():
                document.check_access("read")
                return True
        return super()._can_return_content(field_name, access_token)
