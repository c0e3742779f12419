from odoo import fields, models

from ..guard.hoithi_states import BROKEN_OFF, UNDER_WAY, state_flag


class HoithiContestRunMixin(models.AbstractModel):
    """Work for a contest that outlasts a click, in the name of who began it."""

    _name = "hoithi.contest.run.mixin"
    _inherit = ["hoithi.run.mixin", "hoithi.clock.mixin"]
    _description = "Work for a Contest in the Background"
    _order = "id desc"

    contest_id = fields.Many2one(
        "hoithi.contest", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="contest_id.company_id", store=True)
    user_id = fields.Many2one(
        "res.users",
        string="Started by",
        required=True,
        readonly=True,
        index=True,
        default=lambda self: self.env.user,
    )
    state = fields.Selection(
        [
            ("queued", "Waiting"),
            ("running", "In progress"),
            ("done", "Done"),
            ("failed", "Stopped by an error"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        readonly=True,
        default="queued",
        copy=False,
        index=True,
    )
    is_under_way = state_flag("Under Way", UNDER_WAY)
    is_broken_off = state_flag("Broken off", BROKEN_OFF)
    error = fields.Text(string="What went wrong", readonly=True, copy=False)

    # BUSINESS

    def _get_starter(self):
        return self.user_id

    def _show(self):
        """Return the action that shows how far the run is."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
        }
