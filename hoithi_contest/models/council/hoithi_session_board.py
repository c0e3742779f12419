from odoo import api, models

from ..guard.hoithi_states import UNCLOSED


class HoithiSession(models.Model):
    """What the board of a session and each member's ballot show."""

    _inherit = "hoithi.session"

    def action_view_board(self):
        """Open the board for the projector."""
        return self._get_client_action("hoithi_contest.hoithi_session_board_action")

    def action_view_ballot(self):
        """Open the reader's own ballot."""
        return self._get_client_action("hoithi_contest.hoithi_session_ballot_action")

    @api.model
    @api.readonly
    def get_running(self):
        """Return the id of the session to show to the caller: the open one, if any."""
        for state in UNCLOSED:
            session = self.search([("state", "=", state)], order="start, id", limit=1)
            if session:
                return session.id
        return False

    @api.readonly
    def get_board_data(self):
        """Return what the board shows, with the caller's rights."""
        self.ensure_one()
        self.check_access("read")
        item = self.current_item_id
        members = self.attendance_ids
        running = self.item_ids.filtered(
            # what is put into a box on paper nobody sees coming in
            lambda item: item.state == "voting" and not item.on_paper
        )
        return {
            "id": self.id,
            "name": self.display_name,
            "contest": self.contest_id.name,
            "place": self.place or "",
            "state": self.state,
            "state_label": self._get_state_label(self.state),
            "ballot_mode": self.ballot_mode,
            "present": self.present_count,
            "voting": self.voting_count,
            "members": [
                {
                    "id": line.id,
                    "name": line.member_name,
                    "present": line.present,
                    "recused": line.member_id in item.recused_ids,
                }
                for line in members
            ],
            "quorum_reached": self.quorum_reached,
            "quorum_basis": self.quorum_basis or "",
            "decided": self.counted_count,
            "items": len(self.item_ids),
            "current": item._get_board_data() if item else False,
            "running": len(running),
            "issued": sum(running.mapped("issued")),
            "cast": sum(running.mapped("cast_count")),
            "next": [
                {"id": other.id, "code": other.entry_code, "name": other.entry_name}
                for other in self.item_ids.filtered(
                    lambda other: (
                        other.state == "pending" and not other.is_moot and other != item
                    )
                )[:3]
            ],
        }

    @api.readonly
    def get_ballot_data(self):
        """Return the caller's own ballot: the items, and what there is to do."""
        self.ensure_one()
        self.check_access("read")
        return {
            "id": self.id,
            "name": self.display_name,
            "contest": self.contest_id.name,
            "state": self.state,
            "state_label": self._get_state_label(self.state),
            "ballot_mode": self.ballot_mode,
            "seated": bool(self._get_own_attendance()),
            "present": self._get_own_attendance().present,
            "teller": self.my_teller_state,
            "can_count": self.can_count_votes,
            "items": [
                {
                    "id": item.id,
                    "code": item.entry_code,
                    "name": item.entry_name,
                    "field": item.field_id.display_name or "",
                    "state": item.state,
                    "current": item == self.current_item_id,
                    "mode": item.ballot_mode,
                    "mine": item.my_vote,
                    "choices": [
                        {"key": key, "label": label}
                        for key, label in item._get_choices().items()
                    ],
                    "outcome": item.outcome or "",
                }
                for item in self.item_ids
            ],
        }

    def _tell_board(self):
        """Tell boards and ballots that something changed; they ask what by themselves.

        Nothing else is sent: what goes through the bus stays in a table for a while.
        """
        for session in self:
            session._bus_send("hoithi.session/changed", {"session_id": session.id})

    def _get_client_action(self, xmlid):
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.client"]._for_xml_id(xmlid)
        return {**action, "context": {"active_id": self.id}}
