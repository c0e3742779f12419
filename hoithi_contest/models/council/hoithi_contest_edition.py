from odoo import models


class HoithiContest(models.Model):
    """The rules of judgement that the next edition begins with."""

    _inherit = "hoithi.contest"

    def _get_taken_along(self):
        lines = super()._get_taken_along()
        # counts of rules, whoever may read some of them
        own_sudo = self.sudo()
        counts = {
            self.env._("prizes"): len(own_sudo.prize_ids),
            self.env._("limits of prizes"): len(own_sudo.prize_limit_ids),
            self.env._("tie-breaks"): len(own_sudo.tie_break_ids),
            self.env._("juries"): len(own_sudo.jury_ids),
            self.env._("rounds"): len(own_sudo.round_ids),
            self.env._("components of the score"): len(own_sudo.component_ids),
            self.env._("questions to the bodies"): len(own_sudo.question_rule_ids),
        }
        lines.insert(
            1,
            self.env._(
                "Rules: criteria “%(criteria)s”; %(sheets)s sheets an entry; "
                "%(counts)s; days for objections: %(days)s.",
                criteria=own_sudo.criteria_set_id.name or "–",
                sheets=self.reviews_per_entry,
                counts=", ".join(f"{label}: {n}" for label, n in counts.items()),
                days=self.objection_days,
            ),
        )
        lines.append(
            self.env._(
                "The council and the organising committee stay with this edition, "
                "unless they are kept. Members of juries are chosen anew."
            )
            if own_sudo.confirming_council_id
            else self.env._(
                "The council stays with this edition, unless it is kept. Members of "
                "juries are chosen anew."
            )
        )
        lines.append(
            self.env._("Look through texts and names for years, days and numbers.")
        )
        return lines
