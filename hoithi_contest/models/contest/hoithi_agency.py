import itertools
from datetime import date

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class HoithiAgency(models.Model):
    """How the department is named in documents, and from when until when."""

    _name = "hoithi.agency"
    _inherit = ["hoithi.guard.mixin", "hoithi.clock.mixin"]
    _description = "Agency Profile"
    _clock_path = ""
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
    signer_ids = fields.One2many("hoithi.agency.signer", "agency_id", string="Signers")
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

    @api.constrains("date_from", "date_to", "company_id")
    def _check_overlap(self):
        """One profile a day: a document takes the agency from its date."""
        for company, agencies in (
            self.search([("company_id", "in", self.company_id.ids)])
            .grouped("company_id")
            .items()
        ):
            ordered = agencies.sorted(lambda agency: agency.date_from or date.min)
            for former, latter in itertools.pairwise(ordered):
                if (former.date_to or date.max) >= (latter.date_from or date.min):
                    raise ValidationError(
                        self.env._(
                            "“%(former)s” and “%(latter)s” of %(company)s are valid at "
                            "the same time: end the former before the latter begins.",
                            former=former.name,
                            latter=latter.name,
                            company=company.name,
                        )
                    )

    @api.model_create_multi
    def create(self, vals_list):
        agencies = super().create(vals_list)
        # which profile names the department on pages and letters is a setting; the
        # first one that is described can be no other
        for company_sudo, profiles in agencies.sudo().grouped("company_id").items():
            if not company_sudo.hoithi_agency_id:
                company_sudo.hoithi_agency_id = profiles[0]
        return agencies

    @api.model
    def _get_at(self, company, day):
        """Return the profile of `company` that is valid at `day`, or none."""
        return self.search(
            [
                ("company_id", "=", company.id),
                "|",
                ("date_from", "=", False),
                ("date_from", "<=", day),
                "|",
                ("date_to", "=", False),
                ("date_to", ">=", day),
            ],
            limit=1,
        )
