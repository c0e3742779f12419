from odoo import api, fields, models


class HoithiLegalBasis(models.Model):
    """A text that the contest rests on, cited in order in its documents."""

    _name = "hoithi.legal.basis"
    _inherit = ["hoithi.guard.mixin"]
    _description = "Legal Basis"
    _order = "contest_id, sequence, id"
    _rec_name = "number"

    contest_id = fields.Many2one(
        "hoithi.contest", required=True, ondelete="cascade", index=True
    )
    sequence = fields.Integer(default=10)
    number = fields.Char(required=True)
    date = fields.Date()
    issuer = fields.Char()
    subject = fields.Char(required=True)
    short_name = fields.Char(help="Short form, used after the first mention.")
    cited_in_plan = fields.Boolean(
        string="Cited in the plan",
        default=True,
        help="Printed among the bases of the plan.",
    )
    attachment_id = fields.Many2one("ir.attachment", string="Text", copy=False)
    publish_text = fields.Boolean(
        string="Text on the public page",
        copy=False,
        help="Visitors may download the text, as that of the rules of the contest.",
    )

    @api.depends("number", "subject")
    def _compute_display_name(self):
        for basis in self:
            basis.display_name = " – ".join(filter(None, [basis.number, basis.subject]))
