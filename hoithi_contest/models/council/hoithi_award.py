from odoo import api, fields, models
from odoo.exceptions import UserError

from ...lib.guard import moments
from ...tools import format_money
from ..guard.hoithi_states import CONVENED

RANKS = [
    ("first", "First prize"),
    ("second", "Second prize"),
    ("third", "Third prize"),
    ("consolation", "Consolation prize"),
    ("movement", "Movement prize"),
]

LEVELS = [
    ("unit", "Department"),
    ("province", "Province"),
    ("national", "National"),
]

#: What papers and the ledger mean where they name no currency.
DONG = "VND"


def get_currency(records):
    """Return the currency that prize money is in unless somebody says otherwise."""
    return (
        records.env.ref("base.VND", raise_if_not_found=False)
        or records.env.company.currency_id
    )


class HoithiAward(models.Model):
    _name = "hoithi.award"
    _description = "Award"
    _inherit = [
        "hoithi.reason.mixin",
        "hoithi.guard.mixin",
        "hoithi.clock.mixin",
        "hoithi.ledger.fact.mixin",
    ]
    _order = "contest_id desc, level, rank, id"
    _number_ranges = {"amount": (0, 1e15)}
    _rec_name = "rank"

    _reason_methods = ("action_take_back",)
    _ledger_events = {"award.recorded": ("award",), "award.ended": ("award",)}
    _ledger_ends = ("award.ended",)
    # What the award says, once the contest is over.
    _award_fields = {
        "entry_id",
        "level",
        "rank",
        "decision_number",
        "decision_date",
        "amount",
        "currency_id",
    }

    _fixed_fields = {
        "is_final": _award_fields - {"entry_id", "level"},
        # also while a decision reopens it: of another entry it is another award
        "is_closed": {"entry_id", "level"},
    }
    # the number of a decision may come after the award
    _late_fields = _award_fields
    _fixed_rows = ("is_out_of_time",)

    entry_id = fields.Many2one(
        "hoithi.entry", required=True, ondelete="restrict", index=True
    )
    contest_id = fields.Many2one(related="entry_id.contest_id", store=True, index=True)
    contest_state = fields.Selection(related="contest_id.state")
    is_closed = fields.Boolean(
        compute="_compute_flags", help="The contest of the award is closed."
    )
    is_final = fields.Boolean(
        compute="_compute_flags",
        help="It is closed, and no decision reopens the award.",
    )
    is_out_of_time = fields.Boolean(
        compute="_compute_flags",
        help="Awards of the department are given in the council phase, others from "
        "then on until long after.",
    )
    company_id = fields.Many2one(related="entry_id.company_id", store=True)
    entry_name = fields.Char(related="entry_id.name", string="Title")
    level = fields.Selection(LEVELS, required=True, default="province")
    rank = fields.Selection(RANKS, required=True)
    prize_id = fields.Many2one(
        "hoithi.prize", readonly=True, ondelete="restrict", index="btree_not_null"
    )
    override_reason = fields.Text(readonly=True)
    decision_number = fields.Char()
    decision_date = fields.Date()
    amount = fields.Monetary()
    # of the prize, not of the benefit that the authors state
    currency_id = fields.Many2one("res.currency", required=True, default=get_currency)
    note = fields.Text()

    _unique_level = models.Constraint(
        "UNIQUE (entry_id, level)", "An entry has one award at each level."
    )

    @api.depends("level", "contest_id.state")
    def _compute_flags(self):
        reopenings = self.env["hoithi.reopening"]
        reopened = reopenings._get_reopened("award", self._origin)
        lacking = reopenings._get_lacking(self)
        for award in self:
            # who gives awards may read the phase of the contest or not
            state = award.contest_id.sudo().state
            award.is_closed = state == "closed"
            award.is_final = award.is_closed and award._origin not in reopened
            given_in = ("council",) if award.level == "unit" else CONVENED
            award.is_out_of_time = state not in given_in and award not in lacking

    @api.depends_context("lang")
    @api.depends("rank", "entry_id")
    def _compute_display_name(self):
        ranks = dict(self._fields["rank"]._description_selection(self.env))
        for award in self:
            # a published award names its entry to whoever reads the award
            award.display_name = " – ".join(
                filter(None, [ranks.get(award.rank), award.entry_id.sudo().name])
            )

    # CRUD

    @api.model_create_multi
    def create(self, vals_list):
        awards = super().create(vals_list)
        awards.entry_id._check_not_own(may_be_named=True)
        self.env["hoithi.reopening"]._take_award(awards)
        awards._attest("award.recorded")
        return awards

    def write(self, vals):
        is_given = bool(
            {"entry_id", "level", "rank", "amount", "currency_id"} & set(vals)
        )
        if is_given:
            # first, so that nobody else learns whose entry it is
            self.check_access("write")
            self.entry_id._check_not_own(may_be_named=True)
        result = super().write(vals)
        if is_given:
            self.entry_id._check_not_own(may_be_named=True)
        if self._award_fields & set(vals):
            self._attest("award.recorded")
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_recorded(self):
        """Record in the ledger that the awards are no more."""
        # of which entry it is, the ledger needs alone
        for contest_sudo, awards_sudo in self.sudo().grouped("contest_id").items():
            self.env["hoithi.ledger"]._append_all(
                contest_sudo,
                [("award.ended", award, {}, award.entry_id) for award in awards_sudo],
            )

    # LEDGER

    def _get_ledger_facts(self):
        return {
            "award": {
                "entry": self.entry_id.id,
                "level": self.level,
                "rank": self.rank,
                "amount": self.amount,
                "number": self.decision_number or "",
                "date": fields.Date.to_string(self.decision_date) or "",
                # rows from before name none, and meant đồng
                **(
                    {"currency": self.currency_id.name}
                    if self.currency_id.name != DONG
                    else {}
                ),
            }
        }

    # BUSINESS

    def _format_amount(self):
        """Return the prize money with its currency, as a message tells it."""
        self.ensure_one()
        return format_money(self.env, self.amount, self.currency_id)

    # GUARD

    def _get_fixed_hint(self):
        if self.contest_id.state == "closed":
            return self.env._(
                "The contest is closed. An award that was recorded wrongly is taken "
                "back with a reason."
            )
        return self.env._("Awards are given from the council phase on.")

    # ACTION

    def action_ask_take_back(self):
        """Open the dialog that asks for what `action_take_back` needs."""
        return self._ask_reason("action_take_back", self.env._("Take Back"))

    def action_take_back(self, reason=None):
        """Take back what was recorded wrongly in a contest that is closed.

        Awards of the province and the country go; those of the department are the
        council's and stay, without the number and the date of their decision. What
        they said stays in the entry's log; recorded anew, they say what is right.

        :param reason: kept in the entry's log
        :raises UserError: before the end, for an own entry, and where there is nothing
            to take back
        """
        self.check_access("write")
        self.entry_id._check_not_own(may_be_named=True)
        reason = self._clean_reason(reason)
        for award in self:
            has_decision = award.decision_number or award.decision_date
            if award.contest_id.state != "closed" or (
                award.level == "unit" and not has_decision
            ):
                raise UserError(
                    self.env._(
                        "Once the contest is closed, awards of the province and the "
                        "country are taken back, and the decision on those of the "
                        "department."
                    )
                )
            # who won what isn't for all who read the contest
            award.entry_id.sudo().message_post(
                author_id=self.env.user.partner_id.id,
                body=self.env._(
                    "Taken back: %(award)s, decision %(number)s of %(day)s, "
                    "%(amount)s. %(reason)s",
                    award=award.display_name,
                    number=award.decision_number or "–",
                    day=moments.write_day(award.decision_date) or "–",
                    amount=award._format_amount(),
                    reason=reason,
                ),
            )
        # nobody changes or deletes what is fixed but by this act
        awards_sudo = self.sudo()._open_door()
        own = awards_sudo.filtered(lambda award: award.level == "unit")
        own.write({"decision_number": False, "decision_date": False})
        (awards_sudo - own).unlink()
        return True
