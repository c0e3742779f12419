from odoo import api, models


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    @api.model
    def _routing_handle_bounce(self, email_message, message_dict):
        result = super()._routing_handle_bounce(email_message, message_dict)
        # the mail gateway has no right on the ledger, and tells it no more than this
        self.env["hoithi.notice"].sudo()._note_bounce(
            message_dict.get("bounced_msg_ids")
        )
        return result
