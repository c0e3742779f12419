from odoo import models


class HoithiNomination(models.Model):
    _name = "hoithi.nomination"
    _inherit = ["hoithi.nomination", "hoithi.document.source"]

    def action_make_package(self):
        """Pack the province's dossier of all entries of the list in the background."""
        self.ensure_one()
        return self._make_package(self.line_ids)

    def _make_package(self, lines):
        return self.env["hoithi.document.run"]._start(
            self.contest_id, lines, purpose="package", nomination_id=self.id
        )
