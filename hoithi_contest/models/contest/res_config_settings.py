from odoo import models


# pylint: disable-next=no-wizard-in-models  # Odoo's own, extended with a mixin
class ResConfigSettings(models.TransientModel):
    """The same defaults inside Odoo's settings, for administrators of the system."""

    _name = "res.config.settings"
    _inherit = ["res.config.settings", "hoithi.settings.mixin"]
