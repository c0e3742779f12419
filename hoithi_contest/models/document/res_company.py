from odoo import api, models

from ..contest.res_company import OFFICE


class ResCompany(models.Model):
    _inherit = "res.company"

    _hoithi_contest_paths = ("contest_id", "document_id.contest_id")

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        # whoever founds a department; its templates are the module's own at first
        self.env["hoithi.document.template"].sudo()._ensure_all(companies)
        return companies

    def _get_mail_problems(self):
        problems = super()._get_mail_problems()
        if self and self.env.user.has_groups(",".join(OFFICE)):
            trouble = self.env["hoithi.document.recipient"]._get_mail_trouble(self)
            problems += filter(None, [trouble])
        return problems
