from odoo import models


class MailMail(models.Model):
    _inherit = "mail.mail"

    def _postprocess_sent_message(
        self, success_pids, success_emails, failure_reason=False, failure_type=None
    ):
        """Tell what was sent what became of its e-mails.

        Before Odoo does its part, which deletes those that were sent.
        """
        labels = dict(self._fields["failure_type"]._description_selection(self.env))
        self._hoithi_note_delivery(
            str(failure_reason or labels.get(failure_type) or failure_type)
            if failure_type
            else ""
        )
        return super()._postprocess_sent_message(
            success_pids,
            success_emails,
            failure_reason=failure_reason,
            failure_type=failure_type,
        )

    def _hoithi_note_delivery(self, failure):
        """Record the delivery with what the e-mails carried.

        :param failure: its reason; empty where the e-mails were sent
        """
        # the server alone records deliveries, whoever runs the mail queue
        self.env["hoithi.notice"].sudo()._open_door().search(
            [("mail_id", "in", self.ids)]
        )._note_delivery(failure)
