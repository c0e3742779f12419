from odoo import api, fields, models
from odoo.exceptions import ValidationError


class HoithiAgencySigner(models.Model):
    """Who signs for the agency, with which authority, and from when until when."""

    _name = "hoithi.agency.signer"
    _inherit = ["hoithi.guard.mixin", "hoithi.clock.mixin"]
    _description = "Signer"
    _clock_path = ""
    _order = "agency_id, sequence, id"
    _person_fields_sorted = _person_path = ("name",)

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
            ("tm_kt", "TM., KT. (in place of the head of a body)"),
            ("tl_kt", "TL., KT. (in place of who signs by order)"),
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
    authority_head = fields.Char(
        string="In place of",
        compute="_compute_authority_head",
        store=True,
        readonly=False,
        help="Where two lines stand above the position: whom the deputy stands for, "
        "as “Chủ tịch” below “TM. ỦY BAN NHÂN DÂN”.",
    )
    user_id = fields.Many2one("res.users")
    date_from = fields.Date(string="Valid from")
    date_to = fields.Date(string="Valid until")

    @api.depends("authority", "agency_id.head_title", "agency_id.name")
    def _compute_authority_for(self):
        for signer in self:
            if signer.authority in (False, "q"):
                signer.authority_for = False
            elif not signer.authority_for:
                signer.authority_for = signer._get_authority_for(signer.authority)

    @api.depends("authority", "agency_id.head_title", "agency_id.office_name")
    def _compute_authority_head(self):
        for signer in self:
            if signer.authority not in ("tm_kt", "tl_kt"):
                signer.authority_head = False
            elif not signer.authority_head:
                signer.authority_head = signer._get_authority_head(signer.authority)

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

    def _get_authority_for(self, authority):
        """Return in whose name a form of signing is, by default."""
        agency = self.agency_id
        return agency.name if authority in ("tm", "tm_kt") else agency.head_title

    def _get_authority_head(self, authority):
        """Return whom a deputy stands for by default, below a first line of its own."""
        agency = self.agency_id
        return {
            "tm_kt": agency.head_title,
            "tl_kt": agency._get_house_words()["office_head"],
        }.get(authority, False)

    def _is_head(self):
        """Tell whether the person is the head: also an acting one, or a body's."""
        self.ensure_one()
        return not self.authority or (
            self.authority in ("q", "tm")
            and (self.position or "").casefold()
            == (self.agency_id.head_title or "").casefold()
        )

    def _is_valid_at(self, date):
        """Tell whether the person signs for the agency at `date`."""
        self.ensure_one()
        return (not self.date_from or self.date_from <= date) and (
            not self.date_to or date <= self.date_to
        )
