from odoo import api, fields, models

from ..guard.hoithi_states import UNDER_WAY


class HoithiContest(models.Model):
    """The papers of a contest."""

    _name = "hoithi.contest"
    _inherit = ["hoithi.contest", "hoithi.document.source"]

    recipient_ids = fields.One2many(
        "hoithi.document.recipient", "contest_id", copy=True
    )
    document_ids = fields.One2many("hoithi.document", "contest_id")
    document_count = fields.Integer(
        compute="_compute_document_count", string="Documents"
    )

    @api.depends_context("uid")
    def _compute_document_count(self):
        counts = dict(
            self.env["hoithi.document"]._read_group(
                [("contest_id", "in", self.ids), ("state", "!=", "cancelled")],
                ["contest_id"],
                ["__count"],
            )
        )
        for contest in self:
            contest.document_count = counts.get(contest._origin, 0)

    def _on_cancelled(self, reason):
        super()._on_cancelled(reason)
        # what others send and make ends with the contest alone
        of_these = [("contest_id", "in", self.ids)]
        runs_sudo = self.env["hoithi.document.run"].sudo()
        runs_sudo.search([*of_these, ("state", "in", UNDER_WAY)])._move(
            "cancelled", ended_on=fields.Datetime.now()
        )
        lines_sudo = self.env["hoithi.document.recipient"].sudo()._open_door()
        lines_sudo.search(
            [("document_id.contest_id", "in", self.ids), ("state", "=", "pending")]
        )._hold_back()

    def _get_activity_models(self):
        return [*super()._get_activity_models(), "hoithi.document"]

    def _on_resumed(self, since):
        super()._on_resumed(since)
        # as above
        lines_sudo = self.env["hoithi.document.recipient"].sudo()._open_door()
        lines_sudo.search(
            [("document_id.contest_id", "in", self.ids), ("is_held_back", "=", True)]
        )._go_on()

    # ACTION

    def action_view_documents(self):
        """Open this contest's documents."""
        return self._get_related_action("hoithi_contest.hoithi_document_action")

    def action_make_score_sheets(self):
        """Make the score sheets of all reviews in the background, as one PDF."""
        self.ensure_one()
        return self.env["hoithi.document.run"]._start(
            self, kind="score_sheet", form="pdf", output="merged"
        )
