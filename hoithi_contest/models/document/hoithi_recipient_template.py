from odoo import api, fields, models
from odoo.exceptions import AccessError

from ...lib.document import kinds
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
    partner_id = fields.Many2one(
        "res.partner", string="Contact", check_company=True, index="btree_not_null"
    )
    role = fields.Selection(ROLES, required=True, default="inform")
    heading = fields.Char(
        help="Heading that the line stands under, as one of electronic copies."
    )

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._check_contacts()
        return lines

    def write(self, vals):
        result = super().write(vals)
        if {"kind", "partner_id"} & set(vals):
            self._check_contacts()
        return result

    def _check_contacts(self):
        """Let nobody have papers sent that the own role may not read.

        :raises AccessError: for a contact that the administrator names
        """
        if self.env.su or self.env.user.has_group("hoithi_contest.group_secretary"):
            return
        for line in self:
            is_public = "publisher" in kinds.get_reach(line.kind).readers
            if line.partner_id and not is_public:
                raise AccessError(
                    self.env._(
                        "Papers of this kind aren't for your role, so the secretary "
                        "says to which contact they are sent: enter “%s” by name "
                        "alone.",
                        line.name,
                    )
                )
