from odoo import models

from ...lib.contest import limits, persons
from ...lib.guard.texts import fold


class HoithiEntryAuthor(models.Model):
    """Whether a person may be one more author, by the limits of the contest."""

    _inherit = "hoithi.entry.author"

    def _get_person_keys(self):
        """Return by what the person of a line is known; the same person shares one.

        Somebody from outside without a login is known by the address, else by name and
        workplace.
        """
        self.ensure_one()
        # only whether two are the same is told
        line_sudo = self.sudo()
        employee_sudo = line_sudo.employee_id
        partners_sudo = line_sudo.partner_id | employee_sudo._get_related_partners()
        keys = {("partner", partner_id) for partner_id in partners_sudo.ids}
        keys |= {("employee", employee_id) for employee_id in employee_sudo.ids}
        address = persons.address_key(line_sudo.email)
        if not employee_sudo and address:
            keys.add(("address", address))
        if not employee_sudo and line_sudo.is_outsider:
            name, workplace = fold(line_sudo.full_name), fold(line_sudo.workplace)
            keys.add(("name", name, workplace))
        return keys

    def _is_of_age(self):
        """Tell whether the person is of the age; nothing where it isn't known."""
        self.ensure_one()
        contest = self.entry_id.contest_id
        return (
            limits.is_of_age(
                self.birth_date,
                contest._get_age_day(),
                contest.age_from,
                contest.age_to,
            )
            if self.birth_date
            else None
        )

    def _follow_confirmation(self):
        # nobody agrees to be an author of more than the rules allow
        for entry, lines in self.filtered("confirmed_on").grouped("entry_id").items():
            entry._check_limits(lines)
        return super()._follow_confirmation()
