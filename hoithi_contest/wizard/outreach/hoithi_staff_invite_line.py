from odoo import fields, models


class HoithiStaffInviteLine(models.TransientModel):
    """What would happen to a person, as shown before anything is done."""

    _name = "hoithi.staff.invite.line"
    _inherit = ["hoithi.text.mixin"]
    _description = "Person to Invite"
    _order = "order, row, id"

    invite_id = fields.Many2one(
        "hoithi.staff.invite", required=True, ondelete="cascade", index=True
    )
    order = fields.Integer(help="Problems come first.")
    row = fields.Integer(help="Row in the workbook, where the person came from one.")
    name = fields.Char()
    email = fields.Char(string="E-mail")
    department_id = fields.Many2one(
        "hr.department", string="Unit", index="btree_not_null"
    )
    unit_name = fields.Char(string="Unit as written")
    job_title = fields.Char()
    staff_code = fields.Char()
    status = fields.Selection(
        [
            ("invite", "Will be invited"),
            ("create", "New record, will be invited"),
            ("reactivate", "Archived login, will be given back"),
            ("resend", "Gets the link again"),
            ("login", "Has a login already"),
            ("unused", "Has a login, never signed in"),
            ("queued", "Waits in another invitation"),
            ("archived", "Archived login"),
            ("no_email", "E-mail missing"),
            ("bad_email", "E-mail invalid"),
            ("duplicate_email", "E-mail used twice"),
            ("duplicate_person", "Same person twice"),
            ("row", "Row to put right"),
        ],
        required=True,
    )
    note = fields.Text(string="What to do")
