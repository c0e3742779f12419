from odoo import api, models
from odoo.exceptions import UserError

from ...lib.guard import plain_text, texts


class HoithiReasonMixin(models.AbstractModel):
    """Acts that need a reason, given by the caller or asked for in one dialog."""

    _name = "hoithi.reason.mixin"
    _inherit = ["hoithi.bulk.mixin"]
    _description = "Acts that need a reason"

    # Methods, besides those of transitions, that the dialog may call.
    _reason_methods: tuple[str, ...] = ()

    @api.model
    def _get_reason_methods(self):
        """Return the names of the methods that the dialog may call."""
        # each room may declare some of its own
        return {
            name
            for cls in type(self).__mro__
            for name in vars(cls).get("_reason_methods", ())
        }

    def _ask_reason(self, method, title, **needs):
        """Return the action of the dialog that asks for a reason, then calls `method`.

        :param method: name of the public method; it gets ``reason=``
        :param title: shown on the dialog
        :param needs: flags of what the dialog asks for as well: ``needs_due``, a due
            date given as ``due_date=``; ``needs_place``, a place in the ranking given
            as ``place=``; a room may add its own
        """
        self.check_access("read")
        wizard = self.env["hoithi.reason"].create(
            {
                "res_model": self._name,
                "res_ids": ",".join(map(str, self.ids)),
                "method": method,
                **needs,
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "hoithi.reason",
            "res_id": wizard.id,
            "view_mode": "form",
            "target": "new",
        }

    def _clean_reason(self, reason):
        """Return the reason, stripped and without what nobody sees.

        :raises UserError: where it says nothing, as a lone dash or a hidden sign
        """
        reason = plain_text.clean(reason).strip() if isinstance(reason, str) else ""
        if texts.is_blank(texts.visible(reason)):
            raise UserError(self.env._("Give the reason; it is recorded."))
        return reason
