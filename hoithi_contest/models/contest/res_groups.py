from odoo import api, models

#: What changes who has which role.
WATCHED_FIELDS = {"user_ids", "implied_ids", "implied_by_ids"}


class ResGroups(models.Model):
    _inherit = "res.groups"

    @api.model_create_multi
    def create(self, vals_list):
        # a default may give the role, of which the values say nothing
        with self.env["hoithi.role.change"]._watch():
            return super().create(vals_list)

    def write(self, vals):
        if not WATCHED_FIELDS & set(vals):
            return super().write(vals)
        with self.env["hoithi.role.change"]._watch():
            return super().write(vals)

    def unlink(self):
        with self.env["hoithi.role.change"]._watch():
            return super().unlink()
