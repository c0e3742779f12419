from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...lib.council import ranking
from ...tools import format_money, format_number
from ..guard.hoithi_guard_mixin import EVERYTHING
from .hoithi_award import DONG, get_currency

#: Of which entries a share is taken, as `hoithi.figures` counts them.
BASES = [
    ("competing", "Entries handed in"),
    ("eligible", "Entries admitted"),
    ("scored", "Entries scored"),
]


class HoithiPrizeLimit(models.Model):
    """How many prizes of several kinds there are at most, and for how much money.

    As rules have it besides what each line of the structure says: "all prizes are at
    most 40 % of the entries that were scored", "Third and consolation prizes at most
    20, for at most 50 million in all".
    """

    _name = "hoithi.prize.limit"
    _inherit = ["hoithi.guard.mixin", "hoithi.rule.mixin"]
    _description = "Limit of Several Prizes"
    _order = "contest_id, sequence, id"
    _check_company_auto = True
    _number_ranges = {"slots": (None, 10_000)}
    _rule_fields = {
        "name": "name",
        "most": "slots",
        "share": "slots_share",
        "share_of": "share_of",
        "amount": "amount",
        "basis": "basis",
    }
    _rule_links = {"ranks": "kind_ids", "field": "field_id", "currency": "currency_id"}

    _fixed_fields = {"rules_fixed": EVERYTHING}
    _fixed_rows = ("rules_fixed",)

    contest_id = fields.Many2one(
        "hoithi.contest", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="contest_id.company_id", store=True)
    rules_fixed = fields.Boolean(related="contest_id.rules_fixed")
    sequence = fields.Integer(default=10)
    name = fields.Char(
        string="What is limited",
        required=True,
        help="As the rules call these prizes together, e.g. All prizes.",
    )
    kind_ids = fields.Many2many(
        "hoithi.prize.kind",
        string="Kinds of prizes",
        check_company=True,
        # without its kind, a limit would be one of all prizes
        ondelete="restrict",
        help="Leave empty for all prizes, those of persons and units among them.",
    )
    field_id = fields.Many2one(
        "hoithi.field",
        index="btree_not_null",
        help="Leave empty for prizes of all fields together.",
    )
    slots = fields.Integer(string="Prizes at most", help="0: no such limit.")
    slots_share = fields.Float(
        string="At most (%)",
        digits=(5, 2),
        help="Of the entries chosen beside. A part of a prize is none; 0: no such "
        "limit.",
    )
    share_of = fields.Selection(
        BASES, string="Of which entries", required=True, default="eligible"
    )
    amount = fields.Monetary(
        string="Prize money at most", help="In all; 0: no such limit."
    )
    currency_id = fields.Many2one("res.currency", required=True, default=get_currency)
    basis = fields.Char(string="Set by", help="The text that sets the limit.")

    _check_share = models.Constraint(
        "CHECK (slots_share >= 0 AND slots_share <= 100)",
        "A share of the entries lies between 0 and 100 %.",
    )
    _check_numbers = models.Constraint(
        "CHECK (slots >= 0 AND amount >= 0)",
        "Numbers and money of limits aren't negative.",
    )
    _check_something = models.Constraint(
        "CHECK (slots > 0 OR slots_share > 0 OR amount > 0)",
        "Say how many prizes there are at most, which share of the entries, or how "
        "much money.",
    )

    # CONSTRAINTS

    @api.constrains("field_id", "contest_id")
    def _check_field(self):
        for limit in self:
            if limit.field_id and limit.field_id not in limit.contest_id.field_ids:
                raise ValidationError(
                    self.env._(
                        "“%s” isn't a field of this contest.",
                        limit.field_id.display_name,
                    )
                )

    # BUSINESS: WHAT IT IS OF

    def _covers(self, rank, field):
        """Tell whether prizes of a kind and a field count here.

        :param field: nothing of a unit's prize, and of a line over all fields
        """
        self.ensure_one()
        # what a kind is, is no secret
        kinds_sudo = self.sudo().kind_ids
        return (not kinds_sudo or rank in kinds_sudo.mapped("code")) and (
            not self.field_id or self.field_id == field
        )

    def _covers_prize(self, prize):
        """Tell whether what is given of a line of the structure counts here."""
        nowhere = prize._get_kind().target == "unit"
        field = prize.field_id.browse() if nowhere else prize.field_id
        return self._covers(prize.rank, field)

    def _get_most(self):
        """Return how many prizes each of these limits allows by the entries now.

        :return: {limit: number, or None where their number isn't limited}
        """
        shared = self.filtered("slots_share")
        # as many as there are, whoever may read which
        figures_sudo = self.env["hoithi.figures"].sudo()
        counts = (
            figures_sudo._count_entries(
                shared.contest_id,
                tuple(set(shared.mapped("share_of"))),
                ("contest_id", "field_id"),
            )
            if shared
            else {}
        )
        most = {}
        for limit in self:
            number = limit._count_base(counts)
            most[limit] = None
            if limit.slots or limit.slots_share:
                most[limit] = (
                    ranking.limit_slots(limit.slots, limit.slots_share, number) or 0
                )
        return most

    def _count_base(self, counts):
        return sum(
            row[self.share_of]
            for (contest, field), row in counts.items()
            if contest == self.contest_id
            and self.share_of in row
            and self.field_id in (field, self.field_id.browse())
        )

    def _get_ladder_limit(self, before, most):
        """Return the limit as `ranking.allocate` knows it, less what is given already.

        :param before: gifts that stay, as those that the council chose
        :param most: see `_get_most`
        """
        self.ensure_one()
        used = sum(self._covers(gift.rank, gift.field) for gift in before)
        return ranking.Limit(self.id, most - used)

    # BUSINESS: WHAT IS BEYOND

    def _find_excess(self, gifts, most):
        """Return why prizes are more than this limit allows, or nothing.

        :param gifts: all that are given, or would be
        :param most: see `_get_most`
        """
        self.ensure_one()
        own = [gift for gift in gifts if self._covers(gift.rank, gift.field)]
        if most is not None and len(own) > most:
            return self.env._(
                "“%(limit)s”: there are at most %(most)s (%(basis)s), not %(number)s.",
                limit=self.name,
                most=most,
                basis=self._describe(),
                number=len(own),
            )
        if not self.amount:
            return ""
        strange = [gift for gift in own if gift.amount]
        strange = [g for g in strange if g.currency != self.currency_id]
        if strange:
            return self.env._(
                "“%(limit)s” is in %(currency)s, and a prize in %(other)s: state all "
                "of them in one currency.",
                limit=self.name,
                currency=self.currency_id.name,
                other=strange[0].currency.name,
            )
        total = sum(gift.amount for gift in own)
        if self.currency_id.compare_amounts(total, self.amount) <= 0:
            return ""
        return self.env._(
            "“%(limit)s”: the money is at most %(most)s, not %(sum)s.",
            limit=self.name,
            most=self._format(self.amount),
            sum=self._format(total),
        )

    def _tell_use(self, gifts, most):
        """Return how far prizes use up this limit, as it is told before they are given.

        :param gifts: all that would be given
        :param most: see `_get_most`
        """
        self.ensure_one()
        own = [gift for gift in gifts if self._covers(gift.rank, gift.field)]
        parts = []
        if most is not None:
            parts.append(
                self.env._(
                    "%(number)s of at most %(most)s prizes", number=len(own), most=most
                )
            )
        if self.amount:
            parts.append(
                self.env._(
                    "%(sum)s of at most %(most)s",
                    sum=self._format(sum(gift.amount for gift in own)),
                    most=self._format(self.amount),
                )
            )
        return self.env._(
            "“%(limit)s” (%(basis)s): %(use)s.",
            limit=self.name,
            basis=self._describe(),
            use="; ".join(parts),
        )

    def _describe(self):
        """Return what the limit says, in words."""
        self.ensure_one()
        bases = dict(self._fields["share_of"]._description_selection(self.env))
        parts = []
        if self.slots:
            parts.append(self.env._("at most %s prizes", self.slots))
        if self.slots_share:
            parts.append(
                self.env._(
                    "at most %(share)s %% of: %(entries)s",
                    share=format_number(self.env, self.slots_share),
                    entries=bases[self.share_of].lower(),
                )
            )
        if self.amount:
            parts.append(
                self.env._("prize money at most %s", self._format(self.amount))
            )
        # what a field is called, is no secret
        parts += filter(None, [self.sudo().field_id.display_name, self.basis])
        return "; ".join(parts)

    def _format(self, amount):
        return format_money(self.env, amount, self.currency_id)

    # GUARD

    def _get_fixed_hint(self):
        return self.env["hoithi.prize"]._get_fixed_hint()

    # RULES

    def _to_rule(self):
        # a contest's rules are read whole, whoever may read the list of kinds
        kinds_sudo = self.sudo().kind_ids
        return super()._to_rule() | {
            "ranks": sorted(kinds_sudo.mapped("code")),
            "field": self.field_id._get_rule_name(),
            "currency": self.currency_id.name or DONG,
        }
