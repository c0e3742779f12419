from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

SECRETARY = ("hoithi_contest.group_secretary",)


class HoithiDocument(models.Model):
    """How an issued paper goes out to its recipients."""

    _inherit = "hoithi.document"

    waiting_count = fields.Integer(
        string="Recipients to send to", compute="_compute_delivery_counts"
    )
    failed_count = fields.Integer(
        string="Deliveries that failed", compute="_compute_delivery_counts"
    )
    retry_count = fields.Integer(
        string="Deliveries tried again", compute="_compute_delivery_counts"
    )
    paper_count = fields.Integer(
        string="Recipients on paper", compute="_compute_delivery_counts"
    )

    # COMPUTE

    @api.depends(
        "recipient_ids.state", "recipient_ids.role", "recipient_ids.failing_since"
    )
    def _compute_delivery_counts(self):
        counts, failing = {}, {}
        # counts alone; the names are for the Office
        for document, state, count, since_count in (
            self.env["hoithi.document.recipient"]
            .sudo()
            ._read_group(
                [("document_id", "in", self.ids), ("role", "!=", "archive")],
                ["document_id", "state"],
                ["__count", "failing_since:count"],
            )
        ):
            counts[document.id, state] = count
            failing[document.id] = failing.get(document.id, 0) + since_count
        for document in self:
            document_id = document._origin.id
            document.waiting_count = counts.get((document_id, "waiting"), 0)
            document.failed_count = counts.get((document_id, "failed"), 0)
            document.retry_count = failing.get(document_id, 0)
            document.paper_count = counts.get((document_id, "paper"), 0) + counts.get(
                (document_id, "handed"), 0
            )

    # ACTION

    def action_dispatch(self):
        """Send issued documents by e-mail to the recipients that weren't sent them.

        Who has no e-mail address goes on the paper list. However often it is called,
        each recipient gets one e-mail.

        :raises UserError: where a document isn't issued
        """
        self._check_sender()
        for document in self:
            lines = document.recipient_ids.filtered(
                lambda line: line.role != "archive" and line.state == "waiting"
            )
            if lines:
                lines._lock_lines()._queue()
        return True

    def action_resend(self):
        """Send again to the recipients whose e-mail failed, or is to be tried again."""
        failed = self.recipient_ids.filtered(
            lambda line: line.state == "failed" or line.failing_since
        )
        return failed.action_resend()

    def action_print_paper_list(self):
        """Return the page that lists who gets the documents on paper."""
        self.check_access("read")
        return self.env.ref(
            "hoithi_contest.hoithi_document_report_paper_list"
        ).report_action(self)

    # BUSINESS

    def _check_sender(self):
        self.check_access("write")
        if not self.env.su and not self.env.user.has_groups(",".join(SECRETARY)):
            raise AccessError(self.env._("Only a secretary sends documents."))
        for document in self:
            if document.state != "issued":
                raise UserError(self.env._("“%s” isn't issued yet.", document.name))
