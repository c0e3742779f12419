from odoo import fields, models

from .hoithi_document_recipient import ROLES


class HoithiRecipientTemplate(models.Model):
    """A recipient that new documents of a kind begin with."""

    _name = "hoithi.recipient.template"
    _inherit = ["hoithi.guard.mixin"]
    _description = "Usual Recipient"
    _order = "company_id, kind, sequence, id"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company",
        string="Department",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    kind = fields.Selection(
        lambda self: self.env["hoithi.document"]._get_kinds(),
        help="Leave empty for documents whose kind has no list of its own.",
    )
    sequence = fields.Integer(default=10)
    name = fields.Char(required=True)
    partner_id = fields.Many2one("res.partner", string="Contact", check_company=True)
    role = fields.Selection(ROLES, required=True, default="inform")
    heading = fields.Char(
        help="Heading that the line stands under, as one of electronic copies."
    )
