from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...lib.guard import moments
from .hoithi_contest_rules import Part

LIMITS_PART = ("limits",)
LIMIT_FIELDS = (
    "participants",
    "entries_per_author",
    "entries_per_unit",
    "authors_per_entry",
    "age_from",
    "age_to",
    "age_on",
    "won_before",
    "won_before_years",
    "won_before_level",
)


class HoithiContest(models.Model):
    """Who may take part in a contest, with how much; 0 sets no limit.

    The entries are measured in `hoithi_entry_limits.py`.
    """

    _inherit = "hoithi.contest"

    _number_ranges = dict.fromkeys(
        ("entries_per_author", "entries_per_unit", "authors_per_entry"), (0, 1000)
    ) | dict.fromkeys(("age_from", "age_to", "won_before_years"), (0, 150))

    #: Fields by their keys in a file of rules, which are the same.
    _limit_fields = {name: name for name in LIMIT_FIELDS}
    _fixed_fields = {"is_settled": {*LIMIT_FIELDS}}

    participants = fields.Selection(
        [
            ("all", "Staff, and people from outside among the authors"),
            ("staff", "Staff of the department alone"),
            ("outsiders", "People from outside alone"),
        ],
        string="Who may take part",
        required=True,
        default="all",
        tracking=True,
        help="Whoever has no login hands the dossier in on paper.",
    )
    entries_per_author = fields.Integer(
        tracking=True,
        help="In how many entries a person may be an author; 0: no limit.",
    )
    entries_per_unit = fields.Integer(
        tracking=True,
        help="How many entries a unit may hand in, those of its parts included; 0: no "
        "limit.",
    )
    authors_per_entry = fields.Integer(
        string="Authors of an entry", tracking=True, help="At most; 0: no limit."
    )
    age_from = fields.Integer(string="Youngest age", tracking=True)
    age_to = fields.Integer(
        string="Oldest age", tracking=True, help="Still included; 0: no limit."
    )
    age_on = fields.Date(
        string="Age counted on",
        tracking=True,
        help="Empty: the day on which registration ends.",
    )

    won_before = fields.Selection(
        [("allow", "Let in"), ("bar", "Barred")],
        string="What has won before",
        required=True,
        default="allow",
        tracking=True,
        help="Authors and secretary are told of it either way.",
    )
    won_before_years = fields.Integer(
        string="Barred for years", tracking=True, help="After the win; 0: for good."
    )
    won_before_level = fields.Selection(
        [
            ("unit", "At any level"),
            ("province", "At the province or the country"),
            ("national", "At the country"),
        ],
        string="Won where",
        required=True,
        default="unit",
        tracking=True,
    )
    limit_texts = fields.Text(
        string="Limits", compute="_compute_limit_texts", exportable=False
    )

    @api.depends(*LIMIT_FIELDS, "registration_deadline")
    @api.depends_context("lang")
    def _compute_limit_texts(self):
        for contest in self:
            contest.limit_texts = "\n".join(contest._get_limit_texts())

    @api.constrains("age_from", "age_to")
    def _check_ages(self):
        for contest in self:
            if contest.age_to and contest.age_to < contest.age_from:
                raise ValidationError(
                    self.env._("The oldest age lies below the youngest.")
                )

    # BUSINESS

    def _has_age_limit(self):
        self.ensure_one()
        return bool(self.age_from or self.age_to)

    def _get_age_day(self):
        """Return the day on which the age of authors counts."""
        self.ensure_one()
        deadline = self.registration_deadline
        return (
            self.age_on
            or (deadline and moments.get_local(deadline, self.tz).date())
            or self._get_today()
        )

    def _get_limits(self):
        """Return the limits as `wording.limit_sentences` takes them."""
        self.ensure_one()
        return {
            **{name: self[name] for name in LIMIT_FIELDS},
            "age_on": self._has_age_limit() and self._get_age_day(),
        }

    def _get_limit_texts(self):
        """Return what the limits ask for, a sentence each, as everybody reads them."""
        self.ensure_one()
        texts = {
            "all": [],
            "staff": [self.env._("All authors are staff of the department.")],
            "outsiders": [
                self.env._(
                    "All authors are from outside the department; the Office takes "
                    "their dossiers in on paper."
                )
            ],
        }[self.participants]
        if self.entries_per_author:
            texts.append(
                self.env._(
                    "A person is an author of at most %s entries.",
                    self.entries_per_author,
                )
            )
        if self.entries_per_unit:
            texts.append(
                self.env._("A unit hands in at most %s entries.", self.entries_per_unit)
            )
        if self.authors_per_entry:
            texts.append(
                self.env._("An entry has at most %s authors.", self.authors_per_entry)
            )
        if self._has_age_limit():
            texts.append(self._get_age_text())
        if self.won_before == "bar":
            texts.append(self._get_won_before_text())
        return texts

    def _get_won_before_text(self):
        years = self.won_before_years
        if years:
            return {
                "unit": self.env._(
                    "Solutions that have won a prize or were recognised within %s "
                    "years before aren't taken.",
                    years,
                ),
                "province": self.env._(
                    "Solutions that have won at the province or the country within %s "
                    "years before aren't taken.",
                    years,
                ),
                "national": self.env._(
                    "Solutions that have won at the country within %s years before "
                    "aren't taken.",
                    years,
                ),
            }[self.won_before_level]
        return {
            "unit": self.env._(
                "Solutions that have won a prize or were recognised before aren't "
                "taken."
            ),
            "province": self.env._(
                "Solutions that have won at the province or the country before aren't "
                "taken."
            ),
            "national": self.env._(
                "Solutions that have won at the country before aren't taken."
            ),
        }[self.won_before_level]

    def _get_age_text(self):
        values = {
            "low": self.age_from,
            "high": self.age_to,
            "day": moments.write_day(self._get_age_day()),
        }
        if not self.age_to:
            return self.env._(
                "Authors are %(low)s years old or older on %(day)s.", **values
            )
        if not self.age_from:
            return self.env._(
                "Authors are at most %(high)s years old on %(day)s.", **values
            )
        return self.env._(
            "Authors are %(low)s to %(high)s years old on %(day)s.", **values
        )

    def _get_next_dates(self, span):
        dates = super()._get_next_dates(span)
        if self.age_on:
            dates["age_on"] = self.age_on + relativedelta(years=span)
        return dates

    def _get_launch_gaps(self):
        return [
            *super()._get_launch_gaps(),
            *self._get_lacking(
                (
                    self.ask_birth_date or not self._has_age_limit(),
                    self.env._(
                        "the date of birth on the registration form, as the rules "
                        "limit the age"
                    ),
                    "ask_birth_date",
                    "rules",
                )
            ),
        ]

    # RULES AS A FILE

    def _get_pack_rules(self):
        pack = super()._get_pack_rules()
        return pack and pack | {"limits": self._get_rule_values(self._limit_fields)}

    def _take_pack_rules(self, merged):
        super()._take_pack_rules(merged)
        limits = merged.get("limits", {})
        self.write(self._get_values_by_rule(self._limit_fields, limits))

    def _get_pack_parts(self):
        return super()._get_pack_parts() | {
            LIMITS_PART: Part(
                self.env._("Limits"), "hoithi.contest", self._limit_fields
            )
        }

    def _get_pack_problem_texts(self):
        return super()._get_pack_problem_texts() | {
            "no_birth_date": self.env._(
                "The age can't be told without the date of birth: write “birth_date: "
                "true” under “form”."
            ),
        }
