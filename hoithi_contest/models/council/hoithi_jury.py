from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..guard.hoithi_guard_mixin import EVERYTHING

#: Token in the context while a contest writes its juries: what they have to be
#: together is looked at afterwards. Being an object, no RPC carries it.
TOGETHER = object()


class HoithiJury(models.Model):
    """A part of the council that scores some fields, by criteria of its own if wanted.

    Experts who are invited for a field sit on the council without a vote. A field that
    no jury has is scored by the whole council, by the criteria of the contest.
    """

    _name = "hoithi.jury"
    _inherit = ["hoithi.guard.mixin", "hoithi.rule.mixin"]
    _description = "Jury"
    _order = "contest_id, sequence, id"
    _check_company_auto = True
    _rule_fields = {"name": "name"}
    _rule_links = {
        "round": "round_id",
        "fields": "field_ids",
        "criteria_set": "criteria_set_id",
    }

    _fixed_fields = {
        "rules_fixed": EVERYTHING,
        # sheets are made by the criteria of the field's jury
        "has_sheets": {"field_ids", "criteria_set_id", "round_id"},
        "is_settled": {"field_ids", "criteria_set_id", "round_id"},
    }
    _fixed_rows = ("rules_fixed", "has_sheets", "is_settled")

    contest_id = fields.Many2one(
        "hoithi.contest", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="contest_id.company_id", store=True)
    council_id = fields.Many2one(related="contest_id.council_id")
    rules_fixed = fields.Boolean(related="contest_id.rules_fixed")
    has_sheets = fields.Boolean(related="contest_id.has_sheets")
    is_settled = fields.Boolean(related="contest_id.is_settled")
    sequence = fields.Integer(default=10)
    name = fields.Char(required=True)
    round_id = fields.Many2one(
        "hoithi.round",
        ondelete="cascade",
        index="btree_not_null",
        domain="[('contest_id', '=', contest_id)]",
        help="Leave empty for all rounds in which the fields have no jury of the "
        "round's own.",
    )
    field_ids = fields.Many2many("hoithi.field", string="Fields", required=True)
    member_ids = fields.Many2many(
        "hoithi.council.member",
        string="Members",
        domain="[('council_id', '=', council_id), ('can_score', '=', True)]",
        help="Who scores the entries of these fields; leave empty for all of the "
        "council who score.",
    )
    criteria_set_id = fields.Many2one(
        "hoithi.criteria.set",
        ondelete="restrict",
        index="btree_not_null",
        help="Leave empty for the criteria of the contest.",
    )

    # CONSTRAINTS

    @api.constrains("field_ids", "contest_id", "round_id")
    def _check_fields(self):
        for jury in self:
            contest = jury.contest_id
            if jury.round_id and jury.round_id.contest_id != contest:
                raise ValidationError(
                    self.env._(
                        "“%(round)s” is a round of another contest, but one of the "
                        "jury “%(jury)s”.",
                        round=jury.round_id.name,
                        jury=jury.name,
                    )
                )
            if not jury.field_ids:
                raise ValidationError(
                    self.env._("Choose the fields of the jury “%s”.", jury.name)
                )
            strange = jury.field_ids - contest.field_ids
            if strange:
                raise ValidationError(
                    self.env._(
                        "“%(field)s” isn't a field of this contest, but one of its "
                        "jury “%(jury)s”.",
                        jury=jury.name,
                        field=strange[0].display_name,
                    )
                )
            if self._is_written_together():
                continue
            others = (contest.jury_ids - jury).filtered(
                lambda other, jury=jury: other.round_id == jury.round_id
            )
            twice = jury.field_ids & others.field_ids
            if twice:
                raise ValidationError(
                    self.env._(
                        "“%(field)s” has another jury already: a field has one.",
                        field=twice[0].display_name,
                    )
                )

    @api.constrains("member_ids", "contest_id")
    def _check_members(self):
        for jury in self:
            # who sits on a council isn't for all to read
            strange_sudo = jury.sudo().member_ids.filtered(
                lambda seat, jury=jury: (
                    seat.council_id != jury.contest_id.council_id or not seat.can_score
                )
            )
            if strange_sudo:
                raise ValidationError(
                    self.env._(
                        "%(member)s doesn't score for the council of this contest: "
                        "experts from elsewhere get a seat on it first.",
                        member=strange_sudo[0].display_name,
                    )
                )

    @api.constrains("criteria_set_id", "contest_id")
    def _check_criteria_set(self):
        for jury in self:
            owner = jury.criteria_set_id.company_id
            if owner and owner != jury.company_id:
                raise ValidationError(
                    self.env._(
                        "“%s” belongs to another department: make a copy for your own.",
                        jury.criteria_set_id.display_name,
                    )
                )
        if not self._is_written_together():
            self.contest_id._check_field_ranking()

    @api.model
    def _is_written_together(self):
        return self.env.context.get("hoithi_juries_together") is TOGETHER

    # CRUD

    @api.model_create_multi
    def create(self, vals_list):
        juries = super().create(vals_list)
        juries._follow()
        return juries

    def write(self, vals):
        before = self._get_bound_seats()
        result = super().write(vals)
        for jury, now in self._get_bound_seats().items():
            seats = before.get(jury, now.browse())
            ((seats - now) | (now - seats))._check_not_own_seat()
        self._follow()
        return result

    # GUARD

    def _get_fixed_hint(self):
        return self.env._(
            "Fields and criteria of juries stand from the first sheet on; their "
            "members change while the chair has reopened the rules."
        )

    # RULES

    def _to_rule(self):
        names = [field._get_rule_name() for field in self.field_ids]
        return super()._to_rule() | {
            "round": self.round_id._get_rule_name(),
            "fields": sorted(names),
            "criteria_set": self.criteria_set_id._get_rule_name(),
        }

    # BUSINESS

    def _get_bound_seats(self):
        """Return the own seats on those of these juries whose council decides now."""
        if self.env.su:
            return {}
        # whether it does, whoever may read it
        bound_sudo = self.sudo().filtered(lambda jury: jury.council_id._is_deciding())
        return {jury: jury._get_own_seats() for jury in bound_sudo.with_env(self.env)}

    def _get_own_seats(self):
        """Return the seats by which the caller scores the entries of the jury."""
        self.ensure_one()
        # who sits on a council isn't for all to read, the own seat is
        own_sudo = self.sudo()
        seats_sudo = own_sudo.member_ids or own_sudo.council_id.member_ids.filtered(
            "can_score"
        )
        return seats_sudo.with_env(self.env)._filter_own()

    def _follow(self):
        """Let what rests on juries follow them: places go by the criteria."""
        # places go by all entries, whoever may read them
        entries_sudo = self.env["hoithi.entry"].sudo()
        entries_sudo.search([("contest_id", "in", self.contest_id.ids)])._touch_ranks()
