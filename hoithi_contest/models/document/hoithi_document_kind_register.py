from odoo import api, fields, models

from ...lib.document import kinds
from ...tools import in_vietnamese


class HoithiDocumentRegister(models.AbstractModel):
    _name = "hoithi.document.kind.register"
    _description = "Intake Register"
    _inherit = "hoithi.document.kind"

    @api.model
    def _get_told_day(self, document):
        if self._is_dated_as_made(document):
            return None
        moments = ("submitted_on", "screened_on")
        return self._get_last_day(document.contest_id, moments)

    @api.model
    def _get_defaults(self, source):
        return {"subject": source.name}

    @api.model
    def _get_own_context(self, document):
        contest = document.contest_id
        self._check_whole(document)
        on = self._get_as_of(document)
        entries = self._get_entries(contest, on=on)
        states = self._get_states(contest, entries, on)
        receiver = self.env["hoithi.document.kind.receipt"]._get_receiver(contest)
        due = self._get_date(contest, contest.screening_deadline)
        return {
            "rows": [
                {
                    **row,
                    "receipt_number": entry.receipt_number or "",
                    "received_on": self._get_iso(contest, entry.submitted_on),
                    "type": self._get_label(entry, "solution_type"),
                    "participant": self._get_label(entry, "participant_type"),
                    "file_count": len(entry.dossier_ids),
                    "state": states[entry],
                    "answer_due": due.isoformat() if due else "",
                    "receiver": receiver,
                    "note": kinds.clean(self._get_note(entry)) if on is None else "",
                }
                for row, entry in zip(self._get_rows(entries), entries, strict=True)
            ],
            "printed_on": self._get_moment(contest, on or fields.Datetime.now()),
        }

    @api.model
    def _get_states(self, contest, entries, on):
        """Return the label of each entry's state, as it was at the register's moment.

        Of a past state no more is on record than what the screening had found.
        """
        if on is None:
            return {entry: self._get_label(entry, "state") for entry in entries}
        field = entries._fields["state"]
        labels = dict(field._description_selection(in_vietnamese(self).env))
        states = dict.fromkeys(entries, labels["submitted"])
        for name in ("eligible", "ineligible", "withdrawn"):
            states |= dict.fromkeys(
                self._get_entries(contest, name, on) & entries, labels[name]
            )
        return states

    @api.model
    def _get_iso(self, contest, moment):
        day = self._get_date(contest, moment)
        return day.isoformat() if day else ""

    @api.model
    def _get_note(self, entry):
        """Return why an entry is held up or out."""
        reason = {
            "supplement": entry.supplement_reason,
            "ineligible": entry.ineligible_reason,
            "withdrawn": entry.withdraw_reason,
        }.get(entry.state)
        return reason or ""

    @api.model
    def _render(self, document, context):
        from ...lib.document import register

        return register.build(context)
