from odoo import api, models

from ...lib.guard import fonts, pdf

#: The font of papers, and the one that has its measures.
FONTS = ("Times New Roman", "Liberation Serif")


class HoithiHealth(models.Model):
    _inherit = "hoithi.health"

    @api.model
    def _get_keys(self):
        keys = {
            "pdf": self.env._("Making PDF files"),
            "fonts": self.env._("Fonts of papers"),
        }
        return [*super()._get_keys(), *keys.items()]

    @api.model
    def _examine(self, company):
        return [
            *super()._examine(company),
            ("pdf", *self._examine_pdf(company)),
            ("fonts", *self._examine_fonts()),
        ]

    @api.model
    def _examine_fonts(self):
        font = fonts.find(*FONTS)
        if font:
            return "done", font
        return "warn", self.env._(
            "None of these fonts is installed on the server: %s. Lines of papers break "
            "elsewhere than in Word.",
            ", ".join(FONTS),
        )

    @api.model
    def _examine_pdf(self, company):
        if not pdf.engine():
            return "block", self.env._("LibreOffice isn't installed on the server.")
        failed = self.env["hoithi.document"].search_count(
            [
                ("company_id", "=", company.id),
                ("state", "!=", "cancelled"),
                ("pdf_error", "!=", False),
            ]
        )
        if failed:
            return "warn", self.env._("%s papers have no PDF file.", failed)
        return "done", ""
