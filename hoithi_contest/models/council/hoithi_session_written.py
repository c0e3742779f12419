from datetime import datetime, timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..guard.hoithi_states import UNCLOSED


class HoithiSession(models.Model):
    """Written opinions of absent members, where the rules of the council allow them."""

    _inherit = "hoithi.session"

    _reason_methods = ("action_request_opinions",)

    opinion_ids = fields.One2many(
        "hoithi.session.opinion",
        "session_id",
        groups="hoithi_contest.group_secretary,hoithi_contest.group_member",
    )
    opinion_count = fields.Integer(
        string="Written opinions", compute="_compute_opinion_count"
    )
    my_opinion_count = fields.Integer(
        string="Opinions that I may give", compute="_compute_my_opinion_count"
    )

    # COMPUTE

    @api.depends("opinion_ids.state")
    def _compute_opinion_count(self):
        # how many were asked for is for all who read the session
        opinions_sudo = self.env["hoithi.session.opinion"].sudo()
        counts = dict(
            opinions_sudo._read_group(
                [("session_id", "in", self.ids), ("state", "!=", "recalled")],
                ["session_id"],
                ["__count"],
            )
        )
        for session in self:
            session.opinion_count = counts.get(session._origin, 0)

    @api.depends_context("uid")
    @api.depends("opinion_ids.state", "state")
    def _compute_my_opinion_count(self):
        # the reader's own, whatever else the reader may see
        opinions_sudo = self.env["hoithi.session.opinion"].sudo()
        counts = dict(
            opinions_sudo._read_group(
                [
                    ("session_id", "in", self.ids),
                    ("user_id", "=", self.env.uid),
                    ("state", "=", "asked"),
                    ("due_on", ">", fields.Datetime.now()),
                    ("session_id.state", "in", UNCLOSED),
                ],
                ["session_id"],
                ["__count"],
            )
        )
        for session in self:
            session.my_opinion_count = counts.get(session._origin, 0)

    # CRUD

    @api.ondelete(at_uninstall=False)
    def _unlink_except_opinions(self):
        self.item_ids._check_no_opinions()

    # ACTION

    def action_ask_request_opinions(self):
        """Open the dialog that asks for what `action_request_opinions` needs."""
        self.ensure_one()
        self.check_access("write")
        self._get_opinions_wanted()
        return self._ask_reason(
            "action_request_opinions",
            self.env._("Send for Written Opinions"),
            needs_due=True,
        )

    def action_request_opinions(self, reason=None, due_date=None):
        """Ask the absent members for their opinion in writing, on each open item.

        Asked again it sets another moment for those that aren't returned, and asks who
        is absent by now.

        :param reason: recorded, and told to the members
        :param due_date: the moment until which they are returned; in a week by default
        :raises UserError: where the rules don't allow it, where nobody is to be asked,
            or for a moment that is over
        """
        self.check_access("write")
        reason = self._clean_reason(reason)
        for session in self:
            session._request_opinions(session._read_opinions_due(due_date), reason)
        self._tell_board()
        return True

    def action_view_opinions(self):
        """Open the written opinions of the session that the reader may see."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": "hoithi.session.opinion",
            "view_mode": "list,form",
            "domain": [("session_id", "=", self.id)],
            "name": self.env._("Written Opinions"),
        }

    # BUSINESS

    def _read_opinions_due(self, due_date):
        """Return the moment (UTC) until which opinions are returned.

        :raises UserError: for one that is over
        """
        self.ensure_one()
        contest = self.contest_id
        moment = self._read_deadline(due_date) if due_date else None
        if not due_date:
            moment = contest._get_work_end(contest._get_today() + timedelta(days=7))
        if not isinstance(moment, datetime) or moment <= fields.Datetime.now():
            raise UserError(
                self.env._("Give a moment to come until which they are returned.")
            )
        return moment

    def _get_opinions_wanted(self):
        """Return {item: members to be asked}, without those who have answered.

        :raises UserError: telling why nobody is
        """
        self.ensure_one()
        self._check_not_closed()
        self._check_in_office()
        if self.written_opinions == "none":
            raise UserError(
                self.env._(
                    "The rules of “%s” take no written opinions. Whoever keeps the "
                    "rules enters it in the council, before the review starts.",
                    self.council_id.name,
                )
            )
        if self.contest_id.state != "council":
            raise UserError(
                self.env._(
                    "“%s” isn't in its council phase.", self.contest_id.display_name
                )
            )
        lines = self.attendance_ids.filtered(
            lambda line: (
                line.can_vote
                and not line.present
                and line.member_id.active
                # before the roll is called, who is excused
                and (self.state == "open" or (line.reason or "").strip())
            )
        )
        # who has answered, also where a conflict hides it; never what
        given = {
            (opinion.item_id, opinion.member_id)
            for opinion in self.sudo().opinion_ids
            if opinion.state == "given"
        }
        wanted = {}
        for item in self.item_ids:
            if item.state == "counted" or item.is_moot or not item._takes_opinions():
                continue
            wanted[item] = (
                lines.member_id
                - item.recused_ids
                - item._get_conflicted()
                - item.voter_ids.member_id
            ).filtered(lambda member, item=item: (item, member) not in given)
        if not any(wanted.values()):
            raise UserError(
                self.env._(
                    "Nobody is to be asked: written opinions are of voting members who "
                    "are marked as absent, with the reason, and on entries that aren't "
                    "decided yet, in the kind of vote that the rules name."
                )
            )
        return wanted

    def _request_opinions(self, moment, reason):
        self.ensure_one()
        wanted = self._get_opinions_wanted()
        # opinions come about and change by their acts alone
        opinions_sudo = self.env["hoithi.session.opinion"].sudo()._open_door()
        known = {
            (opinion.item_id.id, opinion.member_id.id): opinion
            for opinion in opinions_sudo.search([("session_id", "=", self.id)])
        }
        pairs = [(item.id, member.id) for item in wanted for member in wanted[item]]
        again_sudo = opinions_sudo.concat(
            *(known[pair] for pair in pairs if pair in known)
        )
        again_sudo.write({"state": "asked", "due_on": moment, "recall_reason": False})
        asked_sudo = again_sudo | opinions_sudo.create(
            [
                {"item_id": item_id, "member_id": member_id, "due_on": moment}
                for item_id, member_id in pairs
                if (item_id, member_id) not in known
            ]
        )
        until = fields.Datetime.to_string(moment)
        asked_sudo._record("opinion.asked", {"until": until, "reason": reason})
        contest = self.contest_id
        members = asked_sudo.member_id
        self._message_act(
            body=self.env._(
                "Written opinions are awaited until %(moment)s of: %(members)s. "
                "%(reason)s",
                moment=contest._format_moment(moment),
                members=", ".join(members.mapped("display_name")),
                reason=reason,
            )
        )
        told = {
            "moment": contest._format_moment(moment),
            "reason": reason.rstrip(".") + ".",
        }
        for user in members.user_id:
            session = self.with_context(lang=user.lang)
            session.message_notify(
                partner_ids=user.partner_id.ids,
                subject=session.env._(
                    "Your written opinion is asked for: %s", session.display_name
                ),
                body=Markup("<p>%s</p>")
                % (
                    # experts from outside have the portal alone
                    session.env._(
                        "As you can't be at the session, the council asks for your "
                        "opinion in writing, until %(moment)s: %(reason)s Please give "
                        "it at %(link)s, or hand a signed paper in at the Office.",
                        link=f"{session.get_base_url()}/my/hoithi/reviews",
                        **told,
                    )
                    if user.share
                    else session.env._(
                        "As you can't be at the session, the council asks for your "
                        "opinion in writing, until %(moment)s: %(reason)s Please open "
                        "the session and press “My written opinions”, or hand a signed "
                        "paper in at the Office.",
                        **told,
                    )
                ),
            )
