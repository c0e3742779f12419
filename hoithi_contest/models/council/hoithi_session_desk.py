from odoo import api, fields, models
from odoo.exceptions import UserError

from ...lib.council import voting

SECRETARY = "hoithi_contest.group_secretary"


class HoithiSession(models.Model):
    """The desk of an open session: agenda, vote and roll side by side."""

    _inherit = "hoithi.session"

    desk = fields.Json(compute="_compute_desk", exportable=False)
    is_decided = fields.Boolean(
        compute="_compute_is_decided",
        help="Every entry of the agenda is decided, or will be once it is closed.",
    )

    # COMPUTE

    @api.depends(
        "item_ids.state",
        "item_ids.ballot_mode",
        "item_ids.voter_ids.voted",
        "item_ids.awaits_casting",
    )
    def _compute_is_decided(self):
        for session in self:
            session.is_decided = not session._get_undecided()

    @api.depends_context("uid", "lang")
    @api.depends(
        "state",
        "current_item_id",
        "presiding_id",
        "item_ids.state",
        "item_ids.voter_ids.voted",
        "item_ids.recused_ids",
        "item_ids.conclusion",
        "attendance_ids.present",
    )
    def _compute_desk(self):
        for session in self:
            is_open = session._origin and session.state == "open"
            session.desk = session._origin._get_desk() if is_open else False

    # ACTION

    def action_check_decided(self):
        """Tell what is left to decide; closes nothing.

        Where the last vote came meanwhile the form is shown anew, with the button that
        asks before it closes.

        :raises AccessError: for others than the secretary
        :raises UserError: with the items that aren't decided
        """
        self.ensure_one()
        self.check_access("write")
        self._check_decided(self._get_undecided())
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    # BUSINESS

    def _get_undecided(self):
        """Return the items that neither are counted nor would be by the end."""
        self.ensure_one()
        complete = self._get_complete_items()
        return self.item_ids.filtered(
            lambda item: (
                item.awaits_casting
                or (
                    item.state != "counted"
                    and not item.is_moot
                    and not (item.ballot_mode == "open" and item in complete)
                )
            )
        )

    def _check_decided(self, undecided):
        self.ensure_one()
        if not undecided:
            return
        raise UserError(
            "\n".join(
                [
                    self.env._(
                        "“%s” can't be closed: decide these entries or take them off "
                        "the agenda.",
                        self.display_name,
                    ),
                    *(f"- {item._get_progress()}" for item in undecided),
                ]
            )
        )

    def _get_desk(self):
        """Return what the desk shows, with the reader's rights."""
        self.ensure_one()
        item = self.current_item_id
        pending = self.item_ids.filtered(
            lambda one: one.state == "pending" and not one.is_moot
        )
        following = (pending - item)[:1]
        voting_now = self.item_ids.filtered(lambda one: one.state == "voting")
        return {
            "session": self.id,
            "is_run": self.env.user.has_groups(SECRETARY),
            "decided": self.counted_count,
            "total": len(self.item_ids),
            "items": [
                {
                    "id": one.id,
                    "number": number,
                    "name": one.entry_name,
                    "code": one.entry_code,
                    "state": one.state,
                    "mode": one.ballot_mode,
                    "outcome": one.outcome or "",
                    "agree": one._get_agreeing(),
                    "base": one.base_count,
                    "current": one == item,
                }
                for number, one in enumerate(self.item_ids, start=1)
            ],
            "item": item._get_desk() if item else False,
            "next": following.id,
            # of votes that go one by one the next waits for the count
            "can_start": not (self.one_by_one and voting_now - item),
            "roll": self._get_desk_roll(item),
            "presiding": self.presiding_id.id,
            "may_preside": [
                {"id": member.id, "name": member.display_name}
                for member in self._get_may_preside()
            ],
            "present": self.present_count,
            "voting": self.voting_count,
            "least": voting.least(self.voting_count, self.quorum_ratio),
            "ratio": str(voting.to_fraction(self.quorum_ratio)),
            "quorum": self.quorum_reached,
        }

    def _get_desk_roll(self, item):
        roles = dict(self.env["hoithi.session.attendance"]._get_roles())
        return [
            {
                "id": line.id,
                "name": line.member_name,
                "role": roles.get(line.role, ""),
                "present": line.present,
                "can_vote": line.can_vote,
                "presides": line.member_id == self.presiding_id,
                "is_out": line.member_id in item.recused_ids,
            }
            for line in self.attendance_ids
        ]
