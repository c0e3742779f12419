from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command

from ...models.guard.hoithi_states import PENDING


class HoithiStatementSign(models.TransientModel):
    """Sign the statement of interests: an answer for each entry that one got."""

    _name = "hoithi.statement.sign"
    _inherit = ["hoithi.guard.mixin"]
    _description = "Sign the Statement of Interests"

    _given_fields = {"contest_id"}
    _person_fields = {"accepted"}

    contest_id = fields.Many2one("hoithi.contest", required=True, readonly=True)
    line_ids = fields.One2many("hoithi.statement.sign.line", "wizard_id")
    text = fields.Text(compute="_compute_text")
    accepted = fields.Boolean(string="I declare this")

    @api.depends("contest_id")
    def _compute_text(self):
        for wizard in self:
            wizard.text = self.env._(
                "I have looked at the entries of “%(contest)s” that were given to me. "
                "I am neither author nor kin of an author of any, and have no interest "
                "in any, but for those that I mark below. I will score by the "
                "criteria, and tell the secretary at once when an interest comes up "
                "later.",
                contest=wizard.contest_id.name,
            )

    @api.model
    def _open(self, contest):
        """Return the dialog with the caller's reviews of `contest`."""
        reviews = self.env["hoithi.review"].search(
            [
                ("contest_id", "=", contest.id),
                ("user_id", "=", self.env.uid),
                ("state", "in", PENDING),
            ]
        )
        wizard = self.create(
            {
                "contest_id": contest.id,
                "line_ids": [
                    Command.create({"review_id": review.id}) for review in reviews
                ],
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Statement of Interests"),
            "res_model": self._name,
            "res_id": wizard.id,
            "view_mode": "form",
            "target": "new",
        }

    def action_sign(self):
        """Sign: recuse from what is marked, and open the other reviews.

        :raises AccessError: for who doesn't sit on the council
        :raises UserError: where it isn't accepted, or an interest isn't explained
        """
        self.ensure_one()
        # a member may read the council, and needs only the own seat
        member = self.contest_id.council_id.member_ids.filtered(
            lambda seat: seat.user_id == self.env.user
        )
        if not member:
            raise AccessError(self.env._("You don't sit on the council."))
        if not self.accepted:
            raise UserError(self.env._("Tick that you declare this, then sign."))
        interests = {}
        for line in self.line_ids.filtered("kind"):
            if not (line.note or "").strip():
                raise UserError(
                    self.env._(
                        "Explain your interest in “%s”.", line.review_id.display_name
                    )
                )
            interests[line.review_id] = (line.kind, line.note.strip())
        self.env["hoithi.statement"]._sign(
            self.contest_id, member, self.text, interests
        )
        return {"type": "ir.actions.act_window_close"}
