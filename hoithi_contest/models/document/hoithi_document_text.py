from odoo import api, fields, models

from ..guard.hoithi_guard_mixin import EVERYTHING


class HoithiDocumentText(models.Model):
    """A passage of a document that the Office words itself, as the proposals."""

    _name = "hoithi.document.text"
    _inherit = ["hoithi.guard.mixin"]
    _description = "Text of a Document"
    _order = "document_id, sequence, id"

    _given_fields = {"document_id", "key"}
    _fixed_fields = {"is_approved": EVERYTHING}
    _fixed_rows = ("is_approved",)

    document_id = fields.Many2one(
        "hoithi.document", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="document_id.company_id", store=True)
    is_approved = fields.Boolean(related="document_id.is_approved")
    sequence = fields.Integer(default=10)
    key = fields.Selection(
        [
            ("addressees", "Addressees"),
            ("purpose", "Purpose"),
            ("opening", "Opening"),
            ("content", "Further content"),
            ("preparation", "What to prepare"),
            ("discussion", "Discussion"),
            ("conclusion", "Conclusion"),
            ("assessment", "Assessment"),
            ("difficulties", "Difficulties"),
            ("causes", "Causes"),
            ("lessons", "Lessons learned"),
            ("proposals", "Proposals"),
            ("closing", "Closing"),
        ],
        string="Passage",
        required=True,
        readonly=True,
    )
    content = fields.Text(help="One paragraph a line.")

    _unique_key = models.Constraint(
        "UNIQUE (document_id, key)", "The document has this passage already."
    )

    @api.depends("key")
    def _compute_display_name(self):
        labels = dict(self._fields["key"]._description_selection(self.env))
        for text in self:
            text.display_name = labels.get(text.key, "")

    # CRUD

    def write(self, vals):
        result = super().write(vals)
        if "content" in vals:
            self.document_id._mark_outdated()
        return result

    def unlink(self):
        self.document_id._mark_outdated()
        return super().unlink()

    # GUARD

    def _get_fixed_hint(self):
        return self.document_id._get_fixed_hint()
