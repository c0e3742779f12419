from odoo import api, fields, models


class HoithiDocumentIssue(models.TransientModel):
    """The clerk's dialog: the number and date of a document that is issued."""

    _name = "hoithi.document.issue"
    _inherit = ["hoithi.text.mixin", "hoithi.clock.mixin"]
    _description = "Issue a Document"
    _clock_path = ""

    document_id = fields.Many2one("hoithi.document", required=True, readonly=True)
    symbol = fields.Char(related="document_id.symbol")
    is_numbered = fields.Boolean(related="document_id.is_numbered")
    date = fields.Date(
        required=True,
        compute="_compute_date",
        store=True,
        readonly=False,
        precompute=True,
    )
    next_number = fields.Char(string="Next free", compute="_compute_next_number")
    number = fields.Char(
        compute="_compute_number",
        store=True,
        readonly=False,
        precompute=True,
        help="As the register of outgoing documents gives it; what stands here first "
        "is the next free number.",
    )
    suggested_number = fields.Char(
        compute="_compute_number", store=True, precompute=True
    )

    order_gap = fields.Text(compute="_compute_order_gap")
    base_gaps = fields.Text(
        string="Legal bases on that day", compute="_compute_base_gaps"
    )
    reason = fields.Text(string="Why all the same")

    @api.depends("document_id", "number", "date")
    def _compute_order_gap(self):
        for wizard in self:
            wizard.order_gap = wizard.document_id and (
                wizard.document_id._get_order_gap(wizard.number, wizard.date)
            )

    @api.depends("document_id", "date")
    def _compute_base_gaps(self):
        for wizard in self:
            wizard.base_gaps = wizard.document_id and (
                wizard.document_id._get_base_gaps(wizard.date)
            )

    @api.depends("document_id")
    def _compute_date(self):
        for wizard in self:
            document = wizard.document_id
            wizard.date = document.date or document.contest_id._get_today()

    @api.depends("document_id", "date")
    def _compute_next_number(self):
        for wizard in self:
            document = wizard.document_id
            wizard.next_number = document.is_numbered and document._get_next_number(
                wizard.date
            )

    @api.depends("document_id", "next_number")
    def _compute_number(self):
        for wizard in self:
            # what the clerk typed stays when the date changes
            if not wizard.number or wizard.number == wizard.suggested_number:
                wizard.number = wizard.document_id.number or wizard.next_number
            wizard.suggested_number = wizard.next_number

    def action_issue(self):
        """Issue the document with the number and date entered."""
        self.ensure_one()
        result = self.document_id.action_issue(
            self.number, self.date, (self.order_gap or self.base_gaps) and self.reason
        )
        if isinstance(result, dict):
            return result
        return {"type": "ir.actions.act_window_close"}
