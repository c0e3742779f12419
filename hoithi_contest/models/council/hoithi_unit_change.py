from odoo import models


class HoithiUnitChange(models.Model):
    """What of the council goes along when a department passes to another company.

    Rows of the ledger are never changed: those written before stay the old company's.
    """

    _inherit = "hoithi.unit.change"

    def _pass_contests(self, contests_sudo):
        councils_sudo = contests_sudo._get_bodies()
        self._share_or_take_criteria(contests_sudo)
        councils_sudo._open_door().write({"company_id": self.to_company_id.id})
        super()._pass_contests(contests_sudo)

    def _share_or_take_criteria(self, contests_sudo):
        """Let the criteria of contests, juries and rounds go along, or be shared."""
        sets_sudo = self._get_criteria_sets(contests_sudo).filtered(
            lambda one: one.company_id == self.company_id
        )
        users_sudo = contests_sudo.with_context(active_test=False).search(
            [
                ("id", "not in", contests_sudo.ids),
                "|",
                "|",
                ("criteria_set_id", "in", sets_sudo.ids),
                ("jury_ids.criteria_set_id", "in", sets_sudo.ids),
                ("round_ids.criteria_set_id", "in", sets_sudo.ids),
            ]
        )
        # the default of new contests is needed where it is set
        kept_sudo = sets_sudo & (
            self._get_criteria_sets(users_sudo)
            | contests_sudo.company_id.hoithi_criteria_set_id
        )
        kept_sudo._open_door().write({"company_id": False})
        (sets_sudo - kept_sudo)._open_door().write(
            {"company_id": self.to_company_id.id}
        )

    def _get_criteria_sets(self, contests_sudo):
        return (
            contests_sudo.criteria_set_id
            | contests_sudo.jury_ids.criteria_set_id
            | contests_sudo.round_ids.criteria_set_id
        )

    def _follow_logins(self, staff, contests_sudo):
        super()._follow_logins(staff, contests_sudo)
        # members from elsewhere go on as members; their logins are nobody's here
        self._let_in(contests_sudo._get_bodies().member_ids.user_id.sudo())
