from odoo import api, fields, models
from odoo.exceptions import UserError


class HoithiReviewAssign(models.TransientModel):
    """Assign chosen members to chosen entries by hand."""

    _name = "hoithi.review.assign"
    _description = "Assign Reviewers"

    contest_id = fields.Many2one("hoithi.contest", required=True, readonly=True)
    council_id = fields.Many2one(related="contest_id.council_id")
    entry_ids = fields.Many2many(
        "hoithi.entry",
        string="Entries",
        domain="[('contest_id', '=', contest_id),"
        " ('state', 'in', ('eligible', 'reviewing', 'reviewed'))]",
    )
    member_ids = fields.Many2many(
        "hoithi.council.member",
        string="Members",
        domain="[('council_id', '=', council_id), ('can_score', '=', True)]",
    )
    due_date = fields.Datetime(string="Due")
    preview = fields.Text(compute="_compute_preview")
    line_count = fields.Integer(compute="_compute_preview", string="New reviews")

    @api.depends("entry_ids", "member_ids")
    def _compute_preview(self):
        for wizard in self:
            new, notes = wizard._plan()
            wizard.line_count = len(new)
            wizard.preview = "\n".join(notes)

    def _plan(self):
        """Return the pairs to create and a line for each pair worth a remark."""
        self.ensure_one()
        entries, members = self.entry_ids._origin, self.member_ids._origin
        entries._detect_conflicts()
        existing = {
            (review.entry_id, review.member_id)
            for review in self.env["hoithi.review"].search(
                [("entry_id", "in", entries.ids), ("state", "!=", "void")]
            )
        }
        conflicts = {
            (conflict.entry_id, conflict.member_id): conflict
            for conflict in self.env["hoithi.conflict"].search(
                [("entry_id", "in", entries.ids)], order="hard"
            )
        }
        new, notes = [], []
        for entry in entries:
            for member in members:
                pair = (entry, member)
                conflict = conflicts.get(pair)
                names = {"entry": entry.display_name, "member": member.display_name}
                if pair in existing:
                    notes.append(
                        self.env._("%(entry)s – %(member)s: assigned already.", **names)
                    )
                    continue
                if conflict:
                    names["conflict"] = conflict._get_reason()
                    notes.append(
                        self.env._(
                            "%(entry)s – %(member)s: refused, %(conflict)s.", **names
                        )
                        if conflict.hard
                        else self.env._(
                            "%(entry)s – %(member)s: allowed, but mind: %(conflict)s.",
                            **names,
                        )
                    )
                    if conflict.hard:
                        continue
                new.append(pair)
        return new, notes

    def action_assign(self):
        """Create the reviews that the preview shows; conflicts are left out.

        :raises UserError: where nothing is left to assign, with the reasons
        """
        self.ensure_one()
        pairs, notes = self._plan()
        if not pairs:
            raise UserError(
                "\n".join([self.env._("Nothing is left to assign."), *notes])
            )
        self.env["hoithi.review"].create(
            [
                {
                    "entry_id": entry.id,
                    "member_id": member.id,
                    "due_date": self.due_date or self.contest_id.review_deadline,
                }
                for entry, member in pairs
            ]
        )
        return {"type": "ir.actions.act_window_close"}
