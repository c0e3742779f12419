from odoo import fields, models


class HoithiNoticeEdit(models.TransientModel):
    """The letter of one notice, changed before it goes out."""

    _name = "hoithi.notice.edit"
    _inherit = ["hoithi.text.mixin"]
    _description = "Edit the Letter of a Notice"

    notice_id = fields.Many2one(
        "hoithi.notice", required=True, readonly=True, ondelete="cascade"
    )
    subject = fields.Char(string="Heading", required=True)
    body = fields.Html(string="Message", required=True)

    def action_apply(self):
        """Keep the text with the notice, as the user who wrote it."""
        self.ensure_one()
        self.notice_id._set_letter(self.subject, self.body)
        return {"type": "ir.actions.act_window_close"}
