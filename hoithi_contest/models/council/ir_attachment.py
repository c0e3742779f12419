from odoo import models


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    def _keep(self, record):
        result = super()._keep(record)
        if record._name == "hoithi.review":
            record._attest("copies.given")
        return result

    def _let_go(self):
        reviews = self._get_reviews()
        result = super()._let_go()
        reviews._attest("copies.given")
        return result

    def unlink(self):
        reviews = self._get_reviews()
        result = super().unlink()
        reviews.exists()._attest("copies.given")
        return result

    def _get_reviews(self):
        """Return the sheets whose copies these files are."""
        # a copy is the server's; who reads it reads the sheet
        copies_sudo = self.sudo().filtered(
            lambda file: file.res_model == "hoithi.review" and file.kept_sha256
        )
        return self.env["hoithi.review"].browse(copies_sudo.mapped("res_id"))
