from odoo import fields, models
from odoo.exceptions import AccessError

from ...tools import VIETNAMESE, activate_vietnamese


# pylint: disable-next=no-wizard-in-models  # Odoo's own, extended with a mixin
class ResConfigSettings(models.TransientModel):
    """The same defaults inside Odoo's settings, for administrators of the system."""

    _name = "res.config.settings"
    _inherit = ["res.config.settings", "hoithi.settings.mixin"]

    hoithi_lacks_vietnamese = fields.Boolean(
        compute="_compute_hoithi_vietnamese", export_string_translation=False
    )

    def _compute_hoithi_vietnamese(self):
        self.hoithi_lacks_vietnamese = not self.env["res.lang"]._get_data(
            code=VIETNAMESE
        )

    def action_hoithi_activate_vietnamese(self):
        """Activate Vietnamese, which papers are made in, also where it was deleted.

        :raises AccessError: for others than administrators of the system
        """
        if not self.env.user.has_group("base.group_system"):
            raise AccessError(
                self.env._("Administrators of the system activate languages.")
            )
        activate_vietnamese(self.env)
        return {"type": "ir.actions.client", "tag": "reload"}
