from odoo import api, fields, models


class HoithiSettingsMixin(models.AbstractModel):
    _inherit = "hoithi.settings.mixin"

    hoithi_criteria_set_id = fields.Many2one(
        related="company_id.hoithi_criteria_set_id", readonly=False
    )
    hoithi_anchor_partner_id = fields.Many2one(
        related="company_id.hoithi_anchor_partner_id", readonly=False
    )

    @api.onchange("hoithi_reviews_per_entry")
    def _onchange_hoithi_reviews_per_entry(self):
        """Tell of more sheets an entry than the largest council could give."""
        if not self._is_typed("hoithi_reviews_per_entry"):
            return None
        councils = self.env["hoithi.council"].search(
            [("company_id", "=", self.company_id.id)]
        )
        scoring = {
            council: len(council.member_ids.filtered("can_score"))
            for council in councils
        }
        largest = max(scoring, key=scoring.get, default=None)
        if largest and 0 < scoring[largest] < self.hoithi_reviews_per_entry:
            return self._warn(
                self.env._(
                    "An entry can't get %(asked)s sheets: of “%(council)s”, the "
                    "largest council, %(number)s members score.",
                    asked=self.hoithi_reviews_per_entry,
                    council=largest.name,
                    number=scoring[largest],
                )
            )
