from odoo import models


class HoithiEntryAuthor(models.Model):
    """The consent to be named on public pages."""

    _inherit = "hoithi.entry.author"

    _consents = {"publication": ("consent_publish", "consent_on")}

    def _withdraw_purpose(self, key, reason=None):
        if key == "publication":
            self.action_withdraw_consent()
            return None
        return super()._withdraw_purpose(key, reason)
