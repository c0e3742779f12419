from odoo import api, fields, models
from odoo.fields import Command

from ...models.council.hoithi_review import OPINION
from ...tools import CLOSE, tell


class HoithiPaperSheet(models.TransientModel):
    """The dialog in which the secretary types in a sheet on paper."""

    _name = "hoithi.paper.sheet"
    _inherit = ["hoithi.text.mixin"]
    _description = "Typing in a Sheet on Paper"

    review_id = fields.Many2one(
        "hoithi.review", required=True, readonly=True, ondelete="cascade", index=True
    )
    # told to whoever may read the sheet
    entry_name = fields.Char(
        related="review_id.entry_name", related_sudo=False, string="Title"
    )
    user_id = fields.Many2one(
        related="review_id.user_id", related_sudo=False, string="Reviewer"
    )
    max_total = fields.Float(related="review_id.max_total", digits=(6, 2))
    total = fields.Float(compute="_compute_total", digits=(6, 2))
    line_ids = fields.One2many("hoithi.paper.sheet.line", "wizard_id", string="Scores")
    comment = fields.Text()
    strengths = fields.Text()
    weaknesses = fields.Text()
    recommendation = fields.Selection(
        [
            ("select", "Select"),
            ("consider", "Consider"),
            ("reject", "Don't select"),
        ]
    )
    scan = fields.Binary(string="Scan of the signed paper", attachment=False)
    filename = fields.Char()

    @api.depends("line_ids.score")
    def _compute_total(self):
        for wizard in self:
            wizard.total = wizard.line_ids.criterion_id._add_up(
                {line.criterion_id: line.score for line in wizard.line_ids}
            )

    @api.model_create_multi
    def create(self, vals_list):
        wizards = super().create(vals_list)
        for wizard in wizards:
            criteria = wizard.review_id.criteria_set_id.criterion_ids
            wizard.line_ids = [
                Command.create({"criterion_id": criterion.id}) for criterion in criteria
            ]
        return wizards

    # ACTION

    def action_type_in(self):
        """Type the sheet in; with the scan it is submitted at once.

        :raises AccessError: for whoever may not
        :raises UserError: with what is missing, or what closes the sheet
        """
        self.ensure_one()
        self.check_access("write")
        is_submitted = self.review_id.action_register_paper(
            [
                {
                    "criterion": line.criterion_id.id,
                    "score": line.score,
                    "comment": line.comment or "",
                }
                for line in self.line_ids
            ],
            {name: self[name] or "" for name in OPINION},
            scan=self.scan or None,
            filename=self.filename,
        )
        return tell(
            self.env._("The sheet is submitted, with the scan of the paper.")
            if is_submitted
            else self.env._("Typed in. Its member looks it through and submits it."),
            then=CLOSE,
        )
