from odoo import api, models


class HoithiRightMixin(models.AbstractModel):
    """Rights on records of contests stay as they are while one is running."""

    _name = "hoithi.right.mixin"
    _description = "Right on Records of Contests"

    @api.model_create_multi
    def create(self, vals_list):
        rights = super().create(vals_list)
        self.env["hoithi.role.change"]._check_rights_kept(rights)
        return rights

    def write(self, vals):
        self.env["hoithi.role.change"]._check_rights_kept(self)
        result = super().write(vals)
        # nor is one of another model turned on them
        self.env["hoithi.role.change"]._check_rights_kept(self)
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_kept(self):
        self.env["hoithi.role.change"]._check_rights_kept(self)
