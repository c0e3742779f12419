"""Take away what previews of Word templates have left behind."""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Filled templates were files of the template, which all of the Office reads."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    env["ir.attachment"].search(
        [
            ("res_model", "=", "hoithi.document.template"),
            ("res_field", "=", False),
            ("description", "=like", "preview for %"),
        ]
    ).unlink()
