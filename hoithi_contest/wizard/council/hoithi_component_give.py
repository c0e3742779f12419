from odoo import fields, models

from ...tools import CLOSE, tell


class HoithiComponentGive(models.TransientModel):
    """Bonus or penalty of one entry, or points of many, with the reason."""

    _name = "hoithi.component.give"
    _inherit = ["hoithi.text.mixin"]
    _description = "Bonus or Penalty"
    _number_ranges = {"points": (-10_000, 10_000)}

    component_id = fields.Many2one("hoithi.component", required=True, readonly=True)
    contest_id = fields.Many2one(related="component_id.contest_id")
    rule = fields.Text(related="component_id.rule")
    entry_id = fields.Many2one(
        "hoithi.entry",
        index=True,
        domain="[('contest_id', '=', contest_id),"
        " ('state', 'in', ('eligible', 'reviewing', 'reviewed', 'selected',"
        " 'not_selected'))]",
    )
    points = fields.Float(digits=(6, 2), help="Below zero for a penalty.")
    reason = fields.Text()
    kind = fields.Selection(related="component_id.kind")
    rows = fields.Text(string="Codes and points")

    # ACTION

    def action_give(self):
        """Give the points, under the rule of the component, or take in a list of them.

        :raises UserError: for too many points, without a reason, or with each line
            that can't be taken
        """
        self.ensure_one()
        self.check_access("write")
        component = self.component_id
        if component.kind == "points":
            component.action_take_points(self.rows, reason=self.reason)
            if component.lacking_count:
                return tell(
                    self.env._(
                        "The points are recorded; %s entries are still without.",
                        component.lacking_count,
                    ),
                    then=CLOSE,
                )
        else:
            component.action_give(self.entry_id.id, self.points, reason=self.reason)
        return tell(self.env._("The points are recorded."), then=CLOSE)
