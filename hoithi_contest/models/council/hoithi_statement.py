from odoo import api, fields, models
from odoo.exceptions import UserError


class HoithiStatement(models.Model):
    """A member's signed statement of interests in a contest.

    Signed once, before the first review opens, and never changed; what comes up later
    is a recusal.
    """

    _name = "hoithi.statement"
    _inherit = [
        "hoithi.guard.mixin",
        "hoithi.clock.mixin",
        "hoithi.ledger.fact.mixin",
    ]
    _description = "Statement of Interests"
    _order = "signed_on desc, id desc"
    _rec_name = "member_id"

    _ledger_events = {"statement.signed": ("statement",)}

    _server_fields = {"contest_id", "member_id", "text", "signed_on"}

    contest_id = fields.Many2one(
        "hoithi.contest", required=True, ondelete="restrict", index=True
    )
    company_id = fields.Many2one(related="contest_id.company_id", store=True)
    member_id = fields.Many2one(
        "hoithi.council.member", required=True, ondelete="restrict", index=True
    )
    user_id = fields.Many2one(
        related="member_id.user_id", store=True, index=True, string="Signed by"
    )
    text = fields.Text(required=True)
    signed_on = fields.Datetime(required=True)

    _unique_member = models.Constraint(
        "UNIQUE (contest_id, member_id)", "This member has signed already."
    )

    # pylint: disable=method-required-super; every change is refused
    def write(self, vals):
        raise UserError(self.env._("A signed statement isn't changed."))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise UserError(self.env._("A signed statement isn't deleted."))

    def _get_ledger_entry(self):
        return self.env["hoithi.entry"]

    def _get_ledger_facts(self):
        signed_on = fields.Datetime.to_string(self.signed_on)
        return {"statement": [self.member_id.id, signed_on, self.text]}

    @api.model
    def _sign(self, contest, member, text, interests):
        """Record the statement of `member` and the interests declared in it.

        :param interests: {review: (kind, note)} of the member's own reviews
        """
        # members sign here and nowhere else, so they have no right to create
        statements_sudo = self.sudo()._open_door()
        statement_sudo = statements_sudo.create(
            {
                "contest_id": contest.id,
                "member_id": member.id,
                "text": text,
                "signed_on": fields.Datetime.now(),
            }
        )
        for review, (kind, note) in interests.items():
            review._recuse(kind, note)
        self.env["hoithi.ledger"]._append(
            contest,
            "statement.signed",
            statement_sudo,
            {
                "member": member.id,
                "text": self.env["hoithi.ledger"]._get_fingerprint(text),
                "declared": len(interests),
            },
        )
        return statement_sudo
