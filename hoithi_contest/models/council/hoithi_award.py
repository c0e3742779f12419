from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...lib.guard import moments
from ...tools import format_money
from ..guard.hoithi_states import CONVENED

OFFICE = "hoithi_contest.group_secretary,hoithi_contest.group_leader"

LEVELS = [
    ("unit", "Department"),
    ("province", "Province"),
    ("national", "National"),
]


class Gift(NamedTuple):
    """What limits of several prizes know of one that is given, or would be."""

    rank: str
    field: models.Model
    amount: float
    currency: models.Model


#: What papers and the ledger mean where they name no currency.
DONG = "VND"


def get_currency(records):
    """Return the currency that prize money is in unless somebody says otherwise."""
    # found without a query, as each of many rows that are made asks for it
    dong = records.env["ir.model.data"]._xmlid_to_res_id("base.VND")
    return records.env["res.currency"].browse(dong) or records.env.company.currency_id


def get_ranks(records):
    """Return the kinds of prizes as choices of a field, the highest first."""
    return records.env["hoithi.prize.kind"]._get_ranks()


class HoithiAward(models.Model):
    """A prize that was given: to a solution, to one of its authors, or to a unit.

    While something stands against it, as an inspection that goes on, it is held with a
    reason: no paper and no page has it until it is released.
    """

    _name = "hoithi.award"
    _description = "Award"
    _inherit = [
        "hoithi.reason.mixin",
        "hoithi.guard.mixin",
        "hoithi.clock.mixin",
        "hoithi.ledger.fact.mixin",
        "hoithi.prize.kind.mixin",
    ]
    _order = "contest_id desc, level, rank_order, id"
    _number_ranges = {"amount": (0, 1e15)}
    _rec_name = "rank"

    _reason_methods = ("action_take_back", "action_hold", "action_release")
    _ledger_events = {
        "award.recorded": ("award",),
        "award.held": ("award",),
        "award.released": ("award",),
        "award.ended": ("award",),
    }
    _ledger_ends = ("award.ended",)
    # What the award says, once the contest is over.
    _award_fields = {
        "entry_id",
        "author_id",
        "department_id",
        "contest_id",
        "level",
        "rank",
        "decision_number",
        "decision_date",
        "amount",
        "currency_id",
    }

    # What of it nobody gives an own entry.
    _given_by = _award_fields - {"decision_number", "decision_date"}

    _fixed_fields = {
        "is_final": _award_fields - {"entry_id", "level"},
        # also while a decision reopens it: of another entry it is another award
        "is_closed": {"entry_id", "level"},
    }
    # the number of a decision may come after the award
    _late_fields = _award_fields
    _fixed_rows = ("is_out_of_time",)

    entry_id = fields.Many2one("hoithi.entry", ondelete="restrict", index=True)
    author_id = fields.Many2one(
        "hoithi.entry.author",
        string="Person",
        ondelete="restrict",
        index="btree_not_null",
        domain="[('entry_id', '=', entry_id)]",
        help="Of a prize for a person: which of the authors.",
    )
    department_id = fields.Many2one(
        "hr.department",
        string="Unit",
        ondelete="restrict",
        index="btree_not_null",
        domain="['|', ('company_id', '=', False),"
        " ('company_id', 'child_of', company_id)]",
        help="Of a prize for a unit.",
    )
    kept_unit_name = fields.Char(
        string="Unit as it was called",
        readonly=True,
        copy=False,
        help="In a contest that was over when the unit got another name.",
    )
    contest_id = fields.Many2one(
        "hoithi.contest",
        compute="_compute_contest_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        ondelete="restrict",
        index=True,
    )
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
    company_id = fields.Many2one(related="contest_id.company_id", store=True)
    entry_name = fields.Char(related="entry_id.name", string="Title")
    level = fields.Selection(LEVELS, required=True, default="province")
    rank = fields.Selection(get_ranks, required=True)
    rank_order = fields.Integer(
        compute="_compute_kind",
        store=True,
        export_string_translation=False,
        aggregator=None,
    )
    is_place = fields.Boolean(
        compute="_compute_kind", store=True, export_string_translation=False
    )
    target = fields.Selection(
        [("entry", "A solution"), ("person", "A person"), ("unit", "A unit")],
        string="Goes to",
        compute="_compute_target",
    )
    is_by_rule = fields.Boolean(
        compute="_compute_is_by_rule", export_string_translation=False
    )
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
    is_held = fields.Boolean(string="On hold", readonly=True, copy=False)
    held_on = fields.Datetime(string="Held on", readonly=True, copy=False)
    held_reason = fields.Text(
        string="Why it is held", readonly=True, copy=False, groups=OFFICE
    )
    released_on = fields.Datetime(readonly=True, copy=False)
    release_reason = fields.Text(
        string="Why it was released", readonly=True, copy=False, groups=OFFICE
    )

    _unique_place = models.UniqueIndex(
        "(entry_id, level) WHERE is_place",
        "An entry has one award by its place at each level.",
    )
    _unique_side = models.UniqueIndex(
        # who comes first in two fields wins the prize of each
        "(contest_id, level, rank, COALESCE(prize_id, 0), COALESCE(entry_id, 0),"
        " COALESCE(author_id, 0), COALESCE(department_id, 0)) WHERE NOT is_place",
        "This award is recorded already.",
    )

    @api.depends("entry_id.contest_id")
    def _compute_contest_id(self):
        for award in self:
            # a conflict may hide the entry
            award.contest_id = award.entry_id.sudo().contest_id or award.contest_id

    @api.depends("rank", "company_id")
    def _compute_kind(self):
        for award in self:
            kind = award._get_kind()
            award.rank_order = kind.sequence
            award.is_place = kind.rule == "place"

    @api.depends("rank", "company_id")
    def _compute_target(self):
        for award in self:
            award.target = award._get_kind().target

    @api.depends("rank", "prize_id")
    def _compute_is_by_rule(self):
        for award in self:
            # which prize it is of is told by its kind
            award.is_by_rule = award.sudo().prize_id and not award._is_by_hand()

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
    @api.depends("rank", "entry_id", "department_id")
    def _compute_display_name(self):
        for award in self:
            # a published award names its entry to whoever reads the award
            named = award.entry_id.sudo().name or award.department_id.sudo().name
            award.display_name = " – ".join(
                filter(None, [award._get_kind_name(), named])
            )

    @api.constrains("rank", "entry_id", "author_id", "department_id", "contest_id")
    def _check_target(self):
        # whoever writes learns by no refusal what is hidden
        for award in self.sudo():
            award_sudo = award
            given = {
                "entry": award_sudo.entry_id,
                "person": award_sudo.author_id,
                "unit": award_sudo.department_id,
            }
            entry = award_sudo.entry_id
            due = {"entry": {"entry"}, "person": {"entry", "person"}, "unit": {"unit"}}
            if {name for name, record in given.items() if record} != due[award.target]:
                texts = {
                    "entry": self.env._(
                        "say of which solution it is, and nothing else"
                    ),
                    "person": self.env._(
                        "say of which solution and which author it is"
                    ),
                    "unit": self.env._("say of which unit, nothing else"),
                }
                raise ValidationError(
                    self.env._(
                        "“%(award)s”: %(text)s.",
                        award=award.display_name,
                        text=texts[award.target],
                    )
                )
            if award_sudo.author_id and award_sudo.author_id.entry_id != entry:
                raise ValidationError(
                    self.env._(
                        "“%s”: the person isn't an author of the solution.",
                        award.display_name,
                    )
                )
            if entry and entry.contest_id != award_sudo.contest_id:
                raise ValidationError(
                    self.env._(
                        "“%s” is a solution of another contest.", entry.display_name
                    )
                )
            unit = award_sudo.department_id
            # branches take part in what the company above them holds
            if unit.company_id and award_sudo.company_id not in (
                unit.company_id.parent_ids
            ):
                raise ValidationError(
                    self.env._("“%s” is a unit of another department.", unit.name)
                )

    @api.constrains("amount", "currency_id", "prize_id")
    def _check_ceiling(self):
        # as above
        for award in self.sudo():
            prize = award.prize_id
            if prize.amount_ceiling and (
                award.currency_id != prize.currency_id
                or award.amount > prize.amount_ceiling
            ):
                raise ValidationError(prize._tell_ceiling())

    @api.constrains("prize_id")
    def _check_slots(self):
        # as above; what goes by a rule is given as often as there are prizes
        awards_sudo = self.sudo()
        prizes = awards_sudo.prize_id.filtered(lambda prize: prize._is_by_hand())
        for prize, number in awards_sudo._read_group(
            [("prize_id", "in", prizes.filtered("slots").ids)],
            ["prize_id"],
            ["__count"],
        ):
            if number > prize.slots:
                raise ValidationError(
                    self.env._(
                        "“%(prize)s”: there are no more than %(number)s: give another "
                        "prize, or reopen the rules for another number of them.",
                        prize=prize.display_name,
                        number=prize.slots,
                    )
                )

    @api.constrains("contest_id", "level", "rank", "entry_id", "amount", "currency_id")
    def _check_limits(self):
        # as above
        contests_sudo = self.sudo().filtered(lambda a: a.level == "unit").contest_id
        for contest in contests_sudo:
            # afterwards a decision on a single award stands above them
            if contest.state == "council" and contest.prize_limit_ids:
                contest._check_prize_limits(contest._get_unit_awards()._get_gifts())

    # CRUD

    @api.model_create_multi
    def create(self, vals_list):
        awards = super().create(vals_list)
        awards.entry_id._check_not_own(may_be_named=True)
        # an award of a unit, or a lower one of a rival, moves the own as well
        awards.contest_id._check_not_competing()
        awards._take_prizes()
        self.env["hoithi.reopening"]._take_award(awards)
        awards._attest("award.recorded")
        return awards

    def write(self, vals):
        is_given = bool(self._given_by & set(vals))
        if is_given:
            # first, so that nobody else learns whose entry it is
            self.check_access("write")
            self.entry_id._check_not_own(may_be_named=True)
            self.contest_id._check_not_competing()
            self._check_not_ruled(vals)
        result = super().write(vals)
        if is_given:
            self.entry_id._check_not_own(may_be_named=True)
            self.contest_id._check_not_competing()
            self._take_prizes()
        if self._award_fields & set(vals):
            self._attest("award.recorded")
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_recorded(self):
        """Record in the ledger that the awards are no more."""
        # of which entry it is, if of any, the ledger needs alone
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
                # nor do those of a solution say what it isn't
                **{
                    name: value
                    for name, value in (
                        ("author", self.author_id.id),
                        ("unit", self.department_id.id),
                        ("held", self.is_held),
                    )
                    if value
                },
            }
        }

    # BUSINESS

    def _is_by_hand(self):
        """Tell whether the council chooses who wins such an award."""
        return self._get_kind().rule == "hand"

    def _take_prizes(self):
        """Note of which prizes of the structure those are that the council chose.

        So that their number and their money hold for these as well. What goes by a rule
        has its prize from where it is given.
        """
        # which prizes there are is a rule for all, and nobody sets it but by this
        awards_sudo = self.sudo()._open_door()
        chosen = awards_sudo.filtered(
            lambda award: award.level == "unit" and award._is_by_hand()
        )
        prizes = chosen.contest_id.prize_ids._find_chosen(chosen)
        for prize, awards in chosen.grouped(prizes.get).items():
            awards.filtered(lambda a, prize=prize: a.prize_id != prize).prize_id = prize
        (awards_sudo - chosen).filtered(
            lambda award: award.prize_id and award.prize_id._is_by_hand()
        ).prize_id = False

    def _get_gifts(self):
        """Return what limits of several prizes know of these."""
        return [
            Gift(award.rank, award.entry_id.field_id, award.amount, award.currency_id)
            for award in self
        ]

    def _get_claim(self):
        """Return who won what, as far as prizes that are given anew are the same.

        By its place an entry wins one prize, be it another one.
        """
        what = "place" if self.is_place else (self.rank, self.prize_id.field_id)
        return *self._get_winner(), what

    def _get_winner(self):
        """Return solution, author and unit that an award goes to, none for most."""
        self.ensure_one()
        return self.entry_id, self.author_id, self.department_id

    def _get_winner_name(self):
        """Return the name of the solution, or of the unit, that won."""
        self.ensure_one()
        return (
            self.entry_id.display_name
            or self.kept_unit_name
            or self.department_id.display_name
        )

    def _get_unit_name(self):
        """Return the name of the unit that won, as it was in its contest."""
        self.ensure_one()
        return self.kept_unit_name or self.department_id.name or ""

    def _set_held(self, held, reason):
        self.check_access("write")
        reason = self._clean_reason(reason)
        for award in self:
            if award.is_held and held:
                raise UserError(self.env._("“%s” is held already.", award.display_name))
            if not award.is_held and not held:
                raise UserError(self.env._("“%s” isn't held.", award.display_name))
            award.entry_id._check_not_own()
        if held:
            self.contest_id._check_not_competing()
        now = fields.Datetime.now()
        vals = (
            {"is_held": True, "held_on": now, "held_reason": reason}
            if held
            else {"is_held": False, "released_on": now, "release_reason": reason}
        )
        # nobody sets this but by these acts, also once the contest is over
        awards_sudo = self.sudo()._open_door()
        awards_sudo.write(vals)
        awards_sudo._attest("award.held" if held else "award.released")
        return True

    def _check_not_ruled(self, vals):
        """Refuse to give by hand to somebody else, or as something else, a ruled prize.

        Afterwards a decision that reopens the award says what it is.

        :raises UserError: telling what to do
        """
        if not self._is_bound():
            return
        ruled = self.filtered(
            lambda award: award.is_by_rule and award.contest_state == "council"
        )
        # values of another kind are told in words, before they are compared
        self._check_kinds([vals])
        given = self._given_by - {"amount", "currency_id"}
        for award in ruled:
            if any(award._is_other(name, vals[name]) for name in given & set(vals)):
                raise UserError(award._tell_ruled())

    def _tell_ruled(self):
        return self.env._(
            "“%s” was given by the rules: give the prizes anew instead.",
            self.display_name,
        )

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
        """Take back what was recorded wrongly.

        In the council phase what was recorded by hand goes; prizes that go by the rules
        are given anew. Once the contest is closed, awards of the province and the
        country go; those of the department are the council's and stay, without the
        number and the date of their decision. What they said stays in the entry's log;
        recorded anew, they say what is right.

        :param reason: kept in the entry's log
        :raises UserError: before the end, for an own entry, and where there is nothing
            to take back
        """
        self.check_access("write")
        self.entry_id._check_not_own(may_be_named=True)
        self.contest_id._check_not_competing()
        reason = self._clean_reason(reason)
        for award in self:
            state = award.contest_id.state
            has_decision = award.decision_number or award.decision_date
            if state == "council" and award.is_by_rule:
                raise UserError(award._tell_ruled())
            if state != "council" and (
                state != "closed" or (award.level == "unit" and not has_decision)
            ):
                raise UserError(
                    self.env._(
                        "Once the contest is closed, awards of the province and the "
                        "country are taken back, and the decision on those of the "
                        "department."
                    )
                )
            # who won what isn't for all who read the contest
            (award.entry_id.sudo() or award.contest_id.sudo())._message_act(
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
        own = awards_sudo.filtered(
            lambda award: award.level == "unit" and award.contest_id.state == "closed"
        )
        own.write({"decision_number": False, "decision_date": False})
        (awards_sudo - own).unlink()
        return True

    def action_ask_hold(self):
        """Open the dialog that asks for what `action_hold` needs."""
        return self._ask_reason("action_hold", self.env._("Hold the Award"))

    def action_hold(self, reason=None):
        """Hold awards while something stands against them, as an inspection.

        Until it is released, no paper and no page has a held award, and its winner
        isn't told. Prizes that are given anew stay held.

        :param reason: kept with the award, for the Office and the leaders
        :raises AccessError: for anyone but a secretary
        :raises UserError: for an award that is held already, or of an own entry
        """
        return self._set_held(True, reason)

    def action_ask_release(self):
        """Open the dialog that asks for what `action_release` needs."""
        return self._ask_reason("action_release", self.env._("Release the Award"))

    def action_release(self, reason=None):
        """Let held awards be given, as what stood against them is settled.

        :param reason: kept with the award, for the Office and the leaders
        :raises AccessError: for anyone but a secretary
        :raises UserError: for an award that isn't held, or of an own entry
        """
        return self._set_held(False, reason)
