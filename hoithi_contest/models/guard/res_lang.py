from odoo import api, models

from ...tools import VIETNAMESE


class ResLang(models.Model):
    _inherit = "res.lang"

    @api.model
    def _hoithi_get_default(self):
        """Return the language of readers of whom none is known: Vietnamese.

        Where it isn't active, the caller's own.
        """
        if self._get_data(code=VIETNAMESE):
            return VIETNAMESE
        return self.env.lang or "en_US"
