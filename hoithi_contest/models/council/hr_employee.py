from odoo import models
from odoo.fields import Domain


class HrEmployee(models.Model):
    _inherit = "hr.employee"

    def _get_concerned_domain(self, are_named_anew):
        seated = [("member_ids.employee_id", "in", self.ids)]
        return (
            super()._get_concerned_domain(are_named_anew)
            | Domain("contest_id.council_id", "any", seated)
            | Domain("contest_id.confirming_council_id", "any", seated)
        )

    def _let_logins_in(self):
        super()._let_logins_in()
        # who keeps staff may not read whose logins they are; HR may enter a member only
        # after the seat was filled, whoever decides on it
        users = self.sudo().user_id
        if users:
            seats_sudo = self.env["hoithi.council.member"].sudo()
            seats_sudo.with_context(active_test=False).search(
                [("employee_id", "=", False), ("user_id", "in", users.ids)]
            )._fill_records()
