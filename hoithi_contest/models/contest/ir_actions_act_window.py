from ast import literal_eval

from odoo import models

#: Where a contest is worked in; elsewhere all contests are looked at.
PREFIX = "hoithi-"


class IrActionsActWindow(models.Model):
    _inherit = "ir.actions.act_window"

    def _get_action_dict(self):
        """Let the lists of the contest begin with the contest that is worked in.

        It is an ordinary filter, which the reader takes away or changes.
        """
        action = super()._get_action_dict()
        if not (action.get("path") or "").startswith(PREFIX):
            return action
        model = self.env.get(action["res_model"])
        if model is None or "contest_id" not in model._fields:
            return action
        try:
            context = literal_eval(action["context"] or "{}")
        except (SyntaxError, ValueError):
            # it depends on what the client alone knows
            return action
        # the action is read for everybody, the contest by its reader
        current = self.env["hoithi.home"].sudo(False)._get_current()
        if not current or "search_default_contest_id" in context:
            return action
        context.pop("search_default_running", None)
        context["search_default_contest_id"] = current.id
        return {**action, "context": repr(context)}
