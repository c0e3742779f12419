from odoo import api, fields, models
from odoo.exceptions import UserError

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
    _description = "Recipient of a Document"
    _order = "contest_id, document_id, sequence, id"

    # Told by the dispatch alone.
    _server_fields = {"state", "error", "sent_on", "sent_to", "handed_on", "mail_id"}

    contest_id = fields.Many2one("hoithi.contest", ondelete="cascade", index=True)
    document_id = fields.Many2one("hoithi.document", ondelete="cascade", index=True)
    company_id = fields.Many2one(
        "res.company", compute="_compute_company_id", store=True, index=True
    )
    sequence = fields.Integer(default=10)
    name = fields.Char(required=True)
    partner_id = fields.Many2one("res.partner", string="Contact")
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
    sent_on = fields.Datetime(readonly=True, copy=False)
    sent_to = fields.Char(string="Sent to", readonly=True, copy=False)
    handed_on = fields.Date(string="Handed over on", readonly=True, copy=False)
    error = fields.Char(string="Why it failed", readonly=True, copy=False)
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
        if not self.env.su:
            vals_list = [
                {k: v for k, v in vals.items() if k not in self._server_fields}
                for vals in vals_list
            ]
        lines = super().create(vals_list)
        lines.document_id._check_draft()
        lines.document_id._mark_outdated()
        return lines

    def write(self, vals):
        if not self.env.su:
            if self._server_fields & set(vals):
                raise UserError(
                    self.env._("The delivery is recorded by the dispatch alone.")
                )
            # who gets it is part of the paper; an address may be put right later
            if set(vals) - {"partner_id"}:
                self.document_id._check_draft()
            elif any(line.state in ("pending", "sent") for line in self):
                raise UserError(
                    self.env._("The document was sent to this recipient already.")
                )
            self.document_id._mark_outdated()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_frozen(self):
        self.document_id._check_draft()

    # BUSINESS

    @api.model
    def _get_defaults(self, document):
        """Return values of the recipients that a new document begins with.

        The department's list for the kind comes first, then the contest's list, then
        the department's list for all kinds.
        """
        template_model = self.env["hoithi.recipient.template"]
        domain = [("company_id", "=", document.company_id.id)]
        lines = (
            template_model.search([*domain, ("kind", "=", document.kind)])
            or document.contest_id.recipient_ids
            or template_model.search([*domain, ("kind", "=", False)])
        )
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
