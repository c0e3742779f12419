from odoo import api, fields, models
from odoo.exceptions import ValidationError


class HoithiAgencySigner(models.Model):
    """Who signs for the agency, with which authority, and from when until when."""

    _name = "hoithi.agency.signer"
    _inherit = ["hoithi.guard.mixin", "hoithi.clock.mixin"]
    _description = "Signer"
    _clock_path = ""
    _order = "agency_id, sequence, id"

    agency_id = fields.Many2one(
        "hoithi.agency", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="agency_id.company_id", store=True)
    sequence = fields.Integer(default=10)
    name = fields.Char(
        required=True, help="As printed below the signature: without titles or degrees."
    )
    position = fields.Char(required=True, help="As in “Deputy Director”.")
    authority = fields.Selection(
        [
            ("kt", "KT. (in place of the head)"),
            ("tl", "TL. (by order)"),
            ("tm", "TM. (on behalf of a body)"),
            ("q", "Q. (acting)"),
            ("tuq", "TUQ. (authorised)"),
        ],
        help="Leave empty for the head, who signs in the own right.",
    )
    authority_for = fields.Char(
        string="In the name of",
        compute="_compute_authority_for",
        store=True,
        readonly=False,
        help="Printed after KT., TL., TM. or TUQ.: the head's title or the body.",
    )
    user_id = fields.Many2one("res.users")
    date_from = fields.Date(string="Valid from")
    date_to = fields.Date(string="Valid until")

    @api.depends("authority", "agency_id.head_title")
    def _compute_authority_for(self):
        for signer in self:
            if signer.authority in (False, "q"):
                signer.authority_for = False
            elif not signer.authority_for:
                signer.authority_for = signer.agency_id.head_title

    @api.depends("name", "position")
    def _compute_display_name(self):
        for signer in self:
            signer.display_name = " – ".join(
                filter(None, [signer.name, signer.position])
            )

    @api.constrains("date_from", "date_to")
    def _check_dates(self):
        for signer in self:
            if (
                signer.date_from
                and signer.date_to
                and signer.date_from > signer.date_to
            ):
                raise ValidationError(
                    self.env._("“Valid from” must not be later than “Valid until”.")
                )

    def _is_valid_at(self, date):
        """Tell whether the person signs for the agency at `date`."""
        self.ensure_one()
        return (not self.date_from or self.date_from <= date) and (
            not self.date_to or date <= self.date_to
        )
