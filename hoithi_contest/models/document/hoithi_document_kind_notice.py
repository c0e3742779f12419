from odoo import api, fields, models

from ...lib.document import nd30, wording


class HoithiDocumentNotice(models.AbstractModel):
    _name = "hoithi.document.kind.notice"
    _description = "Reminder Notice"
    _inherit = "hoithi.document.kind"

    _recipients = wording.TO_UNITS

    _texts = ("opening", "content", "closing")

    @api.model
    def _get_told_day(self, document):
        """Return the day until which the opening counts, as it was printed."""
        kept = document.sudo().context_json or {}  # what is printed
        return nd30.read_date(kept.get("place_date", "")) or document.planned_on

    @api.model
    def _get_defaults(self, source):
        return {
            "subject": wording.NOTICE_SUBJECT.format(contest=source.name),
            "planned_on": self._get_day(source, "registration_deadline"),
        }

    @api.model
    def _get_own_context(self, document):
        contest = document.contest_id
        day = document.date or document.planned_on
        on = self._get_as_of(document, day)
        # numbers alone, also of entries that a conflict hides from the maker
        figures_sudo = self.env["hoithi.figures"].sudo()
        totals = figures_sudo._get_entry_totals(contest, ("received", "withdrawn"), on)
        units = self._get_unit_rows(contest, on)
        agency = self._get_agency_context(document)
        return {
            "opening": self._get_words(
                document,
                "opening",
                wording.NOTICE_OPENING.format(
                    contest=contest.name,
                    day=wording.day_words(day),
                    agency=agency["name"],
                    count=nd30.padded(totals["received"]),
                    withdrawn=wording.withdrawn_note(totals["withdrawn"]),
                ),
            ),
            "deadlines": self._get_deadlines(contest, on or fields.Datetime.now()),
            "units": [{"number": number, **row} for number, row in enumerate(units, 1)],
            "requests": self._get_words(
                document,
                "content",
                *(text.format(**agency) for text in wording.NOTICE_REQUESTS),
            ),
            "contact": self._get_contact(document),
            "closing": " ".join(
                self._get_words(
                    document, "closing", wording.NOTICE_CLOSING.format(**agency)
                )
            ).rstrip("./ "),
        }

    @api.model
    def _get_deadlines(self, contest, now):
        """Return the deadlines that still come; all of them once the last is over."""
        dated = [
            (label, contest[name])
            for name, label in wording.DEADLINES.items()
            if contest[name]
            and (name != "review_deadline" or contest.mode == "internal_contest")
        ]
        coming = [(label, moment) for label, moment in dated if moment > now]
        return [
            {"name": label, "moment": self._get_moment(contest, moment)}
            for label, moment in coming or dated
        ]

    @api.model
    def _get_unit_rows(self, contest, on):
        """Return the units with their numbers of entries, without any title."""
        # as above
        kind_sudo = self.sudo()
        counts = kind_sudo._count_by_unit(
            contest, ("received", "drafts", "withdrawn"), on
        )
        return [
            {
                "name": unit.name or wording.OTHER_UNITS,
                "registered": str(row["received"]),
                "drafts": str(row["drafts"]),
                "note": (
                    wording.WITHDRAWN_OF_UNIT.format(
                        count=nd30.padded(row["withdrawn"])
                    )
                    if row["withdrawn"]
                    else ""
                    if row["received"]
                    else wording.NO_ENTRY
                ),
            }
            for unit, row in counts.items()
        ]
