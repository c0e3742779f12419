from odoo import models


class HoithiEntry(models.Model):
    """What came in of a nominated entry that the province had sent back."""

    _inherit = "hoithi.entry"

    def _on_return_handed_in(self):
        super()._on_return_handed_in()
        self._attest("entry.supplemented")
        # authors read no nomination; their entry's line follows what they handed in
        lines_sudo = self.env["hoithi.nomination.line"].sudo()
        lines_sudo.search(
            [("entry_id", "in", self.ids), ("state", "=", "returned")]
        )._follow_supplement()
