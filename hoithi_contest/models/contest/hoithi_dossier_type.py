from odoo import api, fields, models
from odoo.exceptions import ValidationError

#: Code of the photograph that the registration form prints, where it is asked.
PHOTOGRAPH = "anh"


class HoithiDossierType(models.Model):
    """A slot of the dossier: what it takes, how large, and who may see it."""

    _name = "hoithi.dossier.type"
    _inherit = ["hoithi.catalogue.mixin", "hoithi.rule.mixin"]
    _description = "Dossier Type"
    _order = "sequence, id"
    _rule_fields = {
        "name": "name",
        "code": "code",
        "description": "description",
        "required": "required",
        "max_mb": "max_size_mb",
        "for_review": "for_review",
        "personal": "personal",
        "order": "sequence",
    }
    _rule_links = {"extensions": "allowed_extensions"}
    _number_ranges = {"max_size_mb": (None, 1000)}

    name = fields.Char(required=True, translate=True)
    code = fields.Char(
        help="Names the file that reviewers get, without the author's own file name."
    )
    description = fields.Char(translate=True)
    sequence = fields.Integer(default=10)
    required = fields.Boolean()
    allowed_extensions = fields.Char(
        required=True,
        default="pdf,docx,jpg,png",
        help="Without dots, separated by commas.",
    )
    max_size_mb = fields.Float(
        string="Largest size (MB)", default=20.0, required=True, aggregator=None
    )
    for_review = fields.Boolean(
        string="Shown to reviewers",
        default=True,
        help="Reviewers get a copy without the author's metadata and file name. Leave "
        "this off for what names the authors by its nature, as the registration form.",
    )
    personal = fields.Boolean(
        string="About the person",
        help="A photo or a form with contact data: its content is deleted when the "
        "years of keeping are over. Its name and checksum stay.",
    )
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        string="Department",
        index=True,
        default=lambda self: self._default_catalogue_company(),
    )

    _check_size = models.Constraint(
        "CHECK (max_size_mb > 0)", "The largest size must be above 0 MB."
    )

    @api.constrains("allowed_extensions")
    def _check_allowed_extensions(self):
        for dossier_type in self:
            extensions = dossier_type._get_extensions()
            if not extensions or not all(ext.isalnum() for ext in extensions):
                raise ValidationError(
                    self.env._(
                        "List the allowed extensions as “pdf,docx,png”, not “%s”.",
                        dossier_type.allowed_extensions,
                    )
                )

    def _get_extensions(self):
        """Return the allowed extensions, lower case, without dots."""
        self.ensure_one()
        return [
            extension.strip().lstrip(".").lower()
            for extension in (self.allowed_extensions or "").split(",")
            if extension.strip()
        ]

    def _is_photograph(self):
        """Tell whether it is the photograph of the representative author."""
        self.ensure_one()
        return self.personal and self.code == PHOTOGRAPH

    # RULES

    def _to_rule(self):
        return super()._to_rule() | {"extensions": self._get_extensions()}

    @api.model
    def _from_rule(self, rule):
        vals = super()._from_rule(rule)
        if "extensions" in rule:
            vals["allowed_extensions"] = ",".join(map(str.lower, rule["extensions"]))
        return vals
