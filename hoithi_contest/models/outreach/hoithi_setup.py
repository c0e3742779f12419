from odoo import api, models

from ...lib.contest.steps import BLOCK, WARN, SetupStep


class HoithiSetup(models.AbstractModel):
    """What the campaign brings to the set-up: the launch, and logins for the staff."""

    _inherit = "hoithi.setup"

    @api.model
    def _get_steps(self):
        return [*super()._get_steps(), self._get_launch_step()]

    @api.model
    def _get_launch_step(self):
        contest = self._get_contest()
        domain = [("company_id", "=", self.env.company.id)]
        # numbers of the whole house, whoever may read its staff
        staff_sudo = self.env["hr.employee"].sudo()
        staff = staff_sudo.search_count(domain)
        without = staff_sudo.search_count(
            [
                *domain,
                ("user_id", "=", False),
                ("work_contact_id.user_ids", "=", False),
            ]
        )
        is_launched = contest and contest.state != "draft"
        checks = [
            self._need(
                is_launched,
                self.env._("the launch of the contest"),
                self.env._("%s is launched", contest.name) if is_launched else "",
                BLOCK,
                self.env._("What the launch does…")
                if contest and contest.has_access("write")
                else "",
                {"method": "action_ask_launch"},
            ),
            self._need(
                staff and not without,
                self.env._("%s persons have no login yet", without)
                if staff
                else self.env._("staff to invite"),
                self.env._("everybody has a login"),
                # who works at no screen hands in on paper
                WARN if staff else BLOCK,
            ),
        ]
        return SetupStep(
            90,
            "launch",
            self.env._("Launch and invite"),
            self.env._(
                "Staff get their login by e-mail. You see what would happen to each "
                "person first; a workbook makes staff who aren't in the system yet."
            ),
            checks,
            self.env._("Invite staff"),
            {"xmlid": "hoithi_contest.hoithi_staff_invite_run_action"},
            self.env._("%s persons can log in", staff - without),
        )
