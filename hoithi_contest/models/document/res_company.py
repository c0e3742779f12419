from odoo import api, models


class ResCompany(models.Model):
    _inherit = "res.company"

    _hoithi_contest_paths = ("contest_id", "document_id.contest_id")

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        # whoever founds a department; its templates are the module's own at first
        self.env["hoithi.document.template"].sudo()._ensure_all(companies)
        return companies
