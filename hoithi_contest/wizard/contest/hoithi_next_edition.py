from odoo import api, fields, models

from ...lib.guard import moments


class HoithiNextEdition(models.TransientModel):
    """The dialog that makes the next edition of a contest, and shows what it takes."""

    _name = "hoithi.next.edition"
    _inherit = ["hoithi.text.mixin"]
    _description = "Next Edition"

    contest_id = fields.Many2one("hoithi.contest", required=True, readonly=True)
    edition_number = fields.Integer(
        string="Edition",
        compute="_compute_beginning",
        store=True,
        precompute=True,
        readonly=False,
    )
    year_start = fields.Integer(
        string="First year",
        compute="_compute_beginning",
        store=True,
        precompute=True,
        readonly=False,
    )
    year_end = fields.Integer(
        string="Last year",
        compute="_compute_values",
        store=True,
        precompute=True,
        readonly=False,
    )
    name = fields.Char(
        compute="_compute_values",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
    )
    dates = fields.Text(compute="_compute_dates")
    taken_along = fields.Text(compute="_compute_taken_along")

    @api.depends("contest_id")
    def _compute_beginning(self):
        for wizard in self:
            values = wizard.contest_id._get_next_edition()
            wizard.edition_number = values["edition_number"]
            wizard.year_start = values["year_start"]

    @api.depends("contest_id", "year_start")
    def _compute_values(self):
        for wizard in self:
            values = wizard.contest_id._get_next_edition(wizard.year_start)
            wizard.name = values["name"]
            wizard.year_end = values["year_end"]

    @api.depends("contest_id", "year_start")
    def _compute_dates(self):
        for wizard in self:
            contest = wizard.contest_id
            span = contest._get_span(wizard.year_start)
            wizard.dates = contest._get_span_problem(span)
            if wizard.dates:
                continue
            labels = contest.fields_get(attributes=["string"])
            wizard.dates = "\n".join(
                f"{labels[name]['string']}: "
                + (
                    moments.write_day(value)
                    if contest._fields[name].type == "date"
                    else contest._format_moment(value)
                )
                for name, value in contest._get_next_dates(span).items()
            )

    @api.depends("contest_id")
    def _compute_taken_along(self):
        for wizard in self:
            wizard.taken_along = "\n".join(wizard.contest_id._get_taken_along())

    def action_make(self):
        """Make the next edition as a draft, and open it.

        :return: the action that opens it
        """
        self.ensure_one()
        edition = self.contest_id._make_next_edition(self._get_values())
        return {
            "type": "ir.actions.act_window",
            "res_model": edition._name,
            "res_id": edition.id,
            "views": [(False, "form")],
        }

    def _get_values(self):
        self.ensure_one()
        return {
            "name": self.name,
            "edition_number": self.edition_number,
            "year_start": self.year_start,
            "year_end": self.year_end,
        }
