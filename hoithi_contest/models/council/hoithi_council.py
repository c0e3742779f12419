from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ...lib.guard.moments import write_day
from ..guard.hoithi_states import DECIDING

#: How an entry is voted on.
BALLOT_MODES = [("open", "Open vote"), ("secret", "Secret ballot")]
#: For which votes absent members may give their opinion in writing.
WRITTEN_OPINIONS = [
    ("none", "Never"),
    ("open", "For open votes"),
    ("all", "For secret votes as well"),
]


class HoithiCouncil(models.Model):
    _name = "hoithi.council"
    _description = "Council"
    _inherit = [
        "mail.thread",
        "hoithi.guard.mixin",
        "hoithi.clock.mixin",
        "hoithi.rule.mixin",
        "hoithi.majority.mixin",
    ]
    _clock_path = ""
    _order = "decision_date desc, id desc"

    _rule_fields = {
        "approval_base": "approval_base",
        "approval_more_than": "approval_more_than",
        "casting_vote": "casting_vote",
        "written_opinions": "written_opinions",
        "vote": "ballot_mode",
    }
    _rule_ratios = {"quorum": "quorum_ratio", "approval": "approval_ratio"}
    _fixed_fields = {
        "is_in_force": {
            "quorum_ratio",
            "approval_ratio",
            "approval_more_than",
            "approval_base",
            "casting_vote",
            "written_opinions",
            "ballot_mode",
            "active",
            "company_id",
        }
    }

    name = fields.Char(required=True, tracking=True)
    decision_number = fields.Char(tracking=True)
    decision_date = fields.Date(tracking=True)
    date_from = fields.Date(string="In office from", tracking=True)
    date_to = fields.Date(
        string="In office until",
        tracking=True,
        help="Its last day; the council takes no votes afterwards.",
    )
    # whoever calls may ask for archived records as well: an ended seat is none
    member_ids = fields.One2many(
        "hoithi.council.member",
        "council_id",
        context={"active_test": True},
        copy=True,
    )
    former_member_ids = fields.One2many(
        "hoithi.council.member",
        "council_id",
        string="Former members",
        domain=[("active", "=", False)],
        context={"active_test": False},
    )
    is_in_force = fields.Boolean(
        compute="_compute_is_in_force",
        help="A contest is reviewed or decided by the council's seats and ratios.",
    )
    quorum_ratio = fields.Float(
        string="Quorum",
        digits=0,
        default=lambda self: self.env.company.hoithi_quorum_ratio,
        help="Share of the members who must be present.",
        tracking=True,
    )
    approval_ratio = fields.Float(
        string="Approval",
        digits=0,
        default=lambda self: self.env.company.hoithi_approval_ratio,
        help="Share of the votes that approves an entry.",
        tracking=True,
    )
    approval_more_than = fields.Boolean(
        default=lambda self: self.env.company.hoithi_approval_more_than,
        tracking=True,
        help="The share itself isn't enough: with more than one half, a tie rejects.",
    )
    approval_base = fields.Selection(
        default=lambda self: self.env.company.hoithi_approval_base,
        required=True,
        tracking=True,
        help="Of the voting members who must leave for a conflict none is counted; of "
        "all members everybody is, whoever has no vote or must leave.",
    )
    casting_vote = fields.Boolean(
        string="Who presides decides a tie",
        tracking=True,
        help="Where one half of the votes decides and as many agree as disagree. In a "
        "secret vote who presides says openly which side it is, after the count.",
    )
    written_opinions = fields.Selection(
        WRITTEN_OPINIONS,
        string="Written opinions of absent members",
        default="none",
        required=True,
        tracking=True,
        help="Sent for by the secretary, and returned until a moment. Where the share "
        "is one of all members, who agrees in writing counts as agreeing; of "
        "those present, written opinions are put on record and count for nothing. In "
        "a secret vote the secretary may know what was written.",
    )
    ballot_mode = fields.Selection(
        BALLOT_MODES,
        string="Vote",
        tracking=True,
        help="How it votes on entries, where its rules say so. Empty: as is chosen in "
        "each session.",
    )
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        string="Department",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )

    def _compute_is_in_force(self):
        for council in self:
            council.is_in_force = council._is_in_force()

    @api.constrains("quorum_ratio", "approval_ratio")
    def _check_ratios(self):
        for council in self:
            if not (0 < council.quorum_ratio <= 1 and 0 < council.approval_ratio <= 1):
                raise ValidationError(
                    self.env._("Quorum and approval must be above 0 and at most 100 %.")
                )

    @api.constrains("member_ids")
    def _check_one_chair(self):
        for council in self:
            if len(council._get_members("chair")) > 1:
                raise ValidationError(
                    self.env._(
                        "“%(council)s” has more than one chair.", council=council.name
                    )
                )

    def write(self, vals):
        if "ballot_mode" not in vals:
            return super().write(vals)
        # how it meets in contests that whoever writes may not read
        sessions_sudo = self.env["hoithi.session"].sudo()
        planned_sudo = sessions_sudo.search(
            [("council_id", "in", self.ids), ("state", "=", "planned")]
        )
        with planned_sudo._telling_teams():
            return super().write(vals)

    def unlink(self):
        (self.member_ids | self.former_member_ids).unlink()
        return super().unlink()

    def _write_seats(self):
        """Return who sits on the body, in which role, and who scores and votes."""
        seats = self.member_ids.sorted("id")
        roles = dict(seats._fields["role"]._description_selection(self.env))
        rights = {
            "can_score": self.env._("scores"),
            "can_vote": self.env._("votes"),
        }
        return "; ".join(
            ", ".join(
                [
                    f"{seat.display_name} ({roles[seat.role]}",
                    *(label for name, label in rights.items() if seat[name]),
                ]
            )
            + ")"
            for seat in seats
        )

    # GUARD

    def _is_in_force(self):
        """Tell whether a contest decides by the seats and ratios of the council now."""
        return self._decides_on([("rules_reopened_on", "=", False)])

    def _is_deciding(self):
        """Tell whether a contest is reviewed or decided, also with its rules open."""
        return self._decides_on([])

    def _decides_on(self, domain):
        self.ensure_one()
        # also contests of other departments that sit with this council
        contests_sudo = self.env["hoithi.contest"].sudo()
        return bool(
            contests_sudo.search_count(
                self._get_contests_domain()
                & Domain("state", "in", DECIDING)
                & Domain(domain),
                limit=1,
            )
        )

    def _get_contests_domain(self):
        """Return which contests these bodies decide in, or confirm."""
        return Domain("council_id", "in", self.ids) | Domain(
            "confirming_council_id", "in", self.ids
        )

    def _get_fixed_hint(self):
        return self.env._(
            "Seats and ratios are fixed while a contest is reviewed and decided; the "
            "chair may reopen the rules of the contest for a change."
        )

    def _check_in_office(self, day):
        """Refuse a decision of a council whose time is over.

        :param day: the date, on the contest's clock
        :raises UserError: telling how it goes on
        """
        for council in self:
            if council.date_to and day > council.date_to:
                raise UserError(
                    self.env._(
                        "“%(council)s” was in office until %(day)s. If a decision "
                        "prolongs it, the secretary enters that in the council first.",
                        council=council.name,
                        day=write_day(council.date_to),
                    )
                )

    def _get_members(self, role):
        """Return the members with `role`."""
        return self.member_ids.filtered(lambda member: member.role == role)

    def _get_acting_chair(self):
        """Return the seat of the chair, where who holds it hasn't left the house."""
        return self._get_members("chair").filtered(lambda member: member._can_preside())
