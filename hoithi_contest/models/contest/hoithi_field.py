from odoo import api, fields, models

#: Icons of the national contest's fields, in the order of its list.
DRAWINGS = ("chip", "gear", "flask", "leaf", "health", "book")


class HoithiField(models.Model):
    """A field of competition: the province's official name and the house's wording."""

    _name = "hoithi.field"
    _inherit = ["hoithi.catalogue.mixin", "hoithi.rule.mixin"]
    _description = "Field of Competition"
    _order = "sequence, id"
    _rec_names_search = ["name", "local_name"]
    _rule_fields = {
        "name": "name",
        "local_name": "local_name",
        "description": "description",
        "code": "province_code",
        "order": "sequence",
    }

    name = fields.Char(string="Official name", required=True, translate=True)
    local_name = fields.Char(translate=True)
    description = fields.Text(translate=True)
    province_code = fields.Char(help="Code of this field in the province's own list.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        string="Department",
        index=True,
        default=lambda self: self._default_catalogue_company(),
    )

    @api.depends("name", "local_name")
    def _compute_display_name(self):
        for field in self:
            field.display_name = field.local_name or field.name

    def _get_drawing(self):
        """Return the name of the icon of this field, as its pages show it."""
        self.ensure_one()
        code = (self.province_code or "").strip()
        by_code = dict(enumerate(DRAWINGS, 1))
        return by_code.get(int(code) if code.isdecimal() else 0, "book")
