from odoo import fields, models


class HoithiReasonPart(models.TransientModel):
    """A slot of the dossier, or a text, that a supplement may be asked for."""

    _name = "hoithi.reason.part"
    _description = "What a Supplement is Asked for"
    _inherit = ["hoithi.text.mixin"]
    _order = "id"

    wizard_id = fields.Many2one("hoithi.reason", required=True, ondelete="cascade")
    name = fields.Char(readonly=True)
    type_id = fields.Many2one("hoithi.dossier.type", readonly=True)
    field_name = fields.Char(readonly=True, export_string_translation=False)
    is_asked = fields.Boolean(string="Ask for it")
