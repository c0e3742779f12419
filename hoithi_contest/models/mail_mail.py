from odoo import models


class MailMail(models.Model):
    _inherit = "mail.mail"

    def _postprocess_sent_message(
        self, success_pids, success_emails, failure_reason=False, failure_type=None
    ):
        """Tell the dispatch of documents what became of its e-mails."""
        # deliveries are recorded by the server alone, whoever runs the mail queue
        lines_sudo = (
            self.env["hoithi.document.recipient"]
            .sudo()
            .search([("mail_id", "in", self.ids), ("state", "=", "pending")])
        )
        lines_sudo._record_delivery(
            (failure_reason or failure_type) if failure_type else ""
        )
        return super()._postprocess_sent_message(
            success_pids, success_emails, failure_reason, failure_type
        )
