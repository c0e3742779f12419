from contextlib import contextmanager

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import NO_ACCESS

from ...lib.council import ballot_box
from ...lib.council.passphrase import LENGTH, is_weak

#: Proposed size of a tally team: one may be ill, or in a conflict.
TALLY_TEAM = 3


class HoithiSession(models.Model):
    """Who counts the votes of a session: its tally team, and their keys."""

    _inherit = "hoithi.session"

    tally_member_ids = fields.Many2many(
        "hoithi.council.member",
        string="Tally team",
        compute="_compute_tally_member_ids",
        store=True,
        readonly=False,
        copy=False,
        tracking=True,
        domain="[('council_id', '=', council_id)]",
        help="They count the votes. A secret vote is opened by two of them together, "
        "each with the own passphrase; an open one the secretary counts as well.",
    )
    has_secret_votes = fields.Boolean(
        compute="_compute_has_secret_votes",
        help="An entry of the agenda is voted on in secret, or all that come will be, "
        "by ballots that are given here and not on paper.",
    )
    teller_key_ids = fields.One2many(
        "hoithi.session.teller", "session_id", groups=NO_ACCESS
    )
    keyed_member_ids = fields.Many2many(
        "hoithi.council.member",
        string="Tellers with a key",
        compute="_compute_keyed_member_ids",
        help="Who of the tally team has made the key that opens secret votes.",
    )
    my_teller_state = fields.Selection(
        [
            ("none", "Not on the tally team"),
            ("to_make", "Key to be made"),
            ("made", "Key made"),
        ],
        compute="_compute_my_teller_state",
    )
    can_count_votes = fields.Boolean(
        compute="_compute_can_count_votes",
        help="The reader may count votes now that everybody has handed in.",
    )

    # COMPUTE

    @api.depends("ballot_mode", "on_paper", "item_ids.ballot_mode", "item_ids.on_paper")
    def _compute_has_secret_votes(self):
        for session in self:
            session.has_secret_votes = any(
                voted.ballot_mode == "secret" and not voted.on_paper
                for voted in session.item_ids or session
            )

    @api.depends("ballot_mode", "council_id")
    def _compute_tally_member_ids(self):
        """Propose three for a secret ballot: members in no conflict, not the chair."""
        for session in self:
            team = session.tally_member_ids
            if session.ballot_mode == "secret" and not team:
                team = session._get_proposed_tellers()
            session.tally_member_ids = team

    @api.depends("teller_key_ids")
    def _compute_keyed_member_ids(self):
        for session in self:
            # that a key was made is for all to see, the key for nobody
            session.keyed_member_ids = session.sudo().teller_key_ids.member_id

    @api.depends_context("uid")
    @api.depends("has_secret_votes", "tally_member_ids", "teller_key_ids", "state")
    def _compute_my_teller_state(self):
        for session in self:
            seat = session._get_own_teller_seat()
            if seat not in session._get_tellers() or not seat:
                session.my_teller_state = "none"
            elif seat in session.keyed_member_ids:
                session.my_teller_state = "made"
            else:
                session.my_teller_state = "to_make"

    @api.depends_context("uid")
    @api.depends("item_ids.state", "item_ids.voter_ids.voted", "tally_member_ids")
    def _compute_can_count_votes(self):
        for session in self:
            session.can_count_votes = any(
                item.can_count for item in session._get_complete_items()
            )

    def _record_team(self, former):
        """Put a change of the tally team on record, once the session is open.

        :param former: the team of before
        """
        self.ensure_one()
        present = self.tally_member_ids
        if self.state == "open" and former != present:
            self.env["hoithi.ledger"]._append(
                self.contest_id,
                "session.tellers",
                self,
                {"before": sorted(former.ids), "after": sorted(present.ids)},
            )

    # CONSTRAINTS

    @api.constrains("tally_member_ids", "contest_id")
    def _check_tally_team(self):
        for session in self:
            if any(
                item.state == "voting" and item.ballot_mode == "secret"
                for item in session.item_ids
            ):
                raise ValidationError(
                    self.env._(
                        "A secret vote is running: its tally team stays until it is "
                        "counted."
                    )
                )
            if session.tally_member_ids.council_id - session.council_id:
                raise ValidationError(
                    self.env._("The tally team is chosen from the members.")
                )

    # ACTION

    def action_make_teller_key(self, passphrase=None):
        """Make the caller's key for counting the secret votes of this session.

        :param passphrase: at least ten characters; it is kept nowhere, so that a lost
            one can't be found again
        :raises AccessError: for whoever isn't on the tally team
        :raises UserError: for a passphrase that is short or easily guessed, once the
            session is closed, and while votes run that the former key helps to open
        """
        self.ensure_one()
        self.check_access("read")
        self._check_teller()
        known = (self.env.user.name, self.env.user.login)
        if not isinstance(passphrase, str) or is_weak(passphrase, known):
            raise UserError(
                self.env._(
                    "Choose a passphrase of at least %s characters, such as four words "
                    "that only you would put together: no row of keys or numbers, and "
                    "not your name.",
                    LENGTH,
                )
            )
        # a key is nobody's but by this act
        self.env["hoithi.session.teller"].sudo()._lock(
            self, self._get_own_teller_seat(), passphrase
        )
        self.invalidate_recordset(["keyed_member_ids", "my_teller_state"])
        self._tell_board()
        return True

    def action_ask_teller_key(self):
        """Open the dialog that asks the teller for a passphrase."""
        self.ensure_one()
        self.check_access("read")
        self._check_teller()
        return {
            "type": "ir.actions.client",
            "tag": "hoithi_teller_key",
            "name": self.env._("My Teller Key"),
            "target": "new",
            "params": {
                "session_id": self.id,
                "session": self.display_name,
                "least": LENGTH,
                "made": self.my_teller_state == "made",
            },
        }

    def action_ask_count(self):
        """Open the dialog that counts the votes on which everybody has handed in.

        :raises UserError: where there is none that the caller may count
        """
        self.ensure_one()
        self.check_access("read")
        items = self._get_complete_items().filtered("can_count")
        if not items:
            raise UserError(
                self.env._(
                    "There is no vote to count: ballots are out, or others count it."
                )
            )
        return items.action_ask_count()

    # BUSINESS

    def _check_teller(self):
        """Refuse whoever makes no key.

        :raises AccessError: for whoever isn't on the tally team
        :raises UserError: where no secret vote is to come
        """
        self._check_not_closed()
        if not self.has_secret_votes:
            raise UserError(
                self.env._("An open vote is counted without a key of the tellers.")
            )
        if not self._get_own_teller_seat():
            raise AccessError(
                self.env._("You aren't on the tally team of this session.")
            )

    def _get_own_teller_seat(self):
        """Return the caller's seat on the tally team."""
        return self.tally_member_ids.filtered(
            lambda member: member.user_id == self.env.user
        )

    def _get_tellers(self):
        """Return the tally team where it opens secret votes."""
        secret = self.has_secret_votes and self.state != "closed"
        return self.tally_member_ids if secret else self.tally_member_ids.browse()

    def _needs_team(self):
        """Tell whether only a tally team may count what is voted on."""
        return self.has_secret_votes

    def _get_told_team(self):
        """Return the tally team where it is told of its task."""
        is_told = self._needs_team() and self.state != "closed"
        return self.tally_member_ids if is_told else self.tally_member_ids.browse()

    @contextmanager
    def _telling_teams(self):
        """Tell who comes on a tally team as rules change, which pass `write` by."""
        tellers = {session: session._get_told_team() for session in self}
        yield
        for session, before in tellers.items():
            session._tell_tellers(session._get_told_team() - before)

    def _get_proposed_tellers(self):
        """Return the members who would count a secret vote: three, if there are."""
        self.ensure_one()
        # who is in a conflict is for the secretary; that somebody isn't proposed, no
        conflicted_sudo = (
            self.env["hoithi.conflict"]
            .sudo()
            .search(
                [
                    ("entry_id.contest_id", "=", self.contest_id.id),
                    ("hard", "=", True),
                ]
            )
            .member_id
        )
        members = self.council_id.member_ids.filtered(
            lambda member: member.active and member.role == "member"
        )
        order = members.sorted(
            lambda member: (member in conflicted_sudo, member.sequence, member.id)
        )
        return order[:TALLY_TEAM]

    def _propose_tellers(self):
        """Propose a tally team where an entry is the first to be voted on in secret."""
        for session in self:
            if session._needs_team() and not session.tally_member_ids:
                # the rules propose them, whoever put the vote on the agenda
                session.sudo().tally_member_ids = session._get_proposed_tellers()

    def _get_gaining_tellers(self, seats):
        """Return who of some tellers competes, where there are enough others.

        Their own place moves with those of the entries they count; a council in which
        all compete counts all the same.

        :param seats: the tellers who could count
        """
        self.ensure_one()
        # who wrote what is compared, and shown to nobody
        gaining = self.sudo().contest_id._get_gaining_seats(roles=None)
        own = seats.filtered(lambda seat: seat.sudo() in gaining)
        return own if len(seats - own) >= ballot_box.TELLERS else own.browse()

    def _tell_tellers(self, members):
        """Ask members who have come on the tally team to make their key."""
        self.ensure_one()
        if not self.has_secret_votes:
            return
        for user in members.user_id:
            session = self.with_context(lang=user.lang)
            session.message_notify(
                partner_ids=user.partner_id.ids,
                subject=session.env._(
                    "You are on the tally team: %s", session.display_name
                ),
                body=Markup("<p>%s</p>")
                % session.env._(
                    "A secret vote is opened by two tellers together. Please open the "
                    "session before it begins and press “My teller key”: choose a "
                    "passphrase that nobody else knows. You need it for the count."
                ),
            )

    def _get_complete_items(self):
        """Return the items on which all have voted and that aren't counted."""
        return self.item_ids.filtered(
            lambda item: item.state == "voting" and item.cast_count == item.issued
        )
