from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from ...lib.document import nd30
from ...lib.guard.moments import write_day
from .hoithi_document_issuance import NUMBER, find_misplaced


class HoithiOutsideNumber(models.Model):
    """A number of the department's series that a paper from outside the contest has.

    The register of outgoing documents is one, also where others than the contest use
    it: what is entered here isn't proposed nor given again.
    """

    _name = "hoithi.outside.number"
    _inherit = ["hoithi.guard.mixin", "hoithi.clock.mixin"]
    _description = "Number Used Outside"
    _clock_path = ""
    _order = "date desc, number_key desc, id desc"
    _rec_name = "number"

    company_id = fields.Many2one(
        "res.company",
        string="Department",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    number = fields.Char(required=True)
    number_key = fields.Char(compute="_compute_number_key", store=True)
    number_year = fields.Integer(
        string="Year", compute="_compute_number_key", store=True, aggregator=None
    )
    symbol = fields.Char(required=True, help="What follows the number, as KH-STNMT.")
    series = fields.Char(
        compute="_compute_series", store=True, export_string_translation=False
    )
    date = fields.Date(required=True)
    subject = fields.Char(help="What the document is about.")
    order_gap = fields.Text(
        string="Out of order",
        compute="_compute_order_gap",
        help="Which number of the series has a date that contradicts this one's.",
    )

    _unique_number = models.Constraint(
        "UNIQUE (company_id, series, number_year, number_key)",
        "This number is entered already.",
    )

    @api.depends("number", "date")
    def _compute_number_key(self):
        for line in self:
            number = (line.number or "").strip()
            line.number_key = number.lstrip("0").casefold()
            line.number_year = line.date.year if line.date else 0

    @api.depends("symbol")
    def _compute_series(self):
        for line in self:
            line.series = nd30.series(line.symbol or "")

    @api.depends("number", "symbol")
    def _compute_display_name(self):
        for line in self:
            line.display_name = f"{line.number}/{line.symbol}"

    @api.depends("number", "number_key", "series", "date", "company_id")
    def _compute_order_gap(self):
        for (company, series, year), lines in self.grouped(
            lambda line: (line.company_id, line.series, line.number_year)
        ).items():
            dated_sudo = self.env["hoithi.document"]._find_dated(company, series, year)
            others = self.search(
                [
                    ("company_id", "=", company.id),
                    ("series", "=", series),
                    ("number_year", "=", year),
                ]
            )
            for line in lines:
                if not line._has_figure():
                    line.order_gap = False
                    continue
                line.order_gap = "\n".join(
                    self.env._(
                        "Number %(number)s bears %(day)s already.",
                        number=other.number,
                        day=write_day(other.date),
                    )
                    for other in find_misplaced(
                        line.number_key,
                        line.date,
                        [*dated_sudo, *(others - line._origin)],
                    )
                )

    def _has_figure(self):
        """Tell whether the line says a number and a day, while it is being typed."""
        self.ensure_one()
        return bool(self.date and NUMBER.fullmatch((self.number or "").strip()))

    @api.constrains("number", "symbol", "date")
    def _check_number(self):
        for line in self:
            if not NUMBER.fullmatch(line.number.strip()):
                raise ValidationError(
                    self.env._(
                        "“%s” is no number of a document: enter digits alone, as 05, "
                        "or digits and one letter, as 05a. What follows the stroke is "
                        "there already.",
                        line.number,
                    )
                )
            # numbers are given once, whoever may read the document
            twin_sudo = (
                self.env["hoithi.document"]
                .sudo()
                .search(
                    [
                        ("company_id", "=", line.company_id.id),
                        ("series", "=", line.series),
                        ("number_year", "=", line.number_year),
                        ("number_key", "=", line.number_key),
                    ],
                    limit=1,
                )
            )
            if twin_sudo:
                raise ValidationError(
                    self.env._(
                        "“%s” of the contest has this number already.", twin_sudo.name
                    )
                )

    @api.model
    def _find_twin(self, document):
        """Return the line that has a document's number, or none."""
        # the documents aren't flushed, as the caller is refusing a double
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                "SELECT id FROM hoithi_outside_number WHERE company_id = %s"
                " AND series = %s AND number_year = %s AND number_key = %s",
                document.company_id.id,
                document.series,
                document.number_year,
                document.number_key,
            )
        )
        # numbers count for whoever gives one
        return self.sudo().browse(row[0] for row in rows)

    @api.model
    def _get_lines(self, document, day):
        """Return the lines of a document's series in the year of `day`."""
        # numbers count for whoever gives one
        return self.sudo().search(
            [
                ("company_id", "=", document.company_id.id),
                ("series", "=", document.series),
                ("number_year", "=", day.year),
            ]
        )

    @api.model
    def _get_keys(self, document, day):
        """Return the numbers of a document's series in the year of `day`."""
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                "SELECT number_key FROM hoithi_outside_number WHERE company_id = %s"
                " AND series = %s AND number_year = %s",
                document.company_id.id,
                document.series,
                day.year,
            )
        )
        return [key for (key,) in rows]
