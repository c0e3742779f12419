from odoo import api, models

from ..lib import nd30, wording
from .hoithi_document_kind_rows import ELIGIBLE


class HoithiDocumentEligibleList(models.AbstractModel):
    _name = "hoithi.document.kind.eligible_list"
    _description = "List of Eligible Entries"
    _inherit = "hoithi.document.kind"

    _texts = ("content",)

    @api.model
    def _get_defaults(self, source):
        return {
            "subject": wording.ELIGIBLE_SUBJECT.format(contest=source.name),
            "planned_on": self._get_day(source, "screening_deadline"),
        }

    @api.model
    def _get_own_context(self, document):
        contest = document.contest_id
        entries = self._get_entries(contest)
        self._check_whole(document, entries)
        eligible = entries.filtered(lambda entry: entry.state in ELIGIBLE)
        review_ends = self._get_date(contest, contest.review_deadline)
        return {
            "totals": {
                "received": nd30.padded(len(entries)),
                "eligible": nd30.padded(len(eligible)),
                **{
                    state: nd30.padded(
                        len(entries.filtered(lambda e, state=state: e.state == state))
                    )
                    for state in ("ineligible", "withdrawn")
                },
            },
            "entries": self._get_rows(eligible),
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
