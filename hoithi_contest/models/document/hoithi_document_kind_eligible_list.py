from odoo import api, models

from ...lib.document import nd30, wording
from ..guard.hoithi_states import ELIGIBLE


class HoithiDocumentEligibleList(models.AbstractModel):
    _name = "hoithi.document.kind.eligible_list"
    _description = "List of Eligible Entries"
    _inherit = "hoithi.document.kind"

    _texts = ("content",)

    @api.model
    def _get_told_day(self, document):
        if self._is_dated_as_made(document):
            return None
        eligible = [("state", "in", ELIGIBLE)]
        return self._get_last_day(document.contest_id, ["screened_on"], eligible)

    @api.model
    def _get_defaults(self, source):
        return {
            "subject": wording.ELIGIBLE_SUBJECT.format(contest=source.name),
            "planned_on": self._get_day(source, "screening_deadline"),
        }

    @api.model
    def _get_own_context(self, document):
        contest = document.contest_id
        self._check_whole(document)
        on = self._get_as_of(document)
        totals = self.env["hoithi.figures"]._get_entry_totals(
            contest, ("received", "eligible", "ineligible", "withdrawn"), on
        )
        review_ends = self._get_date(contest, contest.review_deadline)
        return {
            "totals": {name: nd30.padded(number) for name, number in totals.items()},
            "entries": self._get_rows(self._get_entries(contest, "eligible", on)),
            "next_step": " ".join(
                self._get_words(
                    document,
                    "content",
                    wording.ELIGIBLE_NEXT.format(day=wording.day_words(review_ends))
                    if review_ends and contest.mode == "internal_contest"
                    else "",
                )
            ),
        }
