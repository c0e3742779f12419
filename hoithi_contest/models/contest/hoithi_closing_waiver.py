from odoo import api, fields, models


class HoithiClosingWaiver(models.Model):
    """Something that a contest ends without, by whom, when and why.

    It comes about by `hoithi.contest.action_waive_closing` alone.
    """

    _name = "hoithi.closing.waiver"
    _inherit = ["hoithi.guard.mixin", "hoithi.clock.mixin"]
    _description = "Waived Before the End of a Contest"
    _order = "contest_id, id"

    contest_id = fields.Many2one(
        "hoithi.contest", required=True, readonly=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="contest_id.company_id", store=True)
    item = fields.Char(required=True, readonly=True)
    reason = fields.Text(required=True, readonly=True)
    user_id = fields.Many2one(
        "res.users",
        string="Waived by",
        required=True,
        readonly=True,
        ondelete="restrict",
    )
    waived_on = fields.Datetime(required=True, readonly=True)

    _unique_item = models.Constraint(
        "UNIQUE (contest_id, item)", "This is waived already."
    )

    @api.model
    def _waive(self, contest, item, reason):
        """Record a waiver, or give the one there is another reason."""
        vals = {
            "reason": reason,
            "user_id": self.env.uid,
            "waived_on": fields.Datetime.now(),
        }
        known = self.search([("contest_id", "=", contest.id), ("item", "=", item)])
        if known:
            known.write(vals)
            return known
        return self.create({"contest_id": contest.id, "item": item, **vals})
