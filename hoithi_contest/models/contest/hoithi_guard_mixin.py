from ast import literal_eval

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
            if contest.filtered_domain(self._get_contest_domain()):
                values["contest_id"] = contest.id
        return values

    @api.model
    def _get_contest_domain(self):
        """Return which contests a record may be of, as far as no other field tells."""
        try:
            return literal_eval(self._fields["contest_id"].domain or "[]")
        except (SyntaxError, TypeError, ValueError):
            return []
