from odoo import api, fields, models

from ..lib import nd30, wording


class HoithiDocumentNotice(models.AbstractModel):
    _name = "hoithi.document.kind.notice"
    _description = "Reminder Notice"
    _inherit = "hoithi.document.kind"

    _recipients = wording.TO_UNITS

    _texts = ("opening", "content", "closing")

    @api.model
    def _get_defaults(self, source):
        return {
            "subject": wording.NOTICE_SUBJECT.format(contest=source.name),
            "planned_on": self._get_day(source, "registration_deadline"),
        }

    @api.model
    def _get_own_context(self, document):
        contest = document.contest_id
        units = self._get_unit_rows(contest)
        agency = self._get_agency_context(document)
        received = sum(int(row["registered"]) for row in units)
        return {
            "opening": self._get_words(
                document,
                "opening",
                wording.NOTICE_OPENING.format(
                    contest=contest.name,
                    day=wording.day_words(document.date or document.planned_on),
                    agency=agency["name"],
                    count=nd30.padded(received),
                ),
            ),
            "deadlines": self._get_deadlines(contest),
            "units": [{"number": number, **row} for number, row in enumerate(units, 1)],
            "requests": self._get_words(document, "content", *wording.NOTICE_REQUESTS),
            "contact": self._get_contact(contest),
            "closing": " ".join(
                self._get_words(
                    document, "closing", wording.NOTICE_CLOSING.format(**agency)
                )
            ).rstrip("./ "),
        }

    @api.model
    def _get_deadlines(self, contest):
        """Return the deadlines that still come; all of them once the last is over."""
        now = fields.Datetime.now()
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
    def _get_unit_rows(self, contest):
        """Return the units with their numbers of entries, without any title."""
        counts = {}
        for department, state, number in self.env["hoithi.entry"]._read_group(
            [("contest_id", "=", contest.id), ("state", "!=", "withdrawn")],
            ["department_id", "state"],
            ["__count"],
        ):
            key = (self._get_root(department), state == "draft")
            counts[key] = counts.get(key, 0) + number
        rows = []
        for unit in self._get_units(contest):
            registered = counts.get((unit, False), 0)
            drafts = counts.get((unit, True), 0)
            rows.append(
                {
                    "name": unit.name,
                    "registered": str(registered),
                    "drafts": str(drafts),
                    "note": "" if registered else wording.NO_ENTRY,
                }
            )
        return rows
