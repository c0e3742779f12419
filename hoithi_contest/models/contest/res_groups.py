from contextlib import nullcontext

from odoo import api, models

#: What changes who has which role.
WATCHED_FIELDS = {"user_ids", "implied_ids", "implied_by_ids"}


class ResGroups(models.Model):
    _inherit = "res.groups"

    @api.model_create_multi
    def create(self, vals_list):
        # a default may give the role, of which the values say nothing
        with self.env["hoithi.role.change"]._watch():
            groups = super().create(vals_list)
            self.env["hoithi.role.change"]._check_rights_kept(groups.rule_groups)
            return groups

    def write(self, vals):
        changes = self.env["hoithi.role.change"]
        # whom a rule binds is a right as well, of which the rule itself isn't asked
        before = {}
        if "rule_groups" in vals:
            before = {group: group.rule_groups for group in self}
        watch = changes._watch() if WATCHED_FIELDS & set(vals) else nullcontext()
        with watch:
            result = super().write(vals)
        for group, rules in before.items():
            now = group.rule_groups
            changes._check_rights_kept((rules - now) | (now - rules))
        return result

    def unlink(self):
        with self.env["hoithi.role.change"]._watch():
            return super().unlink()
