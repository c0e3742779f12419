from odoo import api, models

from ..guard.hoithi_states import OVER


class HrDepartment(models.Model):
    _inherit = "hr.department"

    def _keep_names(self):
        super()._keep_names()
        # as for entries: who renames a unit needn't read what it won
        awards_sudo = self.env["hoithi.award"].sudo()._open_door()
        for unit in self:
            awards_sudo.search(
                [
                    ("department_id", "=", unit.id),
                    ("kept_unit_name", "=", False),
                    ("contest_id.state", "in", OVER),
                ]
            ).write({"kept_unit_name": unit.name})

    @api.model
    def _drop_kept_names(self, contests):
        super()._drop_kept_names(contests)
        # as above
        awards_sudo = self.env["hoithi.award"].sudo()._open_door()
        awards_sudo.search(
            [("kept_unit_name", "!=", False), ("contest_id", "in", contests.ids)]
        ).write({"kept_unit_name": False})
