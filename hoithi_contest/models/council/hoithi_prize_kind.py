import re

from odoo import api, fields, models, tools
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

#: By what it is found who wins a prize of the kind, and what the prize goes to.
RULES = {
    "place": "entry",
    "women": "entry",
    "youngest": "person",
    "oldest": "person",
    "entries": "unit",
    "wins": "unit",
}
#: Rules by which neither places nor points say who wins.
PLACELESS = ("youngest", "oldest", "entries", "wins", "hand")
#: More than the place of any kind in their order.
KINDS = 1000
CODE = re.compile(r"[a-z][a-z0-9_]{0,30}")


class HoithiPrizeKind(models.Model):
    """A kind of prize: its name on papers, what it goes to and how its winner is found.

    The addon brings those that contests know; a department adds its own, which are
    nobody else's. `code` is what prizes, awards and files of rules name a kind by, as
    their `rank`: two departments may mean different kinds by one code.
    """

    _name = "hoithi.prize.kind"
    _inherit = ["hoithi.catalogue.mixin", "hoithi.rule.mixin"]
    _description = "Kind of Prize"
    _order = "sequence, id"
    _number_ranges = {"sequence": (0, KINDS - 1)}
    _rule_fields = {
        "code": "code",
        "name": "name",
        "target": "target",
        "rule": "rule",
        "order": "sequence",
    }

    _given_fields = {"code"}
    _fixed_fields = {"is_used": {"target", "rule", "company_id"}}

    name = fields.Char(
        required=True, translate=True, help="As papers and pages print it."
    )
    code = fields.Char(
        required=True,
        copy=False,
        help="By which prizes and files of rules name the kind: small letters, digits "
        "and _, as special_prize. It never changes.",
    )
    sequence = fields.Integer(default=100, help="The highest prize comes first.")
    target = fields.Selection(
        [("entry", "A solution"), ("person", "A person"), ("unit", "A unit")],
        string="Goes to",
        required=True,
        default="entry",
    )
    rule = fields.Selection(
        [
            ("place", "By place"),
            ("women", "Best solution of a woman, or of a group with 70 % women"),
            ("youngest", "Youngest author"),
            ("oldest", "Oldest author"),
            ("entries", "Unit with most solutions"),
            ("wins", "Unit with most solutions that win a prize by their place"),
            ("hand", "Chosen by the council, recorded by hand"),
        ],
        required=True,
        default="place",
        help="A solution gets one prize by its place, and may get others besides.",
    )
    is_used = fields.Boolean(compute="_compute_is_used")
    company_id = fields.Many2one(
        "res.company",
        string="Department",
        index=True,
        default=lambda self: self._default_catalogue_company(),
    )

    _unique_own_code = models.UniqueIndex(
        "(COALESCE(company_id, 0), code)",
        "Another kind of prize has this code: choose another.",
    )

    @api.depends("code", "company_id")
    def _compute_is_used(self):
        used = set()
        for model, name in (
            ("hoithi.prize", "rank"),
            ("hoithi.award", "rank"),
            ("hoithi.nomination.line", "result_rank"),
        ):
            # whether there is one, whoever may read it
            groups = (
                self.env[model]
                .sudo()
                ._read_group(
                    [(name, "in", self._origin.mapped("code"))], ["company_id", name]
                )
            )
            used |= {self._find(rank, company).id for company, rank in groups}
        # which limits name them, whoever may read these
        limits_sudo = self.env["hoithi.prize.limit"].sudo()
        limits_sudo = limits_sudo.search([("kind_ids", "in", self._origin.ids)])
        used |= set(limits_sudo.kind_ids.ids)
        for kind in self:
            kind.is_used = kind._origin.id in used

    @api.constrains("code")
    def _check_code(self):
        for kind in self:
            if not CODE.fullmatch(kind.code) or kind.code == "none":
                raise ValidationError(
                    self.env._(
                        "“%s” can't be a code: write small letters, digits and _, "
                        "beginning with a letter.",
                        kind.code,
                    )
                )

    @api.constrains("code", "company_id")
    def _check_one_meaning(self):
        """Let no code mean a kind of all and one of a department at once."""
        for kind in self:
            twins = Domain("code", "=", kind.code) & Domain("id", "!=", kind.id)
            if kind.company_id:
                twins &= Domain("company_id", "=", False)
            # whoever may read the others
            if self.sudo().search_count(twins, limit=1):
                raise ValidationError(
                    self.env._("Another kind of prize has this code: choose another.")
                )

    @api.constrains("rule", "target")
    def _check_target(self):
        for kind in self:
            due = RULES.get(kind.rule, kind.target)
            if due != kind.target:
                targets = dict(kind._fields["target"]._description_selection(self.env))
                rules = dict(kind._fields["rule"]._description_selection(self.env))
                raise ValidationError(
                    self.env._(
                        "“%(rule)s”: such a prize goes to: %(target)s.",
                        rule=rules[kind.rule],
                        target=targets[due],
                    )
                )

    # CRUD

    @api.model_create_multi
    def create(self, vals_list):
        kinds = super().create(vals_list)
        self.env.registry.clear_cache()
        return kinds

    def write(self, vals):
        result = super().write(vals)
        self.env.registry.clear_cache()
        if "sequence" in vals:
            # all of them keep the order, whoever may read some
            awards_sudo = self.env["hoithi.award"].sudo()
            awards_sudo = awards_sudo.search([("rank", "in", self.mapped("code"))])
            awards_sudo.modified(["rank"])
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        for kind in self:
            if kind.is_used:
                raise UserError(
                    self.env._(
                        "“%s” can't be deleted: prizes were declared or given by it, "
                        "or a limit of prizes names it.",
                        kind.name,
                    )
                )

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    # BUSINESS

    @api.model
    def _get_ranks(self, target=None):
        """Return the kinds as choices of a field, the highest first: [(code, name)].

        A code is called as the departments call it that one works in. What a record
        means by it is told by `_get_kind` of the record.

        :param target: what they go to, by default any
        """
        # names of prizes are public, whoever may read the list
        kinds_sudo = self.sudo().browse(self._read_ids().values())
        kinds_sudo = kinds_sudo.filtered(lambda kind: target in (None, kind.target))
        near_sudo = self._filter_near(kinds_sudo).grouped("code")
        return [
            (code, " / ".join(dict.fromkeys(near_sudo.get(code, same).mapped("name"))))
            for code, same in kinds_sudo.grouped("code").items()
        ]

    @api.model
    def _get_codes_elsewhere(self):
        """Return the codes by which only other departments mean something."""
        # as above
        kinds_sudo = self.sudo().browse(self._read_ids().values())
        near_sudo = self._filter_near(kinds_sudo)
        return {*kinds_sudo.mapped("code")} - {*near_sudo.mapped("code")}

    @api.model
    def _filter_near(self, kinds_sudo):
        """Return the kinds of the departments that one works in, and shared ones."""
        companies = self.env["hoithi.contest"]._get_near_companies()
        return kinds_sudo.filtered(
            lambda kind: not kind.company_id or kind.company_id.id in companies
        )

    @api.model
    def _find(self, code, company=None):
        """Return the kind that a department means by a code, or none.

        :param company: the department, by default that of the environment
        """
        ids = self._read_ids()
        company = self.env.company if company is None else company
        found = ids.get((company.id, code)) or ids.get((False, code))
        # their names are read together
        return self.browse(found or ()).with_prefetch(tuple(ids.values()))

    @api.model
    @tools.ormcache()
    def _read_ids(self):
        """Return the kinds in their order: {(id of a department, code): id}."""
        # as above
        return {
            (kind.company_id.id, kind.code): kind.id for kind in self.sudo().search([])
        }

    def _decides_as(self, rule):
        """Tell whether a file means this kind, whatever it calls it."""
        return (self.target, self.rule) == (rule["target"], rule["rule"])

    def _merge_rule(self, rule):
        """Return what a file says once it is taken: a kind keeps its name and place."""
        return self._to_rule() if self._decides_as(rule) else rule

    def _to_known_rule(self):
        """Return what a file would say of the kind, or nothing where there is none."""
        return self._to_rule() if self else None

    def _get_fixed_hint(self):
        return self.env._(
            "Prizes were declared or given by it, or a limit of prizes names it: make "
            "another kind, with a code of its own."
        )
