from odoo import api, models

from ...lib.guard import pdf


class HoithiHealth(models.Model):
    _inherit = "hoithi.health"

    @api.model
    def _get_keys(self):
        return [*super()._get_keys(), ("pdf", self.env._("Making PDF files"))]

    @api.model
    def _examine(self, company):
        return [*super()._examine(company), ("pdf", *self._examine_pdf(company))]

    @api.model
    def _examine_pdf(self, company):
        if not pdf.engine():
            return "block", self.env._("LibreOffice isn't installed on the server.")
        failed = self.env["hoithi.document"].search_count(
            [
                ("company_id", "=", company.id),
                ("state", "=", "draft"),
                ("pdf_error", "!=", False),
            ]
        )
        if failed:
            return "warn", self.env._("%s papers have no PDF file.", failed)
        return "done", ""
