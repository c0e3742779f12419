from ast import literal_eval

from odoo import models

#: Where a contest is worked in; elsewhere all contests are looked at.
PREFIX = "hoithi-"
#: Key of the context: a list shows one contest at a time, which its reader switches.
SWITCH = "hoithi_contest_switch"
#: Key of the context: the contest that the list shows, or False where it shows all.
SHOWN = "hoithi_contest_shown"


class IrActionsActWindow(models.Model):
    _inherit = "ir.actions.act_window"

    def _get_action_dict(self):
        """Let the lists of the contest show one contest at a time.

        Which one, the web client asks for each reader (`hoithi.home.get_switch`). An
        action whose own context has the key decides for itself, and so does a link that
        leads to rows of all contests.
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
        switch = bool(self.env.context.get(SWITCH, True))
        return {**action, "context": repr({SWITCH: switch, **context})}
