from odoo import api, fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    hoithi_criteria_set_id = fields.Many2one(
        "hoithi.criteria.set", string="Default criteria set"
    )

    @api.constrains("hoithi_criteria_set_id")
    def _check_hoithi_criteria_set_owner(self):
        self._check_hoithi_own("hoithi_criteria_set_id")
