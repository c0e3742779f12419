from inspect import signature

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...lib.guard.numerals import read_whole
from ...models.guard.hoithi_clock_mixin import Deadline
from ...tools import CLOSE


class HoithiReason(models.TransientModel):
    """One dialog for every act that needs a reason.

    Only methods that a model names as needing one can be called through it, and they
    check the user's rights themselves.
    """

    _name = "hoithi.reason"
    _inherit = ["hoithi.text.mixin", "hoithi.clock.mixin"]
    _description = "Reason"
    _clock_path = ""

    res_model = fields.Char(required=True, readonly=True)
    res_ids = fields.Char(required=True, readonly=True)
    method = fields.Char(required=True, readonly=True)
    record_names = fields.Char(string="For", compute="_compute_record_names")
    reason = fields.Text()
    needs_due = fields.Boolean(readonly=True)
    due_date = Deadline(string="Due")
    needs_place = fields.Boolean(readonly=True)
    place = fields.Integer(help="From 1; 0 goes back to the computed place.")

    @api.depends("res_model", "res_ids")
    def _compute_record_names(self):
        for wizard in self:
            records = wizard._get_records()
            wizard.record_names = ", ".join(records.mapped("display_name"))

    def _get_records(self):
        """Return what the dialog is about, to who may read it.

        Whoever makes one by hand says what it is about.

        :raises AccessError: for a record that the caller can't read
        :raises UserError: for a method that needs no reason
        """
        self.ensure_one()
        model = self.env.get(self.res_model)
        if (
            not isinstance(model, self.pool["hoithi.reason.mixin"])
            or self.method not in model._get_reason_methods()
        ):
            self._refuse_misuse()
        ids = map(read_whole, (self.res_ids or "").split(","))
        records = model.browse(filter(None, ids))
        records.check_access("read")
        return records

    def _refuse_misuse(self):
        raise UserError(self.env._("This dialog can't be used here."))

    def _get_clock_contest(self):
        return self._get_records()._get_clock_contest()

    def action_apply(self):
        """Call the method with the reason, as the user who gives it.

        Of several records those that may be are taken, and the others are told of.
        """
        self.ensure_one()
        records = self._get_records()
        method, values = getattr(records, self.method), self._get_values(records)
        # the dialog asked for what its act doesn't take
        if set(values) - set(signature(method).parameters):
            self._refuse_misuse()
        if len(records) > 1:
            told = records._do_what_can_be_done(self.method, then=CLOSE, **values)
            if told["params"]["type"] == "danger":
                # nothing was done: the dialog stays, with what was typed in it
                del told["params"]["next"]
            return told
        result = method(**values)
        # where to go on, if it is elsewhere
        if isinstance(result, dict):
            return result
        return {"type": "ir.actions.act_window_close"}

    def _get_values(self, records):
        """Return what the method gets by name."""
        values = {"reason": records._clean_reason(self.reason)}
        if self.needs_due:
            values["due_date"] = self.due_date
        if self.needs_place:
            values["place"] = self.place
        return values
