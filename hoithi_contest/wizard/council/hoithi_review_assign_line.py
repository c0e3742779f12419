from odoo import api, fields, models


class HoithiReviewAssignLine(models.TransientModel):
    """A review that is proposed; nothing is assigned until the proposal is applied."""

    _name = "hoithi.review.assign.line"
    _inherit = ["hoithi.text.mixin"]
    _description = "Proposed Review"
    _order = "wizard_id, excluded, id"

    wizard_id = fields.Many2one(
        "hoithi.review.assign", required=True, ondelete="cascade", index=True
    )
    contest_id = fields.Many2one(related="wizard_id.contest_id")
    council_id = fields.Many2one(related="wizard_id.council_id")
    entry_id = fields.Many2one(
        "hoithi.entry",
        required=True,
        ondelete="cascade",
        index=True,
        domain="[('contest_id', '=', contest_id),"
        " ('state', 'in', ('eligible', 'reviewing', 'reviewed'))]",
    )
    field_id = fields.Many2one(related="entry_id.field_id")
    member_id = fields.Many2one(
        "hoithi.council.member",
        required=True,
        ondelete="cascade",
        domain="[('council_id', '=', council_id), ('can_score', '=', True)]",
    )
    pinned = fields.Boolean(string="Keep", help="Stays when the rest is proposed anew.")
    excluded = fields.Boolean(
        string="Leave out", help="Isn't assigned, and isn't proposed again."
    )
    conflict = fields.Char(string="Soft conflict", readonly=True)
    load = fields.Integer(
        string="Entries of the member",
        readonly=True,
        help="All that the member has in this contest once the proposal is applied.",
    )

    _unique_pair = models.Constraint(
        "UNIQUE (wizard_id, entry_id, member_id)", "This review is proposed already."
    )

    @api.onchange("pinned")
    def _onchange_pinned(self):
        if self.pinned:
            self.excluded = False

    @api.onchange("excluded")
    def _onchange_excluded(self):
        if self.excluded:
            self.pinned = False
