from odoo import api, fields, models
from odoo.exceptions import UserError

from ...models.council.hoithi_ranking import SCORE_GROUPS
from ...tools import CLOSE, tell


class HoithiRoundOpen(models.TransientModel):
    """Who goes on to the next round, shown before it is opened."""

    _name = "hoithi.round.open"
    _inherit = ["hoithi.text.mixin"]
    _description = "Open a Round"

    round_id = fields.Many2one("hoithi.round", required=True, readonly=True)
    contest_id = fields.Many2one(related="round_id.contest_id")
    present_id = fields.Many2one(
        related="round_id.contest_id.current_round_id", string="Round before"
    )
    advance_by = fields.Selection(related="present_id.advance_by")
    advance_count = fields.Float(related="present_id.advance_count", digits=(6, 2))
    problems = fields.Text(compute="_compute_preview")
    going_ids = fields.Many2many(
        "hoithi.entry",
        string="These go on",
        compute="_compute_preview",
        groups=SCORE_GROUPS,
    )
    staying_ids = fields.Many2many(
        "hoithi.entry",
        string="These stay",
        compute="_compute_preview",
        groups=SCORE_GROUPS,
    )
    going_count = fields.Integer(string="Go on", compute="_compute_preview")
    staying_count = fields.Integer(string="Stay", compute="_compute_preview")
    hidden_count = fields.Integer(
        compute="_compute_preview",
        help="Entries that are your own, or that a conflict of interest hides from "
        "you.",
    )

    @api.depends("round_id")
    @api.depends_context("uid")
    def _compute_preview(self):
        entries = self.env["hoithi.entry"]
        for wizard in self:
            problems, result = wizard.round_id._preview()
            wizard.problems = "\n".join(f"- {problem}" for problem in problems)
            going = entries.browse(entry.id for entry in result.going)
            staying = entries.browse(entry.id for entry in result.staying)
            # of what one mustn't know how it stands, there is one number in all
            wizard.going_ids = going._get_known()
            wizard.staying_ids = staying._get_known()
            wizard.going_count = len(wizard.going_ids)
            wizard.staying_count = len(wizard.staying_ids)
            wizard.hidden_count = (
                len(going + staying) - wizard.going_count - wizard.staying_count
            )

    # ACTION

    def action_open(self):
        """Open the round as it was shown.

        :raises UserError: where something of the round before isn't done
        """
        self.ensure_one()
        self.check_access("write")
        if not self.round_id.exists():
            raise UserError(self.env._("The round isn't there any more."))
        self.round_id.action_open()
        return tell(
            self.env._(
                "“%s” has begun. Authors hear of it by letter; assign the reviewers "
                "now.",
                self.round_id.name,
            ),
            then=CLOSE,
        )
