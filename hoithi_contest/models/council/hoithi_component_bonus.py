from odoo import models
from odoo.exceptions import AccessError, UserError

from ..guard.hoithi_states import DECIDING
from .hoithi_contest_council import SECRETARY


class HoithiComponent(models.Model):
    """Bonus and penalty, given by the secretary under the rule, with a reason."""

    _inherit = "hoithi.component"

    def action_give(self, entry_id, points, reason=None):
        """Give an entry a bonus, or a penalty; given again, it replaces what was.

        :param entry_id: id of an entry of the contest
        :param points: within what the component allows; 0 takes it back
        :param reason: obligatory; shown with the points, and recorded
        :raises AccessError: for others than the secretary
        :raises UserError: outside review and council, or for too many points
        """
        self.ensure_one()
        self.check_access("read")
        if not self.env.su and not self.env.user.has_group(SECRETARY):
            raise AccessError(self.env._("The secretary of the council does this."))
        contest = self.contest_id
        contest._check_rules_fixed()
        reason = self._clean_reason(reason)
        if self.kind != "bonus" or contest.state not in DECIDING:
            raise UserError(
                self.env._(
                    "Bonus and penalty are given in the phases of review and council."
                )
            )
        if not self.least <= points <= self.most:
            raise UserError(
                self.env._(
                    "“%(name)s” is from %(least)s to %(most)s points.",
                    name=self.name,
                    least=f"{self.least:g}",
                    most=f"{self.most:g}",
                )
            )
        entry = self.env["hoithi.entry"].browse(entry_id).exists()
        entry.check_access("read")
        if entry.contest_id != contest:
            raise UserError(self.env._("Choose one of the entries."))
        entry._check_not_own()
        # points are nobody's to write but by this act
        line = self.sudo()._get_lines(entry.sudo())
        line._open_door().write({"points": points, "reason": reason})
        self.env["hoithi.ledger"]._append(
            contest,
            "component.given",
            entry,
            {"component": self.name, "points": points, "reason": reason},
            entry,
        )
        return True
