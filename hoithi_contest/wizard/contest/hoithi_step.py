from odoo import api, fields, models
from odoo.exceptions import UserError

from ...lib.contest.steps import STEPS, is_free


class HoithiStep(models.TransientModel):
    """What a contest's next phase brings, shown before it begins.

    What it will do, what keeps it, what was promised; before the announced date, and
    where the contest is called off, it asks for a reason.
    """

    _name = "hoithi.step"
    _inherit = ["hoithi.text.mixin"]
    _description = "Step to the Next Phase"

    contest_id = fields.Many2one(
        "hoithi.contest", required=True, readonly=True, ondelete="cascade"
    )
    target = fields.Selection(
        "_get_phases",
        required=True,
        readonly=True,
    )
    effects = fields.Json(compute="_compute_step")
    checks = fields.Json(compute="_compute_step")
    promise = fields.Char(compute="_compute_step")
    is_blocked = fields.Boolean(compute="_compute_step")
    is_early = fields.Boolean(compute="_compute_step")
    is_cancelling = fields.Boolean(compute="_compute_step")
    reason = fields.Text()

    @api.model
    def _get_phases(self):
        """Return the states of a contest in the language of the reader."""
        contests = self.env["hoithi.contest"]
        return contests._fields["state"]._description_selection(self.env)

    @api.depends("contest_id", "target")
    def _compute_step(self):
        for wizard in self:
            contest, target = wizard.contest_id, wizard.target
            checks = contest._get_checks(target)
            wizard.effects = contest._get_step_effects(target)
            wizard.checks = {
                "contest": contest.id,
                "checks": [check._asdict() for check in checks],
            }
            wizard.promise = contest._describe_promise(target)
            wizard.is_early = contest._is_early(target)
            wizard.is_blocked = not is_free(checks)
            wizard.is_cancelling = target == "cancelled"

    def action_apply(self):
        """Take the step, as the user who asked.

        :raises UserError: without a reason before the announced date or where the
            contest is called off, and for all that the step itself refuses
        """
        self.ensure_one()
        contest, target = self.contest_id, self.target
        if not self.is_cancelling and contest._get_target() != target:
            raise UserError(
                self.env._(
                    "“%s” is in another phase by now: load the page again.",
                    contest.name,
                )
            )
        values = {}
        if self.is_cancelling or contest._is_early(target):
            values["reason"] = contest._clean_reason(self.reason)
        result = getattr(contest, STEPS[target].method)(**values)
        # what goes on in the background is shown
        if isinstance(result, dict):
            return result
        return {"type": "ir.actions.act_window_close"}
