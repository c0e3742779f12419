from odoo import fields, models

from ...lib.council.voting import SCOPES
from ...models.council.hoithi_session_item_paper import FIGURES
from ...tools import CLOSE, tell


class HoithiPaperCount(models.TransientModel):
    """The dialog in which a teller enters the count of the paper ballots."""

    _name = "hoithi.paper.count"
    _inherit = ["hoithi.text.mixin"]
    _description = "Count of Paper Ballots"

    item_id = fields.Many2one(
        "hoithi.session.item", required=True, readonly=True, ondelete="cascade"
    )
    # told to whoever may read the item
    entry_name = fields.Char(
        related="item_id.entry_name", related_sudo=False, string="Title"
    )
    handed_in = fields.Integer(related="item_id.handed_in", related_sudo=False)
    issued = fields.Integer(string="Ballots issued")
    collected = fields.Integer(string="Ballots collected")
    valid = fields.Integer(string="Valid ballots")
    invalid = fields.Integer(string="Invalid ballots")
    agree = fields.Integer(string="Ballots that agree")
    disagree = fields.Integer(string="Ballots that disagree")
    by_scope = fields.Boolean(related="item_id.by_scope", related_sudo=False)
    country = fields.Integer(string="For the whole country")
    province = fields.Integer(string="For the province")
    sector = fields.Integer(string="For the sector")
    department = fields.Integer(string="For the department")
    scan = fields.Binary(string="Scan of the signed paper", attachment=False)
    filename = fields.Char()

    # ACTION

    def action_enter(self):
        """Enter the numbers, in the name of the caller.

        :raises AccessError: for others than a teller
        :raises UserError: with the sum that isn't right
        """
        self.ensure_one()
        self.check_access("write")
        is_counted = self.item_id.action_enter_paper_count(
            **{name: self[name] for name in FIGURES},
            scopes={scope: self[scope] for scope in SCOPES} if self.by_scope else None,
            scan=self.scan or None,
            filename=self.filename,
        )
        if is_counted is None:
            return tell(
                self.env._(
                    "The two counts differ, so both are void. Count the ballots again "
                    "together; then both tellers enter the numbers anew."
                ),
                kind="warning",
                then=CLOSE,
            )
        return tell(
            self.env._("Both tellers entered the same: the vote is counted.")
            if is_counted
            else self.env._("Recorded. Another teller now enters the own numbers."),
            then=CLOSE,
        )
