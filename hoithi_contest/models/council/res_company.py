from odoo import api, fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    hoithi_criteria_set_id = fields.Many2one(
        "hoithi.criteria.set", string="Default criteria set"
    )
    hoithi_anchor_partner_id = fields.Many2one(
        "res.partner",
        string="Keeper of the ledger's end",
        help="Besides chair and secretary, who gets the end of the score ledger by "
        "e-mail each day that it grew: an inspector, a clerk, the province. Whoever "
        "changes the data can't change these letters.",
    )

    @api.constrains("hoithi_criteria_set_id")
    def _check_hoithi_criteria_set_owner(self):
        self._check_hoithi_own("hoithi_criteria_set_id")
