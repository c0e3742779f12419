import re

from odoo import models

#: What fails again whatever the server does: the address is wrong.
LASTING = ("mail_email_invalid", "mail_email_missing", "mail_bl", "mail_optout")
#: Answers by which a server refuses a letter for good, as smtplib and servers write
#: them; 53x are about the own login. Any other number is a port, a second or a size.
REFUSED = re.compile(
    r"""(?:^|[(\s])5(?!3)\d\d(?:,\s*b?['"]|[ -]\#?5\.\d+\.\d+\b)"""
    r"|^5(?!3)\d\d(?:[ -]|$)",
    re.MULTILINE,
)


class MailMail(models.Model):
    _inherit = "mail.mail"

    def _postprocess_sent_message(
        self, success_pids, success_emails, failure_reason=False, failure_type=None
    ):
        """Tell what was sent what became of its e-mails.

        Before Odoo does its part, which deletes those that were sent.
        """
        if failure_type:
            for mail in self:
                mail._hoithi_note_failure(
                    failure_type, failure_reason or mail.failure_reason
                )
        else:
            self._hoithi_note_delivery("")
        return super()._postprocess_sent_message(
            success_pids,
            success_emails,
            failure_reason=failure_reason,
            failure_type=failure_type,
        )

    def _hoithi_note_failure(self, failure_type, failure_reason):
        """Record why an e-mail wasn't sent, and whether it makes sense to try again."""
        # the mail queue has no language, and the Office reads it
        lang = self.env["res.lang"]._hoithi_get_default()
        labels = dict(
            self._fields["failure_type"]._description_selection(
                self.with_context(lang=lang).env
            )
        )
        reason = str(failure_reason or labels.get(failure_type) or failure_type or "?")
        lasting = failure_type in LASTING or bool(REFUSED.search(reason))
        self._hoithi_note_delivery(reason, lasting)

    def _hoithi_note_delivery(self, failure, lasting=True):
        """Record the delivery with what the e-mails carried.

        :param failure: its reason; empty where the e-mails were sent
        :param lasting: whether it would fail again
        """
        # the server alone records deliveries, whoever runs the mail queue
        self.env["hoithi.notice"].sudo()._open_door().search(
            [("mail_id", "in", self.ids)]
        )._note_delivery(failure, lasting)
