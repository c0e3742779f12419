from odoo import api, models


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    @api.model
    def _hoithi_note_bounce(self, references):
        # the mail gateway has no right on invitations, and tells them no more than this
        self.env["hoithi.staff.invite.run.line"].sudo()._note_bounce(references)
        return super()._hoithi_note_bounce(references)
