from odoo import fields, models


# pylint: disable-next=no-wizard-in-models  # Odoo's own, extended
class ResConfigSettings(models.TransientModel):
    """Code that runs in the pages of others is given by who may, and nowhere else."""

    _inherit = "res.config.settings"

    hoithi_sign_script = fields.Binary(
        related="company_id.hoithi_sign_script", readonly=False
    )
    hoithi_sign_script_name = fields.Char(
        related="company_id.hoithi_sign_script_name", readonly=False
    )
    hoithi_sign_script_sha256 = fields.Char(
        related="company_id.hoithi_sign_script_sha256"
    )
