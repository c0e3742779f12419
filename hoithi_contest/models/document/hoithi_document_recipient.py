import logging

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...lib.guard import moments
from ...tools import LAYOUT
from ..guard.hoithi_guard_mixin import EVERYTHING
from ..guard.hoithi_states import DELIVERED, DISPATCHED, state_flag
from ..notice.hoithi_delivery_mixin import CALM

_logger = logging.getLogger(__name__)

ROLES = [
    ("report", "To report (b/c)"),
    ("coordinate", "To coordinate (p/h)"),
    ("implement", "To carry out (t/h)"),
    ("inform", "For information"),
    ("archive", "To file"),
]


class HoithiDocumentRecipient(models.Model):
    """A line of “Nơi nhận”: who gets a document, in which role, and whether it came.

    Lines of a contest are its list, from which documents take a copy of their own.
    """

    _name = "hoithi.document.recipient"
    _inherit = [
        "hoithi.guard.mixin",
        "hoithi.delivery.mixin",
        "hoithi.clock.mixin",
    ]
    _description = "Recipient of a Document"
    _clock_path = "document_id.contest_id"
    _order = "contest_id, document_id, sequence, id"
    _delivery_cron = "cron_send_documents"

    _fixed_fields = {
        "is_approved": EVERYTHING,
        # who gets it is part of the paper; an address may be put right later
        "is_dispatched": {"partner_id"},
    }
    _fixed_rows = ("is_approved",)

    contest_id = fields.Many2one("hoithi.contest", ondelete="cascade", index=True)
    document_id = fields.Many2one("hoithi.document", ondelete="cascade", index=True)
    company_id = fields.Many2one(
        "res.company", compute="_compute_company_id", store=True, index=True
    )
    sequence = fields.Integer(default=10)
    name = fields.Char(required=True)
    partner_id = fields.Many2one(
        "res.partner", string="Contact", index="btree_not_null"
    )
    role = fields.Selection(ROLES, required=True, default="inform")
    heading = fields.Char(
        help="Heading that the line stands under, as one of electronic copies."
    )
    state = fields.Selection(
        [
            ("waiting", "Not sent"),
            ("pending", "Sending"),
            ("sent", "Sent"),
            ("failed", "Failed"),
            ("paper", "On paper"),
            ("handed", "Handed over"),
        ],
        string="Delivery",
        default="waiting",
        required=True,
        readonly=True,
        copy=False,
        index=True,
    )
    is_approved = fields.Boolean(related="document_id.is_approved")
    is_dispatched = state_flag("Sent or Sending", DISPATCHED)
    is_delivered = state_flag("Delivered", DELIVERED)
    sent_on = fields.Datetime(readonly=True, copy=False)
    sent_to = fields.Char(string="Sent to", readonly=True, copy=False)
    handed_on = fields.Date(string="Handed over on", readonly=True, copy=False)
    error = fields.Char(string="Why it failed", readonly=True, copy=False)
    is_held_back = fields.Boolean(
        string="Held back",
        readonly=True,
        copy=False,
        help="The contest was called off before it left; it leaves if that is undone.",
    )
    mail_id = fields.Many2one(
        "mail.mail", readonly=True, copy=False, index="btree_not_null"
    )

    _check_owner = models.Constraint(
        "CHECK ((contest_id IS NULL) <> (document_id IS NULL))",
        "A recipient belongs to a contest's list or to one document.",
    )
    _unique_partner = models.UniqueIndex(
        "(document_id, partner_id)"
        " WHERE document_id IS NOT NULL AND partner_id IS NOT NULL",
        "This contact is a recipient of the document already.",
    )

    @api.depends("contest_id", "document_id")
    def _compute_company_id(self):
        for line in self:
            line.company_id = (line.document_id or line.contest_id).company_id

    # CRUD

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.document_id._mark_outdated()
        return lines

    def write(self, vals):
        if not self.env.su:
            self.document_id._mark_outdated()
        return super().write(vals)

    def unlink(self):
        self.document_id._mark_outdated()
        return super().unlink()

    # GUARD

    def _get_fixed_hint(self):
        return self.document_id._get_fixed_hint()

    # BUSINESS

    @api.model
    def _get_defaults(self, document):
        """Return values of the recipients that a new document begins with.

        The department's list for the kind comes first, then the kind's own, as of
        letters to authors, then the contest's list, then the department's list for all
        kinds.
        """
        template_model = self.env["hoithi.recipient.template"]
        domain = [("company_id", "=", document.company_id.id)]
        lines = template_model.search([*domain, ("kind", "=", document.kind)])
        usual = document.contest_id.recipient_ids or template_model.search(
            [*domain, ("kind", "=", False)]
        )
        own = document._get_kind_model()._recipients
        if not lines and own:
            agency = document._get_kind_model()._get_agency_context(document)
            archive = usual.filtered(lambda line: line.role == "archive")[:1]
            return [
                {"sequence": 10 * number, "name": name, "role": role}
                for number, (name, role) in enumerate(
                    [
                        *((name.format(**agency), role) for name, role in own),
                        (archive.name or "VT", "archive"),
                    ],
                    1,
                )
            ]
        lines = lines or usual
        return [
            {
                "sequence": line.sequence,
                "name": line.name,
                "partner_id": line.partner_id.id,
                "role": line.role,
                "heading": line.heading,
            }
            for line in lines
        ]

    # ACTION

    def action_resend(self):
        """Send to those whose e-mail failed, as after an address was put right.

        What waits to be tried again is sent without waiting any longer.
        """
        self.document_id._check_sender()
        self.document_id._check_sent_files()
        lines_sudo = self._lock_lines().filtered(
            lambda line: line.state == "failed" or line.failing_since
        )
        # the failed e-mail must not go out as well, should someone retry it by hand
        lines_sudo.mail_id.filtered(lambda mail: mail.state != "sent").cancel()
        lines_sudo.write({"state": "waiting", "mail_id": False, "error": False, **CALM})
        lines_sudo._queue()
        return True

    def action_hand_over(self):
        """Record that the paper was handed over today."""
        self.document_id._check_sender()
        lines_sudo = self._lock_lines()
        if any(line.state in DISPATCHED for line in lines_sudo):
            raise UserError(
                self.env._("The document was sent to this recipient already.")
            )
        today = self.document_id.contest_id[:1]._get_today()
        lines_sudo.filtered(lambda line: line.state != "handed").write(
            {"state": "handed", "handed_on": today}
        )
        return True

    # BUSINESS: dispatch

    def _lock_lines(self):
        """Lock the lines, so that a double click or a second server waits its turn.

        :return: the lines as superuser: deliveries are recorded by the server alone
        :raises LockError: where another sends them just now
        """
        # the acts that lead here have checked who sends
        lines_sudo = self.sudo()._open_door()
        lines_sudo.lock_for_update()
        lines_sudo.invalidate_recordset(["state", "mail_id"])
        return lines_sudo

    def _queue(self):
        """Queue the lines not sent yet for e-mail; who has no address gets paper."""
        lines = self.filtered(
            lambda line: line.state == "waiting" and line.role != "archive"
        )
        by_mail = lines.filtered("partner_id.email_normalized")
        (lines - by_mail).write({"state": "paper"})
        taken = {
            line.partner_id.email_normalized: line.name
            for line in self.document_id.recipient_ids
            if line.state in DISPATCHED
        }
        for line in by_mail:
            address = line.partner_id.email_normalized
            if address in taken:
                # two contacts of one address would get it twice
                line.write(
                    {
                        "state": "failed",
                        "error": self.env._(
                            "Has the same e-mail address as “%s”.", taken[address]
                        ),
                    }
                )
                continue
            taken[address] = line.name
            line.state = "pending"
        if by_mail:
            self._wake()

    @api.model
    def _cron_send_documents(self, limit=100):
        """Send what is pending: each line is marked in the transaction of its e-mail.

        A run that breaks off or overlaps with another sends nothing twice.
        """
        self._note_lost_letters()
        domain = [
            ("state", "=", "pending"),
            "|",
            "&",
            ("mail_id", "=", False),
            ("send_after", "=", False),
            ("send_after", "<=", fields.Datetime.now()),
        ]
        lines = self.search(domain, limit=limit, order="id")
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=self.search_count(domain))
        for line in lines:
            line = line[0].try_lock_for_update().filtered_domain(domain)
            if line:
                line._send()
            if not cron._commit_progress(1):
                break

    def _send(self):
        """Queue the e-mail of one line, with the document and its scans."""
        self.ensure_one()
        document = self.document_id
        # an e-mail that failed could still be sent by its own queue, and arrive twice
        self.mail_id.filtered(lambda mail: mail.state != "sent").unlink()
        # what is signed is the paper itself
        files = document._get_sent_files()
        if document.state != "issued" or not files:
            self.write({"state": "waiting", **CALM})
            return
        partner = self.partner_id
        if not partner.email_normalized:
            self.write({"state": "paper", **CALM})
            return
        template = self.env.ref("hoithi_contest.mail_template_document")
        template = template._hoithi_by_server().with_context(
            lang=partner._hoithi_get_lang()
        )
        try:
            with self.env.cr.savepoint():
                mail_id = template.send_mail(
                    self.id,
                    email_values={
                        "recipient_ids": partner.ids,
                        "attachment_ids": files.ids,
                        **document.company_id._hoithi_get_envelope(document),
                    },
                    email_layout_xmlid=LAYOUT,
                )
        except Exception as error:
            _logger.warning("Document %s could not be sent", document.id, exc_info=True)
            self._record_delivery(str(error))
            return
        self.write(
            {
                "send_after": False,
                "mail_id": mail_id,
                "mail_reference": self.env["mail.mail"].browse(mail_id).message_id,
                "sent_to": partner.email_normalized,
            }
        )

    @api.model
    def _note_bounce(self, references):
        """Record that e-mails came back.

        :param references: their Message-Ids
        """
        lines = self._open_door().search(
            [("mail_reference", "in", references), ("state", "=", "sent")]
        )
        lines._record_delivery(self.env._("The e-mail came back: check the address."))

    def _withdraw(self):
        """Hold what waits to be sent, as its document was cancelled."""
        lines = self.filtered(lambda line: line.state == "pending")
        unsent = lines.mail_id.filtered(lambda m: m.state in ("outgoing", "exception"))
        unsent.cancel()
        lines.write({"state": "waiting", "mail_id": False, "error": False, **CALM})

    def _hold_back(self):
        """Hold what waits to be sent, as its contest was called off."""
        self.write({"is_held_back": True})
        self._withdraw()

    def _go_on(self):
        """Send what was held back, where it wasn't sent by hand meanwhile."""
        waiting = self.filtered(
            lambda line: line.state == "waiting" and line.document_id.state == "issued"
        )
        self.write({"is_held_back": False})
        waiting._queue()

    def _note_sent(self):
        now = fields.Datetime.now()
        self.write({"state": "sent", "sent_on": now, "error": False, **CALM})

    def _note_failed(self, failure):
        self.write({"state": "failed", "error": failure, **CALM})

    @api.model
    def _note_lost_letters(self):
        """Find the letters of which the mail server broke off without an answer."""
        lost = self.search(
            [
                ("state", "=", "pending"),
                ("send_after", "=", False),
                ("mail_id.state", "=", "exception"),
            ]
        )
        for mail in lost.mail_id:
            mail._hoithi_note_failure(mail.failure_type, mail.failure_reason)

    @api.model
    def _get_mail_trouble(self, company):
        """Return what the Office has to know of documents that don't leave.

        :return: a sentence with what to do, or an empty text
        """
        # only how many, since when and why
        [[count, since, error]] = self.sudo()._read_group(
            [("company_id", "=", company.id), ("failing_since", "!=", False)],
            aggregates=["__count", "failing_since:min", "error:max"],
        )
        if not count:
            return ""
        return self.env._(
            "The mail server has taken no e-mail since %(since)s. Recipients of "
            "documents that wait: %(count)s. They are tried again by themselves; let "
            "the administrator of the system look after the server: %(reason)s",
            since=moments.write_moment(
                since, company.partner_id.tz or moments.DEFAULT_TZ
            ),
            count=count,
            reason="".join((error or "").strip().splitlines()[-1:]),
        )
