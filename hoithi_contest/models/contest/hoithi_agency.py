import itertools
from datetime import date

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...lib.contest import house


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
    own_name = fields.Char(
        string="Calls itself", help="Within a sentence, as “Sở”, “Chi cục”, “Ban”."
    )
    office_name = fields.Char(
        string="Office", help="Who drafts the papers, as “Văn phòng Sở”."
    )
    office_head_name = fields.Char(
        string="Head of the office", help="As “Chánh Văn phòng Sở”."
    )
    office_symbol = fields.Char(
        string="Symbol of the office", help="At the end of a letter's symbol, as VP."
    )
    head_name = fields.Char(string="Head, within a sentence", help="As “Giám đốc Sở”.")
    units_name = fields.Char(
        string="Units, within a sentence",
        help="As “các phòng chuyên môn, đơn vị trực thuộc Sở”.",
    )
    unit_heads_name = fields.Char(
        string="Heads of the units",
        help="As “Trưởng các phòng chuyên môn, Thủ trưởng các đơn vị trực thuộc Sở”.",
    )
    whole_words = fields.Text(
        string="Words kept on one line",
        help="Words and names of several syllables, one a line, that no heading is "
        "broken inside. Common words and the names of places in those of the agency "
        "and its units need not be entered.",
    )
    own_hint = fields.Char(compute="_compute_hints", export_string_translation=False)
    office_hint = fields.Char(compute="_compute_hints", export_string_translation=False)
    office_head_hint = fields.Char(
        compute="_compute_hints", export_string_translation=False
    )
    office_symbol_hint = fields.Char(
        compute="_compute_hints", export_string_translation=False
    )
    head_hint = fields.Char(compute="_compute_hints", export_string_translation=False)
    units_hint = fields.Char(compute="_compute_hints", export_string_translation=False)
    unit_heads_hint = fields.Char(
        compute="_compute_hints", export_string_translation=False
    )
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

    @api.depends("name", "head_title")
    def _compute_hints(self):
        """Say what papers print as long as the profile doesn't say otherwise."""
        for agency in self:
            words = house.words(agency.name or "", agency.head_title or "")
            for key, value in words._asdict().items():
                agency[f"{key}_hint"] = value

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

    def _get_house_words(self, name=""):
        """Return how the agency speaks of its office, head and units.

        :param name: the agency's name on the paper, where it isn't this profile's
        """
        words = house.words(name or self.name or "", self.head_title or "")
        return {
            "own": self.own_name or words.own,
            "office": self.office_name or words.office,
            "office_head": self.office_head_name or words.office_head,
            "head": self.head_name or words.head,
            "units": self.units_name or words.units,
            "unit_heads": self.unit_heads_name or words.unit_heads,
        }

    def _get_office_symbol(self):
        """Return what the symbol of a letter ends with."""
        self.ensure_one()
        return self.office_symbol or self.office_symbol_hint

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
