from odoo import models


class PortalWizardUser(models.TransientModel):
    _inherit = "portal.wizard.user"

    def _send_email(self):
        """Invite the department's staff in its own name, whoever gives them access."""
        self.ensure_one()
        # who gives access to the portal may have no right on users, as in Odoo
        user_sudo = self.user_id.sudo()
        if not user_sudo._hoithi_filter_staff():
            return super()._send_email()
        user_sudo.partner_id.signup_prepare()
        user_sudo._hoithi_send_link(
            "login", welcome_message=self.wizard_id.welcome_message
        )
        return True
