from odoo import api, fields, models

from ...tools import CLOSE, tell


class HoithiSubmission(models.TransientModel):
    """The dialog that submits an entry: what stays empty, and the commitment."""

    _name = "hoithi.submission"
    _description = "Submission"
    _inherit = ["hoithi.guard.mixin", "hoithi.clock.mixin"]
    _clock_path = "entry_id.contest_id"

    _in_turn = ("action_submit",)
    _given_fields = {"entry_id", "fingerprint"}
    _person_fields = {"is_committed"}

    entry_id = fields.Many2one("hoithi.entry", required=True, readonly=True, index=True)
    fingerprint = fields.Char(required=True, readonly=True)
    unscorable = fields.Text(compute="_compute_preview")
    empty = fields.Text(string="These stay empty", compute="_compute_preview")
    commitment = fields.Text(compute="_compute_preview")
    day = fields.Date(string="Date", compute="_compute_preview")
    is_committed = fields.Boolean(string="I declare this")
    is_supplement = fields.Boolean(compute="_compute_preview")
    note = fields.Text(string="What did you supplement?")

    @api.depends("entry_id")
    def _compute_preview(self):
        for wizard in self:
            preview = wizard.entry_id._get_submission_preview()
            wizard.unscorable = "\n".join(gap.text for gap in preview["unscorable"])
            wizard.empty = ", ".join(gap.text for gap in preview["empty"])
            wizard.commitment = preview["commitment"]
            wizard.is_supplement = wizard.entry_id._is_supplementing()
            wizard.day = wizard.entry_id.contest_id._get_today()

    def action_submit(self):
        """Submit the entry as it was when the dialog opened.

        :raises UserError: without the commitment, or where the entry has changed since
        """
        self.ensure_one()
        self.entry_id._submit_previewed(
            self.fingerprint, self.is_committed, note=self.note
        )
        entry = self.entry_id
        return tell(
            self.env._(
                "“%(entry)s” was submitted. Receipt number: %(number)s, sent by e-mail "
                "as well.",
                entry=entry.name,
                number=entry.receipt_number or "–",
            ),
            then=CLOSE,
        )
