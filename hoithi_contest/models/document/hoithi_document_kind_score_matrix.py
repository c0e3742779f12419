from odoo import api, models
from odoo.exceptions import UserError

from ...lib.document import kinds, nd30, wording


class HoithiDocumentScoreMatrix(models.AbstractModel):
    _name = "hoithi.document.kind.score_matrix"
    _description = "Score Matrix"
    _inherit = "hoithi.document.kind"

    _by_council = True

    @api.model
    def _get_content_day(self, source):
        # when the last sheet came, and nothing of what it says
        reviews_sudo = self.env["hoithi.review"].sudo()
        [[moment]] = reviews_sudo._read_group(
            [("contest_id", "=", source.id), ("state", "=", "submitted")],
            aggregates=["submitted_on:max"],
        )
        return self._get_date(source, moment)

    @api.model
    def _get_defaults(self, source):
        return {
            "subject": wording.SHEET_SUBJECT.format(contest=source.name),
            "planned_on": self._get_day(source, "review_deadline"),
        }

    @api.model
    def _get_own_context(self, document):
        contest = document.contest_id
        council = contest.council_id
        self._check_whole(document, "competing")
        reviews = self.env["hoithi.review"].search(
            [("contest_id", "=", contest.id), ("state", "=", "submitted")]
        )
        # of an entry in rounds those of its last one, beside the total over all
        reviews = reviews.filtered(
            lambda review: review.round_id == review.entry_id.round_id
        )
        if not reviews:
            raise UserError(
                self.env._(
                    "No sheet of “%s” has been submitted yet: there are no scores to "
                    "put together.",
                    contest.name,
                )
            )
        totals = {
            (review.entry_id, review.member_id): review.total for review in reviews
        }
        members = reviews.member_id.sorted(lambda seat: (seat.sequence, seat.id))
        # ranked entries first, as the council discusses them
        scored = reviews.entry_id.sorted(lambda e: (e.rank or len(reviews), e.code))
        rows = [
            {
                **row,
                "scores": [
                    nd30.decimal(totals[entry, member])
                    if (entry, member) in totals
                    else wording.NONE
                    for member in members
                ],
                "mean": self._get_score(entry),
                "spread": nd30.decimal(entry.score_spread, 2),
                "rank": str(entry.rank or ""),
            }
            for row, entry in zip(self._get_rows(scored), scored, strict=True)
        ]
        # scores are put together for a session; before there is one, for the chair
        session = contest.session_ids.filtered(lambda s: s.state != "planned")[:1]
        session = session or contest.session_ids[:1]
        signer = (
            session._get_presiding_line() if session else council._get_members("chair")
        )
        return {
            "parts": kinds.score_parts(
                [{"name": self._get_member_name(member)} for member in members], rows
            ),
            # juries may count in several ways
            "rule": "; ".join(
                dict.fromkeys(
                    wording.aggregate_rule(
                        criteria_set.aggregate or "mean", criteria_set._get_drops()
                    )
                    for criteria_set in scored.criteria_set_id
                    or contest.criteria_set_id
                )
            )
            + (f" {wording.ROUNDS[contest.round_total]}" if scored.round_id else "")
            + self._get_added_words(contest),
            "formulas": [
                f"{entry.code}: {formula}"
                for entry in scored
                if (formula := self._get_score_formula(entry))
            ],
            "secretary": self._get_member_name(council._get_members("secretary")[:1]),
            "chair": self._get_member_name(signer),
            "signature": self._get_council_signature(signer),
        }

    @api.model
    def _get_added_words(self, contest):
        """Return the sentence that tells what is added to the sheets, if anything."""
        texts = [
            (
                wording.ADDED_BONUS if component.kind == "bonus" else wording.ADDED_VOTE
            ).format(
                name=component.name,
                least=nd30.decimal(component.least),
                most=nd30.decimal(component.most),
            )
            for component in contest.component_ids
        ]
        return f" {wording.ADDED.format(parts='; '.join(texts))}" if texts else ""
