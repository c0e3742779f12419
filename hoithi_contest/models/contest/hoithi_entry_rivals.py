from odoo import models
from odoo.exceptions import UserError


class HoithiEntry(models.Model):
    """Who has an entry in a contest takes nothing from those of the others."""

    _inherit = "hoithi.entry"

    # BUSINESS

    def _check_no_rivals(self):
        """Refuse what takes from entries to whoever competes with them.

        The own place moves with those of the others. Who is only named, and hasn't
        confirmed, isn't kept off by it.

        :raises UserError: naming the own entry, and who does it instead
        """
        if self.env.su:
            return
        # a conflict may hide an entry; which contest it is in, is no secret
        for contest in self.sudo().contest_id.with_env(self.env):
            competing_sudo = contest._get_own_competing()
            if competing_sudo:
                raise UserError(
                    self.env._(
                        "You compete in “%(contest)s” with “%(entry)s”, so that you "
                        "take nothing from other entries: another secretary decides. "
                        "Where there is none, the administrator gives somebody the "
                        "role.",
                        contest=contest.name,
                        entry=competing_sudo[0].display_name,
                    )
                )
