from odoo import models
from odoo.fields import Domain


class HrEmployee(models.Model):
    _inherit = "hr.employee"

    def _get_concerned_domain(self, are_named_anew):
        return super()._get_concerned_domain(are_named_anew) | Domain(
            "contest_id.council_id.member_ids.employee_id", "in", self.ids
        )
