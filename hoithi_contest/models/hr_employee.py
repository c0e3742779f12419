from odoo import fields, models


class HrEmployee(models.Model):
    _inherit = "hr.employee"

    hoithi_staff_code = fields.Char(
        string="Staff code",
        copy=False,
        groups="hr.group_hr_user",
        help="The department's own code of the person; by it a list of staff finds "
        "the record again.",
    )

    _hoithi_staff_code_uniq = models.UniqueIndex(
        "(company_id, hoithi_staff_code) WHERE hoithi_staff_code <> ''",
        "Another employee of the department has this staff code.",
    )

    def write(self, vals):
        result = super().write(vals)
        if {"department_id", "parent_id", "user_id", "work_contact_id"} & set(vals):
            self._find_contest_conflicts()
        return result

    def _find_contest_conflicts(self):
        """Find the conflicts of running contests anew, as after staff moved."""
        # who edits HR records needn't have a role in the contest
        entries_sudo = self.env["hoithi.entry"].sudo()
        running = [
            ("contest_id.state", "in", ("open", "screening", "review", "council")),
            ("state", "not in", ("draft", "withdrawn")),
        ]
        entries_sudo.search(
            [
                *running,
                "|",
                ("author_ids.employee_id", "in", self.ids),
                ("contest_id.council_id.member_ids.employee_id", "in", self.ids),
            ]
        )._detect_conflicts()
