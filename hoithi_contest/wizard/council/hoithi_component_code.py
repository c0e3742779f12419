import base64

from odoo import fields, models


class HoithiComponentCode(models.TransientModel):
    """Codes to vote with: made once, to be printed or sent by the Office."""

    _name = "hoithi.component.code"
    _inherit = ["hoithi.text.mixin"]
    _description = "Codes to Vote with"
    _number_ranges = {"number": (1, 5000)}

    component_id = fields.Many2one("hoithi.component", required=True, readonly=True)
    number = fields.Integer(string="How many", default=100, required=True)
    file = fields.Binary(string="List of codes", readonly=True, attachment=False)
    filename = fields.Char(readonly=True, default="ma-binh-chon.csv")

    # ACTION

    def action_make(self):
        """Make the codes and show their list; only marks of them are kept.

        :raises UserError: where the vote takes no codes
        """
        self.ensure_one()
        self.check_access("write")
        codes = self.component_id._make_codes(self.number)
        lines = [self.env._("Code"), *codes]
        text = "\ufeff" + "\n".join(lines)
        self.file = base64.b64encode(text.encode())
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Codes to Vote with"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }
