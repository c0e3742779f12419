from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...lib.council import ranking
from ...tools import format_money
from ..guard.hoithi_guard_mixin import EVERYTHING
from .hoithi_award import DONG, get_currency, get_ranks
from .hoithi_prize_kind import PLACELESS

#: How a prize compares entries of fields that are ranked apart.
ACROSS = [
    ("points", "By points"),
    ("percent", "By percentage of the highest total"),
]


class HoithiPrize(models.Model):
    """A line of the prize structure: so many prizes of a kind, from so many points.

    Prizes that no entry reaches stay empty, as regulations allow. Money has a ceiling
    where a text sets one; it is quoted beside.
    """

    _name = "hoithi.prize"
    _inherit = ["hoithi.guard.mixin", "hoithi.rule.mixin", "hoithi.prize.kind.mixin"]
    _description = "Prize"
    _order = "contest_id, field_id, sequence, id"
    _number_ranges = {"slots": (None, 10_000)}
    _rule_fields = {
        "rank": "rank",
        "slots": "slots",
        "share": "slots_share",
        "min_score": "min_score",
        "across": "across",
        "for_stopped": "for_stopped",
        "amount": "amount",
        "ceiling": "amount_ceiling",
        "ceiling_basis": "ceiling_basis",
    }
    _rule_links = {"field": "field_id", "currency": "currency_id"}
    _rule_rows = {"criteria": "floor_ids"}

    _fixed_fields = {"rules_fixed": EVERYTHING}
    _fixed_rows = ("rules_fixed",)

    contest_id = fields.Many2one(
        "hoithi.contest", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="contest_id.company_id", store=True)
    rules_fixed = fields.Boolean(related="contest_id.rules_fixed")
    field_ranking = fields.Selection(related="contest_id.field_ranking")
    sequence = fields.Integer(default=10)
    field_id = fields.Many2one(
        "hoithi.field",
        index="btree_not_null",
        help="Leave empty for prizes over all fields.",
    )
    across = fields.Selection(
        ACROSS,
        string="Compares the fields",
        help="Of a prize over all fields, where each field is ranked apart: whether "
        "points are compared as they are, or as percentage of the highest total.",
    )
    rank = fields.Selection(get_ranks, required=True)
    slots = fields.Integer(
        string="Number of prizes",
        default=1,
        required=True,
        help="0: as many as reach the points, as with classes A, B and C.",
    )
    slots_share = fields.Float(
        string="At most (% of the entries)",
        digits=(5, 2),
        help="Of those that were admitted, in the field where the prize is for one. A "
        "part of a prize is none; 0: no such limit.",
    )
    min_score = fields.Float(
        string="From points", digits=(6, 2), help="A prize below stays empty."
    )
    floor_ids = fields.One2many(
        "hoithi.prize.floor",
        "prize_id",
        string="Points of criteria",
        copy=True,
        help="What an entry needs in single criteria besides.",
    )
    for_stopped = fields.Boolean(
        string="Also for those of earlier rounds",
        help="Entries that didn't reach the last round compete for it as well.",
    )
    amount = fields.Monetary(string="Prize money")
    currency_id = fields.Many2one("res.currency", default=get_currency)
    amount_ceiling = fields.Monetary(
        string="Money at most", help="What a text allows for such a prize; 0: no limit."
    )
    ceiling_basis = fields.Char(
        string="Limited by", help="The text that sets the limit, as papers quote it."
    )

    _check_share = models.Constraint(
        "CHECK (slots_share >= 0 AND slots_share <= 100)",
        "A share of the entries lies between 0 and 100 %.",
    )
    _check_numbers = models.Constraint(
        "CHECK (slots >= 0 AND min_score >= 0 AND amount >= 0 AND amount_ceiling >= 0)",
        "Numbers, points and money of prizes aren't negative.",
    )

    @api.depends("rank", "field_id")
    def _compute_display_name(self):
        for prize in self:
            prize.display_name = " – ".join(
                filter(None, [prize._get_kind_name(), prize.field_id.display_name])
            )

    @api.constrains("field_id", "contest_id")
    def _check_field(self):
        for prize in self:
            if prize.field_id and prize.field_id not in prize.contest_id.field_ids:
                raise ValidationError(
                    self.env._(
                        "“%s” isn't a field of this contest.",
                        prize.field_id.display_name,
                    )
                )

    @api.constrains("across", "field_id", "rank", "min_score", "floor_ids")
    def _check_across(self):
        self.contest_id._check_prizes_across(self)

    @api.constrains("amount", "amount_ceiling", "ceiling_basis")
    def _check_ceiling(self):
        for prize in self.filtered("amount_ceiling"):
            if not prize.ceiling_basis:
                raise ValidationError(
                    self.env._(
                        "“%s”: say which text limits the prize money.",
                        prize.display_name,
                    )
                )
            if prize.amount > prize.amount_ceiling:
                raise ValidationError(prize._tell_ceiling())

    @api.constrains("rank", "slots")
    def _check_slots(self):
        for prize in self:
            if not prize.slots and prize._get_kind().target != "entry":
                raise ValidationError(
                    self.env._(
                        "“%s”: say how many such prizes there are.", prize.display_name
                    )
                )

    @api.constrains("rank", "slots_share")
    def _check_share_by_place(self):
        for prize in self.filtered("slots_share"):
            if prize._get_kind().rule != "place":
                raise ValidationError(
                    self.env._(
                        "“%s” doesn't go by place: say how many such prizes there are "
                        "instead of a share of the entries.",
                        prize.display_name,
                    )
                )

    # BUSINESS

    def _get_slots(self):
        """Return how many there are of each of these prizes, by the entries now.

        :return: {prize: number}; 0 for as many as reach the points, None for none
        """
        shared = self.filtered("slots_share")
        counts = {}
        if shared:
            # as many as there are, whoever may read which
            figures_sudo = self.env["hoithi.figures"].sudo()
            counts = {
                key: row["eligible"]
                for key, row in figures_sudo._count_entries(
                    shared.contest_id, ("eligible",), ("contest_id", "field_id")
                ).items()
            }
        return {
            prize: ranking.limit_slots(
                prize.slots,
                prize.slots_share,
                sum(
                    number
                    for (contest, field), number in counts.items()
                    if contest == prize.contest_id
                    and prize.field_id in (field, prize.field_id.browse())
                ),
            )
            for prize in self
        }

    def _goes_by_points(self):
        """Tell whether who wins it hangs on places or points, as those of a field."""
        self.ensure_one()
        return bool(
            self._get_kind().rule not in PLACELESS or self.min_score or self.floor_ids
        )

    def _get_across(self):
        """Return how it compares fields that are ranked apart, nothing of others."""
        self.ensure_one()
        if self.field_id or self.contest_id.field_ranking != "apart":
            return ""
        return self.across or ""

    def _get_ladder(self):
        """Return what is alike of prizes that follow one order of places."""
        self.ensure_one()
        return self.field_id, self._get_across()

    def _is_by_hand(self):
        """Tell whether the council chooses who wins it, and records it by hand."""
        return self._get_kind().rule == "hand"

    def _tell_ceiling(self):
        self.ensure_one()
        return self.env._(
            "“%(prize)s”: the money is at most %(most)s (%(basis)s).",
            prize=self.display_name,
            most=format_money(self.env, self.amount_ceiling, self.currency_id),
            basis=self.ceiling_basis,
        )

    def _to_ladder(self, entries, among=None, key=None, by_number=False, limits=()):
        """Return the prize as `ranking.allocate` gives it to entries by their places.

        :param among: those of the entries that may get it, by default all
        :param key: by which it is told there, by default the prize itself
        :param by_number: whether entries are told by their place in `entries`
        :param limits: see `hoithi.contest._get_cut_limits`
        """
        self.ensure_one()
        fitting = entries if among is None else among
        slots = self._get_slots()[self]
        if slots is None:
            fitting = entries.browse()
        if self.floor_ids:
            fitting = self.floor_ids._get_reaching(fitting)
        open_to = None
        if fitting != entries:
            open_to = frozenset(
                number if by_number else entry
                for number, entry in enumerate(entries)
                if entry in fitting
            )
        return ranking.Prize(
            key or self, slots or 0, self.min_score, open_to, tuple(limits)
        )

    # GUARD

    def _get_fixed_hint(self):
        return self.env._(
            "Prizes and tie-breaks are declared before the review; until the contest "
            "is closed the chair may reopen the rules for a change."
        )

    # RULES

    def _to_rule(self):
        return super()._to_rule() | {
            "field": self.field_id._get_rule_name(),
            "currency": self.currency_id.name or DONG,
        }
