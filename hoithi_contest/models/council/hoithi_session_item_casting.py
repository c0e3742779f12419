from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..contest.hoithi_preview_mixin import Preview
from .hoithi_session_voter import CHOICES

#: What a casting vote may say.
SIDES = CHOICES[:2]


class HoithiSessionItem(models.Model):
    """A tie that the vote of who presides decides, where the rules say so.

    In an open vote it is known on which side that member stands. In a secret one the
    member says so once it is counted, openly, and the session waits for it.
    """

    _inherit = "hoithi.session.item"

    _previews = {
        "action_break_tie_agree": "_preview_tie_agree",
        "action_break_tie_disagree": "_preview_tie_disagree",
    }

    casting_choice = fields.Selection(
        SIDES, string="Casting vote", readonly=True, copy=False
    )
    casting_by = fields.Many2one(
        "hoithi.council.member",
        string="Casting vote of",
        readonly=True,
        copy=False,
        ondelete="restrict",
        index="btree_not_null",
    )
    awaits_casting = fields.Boolean(
        string="Tie to be decided", compute="_compute_awaits_casting"
    )
    can_break_tie = fields.Boolean(compute="_compute_can_break_tie")

    # COMPUTE

    @api.depends("state", "casting_choice", "session_id.presiding_id")
    def _compute_awaits_casting(self):
        for item in self:
            # who has voted is for all to see, and says nothing of what
            voters_sudo = item.sudo().voter_ids
            item.awaits_casting = (
                item.state == "counted"
                and item.ballot_mode == "secret"
                and item.session_state == "open"
                and not item.casting_choice
                and item._is_tied(
                    item._get_agreeing(), item._get_disagreeing(), item.base_count
                )
                and item.session_id.presiding_id in voters_sudo.member_id
            )

    @api.depends_context("uid")
    @api.depends("awaits_casting")
    def _compute_can_break_tie(self):
        for item in self:
            # who presides is for all to see, experts who read no seats included
            presiding_sudo = item.session_id.sudo().presiding_id
            item.can_break_tie = (
                item.awaits_casting
                and presiding_sudo.user_id == self.env.user
                and not item._get_own_at_stake()
            )

    @api.depends("casting_choice")
    def _compute_basis(self):
        super()._compute_basis()
        sides = dict(self._fields["casting_choice"]._description_selection(self.env))
        for item in self.filtered("casting_choice"):
            item.basis = self.env._(
                "%(agree)s for and %(disagree)s against, a tie: the casting vote of "
                "%(member)s decided (%(side)s)",
                agree=item._get_agreeing(),
                disagree=item._get_disagreeing(),
                # as above
                member=item.sudo().casting_by.display_name,
                side=sides[item.casting_choice].lower(),
            )

    # ACTION

    def action_break_tie(self, choice=None):
        """Decide a tie of a secret vote by the casting vote of who presides.

        :param choice: ``agree`` or ``disagree``; told openly, and recorded
        :raises AccessError: for anyone but who presides, and for whoever competes
        :raises UserError: where no tie waits for it
        """
        self.ensure_one()
        self.check_access("read")
        # of all members only who presides may touch a counted item, by this act
        item_sudo = self.sudo()
        item_sudo._take_turn()
        self._check_tie()
        if choice not in dict(SIDES):
            raise UserError(self.env._("A casting vote agrees or disagrees."))
        item_sudo._open_door().write(item_sudo._get_casting_values(choice))
        item_sudo._record("vote.tie_decided", item_sudo._get_decision())
        self.session_id._tell_board()
        return True

    def action_break_tie_agree(self):
        """Decide the tie: agree."""
        return self.action_break_tie("agree")

    def action_break_tie_disagree(self):
        """Decide the tie: disagree."""
        return self.action_break_tie("disagree")

    def action_ask_tie_agree(self):
        """Show what a casting vote for it does, then ask."""
        title = self.env._("Casting Vote: Agree")
        return self._ask_act("action_break_tie_agree", title)

    def action_ask_tie_disagree(self):
        """Show what a casting vote against it does, then ask."""
        title = self.env._("Casting Vote: Disagree")
        return self._ask_act("action_break_tie_disagree", title)

    # BUSINESS

    def _preview_tie_agree(self):
        text = self.env._("“%s” is approved", self.display_name)
        return self._preview_tie(text)

    def _preview_tie_disagree(self):
        text = self.env._("“%s” isn't approved", self.display_name)
        return self._preview_tie(text)

    def _preview_tie(self, outcome):
        """Return what a casting vote does.

        :param outcome: what becomes of the item, a phrase
        """
        self.ensure_one()
        return Preview(
            [
                outcome,
                self.env._("stands in the minutes with your name, and on the board"),
                self.env._("stays, unless the vote is taken again with a reason"),
            ],
            (self._try_check(self._check_tie),),
        )

    def _check_tie(self):
        """Refuse to decide what is no tie, and all but who presides."""
        self.ensure_one()
        # who presides is for all to see
        item_sudo = self.sudo()
        if not item_sudo.awaits_casting:
            raise UserError(
                self.env._(
                    "No tie on “%s” waits for a casting vote.", self.display_name
                )
            )
        if self._get_own_at_stake():
            raise AccessError(
                self.env._(
                    "You compete in this contest, so that you decide no tie in it: "
                    "whoever presides after you does, once the secretary has marked "
                    "you as absent."
                )
            )
        if not self.can_break_tie:
            raise AccessError(
                self.env._(
                    "Who presides decides a tie: %s.",
                    item_sudo.session_id.presiding_id.display_name,
                )
            )

    def _get_own_at_stake(self):
        """Return the entries by which the caller competes with what is voted on."""
        self.ensure_one()
        # an expert has no right on the contest; the own entries are known to oneself
        contest = self.contest_id.sudo().with_env(self.env)
        return contest._get_own_competing()

    def _is_tied(self, agree, disagree, base):
        """Tell whether the casting vote decides: as many for as against, of a half.

        Where too many of the base are absent one vote more for it wouldn't be enough,
        and the majority has rejected it.
        """
        self.ensure_one()
        majority = self._get_majority()
        return (
            self.session_id.casting_vote
            and agree == disagree > 0
            and majority.is_half()
            and majority.is_reached(agree + 1, base)
        )

    def _get_casting_values(self, choice):
        """Return what comes of a tie by the casting vote."""
        return {
            "outcome": "approved" if choice == "agree" else "rejected",
            "casting_choice": choice,
            "casting_by": self.session_id.presiding_id.id,
        }

    def _get_outcome_values(self, agree, disagree, base):
        values = super()._get_outcome_values(agree, disagree, base)
        if self.ballot_mode != "open" or not self._is_tied(agree, disagree, base):
            return values
        presiding = self.session_id.presiding_id
        own = self.voter_ids.filtered(lambda voter: voter.member_id == presiding)
        if own.choice not in dict(SIDES):
            # who presides abstained, or has no vote: the majority decides alone
            return values
        return values | self._get_casting_values(own.choice)

    def _get_blank_vote(self):
        return {
            **super()._get_blank_vote(),
            "casting_choice": False,
            "casting_by": False,
        }

    def _get_casting_facts(self):
        """Return the casting vote that decided; nothing where none did."""
        self.ensure_one()
        if not self.casting_choice:
            return {}
        return {"casting": self.casting_choice, "casting_by": self.casting_by.id}

    def _get_decision(self):
        return {**super()._get_decision(), **self._get_casting_facts()}

    def _get_former_vote(self, reason):
        facts = self._get_casting_facts()
        return [{**vote, **facts} for vote in super()._get_former_vote(reason)]

    def _get_progress(self):
        if self.awaits_casting:
            return self.env._(
                "%(item)s: a tie; who presides decides it by “Tie: agree” or “Tie: "
                "disagree”",
                item=self.display_name,
            )
        return super()._get_progress()
