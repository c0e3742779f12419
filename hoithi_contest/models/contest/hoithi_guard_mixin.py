from ast import literal_eval

from odoo import api, models

from .ir_actions_act_window import SHOWN, SWITCH


class HoithiGuardMixin(models.AbstractModel):
    _inherit = "hoithi.guard.mixin"

    def onchange(self, values, field_names, fields_spec):
        """Propose the contest that is shown to who begins a record in a form.

        What is made otherwise names its contest: `create` asks for defaults too, with
        the context of the form that is saved, also for rows that are of no contest.

        :param dict values: as the form has them
        :param list field_names: what was changed; nothing where a record is begun
        :param dict fields_spec: the fields of the form
        """
        is_begun = not (self or field_names) and self.env.context.get(SWITCH)
        if is_begun and "contest_id" in fields_spec and not values.get("contest_id"):
            contest = self._get_proposed_contest()
            if contest and not self.default_get(["contest_id"]).get("contest_id"):
                values = {**values, "contest_id": contest.id}
        return super().onchange(values, field_names, fields_spec)

    @api.model
    def _get_proposed_contest(self):
        """Return the contest that lists show, where a record can be begun in it."""
        contests = self.env["hoithi.contest"]
        field = self._fields.get("contest_id")
        if not (field and field.store and field.required):
            return contests
        if field.compute or field.related or field.readonly:
            return contests
        home = self.env["hoithi.home"]
        shown = self.env.context.get(SHOWN)
        if shown is None:
            contest = home._get_current()
        else:
            # what the caller may look at, whatever the context says
            contest = home._get_contests().filtered(lambda one: one.id == shown)
        return contest.filtered_domain(self._get_contest_domain())

    @api.model
    def _get_contest_domain(self):
        """Return which contests a record may be of, as far as no other field tells."""
        try:
            return literal_eval(self._fields["contest_id"].domain or "[]")
        except (SyntaxError, TypeError, ValueError):
            return []
