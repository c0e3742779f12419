from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...lib.notice import agenda
from ..guard.hoithi_states import VOTABLE

#: Who reads the agenda besides those who sit on the council.
READERS = "hoithi_contest.group_secretary,hoithi_contest.group_leader"


class HoithiSession(models.Model):
    """What a session decides on, and in which order."""

    _inherit = "hoithi.session"

    item_ids = fields.One2many("hoithi.session.item", "session_id", string="Agenda")
    current_item_id = fields.Many2one(
        "hoithi.session.item",
        string="Under discussion",
        copy=False,
        domain="[('session_id', '=', id)]",
        ondelete="set null",
        index="btree_not_null",
    )
    item_count = fields.Integer(string="Entries", compute="_compute_item_counts")
    counted_count = fields.Integer(string="Decided", compute="_compute_item_counts")

    # COMPUTE

    @api.depends("item_ids.state")
    def _compute_item_counts(self):
        for session in self:
            session.item_count = len(session.item_ids)
            session.counted_count = len(
                session.item_ids.filtered(lambda item: item.state == "counted")
            )

    # CONSTRAINTS

    @api.constrains("current_item_id")
    def _check_current_item(self):
        for session in self:
            item = session.current_item_id
            if item and item.session_id != session:
                raise ValidationError(
                    self.env._(
                        "“%s” isn't on the agenda of this session.", item.display_name
                    )
                )

    # ACTION

    def action_build_agenda(self):
        """Put the entries that wait for the council on the agenda, in a good order.

        Entries of one field stay together, the best first, except that those for which
        the same members must leave follow one another; or in the order that the rules
        of the contest give. Where somebody who reads the
        agenda has an entry on it, fields go by the codes instead: the order tells no
        author the own place. What was voted on keeps its place.

        :raises UserError: before the council phase, or where no entry waits
        """
        for session in self:
            session.check_access("write")
            session._check_not_closed()
            # a conflict hides an entry from the secretary, not from the agenda
            entries_sudo = session.sudo()._get_waiting_entries()
            entries_sudo._detect_conflicts()
            entries_sudo = session.sudo()._get_waiting_entries()
            session.env["hoithi.session.item"].create(
                [
                    {"session_id": session.id, "entry_id": entry.id}
                    for entry in entries_sudo
                ]
            )
            session.item_ids._add_questions()
            if not session.item_ids:
                raise UserError(
                    self.env._(
                        "No entry of “%s” waits for the council.",
                        session.contest_id.name,
                    )
                )
            session._order_agenda()
        return True

    # BUSINESS

    def _get_waiting_entries(self):
        """Return the entries that no session has on its agenda yet.

        Called with superuser rights, so that conflicts leave no entry out.
        """
        self.ensure_one()
        contest = self.contest_id
        if contest.state != "council":
            raise UserError(
                self.env._(
                    "The agenda is made in the council phase; “%(contest)s” is in: "
                    "%(state)s.",
                    contest=contest.name,
                    state=contest._get_state_label(contest.state),
                )
            )
        entries = self.env["hoithi.entry"].search(
            [
                ("contest_id", "=", contest.id),
                ("state", "in", self._get_decidable_states(contest)),
                *self._get_unlisted_domain(),
            ]
        )
        # the ids of the items don't tell the places
        return entries.sorted("id")

    def _get_unlisted_domain(self):
        """Return the domain of entries that no session has on its agenda."""
        entries = self.env["hoithi.entry"].search(
            [
                ("contest_id", "=", self.contest_id.id),
                ("session_item_ids", "!=", False),
            ]
        )
        # a vote that was put again, or cut short, is none
        listed = entries.filtered(
            lambda entry: self._has_listed(entry._get_standing_votes())
        )
        return [("id", "not in", listed.ids)]

    def _has_listed(self, votes):
        """Hook: tell whether an entry with these votes needs none of this body."""
        return bool(votes)

    @api.model
    def _get_decidable_states(self, contest):
        """Return the states of entries that the council votes on."""
        if contest.mode == "nominate_only":
            return VOTABLE
        return ("reviewed",)

    def _order_agenda(self):
        self.ensure_one()
        done = self.item_ids.filtered(lambda item: item.state != "pending")
        rule = self.contest_id.vote_order
        is_by_code = rule == "code" or self._is_read_by_authors()
        pending = (self.item_ids - done).sorted(
            # fields and ranks of all entries, also of those in conflict
            lambda item: (
                item.sudo().field_id.id if rule == "fields" else 0,
                0 if is_by_code else item.sudo().entry_id._get_vote_place(rule),
                item.sudo().entry_code or "",
                item._get_turn(),
                item.id,
            )
        )
        first = pending.browse()
        if self.contest_id.preliminaries_first:
            first = pending.filtered("is_preliminary")
        order = []
        for part in (first, pending - first):
            order += (
                agenda.arrange(
                    part.ids, {item.id: set(item.recused_ids.ids) for item in part}
                )
                if rule == "fields"
                # an order that the rules give is kept, whoever must leave when
                else part.ids
            )
        for sequence, item in enumerate([*done, *pending.browse(order)], start=1):
            if item.sequence != sequence:
                # what was voted on is read only for everybody else
                item.sudo().sequence = sequence
        self.invalidate_recordset(["item_ids"])
        self._tell_board()

    def _is_read_by_authors(self):
        """Tell whether somebody who reads the agenda has an entry on it."""
        self.ensure_one()
        # whose the entries are decides, whoever may read them
        self_sudo = self.sudo()
        authors = self_sudo.item_ids.entry_id.author_ids.partner_id.user_ids
        seated = self_sudo.council_id.member_ids.user_id
        return any(user in seated or user.has_groups(READERS) for user in authors)
