from odoo import api, models
from odoo.exceptions import AccessError


class HoithiCatalogueMixin(models.AbstractModel):
    """Lists that a department has of its own or shares with all others.

    Everybody reads the shared lines. Who isn't of all departments changes those of the
    own alone: a criterion that is changed here mustn't change a contest elsewhere.
    """

    _name = "hoithi.catalogue.mixin"
    _inherit = ["hoithi.guard.mixin"]
    _description = "Lists of one department or of all"

    #: Path to the record that has the department; empty where it is the record itself.
    _catalogue_path = ""

    @api.model
    def _default_catalogue_company(self):
        """Return the department that a new line is for, where it can't be for all."""
        company = self.env.company
        return company.browse() if self._keeps_shared_lists() else company

    @api.model
    def _keeps_shared_lists(self):
        if self.env.su:
            return True
        # only whether there are departments that the user isn't of
        others = [("id", "not in", self.env.user.company_ids.ids)]
        return not self.env["res.company"].sudo().search_count(others, limit=1)

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        records.check_access("create")
        return records

    def write(self, vals):
        result = super().write(vals)
        # nor is a line of the own department given to all
        self.check_access("write")
        return result

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        if not self._catalogue_path:
            for vals in vals_list:
                own = self._default_catalogue_company().id
                vals["company_id"] = vals.get("company_id") or own
        return vals_list

    def _check_access(self, operation):
        result = super()._check_access(operation)
        if operation == "read" or self._keeps_shared_lists():
            return result
        refused, error = result or (self.browse(), None)
        # whose a line is, is no secret
        saved_sudo = (self - refused).filtered("id").sudo()
        path = ".".join(filter(None, [self._catalogue_path, "company_id"]))
        shared_sudo = saved_sudo.filtered(lambda line: not line.mapped(path))
        if not shared_sudo:
            return result
        return refused | shared_sudo.sudo(False), error or (
            lambda: AccessError(
                self.env._(
                    "“%s” is shared by all departments. Make a copy for your own "
                    "department, and change that.",
                    shared_sudo[0].display_name,
                )
            )
        )
