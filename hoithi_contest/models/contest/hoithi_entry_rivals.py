from odoo import models


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
        # a conflict may hide an entry; which contest it is in, is no secret
        self.sudo().contest_id.with_env(self.env)._check_not_competing()

    def _check_impartial(self):
        """Refuse what may favour the own entry, or take from others, to their authors.

        :raises UserError: naming the own entry, and who does it instead
        """
        self._check_not_own(may_be_named=True)
        self._check_no_rivals()
