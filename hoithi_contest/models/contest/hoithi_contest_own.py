from odoo import models
from odoo.fields import Domain

from ..guard.hoithi_states import TAKING_PART


class HoithiContest(models.Model):
    """What the caller has at stake in a contest."""

    _inherit = "hoithi.contest"

    # BUSINESS

    def _get_own_competing(self):
        """Return the entries by which the caller competes, by whichever login.

        Who is only named, and hasn't confirmed, doesn't: else an author could keep
        whoever decides off a contest by a name.

        :return: entries with superuser rights: they are the caller's
        """
        user = self.env.user
        contacts = self.env["hoithi.person"]._get_contacts(user)
        # whose line it is, is compared; what one has entered is known to oneself
        lines_sudo = self.env["hoithi.entry.author"].sudo()
        own = Domain("partner_id", "in", contacts.ids) | Domain(
            "employee_id.user_id", "=", user.id
        )
        confirmed = Domain("is_representative", "=", True) | Domain(
            "confirmed_on", "!=", False
        )
        return lines_sudo.search(
            own
            & confirmed
            & Domain("declined_on", "=", False)
            & Domain("entry_id.contest_id", "in", self.ids)
            & Domain("entry_id.state", "in", TAKING_PART)
        ).entry_id
