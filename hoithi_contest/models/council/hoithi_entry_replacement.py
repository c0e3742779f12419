from datetime import datetime

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..guard.hoithi_states import PENDING, VOTED


class HoithiEntry(models.Model):
    """Another reviewer for an entry whose sheet fell out after the review.

    As by a conflict of interest that was found late: the contest stays in its council
    phase, and the vote on the entry waits for the sheet.
    """

    _inherit = "hoithi.entry"

    _reason_methods = ("action_name_reviewer",)

    lacks_sheets = fields.Boolean(
        compute="_compute_lacks_sheets",
        groups="hoithi_contest.group_secretary",
        help="A sheet fell out after the review, and nobody was named for it yet.",
    )

    @api.depends("contest_id.state", "state", "review_count")
    def _compute_lacks_sheets(self):
        for entry in self:
            entry.lacks_sheets = (
                entry.contest_id.state == "council"
                and entry.state == "reviewed"
                and entry.review_count < entry._get_sheets_needed()
            )

    # ACTION

    def action_ask_name_reviewer(self):
        """Open the dialog that asks for what `action_name_reviewer` needs."""
        self.ensure_one()
        self._check_lacks_sheets()
        self._check_not_own()
        return self._ask_reason(
            "action_name_reviewer",
            self.env._("Name Another Reviewer"),
            needs_member=True,
            needs_due=True,
        )

    def action_name_reviewer(self, member=None, reason=None, due_date=None):
        """Name somebody for a sheet that fell out in the council phase.

        :param member: a seat of the council, or its id
        :param reason: recorded in the ledger and in the sheet's log; the entry's is
            read by its authors and by heads
        :param due_date: until when the sheet is due; in a week by default
        :return: the new sheet's id
        :raises AccessError: for anyone but the secretary, and for an own entry
        :raises UserError: where no sheet is missing, where the council votes on the
            entry already, for a moment that is over, and for a member who may not
            judge the entry
        """
        self.ensure_one()
        self._check_office()
        self._check_not_own()
        self._check_no_rivals()
        reason = self._clean_reason(reason)
        self._check_lacks_sheets()
        member = self._read_record("hoithi.council.member", member)
        # also of a sheet that a conflict hides from who chooses
        if member in self.sudo().review_ids.filtered(
            lambda review: review.state != "void"
        ).member_id.with_env(self.env):
            raise UserError(
                self.env._(
                    "%(member)s reviews “%(entry)s” already: choose somebody else.",
                    member=member.display_name,
                    entry=self.display_name,
                )
            )
        contest = self.contest_id
        due = contest._read_deadline(due_date) if due_date else None
        if due_date and (not isinstance(due, datetime) or due <= fields.Datetime.now()):
            raise UserError(self.env._("Give a moment to come until which it is due."))
        # only this act gives a sheet out in this phase; what the caller gave is checked
        review = (
            self.env["hoithi.review"]
            ._open_door()
            .create(
                {
                    "entry_id": self.id,
                    "member_id": member.id,
                    "due_date": due or contest._get_sheet_due(),
                    "is_replacement": True,
                }
            )
        )
        review._record("review.named", reason=reason)
        review._message_act(
            body=self.env._("Given for a sheet that fell out: %s", reason)
        )
        return review.id

    # BUSINESS

    def _check_lacks_sheets(self):
        """Refuse another reviewer where none is missing, or too late.

        :raises UserError: telling why
        """
        self._check_office()
        for entry in self:
            if entry.contest_id.state != "council":
                raise UserError(
                    self.env._(
                        "Another reviewer is named in this way in the council phase; "
                        "before it, reviewers are assigned."
                    )
                )
            # whoever acts may be kept from the votes of the council
            entry_sudo = entry.sudo()
            items_sudo = entry_sudo.session_item_ids | entry_sudo.question_item_ids
            if any(
                item.state in VOTED and item.session_state != "closed"
                for item in items_sudo
            ):
                raise UserError(
                    self.env._(
                        "The council votes on “%s”, or has: take the vote again first.",
                        entry.display_name,
                    )
                )
            if not entry.lacks_sheets:
                awaited = entry.review_ids.filtered(lambda r: r.state in PENDING)
                raise UserError(
                    self.env._(
                        "“%(entry)s” has the sheets that it needs, or they are "
                        "awaited: %(awaited)s.",
                        entry=entry.display_name,
                        awaited=", ".join(awaited.member_id.mapped("display_name"))
                        or "–",
                    )
                )
