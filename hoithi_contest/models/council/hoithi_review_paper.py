from odoo import api, fields, models
from odoo.exceptions import UserError


class HoithiReviewPaper(models.Model):
    """That a sheet was typed in from a signed paper, by whom, and the paper's scan.

    Apart from the sheet: whatever file lies beside that is a copy for its reviewer.
    """

    _name = "hoithi.review.paper"
    _description = "Sheet Typed in from Paper"
    _inherit = ["hoithi.scan.mixin", "hoithi.file.mixin", "hoithi.guard.mixin"]
    _order = "id desc"

    _file_fields = ("scan_id",)
    _server_fields = {"review_id", "typed_by"}

    review_id = fields.Many2one(
        "hoithi.review", required=True, ondelete="restrict", index=True
    )
    company_id = fields.Many2one(related="review_id.company_id", store=True)
    typed_by = fields.Many2one("res.users", required=True, ondelete="restrict")
    typed_on = fields.Datetime(required=True, readonly=True)
    scan_id = fields.Many2one(
        "ir.attachment", readonly=True, ondelete="restrict", index="btree_not_null"
    )

    @api.depends("review_id")
    def _compute_display_name(self):
        for paper in self:
            paper.display_name = paper.review_id.display_name

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise UserError(self.env._("That a sheet was on paper stays on record."))
