import pytz
from markupsafe import Markup

from odoo import models
from odoo.exceptions import UserError

from ...lib.contest import editions
from ...lib.guard import moments

#: After how many years an edition follows at the latest.
MAX_SPAN = 20


class HoithiContest(models.Model):
    """The next edition, made from this one."""

    _inherit = "hoithi.contest"

    # CRUD

    def copy_data(self, default=None):
        given = dict(default or ())
        # years are counted with before the copy is created
        self._check_kinds([given])
        if given.get("year_start"):
            given["year_start"] = int(given["year_start"])
            for contest in self:
                contest._check_span(contest._get_span(given["year_start"]))
        return [
            vals
            | {
                name: value
                for name, value in contest._get_next_edition(
                    given.get("year_start")
                ).items()
                if name not in given
            }
            for contest, vals in zip(self, super().copy_data(given), strict=True)
        ]

    # ACTION

    def action_prepare_next_edition(self):
        """Open the dialog that makes the next edition, with what it takes along."""
        self.ensure_one()
        self.check_access("write")
        wizard = self.env["hoithi.next.edition"].create({"contest_id": self.id})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Prepare the Next Edition"),
            "res_model": wizard._name,
            "res_id": wizard.id,
            "view_mode": "form",
            "target": "new",
        }

    # BUSINESS

    def _get_span(self, year_start=None):
        """Return how many years after this edition the next one begins.

        :param year_start: its first year; where that isn't decided, it follows at the
            end of this one
        """
        self.ensure_one()
        return (year_start or self.year_end + 1) - self.year_start

    def _get_span_problem(self, span):
        """Return why no edition follows after so many years, or an empty text."""
        if 0 < span <= MAX_SPAN:
            return ""
        return self.env._(
            "This edition begins in %(year)s: the next one does so 1 to %(most)s years "
            "later.",
            year=self.year_start,
            most=MAX_SPAN,
        )

    def _check_span(self, span):
        """Refuse an edition that doesn't follow after this one.

        :raises UserError: telling when the next one begins
        """
        problem = self._get_span_problem(span)
        if problem:
            raise UserError(problem)

    def _get_next_edition(self, year_start=None):
        """Return name, number and years of the edition after this one.

        :param year_start: see `_get_span`
        """
        self.ensure_one()
        span = self._get_span(year_start)
        years = (self.year_start, self.year_end)
        return {
            "name": editions.advance_name(self.name, self.edition_number, years, span),
            "edition_number": self.edition_number and self.edition_number + 1,
            "year_start": self.year_start + span,
            "year_end": self.year_end + span,
            "eligible_from_year": self.eligible_from_year
            and self.eligible_from_year + span,
        }

    def _get_next_dates(self, span):
        """Return the dates of this edition as they are in the next, on working days.

        :param span: how many years later that is
        """
        self.ensure_one()
        to_working = self._get_to_working()
        dates = {}
        for name in ("date_start", "date_end"):
            if self[name]:
                dates[name] = editions.move_day(self[name], span, to_working)
        for name in (
            "registration_deadline",
            "screening_deadline",
            "review_deadline",
            "province_deadline",
            "report_deadline",
        ):
            if self[name]:
                local = moments.get_local(self[name], self.tz)
                moved = editions.move_day(local.replace(tzinfo=None), span, to_working)
                dates[name] = moments.get_moment(moved.date(), moved.time(), self.tz)
        return dates

    def _get_to_working(self):
        """Return what gives a day, or the first working day after it."""
        self.ensure_one()
        zone = pytz.timezone(self.tz)
        return self.company_id._hoithi_get_working_days(zone).get_following

    def _get_taken_along(self):
        """Return what the next edition takes from this one, and what it doesn't.

        :return: phrases, a line each
        """
        self.ensure_one()
        bases = self.legal_basis_ids
        lines = [
            self.env._(
                "Fields of competition: %(fields)s; parts of the dossier: %(parts)s.",
                fields=len(self.field_ids),
                parts=len(self.dossier_type_ids),
            )
        ]
        lines += [
            self.env._(
                "Legal basis %(number)s of %(day)s: check that it is still in force.",
                number=basis.number,
                day=moments.write_day(basis.date) or "–",
            )
            for basis in bases
        ]
        lines += bases._get_force_gaps(self._get_today())
        lines.append(
            self.env._("Entries, sheets, sessions and papers stay with this edition.")
        )
        return lines

    def _tell_origin(self, origin, lines):
        """Record where an edition comes from, with what it took along."""
        self.ensure_one()
        self._message_act(
            body=Markup("<br/>").join(
                [self.env._("Prepared from “%s”:", origin.name), *lines]
            )
        )

    def _make_next_edition(self, values):
        """Return the next edition with `values` of its own, as a draft.

        :raises UserError: where it doesn't follow after this one
        """
        self.ensure_one()
        span = self._get_span(values.get("year_start"))
        self._check_span(span)
        lines = self._get_taken_along()
        # a year that isn't decided is the one that the dialog shows
        values = {**values, "year_start": self.year_start + span}
        edition = self.copy({**self._get_next_dates(span), **values})
        edition._tell_origin(self, lines)
        return edition
