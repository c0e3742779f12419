from odoo import api, fields, models
from odoo.exceptions import UserError

from ...lib.contest.steps import is_free
from ...tools import CLOSE


class HoithiPreview(models.TransientModel):
    """What a heavy act will do and what keeps it, shown before it is taken.

    Only acts that a model names can be taken by it, and they check the user's rights
    themselves.
    """

    _name = "hoithi.preview"
    _inherit = ["hoithi.text.mixin"]
    _description = "Act to be Confirmed"

    res_model = fields.Char(required=True, readonly=True)
    res_id = fields.Integer(required=True, readonly=True)
    method = fields.Char(required=True, readonly=True)
    effects = fields.Json(compute="_compute_preview")
    checks = fields.Json(compute="_compute_preview")
    is_blocked = fields.Boolean(compute="_compute_preview")

    @api.depends("res_model", "res_id", "method")
    def _compute_preview(self):
        for wizard in self:
            record = wizard._get_record()
            preview = getattr(record, record._get_previews()[wizard.method])()
            checks = preview.get_checks()
            wizard.effects = preview.effects
            wizard.checks = {
                "contest": False,
                "checks": [check._asdict() for check in checks],
            }
            wizard.is_blocked = not is_free(checks)

    def _get_record(self):
        """Return what the act is about, to who may read it.

        :raises AccessError: for a record that the caller can't read
        :raises UserError: for what isn't shown first, or isn't there any more
        """
        self.ensure_one()
        model = self.env.get(self.res_model)
        if (
            not isinstance(model, self.pool["hoithi.preview.mixin"])
            or self.method not in model._get_previews()
        ):
            raise UserError(self.env._("This dialog can't be used here."))
        record = model.browse(self.res_id).exists()
        if not record:
            raise UserError(self.env._("What this is about isn't there any more."))
        record.check_access("read")
        return record

    def action_apply(self):
        """Take the act, as the user who asked.

        :raises UserError: for all that the act itself refuses
        """
        result = getattr(self._get_record(), self.method)()
        if not isinstance(result, dict):
            return CLOSE
        if result.get("tag") == "display_notification":
            # the form behind is read anew as the dialog closes
            return {**result, "params": {**result["params"], "next": CLOSE}}
        return result
