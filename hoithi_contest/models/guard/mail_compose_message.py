from odoo import models

from .mail_mail import by_writer


class MailComposeMessage(models.TransientModel):
    _inherit = "mail.compose.message"

    def _action_send_mail_mass_mail(self, res_ids, auto_commit=False):
        return super(MailComposeMessage, by_writer(self))._action_send_mail_mass_mail(
            res_ids, auto_commit=auto_commit
        )
