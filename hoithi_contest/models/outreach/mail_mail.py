from odoo import models


class MailMail(models.Model):
    _inherit = "mail.mail"

    def _hoithi_note_delivery(self, failure, lasting=True):
        # the server alone records deliveries, whoever runs the mail queue
        self.env["hoithi.staff.invite.run.line"].sudo()._open_door().search(
            [("mail_id", "in", self.ids), ("state", "=", "done")]
        )._record_delivery(failure, lasting)
        return super()._hoithi_note_delivery(failure, lasting)
