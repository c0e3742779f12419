from odoo import models


class MailMail(models.Model):
    _inherit = "mail.mail"

    def _postprocess_sent_message(
        self, success_pids, success_emails, failure_reason=False, failure_type=None
    ):
        # the ledger belongs to nobody; the queue tells it what became of its e-mails,
        # before those that were sent are deleted
        notices_sudo = (
            self.env["hoithi.notice"].sudo().search([("mail_id", "in", self.ids)])
        )
        if notices_sudo:
            failure = ""
            if failure_type:
                labels = dict(
                    self._fields["failure_type"]._description_selection(self.env)
                )
                failure = str(
                    failure_reason or labels.get(failure_type) or failure_type
                )
            notices_sudo._note_delivery(failure)
        return super()._postprocess_sent_message(
            success_pids,
            success_emails,
            failure_reason=failure_reason,
            failure_type=failure_type,
        )
