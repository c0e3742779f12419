from odoo import models


class ResConfigSettings(models.TransientModel):
    """The same defaults inside Odoo's settings, for administrators of the system."""

    _name = "res.config.settings"
    _inherit = ["res.config.settings", "hoithi.settings.mixin"]
