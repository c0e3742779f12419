from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...lib.council import voting
from .hoithi_session_item import WRITTEN


class HoithiSessionItem(models.Model):
    """What absent members wrote on an item; it is counted apart from the room."""

    _inherit = "hoithi.session.item"

    opinion_ids = fields.One2many(
        "hoithi.session.opinion",
        "item_id",
        groups="hoithi_contest.group_secretary,hoithi_contest.group_member",
    )
    written = fields.Integer(
        string="Written opinions",
        readonly=True,
        copy=False,
        aggregator=None,
        help="Of absent members, as they were counted.",
    )
    written_agree = fields.Integer(
        string="Agree in writing", readonly=True, copy=False, aggregator=None
    )
    written_disagree = fields.Integer(
        string="Disagree in writing", readonly=True, copy=False, aggregator=None
    )

    _check_written = models.Constraint(
        "CHECK (COALESCE(written, 0) >= COALESCE(written_agree, 0)"
        " + COALESCE(written_disagree, 0))",
        "Written opinions must add up.",
    )

    # CRUD

    @api.ondelete(at_uninstall=False)
    def _unlink_except_opinions(self):
        self._check_no_opinions()

    # BUSINESS

    def _check_no_opinions(self):
        """Refuse to lose what was given.

        :raises UserError: telling what there is to do instead
        """
        # whoever takes it off may read opinions or not
        given_sudo = self.sudo().opinion_ids.filtered(lambda o: o.state == "given")
        if given_sudo:
            raise UserError(
                self.env._(
                    "Absent members have given their opinion on “%s” in writing: "
                    "recall it first, with the reason.",
                    given_sudo[0].item_id.display_name,
                )
            )

    def _takes_opinions(self):
        """Tell whether the rules allow written opinions in this kind of vote."""
        self.ensure_one()
        rule = self.session_id.written_opinions
        return rule == "all" or (rule == "open" and self.ballot_mode == "open")

    def _get_opinions_to_count(self):
        """Return the opinions of who may vote and has no ballot in the room."""
        self.ensure_one()
        # the roll is whole whoever counts, and so are the opinions
        item_sudo = self.sudo()
        roll = item_sudo.session_id.attendance_ids.filtered("can_vote").member_id
        takes = roll - item_sudo.voter_ids.member_id
        return item_sudo.opinion_ids.filtered(
            lambda opinion: opinion.state == "given" and opinion.member_id in takes
        )

    def _get_awaited_opinions(self):
        """Return those that may still come in."""
        self.ensure_one()
        barred = self.recused_ids | self._get_conflicted()
        return self.opinion_ids.filtered(
            lambda opinion: (
                opinion.state == "asked"
                and not opinion.is_late
                and opinion.member_id not in barred
                and not opinion._is_at_the_vote()
            )
        )

    def _counts_written(self):
        """Tell whether who agrees in writing agrees as one of the base."""
        self.ensure_one()
        return self._get_majority().base != "present"

    def _get_agreeing(self):
        """Return how many agree, of those whom the share is taken of."""
        self.ensure_one()
        return self.agree + (self.written_agree if self._counts_written() else 0)

    def _get_disagreeing(self):
        """Return how many disagree, of those whom the share is taken of."""
        self.ensure_one()
        return self.disagree + (self.written_disagree if self._counts_written() else 0)

    def _start_vote(self):
        self.ensure_one()
        # what was written on it, whoever starts the vote
        if not self._takes_opinions() and self.sudo().opinion_ids.filtered(
            lambda opinion: opinion.state != "recalled"
        ):
            raise UserError(
                self.env._(
                    "Absent members were asked for their opinion on “%s” in writing, "
                    "which the rules don't allow in a secret vote: recall that first, "
                    "or vote openly.",
                    self.display_name,
                )
            )
        return super()._start_vote()

    def _check_countable(self, reason):
        super()._check_countable(reason)
        self._check_no_awaited()

    def _check_no_awaited(self):
        """Refuse to count while a written opinion may still come in.

        :raises UserError: with who is awaited, and until when
        """
        self.ensure_one()
        # who is awaited, whoever counts
        awaited_sudo = self.sudo()._get_awaited_opinions()
        if awaited_sudo:
            raise UserError(
                self.env._(
                    "Written opinions on “%(item)s” may come in until %(moment)s, of: "
                    "%(members)s. Wait for them; the secretary may recall them with a "
                    "reason.",
                    item=self.display_name,
                    moment=self.contest_id._format_moment(
                        max(awaited_sudo.mapped("due_on"))
                    ),
                    members=", ".join(awaited_sudo.member_id.mapped("display_name")),
                )
            )

    def _count_written(self):
        """Take the opinions that count, and return what they say.

        :raises UserError: where somebody of them turned out to be in a conflict
        """
        self.ensure_one()
        opinions = self._get_opinions_to_count()
        # also of a conflict that was lifted while the vote ran: who left the room for
        # it has no vote, and isn't in the base
        late = opinions.member_id & (self.recused_ids | self._get_conflicted())
        if late:
            raise UserError(
                self.env._(
                    "%(members)s gave a written opinion on “%(item)s” and turned out "
                    "to be in a conflict of interest: recall it first.",
                    members=", ".join(late.mapped("display_name")),
                    item=self.display_name,
                )
            )
        opinions._open_door().is_counted = True
        return voting.tally(opinions.mapped("choice"), secret=False)

    def _forget_written(self):
        """Let opinions count for nothing while the vote is taken again; they stay."""
        self.opinion_ids._open_door().is_counted = False

    def _get_written_counts(self):
        """Return the counts for the ledger and for what is kept; nothing of none."""
        self.ensure_one()
        if not self.written:
            return {}
        return {name: self[name] for name in WRITTEN}

    # INVARIANTS

    @api.model
    def _get_tally_queries(self):
        return [
            *super()._get_tally_queries(),
            SQL(
                """SELECT i.entry_id FROM hoithi_session_item i
                   LEFT JOIN LATERAL (
                     SELECT COUNT(*) AS given,
                            COUNT(*) FILTER (
                                WHERE o.choice NOT IN ('disagree', 'blank')) AS agree
                     FROM hoithi_session_opinion o
                     WHERE o.item_id = i.id AND o.is_counted
                   ) w ON TRUE
                   WHERE COALESCE(i.written, 0) <> w.given
                      OR COALESCE(i.written_agree, 0) <> w.agree"""
            ),
        ]
