from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...lib.contest import rules
from ...lib.council import scoring
from ..guard.hoithi_guard_mixin import EVERYTHING


class HoithiCriteriaSet(models.Model):
    """What the council scores by. Frozen from the first submitted sheet."""

    _name = "hoithi.criteria.set"
    _inherit = ["hoithi.catalogue.mixin", "hoithi.rule.mixin"]
    _description = "Criteria Set"
    _order = "name, version desc"
    _rule_fields = {
        "name": "name",
        "note": "note",
        "aggregate": "aggregate",
        "drop_high": "drop_high",
        "drop_low": "drop_low",
        "drop_from": "drop_from",
        "rounding": "rounding",
        "min_total": "min_total",
        "sheet_pass": "sheet_pass",
        "explain_extremes": "explain_extremes",
        "extreme_percent": "extreme_percent",
    }
    _rule_ratios = {"sheet_pass_ratio": "sheet_pass_ratio"}
    _rule_rows = {"criteria": "criterion_ids"}

    _fixed_fields = {"locked": EVERYTHING}
    _open_fields = {"active", "note", "name"}
    _fixed_rows = ("locked",)

    name = fields.Char(required=True, translate=True)
    version = fields.Integer(default=1, copy=False, aggregator=None)
    note = fields.Text(translate=True)
    criterion_ids = fields.One2many("hoithi.criterion", "set_id", copy=True)
    aggregate = fields.Selection(
        [
            ("mean", "Mean"),
            ("trimmed_mean", "Mean without highest and lowest"),
            ("median", "Median"),
            ("sum", "Sum"),
        ],
        required=True,
        default="mean",
        help="The trimmed mean leaves out the highest and the lowest sheets where an "
        "entry has enough of them; the median is the sheet in the middle. By a sum all "
        "entries need the same number of sheets.",
    )
    drop_high = fields.Integer(string="Highest left out", default=1)
    drop_low = fields.Integer(string="Lowest left out", default=1)
    drop_from = fields.Integer(
        string="Left out from",
        default=5,
        help="How many sheets an entry needs before any is left out.",
    )
    rounding = fields.Integer(string="Decimals", default=2)
    min_total = fields.Float(
        string="Points to pass",
        digits=(6, 2),
        help="An entry with fewer points can't be selected.",
    )
    sheet_pass = fields.Float(
        string="Points of a sheet",
        digits=(6, 2),
        help="Besides, an entry passes where the share below of its sheets gives at "
        "least so many points each; 0 asks for nothing.",
    )
    sheet_pass_ratio = fields.Float(
        string="Share of the sheets", digits=0, default=2 / 3
    )
    total_max = fields.Float(
        string="Highest total",
        compute="_compute_total_max",
        digits=(6, 2),
        help="The most that one sheet gives.",
    )
    explain_extremes = fields.Boolean(
        help="A score at either end of a criterion's scale needs a comment."
    )
    extreme_percent = fields.Float(
        string="Width of an end (%)",
        help="Scores this near to an end of the scale count as extreme; 0 means the "
        "very ends.",
    )
    locked = fields.Boolean(readonly=True, copy=False)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        string="Department",
        index=True,
        default=lambda self: self._default_catalogue_company(),
    )

    _check_extreme_percent = models.Constraint(
        "CHECK (extreme_percent >= 0 AND extreme_percent < 50)",
        "The ends of a scale are below 50 % of it each.",
    )
    _check_drops = models.Constraint(
        "CHECK (drop_high >= 0 AND drop_low >= 0 AND drop_from > drop_high + drop_low)",
        "At least one sheet is left: some are left out from more sheets on.",
    )
    _check_rounding = models.Constraint(
        "CHECK (rounding BETWEEN 0 AND 4)", "Decimals must be between 0 and 4."
    )

    @api.depends("criterion_ids.max_score", "criterion_ids.weight")
    def _compute_total_max(self):
        for criteria_set in self:
            criteria_set.total_max = criteria_set.criterion_ids._add_up(
                {c: c.max_score for c in criteria_set.criterion_ids}
            )

    @api.depends("name", "version")
    def _compute_display_name(self):
        for criteria_set in self:
            name = criteria_set.name or ""
            criteria_set.display_name = (
                f"{name} (v{criteria_set.version})"
                if criteria_set.version > 1
                else name
            )

    @api.constrains("min_total", "criterion_ids", "aggregate")
    def _check_min_total(self):
        for criteria_set in self:
            # how many sheets are added up, each contest says
            is_sum = criteria_set.aggregate == "sum" and criteria_set.min_total >= 0
            if criteria_set.criterion_ids and not (
                is_sum or 0 <= criteria_set.min_total <= criteria_set.total_max
            ):
                raise ValidationError(
                    self.env._(
                        "The points to pass must lie between 0 and the highest "
                        "total, %(total)s.",
                        total=criteria_set.total_max,
                    )
                )

    @api.constrains("sheet_pass", "sheet_pass_ratio", "criterion_ids")
    def _check_sheet_pass(self):
        for criteria_set in self:
            if not 0 < criteria_set.sheet_pass_ratio <= 1:
                raise ValidationError(
                    self.env._("A share of the sheets is above 0, and at most all.")
                )
            if criteria_set.sheet_pass < 0 or (
                criteria_set.criterion_ids
                and criteria_set.sheet_pass > criteria_set.total_max
            ):
                raise ValidationError(
                    self.env._(
                        "The points of a sheet to pass must lie between 0 and the "
                        "highest total, %(total)s.",
                        total=criteria_set.total_max,
                    )
                )

    # BUSINESS

    def _get_highest(self, sheets):
        """Return the most that an entry gets by so many sheets of this set."""
        return float(scoring.get_highest(self.total_max, self.aggregate, sheets))

    def _write_pass_ratio(self):
        """Return the share of the sheets that passes, as people say it: ``2/3``."""
        self.ensure_one()
        return rules.write_ratio(self.sheet_pass_ratio)

    def _get_drops(self):
        """Return what the trimmed mean leaves out, as `scoring.aggregate` takes it."""
        if not self:
            return scoring.USUAL_DROPS
        return scoring.Drops(self.drop_high, self.drop_low, self.drop_from)

    # GUARD

    def _get_fixed_hint(self):
        return self.env._(
            "It is frozen: sheets were submitted with it. Make a new version for the "
            "next contest."
        )

    # ACTION

    def action_new_version(self):
        """Copy a set as its next version, to be changed for the next contest."""
        self.ensure_one()
        copy = self.copy({"name": self.name, "version": self.version + 1})
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": copy.id,
            "view_mode": "form",
        }

    # RULES

    @api.model
    def _get_rule_extras(self, rule, company):
        # the next version of the own set of that name
        twins = self.with_context(active_test=False).search(
            [("name", "=", rule["name"]), ("company_id", "in", [False, company.id])]
        )
        return {"version": max(twins.mapped("version"), default=0) + 1}

    def _get_rule_name(self):
        # without the version, which is this database's
        return rules.compose(self.name or "")
