from odoo import models


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _hoithi_get_lang(self):
        """Return the language in which the person is written to."""
        self.ensure_one()
        languages = self.env["res.lang"]
        if languages._get_data(code=self.lang):
            return self.lang
        return languages._hoithi_get_default()
