from odoo import api, fields, models

from ...models.council.hoithi_round import IN_PRESENT_ROUND


class HoithiReason(models.TransientModel):
    """What the council's acts ask for beside why: a reviewer, a paper, a decision."""

    _inherit = "hoithi.reason"

    needs_member = fields.Boolean(readonly=True)
    allowed_member_ids = fields.Many2many(
        "hoithi.council.member", compute="_compute_allowed_member_ids"
    )
    member_id = fields.Many2one(
        "hoithi.council.member",
        string="Reviewer",
        domain="[('id', 'in', allowed_member_ids)]",
    )
    needs_decision = fields.Boolean(readonly=True)
    decision = fields.Char(help="Its number, its date and whose it is.")

    needs_scan = fields.Boolean(readonly=True)
    scan = fields.Binary(string="Scan of the signed paper", attachment=False)
    filename = fields.Char()

    @api.depends("needs_member")
    def _compute_allowed_member_ids(self):
        for wizard in self:
            wizard.allowed_member_ids = wizard.allowed_member_ids.browse()
            if not wizard.needs_member:
                continue
            entries = wizard._get_entries()
            # who isn't offered is who reviews it: for the Office alone, of an entry
            # that lacks a sheet and is not its own
            entries._check_not_own()
            entries._check_lacks_sheets()
            members = entries.contest_id.council_id.member_ids.filtered("can_score")
            # who judges a field isn't for all to read
            members &= entries.sudo().jury_id.member_ids.with_env(self.env) or members
            # whom a conflict hides from who chooses isn't offered either
            conflicts_sudo = entries.sudo().conflict_ids.filtered("hard")
            sheets_sudo = (
                self.env["hoithi.review"]
                .sudo()
                .search(
                    [
                        ("entry_id", "in", entries.ids),
                        ("state", "!=", "void"),
                        *IN_PRESENT_ROUND,
                    ]
                )
            )
            taken_sudo = conflicts_sudo.member_id | sheets_sudo.member_id
            wizard.allowed_member_ids = members - taken_sudo.with_env(self.env)

    def _get_values(self, records):
        values = super()._get_values(records)
        if self.needs_member:
            values["member"] = self.member_id
        if self.needs_scan:
            values |= {"scan": self.scan or None, "filename": self.filename}
        if self.needs_decision:
            values["decision"] = self.decision
        return values
