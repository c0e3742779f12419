from odoo import api, fields, models


class HrDepartment(models.Model):
    _inherit = "hr.department"

    hoithi_is_headed = fields.Boolean(
        string="Headed by the Reader",
        compute="_compute_hoithi_is_headed",
        search="_search_hoithi_is_headed",
        export_string_translation=False,
        help="The reader heads this unit or a unit above it.",
    )

    @api.depends_context("uid")
    @api.depends("manager_id", "parent_id")
    def _compute_hoithi_is_headed(self):
        # as in the search below
        headed = self.sudo().search(
            [("id", "in", self.ids), ("hoithi_is_headed", "=", True)]
        )
        for department in self:
            department.hoithi_is_headed = department in headed

    @api.model
    def _search_hoithi_is_headed(self, operator, value):
        # A search method and not a list of ids in the rules: record rules are cached
        # for each user, and would miss a change of head.
        if operator != "in":
            return NotImplemented
        # staff have no right on HR records; a head's own units are no secret
        headed_sudo = self.sudo().search([("manager_id.user_id", "=", self.env.uid)])
        return [("id", "child_of", headed_sudo.ids)]
