from odoo import api, models
from odoo.exceptions import UserError

from ...lib.document import kinds, nd30, wording


class HoithiDocumentNomination(models.AbstractModel):
    _name = "hoithi.document.kind.nomination"
    _description = "Nomination Letter"
    _inherit = "hoithi.document.kind"

    _cites = True

    _recipients = wording.TO_ADDRESSEES

    _texts = ("addressees", "opening", "content")

    @api.model
    def _get_content_day(self, source):
        listed = [("id", "in", source.line_ids.entry_id.ids)]
        return self._get_last_day(source.contest_id, ["decided_on"], listed)

    @api.model
    def _get_defaults(self, source):
        return {
            "subject": wording.NOMINATION_SUBJECT.format(
                contest=source.contest_id.name
            ),
            "date": source.sent_on,
        }

    @api.model
    def _get_own_context(self, document):
        nomination = self._get_about(document)
        contest = nomination.contest_id
        lines = nomination.line_ids
        if not lines:
            raise UserError(
                self.env._(
                    "“%s” lists no entry yet: add those that the council selected.",
                    nomination.name,
                )
            )
        entries = self.env["hoithi.entry"].search([("id", "in", lines.entry_id.ids)])
        if lines.entry_id - entries:
            raise UserError(
                self.env._(
                    "Some entries of “%s” are kept from you by a conflict of interest: "
                    "let another secretary make its letter.",
                    nomination.name,
                )
            )
        return {
            "addressees": self._get_words(
                document,
                "addressees",
                wording.ORGANISERS.format(contest=self._get_contest_name(contest)),
            ),
            "opening": self._get_words(
                document, "opening", self._get_opening(document)
            ),
            "entry_count": nd30.padded(len(lines)),
            "enclosures": [
                nd30.sentence(line)
                for line in self._get_words(document, "content", *wording.ENCLOSURES)
            ],
            "annex_line": self._get_annex_line(document),
            "entries": [
                self._get_line(number, line) for number, line in enumerate(lines, 1)
            ],
            "formulas": [
                f"{number}. {kinds.clean(line.entry_name)}: {formula}"
                for number, line in enumerate(lines, 1)
                if line._get_current()
                and (formula := self._get_score_formula(line.entry_id))
            ],
        }

    @api.model
    def _get_line(self, number, line):
        """Return a row: names and score as they were when the list was sent."""
        entry = line.entry_id
        # the list goes to the province with the posts that HR knows
        positions = dict.fromkeys(
            author.job_title or author.sudo().employee_id.job_title
            for author in entry._get_authors()
        )
        return {
            "number": number,
            "code": line.entry_code or entry.code or "",
            "title": kinds.clean(line.entry_name or entry.name or ""),
            "authors": line.author_names or "",
            "unit": line.department_name or "",
            "field": line.field_name or "",
            "positions": ", ".join(filter(None, positions)),
            "first_applied": ", ".join(
                filter(
                    None,
                    [
                        wording.short_day(entry.first_applied_date),
                        entry.application_place,
                    ],
                )
            ),
            "score": (
                nd30.decimal(line.average_score, entry.criteria_set_id.rounding)
                if line.average_score
                else ""
            ),
            "rank": self._get_prize(entry)
            or (wording.PLACE.format(rank=entry.rank) if entry.rank else ""),
            "reason": kinds.clean(line.reason or ""),
        }

    @api.model
    def _get_listed(self, contest):
        return super()._get_listed(contest).filtered("cited_in_plan")

    @api.model
    def _get_cited(self, document):
        """Return what the province sent last, which the opening names."""
        return self._get_citable(document)[-1:]

    @api.model
    def _get_opening(self, document):
        contest = document.contest_id
        agency = self._get_agency_context(document)
        basis = self._get_cited(document)
        # a number alone, also of entries that a conflict hides
        figures_sudo = self.env["hoithi.figures"].sudo()
        received = figures_sudo._get_entry_totals(
            contest, ("received",), self._get_as_of(document)
        )["received"]
        return wording.NOMINATION_OPENING.format(
            basis=self._get_basis_text(basis) if basis else contest.name,
            agency=agency["name"],
            count=nd30.padded(received),
        )
