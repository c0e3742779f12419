from odoo import api, fields, models

BASES = [
    ("consent", "Consent of the person"),
    ("rules", "Rules of the contest that the person takes part in"),
    ("duty", "Task that the law gives to the authority"),
]
#: External ids of the purposes that code knows begin so; their keys end them.
PURPOSE_XMLID = "hoithi_contest.hoithi_purpose_"


class HoithiPurpose(models.Model):
    """What personal data is kept for: a line of the register of processing.

    The addon brings a line for each purpose that one of its rooms keeps data for; what
    people read of their own data, and agree to, is told from the same lines. A
    department words them as its legal officer wants, and adds what it does besides.
    """

    _name = "hoithi.purpose"
    _inherit = ["hoithi.catalogue.mixin", "hoithi.clock.mixin"]
    _description = "Purpose of Processing"
    _order = "sequence, id"
    _clock_path = ""

    _given_fields = {"company_id"}

    key = fields.Char(
        readonly=True,
        copy=False,
        export_string_translation=False,
        help="By which the addon knows the purpose; empty for the department's own.",
    )
    name = fields.Char(string="Purpose", required=True, translate=True)
    sequence = fields.Integer(default=100)
    basis = fields.Selection(
        BASES,
        string="Rests on",
        required=True,
        default="rules",
        help="On what the processing rests; the department's legal officer checks it.",
    )
    people = fields.Char(string="Whose data", required=True, translate=True)
    categories = fields.Text(string="Which data", required=True, translate=True)
    recipients = fields.Text(string="Who receives it", required=True, translate=True)
    kept = fields.Text(
        string="How long it is kept",
        required=True,
        translate=True,
        help="Contact data goes after the years that the settings name.",
    )
    withdrawal = fields.Text(
        string="What a withdrawal means",
        translate=True,
        help="Told to whoever takes the consent back, before it is done.",
    )
    text_ids = fields.One2many(
        "hoithi.purpose.text", "purpose_id", string="Words that people agree to"
    )
    words = fields.Text(string="Words of today", compute="_compute_words")
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        string="Department",
        index=True,
        default=lambda self: self._default_catalogue_company(),
    )

    _unique_key = models.UniqueIndex(
        "(key) WHERE key IS NOT NULL", "The addon knows a purpose only once."
    )

    @api.depends_context("company", "lang")
    @api.depends("text_ids.text")
    def _compute_words(self):
        for purpose in self:
            purpose.words = purpose._get_text(self.env.company).text

    @api.model
    def _find(self, key):
        """Return the purpose that code calls `key`, as superuser, or none.

        What data is kept for is no secret, and everybody is told it.
        """
        found = self.env["ir.model.data"]._xmlid_to_res_id(f"{PURPOSE_XMLID}{key}")
        # portal users have no right on the register
        return self.sudo().browse(found or ())

    @api.model
    def _get_words(self, key, company):
        """Return the words in which people are asked today for what `key` names."""
        return self._find(key)._get_text(company).text or ""

    def _get_text(self, company):
        """Return the version of the words that holds today.

        A department's own words come before those for all departments.
        """
        texts = self.text_ids.filtered(
            lambda text: text.company_id in (company, company.browse())
        )
        return texts.sorted(lambda t: (bool(t.company_id), t.number))[-1:]
