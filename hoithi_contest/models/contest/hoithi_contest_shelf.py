from odoo import fields, models
from odoo.exceptions import AccessError, UserError

SECRETARY = "hoithi_contest.group_secretary"


class HoithiContest(models.Model):
    """A contest that is over can be put out of sight, as one that was only a trial."""

    _inherit = "hoithi.contest"

    # Not `active`: what is out of sight is checked every night all the same, its data
    # go after their years, and its pages stay as long as they are published.
    is_archived = fields.Boolean(
        string="Archived", readonly=True, copy=False, tracking=True
    )

    def action_put_away(self):
        """Take contests that are over out of lists, homes and the choice of contests.

        Nothing of them is deleted; a filter of the list shows them.

        :raises AccessError: for others than the secretary
        :raises UserError: for a contest in which something is still to be done
        """
        contests = self._take_for_shelf()
        for contest in contests:
            if not contest.is_over:
                raise UserError(
                    self.env._(
                        "“%s” isn't over: end or cancel it before you archive it.",
                        contest.name,
                    )
                )
        contests.is_archived = True
        return True

    def action_take_out(self):
        """Show contests again that were archived.

        :raises AccessError: for others than the secretary
        """
        self._take_for_shelf().is_archived = False
        return True

    def _take_for_shelf(self):
        """Return the contests with the right to say where they are kept."""
        self.check_access("write")
        if not self.env.su and not self.env.user.has_group(SECRETARY):
            raise AccessError(self.env._("The secretary of the contest archives it."))
        return self._open_door()
