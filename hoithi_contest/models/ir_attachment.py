from odoo import models

#: Models whose readers get the files that belong to their records.
FILE_OWNERS = ("hoithi.dossier.item", "hoithi.outreach", "hoithi.plan.task")


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    def _can_return_content(self, field_name=None, access_token=None):
        """Give the file of a dossier, or of evidence, to whoever reads it there.

        Portal users have no right on attachments at all, so that Odoo's own check,
        which asks the record that a file belongs to, never comes to it.
        """
        # only to learn which record decides
        attachment_sudo = self.sudo()
        if (
            not access_token
            and attachment_sudo.res_model in FILE_OWNERS
            and attachment_sudo.res_id
        ):
            owner = self.env[attachment_sudo.res_model].browse(attachment_sudo.res_id)
            owner.check_access("read")
            return True
        return super()._can_return_content(field_name, access_token)
