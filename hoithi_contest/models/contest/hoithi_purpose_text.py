from odoo import api, fields, models


class HoithiPurposeText(models.Model):
    """A version of the words that people agree to, as it was shown from a day on.

    Nobody changes or deletes one: what somebody agreed to stays readable. Other words
    are another version.
    """

    _name = "hoithi.purpose.text"
    _inherit = ["hoithi.catalogue.mixin", "hoithi.clock.mixin"]
    _clock_path = ""
    _description = "Words of a Consent"
    _order = "purpose_id, number desc"
    _rec_name = "number"

    _given_fields = {"purpose_id", "text", "company_id"}

    purpose_id = fields.Many2one(
        "hoithi.purpose", required=True, index=True, ondelete="restrict"
    )
    number = fields.Integer(
        string="Version", readonly=True, copy=False, default=1, aggregator=None
    )
    text = fields.Text(string="Words", required=True, translate=True)
    valid_from = fields.Datetime(
        string="Shown from",
        readonly=True,
        copy=False,
        required=True,
        default=fields.Datetime.now,
    )
    company_id = fields.Many2one(
        "res.company",
        string="Department",
        index=True,
        default=lambda self: self._default_catalogue_company(),
        help="Empty: the words of all departments that have none of their own.",
    )

    _unique_number = models.UniqueIndex(
        "(purpose_id, number)", "Each version has its number."
    )

    @api.model_create_multi
    def create(self, vals_list):
        if self._is_data_load():
            return super().create(vals_list)
        vals_list = self._check_given(vals_list)
        purposes = {vals.get("purpose_id") for vals in vals_list}
        # versions of other departments count as well
        last = dict(
            self.sudo()._read_group(
                [("purpose_id", "in", list(purposes))],
                ["purpose_id"],
                ["number:max"],
            )
        )
        last = {purpose.id: number for purpose, number in last.items()}
        numbered = []
        for vals in vals_list:
            purpose = vals.get("purpose_id")
            last[purpose] = last.get(purpose, 0) + 1
            numbered.append({**vals, "number": last[purpose]})
        texts = super(HoithiPurposeText, self._open_door()).create(numbered)
        return texts.with_env(self.env)
