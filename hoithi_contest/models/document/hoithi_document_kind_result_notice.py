from odoo import api, fields, models
from odoo.exceptions import UserError

from ...lib.document import kinds, nd30, wording
from ..guard.hoithi_states import DECIDED, OVER, SELECTED


class HoithiDocumentResultNotice(models.AbstractModel):
    """What becomes of an entry; a refusal gives its reasons (Điều 7 of the Charter)."""

    _name = "hoithi.document.kind.result_notice"
    _description = "Notice of the Result"
    _inherit = "hoithi.document.kind"

    _recipients = wording.TO_ADDRESSEES

    _texts = ("addressees", "content", "closing")

    @api.model
    def _get_content_day(self, source):
        kept_out = source.state == "ineligible"
        moment = source.screened_on if kept_out else source.decided_on
        return self._get_date(source.contest_id, moment)

    @api.model
    def _get_sources(self, contest):
        return self._get_entries(contest, "competing").filtered(
            lambda entry: entry.state in DECIDED
        )

    @api.model
    def _get_defaults(self, source):
        subject = (
            wording.INELIGIBLE_SUBJECT
            if source.state == "ineligible"
            else wording.RESULT_SUBJECT
        )
        return {"subject": subject.format(code=source.code)}

    @api.model
    def _get_own_context(self, document):
        entry = self._get_about(document)
        if entry.state not in DECIDED:
            raise UserError(
                self.env._(
                    "“%s” has no result yet: it is neither refused nor decided on by "
                    "the council.",
                    entry.display_name,
                )
            )
        accepted = entry.state in SELECTED
        reasons = (
            entry.ineligible_reason
            if entry.state == "ineligible"
            else entry.not_selected_reason
        )
        reasons = (
            []
            if accepted
            else self._get_words(document, "content", *kinds.paragraphs(reasons))
        )
        if not accepted and not reasons:
            raise UserError(
                self.env._(
                    "A refusal gives its reasons: write those of “%s” into the "
                    "passages of the document.",
                    entry.display_name,
                )
            )
        votes = entry._get_standing_votes() | entry._get_standing_answers()
        return {
            "addressees": self._get_addressees(document, entry),
            "is_accepted": accepted,
            "is_ineligible": entry.state == "ineligible",
            "entry": self._get_entry_texts(entry),
            "score": self._get_told_score(entry),
            "rank": self._get_prize(entry),
            "reasons": reasons,
            "feedback": [
                *self._get_answers(entry),
                *(
                    paragraph
                    for item in votes
                    for paragraph in kinds.paragraphs(item.conclusion)
                ),
            ],
            "next_step": " ".join(
                self._get_words(
                    document,
                    "closing",
                    wording.NEXT_PROVINCE.format(**self._get_agency_context(document))
                    if accepted
                    else "",
                )
            ),
            "objection_due": self._get_objection_due(entry.contest_id),
        }

    @api.model
    def _get_objection_due(self, contest):
        """Return until when authors may object, in words; nothing where they may not.

        Before the results are announced no more is known than how many days there are.
        """
        if contest.objections_until:
            is_open = contest.objections_until > fields.Datetime.now()
            return is_open and self._get_moment(contest, contest.objections_until) or ""
        if contest.objection_days and contest.state not in OVER:
            return wording.OBJECTION_WITHIN.format(
                days=nd30.padded(contest.objection_days)
            )
        return ""

    @api.model
    def _get_answers(self, entry):
        """Return what the council answered to the further questions on an entry."""
        return [
            wording.QUESTION_ANSWER.format(
                question=item.question_id.name.rstrip("?.: "),
                outcome=self._get_outcome_words(item),
            )
            for item in entry._get_standing_answers()
            if item.outcome and item.session_state == "closed"
        ]
