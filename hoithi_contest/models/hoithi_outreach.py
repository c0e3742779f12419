from odoo import api, fields, models
from odoo.exceptions import ValidationError


class HoithiOutreach(models.Model):
    """An act that spread the word in a unit; the final report counts them."""

    _name = "hoithi.outreach"
    _description = "Outreach Activity"
    _order = "date desc, id desc"
    _rec_name = "kind"

    contest_id = fields.Many2one(
        "hoithi.contest", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="contest_id.company_id", store=True)
    department_id = fields.Many2one(
        "hr.department", string="Unit", required=True, index=True
    )
    kind = fields.Selection(
        [
            ("meeting", "Meeting"),
            ("notice", "Notice"),
            ("website", "Web page"),
            ("drive", "Emulation drive"),
            ("other", "Other"),
        ],
        required=True,
        default="meeting",
    )
    date = fields.Date(required=True, default=fields.Date.context_today)
    reach = fields.Integer(string="People reached")
    note = fields.Text()
    user_id = fields.Many2one(
        "res.users",
        string="Recorded by",
        default=lambda self: self.env.user,
        readonly=True,
    )

    @api.depends_context("lang")
    @api.depends("kind", "department_id")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for outreach in self:
            outreach.display_name = " – ".join(
                filter(
                    None,
                    [kinds.get(outreach.kind), outreach.department_id.display_name],
                )
            )

    @api.constrains("reach")
    def _check_reach(self):
        if any(outreach.reach < 0 for outreach in self):
            raise ValidationError(
                self.env._("The number of people reached can't be negative.")
            )
