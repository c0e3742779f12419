from odoo import models


class HoithiUnitChange(models.Model):
    """What of the council goes along when a department passes to another company.

    Rows of the ledger are never changed: those written before stay the old company's.
    """

    _inherit = "hoithi.unit.change"

    def _pass_contests(self, contests_sudo):
        councils_sudo = contests_sudo.council_id
        self._share_or_take(contests_sudo, "criteria_set_id")
        councils_sudo._open_door().write({"company_id": self.to_company_id.id})
        super()._pass_contests(contests_sudo)

    def _follow_logins(self, staff, contests_sudo):
        super()._follow_logins(staff, contests_sudo)
        # members from elsewhere go on as members; their logins are nobody's here
        for user_sudo in contests_sudo.council_id.member_ids.user_id.sudo():
            if self.to_company_id not in user_sudo.company_ids:
                user_sudo.company_ids |= self.to_company_id
