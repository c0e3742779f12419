from odoo import api, models

from ..guard.hoithi_states import OVER


class HrDepartment(models.Model):
    _inherit = "hr.department"

    def _keep_names(self):
        super()._keep_names()
        # as for entries: who renames a unit needn't read what it won
        awards_sudo = self.env["hoithi.award"].sudo()._open_door()
        awards_sudo = awards_sudo.search(
            [
                ("department_id", "in", self.ids),
                ("kept_unit_name", "=", False),
                ("contest_id.state", "in", OVER),
            ]
        )
        for unit, awards in awards_sudo.grouped("department_id").items():
            awards.write({"kept_unit_name": unit.name})

    @api.model
    def _drop_kept_names(self, contests):
        super()._drop_kept_names(contests)
        # as above
        awards_sudo = self.env["hoithi.award"].sudo()._open_door()
        awards_sudo.search(
            [("kept_unit_name", "!=", False), ("contest_id", "in", contests.ids)]
        ).write({"kept_unit_name": False})
