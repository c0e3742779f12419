from hashlib import sha256

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...lib.contest.limits import Win, guess_level
from ...lib.guard.texts import fold
from ..guard.hoithi_states import RUNNING

#: Years in which there were such contests.
YEARS = (1975, 2100)
#: By what a solution is known; see `_make_key`.
_KEY_FIELDS = ("year", "name", "unit_name")


class HoithiPastSolution(models.Model):
    """A solution of an edition from before this system, as the lists of then tell it.

    No contest and no entry: nobody handed it in, confirmed or scored it here, so that
    none of the rules of entries can be kept, and none of the figures of contests may
    count it. It is there to be found: what is entered now is compared with it.
    """

    _name = "hoithi.past.solution"
    _inherit = ["hoithi.guard.mixin", "hoithi.alike.mixin", "hoithi.clock.mixin"]
    _description = "Past Solution"
    _order = "year desc, edition, name, id"
    _rec_names_search = ["name", "edition", "author_ids.name"]
    _check_company_auto = True
    _clock_path = ""

    name = fields.Char(string="Title", required=True, index="trigram")
    company_id = fields.Many2one(
        "res.company",
        string="Department",
        required=True,
        readonly=True,
        index=True,
        default=lambda self: self.env.company,
    )
    edition = fields.Char(
        required=True, help="As people call it: “9th contest, 2020–2021”."
    )
    year = fields.Integer(string="Year of the result", required=True, aggregator=None)
    field_name = fields.Char(string="Field")
    unit_name = fields.Char(string="Unit then")
    department_id = fields.Many2one(
        "hr.department",
        string="Unit today",
        check_company=True,
        ondelete="set null",
        index="btree_not_null",
    )
    author_ids = fields.One2many("hoithi.past.author", "solution_id", string="Authors")
    author_names = fields.Char(string="Names", compute="_compute_author_names")
    award = fields.Char(help="As the decision names it: “Giải Nhì”.")
    award_level = fields.Selection(
        [("unit", "The house"), ("province", "Province"), ("national", "Country")],
        string="Won at",
        compute="_compute_award_level",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
        help="Contests may bar solutions that have won at a level or above. It is read "
        "from the names of award and edition; set it right where they don't tell.",
    )
    recognised = fields.Selection(
        [
            ("unit", "By the unit"),
            ("department", "By the department"),
            ("province", "By the province"),
            ("country", "By the country"),
        ],
        string="Recognised as an initiative",
    )
    decision_number = fields.Char()
    decision_date = fields.Date(string="Date of the decision")
    summary = fields.Text(help="What it is; what is entered now is compared with it.")
    source = fields.Char(readonly=True, help="The list that it was taken from.")
    # of year, title and unit: taken in again, it is the same
    key = fields.Char(
        compute="_compute_key", store=True, export_string_translation=False
    )

    # a page of the list is read in its order
    _order_idx = models.Index("(company_id, year DESC, edition, name, id)")
    _unique_key = models.Constraint(
        "UNIQUE (company_id, key)",
        "This solution of this edition is there already.",
    )

    # COMPUTE

    @api.depends("author_ids.name")
    def _compute_author_names(self):
        for solution in self:
            solution.author_names = ", ".join(solution.author_ids.mapped("name"))

    @api.depends("award", "edition")
    def _compute_award_level(self):
        for solution in self:
            solution.award_level = guess_level(
                solution.award or "", solution.edition or ""
            )

    @api.depends("year", "name", "unit_name")
    def _compute_key(self):
        for solution in self:
            solution.key = self._make_key(
                solution.year, solution.name, solution.unit_name
            )

    @api.model
    def _make_key(self, year, title, unit):
        """Return what a past solution is known by, however it is typed."""
        told = "|".join((str(year or ""), fold(title), fold(unit)))
        return sha256(told.encode()).hexdigest()

    # CONSTRAINTS

    @api.constrains("year")
    def _check_year(self):
        for solution in self:
            if not YEARS[0] <= solution.year <= YEARS[1]:
                raise ValidationError(
                    self.env._("Enter the year of the result, as 2021.")
                )

    # CRUD

    @api.model_create_multi
    def create(self, vals_list):
        self._refuse_twins(
            [self._make_key(*map(vals.get, _KEY_FIELDS)) for vals in vals_list],
            {vals.get("company_id") or self.env.company.id for vals in vals_list},
        )
        solutions = super().create(vals_list)
        solutions._check_impartial()
        self.env["hoithi.novelty.text"]._queue(solutions)
        return solutions

    def write(self, vals):
        self._check_impartial()
        if not set(_KEY_FIELDS).isdisjoint(vals):
            self._refuse_twins(
                [
                    self._make_key(
                        *(vals.get(name, solution[name]) for name in _KEY_FIELDS)
                    )
                    for solution in self
                ],
                self.company_id.ids,
            )
        result = super().write(vals)
        if not {"name", "summary"}.isdisjoint(vals):
            self.env["hoithi.novelty.text"]._queue(self)
        return result

    def unlink(self):
        self._check_impartial()
        return super().unlink()

    # BUSINESS

    def _check_impartial(self):
        """Refuse lists of winners to whoever competes where winners are barred.

        One row more keeps a rival out, one less lets the own entry in.

        :raises UserError: naming the own entry, and who does it instead
        """
        if self and not self.env.su:
            contests = self.env["hoithi.contest"].search(
                [
                    ("company_id", "in", self.company_id.ids),
                    ("state", "in", RUNNING),
                    ("won_before", "=", "bar"),
                ]
            )
            contests._check_not_competing()

    def _get_wins(self):
        """Return what the solution has won, as `Win`: an award, and recognition."""
        self.ensure_one()
        wins = []
        if self.award:
            wins.append(Win(self.award_level, self.year, self.award))
        if self.recognised:
            level = {"province": "province", "country": "national"}.get(
                self.recognised, "unit"
            )
            labels = dict(self._fields["recognised"]._description_selection(self.env))
            name = self.env._(
                "recognised as an initiative (%s)", labels[self.recognised].lower()
            )
            wins.append(Win(level, self.year, name))
        return wins

    @api.model
    def _get_last_edition(self, company, year):
        """Return the last edition on the lists of a department, in numbers.

        What was handed in then the lists mostly don't tell, so that none of the figures
        of a contest is compared with it.

        :param year: in which the edition to come ends; those before it count
        :return: (its name, solutions, those with an award, recognised ones), or nothing
        """
        domain = [("company_id", "=", company.id), ("year", "<", year)]
        last = self.search(domain, order="year desc, id desc", limit=1)
        if not last:
            return None
        domain = [("company_id", "=", company.id), ("year", "=", last.year)]
        domain += [("edition", "=", last.edition)]
        [[number, awarded, recognised]] = self._read_group(
            domain, [], ["__count", "award:count", "recognised:count"]
        )
        return last.edition, number, awarded, recognised

    def _refuse_twins(self, keys, company_ids):
        """Refuse in words what the database would refuse in its own.

        :raises ValidationError: for a solution that is there already
        """
        twin = self.search(
            [
                ("company_id", "in", list(company_ids)),
                ("key", "in", keys),
                ("id", "not in", self.ids),
            ],
            limit=1,
        )
        if twin:
            raise ValidationError(
                self.env._(
                    "“%(title)s” of %(year)s is there already.",
                    title=twin.name,
                    year=str(twin.year),
                )
            )
