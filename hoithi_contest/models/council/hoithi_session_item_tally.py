from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import NO_ACCESS
from odoo.tools import SQL

from ...lib.council import ballot_box, voting
from ..guard.hoithi_states import VOTABLE
from .hoithi_session_item import SECRETARY, TALLY


class HoithiSessionItem(models.Model):
    """How a vote is counted, and what comes of it."""

    _inherit = "hoithi.session.item"

    # count
    box_key = fields.Text(
        readonly=True,
        copy=False,
        groups=NO_ACCESS,
        help="Seals the ballots of a secret vote; it opens none.",
    )
    handed_in = fields.Integer(
        string="Tellers who have begun to count",
        readonly=True,
        copy=False,
        help="The box of a secret vote opens when two tellers have.",
    )
    early_reason = fields.Text(
        string="Counted before all had voted",
        readonly=True,
        copy=False,
        help="The reason; it goes into the minutes.",
    )

    # tally
    issued = fields.Integer(readonly=True, copy=False)
    collected = fields.Integer(readonly=True, copy=False)
    valid = fields.Integer(readonly=True, copy=False)
    invalid = fields.Integer(readonly=True, copy=False)
    agree = fields.Integer(readonly=True, copy=False)
    disagree = fields.Integer(readonly=True, copy=False)
    abstain = fields.Integer(
        string="Abstained",
        compute="_compute_abstain",
        help="Who voted openly for neither side. A blank ballot of a secret vote is "
        "invalid instead.",
    )
    base_count = fields.Integer(
        string="Base", readonly=True, copy=False, help="Of whom the share is taken."
    )
    outcome = fields.Selection(
        [("approved", "Approved"), ("rejected", "Rejected")],
        readonly=True,
        copy=False,
    )
    basis = fields.Char(compute="_compute_basis")
    counted_by = fields.Many2one("res.users", readonly=True, copy=False)
    conclusion = fields.Text(help="What the council concluded, for the minutes.")
    selection_problems = fields.Text(
        readonly=True,
        copy=False,
        help="Rules of the contest for which an approved entry wasn't selected.",
    )

    _check_tally = models.Constraint(
        "CHECK (issued >= collected AND collected = valid + invalid"
        " AND valid >= agree + disagree AND agree >= 0 AND disagree >= 0"
        " AND invalid >= 0"
        " AND (ballot_mode = 'open' OR valid = agree + disagree))",
        "A tally must add up.",
    )
    _check_outcome = models.Constraint(
        "CHECK ((state = 'counted') = (outcome IS NOT NULL))",
        "What was counted has an outcome, and nothing else has.",
    )

    # COMPUTE

    @api.depends("ballot_mode", "collected", "agree", "disagree")
    def _compute_abstain(self):
        for item in self:
            # also of votes counted before abstentions were told from invalid ballots
            rest = item.collected - item.agree - item.disagree
            item.abstain = rest if item.ballot_mode == "open" else 0

    @api.depends_context("lang")
    @api.depends("agree", "written_agree", "base_count", "state")
    def _compute_basis(self):
        labels = {
            "all_voting": self.env._("all voting members"),
            "all_members": self.env._("all members of the council"),
            "present": self.env._("the members present"),
        }
        for item in self:
            if item.state != "counted":
                item.basis = False
                continue
            majority = item._get_majority()
            values = {
                "agree": item._get_agreeing(),
                "base": item.base_count,
                "whom": labels[majority.base],
                "sign": majority.get_sign(item.outcome == "approved"),
                "ratio": voting.to_fraction(majority.ratio),
            }
            item.basis = (
                self.env._(
                    "%(agree)s/%(base)s of %(whom)s (%(written)s in writing) %(sign)s "
                    "%(ratio)s",
                    written=item.written_agree,
                    **values,
                )
                if item.written and item._counts_written()
                else self.env._(
                    "%(agree)s/%(base)s of %(whom)s %(sign)s %(ratio)s", **values
                )
            )

    # ACTION

    def action_count(self, passphrase=None, reason=None):
        """Count the votes.

        An open vote is counted by the secretary or a member of the tally team. A secret
        one is opened by two tellers, each by this act: the first hands in a share of
        the box's key, the second opens it. Ballots that weren't handed in stay out.

        :param passphrase: of the caller's teller key; needed for a secret vote
        :param reason: needed while ballots are out; recorded, and in the minutes
        :return: whether all these votes are counted now; if not, a teller is awaited
        :raises AccessError: for anyone else
        :raises UserError: where nothing was handed in, ballots are out and no reason is
            given, or the passphrase is wrong; for whoever competes, while any is out
        """
        self._check_transition("counted")
        self.check_access("read")
        if reason is not None:
            reason = self._clean_reason(reason)
        shares = self._get_own_shares()
        for item in self:
            refusal = item._get_count_refusal(shares)
            if refusal:
                raise AccessError(refusal)
            item._check_countable(reason)
            if reason and item.cast_count < item.issued:
                item.entry_id._check_impartial()
        keys = {}
        for item in self:
            # of all members only the tally team may touch an item, by this act
            item_sudo = item.sudo()
            item_sudo._take_turn()
            if item.cast_count < item.issued and reason:
                item_sudo._open_door().early_reason = reason
            if item.ballot_mode == "secret":
                teller_sudo = item._get_own_teller()
                if teller_sudo not in keys:
                    # a guess costs half a second, once for all votes
                    keys[teller_sudo] = teller_sudo._unlock(passphrase)
                if not item_sudo._hand_in(teller_sudo, keys[teller_sudo]):
                    continue
            item_sudo._count()
        return all(item.state == "counted" for item in self)

    def action_ask_count(self):
        """Open the dialog that says what is counted, and asks what the count needs."""
        self._check_transition("counted")
        self.check_access("read")
        shares = self._get_own_shares()
        for item in self:
            refusal = item._get_count_refusal(shares)
            if refusal:
                raise AccessError(refusal)
        return {
            "type": "ir.actions.client",
            "tag": "hoithi_count_votes",
            "name": self.env._("Count the Votes"),
            "target": "new",
            "params": {
                "secret": "secret" in self.mapped("ballot_mode"),
                "tellers": ballot_box.TELLERS,
                "votes": [
                    {
                        "id": item.id,
                        "code": item.entry_code or "",
                        "name": item.entry_name,
                        "mode": item.ballot_mode,
                        "issued": item.issued,
                        "cast": item.cast_count,
                        "handed_in": item.handed_in,
                        "reason": item.early_reason or "",
                    }
                    for item in self
                ],
            },
        }

    # BUSINESS

    def _get_count_refusal(self, shares):
        """Return why the caller can't count, or an empty text.

        :param shares: what :meth:`_get_own_shares` returned of all items in question
        """
        self.ensure_one()
        user = self.env.user
        secret = self.ballot_mode == "secret"
        if not secret and (self.env.su or user.has_group(SECRETARY[0])):
            return ""
        seat = self.session_id.tally_member_ids.filtered(
            lambda member: member.user_id == user
        )
        if not seat and secret:
            return self.env._(
                "The tally team alone opens a secret vote: two tellers, each with the "
                "own passphrase."
            )
        if not seat:
            return self.env._("The secretary or the tally team counts the votes.")
        if seat in self.recused_ids:
            return self.env._(
                "You are in a conflict of interest with “%s”: others count it.",
                self.display_name,
            )
        own = shares.filtered(lambda share: share.item_id == self)
        if secret and seat not in own.teller_id.member_id:
            return self.env._(
                "You had made no teller key when the vote on “%s” began: the others "
                "count it.",
                self.display_name,
            )
        return ""

    def _get_own_shares(self):
        """Return the caller's shares of boxes, with their rights: nobody has others."""
        secret = self.filtered(
            lambda item: item.state == "voting" and item.ballot_mode == "secret"
        )
        # shares are nobody's to read; a teller uses the own one by counting
        return (
            self.env["hoithi.ballot"]
            .sudo()
            ._get_shares(secret)
            .filtered(lambda share: share.teller_id.member_id.user_id == self.env.user)
        )

    def _check_countable(self, reason):
        """Refuse to count what wasn't voted on, or too early without a reason.

        :raises UserError: with the number of ballots that are out
        """
        self.ensure_one()
        if not self.cast_count:
            raise UserError(
                self.env._(
                    "Nobody has voted on “%s” yet, so there is nothing to count.",
                    self.display_name,
                )
                if self.ballot_mode == "open"
                else self.env._(
                    "No ballot on “%s” has been handed in, so there is nothing to "
                    "count: wait for the votes, or take the vote again later.",
                    self.display_name,
                )
            )
        missing = self.issued - self.cast_count
        if missing and not (reason or self.early_reason):
            values = {
                "missing": missing,
                "issued": self.issued,
                "item": self.display_name,
            }
            raise UserError(
                self.env._(
                    "%(missing)s of %(issued)s members haven't voted on “%(item)s” "
                    "yet: wait for them, or give the reason to count without them. It "
                    "goes into the minutes.",
                    **values,
                )
                if self.ballot_mode == "open"
                else self.env._(
                    "%(missing)s of %(issued)s ballots on “%(item)s” are still out: "
                    "wait for them, or give the reason to count without them. It goes "
                    "into the minutes.",
                    **values,
                )
            )

    def _hand_in(self, teller, key):
        """Open the teller's share; return whether the box can be opened now."""
        self.ensure_one()
        shares = self.env["hoithi.ballot"]._get_shares(self)
        shares.filtered(lambda share: share.teller_id == teller)._hand_in(key)
        opened = len(shares.filtered("opened"))
        # of two tellers in the same instant the second is tried again by this write
        self._open_door().handed_in = opened
        self.session_id._tell_board()
        return opened >= ballot_box.TELLERS

    def _get_former_vote(self, reason):
        """Return what was counted, as it stood, to be kept: none or one."""
        self.ensure_one()
        if self.state != "counted":
            return []
        choices = {
            str(voter.member_id.id): voter.choice
            for voter in self.voter_ids
            if voter.choice
        }
        return [
            {
                **{name: self[name] for name in (*TALLY, "abstain")},
                "mode": self.ballot_mode,
                "outcome": self.outcome,
                "counted_by": self.counted_by.id,
                "early_reason": self.early_reason or "",
                "reason": reason,
                # of an open vote only
                "choices": choices,
                **self._get_written_counts(),
            }
        ]

    def _check_no_late_conflict(self):
        """Refuse to count where a voter's conflict was found after the start.

        :raises UserError: naming those voters
        """
        self.ensure_one()
        late = self.voter_ids.member_id & self._get_conflicted()
        if late:
            raise UserError(
                self.env._(
                    "%(members)s turned out to be in a conflict of interest with "
                    "“%(item)s”: take the vote again.",
                    members=", ".join(late.mapped("display_name")),
                    item=self.display_name,
                )
            )

    def _count(self):
        """Count the votes that were given here."""
        self.ensure_one()
        self.env["hoithi.session.voter"]._rewrite(self)
        self._check_no_late_conflict()
        voted = self.voter_ids.filtered("voted")
        if self.ballot_mode == "secret":
            choices = self.env["hoithi.ballot"]._open_box(self)
            if len(choices) != len(voted):
                raise UserError(
                    self.env._(
                        "The box holds %(ballots)s ballots, but %(voters)s members "
                        "have voted: take the vote again.",
                        ballots=len(choices),
                        voters=len(voted),
                    )
                )
        else:
            choices = voted.mapped("choice")
        self._decide(
            voting.tally(choices, secret=self.ballot_mode == "secret"),
            len(voted),
            voting.count_scopes(choices),
        )

    def _decide(self, tally, cast, scopes=None):
        """Decide by what was counted: the one place where an outcome comes about.

        :param cast: how many handed in, or were asked to where nobody knows
        :param scopes: of those that agree, how many chose each scope
        """
        self.ensure_one()
        base, written = self._get_base(), self._count_written()
        counted = written if self._counts_written() else voting.tally([])
        outcome = self._get_outcome_values(
            tally.agree + counted.agree, tally.disagree + counted.disagree, base
        )
        outcome |= self._get_scope_values(scopes or {}, base)
        self._move(
            "counted",
            **tally._asdict(),
            written=written.collected,
            written_agree=written.agree,
            written_disagree=written.disagree,
            base_count=base,
            **outcome,
            counted_by=self.env.uid,
            early_reason=self.early_reason if cast < self.issued else False,
            box_key=False,
        )
        self._record("vote.counted", {**tally._asdict(), **self._get_decision()})
        self.session_id._tell_board()

    def _get_outcome_values(self, agree, disagree, base):
        """Hook: return the outcome of a vote, as values of the item.

        :param agree: of those whom the share is taken of
        :param disagree: likewise
        :param base: whom the share is taken of
        """
        approved = self._get_majority().is_reached(agree, base)
        return {"outcome": "approved" if approved else "rejected"}

    def _get_scope_values(self, votes, base):
        """Hook: return the outcome of a vote on a scope, as values of the item.

        :param votes: of those in the room, how many chose each
        :param base: whom the share is taken of
        """
        return {}

    def _get_decision(self):
        """Return the outcome and all it rests on, for the ledger."""
        self.ensure_one()
        majority = self._get_majority()
        return {
            "mode": self.ballot_mode,
            "issued": self.issued,
            "base": self.base_count,
            "base_of": majority.base,
            "ratio": majority.write_ratio(),
            "outcome": self.outcome,
            **({"early": self.early_reason} if self.early_reason else {}),
            **self._get_written_counts(),
        }

    def _apply_outcome(self):
        """Select what the council approved, leave out what it rejected."""
        # the council decides on entries in conflict with the secretary, too
        waiting = self.filtered(
            lambda item: (
                # on what failed before there was no vote
                item.outcome
                and item.sudo().entry_id.state in VOTABLE
                # a contest that was cancelled meanwhile selects nobody
                and item.contest_id.state == "council"
            )
        )
        # so are the entries themselves, in whose name the council's vote is carried out
        rejected = waiting.filtered(lambda item: item.outcome == "rejected")
        for basis, items in rejected.grouped("basis").items():
            items.sudo().entry_id.action_not_select(
                reason=self.env._("Vote of the council: %s.", basis)
            )
        approved = waiting - rejected
        problems = approved.sudo().entry_id._find_selection_problems()
        for item in approved:
            if found := problems[item.sudo().entry_id]:
                # what the rules say is the server's to write
                item.sudo()._open_door().selection_problems = "\n".join(found)
        self.env["hoithi.entry"].sudo().union(
            *(entry for entry, found in problems.items() if not found)
        ).action_select()

    # INVARIANTS

    @api.model
    def _get_broken_tallies(self, contest=None):
        """Return the ids of entries whose votes don't give the tally counted.

        :param contest: of which alone
        """
        query = SQL(" UNION ALL ").join(self._get_tally_queries())
        found = self.env["hoithi.entry"]._find_broken({"tally": query}, contest)
        return [entry_id for _rule, entry_id in found]

    @api.model
    def _get_tally_queries(self):
        """Return what finds the ids of entries whose votes don't give the tally."""
        return [
            SQL(
                """SELECT i.entry_id FROM hoithi_session_item i
                   WHERE i.state = 'counted' AND i.on_paper IS NOT TRUE AND (
                     i.collected <> (SELECT COUNT(*) FROM hoithi_session_voter v
                                     WHERE v.item_id = i.id AND v.voted)
                     OR i.ballot_mode = 'secret' AND i.agree <> (
                          SELECT COUNT(*) FROM hoithi_ballot b
                          WHERE b.item_id = i.id
                            AND b.choice NOT IN ('disagree', 'blank'))
                     OR i.ballot_mode = 'open' AND i.agree <> (
                          SELECT COUNT(*) FROM hoithi_session_voter v
                          WHERE v.item_id = i.id
                            AND v.choice NOT IN ('disagree', 'blank')))"""
            )
        ]
