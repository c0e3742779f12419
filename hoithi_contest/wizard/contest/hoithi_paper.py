from odoo import api, fields, models
from odoo.fields import Command

from ...models.guard.hoithi_clock_mixin import Deadline


class HoithiPaper(models.TransientModel):
    """The dialog that takes in a dossier on paper, under its author's name."""

    _name = "hoithi.paper"
    _description = "Paper Dossier"
    _inherit = ["hoithi.text.mixin", "hoithi.clock.mixin"]
    _clock_path = "contest_id"

    contest_id = fields.Many2one(
        "hoithi.contest",
        required=True,
        domain="[('is_before_council', '=', True)]",
    )
    allowed_field_ids = fields.Many2many(related="contest_id.field_ids")
    name = fields.Char(string="Title", required=True)
    field_id = fields.Many2one(
        "hoithi.field",
        required=True,
        index=True,
        domain="[('id', 'in', allowed_field_ids)]",
    )
    company_id = fields.Many2one(related="contest_id.company_id")
    employee_id = fields.Many2one(
        "hr.employee",
        string="Handed in by",
        domain="[('company_id', 'child_of', company_id)]",
        help="The representative author; leave it empty for somebody from outside.",
    )
    full_name = fields.Char(string="Name of who is from outside")
    workplace = fields.Char(help="Where somebody from outside works.")
    email = fields.Char(
        string="E-mail", help="Letters to somebody from outside go there."
    )
    phone = fields.Char()
    received_on = Deadline(
        string="Received on", required=True, default=fields.Datetime.now
    )
    is_late = fields.Boolean(compute="_compute_is_late")
    reason = fields.Text(string="Why it is taken in late")
    decided_by = fields.Char(string="Who decided that")

    @api.depends("contest_id.registration_closes_at", "contest_id.state", "received_on")
    def _compute_is_late(self):
        for wizard in self:
            wizard.is_late = (
                wizard.contest_id
                and wizard.received_on
                and wizard.contest_id._is_late_to_take_in(wizard.received_on)
            )

    def action_register(self):
        """Make the entry, and open it to be completed.

        :return: the action that opens it
        """
        self.ensure_one()
        person = (
            {"employee_id": self.employee_id.id}
            if self.employee_id
            else {
                "full_name": self.full_name,
                "is_outsider": True,
                "workplace": self.workplace,
                "email": self.email,
                "phone": self.phone,
            }
        )
        return self.env["hoithi.entry"].action_register_paper(
            self.contest_id,
            {
                "name": self.name,
                "field_id": self.field_id.id,
                "author_ids": [
                    Command.create(
                        {
                            **person,
                            "contribution_percent": 100,
                            "is_representative": True,
                        }
                    )
                ],
            },
            received_on=self.received_on,
            reason=self.reason,
            decided_by=self.decided_by,
        )
