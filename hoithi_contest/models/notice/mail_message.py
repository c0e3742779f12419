from odoo import models

from .hoithi_notice import PRIVATE


class MailMessage(models.Model):
    _inherit = "mail.message"

    def _filter_records_for_message_operation(self, doc_model, doc_res_ids, operation):
        """Leave out the letters that are shown to their readers alone."""
        records = super()._filter_records_for_message_operation(
            doc_model, doc_res_ids, operation
        )
        if doc_model != "hoithi.notice":
            return records
        return records.filtered(lambda notice: notice.kind not in PRIVATE)
