from odoo import fields, models

from ...models.council.hoithi_session_voter import CHOICES, SCOPES
from ...tools import CLOSE, tell


class HoithiOpinionGive(models.TransientModel):
    """The dialog of a written opinion: its member's, or a paper's that is typed in."""

    _name = "hoithi.opinion.give"
    _inherit = ["hoithi.text.mixin"]
    _description = "Giving a Written Opinion"

    opinion_id = fields.Many2one(
        "hoithi.session.opinion",
        string="Written opinion",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    # told to whoever may read the opinion
    entry_name = fields.Char(
        related="opinion_id.item_id.entry_name", related_sudo=False, string="Title"
    )
    member_name = fields.Char(
        related="opinion_id.member_id.display_name", related_sudo=False, string="Member"
    )
    ballot_mode = fields.Selection(
        related="opinion_id.item_id.ballot_mode", related_sudo=False
    )
    is_paper = fields.Boolean(readonly=True)
    by_scope = fields.Boolean(related="opinion_id.item_id.by_scope", related_sudo=False)
    choice = fields.Selection([*CHOICES[:2], ("blank", "No opinion")], string="Opinion")
    scope_choice = fields.Selection(
        [
            *reversed(SCOPES),
            ("disagree", "Not to be replicated"),
            ("blank", "No opinion"),
        ],
        string="May be replicated in",
    )
    note = fields.Text(string="In words")
    scan = fields.Binary(string="Scan of the signed paper", attachment=False)
    filename = fields.Char()

    # ACTION

    def action_give(self):
        """Give the opinion, or type in the paper.

        :raises AccessError: for whoever may not
        :raises UserError: with what is missing, or what keeps it from counting
        """
        self.ensure_one()
        self.check_access("write")
        choice = self.scope_choice if self.by_scope else self.choice
        if self.is_paper:
            self.opinion_id.action_register_paper(
                choice, self.note, scan=self.scan, filename=self.filename
            )
        else:
            self.opinion_id.action_give(choice, self.note)
        return tell(self.env._("The written opinion is recorded."), then=CLOSE)
