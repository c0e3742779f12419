from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..guard.hoithi_states import BEFORE_COUNCIL, TAKING_PART, WAITING


class HoithiContest(models.Model):
    """What the caller has at stake in a contest."""

    _inherit = "hoithi.contest"

    # BUSINESS

    def _get_own_competing(self, states=TAKING_PART):
        """Return the entries by which the caller competes, by whichever login.

        Who is only named, and hasn't confirmed, doesn't: else an author could keep
        whoever decides off a contest by a name.

        :param states: instead, of the entries that are in these states
        :return: entries with superuser rights: they are the caller's
        """
        confirmed = Domain("is_representative", "=", True) | Domain(
            "confirmed_on", "!=", False
        )
        return self._find_own_entries(
            confirmed & Domain("entry_id.state", "in", states)
        )

    def _get_own_waiting(self):
        """Return the entries with which the caller may still come to compete.

        A draft and a withdrawal are acts of the representative, who could turn rivals
        down first and hand in afterwards; who is only named is kept off by neither.

        :return: entries with superuser rights, as `_get_own_competing`
        """
        return self._find_own_entries(
            Domain("is_representative", "=", True)
            & Domain("entry_id.state", "in", WAITING)
            & Domain("entry_id.contest_id.state", "in", BEFORE_COUNCIL)
        )

    def _check_not_competing(self):
        """Refuse to whoever competes in a contest what moves the places in it.

        :raises UserError: naming the own entry, and who does it instead
        """
        for contest in self if not self.env.su else ():
            own_sudo = contest._get_own_competing() or contest._get_own_waiting()
            if own_sudo:
                raise UserError(
                    self.env._(
                        "You compete in “%(contest)s” with “%(entry)s”, so that you "
                        "take nothing from other entries: another secretary decides. "
                        "Where there is none, the administrator gives somebody the "
                        "role.",
                        contest=contest.name,
                        entry=own_sudo[0].display_name,
                    )
                )

    def _find_own_entries(self, domain):
        """Return entries of these contests by their authors' lines.

        :param domain: which lines of the caller's
        """
        user = self.env.user
        contacts = self.env["hoithi.person"]._get_contacts(user)
        # whose line it is, is compared; what one has entered is known to oneself
        lines_sudo = self.env["hoithi.entry.author"].sudo()
        own = Domain("partner_id", "in", contacts.ids) | Domain(
            "employee_id.user_id", "=", user.id
        )
        return lines_sudo.search(
            own
            & domain
            & Domain("declined_on", "=", False)
            & Domain("entry_id.contest_id", "in", self.ids)
        ).entry_id
