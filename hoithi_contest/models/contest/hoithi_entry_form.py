from odoo import fields, models

from .hoithi_contest_form import ASKED_FIELDS
from .hoithi_submission_mixin import Gap


class HoithiEntry(models.Model):
    """What the province's registration form asks besides the solution itself."""

    _inherit = "hoithi.entry"

    _fixed_fields = {"is_content_fixed": {*ASKED_FIELDS}}

    ask_investor = fields.Boolean(
        related="contest_id.ask_investor", string="Investor asked"
    )
    ask_protection = fields.Boolean(
        related="contest_id.ask_protection", string="Protection asked"
    )
    ask_ai = fields.Boolean(related="contest_id.ask_ai", string="Use of AI asked")
    investor = fields.Char(
        help="Who paid for making the solution, if that isn't the author."
    )
    protection = fields.Selection(
        [
            ("none", "Not registered for protection"),
            ("applied", "Application for protection filed"),
            ("granted", "Protected by a title"),
        ],
        string="Protection status",
    )
    ai_use = fields.Text(
        string="Use of artificial intelligence",
        help="Which tools, for what; or that none was used.",
    )

    def _get_asked_gaps(self):
        """Return what the form of the contest asks and isn't there.

        Only somebody else pays for a solution where somebody does: that may stay empty.
        """
        self.ensure_one()
        asked = self.contest_id._get_asked_fields()
        gaps = []
        if "protection" in asked and not self.protection:
            text = self.env._("Say whether the solution is protected.")
            gaps.append(Gap("protection", text))
        if "ai_use" in asked and not self._is_filled("ai_use"):
            text = self.env._(
                "Say whether artificial intelligence was used, and for what."
            )
            gaps.append(Gap("ai_use", text))
        return gaps

    def _forget_persons(self):
        result = super()._forget_persons()
        self.with_context(active_test=False).author_ids._forget_details()
        return result
