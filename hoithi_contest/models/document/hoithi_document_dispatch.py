from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..contest.hoithi_preview_mixin import Preview

SECRETARY = ("hoithi_contest.group_secretary",)


class HoithiDocument(models.Model):
    """How an issued paper goes out to its recipients."""

    _inherit = "hoithi.document"

    _previews = {
        "action_dispatch": "_preview_dispatch",
        "action_publish": "_preview_publication",
    }

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

        :raises UserError: where a document isn't issued, or has no file but the one
            that can be edited
        """
        self._check_sender()
        self._check_sent_files()
        for document in self:
            lines = document._get_waiting_lines()
            if lines:
                lines._lock_lines()._queue()
        return True

    def action_ask_dispatch(self):
        """Show to whom the paper goes, and what to look at before, then ask."""
        self.ensure_one()
        self._check_sender()
        return self._ask_act("action_dispatch", self.env._("Send the Document"))

    def _preview_dispatch(self):
        """Return what sending the paper now does."""
        self.ensure_one()
        self._check_office()
        lines = self._get_waiting_lines()
        by_mail = lines.filtered("partner_id.email_normalized")
        on_paper = lines - by_mail
        effects = []
        for text, some in (
            (self.env._("sends it by e-mail to %(number)s: %(names)s"), by_mail),
            (self.env._("puts %(number)s on the list for paper: %(names)s"), on_paper),
        ):
            if some:
                names = self.contest_id._join_some(some.mapped("name"))
                effects.append(text % {"number": len(some), "names": names})
        if not lines:
            effects.append(self.env._("sends nothing: all recipients have it"))
        return Preview(
            effects,
            (
                self._try_check(self._check_sender),
                self._try_check(self._check_sent_files),
            ),
            self._get_signature_remarks(),
        )

    def action_ask_publish(self):
        """Show what everybody would see, and what to look at before, then ask."""
        self.ensure_one()
        self._check_publisher()
        return self._ask_act("action_publish", self.env._("Publish the Document"))

    def _preview_publication(self):
        """Return what showing the paper to everybody now does."""
        self.ensure_one()
        self._check_publisher()
        return Preview(
            [
                self.env._(
                    "shows “%s” with its file to everybody, on the public page of the "
                    "contest",
                    self.display_name,
                )
            ],
            (self._try_check(lambda: self._check_publishable("is_published")),),
            self._get_signature_remarks(),
        )

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

    def _get_signature_remarks(self):
        """Return what is to be seen to of the signatures before the paper goes out."""
        self.ensure_one()
        if self._is_doubtful():
            return (self.signature_gaps,)
        if self.signature_gaps:
            return (
                self.env._(
                    "The signatures aren't those of its signer and the agency: see "
                    "“Signatures to see to”."
                ),
            )
        if self.is_official and not self.is_signed:
            return (
                self.env._(
                    "It isn't signed: what goes out is no original. Sign it digitally, "
                    "or upload the scan of the signed paper first."
                ),
            )
        return ()

    def _get_waiting_lines(self):
        """Return the recipients to whom the paper is still to go."""
        return self.recipient_ids.filtered(
            lambda line: line.role != "archive" and line.state == "waiting"
        )

    def _check_office(self):
        self.check_access("write")
        if not self.env.su and not self.env.user.has_groups(",".join(SECRETARY)):
            raise AccessError(self.env._("Only a secretary sends documents."))

    def _check_sender(self):
        self._check_office()
        for document in self:
            if document.state != "issued":
                raise UserError(self.env._("“%s” isn't issued yet.", document.name))

    def _check_sent_files(self):
        """Refuse to send what has no file that may leave the house."""
        for document in self:
            if not document._get_sent_files():
                raise UserError(
                    self.env._(
                        "“%s” has no PDF yet, and the Word file isn't sent to anybody: "
                        "make the PDF, or upload the scan of the signed paper.",
                        document.name,
                    )
                )
