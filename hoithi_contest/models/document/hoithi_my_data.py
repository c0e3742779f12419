from odoo import api, models

from ..contest.hoithi_my_data import Part


class HoithiMyData(models.AbstractModel):
    """The papers that the Office issued about the caller's entries."""

    _inherit = "hoithi.my.data"

    @api.model
    def _get_parts(self):
        # those that the person may read, by the rules of papers
        papers = self.env["hoithi.document"].search(
            [
                ("entry_id", "in", self._get_own_lines().entry_id.ids),
                ("state", "=", "issued"),
            ]
        )
        rows = [
            {
                "kind": paper._get_kind_label(),
                "number": paper.number or "",
                "date": paper.date or "",
                # of a paper that is one's own to read
                "entry": paper.sudo().entry_id.code or paper.sudo().entry_id.name,
                "subject": paper.subject or "",
                "url": f"/my/hoithi/entries/{paper.entry_id.id}",
            }
            for paper in papers
        ]
        columns = {
            "kind": self.env._("Kind"),
            "number": self.env._("Number"),
            "date": self.env._("Date"),
            "entry": self.env._("Entry"),
            "subject": self.env._("Subject"),
        }
        title = self.env._("Papers about my entries")
        part = Part("documents", title, "documents", columns, rows)
        return [*super()._get_parts(), part]
