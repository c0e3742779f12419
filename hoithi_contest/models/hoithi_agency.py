from odoo import api, fields, models
from odoo.exceptions import ValidationError


class HoithiAgency(models.Model):
    """How the department is named in documents, and from when until when."""

    _name = "hoithi.agency"
    _description = "Agency Profile"
    _order = "date_from desc, id desc"
    _check_company_auto = True

    name = fields.Char(required=True)
    parent_name = fields.Char(string="Parent agency")
    abbreviation = fields.Char()
    symbol = fields.Char(
        string="Document symbol",
        help="The part of a document's number after its kind, as STNMT in KH-STNMT.",
    )
    place_name = fields.Char(string="Place", help="Printed before the date.")
    province_name = fields.Char(string="Province")
    head_title = fields.Char(string="Title of the head")
    date_from = fields.Date(string="Valid from")
    date_to = fields.Date(string="Valid until")
    company_id = fields.Many2one(
        "res.company",
        string="Department",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )

    @api.constrains("date_from", "date_to")
    def _check_dates(self):
        for agency in self:
            if (
                agency.date_from
                and agency.date_to
                and agency.date_from > agency.date_to
            ):
                raise ValidationError(
                    self.env._("“Valid from” must not be later than “Valid until”.")
                )
