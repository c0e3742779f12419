from odoo import models

from .hoithi_role_change import ROLES


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    def session_info(self):
        """Let whoever has a role land on the home, where no other start is set."""
        result = super().session_info()
        if not result.get("home_action_id") and self.env.user.has_groups(
            ",".join(ROLES)
        ):
            result["home_action_id"] = self.env.ref(
                "hoithi_contest.hoithi_home_action"
            ).id
        return result
