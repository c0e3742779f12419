from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import NO_ACCESS
from odoo.tools import SQL

CHOICES = [("agree", "Agree"), ("disagree", "Disagree"), ("blank", "Blank")]
#: How far a solution may be replicated, where the vote is on that; from the nearest.
SCOPES = [
    ("department", "Department"),
    ("sector", "Sector"),
    ("province", "Province"),
    ("country", "Whole country"),
]
#: All that a vote may say.
SAID = [*CHOICES, *SCOPES]
#: The same, as it is told of who was free to say nothing.
TOLD = [*CHOICES[:2], ("blank", "No opinion"), *SCOPES]


class HoithiSessionVoter(models.Model):
    """A line on the list of voters of an item: whether the member has voted.

    What was voted is here for an open vote only. The table keeps no times, and with
    each vote all lines of the item are rewritten by the same transaction, so that
    neither a time, nor an order, nor PostgreSQL's own `xmin` and `ctid` tell which line
    belongs to the ballot that came in.
    """

    _name = "hoithi.session.voter"
    _inherit = ["hoithi.guard.mixin"]
    _description = "Voter on an Item of a Session"
    _order = "item_id, member_id"
    # as the list of voters names them
    _person_fields_unsorted = ("member_id",)
    _log_access = False

    item_id = fields.Many2one(
        "hoithi.session.item", required=True, ondelete="cascade", index=True
    )
    member_id = fields.Many2one(
        "hoithi.council.member", required=True, ondelete="restrict", index=True
    )
    voted = fields.Boolean(readonly=True)
    choice = fields.Selection(
        SAID,
        readonly=True,
        groups=NO_ACCESS,
    )
    shown_choice = fields.Selection(
        TOLD,
        string="Vote given",
        compute="_compute_shown_choice",
        help="Of an open vote, once it is counted.",
    )

    _unique_member = models.Constraint(
        "UNIQUE (item_id, member_id)", "A member has one vote on an item."
    )

    @api.depends("member_id")
    def _compute_display_name(self):
        for voter in self:
            voter.display_name = voter.member_id.display_name

    @api.depends("item_id.state")
    def _compute_shown_choice(self):
        for voter in self:
            # the field itself is nobody's, lest a vote be followed while it runs; nor
            # does a form that isn't saved tell what runs
            counted = voter._origin.item_id.sudo().state == "counted"
            voter.shown_choice = counted and voter.sudo().choice

    # CRUD

    @api.model_create_multi
    def create(self, vals_list):
        self._check_kinds(vals_list)
        self._check_changeable(
            self.env["hoithi.session.item"].browse(
                {vals["item_id"] for vals in vals_list if vals.get("item_id")}
            )
        )
        return super().create(vals_list)

    def write(self, vals):
        self._check_changeable(self.item_id)
        if not self._is_data_load():
            raise UserError(self.env._("Who has voted is recorded by voting only."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_restarted(self):
        if not self._is_guard_open():
            raise UserError(self.env._("A list of voters stays on record."))

    # BUSINESS

    @api.model
    def _check_changeable(self, items):
        if not self._is_data_load():
            items.session_id._check_not_closed()

    def _mark_voted(self, choice=None):
        """Mark this line, and rewrite all lines of the item with it."""
        self.ensure_one()
        self._rewrite(self.item_id, self, choice)

    @api.model
    def _rewrite(self, item, voter=None, choice=None):
        """Rewrite the whole list of `item`; of two acts at once the second starts anew.

        The database refuses to rewrite lines that changed since this transaction began,
        and Odoo tries the request again: no vote is cast twice, and none is cast while
        the votes are counted.
        """
        self.env.flush_all()
        query = SQL(
            """UPDATE hoithi_session_voter
               SET voted = voted IS TRUE OR id = %(voter)s,
                   choice = CASE WHEN id = %(voter)s THEN %(choice)s ELSE choice END
               WHERE item_id = %(item)s""",
            voter=voter.id if voter else 0,
            choice=choice,
            item=item.id,
        )
        # trying again is the plan, so it isn't logged as an error
        self.env.cr.execute(query, log_exceptions=False)
        item.voter_ids.invalidate_recordset(["voted", "choice"])
        item.invalidate_recordset(["cast_count", "my_vote"])

    def _destroy(self):
        """Remove the list of a vote that is taken again."""
        self._open_door().unlink()
