from odoo import api, models

from .ir_actions_act_window import SWITCH


class HoithiGuardMixin(models.AbstractModel):
    _inherit = "hoithi.guard.mixin"

    @api.model
    def default_get(self, fields):
        """Propose the contest that is shown for what is made from its lists.

        Only as a form's proposal: what is made by code names its contest.
        """
        values = super().default_get(fields)
        field = self._fields.get("contest_id")
        if (
            self.env.context.get(SWITCH)
            and "contest_id" in fields
            and field.store
            and not (field.compute or field.related or field.readonly)
            and not values.get("contest_id")
        ):
            contest = self.env["hoithi.home"]._get_current()
            if contest:
                values["contest_id"] = contest.id
        return values
